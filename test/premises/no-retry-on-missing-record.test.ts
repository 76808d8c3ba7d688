// Premise: a plain error for a record that is gone repeats the lookup on every attempt, although it can never succeed.
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const users = new Map<number, { email: string }>();
  const run = async (missing: () => unknown) => {
    let lookups = 0;
    const queue = lab.queue<{ userId: number }>();
    const job = await queue.add('welcome', { userId: 7 }, { attempts: 4 });
    const { outcome } = lab.worker(queue, ({ data }) => {
      lookups++;
      return users.get(data.userId)?.email ?? missing();
    });
    return { ...(await outcome(job)), lookups };
  };

  test('throwing an error looks the record up on every attempt', async () => {
    const missing = () => {
      throw new Error('user not found');
    };
    expect(await run(missing)).toEqual({ state: 'failed', reason: 'user not found', lookups: 4 });
  });

  test('returning ends the job at once', async () => {
    expect(await run(() => null)).toEqual({ state: 'completed', value: null, lookups: 1 });
  });

  test('UnrecoverableError fails the job at once', async () => {
    const missing = () => {
      throw new lab.bullmq.UnrecoverableError('user not found');
    };
    expect(await run(missing)).toEqual({ state: 'failed', reason: 'user not found', lookups: 1 });
  });
});
