import { testRule } from '../support/rule-cases.ts';

const QUEUE = `import { Queue, Worker, FlowProducer } from 'bullmq'; const queue = new Queue('mail'); const flow = new FlowProducer();`;
const add = (backoff: string, before = ''): string =>
  `${QUEUE} ${before}\nexport const send = (config, fast) => queue.add('send', {}, { attempts: 3, backoff: ${backoff} });`;
const WORKER = `new Worker('mail', async () => {});`;
const STRATEGY = `new Worker('mail', async () => {}, { settings: { backoffStrategy: (attempts) => attempts * 1000 } });`;

testRule('valid-backoff', {
  valid: [
    ['an exponential backoff', add(`{ type: 'exponential', delay: 1000 }`)],
    ['a fixed backoff', add(`{ type: 'fixed', delay: 1000 }`)],
    ['a number, which is a fixed delay', add('3000')],
    ['a jitter', add(`{ type: 'exponential', delay: 1000, jitter: 0.5 }`)],
    [
      'a jitter of 0 and of 1',
      add(`{ type: fast ? 'fixed' : 'exponential', delay: 1000, jitter: fast ? 0 : 1 }`),
    ],
    ['no backoff', add('undefined')],
    ['a delay that cannot be seen', add(`{ type: 'exponential', delay: config.delay }`)],
    ['a delay from the environment', add(`{ type: 'exponential', delay: Number(process.env.DELAY) }`)],
    [
      'a delay from the environment with a default',
      add(`{ type: 'exponential', delay: Number(process.env.DELAY ?? 1000) }`),
    ],
    ['a delay that is computed', add(`{ type: 'fixed', delay: 5 * SECOND }`, 'const SECOND = 1000;')],
    ['a delay in a spread that cannot be seen', add(`{ ...config.backoff, type: 'exponential' }`)],
    ['a delay in a spread', add(`{ ...base, type: 'fixed' }`, 'const base = { delay: 1000 };')],
    ['a type that cannot be seen', add(`{ type: config.type }`)],
    ['a backoff that cannot be seen', add('config.backoff')],
    ['a shorthand of the environment', add('Number(process.env.BACKOFF)')],
    ['a type of its own, which needs no delay', `${add(`{ type: 'custom' }`)} ${STRATEGY}`],
    ['a type of its own that looks misspelled', `${add(`{ type: 'expo' }`)} ${STRATEGY}`],
    [
      'a type that is near a built-in one, and known to a strategy',
      `${add(`{ type: 'mixed' }`)} new Worker('mail', async () => {}, { settings: { backoffStrategy: (n, type) => (type === 'mixed' ? 1 : 2) } });`,
    ],
    ['a type of its own, with no worker in sight', add(`{ type: 'linear', delay: 1000 }`)],
    [
      'a type of its own, with a worker of another queue',
      `${add(`{ type: 'linear', delay: 1000 }`)} new Worker('report', async () => {});`,
    ],
    [
      'a type of its own, with a worker whose options cannot be seen',
      `${add(`{ type: 'linear', delay: 1000 }`)} new Worker('mail', async () => {}, load());`,
    ],
    [
      'a type of its own, with a strategy on one of two workers',
      `${add(`{ type: 'linear', delay: 1000 }`)} ${WORKER} ${STRATEGY}`,
    ],
    [
      'a strategy in another file',
      {
        'a.js': add(`{ type: 'linear', delay: 1000 }`),
        'worker.js': `import { Worker } from 'bullmq'; import { settings } from './settings.js'; new Worker('mail', async () => {}, { settings });`,
        'settings.js': `export const settings = { backoffStrategy: () => 1000 };`,
      },
    ],
    [
      'a strategy of a Nest processor',
      {
        'a.ts': `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; export class S { constructor(@InjectQueue('mail') private queue: Queue) {} f() { return this.queue.add('x', {}, { attempts: 3, backoff: { type: 'linear' } }); } }`,
        'p.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail', { settings: { backoffStrategy: () => 1000 } }) export class P extends WorkerHost { async process() {} }`,
      },
    ],
    [
      'a strategy of a worker with a name that cannot be seen',
      `${add(`{ type: 'linear', delay: 1000 }`)} ${WORKER} const make = (name) => new Worker(name, async () => {}, { settings: { backoffStrategy: () => 1 } });`,
    ],
    [
      'types of Bull, whose strategies are of the queue',
      `import Queue from 'bull'; const queue = new Queue('mail', { settings: { backoffStrategies: { jitter: () => 1 } } }); queue.add('x', {}, { attempts: 3, backoff: { type: 'jitter' } }); queue.process(async () => {});`,
    ],
    ['a backoff in the payload', `${QUEUE} queue.add('x', { backoff: { type: 'exponential' } });`],
    [
      'an optional delay',
      {
        'a.ts': `${QUEUE} interface Policy { delay: number | undefined }\nexport const f = (policy: Policy) => queue.add('x', {}, { attempts: 2, backoff: { type: 'fixed', delay: policy.delay } });`,
      },
    ],
    [
      'an override of what is wrong',
      `${QUEUE} const shared = { attempts: 3, backoff: { type: 'exponential' } };\nqueue.add('x', {}, { ...shared, backoff: 1000 });`,
    ],
    [
      'a spread, a computed key and a method',
      `${QUEUE} queue.add('x', {}, { ...rest, [key]: 1, backoff() {} }); queue.add('x', {}, { backoff: { ...rest } }); queue.add();`,
    ],
  ],
  invalid: [
    [
      'no delay',
      add(`{ type: 'exponential' }`),
      {
        line: 2,
        messageId: 'noDelay',
        suggest: `export const send = (config, fast) => queue.add('send', {}, { attempts: 3, backoff: { type: 'exponential', delay: 1000 } });`,
      },
    ],
    ['no delay of a fixed one', add(`{ type: 'fixed' }`), { line: 2, messageId: 'noDelay', says: '`fixed`' }],
    [
      'no delay, whichever type',
      add(`{ type: fast ? 'fixed' : 'exponential' }`),
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'a delay of 0',
      add(`{ type: 'exponential', delay: 0 }`),
      { line: 2, messageId: 'badDelay', says: '`0`' },
    ],
    [
      'a negative delay',
      add(`{ type: 'exponential', delay: -1000 }`),
      { line: 2, messageId: 'badDelay', says: '`-1000`' },
    ],
    ['a text as delay', add(`{ type: 'exponential', delay: '1s' }`), { line: 2, messageId: 'badDelay' }],
    ['a delay that is no number', add(`{ type: 'fixed', delay: NaN }`), { line: 2, messageId: 'badDelay' }],
    [
      'a delay of 0 in one branch',
      add(`{ type: 'fixed', delay: fast ? 0 : 1000 }`),
      { line: 2, messageId: 'badDelay' },
    ],
    [
      'no delay in one branch',
      add(`{ type: 'fixed', delay: fast ? undefined : 1000 }`),
      { line: 2, messageId: 'badDelay' },
    ],
    [
      'a constant delay of 0',
      add(`{ type: 'fixed', delay: DELAY }`, 'const DELAY = 0;'),
      { line: 2, messageId: 'badDelay' },
    ],
    ['a number of 0', add('0'), { line: 2, messageId: 'badDelay' }],
    ['a negative number', add('-1'), { line: 2, messageId: 'badDelay' }],
    [
      'a misspelled type',
      add(`{ type: 'expontential', delay: 1000 }`),
      {
        line: 2,
        messageId: 'misspelled',
        suggest: `export const send = (config, fast) => queue.add('send', {}, { attempts: 3, backoff: { type: 'exponential', delay: 1000 } });`,
      },
    ],
    ['a type in capitals', add(`{ type: 'Exponential', delay: 1000 }`), { line: 2, messageId: 'misspelled' }],
    [
      'a misspelled type, with a strategy that does not know it',
      `${add(`{ type: 'exponental', delay: 1000 }`)} ${STRATEGY}`,
      { line: 2, messageId: 'misspelled' },
    ],
    [
      'an unknown type',
      `${add(`{ type: 'linear', delay: 1000 }`)} ${WORKER}`,
      { line: 2, messageId: 'unknownType' },
    ],
    ['a type as it is', `${add(`'exponential'`)} ${WORKER}`, { line: 2, messageId: 'unknownType' }],
    ['no type', `${add(`{ delay: 1000 }`)} ${WORKER}`, { line: 2, messageId: 'unknownType' }],
    [
      'an unknown type, with a worker in another file',
      {
        'a.js': add(`{ type: 'linear', delay: 1000 }`),
        'worker.js': `import { Worker } from 'bullmq'; new Worker('mail', async () => {}, { concurrency: 5, settings: {} });`,
      },
      { line: 2, messageId: 'unknownType' },
    ],
    [
      'an unknown type, with a Nest processor',
      {
        'a.ts': `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; export class S { constructor(@InjectQueue('mail') private queue: Queue) {}\nf() { return this.queue.add('x', {}, { attempts: 3, backoff: { type: 'linear' } }); } }`,
        'p.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail', { concurrency: 2 }) export class P extends WorkerHost { async process() {} }`,
      },
      { line: 2, messageId: 'unknownType' },
    ],
    [
      'a jitter in percent',
      add(`{ type: 'exponential', delay: 1000, jitter: 50 }`),
      { line: 2, messageId: 'jitter', says: '`50`' },
    ],
    [
      'a negative jitter',
      add(`{ type: 'custom', delay: 1000, jitter: -0.5 }`),
      { line: 2, messageId: 'jitter' },
    ],
    [
      'the defaults of a queue, once',
      `${QUEUE} export const other = new Queue('other', { defaultJobOptions: {\n  backoff: { type: 'exponential' } } }); other.add('x', {}); other.add('y', {});`,
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'shared defaults, once',
      `import { Queue } from 'bullmq'; const defaultJobOptions = { attempts: 3,\n  backoff: { type: 'exponential' } }; export const a = new Queue('a', { defaultJobOptions }); export const b = new Queue('b', { defaultJobOptions });`,
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'defaults of another file: at the construction',
      {
        'defaults.js': `export const defaults = { attempts: 3, backoff: { type: 'exponential' } };`,
        'a.js': `import { Queue } from 'bullmq'; import { defaults } from './defaults.js';\nexport const a = new Queue('a', { defaultJobOptions: defaults });`,
      },
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'the defaults of a Nest module',
      `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueue({ name: 'mail', defaultJobOptions: {\n  backoff: { type: 'fixed' } } });`,
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'the root of Nest',
      `import { BullModule } from '@nestjs/bullmq'; BullModule.forRoot({ connection: {}, defaultJobOptions: { attempts: 3,\n  backoff: { type: 'exponential', delay: '1000' } } });`,
      { line: 2, messageId: 'badDelay' },
    ],
    [
      'the root of Nest by a factory',
      `import { BullModule } from '@nestjs/bullmq'; BullModule.forRootAsync({ useFactory: () => ({ connection: {}, defaultJobOptions: { attempts: 3,\n  backoff: { type: 'exponential' } } }) });`,
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'the template of a scheduler',
      `${QUEUE} queue.upsertJobScheduler('x', { every: 1000 }, { name: 'x', opts: { attempts: 3,\n  backoff: { type: 'exponential' } } });`,
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'a child of a flow and the defaults of its queue',
      `${QUEUE} flow.add({ name: 'a', queueName: 'a', children: [\n  { name: 'b', queueName: 'b', opts: { backoff: { type: 'fixed' } } },\n] }, { queuesOptions: { a: { defaultJobOptions: {\n  backoff: { type: 'exponential' } } } } });`,
      [
        { line: 2, messageId: 'noDelay' },
        { line: 4, messageId: 'noDelay' },
      ],
    ],
    [
      'a wrapper that is given the backoff: at the argument',
      {
        'mails.js': `import { Queue } from 'bullmq'; const queue = new Queue('mail'); export const send = (data, options) => queue.add('send', data, { attempts: 3, ...options });`,
        'a.js': `import { send } from './mails.js';\nsend({}, {\n  backoff: { type: 'exponential' },\n});`,
      },
      { line: 3, messageId: 'noDelay' },
    ],
    [
      'a factory of queues that is given the defaults',
      {
        'factory.js': `import { Queue } from 'bullmq'; export function createQueue(name, options = {}) { return new Queue(name, { connection: {}, ...options }); }`,
        'a.js': `import { createQueue } from './factory.js';\nexport const mails = createQueue('mail', { defaultJobOptions: { attempts: 3,\n  backoff: { type: 'exponential' } } });`,
      },
      { line: 3, messageId: 'noDelay' },
    ],
    [
      'a factory of queues with defaults of its own: there alone',
      {
        'a.js': `import { Queue } from 'bullmq';\nexport const createQueue = (name, options) => new Queue(name, { defaultJobOptions: { attempts: 3, backoff: { type: 'exponential' } }, ...options });`,
        'b.js': `import { createQueue } from './a.js'; export const mails = createQueue('mail', { connection: {} });`,
      },
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'a type that no worker knows, in a factory of queues',
      {
        'factory.js': `import { Queue } from 'bullmq'; export const createQueue = (name, defaultJobOptions) => new Queue(name, { defaultJobOptions });`,
        'worker.js': `import { Worker } from 'bullmq'; new Worker('mail', async () => {}); new Worker('other', async () => {}, { settings: { backoffStrategy: () => 1 } });`,
        'a.js': `import { createQueue } from './factory.js';\nexport const mails = createQueue('mail', { attempts: 3, backoff: { type: 'linear' } }); export const others = createQueue('other', { attempts: 3, backoff: { type: 'linear' } });`,
      },
      { line: 2, messageId: 'unknownType' },
    ],
    [
      'a wrapper that sets it: there alone',
      {
        'a.js': `import { Queue } from 'bullmq'; const queue = new Queue('mail');\nexport const send = (data) => queue.add('send', data, { attempts: 3, backoff: { type: 'exponential' } });`,
        'b.js': `import { send } from './a.js'; send({ id: 1 });`,
      },
      { line: 2, messageId: 'noDelay' },
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail');\nqueue.add('x', {}, { attempts: 3, backoff: { type: 'exponential' } });`,
      { line: 2, messageId: 'noDelay' },
    ],
  ],
});
