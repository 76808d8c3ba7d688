// Premise: a processor that enqueues jobs and then fails enqueues them again at the retry, unless their ids are the same as before.
import type { JobsOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const users = ['a', 'b', 'c'];
  const enqueued = async (options: (parentId: string, user: string) => JobsOptions, bulk = false) => {
    const [campaigns, mails] = [lab.queue(), lab.queue<{ user: string }>()];
    const job = await campaigns.add('campaign', {}, { attempts: 2 });
    const { outcome } = lab.worker(campaigns, async ({ id, attemptsMade }) => {
      const jobs = users.map((user) => ({ name: 'mail', data: { user }, opts: options(String(id), user) }));
      if (bulk) await mails.addBulk(jobs);
      else for (const { name, data, opts } of jobs) await mails.add(name, data, opts);
      if (attemptsMade === 0) throw new Error('statistics are down');
    });
    expect(await outcome(job)).toMatchObject({ state: 'completed' });
    return mails.count();
  };

  test('without ids: six mails for three users', async () => {
    expect(await enqueued(() => ({}))).toBe(6);
    expect(await enqueued(() => ({}), true)).toBe(6);
  });

  test('with an id from the parent and the user: three', async () => {
    const jobId = (parent: string, user: string) => ({ jobId: `${parent}-${user}` });
    expect(await enqueued(jobId)).toBe(3);
    expect(await enqueued(jobId, true)).toBe(3);
    expect(await enqueued((parent, user) => ({ deduplication: { id: `${parent}-${user}` } }))).toBe(3);
  });
});
