// Premise: an entity in the payload is a copy from the time of the enqueue: the job acts on old values, its methods are gone, and fields nobody meant to send are stored in clear text.
import { expect, test } from 'vitest';
import { premise } from './support.ts';

class User {
  readonly id = 7;
  email = 'old@example.org';
  _passwordHash = 'argon2:abc';
  #name = 'Ann';
  greeting(): string {
    return `Dear ${this.#name}`;
  }
}

premise((lab) => {
  const setUp = async () => {
    const user = new User();
    const table = new Map([[user.id, user]]);
    const queue = lab.queue<{ user: User } | { userId: number }>();
    const jobs = [
      await queue.add('welcome', { user }),
      await queue.add('welcome', { userId: user.id }),
    ] as const;
    const find = (data: { user: User } | { userId: number }) =>
      'user' in data ? data.user : table.get(data.userId);
    return { user, queue, jobs, find };
  };

  test('the entity has the address of the past, the id leads to the present one', async () => {
    const { user, queue, jobs, find } = await setUp();
    user.email = 'new@example.org';
    const { outcome } = lab.worker(queue, ({ data }) => find(data)?.email);

    expect(await outcome(jobs[0])).toEqual({ state: 'completed', value: 'old@example.org' });
    expect(await outcome(jobs[1])).toEqual({ state: 'completed', value: 'new@example.org' });
  });

  test('the entity has lost its methods, the one found by its id has them', async () => {
    const { queue, jobs, find } = await setUp();
    const { outcome } = lab.worker(queue, ({ data }) => find(data)?.greeting());

    expect(await outcome(jobs[0])).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('greeting is not a function') as string,
    });
    expect(await outcome(jobs[1])).toEqual({ state: 'completed', value: 'Dear Ann' });
  });

  test('the entity takes its other fields with it to Redis, the id nothing', async () => {
    const { queue, jobs } = await setUp();
    const stored = await Promise.all(jobs.map(({ id }) => lab.redis.hget(queue.toKey(String(id)), 'data')));

    expect(stored).toEqual([
      '{"user":{"id":7,"email":"old@example.org","_passwordHash":"argon2:abc"}}',
      '{"userId":7}',
    ]);
  });
});
