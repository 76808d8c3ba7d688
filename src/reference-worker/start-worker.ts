import { fastify } from 'fastify';
import { sql } from 'kysely';
import { pino } from 'pino';
import { scheduleNightlyReport } from './daily-report.ts';
import { createTables, openDatabase } from './database.ts';
import { addHealthRoute } from './health.ts';
import { createMailer } from './mailer.ts';
import { openQueues } from './queues.ts';
import { Settings } from './settings.ts';
import { onShutdown } from './shutdown.ts';
import { closeWorkers, startWorkers } from './workers.ts';

/** The consumer process. Start as many as there is work for. */
const settings = Settings.parse(process.env);
const log = pino({ name: 'order-worker', level: settings.LOG_LEVEL });
const limits = { softMs: settings.SOFT_LIMIT_MS, hardMs: settings.HARD_LIMIT_MS };
const db = openDatabase(settings.DATABASE_URL, log, limits);
await createTables(db);
const queues = openQueues(settings, log, null);
const workers = startWorkers(settings, queues, { db, log, mailer: createMailer(settings.SMTP_URL) });
await scheduleNightlyReport(queues.nightlyReports, settings, log);

const health = fastify();
addHealthRoute(health, {
  database: () => sql`select 1`.execute(db),
  queue: () => queues.orderConfirmations.getJobCounts('wait'),
  workers: () =>
    workers.every((worker) => worker.isRunning()) ? Promise.resolve() : Promise.reject(new Error('stopped')),
});
const url = await health.listen({ host: settings.HOST, port: settings.PORT });
onShutdown(settings.SHUTDOWN_DEADLINE_MS, log, async () => {
  await closeWorkers(workers, settings.SHUTDOWN_GRACE_MS);
  await health.close();
  await queues.close();
  await db.destroy();
});
log.info({ url }, 'ready');
