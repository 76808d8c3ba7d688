import type { Queue } from 'bullmq';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { dispatchOutbox, runDispatcher } from '../../src/reference-worker/outbox.ts';
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
const outbox = () => stack.db.selectFrom('outbox').selectAll().execute();

it('moves every order to the queue and empties the outbox', async () => {
  const orders = [await stack.place(), await stack.place()].sort();
  expect(await dispatchOutbox(stack.db, queue, stack.settings)).toBe(2);

  expect(await waiting()).toEqual(orders);
  expect(await outbox()).toEqual([]);
  expect(await dispatchOutbox(stack.db, queue, stack.settings)).toBe(0);
});

it('enqueues once when it crashed between enqueueing and forgetting', async () => {
  const order = await stack.place();
  const rows = await outbox();
  await dispatchOutbox(stack.db, queue, stack.settings);
  await stack.db.insertInto('outbox').values(rows).execute();
  await dispatchOutbox(stack.db, queue, stack.settings);

  expect(await waiting()).toEqual([order]);
});

it('enqueues once when two dispatchers are at it', async () => {
  const orders: string[] = [];
  for (let count = 0; count < 20; count++) orders.push(await stack.place());
  await Promise.all([1, 2, 3].map(() => dispatchOutbox(stack.db, queue, stack.settings)));

  expect(await waiting()).toEqual(orders.sort());
  expect(await outbox()).toEqual([]);
});

it('has one unfinished job for an order that comes a second time', async () => {
  const order = await stack.place();
  await dispatchOutbox(stack.db, queue, stack.settings);
  await stack.db.insertInto('outbox').values({ order_id: order }).execute();
  await dispatchOutbox(stack.db, queue, stack.settings);

  expect(await waiting()).toEqual([order]);
});

it('keeps the rows while Redis is away, and goes on when it is back', async () => {
  await stack.redis.kill();
  const order = await stack.place();
  const stop = new AbortController();
  const dispatcher = runDispatcher(
    () => dispatchOutbox(stack.db, queue, stack.settings),
    50,
    stack.log,
    stop.signal,
  );
  await stack.line('outbox not dispatched, will try again');
  expect(await outbox()).toHaveLength(1);

  await stack.redis.start();
  await stack.line('outbox dispatched', { moved: 1 });
  stop.abort();
  await dispatcher;
  expect(await waiting()).toEqual([order]);
  expect(await outbox()).toEqual([]);
});
