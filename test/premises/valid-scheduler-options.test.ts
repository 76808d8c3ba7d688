// Premise: a scheduler with a random id is added at every start and the old ones go on, one without tz follows the clock of its container, and pattern with every, neither or cron is refused.
import type { RepeatOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise, type World } from './support.ts';

premise((lab) => {
  const startTwice = async (id: () => string) => {
    const queue = lab.queue();
    for (let start = 1; start <= 2; start++) await queue.upsertJobScheduler(id(), { every: 60_000 });
    return queue.getJobSchedulersCount();
  };
  let time = Date.now();

  test('a random id: two schedulers after two starts; a constant one: one', async () => {
    expect(await startTwice(() => `digest-${time++}`)).toBe(2);
    expect(await startTwice(() => 'digest')).toBe(1);
  });

  test.each<[string, object, RegExp]>([
    ['pattern and every', { pattern: '0 9 * * *', every: 60_000 }, /pattern and .?every/],
    ['neither', {}, /pattern or .?every/],
    ['cron', { cron: '0 9 * * *' }, /pattern or .?every/],
  ])('%s: refused', async (_, repeat, message) => {
    await expect(lab.queue().upsertJobScheduler('digest', repeat as RepeatOptions)).rejects.toThrow(message);
  });

  const schedule = async (
    { bullmq, connection, say }: World,
    { name, repeat }: { name: string; repeat: RepeatOptions },
  ) => {
    const queue = new bullmq.Queue(name, { connection });
    await queue.upsertJobScheduler('digest', { pattern: '0 9 * * *', ...repeat });
    const { next } = (await queue.getJobScheduler('digest')) ?? {};
    say(new Date(next ?? NaN).getUTCHours());
    await queue.close();
  };
  const hourIn = async (TZ: string, repeat: RepeatOptions) => {
    const { said } = await lab.process(schedule, { name: lab.name(), repeat }, { env: { TZ } }).end;
    return said[0];
  };

  test('nine o’clock without tz is another hour in another container, with tz it is the same', async () => {
    expect([await hourIn('Asia/Tokyo', {}), await hourIn('UTC', {})]).toEqual([0, 9]);
    const repeat = { tz: 'Asia/Tokyo' };
    expect([await hourIn('Asia/Tokyo', repeat), await hourIn('UTC', repeat)]).toEqual([0, 0]);
  });

  test('jobId, delay and deduplication of the template are ignored', async () => {
    const queue = lab.queue();
    const template = { jobId: 'digest', delay: 3_600_000, deduplication: { id: 'digest' } };
    const job = await queue.upsertJobScheduler('digest', { every: 60_000 }, { opts: template as object });

    expect(job.id).toMatch(/^repeat:digest:/);
    expect(job.delay).toBeLessThanOrEqual(60_000);
    expect(await queue.getDeduplicationJobId('digest')).toBeNull();
  });
});

premise(
  (lab) => {
    test('utc is ignored by BullMQ 6', async () => {
      const queue = lab.queue();
      await queue.upsertJobScheduler('digest', { pattern: '0 9 * * *', utc: true } as RepeatOptions);
      expect(await queue.getJobScheduler('digest')).not.toHaveProperty('tz', 'UTC');
    });
  },
  [6],
);
