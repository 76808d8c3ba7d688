import { UnrecoverableError } from 'bullmq';

export interface TimeLimits {
  softMs: number;
  hardMs: number;
}

/**
 * A processor with limits. At the soft limit (or when the job is cancelled) the work's signal fires: it lets go of what
 * it holds and throws, and the job is retried. Work that is still not done at the hard limit ignores its signal, so
 * nothing in this process can stop it. Its job fails then, and without a retry, since that would run beside it.
 */
export function withTimeLimits<Job, Result>(
  { softMs, hardMs }: TimeLimits,
  work: (job: Job, signal: AbortSignal) => Promise<Result>,
) {
  // BullMQ makes the signal only for a processor that declares three parameters.
  return async (job: Job, _token?: string, cancelled?: AbortSignal): Promise<Result> => {
    const controller = new AbortController();
    const stop = (reason: string) => {
      controller.abort(new Error(reason));
    };
    const cancel = () => {
      stop(`cancelled: ${String(cancelled?.reason)}`);
    };
    if (cancelled?.aborted) cancel();
    cancelled?.addEventListener('abort', cancel);
    const soft = setTimeout(stop, softMs, `soft time limit of ${softMs} ms`);
    let hard: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        hard = setTimeout(reject, hardMs, new UnrecoverableError(`hard time limit of ${hardMs} ms`));
        work(job, controller.signal).then(resolve, reject);
      });
    } finally {
      clearTimeout(soft);
      clearTimeout(hard);
    }
  };
}
