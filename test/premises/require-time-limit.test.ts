// Premise: BullMQ has no time limit: a call that is never answered keeps its job active, renews its lock and holds its slot, so the next job never starts.
import { expect, test } from 'vitest';
import { premise, Trail } from './support.ts';

premise((lab) => {
  const setUp = async (limit: () => AbortSignal | null) => {
    const url = await lab.serve(() => new Promise(() => undefined));
    const queue = lab.queue();
    const [hanging, next] = [await queue.add('call', {}), await queue.add('next', {})];
    const { worker, outcome } = lab.worker(
      queue,
      ({ name }) => (name === 'call' ? fetch(url, { signal: limit() }) : 'done'),
      { lockDuration: 1_000, stalledInterval: 500 },
    );
    return { hanging, next, worker, outcome };
  };

  test('without a limit: active after its lock would have expired, and the next job waits', async () => {
    const { hanging, next, worker } = await setUp(() => null);
    const renewals = new Trail<unknown>();
    worker.on('locksRenewed', (renewal) => {
      renewals.push(renewal);
    });
    await renewals.reaches(3);

    expect([await hanging.getState(), await next.getState()]).toEqual(['active', 'waiting']);
  });

  test('with a signal that times out: failed, and the next job is done', async () => {
    const { hanging, next, outcome } = await setUp(() => AbortSignal.timeout(200));

    expect(await outcome(hanging)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('aborted due to timeout') as string,
    });
    expect(await outcome(next)).toEqual({ state: 'completed', value: 'done' });
  });
});
