// Premise: BullMQ ignores an option in the wrong place without a word: the job is not retried, removed, delayed or limited.
import type { JobsOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const failing = () => {
    throw new Error('service is down');
  };
  const attempts = async (place: { queue?: object; job?: object; worker?: object }) => {
    const queue = lab.queue(place.queue);
    const job = await queue.add('sync', {}, place.job);
    let runs = 0;
    const { outcome } = lab.worker(
      queue,
      () => {
        runs++;
        failing();
      },
      place.worker,
    );
    expect(await outcome(job)).toMatchObject({ state: 'failed' });
    return runs;
  };
  const policy: JobsOptions = { attempts: 3, backoff: 10 };

  test.each<[string, Parameters<typeof attempts>[0]]>([
    ['the queue, beside defaultJobOptions', { queue: { defaultJobOptions: {}, ...policy } }],
    ['the worker', { worker: policy }],
    ['the worker, as defaultJobOptions', { worker: { defaultJobOptions: policy } }],
    ['the job, backoff without attempts', { job: { backoff: 10 } }],
  ])('a retry policy given to %s is ignored', async (_, place) => {
    expect(await attempts(place)).toBe(1);
  });

  test('a retry policy in defaultJobOptions, or of the job, is followed', async () => {
    expect(await attempts({ queue: { defaultJobOptions: policy } })).toBe(3);
    expect(await attempts({ job: policy })).toBe(3);
  });

  test('job options in the data are data', async () => {
    const queue = lab.queue();
    const options = { removeOnComplete: true, jobId: 'welcome-7' };
    const misplaced = await queue.add('welcome', { userId: 7, ...options });
    const placed = await queue.add('welcome', { userId: 7 }, options);
    const { outcome } = lab.worker(queue, () => undefined);
    await Promise.all([outcome(misplaced), outcome(placed)]);

    expect([misplaced.id, placed.id]).toEqual(['1', 'welcome-7']);
    expect(await queue.getJob('1')).toBeDefined();
    expect(await queue.getJob('welcome-7')).toBeUndefined();
  });

  test('delay and jobId of a queue are ignored, those of a job are not', async () => {
    const options = { delay: 60_000, jobId: 'nightly' };
    const misplaced = await lab.queue(options as object).add('report', {});
    const placed = await lab.queue().add('report', {}, options);

    expect([misplaced.id, await misplaced.getState()]).toEqual(['1', 'waiting']);
    expect([placed.id, await placed.getState()]).toEqual(['nightly', 'delayed']);
  });

  test('limiter and concurrency of a queue are ignored, those of a worker are not', async () => {
    const run = async (place: { queue?: object; worker?: object }) => {
      const queue = lab.queue(place.queue);
      await queue.addBulk(Array.from({ length: 4 }, () => ({ name: 'call', data: {} })));
      const begin = Date.now();
      let active = 0;
      let parallel = 0;
      const { outcomes } = lab.worker(
        queue,
        async () => {
          parallel = Math.max(parallel, ++active);
          await new Promise((resolve) => setTimeout(resolve, 30));
          active--;
        },
        place.worker,
      );
      await outcomes(4);
      return { parallel, ms: Date.now() - begin };
    };
    const concurrency = { concurrency: 4 };
    const limiter = { limiter: { max: 1, duration: 1_000 } };

    expect((await run({ queue: concurrency })).parallel).toBe(1);
    expect((await run({ worker: concurrency })).parallel).toBe(4);
    expect((await run({ worker: limiter })).ms).toBeGreaterThan(2_900);
    expect((await run({ queue: limiter })).ms).toBeLessThan(2_900);
  });
});
