import type { Queue } from 'bullmq';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { dispatchOutbox, refillOutbox, repeat } from '../../src/reference-worker/outbox.ts';
import type { ConfirmOrder } from '../../src/reference-worker/queues.ts';
import { startStack, type Stack } from './support/stack.ts';

let stack: Stack;
let queue: Queue<ConfirmOrder>;

beforeAll(async () => {
  stack = await startStack();
  queue = stack.queues.orderConfirmations;
});
beforeEach(async () => {
  await queue.obliterate({ force: true });
  await stack.db.deleteFrom('outbox').execute();
});
afterAll(async () => {
  await stack.close();
});

const waiting = async () => (await queue.getWaiting()).map((job) => job.data.orderId).sort();
const dispatch = () => dispatchOutbox(stack.db, queue, stack.settings, stack.log);
const outbox = () => stack.db.selectFrom('outbox').selectAll().execute();

it('moves every order to the queue and empties the outbox', async () => {
  const orders = [await stack.place(), await stack.place()].sort();
  await dispatch();

  expect(await waiting()).toEqual(orders);
  expect(await outbox()).toEqual([]);
  await stack.line('outbox dispatched', { moved: 2 });
});

it('enqueues once when it crashed between enqueueing and forgetting', async () => {
  const order = await stack.place();
  const rows = await outbox();
  await dispatch();
  await stack.db.insertInto('outbox').values(rows).execute();
  await dispatch();

  expect(await waiting()).toEqual([order]);
});

it('enqueues once when two dispatchers are at it', async () => {
  const orders: string[] = [];
  for (let count = 0; count < 20; count++) orders.push(await stack.place());
  await Promise.all([1, 2, 3].map(dispatch));

  expect(await waiting()).toEqual(orders.sort());
  expect(await outbox()).toEqual([]);
});

it('has one unfinished job for an order that comes a second time', async () => {
  const order = await stack.place();
  await dispatch();
  await stack.db.insertInto('outbox').values({ order_id: order }).execute();
  await dispatch();

  expect(await waiting()).toEqual([order]);
});

it('keeps the rows while Redis is away, and goes on when it is back', async () => {
  await stack.redis.kill();
  const order = await stack.place();
  // Those of the tests before say the same.
  stack.lines.length = 0;
  const stop = new AbortController();
  const dispatcher = repeat(dispatch, 50, stack.log, stop.signal);
  await stack.line('outbox not served, will try again');
  expect(await outbox()).toHaveLength(1);

  await stack.redis.start();
  await stack.line('outbox dispatched', { moved: 1 });
  stop.abort();
  await dispatcher;
  expect(await waiting()).toEqual([order]);
  expect(await outbox()).toEqual([]);
});

it('puts orders that were forgotten back into the outbox, and no others', async () => {
  const [late, lateToo, queued, settled, young] = await Promise.all([1, 2, 3, 4, 5].map(() => stack.place()));
  const old = [late, lateToo, queued, settled].map(String);
  await stack.db.deleteFrom('outbox').where('order_id', '!=', String(queued)).execute();
  await stack.db
    .updateTable('orders')
    .set({ created_at: sql<Date>`now() - interval '2 minutes'` })
    .where('id', 'in', old)
    .execute();
  await stack.db
    .updateTable('orders')
    .set({ status: 'confirmed' })
    .where('id', '=', String(settled))
    .execute();

  await refillOutbox(stack.db, stack.settings, stack.log);
  await stack.line('forgotten orders put back into the outbox', { count: 2 });
  const forgotten = (await outbox()).map((row) => row.order_id);
  expect(forgotten.sort()).toEqual([late, lateToo, queued].sort());
  expect(forgotten).not.toContain(young);
});
