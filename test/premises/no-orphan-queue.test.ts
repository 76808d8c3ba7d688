// Premise: BullMQ accepts jobs for a queue that no worker runs, and they wait there for ever while the worker of the right name is idle.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  test('one letter away: waiting while the worker has drained its queue; the right name: done', async () => {
    const name = lab.name();
    const [orphan, queue] = [lab.queue({}, `${name}-emial`), lab.queue({}, `${name}-email`)];
    const [lost, found] = [await orphan.add('welcome', {}), await queue.add('welcome', {})];
    const { worker, outcome, errors } = lab.worker(queue, () => 'sent');
    const drained = once(worker, 'drained');

    expect(await outcome(found)).toEqual({ state: 'completed', value: 'sent' });
    await drained;
    expect(await lost.getState()).toBe('waiting');
    expect(errors.entries).toEqual([]);
    expect([await orphan.getWorkersCount(), await queue.getWorkersCount()]).toEqual([0, 1]);
  });
});
