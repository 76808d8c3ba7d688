// Premise: BullMQ keeps every completed and failed job for ever unless removeOnComplete and removeOnFail say otherwise.
import type { JobsOptions, WorkerOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const jobs = 40;
  /** Half of the jobs fail. */
  const kept = async (defaultJobOptions: JobsOptions, workerOptions: Partial<WorkerOptions> = {}) => {
    const queue = lab.queue<number>({ defaultJobOptions });
    await queue.addBulk(Array.from({ length: jobs }, (_, n) => ({ name: 'count', data: n })));
    const processor = ({ data }: { data: number }) => {
      if (data % 2) throw new Error('odd');
    };
    await lab.worker(queue, processor, workerOptions).outcomes(jobs);
    return queue.getJobCounts('completed', 'failed');
  };

  test('with neither option all of them stay', async () => {
    expect(await kept({})).toEqual({ completed: 20, failed: 20 });
  });

  test('with one option the other kind stays', async () => {
    expect(await kept({ removeOnComplete: { count: 3 } })).toEqual({ completed: 3, failed: 20 });
    expect(await kept({ removeOnFail: { count: 3 } })).toEqual({ completed: 20, failed: 3 });
  });

  test('with both they are removed, whether the jobs say so or the worker', async () => {
    const both = { removeOnComplete: { count: 3 }, removeOnFail: { count: 5 } };
    expect(await kept(both)).toEqual({ completed: 3, failed: 5 });
    expect(await kept({}, both)).toEqual({ completed: 3, failed: 5 });
  });
});
