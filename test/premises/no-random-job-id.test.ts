// Premise: a random job id never equals another one, so a webhook that is delivered twice is handled twice.
import { randomUUID } from 'node:crypto';
import type { JobsOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const deliverTwice = async (options: (eventId: string) => JobsOptions) => {
    const queue = lab.queue();
    for (let delivery = 1; delivery <= 2; delivery++) await queue.add('webhook', {}, options('evt_1'));
    const jobs = await queue.count();
    const handled = await lab.worker(queue, () => undefined).outcomes(jobs);
    return handled.length;
  };
  let time = Date.now();

  test.each<[string, (eventId: string) => JobsOptions]>([
    ['a uuid', () => ({ jobId: randomUUID() })],
    ['the time', (id) => ({ jobId: `${id}-${time++}` })],
    ['Math.random()', (id) => ({ jobId: `${id}-${Math.random()}` })],
    ['a random deduplication id', () => ({ deduplication: { id: randomUUID() } })],
  ])('%s: handled twice', async (_, options) => {
    expect(await deliverTwice(options)).toBe(2);
  });

  test.each<[string, (eventId: string) => JobsOptions]>([
    ['the id of the event as job id', (jobId) => ({ jobId })],
    ['the id of the event as deduplication id', (id) => ({ deduplication: { id } })],
  ])('%s: handled once', async (_, options) => {
    expect(await deliverTwice(options)).toBe(1);
  });
});
