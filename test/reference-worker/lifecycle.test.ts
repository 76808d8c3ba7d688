import { once } from 'node:events';
import { Queue, UnrecoverableError, Worker, type Job } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logLifecycle } from '../../src/reference-worker/lifecycle.ts';
import { startGuard, type Guard } from './support/guard.ts';
import { createTestLog } from './support/log.ts';
import { startCrashableRedis } from './support/redis-server.ts';

const { log, lines, line } = createTestLog();
let guard: Guard;
let redis: Awaited<ReturnType<typeof startCrashableRedis>>;

beforeAll(async () => {
  guard = startGuard();
  redis = await startCrashableRedis(guard);
});
afterAll(async () => {
  await redis.close();
  await guard.release();
});

function setUp(name: string, processor: (job: Job) => Promise<void>, options = {}) {
  const connection = { url: redis.url };
  const queue = new Queue(name, { connection });
  const worker = new Worker(name, processor, { connection, ...options });
  logLifecycle(worker, log);
  return {
    queue,
    worker,
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
}

const steps = (jobId: string | undefined) => lines.filter((it) => it.jobId === jobId).map((it) => it.msg);

it('logs start, retry and success with job, attempt and duration', async () => {
  const { queue, close } = setUp('retried', (job) =>
    job.attemptsMade === 0 ? Promise.reject(new Error('not yet')) : Promise.resolve(),
  );
  const { id } = await queue.add('work', {}, { jobId: 'retried-job', attempts: 2, backoff: 1 });
  const completed = await line('job completed', { jobId: id });

  expect(completed).toMatchObject({ queue: 'retried', job: 'work', attempt: 2, level: 30 });
  expect(completed.durationMs).toBeGreaterThanOrEqual(0);
  expect(steps(id)).toEqual(['job started', 'job failed, will be retried', 'job started', 'job completed']);
  expect(lines.find((it) => it.jobId === id && it.level === 40)?.err).toMatchObject({ message: 'not yet' });
  await close();
});

it.each([
  ['the last attempt', new Error('never')],
  ['an unrecoverable error', new UnrecoverableError('never')],
])('logs %s as the final failure', async (what, error) => {
  const { queue, close } = setUp('failing', () => Promise.reject(error));
  const attempts = error instanceof UnrecoverableError ? 5 : 1;
  const { id } = await queue.add('work', {}, { jobId: `failing-${what}`, attempts, backoff: 1 });

  expect(await line('job failed for good', { jobId: id })).toMatchObject({ attempt: 1, level: 50 });
  expect(steps(id)).toEqual(['job started', 'job failed for good']);
  await close();
});

it('logs a lost lock and a stalled job', async () => {
  let runs = 0;
  const { queue, worker, close } = setUp(
    'stalling',
    async (job) => {
      runs += 1;
      if (runs > 1) return;
      // As if this worker had been cut off for longer than its lock lasts.
      const client = await queue.getBackend().client;
      await client.del(`bull:stalling:${job.id ?? ''}:lock`);
      await once(worker, 'stalled');
    },
    { lockDuration: 400, stalledInterval: 300, concurrency: 2 },
  );
  const { id } = await queue.add('work', {}, { jobId: 'stalling-job' });

  await line('lock lost');
  await line('job stalled, will be run again', { jobId: id });
  await line('job completed', { jobId: id });
  await line('worker error', { queue: 'stalling' });
  expect(runs).toBe(2);
  await close();
});
