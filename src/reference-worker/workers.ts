import { extname } from 'node:path';
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

/** Takes no new jobs, lets the running ones finish, and after the grace period asks them to stop. */
export async function closeWorkers(workers: readonly Worker[], graceMs: number): Promise<void> {
  const cancel = setTimeout(() => {
    for (const worker of workers) worker.cancelAllJobs('the worker is shutting down');
  }, graceMs);
  await Promise.all(workers.map((worker) => worker.close())).finally(() => {
    clearTimeout(cancel);
  });
}
