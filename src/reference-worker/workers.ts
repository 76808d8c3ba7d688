import { extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, type Processor, type WorkerOptions } from 'bullmq';
import { createOrderConfirmer, type ConfirmOrderTools } from './confirm-order.ts';
import { createDailyReporter, createNightlyReportStarter } from './daily-report.ts';
import { logLifecycle } from './lifecycle.ts';
import { jobStore, keyPrefix, queueNames, type Queues } from './queues.ts';
import type { Settings } from './settings.ts';
import { withTimeLimits } from './time-limits.ts';

export function startWorkers(settings: Settings, queues: Queues, tools: ConfirmOrderTools): Worker[] {
  const { connection, backend } = jobStore(settings);
  const start = (queue: string, processor: Processor | URL, options: Partial<WorkerOptions> = {}) => {
    const worker = new Worker(
      queue,
      processor,
      {
        connection,
        prefix: keyPrefix,
        lockDuration: settings.LOCK_MS,
        stalledInterval: settings.LOCK_MS,
        // A deploy or a crash is no fault of the job, and every job here may be run again ...
        maxStalledCount: 5,
        // ... but not one that takes its worker down each time. Scheduled jobs have no stalled count, only this.
        maxStartedAttempts: 20,
        ...options,
      },
      backend,
    );
    logLifecycle(worker, tools.log);
    return worker;
  };
  const limits = { softMs: settings.SOFT_LIMIT_MS, hardMs: settings.HARD_LIMIT_MS };
  const confirmOrder = withTimeLimits(limits, createOrderConfirmer(tools));
  const startNightlyReport = withTimeLimits(limits, createNightlyReportStarter(queues.flows, settings));
  const storeDailyReport = withTimeLimits(limits, createDailyReporter(tools.db));
  // A file, for a process of its own; with the ending that this file has.
  const forecastRevenue = new URL(`./forecast-revenue${extname(import.meta.url)}`, import.meta.url);
  return [
    start(queueNames.orderConfirmations, confirmOrder, { concurrency: settings.CONCURRENCY }),
    start(queueNames.nightlyReports, startNightlyReport),
    start(queueNames.dailyReports, storeDailyReport),
    start(queueNames.revenueForecasts, forecastRevenue),
  ];
}

/**
 * Takes no new jobs, lets the running ones finish, and after the grace period asks them to stop. A worker that is
 * without Redis all that time cannot store how its jobs ended; it is closed by force, and they run again.
 */
export async function closeWorkers(workers: readonly Worker[], graceMs: number): Promise<void> {
  const cancel = setTimeout(() => {
    for (const worker of workers) worker.cancelAllJobs('the worker is shutting down');
  }, graceMs);
  await Promise.all(
    workers.map(async (worker) => {
      const connected = await isConnected(worker, graceMs);
      await worker.close(!connected);
    }),
  ).finally(() => {
    clearTimeout(cancel);
  });
}

/**
 * Whether the connection that waits for jobs stands, or does within the given time. BullMQ (6.7) waits in `close()` for
 * the end of that connection, and ioredis (5.11) never tells it when the connection is between two attempts to connect.
 */
async function isConnected({ backend }: Worker, withinMs: number): Promise<boolean> {
  const connecting = backend.blockingClient;
  // The backend is Postgres.
  if (!connecting) return true;
  const deadline = Date.now() + withinMs;
  const client = await Promise.race([connecting, sleep(withinMs, undefined, { ref: false })]);
  while (client && client.status !== 'ready' && Date.now() < deadline) await sleep(20);
  return client?.status === 'ready';
}
