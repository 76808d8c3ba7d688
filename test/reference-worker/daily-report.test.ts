import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Queue, UnrecoverableError, Worker, type Job } from 'bullmq';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createDailyReporter,
  createNightlyReportStarter,
  dayBefore,
  startDailyReport,
} from '../../src/reference-worker/daily-report.ts';
import { bootstrap } from '../../src/reference-worker/forecast-revenue.ts';
import { logLifecycle } from '../../src/reference-worker/lifecycle.ts';
import { createMailer } from '../../src/reference-worker/mailer.ts';
import { jobPolicy, keyPrefix, queueNames } from '../../src/reference-worker/queues.ts';
import type * as Workers from '../../src/reference-worker/workers.ts';
import { buildProcesses } from './support/build.ts';
import { startStack, type Stack } from './support/stack.ts';

let stack: Stack;
let workersModule: typeof Workers;

beforeAll(async () => {
  stack = await startStack();
  // Which the sandbox inherits.
  process.env.DATABASE_URL = stack.database.url;
  // The sandbox loads the processor's file in a plain Node, which needs it as JavaScript.
  const folder = await buildProcesses('daily-report');
  const file = pathToFileURL(join(folder, 'src/reference-worker/workers.js'));
  workersModule = (await import(file.href)) as typeof Workers;
}, 120_000);
afterAll(async () => {
  await stack.close();
});

const connection = () => ({ connection: { url: stack.redis.url }, prefix: keyPrefix });
const reports = (day: string) =>
  stack.db.selectFrom('daily_reports').selectAll().where('day', '=', day).orderBy('currency').execute();

it('computes every part in a process of its own and stores the report of the day', async () => {
  for (const hour of ['00:30', '12:00', '23:30']) {
    const id = await stack.place();
    await stack.db
      .updateTable('orders')
      .set({ created_at: sql<Date>`${`2026-03-10 ${hour} Europe/Berlin`}::timestamptz` })
      .where('id', '=', id)
      .execute();
  }
  const { db, log, settings, queues } = stack;
  const mailer = createMailer(stack.mailServer.url);
  const workers = workersModule.startWorkers(settings, queues, { db, log, mailer });
  await Promise.all([
    startDailyReport(queues.flows, '2026-03-10', settings),
    startDailyReport(queues.flows, '2026-03-10', settings),
  ]);
  await stack.line('job completed', { jobId: 'daily-report-2026-03-10' });

  expect(await reports('2026-03-10')).toEqual([
    { day: '2026-03-10', currency: 'EUR', orders: 3, low_cents: 5_997, high_cents: 5_997 },
    { day: '2026-03-10', currency: 'GBP', orders: 0, low_cents: 0, high_cents: 0 },
    { day: '2026-03-10', currency: 'USD', orders: 0, low_cents: 0, high_cents: 0 },
  ]);
  const forecasts = stack.lines.filter(
    (line) => line.queue === 'revenue-forecasts' && line.msg === 'job started',
  );
  expect(forecasts.map((line) => line.jobId).sort()).toEqual([
    'forecast-2026-03-10-EUR',
    'forecast-2026-03-10-GBP',
    'forecast-2026-03-10-USD',
  ]);

  // Started again when it is done, it is still the one report.
  await startDailyReport(queues.flows, '2026-03-10', settings);
  expect(await queues.orderConfirmations.getJobCounts('active', 'failed')).toEqual({ active: 0, failed: 0 });
  expect(await reports('2026-03-10')).toHaveLength(3);
  await workersModule.closeWorkers(workers, 500);
});

it('fails the report when a part of it fails for good', async () => {
  const forecaster = new Worker(
    queueNames.revenueForecasts,
    (job: Job<{ currency: string }>) => {
      if (job.data.currency === 'GBP') throw new UnrecoverableError('no forecast');
      return Promise.resolve({ currency: job.data.currency, orders: 0, low_cents: 0, high_cents: 0 });
    },
    connection(),
  );
  const reporter = new Worker(queueNames.dailyReports, createDailyReporter(stack.db), connection());
  logLifecycle(reporter, stack.log);
  await startDailyReport(stack.queues.flows, '2026-03-11', stack.settings);

  const failure = await stack.line('job failed for good', { jobId: 'daily-report-2026-03-11' });
  expect(failure.err).toMatchObject({ message: expect.stringContaining('failed') as string });
  expect(await reports('2026-03-11')).toEqual([]);
  await Promise.all([forecaster.close(), reporter.close()]);
});

it('gives every node of the flow its own attempts', async () => {
  const policy = jobPolicy(stack.settings);
  await startDailyReport(stack.queues.flows, '2026-03-12', stack.settings);
  const tree = await stack.queues.flows.getFlow({
    id: 'daily-report-2026-03-12',
    queueName: queueNames.dailyReports,
    prefix: keyPrefix,
  });
  expect(tree.job.opts).toMatchObject(policy);
  expect(tree.children).toHaveLength(3);
  for (const child of tree.children ?? []) {
    expect(child.job.opts).toMatchObject({ ...policy, failParentOnFailure: true });
  }
});

it('reports the day before the tick, also when a retry comes later', async () => {
  const queue = new Queue(queueNames.nightlyReports, connection());
  const tick = Date.parse('2026-03-29T02:00:00+02:00');
  const job = await queue.add('start-nightly-report', {}, { timestamp: tick - 5_000, delay: 5_000 });
  await createNightlyReportStarter(stack.queues.flows, stack.settings)(job);

  const started = new Queue(queueNames.dailyReports, connection());
  expect(await started.getJob('daily-report-2026-03-28')).toBeDefined();
  await Promise.all([queue.close(), started.close()]);
});

it.each([
  ['2026-03-01T02:00:00+01:00', '2026-02-28'],
  ['2026-01-01T00:30:00+01:00', '2025-12-31'],
  // The nights in which the clocks change.
  ['2026-03-29T01:30:00+01:00', '2026-03-28'],
  ['2026-10-25T02:30:00+01:00', '2026-10-24'],
])('knows the day before %s', (time, day) => {
  expect(dayBefore(Date.parse(time))).toBe(day);
});

it('spreads the sums around the real one, and stops when it is told to', async () => {
  const amounts = Array.from({ length: 100 }, (_, index) => index * 10);
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const { low_cents: low, high_cents: high } = await bootstrap(amounts, new AbortController().signal);
  expect(low).toBeGreaterThan(total / 2);
  expect(low).toBeLessThan(total);
  expect(high).toBeGreaterThan(total);
  expect(high).toBeLessThan(total * 2);

  const controller = new AbortController();
  const stopped = bootstrap(amounts, controller.signal);
  controller.abort(new Error('enough'));
  await expect(stopped).rejects.toThrow('enough');
});
