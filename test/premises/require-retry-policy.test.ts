// Premise: a job without attempts is tried once, and attempts without backoff are used up within milliseconds, before a short outage is over.
import type { JobsOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  /** A job that needs a service which is down for a while after the first call. */
  const runThroughOutage = async (ms: number, options: JobsOptions, defaultJobOptions: JobsOptions = {}) => {
    const calls: number[] = [];
    const queue = lab.queue({ defaultJobOptions });
    const job = await queue.add('sync', {}, options);
    const { outcome } = lab.worker(queue, () => {
      calls.push(Date.now());
      if (Date.now() < (calls[0] ?? 0) + ms) throw new Error('service is down');
    });
    const { state } = await outcome(job);
    return { state, calls: calls.length };
  };
  const backoff = { type: 'exponential', delay: 200 };

  test.each<[string, JobsOptions, JobsOptions]>([
    ['no options', {}, {}],
    ['backoff alone', { backoff }, {}],
    [
      'attempts: undefined over a default',
      { attempts: undefined } as unknown as JobsOptions,
      { attempts: 3 },
    ],
  ])('%s: one attempt', async (_, options, defaults) => {
    expect(await runThroughOutage(5_000, options, defaults)).toEqual({ state: 'failed', calls: 1 });
  });

  test('attempts without backoff are over before the service is back', async () => {
    expect(await runThroughOutage(5_000, { attempts: 3 })).toEqual({ state: 'failed', calls: 3 });
  });

  test.each<[string, JobsOptions, JobsOptions]>([
    ['of the job', { attempts: 3, backoff }, {}],
    ['of the queue', {}, { attempts: 3, backoff }],
  ])('attempts with exponential backoff outlast the outage, as options %s', async (_, options, defaults) => {
    // Tried at 0, 200 and 600 ms, or later.
    expect(await runThroughOutage(150, options, defaults)).toEqual({ state: 'completed', calls: 2 });
  });

  test('exponential backoff doubles the wait, so that it outlasts a longer outage too', async () => {
    expect(await runThroughOutage(500, { attempts: 3, backoff })).toMatchObject({ state: 'completed' });
  });
});
