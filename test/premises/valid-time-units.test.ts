// Premise: age and drainDelay are seconds, so milliseconds there mean a thousand times as long; lockDuration is milliseconds, so seconds there lose the lock of a busy job.
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test, vi } from 'vitest';
import { premise, type World } from './support.ts';

interface Timing {
  lockDuration: number;
  stalledInterval: number;
}
// Work in slices of 100 ms, as of a job that parses rows.
const parse = (
  { bullmq, connection, say }: World,
  { name, slices, timing }: { name: string; slices: number; timing: Timing },
) => {
  const process = async () => {
    say('started');
    for (let slice = 1; slice <= slices; slice++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const worker = new bullmq.Worker(name, process, { connection, ...timing });
  worker.on('completed', () => {
    say('completed');
  });
};

premise((lab) => {
  test('to be kept for a second: 1000 is still there after it, 1 is not', async () => {
    const queue = lab.queue();
    const { outcome } = lab.worker(queue, () => undefined);
    const finish = async (name: string, age: number) => {
      const job = await queue.add(name, {}, { removeOnComplete: { age } });
      await outcome(job);
    };
    const names = async () => (await queue.getCompleted()).map(({ name }) => name);
    await finish('mail', 60);
    await sleep(1_100);

    // What is too old is removed when another job completes, by the age that this one has.
    await finish('in milliseconds', 1 * 1_000);
    expect(await names()).toContain('mail');
    await finish('in seconds', 1);
    expect(await names()).not.toContain('mail');
  });

  test.each([
    ['5000: more than an hour', 5_000],
    ['5: five seconds', 5],
  ])('a drainDelay of %s in a blocking read', async (_, drainDelay) => {
    const send = vi.spyOn(Redis.prototype, 'sendCommand');
    lab.defer(() => {
      send.mockRestore();
    });
    const connection = new Redis({ ...lab.connection, maxRetriesPerRequest: null });
    lab.defer(() => {
      connection.disconnect();
    });
    lab.worker(lab.queue(), () => undefined, { connection, drainDelay });
    const reads = () => send.mock.calls.map(([command]) => command).filter(({ name }) => name === 'bzpopmin');
    await vi.waitUntil(() => reads().length > 0);

    expect(Number(reads()[0]?.args.at(-1))).toBe(drainDelay);
  });

  const runBesideAnotherWorker = async (lockDuration: number, slices: number) => {
    const queue = lab.queue();
    await queue.add('parse', {});
    const timing = { lockDuration, stalledInterval: 50 };
    const { said } = lab.process(parse, { name: queue.name, slices, timing });
    await said.reaches(1);
    let runsElsewhere = 0;
    const { outcomes } = lab.worker(queue, () => ++runsElsewhere, { stalledInterval: 50 });
    await Promise.race([outcomes(1), said.reaches(2)]);
    return { said: said.entries, runsElsewhere };
  };

  test('a lockDuration of 30: a busy job is run elsewhere while it still runs', async () => {
    expect(await runBesideAnotherWorker(30, 200)).toEqual({ said: ['started'], runsElsewhere: 1 });
  });

  test('a lockDuration of 30000: it is run once', async () => {
    expect(await runBesideAnotherWorker(30_000, 10)).toEqual({
      said: ['started', 'completed'],
      runsElsewhere: 0,
    });
  });
});
