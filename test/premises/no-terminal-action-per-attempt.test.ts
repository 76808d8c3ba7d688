// Premise: a worker's failed event comes after every attempt, so a listener that refunds does it for each of them, and for a job whose retry succeeds.
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  /** Two refunding listeners at a worker whose job fails so many times. */
  const refunds = async ({ failures, attempts }: { failures: number; attempts: number }) => {
    const counts = { always: 0, atTheEnd: 0 };
    const queue = lab.queue();
    const job = await queue.add('ship', {}, { attempts });
    const { worker, outcome } = lab.worker(queue, ({ attemptsMade }) => {
      if (attemptsMade < failures) throw new Error('carrier is down');
    });
    worker.on('failed', (job) => {
      counts.always++;
      if (job?.finishedOn) counts.atTheEnd++;
    });
    const { state } = await outcome(job);
    return { ...counts, state };
  };

  test('a job that fails for good: refunded three times, or once with finishedOn', async () => {
    expect(await refunds({ failures: 3, attempts: 3 })).toEqual({ always: 3, atTheEnd: 1, state: 'failed' });
  });

  test('a job whose retry succeeds: refunded all the same, or not with finishedOn', async () => {
    expect(await refunds({ failures: 1, attempts: 3 })).toEqual({
      always: 1,
      atTheEnd: 0,
      state: 'completed',
    });
  });

  test('QueueEvents tells of the final failure only', async () => {
    const queue = lab.queue();
    const events = await lab.events(queue);
    const told: string[] = [];
    const exhausted = new Promise((resolve) => events.on('retries-exhausted', resolve));
    events.on('failed', ({ jobId }) => told.push(jobId));
    await queue.add('ship', {}, { attempts: 3 });
    lab.worker(queue, () => {
      throw new Error('carrier is down');
    });
    await exhausted;
    expect(told).toEqual(['1']);
  });
});
