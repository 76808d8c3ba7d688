// Premise: a request that awaits waitUntilFinished with no worker running never answers, and a processor that waits for a job of its own queue holds the slot that job needs.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, QueueEvents } from 'bullmq';
import { expect, test, vi } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const get = async (
    url: string,
    patience = 10_000,
  ): Promise<{ status: number; body: unknown } | 'gave up'> => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(patience) });
      return { status: response.status, body: await response.json() };
    } catch (error) {
      expect(error).toMatchObject({ name: 'TimeoutError' });
      return 'gave up';
    }
  };

  const waits: Record<string, (job: Job, events: QueueEvents, stop: AbortSignal) => Promise<unknown>> = {
    waitUntilFinished: (job, events) => job.waitUntilFinished(events),
    'a loop around getState()': async (job, _events, stop) => {
      while (!stop.aborted && (await job.getState()) !== 'completed') await sleep(20);
    },
    'a promise of the completed event': (_job, events) => once(events, 'completed'),
  };
  test.each(Object.keys(waits))(
    'a handler that waits by %s does not answer without a worker',
    async (wait) => {
      const queue = lab.queue();
      const events = await lab.events(queue);
      const stop = new AbortController();
      lab.defer(() => {
        stop.abort();
      });
      const url = await lab.serve(async () => {
        const job = await queue.add('report', {});
        return { status: 200, body: await waits[wait]?.(job, events, stop.signal) };
      });

      expect(await get(url, 500)).toBe('gave up');
      await vi.waitUntil(async () => (await queue.getWaitingCount()) === 1);
    },
  );

  test('with a timeout the handler reports a failure, and the job runs all the same', async () => {
    const queue = lab.queue();
    const events = await lab.events(queue);
    const url = await lab.serve(async () => {
      const job = await queue.add('charge', {});
      return { status: 200, body: await job.waitUntilFinished(events, 50) };
    });

    expect(await get(url)).toMatchObject({
      status: 500,
      body: expect.stringContaining('timed out') as string,
    });
    const { outcomes } = lab.worker(queue, () => 'charged');
    expect(await outcomes(1)).toEqual([{ state: 'completed', value: 'charged' }]);
  });

  test('a handler that returns the job id answers without a worker, and the client can ask later', async () => {
    const queue = lab.queue();
    const url = await lab.serve(async () => {
      const job = await queue.add('report', {});
      return { status: 202, body: { jobId: job.id } };
    });
    const state = async (id: string) => (await queue.getJob(id))?.getState();

    expect(await get(url)).toEqual({ status: 202, body: { jobId: '1' } });
    expect(await state('1')).toBe('waiting');
    await lab.worker(queue, () => 'built').outcomes(1);
    expect(await state('1')).toBe('completed');
  });

  test('a processor that waits for a job of its own queue keeps it from running', async () => {
    const queue = lab.queue();
    const events = await lab.events(queue);
    const parent = await queue.add('parent', {});
    const { outcome } = lab.worker(queue, async (job) => {
      if (job.name === 'child') return 'done';
      const child = await queue.add('child', {});
      return child.waitUntilFinished(events, 500).catch(async () => `child is ${await child.getState()}`);
    });

    expect(await outcome(parent)).toEqual({ state: 'completed', value: 'child is waiting' });
  });

  test('a flow has the child done before the parent starts', async () => {
    const queue = lab.queue();
    const node = { queueName: queue.name, data: {} };
    const { job } = await lab.flow().add({ ...node, name: 'parent', children: [{ ...node, name: 'child' }] });
    const { outcome } = lab.worker(queue, async (job) =>
      job.name === 'child'
        ? 'done'
        : `child is ${Object.values(await job.getChildrenValues<string>()).join()}`,
    );

    expect(await outcome(job)).toEqual({ state: 'completed', value: 'child is done' });
  });
});
