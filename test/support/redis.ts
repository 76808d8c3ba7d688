import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';

export interface Redis {
  url: string;
  close: () => Promise<void>;
}

/**
 * A Redis for tests: the one at REDIS_URL (shared, so use names of your own in it), or a server of the caller's own.
 * There is always one or an error: a suite that skips without Redis would pass without having proven anything.
 */
export async function startRedis(
  env = process.env,
  install = isRootOnDebian() ? installRedis : undefined,
): Promise<Redis> {
  if (env.REDIS_URL) return { url: env.REDIS_URL, close: () => Promise.resolve() };

  return startServer(await redisProgram(env.PATH, install));
}

/** The program of a Redis server, installed first where that can be done. */
export async function redisProgram(
  path = process.env.PATH,
  install = isRootOnDebian() ? installRedis : undefined,
): Promise<string> {
  let program = findServer(path);
  if (!program && install) {
    await install();
    program = findServer(path);
  }
  if (!program) {
    throw new Error(
      'These tests need Redis: set REDIS_URL, or install redis-server or valkey-server (for example `apt-get install redis-server` or `brew install redis`).',
    );
  }
  return program;
}

function findServer(path = ''): string | undefined {
  return ['redis-server', 'valkey-server']
    .flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isRootOnDebian(): boolean {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

/** Test files run side by side: the lock makes the first install and the others wait for it. */
async function installRedis(): Promise<void> {
  const script = 'command -v redis-server || { apt-get update && apt-get install -y redis-server; }';
  await promisify(execFile)('flock', [join(tmpdir(), 'install-redis.lock'), 'sh', '-c', script], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

async function startServer(program: string, attempts = 3): Promise<Redis> {
  const directory = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir: directory, save: '', appendonly: 'no', daemonize: 'no' };
  const server = spawn(
    program,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    // A locale that is not installed stops Redis from starting.
    { env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = new Promise<void>((resolve) => server.once('close', () => resolve()));

  // Whichever way this process ends, its end of the pipe closes, and no server outlives the tests.
  const script = 'cat; kill "$1"; rm -rf "$2"';
  const guard = spawn('sh', ['-c', script, 'sh', String(server.pid), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const close = async () => {
    const cleaned = once(guard, 'close');
    guard.stdin.end();
    await Promise.all([exited, cleaned]);
  };

  let output = '';
  const ready = new Promise<boolean>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve(true);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('error', (error) => {
      output += String(error);
    });
    void exited.then(() => {
      resolve(false);
    });
  });
  if (await ready) return { url: `redis://127.0.0.1:${port}`, close };

  await close();
  // Another process can have taken the port since it was found free.
  if (attempts > 1 && output.includes('Address already in use')) return startServer(program, attempts - 1);
  throw new Error(`${program} did not start: ${output}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
