import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Queue, FlowProducer } from 'bullmq';`;
const POLICY = `attempts: 3, backoff: { type: 'exponential', delay: 1000 }`;

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

testRule('require-retry-policy', {
  valid: [
    [
      'a queue of dead letters, which nobody runs',
      `import { Queue, Worker } from 'bullmq'; const dead = new Queue('mail-dlq');
new Worker('mail', run, { connection }).on('failed', (job) => { if (job.finishedOn) return dead.add('dead-letter', { id: job.id }); });`,
    ],
    [
      'defaults over which a caller could lay others, and none does',
      {
        'a.ts': `import { Queues } from './queues'; export const add = (queues: Queues) => queues.get('mail').add('x', {});`,
        'queues.ts': `import { Queue, QueueOptions } from 'bullmq'; export class Queues { private readonly queues: Map<string, Queue> = new Map(); get(name: string, options?: QueueOptions): Queue { if (this.queues.has(name)) return this.queues.get(name)!; const queue = new Queue(name, { defaultJobOptions: { attempts: 3, backoff: { type: 'exponential', delay: 2000 }, ...options?.defaultJobOptions }, ...options }); this.queues.set(name, queue); return queue; } add(data: object) { return this.get('mail').add('x', data); } }`,
      },
      { options: { reportUnknown: true } },
    ],
    [
      'unseen options over a policy of the queue in strict',
      `import { Queue } from 'bullmq'; const queue = new Queue('mail', { connection, defaultJobOptions: { attempts: 3, backoff: { type: 'exponential', delay: 5 } } }); export const send = (id, options) => queue.add('send', { id }, { priority: 1, ...options });`,
      { options: { reportUnknown: true } },
    ],
    [
      'a version of BullMQ that knows no jitter',
      {
        'package.json': `{ "dependencies": { "bullmq": "~5.53.0" } }`,
        'a.js': bare(
          `queue.add('send', { id }, { attempts: 3, backoff: { type: 'exponential', delay: 5 } });`,
        ),
      },
      { options: { requireJitter: true } },
    ],
    ['options at the call', bare(`queue.add('send', { id }, { ${POLICY} });`)],
    [
      'defaults of the queue',
      `${IMPORT} const queue = new Queue('mail', { defaultJobOptions: { ${POLICY} } });\nqueue.add('send', { id });`,
    ],
    [
      'defaults of a queue in another file',
      {
        'a.js': `import { queue } from './queue.js';\nqueue.add('send', { id });`,
        'queue.js': `${IMPORT} export const queue = new Queue('mail', { defaultJobOptions: { ${POLICY} } });`,
      },
    ],
    [
      'defaults in a third file, spread',
      {
        'a.js': `import { queue } from './queue.js';\nqueue.add('send', { id });`,
        'queue.js': `${IMPORT} import { defaults } from './defaults.js'; export const queue = new Queue('mail', { connection, defaultJobOptions: { ...defaults, delay: 1 } });`,
        'defaults.js': `export const defaults = { ${POLICY} };`,
      },
    ],
    [
      'a queue by require',
      {
        'a.cjs': `const { queue } = require('./queue.cjs');\nqueue.add('send', { id });`,
        'queue.cjs': `const { Queue } = require('bullmq'); module.exports = { queue: new Queue('mail', { defaultJobOptions: { ${POLICY} } }) };`,
      },
    ],
    [
      'a queue behind a barrel and an alias',
      {
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@q/*": ["./queues/*"] } } }',
        'a.ts': `import { mails } from '@q/index';\nmails.add('send', { id });`,
        'queues/index.ts': `export { queue as mails } from './mail.js';`,
        'queues/mail.ts': `${IMPORT} export const queue = new Queue('mail', { defaultJobOptions: { ${POLICY} } });`,
      },
    ],
    [
      'a shared options constant',
      bare(
        `const options = { ${POLICY} };\nqueue.add('send', { id }, options);\nqueue.add('send', { id }, { ...options, delay: 5 });`,
      ),
    ],
    [
      'options of a helper',
      bare(
        `const retry = (attempts) => ({ attempts, backoff: 1000 });\nqueue.add('send', { id }, retry(3));`,
      ),
    ],
    [
      'options that cannot be seen',
      bare(`export const send = (id, options) => queue.add('send', { id }, options);`),
    ],
    [
      'a spread that cannot be seen',
      bare(`import { options } from 'shared';\nqueue.add('send', { id }, { ...options });`),
    ],
    [
      'defaults that cannot be seen',
      `${IMPORT} import { options } from 'shared'; const queue = new Queue('mail', options);\nqueue.add('send', { id });`,
    ],
    [
      'a queue known by its type only',
      {
        'a.ts': `import type { Queue } from 'bullmq';\nexport const send = (queue: Queue) => queue.add('send', {});`,
      },
    ],
    ['attempts of one, on purpose', bare(`queue.add('send', { id }, { attempts: 1 });`)],
    ['attempts of zero', bare(`queue.add('send', { id }, { attempts: 0 });`)],
    [
      'attempts from the environment',
      bare(`queue.add('send', { id }, { attempts: Number(process.env.ATTEMPTS) });`),
    ],
    ['attempts that may be one', bare(`queue.add('send', { id }, { attempts: urgent ? 5 : 1 });`)],
    [
      'attempts on some path',
      bare(`const options = {};\nif (urgent) options.attempts = 3;\nqueue.add('send', { id }, options);`),
    ],
    ['a fixed backoff', bare(`queue.add('send', { id }, { attempts: 3, backoff: 5000 });`)],
    ['a custom backoff', bare(`queue.add('send', { id }, { attempts: 3, backoff: { type: 'mine' } });`)],
    [
      'a custom backoff in strict',
      bare(`queue.add('send', { id }, { attempts: 3, backoff: { type: 'mine' } });`),
      { options: { requireExponential: true, requireJitter: true } },
    ],
    [
      'Bull without jitter, which it does not have',
      `const Queue = require('bull'); const queue = new Queue('mail', { defaultJobOptions: { ${POLICY} } });\nqueue.add({ id });\nqueue.add({ id }, { attempts: 3, backoff: 500 });`,
      { options: { requireJitter: true } },
    ],
    [
      'Nest on Bull without jitter, which it does not have',
      {
        'a.ts': `import { InjectQueue } from '@nestjs/bull';
