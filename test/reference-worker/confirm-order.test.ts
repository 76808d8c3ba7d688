import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOrderConfirmer } from '../../src/reference-worker/confirm-order.ts';
import { openDatabase } from '../../src/reference-worker/database.ts';
import { logLifecycle } from '../../src/reference-worker/lifecycle.ts';
import { createMailer, type Mailer } from '../../src/reference-worker/mailer.ts';
import { withTimeLimits } from '../../src/reference-worker/time-limits.ts';
import { closeWorkers, startWorkers } from '../../src/reference-worker/workers.ts';
import { startStack, type Stack } from './support/stack.ts';

let stack: Stack;
let mailer: Mailer;
let workers: Worker[] = [];
let confirmations: Worker;
const limits = { softMs: 1_000, hardMs: 2_000 };

beforeAll(async () => {
  stack = await startStack();
  mailer = createMailer(stack.mailServer.url);
  const { db, log } = stack;
  workers = startWorkers(stack.settings, stack.queues, { db, mailer, log });
  const [first] = workers;
  if (!first) throw new Error('no workers');
  confirmations = first;
});
afterAll(async () => {
  await closeWorkers(workers, 500);
  await stack.close();
});

const statusOf = async (orderId: string) => {
  const rows = await stack.db.selectFrom('orders').select('status').where('id', '=', orderId).execute();
  return rows[0]?.status;
};
const timesAccepted = (orderId: string) => [...(stack.mailServer.confirmations.get(orderId)?.values() ?? [])];
const jobOf = async (jobId: string) => await stack.queues.orderConfirmations.getJob(jobId);

it('sends the confirmation, sets the flag and stores no result', async () => {
  const { orderId, jobId } = await stack.order('ada@example.com');
  await stack.line('job completed', { jobId });

  expect(await statusOf(orderId)).toBe('confirmed');
  const mail = stack.mailServer.mails.find((it) => it.includes(orderId));
  expect(mail).toMatch(/^To: ada@example\.com$/m);
  expect(mail).toContain(`<order-${orderId}.confirmation@shop.example>`);
  expect(mail).toContain('19.99 EUR');
  const job = await jobOf(jobId);
  expect(job?.returnvalue).toBeNull();
  expect(job?.attemptsMade).toBe(1);
});

it('logs a deleted order and completes, without a retry', async () => {
  const orderId = await stack.place();
  const row = await stack.db.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();
  await stack.db.deleteFrom('outbox').execute();
  await stack.db.deleteFrom('orders').where('id', '=', orderId).execute();
  await stack.queues.orderConfirmations.add('confirm-order', { orderId }, { jobId: row.id });

  await stack.line('order no longer exists', { jobId: row.id, orderId });
  expect(await stack.line('job completed', { jobId: row.id })).toMatchObject({ attempt: 1 });
  expect(timesAccepted(orderId)).toEqual([]);
});

it('sends nothing for an order that is settled', async () => {
  const { orderId } = await stack.order();
  await stack.line('order confirmed', { orderId });
  const again = await stack.queues.orderConfirmations.add('confirm-order', { orderId });

  await stack.line('order already settled', { orderId });
  await stack.line('job completed', { jobId: again.id });
  expect(timesAccepted(orderId)).toEqual([1]);
});

it('sends one mail when the job runs twice at the same time', async () => {
  const orderId = await stack.place();
  const confirm = createOrderConfirmer({ ...stack, mailer });
  const job = await stack.queues.orderConfirmations.add('confirm-order', { orderId }, { delay: 60_000 });
  const { signal } = new AbortController();
  await Promise.all([confirm(job, signal), confirm(job, signal), confirm(job, signal)]);
  await job.remove();

  expect(timesAccepted(orderId)).toEqual([1]);
  expect(stack.lines.filter((line) => line.jobId === job.id).map((line) => line.msg)).toEqual([
    'order confirmed',
    'order already settled',
    'order already settled',
  ]);
});

it.each(['try later', 'drop'] as const)('tries again when the mail server says: %s', async (answer) => {
  stack.answers.push(answer);
  const { orderId, jobId } = await stack.order();

  expect(await stack.line('job failed, will be retried', { jobId })).toMatchObject({ attempt: 1 });
  expect(await stack.line('job completed', { jobId })).toMatchObject({ attempt: 2 });
  expect(timesAccepted(orderId)).toEqual([1]);
  expect(await statusOf(orderId)).toBe('confirmed');
});

