import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker } from 'bullmq'; import { PrismaClient } from '@prisma/client'; import nodemailer from 'nodemailer'; import Redis from 'ioredis'; const prisma = new PrismaClient(); const mail = nodemailer.createTransport({}); const redis = new Redis();`;
const worker = (body: string, more = ''): string =>
  `${IMPORTS} ${more}\nnew Worker('orders', async (job) => {\n${body}\n});`;
const writes = { line: 4, messageId: 'writes' };
const apart = { line: 4, messageId: 'apart' };
const flag = { line: 4, messageId: 'flag' };
const unseen = { line: 4, messageId: 'unseen' };
const unreached = { line: 4, messageId: 'unreached' };
const order = `const order = await prisma.order.findUnique({ where: { id: job.data.id } });`;
const book = `await prisma.ledger.create({ data: { amount: 1 } });`;
const pay = `await prisma.order.update({ where: { id: 1 }, data: { status: 'paid' } });`;
const send = `await mail.sendMail({ to: order.to });`;

const sql = (body: string): string =>
  `import { Worker } from 'bullmq'; import { Pool } from 'pg'; const pool = new Pool(); new Worker('orders', async (job) => {\n${body}\n});`;

const NEST = `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { MasterService, TenantService } from './databases';`;
const DATABASES = `import { PrismaClient } from '@prisma/client'; export class TenantService extends PrismaClient { constructor(options?: { tenantUrl: string }) { super(); } } export class MasterService extends PrismaClient {}`;
const MONGOOSE = `import { Worker } from 'bullmq'; import mongoose from 'mongoose'; const Cart = mongoose.model('Cart', schema); const Order = mongoose.model('Order', schema);`;

testRule('require-atomic-writes', {
  valid: [
    [
      'a row under a key, whose refusal is taken for an answer: no retry adds it again',
      worker(
        `await append({ idempotencyKey: job.data.key, amount: 5 });\n${pay}`,
        `async function append(data) { try { return await prisma.ledger.create({ data }); } catch (error) { if (error.code === 'P2002') return null; throw error; } }`,
      ),
    ],
    [
      'what is taken back when the payment outside has failed',
      worker(
        `const paid = await transfer(job.data); if (!paid) await reverseDebit(job.data.id);`,
        `async function transfer(data) { await prisma.wallet.update({ where: { id: 1 }, data: { balance: { decrement: 5 } } }); return send(data); } async function reverseDebit(id) { await prisma.order.update({ where: { id }, data: { isOpen: true } }); }`,
      ),
    ],
    [
      'rows that each run makes for itself: of the run, and of a file',
      worker(`const run = await prisma.scoringRun.create({ data: { date: new Date() } });
await prisma.score.create({ data: { scoringRunId: run.id, value: 5 } });
await prisma.fileAsset.create({ data: { storageKey: key, originalName: name, contentType: type, size: 5 } });
await prisma.report.update({ where: { id: 1 }, data: { text: 'a' } });`),
    ],
    [
      'a notice after the work',
      worker(`${pay}
await prisma.notification.create({ data: { userId: order.userId, text: 'Your order is paid' } });`),
    ],
    [
      'what a row keeps for the record, and statistics',
      worker(`${pay}
await prisma.webhook.update({ where: { id: 1 }, data: { totalDeliveries: { increment: 1 }, lastSuccessAt: new Date() } });`),
    ],
    [
      'what is only noted in the lists of a document',
      `${MONGOOSE} new Worker('orders', async (job) => {
await Order.updateOne({ _id: 1 }, { status: 'paid' });
await Cart.updateOne({ _id: 1 }, { $push: { logs: { request, response, at: new Date() } } });
});`,
    ],
    [
      'statistics that are kept by SQL',
      sql(`await pool.query("UPDATE deliveries SET status = 'success' WHERE id = $1", [1]);
await pool.query('UPDATE hooks SET total_deliveries = total_deliveries + 1, failure_count = 0, last_success_at = now() WHERE id = $1', [2]);`),
    ],
    [
      'rows that SQL takes away',
      sql(`await pool.query('DELETE FROM devices WHERE id = $1', [1]);
await pool.query('DELETE FROM providers WHERE id = $1', [1]);`),
    ],
    [
      'rows that SQL puts in the place of others',
      sql(`await pool.query('DELETE FROM ranks WHERE season = $1', [1]);
await pool.query('INSERT INTO ranks (season) VALUES ($1)', [1]);
await pool.query('DELETE FROM seasons WHERE id = $1', [2]);`),
    ],
    [
      'parts of two steps that each leave it to others',
      worker(
        `await migrate(); await seed();`,
        `async function migrate() { await mark(); } async function mark() { await check(); await prisma.tenant.update({ where: { id: 1 }, data: { migratedAt: new Date() } }); } async function seed() { await fill(); } async function fill() { await check(); await prisma.account.update({ where: { id: 1 }, data: { name: 'a' } }); }`,
      ),
    ],
    [
      'a time of last use is no flag of what was sent',
      worker(`await mail.sendMail({ to: job.data.to });
await prisma.token.update({ where: { id: job.data.id }, data: { lastUsedAt: new Date() } });`),
    ],
    [
      'what is written when a step fails, and what nothing waits for',
      `import { Worker } from 'bullmq'; import mongoose from 'mongoose'; const Device = mongoose.model('Device', schema); const Notice = mongoose.model('Notice', schema); new Worker('notices', async (job) => {
const notice = await Notice.findById(job.data.id);
await push(notice).catch(async (error) => { await Device.updateOne({ _id: 1 }, { isActive: false }); });
Device.updateOne({ _id: 2 }, { seenAt: new Date() }).exec();
notice.isSent = true;
await notice.save();
});`,
    ],
    [
      'statements of SQL in one transaction',
      sql(`const client = await pool.connect();
await client.query('BEGIN');
await client.query('INSERT INTO ledger (amount) VALUES ($1)', [1]);
await client.query("UPDATE orders SET status = 'paid' WHERE id = $1", [job.data.id]);
await client.query('COMMIT');`),
    ],
    [
      'statements of SQL that note the start, keep a record, or are known for the same',
      sql(`await pool.query("UPDATE orders SET status = 'processing' WHERE id = $1", [job.data.id]);
