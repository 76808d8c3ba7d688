// Premise: when Promise.race gives a job up its work goes on, so the retry does it a second time.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gate, premise, Trail } from './support.ts';

premise((lab) => {
  test('both attempts take effect', async () => {
    const charges = new Trail<number>();
    const retried = gate();
    const charge = async (attempt: number) => {
      if (attempt === 1) await retried.opened;
      charges.push(attempt);
    };
    const queue = lab.queue();
    const job = await queue.add('charge', {}, { attempts: 2 });
    const { outcome } = lab.worker(queue, async (job) => {
      const timeout = sleep(100).then(() => Promise.reject(new Error('timed out')));
      await Promise.race([charge(job.attemptsMade + 1), timeout]);
      retried.open();
    });

    expect(await outcome(job)).toMatchObject({ state: 'completed' });
    expect(await charges.reaches(2)).toEqual([2, 1]);
  });

  test('an abort signal ends the first attempt, and only the second takes effect', async () => {
    const charges: number[] = [];
    const charge = async (attempt: number, signal: AbortSignal) => {
      if (attempt === 1) await sleep(60_000, undefined, { signal });
      signal.throwIfAborted();
      charges.push(attempt);
    };
    const queue = lab.queue();
    const job = await queue.add('charge', {}, { attempts: 2 });
    const { outcome } = lab.worker(queue, (job) => charge(job.attemptsMade + 1, AbortSignal.timeout(100)));

    expect(await outcome(job)).toMatchObject({ state: 'completed' });
    expect(charges).toEqual([2]);
  });
});
