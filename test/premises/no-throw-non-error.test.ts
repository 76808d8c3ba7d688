// Premise: a processor that rejects with undefined or null leaves its job active, neither retried nor failed; with another value that is no Error the reason is lost.
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  test.each<[string, () => Promise<never>]>([
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the subject
    ['Promise.reject()', () => Promise.reject()],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the subject
    ['null', () => Promise.reject(null)],
  ])('rejected with %s: active for good', async (_, processor) => {
    const queue = lab.queue();
    const job = await queue.add('mail', {}, { attempts: 2 });
    let runs = 0;
    let failedEvents = 0;
    const { worker, errors } = lab.worker(queue, () => {
      runs++;
      return processor();
    });
    worker.on('failed', () => failedEvents++);

    expect(String(await errors.find(() => true))).toContain('Cannot read properties of');
    expect(await job.getState()).toBe('active');
    expect({ runs, failedEvents }).toEqual({ runs: 1, failedEvents: 0 });
  });

  const failedReason = async (thrown: unknown) => {
    const queue = lab.queue();
    const job = await queue.add('mail', {}, { attempts: 2 });
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the subject
    await lab.worker(queue, () => Promise.reject(thrown)).outcome(job);
    const failed = await queue.getJob(String(job.id));
    return {
      reason: failed?.failedReason,
      attempts: failed?.attemptsMade,
      traces: failed?.stacktrace?.length,
    };
  };

  test.each<[string, unknown]>([
    ['a string', 'smtp is down'],
    ['an object', { status: 502 }],
  ])('rejected with %s: failed without a reason', async (_, thrown) => {
    expect(await failedReason(thrown)).toMatchObject({ reason: 'null', attempts: 2 });
  });

  test('rejected with an Error: failed with its message and a stack for each attempt', async () => {
    expect(await failedReason(new Error('smtp is down'))).toEqual({
      reason: 'smtp is down',
      attempts: 2,
      traces: 2,
    });
  });
});
