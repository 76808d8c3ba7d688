// Premise: what a processor assigns to job.data is gone at the next attempt; only updateData stores it.
import { expect, test } from 'vitest';
import { type AnyJob, premise } from './support.ts';

interface Steps {
  userId: number;
  step?: number;
  done?: string[];
}

premise((lab) => {
  /** What three attempts of a failing job find. */
  const seen = async (change: (job: AnyJob<Steps>) => unknown) => {
    const attempts: unknown[] = [];
    const queue = lab.queue<Steps>();
    const job = await queue.add('import', { userId: 7 }, { attempts: 3 });
    const { outcome } = lab.worker(queue, async (job) => {
      attempts.push(structuredClone(job.data));
      await change(job);
      throw new Error('interrupted');
    });
    await outcome(job);
    return attempts;
  };

  test.each<[string, (job: AnyJob<Steps>) => unknown]>([
    ['an assigned property', (job) => (job.data.step = 2)],
    ['a pushed item', (job) => (job.data.done ??= []).push('a')],
    ['a deleted property', (job) => Reflect.deleteProperty(job.data, 'userId')],
  ])('%s is not stored', async (_, change) => {
    expect(await seen(change)).toEqual([{ userId: 7 }, { userId: 7 }, { userId: 7 }]);
  });

  test('changed job.opts are not stored either', async () => {
    const limits: unknown[] = [];
    await seen((job) => {
      limits.push(job.opts.attempts);
      job.opts.keepLogs = 1;
      limits.push(job.opts.keepLogs);
    });
    const queue = lab.queue<Steps>();
    const job = await queue.add('import', { userId: 7 });
    const { outcome } = lab.worker(queue, (job) => void (job.opts.keepLogs = 1));
    await outcome(job);
    expect((await queue.getJob(String(job.id)))?.opts.keepLogs).toBeUndefined();
  });

  test('updateData stores the change', async () => {
    const change = (job: AnyJob<Steps>) => job.updateData({ ...job.data, step: (job.data.step ?? 0) + 1 });
    expect(await seen(change)).toEqual([{ userId: 7 }, { userId: 7, step: 1 }, { userId: 7, step: 2 }]);
  });
});
