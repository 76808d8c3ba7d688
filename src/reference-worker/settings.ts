import { z } from 'zod';

const milliseconds = z.coerce.number().int().positive();

/** Everything a process can be told from outside, checked before anything starts. */
export const Settings = z.object({
  DATABASE_URL: z.url(),
  /** Without it the jobs are kept in Postgres, beside the orders. */
  REDIS_URL: z.url().optional(),
  SMTP_URL: z.url(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).default(0),
  LOG_LEVEL: z.string().default('info'),

  CONCURRENCY: z.coerce.number().int().positive().default(5),
  /** The first retry comes after about this long, each further one after about twice the time before. */
  RETRY_DELAY_MS: milliseconds.default(1_000),
  /** At the soft limit a job is asked to stop and can still clean up, at the hard limit it has failed. */
  SOFT_LIMIT_MS: milliseconds.default(10_000),
  HARD_LIMIT_MS: milliseconds.default(15_000),
  /** A worker that is silent for this long has died, and its jobs are run again. */
  LOCK_MS: milliseconds.default(30_000),
  /** A shutdown lets jobs finish for this long, then cancels them, and at the deadline the process exits. */
  SHUTDOWN_GRACE_MS: milliseconds.default(10_000),
  SHUTDOWN_DEADLINE_MS: milliseconds.default(20_000),

  OUTBOX_INTERVAL_MS: milliseconds.default(250),
  FORGOTTEN_AFTER_MS: milliseconds.default(15 * 60_000),
  NIGHTLY_REPORT_PATTERN: z.string().default('0 2 * * *'),
});
export type Settings = z.infer<typeof Settings>;
