import { testRule } from '../support/rule-cases.ts';

const QUEUE = `import { Queue } from 'bullmq'; const queue = new Queue('orders');`;
const PRISMA = `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();`;
const enqueued = (line: number): { line: number; messageId: string } => ({ line, messageId: 'enqueued' });

/** One statement a line: the first is line 2. */
const order = (imports: string, ...lines: string[]): string =>
  `${QUEUE} ${imports}\n${['export async function order(data) {', ...lines, '}'].join('\n')}`;

/** A transaction by hand around these lines; what comes after it. */
const manual = (inside: string, after = ''): string =>
  order(
    `import { DataSource } from 'typeorm'; const source = new DataSource({});`,
    `const runner = source.createQueryRunner(); await runner.connect();`,
    `await runner.startTransaction();`,
    `try {`,
    inside,
    `await runner.commitTransaction();`,
    after,
    `} catch (error) { await runner.rollbackTransaction(); throw error; } finally { await runner.release(); }`,
  );

const service = (body: string, head = ''): string => `import { Injectable } from '@nestjs/common';
import { InjectQueue } from '@nestjs/bullmq';
import { Queue } from 'bullmq';
import { Transactional, runOnTransactionCommit, Propagation } from 'typeorm-transactional';
@Injectable()
export class Orders {
  constructor(@InjectQueue('orders') private readonly queue: Queue, private readonly repository: Repository) {}
${head}
${body}
}`;

