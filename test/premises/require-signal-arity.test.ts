// Premise: BullMQ makes an AbortSignal only for a processor whose length is 3 or more; otherwise the signal is undefined and cancelJob() does nothing.
import { expect, test } from 'vitest';
import { type AnyJob, gate, premise } from './support.ts';

premise((lab) => {
  type Processor = (job: AnyJob<unknown>, token?: string, signal?: AbortSignal) => Promise<unknown>;
  /** Cancels a job while it runs; the job ends when it learns of that, or when the test lets it. */
  const cancel = async (
    define: (work: (signal: AbortSignal | undefined) => Promise<string>) => Processor,
  ) => {
    const [started, over] = [gate(), gate()];
    const processor = define(async (signal) => {
      started.open();
      const aborted = new Promise<string>((resolve) => {
        signal?.addEventListener('abort', () => {
          resolve('cancelled');
        });
      });
      return Promise.race([aborted, over.opened.then(() => 'not cancelled')]);
    });
    const queue = lab.queue();
    const job = await queue.add('render', {});
    const { worker, outcome } = lab.worker(queue, processor);
    await started.opened;
    const accepted = worker.cancelJob(String(job.id));
    if (!accepted) over.open();
    return { length: processor.length, accepted, ...(await outcome(job)) };
  };

  const wrap =
    (processor: Processor): Processor =>
    (...args) =>
      processor(...args);
  test.each<[string, Parameters<typeof cancel>[0]]>([
    [
      'a default for the signal',
      (work) =>
        (_job, _token, signal = new AbortController().signal) =>
          work(signal),
    ],
    [
      'a default for the token',
      (work) =>
        (job, token = String(job.id), signal?) =>
          work(token ? signal : undefined),
    ],
    [
      'rest parameters',
      (work) =>
        (...args) =>
          work(args[2]),
    ],
    ['a wrapper', (work) => wrap((_job, _token, signal) => work(signal))],
  ])('%s: not cancelled', async (_, define) => {
    const { length, ...result } = await cancel(define);
    expect(length).toBeLessThan(3);
    expect(result).toEqual({ accepted: false, state: 'completed', value: 'not cancelled' });
  });

  test.each<[string, Parameters<typeof cancel>[0]]>([
    ['three parameters', (work) => (_job, _token, signal) => work(signal)],
    [
      'a wrapper inside of them',
      (work) => (job, token, signal) => wrap((_job, _token, s) => work(s))(job, token, signal),
    ],
  ])('%s: cancelled', async (_, define) => {
    expect(await cancel(define)).toEqual({
      length: 3,
      accepted: true,
      state: 'completed',
      value: 'cancelled',
    });
  });
});
