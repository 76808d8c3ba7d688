import { sql } from 'kysely';
import type { Worker } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMailer } from '../../src/reference-worker/mailer.ts';
import { queueNames } from '../../src/reference-worker/queues.ts';
import { registerSchedules } from '../../src/reference-worker/schedules.ts';
import { closeWorkers, startWorkers } from '../../src/reference-worker/workers.ts';
import { startStack, type Stack } from './support/stack.ts';

let stack: Stack;
let workers: Worker[] = [];

beforeAll(async () => {
  // Every second, so that the test need not wait five minutes.
  stack = await startStack({ FORGOTTEN_ORDERS_PATTERN: '* * * * * *' });
  const { db, log } = stack;
  const mailer = createMailer(stack.mailServer.url, 1_000);
  workers = startWorkers(stack.settings, stack.queues, {
    db,
    log,
    mailer,
    limits: { softMs: 1_000, hardMs: 2_000 },
  });
  // The reports are another file's; their sandbox would need this one as JavaScript.
  await workers.find((worker) => worker.name === queueNames.revenueForecasts)?.close();
});
afterAll(async () => {
  await closeWorkers(workers, 500);
  await stack.close();
});

it('has each schedule once, however often it is registered, and by the clock of the shop', async () => {
  await registerSchedules(stack.queues, stack.settings, stack.log);
  await registerSchedules(stack.queues, stack.settings, stack.log);

  const schedules = [
    ...(await stack.queues.forgottenOrders.getJobSchedulers()),
    ...(await stack.queues.nightlyReports.getJobSchedulers()),
  ];
  expect(schedules.map(({ key, pattern, tz }) => ({ key, pattern, tz }))).toEqual([
    { key: 'find-forgotten-orders', pattern: '* * * * * *', tz: 'Europe/Berlin' },
    { key: 'start-nightly-report', pattern: '0 2 * * *', tz: 'Europe/Berlin' },
  ]);
  // The job that waits for the next tick knows when that is; the nightly report takes its day from there.
  const [next] = await stack.queues.nightlyReports.getDelayed();
  expect((next?.timestamp ?? 0) + (next?.opts.delay ?? 0)).toBe(schedules[1]?.next);
  for (const worker of workers) expect(worker.opts.maxStartedAttempts).toBe(20);
});

it('tries again when a tick starts while its schedule is registered', async () => {
  const { nightlyReports } = stack.queues;
  const next = (await nightlyReports.getJobScheduler('start-nightly-report'))?.next ?? 0;
  await nightlyReports.removeJobScheduler('start-nightly-report');
  // The tick that is to be registered is there already, and no longer waiting.
  const tick = await nightlyReports.add('tick', {}, { jobId: `repeat:start-nightly-report:${next}` });
  await stack.line('job completed', { jobId: tick.id });
  const registered = registerSchedules(stack.queues, stack.settings, stack.log);
  await stack.line('schedule not registered, will try again');
  await tick.remove();

  await registered;
  expect((await nightlyReports.getJobScheduler('start-nightly-report'))?.next).toBe(next);
});

it('puts orders that were forgotten back into the outbox, and no others', async () => {
  const [late, lateToo, queued, settled, young] = await Promise.all([1, 2, 3, 4, 5].map(() => stack.place()));
  const old = [late, lateToo, queued, settled].map(String);
  await stack.db.deleteFrom('outbox').where('order_id', '!=', String(queued)).execute();
  await stack.db
    .updateTable('orders')
    .set({ created_at: sql<Date>`now() - interval '2 minutes'` })
    .where('id', 'in', old)
    .execute();
  await stack.db
    .updateTable('orders')
    .set({ status: 'confirmed' })
    .where('id', '=', String(settled))
    .execute();

  await stack.line('forgotten orders put back into the outbox', { count: 2 });
  const rows = await stack.db.selectFrom('outbox').selectAll().execute();
  expect(rows.map((row) => row.order_id).sort()).toEqual([late, lateToo, queued].sort());
  expect(rows.map((row) => row.order_id)).not.toContain(young);
});
