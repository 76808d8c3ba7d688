// Premise: a job that ends between two writes leaves the first one behind and repeats it at the retry, and a flag that is checked without a lock lets two runs send the same mail.
import { randomUUID } from 'node:crypto';
import { Pool, type PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Postgres, startPostgres } from './postgres.ts';
import { gate, premise } from './support.ts';

const suffix = randomUUID().slice(0, 8);
const orders = `orders_${suffix}`;
const ledger = `ledger_${suffix}`;
let postgres: Postgres;
let pool: Pool;
beforeAll(async () => {
  postgres = await startPostgres();
  pool = new Pool({ connectionString: postgres.url });
  await pool.query(`CREATE TABLE ${orders} (id int PRIMARY KEY, email_sent boolean NOT NULL DEFAULT false)`);
  await pool.query(`CREATE TABLE ${ledger} (order_id int, amount int)`);
});
afterAll(async () => {
  await pool.query(`DROP TABLE ${orders}, ${ledger}`);
  await pool.end();
  await postgres.close();
});
beforeEach(async () => {
  await pool.query(`TRUNCATE ${orders}, ${ledger}`);
  await pool.query(`INSERT INTO ${orders} (id) VALUES (7)`);
});

type Database = Pick<PoolClient, 'query'>;
async function transaction(work: (tx: Database) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
const separately = (work: (db: Database) => Promise<void>) => work(pool);

premise((lab) => {
  test.each([
    ['two writes: booked twice', separately, 2],
    ['two writes in a transaction: booked once', transaction, 1],
  ])('interrupted between %s', async (_, inScope, bookings) => {
    const queue = lab.queue();
    const job = await queue.add('pay', {}, { attempts: 2 });
    const { outcome } = lab.worker(queue, ({ attemptsMade }) =>
      inScope(async (db) => {
        await db.query(`INSERT INTO ${ledger} VALUES (7, 100)`);
        if (attemptsMade === 0) throw new Error('connection lost');
        await db.query(`UPDATE ${orders} SET email_sent = true WHERE id = 7`);
      }),
    );

    expect(await outcome(job)).toMatchObject({ state: 'completed' });
    expect((await pool.query(`SELECT FROM ${ledger}`)).rowCount).toBe(bookings);
  });

  /** The same order confirmed by two jobs at the same time. */
  const mails = async (inScope: typeof transaction, lock: '' | 'FOR UPDATE') => {
    let sent = 0;
    const queue = lab.queue();
    await queue.addBulk([
      { name: 'confirm', data: {} },
      { name: 'confirm', data: {} },
    ]);
    const bothChecked = gate();
    let checked = 0;
    const send = async () => {
      if (++checked === 2) bothChecked.open();
      await Promise.race([bothChecked.opened, new Promise((resolve) => setTimeout(resolve, 1_000))]);
      sent++;
    };
    const { outcomes } = lab.worker(
      queue,
      () =>
        inScope(async (db) => {
          const { rows } = await db.query<{ email_sent: boolean }>(
            `SELECT email_sent FROM ${orders} WHERE id = 7 ${lock}`,
          );
          if (rows[0]?.email_sent) return;
          await send();
          await db.query(`UPDATE ${orders} SET email_sent = true WHERE id = 7`);
        }),
      { concurrency: 2 },
    );
    expect(await outcomes(2)).toMatchObject([{ state: 'completed' }, { state: 'completed' }]);
    return sent;
  };

  test('two runs that check the flag without a lock send two mails, in a transaction or not', async () => {
    expect(await mails(separately, '')).toBe(2);
    await pool.query(`UPDATE ${orders} SET email_sent = false`);
    expect(await mails(transaction, '')).toBe(2);
  });

  test('two runs that lock the row, check, send and set the flag send one', async () => {
    expect(await mails(transaction, 'FOR UPDATE')).toBe(1);
  });
});
