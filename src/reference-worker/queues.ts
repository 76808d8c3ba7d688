import { createPostgresBackend, createRedisBackend, FlowProducer, Queue } from 'bullmq';
import type { ConnectionOptions, DefaultJobOptions } from 'bullmq';
import type { Logger } from 'pino';
import type { Settings } from './settings.ts';

/** One queue for each kind of job: a worker takes any job of its queue, whatever the job's name. */
export const queueNames = {
  orderConfirmations: 'order-confirmations',
  nightlyReports: 'nightly-reports',
  dailyReports: 'daily-reports',
  revenueForecasts: 'revenue-forecasts',
} as const;

/** Ids and scalars only: the worker reads the record again, as it is then. */
export interface ConfirmOrder {
  orderId: string;
}

/** Ten attempts within nine minutes, and a bounded history for those who look for what happened. */
export function jobPolicy(settings: Settings) {
  return {
    attempts: 10,
    backoff: { type: 'exponential', delay: settings.RETRY_DELAY_MS, jitter: 0.5 },
    removeOnComplete: { age: 24 * 60 * 60, count: 10_000 },
    removeOnFail: { age: 14 * 24 * 60 * 60, count: 50_000 },
  } satisfies DefaultJobOptions;
}

/** The hash tag keeps all keys in one slot of a Redis Cluster, which BullMQ's scripts need. */
export const keyPrefix = '{order-service}';

interface JobStore {
  connection: ConnectionOptions;
  backend: typeof createRedisBackend;
}

/** Where the jobs are kept: Redis in production, Postgres where one server has to do. */
export function jobStore(settings: Settings, redisOptions = {}): JobStore {
  if (settings.REDIS_URL) {
    return { connection: { url: settings.REDIS_URL, ...redisOptions }, backend: createRedisBackend };
  }
  return {
    connection: { connectionString: settings.DATABASE_URL, max: 2, migrate: true },
    // BullMQ's classes carry the type of their backend; nothing here depends on which one it is.
    backend: createPostgresBackend as unknown as typeof createRedisBackend,
  };
}

/**
 * The producers' side. When Redis is away, the dispatcher wants to know (one retry) and tries again later, while a worker
 * has nothing to do but wait (null).
 */
export function openQueues(settings: Settings, log: Logger, maxRetriesPerRequest: number | null) {
  const { connection, backend } = jobStore(settings, { maxRetriesPerRequest });
  const options = { connection, prefix: keyPrefix, defaultJobOptions: jobPolicy(settings) };
  const orderConfirmations = new Queue<ConfirmOrder>(queueNames.orderConfirmations, options, backend);
  const nightlyReports = new Queue(queueNames.nightlyReports, options, backend);
  const flows = new FlowProducer({ connection, prefix: keyPrefix }, backend);

  const report = (err: Error) => {
    log.error({ err }, 'queue error');
  };
  orderConfirmations.on('error', report);
  nightlyReports.on('error', report);
  flows.on('error', report);
  const close = async () => {
    await Promise.all([orderConfirmations.close(), nightlyReports.close(), flows.close()]);
  };
  return { orderConfirmations, nightlyReports, flows, close };
}
export type Queues = ReturnType<typeof openQueues>;
