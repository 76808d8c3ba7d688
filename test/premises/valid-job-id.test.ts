// Premise: BullMQ refuses a job id with a colon, unless it has exactly three parts, and one that is an integer.
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const add = async (jobId: unknown) => {
    const queue = lab.queue();
    const job = await queue.add('sync', {}, { jobId: jobId as string });
    expect(await queue.count()).toBe(1);
    return job.id;
  };

  test.each(['sync:7', 'a:b:c:d', 'a:'])('%s is refused', async (jobId) => {
    await expect(add(jobId)).rejects.toThrow('Custom Id cannot contain :');
  });

  test.each(['123', '-5', '0'])('the digits %s are refused', async (jobId) => {
    await expect(add(jobId)).rejects.toThrow(/Custom Ids? cannot be|JobId cannot be/);
  });

  test('a number is no string', async () => {
    await expect(add(123)).rejects.toThrow(TypeError);
  });

  test.each(['sync-7', 'tenant:sync:7', '00123', '12ab'])('%s is accepted', async (jobId) => {
    expect(await add(jobId)).toBe(jobId);
  });

  test('addBulk and flows refuse the same ids', async () => {
    const queue = lab.queue();
    const node = { name: 'sync', queueName: queue.name, data: {} };
    await expect(queue.addBulk([{ ...node, opts: { jobId: 'sync:7' } }])).rejects.toThrow('Custom Id');
    await expect(
      lab.flow().add({ ...node, children: [{ ...node, opts: { jobId: 'sync:7' } }] }),
    ).rejects.toThrow('Custom Id');
  });

  test('the id of a scheduler may contain a colon', async () => {
    const queue = lab.queue();
    await queue.upsertJobScheduler('sync:7', { every: 60_000 });
    expect(await queue.getJobSchedulersCount()).toBe(1);
  });
});
