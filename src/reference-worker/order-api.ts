import { sql } from 'kysely';
import type { Logger } from 'pino';
import { createApi } from './api.ts';
import { createTables, openDatabase } from './database.ts';
import { dispatchOutbox, runDispatcher } from './outbox.ts';
import { openQueues } from './queues.ts';
import type { Settings } from './settings.ts';

/** The producer process: the HTTP API, and beside it the dispatcher that empties the outbox. */
export async function startOrderApi(settings: Settings, log: Logger) {
  const db = openDatabase(settings.DATABASE_URL, log);
  await createTables(db);
  const queues = openQueues(settings, log, 1);
  const api = createApi(db, log, { database: () => sql`select 1`.execute(db) });
  const url = await api.listen({ host: settings.HOST, port: settings.PORT });

  const stop = new AbortController();
  const dispatch = () => dispatchOutbox(db, queues.orderConfirmations, settings);
  const dispatcher = runDispatcher(dispatch, settings.OUTBOX_INTERVAL_MS, log, stop.signal);
  const close = async () => {
    await api.close();
    stop.abort();
    await dispatcher;
    await queues.close();
    await db.destroy();
  };
  return { url, close };
}
