import type { Job } from 'bullmq';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from './database.ts';

/**
 * The safety net: an order that should long be confirmed goes into the outbox again. Its job may have used up its
 * attempts while the mail server was away, or Redis may have lost it. If the job is merely late, the second one is
 * dropped as its duplicate.
 */
export function createForgottenOrderFinder(db: Database, forgottenAfterMs: number, log: Logger) {
  return async (job: Job): Promise<void> => {
    const forgotten = await db
      .insertInto('outbox')
      .columns(['order_id'])
      .expression((from) =>
        from
          .selectFrom('orders')
          .select('id')
          .where('status', '=', 'placed')
          .where('created_at', '<', sql<Date>`now() - ${forgottenAfterMs} * interval '1 millisecond'`)
          .limit(1_000),
      )
      .onConflict((conflict) => conflict.column('order_id').doNothing())
      .executeTakeFirst();
    const count = Number(forgotten.numInsertedOrUpdatedRows ?? 0n);
    if (count > 0) log.warn({ jobId: job.id, count }, 'forgotten orders put back into the outbox');
  };
}