it('is enqueued with a retry policy and a bounded history', async () => {
  const { jobId } = await stack.order();
  await stack.line('job completed', { jobId });
  expect((await jobOf(jobId))?.opts).toMatchObject({
    attempts: 10,
    backoff: { type: 'exponential', delay: 50, jitter: 0.5 },
    removeOnComplete: { age: 86_400, count: 10_000 },
    removeOnFail: { age: 1_209_600, count: 50_000 },
  });
});

it('uses the same Message-ID when it does not know whether the mail was accepted', async () => {
  stack.answers.push('accept, then drop');
  const { orderId, jobId } = await stack.order();
  await stack.line('job completed', { jobId });

  // Handed in twice, and by its one Message-ID the same confirmation.
  expect(timesAccepted(orderId)).toEqual([2]);
});

it('gives up at once on a mailbox that does not exist', async () => {
  const { orderId, jobId } = await stack.order('nobody@example.com');

  expect(await stack.line('job failed for good', { jobId })).toMatchObject({ attempt: 1 });
  expect(await statusOf(orderId)).toBe('undeliverable');
  expect((await jobOf(jobId))?.failedReason).toContain('No such mailbox');
});

it('gives up at once on a mail that is rejected', async () => {
  stack.answers.push('reject');
  const { orderId, jobId } = await stack.order();

  expect(await stack.line('job failed for good', { jobId })).toMatchObject({ attempt: 1 });
  expect(await statusOf(orderId)).toBe('undeliverable');
});

it('gives up at once on a payload that it cannot read', async () => {
  const job = await stack.queues.orderConfirmations.add('confirm-order', { orderId: 'not an id' });

  await stack.line('job failed for good', { jobId: job.id });
  expect((await jobOf(job.id ?? ''))?.failedReason).toContain('not a payload');
});

it('lets go of mail server and row at the soft limit, and is retried', async () => {
  stack.answers.push('hang');
  const { orderId, jobId } = await stack.order();

  const failure = await stack.line('job failed, will be retried', { jobId });
  expect(failure.err).toMatchObject({
    message: expect.stringContaining('soft time limit of 1000 ms') as string,
  });
  expect(failure.durationMs).toBeLessThan(limits.hardMs);
  expect(await stack.line('job completed', { jobId })).toMatchObject({ attempt: 2 });
  expect(timesAccepted(orderId)).toEqual([1]);
});

it('stops when the job is cancelled, and is retried', async () => {
  stack.answers.push('hang');
  const waiting = new Promise<void>((resolve) => {
    stack.mailServer.interruptNext(() => {
      resolve();
      return Promise.resolve();
    });
  });
  const { jobId } = await stack.order();
  await waiting;
  expect(confirmations.cancelJob(jobId, 'for the test')).toBe(true);

  const failure = await stack.line('job failed, will be retried', { jobId });
  expect(failure.err).toMatchObject({
    message: expect.stringContaining('cancelled: for the test') as string,
  });
  await stack.line('job completed', { jobId });
});

it('fails for good at the hard limit, and leaves no row locked', async () => {
  const released = new AbortController();
  const stubborn: Mailer = {
    sendMail: async () => {
      await once(released.signal, 'abort');
    },
  };
  const short = { softMs: 50, hardMs: 200 };
  const db = openDatabase(stack.database.url, stack.log, short);
  const confirm = withTimeLimits(short, createOrderConfirmer({ db, mailer: stubborn, log: stack.log }));
  const connection = { url: stack.redis.url };
  const queue = new Queue('stubborn', { connection });
  const worker = new Worker('stubborn', confirm, { connection });
  logLifecycle(worker, stack.log);
  const orderId = await stack.place();
  const job = await queue.add('confirm-order', { orderId }, { attempts: 5, backoff: 10 });

  const failure = await stack.line('job failed for good', { jobId: job.id, queue: 'stubborn' });
  expect(failure).toMatchObject({ attempt: 1, err: { message: 'hard time limit of 200 ms' } });
  if (stack.database.kind === 'Postgres') {
    // The work still hangs, but Postgres has ended its transaction. PGlite has no timers for that.
    await stack.line('database connection lost');
    const { status } = await stack.db
      .selectFrom('orders')
      .selectAll()
      .where('id', '=', orderId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    expect(status).toBe('placed');
  }
  released.abort();
  await worker.close();
  await db.destroy();
  await queue.close();
});
