import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Currency, Database, Order } from './database.ts';
import { jobPolicy, type ConfirmOrder } from './queues.ts';
import type { Settings } from './settings.ts';

export interface NewOrder {
  email: string;
  currency: Currency;
  amountCents: number;
}

/**
 * Stores the order together with an outbox row that says "to be confirmed". Both or neither: no order is ever
 * without its job, and no job without its order. A repeated request gets the order of the first one.
 */
export async function placeOrder(db: Database, idempotencyKey: string, order: NewOrder): Promise<Order> {
  const { email, currency, amountCents } = order;
  return await db.transaction().execute(async (tx) => {
    const placed = await tx
      .insertInto('orders')
      .values({ idempotency_key: idempotencyKey, email, currency, amount_cents: amountCents })
      .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (placed) {
      await tx.insertInto('outbox').values({ order_id: placed.id }).execute();
      return placed;
    }
    const earlier = tx.selectFrom('orders').selectAll().where('idempotency_key', '=', idempotencyKey);
    return await earlier.executeTakeFirstOrThrow();
  });
}

/**
 * Enqueues what the outbox holds, then forgets it, in this order: after a crash in between it enqueues the row again,
 * and the row's id as job id makes that a no-op. Any number of dispatchers may do this at once for the same reason.
 */
export async function dispatchOutbox(
  db: Database,
  confirmations: Queue<ConfirmOrder>,
  settings: Settings,
  log: Logger,
): Promise<void> {
  const rows = await db.selectFrom('outbox').selectAll().orderBy('created_at').limit(500).execute();
  if (rows.length === 0) return;
  await confirmations.addBulk(
    rows.map((row) => ({
      name: 'confirm-order',
      data: { orderId: row.order_id },
      // The deduplication is for rows that the safety net adds: an order has one unfinished job at most.
      opts: { ...jobPolicy(settings), jobId: row.id, deduplication: { id: row.order_id } },
    })),
  );
  const enqueued = rows.map((row) => row.id);
  await db.deleteFrom('outbox').where('id', 'in', enqueued).execute();
  log.info({ moved: rows.length }, 'outbox dispatched');
}

/**
 * The safety net: an order that should long be confirmed goes into the outbox again. Its job may have used up its
 * attempts while the mail server was away, or Redis may have lost it. If the job is merely late, the second one is
 * dropped as its duplicate. No scheduled job, since Redis could lose that as well.
 */
export async function refillOutbox(db: Database, settings: Settings, log: Logger): Promise<void> {
  const { numAffectedRows: count = 0n } = await sql`
    insert into outbox (order_id)
    select id from orders
    where status = 'placed' and created_at < now() - ${settings.FORGOTTEN_AFTER_MS} * interval '1 millisecond'
    limit 1000
    on conflict (order_id) do nothing`.execute(db);
  if (count > 0n) log.warn({ count: Number(count) }, 'forgotten orders put back into the outbox');
}

/** While the database or the queue is away, the rows wait. */
export async function repeat(
  work: () => Promise<void>,
  intervalMs: number,
  log: Logger,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    await work().catch((err: unknown) => {
      log.error({ err }, 'outbox not served, will try again');
    });
    await sleep(intervalMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
