import type { Worker } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scheduleNightlyReport } from '../../src/reference-worker/daily-report.ts';
import { createMailer } from '../../src/reference-worker/mailer.ts';
import { queueNames } from '../../src/reference-worker/queues.ts';
import { closeWorkers, startWorkers } from '../../src/reference-worker/workers.ts';
import { startStack, type Stack } from './support/stack.ts';

let stack: Stack;
let workers: Worker[] = [];

beforeAll(async () => {
  stack = await startStack();
  const { db, log, settings, queues } = stack;
  workers = startWorkers(settings, queues, { db, log, mailer: createMailer(stack.mailServer.url) });
  // The reports are another file's; their sandbox would need this one as JavaScript.
  await workers.find((worker) => worker.name === queueNames.revenueForecasts)?.close();
});
afterAll(async () => {
  await closeWorkers(workers, 500);
  await stack.close();
});

it('has the schedule once, however often it is registered, and by the clock of the shop', async () => {
  const { nightlyReports } = stack.queues;
  await scheduleNightlyReport(nightlyReports, stack.settings, stack.log);
  await scheduleNightlyReport(nightlyReports, stack.settings, stack.log);

  const schedules = await nightlyReports.getJobSchedulers();
  expect(schedules.map(({ key, pattern, tz }) => ({ key, pattern, tz }))).toEqual([
    { key: 'start-nightly-report', pattern: '0 2 * * *', tz: 'Europe/Berlin' },
  ]);
  // The job that waits for the next tick knows when that is; the nightly report takes its day from there.
  const [next] = await nightlyReports.getDelayed();
  expect((next?.timestamp ?? 0) + (next?.opts.delay ?? 0)).toBe(schedules[0]?.next);
  for (const worker of workers) expect(worker.opts.maxStartedAttempts).toBe(20);
});

it('tries again when a tick starts while its schedule is registered', async () => {
  const { nightlyReports } = stack.queues;
  const next = (await nightlyReports.getJobScheduler('start-nightly-report'))?.next ?? 0;
  await nightlyReports.removeJobScheduler('start-nightly-report');
  // The tick that is to be registered is there already, and no longer waiting.
  const tick = await nightlyReports.add('tick', {}, { jobId: `repeat:start-nightly-report:${next}` });
  await stack.line('job completed', { jobId: tick.id });
  const registered = scheduleNightlyReport(nightlyReports, stack.settings, stack.log);
  await stack.line('schedule not registered, will try again');
  await tick.remove();

  await registered;
  expect((await nightlyReports.getJobScheduler('start-nightly-report'))?.next).toBe(next);
});
