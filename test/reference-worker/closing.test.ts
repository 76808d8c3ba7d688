import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeWorkers } from '../../src/reference-worker/workers.ts';
import { startGuard, type Guard } from './support/guard.ts';
import { startCrashableRedis } from './support/redis-server.ts';

let guard: Guard;
let redis: Awaited<ReturnType<typeof startCrashableRedis>>;
let worker: Worker;

beforeEach(async () => {
  guard = startGuard();
  redis = await startCrashableRedis(guard);
  worker = new Worker('idle', () => Promise.resolve(), { connection: { url: redis.url } });
  worker.on('error', () => undefined);
  await worker.waitUntilReady();
});
afterEach(async () => {
  await redis.close();
  await guard.release();
});

const blockingClient = async () => (await worker.backend.blockingClient)?.status;

/** Until then, an attempt to connect is on its way; after it, the worker waits a second or more before the next. */
async function betweenTwoAttempts(): Promise<void> {
  await redis.kill();
  while ((await blockingClient()) !== 'reconnecting') await sleep(10);
}

it('a worker that is about to connect again closes as soon as it is', async () => {
  await betweenTwoAttempts();
  await redis.start();
  const started = Date.now();
  await closeWorkers([worker], 10_000);

  expect(Date.now() - started).toBeLessThan(5000);
  expect(await blockingClient()).toBe('end');
}, 20_000);

it('a worker whose Redis stays away closes at the end of the grace period', async () => {
  await betweenTwoAttempts();
  const started = Date.now();
  await closeWorkers([worker], 500);

  expect(Date.now() - started).toBeGreaterThanOrEqual(499);
  expect(Date.now() - started).toBeLessThan(3000);
  expect(await blockingClient()).toBe('end');
}, 20_000);

it('a worker that is connected closes at once', async () => {
  const started = Date.now();
  await closeWorkers([worker], 10_000);

  expect(Date.now() - started).toBeLessThan(2000);
});
