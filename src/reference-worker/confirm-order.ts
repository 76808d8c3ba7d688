import { UnrecoverableError, type Job } from 'bullmq';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Database, Order } from './database.ts';
import { isRefusal, type Mailer } from './mailer.ts';
import type { ConfirmOrder } from './queues.ts';

export interface ConfirmOrderTools {
  db: Database;
  mailer: Mailer;
  log: Logger;
}

const Payload = z.object({ orderId: z.uuid() });

/** The golden task: sends the confirmation of one order, once, however often and wherever it is run. */
export function createOrderConfirmer({ db, mailer, log }: ConfirmOrderTools) {
  return async (job: Job<ConfirmOrder>, signal: AbortSignal): Promise<void> => {
    const payload = Payload.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError(`not a payload: ${payload.error.message}`);
    const { orderId } = payload.data;

    const outcome = await confirmOnce(db, mailer, orderId, signal);
    if (outcome instanceof Error) throw new UnrecoverableError(`mail refused: ${outcome.message}`);
    const level = outcome === 'no longer exists' ? 'warn' : 'info';
    log[level]({ jobId: job.id, orderId }, `order ${outcome}`);
  };
}

/**
 * Row lock, check, send, flag, in one transaction: a second run waits for the first and then sees its flag. If this
 * process dies after the mail and before the commit, the next run sends the mail again under the same Message-ID.
 */
async function confirmOnce(db: Database, mailer: Mailer, orderId: string, signal: AbortSignal) {
  return await db.transaction().execute(async (tx) => {
    const order = await tx
      .selectFrom('orders')
      .selectAll()
      .where('id', '=', orderId)
      .forUpdate()
      .executeTakeFirst();
    if (!order) return 'no longer exists';
    if (order.status !== 'placed') return 'already settled';

    const refusal = await mailer.sendMail({ ...confirmationMail(order), signal }).then(
      () => undefined,
      (error: unknown) => {
        // Any other error rolls this back, and the job is retried.
        if (!isRefusal(error)) throw error;
        return error;
      },
    );
    const result = refusal
      ? { status: 'undeliverable' as const }
      : { status: 'confirmed' as const, confirmed_at: new Date() };
    await tx.updateTable('orders').set(result).where('id', '=', orderId).execute();
    return refusal ?? 'confirmed';
  });
}

function confirmationMail(order: Order) {
  const amount = (order.amount_cents / 100).toFixed(2);
  return {
    messageId: `<order-${order.id}.confirmation@shop.example>`,
    to: order.email,
    subject: `Your order ${order.id}`,
    text: `Thank you. We have received your order ${order.id} over ${amount} ${order.currency}.`,
  };
}
