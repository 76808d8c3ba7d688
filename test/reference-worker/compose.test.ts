import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { Settings } from '../../src/reference-worker/settings.ts';
import { redisProgram } from '../support/redis.ts';
import { freePort } from './support/free-port.ts';

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  ports: string[];
  volumes: string[];
  healthcheck: { test: string[] };
}

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'compose.yaml'), 'utf8');
const { services, volumes } = parse(text) as { services: Record<string, Service>; volumes: object };
const { redis, postgres } = services;
/** `NAME=value NAME=value npm run worker:demo`, as the file and the README say it. */
const commandIn = (prose: string) =>
  /[^#\n]*npm run worker:demo$/m.exec(prose.replace(/^# /gm, ''))?.[0] ?? '';

it('starts what the command beside it connects to, with names that the settings have', () => {
  const env = Object.fromEntries(
    [...commandIn(text).matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [String(name), String(value)]),
  );
  expect(Object.keys(env).filter((name) => !Object.hasOwn(Settings.shape, name))).toEqual([]);
  const settings = Settings.parse({ ...env, SMTP_URL: 'smtp://127.0.0.1' });

  const redisUrl = new URL(settings.REDIS_URL ?? '');
  expect(redis?.ports).toEqual([`${redisUrl.hostname}:${redisUrl.port}:6379`]);
  const { hostname, port, username, password, pathname } = new URL(settings.DATABASE_URL);
  expect(postgres?.ports).toEqual([`${hostname}:${port}:5432`]);
  expect(postgres?.environment).toEqual({
    POSTGRES_USER: username,
    POSTGRES_PASSWORD: password,
    POSTGRES_DB: pathname.slice(1),
  });
  expect(postgres?.healthcheck.test).toEqual(['CMD', 'pg_isready', '-U', username]);
  expect(redis?.healthcheck.test).toEqual(['CMD', 'redis-cli', 'ping']);

  const readme = readFileSync(join(root, 'src/reference-worker/README.md'), 'utf8');
  expect(readme).toContain(commandIn(text));
});

it('keeps what it stores, on volumes that it declares', () => {
  const used = Object.values(services).flatMap((service) => service.volumes.map((it) => it.split(':')[0]));
  expect(used.sort()).toEqual(Object.keys(volumes).sort());
  for (const { image } of Object.values(services)) expect(image).toMatch(/^\w+:\d+-alpine$/);
});

it('gives Redis a command that it takes, and with which it loses no keys', async () => {
  const [program, ...options] = redis?.command ?? [];
  expect(program).toBe('redis-server');
  const directory = await mkdtemp(join(tmpdir(), 'compose-redis-'));
  const port = await freePort();
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const server = spawn(await redisProgram(), [...options, ...own], {
    env: { ...process.env, LC_ALL: 'C' },
    stdio: 'ignore',
  });
  const exited = once(server, 'close');
  const client = new Redis({ port, host: '127.0.0.1' });
  client.on('error', () => undefined);
  try {
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
  } finally {
    client.disconnect();
    server.kill('SIGKILL');
    await exited;
    await rm(directory, { recursive: true, force: true });
  }
});
