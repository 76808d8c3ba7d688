// Premise: a worker gets the jobs of every name; one that it skips by name is marked completed, and nobody does it.
import { expect, test } from 'vitest';
import { type AnyJob, premise } from './support.ts';

premise((lab) => {
  const send = (job: AnyJob<unknown>) => `sent ${job.name}`;
  const processors: Record<string, (job: AnyJob<unknown>) => unknown> = {
    'a guard that returns': (job) => {
      if (job.name !== 'email') return;
      return send(job);
    },
    'an if without else': (job) => {
      if (job.name === 'email') return send(job);
      return;
    },
    'a switch without default': (job) => {
      switch (job.name) {
        case 'email':
          return send(job);
      }
      return;
    },
    'a handler map with an optional call': (job) => {
      const handlers: Partial<Record<string, typeof send>> = { email: send };
      return handlers[job.name]?.(job);
    },
  };

  test.each(Object.keys(processors))(
    '%s: the job of another name is completed and not done',
    async (kind) => {
      const queue = lab.queue();
      const [email, sms] = [await queue.add('email', {}), await queue.add('sms', {}, { attempts: 3 })];
      const { outcome } = lab.worker(queue, (job) => processors[kind]?.(job));

      expect(await outcome(email)).toEqual({ state: 'completed', value: 'sent email' });
      expect(await outcome(sms)).toMatchObject({ state: 'completed', value: undefined });
    },
  );

  test('two workers with guards on one queue complete all jobs and do some', async () => {
    const queue = lab.queue();
    const jobs = await queue.addBulk(
      Array.from({ length: 40 }, (_, n) => ({ name: n % 2 ? 'email' : 'sms', data: {} })),
    );
    let done = 0;
    const only = (name: string) => (job: AnyJob<unknown>) => {
      if (job.name === name) done++;
    };
    const emails = lab.worker(queue, only('email'));
    // Two workers that start together can happen to share the jobs out by name; this one gets the first job.
    await emails.outcome(jobs[0] ?? {});
    const texts = lab.worker(queue, only('sms'));
    await Promise.all(jobs.map((job) => Promise.race([emails.outcome(job), texts.outcome(job)])));

    expect(await queue.getCompletedCount()).toBe(40);
    expect(done).toBeLessThan(40);
  });

  test('throwing for an unknown name: the job is failed and can be seen', async () => {
    const queue = lab.queue();
    const [email, sms] = [await queue.add('email', {}), await queue.add('sms', {}, { attempts: 3 })];
    const { outcome } = lab.worker(queue, (job) => {
      switch (job.name) {
        case 'email':
          return send(job);
        default:
          throw new lab.bullmq.UnrecoverableError(`unknown job ${job.name}`);
      }
    });

    expect(await outcome(email)).toEqual({ state: 'completed', value: 'sent email' });
    expect(await outcome(sms)).toEqual({ state: 'failed', reason: 'unknown job sms' });
  });
});
