import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
// PostgreSQL refuses to run as root.
const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};

export interface Postgres {
  url: string;
  close: () => Promise<void>;
}

/**
 * A PostgreSQL for tests that need two sessions at a time, which the embedded PGlite does not have: the one at
 * DATABASE_URL, or a server of the caller's own. There is always one or an error, as with Redis.
 */
export async function startPostgres(): Promise<Postgres> {
  const url = process.env.DATABASE_URL;
  if (url) return { url, close: () => Promise.resolve() };

  let programs = findPrograms();
  if (!programs && isRoot && existsSync('/etc/debian_version')) {
    await install();
    programs = findPrograms();
  }
  if (!programs) {
    throw new Error(
      'These tests need PostgreSQL: set DATABASE_URL, or install it (for example `apt-get install postgresql` or `brew install postgresql`).',
    );
  }
  return startServer(programs);
}

function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, 'bin'))
    : [];
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
}

/** Test files run side by side: the lock makes the first install and the others wait for it. */
async function install(): Promise<void> {
  const script = 'apt-get update && apt-get install -y --no-install-recommends postgresql';
  await run('flock', [join(tmpdir(), 'install-postgres.lock'), 'sh', '-c', script], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

async function startServer(programs: string): Promise<Postgres> {
  const directory = await mkdtemp(join(tmpdir(), 'postgres-'));
  if (isRoot) await chown(directory, 65534, 65534);
  const options = { ...nobody, cwd: directory, env: { ...process.env, LC_ALL: 'C' } };
  const data = join(directory, 'data');
  await run(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], options);

  // Reached by a socket in its own folder, so that there is no port to be taken.
  const settings = ['-D', data, '-k', directory, '-c', 'listen_addresses=', '-c', 'fsync=off'];
  const server = spawn(join(programs, 'postgres'), settings, {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(server, 'close');

  let output = '';
  const ready = new Promise<boolean>((resolve) => {
    server.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready to accept connections')) resolve(true);
    });
    void exited.then(() => {
      resolve(false);
    });
  });
  const close = async () => {
    server.kill('SIGTERM');
    await exited;
    process.off('exit', kill);
    await rm(directory, { recursive: true, force: true });
  };
  if (await ready)
    return { url: `postgres://postgres@/postgres?host=${encodeURIComponent(directory)}`, close };
  await close();
  throw new Error(`${programs}/postgres did not start: ${output}`);
}
