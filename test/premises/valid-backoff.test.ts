// Premise: a backoff without a positive delay retries at once, and one of an unknown type leaves the job active, neither retried nor failed.
import type { BackoffOptions, JobsOptions, WorkerOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  /** The milliseconds between the three attempts of a job that always fails. */
  const waits = async (
    backoff: BackoffOptions,
    options: { defaults?: JobsOptions; worker?: Partial<WorkerOptions> } = {},
  ) => {
    const calls: number[] = [];
    const queue = lab.queue(options.defaults ? { defaultJobOptions: options.defaults } : {});
    const job = await queue.add('sync', {}, { attempts: 3, backoff });
    const { outcome } = lab.worker(
      queue,
      () => {
        calls.push(performance.now());
        throw new Error('service is down');
      },
      options.worker,
    );
    expect(await outcome(job)).toMatchObject({ state: 'failed' });
    expect(calls).toHaveLength(3);
    return calls.slice(1).map((call, n) => call - (calls[n] ?? 0));
  };
  const delay = 400;

  test.each<[string, BackoffOptions]>([
    ['exponential without delay', { type: 'exponential' }],
    ['fixed without delay', { type: 'fixed' }],
    ['delay: 0', { type: 'exponential', delay: 0 }],
    ['a negative delay', { type: 'exponential', delay: -1_000 }],
    ['a delay that is no number', { type: 'exponential', delay: '1s' as unknown as number }],
  ])('%s: retried at once', async (_, backoff) => {
    expect(Math.min(...(await waits(backoff)))).toBeLessThan(delay - 50);
  });

  test('a backoff without delay replaces the default of the queue, and its delay', async () => {
    const defaults = { backoff: { type: 'exponential', delay: 5_000 } };
    expect(Math.min(...(await waits({ type: 'exponential' }, { defaults })))).toBeLessThan(delay - 50);
  });

  test('exponential with a delay: retried after it, then after twice of it', async () => {
    const [first, second] = await waits({ type: 'exponential', delay });
    expect(first).toBeGreaterThan(delay - 50);
    expect(second).toBeGreaterThan(2 * delay - 50);
  });

  test.each(['expontential', 'linear'])('the unknown type %s: active for good', async (type) => {
    const queue = lab.queue();
    const job = await queue.add('sync', {}, { attempts: 3, backoff: { type, delay } });
    let runs = 0;
    let failedEvents = 0;
    const { worker, errors } = lab.worker(queue, () => {
      runs++;
      throw new Error('service is down');
    });
    worker.on('failed', () => failedEvents++);

    expect(String(await errors.find(() => true))).toContain(`Unknown backoff strategy ${type}`);
    expect(await job.getState()).toBe('active');
    expect({ runs, failedEvents }).toEqual({ runs: 1, failedEvents: 0 });
  });

  test('a type of your own is fine with a backoffStrategy', async () => {
    const settings = { backoffStrategy: (attempts: number) => attempts * delay };
    expect(Math.min(...(await waits({ type: 'linear' }, { worker: { settings } })))).toBeGreaterThan(
      delay - 50,
    );
  });

  test('a jitter outside 0..1 is refused, one inside is not', async () => {
    const add = (jitter: number) =>
      lab.queue().add('sync', {}, { attempts: 3, backoff: { type: 'exponential', delay, jitter } });
    await expect(add(50)).rejects.toThrow(/jitter/i);
    expect((await add(0.5)).opts.backoff).toMatchObject({ jitter: 0.5 });
  });
});
