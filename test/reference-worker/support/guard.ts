import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Kills what a test started if the test dies without doing so itself: the guard outlives it, and the end of the pipe
 * tells.
 */
export function startGuard() {
  const script = 'while read -r pid; do [ "$pid" = done ] && exit; pids="$pids $pid"; done; kill -9 $pids';
  const guard = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  return {
    watch: (pid: number | undefined) => {
      guard.stdin.write(`${pid ?? ''}\n`);
    },
    release: async () => {
      const gone = once(guard, 'close');
      guard.stdin.end('done\n');
      await gone;
    },
  };
}

export type Guard = ReturnType<typeof startGuard>;
