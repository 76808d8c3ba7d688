// Premise: a job id deduplicates only as long as its job exists, so with removeOnComplete: true a webhook that is delivered again is handled again.
import type { JobsOptions, WorkerOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  /** A webhook is delivered, handled, delivered again, handled if there is a job: how often was it handled? */
  const handled = async (
    options: JobsOptions,
    place: { defaults?: JobsOptions; worker?: Partial<WorkerOptions> } = {},
  ) => {
    const queue = lab.queue({ defaultJobOptions: place.defaults ?? {} });
    const runs: unknown[] = [];
    const { outcome } = lab.worker(
      queue,
      ({ name }) => {
        if (name === 'webhook') runs.push(name);
      },
      place.worker,
    );
    for (let delivery = 1; delivery <= 3; delivery++) {
      await queue.add('webhook', {}, options);
      await outcome(await queue.add('after', {}));
    }
    return runs.length;
  };
  const jobId = 'evt_1';
  const deduplication = { id: 'evt_1' };

  test.each<[string, JobsOptions]>([
    ['true', { removeOnComplete: true }],
    ['0', { removeOnComplete: 0 }],
    ['{ count: 0 }', { removeOnComplete: { count: 0 } }],
    ['{ age: 0 }', { removeOnComplete: { age: 0 } }],
  ])('jobId and removeOnComplete: %s: handled at every delivery', async (_, options) => {
    expect(await handled({ jobId, ...options })).toBe(3);
  });

  test('the same from the defaults of the queue or the options of the worker', async () => {
    expect(await handled({ jobId }, { defaults: { removeOnComplete: true } })).toBe(3);
    expect(await handled({ jobId }, { worker: { removeOnComplete: { count: 0 } } })).toBe(3);
  });

  test('deduplication with only an id: handled at every delivery', async () => {
    expect(await handled({ deduplication, removeOnComplete: true })).toBe(3);
  });

  test.each<[string, JobsOptions]>([
    ['jobId, kept for an hour', { jobId, removeOnComplete: { age: 3_600 } }],
    ['jobId, never removed', { jobId }],
    ['jobId and removeOnFail, which concerns failed jobs only', { jobId, removeOnFail: true }],
    [
      'deduplication with a ttl',
      { deduplication: { ...deduplication, ttl: 60_000 }, removeOnComplete: true },
    ],
  ])('%s: handled once', async (_, options) => {
    expect(await handled(options)).toBe(1);
  });
});
