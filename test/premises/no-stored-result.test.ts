// Premise: what a processor returns is stored twice, in its job and in the event stream, and removeOnComplete removes the first copy only.
import type { JobsOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const report = 'x'.repeat(20_000);
  const copies = async (result: unknown, options: JobsOptions) => {
    const queue = lab.queue();
    const job = await queue.add('report', {}, options);
    await lab.worker(queue, () => result).outcome(job);
    const hash = await lab.redis.hgetall(queue.toKey(String(job.id)));
    const stream = await lab.redis.xrange(queue.toKey('events'), '-', '+');
    return { job: JSON.stringify(hash).includes(report), events: JSON.stringify(stream).includes(report) };
  };

  test('a returned report is in the job and in the events', async () => {
    expect(await copies(report, {})).toEqual({ job: true, events: true });
  });

  test('with removeOnComplete it is in the events still', async () => {
    expect(await copies(report, { removeOnComplete: true })).toEqual({ job: false, events: true });
  });

  test('without a result there is nothing to store', async () => {
    expect(await copies(undefined, {})).toEqual({ job: false, events: false });
    expect(await copies({ reportId: 7 }, {})).toEqual({ job: false, events: false });
  });
});
