// Premise: a processor that catches its failure and returns is marked completed and is never retried.
import { expect, test } from 'vitest';
import { premise, type Processor } from './support.ts';

premise((lab) => {
  const run = async (processor: (logged: unknown[]) => Processor<unknown>) => {
    const logged: unknown[] = [];
    const queue = lab.queue();
    const job = await queue.add('mail', {}, { attempts: 3 });
    const outcome = await lab.worker(queue, processor(logged)).outcome(job);
    return { ...outcome, attempts: logged.length, failed: await queue.getFailedCount() };
  };
  const sendMail = () => Promise.reject(new Error('smtp is down'));

  test('a catch that only logs: completed after one attempt', async () => {
    const result = await run((logged) => async () => {
      try {
        await sendMail();
      } catch (error) {
        logged.push(error);
      }
    });
    expect(result).toMatchObject({ state: 'completed', attempts: 1, failed: 0 });
  });

  test('a catch that returns { success: false }: completed after one attempt', async () => {
    const result = await run((logged) => async () => {
      await sendMail().catch((error: unknown) => logged.push(error));
      return { success: false };
    });
    expect(result).toMatchObject({ state: 'completed', value: { success: false }, attempts: 1, failed: 0 });
  });

  test('a catch that logs and rethrows: retried, then failed', async () => {
    const result = await run((logged) => async () => {
      try {
        await sendMail();
      } catch (error) {
        logged.push(error);
        throw error;
      }
    });
    expect(result).toMatchObject({ state: 'failed', reason: 'smtp is down', attempts: 3, failed: 1 });
  });
});
