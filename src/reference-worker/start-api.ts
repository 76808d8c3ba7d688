import { sql } from 'kysely';
import { pino } from 'pino';
import { createApi } from './api.ts';
import { createTables, openDatabase } from './database.ts';
import { dispatchOutbox, refillOutbox, repeat } from './outbox.ts';
import { openQueues } from './queues.ts';
import { Settings } from './settings.ts';
import { onShutdown } from './shutdown.ts';

/** The producer process: the HTTP API, and beside it the dispatcher that empties the outbox. */
const settings = Settings.parse(process.env);
const log = pino({ name: 'order-api', level: settings.LOG_LEVEL });
const db = openDatabase(settings.DATABASE_URL, log);
await createTables(db);
const queues = openQueues(settings, log, 1);
const api = createApi(db, log, { database: () => sql`select 1`.execute(db) });
const url = await api.listen({ host: settings.HOST, port: settings.PORT });

const stop = new AbortController();
const dispatch = () => dispatchOutbox(db, queues.orderConfirmations, settings, log);
const refill = () => refillOutbox(db, settings, log);
const dispatcher = Promise.all([
  repeat(dispatch, settings.OUTBOX_INTERVAL_MS, log, stop.signal),
  repeat(refill, settings.FORGOTTEN_AFTER_MS / 10, log, stop.signal),
]);
onShutdown(settings.SHUTDOWN_DEADLINE_MS, log, async () => {
  await api.close();
  stop.abort();
  await dispatcher;
  await queues.close();
  await db.destroy();
});
log.info({ url }, 'ready');
