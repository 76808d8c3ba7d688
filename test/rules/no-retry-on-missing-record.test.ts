import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker, UnrecoverableError } from 'bullmq'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();`;
const worker = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job) => {\n${body}\n});`;
const FIND = `const user = await prisma.user.findUnique({ where: { id: job.data.userId } });`;

testRule('no-retry-on-missing-record', {
  valid: [
    [
      'a row that the function has just stored',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { Snapshots } from './snapshots'; import { DataSource } from 'typeorm'; import { Snapshot } from './snapshot'; const dataSource = new DataSource({});\nconst snapshots = new Snapshots(dataSource.getRepository(Snapshot));\nnew Worker('mail', async (job) => { await snapshots.store(job.data.period, job.data.zone); });`,
        'snapshots.ts': `import { Repository } from 'typeorm'; import { Snapshot } from './snapshot';
          export class Snapshots {
            constructor(private readonly snapshots: Repository<Snapshot>) {}
            async store(period: string, zone: string) {
              const snapshot = this.snapshots.create({ period, zone, count: 1 });
              await this.snapshots.createQueryBuilder().insert().values(snapshot).orUpdate(['count'], ['period', 'zone']).execute();
              return this.snapshots.findOneOrFail({ where: { period, zone } });
            }
          }`,
        'snapshot.ts': `import { Entity } from 'typeorm'; @Entity() export class Snapshot { period!: string; zone!: string; count!: number; }`,
      },
    ],
    [
      'a row that the function has stored or found',
      worker(
        `const { userId } = job.data;\nconst known = await prisma.strike.findFirst({ where: { userId, by: 'AI' } });\nif (!known) await prisma.strike.create({ data: { userId, by: 'AI', count: 1 } });\nconst strike = known ?? (await prisma.strike.findFirstOrThrow({ where: { userId, by: 'AI' } }));`,
      ),
    ],
    [
      'a record that the job has found by its id before, with Drizzle',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { eq } from 'drizzle-orm'; import { db, users } from './db'; import { load } from './load';\nnew Worker('mail', async (job) => {\n  const { userId } = job.data;\n  const [user] = await db.select().from(users).where(eq(users.id, userId)).limit(1);\n  if (!user) return;\n  await load(userId, user.team);\n});`,
        'load.ts': `import { and, eq } from 'drizzle-orm'; import { db, users } from './db'; export async function load(id: string, team: string) { const [user] = await db.select().from(users).where(and(eq(users.id, id), eq(users.team, team))); if (!user) throw new Error('gone'); return user; }`,
        'db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'; import { pgTable, uuid } from 'drizzle-orm/pg-core'; export const db = drizzle('x'); export const users = pgTable('users', { id: uuid('id'), team: uuid('team') });`,
      },
    ],
    [
      'a record that a function on the way has found by its id before, with Mongoose',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { decide } from './decide';\nnew Worker('mail', async (job) => { await decide(job.data.questionId); });`,
        'decide.ts': `import { Question } from './question'; import { sync } from './sync'; export async function decide(contentId: string) { const question = await Question.findById(contentId).select('isActive'); if (!question || !question.isActive) return; await sync({ questionId: contentId }); }`,
        'sync.ts': `import { Question } from './question'; export async function sync({ questionId }: { questionId: string }) { const question = await Question.findOne({ _id: questionId, isActive: true }); if (!question) throw new Error('gone'); return question; }`,
        'question.ts': `import mongoose, { Schema } from 'mongoose'; export const Question = mongoose.model('Question', new Schema({ isActive: Boolean }));`,
      },
    ],
    [
      'a job that whoever adds it wants tried once',
      worker(
        `${FIND}\nif (!user) throw new Error('gone');`,
        `import { Queue } from 'bullmq'; const queue = new Queue('mail', { defaultJobOptions: { attempts: 1 } }); export const send = (userId) => queue.add('welcome', { userId }, { removeOnComplete: true });`,
      ),
    ],
    ['a record that is logged and ignored', worker(`${FIND}\nif (!user) { console.warn('gone'); return; }`)],
    ['an UnrecoverableError', worker(`${FIND}\nif (!user) throw new UnrecoverableError('gone');`)],
    [
      'a subclass of UnrecoverableError',
      worker(`${FIND}\nif (!user) throw new Gone('gone');`, `class Gone extends UnrecoverableError {}`),
    ],
    [
      'a subclass of UnrecoverableError in another file',
      {
        'a.js': worker(`${FIND}\nif (!user) throw new Gone('gone');`, `import { Gone } from './errors.js';`),
        'errors.js': `import { UnrecoverableError } from 'bullmq'; export class Gone extends UnrecoverableError {}`,
      },
    ],
    [
      'a job that is discarded first',
      worker(`${FIND}\nif (!user) { job.discard(); throw new Error('gone'); }`),
    ],
    [
      'an error that the processor keeps',
      worker(`try {\n${FIND}\nif (!user) throw new Error('x');\n} catch (e) { log(e); }`),
    ],
    [
      'an error that a clause turns into an UnrecoverableError',
      worker(
        `try {\n${FIND}\nif (!user) throw new Error('x');\n} catch (e) { throw new UnrecoverableError(e.message); }`,
      ),
    ],
    [
      'an error that a clause rethrows for some cases',
      worker(
        `try {\n${FIND}\nif (!user) throw new Error('x');\n} catch (e) { if (isGone(e)) return; throw e; }`,
      ),
    ],
    [
      'a clause that discards the job before it rethrows',
      worker(`try {\n${FIND}\nif (!user) throw new Error('x');\n} catch (e) { job.discard(); throw e; }`),
    ],
    [
      'a lookup that throws, in a clause that returns',
      worker(
        `try {\nawait prisma.user.findUniqueOrThrow({ where: { id: job.data.id } });\n} catch (e) { return null; }`,
      ),
    ],
    [
      'a lookup that throws, with a handler of its own',
      worker(
        `const user = await prisma.user.findUniqueOrThrow({ where: { id: job.data.id } }).catch(() => null);`,
      ),
    ],
    [
      'a record that the job does not name',
      worker(
        `const settings = await prisma.settings.findFirst({ where: { key: 'mail' } });\nif (!settings) throw new Error('no settings');`,
      ),
    ],
    [
      'a record that another record names',
      worker(
        `${FIND}\nif (!user) return;\nconst team = await prisma.team.findUnique({ where: { id: user.teamId } });\nif (!team) throw new Error('no team');`,
      ),
    ],
    [
      'a record that is not in the right state yet',
      worker(
        `const order = await prisma.order.findFirst({ where: { id: job.data.id, status: 'PAID' } });\nif (!order) throw new Error('not paid');`,
      ),
    ],
    [
      'a record that is asked for with a related one in a state',
      worker(
        `const order = await prisma.order.findFirst({ where: { id: job.data.id }, include: { payments: { where: { status: 'PAID' } } } });\nif (!order) throw new Error('not paid');`,
      ),
    ],
    [
      'another condition of a record that is there',
      worker(`${FIND}\nif (!user) return;\nif (!user.email) throw new Error('no email');`),
    ],
    ['missing job data', worker(`${FIND}\nif (!job.data.userId) throw new Error('no id');`)],
    [
      'a job that comes before the commit, as a comment says',
      worker(`${FIND}\n// The transaction may not have committed yet.\nif (!user) throw new Error('x');`),
    ],
    [
      'a retry for a replica that lags, as a comment says',
      worker(`${FIND}\nif (!user) {\n// replica lag: try again\nthrow new Error('x');\n}`),
    ],
    [
      'an error for some attempts alone',
      worker(`${FIND}\nif (!user) { if (job.attemptsMade < 2) throw new Error('x'); return; }`),
    ],
    [
      'a response that is missing',
      worker(`const user = await fetch('http://a/' + job.data.id);\nif (!user) throw new Error('x');`),
    ],
    [
      'a find of a list in memory',
      worker(
        `const user = users.find((one) => one.id === job.data.id);\nif (!user) throw new Error('x');`,
        `const users = [];`,
      ),
    ],
    [
      'a record that is made when it is missing',
      worker(
        `const user = await prisma.user.upsert({ where: { id: job.data.id } });\nif (!user) throw new Error('x');`,
      ),
    ],
    [
      'an error that cannot be seen',
      worker(`${FIND}\nif (!user) throw failure;`, `import { failure } from 'x';`),
    ],
    [
      'a record that was just made',
      `import { Worker } from 'bullmq'; import { drizzle } from 'drizzle-orm/node-postgres'; import { users } from './schema.js'; const db = drizzle('x');\nnew Worker('a', async (job) => {\nconst [user] = await db.insert(users).values({ id: job.data.id }).returning();\nif (!user) throw new Error('x');\n});`,
    ],
    [
      'a record that is made when there is none',
      worker(
        `let user = await prisma.user.findUnique({ where: { id: job.data.id } });\nif (!user) { user = await prisma.user.create({ data: { id: job.data.id } }); }\nif (!user) throw new Error('x');`,
      ),
    ],
    [
      'a record that the processor has found before its helper looks again',
      worker(
        `${FIND}\nif (!user) return;\nawait greet(job.data.userId);`,
        `async function greet(id) { const user = await prisma.user.findUnique({ where: { id } }); if (!user) throw new Error('x'); }`,
      ),
    ],
    [
      'a list that is empty',
      worker(
        `const users = await prisma.user.findMany({ where: { teamId: job.data.teamId } });\nif (users.length === 0) throw new Error('x');`,
      ),
    ],
    [
      'a helper whose failure the processor keeps',
      worker(
        `try { await load(job.data.userId); } catch (e) { console.warn(e); }`,
        `async function load(id) { return prisma.user.findUniqueOrThrow({ where: { id } }); }`,
      ),
    ],
    [
      'a request handler',
      `${IMPORTS}\nasync function get(req) { const user = await prisma.user.findUnique({ where: { id: req.data.id } }); if (!user) throw new Error('x'); }\nnew Worker('a', async () => {});`,
    ],
    [
      'the row that a statement has inserted, which nobody looked for',
      `import { Worker } from 'bullmq'; import { Pool } from 'pg'; const pool = new Pool(); new Worker('a', async (job) => { const { rows } = await pool.query('INSERT INTO users (id) VALUES ($1) RETURNING *', [job.data.id]); if (!rows[0]) throw new Error('x'); });`,
    ],
    [
      'the row that a method of the project is given the statement to insert',
      {
        'a.js': `import { Worker } from 'bullmq'; import { db } from './db.js'; new Worker('a', async (job) => { const user = await db.queryOne(\`\n  INSERT INTO users (id)\n  VALUES ($1)\n  RETURNING *\n\`, [job.data.id]); if (!user) throw new Error('x'); });`,
        'db.js': `import { Pool } from 'pg'; const pool = new Pool(); export const db = { async query(text, params) { const result = await pool.query(text, params); return result.rows; }, async queryOne(text, params) { const rows = await this.query(text, params); return rows[0] ?? null; } };`,
      },
    ],
  ],
  invalid: [
    [
      'a record whose state, or that of a related one, is only read',
      worker(
        `const task = await prisma.task.findUnique({ where: { id: job.data.id }, select: { status: true, account: { select: { status: true } } } });\nif (!task) throw new Error('gone');`,
      ),
      { line: 4, messageId: 'plain' },
    ],
    [
      'a record whose state is only read, with Drizzle',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { eq } from 'drizzle-orm'; import { db, users } from './db';\nnew Worker('mail', async (job) => {\n  const [user] = await db.select({ status: users.status }).from(users).where(eq(users.id, job.data.userId)).limit(1);\n  if (!user) throw new Error('gone');\n});`,
        'db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'; import { pgTable, uuid, text } from 'drizzle-orm/pg-core'; export const db = drizzle('x'); export const users = pgTable('users', { id: uuid('id'), status: text('status') });`,
      },
      { line: 4, messageId: 'plain' },
    ],
    [
      'another row than the one that was stored',
      worker(
        `const { userId } = job.data;\nawait prisma.strike.create({ data: { userId, by: 'AI' } });\nawait prisma.strike.findFirstOrThrow({ where: { userId, by: 'HUMAN' } });`,
      ),
      { line: 5, messageId: 'lookup' },
    ],
    [
      'a row that is stored after it is looked for',
      worker(
        `const { userId } = job.data;\nawait prisma.strike.findFirstOrThrow({ where: { userId } });\nawait prisma.strike.create({ data: { userId } });`,
      ),
      { line: 4, messageId: 'lookup' },
    ],
    [
      'a record of the same table that was found by another id',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { eq } from 'drizzle-orm'; import { db, users } from './db'; import { load } from './load';\nnew Worker('mail', async (job) => {\n  const { from, to } = job.data;\n  const [user] = await db.select().from(users).where(eq(users.id, from)).limit(1);\n  if (!user) return;\n  await load(to);\n});`,
        'load.ts': `import { eq } from 'drizzle-orm'; import { db, users } from './db'; export async function load(id: string) { const [user] = await db.select().from(users).where(eq(users.id, id)); if (!user) throw new Error('gone'); return user; }`,
        'db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'; import { pgTable, uuid } from 'drizzle-orm/pg-core'; export const db = drizzle('x'); export const users = pgTable('users', { id: uuid('id'), team: uuid('team') });`,
      },
      { line: 6, messageId: 'plain' },
    ],
    [
      'two records of a model in one function',
      worker(
        `const from = await prisma.user.findUnique({ where: { id: job.data.from } });\nif (!from) return;\nconst to = await prisma.user.findUnique({ where: { id: job.data.to } });\nif (!to) throw new Error('gone');`,
      ),
      { line: 6, messageId: 'plain' },
    ],
    [
      'a job of which nobody says how often it is tried',
      worker(
        `${FIND}\nif (!user) throw new Error('gone');`,
        `import { Queue } from 'bullmq'; const queue = new Queue('mail'); queue.add('a', {});`,
      ),
      { line: 4, messageId: 'plain' },
    ],
    [
      'a producer of several that asks for attempts',
      worker(
        `${FIND}\nif (!user) throw new Error('gone');`,
        `import { Queue } from 'bullmq'; const queue = new Queue('mail'); queue.add('a', {}, { attempts: 1 }); queue.add('b', {}, { attempts: 5 });`,
      ),
      { line: 4, messageId: 'plain' },
    ],
    [
      'a producer whose options cannot be seen',
      worker(
        `${FIND}\nif (!user) throw new Error('gone');`,
        `import { Queue } from 'bullmq'; const queue = new Queue('mail'); export const send = (options) => queue.add('a', {}, options);`,
      ),
      { line: 4, messageId: 'plain' },
    ],
    [
      'a plain error',
      worker(`${FIND}\nif (!user) throw new Error('gone');`),
      { line: 4, messageId: 'plain', says: '`user`' },
    ],
    [
      'an error in a block, after a log',
      worker(`${FIND}\nif (!user) {\nconsole.error('gone');\nthrow new Error('gone');\n}`),
      { line: 6, messageId: 'plain' },
    ],
    [
      '=== null',
      worker(`${FIND}\nif (user === null) throw new Error('x');`),
      { line: 4, messageId: 'plain' },
    ],
    [
      '== null, with another reason',
      worker(`${FIND}\nif (user == null || user.gone) throw new Error('x');`),
      { line: 4, messageId: 'plain' },
    ],
    [
      'an optional field',
      worker(`${FIND}\nif (!user?.email) throw new Error('x');`),
      { line: 4, messageId: 'plain' },
    ],
    [
      'else',
      worker(`${FIND}\nif (user) { await send(user); } else {\nthrow new Error('x'); }`),
      { line: 5, messageId: 'plain' },
    ],
    [
      'a rejection',
      worker(`${FIND}\nif (!user) return Promise.reject(new Error('x'));`),
      { line: 4, messageId: 'plain' },
    ],
    [
      'an assertion',
      worker(`${FIND}\nassert(user, 'x');`, `import assert from 'node:assert';`),
      { line: 4, messageId: 'plain' },
    ],
    [
      'an exception of HTTP',
      worker(
        `${FIND}\nif (!user) throw new NotFoundException();`,
        `import { NotFoundException } from '@nestjs/common';`,
      ),
      { line: 4, messageId: 'plain', suggest: false },
    ],
    [
      'a class of the project',
      worker(`${FIND}\nif (!user) throw new Missing('x', 404);`, `class Missing extends Error {}`),
      { line: 4, messageId: 'plain' },
    ],
    [
      'data that was taken apart',
      worker(
        `const { userId } = job.data;\nconst user = await prisma.user.findFirst({ where: { id: Number(userId) }, select: { id: true } });\nif (!user) throw new Error('x');`,
      ),
      { line: 5, messageId: 'plain' },
    ],
    [
      'a processor that takes the data apart, and a clause that rethrows',
      `${IMPORTS}\nnew Worker('a', async ({ data }) => {\ntry {\nconst user = await prisma.user.findUnique({ where: { id: data.id } });\nif (!user) throw new Error('x');\n} catch (error) { console.error(error); throw error; }\n});`,
      { line: 5, messageId: 'plain' },
    ],
    [
      'findUniqueOrThrow of Prisma',
      worker(`const user = await prisma.user.findUniqueOrThrow({ where: { id: job.data.id } });`),
      { line: 3, messageId: 'lookup' },
    ],
    [
      'findOneOrFail of TypeORM',
      `import { Worker } from 'bullmq'; import { DataSource } from 'typeorm'; import { User } from './user.js'; const db = new DataSource({});\nnew Worker('a', async (job) => {\nawait db.getRepository(User).findOneByOrFail({ id: job.data.id });\n});`,
      { line: 3, messageId: 'lookup' },
    ],
    [
      'orFail of Mongoose',
      `import { Worker } from 'bullmq'; import mongoose from 'mongoose'; const User = mongoose.model('User', schema);\nnew Worker('a', async (job) => {\nawait User.findById(job.data.id).orFail();\n});`,
      { line: 3, messageId: 'lookup' },
    ],
    [
      'executeTakeFirstOrThrow of Kysely, without whole rows',
      `import { Worker } from 'bullmq'; import { Kysely } from 'kysely'; const db = new Kysely({});\nnew Worker('a', async (job) => {\nawait db.selectFrom('user').select(['id']).where('id', '=', job.data.id).executeTakeFirstOrThrow();\n});`,
      { line: 3, messageId: 'lookup' },
    ],
    [
      'throwIfNotFound of Objection',
      `import { Worker } from 'bullmq'; import { Model } from 'objection'; class User extends Model {}\nnew Worker('a', async (job) => {\nawait User.query().findById(job.data.id).throwIfNotFound();\n});`,
      { line: 3, messageId: 'lookup' },
    ],
    [
      'findOrFail of Lucid',
      `import { Worker } from 'bullmq'; import { BaseModel } from '@adonisjs/lucid/orm'; class User extends BaseModel {}\nnew Worker('a', async (job) => {\nawait User.findOrFail(job.data.id);\n});`,
      { line: 3, messageId: 'lookup' },
    ],
    [
      'findOneOrFail of MikroORM',
      `import { Worker } from 'bullmq'; import { MikroORM } from '@mikro-orm/core'; import { User } from './user.js'; const orm = await MikroORM.init({});\nnew Worker('a', async (job) => {\nawait orm.em.fork().findOneOrFail(User, { id: job.data.id });\n});`,
      { line: 3, messageId: 'lookup' },
    ],
    [
      'rejectOnEmpty of Sequelize',
      `import { Worker } from 'bullmq'; import { Model } from 'sequelize'; class User extends Model {}\nnew Worker('a', async (job) => {\nawait User.findByPk(job.data.id, { rejectOnEmpty: true });\n});`,
      { line: 3, messageId: 'lookup' },
    ],
    [
      'findById of Mongoose',
      `import { Worker } from 'bullmq'; import mongoose from 'mongoose'; const User = mongoose.model('User', schema);\nnew Worker('a', async (job) => {\nconst user = await User.findById(job.data.id).lean();\nif (!user) throw new Error('x');\n});`,
      { line: 4, messageId: 'plain', suggest: `if (!user) throw new UnrecoverableError('x');` },
    ],
    [
      'the first row of Drizzle',
      `import { Worker } from 'bullmq'; import { drizzle } from 'drizzle-orm/node-postgres'; import { eq } from 'drizzle-orm'; import { users } from './schema.js'; const db = drizzle('x');\nnew Worker('a', async (job) => {\nconst [user] = await db.select().from(users).where(eq(users.id, job.data.id)).limit(1);\nif (!user) throw new Error('x');\n});`,
      { line: 4, messageId: 'plain' },
    ],
    [
      'a list of one of Drizzle',
      `import { Worker } from 'bullmq'; import { drizzle } from 'drizzle-orm/node-postgres'; import { eq } from 'drizzle-orm'; import { users } from './schema.js'; const db = drizzle('x');\nnew Worker('a', async (job) => {\nconst rows = await db.select().from(users).where(eq(users.id, job.data.id));\nif (rows.length === 0) throw new Error('x');\n});`,
      { line: 4, messageId: 'plain' },
    ],
    [
      'findOne of the MongoDB driver',
      `import { Worker } from 'bullmq'; import { MongoClient } from 'mongodb'; const client = new MongoClient('x');\nnew Worker('a', async (job) => {\nconst user = await client.db().collection('users').findOne({ _id: job.data.id });\nif (!user) throw new Error('x');\n});`,
      { line: 4, messageId: 'plain' },
    ],
    [
      'rows of PostgreSQL',
      `import { Worker } from 'bullmq'; import { Pool } from 'pg'; const pool = new Pool();\nnew Worker('a', async (job) => {\nconst { rows } = await pool.query('SELECT * FROM users WHERE id = $1', [job.data.id]);\nif (!rows[0]) throw new Error('x');\n});`,
      { line: 4, messageId: 'plain' },
    ],
    [
      'a row of PostgreSQL by a method of the project',
      {
        'a.js': `import { Worker } from 'bullmq'; import { db } from './db.js';\nnew Worker('a', async (job) => {\nconst user = await db.queryOne('SELECT * FROM users WHERE id = $1', [job.data.id]);\nif (!user) throw new Error('x');\n});`,
        'db.js': `import { Pool } from 'pg'; const pool = new Pool(); export const db = { async query(text, params) { const result = await pool.query(text, params); return result.rows; }, async queryOne(text, params) { const rows = await this.query(text, params); return rows[0] ?? null; } };`,
      },
      { line: 4, messageId: 'plain' },
    ],
    [
      'first() of Knex',
      `import { Worker } from 'bullmq'; import knex from 'knex'; const db = knex({});\nnew Worker('a', async (job) => {\nconst user = await db('users').where({ id: job.data.id }).first();\nif (!user) throw new Error('x');\n});`,
      { line: 4, messageId: 'plain' },
    ],
    [
      'a repository that gives the record or nothing',
      {
        'a.js': `import { Worker } from 'bullmq'; import { findUser } from './users.js';\nnew Worker('a', async (job) => {\nconst user = await findUser(job.data.id);\nif (!user) throw new Error('x');\n});`,
        'users.js': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export const findUser = (id) => prisma.user.findUnique({ where: { id } });`,
      },
      { line: 4, messageId: 'plain' },
    ],
    [
      'a helper of another file that throws: at the call',
      {
        'a.js': `import { Worker } from 'bullmq'; import { loadUser } from './users.js';\nnew Worker('a', async (job) => {\nawait loadUser(job.data.id);\n});`,
        'users.js': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();\nexport async function loadUser(id) {\nconst user = await prisma.user.findUnique({ where: { id } });\nif (!user) throw new Error('x');\nreturn user; }`,
      },
      { line: 3, messageId: 'plain', says: 'users.js:4' },
    ],
    [
      'a helper that is given the job',
      `${IMPORTS}\nasync function handle(job) {\n${FIND}\nif (!user) throw new Error('x');\n}\nnew Worker('a', (job) => handle(job));`,
      { line: 4, messageId: 'plain' },
    ],
    [
      'a service of Nest, with a repository: at the call',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import type { Job } from 'bullmq'; import { Orders } from './orders';\n@Processor('orders') export class P extends WorkerHost {\n  constructor(private readonly orders: Orders) { super(); }\n  async process(job: Job<{ orderId: string }>) {\n    await this.orders.confirm(job.data.orderId);\n  }\n}`,
        'orders.ts': `import { Injectable, NotFoundException } from '@nestjs/common'; import { InjectRepository } from '@nestjs/typeorm'; import { Repository } from 'typeorm'; import { Order } from './order';\n@Injectable() export class Orders {\n  constructor(@InjectRepository(Order) private readonly repo: Repository<Order>) {}\n  async confirm(orderId: string) { const order = await this.repo.findOne({ where: { id: orderId } });\n  if (!order) throw new NotFoundException(); }\n}`,
      },
      { line: 5, messageId: 'plain' },
    ],
    [
      'a processor of Bull, by its callback',
      `const Bull = require('bull'); const mongoose = require('mongoose'); const User = mongoose.model('User', schema); const queue = new Bull('a');\nqueue.process(async (job, done) => {\nconst user = await User.findById(job.data.id);\nif (!user) return done(new Error('x'));\n});`,
      { line: 4, messageId: 'plain', suggest: false },
    ],
  ],
});
