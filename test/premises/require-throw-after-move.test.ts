// Premise: a processor that moves its job and does not throw the matching error goes on with a job it no longer holds: the next run starts beside it, and completing and failing it both end in an error.
import { expect, test } from 'vitest';
import { type AnyJob, type AnyQueue, gate, premise } from './support.ts';

premise((lab) => {
  type Move = 'moveToDelayed' | 'moveToWait' | 'moveToWaitingChildren';
  const errorOf = (move: Move) => {
    const { DelayedError, WaitingError, WaitingChildrenError } = lab.bullmq;
    return {
      moveToDelayed: DelayedError,
      moveToWait: WaitingError,
      moveToWaitingChildren: WaitingChildrenError,
    }[move];
  };
  const move = async (job: AnyJob<unknown>, token: string, to: Move, parts: AnyQueue<unknown>) => {
    if (to === 'moveToDelayed') await job.moveToDelayed(Date.now() + 50, token);
    if (to === 'moveToWait') await job.moveToWait(token);
    if (to === 'moveToWaitingChildren') {
      await parts.add('part', {}, { parent: { id: String(job.id), queue: job.queueQualifiedName } });
      await job.moveToWaitingChildren(token);
      // Only now: it would have nothing to wait for, and stay where it is, if the child were done before it.
      lab.worker(parts, () => undefined);
    }
  };
  /** The errors of a worker that moves its job in the first run. */
  const errorsAfter = async (to: Move, { throws }: { throws: boolean }) => {
    const [queue, parts] = [lab.queue(), lab.queue()];
    const job = await queue.add('poll', {});
    let runs = 0;
    const { errors, outcome } = lab.worker(queue, async (job, token = '') => {
      if (++runs > 1) return;
      await move(job, token, to, parts);
      if (throws) throw new (errorOf(to))();
    });
    expect(await outcome(job)).toMatchObject({ state: 'completed' });
    expect(runs).toBe(2);
    return errors.entries.map(({ message }) => message);
  };

  test.each<Move>(['moveToDelayed', 'moveToWait', 'moveToWaitingChildren'])(
    '%s and return: two errors',
    async (to) => {
      expect(await errorsAfter(to, { throws: false })).toEqual([
        expect.stringMatching(/Missing lock|Lock mismatch|not in the active state|has pending dependencies/),
        expect.stringMatching(/Missing lock|Lock mismatch|not in the active state/),
      ]);
    },
  );

  test.each<Move>(['moveToDelayed', 'moveToWait', 'moveToWaitingChildren'])(
    '%s and throw: none',
    async (to) => {
      expect(await errorsAfter(to, { throws: true })).toEqual([]);
    },
  );

  test('what follows the move runs beside the next run', async () => {
    const queue = lab.queue();
    const job = await queue.add('poll', {});
    const again = gate();
    const order: string[] = [];
    const { outcome } = lab.worker(
      queue,
      async (job, token) => {
        if (order.push('run') === 2) {
          again.open();
          return;
        }
        await job.moveToWait(token);
        await again.opened;
        order.push('first run goes on');
      },
      { concurrency: 2 },
    );

    await outcome(job);
    expect(order).toEqual(['run', 'run', 'first run goes on']);
  });
});
