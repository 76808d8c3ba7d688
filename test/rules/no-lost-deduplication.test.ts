import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Queue, Worker, FlowProducer } from 'bullmq';`;

/** Code with a queue without defaults, on the first line. */
const bare = (code: string): string => `${IMPORT} const queue = new Queue('charges');\n${code}`;
/** Code with a queue that removes completed jobs at once. */
const removing = (code: string): string =>
  `${IMPORT} const queue = new Queue('charges', { defaultJobOptions: { removeOnComplete: true } });\n${code}`;

/** Helpers that put an id together of what they are given. */
const IDS = `const sanitize = (value: unknown) => String(value).replaceAll(':', '_');\nexport const makeJobId = (...parts: unknown[]) => parts.filter((part) => part !== undefined).map(sanitize).join('_');\nexport const makeUniqueJobId = (...parts: unknown[]) => makeJobId(...parts, crypto.randomUUID());`;

testRule('no-lost-deduplication', {
  valid: [
    ['an id of a job that is kept', bare(`queue.add('charge', {}, { jobId: orderId });`)],
    [
      'an id of a job that is kept for a while',
      bare(
        `queue.add('charge', {}, { jobId: orderId, removeOnComplete: { age: 3600 } });\nqueue.add('charge', {}, { jobId: orderId, removeOnComplete: 100 });\nqueue.add('charge', {}, { jobId: orderId, removeOnComplete: { count: 1000 } });`,
      ),
    ],
    [
      'removal that is switched off',
      bare(`queue.add('charge', {}, { jobId: orderId, removeOnComplete: false });`),
    ],
    [
      'failed jobs, which are to be tried again',
      bare(`queue.add('charge', {}, { jobId: orderId, removeOnFail: true });`),
    ],
    ['removal without an id', bare(`queue.add('charge', {}, { removeOnComplete: true });`)],
    [
      'an id that is undefined',
      bare(`queue.add('charge', {}, { jobId: undefined, removeOnComplete: true });`),
    ],
    [
      'deduplication with a ttl',
      bare(`queue.add('charge', {}, { deduplication: { id: orderId, ttl: 5000 }, removeOnComplete: true });`),
    ],
    [
      'deduplication that keeps the last one',
      bare(
        `queue.add('charge', {}, { deduplication: { id: orderId, keepLastIfActive: true }, removeOnComplete: true });`,
      ),
    ],
    [
      'an id beside a deduplication with a ttl',
      bare(
        `queue.add('charge', {}, { jobId: orderId, deduplication: { id: orderId, ttl: 5000 }, removeOnComplete: true });`,
      ),
    ],
    [
      'a call that overrides the removal of the queue',
      removing(`queue.add('charge', {}, { jobId: orderId, removeOnComplete: { age: 3600 } });`),
    ],
    [
      'a call that overrides the removal of the worker',
      bare(
        `new Worker('charges', async () => {}, { removeOnComplete: { count: 0 } });\nqueue.add('charge', {}, { jobId: orderId, removeOnComplete: { age: 3600 } });`,
      ),
    ],
    [
      'a worker of another queue',
      bare(
        `new Worker('mails', async () => {}, { removeOnComplete: { count: 0 } });\nqueue.add('charge', {}, { jobId: orderId });`,
      ),
    ],
    [
      'removal that cannot be seen',
      bare(`queue.add('charge', {}, { jobId: orderId, removeOnComplete: config.keep, ...rest });`),
    ],
    [
      'the default of a queue for its ids, which is none',
      `${IMPORT} const queue = new Queue('charges', { defaultJobOptions: { jobId: 'x', removeOnComplete: true } });\nqueue.add('charge', {});`,
    ],
    [
      'an id and removal that exclude each other',
      bare(
        `queue.add('charge', {}, { jobId: once ? orderId : undefined, removeOnComplete: once ? { age: 3600 } : true });`,
      ),
    ],
    [
      'an id that is new each time, which tells nothing',
      bare(
        `import { randomUUID } from 'node:crypto'; import { nanoid } from 'nanoid';\nqueue.add('charge', {}, { jobId: randomUUID(), removeOnComplete: true });\nqueue.add('charge', {}, { jobId: \`charge-\${orderId}-\${Date.now()}\`, removeOnComplete: true });\nconst id = nanoid();\nqueue.add('charge', {}, { jobId: id, removeOnComplete: true });\nqueue.add('charge', {}, { jobId: 'x' + Math.random(), removeOnComplete: true });`,
      ),
    ],
    [
      'a repeated job, whose id tells its schedule',
      bare(
        `queue.add('tick', {}, { jobId: 'tick', repeat: { every: 1000 }, removeOnComplete: true });\nqueue.upsertJobScheduler('tick', { every: 1000 }, { name: 'tick', opts: { removeOnComplete: true } });`,
      ),
    ],
    [
      'a debounce, whose id is free again for the next change',
      bare(`queue.add('save', {}, { jobId: pageId, delay: 5000, removeOnComplete: true });`),
    ],
    [
      'an id by which the file finds or removes the job',
      bare(
        `const idOf = (run) => 'run-' + run;\nexport const start = (run) => queue.add('run', {}, { jobId: idOf(run), removeOnComplete: true });\nexport const stop = async (run) => (await queue.getJob(idOf(run)))?.remove();\nexport const begin = (order) => queue.add('run', {}, { jobId: \`order-\${order}\`, removeOnComplete: true });\nexport const end = (id) => queue.remove(\`order-\${id}\`);`,
      ),
    ],
    [
      'the id of a row that was just created, of which there is one',
      bare(
        `export async function start(data) {\n  const batch = await prisma.batch.create({ data });\n  await queue.add('batch', {}, { jobId: batch.id, removeOnComplete: true });\n}`,
      ),
    ],
    [
      'an id with a marker that the job moves on',
      bare(
        `queue.add('sync', {}, { jobId: \`\${project.id}-\${project.lastSyncAt?.toISOString() ?? ''}\`, removeOnComplete: true });\nqueue.add('page', {}, { jobId: \`page-\${row.cursor}\`, removeOnComplete: true });`,
      ),
    ],
    [
      'an id that is new each time, put together by helpers',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { makeUniqueJobId } from './ids';\nconst queue = new Queue('mails');\nexport const send = (id: string, tags: string[]) => queue.add('send', { id }, { jobId: makeUniqueJobId('mail', id, ...tags), removeOnComplete: true });`,
        'ids.ts': IDS,
      },
    ],
    [
      'the id of a row that was just created, and a marker, given to a helper',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { makeJobId } from './ids'; import { db } from './db';\nconst queue = new Queue('mails');\nexport async function answer(data) {\n  const answer = await db.answers.create(data);\n  await queue.add('finalize', { id: answer.id }, { jobId: makeJobId('finalize', String(answer._id)), removeOnComplete: true });\n}\nexport const vote = (vote) => queue.add('count', { id: vote.id }, { jobId: makeJobId('vote', vote._id, vote.updatedAt ?? vote.createdAt), removeOnComplete: true });\nexport const edit = (row) => queue.add('check', { id: row.id }, { jobId: ['check', row.id, row?.moderationRevision].join('-'), removeOnComplete: true });`,
        'ids.ts': IDS,
      },
    ],
    [
      'an id with a part that each caller makes anew',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { makeJobId } from './ids';\nconst queue = new Queue('audits');\nexport const audit = async (title: string, context: { decisionId: string; user: string }) => {\n  await retry(async () => {\n    await queue.add('audit', { user: context.user }, { jobId: makeJobId('audit', context.decisionId), removeOnComplete: true });\n  });\n};\nexport const count = ({ decisionId }: { decisionId: string }) => queue.add('count', {}, { jobId: \`count-\${decisionId}\`, removeOnComplete: true });`,
        'b.ts': `import { audit, count } from './a';\nexport async function decide(user: string) {\n  const decisionId = crypto.randomUUID();\n  const context = { decisionId, user };\n  await audit('x', context);\n  await count({ decisionId });\n}`,
        'a.test.ts': `import { audit } from './a';\ndescribe('audit', () => {\n  it('audits', async () => {\n    await audit('x', { decisionId: 'decision_1', user: 'u' });\n  });\n});`,
        'ids.ts': IDS,
      },
    ],
    [
      'one job at a time for what is to be brought up to date',
      bare(
        `queue.add('syncCollection', { type: 'syncCollection', collectionId: row.id }, { jobId: \`sync-\${row.id}\`, removeOnComplete: true });\nqueue.add('totals.refresh', { uid: user.id, timestamp: new Date() }, { deduplication: { id: user.id }, removeOnComplete: true });\nconst changes = new Queue('collection-sync');\nchanges.add(gone ? 'removeEvent' : 'addEvent', { type: gone ? 'remove' : 'add', eventId: row.id }, { jobId: \`event-\${row.id}\`, removeOnComplete: true });`,
      ),
    ],
    [
      'an id by which a helper asks for the job',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { ensureQueued } from './ensure';\nconst queue = new Queue('pages');\nexport async function build(page: string) {\n  const jobId = \`build-\${page}\`;\n  if (await ensureQueued({ queue, jobId })) return;\n  await queue.add('build', { page }, { jobId, removeOnComplete: true });\n}`,
        'ensure.ts': `import type { Queue } from 'bullmq';\nexport const ensureQueued = async ({ queue, jobId }: { queue: Queue; jobId: string }) => {\n  const job = await queue.getJob(jobId);\n  if (job) await job.retry();\n  return job !== undefined;\n};`,
      },
    ],
    ['an id in the data', removing(`queue.add('charge', { jobId: orderId });`)],
    [
      'a wrapper with an optional id that nobody gives',
      {
        'a.ts': `import { charge } from './charges';\ncharge('x');`,
        'charges.ts': `${IMPORT} const queue = new Queue('charges');\nexport const charge = (order: string, options?: { jobId?: string }) => queue.add('charge', { order }, { jobId: options?.jobId, removeOnComplete: true });\nexport const refund = (order: string, jobId?: string) => queue.add('refund', { order }, { jobId, removeOnComplete: true });\nexport const settle = (order: string, { jobId }: { jobId?: string } = {}) => queue.add('settle', { order }, { jobId, removeOnComplete: true });\nexport const audit = (order: string, options: { jobId?: string }) => queue.add('audit', { order }, { jobId: options.jobId, removeOnComplete: true });`,
      },
    ],
    [
      'a queue known by its type only',
      `import type { Queue } from 'bullmq';\nexport const charge = (queue: Queue, id: string) => queue.add('charge', {}, { jobId: id });`,
    ],
    [
      'a map with an add method',
      `import 'bullmq'; const queue = new Set();\nqueue.add('a', {}, { jobId: 'x', removeOnComplete: true });`,
    ],
    ['a test', { 'a.test.js': bare(`queue.add('charge', {}, { jobId: orderId, removeOnComplete: true });`) }],
  ],
  invalid: [
    [
      'true at the call',
      bare(`queue.add('charge', {}, { jobId: orderId, removeOnComplete: true });`),
      {
        line: 2,
        messageId: 'lostId',
        suggest: `queue.add('charge', {}, { jobId: orderId, removeOnComplete: { age: 86400 } });`,
      },
    ],
    [
      'at the removal, where that is written',
      bare(
        `queue.add('charge', { orderId }, {\n  jobId: \`charge-\${orderId}\`,\n  attempts: 3,\n  removeOnComplete: true,\n});`,
      ),
      { line: 5, messageId: 'lostId', suggest: 'removeOnComplete: { age: 86400 },' },
    ],
    [
      'zero, as a count and as an age',
      bare(
        `queue.add('charge', {}, { jobId: orderId, removeOnComplete: 0 });\nqueue.add('charge', {}, { jobId: orderId, removeOnComplete: { count: 0 } });\nqueue.add('charge', {}, { jobId: orderId, removeOnComplete: { age: 0 } });`,
      ),
      [
        {
          line: 2,
          messageId: 'lostId',
          suggest: `queue.add('charge', {}, { jobId: orderId, removeOnComplete: { age: 86400 } });`,
        },
        { line: 3, messageId: 'lostId' },
        { line: 4, messageId: 'lostId' },
      ],
    ],
    [
      'deduplication with only an id',
      bare(`queue.add('charge', {}, { deduplication: { id: orderId }, removeOnComplete: true });`),
      { line: 2, messageId: 'lostDeduplication', suggest: false },
    ],
    [
      'at the id, where the queue removes',
      removing(`queue.add('charge', {}, {\n  jobId: orderId,\n});`),
      { line: 3, messageId: 'lostId', suggest: false },
    ],
    [
      'defaults of a queue in another file, through a shared constant',
      {
        'a.ts': `import { queue } from './queue';\nexport async function charge(order: { id: string }) {\n  await queue.add('charge', { id: order.id }, { jobId: order.id });\n}`,
        'queue.ts': `${IMPORT} import { keep } from './keep'; export const queue = new Queue('charges', { defaultJobOptions: { attempts: 3, ...keep } });`,
        'keep.ts': `export const keep = { removeOnComplete: true, removeOnFail: 100 };`,
      },
      { line: 3, messageId: 'lostId' },
    ],
    [
      'the worker of the queue in another file',
      {
        'a.cjs': `const { Queue } = require('bullmq'); const queue = new Queue('charges');\nmodule.exports = (orderId) => queue.add('charge', {}, { jobId: orderId });`,
        'worker.cjs': `const { Worker } = require('bullmq'); new Worker('charges', './charge.js', { removeOnComplete: { count: 0 } });`,
      },
      { file: 'a.cjs', line: 2, messageId: 'lostId' },
    ],
    [
      'the worker that Nest makes',
      {
        'a.ts': `import { InjectQueue } from '@nestjs/bullmq';\nimport { Queue } from 'bullmq';\nexport class Charges {\n  constructor(@InjectQueue('charges') private readonly queue: Queue) {}\n  charge(id: string) {\n    return this.queue.add('charge', { id }, { jobId: id });\n  }\n}`,
        'module.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueue({ name: 'charges' });`,
        'processor.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('charges', { removeOnComplete: { age: 0 } }) export class P extends WorkerHost { async process() {} }`,
      },
      { line: 6, messageId: 'lostId' },
    ],
    [
      'the defaults of a Nest root',
      {
        'a.ts': `import { InjectQueue } from '@nestjs/bullmq';\nimport { Queue } from 'bullmq';\nexport class Charges {\n  constructor(@InjectQueue('charges') private readonly queue: Queue) {}\n  charge(id: string) {\n    return this.queue.add('charge', { id }, { jobId: id });\n  }\n}`,
        'module.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.forRoot({ defaultJobOptions: { removeOnComplete: true } }); BullModule.registerQueue({ name: 'charges' });`,
      },
      { line: 6, messageId: 'lostId' },
    ],
    [
      'options that are spread',
      bare(
        `const once = { removeOnComplete: true, removeOnFail: true };\nqueue.add('charge', {}, { ...once, jobId: orderId });`,
      ),
      { line: 3, messageId: 'lostId', suggest: false },
    ],
    [
      'removal on one path, with an id on all',
      bare(`queue.add('charge', {}, { jobId: orderId, removeOnComplete: debug ? 100 : true });`),
      { line: 2, messageId: 'lostId', suggest: false },
    ],
    [
      'an id on one path, with removal on all',
      bare(
        `queue.add('charge', {}, { jobId: orderId ? \`charge-\${orderId}\` : undefined, removeOnComplete: true });`,
      ),
      { line: 2, messageId: 'lostId' },
    ],
    [
      'an id of the day',
      bare(
        `const day = new Date().toISOString().slice(0, 10);\nqueue.add('report', {}, { jobId: \`report-\${day}\`, removeOnComplete: true });`,
      ),
      { line: 3, messageId: 'lostId' },
    ],
    [
      'no delay, a row that may have been there, a lookup of another id',
      bare(
        `queue.add('charge', {}, { jobId: orderId, delay: 0, removeOnComplete: true });\nexport async function start(data) {\n  const row = await rows.createOrUpdate(data);\n  await queue.add('row', {}, { jobId: row.id, removeOnComplete: true });\n  await queue.remove(data.old);\n}`,
      ),
      [
        { line: 2, messageId: 'lostId' },
        { line: 5, messageId: 'lostId' },
      ],
    ],
    [
      'jobs in bulk',
      bare(
        `queue.addBulk(orders.map((order) => ({\n  name: 'charge',\n  data: { id: order.id },\n  opts: { jobId: order.id, removeOnComplete: true },\n})));`,
      ),
      { line: 5, messageId: 'lostId' },
    ],
    [
      'a child of a flow',
      `${IMPORT}\nnew FlowProducer().add({ name: 'order', queueName: 'orders', children: [\n  { name: 'charge', queueName: 'charges', opts: { jobId: orderId, removeOnComplete: true } },\n] });`,
      { line: 3, messageId: 'lostId' },
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('charges', { defaultJobOptions: { removeOnComplete: true } });\nqueue.add({ orderId }, { jobId: orderId });`,
      { line: 2, messageId: 'lostId' },
    ],
    [
      'a call of a wrapper that takes the id',
      {
        'a.js': `import { charge } from './charges.js';\ncharge(order, {\n  jobId: order.id,\n});\ncharge(order);`,
        'charges.js': `${IMPORT} const queue = new Queue('charges'); export const charge = (order, options = {}) => queue.add('charge', { id: order.id }, { ...options, removeOnComplete: true });`,
      },
      { line: 3, messageId: 'lostId' },
    ],
    [
      'something that is to be brought up to date, to what the data says, and other work by id',
      bare(
        `queue.add('syncPrice', { productId, price }, { jobId: productId, removeOnComplete: true });\nqueue.add('charge', { orderId }, { jobId: orderId, removeOnComplete: true });\nqueue.add('mail-sync-failed', { userId }, { jobId: userId, removeOnComplete: true });`,
      ),
      [
        { line: 2, messageId: 'lostId' },
        { line: 3, messageId: 'lostId' },
        { line: 4, messageId: 'lostId' },
      ],
    ],
    [
      'an id that a helper is given for something else',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { note } from './note';\nconst queue = new Queue('pages');\nexport async function build(page: string) {\n  const jobId = \`build-\${page}\`;\n  note({ queue, jobId });\n  await queue.add('build', { page }, { jobId, removeOnComplete: true });\n}`,
        'note.ts': `import type { Queue } from 'bullmq';\nexport const note = ({ queue, jobId }: { queue: Queue; jobId: string }) => console.log(queue.name, jobId);`,
      },
      { line: 6, messageId: 'lostId' },
    ],
    [
      'an id without any such part, put together by a helper',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { makeJobId } from './ids';\nconst queue = new Queue('mails');\nexport const send = (id: string, tags: string[]) => queue.add('send', { id }, {\n  jobId: makeJobId('mail', id, ...tags),\n  removeOnComplete: true,\n});`,
        'ids.ts': IDS,
      },
      { line: 5, messageId: 'lostId' },
    ],
    [
      'an id with a part that one of the callers makes anew, and the other does not',
      {
        'a.ts': `import { Queue } from 'bullmq';\nconst queue = new Queue('audits');\nexport const count = (key: string) => queue.add('count', {}, { jobId: \`count-\${key}\`, removeOnComplete: true });`,
        'b.ts': `import { count } from './a';\nexport async function decide(user) {\n  await count(crypto.randomUUID());\n  await count(user.id);\n}`,
      },
      { line: 3, messageId: 'lostId' },
    ],
    [
      'a wrapper that has the id and the removal, there alone',
      {
        'a.js': `import { charge } from './charges.js';\ncharge(order.id);`,
        'charges.js': `${IMPORT} const queue = new Queue('charges');\nexport const charge = (id) => queue.add('charge', { id }, { jobId: id, removeOnComplete: true });`,
      },
      { file: 'charges.js', line: 2, messageId: 'lostId' },
    ],
  ],
});
