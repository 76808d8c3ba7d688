import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisProgram } from '../../support/redis.ts';
import { freePort } from './free-port.ts';
import type { Guard } from './guard.ts';

/** A Redis to be killed: what it has acknowledged is in its append-only file, and is there when it starts again. */
export async function startCrashableRedis(guard: Guard) {
  const program = await redisProgram();
  const directory = await mkdtemp(join(tmpdir(), 'crash-redis-'));
  const port = await freePort();
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const settings = {
      port,
      bind: '127.0.0.1',
      dir: directory,
      save: '',
      appendonly: 'yes',
      daemonize: 'no',
    };
    const started = spawn(
      program,
      Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
      { env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    guard.watch(started.pid);
    server = started;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      started.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Ready to accept connections')) resolve();
      });
      started.once('error', reject);
      started.once('close', () => {
        reject(new Error(`${program} did not start: ${output}`));
      });
    });
  }

  async function kill(): Promise<void> {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'close');
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    close: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
