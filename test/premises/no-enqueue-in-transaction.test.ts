// Premise: a job that is enqueued inside a transaction runs before the commit and finds no row, and it runs for a row that was rolled back.
import { randomUUID } from 'node:crypto';
import type { PgPool } from 'bullmq';
import { type Client, Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Postgres, startPostgres } from './postgres.ts';
import { premise } from './support.ts';

const orders = `orders_${randomUUID().slice(0, 8)}`;
let postgres: Postgres;
let pool: Pool;
beforeAll(async () => {
  postgres = await startPostgres();
  // Without an options object of its own, BullMQ's Postgres backend looks for its tables on the search path.
  pool = new Pool({ connectionString: postgres.url, options: '-c search_path=public,bullmq' });
  await pool.query(`CREATE TABLE ${orders} (id uuid PRIMARY KEY)`);
});
afterAll(async () => {
  await pool.query(`DROP TABLE ${orders}`);
  await pool.end();
  await postgres.close();
});

type Transaction = Pick<Client, 'query'>;
async function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
async function placeOrder(tx: Transaction): Promise<{ orderId: string }> {
  const orderId = randomUUID();
  await tx.query(`INSERT INTO ${orders} VALUES ($1)`, [orderId]);
  return { orderId };
}
async function rowsOf({ orderId }: { orderId: string }): Promise<number | null> {
  return (await pool.query(`SELECT FROM ${orders} WHERE id = $1`, [orderId])).rowCount;
}
const declined = new Error('card declined');

premise((lab) => {
  const setUp = () => {
    const queue = lab.queue<{ orderId: string }>();
    return { queue, ...lab.worker(queue, ({ data }) => rowsOf(data)) };
  };

  test('enqueued before the commit, the job finds no order', async () => {
    const { queue, outcome } = setUp();
    const { job, found } = await transaction(async (tx) => {
      const job = await queue.add('confirm', await placeOrder(tx));
      return { job, found: await outcome(job) };
    });

    expect(found).toEqual({ state: 'completed', value: 0 });
    expect(await rowsOf(job.data)).toBe(1);
  });

  test('enqueued in a transaction that is rolled back, the job runs for an order that never was', async () => {
    const { queue, outcomes } = setUp();
    const order = transaction(async (tx) => {
      await queue.add('confirm', await placeOrder(tx));
      throw declined;
    });

    await expect(order).rejects.toBe(declined);
    expect(await outcomes(1)).toEqual([{ state: 'completed', value: 0 }]);
  });

  test('enqueued after the commit, the job finds the order', async () => {
    const { queue, outcome } = setUp();
    const order = await transaction(placeOrder);

    expect(await outcome(await queue.add('confirm', order))).toEqual({ state: 'completed', value: 1 });
  });

  test('enqueued after the transaction, no job is left when that is rolled back', async () => {
    const { queue } = setUp();
    const order = transaction(async (tx) => {
      await placeOrder(tx);
      throw declined;
    }).then((data) => queue.add('confirm', data));

    await expect(order).rejects.toBe(declined);
    expect(await queue.count()).toBe(0);
  });
});

premise(
  (lab) => {
    test('the job of the Postgres backend on the same pool is no part of the transaction either', async () => {
      const client = await pool.connect();
      await lab.bullmq.runMigrations(client);
      client.release();
      const queue = new lab.bullmq.Queue(
        lab.name(),
        { connection: pool as unknown as PgPool },
        lab.bullmq.createPostgresBackend,
      );
      lab.defer(() => queue.close());
      lab.defer(() => queue.obliterate());
      const order = transaction(async (tx) => {
        await queue.add('confirm', await placeOrder(tx));
        throw declined;
      });

      await expect(order).rejects.toBe(declined);
      expect(await queue.count()).toBe(1);
    });
  },
  [6],
);
