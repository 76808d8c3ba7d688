import type { Currency, Database, Order } from './database.ts';

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

export async function findOrder(db: Database, id: string): Promise<Order | undefined> {
  return await db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
}
