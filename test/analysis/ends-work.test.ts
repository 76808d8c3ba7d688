import { describe, expect, it } from 'vitest';
import { effectsOf, type ReachedEffect } from '../../src/analysis/effects/effect.ts';
import { endsWork } from '../../src/analysis/effects/kinds/ends-work.ts';
import { memoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

const IMPORT = `import { Queue } from 'bullmq'; import axios from 'axios'; import nodemailer from 'nodemailer'; import Stripe from 'stripe'; import { PrismaClient } from '@prisma/client'; import { shop } from 'shop-sdk'; const prisma = new PrismaClient(); const mailer = nodemailer.createTransport({}); const stripe = new Stripe('x'); const dead = new Queue('dead');`;

/** What ends the work in the function `f` of `a.ts`, and in what it calls. */
function ends(files: Files): ReachedEffect[] {
  const project = memoryProject(files);
  const start = project.ev.evaluate(project.find('a.ts', 'f', 'Identifier'));
  if (start.kind !== 'function') throw new Error('no function f');
  const everywhere = { leadsTo: () => true, mayLead: () => true };
  return effectsOf(project.ev, start, endsWork, everywhere, new WeakMap());
}

/** The calls that end the work in the body of a listener: `notifyUser()`. */
function labels(body: string, rest = ''): string[] {
  return ends({ 'a.ts': `${IMPORT} ${rest}\nasync function f(job, error) { ${body} } f;` }).map(
    ({ effect }) => effect.label,
  );
}

/** The ways to what ends the work. */
function ways(files: string | Files): string[] {
  const sources = typeof files === 'string' ? { 'a.ts': files } : files;
  return ends(sources).map(({ way }) => way.map(({ name }) => name).join(' -> '));
}

describe('work ends', () => {
  it.each<[string, string, string]>([
    ['with a mail', `await mailer.sendMail({ to: 'a@b.c', subject: 'failed' });`, 'mailer.sendMail()'],
    [
      'with a mail that nothing waits for',
      `mailer.sendMail({ to: 'a@b.c' }).catch(log);`,
      'mailer.sendMail()',
    ],
    [
      'with money that is given back',
      'await stripe.refunds.create({ payment_intent: job.data.id });',
      'stripe.refunds.create()',
    ],
    [
      'with a request that changes something',
      `await axios.post('https://x.example', { id: job.id });`,
      'axios.post()',
    ],
    [
      'with a request that may come twice',
      `await axios.put('https://x.example', { id: job.id });`,
      'axios.put()',
    ],
    [
      'with a fetch that changes something',
      `await fetch('https://x.example', { method: 'DELETE' });`,
      'fetch()',
    ],
    ['with a job for another queue', `await dead.add('x', job.data);`, 'dead.add()'],
    ['with jobs for another queue', `await dead.addBulk([{ name: 'x', data: job.data }]);`, 'dead.addBulk()'],
    [
      'with a job for a queue that is made there',
      `await new Queue('dead').add('x', job.data);`,
      `newQueue('dead').add()`,
    ],
    [
      'with a record that is marked as failed',
      `await prisma.order.update({ where: { id: 1 }, data: { status: 'failed' } });`,
      'prisma.order.update()',
    ],
    [
      'with records that are marked as failed',
      `await prisma.order.updateMany({ data: { status: 'FAILED' } });`,
      'prisma.order.updateMany()',
    ],
    [
      'with a record that is cancelled',
      `await prisma.order.update({ where: { id: 1 }, data: { state: 'cancelled' } });`,
      'prisma.order.update()',
    ],
    [
      'with a record that gets the reason',
      'await prisma.order.update({ where: { id: 1 }, data: { failedReason: text } });',
      'prisma.order.update()',
    ],
    [
      'with a record of a dead letter',
      'await prisma.deadLetter.create({ data: { jobId: job.id } });',
      'prisma.deadLetter.create()',
    ],
    [
      'with a record of a notification',
      'await prisma.notification.create({ data: { userId: 1 } });',
      'prisma.notification.create()',
    ],
    [
      'with a record in a DLQ',
      'await prisma.dlq.create({ data: { jobId: job.id } });',
      'prisma.dlq.create()',
    ],
    [
      'with records of refunds',
      'await prisma.refund.createMany({ data: [{ id: 1 }] });',
      'prisma.refund.createMany()',
    ],
    [
      'in a callback',
      `await prisma.$transaction(async (tx) => { await tx.order.update({ where: { id: 1 }, data: { status: 'failed' } }); });`,
      'tx.order.update()',
    ],
    ['in a loop', 'for (const user of job.data.users) await shop.notify(user);', 'shop.notify()'],
    ['in a `try`', 'try { await shop.notifyUser(1); } catch (e) { log(e); }', 'shop.notifyUser()'],
    ['with a bracketed name', `await shop['notifyUser'](1);`, `shop['notifyUser']()`],
    ['on something that may be missing', 'await job.client?.notifyUser(1);', 'job.client?.notifyUser()'],
  ])('%s', (_, body, expected) => {
    expect(labels(body)).toEqual([expected]);
  });

  it.each([
    'notify',
    'notifyCustomer',
    'sendEmail',
    'sendFailureMail',
    'sendSms',
    'sendAlert',
    'sendSlackMessage',
    'sendFailureReport',
    'sendMail',
    'pageOncall',
    'refund',
    'refundOrder',
    'issueRefund',
    'processRefund',
    'compensate',
    'compensateOrder',
    'sendToDLQ',
    'moveToDeadLetterQueue',
    'push_to_dead_letter',
    'markAsFailed',
    'markOrderFailed',
    'setPaymentFailed',
    'failOrder',
    'failPayment',
  ])('with `%s`, which cannot be seen', (name) => {
    expect(labels(`await shop.${name}(job.data.id);`)).toEqual([`shop.${name}()`]);
  });

  it('once for each call, nearest first', () => {
    const body = `await giveUp(1); await dead.add('x', {}); await shop.notifyUser(1);`;
    expect(labels(body, 'function giveUp(id) { return shop.refund(id); }')).toEqual([
      'dead.add()',
      'shop.notifyUser()',
      'shop.refund()',
    ]);
  });
});

describe('work does not end', () => {
  it.each([
    ['with a log', `console.error('failed', job.id, error); logger.warn({ id: job.id });`],
    ['with a monitor', 'sentry.captureException(error); bugsnag.notify(error); metrics.failed.inc();'],
    [
      'with a message in the same process',
      `events.emit('failed', job.id); parentPort.postMessage({ failed: job.id });`,
    ],
    [
      'with a read',
      `const order = await prisma.order.findUnique({ where: { status: 'failed' } }); use(order);`,
    ],
    [
      'with a request that only asks',
      `await axios.get('https://x.example/failed'); await fetch('https://x.example/failed');`,
    ],
    [
      'with a record that says that it goes on',
      `await prisma.order.update({ where: { id: 1 }, data: { status: 'delayed' } });`,
    ],
    [
      'with a record in a list of failures',
      'await prisma.failure.create({ data: { jobId: job.id, message: error.message } });',
    ],
    [
      'with a record that counts attempts',
      'await prisma.order.update({ where: { id: 1 }, data: { failedAttempts: 1 } });',
    ],
    [
      'with a record that carries the attempt',
      `await prisma.deadLetter.create({ data: { jobId: job.id, attempt: job.attemptsMade } });`,
    ],
    [
      'with a mail that speaks of a retry',
      `await mailer.sendMail({ to: 'a@b.c', subject: 'We will retry' });`,
    ],
    ['with a job that is to be retried', `await dead.add('retry', job.data);`],
    ['with `add` of something else', `const seen = new Set(); seen.add(job.id);`],
    ['with `sendMail` of the project that sends none', 'const sendMail = (id) => log(id); sendMail(job.id);'],
    [
      'with other functions that cannot be seen',
      'await shop.save(job.data); shop.sendMetrics(job.id); shop.failover(); shop.refuse();',
    ],
    ['with a name inside another', 'await shop.unnotifyUser(1); shop.resendEmail(1); shop.nonRefundable(1);'],
    ['in a function that is only defined', 'const later = () => shop.notifyUser(1); return later;'],
    ['in a listener', `job.child.on('failed', () => shop.notifyUser(1));`],
    ['with nothing', ''],
  ])('%s', (_, body) => {
    expect(labels(body)).toEqual([]);
  });
});

const NOTIFY = 'await shop.notifyUser(1);';

describe('work ends only at the last attempt', () => {
  it.each([
    ['in an if', `if (job.finishedOn) { ${NOTIFY} }`],
    ['in an if without a block', `if (job.attemptsMade >= job.opts.attempts) ${NOTIFY}`],
    ['in an else', `if (job.attemptsMade < 3) { log(job.id); } else { ${NOTIFY} }`],
    ['in an if inside another', `if (job.finishedOn) { if (job.data.user) { ${NOTIFY} } }`],
    ['in an if around a loop', `if (job.finishedOn) for (const user of users) await shop.notifyUser(user);`],
    ['in an if around a callback', `if (job.finishedOn) users.forEach((user) => shop.notifyUser(user));`],
    ['in an if around a `try`', `if (job.finishedOn) { try { ${NOTIFY} } catch (e) { log(e); } }`],
    ['in a conditional', `await (job.finishedOn ? shop.notifyUser(1) : undefined);`],
    ['in the other part of a conditional', `await (canRetry(job) ? undefined : shop.notifyUser(1));`],
    ['after `&&`', `job.finishedOn && (await shop.notifyUser(1));`],
    ['after `||`', `job.attemptsMade < 3 || (await shop.notifyUser(1));`],
    ['after a condition among several', `if (job && job.finishedOn && job.data.user) ${NOTIFY}`],
    ['in a case', `switch (job.attemptsMade) { case 3: ${NOTIFY} }`],
    ['after a return', `if (!job.finishedOn) return; ${NOTIFY}`],
    ['after a return in a block', `if (!job.finishedOn) { log(job.id); return; } ${NOTIFY}`],
    ['after a throw', `if (!job.finishedOn) throw error; ${NOTIFY}`],
    ['after a `continue`', `for (const one of jobs) { if (!one.finishedOn) continue; ${NOTIFY} }`],
    ['after a `break`', `for (const one of jobs) { if (!one.finishedOn) break; ${NOTIFY} }`],
    ['after a return, in a block inside', `if (!job.finishedOn) return; if (job.data.user) { ${NOTIFY} }`],
    [
      'after a return, in a `try` around both',
      `try { if (!job.finishedOn) return; ${NOTIFY} } catch (e) { log(e); }`,
    ],
    ['by a name', `const done = job.attemptsMade >= job.opts.attempts; if (done) ${NOTIFY}`],
    ['by a name that is negated', `const done = job.attemptsMade >= 3; if (!done) return; ${NOTIFY}`],
    [
      'by a name in a comparison',
      `const left = job.opts.attempts - job.attemptsMade; if (left === 0) ${NOTIFY}`,
    ],
    ['by the state of the job', `if ((await job.getState()) === 'failed') ${NOTIFY}`],
    ['by the answer of the job', `if (await job.isFailed()) ${NOTIFY}`],
    ['by the class of the error', `if (error instanceof UnrecoverableError) ${NOTIFY}`],
    ['by a reason that is final', `if (/stalled more than/.test(error.message)) ${NOTIFY}`],
    ['by a helper', `if (isFinalFailure(job)) ${NOTIFY}`],
    ['by another helper', `if (isLastAttempt(job)) ${NOTIFY}`],
    ['by a word for it', `if (error.permanent) ${NOTIFY}`],
    ['by another word for it', `if (error.isTerminal) ${NOTIFY}`],
    ['by a field that says so', `if (job.data.isLast) ${NOTIFY}`],
    ['by a parameter that says so', `users.forEach((user, last) => { if (last) shop.notifyUser(user); });`],
  ])('%s', (_, body) => {
    expect(labels(body)).toEqual([]);
  });

  it.each([
    [
      'before the call of a function',
      `if (job.finishedOn) await giveUp(1);`,
      `async function giveUp(id) { ${NOTIFY} }`,
    ],
    [
      'in a function',
      'await giveUp(job);',
      `async function giveUp(job) { if (!job.finishedOn) return; ${NOTIFY} }`,
    ],
    [
      'in a function of a function',
      'await giveUp(job);',
      `async function giveUp(job) { if (job.finishedOn) await tell(job); } async function tell(job) { ${NOTIFY} }`,
    ],
    [
      'before the making of an object',
      'if (job.finishedOn) new Notice(job);',
      'class Notice { constructor(job) { shop.notifyUser(1); } }',
    ],
  ])('%s', (_, body, rest) => {
    expect(labels(body, rest)).toEqual([]);
  });
});

describe('work ends at any attempt', () => {
  it.each([
    ['after a condition that asks for something else', `if (job.data.user) ${NOTIFY}`],
    ['after a check of the job alone', `if (!job) return; ${NOTIFY}`],
    ['after a condition that does not leave', `if (job.finishedOn) { log('gone'); } ${NOTIFY}`],
    ['before the condition', `${NOTIFY} if (!job.finishedOn) return; log(job.id);`],
    ['in the condition', 'if (await shop.notifyUser(1)) return;'],
    ['in a condition that asks', 'if ((await shop.notifyUser(1)) && job.finishedOn) return;'],
    ['in what is asked first', '(await shop.notifyUser(job.finishedOn)) && log(1);'],
    ['on the left', `(await shop.notifyUser(1)) && job.finishedOn;`],
    ['after a condition in another block', `{ if (!job.finishedOn) { log(1); } } ${NOTIFY}`],
    [
      'after a return of a callback',
      `users.forEach((user) => { if (!job.finishedOn) return; log(user); }); ${NOTIFY}`,
    ],
    ['by a name for something else', `const done = job.data.count >= 3; if (done) ${NOTIFY}`],
    ['by a parameter', `async function g(done) { if (done) { ${NOTIFY} } } await g(true);`],
    ['in a case of something else', `switch (job.name) { case 'x': ${NOTIFY} }`],
    ['by names that mean themselves', `const a = b; const b = a; if (a) ${NOTIFY}`],
  ])('%s', (_, body) => {
    expect(labels(body)).toEqual(['shop.notifyUser()']);
  });

  it('after a condition outside of the function', () => {
    const code = `import { shop } from 'shop-sdk'; let f; if (process.env.RETRY) { f = async (job) => { ${NOTIFY} }; } f;`;
    expect(ends({ 'a.ts': code }).map(({ effect }) => effect.label)).toEqual(['shop.notifyUser()']);
  });
});

describe('the end of work is reached', () => {
  const SHOP = `import { shop } from 'shop-sdk';`;

  it.each<[string, string | Files, string[]]>([
    ['in the function itself', `${SHOP} function f(job) { return shop.notifyUser(1); }`, ['f']],
    [
      'through a function',
      `${SHOP} function f(job) { return g(job); } function g(job) { shop.notifyUser(1); }`,
      ['f -> g'],
    ],
    [
      'through a promise that is dropped',
      `${SHOP} function f(job) { void g(job); } async function g(job) { await shop.notifyUser(1); }`,
      ['f -> g'],
    ],
    [
      'through another file',
      {
        'a.ts': `import { giveUp } from './b'; function f(job) { return giveUp(job.data); } f;`,
        'b.ts': `${SHOP} export async function giveUp(data) { await shop.refund(data.id); }`,
      },
      ['f -> giveUp'],
    ],
    [
      'through a service',
      {
        'a.ts': `import { Orders } from './b'; class L { constructor(private orders: Orders) {} m() { const f = (job) => this.orders.giveUp(job); f; } }`,
        'b.ts': `${SHOP} export class Orders { giveUp(job) { return this.tell(job); } tell(job) { return shop.notifyUser(1); } }`,
      },
      ['f -> Orders.giveUp -> Orders.tell'],
    ],
    [
      'in a function of the project, and not by the name of it',
      `${SHOP} function f(job) { return notifyUser(job); } function notifyUser(job) { return shop.sendEmail(1); }`,
      ['f -> notifyUser'],
    ],
    [
      'through functions that call each other',
      `${SHOP} function f(job) { return g(job); } function g(job) { shop.notifyUser(1); return f(job); }`,
      ['f -> g'],
    ],
    [
      'through files that import each other',
      {
        'a.ts': `import { g } from './b'; export function f(job) { return g(job); } f;`,
        'b.ts': `${SHOP} import { f } from './a'; export function g(job) { shop.notifyUser(1); return f(job); }`,
      },
      ['f -> g'],
    ],
    [
      'over three functions',
      `${SHOP} function f() { g(); } function g() { h(); } function h() { i(); } function i() { shop.notifyUser(1); }`,
      ['f -> g -> h -> i'],
    ],
    [
      'not over more',
      `${SHOP} function f() { g(); } function g() { h(); } function h() { i(); } function i() { j(); } function j() { shop.notifyUser(1); }`,
      [],
    ],
    [
      'not in a function that nobody calls',
      `${SHOP} function f() {} function g() { shop.notifyUser(1); } g;`,
      [],
    ],
    [
      'by one of two ways, where the other asks',
      `${SHOP} function f(job) { if (job.finishedOn) g(job); h(job); } function g(job) { shop.refund(1); } function h(job) { g(job); }`,
      ['f -> h -> g'],
    ],
  ])('%s', (_, files, expected) => {
    expect(ways(files)).toEqual(expected);
  });

  it('with the call of the own file that leads there', () => {
    const [found] = ends({
      'a.ts': `import { giveUp } from './b'; function f(job) { return giveUp(job.data); } f;`,
      'b.ts': `${SHOP} export const giveUp = (data) => shop.refund(data.id);`,
    });
    expect(found && [found.effect.target, found.node.type]).toEqual(['shop.refund()', 'CallExpression']);
  });
});
