import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowProducer, Job, Queue } from 'bullmq';
import type { Logger } from 'pino';
import { currencies, type Database } from './database.ts';
import type { Forecast } from './forecast-revenue.ts';
import { jobPolicy, queueNames } from './queues.ts';
import type { Settings } from './settings.ts';

const timeZone = 'Europe/Berlin';

/** Every worker registers the schedule when it starts; the same id is the same schedule, so there is one of it. */
export async function scheduleNightlyReport(queue: Queue, settings: Settings, log: Logger, tries = 5) {
  try {
    await queue.upsertJobScheduler(
      'start-nightly-report',
      { pattern: settings.NIGHTLY_REPORT_PATTERN, tz: timeZone },
      { name: 'start-nightly-report', opts: jobPolicy(settings) },
    );
  } catch (err) {
    // BullMQ refuses to replace a tick that starts at this very moment. A moment later it does not.
    if (tries === 1) throw err;
    log.warn({ err }, 'schedule not registered, will try again');
    await sleep(1_000);
    await scheduleNightlyReport(queue, settings, log, tries - 1);
  }
}

/** What the schedule runs at night: starts the report of the day before. */
export function createNightlyReportStarter(flows: FlowProducer, settings: Settings) {
  return async (job: Job): Promise<void> => {
    // The tick's own time, not the time of this attempt: a retry after midnight must mean the same day.
    const tick = job.timestamp + (job.opts.delay ?? 0);
    await startDailyReport(flows, dayBefore(tick), settings);
  };
}

/**
 * A flow: the report runs when the forecasts of all currencies are there. The ids are made from the day, so that
 * starting it twice is starting it once. Flow jobs take no defaults from a queue: each states its own policy.
 */
export async function startDailyReport(flows: FlowProducer, day: string, settings: Settings): Promise<void> {
  await flows.add({
    name: 'daily-report',
    queueName: queueNames.dailyReports,
    data: { day },
    opts: { ...jobPolicy(settings), jobId: `daily-report-${day}` },
    children: currencies.map((currency) => ({
      name: 'forecast-revenue',
      queueName: queueNames.revenueForecasts,
      data: { day, currency },
      // A report with a part missing would be wrong, so a forecast that fails for good fails the report.
      opts: { ...jobPolicy(settings), jobId: `forecast-${day}-${currency}`, failParentOnFailure: true },
    })),
  });
}

/** The parent: stores what its children found, unless an earlier run has done so. */
export function createDailyReporter(db: Database) {
  return async (job: Job<{ day: string }>): Promise<void> => {
    const forecasts = Object.values(await job.getChildrenValues<Forecast>());
    await db
      .insertInto('daily_reports')
      .values(forecasts.map((forecast) => ({ day: job.data.day, ...forecast })))
      .onConflict((conflict) => conflict.columns(['day', 'currency']).doNothing())
      .execute();
  };
}

export function dayBefore(time: number): string {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(time);
  return new Date(Date.parse(date) - 24 * 60 * 60_000).toISOString().slice(0, 10);
}
