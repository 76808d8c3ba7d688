// Premise: while a job runs attemptsMade does not count the running attempt, so a processor that compares it with opts.attempts never sees the last one, and in a failed listener the comparison misses every final failure that came early.
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const isLast = {
    bare: ({ attemptsMade, opts }: { attemptsMade: number; opts: { attempts?: number } }) =>
      attemptsMade >= (opts.attempts ?? 1),
    plusOne: ({ attemptsMade, opts }: { attemptsMade: number; opts: { attempts?: number } }) =>
      attemptsMade + 1 >= (opts.attempts ?? 1),
  };

  test('in a processor the bare comparison is never true, with + 1 it is true at the last attempt', async () => {
    const bare: boolean[] = [];
    const plusOne: boolean[] = [];
    const queue = lab.queue();
    const job = await queue.add('charge', {}, { attempts: 3 });
    const { outcome } = lab.worker(queue, (job) => {
      bare.push(isLast.bare(job));
      plusOne.push(isLast.plusOne(job));
      throw new Error('declined');
    });
    await outcome(job);

    expect(bare).toEqual([false, false, false]);
    expect(plusOne).toEqual([false, false, true]);
  });

  test('in a failed listener it misses an UnrecoverableError, finishedOn does not', async () => {
    const bare: boolean[] = [];
    const finishedOn: boolean[] = [];
    const queue = lab.queue();
    const { worker, outcome } = lab.worker(queue, ({ name }) => {
      throw name === 'hopeless' ? new lab.bullmq.UnrecoverableError('no account') : new Error('declined');
    });
    worker.on('failed', (job) => {
      bare.push(job !== undefined && isLast.bare(job));
      finishedOn.push(job?.finishedOn !== undefined);
    });
    await outcome(await queue.add('charge', {}, { attempts: 2 }));
    await outcome(await queue.add('hopeless', {}, { attempts: 2 }));

    expect(bare).toEqual([false, true, false]);
    expect(finishedOn).toEqual([false, true, true]);
  });
});
