import type { Job, Worker } from 'bullmq';
import type { Logger } from 'pino';

/** One structured line for every step in a job's life. */
export function logLifecycle(worker: Worker, log: Logger): void {
  const about = (job: Job) => ({
    queue: worker.name,
    job: job.name,
    jobId: job.id,
    attempt: job.attemptsStarted,
    durationMs: job.processedOn === undefined ? undefined : (job.finishedOn ?? Date.now()) - job.processedOn,
  });

  worker.on('active', (job) => {
    log.info({ ...about(job), durationMs: undefined }, 'job started');
  });
  worker.on('completed', (job) => {
    log.info(about(job), 'job completed');
  });
  worker.on('failed', (job, err) => {
    if (!job) log.error({ queue: worker.name, err }, 'job failed and is gone');
    // Only the last failure sets finishedOn; counting attempts would miss the unrecoverable and the stalled.
    else if (job.finishedOn) log.error({ ...about(job), err }, 'job failed for good');
    else log.warn({ ...about(job), err }, 'job failed, will be retried');
  });
  worker.on('stalled', (jobId) => {
    log.warn({ queue: worker.name, jobId }, 'job stalled, will be run again');
  });
  worker.on('lockRenewalFailed', (jobIds) => {
    log.error({ queue: worker.name, jobIds }, 'lock lost');
  });
  worker.on('error', (err) => {
    log.error({ queue: worker.name, err }, 'worker error');
  });
}
