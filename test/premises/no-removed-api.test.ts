// Premise: BullMQ 6 runs a job added with repeat once and never again, without an error, and no longer has the methods around it.
import type { JobsOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { type AnyQueue, premise } from './support.ts';

const hasMethod = (object: object, name: string) => typeof Reflect.get(object, name) === 'function';
/** The hour (UTC) at which a schedule for nine o'clock runs next, on a machine in Lima, five hours behind. */
async function hourOf(queue: AnyQueue<unknown>, options: object): Promise<number> {
  const zone = process.env.TZ;
  process.env.TZ = 'America/Lima';
  try {
    await queue.upsertJobScheduler('digest', { pattern: '0 9 * * *', ...options });
    const scheduler = await queue.getJobScheduler('digest');
    return new Date(scheduler?.next ?? 0).getUTCHours();
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
}

const queueMethods = ['getRepeatableJobs', 'removeRepeatable', 'removeRepeatableByKey'];

premise(
  (lab) => {
    test('add() with repeat makes one plain job', async () => {
      const queue = lab.queue();
      const { outcome } = lab.worker(queue, () => undefined);
      const job = await queue.add('digest', {}, { repeat: { every: 50 } } as JobsOptions);

      await outcome(job);
      expect(await queue.getJobCounts('completed', 'delayed', 'waiting')).toEqual({
        completed: 1,
        delayed: 0,
        waiting: 0,
      });
      expect(await queue.getJobSchedulersCount()).toBe(0);
    });

    test('add() with debounce throws', async () => {
      const add = lab.queue().add('digest', {}, { debounce: { id: 'a', ttl: 50 } } as JobsOptions);
      await expect(add).rejects.toThrow(/debounce/i);
    });

    test('the methods are gone', async () => {
      const queue = lab.queue();
      const job = await queue.add('digest', {});
      expect(queueMethods.filter((name) => hasMethod(queue, name))).toEqual([]);
      expect(hasMethod(job, 'discard')).toBe(false);
      expect('client' in queue).toBe(false);
    });

    test('utc is ignored in a schedule, tz is not', async () => {
      expect(await hourOf(lab.queue(), { utc: true })).toBe(14);
      expect(await hourOf(lab.queue(), { tz: 'UTC' })).toBe(9);
    });
  },
  [6],
);

premise(
  (lab) => {
    test('BullMQ 5 still has all of it', async () => {
      const queue = lab.queue();
      await queue.add('digest', {}, { repeat: { every: 60_000 } } as JobsOptions);
      expect(await queue.getJobSchedulersCount()).toBe(1);
      const first = await queue.add('digest', {}, { debounce: { id: 'a', ttl: 60_000 } } as JobsOptions);
      const second = await queue.add('digest', {}, { debounce: { id: 'a', ttl: 60_000 } } as JobsOptions);
      expect(second.id).toBe(first.id);
      expect(queueMethods.filter((name) => hasMethod(queue, name))).toEqual(queueMethods);
      expect(hasMethod(first, 'discard')).toBe(true);
      expect('client' in queue).toBe(true);
      expect(await hourOf(lab.queue(), { utc: true })).toBe(9);
    });
  },
  [5],
);

premise((lab) => {
  test('upsertJobScheduler repeats the job', async () => {
    const queue = lab.queue();
    const { worker, outcomes } = lab.worker(queue, () => undefined);
    await queue.upsertJobScheduler('digest', { every: 50 });
    const runs = await outcomes(3);
    // Not by force, as the lab does: BullMQ 5 never ends when that happens while it schedules the next run.
    await worker.close();

    expect(runs.length).toBeGreaterThanOrEqual(3);
  });

  test('deduplication has taken the place of debounce', async () => {
    const queue = lab.queue();
    const add = () => queue.add('digest', {}, { deduplication: { id: 'a', ttl: 60_000 } });
    expect((await add()).id).toBe((await add()).id);
  });

  test('repeat.cron is refused, pattern is accepted', async () => {
    const queue = lab.queue();
    await expect(queue.upsertJobScheduler('digest', { cron: '0 9 * * *' } as object)).rejects.toThrow();
    await queue.upsertJobScheduler('digest', { pattern: '0 9 * * *', tz: 'UTC' });
    expect(await queue.getJobSchedulersCount()).toBe(1);
  });

  test("Bull's timeout option is ignored, a signal is not", async () => {
    const queue = lab.queue();
    const slow = await queue.add('slow', {}, { timeout: 10 } as JobsOptions);
    const cut = await queue.add('cut', {});
    const { outcome } = lab.worker(queue, ({ name }) => {
      const signal = name === 'cut' ? AbortSignal.timeout(10) : undefined;
      return new Promise((resolve, reject) => {
        setTimeout(resolve, 200, 'done');
        signal?.addEventListener('abort', () => {
          reject(new Error('timed out'));
        });
      });
    });
    expect(await outcome(slow)).toEqual({ state: 'completed', value: 'done' });
    expect(await outcome(cut)).toEqual({ state: 'failed', reason: 'timed out' });
  });

  test("Bull's events of jobs do not reach a listener of the queue, those of the worker do", async () => {
    const queue = lab.queue();
    let heard = 0;
    queue.on('completed' as 'waiting', () => heard++);
    const { outcome } = lab.worker(queue, () => 'done');
    expect(await outcome(await queue.add('digest', {}))).toEqual({ state: 'completed', value: 'done' });
    expect(heard).toBe(0);
  });

  test("Bull's job.progress() and QueueScheduler do not exist, updateProgress() does", async () => {
    const job = await lab.queue().add('digest', {});
    expect(hasMethod(job, 'progress')).toBe(false);
    expect(hasMethod(job, 'update')).toBe(false);
    expect(hasMethod(lab.queue(), 'process')).toBe(false);
    expect('QueueScheduler' in lab.bullmq).toBe(false);
    await job.updateProgress(50);
    expect(job.progress).toBe(50);
  });
});
