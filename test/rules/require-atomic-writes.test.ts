import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker } from 'bullmq'; import { PrismaClient } from '@prisma/client'; import nodemailer from 'nodemailer'; import Redis from 'ioredis'; const prisma = new PrismaClient(); const mail = nodemailer.createTransport({}); const redis = new Redis();`;
const worker = (body: string, more = ''): string =>
  `${IMPORTS} ${more}\nnew Worker('orders', async (job) => {\n${body}\n});`;
const writes = { line: 4, messageId: 'writes' };
const flag = { line: 4, messageId: 'flag' };
const order = `const order = await prisma.order.findUnique({ where: { id: job.data.id } });`;
const book = `await prisma.ledger.create({ data: { amount: 1 } });`;
const pay = `await prisma.order.update({ where: { id: 1 }, data: { status: 'paid' } });`;
const send = `await mail.sendMail({ to: order.to });`;

testRule('require-atomic-writes', {
  valid: [
    ['one write', worker(pay)],
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
    ['code that no job runs', `${IMPORTS} export async function run() { ${book} ${pay} }`],
    ['tests', { 'a.test.js': worker(`${book}\n${pay}`) }],
  ],
  invalid: [
    ['an insert and an update', worker(`${book}\n${pay}`), { ...writes, says: 'prisma.ledger.create()' }],
    [
      'updates of two tables',
      worker(`await prisma.user.update({ where: { id: 1 }, data: { name: 'a' } });\n${pay}`),
      writes,
    ],
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
    ['a flag that nobody looks at', worker(`${order} ${send}\n${pay}`), flag],
    [
      'a transaction alone, which locks nothing',
      worker(
        `await prisma.$transaction(async (tx) => { const order = await tx.order.findUnique({ where: { id: 1 } }); if (order.sentAt) return; ${send}\nawait tx.order.update({ where: { id: 1 }, data: { sentAt: new Date() } }); });`,
      ),
      flag,
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
