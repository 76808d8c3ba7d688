import { UnrecoverableError } from 'bullmq';
import { expect, it, vi } from 'vitest';
import { withTimeLimits as limited } from '../../src/reference-worker/time-limits.ts';

const limits = { softMs: 100, hardMs: 200 };
const run = (work: (signal: AbortSignal) => Promise<unknown>, cancelled?: AbortSignal) =>
  limited(limits, (_job: object, signal) => work(signal))({}, 'token', cancelled);

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

it('returns what the work returns, and leaves no timer', async () => {
  vi.useFakeTimers();
  await expect(run(() => Promise.resolve('done'))).resolves.toBe('done');
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('asks the work to stop at the soft limit', async () => {
  await expect(run(untilAborted)).rejects.toThrow('soft time limit of 100 ms');
});

it('fails for good at the hard limit', async () => {
  const deaf = () => new Promise<never>(() => undefined);
  const failure = run(deaf);
  await expect(failure).rejects.toThrow('hard time limit of 200 ms');
  await expect(failure).rejects.toBeInstanceOf(UnrecoverableError);
});

it('passes a cancellation on, whether it came before or during the work', async () => {
  const controller = new AbortController();
  const during = run(untilAborted, controller.signal);
  controller.abort('shutdown');
  await expect(during).rejects.toThrow('cancelled: shutdown');
  await expect(
    run((signal) => {
      signal.throwIfAborted();
      return Promise.resolve();
    }, controller.signal),
  ).rejects.toThrow('cancelled: shutdown');
});
