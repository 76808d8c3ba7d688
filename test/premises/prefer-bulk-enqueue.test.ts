// Premise: an add() awaited in a loop is a round trip to Redis each time, addBulk() is one for all of its jobs.
import { expect, test } from 'vitest';
import { type AnyQueue, premise } from './support.ts';

premise((lab) => {
  const users = Array.from({ length: 50 }, (_, userId) => ({ userId }));
  const setUp = async () => {
    const way = await lab.wayToRedis();
    const queue = lab.queue<{ userId: number }>({ connection: way.connection });
    await queue.waitUntilReady();
    // Loads the script that add() runs.
    await queue.add('first', { userId: -1 });
    return { queue, ...way };
  };

  test('fifty jobs in a loop: fifty round trips', async () => {
    const { queue, requestsDuring } = await setUp();
    const requests = await requestsDuring(async () => {
      for (const user of users) await queue.add('welcome', user);
    });
    expect({ requests, jobs: await queue.count() }).toEqual({ requests: 50, jobs: 51 });
  });

  test.each<[string, (queue: AnyQueue<{ userId: number }>) => Promise<unknown>]>([
    ['addBulk', (queue) => queue.addBulk(users.map((data) => ({ name: 'welcome', data })))],
    // What this costs is no round trips: it has fifty rejections to handle, and addBulk has one.
    ['Promise.all', (queue) => Promise.all(users.map((data) => queue.add('welcome', data)))],
  ])('fifty jobs with %s: one, or a few when they are split on the way', async (_, enqueue) => {
    const { queue, requestsDuring } = await setUp();
    const requests = await requestsDuring(() => enqueue(queue));
    expect(await queue.count()).toBe(51);
    expect(requests).toBeLessThanOrEqual(5);
  });
});
