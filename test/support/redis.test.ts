import { Redis as Client } from 'ioredis';
import { expect, it } from 'vitest';
import { startRedis } from './redis.ts';

it('starts a Redis that answers, one for each caller, and stops it', async () => {
  const servers = [await startRedis(), await startRedis()] as const;
  for (const { url } of servers) expect(await ping(url)).toBe('PONG');

  await Promise.all(servers.map((server) => server.close()));
  // A server named by REDIS_URL is shared and not ours to stop.
  if (process.env.REDIS_URL) return;
  expect(servers[0].url).not.toBe(servers[1].url);
  for (const { url } of servers) await expect(ping(url)).rejects.toThrow('Connection is closed');
});

it('takes the server that REDIS_URL names', async () => {
  const { url } = await startRedis({ REDIS_URL: 'redis://redis.test:6379' });
  expect(url).toBe('redis://redis.test:6379');
});

it('installs a server where it may, and else says how to get one', async () => {
  let installed = false;
  const install = () => Promise.resolve(void (installed = true));
  await expect(startRedis({ PATH: '' }, install)).rejects.toThrow('set REDIS_URL, or install redis-server');
  expect(installed).toBe(true);
});

async function ping(url: string): Promise<string> {
  const client = new Client(url, { lazyConnect: true, retryStrategy: null });
  // connect() rejects with the same error; an event without a listener would be printed.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.ping();
  } finally {
    client.disconnect();
  }
}