testRule('no-enqueue-in-transaction', {
  valid: [
    [
      'an enqueue after the callback',
      order(
        PRISMA,
        `const row = await prisma.$transaction(async (tx) => tx.order.create({ data }));`,
        `await queue.add('confirm', { id: row.id });`,
      ),
    ],
    [
      'an enqueue before it',
      order(
        PRISMA,
        `await queue.add('a', {});`,
        `await prisma.$transaction(async (tx) => tx.order.create({ data }));`,
      ),
    ],
    [
      'a helper that adds nothing while it is given the client of a transaction',
      {
        'a.ts': `import { PrismaClient, Prisma } from '@prisma/client'; import { Events } from './events.js';
const prisma = new PrismaClient(); const events = new Events(prisma);
export const order = (data: { id: string }) =>
  prisma.$transaction(async (tx: Prisma.TransactionClient) => {
    const row = await tx.order.create({ data });
    await events.emit('order.created', row.id, { tx });
    await changed(tx, row.id);
  });
async function changed(tx: Prisma.TransactionClient, id: string) { return events.emit('order.changed', id, { tx, key: id }); }
export const refund = (db: Database, id: string) => db.$transaction(async (tx) => events.emit('refund', id, { tx }));`,
        'events.ts': `${QUEUE} import { Prisma, PrismaClient } from '@prisma/client';
export class Events {
  constructor(private readonly prisma: PrismaClient) {}
  async emit(type: string, id: string, options: { tx?: Prisma.TransactionClient; key?: string } = {}) {
    const client = options.tx ?? this.prisma;
    const event = await client.event.create({ data: { type, id } });
    if (!options.tx) await this.enqueue(event.id);
  }
  async enqueue(id: string) { await queue.add('deliver', { id }); }
}`,
      },
    ],
    [
      'then of the transaction',
      order(
        PRISMA,
        `return prisma.$transaction((tx) => tx.order.create({ data })).then((row) => queue.add('confirm', { id: row.id }));`,
      ),
    ],
    [
      'the array form',
      order(
        PRISMA,
        `await prisma.$transaction([prisma.order.create({ data }), prisma.log.create({})]);`,
        `await queue.add('a', {});`,
      ),
    ],
    [
      'a promise of an enqueue beside the array form',
      order(
        PRISMA,
        `await Promise.all([prisma.$transaction([prisma.order.create({ data })]), queue.add('a', {})]);`,
      ),
    ],
    [
      'jobs that are collected inside and added after',
      order(
        PRISMA,
        `const jobs = [];`,
        `await prisma.$transaction(async (tx) => { const row = await tx.order.create({ data }); jobs.push({ name: 'a', data: { id: row.id } }); });`,
        `await queue.addBulk(jobs);`,
      ),
    ],
    [
      'tasks that are collected inside and run after',
      order(
        PRISMA,
        `const tasks = [];`,
        `await prisma.$transaction(async (tx) => { const row = await tx.order.create({ data }); tasks.push(() => queue.add('a', { id: row.id })); });`,
        `await Promise.all(tasks.map((task) => task()));`,
      ),
    ],
    [
      'an outbox',
      order(
        PRISMA,
        `await prisma.$transaction(async (tx) => { const row = await tx.order.create({ data }); await tx.outbox.create({ data: { topic: 'confirm', id: row.id } }); });`,
      ),
    ],
    [
      'a Set and an array inside',
      order(
        PRISMA,
        `await prisma.$transaction(async (tx) => { const seen = new Set(); seen.add(data.id); tx.list.add(1); });`,
      ),
    ],
    [
      'a hook of Sequelize for after the commit',
      order(
        `import { Sequelize } from 'sequelize'; const sequelize = new Sequelize('x');`,
        `await sequelize.transaction(async (t) => { t.afterCommit(() => queue.add('a', {})); });`,
      ),
    ],
    [
      'a hook of typeorm-transactional',
      service(
        `  @Transactional()\n  async create(dto) { const row = await this.repository.save(dto); runOnTransactionCommit(() => this.queue.add('a', { id: row.id })); runOnTransactionCommit(async () => { await this.notify(row.id); }); }\n  async notify(id: string) { await this.queue.add('b', { id }); }`,
      ),
    ],
    [
      'a hook in a function that is called inside',
      order(
        `${PRISMA} import { onCommit } from './hooks.js'; function notify(id) { onCommit(() => queue.add('a', { id })); }`,
        `await prisma.$transaction(async (tx) => { notify(data.id); });`,
      ),
    ],
    [
      'the promise of a transaction of Knex',
      order(
        `import knex from 'knex'; const db = knex({});`,
        `await db.transaction(async (trx) => { trx.executionPromise.then(() => queue.add('a', {})); await trx('orders').insert(data); });`,
      ),
    ],
    [
      'an enqueue after a commit by hand',
      manual(`await runner.manager.save(data);`, `await queue.add('a', {});`),
    ],
    [
      'an enqueue after the whole',
      `${manual('await runner.manager.save(data);')}\nexport async function other() { await queue.add('a', {}); }`,
    ],
    [
      'an enqueue after the commit of a client',
      order(
        `import { pool } from './db.js';`,
        `const client = await pool.connect();`,
        `try { await client.query('BEGIN'); await client.query('INSERT'); await client.query('COMMIT'); } catch (e) { await client.query('ROLLBACK'); throw e; }`,
        `await queue.add('a', {});`,
      ),
    ],
    [
      'an enqueue before a transaction is begun',
      order(
        `import { pool } from './db.js';`,
        `const client = await pool.connect();`,
        `await queue.add('a', {});`,
        `await client.query('BEGIN'); await client.query('COMMIT');`,
      ),
    ],
    [
      'an enqueue after an unmanaged transaction',
      order(
        `import { sequelize } from './db.js';`,
        `const t = await sequelize.transaction();`,
        `try { await Order.create(data, { transaction: t }); await t.commit(); } catch (e) { await t.rollback(); await queue.add('failed', {}); throw e; }`,
        `await queue.add('a', {});`,
      ),
    ],
    [
      'the transaction of a pipeline of Redis',
      order(
        `import Redis from 'ioredis'; const redis = new Redis();`,
        `await redis.multi().set('a', 1).exec();`,
        `await queue.add('a', {});`,
      ),
    ],
    [
      'a transaction of a tracing library',
      order(
        `import * as Sentry from '@sentry/node';`,
        `const transaction = Sentry.startTransaction({ name: 'a' });`,
        `await queue.add('a', {});`,
        `transaction.finish();`,
      ),
    ],
    [
      'a decorated method that runs outside of any transaction',
      service(
        `  @Transactional({ propagation: Propagation.NOT_SUPPORTED })\n  async create(dto) { await this.queue.add('a', {}); }`,
      ),
    ],
    ['a method without the decorator', service(`  async create(dto) { await this.queue.add('a', {}); }`)],
    [
      'a listener that is only registered inside',
      order(
        PRISMA,
        `await prisma.$transaction(async (tx) => { tx.$on('query', () => queue.add('a', {})); });`,
      ),
    ],
    [
      'a helper that calls its function after the commit',
      order(
        `${PRISMA} async function runAfter(work) { const row = await prisma.$transaction((tx) => tx.order.create({})); return work(row); }`,
        `await runAfter((row) => queue.add('a', { id: row.id }));`,
      ),
    ],
    [
      'the callback of something else that is called transaction',
      order(`import { doc } from './doc.js';`, `doc.transaction(() => { queue.add('a', {}); });`),
    ],
    [
      'a nightly script of tests',
      {
        'a.test.js': order(PRISMA, `await prisma.$transaction(async (tx) => { await queue.add('a', {}); });`),
      },
    ],
    [
      'odd calls',
      order(
        PRISMA,
        `await prisma.$transaction(); await prisma.$transaction(...data); await prisma[data]((tx) => tx); client.query(); runner.startTransaction;`,
      ),
    ],
    [
      'a transaction that holds a lock while the work goes through another client',
      order(
        PRISMA,
        `const withLock = (work) => prisma.$transaction(async (tx) => {`,
        `const [row] = await tx.$queryRaw\`SELECT pg_try_advisory_xact_lock(\${KEY}) AS locked\`;`,
        `if (row.locked) await work(); });`,
        `await withLock(async () => {`,
        `await prisma.order.create({ data }); await queue.add('created', { id: data.id }); });`,
      ),
    ],
  ],
  invalid: [
    [
      'a transaction that holds a lock and does the work',
      order(
        PRISMA,
        `const withLock = (work) => prisma.$transaction(async (tx) => {`,
        `const [row] = await tx.$queryRaw\`SELECT pg_try_advisory_xact_lock(\${KEY}) AS locked\`;`,
        `if (row.locked) await work(tx); });`,
        `await withLock(async (tx) => {`,
        `await tx.order.create({ data }); await queue.add('created', { id: data.id }); });`,
      ),
      enqueued(7),
    ],
    [
      'a helper that adds at once where it is not given another client',
      {
        'a.js': `${PRISMA} import { emit } from './events.js';\nexport const order = (data) =>\n  prisma.$transaction(async (tx) => {\n    await emit('order.created', data);\n    await emit('order.paid', data, { tx });\n  });`,
        'events.js': `${QUEUE} export async function emit(type, data, options = {}) { if (!options.tx) await queue.add(type, { id: data.id }); }`,
      },
      enqueued(4),
    ],
    [
      'Prisma',
      order(
        PRISMA,
        `await prisma.$transaction(async (tx) => {`,
        `const row = await tx.order.create({ data });`,
        `await queue.add('confirm', { id: row.id });`,
        `});`,
      ),
      { ...enqueued(5), says: 'queue.add()' },
    ],
    [
      'Prisma of a service that cannot be seen',
      order(
        '',
        `await this.db.$transaction(async (tx) => {`,
        `await queue.addBulk([{ name: 'confirm', data: { id: 1 } }]);`,
        `}, { timeout: 5000 });`,
      ),
      enqueued(4),
    ],
    [
      'TypeORM, with an isolation level',
      order(
        `import { DataSource } from 'typeorm'; const source = new DataSource({});`,
        `await source.transaction('SERIALIZABLE', async (manager) => {`,
        `await queue.add('confirm', {});`,
        `});`,
        `await source.manager.transaction(async (manager) => {`,
        `await queue.add('confirm', {});`,
        `});`,
      ),
      [enqueued(4), enqueued(7)],
    ],
    [
      'Sequelize, Knex and Drizzle',
      order(
        `import { Sequelize } from 'sequelize'; import knex from 'knex'; import { drizzle } from 'drizzle-orm/node-postgres'; const sequelize = new Sequelize('x'); const k = knex({}); const db = drizzle(pool);`,
        `await sequelize.transaction({ type: 'IMMEDIATE' }, async () => {`,
        `await queue.add('a', {});`,
        `});`,
        `await k.transaction(async (trx) => {`,
        `await queue.add('b', {});`,
        `});`,
        `await db.transaction(async (tx) => {`,
        `await queue.add('c', {});`,
        `});`,
      ),
      [enqueued(4), enqueued(7), enqueued(10)],
    ],
    [
      'Kysely',
      order(
        `import { Kysely } from 'kysely'; const db = new Kysely({});`,
        `await db.transaction().setIsolationLevel('serializable').execute(async (trx) => {`,
        `await queue.add('a', {});`,
        `});`,
      ),
      enqueued(4),
    ],
    [
      'Kysely that cannot be seen',
      order(
        `import { db } from '@acme/db';`,
        `await db.transaction().execute(async (trx) => {`,
        `await queue.add('a', {});`,
        `});`,
      ),
      enqueued(4),
    ],
    [
      'Mongoose',
      order(
        `import mongoose from 'mongoose';`,
        `const session = await mongoose.startSession();`,
        `await session.withTransaction(async () => {`,
        `await queue.add('a', {});`,
        `});`,
        `await mongoose.connection.transaction(async (session) => {`,
        `await queue.add('b', {});`,
        `});`,
      ),
      [enqueued(5), enqueued(8)],
    ],
    [
      'MikroORM, Objection and Lucid',
      {
        'a.ts': `${QUEUE} import { EntityManager } from '@mikro-orm/core'; import { Model } from 'objection'; import db from '@adonisjs/lucid/services/db'; class User extends Model {}
export async function order(em: EntityManager) {
  await em.transactional(async (em) => {
    await queue.add('a', {});
  });
  await User.transaction(async (trx) => {
    await queue.add('b', {});
  });
  await db.transaction(async (trx) => {
    await queue.add('c', {});
  });
}`,
      },
      [enqueued(4), enqueued(7), enqueued(10)],
    ],
    [
      'a decorated method',
      service(`  @Transactional()\n  async create(dto) {\n    await this.queue.add('a', {});\n  }`),
      { ...enqueued(11), says: 'Orders.create -> this.queue.add()' },
    ],
    [
      'a decorated method through another',
      service(
        `  @Transactional()\n  async create(dto) {\n    await this.notify();\n  }\n  async notify() {\n    await this.queue.add('a', {});\n  }`,
      ),
      { ...enqueued(14), says: 'Orders.create -> Orders.notify -> this.queue.add()' },
    ],
    [
      'a decorator of another package',
      service(`  @Atomic.Transactional\n  async create(dto) {\n    await this.queue.add('a', {});\n  }`),
      enqueued(11),
    ],
    ['by hand, of TypeORM', manual(`await queue.add('a', {});`), enqueued(6)],
    [
      'by hand, in a branch',
      manual(
        `if (data.paid) { await queue.add('a', {}); } else { await runner.rollbackTransaction(); return; }`,
      ),
      enqueued(6),
    ],
    [
      'by hand, after a branch that gave up',
      order(
        `import { pool } from './db.js';`,
        `const client = await pool.connect();`,
        `await client.query('BEGIN');`,
        `if (!data.id) { await client.query('ROLLBACK'); return; }`,
        `await queue.add('a', {});`,
        `await client.query('COMMIT');`,
      ),
      enqueued(6),
    ],
    [
      'by hand, in a statement that says more',
      order(
        `import { pool } from './db.js';`,
        `await client.query(\`BEGIN ISOLATION LEVEL \${data.level}\`);`,
        `await queue.add('a', {});`,
        `await client.query('COMMIT;');`,
      ),
      enqueued(4),
    ],
    [
      'by hand, an unmanaged transaction',
      order(
        `import { Sequelize } from 'sequelize'; const sequelize = new Sequelize('x');`,
        `const t = await sequelize.transaction();`,
        `await queue.add('a', {});`,
        `await t.commit();`,
      ),
      enqueued(4),
    ],
    [
      'by hand, through a function of the file, which is called before as well',
      order(
        `import mongoose from 'mongoose'; async function notify(id) { await queue.add('a', { id }); }`,
        `await notify(0);`,
        `const session = await mongoose.startSession();`,
        `session.startTransaction();`,
        `await notify(1);`,
        `await session.commitTransaction();`,
      ),
      enqueued(1),
    ],
    [
      'an enqueue whose promise is dropped',
      order(PRISMA, `await prisma.$transaction(async (tx) => {`, `void queue.add('a', {});`, `});`),
      enqueued(4),
    ],
    [
      'in then of a write inside',
      order(
        PRISMA,
        `await prisma.$transaction((tx) => tx.order.create({ data })`,
        `.then((row) => queue.add('a', { id: row.id })));`,
      ),
      enqueued(4),
    ],
    [
      'a wrapper of another file, at the call',
      {
        'a.js': `${PRISMA} import { confirm } from './queues.js';\nexport const order = (data) =>\n  prisma.$transaction(async (tx) => {\n    await confirm(data.id);\n  });`,
        'queues.js': `${QUEUE} export const confirm = (id) => queue.add('confirm', { id });`,
      },
      { ...enqueued(4), says: 'confirm (queues.js:1) -> queue.add()' },
    ],
    [
      'a queue that is handed to a helper of another file',
      {
        'a.js': `${PRISMA} import { push } from './push.js'; import { queue } from './queues.js';\nexport const order = (data) =>\n  prisma.$transaction(async (tx) => {\n    await push(queue, data.id);\n  });`,
        'push.js': `import 'bullmq'; export const push = (target, id) => target.add('confirm', { id });`,
        'queues.js': `import { Queue } from 'bullmq'; export const queue = new Queue('orders');`,
      },
      enqueued(4),
    ],
    [
      'a named callback',
      `${QUEUE} ${PRISMA}\nasync function create(tx) {\n  await queue.add('a', {});\n}\nexport const order = () => prisma.$transaction(create);`,
      { ...enqueued(3), says: 'create -> queue.add()' },
    ],
    [
      'a callback of another file, where it is given',
      {
        'a.js': `${PRISMA} import { create } from './create.js';\nexport const order = () =>\n  prisma.$transaction(create);`,
        'create.js': `${QUEUE} export async function create(tx) { await queue.add('a', {}); }`,
      },
      enqueued(3),
    ],
    [
      'a method of the class as the callback',
      {
        'a.ts': `${QUEUE} import { DataSource, EntityManager } from 'typeorm';
export class Orders {
  constructor(private readonly source: DataSource) {}
  place() { return this.source.transaction(this.create.bind(this)); }
  private async create(manager: EntityManager) {
    await queue.add('a', {});
  }
}`,
      },
      enqueued(6),
    ],
    [
      'a helper of the project that runs its function inside',
      {
        'a.js': `${QUEUE} import { withTx } from './db.js';\nexport const order = (data) =>\n  withTx('order', async (tx) => {\n    await queue.add('a', {});\n  });`,
        'db.js': `${PRISMA} export function withTx(name, work) { return retry(() => prisma.$transaction((tx) => work(tx))); }`,
      },
      enqueued(4),
    ],
    [
      'a helper that begins and commits by hand',
      {
        'a.ts': `${QUEUE} import { Database } from './db';\nexport async function order(data) {\n  return Database.run(async (client) => {\n    await queue.add('a', {});\n  });\n}`,
        'db.ts': `import { pool } from './pool'; export class Database { static async run<T>(work: (client: Client) => Promise<T>): Promise<T> { const client = await pool.connect(); while (true) { try { await client.query('BEGIN'); const result = await work(client); await client.query('COMMIT'); return result; } catch (error) { await client.query('ROLLBACK'); throw error; } } } }`,
      },
      enqueued(4),
    ],
    [
      'a helper of a helper',
      {
        'a.js': `${QUEUE} import { unit } from './unit.js';\nexport const order = (data) =>\n  unit(async (tx) => {\n    await queue.add('a', {});\n  });`,
        'unit.js': `import { withTx } from './db.js'; export const unit = (work) => withTx(work);`,
        'db.js': `${PRISMA} export const withTx = (work) => prisma.$transaction(work);`,
      },
      enqueued(4),
    ],
    [
      'a helper that the user names',
      order(
        `import { inUnit } from '@acme/db';`,
        `await inUnit(data, async () => {`,
        `await queue.add('a', {});`,
        `});`,
      ),
      enqueued(4),
      { settings: { transactionFunctions: ['inUnit'] } },
    ],
    [
      'a decorator that the user names',
      service(`  @InUnit()\n  async create(dto) {\n    await this.queue.add('a', {});\n  }`),
      enqueued(11),
      { settings: { transactionFunctions: ['InUnit'] } },
    ],
    [
      'a flow, a scheduler and Bull',
      {
        'a.js': `${PRISMA} import { FlowProducer, Queue } from 'bullmq'; import Bull from 'bull'; const flows = new FlowProducer(); const queue = new Queue('a'); const old = new Bull('b');
export const order = (data) => prisma.$transaction(async (tx) => {
  await flows.add({ name: 'a', queueName: 'a' });
  await queue.upsertJobScheduler('a', { every: 1000 });
  await old.add({ id: data.id });
});`,
      },
      [enqueued(3), enqueued(4), enqueued(5)],
    ],
    [
      'CommonJS, through an injected service of another file',
      {
        'a.ts': `import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service';
import { Mails } from './mails.service';
import { Queue } from 'bullmq';
@Injectable()
export class Orders {
  constructor(private readonly prisma: PrismaService, private readonly mails: Mails) {}
  async place(data) {
    return this.prisma.$transaction(async (tx) => {
      await tx.order.create({ data });
      await this.mails.confirm(data.id);
    });
  }
}`,
        'prisma.service.ts': `import { PrismaClient } from '@prisma/client'; export class PrismaService extends PrismaClient {}`,
        'mails.service.ts': `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; export class Mails { constructor(@InjectQueue('mails') private readonly queue: Queue) {} async confirm(id: string) { await this.queue.add('confirm', { id }); } }`,
      },
      { ...enqueued(11), says: 'Mails.confirm (mails.service.ts:1)' },
    ],
  ],
});
