// Premise: keyPrefix in the connection options leaves jobs active for ever, a URL string as connection leads to localhost, and a Worker on a client that gives commands up loses the outcome of a job in a short outage, or refuses the client.
import { once } from 'node:events';
import net from 'node:net';
import { Redis } from 'ioredis';
import { expect, test, vi } from 'vitest';
import { premise } from './support.ts';

// BullMQ and ioredis say there what they think of such options.
const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);

premise((lab) => {
  test('keyPrefix: the job runs and is never completed; prefix: it is', async () => {
    const run = async (options: object) => {
      const queue = lab.queue(options);
      const job = await queue.add('mail', {});
      let runs = 0;
      const { outcome, errors } = lab.worker(queue, () => ++runs, options);
      const end = await Promise.race([outcome(job), errors.find(() => true).then(String)]);
      return { end, runs, counts: await queue.getJobCounts('active', 'completed') };
    };

    expect(await run({ connection: { ...lab.connection, keyPrefix: 'app:' } })).toMatchObject({
      end: expect.stringContaining('Missing key for job 1') as string,
      runs: 1,
      counts: { active: 1, completed: 0 },
    });
    expect(await run({ prefix: 'app' })).toMatchObject({
      end: { state: 'completed' },
      runs: 1,
      counts: { active: 0, completed: 1 },
    });
  });

  test('a URL as connection is not read, as connection.url it is', async () => {
    const targetOf = async (connection: unknown) => {
      const connect = vi.spyOn(net, 'createConnection').mockImplementation(() => new net.Socket());
      try {
        lab.queue({ connection, skipMetasUpdate: true } as object);
        await vi.waitUntil(() => connect.mock.calls.length > 0);
        const [target] = connect.mock.lastCall as unknown as [{ host: string; port: number }];
        return `${target.host}:${target.port}`;
      } finally {
        connect.mockRestore();
      }
    };
    const url = 'redis://redis.example.org:6400';

    expect(await targetOf(url)).toMatch(/^(localhost|127\.0\.0\.1):6379$/);
    expect(await targetOf({ url })).toBe('redis.example.org:6400');
  });

  const client = async (options: object) => {
    const client = new Redis({ ...lab.connection, ...options });
    client.on('error', () => undefined);
    lab.defer(() => {
      client.disconnect();
    });
    await once(client, 'ready');
    return client;
  };

  test.each([{}, { maxRetriesPerRequest: 3 }])(
    'Worker and QueueEvents refuse a client with %o',
    async (options) => {
      const connection = await client(options);
      const message = 'maxRetriesPerRequest must be null';
      expect(() => lab.worker(lab.queue(), () => 'done', { connection })).toThrow(message);
      expect(() => new lab.bullmq.QueueEvents(lab.name(), { connection })).toThrow(message);
    },
  );

  test('the same number in an options object is overridden', async () => {
    printed.mockClear();
    const queue = lab.queue();
    const connection = { ...lab.connection, maxRetriesPerRequest: 3 };
    const { outcome } = lab.worker(queue, () => 'done', { connection });

    expect(await outcome(await queue.add('mail', {}))).toEqual({ state: 'completed', value: 'done' });
    expect(printed).toHaveBeenCalled();
  });

  test.each([
    ['0: run and neither completed nor failed', 0, 'active'],
    ['null: completed once Redis is back', null, 'completed'],
  ])(
    'a job that ends in an outage of 0.5 s, with maxRetriesPerRequest %s',
    async (_, maxRetriesPerRequest, state) => {
      const way = await lab.wayToRedis();
      const connection = await client({ ...way.connection, maxRetriesPerRequest });
      const queue = lab.queue();
      let runs = 0;
      const { worker, outcome, errors } = lab.worker(
        queue,
        () => {
          runs++;
          way.cutFor(500);
        },
        { connection },
      );
      await worker.waitUntilReady();
      const job = await queue.add('mail', {});
      await (state === 'completed'
        ? outcome(job)
        : errors.find(({ message }) => message.includes('Reached the max retries per request limit')));
      await vi.waitUntil(() => connection.status === 'ready', 5_000);

      expect({ runs, state: await job.getState() }).toEqual({ runs: 1, state });
    },
  );
});
