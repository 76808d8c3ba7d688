// Premise: while a finished job is kept its id is taken, so later enqueues with the same id are ignored, after a failure too, and add() does not say so.
import type { JobsOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  /** The days of three daily reports, each enqueued after the one before has ended. */
  const reported = async (options: (day: number) => JobsOptions, { fails }: { fails: boolean }) => {
    const days: number[] = [];
    const queue = lab.queue<{ day: number }>();
    const { outcome } = lab.worker(queue, ({ name, data }) => {
      if (name === 'after') return;
      days.push(data.day);
      if (fails) throw new Error('no data yet');
    });
    for (const day of [1, 2, 3]) {
      const job = await queue.add('report', { day }, options(day));
      expect(job.data).toEqual({ day });
      await outcome(await queue.add('after', { day }));
    }
    return days;
  };
  const jobId = 'daily-report';

  test('a constant id: the first one only, completed or failed', async () => {
    expect(await reported(() => ({ jobId }), { fails: false })).toEqual([1]);
    expect(await reported(() => ({ jobId }), { fails: true })).toEqual([1]);
  });

  test.each<[string, (day: number) => JobsOptions]>([
    ['a constant id that is removed', () => ({ jobId, removeOnComplete: true, removeOnFail: true })],
    ['an id of the day', (day) => ({ jobId: `${jobId}-${day}` })],
    ['a deduplication id, which is free again when the job ends', () => ({ deduplication: { id: jobId } })],
  ])('%s: every one', async (_, options) => {
    expect(await reported(options, { fails: false })).toEqual([1, 2, 3]);
    expect(await reported(options, { fails: true })).toEqual([1, 2, 3]);
  });
});
