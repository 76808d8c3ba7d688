import { UnrecoverableError } from 'bullmq';

export interface TimeLimits {
  softMs: number;
  hardMs: number;
}

/**
 * At the soft limit (or when the job is cancelled) the work's signal fires: it lets go of what it holds and throws, and
 * the job is retried. Work that is still not done at the hard limit ignores its signal, so nothing in this process can
 * stop it. Its job fails then, and without a retry, since that would run beside it.
 */
export async function withTimeLimits<T>(
  limits: TimeLimits,
  cancelled: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = () => {
    controller.abort(new Error(`cancelled: ${String(cancelled?.reason)}`));
  };
  if (cancelled?.aborted) cancel();
  cancelled?.addEventListener('abort', cancel, { once: true });
  const soft = setTimeout(() => {
    controller.abort(new Error(`soft time limit of ${limits.softMs} ms`));
  }, limits.softMs);
  let hard: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      hard = setTimeout(() => {
        reject(new UnrecoverableError(`hard time limit of ${limits.hardMs} ms`));
      }, limits.hardMs);
      work(controller.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(soft);
    clearTimeout(hard);
    cancelled?.removeEventListener('abort', cancel);
  }
}
