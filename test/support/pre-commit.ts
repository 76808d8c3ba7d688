import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The pre-commit framework, installed first where that can be done.
 *
 * There is always one or an error: a suite that skips without it would pass without having proven anything.
 */
export async function requirePreCommit(): Promise<void> {
  if (await isInstalled()) return;
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    const script = 'command -v pre-commit || { apt-get update && apt-get install -y pre-commit; }';
    await run('flock', [join(tmpdir(), 'install-pre-commit.lock'), 'sh', '-c', script], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  if (!(await isInstalled()))
    throw new Error('These tests need the pre-commit framework (for example `apt-get install pre-commit`).');
}

async function isInstalled(): Promise<boolean> {
  return run('pre-commit', ['--version']).then(
    () => true,
    () => false,
  );
}