import { Queue } from 'bull';
export class Mails {
  constructor(@InjectQueue('mail') private readonly queue: Queue) {}
  async send(id: string) {
    await this.queue.add('send', { id }, { ${POLICY} });
    await this.queue.add('send', { id });
  }
}`,
        'm.ts': `import { BullModule } from '@nestjs/bull'; BullModule.registerQueue({ name: 'mail', defaultJobOptions: { ${POLICY} } });`,
      },
      { options: { requireExponential: true, requireJitter: true } },
    ],
    [
      'an exponential backoff with jitter in strict',
      bare(
        `queue.add('send', { id }, { attempts: 3, backoff: { type: 'exponential', delay: 1, jitter: 0.5 } });`,
      ),
      { options: { requireExponential: true, requireJitter: true, reportUnknown: true } },
    ],
    ['backoff that cannot be seen', bare(`queue.add('send', { id }, { attempts: 3, ...rest });`)],
    [
      'a scheduled job',
      bare(
        `queue.upsertJobScheduler('tick', { every: 1000 });\nqueue.upsertJobScheduler('tick', { every: 1000 }, { name: 'tick', data: {} });`,
      ),
    ],
    ['a repeated job', bare(`queue.add('tick', {}, { repeat: { pattern: '* * * * *' } });`)],
    [
      'the nodes of a flow',
      `${IMPORT} new FlowProducer().add({ name: 'a', queueName: 'mail', children: [{ name: 'b', queueName: 'mail' }] });`,
    ],
    ['a set with an add method', `import 'bullmq'; const queue = new Set();\nqueue.add('a');`],
    [
      'p-queue',
      `import 'bullmq'; import PQueue from 'p-queue'; const queue = new PQueue();\nqueue.add(() => work());`,
    ],
    [
      'a class of the project that is called Queue',
      `import 'bullmq'; class Queue { add() {} } new Queue().add('a');`,
    ],
    [
      'a wrapper whose callers give the options',
      {
        'a.js': `import { send } from './mails.js';\nsend('x', { ${POLICY} });`,
        'mails.js': `${IMPORT} const queue = new Queue('mail'); export const send = (id, options) => queue.add('send', { id }, options);`,
      },
    ],
    ['jobs in bulk that cannot be seen', bare(`queue.addBulk(await load());`)],
    [
      'a lazy queue with defaults',
      `${IMPORT} let queue; function getQueue() { return (queue ??= new Queue('mail', { defaultJobOptions: { ${POLICY} } })); }\ngetQueue().add('send', { id });`,
    ],
    [
      'a queue that is one of two, one with defaults',
      `${IMPORT} const queues = { a: new Queue('a', { defaultJobOptions: { ${POLICY} } }), b: new Queue('b') };\nexport const send = (name) => queues[name].add('send', {});`,
    ],
    [
      'Nest: defaults of registerQueue',
      {
        'a.ts': nestService,
        'm.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueue({ name: 'mail', defaultJobOptions: { ${POLICY} } });`,
      },
    ],
    [
      'Nest: defaults of forRootAsync',
      {
        'a.ts': nestService,
        'm.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.forRootAsync({ useFactory: (config: C) => ({ connection: config.get('redis'), defaultJobOptions: { ${POLICY} } }) }); BullModule.registerQueue({ name: 'mail' });`,
      },
    ],
    ['Nest: a queue that is registered nowhere', { 'a.ts': nestService }],
    [
      'Nest: a queue registered twice, differently',
      {
        'a.ts': nestService,
        'm.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueue({ name: 'mail' });`,
        'n.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueue({ name: 'mail', defaultJobOptions: { ${POLICY} } });`,
      },
    ],
    ['a test', { 'a.test.js': bare(`queue.add('send', { id });`) }],
    ['a file in a test folder', { 'test/a.js': bare(`queue.add('send', { id });`) }],
  ],
  invalid: [
    [
      'a queue of dead letters with a worker that takes them up again',
      `import { Queue, Worker } from 'bullmq'; const dead = new Queue('mail-dlq'); new Worker('mail-dlq', run, { connection });
await dead.add('dead-letter', { id: job.id });`,
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'defaults over which a caller lays what cannot be seen',
      {
        'a.ts': `import { Queues } from './queues';\nexport const add = (queues: Queues, more: any) => queues.get('mail', more).add('x', {});`,
        'queues.ts': `import { Queue, QueueOptions } from 'bullmq'; export class Queues { private readonly queues: Map<string, Queue> = new Map(); get(name: string, options?: QueueOptions): Queue { if (this.queues.has(name)) return this.queues.get(name)!; const queue = new Queue(name, { defaultJobOptions: { attempts: 3, backoff: { type: 'exponential', delay: 2000 }, ...options?.defaultJobOptions }, ...options }); this.queues.set(name, queue); return queue; } }`,
      },
      { line: 2, messageId: 'unknown', suggest: false },
      { options: { reportUnknown: true } },
    ],
    [
      'an enqueue without options',
      bare(`queue.add('send', { id });`),
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', { id }, { ${POLICY} });` },
    ],
    [
      'an enqueue with other options',
      bare(`queue.add('send', { id }, { delay: 5 });`),
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', { id }, { delay: 5, ${POLICY} });` },
    ],
    [
      'an enqueue with empty options',
      bare(`queue.add('send', { id }, {});`),
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', { id }, { ${POLICY} });` },
    ],
    [
      'options that hold a comment only',
      bare(`queue.add('send', { id }, { /* later */ });`),
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', { id }, { ${POLICY}, /* later */ });` },
    ],
    [
      'options with a trailing comma',
      bare(`queue.add('send', { id }, { delay: 5, });`),
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', { id }, { delay: 5, ${POLICY}, });` },
    ],
    [
      'an enqueue without data',
      bare(`queue.add('send');`),
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', {}, { ${POLICY} });` },
    ],
    [
      'an enqueue with a trailing comma',
      bare(`queue.add('send', { id },);`),
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', { id }, { ${POLICY} },);` },
    ],
    [
      'options by name, without a suggestion',
      bare(`const options = { delay: 5 };\nqueue.add('send', { id }, options);`),
      { line: 3, messageId: 'noAttempts', suggest: false },
    ],
    [
      'every enqueue of a file',
      bare(`queue.add('a', {});\nqueue.add('b', {});`),
      [
        { line: 2, messageId: 'noAttempts' },
        { line: 3, messageId: 'noAttempts' },
      ],
    ],
    [
      'a queue of another file',
      {
        'a.js': `import { queue } from './queue.js';\nqueue.add('send', { id });`,
        'queue.js': `${IMPORT} export const queue = new Queue('mail', { connection });`,
      },
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', { id }, { ${POLICY} });` },
    ],
    [
      'a queue by require',
      {
        'a.cjs': `const { queue } = require('./queue.cjs');\nqueue.add('send', { id });`,
        'queue.cjs': `const { Queue } = require('bullmq'); exports.queue = new Queue('mail');`,
      },
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'a nullable queue',
      `${IMPORT} const queue = process.env.REDIS ? new Queue('mail') : null;\nqueue?.add('send', { id });`,
      { line: 2, messageId: 'noAttempts', suggest: `queue?.add('send', { id }, { ${POLICY} });` },
    ],
    [
      'a queue in a class',
      `${IMPORT}\nexport class Mails {\n  constructor() { this.queue = new Queue('mail'); }\n  send(id) { return this.queue.add('send', { id }); }\n}`,
      { line: 4, messageId: 'noAttempts' },
    ],
    [
      'attempts beside the place of the defaults',
      `${IMPORT} const queue = new Queue('mail', { attempts: 3, backoff: 5 });\nqueue.add('send', { id });`,
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'attempts in the data',
      bare(`queue.add('send', { id, attempts: 3 });`),
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'several attempts without a backoff',
      bare(`queue.add('send', { id }, { attempts: 5 });`),
      {
        line: 2,
        messageId: 'noBackoff',
        says: 'is tried 5 times',
        suggest: `queue.add('send', { id }, { attempts: 5, backoff: { type: 'exponential', delay: 1000 } });`,
      },
    ],
    [
      'several attempts of the queue without a backoff',
      `${IMPORT} const queue = new Queue('mail', { defaultJobOptions: { attempts: 5 } });\nqueue.add('send', { id });`,
      {
        line: 2,
        messageId: 'noBackoff',
        says: 'is tried 5 times',
        suggest: `queue.add('send', { id }, { backoff: { type: 'exponential', delay: 1000 } });`,
      },
    ],
    [
      'computed attempts without a backoff',
      bare(`const TRIES = 2 * 3;\nqueue.add('send', { id }, { attempts: TRIES });`),
      { line: 3, messageId: 'noBackoff', says: 'is tried 6 times' },
    ],
    [
      'jobs in bulk',
      bare(`queue.addBulk([\n  { name: 'a', data: {} },\n]);`),
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'jobs in bulk on one line',
      bare(`queue.addBulk([{ name: 'a', data: {} }]);`),
      {
        line: 2,
        messageId: 'noAttempts',
        suggest: `queue.addBulk([{ name: 'a', data: {}, opts: { ${POLICY} } }]);`,
      },
    ],
    [
      'mapped jobs in bulk',
      bare(`queue.addBulk(ids.map((id) => ({ name: 'a', data: { id }, opts: { delay: 1 } })));`),
      {
        line: 2,
        messageId: 'noAttempts',
        suggest: `queue.addBulk(ids.map((id) => ({ name: 'a', data: { id }, opts: { delay: 1, ${POLICY} } })));`,
      },
    ],
    [
      'a wrapper that decides alone',
      {
        'a.js': `import { send } from './mails.js';\nsend('x');`,
        'mails.js': `${IMPORT} const queue = new Queue('mail');\nexport const send = (id) => queue.add('send', { id });`,
      },
      { file: 'mails.js', line: 2, messageId: 'noAttempts' },
    ],
    [
      'the call of a wrapper that takes the options',
      {
        'a.js': `import { send } from './mails.js';\nsend('x', { delay: 5 });`,
        'mails.js': `${IMPORT} const queue = new Queue('mail'); export const send = (id, options) => queue.add('send', { id }, options);`,
      },
      { line: 2, messageId: 'noAttempts', suggest: false },
    ],
    [
      'Bull',
      `const Queue = require('bull'); const queue = new Queue('mail');\nqueue.add({ id });`,
      { line: 2, messageId: 'noAttempts', suggest: `queue.add({ id }, { ${POLICY} });` },
    ],
    [
      'Bull with a name',
      `const Queue = require('bull'); const queue = new Queue('mail', 'redis://x');\nqueue.add('send', { id });`,
      { line: 2, messageId: 'noAttempts', suggest: `queue.add('send', { id }, { ${POLICY} });` },
    ],
    [
      'Nest: a queue without defaults',
      {
        'a.ts': nestService,
        'm.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.forRoot({ connection: {} }); BullModule.registerQueue({ name: 'mail' });`,
      },
      { line: 6, messageId: 'noAttempts', suggest: `await this.queue.add('send', { id }, { ${POLICY} });` },
    ],
    [
      'Nest: defaults of registerQueue that replace those of the root',
      {
        'a.ts': nestService,
        'm.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.forRoot({ defaultJobOptions: { ${POLICY} } }); BullModule.registerQueue({ name: 'mail', defaultJobOptions: { removeOnComplete: true } });`,
      },
      { line: 6, messageId: 'noAttempts' },
    ],
    [
      'a fixed backoff in strict',
      bare(`queue.add('send', { id }, { attempts: 3, backoff: 5000 });`),
      { line: 2, messageId: 'notExponential' },
      { options: { requireExponential: true } },
    ],
    [
      'a fixed backoff with a type in strict',
      bare(`queue.add('send', { id }, { attempts: 3, backoff: { type: 'fixed', delay: 5 } });`),
      { line: 2, messageId: 'notExponential' },
      { options: { requireExponential: true } },
    ],
    [
      'a backoff that many share is told once, at the backoff',
      `import { Queue } from 'bullmq';\nconst policy = {\n  attempts: 3,\n  backoff: { type: 'exponential', delay: 5 },\n};\nconst queue = new Queue('mail', { connection });\nqueue.add('a', { id }, policy);\nqueue.add('b', { id }, policy);`,
      { line: 4, messageId: 'noJitter' },
      { options: { requireJitter: true } },
    ],
    [
      'a backoff of another file is told once, at the first enqueue',
      {
        'queues.js': `import { Queue } from 'bullmq'; export const queue = new Queue('mail', { connection, defaultJobOptions: { attempts: 3, backoff: { type: 'exponential', delay: 5 } } });`,
        'a.js': `import { queue } from './queues.js';\nqueue.add('a', { id });\nqueue.add('b', { id });`,
      },
      { line: 2, messageId: 'noJitter' },
      { options: { requireJitter: true } },
    ],
    [
      'a backoff without jitter in strict',
      bare(`queue.add('send', { id }, { attempts: 3, backoff: { type: 'exponential', delay: 5 } });`),
      { line: 2, messageId: 'noJitter' },
      { options: { requireJitter: true } },
    ],
    [
      'unknown options in strict',
      bare(`export const send = (id, options) => queue.add('send', { id }, options);`),
      { line: 2, messageId: 'unknown' },
      { options: { reportUnknown: true } },
    ],
    [
      'a test where tests are included',
      { 'a.test.js': bare(`queue.add('send', { id });`) },
      { file: 'a.test.js', line: 2, messageId: 'noAttempts' },
      { settings: { includeTests: true } },
    ],
    [
      'a test where other files are tests',
      { 'a.test.js': bare(`queue.add('send', { id });`) },
      { file: 'a.test.js', line: 2, messageId: 'noAttempts' },
      { settings: { testFiles: ['*.check.js'] } },
    ],
  ],
});
