import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import type { Database } from './database.ts';
import { jobPolicy, type ConfirmOrder } from './queues.ts';
import type { Settings } from './settings.ts';

const batchSize = 100;

/**
 * Enqueues what the outbox holds, then forgets it, in this order: after a crash in between it enqueues the row again,
 * and the row's id as job id makes that a no-op. Any number of dispatchers may do this at once for the same reason.
 */
export async function dispatchOutbox(
  db: Database,
  confirmations: Queue<ConfirmOrder>,
  settings: Settings,
): Promise<number> {
  const rows = await db.selectFrom('outbox').selectAll().orderBy('created_at').limit(batchSize).execute();
  if (rows.length === 0) return 0;
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
  return rows.length;
}

/** Dispatches until it is told to stop. While the database or the queue is away, the rows wait. */
export async function runDispatcher(
  dispatch: () => Promise<number>,
  intervalMs: number,
  log: Logger,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    const moved = await dispatch().catch((err: unknown) => {
      log.error({ err }, 'outbox not dispatched, will try again');
      return 0;
    });
    if (moved > 0) log.info({ moved }, 'outbox dispatched');
    if (moved < batchSize) await sleep(intervalMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
