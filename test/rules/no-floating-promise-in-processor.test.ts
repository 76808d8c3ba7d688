import { testRule } from '../support/rule-cases.ts';

const worker = (body: string, head = ''): string =>
  `import { Worker, Queue } from 'bullmq'; ${head}\nnew Worker('a', async (job) => {\n${body}\n});`;
const SYNC = `import { db } from 'db'; async function sync(id) { await db.save(id); }`;

testRule('no-floating-promise-in-processor', {
  valid: [
    ['awaited', worker(`await sync(job.data.id);`, SYNC)],
    ['returned', worker(`return sync(job.data.id);`, SYNC)],
    [
      'the expression of the processor',
      `import { Worker } from 'bullmq'; ${SYNC} new Worker('a', (job) => sync(job.data.id));`,
    ],
    ['collected', worker(`await Promise.all(job.data.ids.map((id) => sync(id)));`, SYNC)],
    [
      'collected by an async map',
      worker(`await Promise.all(job.data.ids.map(async (id) => { await sync(id); }));`, SYNC),
    ],
    [
      'a variable that is awaited later',
      worker(`const done = sync(job.data.id);\nawait prepare();\nawait done;`, SYNC),
    ],
    [
      'a list that is awaited later',
      worker(
        `const all = [];\nfor (const id of job.data.ids) all.push(sync(id));\nawait Promise.allSettled(all);`,
        SYNC,
      ),
    ],
    ['a rejection handler', worker(`sync(job.data.id).catch((error) => console.error(error));`, SYNC)],
    ['explicit void', worker(`void sync(job.data.id);`, SYNC)],
    ['progress and log of the job', worker(`job.updateProgress(10); job.log('half');`)],
    [
      'a helper that only tells the progress',
      worker(`const tell = async (n) => { await job.updateProgress(n); };\ntell(10);`),
    ],
    [
      'an enqueue, which is another rule',
      worker(
        `queue.add('b', {}); job.data.ids.forEach(async (id) => { await queue.add('b', { id }); });`,
        `const queue = new Queue('b');`,
      ),
    ],
    [
      'a wrapper of an enqueue, which is another rule',
      worker(
        `addNext(job.data.id);`,
        `const queue = new Queue('b'); async function addNext(id) { await queue.add('b', { id }); }`,
      ),
    ],
    [
      'functions that are not asynchronous',
      worker(
        `log(job.id); job.data.ids.forEach((id) => { log(id); });`,
        `function log(text) { console.log(text); }`,
      ),
    ],
    [
      'functions that cannot be seen',
      worker(`track(job.id); metrics.inc(); this.logger.log('x');`, `import { track } from 'tracker';`),
    ],
    ['forEach with a plain callback', worker(`job.data.ids.forEach((id) => seen.add(id));`)],
    [
      'an object that is only made',
      `import { Worker } from 'bullmq'; import { Repository } from 'typeorm'; class A { constructor(private readonly users: Repository<User>) {} start() { new Worker('a', async () => { this.users.create({}); }); } }`,
    ],
    [
      'a builder that is finished elsewhere',
      worker(
        `const query = knex('users').where({ id: 1 });\nif (job.data.all) query.limit(1);\nawait query;`,
        `import createKnex from 'knex'; const knex = createKnex({});`,
      ),
    ],
    [
      'a heartbeat',
      worker(
        `const timer = setInterval(() => { beat(job); }, 1000);\ntry { await sync(1); } finally { clearInterval(timer); }`,
        `${SYNC} async function beat(job) { await db.save(job.id); }`,
      ),
    ],
    [
      'a timer that is cleared',
      worker(
        `const timer = setTimeout(() => warn(job), 1000);\ntry { await sync(1); } finally { clearTimeout(timer); }`,
        `${SYNC} async function warn(job) { await db.save(job.id); }`,
      ),
    ],
    [
      'a timer that settles a promise',
      worker(
        `await new Promise((resolve) => setTimeout(async () => { await sync(1); resolve(); }, 10));`,
        SYNC,
      ),
    ],
    [
      'mail with a callback',
      worker(
        `mailer.sendMail({}, (error) => {});`,
        `import nodemailer from 'nodemailer'; const mailer = nodemailer.createTransport({});`,
      ),
    ],
    [
      'outside of a processor',
      `import { Worker } from 'bullmq'; ${SYNC} export function run(id) { sync(id); ids.forEach(async (id) => { await sync(id); }); } new Worker('a', async () => {});`,
    ],
    [
      'a listener of the worker',
      `import { Worker } from 'bullmq'; ${SYNC} new Worker('a', './p.js').on('completed', (job) => { sync(job.id); });`,
    ],
    [
      'a map of a package that waits for its callbacks',
      worker(
        `await bluebird.map(job.data.ids, (id) => sync(id)); await bluebird.each(job.data.ids, async (id) => { await sync(id); });`,
        `import bluebird from 'bluebird'; ${SYNC}`,
      ),
    ],
    [
      'an async function that does nothing asynchronous and catches',
      worker(
        `count('x');`,
        `async function count(name) { try { post(name); } catch (error) { console.error(error); } }`,
      ),
    ],
    [
      'a function in place that catches everything',
      worker(`(async () => { try { await work(1); } catch (error) { console.error(error); } })();`),
    ],
    [
      'progress that a function of the project asks for',
      worker(
        `await each(job.data.ids, async (n) => { await tell(job, n); });`,
        `async function tell(job, n) { await job.updateProgress(n); } async function each(ids, report) { for (const id of ids) { await work(id); report(id); } }`,
      ).replace('async (job) =>', 'async (job) =>'),
    ],
    [
      'closing its own worker, which must not be awaited',
      worker(`if (job.data.last) own.close();`, `const own = new Worker('b', './p.js');`),
    ],
    [
      'what the making of a singleton starts',
      worker(
        `Store.get();`,
        `${SYNC} class Store { static instance; static get() { if (Store.instance) return Store.instance; Store.instance = open(); sync(0); return Store.instance; } }`,
      ),
    ],
    ['tests', { 'a.test.js': worker(`sync(1);`, SYNC) }],
    [
      'broken code',
      worker(
        `sync(...); `.replace('(...)', '?.[0]') +
          `forEach(); x.forEach(); setTimeout(); [, ,].forEach(async);`.replace('async)', 'y)'),
        SYNC,
      ),
    ],
  ],
  invalid: [
    [
      'an async function',
      worker(`sync(job.data.id);`, SYNC),
      { line: 3, messageId: 'floating', says: '`sync()`', suggest: 'await sync(job.data.id);' },
    ],
    [
      'then without a handler',
      worker(`sync(job.data.id).then(() => console.log('x'));`, SYNC),
      { line: 3, messageId: 'floating', suggest: `await sync(job.data.id).then(() => console.log('x'));` },
    ],
    [
      'on a condition',
      worker(`if (job.data.all) sync(1); job.data.ok && sync(2);`, SYNC),
      [
        { line: 3, messageId: 'floating' },
        { line: 3, messageId: 'floating' },
      ],
    ],
    [
      'a variable that nobody reads',
      worker(`const done = sync(1);`, SYNC),
      { line: 3, messageId: 'floating' },
    ],
    [
      'an arrow that gives a promise',
      worker(
        `sync(1);`,
        `import { db } from 'db'; const sync = (id) => new Promise((resolve) => db.save(id, resolve));`,
      ),
      { line: 3, messageId: 'floating' },
    ],
    [
      'a function of another file',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { sync } from './sync';\nnew Worker('a', async (job) => {\n  sync(job.data.id);\n});`,
        'sync.ts': `export async function sync(id: string): Promise<void> {}`,
      },
      { line: 3, messageId: 'floating' },
    ],
    [
      'a required function',
      {
        'a.js': `const { Worker } = require('bullmq'); const { sync } = require('./sync');\nnew Worker('a', async (job) => {\n  sync(job.data.id);\n});`,
        'sync.js': `module.exports.sync = async (id) => {};`,
      },
      { line: 3, messageId: 'floating' },
    ],
    [
      'a method of an injected service',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { AuditService } from './audit';\n@Processor('a')\nexport class A extends WorkerHost {\n  constructor(private readonly audit: AuditService) { super(); }\n  async process(job: Job) {\n    this.audit.write(job.id);\n  }\n}`,
        'audit.ts': `export class AuditService { async write(id: string) { await this.db.save(id); } }`,
      },
      { line: 6, messageId: 'floating', says: '`write()`', suggest: 'await this.audit.write(job.id);' },
    ],
    [
      'forEach with an async callback: the call of forEach',
      worker(`job.data.ids.forEach(async (id) => {\n  await work(id);\n});`, `import { work } from 'work';`),
      { line: 3, messageId: 'callback', says: '`work()`', suggest: false },
    ],
    [
      'map whose list is not used',
      worker(`job.data.ids.map(async (id) => { await work(id); });`),
      { line: 3, messageId: 'callback' },
    ],
    [
      'forEach of an arrow that gives a promise',
      worker(`job.data.ids.forEach((id) => sync(id));`, SYNC),
      { line: 3, messageId: 'floating' },
    ],
    [
      'Promise.all that nobody awaits',
      worker(`Promise.all(job.data.ids.map((id) => sync(id)));`, SYNC),
      { line: 3, messageId: 'floating' },
    ],
    [
      'a function that is called in place',
      worker(`(async () => { await work(1); })();`),
      { line: 3, messageId: 'floating' },
    ],
    ['data of the job', worker(`job.updateData({ step: 2 });`), { line: 3, messageId: 'floating' }],
    [
      'fetch and axios',
      worker(
        `fetch(job.data.url, { method: 'POST' });\naxios.post(job.data.url, {});\napi.put('/x');`,
        `import axios from 'axios'; const api = axios.create({});`,
      ),
      [
        { line: 3, messageId: 'floating' },
        { line: 4, messageId: 'floating' },
        { line: 5, messageId: 'floating' },
      ],
    ],
    [
      'Prisma',
      worker(
        `prisma.user.update({ where: { id: 1 }, data: {} });\nprisma.$executeRawUnsafe('x');`,
        `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();`,
      ),
      [
        { line: 3, messageId: 'floating' },
        { line: 4, messageId: 'floating' },
      ],
    ],
    [
      'Mongoose: a model and a document',
      worker(
        `User.updateOne({ _id: 1 }, {});\nconst user = await User.findById(1);\nuser.save();`,
        `import mongoose from 'mongoose'; const User = mongoose.model('User', schema);`,
      ),
      [
        { line: 3, messageId: 'floating' },
        { line: 5, messageId: 'floating' },
      ],
    ],
    [
      'TypeORM',
      `import { Worker } from 'bullmq'; import { Repository } from 'typeorm';\nclass A { constructor(private readonly users: Repository<User>) {} start() { new Worker('a', async () => {\nthis.users.save({});\n}); } }`,
      { line: 3, messageId: 'floating' },
    ],
    [
      'Knex and Drizzle',
      worker(
        `knex('users').where({ id: 1 }).update({});\ndb.insert(users).values({});`,
        `import createKnex from 'knex'; import { drizzle } from 'drizzle-orm/node-postgres'; const knex = createKnex({}); const db = drizzle(pool);`,
      ),
      [
        { line: 3, messageId: 'floating' },
        { line: 4, messageId: 'floating' },
      ],
    ],
    [
      'work that a timer puts off',
      worker(`setTimeout(() => sync(1), 5000);\nsetTimeout(async () => { await sync(1); }, 5000);`, SYNC),
      [
        { line: 3, messageId: 'timer', suggest: false },
        { line: 4, messageId: 'timer' },
      ],
    ],
    [
      'in a helper of the file: at the call that is dropped',
      `import { Worker } from 'bullmq'; ${SYNC}\nfunction finish(id) {\n  sync(id);\n}\nnew Worker('a', async (job) => { finish(job.data.id); });`,
      { line: 3, messageId: 'floating', suggest: false },
    ],
    [
      'in a helper of another file: at the call that leads to it',
      {
        'a.js': `import { Worker } from 'bullmq'; import { finish } from './finish.js';\nnew Worker('a', async (job) => {\n  finish(job.data.id);\n});`,
        'finish.js': `import { sync } from './sync.js'; export function finish(id) { sync(id); }`,
        'sync.js': `export async function sync(id) {}`,
      },
      { line: 3, messageId: 'floating', says: 'finish (finish.js:1) -> sync()' },
    ],
    [
      'a helper that catches everything inside',
      worker(
        `quietly(1);`,
        `import { db } from 'db'; async function quietly(id) { try { await db.save(id); } catch (e) { console.error(e); } }`,
      ),
      { line: 3, messageId: 'floating' },
    ],
  ],
});
