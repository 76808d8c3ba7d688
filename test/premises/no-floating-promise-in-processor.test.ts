// Premise: a job is completed before the work that it did not await, and when that work is rejected the whole process dies.
import { expect, test } from 'vitest';
import { gate, premise, type World } from './support.ts';

// A job whose work fails, when nobody awaits it after the job is completed; beside it another job of the same process.
const audit = ({ bullmq, connection, say }: World, { name, awaited }: { name: string; awaited: boolean }) => {
  let syncCompleted: (() => void) | undefined;
  let endBeside: ((value: string) => void) | undefined;
  let besideStarted: (() => void) | undefined;
  const completed = new Promise<void>((resolve) => (syncCompleted = resolve));
  const beside = new Promise<void>((resolve) => (besideStarted = resolve));
  const fail = async () => {
    if (!awaited) await completed;
    throw new Error('audit log is down');
  };
  const process = async (job: { name: string }) => {
    if (job.name === 'beside') {
      besideStarted?.();
      return new Promise((resolve) => (endBeside = resolve));
    }
    await beside;
    const work = fail();
    return awaited ? work : undefined;
  };
  const worker = new bullmq.Worker(name, process, { connection, concurrency: 2 });
  worker.on('completed', (job) => {
    say(`${job.name} completed`);
    if (job.name === 'sync') syncCompleted?.();
  });
  worker.on('failed', (job) => {
    say(`${String(job?.name)} failed`);
    endBeside?.('done');
  });
};

premise((lab) => {
  test('async callbacks of forEach: completed before any of the work', async () => {
    const order: string[] = [];
    const worked = gate();
    const queue = lab.queue<string[]>();
    const job = await queue.add('sync', ['a', 'b']);
    const completed = gate();
    const { outcome } = lab.worker(queue, (job) => {
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the subject
      job.data.forEach(async (item) => {
        await completed.opened;
        if (order.push(item) === 3) worked.open();
      });
    });
    await outcome(job);
    order.push('completed');
    completed.open();
    await worked.opened;
    expect(order).toEqual(['completed', 'a', 'b']);
  });

  test('awaited one by one: completed after all of the work', async () => {
    const order: string[] = [];
    const queue = lab.queue<string[]>();
    const job = await queue.add('sync', ['a', 'b']);
    const { outcome } = lab.worker(queue, async (job) => {
      for (const item of job.data) {
        await Promise.resolve();
        order.push(item);
      }
    });
    await outcome(job);
    order.push('completed');
    expect(order).toEqual(['a', 'b', 'completed']);
  });

  test('a rejection that nobody awaits: the job is completed, and the process dies with its other jobs', async () => {
    const queue = lab.queue();
    const beside = await queue.add('beside', {});
    await queue.add('sync', {});
    const { code, said, stderr } = await lab.process(audit, { name: queue.name, awaited: false }).end;

    expect(said).toEqual(['sync completed']);
    expect(code).toBe(1);
    expect(stderr).toContain('Error: audit log is down');
    expect(await beside.getState()).toBe('active');
  });

  test('a rejection that is awaited: the job is failed, and the other one completed', async () => {
    const queue = lab.queue();
    await queue.add('beside', {});
    await queue.add('sync', {});
    const { said } = lab.process(audit, { name: queue.name, awaited: true });

    expect(await said.reaches(2)).toEqual(['sync failed', 'beside completed']);
  });
});
