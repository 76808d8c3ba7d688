import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { reportTimeZone } from './daily-report.ts';
import { jobPolicy, type Queues } from './queues.ts';
import type { Settings } from './settings.ts';

/** Every worker registers the schedules when it starts; the same id is the same schedule, so there is one of each. */
export async function registerSchedules(queues: Queues, settings: Settings, log: Logger): Promise<void> {
  await insist(log, () =>
    queues.forgottenOrders.upsertJobScheduler(
      'find-forgotten-orders',
      { pattern: settings.FORGOTTEN_ORDERS_PATTERN, tz: reportTimeZone },
      // The next tick is its retry.
      { name: 'find-forgotten-orders', opts: { ...jobPolicy(settings), attempts: 1 } },
    ),
  );
  await insist(log, () =>
    queues.nightlyReports.upsertJobScheduler(
      'start-nightly-report',
      { pattern: settings.NIGHTLY_REPORT_PATTERN, tz: reportTimeZone },
      { name: 'start-nightly-report', opts: jobPolicy(settings) },
    ),
  );
}

/** BullMQ refuses to replace a tick that starts at this very moment. A moment later it does not. */
async function insist(log: Logger, register: () => Promise<unknown>, tries = 5): Promise<void> {
  try {
    await register();
  } catch (err) {
    if (tries === 1) throw err;
    log.warn({ err }, 'schedule not registered, will try again');
    await sleep(1_000);
    await insist(log, register, tries - 1);
  }
}
