// Premise: a processor that finishes its own job gets lock errors in place of the completed or failed event, and moveToCompleted takes the next job along that nobody runs; process.exit leaves the jobs beside it active.
import { expect, test } from 'vitest';
import { type AnyJob, premise, type World } from './support.ts';

const renders = ({ bullmq, connection, say }: World, { name, exits }: { name: string; exits: boolean }) => {
  let endBeside: ((value: string) => void) | undefined;
  let besideStarted: (() => void) | undefined;
  const beside = new Promise<void>((resolve) => (besideStarted = resolve));
  const work = async (job: { name: string }) => {
    if (job.name === 'beside') {
      besideStarted?.();
      return new Promise((resolve) => (endBeside = resolve));
    }
    await beside;
    if (exits) process.exit(1);
    throw new bullmq.UnrecoverableError('fatal');
  };
  const worker = new bullmq.Worker(name, work, { connection, concurrency: 2 });
  worker.on('failed', (job) => {
    say(`${String(job?.name)} failed`);
    endBeside?.('done');
  });
  worker.on('completed', (job) => {
    say(`${job.name} completed`);
  });
};

premise((lab) => {
  /** A job that ends in a way of its own, and one that is enqueued behind it. */
  const setUp = async (finish: (job: AnyJob<unknown>, token: string) => unknown) => {
    const queue = lab.queue();
    const [job, next] = [await queue.add('charge', {}), await queue.add('next', {})];
    const events: string[] = [];
    const { worker, errors, outcome } = lab.worker(queue, (job, token = '') => {
      events.push(`${job.name} runs`);
      return job.name === 'next' ? undefined : finish(job, token);
    });
    worker.on('completed', ({ name }) => events.push(`${name} completed`));
    worker.on('failed', (job) => events.push(`${String(job?.name)} failed`));
    return { job, next, events, errors, outcome };
  };
  const lostLock = expect.stringContaining('Missing lock for job 1') as string;

  test('moveToFailed: failed without a failed event, and two errors', async () => {
    const { job, next, events, errors, outcome } = await setUp((job, token) =>
      job.moveToFailed(new Error('declined'), token),
    );
    await outcome(next);

    expect(await job.getState()).toBe('failed');
    expect(events).toEqual(['charge runs', 'next runs', 'next completed']);
    expect(errors.entries.map(({ message }) => message)).toEqual([lostLock, lostLock]);
  });

  test('moveToCompleted: completed without an event, and the next job is fetched and never run', async () => {
    const { job, next, events, errors } = await setUp((job, token) => job.moveToCompleted('charged', token));
    expect((await errors.reaches(2)).map(({ message }) => message)).toEqual([lostLock, lostLock]);

    expect([await job.getState(), await next.getState()]).toEqual(['completed', 'active']);
    expect(events).toEqual(['charge runs']);
  });

  test('an error, or a return: the event comes, and the next job runs', async () => {
    const failing = await setUp(() => Promise.reject(new lab.bullmq.UnrecoverableError('declined')));
    await failing.outcome(failing.next);
    expect(failing.events).toEqual(['charge runs', 'charge failed', 'next runs', 'next completed']);

    const completing = await setUp(() => 'charged');
    await completing.outcome(completing.next);
    expect(completing.events).toEqual(['charge runs', 'charge completed', 'next runs', 'next completed']);
    expect([failing, completing].flatMap(({ errors }) => errors.entries)).toEqual([]);
  });

  test('process.exit: the job beside is interrupted and left active', async () => {
    const queue = lab.queue();
    const beside = await queue.add('beside', {});
    await queue.add('fatal', {});
    const { code, said } = await lab.process(renders, { name: queue.name, exits: true }).end;

    expect({ code, said }).toEqual({ code: 1, said: [] });
    expect(await beside.getState()).toBe('active');
  });

  test('an error: the job fails, the one beside is completed', async () => {
    const queue = lab.queue();
    await queue.add('beside', {});
    await queue.add('fatal', {});
    const { said } = lab.process(renders, { name: queue.name, exits: false });

    expect(await said.reaches(2)).toEqual(['fatal failed', 'beside completed']);
  });
});
