import type { Job, Worker } from 'bullmq';
import type { Logger } from 'pino';

/** One structured line for every step in a job's life. */
export function logLifecycle(worker: Worker, parent: Logger): void {
  const log = parent.child({ queue: worker.name });
  const about = ({ name, id, attemptsStarted, processedOn, finishedOn }: Job) => ({
    job: name,
    jobId: id,
    attempt: attemptsStarted,
    durationMs: processedOn === undefined ? undefined : (finishedOn ?? Date.now()) - processedOn,
  });

  worker.on('active', (job) => {
    log.info({ ...about(job), durationMs: undefined }, 'job started');
  });
  worker.on('completed', (job) => {
    log.info(about(job), 'job completed');
  });
  worker.on('failed', (job, err) => {
    if (!job) log.error({ err }, 'job failed and is gone');
    // Only the last failure sets finishedOn; counting attempts would miss the unrecoverable and the stalled.
    else if (job.finishedOn) log.error({ ...about(job), err }, 'job failed for good');
    else log.warn({ ...about(job), err }, 'job failed, will be retried');
  });
  worker.on('stalled', (jobId) => {
    log.warn({ jobId }, 'job stalled, will be run again');
  });
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const jobId of jobIds) log.error({ jobId }, 'lock lost');
  });
  worker.on('error', (err) => {
    log.error({ err }, 'worker error');
  });
}
