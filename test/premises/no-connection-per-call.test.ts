// Premise: a Queue per request opens a Redis connection per request; not closed they pile up, closed in finally the next request opens another.
import { expect, test } from 'vitest';
import { type Connection, premise } from './support.ts';

premise((lab) => {
  /** Sends five requests to a handler and counts the Redis connections they opened. */
  const fiveRequests = async (
    handle: (connection: Connection, connected: () => Promise<void>) => Promise<unknown>,
  ) => {
    const connectionName = lab.name();
    const opened = new Set<string>();
    const list = async () => {
      const clients = String(await lab.redis.client('LIST'));
      // QueueEvents give their connection a name of their own, made from the queue's.
      const names = [`name=${connectionName} `, Buffer.from(connectionName).toString('base64')];
      return clients.split('\n').filter((client) => names.some((name) => client.includes(name)));
    };
    const url = await lab.serve(async () => {
      await handle({ ...lab.connection, connectionName }, async () => {
        for (const client of await list()) opened.add(client.replace(/ .*/, ''));
      });
      return { status: 202, body: null };
    });
    for (let request = 1; request <= 5; request++) expect((await fetch(url)).status).toBe(202);
    return { opened: opened.size, left: (await list()).length };
  };

  test('a queue per request leaves a connection per request behind', async () => {
    const result = await fiveRequests(async (connection, connected) => {
      await lab.queue({ connection }).add('mail', {});
      await connected();
    });
    expect(result).toEqual({ opened: 5, left: 5 });
  });

  test('a queue closed in finally opens a connection per request all the same', async () => {
    const result = await fiveRequests(async (connection, connected) => {
      const queue = lab.queue({ connection });
      try {
        await queue.add('mail', {});
        await connected();
      } finally {
        await queue.close();
      }
    });
    expect(result.opened).toBe(5);
  });

  test.each<[string, (connection: Connection) => Promise<unknown>]>([
    ['a Worker', (connection) => lab.worker(lab.queue(), () => null, { connection }).worker.waitUntilReady()],
    [
      'QueueEvents',
      (connection) => {
        const events = new lab.bullmq.QueueEvents(String(connection.connectionName), { connection });
        lab.defer(() => events.close());
        return events.waitUntilReady();
      },
    ],
    [
      'a FlowProducer',
      (connection) => {
        const flow = new lab.bullmq.FlowProducer({ connection });
        lab.defer(() => flow.close());
        return flow.add({ name: 'mail', queueName: lab.name(), data: {} });
      },
    ],
  ])('%s per request leaves connections of its own behind', async (_, open) => {
    const result = await fiveRequests(async (connection) => {
      await open(connection);
    });
    expect(result.left).toBeGreaterThanOrEqual(5);
  });

  test('a queue for all requests opens one connection', async () => {
    let queue: ReturnType<typeof lab.queue> | undefined;
    const result = await fiveRequests(async (connection, connected) => {
      queue ??= lab.queue({ connection });
      await queue.add('mail', {});
      await connected();
    });
    expect(result).toEqual({ opened: 1, left: 1 });
  });
});
