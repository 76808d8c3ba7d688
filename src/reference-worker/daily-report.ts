import type { FlowProducer, Job } from 'bullmq';
import { currencies, type Database } from './database.ts';
import type { Forecast } from './forecast-revenue.ts';
import { jobPolicy, queueNames } from './queues.ts';
import type { Settings } from './settings.ts';

export const reportTimeZone = 'Europe/Berlin';

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

/** The parent: stores what its children found. Stored twice, it is the same report. */
export function createDailyReporter(db: Database) {
  return async (job: Job<{ day: string }>): Promise<void> => {
    const forecasts = Object.values(await job.getChildrenValues<Forecast>());
    await db
      .insertInto('daily_reports')
      .values(forecasts.map((forecast) => ({ day: job.data.day, ...forecast })))
      .onConflict((conflict) =>
        conflict.columns(['day', 'currency']).doUpdateSet((row) => ({
          orders: row.ref('excluded.orders'),
          low_cents: row.ref('excluded.low_cents'),
          high_cents: row.ref('excluded.high_cents'),
        })),
      )
      .execute();
  };
}

export function dayBefore(time: number): string {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: reportTimeZone }).format(time);
  return new Date(Date.parse(date) - 24 * 60 * 60_000).toISOString().slice(0, 10);
}
