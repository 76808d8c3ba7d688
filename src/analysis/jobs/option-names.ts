/**
 * Which object a library reads an option from. Sources: `interfaces/base-job-options.d.ts`,
 * `interfaces/worker-options.d.ts` of bullmq 6.7 and 5.81; `JobOptions` of bull 4.
 */

/** Options of a job, which may be given as `defaultJobOptions` of its queue. */
export const JOB_OPTIONS = [
  'attempts',
  'backoff',
  'removeOnComplete',
  'removeOnFail',
  'delay',
  'priority',
  'lifo',
  'jobId',
  'repeat',
  'deduplication',
  'keepLogs',
  'stackTraceLimit',
  'sizeLimit',
] as const;

/** Options that a worker has as well, where they mean the jobs it runs. */
const OF_JOBS_AND_WORKERS: readonly string[] = ['removeOnComplete', 'removeOnFail'];

/** Options of a job that a worker ignores. */
export const JOB_OPTIONS_ALONE: readonly string[] = JOB_OPTIONS.filter(
  (name) => !OF_JOBS_AND_WORKERS.includes(name),
);

/** Options of a BullMQ worker that a queue, a flow producer and a job ignore. */
export const WORKER_OPTIONS = [
  'concurrency',
  'limiter',
  'lockDuration',
  'lockRenewTime',
  'stalledInterval',
  'maxStalledCount',
  'maxStartedAttempts',
  'skipStalledCheck',
  'skipLockRenewal',
  'drainDelay',
  'runRetryDelay',
  'maximumRateLimitDelay',
  'autorun',
  'useWorkerThreads',
] as const;

/** Of those in `settings`, where Bull had them, and the one that BullMQ reads there in a worker. */
export const WORKER_SETTINGS = [
  'backoffStrategy',
  'backoffStrategies',
  'lockDuration',
  'lockRenewTime',
  'stalledInterval',
  'maxStalledCount',
  'drainDelay',
] as const;
