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
      return clients.split('\n').filter((client) => client.includes(`name=${connectionName} `));
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
