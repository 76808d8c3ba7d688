// Premise: a worker whose lock settings defeat renewal or the stalled check runs a job twice, leaves it active for ever or fails it at once; a lock that is shorter than the job does none of this.
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { gate, premise } from './support.ts';

premise((lab) => {
  /** A job of four seconds under a lock of 1.5 s, with a second worker that looks for stalled jobs. */
  const runs = async (options: Partial<WorkerOptions>) => {
    const queue = lab.queue();
    const job = await queue.add('render', {});
    const started = gate();
    let count = 0;
    const process = async () => {
      count++;
      started.open();
      await sleep(4_000);
    };
    const first = lab.worker(queue, process, { lockDuration: 1_500, stalledInterval: 100, ...options });
    await started.opened;
    const second = lab.worker(queue, process, { lockDuration: 1_500, stalledInterval: 100 });
    await Promise.race([first.outcome(job), second.outcome(job)]);
    return count;
  };

  test('lockRenewTime above lockDuration, or skipLockRenewal: the job runs twice; a lock shorter than the job: once', async () => {
    const settings = [{ lockRenewTime: 5_000 }, { skipLockRenewal: true }, {}];
    expect(await Promise.all(settings.map(runs))).toEqual([2, 2, 1]);
  });

  /** A job whose worker crashed, and whose lock has expired. */
  const afterCrash = async () => {
    const queue = lab.queue();
    const job = await queue.add('render', {}, { attempts: 3 });
    const started = gate();
    const crashing = lab.worker(
      queue,
      async () => {
        started.open();
        await new Promise(() => undefined);
      },
      { lockDuration: 100, stalledInterval: 50, skipLockRenewal: true },
    );
    await started.opened;
    await crashing.worker.close(true);
    while (await lab.redis.exists(`${queue.toKey(String(job.id))}:lock`)) await sleep(20);
    return { queue, job };
  };

  test('skipStalledCheck leaves the job of a crashed worker active, the check runs it again', async () => {
    const { queue, job } = await afterCrash();
    const unchecked = lab.worker(queue, () => 'done', { stalledInterval: 50, skipStalledCheck: true });
    // Jobs over some twenty intervals are processed beside it.
    for (let other = 1; other <= 5; other++) {
      await unchecked.outcome(await queue.add('other', {}, { delay: 200 }));
    }
    expect(await job.getState()).toBe('active');

    const checked = lab.worker(queue, () => 'done', { stalledInterval: 50 });
    expect(await Promise.race([unchecked.outcome(job), checked.outcome(job)])).toEqual({
      state: 'completed',
      value: 'done',
    });
  });

  test('maxStalledCount: 0 fails the job of a crashed worker, whatever its attempts; 1 runs it again', async () => {
    const once = await afterCrash();
    const strict = lab.worker(once.queue, () => 'done', { stalledInterval: 50, maxStalledCount: 0 });
    expect(await strict.outcome(once.job)).toEqual({
      state: 'failed',
      reason: 'job stalled more than allowable limit',
    });

    const again = await afterCrash();
    const lenient = lab.worker(again.queue, () => 'done', { stalledInterval: 50, maxStalledCount: 1 });
    expect(await lenient.outcome(again.job)).toEqual({ state: 'completed', value: 'done' });
  });

  test('lockDuration: undefined, as from a missing setting, takes the job and never runs it', async () => {
    const queue = lab.queue();
    const job = await queue.add('render', {});
    let runs = 0;
    const { errors } = lab.worker(queue, () => ++runs, {
      lockDuration: undefined,
    } as unknown as WorkerOptions);
    expect(String(await errors.find(() => true))).toContain(
      'Lua redis lib command arguments must be strings',
    );
    expect([runs, await job.getState()]).toEqual([0, 'active']);
  });

  test('a stalledInterval that is not positive throws', () => {
    expect(() => lab.worker(lab.queue(), () => 'done', { stalledInterval: 0 })).toThrow('stalledInterval');
  });
});
