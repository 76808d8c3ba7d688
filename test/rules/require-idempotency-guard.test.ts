import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker } from 'bullmq'; import { PrismaClient } from '@prisma/client'; import nodemailer from 'nodemailer'; import Stripe from 'stripe'; import axios from 'axios'; import Redis from 'ioredis'; const prisma = new PrismaClient(); const mail = nodemailer.createTransport({}); const stripe = new Stripe('k'); const redis = new Redis();`;
const worker = (body: string, more = ''): string =>
  `${IMPORTS} ${more}\nnew Worker('orders', async (job) => {\n${body}\n});`;
const mongo = (body: string): string =>
  `import { Worker } from 'bullmq'; import mongoose from 'mongoose'; const Cart = mongoose.model('Cart', schema); new Worker('carts', async (job) => {\n${body}\n});`;
const drizzle = (body: string): string =>
  `import { Worker } from 'bullmq'; import { and, eq, isNull } from 'drizzle-orm'; import { drizzle } from 'drizzle-orm/node-postgres'; import nodemailer from 'nodemailer'; import { tasks } from './schema.js'; const db = drizzle(url); const mail = nodemailer.createTransport({}); new Worker('tasks', async (job) => {\n${body}\n});`;
const sql = (body: string, more = ''): string =>
  `import { Worker } from 'bullmq'; import { randomUUID } from 'node:crypto'; import { Pool } from 'pg'; const pool = new Pool(); ${more}\nnew Worker('payments', async (job) => {\n${body}\n});`;
const SEND = `await mail.sendMail({ to: job.data.to });`;
const order = `const order = await prisma.order.findUnique({ where: { id: job.data.id } });`;
const sent = { line: 3, messageId: 'message' };

testRule('require-idempotency-guard', {
  valid: [
    [
      'a row under a key that its caller has put together',
      worker(
        `await append({ idempotencyKey: job.data.key, amount: 5 });`,
        `async function append(data) { return prisma.invoice.create({ data }); }`,
      ),
    ],
    [
      'a row by a statement that a second run cannot add again, also in a helper',
      sql(
        `await pool.query('INSERT INTO events (id, text) VALUES ($1, $2)', [job.data.eventId, job.data.text]);
await pool.query('INSERT INTO payments (amount) VALUES ($1)', [5]);
});
new Worker('refunds', async (job) => {
await store({ id: job.data.eventId });
await pool.query('INSERT INTO payments (amount) VALUES ($1)', [-5]);`,
        `const db = { queryOne: (text, values) => pool.query(text, values) }; async function store(event) { const row = await db.queryOne('INSERT INTO events (id) VALUES ($1) RETURNING *', [event.id]); return row; }`,
      ),
    ],
    [
      'rows of a run, those that hang on it, and snapshots',
      worker(`const run = await prisma.scoringRun.create({ data: { date: new Date() } });
await prisma.score.create({ data: { scoringRunId: run.id, value: 5 } });
await prisma.leaderboardSnapshot.create({ data: { value: 5 } });`),
    ],
    [
      'rows that SQL puts in the place of others',
      sql(`await pool.query('DELETE FROM ranks WHERE season = $1', [1]);
await pool.query('INSERT INTO ranks (season) VALUES ($1)', [1]);`),
    ],
    [
      'a request that asks by its path',
      worker(`await axios.post('https://mails.test/campaigns/get/emails', { id: 1 });`),
    ],
    [
      'a look for what the same service has made',
      worker(
        `const known = await crm.findCustomer(job.data.email); if (known) return; await crm.createCustomer(job.data);`,
        `class Crm { async findCustomer(email) { const { data } = await axios.get('https://crm.test/customers?email=' + email); return data[0]; } async createCustomer(body) { return axios.post('https://crm.test/customers', body); } } const crm = new Crm();`,
      ),
    ],
    [
      'a branch that the caller leaves closed, although another property is set',
      worker(
        `await create({ text: job.data.text, skipSend: true });`,
        `async function create(data) { if (!data.to) data.to = 'a@b.c'; if (!data.skipSend) { ${SEND.replace('job.data', 'data')} } }`,
      ),
    ],
    [
      'a notice of a file that is ready',
      worker(
        `await writeFile('/tmp/export.csv', rows); await prisma.notification.create({ data: { userId: 1, text: 'Your export is ready' } });`,
        `import { writeFile } from 'node:fs/promises';`,
      ),
    ],
    [
      'a notice of a table that is ready',
      worker(
        `const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: '/tmp/export.xlsx' }); await book.commit(); await prisma.notification.create({ data: { userId: 1, text: 'Your export is ready' } });`,
        `import ExcelJS from 'exceljs';`,
      ),
    ],
    [
      'a statement by which the database knows a second row for the first',
      sql(`await pool.query('INSERT INTO payments (job_id, amount) VALUES ($1, $2) ON CONFLICT DO NOTHING', [job.id, 5]);
await pool.query('INSERT INTO payments (id, amount) VALUES ($1, $2)', [job.data.id, 5]);
await pool.query('INSERT IGNORE INTO payments (amount) VALUES (?)', [5]);
await pool.query('INSERT INTO payments (amount) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM payments WHERE id = $2)', [5, job.data.id]);`),
    ],
    [
      'a statement after a look at the row',
      sql(`const { rows } = await pool.query('SELECT status FROM orders WHERE id = $1', [job.data.id]);
if (rows[0].status === 'paid') return;
await pool.query('INSERT INTO payments (amount) VALUES ($1)', [5]);`),
    ],
    [
      'statements that may come twice, or are for the record',
      sql(`await pool.query('UPDATE orders SET state = $1 WHERE id = $2', ['paid', job.data.id]);
