// Premise: a variable that a processor writes has another value in every process and none after a restart, and concurrent jobs of one process overwrite each other's.
import { expect, test } from 'vitest';
import { type AnyJob, gate, premise } from './support.ts';

premise((lab) => {
  test('two processes count two jobs: each module variable says 1, Redis says 2', async () => {
    const queue = lab.queue();
    await queue.addBulk([
      { name: 'count', data: {} },
      { name: 'count', data: {} },
    ]);
    const start = () =>
      lab.process(({ bullmq, connection, Redis, say }, name) => {
        const redis = new Redis(connection);
        let processed = 0;
        const process = async () => {
          processed++;
          say({ memory: processed, redis: await redis.incr(`${name}:processed`) });
          await redis.duplicate().blpop(`${name}:go`, 0);
        };
        new bullmq.Worker(name, process, { connection, concurrency: 1 });
      }, queue.name);
    const [first, second] = [start(), start()];

    const counts = [...(await first.said.reaches(1)), ...(await second.said.reaches(1))];
    await lab.redis.rpush(`${queue.name}:go`, '1', '2');
    expect(counts).toHaveLength(2);
    expect(counts).toContainEqual({ memory: 1, redis: 1 });
    expect(counts).toContainEqual({ memory: 1, redis: 2 });
  });

  test('a restarted process has forgotten what it handled, Redis has not', async () => {
    const queue = lab.queue();
    const deliver = async () => {
      const program = lab.process(({ bullmq, connection, Redis, say }, name) => {
        const redis = new Redis(connection);
        const handled = new Set<string>();
        const process = async (job: AnyJob<{ event: string }>) => {
          const { event } = job.data;
          say({ memory: handled.has(event), redis: (await redis.set(`${name}:${event}`, 1, 'NX')) === null });
          handled.add(event);
        };
        new bullmq.Worker(name, process, { connection });
      }, queue.name);
      await queue.add('webhook', { event: 'evt_1' });
      const [known] = await program.said.reaches(1);
      program.kill('SIGKILL');
      await program.end;
      return known;
    };

    expect(await deliver()).toEqual({ memory: false, redis: false });
    expect(await deliver()).toEqual({ memory: false, redis: true });
  });

  test('a field of the processor object holds the value of the job beside it, a local variable does not', async () => {
    const bothStarted = gate();
    class Greeter {
      #started = 0;
      #current = '';
      async process(job: AnyJob<{ name: string }>): Promise<unknown> {
        this.#current = job.data.name;
        const current = job.data.name;
        if (++this.#started === 2) bothStarted.open();
        await bothStarted.opened;
        return { field: this.#current, local: current };
      }
    }
    const greeter = new Greeter();
    const queue = lab.queue<{ name: string }>();
    const ann = await queue.add('greet', { name: 'Ann' });
    const bob = await queue.add('greet', { name: 'Bob' });
    const { outcome } = lab.worker(queue, (job) => greeter.process(job), { concurrency: 2 });

    expect(await outcome(ann)).toMatchObject({ value: { field: 'Bob', local: 'Ann' } });
    expect(await outcome(bob)).toMatchObject({ value: { field: 'Bob', local: 'Bob' } });
  });
});