await pool.query('INSERT INTO ledger (job_id) VALUES ($1) ON CONFLICT DO NOTHING', [job.id]);
await pool.query('INSERT INTO audit_logs (text) VALUES ($1)', [job.data.text]);
await pool.query('SELECT 1');`),
    ],
    [
      'writes that are given a transaction',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { assign } from './orders'; import { sequelize } from './db';\nnew Worker('a', async (job) => {\nconst t = await sequelize.transaction(); await assign(job.data.id, t); await t.commit();\n});`,
        'orders.ts': `import { PrismaClient } from '@prisma/client'; import { Order, Seat } from './models'; export async function assign(id: string, transaction?: unknown) { await Order.update({ agentId: 1 }, { where: { id }, transaction }); await Seat.update({ busy: true }, { where: { id: 1 }, transaction }); }`,
        'models.ts': `import { Model } from 'sequelize'; export class Order extends Model {} export class Seat extends Model {}`,
        'db.ts': `import { Sequelize } from 'sequelize'; export const sequelize = new Sequelize('x');`,
      },
    ],
    [
      'one transaction of its own',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { credit } from './wallets';\nnew Worker('pay', async (job) => {\nawait credit(job.data.to, 5);\n});`,
        'wallets.ts': `import mongoose from 'mongoose'; const Wallet = mongoose.model('Wallet', schema); export async function debit(userId, amount) { const session = await mongoose.startSession(); session.startTransaction(); const wallet = await Wallet.findOne({ userId }).session(session); if (wallet.isFrozen) throw new Error('frozen'); wallet.balance -= amount; await wallet.save({ session }); await session.commitTransaction(); } export async function credit(userId, amount) { const session = await mongoose.startSession(); session.startTransaction(); const wallet = await Wallet.findOne({ userId }).session(session); if (wallet.isFrozen) throw new Error('frozen'); wallet.balance += amount; await wallet.save({ session }); await session.commitTransaction(); }`,
      },
    ],
    [
      'a transaction around both',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { credit, debit } from './wallets'; import mongoose from 'mongoose';\nnew Worker('pay', async (job) => {\nawait mongoose.connection.transaction(async (session) => { await debit(job.data.from, 5, session); await credit(job.data.to, 5, session); });\n});`,
        'wallets.ts': `import mongoose from 'mongoose'; const Wallet = mongoose.model('Wallet', schema); export async function debit(userId, amount) { const session = await mongoose.startSession(); session.startTransaction(); const wallet = await Wallet.findOne({ userId }).session(session); if (wallet.isFrozen) throw new Error('frozen'); wallet.balance -= amount; await wallet.save({ session }); await session.commitTransaction(); } export async function credit(userId, amount) { const session = await mongoose.startSession(); session.startTransaction(); const wallet = await Wallet.findOne({ userId }).session(session); if (wallet.isFrozen) throw new Error('frozen'); wallet.balance += amount; await wallet.save({ session }); await session.commitTransaction(); }`,
      },
    ],
    ['one write', worker(pay)],
    [
      'two updates of one table, one of which adds nothing',
      worker(
        `await prisma.account.update({ where: { id: 1 }, data: { balance: { decrement: 1 } } });\nawait prisma.account.update({ where: { id: 2 }, data: { balance: { increment: 0 } } });`,
      ),
    ],
    [
      'an update that changes nothing',
      worker(
        `${book}\nawait prisma.account.update({ where: { id: 2 }, data: { balance: { increment: 0 } } });`,
      ),
    ],
    [
      'an update of Mongoose that changes nothing',
      `${MONGOOSE}\nnew Worker('carts', async (job) => { await Order.create({ id: 1 });\nawait Cart.updateOne({ _id: 1 }, { $inc: { total: 0 } }); });`,
    ],
    [
      'what is added to a record after it has been saved',
      `${MONGOOSE}\nnew Worker('carts', async (job) => {\nconst cart = await Cart.findById(1); cart.state = 'open'; await cart.save();\ncart.step = 2; await cart.save(); cart.tries += 1; log(cart); });`,
    ],
    [
      'what a failure adds to a record, and the saves without one',
      `${MONGOOSE}\nnew Worker('carts', async (job) => {\nconst cart = await Cart.findById(1); cart.state = 'open'; await cart.save(); try {\ncart.step = 2; await cart.save(); } catch (error) { cart.tries += 1; await cart.save(); throw error; } });`,
    ],
    [
      'a transaction',
      worker(
        `await prisma.$transaction(async (tx) => { await tx.ledger.create({ data: {} }); await tx.order.update({ where: { id: 1 }, data: { status: 'paid' } }); });`,
      ),
    ],
    [
      'an array of writes that are one',
      worker(
        `await prisma.$transaction([prisma.ledger.create({ data: {} }), prisma.order.update({ where: { id: 1 }, data: {} })]);`,
      ),
    ],
    [
      'writes that are collected for a transaction',
      worker(
        `const steps = []; steps.push(prisma.ledger.create({ data: {} })); steps.push(prisma.order.update({ where: { id: 1 }, data: {} })); await prisma.$transaction(steps);`,
      ),
    ],
    [
      'helpers that are given the transaction',
      worker(
        `await prisma.$transaction(async (tx) => { await book(tx); await pay(tx); });`,
        `const book = (tx) => tx.ledger.create({ data: {} }); const pay = (tx) => tx.order.update({ where: { id: 1 }, data: {} });`,
      ),
    ],
    ['writes of two ways', worker(`if (job.name === 'a') { ${book} } else { ${pay} }`)],
    [
      'writes for jobs of different names',
      worker(`if (job.name === 'book') { ${book} }\nif (job.name === 'pay') { ${pay} }`),
    ],
    [
      'an upsert of a query builder, and one write',
      worker(
        `await db.insert(tags).values({ id: 1 }).onConflictDoNothing();\n${pay}`,
        `import { drizzle } from 'drizzle-orm/node-postgres'; const db = drizzle(url);`,
      ),
    ],
    [
      'a token that a client stores to get at what it needs',
      worker(
        `const client = await getClient();\n${pay}`,
        `async function getClient() { await prisma.token.update({ where: { id: 1 }, data: { value: 'a' } }); }`,
      ),
    ],
    [
      'a status that goes on, of one table',
      worker(
        `await prisma.order.update({ where: { id: 1 }, data: { status: 'processing' } }); await work(job); ${pay}`,
        `import { work } from './work.js';`,
      ),
    ],
    [
      'a mark of the failure',
      worker(
        `try { ${book} } catch (error) { await prisma.job.update({ where: { id: 1 }, data: { status: 'failed' } }); throw error; }`,
      ),
    ],
    ['a log', worker(`${pay} await prisma.auditLog.create({ data: {} });`)],
    ['another store', worker(`${pay} await redis.set('a', '1'); await job.updateProgress(100);`)],
    [
      'a flag that is set under a row lock',
      worker(
        `await prisma.$transaction(async (tx) => { const [order] = await tx.$queryRaw\`SELECT * FROM orders WHERE id = 1 FOR UPDATE\`; await lockOrder(tx); if (order.sent_at) return; ${send} await tx.order.update({ where: { id: 1 }, data: { sentAt: new Date() } }); });`,
        `const lockOrder = (tx) => tx.$queryRawUnsafe('SELECT 1 FROM orders FOR UPDATE');`,
      ),
    ],
    [
      'a flag after a claim',
      worker(
        `${order} const { count } = await prisma.order.updateMany({ where: { id: 1, status: 'open' }, data: { status: 'claimed' } }); if (count === 0) return; ${send} ${pay}`,
      ),
    ],
    [
      'a mail under a stable id',
      worker(
        `${order} if (order.sentAt) return; await mail.sendMail({ to: order.to, messageId: 'order-' + order.id }); ${pay}`,
      ),
    ],
    ['a flag before the effect', worker(`${order} ${pay} ${send}`)],
    [
      'two sweeps',
      worker(
        `await prisma.token.deleteMany({ where: { expiresAt: { lt: now } } }); await prisma.invite.updateMany({ where: { expiresAt: { lt: now } }, data: { status: 'expired' } });`,
      ),
    ],
    [
      'two lists that are gone through one after the other',
      worker(
        `const [posts, pages] = await Promise.all([prisma.post.findMany({ where: { status: 'due' } }), prisma.page.findMany({ where: { status: 'due' } })]); for (const post of posts) await prisma.post.update({ where: { id: post.id }, data: { status: 'out' } }); for (const page of pages) await prisma.page.update({ where: { id: page.id }, data: { status: 'out' } });`,
      ),
    ],
    [
      'a write of a helper that keeps its failures to itself',
      worker(`${book} await note();`, `async function note() { try { ${pay} } catch {} }`),
    ],
    ['a write that nothing waits for', worker(`${book} void note();`, `async function note() { ${pay} }`)],
    [
      'a write by a helper that is started and left',
      worker(`${book} note().catch(() => {});`, `async function note() { ${pay} }`),
    ],
    [
      'a write of a branch that the call rules out',
      worker(
        `await save({ id: 1, status: 'seen' });`,
        `async function save({ id, ...data }) { if (data.status === 'gone') await prisma.file.deleteMany({ where: { orderId: id } }); await prisma.order.update({ where: { id }, data }); }`,
      ),
    ],
    [
      'a flag of other work than the mail',
      worker(
        `${order} ${send} await close();`,
        `async function close() { await prisma.order.update({ where: { id: 1 }, data: { state: 'done' } }); }`,
      ),
    ],
    [
      'a row that is only added where it is not there, and one more write of it',
      {
        'a.ts': `import { Worker } from 'bullmq'; import mongoose from 'mongoose'; const Cart = mongoose.model('Cart', schema);\nnew Worker('carts', async (job) => { let cart = await Cart.findOne({ user: 1 }); if (!cart) { cart = await Cart.create({ user: 1 }); } cart.note = 'a'; await cart.save(); });`,
      },
    ],
    [
      'a step whose failure is kept',
      worker(
        `${book} try { await prisma.notice.create({ data: { text: 'a' } }); } catch (error) { console.error(error); }`,
      ),
    ],
    [
      'one in a round for some, the other for others',
      worker(`for (const one of job.data.orders) { if (one.isNew) { ${book} } else { ${pay} } }`),
    ],
    [
      'rows that are deleted by what does not change, the one of the account last',
      worker(
        `await prisma.strike.deleteMany({ where: { userId: job.data.userId } }); await prisma.user.deleteMany({ where: { id: job.data.userId } });`,
      ),
    ],
    [
      'a client that the job makes for its tenant, and the one of the house',
      {
        'a.ts': `${NEST} @Processor('orders')\nexport class P extends WorkerHost {\nconstructor(private readonly master: MasterService) { super(); }\nasync process(job: any) { const prisma = new TenantService({ tenantUrl: job.data.url });\nawait prisma.ledger.create({ data: {} });\nawait this.master.order.create({ data: {} }); }\n}`,
        'databases.ts': DATABASES,
      },
    ],
    [
      'a client that the job makes, and one of the same class that is injected',
      {
        'a.ts': `${NEST} @Processor('orders')\nexport class P extends WorkerHost {\nconstructor(private readonly shared: TenantService) { super(); }\nasync process(job: any) { const prisma = new TenantService({ tenantUrl: job.data.url });\nawait prisma.ledger.create({ data: {} });\nawait this.shared.order.create({ data: {} }); }\n}`,
        'databases.ts': DATABASES,
      },
    ],
    [
      'two clients of one class under two names',
      {
        'a.ts': `${NEST} @Processor('orders')\nexport class P extends WorkerHost {\nconstructor(private readonly old: TenantService, private readonly current: TenantService) { super(); }\nasync process(job: any) {\nawait this.old.ledger.create({ data: {} });\nawait this.current.order.create({ data: {} }); }\n}`,
        'databases.ts': DATABASES,
      },
    ],
    [
      'clients that are made with two addresses',
      worker(
        `await prisma.ledger.create({ data: {} }); await archive.order.create({ data: {} });`,
        `const archive = new PrismaClient({ datasourceUrl: process.env.ARCHIVE });`,
      ),
    ],
    [
      'a row that notes what happened, and one that notes what was used',
      worker(
        `await prisma.jobEvent.create({ data: { step: 'begun' } }); await prisma.aiUsage.create({ data: { tokens: 5 } });\n${pay}`,
      ),
    ],
    [
      'two rows of a table that are each only added where they are not there',
      worker(
        `const a = await prisma.share.findFirst({ where: { kind: 'a' } }); if (!a) await prisma.share.create({ data: { kind: 'a' } });\nconst b = await prisma.share.findFirst({ where: { kind: 'b' } }); if (!b) await prisma.share.create({ data: { kind: 'b' } });`,
      ),
    ],
    [
      'rows that are added where they were not found, by a set that was filled from them',
      worker(
        `const done = new Set(); for (const row of await prisma.step.findMany({ where: { orderId: 1 } })) done.add(row.name); for (const name of job.data.names) { if (done.has(name)) continue; await prisma.step.create({ data: { name } }); ${pay} }`,
      ),
    ],
    [
      'a claim before both, which the retry does not get',
      worker(
        `const { count } = await prisma.order.updateMany({ where: { id: 1, status: 'QUEUED' }, data: { status: 'RUNNING' } }); if (count === 0) return; ${book}\nawait prisma.account.update({ where: { id: 1 }, data: { total: { increment: 1 } } });`,
      ),
    ],
    [
      'a helper that is called twice and adds or counts',
      worker(
        `await save(job.data.first);\nawait save(job.data.second);`,
        `async function save(one) { if (one.isNew) { ${book} } else { await prisma.account.update({ where: { id: 1 }, data: { total: { increment: 1 } } }); } }`,
      ),
    ],
    [
      'two marks of the failure, before the run gives up',
      worker(
        `${order} if (order.age > 5) { await prisma.step.updateMany({ where: { orderId: 1 }, data: { status: 'failed', endedAt: new Date() } });\nawait prisma.order.update({ where: { id: 1 }, data: { status: 'failed' } }); return; }`,
      ),
    ],
    [
      'a mark of the failure, before the run gives up, after a write',
      worker(
        `${book} if (job.data.credit <= 0) { await prisma.order.update({ where: { id: 1 }, data: { status: Status.FAILED, reason: 'credit' } }); return null; }`,
      ),
    ],
    [
      'a mark of the failure, which is no flag of the mail',
      worker(
        `${order} const sent = ${send} if (!sent) { await prisma.order.update({ where: { id: 1 }, data: { status: 'failed', failedAt: new Date() } }); return; }`,
      ),
    ],
    [
      'a mark of the failure on a record that is saved, and a notice of it',
      `${MONGOOSE}\nnew Worker('carts', async (job) => { const cart = await Cart.findById(1); if (!cart.items) { cart.status = 'error'; await cart.save();\nawait Order.create({ text: 'no items' }); return; } cart.status = 'built'; await cart.save(); });`,
    ],
    [
      'a note of what happened by a helper that tells of its failure, and nobody looks',
      worker(
        `await prisma.order.update({ where: { id: 1 }, data: { total: 1 } });\nawait note({ data: { type: 'UPDATE', date: new Date() } });`,
        `async function note(given) { try { return await prisma.transition.create({ ...given, include: { order: true } }); } catch (error) { console.error(error); return false; } }`,
      ),
    ],
    [
      'a note of what happened, in an attempt that is given up without a word',
      worker(
        `try { if (job.data.isSmall && (await prisma.order.update({ where: { id: 1 }, data: { size: 1 } }))) {\nawait prisma.transition.create({ data: { transitionType: 'RESIZE', transitionDate: new Date() } }); } } catch {}`,
      ),
    ],
    [
      'an upsert of a row by the id of one that was there',
      worker(
        `${order} ${book}\nawait prisma.invoice.upsert({ where: { orderId: order.id }, create: { orderId: order.id }, update: {} });`,
      ),
    ],
    ['code that no job runs', `${IMPORTS} export async function run() { ${book} ${pay} }`],
    ['tests', { 'a.test.js': worker(`${book}\n${pay}`) }],
  ],
  invalid: [
    [
      'a row, and the count of such rows',
      worker(`await prisma.enrolment.create({ data: { courseId: job.data.courseId } });
await prisma.course.update({ where: { id: job.data.courseId }, data: { enrolmentCount: { increment: 1 } } });`),
      writes,
    ],
    [
      'parts of two steps that leave it to functions for the writes alone',
      worker(
        `await migrate(); await seed();`,
        `async function migrate() { await mark(); } async function mark() { return prisma.tenant.update({ where: { id: 1 }, data: { migratedAt: new Date() } }); } async function seed() { await fill(); } async function fill() { return prisma.account.update({ where: { id: 1 }, data: { name: 'a' } }); }`,
      ),
      { line: 1, messageId: 'apart' },
    ],
    [
      'a list in a row that is kept for the record',
      {
        'a.ts': `${MONGOOSE}\nnew Worker('carts', async (job) => { await Cart.findByIdAndUpdate(job.data.id, { status: 'built', $push: { history: { event: 'built' } } }); await Order.updateOne({ _id: 1 }, { status: 'built' }); });`,
      },
      { line: 2, messageId: 'apart' },
    ],
    [
      'the rest of what one run claims, by a query that is run at its end: no retry makes it again',
      `${MONGOOSE} new Worker('orders', async (job) => {
const order = await Order.findOneAndUpdate({ _id: job.data.id, status: 'open' }, { $set: { status: 'closed' } }).exec();
if (!order) return;
await Cart.updateOne({ _id: 2 }, { $inc: { total: 5 } }).exec();
await Order.updateOne({ _id: 3 }, { name: 'a' }).exec();
});`,
      { line: 4, messageId: 'apart' },
    ],
    [
      'a row that hangs on another one, and rows with some of the columns of a file',
      worker(`const report = await prisma.report.create({ data: { date: new Date() } });
await prisma.order.update({ where: { id: 1 }, data: { reportId: report.id } });
});
new Worker('links', async () => {
await prisma.link.create({ data: { url: 'https://a.test', title: 'a' } });
await prisma.order.update({ where: { id: 1 }, data: { linkId: 1 } });`),
      [
        { line: 4, messageId: 'writes' },
        { line: 8, messageId: 'writes' },
      ],
    ],
    [
      'a notice before the mark that it was sent',
      worker(`await prisma.notification.create({ data: { userId: 1, text: 'Pay, please' } });
await prisma.order.update({ where: { id: 1 }, data: { remindedAt: new Date() } });`),
      writes,
    ],
    [
      'counts that are worth something, or stand beside a state',
      worker(`${pay}
await prisma.wallet.update({ where: { id: 1 }, data: { totalCredits: { increment: 5 } } });
});
new Worker('batches', async () => {
await prisma.item.update({ where: { id: 1 }, data: { status: 'done' } });
await prisma.batch.update({ where: { id: 1 }, data: { doneCount: { increment: 1 }, status: 'closed' } });`),
      [
        { line: 4, messageId: 'apart' },
        { line: 8, messageId: 'apart' },
      ],
    ],
    [
      'a list of a document that is no record',
      `${MONGOOSE} new Worker('orders', async (job) => {
await Order.updateOne({ _id: 1 }, { status: 'paid' });
await Cart.updateOne({ _id: 1 }, { $push: { logs: { at: new Date() }, items: job.data.item } });
});`,
      { line: 3, messageId: 'apart' },
    ],
    [
      'a row that SQL takes away where it puts none',
      sql(`await pool.query('INSERT INTO ranks (season) VALUES ($1)', [1]);
await pool.query('DELETE FROM seasons WHERE id = $1', [2]);`),
      { line: 3, messageId: 'writes' },
    ],
    [
      'a column that SQL has set, and that is looked at before the rest',
      sql(`const { rows } = await pool.query('SELECT pipeline FROM leads WHERE id = $1', [job.data.id]);
if (rows[0].pipeline !== null) return;
await pool.query('UPDATE leads SET pipeline = $2 WHERE id = $1', [job.data.id, job.data.pipeline]);
await pool.query('UPDATE deals SET owner = $2 WHERE id = $1', [job.data.deal, job.data.owner]);`),
      { line: 5, messageId: 'unreached' },
    ],
    [
      'a step of its own, and one that leaves it to a helper',
      worker(
        `await prisma.tenant.update({ where: { id: 1 }, data: { migratedAt: new Date() } });\nawait seed();`,
        `async function seed() { await fill(); } async function fill() { await prisma.account.update({ where: { id: 1 }, data: { name: 'a' } }); }`,
      ),
      { line: 1, messageId: 'apart' },
    ],
    [
      'a write by the id alone, by a query that is run at its end',
      `${MONGOOSE} new Worker('orders', async (job) => {
const order = await Order.findOneAndUpdate({ _id: job.data.id }, { $set: { status: 'closed' } }).exec();
if (!order) return;
await Cart.updateOne({ _id: 1 }, { name: 'a' }).exec();
});`,
      { line: 4, messageId: 'apart' },
    ],
    [
      'statements of SQL, one by one',
      sql(`await pool.query('INSERT INTO ledger (amount) VALUES ($1)', [1]);
await pool.query("UPDATE orders SET status = 'paid' WHERE id = $1", [job.data.id]);`),
      { line: 3, messageId: 'writes', says: 'pool.query()' },
    ],
    [
      'writes for which a transaction is asked, and none is given',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { assign } from './orders';\nnew Worker('a', async (job) => {\nawait assign(job.data.id);\n});`,
        'orders.ts': `import { PrismaClient } from '@prisma/client'; import { Order, Seat } from './models'; export async function assign(id: string, transaction?: unknown) { await Order.update({ agentId: 1 }, { where: { id }, transaction }); await Seat.update({ busy: true }, { where: { id: 1 }, transaction }); }`,
        'models.ts': `import { Model } from 'sequelize'; export class Order extends Model {} export class Seat extends Model {}`,
      },
      { line: 3, messageId: 'apart' },
    ],
    [
      'two transactions, of which the first is made again',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { credit, debit } from './wallets';\nnew Worker('pay', async (job) => {\nawait debit(job.data.from, 5);\nawait credit(job.data.to, 5);\n});`,
        'wallets.ts': `import mongoose from 'mongoose'; const Wallet = mongoose.model('Wallet', schema); export async function debit(userId, amount) { const session = await mongoose.startSession(); session.startTransaction(); const wallet = await Wallet.findOne({ userId }).session(session); if (wallet.isFrozen) throw new Error('frozen'); wallet.balance -= amount; await wallet.save({ session }); await session.commitTransaction(); } export async function credit(userId, amount) { const session = await mongoose.startSession(); session.startTransaction(); const wallet = await Wallet.findOne({ userId }).session(session); if (wallet.isFrozen) throw new Error('frozen'); wallet.balance += amount; await wallet.save({ session }); await session.commitTransaction(); }`,
      },
      { line: 4, messageId: 'writes' },
    ],
    [
      'the pair of the way that goes on, told before a mark of the failure',
      worker(
        `${book} if (job.data.credit <= 0) { await prisma.order.update({ where: { id: 1 }, data: { status: 'failed' } }); return; }\n${pay}`,
      ),
      { ...writes, says: 'prisma.ledger.create()' },
    ],
    [
      'what a run that gives up adds before it notes the failure',
      worker(
        `if (job.data.isLate) { ${book}\nawait prisma.order.update({ where: { id: 1 }, data: { status: 'failed' } }); return; }`,
      ),
      { ...writes, says: 'prisma.ledger.create()' },
    ],
    [
      'a mark of the failure that keeps the retry from what comes after it',
      worker(
        `${order} if (order.status === 'failed') return; if (job.data.isLate) { await prisma.order.update({ where: { id: 1 }, data: { status: 'failed' } });\nawait prisma.account.update({ where: { id: 1 }, data: { active: false } }); return; }`,
      ),
      { ...unreached, says: 'prisma.order.update()' },
    ],
    [
      'a failure that came in and is the work of the job',
      worker(
        `switch (job.name) { case 'payment.failed': await prisma.payment.update({ where: { id: 1 }, data: { status: 'failed' } });\nawait prisma.order.update({ where: { id: 1 }, data: { status: 'canceled' } }); break; }`,
      ),
      apart,
    ],
    [
      'a write that the retry does not get to: the value is the one that was compared',
      worker(
        `${order} const next = statusOf(job.data); if (next && next !== order.status) { await prisma.order.update({ where: { id: 1 }, data: { status: next } });\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } }); }`,
      ),
      { ...unreached, says: 'prisma.order.update()' },
    ],
    [
      'a write that the retry gets to: the value is another than the one that was compared',
      worker(
        `${order} const last = job.data.last; if (order.status === last) return; await prisma.order.update({ where: { id: 1 }, data: { status: nextOf(order) } });\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      apart,
    ],
    [
      'a write that the retry does not get to: the status is a constant of a package',
      worker(
        `${order} if (order.status === OrderStatus.PAID) return; await prisma.order.update({ where: { id: 1 }, data: { status: OrderStatus.PAID } });\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
        `import { OrderStatus } from '@prisma/client';`,
      ),
      unreached,
    ],
    [
      'a write that the retry does not get to: the status is another constant of the package',
      worker(
        `${order} if (order.status !== OrderStatus.OPEN) return; await prisma.order.update({ where: { id: 1 }, data: { status: OrderStatus.PAID } });\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
        `import { OrderStatus } from '@prisma/client';`,
      ),
      unreached,
    ],
    [
      'a record that another has with it, which is of another table',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { Payment, type Booking } from './models';\nnew Worker('pay', async (job) => {\nconst payment = await Payment.findOne({ where: { id: job.data.id } }); const next = job.data.status; if (next === payment.status) return; await payment.update({ status: next }); const booking = payment.get('booking') as Booking;\nawait booking.update({ status: 'confirmed' }); });`,
        'models.ts': `import { Model } from 'sequelize'; export class Payment extends Model {} export class Booking extends Model {}`,
      },
      { ...unreached, says: 'payment.update()' },
    ],
    [
      'a write that the retry does not get to: the value that was compared has the name of the column',
      worker(
        `${order} const status = statusOf(job.data); if (order.status === status) return; await prisma.order.update({ where: { id: 1 }, data: { status } });\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      unreached,
    ],
    [
      'a row that goes on, by a helper that tells of its failure, and nobody looks',
      worker(
        `await prisma.order.update({ where: { id: 1 }, data: { total: 1 } });\nawait add({ type: 'PARCEL', createdAt: new Date(), status: 'open' });`,
        `async function add(data) { try { return await prisma.shipment.create({ data }); } catch { return false; } }`,
      ),
      { ...apart, line: 1 },
    ],
    [
      'a note of what happened, whose failure somebody looks at',
      worker(
        `await prisma.order.update({ where: { id: 1 }, data: { total: 1 } });\nif (!(await note({ type: 'UPDATE', date: new Date() }))) throw new Error('not noted');`,
        `async function note(data) { try { return await prisma.transition.create({ data }); } catch { return false; } }`,
      ),
      { ...apart, line: 1 },
    ],
    [
      'a note of what happened, which fails with the job',
      worker(
        `await prisma.order.update({ where: { id: 1 }, data: { total: 1 } });\nawait prisma.transition.create({ data: { type: 'UPDATE', date: new Date() } });`,
      ),
      apart,
    ],
    [
      'an upsert of a row by the id of one that this run has inserted',
      worker(
        `const order = await prisma.order.create({ data: { total: 1 } });\nawait prisma.invoice.upsert({ where: { orderId: order.id }, create: { orderId: order.id }, update: { total: 1 } });`,
      ),
      { ...writes, says: 'prisma.order.create()' },
    ],
    [
      'an upsert by the id that a helper has answered, kept in a field until then',
      worker(
        `const id = await add(); if (!id) return;\nconst flow = await Flow.create(id);`,
        `async function add() { const made = await prisma.order.create({ data: { total: 1 } }); return made ? made.id : false; } class Flow { constructor(id) { this.id = id; } static async create(id) { const flow = new Flow(id); await flow.store(); return flow; } async store() { await prisma.state.upsert({ where: { orderId: this.id }, create: { orderId: this.id }, update: {} }); } }`,
      ),
      { ...writes, line: 1, says: 'prisma.order.create()' },
    ],
    [
      'a write that the retry does not get to: the list no longer has the record',
      `${MONGOOSE} const Draft = mongoose.model('Draft', schema);\nnew Worker('carts', async (job) => { const carts = await Cart.find({ 'items.productId': job.data.id }); for (const cart of carts) { cart.items.splice(0, 1); await cart.save(); let draft = await Draft.findOne({ user: cart.user }); if (!draft) draft = await Draft.create({ user: cart.user });\ndraft.items.push({ id: job.data.id });\nawait draft.save(); } });`,
      { ...unreached, says: 'cart.save()' },
    ],
    [
      'a write that the retry gets to: the list is found by what does not change',
      `${MONGOOSE}\nnew Worker('carts', async (job) => { const carts = await Cart.find({ user: job.data.id }); await Promise.all(carts.map(async (cart) => { cart.note = 'a'; await cart.save();\n\nawait Order.updateOne({ cart: cart.id }, { note: 'a' }); })); });`,
      apart,
    ],
    [
      'two marks of the failure, of which the first keeps the retry from the second',
      worker(
        `${order} if (order.status === 'failed') return; if (job.data.isLate) { await prisma.order.update({ where: { id: 1 }, data: { status: 'failed' } });\nawait prisma.payment.update({ where: { id: 1 }, data: { status: 'failed' } }); return; }`,
      ),
      { ...unreached, says: 'prisma.order.update()' },
    ],
    [
      'the state that a helper is given, told before other columns',
      {
        'a.js': worker(
          `await prisma.user.update({ where: { id: 1 }, data: { name: 'a' } }); await change(1, { title: 'a' });\nawait change(1, { status: 'done' });`,
          `import { change } from './orders.js';`,
        ),
        'orders.js': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export async function change(id, data) { await prisma.order.update({ where: { id }, data }); }`,
      },
      apart,
    ],
    ['an insert and an update', worker(`${book}\n${pay}`), { ...writes, says: 'prisma.ledger.create()' }],
    [
      'an insert before an update of another table, told before two updates',
      worker(
        `await prisma.user.update({ where: { id: 1 }, data: { name: 'a' } }); await prisma.team.update({ where: { id: 1 }, data: { name: 'b' } }); ${book}\n${pay}`,
      ),
      { ...writes, says: 'prisma.ledger.create()' },
    ],
    [
      'writes behind one and the same name',
      worker(`if (job.name === 'book') { ${book} }\nif (job.name === 'book') { ${pay} }`),
      writes,
    ],
    [
      'two counts of one table',
      worker(
        `await prisma.account.update({ where: { id: 1 }, data: { balance: { decrement: 1 } } });\nawait prisma.account.update({ where: { id: 2 }, data: { balance: { increment: 1 } } });`,
      ),
      writes,
    ],
    [
      'one of them in a transaction of its own',
      worker(
        `await prisma.$transaction(async (tx) => { await tx.a.create({ data: {} }); }); ${book}\n${pay}`,
      ),
      writes,
    ],
    [
      'at the second of two calls of a helper',
      worker(
        `for (const one of job.data.orders) { if (one.isOld) { await pay(); continue; } ${book}\nawait pay(); }`,
        `async function pay() { ${pay} }`,
      ),
      { ...writes, line: 1 },
    ],
    [
      'both in each round of a loop',
      worker(
        `for (const one of job.data.orders) {\n${book} await prisma.order.update({ where: { id: one.id }, data: { total: 1 } }); }`,
      ),
      writes,
    ],
    [
      'in helpers of other files',
      {
        'a.js': worker(`await book();\nawait pay();`, `import { book, pay } from './books.js';`),
        'books.js': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export async function book() { ${book} } export async function pay() { ${pay} }`,
      },
      { ...writes, says: 'pay (books.js:1)' },
    ],
    [
      'once a processor',
      worker(`${book}\n${pay}\nawait prisma.user.update({ where: { id: 1 }, data: {} });`),
      writes,
    ],
    [
      'a flag that is looked at without a lock',
      worker(
        `${order} if (!order || order.sentAt) return; ${send}\nawait prisma.order.update({ where: { id: 1 }, data: { sentAt: new Date() } });`,
      ),
      { ...flag, says: 'mail.sendMail()' },
    ],
    ['a flag that nothing looks at', worker(`${order} ${send}\n${pay}`), unseen],
    [
      'a flag that is looked at by way of a name',
      worker(
        `${order} const isDone = order.sentAt && order.sentAt > job.data.since; if (isDone) return; ${send}\nawait prisma.order.update({ where: { id: 1 }, data: { sentAt: new Date() } });`,
      ),
      flag,
    ],
    [
      'a flag beside one that is looked at',
      worker(
        `${order} if (order.sentAt) return; ${send} ${pay}\nawait prisma.order.update({ where: { id: 1 }, data: { sentAt: new Date() } });`,
      ),
      flag,
    ],
    [
      'a write that the retry does not get to: the row tells of the first',
      worker(
        `${order} if (order.status === 'paid') return; ${pay}\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      { ...unreached, says: 'prisma.order.update()' },
    ],
    [
      'a write that the retry does not get to: the status is another',
      worker(
        `${order} if (order.status !== 'open') return; ${pay}\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      unreached,
    ],
    [
      'a write that the retry does not get to: the status is one of several',
      worker(
        `${order} if (['paid', 'closed'].includes(order.status)) return; ${pay}\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      unreached,
    ],
    [
      'a write that the retry gets to: the status is yet another',
      worker(
        `${order} if (order.status === 'closed') return; ${pay}\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      apart,
    ],
    [
      'rows that take the place of those before, and the state that is set last',
      worker(
        `await prisma.chunk.deleteMany({ where: { orderId: 1 } }); await prisma.chunk.create({ data: { orderId: 1 } });\n${pay}`,
      ),
      apart,
    ],
    [
      'a flag by which a function has found the list',
      {
        'a.ts': `${MONGOOSE} import nodemailer from 'nodemailer'; import { findDue } from './due'; const mail = nodemailer.createTransport({});\nnew Worker('carts', async (job) => { for (const cart of await findDue()) { await mail.sendMail({ to: cart.email });\nawait Cart.updateOne({ _id: cart._id }, { sentAt: new Date() }); } });`,
        'due.ts': `import mongoose from 'mongoose'; const Cart = mongoose.model('Cart', schema); export async function findDue() { return Cart.find({ sentAt: null }); }`,
      },
      { line: 3, messageId: 'flag' },
    ],
    [
      'updates of two tables',
      worker(`await prisma.user.update({ where: { id: 1 }, data: { name: 'a' } });\n${pay}`),
      apart,
    ],
    [
      'a write that the retry gets to, because of the first',
      worker(
        `${pay} const paid = await prisma.order.findMany({ where: { status: 'paid' } }); if (paid.length === 0) return;\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      apart,
    ],
    [
      'a write that the retry does not get to: it finds no row',
      worker(
        `const due = await prisma.order.findFirst({ where: { id: job.data.id, status: 'open' } }); if (!due) return; ${pay}\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      unreached,
    ],
    [
      'a write that the retry does not get to: the row is gone',
      worker(
        `${order} if (!order) return; await prisma.order.delete({ where: { id: 1 } });\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      unreached,
    ],
    [
      'a write that the retry does not get to, of a record that is saved',
      {
        'a.ts': `import { Worker } from 'bullmq'; import mongoose from 'mongoose'; const Order = mongoose.model('Order', schema); const Account = mongoose.model('Account', schema);\nnew Worker('orders', async (job) => {\nconst order = await Order.findById(job.data.id); if (order.state === 'done') return; order.state = 'done'; await order.save();\nawait Account.updateOne({ _id: order.account }, { active: true });\n});`,
      },
      unreached,
    ],
    [
      'a write that the retry does not get to: the row is there now',
      worker(
        `const bill = await prisma.bill.findFirst({ where: { orderId: job.data.id } }); if (!bill) { await prisma.bill.create({ data: { orderId: job.data.id } });\n${pay} }`,
      ),
      unreached,
    ],
    [
      'the write that the retry does not get to, told before others',
      worker(
        `${order} if (order.status === 'paid') return; await prisma.user.update({ where: { id: 1 }, data: { name: 'a' } }); await prisma.team.update({ where: { id: 1 }, data: { name: 'b' } }); ${pay}\nawait prisma.account.update({ where: { id: 1 }, data: { active: true } });`,
      ),
      unreached,
    ],
    [
      'two clients of one address',
      worker(
        `await orders.ledger.create({ data: {} });\nawait orders.order.update({ where: { id: 1 }, data: { status: 'paid' } });`,
        `const orders = new PrismaClient({ datasourceUrl: process.env.ORDERS });`,
      ),
      writes,
    ],
    [
      'a client that is handed to a helper',
      {
        'a.ts': `${NEST} @Processor('orders')\nexport class P extends WorkerHost {\nasync process(job: any) { const prisma = new TenantService({ tenantUrl: job.data.url });\nawait prisma.ledger.create({ data: {} });\nawait this.pay(prisma); }\nasync pay(prisma: TenantService) { ${pay} }\n}`,
        'databases.ts': DATABASES,
      },
      { ...writes, line: 6 },
    ],
    [
      'an event that people go to',
      worker(`await prisma.event.create({ data: { title: 'a' } });\n${pay}`),
      { ...writes, says: 'prisma.event.create()' },
    ],
    [
      'the state of an event that came in',
      worker(`${book}\nawait prisma.webhookEvent.update({ where: { id: 1 }, data: { status: 'done' } });`),
      writes,
    ],
    ['a blog, which is no log', worker(`await prisma.blog.create({ data: {} });\n${pay}`), writes],
    [
      'rows that are added to others than those that were deleted',
      worker(
        `await prisma.draft.deleteMany({ where: { orderId: 1 } }); await prisma.chunk.create({ data: { orderId: 1 } });\n${pay}`,
      ),
      { ...writes, says: 'prisma.chunk.create()' },
    ],
    [
      'rows that are added but once in a run, by a set of what this run has added',
      worker(
        `const done = new Set(); for (const name of job.data.names) { if (done.has(name)) continue; done.add(name); await prisma.step.create({ data: { name } });\n${pay} }`,
      ),
      { ...writes, says: 'prisma.step.create()' },
    ],
    [
      'a claim whose state is given back',
      worker(
        `const { count } = await prisma.order.updateMany({ where: { id: 1, status: 'QUEUED' }, data: { status: 'RUNNING' } }); if (count === 0) return; try { ${book}\nawait prisma.account.update({ where: { id: 1 }, data: { total: { increment: 1 } } }); } catch (error) { await prisma.order.update({ where: { id: 1 }, data: { status: 'QUEUED' } }); throw error; }`,
      ),
      writes,
    ],
    [
      'a helper that is called twice and adds and counts',
      worker(
        `await save(job.data.first);\nawait save(job.data.second);`,
        `async function save(one) { ${book} await prisma.account.update({ where: { id: 1 }, data: { total: { increment: 1 } } }); }`,
      ),
      { ...writes, line: 1 },
    ],
    [
      'a balance that is worked out with the one before',
      worker(
        `const account = await prisma.account.findUnique({ where: { id: 1 } }); await prisma.account.update({ where: { id: 1 }, data: { balance: account.balance - 10 } });\n${pay}`,
      ),
      { ...writes, says: 'prisma.account.update()' },
    ],
    [
      'a record that is saved with more than it had',
      {
        'a.ts': `${MONGOOSE}\nnew Worker('carts', async (job) => {\nconst cart = await Cart.findById(1); cart.total += 5; await cart.save();\nawait Order.updateOne({ _id: 1 }, { status: 'built' }); });`,
      },
      { ...writes, says: 'cart.save()' },
    ],
    [
      'a record that is saved in one round with what the round before has added',
      `${MONGOOSE}\nnew Worker('carts', async (job) => { const cart = await Cart.findById(1);\nfor (const item of job.data.items) { await Order.create({ item });\nawait cart.save(); cart.total += item.price; } });`,
      { ...writes, line: 4, says: 'Order.create()' },
    ],
    [
      'an update that adds nothing and sets something',
      worker(
        `${book}\nawait prisma.account.update({ where: { id: 2 }, data: { balance: { increment: 0 }, state: 'open' } });`,
      ),
      writes,
    ],
    [
      'the nearest of the writes before',
      worker(
        `await prisma.order.updateMany({ where: { id: 1 }, data: { price: 1 } }); await prisma.order.update({ where: { id: 1 }, data: { state: 'closed' } });\n${book}`,
      ),
      { ...apart, says: 'prisma.order.update()' },
    ],
    ['an update and then an insert', worker(`${pay}\n${book}`), apart],
    [
      'writes of a helper that tells whether it could',
      worker(
        `${book}\nawait pay();`,
        `async function pay() { try { ${pay} } catch { return false; } return true; }`,
      ),
      { ...writes, line: 1 },
    ],
    [
      'writes that are both of one helper that keeps its failures to itself',
      worker(`await run();`, `async function run() { try { ${book} ${pay} } catch {} }`),
      { ...writes, line: 1 },
    ],
    [
      'a transaction alone, which locks nothing',
      worker(
        `await prisma.$transaction(async (tx) => { const order = await tx.order.findUnique({ where: { id: 1 } }); if (order.sentAt) return; ${send}\nawait tx.order.update({ where: { id: 1 }, data: { sentAt: new Date() } }); });`,
      ),
      flag,
    ],
    [
      'records that methods of the class look up, of two tables',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Repository } from 'typeorm'; import { InjectRepository } from '@nestjs/typeorm'; class Order { state: string } class Stats { total: number }\n@Processor('orders')\nexport class P extends WorkerHost {\nconstructor(@InjectRepository(Order) private readonly orders: Repository<Order>, @InjectRepository(Stats) private readonly stats: Repository<Stats>) { super(); }\nasync process(job: any) { const order = await this.findOrder(1); order.state = 'closed'; await this.orders.save(order); const stats = await this.findStats(1); stats.total += 1;\nawait this.stats.save(stats); }\nasync findOrder(id: number) { return this.orders.findOne({ where: { id } }); }\nasync findStats(id: number) { return this.stats.findOne({ where: { id } }); }\n}`,
      },
      { ...apart, line: 6 },
    ],
    [
      'repositories of TypeORM',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Repository } from 'typeorm'; import { InjectRepository } from '@nestjs/typeorm'; class Order {} class Entry {}\n@Processor('orders')\nexport class P extends WorkerHost {\nconstructor(@InjectRepository(Order) private readonly orders: Repository<Order>, @InjectRepository(Entry) private readonly entries: Repository<Entry>) { super(); }\nasync process(job: any) {\nawait this.entries.insert({ amount: 1 });\nawait this.orders.update(job.data.id, { status: 'paid' }); }\n}`,
      },
      { ...writes, line: 7 },
    ],
  ],
});
