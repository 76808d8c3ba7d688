// Premise: a rejection in an async listener ends the process, and with it every job that runs there.
import { expect, test } from 'vitest';
import { premise, type World } from './support.ts';

const worker = ({ bullmq, connection, say }: World, { name, caught }: { name: string; caught: boolean }) => {
  let endBeside: ((value: string) => void) | undefined;
  let besideStarted: (() => void) | undefined;
  const beside = new Promise<void>((resolve) => (besideStarted = resolve));
  const process = async (job: { name: string }) => {
    if (job.name === 'beside') {
      besideStarted?.();
      return new Promise((resolve) => (endBeside = resolve));
    }
    await beside;
    throw new Error('declined');
  };
  const record = () => Promise.reject(new Error('database is down'));
  const worker = new bullmq.Worker(name, process, { connection, concurrency: 2 });
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the subject
  worker.on('failed', async () => {
    if (!caught) await record();
    await record().catch((error: unknown) => {
      say(String(error));
      endBeside?.('done');
    });
  });
  worker.on('completed', () => {
    say('completed');
  });
};

premise((lab) => {
  const start = async (caught: boolean) => {
    const queue = lab.queue();
    const beside = await queue.add('beside', {});
    await queue.add('charge', {});
    return { beside, ...lab.process(worker, { name: queue.name, caught }) };
  };

  test('not caught: the process dies and the job beside is left active', async () => {
    const { beside, end } = await start(false);
    const { code, said, stderr } = await end;

    expect({ code, said }).toEqual({ code: 1, said: [] });
    expect(stderr).toContain('Error: database is down');
    expect(await beside.getState()).toBe('active');
  });

  test('caught: the process lives and the job beside is completed', async () => {
    const { beside, said } = await start(true);

    expect(await said.reaches(2)).toEqual(['Error: database is down', 'completed']);
    expect(await beside.getState()).toBe('completed');
  });
});
