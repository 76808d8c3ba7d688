import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Queue, Worker, FlowProducer } from 'bullmq';`;
const BOTH = `removeOnComplete: { age: 3600 }, removeOnFail: { age: 86400 }`;

/** Code with a queue without defaults, on the first line. */
const bare = (code: string): string => `${IMPORT} const queue = new Queue('mail');\n${code}`;

const nestService = `import { InjectQueue } from '@nestjs/bullmq';
import { Queue } from 'bullmq';
export class Mails {
  constructor(@InjectQueue('mail') private readonly queue: Queue) {}
  async send(id: string) {
    await this.queue.add('send', { id });
  }
}`;

const nest = (module: string, more = {}): Record<string, string> => ({
  'a.ts': nestService,
  'mail.module.ts': `import { BullModule } from '@nestjs/bullmq';\n${module}`,
  ...more,
});

testRule('require-job-retention', {
  valid: [
    [
      'a queue of dead letters, which nobody runs',
      `import { Queue, Worker } from 'bullmq'; const dead = new Queue('mail-dlq');
new Worker('mail', run, { connection }).on('failed', (job) => { if (job.finishedOn) return dead.add('dead-letter', { id: job.id }); });`,
    ],
    ['options at the call', bare(`queue.add('send', { id }, { ${BOTH} });`)],
    [
      'defaults of the queue',
      `${IMPORT} const queue = new Queue('mail', { defaultJobOptions: { ${BOTH} } });\nqueue.add('send', { id });`,
    ],
    [
      'one option at the call, the other in the defaults',
      `${IMPORT} const queue = new Queue('mail', { defaultJobOptions: { removeOnFail: 100 } });\nqueue.add('send', { id }, { removeOnComplete: true });`,
    ],
    [
      'false, on purpose',
      bare(`queue.add('send', { id }, { removeOnComplete: false, removeOnFail: false });`),
    ],
    ['counts and zero', bare(`queue.add('send', { id }, { removeOnComplete: 0, removeOnFail: 500 });`)],
    [
      'values of a configuration',
      bare(
        `import { config } from 'config'; queue.add('send', { id }, { removeOnComplete: config.keep, removeOnFail: Number(process.env.KEEP) });`,
      ),
    ],
    [
      'an option on some path',
      bare(
        `const options = { removeOnFail: 5 };\nif (done) options.removeOnComplete = true;\nqueue.add('send', { id }, options);`,
      ),
    ],
    [
      'defaults of a queue in another file, spread from a third',
      {
        'a.js': `import { queue } from './queue.js';\nqueue.add('send', { id });`,
        'queue.js': `${IMPORT} import { keep } from './keep.js'; export const queue = new Queue('mail', { connection, defaultJobOptions: { attempts: 3, ...keep } });`,
        'keep.js': `export const keep = { ${BOTH} };`,
      },
    ],
    [
      'defaults of a factory of queues',
      {
        'a.ts': `import { getQueue } from './queues';\nexport const send = (id: string) => getQueue('mail').add('send', { id });`,
        'queues.ts': `${IMPORT}\nconst queues = new Map<string, Queue>();\nexport function getQueue(name: string): Queue {\n  let queue = queues.get(name);\n  if (!queue) { queue = new Queue(name, { defaultJobOptions: { ${BOTH} } }); queues.set(name, queue); }\n  return queue;\n}`,
      },
    ],
    [
      'the worker of the queue in the same file',
      bare(`new Worker('mail', async () => {}, { connection, ${BOTH} });\nqueue.add('send', { id });`),
    ],
    [
      'the worker of the queue in another file, by a constant name',
      {
        'a.js': `${IMPORT} import { MAIL } from './names.js'; const queue = new Queue(MAIL, { connection });\nqueue.add('send', { id });`,
        'worker.js': `${IMPORT} import { MAIL } from './names.js'; export const worker = new Worker(MAIL, async () => {}, { connection, ${BOTH} });`,
        'names.js': `export const MAIL = 'mail';`,
      },
    ],
    [
      'a worker with shared options',
      {
        'a.cjs': `const { Queue } = require('bullmq'); const queue = new Queue('mail');\nqueue.add('send', { id });`,
        'worker.cjs': `const { Worker } = require('bullmq'); const { options } = require('./options.cjs'); new Worker('mail', './send.js', { ...options, concurrency: 5 });`,
        'options.cjs': `module.exports = { options: { ${BOTH} } };`,
      },
    ],
    [
      'one option at the call, the other at the worker',
      bare(
        `new Worker('mail', async () => {}, { removeOnFail: { count: 50 } });\nqueue.add('send', { id }, { removeOnComplete: true });`,
      ),
    ],
    [
      'a worker made by a helper',
      {
        'a.js': `${IMPORT} const queue = new Queue('mail');\nqueue.add('send', { id });`,
        'workers.js': `import { createWorker } from './create.js'; createWorker('mail', async () => {}); createWorker('sms', async () => {});`,
        'create.js': `${IMPORT} export const createWorker = (name, run) => new Worker(name, run, { ${BOTH} });`,
      },
    ],
    [
      'a worker that a helper gives its options',
      {
        'a.js': `${IMPORT} const queue = new Queue('mail');\nqueue.add('send', { id });`,
        'workers.js': `import { createWorker } from './create.js'; createWorker('mail', async () => {}, { ${BOTH} });`,
        'create.js': `${IMPORT} export function createWorker(name, run, options) { return new Worker(name, run, { connection, ...options }); }`,
      },
    ],
    [
      'a worker of a subclass',
      {
        'a.ts': `${IMPORT} const queue = new Queue('mail');\nqueue.add('send', { id });`,
        'worker.ts': `${IMPORT} export class Base extends Worker { constructor(name: string) { super(name, async () => {}, { ${BOTH} }); } } new Base('mail');`,
      },
    ],
    [
      'a worker behind a base class that takes the name',
      {
        'a.ts': `${IMPORT} const queue = new Queue('mail');\nqueue.add('send', { id });`,
        'base.ts': `${IMPORT} export abstract class Base { worker: Worker; constructor(name: string) { this.worker = new Worker(name, async () => {}, { ${BOTH} }); } }`,
        'mail.ts': `import { Base } from './base'; export class Mail extends Base { constructor() { super('mail'); } }`,
      },
    ],
    [
      'workers made in a loop',
      bare(
        `for (const name of ['sms', 'mail']) new Worker(name, async () => {}, { ${BOTH} });\nqueue.add('send', { id });`,
      ),
    ],
    [
      'a worker whose queue cannot be seen, which may be this one',
      bare(`new Worker(process.env.QUEUE, async () => {}, { ${BOTH} });\nqueue.add('send', { id });`),
    ],
    [
      'a queue whose name cannot be seen, with a worker that removes',
      `${IMPORT} const queue = new Queue(process.env.QUEUE);\nnew Worker('mail', async () => {}, { ${BOTH} });\nqueue.add('send', { id });`,
    ],
    [
      'a worker whose options cannot be seen',
      bare(
        `import { options } from 'shared'; new Worker('mail', async () => {}, options);\nqueue.add('send', { id });`,
      ),
    ],
    [
      'two workers of which one removes',
      bare(
        `new Worker('mail', async () => {}, { ${BOTH} });\nnew Worker('mail', async () => {});\nqueue.add('send', { id });`,
      ),
    ],
    [
      'the worker of a flow node',
      `${IMPORT} new Worker('mail', async () => {}, { ${BOTH} });\nnew FlowProducer().add({ name: 'send', queueName: 'mail' });`,
    ],
    [
      'queuesOptions of a flow',
      `${IMPORT}\nnew FlowProducer().add({ name: 'send', queueName: 'mail', children: [{ name: 'render', queueName: 'pdf' }] }, { queuesOptions: { mail: { defaultJobOptions: { ${BOTH} } }, pdf: { defaultJobOptions: { ${BOTH} } } } });`,
    ],
    [
      'the template of a scheduler',
      bare(`queue.upsertJobScheduler('tick', { every: 1000 }, { name: 'tick', opts: { ${BOTH} } });`),
    ],
    [
      'each job in bulk',
      bare(`queue.addBulk(ids.map((id) => ({ name: 'send', data: { id }, opts: { ${BOTH} } })));`),
    ],
    ['jobs in bulk that cannot be seen', bare(`queue.addBulk(await load());`)],
    [
      'options that cannot be seen',
      bare(`export const send = (id, options) => queue.add('send', { id }, options);`),
    ],
    [
      'a spread that cannot be seen',
      bare(`import { keep } from 'shared';\nqueue.add('send', { id }, { ...keep, attempts: 3 });`),
    ],
    [
      'a queue known by its type only',
      `import type { Queue } from 'bullmq';\nexport const send = (queue: Queue) => queue.add('send', {});`,
    ],
    ['an injected queue that is registered nowhere', nestService],
    [
      'defaults of a Nest registration',
      nest(`BullModule.registerQueue({ name: 'mail', defaultJobOptions: { ${BOTH} } });`),
    ],
    [
      'defaults of a Nest root by a factory',
      nest(
        `BullModule.forRootAsync({ useFactory: (config) => ({ connection: config.redis, defaultJobOptions: { ${BOTH} } }) });\nBullModule.registerQueue({ name: 'mail' });`,
      ),
    ],
    [
      'worker options of a Nest processor',
      nest(`BullModule.registerQueue({ name: 'mail' });`, {
        'mail.processor.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail', { concurrency: 2, ${BOTH} }) export class MailProcessor extends WorkerHost { async process() {} }`,
      }),
    ],
    [
      'a wrapper whose callers give the options',
      {
        'a.js': `import { send } from './mails.js';\nsend('x', { ${BOTH} });`,
        'mails.js': `${IMPORT} const queue = new Queue('mail'); export const send = (id, options) => queue.add('send', { id }, options);`,
      },
    ],
    [
      'a call of a wrapper that decides by itself, two calls away',
      {
        'a.js': `import { order } from './orders.js';\norder('x');`,
        'orders.js': `import { send } from './mails.js'; export const order = (id) => send({ id }, { attempts: 3 });`,
        'mails.js': `${IMPORT} const queue = new Queue('mail'); export const send = (data, options) => queue.add('send', data, options);`,
      },
      { only: ['a.js'] },
    ],
    ['a set with an add method', `import 'bullmq'; const queue = new Set();\nqueue.add('a');`],
    ['a test', { 'a.test.js': bare(`queue.add('send', { id });`) }],
  ],
  invalid: [
    [
      'a queue of dead letters with a worker that takes them up again',
      `import { Queue, Worker } from 'bullmq'; const dead = new Queue('mail-dlq'); new Worker('mail-dlq', run, { connection });
await dead.add('dead-letter', { id: job.id });`,
      { line: 2, messageId: 'neither' },
    ],
    [
      'no options',
      bare(`queue.add('send', { id });`),
      {
        line: 2,
        messageId: 'neither',
        suggest: `queue.add('send', { id }, { removeOnComplete: { age: 3600, count: 1000 }, removeOnFail: { age: 7 * 24 * 3600 } });`,
      },
    ],
    [
      'other options',
      bare(`queue.add('send', { id }, { attempts: 3 });`),
      {
        line: 2,
        messageId: 'neither',
        suggest: `queue.add('send', { id }, { attempts: 3, removeOnComplete: { age: 3600, count: 1000 }, removeOnFail: { age: 7 * 24 * 3600 } });`,
      },
    ],
    [
      'completed jobs only',
      bare(`queue.add('send', { id }, { removeOnComplete: true });`),
      {
        line: 2,
        messageId: 'failed',
        suggest: `queue.add('send', { id }, { removeOnComplete: true, removeOnFail: { age: 7 * 24 * 3600 } });`,
      },
    ],
    [
      'failed jobs only',
      `${IMPORT} const queue = new Queue('mail', { defaultJobOptions: { removeOnFail: 100 } });\nqueue.add('send', { id });`,
      {
        line: 2,
        messageId: 'completed',
        suggest: `queue.add('send', { id }, { removeOnComplete: { age: 3600, count: 1000 } });`,
      },
    ],
    [
      'undefined, which wipes the default',
      `${IMPORT} const queue = new Queue('mail', { defaultJobOptions: { ${BOTH} } });\nqueue.add('send', { id }, { removeOnFail: undefined });`,
      { line: 2, messageId: 'failed', suggest: false },
    ],
    [
      'options beside defaultJobOptions, where they count for nothing',
      `${IMPORT} const queue = new Queue('mail', { connection, ${BOTH} });\nqueue.add('send', { id });`,
      { line: 2, messageId: 'neither' },
    ],
    ['options in the data', bare(`queue.add('send', { id, ${BOTH} });`), { line: 2, messageId: 'neither' }],
    [
      'a queue of another file, and its worker without options',
      {
        'a.ts': `import { queue } from './queue';\nexport async function order(id: string) {\n  await queue.add('send', { id });\n}`,
        'queue.ts': `${IMPORT} export const queue = new Queue('mail', { connection: {}, defaultJobOptions: { attempts: 3 } });`,
        'worker.ts': `${IMPORT} new Worker('mail', async () => {}, { connection: {}, concurrency: 5 });`,
      },
      { line: 3, messageId: 'neither' },
    ],
    [
      'a worker of another queue',
      bare(`new Worker('sms', async () => {}, { ${BOTH} });\nqueue.add('send', { id });`),
      { line: 3, messageId: 'neither' },
    ],
    [
      'a worker that removes completed jobs only',
      bare(
        `new Worker('mail', async () => {}, { removeOnComplete: { count: 100 } });\nqueue.add('send', { id });`,
      ),
      { line: 3, messageId: 'failed' },
    ],
    [
      'a helper that gives other workers their options',
      {
        'a.js': `${IMPORT} const queue = new Queue('mail');\nqueue.add('send', { id });`,
        'workers.js': `import { createWorker } from './create.js'; createWorker('sms', async () => {}); createWorker('push', async () => {});`,
        'create.js': `${IMPORT} export const createWorker = (name, run) => new Worker(name, run, { ${BOTH} });`,
      },
      { line: 2, messageId: 'neither' },
    ],
    [
      'a queue by require',
      {
        'a.cjs': `const { queues } = require('./queues.cjs');\nmodule.exports = { send: (id) => queues.mail.add('send', { id }) };`,
        'queues.cjs': `const { Queue } = require('bullmq'); module.exports = { queues: { mail: new Queue('mail') } };`,
      },
      { file: 'a.cjs', line: 2, messageId: 'neither' },
    ],
    [
      'a scheduled job',
      bare(`queue.upsertJobScheduler('tick', { every: 1000 }, { name: 'tick', opts: { attempts: 3 } });`),
      {
        line: 2,
        messageId: 'neither',
        suggest: `queue.upsertJobScheduler('tick', { every: 1000 }, { name: 'tick', opts: { attempts: 3, removeOnComplete: { age: 3600, count: 1000 }, removeOnFail: { age: 7 * 24 * 3600 } } });`,
      },
    ],
    [
      'a scheduled job without a template',
      bare(`queue.upsertJobScheduler('tick', { every: 1000 });`),
      { line: 2, messageId: 'neither', suggest: false },
    ],
    [
      'a repeated job',
      bare(`queue.add('tick', {}, { repeat: { every: 1000 } });`),
      { line: 2, messageId: 'neither' },
    ],
    [
      'jobs in bulk, once',
      bare(`queue.addBulk([{ name: 'a', data: {} }, { name: 'b', data: {}, opts: { removeOnFail: 5 } }]);`),
      { line: 2, messageId: 'neither' },
    ],
    [
      'nodes of a flow, which do not have the defaults of the queue',
      `${IMPORT} const queue = new Queue('mail', { defaultJobOptions: { ${BOTH} } });\nnew FlowProducer().add({ name: 'send', queueName: 'mail' });`,
      { line: 2, messageId: 'neither' },
    ],
    [
      'a child of a flow that queuesOptions leave out',
      `${IMPORT}\nnew FlowProducer().add({ name: 'send', queueName: 'mail', children: [{ name: 'render', queueName: 'pdf' }] }, { queuesOptions: { mail: { defaultJobOptions: { ${BOTH} } } } });`,
      { line: 2, messageId: 'neither' },
    ],
    [
      'a Nest queue that is registered by its name only',
      nest(`BullModule.forRoot({ connection: {} });\nBullModule.registerQueue({ name: 'mail' });`),
      { line: 6, messageId: 'neither' },
    ],
    [
      'a Nest registration that replaces the defaults of the root',
      nest(
        `BullModule.forRoot({ defaultJobOptions: { ${BOTH} } });\nBullModule.registerQueue({ name: 'mail', defaultJobOptions: { attempts: 3 } });`,
      ),
      { line: 6, messageId: 'neither' },
    ],
    [
      'a Nest queue whose processor has other worker options',
      nest(`BullModule.registerQueue({ name: 'mail' });`, {
        'mail.processor.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail', { concurrency: 2 }) export class MailProcessor extends WorkerHost { async process() {} } @Processor('sms', { ${BOTH} }) export class SmsProcessor extends WorkerHost { async process() {} }`,
      }),
      { line: 6, messageId: 'neither' },
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail', 'redis://x');\nqueue.add({ id });\nqueue.add('send', { id }, { delay: 5 });`,
      [
        { line: 2, messageId: 'neither' },
        { line: 3, messageId: 'neither' },
      ],
    ],
    [
      'a call of a wrapper that gives none of the options',
      {
        'a.js': `import { send } from './mails.js';\nsend('x', { attempts: 3 });\nsend('y', { ${BOTH} });\nsend('z');`,
        'mails.js': `${IMPORT} const queue = new Queue('mail'); export const send = (id, options) => queue.add('send', { id }, options);`,
      },
      [
        { line: 2, messageId: 'neither' },
        { line: 4, messageId: 'neither' },
      ],
    ],
    [
      'a wrapper that decides by itself, there alone',
      {
        'a.js': `import { send } from './mails.js';\nsend('x');`,
        'mails.js': `${IMPORT} const queue = new Queue('mail');\nexport const send = (id) => queue.add('send', { id }, { attempts: 3 });`,
      },
      { file: 'mails.js', line: 2, messageId: 'neither' },
    ],
    [
      'the call that decides, of two wrappers',
      {
        'a.js': `import { order } from './orders.js';\norder('x');`,
        'orders.js': `import { send } from './mails.js';\nexport const order = (id) => send({ id }, { attempts: 3 });`,
        'mails.js': `${IMPORT} const queue = new Queue('mail');\nexport const send = (data, options) => queue.add('send', data, options);`,
      },
      { file: 'orders.js', line: 2, messageId: 'neither' },
    ],
  ],
});
