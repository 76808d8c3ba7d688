import { fastify } from 'fastify';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { createTables, openDatabase } from './database.ts';
import { addHealthRoute } from './health.ts';
import { createMailer } from './mailer.ts';
import { openQueues } from './queues.ts';
import { registerSchedules } from './schedules.ts';
import type { Settings } from './settings.ts';
import { closeWorkers, startWorkers } from './workers.ts';

/** The consumer process. Start as many as there is work for. */
export async function startOrderWorker(settings: Settings, log: Logger) {
  const limits = { softMs: settings.SOFT_LIMIT_MS, hardMs: settings.HARD_LIMIT_MS };
  const db = openDatabase(settings.DATABASE_URL, log, limits);
  await createTables(db);
  const queues = openQueues(settings, log, null);
  const mailer = createMailer(settings.SMTP_URL, limits.softMs);
  const workers = startWorkers(settings, queues, { db, mailer, limits, log });
  await registerSchedules(queues, settings, log);

  const health = fastify();
  addHealthRoute(health, {
    database: () => sql`select 1`.execute(db),
    queue: () => queues.orderConfirmations.getJobCounts('wait'),
    workers: () =>
      workers.every((worker) => worker.isRunning())
        ? Promise.resolve()
        : Promise.reject(new Error('stopped')),
  });
  const url = await health.listen({ host: settings.HOST, port: settings.PORT });
  const close = async () => {
    await closeWorkers(workers, settings.SHUTDOWN_GRACE_MS);
    await health.close();
    await queues.close();
    await db.destroy();
  };
  return { url, close };
}