await pool.query("UPDATE orders SET total = total + $1, state = 'paid' WHERE id = $2 AND state = 'open'", [5, job.data.id]);
await pool.query('UPDATE orders SET version = version + 1, attempts = attempts + 1 WHERE id = $1', [job.data.id]);
await pool.query('DELETE FROM carts WHERE id = $1', [job.data.id]);
await pool.query('INSERT INTO audit_logs (text) VALUES ($1)', [job.data.text]);
await shell.run('INSERT coin'); await search.query(job.data.text); await pool.query(text); await pool.query(...job.data);`),
    ],
    [
      'requests that only ask, by their address or by what they send',
      worker(
        `await axios.post('https://shop.test/search', {}); await axios.post(url, { model: 'a', prompt: job.data.text }); await axios.post(url, { query: 'a' });`,
      ),
    ],
    [
      'such requests, by what is known of an address that is put together',
      worker(
        `await new Engine().run(job.data);`,
        `class Engine { constructor() { this.url = process.env.ENGINE_URL ?? 'https://emkc.org/api/v2/piston'; } run(body) { return fetch(\`\${this.url}/execute\`, { method: 'POST', body }); } }`,
      ),
    ],
    [
      'requests through a helper whose caller gives another method, or none',
      worker(
        `await call('orders/1', { method: 'PUT', body: job.data }); await call('orders/1');`,
        `async function call(path, options) { const { method = 'GET', body } = options ?? {}; return fetch('https://a/' + path, { method, body }); }`,
      ),
    ],
    [
      'a delivery id by which the receiver knows it again',
      worker(
        `await axios.post('https://shop.test/orders', {}, { headers: { 'webhook-id': job.id } }); await axios.post('https://shop.test/orders', { idempotency_key: job.id });`,
      ),
    ],
    [
      'increments by nothing',
      worker(
        `await prisma.account.update({ where: { id: 1 }, data: { balance: { increment: 0 } } }); await prisma.account.update({ where: { id: 1 }, data: { balance: { decrement: 0 } } });`,
      ),
    ],
    [
      'increments by nothing of Mongoose',
      mongo(`await Cart.updateOne({ _id: 1 }, { $inc: { total: 0 } }); await Cart.increment('total', 0);`),
    ],
    [
      'a step that the work on a record has come to',
      worker(`${order} if (order.step !== 'mail') return; ${SEND}`),
    ],
    [
      'a number of what was sent that is compared',
      worker(
        `${order} if (order.sentParts > job.data.part) return; ${SEND} await prisma.order.update({ where: { id: order.id }, data: { sentParts: { increment: 1 } } });`,
      ),
    ],
    [
      'a status that is among those that the job gives',
      worker(
        `${order} if (order.status === 'CANCELLED') return; ${SEND} await settle(order.id);`,
        `async function settle(id) { await prisma.order.update({ where: { id }, data: { status: 'cancelled' } }); }`,
      ),
    ],
    [
      'a status that a function of another file gives',
      {
        'a.js': worker(
          `${order} if (order.status === 'cancelled') return; ${SEND} await settle(order.id);`,
          `import { settle } from './settle.js';`,
        ),
        'settle.js': `import { prisma } from './db.js'; export async function settle(id) { await prisma.order.update({ where: { id }, data: { status: 'cancelled' } }); }`,
      },
    ],
    [
      'a set that the job adds to, whatever it is called',
      worker(
        `if (await redis.sismember('suppressed', job.data.to)) return; ${SEND} await redis.sadd('suppressed', job.data.to);`,
      ),
    ],
    [
      'a key under which the job notes that it has sent',
      worker(
        `const isSuppressed = await redis.get(\`notice:\${job.data.id}\`); if (isSuppressed) return; ${SEND} await redis.set(\`notice:\${job.data.id}\`, 1);`,
      ),
    ],
    [
      'a row that is added where an update found none',
      drizzle(
        `const rows = await db.update(tasks).set({ name: job.data.name }).where(eq(tasks.key, job.data.key)).returning(); if (rows.length > 0) return; await db.insert(tasks).values({ key: job.data.key, name: job.data.name });`,
      ),
    ],
    [
      'what an update that moves a column on has claimed, in a transaction',
      drizzle(
        `await db.transaction(async (tx) => { const { seen, next } = plan(job.data); const claimed = await tx.update(tasks).set({ nextRun: next }).where(and(eq(tasks.id, job.data.id), eq(tasks.nextRun, seen))).returning({ id: tasks.id }); if (claimed.length === 0) return null; await tx.insert(tasks).values({ name: job.data.name }); });`,
      ),
    ],
    [
      'rows that are found as long as they are not told of',
      drizzle(
        `const rows = await db.select().from(tasks).where(and(eq(tasks.kind, 'a'), isNull(tasks.smsNotifiedAt))).limit(9); if (rows.length === 0) return; ${SEND} await db.update(tasks).set({ smsNotifiedAt: new Date() }).where(eq(tasks.kind, 'a'));`,
      ),
    ],
    [
      'a sum of a saved record that is worked out anew, and one of a guarded record',
      mongo(
        `const cart = await Cart.findById(job.data.id); cart.total = 0; for (const item of job.data.items) cart.total += item.price; await cart.save(); if (cart.paidAt) return; cart.points += 1; cart.paidAt = new Date(); await cart.save();`,
      ),
    ],
    [
      'an active record of the table whose status the job sets',
      worker(
        `const members = await prisma.member.findMany({ where: { status: 'ACTIVE' } }); for (const member of members) { ${SEND} await prisma.member.update({ where: { id: member.id }, data: { status: 'TOLD' } }); }`,
      ),
    ],
    [
      'an active record that hangs on one of another table',
      worker(
        `const seat = await prisma.seat.findFirst({ where: { member: { status: 'ACTIVE' } } }); if (!seat) return; ${SEND} await prisma.member.update({ where: { id: 1 }, data: { status: 'TOLD' } });`,
      ),
    ],
    [
      'whether there is a row, told by a function that is given it',
      worker(
        `const row = await prisma.receipt.findFirst({ where: { orderId: job.data.id } }); if (isThere(row)) return; ${SEND}`,
        `const isThere = (row) => row !== null;`,
      ),
    ],
    [
      'a helper that throws where the user of a record has it already',
      worker(
        `await ensureNew(job.data); ${SEND}`,
        `async function ensureNew(data) { const user = await prisma.user.findUnique({ where: { id: data.userId } }); if (!user) throw new Error('no user'); if (user.welcomedAt) throw new Error('twice'); }`,
      ),
    ],
    [
      'rows that the job has not ended itself',
      worker(
        `const rows = await prisma.order.findMany({ where: { status: { notIn: ['cancelled', 'sent'] } } }); for (const row of rows) { ${SEND} await prisma.order.update({ where: { id: row.id }, data: { status: 'sent' } }); } const open = await prisma.order.findMany({ where: { status: { not: 'archived' } } }); for (const row of open) { ${SEND} await prisma.order.update({ where: { id: row.id }, data: { status: 'archived' } }); }`,
      ),
    ],
    [
      'a record that a first run has given to somebody',
      worker(
        `${order} if (order.ownerId === job.data.ownerId) return; ${SEND} await prisma.order.update({ where: { id: order.id }, data: { ownerId: job.data.ownerId } });`,
      ),
    ],
    [
      'a row that tells what a call has used, and may be missing',
      worker(
        `await note(await ask(job.data));`,
        `async function note({ usage, startedAt, error }) { try { await prisma.interaction.create({ data: { inputTokens: usage.in, totalCost: usage.cost, durationMs: Date.now() - startedAt, errorMessage: error } }); } catch (error) { console.error(error); } }`,
      ),
    ],
    [
      'a row that each branch has found missing or removed, by two tests that complement each other',
      worker(
        `const { force } = job.data; const found = await prisma.quiz.findFirst({ where: { articleId: job.data.id } }); if (found && force) { await prisma.quiz.delete({ where: { id: found.id } }); } else if (found && !force) { return; } await prisma.quiz.create({ data: { articleId: job.data.id } });`,
      ),
    ],
    [
      'rows that are removed where there are any',
      worker(
        `const found = await prisma.quiz.findMany({ where: { articleId: job.data.id } }); if (found.length > 0) { if (!job.data.force) return; await prisma.quiz.deleteMany({ where: { articleId: job.data.id } }); } for (const title of job.data.titles) await prisma.quiz.create({ data: { title } });`,
      ),
    ],
    [
      'rows of a helper that takes the place of those that were removed, by one test that is asked twice',
      {
        'a.js': worker(
          `const { kind } = job.data; if (!job.data.isOld || kind === 'again') await Writes.steps.deleteMany({ where: { orderId: 1 } }); if (kind === 'again') await Writes.steps.createMany(job.data.steps);`,
          `import * as Writes from './writes.js';`,
        ),
        'writes.js': `export * as steps from './steps.js';`,
        'steps.js': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export async function createMany(data) { await prisma.step.createMany({ data }); } export async function deleteMany(where) { await prisma.step.deleteMany(where); }`,
      },
    ],
    [
      'a row of each round that is removed where it is there',
      worker(
        `const { force } = job.data; for (const id of job.data.ids) { const found = await prisma.quiz.findFirst({ where: { articleId: id } }); if (found && force) await prisma.quiz.delete({ where: { id: found.id } }); else if (found && !force) continue; await prisma.quiz.create({ data: { articleId: id } }); }`,
      ),
    ],
    [
      'an upload that is read and removed before, which a second run does not find',
      worker(
        `const rows = await readFile(job.data.file); await unlink(job.data.file); ${SEND}`,
        `import { readFile, unlink } from 'node:fs/promises';`,
      ),
    ],
    ['a flag that is looked at', worker(`${order} if (order.sentAt) return; ${SEND}`)],
    [
      'a field that the run takes away when it is done',
      worker(
        `${order} if (!order.draft) return; ${SEND} await prisma.order.update({ where: { id: order.id }, data: { draft: null } });`,
      ),
    ],
    [
      'what a constant turns off',
      worker(
        `const via = 'queue'; switch (via) { case 'mail': ${SEND} break; default: console.log(job.id); }`,
      ),
    ],
    ['what a constant of the file turns off', worker(`if (!QUIET) ${SEND}`, 'const QUIET = true;')],
    ['a state that throws', worker(`${order} if (order.status !== 'open') throw new Error('x'); ${SEND}`)],
    ['a state around', worker(`${order} if (order && order.status === 'open') { ${SEND} }`)],
    [
      'a state through a pattern',
      worker(
        `const { sentAt } = await prisma.order.findUnique({ where: { id: 1 } }); if (sentAt) return; ${SEND}`,
      ),
    ],
    [
      'a switch on the state',
      worker(`${order} switch (order.status) { case 'open': ${SEND} break; default: }`),
    ],
    [
      'a row that a first run left',
      worker(
        `const done = await prisma.mail.findFirst({ where: { orderId: job.data.id } }); if (done) return; ${SEND}`,
      ),
    ],
    [
      'a count of them',
      worker(`if ((await prisma.mail.count({ where: { orderId: job.data.id } })) > 0) return; ${SEND}`),
    ],
    [
      'a lookup by state',
      worker(
        `const order = await prisma.order.findFirst({ where: { id: job.data.id, sentAt: null } }); if (!order) return; ${SEND}`,
      ),
    ],
    [
      'a list that is looked up by state',
      worker(`for (const order of await prisma.order.findMany({ where: { sentAt: null } })) { ${SEND} }`),
    ],
    [
      'a list that is filtered by state',
      worker(
        `const orders = await prisma.order.findMany({}); await Promise.all(orders.filter((order) => !order.sentAt).map((order) => mail.sendMail({ to: order.to })));`,
      ),
    ],
    [
      'a list without what is there',
      worker(
        `const known = await prisma.mail.findMany({}); const ids = known.map((one) => one.id); for (const id of job.data.ids.filter((one) => !ids.includes(one))) { ${SEND} }`,
      ),
    ],
    [
      'a compare-and-set',
      worker(
        `const { count } = await prisma.order.updateMany({ where: { id: job.data.id, status: 'open' }, data: { status: 'sent' } }); if (count === 0) return; ${SEND}`,
      ),
    ],
    ['SET NX', worker(`if (!(await redis.set('sent:' + job.id, '1', 'EX', 60, 'NX'))) return; ${SEND}`)],
    [
      'a key in Redis that a first run set',
      worker(`if (await redis.get('sent:' + job.data.id)) return; ${SEND}`),
    ],
    [
      'a lock',
      worker(
        `const lock = await redlock.acquire(['order'], 5000); ${SEND} await lock.release();`,
        `import Redlock from 'redlock'; const redlock = new Redlock([redis]);`,
      ),
    ],
    [
      'a lock around',
      worker(
        `await redlock.using(['order'], 5000, async () => { ${SEND} });`,
        `import Redlock from 'redlock'; const redlock = new Redlock([redis]);`,
      ),
    ],
    ['a preview of an invoice', worker(`await stripe.invoices.createPreview({ customer: 'c' });`)],
    ['a unique claim', worker(`await prisma.processed.create({ data: { jobId: job.id } }); ${SEND}`)],
    [
      'a unique claim whose refusal ends the job',
      worker(
        `try { await prisma.processed.create({ data: { jobId: job.id } }); } catch (error) { if (error.code === 'P2002') return; throw error; } ${SEND}`,
      ),
    ],
    [
      'a key of the provider',
      worker(`await stripe.paymentIntents.create({ amount: 1 }, { idempotencyKey: job.id });`),
    ],
    [
      'options with a key',
      worker(
        `const options = { idempotencyKey: job.id }; await stripe.charges.create({ amount: 1 }, options);`,
      ),
    ],
    [
      'a header with a key',
      worker(`await axios.post('https://a/orders', job.data, { headers: { 'Idempotency-Key': job.id } });`),
    ],
    [
      'a stable message id',
      worker(`await mail.sendMail({ to: job.data.to, messageId: 'order-' + job.data.id });`),
    ],
    [
      'an upsert',
      worker(`await prisma.order.upsert({ where: { id: job.data.id }, create: {}, update: {} });`),
    ],
    [
      'a row with an id of its own',
      worker(`await prisma.invoice.create({ data: { id: job.data.invoiceId } });`),
    ],
    [
      'rows of which those that are there are skipped',
      worker(`await prisma.invoice.createMany({ data: job.data.rows, skipDuplicates: true });`),
    ],
    [
      'ON CONFLICT',
      worker(
        `await db.insert(orders).values({ total: 1 }).onConflictDoNothing();`,
        `import { drizzle } from 'drizzle-orm/node-postgres'; import { orders } from './schema.js'; const db = drizzle();`,
      ),
    ],
    [
      'a set value',
      worker(`await prisma.order.update({ where: { id: job.data.id }, data: { status: 'sent' } });`),
    ],
    [
      'PUT and DELETE',
      worker(`await axios.put('https://a/1', job.data); await axios.delete('https://a/2');`),
    ],
    [
      'a read by POST',
      worker(
        `await axios.post('https://a/search', job.data); await fetch('https://api.openai.com/v1/completions', { method: 'POST' });`,
      ),
    ],
    [
      'an insert of a helper that a second run cannot make again',
      {
        'a.js': worker(
          `await rate(job.data.answerId); ${SEND}`,
          `async function rate(answerId) { await prisma.rating.create({ data: { answerId, stars: 5 } }); }`,
        ),
        'prisma/schema.prisma': `model Rating {\n  id Int @id @default(autoincrement())\n  answerId String @unique\n  stars Int\n}`,
      },
    ],
    [
      'rows that take the place of those before',
      worker(
        `await prisma.task.deleteMany({ where: { orderId: job.data.id } }); await prisma.task.createMany({ data: [{ orderId: job.data.id }] });`,
      ),
    ],
    [
      'duplicates that are skipped under a key',
      {
        'a.js': worker(
          `await prisma.tag.createMany({ data: job.data.names.map((name) => ({ name, color: 'red' })), skipDuplicates: true });`,
        ),
        'prisma/schema.prisma': `model Tag {\n  id Int @id @default(autoincrement())\n  name String @unique\n  color String\n}`,
      },
    ],
    [
      'what is counted for the record',
      worker(
        `await trackOrderEvent(job.data); await analytics.page({});`,
        `async function trackOrderEvent(data) { await axios.post('https://shop.test/orders', data); } const analytics = { page: (data) => axios.post('https://shop.test/orders', data) };`,
      ),
    ],
    ['a log table', worker(`await prisma.auditLog.create({ data: { a: 1 } });`)],
    [
      'what is done because the job has failed',
      worker(
        `try { await work(job); } catch (error) { ${SEND} throw error; }`,
        `import { work } from './work.js';`,
      ),
    ],
    [
      'a guard in a helper that throws',
      worker(
        `await ensureOpen(job.data.id); ${SEND}`,
        `async function ensureOpen(id) { const order = await prisma.order.findUnique({ where: { id } }); if (order.sentAt) throw new Error('sent'); }`,
      ),
    ],
    [
      'a guard in a helper that answers',
      worker(
        `if (await isSent(job.data.id)) return; ${SEND}`,
        `async function isSent(id) { const order = await prisma.order.findUnique({ where: { id } }); return order.sentAt !== null; }`,
      ),
    ],
    [
      'a guard one call up',
      worker(
        `${order} if (order.sentAt) return; await confirm(order);`,
        `async function confirm(order) { await mail.sendMail({ to: order.to }); }`,
      ),
    ],
    [
      'a guard in another file',
      {
        'a.js': worker(`await confirm(job.data.id);`, `import { confirm } from './confirm.js';`),
        'confirm.js': `import { PrismaClient } from '@prisma/client'; import nodemailer from 'nodemailer'; const prisma = new PrismaClient();
export async function confirm(id) { const order = await prisma.order.findUnique({ where: { id } }); if (order.sentAt) return; await nodemailer.createTransport({}).sendMail({}); }`,
      },
    ],
    [
      'a wrapper that runs a job once',
      `${IMPORTS} import { withIdempotency } from './once.js'; new Worker('orders', withIdempotency(async (job) => { ${SEND} }));`,
    ],
    [
      'steps that the job keeps',
      worker(
        `if (job.data.step === 'sent') return; ${SEND} await job.updateData({ ...job.data, step: 'sent' });`,
      ),
    ],
    ['the number of the attempt', worker(`if (job.attemptsMade > 0) return; ${SEND}`)],
    ['code that no job runs', `${IMPORTS} export async function send(job) { ${SEND} }`],
    [
      'an emitter, and a method of something unknown',
      worker(
        `events.emit('sent', job.id); await store.create(job.data);`,
        `import { events, store } from 'house';`,
      ),
    ],
    [
      'a part of a column that the file sets, on the way to what is looked at',
      worker(
        `${order} if (order.metadata.issue?.url) return; await axios.post('https://shop.test/orders', {}); await prisma.order.update({ where: { id: 1 }, data: { metadata: { ...order.metadata, issue } } });`,
      ),
    ],
    [
      'a field of its data that the job stores',
      worker(
        `if (!job.data.noticeId) { const notice = await prisma.invoice.create({ data: { total: 1 } }); await job.updateData({ ...job.data, noticeId: notice.id }); }`,
      ),
    ],
    [
      'a field of its data that the job stores, by a pattern',
      worker(
        `const { noticeId } = job.data; if (noticeId) return; ${SEND} await job.updateData({ ...job.data, noticeId: 1 });`,
      ),
    ],
    [
      'a set that was filled with what is there',
      worker(
        `const done = new Set(); for (const row of await prisma.mail.findMany({ where: { orderId: 1 } })) done.add(row.to); for (const to of job.data.list) { if (done.has(to)) continue; ${SEND} }`,
      ),
    ],
    [
      'a list of a row that is kept for the record',
      mongo(`await Cart.updateOne({ _id: 1 }, { status: 'built', $push: { history: { event: 'built' } } });`),
    ],
    [
      'a version',
      mongo(`await Cart.updateOne({ _id: 1 }, { $set: { items: [] }, $inc: { dataVersion: 1 } });`),
    ],
    [
      'a count whose filter finds no row a second time',
      mongo(
        `await Cart.updateMany({ 'items._id': 1 }, { $pull: { items: { _id: 1 } }, $inc: { total: -1 } }); await Cart.updateOne({ _id: 1, likedBy: { $ne: 2 } }, { $push: { likedBy: 2 }, $inc: { likes: 1 } });`,
      ),
    ],
    ['a row of each run', worker(`await prisma.syncRun.create({ data: { status: 'running' } });`)],
    [
      'a notice in the list of the user, after the work',
      worker(
        `await prisma.order.update({ where: { id: 1 }, data: { status: 'done' } }); await prisma.notification.create({ data: { text: 'done' } });`,
      ),
    ],
    ['tests', { 'a.test.js': worker(SEND) }],
    [
      'broken code',
      worker(
        `await mail.sendMail(...job.data); await stripe?.charges?.[job.name](); prisma[job.name].create();`.replace(
          'await mail.sendMail(...job.data);',
          '',
        ),
      ),
    ],
  ],
  invalid: [
    [
      'a row under a key of each run, or that may be missing, that its caller has put together',
      worker(
        `await append({ idempotencyKey: crypto.randomUUID(), amount: 5 }); await append({ idempotencyKey: job.data.key ?? null, amount: 5 });`,
        `async function append(data) { return prisma.invoice.create({ data }); }`,
      ),
      { line: 1, messageId: 'insert' },
    ],
    [
      'a row by a statement that minds no other, or whose refusal leads on',
      sql(
        `await pool.query('INSERT INTO events (id) VALUES ($1) ON CONFLICT DO NOTHING', [job.data.eventId]);
await pool.query('INSERT INTO payments (amount) VALUES ($1)', [5]);
});
new Worker('refunds', async (job) => {
try { await pool.query('INSERT INTO events (id) VALUES ($1)', [job.data.eventId]); } catch { console.log('known'); }
await pool.query('INSERT INTO payments (amount) VALUES ($1)', [-5]);`,
      ),
      [
        { line: 4, messageId: 'insert' },
        { line: 8, messageId: 'insert' },
      ],
    ],
    [
      'rows that hang on what is no run',
      worker(
        `const { id } = await prisma.season.findFirst(); await prisma.score.create({ data: { seasonId: id, value: 5 } });`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'rows of one table where SQL takes those of another away',
      sql(`await pool.query('DELETE FROM seasons WHERE id = $1', [1]);
await pool.query('INSERT INTO ranks (season) VALUES ($1)', [1]);`),
      { line: 4, messageId: 'insert' },
    ],
    [
      'an answer of another service to what was done now',
      worker(
        `const made = await crm.createCustomer(job.data); if (made.failed) return; await crm.createContact(job.data);`,
        `class Crm { async createContact(body) { return axios.post('https://crm.test/contacts', body); } async createCustomer(body) { const { data } = await axios.post('https://crm.test/customers', body); return data; } } const crm = new Crm();`,
      ),
      { line: 1, messageId: 'request' },
    ],
    [
      'a branch whose question is changed before it',
      worker(
        `await create({ text: job.data.text, options: { skipSend: true } });`,
        `async function create(data) { if (data.text) data.options = { skipSend: false }; if (!data.options.skipSend) { ${SEND.replace('job.data', 'data')} } }`,
      ),
      { line: 1, messageId: 'message' },
    ],
    [
      'a row by a statement of SQL',
      sql(`await pool.query('INSERT INTO payments (amount) VALUES ($1)', [job.data.amount]);`),
      { line: 3, messageId: 'insert', says: 'pool.query()' },
    ],
    [
      'a row with an id of its own in every run',
      sql(`await pool.query('INSERT INTO payments (id, amount) VALUES ($1, $2)', [randomUUID(), 5]);`),
      { line: 3, messageId: 'insert' },
    ],
    [
      'a row by a statement through a method of the project',
      {
        'a.ts': sql(
          `await payments.add(job.data.amount);`,
          `import { Payments } from './payments.js'; const payments = new Payments(pool);`,
        ),
        'payments.ts': `export class Payments {
  constructor(private readonly pool) {}
  add(amount: number) {
    const text = \`INSERT INTO payments
      (amount) VALUES (\${amount})\`;
    return this.send(text);
  }
  private async send(text: string) { const { rows } = await this.pool.query({ text }); return rows; }
}`,
      },
      { line: 3, messageId: 'insert', says: 'Payments.add' },
    ],
    [
      'an amount that a statement adds',
      sql(
        `await pool.query('UPDATE accounts SET balance = COALESCE(balance, 0) + $1 WHERE id = $2', [5, job.data.id]);`,
      ),
      { line: 3, messageId: 'increment' },
    ],
    [
      'a status that another function of a file gives, which the job does not call',
      {
        'a.js': worker(
          `${order} if (order.status === 'cancelled') return; ${SEND} await settle(order.id);`,
          `import { settle } from './settle.js';`,
        ),
        'settle.js': `import { prisma } from './db.js'; export async function settle(id) { await prisma.order.update({ where: { id }, data: { status: 'sent' } }); } export async function cancel(id) { await prisma.order.update({ where: { id }, data: { status: 'cancelled' } }); }`,
      },
      sent,
    ],
    [
      'a balance that a record is saved with, where it was enough',
      mongo(
        `const cart = await Cart.findById(job.data.id); if (cart.balance < job.data.amount) throw new Error('too little'); cart.balance -= job.data.amount;\nawait cart.save();`,
      ),
      { line: 3, messageId: 'increment' },
    ],
    [
      'a row that is added where an update has found one',
      drizzle(
        `const rows = await db.update(tasks).set({ name: 'a' }).where(eq(tasks.key, job.data.key)).returning(); if (rows.length === 0) return;\nawait db.insert(tasks).values({ name: 'b' });`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'rows that are found as long as they have no owner',
      drizzle(
        `const rows = await db.select().from(tasks).where(isNull(tasks.owner)); if (rows.length === 0) return;\n${SEND}`,
      ),
      { line: 3, messageId: 'message' },
    ],
    [
      'a list in Redis of those who must not be written to',
      worker(`if (await redis.sismember('suppressed_emails', job.data.to)) return;\n${SEND}`),
      { line: 4, messageId: 'message' },
    ],
    [
      'an answer that is named after a refusal',
      worker(`const hasOptedOut = await redis.exists(keyOf(job.data.to)); if (hasOptedOut) return;\n${SEND}`),
      { line: 4, messageId: 'message' },
    ],
    [
      'a status that others give, where the job gives another',
      worker(
        `${order} if (order.status === 'cancelled') return; ${SEND} await prisma.order.update({ where: { id: order.id }, data: { status: 'sent' } });`,
      ),
      sent,
    ],
    [
      'a status that others give, in SQL',
      `import { Worker } from 'bullmq'; import { Pool } from 'pg'; import nodemailer from 'nodemailer'; const pool = new Pool(); const mail = nodemailer.createTransport({}); new Worker('orders', async (job) => {
        const found = await pool.query('SELECT status FROM orders WHERE id = $1', [job.data.id]);
        if (found.rows.length > 0 && found.rows[0].status === 'Cancelled') return;
        ${SEND}
        await pool.query("UPDATE orders SET status = 'Sent' WHERE id = $1", [job.data.id]); });`,
      { line: 4, messageId: 'message' },
    ],
    [
      'a balance that is enough for the payment, and is taken from',
      worker(
        `${order} if (order.balance < job.data.amount) throw new Error('too little');\nawait prisma.order.update({ where: { id: order.id }, data: { balance: { decrement: job.data.amount } } });`,
      ),
      { line: 4, messageId: 'increment' },
    ],
    [
      'one of the steps that a plan has',
      worker(`const [plan] = await Promise.all([prisma.plan.findUnique({ where: { id: job.data.id } })]); if (!plan?.isActive) return;
        const step = plan.steps?.[job.data.index]; if (!step) return; ${SEND}`),
      { line: 4, messageId: 'message' },
    ],
    [
      'a field that must be there, and is given on and stored again',
      worker(
        `${order} if (!order.number) throw new Error('no number'); ${SEND} await prisma.log.create({ data: { number: order.number } });`,
      ),
      sent,
    ],
    [
      'the branch that a constant chooses',
      worker(
        `const via = 'mail'; switch (via) { case 'hook': await axios.post(url, {}); break; case 'mail': ${SEND} }`,
      ),
      sent,
    ],
    [
      'a request whose method stands in an object with a name',
      worker(
        `const options = { method: 'POST', body: JSON.stringify(job.data) };\nawait fetch('https://shop.test/orders', options);`,
      ),
      { line: 4, messageId: 'request' },
    ],
    [
      'a look at who must not be served, which no run changes',
      worker(
        `const blocked = await prisma.blockedEmail.findUnique({ where: { email: job.data.to } }); if (blocked) return;\n${SEND}`,
      ),
      { line: 4, messageId: 'message' },
    ],
    [
      'a row of a log, of which a job has many',
      worker(`await prisma.jobEvent.create({ data: { jobId: job.id, event: 'started' } });\n${SEND}`),
      { line: 4, messageId: 'message' },
    ],
    [
      'a helper that throws on where its query has failed',
      worker(
        `await load(job.data.id);\n${SEND}`,
        `async function load(id) { const order = await prisma.order.findUnique({ where: { id } }); try { await count(order); } catch (error) { if (order) throw new Error('no totals'); throw error; } }`,
      ),
      { line: 4, messageId: 'message' },
    ],
    ['a mail', worker(SEND), sent],
    [
      'a request, whatever its headers and fields are called',
      worker(
        `await axios.post('https://shop.test/orders', { chat_id: 1 }, { headers: { Authorization: token } /* no JSON parse */ });`,
      ),
      { line: 3, messageId: 'request' },
    ],
    [
      'a header that tells the kind of event',
      worker(
        `await axios.post('https://shop.test/orders', {}, { headers: { 'X-Shop-Event': 'order.paid' } });`,
      ),
      { line: 3, messageId: 'request' },
    ],
    [
      'a key that is new in every run',
      worker(
        `await axios.post('https://shop.test/orders', {}, { headers: { 'Idempotency-Key': crypto.randomUUID() } });`,
      ),
      { line: 3, messageId: 'request' },
    ],
    [
      'a signal that is asked before it, and other names that claim nothing',
      worker(
        `signal.throwIfAborted(); claimed.add(job.id); await once(stream, 'finish'); ${SEND}`,
        `import { once } from 'node:events'; import { claimed } from './claimed.js'; import { signal, stream } from './signal.js';`,
      ),
      sent,
    ],
    [
      'an insert of a helper that keeps the refusal to itself',
      {
        'a.js': worker(
          `await rate(job.data.answerId); ${SEND}`,
          `async function rate(answerId) { await prisma.rating.create({ data: { answerId, stars: 5 } }).catch(() => {}); }`,
        ),
        'prisma/schema.prisma': `model Rating {\n  id Int @id @default(autoincrement())\n  answerId String @unique\n  stars Int\n}`,
      },
      sent,
    ],
    [
      'duplicates that nothing can skip',
      {
        'a.js': worker(
          `await prisma.result.createMany({ data: job.data.results.map((one) => ({ name: one.name, passed: one.passed })), skipDuplicates: true });`,
        ),
        'prisma/schema.prisma': `model Result {\n  id String @id @default(uuid())\n  name String\n  passed Boolean\n}`,
      },
      { line: 3, messageId: 'insert' },
    ],
    [
      'an upsert that counts',
      worker(
        `await prisma.progress.upsert({ where: { userId: 1 }, create: { userId: 1, points: 5 }, update: { points: { increment: 5 } } });`,
      ),
      { line: 3, messageId: 'increment' },
    ],
    [
      'an id that is made for each run',
      worker(
        `const id = newId(); await prisma.notice.create({ data: { id, text: 'a' } });`,
        `import { randomUUID } from 'node:crypto'; const newId = () => randomUUID();`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'an id of a row beside it, and one that is read back',
      worker(
        `await prisma.notice.create({ data: { text: 'a', order: { connect: { id: job.data.id } } }, select: { id: true } });`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'rows that are added to others than those that were deleted',
      worker(
        `await prisma.draft.deleteMany({ where: { orderId: job.data.id } }); await prisma.task.createMany({ data: [{ orderId: job.data.id }] });`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    ['a mail to somebody who exists', worker(`${order} if (!order) return; ${SEND}`), sent],
    [
      'a mail to somebody who wants it',
      worker(`${order} if (!order.email || order.emailEnabled === false) return; ${SEND}`),
      sent,
    ],
    [
      'a guard on some ways only',
      worker(
        `${order} if (job.data.fast) { console.log(order.sentAt); } else { if (order.sentAt) return; } ${SEND}`.replace(
          'if (order.sentAt) return;',
          'log(order.sentAt);',
        ),
      ),
      sent,
    ],
    ['a guard after it', worker(`${order} ${SEND} if (order.sentAt) return;`), sent],
    [
      'a test of the input',
      worker(`if (!job.data.to) return; if (job.name !== 'mail') throw new Error('x'); ${SEND}`),
      sent,
    ],
    ['state in memory', worker(`if (seen.has(job.id)) return; ${SEND}`, `const seen = new Set();`), sent],
    [
      'the answer of another service',
      worker(`const answer = await fetch('https://a/b'); if (!answer.ok) throw new Error('x'); ${SEND}`),
      sent,
    ],
    [
      'a claim whose refusal is kept',
      worker(
        `try { await prisma.processed.create({ data: { jobId: job.id } }); } catch (error) { console.log(error); } ${SEND}`,
      ),
      sent,
    ],
    [
      'a payment',
      worker(`await stripe.paymentIntents.create({ amount: 1 });`),
      {
        line: 3,
        messageId: 'payment',
        suggest:
          'await stripe.paymentIntents.create({ amount: 1 }, { idempotencyKey: `${job.queueName}:${job.id}` });',
      },
    ],
    [
      'two mails of one expression once',
      worker(
        `return { all: await Promise.all(job.data.all.map((to) => mail.sendMail({ to }))),\nowner: await mail.sendMail({ to: job.data.owner }) };`,
      ),
      sent,
    ],
    [
      'two mails of two statements, the first of which may have nobody to go to',
      worker(
        `await Promise.all(job.data.all.map((to) => mail.sendMail({ to })));\nawait mail.sendMail({ to: job.data.owner });`,
      ),
      [sent, { line: 4, messageId: 'message' }],
    ],
    [
      'a mail with all in it, in place of which there is one for each that has more',
      {
        'a.js': `import { Worker } from 'bullmq'; import { sendAll } from './mails.js';\nnew Worker('mails', async (job) => {\nawait sendAll(job.data.mails);\n});`,
        'mails.js': `import { Resend } from 'resend'; const resend = new Resend('key'); export async function sendAll(mails) { if (mails.some((one) => one.attachments)) { for (const one of mails) await resend.emails.send(one); } else { await resend.batch.send(mails); } }`,
      },
      { ...sent, says: 'resend.batch.send()' },
    ],
    [
      'a request',
      worker(`await axios.post('https://a/orders', job.data);`),
      { line: 3, messageId: 'request' },
    ],
    [
      'fetch with POST',
      worker(`await fetch('https://a/orders', { method: 'POST', body: '' });`),
      { line: 3, messageId: 'request' },
    ],
    [
      'fetch with a method that a caller gives its helper',
      worker(
        `await call('orders', { method: 'POST', body: job.data });`,
        `async function call(path, options) { const { method = 'GET', body } = options ?? {}; return fetch('https://a/' + path, { method, body }); }`,
      ),
      { line: 1, messageId: 'request' },
    ],
    [
      'such a helper in a namespace of TypeScript, which tests an option of its own',
      {
        'a.ts': worker(
          `const order = await prisma.order.findUnique({ where: { id: 1 } });\nawait Api.Requests.create('orders', { total: order.total });`,
          `import { Api } from './api';`,
        ),
        'api.ts': `import * as requests from './requests'; export namespace Api { export const Requests = requests; }`,
        'requests.ts': `export function create(path, body) { return call(path, { method: 'POST', body }); } async function call(path, options) { const { method = 'GET', body, checkStatusFirst = true } = options ?? {}; if (!checkStatusFirst) return; return fetch('https://a/' + path, { method, body }); }`,
      },
      { line: 4, messageId: 'request' },
    ],
    [
      'a row',
      worker(`await prisma.invoice.create({ data: { total: 1 } });`),
      { line: 3, messageId: 'insert' },
    ],
    [
      'a row under a new id',
      worker(
        `await prisma.invoice.create({ data: { id: randomUUID() } });`,
        `import { randomUUID } from 'node:crypto';`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'two ways to send one mail: told at the first',
      worker(
        `if (job.data.template) {\nawait sendTemplate(job.data);\n} else {\nawait mail.sendMail({ to: 1 });\n}`,
        `const sendTemplate = (data) => mail.sendMail(data);`,
      ),
      { line: 1, messageId: 'message' },
    ],
    [
      'a way that ends before the other',
      worker(`if (USE_POOL && pool) {\n${SEND}\nreturn; }\n${SEND}`),
      { line: 4, messageId: 'message' },
    ],
    [
      'mails of different jobs',
      worker(
        `if (job.name === 'welcome') {\n${SEND}\n} else if (job.data.kind === 'bill') {\n${SEND}\n} else {\n${SEND} }`,
      ),
      [
        { line: 4, messageId: 'message' },
        { line: 6, messageId: 'message' },
        { line: 8, messageId: 'message' },
      ],
    ],
    [
      'a payment or a mail',
      worker(`if (job.data.isPaid) {\n${SEND}\n} else {\nawait stripe.charges.create({});\n}`),
      [
        { line: 4, messageId: 'message' },
        { line: 6, messageId: 'payment' },
      ],
    ],
    [
      'an increment of something beside one of nothing',
      worker(
        `await prisma.account.update({ where: { id: 1 }, data: { points: { increment: 0 }, balance: { increment: 10 } } });`,
      ),
      { line: 3, messageId: 'increment' },
    ],
    [
      'an increment',
      worker(`await prisma.account.update({ where: { id: 1 }, data: { balance: { increment: 10 } } });`),
      { line: 3, messageId: 'increment' },
    ],
    [
      'a message of a broker',
      worker(
        `await sns.send(new PublishCommand({}));`,
        `import { SNSClient, PublishCommand } from '@aws-sdk/client-sns'; const sns = new SNSClient({});`,
      ),
      sent,
    ],
    [
      'a part of a column that must be there',
      worker(
        `${order} if (!order.metadata.issue?.url) return; await axios.post('https://shop.test/orders', {}); await prisma.order.update({ where: { id: 1 }, data: { metadata: { ...order.metadata, issue } } });`,
      ),
      { line: 3, messageId: 'request' },
    ],
    [
      'a field of its data that the job does not store',
      worker(
        `if (!job.data.noticeId) { await prisma.invoice.create({ data: { total: 1 } }); await job.updateData({ ...job.data, page: 1 }); }`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'a set of what this run has sent, and a map of what is looked up',
      worker(
        `const rows = await prisma.customer.findMany({}); const byId = new Map(); for (const row of rows) byId.set(row.id, row); const seen = new Set(); for (const id of job.data.list) { const row = byId.get(id); if (!row || seen.has(row.to)) continue; seen.add(row.to); ${SEND} }`,
      ),
      sent,
    ],
    [
      'a list that counts, beside one that is kept for the record',
      mongo(
        `await Cart.updateOne({ _id: 1 }, { $push: { history: { event: 'built' }, items: { id: 1 } } });`,
      ),
      { line: 2, messageId: 'increment' },
    ],
    [
      'a count behind a list that is kept for the record',
      mongo(
        `await Cart.updateOne({ _id: 1 }, { $push: { history: { event: 'built' } } });\nawait Cart.updateOne({ _id: 1 }, { $inc: { total: 1 } });`,
      ),
      { line: 3, messageId: 'increment' },
    ],
    [
      'a count whose filter still finds the row',
      mongo(`await Cart.updateOne({ _id: 1, total: { $gte: 1 } }, { $inc: { total: -1 } });`),
      { line: 2, messageId: 'increment' },
    ],
    [
      'a record that must belong to who asks for it, and is given to them elsewhere',
      worker(
        `${order} if (order.sellerId !== job.data.sellerId) throw new Error('not yours'); ${SEND} await prisma.note.create({ data: { sellerId: order.sellerId } });`,
      ),
      sent,
    ],
    [
      'an active record, where the job sets the status of another table',
      worker(
        `const members = await prisma.member.findMany({ where: { status: 'ACTIVE', } }); for (const member of members) { ${SEND} } await prisma.page.update({ where: { id: 1 }, data: { status: 'SENT' } });`,
      ),
      sent,
    ],
    [
      'a record that is active, where the job sets the status of one of another table',
      worker(
        `const member = await prisma.member.findUnique({ where: { id: 1 } }); if (member.status !== 'ACTIVE') return; ${SEND} const page = await prisma.page.findFirst({}); page.status = 'SENT';`,
      ),
      sent,
    ],
    [
      'records that a helper throws without, one after the other',
      worker(
        `await send(job.data);`,
        `async function load(data) { const user = await prisma.user.findUnique({ where: { id: data.userId } }); if (!user) throw new Error('no user'); const trophy = await prisma.trophy.findUnique({ where: { id: data.id } }); if (!trophy) throw new Error('no trophy'); return { user, trophy }; }
async function send(data) { const { user } = await load(data);
await mail.sendMail({ to: user.email }); }`,
      ),
      { line: 3, messageId: 'message' },
    ],
    [
      'what a record is, told by a function that is given it',
      worker(
        `const rows = await prisma.device.findMany({ where: { userId: job.data.id } }); for (const row of rows) { if (isWeb(row)) continue; ${SEND} }`,
        `const isWeb = (row) => row.platform === 'web' && Boolean(row.metadata?.key);`,
      ),
      sent,
    ],
    [
      'rows that others have not ended, where the job sets another status',
      worker(
        `const rows = await prisma.order.findMany({ where: { status: { notIn: ['cancelled', Status.ARCHIVED] } } }); for (const row of rows) { ${SEND} await prisma.order.update({ where: { id: row.id }, data: { status: 'sent' } }); }`,
      ),
      sent,
    ],
    [
      'a row of measures without which the job fails',
      worker(
        `await prisma.interaction.create({ data: { tokens: 1, cost: 1, durationMs: 1, errorMessage: '' } });`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'a row of measures that are charged',
      worker(
        `try { await prisma.usage.create({ data: { tokens: 1, cost: 1, credits: 1, errorMessage: '' } }); } catch (error) { console.error(error); }`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'a row that one branch leaves where it is',
      worker(
        `const { force } = job.data; const found = await prisma.quiz.findFirst({ where: { articleId: 1 } }); if (found && force) { await prisma.quiz.delete({ where: { id: found.id } }); } else if (found && job.data.isFinal) { return; } await prisma.quiz.create({ data: { articleId: 1 } });`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'rows of a helper where another test removes what was there',
      {
        'a.js': worker(
          `const { kind } = job.data; if (kind === 'anew') await Writes.steps.deleteMany({ where: { orderId: 1 } });\nif (kind === 'again') await Writes.steps.createMany(job.data.steps);`,
          `import * as Writes from './writes.js';`,
        ),
        'writes.js': `export * as steps from './steps.js';`,
        'steps.js': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export async function createMany(data) { await prisma.step.createMany({ data }); } export async function deleteMany(where) { await prisma.step.deleteMany(where); }`,
      },
      { line: 4, messageId: 'insert' },
    ],
    [
      'a row that is removed by a test that is asked anew',
      worker(
        `let force = job.data.force; const found = await prisma.quiz.findFirst({ where: { articleId: 1 } }); if (found && force) await prisma.quiz.delete({ where: { id: found.id } }); force = job.data.isFinal; if (found && !force) return; await prisma.quiz.create({ data: { articleId: 1 } });`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'a row of each round, by what was found in the round before',
      worker(
        `let last; for (const one of job.data.list) { const { force } = one; const found = await prisma.quiz.findFirst({ where: { articleId: one.id } }); if (found && force) await prisma.quiz.delete({ where: { id: found.id } }); else if (last && !force) continue; last = one; await prisma.quiz.create({ data: { articleId: one.id } }); }`,
      ),
      { line: 3, messageId: 'insert' },
    ],
    [
      'an amount, of an account',
      worker(`await prisma.wallet.update({ where: { accountId: 1 }, data: { points: { increment: 10 } } });`),
      { line: 3, messageId: 'increment' },
    ],
    [
      'a notice alone',
      worker(`await prisma.notification.create({ data: { text: 'done' } });`),
      { line: 3, messageId: 'insert' },
    ],
    [
      'a notice with work after it',
      worker(
        `await prisma.order.update({ where: { id: 1 }, data: { status: 'done' } });\nawait prisma.notification.create({ data: { text: 'done' } }); await prisma.user.update({ where: { id: 1 }, data: { seen: false } });`,
      ),
      { line: 4, messageId: 'insert' },
    ],
    [
      'a notice to each of many',
      worker(
        `await prisma.order.update({ where: { id: 1 }, data: { status: 'done' } });\nfor (const userId of job.data.users) await prisma.notification.create({ data: { userId } });`,
      ),
      { line: 4, messageId: 'insert' },
    ],
    [
      'a customer at a payment service, which moves no money',
      worker(`await stripe.customers.create({ email: job.data.to });`),
      {
        line: 3,
        messageId: 'request',
        suggest:
          'await stripe.customers.create({ email: job.data.to }, { idempotencyKey: `${job.queueName}:${job.id}` });',
      },
    ],
    [
      'a request behind a helper that adds a row on another way',
      worker(
        `await post(job.data);`,
        `async function post(data) {\nif (data.isDraft) { await prisma.draft.create({ data }); return; }\nawait axios.post('https://a/posts', data); }`,
      ),
      { line: 3, messageId: 'request' },
    ],
    [
      'a mail of a helper that adds a row first, once',
      {
        'a.js': worker(`await confirm(job.data);`, `import { confirm } from './confirm.js';`),
        'confirm.js': `${IMPORTS} export async function confirm(data) { await prisma.receipt.create({ data }); await mail.sendMail(data); }`,
      },
      { ...sent, says: 'mail.sendMail()' },
    ],
    ['one report a way', worker(`${SEND}\n${SEND}\nawait stripe.charges.create(x);`), sent],
    [
      'each way',
      worker(`switch (job.name) {\ncase 'a': ${SEND} break;\ncase 'b': ${SEND} break; }`),
      [
        { ...sent, line: 4 },
        { ...sent, line: 5 },
      ],
    ],
    [
      'a helper of another file, at the call',
      {
        'a.js': worker(`await confirm(job.data);`, `import { confirm } from './confirm.js';`),
        'confirm.js': `import nodemailer from 'nodemailer'; export const confirm = async (data) => { await nodemailer.createTransport({}).sendMail(data); };`,
      },
      { ...sent, says: 'confirm (confirm.js:1) -> nodemailer.createTransport({}).sendMail()' },
    ],
    [
      'a processor of NestJS with an injected service',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport { MailerService } from '@nestjs-modules/mailer';\n@Processor('mail')\nexport class P extends WorkerHost {\nconstructor(private readonly mailer: MailerService) { super(); }\nasync process(job: any) { await this.mailer.sendMail({ to: job.data.to }); }\n}`,
      },
      { ...sent, line: 6 },
    ],
    [
      'a house client, by the settings',
      worker(`await house.charge(job.data);`, `import { house } from 'house';`),
      { line: 3, messageId: 'request' },
      { settings: { externalCalls: ['charge'] } },
    ],
  ],
});
