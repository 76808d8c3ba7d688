// Premise: a worker without a failed listener says nothing about a job that failed for good.
import { expect, test } from 'vitest';
import { premise, type World } from './support.ts';

const service = (
  { bullmq, connection, say }: World,
  { name, listens }: { name: string; listens: boolean },
) => {
  const process = () => Promise.reject(new Error('smtp is down'));
  const worker = new bullmq.Worker(name, process, { connection });
  if (!listens) return;
  worker.on('failed', (job, error) => {
    say({ job: job?.id, attempt: job?.attemptsMade, error: error.message });
  });
};

premise((lab) => {
  const outputOf = async (listens: boolean) => {
    const queue = lab.queue();
    const events = await lab.events(queue);
    const job = await queue.add('mail', {}, { attempts: 2 });
    const { said, kill, end } = lab.process(service, { name: queue.name, listens });
    await expect(job.waitUntilFinished(events)).rejects.toThrow('smtp is down');
    if (listens) await said.reaches(2);
    kill('SIGTERM');
    const { stderr } = await end;
    return { said: said.entries, stderr };
  };

  test('no listener: no output', async () => {
    expect(await outputOf(false)).toEqual({ said: [], stderr: '' });
  });

  test('the error is kept with the job, and removed with it', async () => {
    const errorOf = async (removeOnFail: boolean) => {
      const queue = lab.queue();
      const job = await queue.add('mail', {}, { removeOnFail });
      await lab.worker(queue, () => Promise.reject(new Error('smtp is down'))).outcome(job);
      return (await queue.getJob(String(job.id)))?.failedReason;
    };
    expect(await errorOf(false)).toBe('smtp is down');
    expect(await errorOf(true)).toBeUndefined();
  });

  test('a failed listener: told of every attempt', async () => {
    expect((await outputOf(true)).said).toEqual([
      { job: '1', attempt: 1, error: 'smtp is down' },
      { job: '1', attempt: 2, error: 'smtp is down' },
    ]);
  });
});
