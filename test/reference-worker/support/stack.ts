import { createTables, openDatabase } from '../../../src/reference-worker/database.ts';
import { dispatchOutbox, placeOrder } from '../../../src/reference-worker/outbox.ts';
import { openQueues } from '../../../src/reference-worker/queues.ts';
import { Settings } from '../../../src/reference-worker/settings.ts';
import { createTestDatabase } from './database.ts';
import { startGuard } from './guard.ts';
import { createTestLog } from './log.ts';
import { startMailServer, type Answer } from './mail-server.ts';
import { startCrashableRedis } from './redis-server.ts';

export type Stack = Awaited<ReturnType<typeof startStack>>;

/** What the service stands on, for one test file: database, Redis, mail server; and its producers. */
export async function startStack(environment: Record<string, string> = {}) {
  const guard = startGuard();
  const database = await createTestDatabase();
  const redis = await startCrashableRedis(guard);
  /** What the mail server answers next; after that it accepts. */
  const answers: Answer[] = [];
  const mailServer = await startMailServer(() => answers.shift() ?? 'accept');
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    SMTP_URL: mailServer.url,
    RETRY_DELAY_MS: '50',
    SOFT_LIMIT_MS: '1000',
    HARD_LIMIT_MS: '2000',
    LOCK_MS: '2000',
    SHUTDOWN_GRACE_MS: '500',
    SHUTDOWN_DEADLINE_MS: '5000',
    OUTBOX_INTERVAL_MS: '50',
    FORGOTTEN_AFTER_MS: '60000',
    ...environment,
  };
  const settings = Settings.parse(env);
  const testLog = createTestLog();
  const db = openDatabase(settings.DATABASE_URL, testLog.log);
  await createTables(db);
  const queues = openQueues(settings, testLog.log, 1);

  let placed = 0;
  const place = async (email = 'ada@example.com') => {
    placed += 1;
    const order = await placeOrder(db, `test-order-${placed}`, {
      email,
      currency: 'EUR',
      amountCents: 1_999,
    });
    return order.id;
  };
  return {
    ...testLog,
    guard,
    database,
    redis,
    mailServer,
    answers,
    env,
    settings,
    db,
    queues,
    place,
    /** Places an order and enqueues its job. */
    order: async (email?: string) => {
      const orderId = await place(email);
      const row = await db
        .selectFrom('outbox')
        .selectAll()
        .where('order_id', '=', orderId)
        .executeTakeFirstOrThrow();
      await dispatchOutbox(db, queues.orderConfirmations, settings, testLog.log);
      return { orderId, jobId: row.id };
    },
    close: async () => {
      await queues.close();
      await db.destroy();
      await mailServer.close();
      await redis.close();
      await database.close();
      await guard.release();
    },
  };
}
