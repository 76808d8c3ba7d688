import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProcesses } from './support/build.ts';
import { Child } from './support/child.ts';
import { createTestLog } from './support/log.ts';
import { startStack, type Stack } from './support/stack.ts';

let stack: Stack;
let folder = '';

beforeAll(async () => {
  folder = await buildProcesses('processes');
  stack = await startStack();
}, 120_000);
afterAll(async () => {
  await stack.close();
});

async function start(script: 'start-api' | 'start-worker', env: Record<string, string> = {}) {
  const { line, lines, collect } = createTestLog();
  const child = new Child(
    join(folder, `src/reference-worker/${script}.js`),
    { ...stack.env, ...env },
    stack.guard,
    collect,
  );
  const { url } = (await line('ready')) as { url?: string };
  return { child, line, lines, url: url ?? '' };
}

/** Resolves when a mail is handed in; it waits for its answer until the function that comes with it is called. */
function nextMail() {
  return new Promise<() => void>((arrived) => {
    stack.mailServer.interruptNext(
      () =>
        new Promise<void>((answer) => {
          arrived(answer);
        }),
    );
  });
}

it('takes an order over HTTP, confirms it in the worker, and both exit cleanly', async () => {
  const [api, worker] = await Promise.all([start('start-api'), start('start-worker')]);
  const response = await fetch(`${api.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'through-all' },
    body: JSON.stringify({ email: 'ada@example.com', currency: 'EUR', amountCents: 100 }),
  });
  const { id, statusUrl } = (await response.json()) as { id: string; statusUrl: string };
  expect(response.status).toBe(202);
  await worker.line('order confirmed', { orderId: id });
  await worker.line('job completed');

  const state = (await (await fetch(api.url + statusUrl)).json()) as { status: string };
  expect(state.status).toBe('confirmed');
  expect(await Promise.all([api.child.kill('SIGTERM'), worker.child.kill('SIGINT')])).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
  expect(api.child.lastWords + worker.child.lastWords).toBe('');
});

it('reports its health, and what it misses', async () => {
  const worker = await start('start-worker');
  const health = async () => {
    const response = await fetch(`${worker.url}/health`);
    return { status: response.status, ...((await response.json()) as object) };
  };
  expect(await health()).toEqual({ status: 200, healthy: true, database: 'ok', queue: 'ok', workers: 'ok' });

  await stack.redis.kill();
  expect(await health()).toMatchObject({ status: 503, healthy: false, database: 'ok', workers: 'ok' });
  await stack.redis.start();
  await expect.poll(health, { timeout: 20_000 }).toMatchObject({ status: 200, healthy: true });
  await worker.child.kill('SIGTERM');
});

it('waits for a Redis that is away when it starts', async () => {
  await stack.redis.kill();
  const { line, collect } = createTestLog();
  const script = join(folder, 'src/reference-worker/start-worker.js');
  const child = new Child(script, stack.env, stack.guard, collect);
  await line('queue error');
  await stack.redis.start();

  await line('ready');
  expect(await child.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});

it('lets the running job finish before it exits', async () => {
  const worker = await start('start-worker', { SHUTDOWN_GRACE_MS: '10000', SHUTDOWN_DEADLINE_MS: '20000' });
  const mail = nextMail();
  const { orderId, jobId } = await stack.order();
  const answer = await mail;
  const exited = worker.child.kill('SIGTERM');
  await worker.line('shutting down');
  answer();

  expect(await exited).toEqual({ code: 0, signal: null });
  expect(await worker.line('job completed', { jobId })).toMatchObject({ attempt: 1 });
  expect(stack.mailServer.confirmations.get(orderId)?.size).toBe(1);
});

it('cancels the running job after the grace period, and another worker does it', async () => {
  const worker = await start('start-worker', { SHUTDOWN_GRACE_MS: '200', SOFT_LIMIT_MS: '30000' });
  const mail = nextMail();
  const { orderId, jobId } = await stack.order();
  await mail;

  expect(await worker.child.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  const failure = await worker.line('job failed, will be retried', { jobId });
  expect(failure.err).toMatchObject({ message: expect.stringContaining('shutting down') as string });

  const next = await start('start-worker');
  expect(await next.line('job completed', { jobId })).toMatchObject({ attempt: 2 });
  expect(stack.mailServer.confirmations.get(orderId)?.size).toBe(1);
  await next.child.kill('SIGTERM');
});

it('exits at the deadline, and its job stalls and is run again', async () => {
  const worker = await start('start-worker', {
    SHUTDOWN_GRACE_MS: '60000',
    SHUTDOWN_DEADLINE_MS: '200',
    SOFT_LIMIT_MS: '30000',
  });
  const mail = nextMail();
  const { orderId, jobId } = await stack.order();
  await mail;

  expect(await worker.child.kill('SIGTERM')).toEqual({ code: 1, signal: null });
  await worker.line('not closed in time, exiting');

  const next = await start('start-worker');
  await next.line('job stalled, will be run again', { jobId });
  await next.line('job completed', { jobId });
  expect([...(stack.mailServer.confirmations.get(orderId)?.values() ?? [])]).toEqual([2]);
  await next.child.kill('SIGTERM');
});

it('says which setting is missing', async () => {
  const child = new Child(
    join(folder, 'src/reference-worker/start-worker.js'),
    { ...stack.env, SMTP_URL: 'not a url' },
    stack.guard,
    () => undefined,
  );
  expect(await child.exited).toMatchObject({ code: 1 });
  expect(child.lastWords).toContain('SMTP_URL');
});
