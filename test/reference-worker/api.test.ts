import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApi } from '../../src/reference-worker/api.ts';
import { startStack, type Stack } from './support/stack.ts';

let stack: Stack;
let api: ReturnType<typeof createApi>;
let databaseAnswers: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  stack = await startStack();
  api = createApi(stack.db, stack.log, { database: () => databaseAnswers });
});
afterAll(async () => {
  await api.close();
  await stack.close();
});

const body = { email: 'ada@example.com', currency: 'EUR', amountCents: 1_999 };
const post = (key: string | undefined, payload: unknown) =>
  api.inject({
    method: 'POST',
    url: '/orders',
    headers: { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) },
    payload: JSON.stringify(payload),
  });

it('stores the order with its outbox row and answers with a link to its state', async () => {
  const response = await post('first-order', body);
  const { id, statusUrl } = response.json<{ id: string; statusUrl: string }>();

  expect(response.statusCode).toBe(202);
  expect(response.headers.location).toBe(statusUrl);
  expect(await stack.db.selectFrom('outbox').selectAll().where('order_id', '=', id).execute()).toHaveLength(
    1,
  );
  const state = await api.inject(statusUrl);
  expect(state.json()).toEqual({ id, status: 'placed', confirmedAt: null });
});

it('stores a repeated request once, also when both come at the same time', async () => {
  const responses = await Promise.all([1, 2, 3, 4].map(() => post('same-order', body)));
  const ids = new Set(responses.map((response) => response.json<{ id: string }>().id));

  expect(responses.map((response) => response.statusCode)).toEqual([202, 202, 202, 202]);
  expect(ids.size).toBe(1);
  const [id = ''] = ids;
  expect(await stack.db.selectFrom('outbox').selectAll().where('order_id', '=', id).execute()).toHaveLength(
    1,
  );
});

it('refuses a key that was used for a different order', async () => {
  await post('another-order', body);
  const response = await post('another-order', { ...body, amountCents: 1 });
  expect(response.statusCode).toBe(422);
});

it.each([
  [undefined, body, /^headers\.idempotency-key: /],
  ['bad-request', { ...body, email: 'ada' }, /^body\.email: /],
  ['bad-request', { ...body, currency: 'XXX' }, /^body\.currency: /],
  ['bad-request', { ...body, amountCents: 0.5 }, /^body\.amountCents: /],
  ['bad-request', { ...body, admin: true }, /^body: /],
])('says what is wrong with a request (%s, %j)', async (key, payload, problem) => {
  const response = await post(key, payload);
  expect(response.statusCode).toBe(400);
  expect(response.json<{ problems: string[] }>().problems[0]).toMatch(problem);
});

it('knows which orders there are', async () => {
  expect((await api.inject('/orders/00000000-0000-4000-8000-000000000000')).statusCode).toBe(404);
  expect((await api.inject('/orders/1')).statusCode).toBe(400);
});

it('is healthy while the database answers', async () => {
  expect((await api.inject('/health')).json()).toEqual({ healthy: true, database: 'ok' });
  databaseAnswers = Promise.reject(new Error('gone'));
  const failed = await api.inject('/health');
  expect(failed.statusCode).toBe(503);
  expect(failed.json()).toEqual({ healthy: false, database: 'Error: gone' });
  databaseAnswers = new Promise(() => undefined);
  expect((await api.inject('/health')).json()).toEqual({ healthy: false, database: 'no answer' });
});
