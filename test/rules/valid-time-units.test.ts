import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Queue, Worker } from 'bullmq'; import ms from 'ms'; import { hoursToMilliseconds, millisecondsInDay } from 'date-fns';`;
const keep = (age: string, before = ''): string =>
  `${IMPORTS} const queue = new Queue('mail'); ${before}\nexport const send = (days) => queue.add('send', {}, { removeOnComplete: { age: ${age} } });`;
const worker = (options: string, before = ''): string =>
  `${IMPORTS} ${before}\nexport const worker = new Worker('mail', async () => {}, { ${options} });`;

testRule('valid-time-units', {
  valid: [
    ['a day in seconds', keep('24 * 60 * 60')],
    ['a year in seconds', keep('365 * 24 * 60 * 60')],
    ['a day as a number', keep('86400')],
    ['a thousand seconds', keep('1000')],
    ['a constant in seconds', keep('7 * DAY', 'const DAY = 24 * 3600;')],
    ['milliseconds that are divided out', keep('DAY / 1000', 'const DAY = 24 * 60 * 60 * 1000;')],
    ['milliseconds that are divided out and rounded', keep(`Math.floor(ms('7d') / 1000)`)],
    [
      'milliseconds that are divided by a constant',
      keep('7 * (DAY / SECOND)', 'const SECOND = 1000; const DAY = 24 * 3600 * SECOND;'),
    ],
    ['seconds that cannot be seen', keep('days * 24 * 3600')],
    ['a number of the environment', keep('Number(process.env.RETENTION_SECONDS)')],
    [
      'a count',
      `${IMPORTS} const queue = new Queue('mail'); queue.add('x', {}, { removeOnComplete: { count: 1000 * 1000 }, removeOnFail: 5000 });`,
    ],
    [
      'a delay and other milliseconds',
      `${IMPORTS} const queue = new Queue('mail'); queue.add('x', {}, { delay: 60 * 1000, backoff: { type: 'fixed', delay: 5 * 1000 }, deduplication: { id: 'x', ttl: 24 * 3600 * 1000 } });`,
    ],
    ['seconds of a drain', worker('drainDelay: 5')],
    ['minutes of a drain', worker('drainDelay: 300')],
    ['milliseconds of a lock', worker('lockDuration: 30_000, stalledInterval: 30 * 1000')],
    ['a second of a lock', worker('lockDuration: 1000')],
    ['a lock by the package ms', worker(`lockDuration: ms('30s')`)],
    [
      'a lock that cannot be seen',
      worker('lockDuration: config.lock, stalledInterval: Number(process.env.STALLED)'),
    ],
    [
      'a lock that is no duration at all, which is another mistake',
      worker('lockDuration: 0, stalledInterval: -1'),
    ],
    [
      'the age of a cookie',
      `${IMPORTS} response.cookie('a', 'b', { removeOnComplete: { age: 24 * 3600 * 1000 } });`,
    ],
    [
      'lock durations of something else',
      `import { Redlock } from 'redlock'; new Redlock([], { lockDuration: 30, drainDelay: 5000 });`,
    ],
    ['a limiter', worker('limiter: { max: 10, duration: 60 * 1000 }')],
    [
      'an override of what is wrong',
      worker('...base, lockDuration: 30_000', 'const base = { lockDuration: 30 };'),
    ],
    ['forever', keep('Infinity')],
    [
      'a spread, a computed key and a getter',
      worker('...rest, [key]: 30, get lockDuration() { return 30; }'),
    ],
  ],
  invalid: [
    [
      'a day in milliseconds',
      keep('24 * 60 * 60 * 1000'),
      {
        line: 2,
        messageId: 'age',
        says: '`86400000`',
        suggest: `export const send = (days) => queue.add('send', {}, { removeOnComplete: { age: 24 * 60 * 60 } });`,
      },
    ],
    ['an hour in milliseconds', keep('60 * 60 * 1000'), { line: 2, messageId: 'age' }],
    ['the factor first', keep('1000 * 60'), { line: 2, messageId: 'age', suggest: false }],
    ['the factor as 1e3', keep('60 * 1e3'), { line: 2, messageId: 'age' }],
    [
      'a factor in parentheses',
      keep('(60 * 60) * 1000'),
      {
        line: 2,
        messageId: 'age',
        suggest: `export const send = (days) => queue.add('send', {}, { removeOnComplete: { age: (60 * 60) } });`,
      },
    ],
    [
      'a week as a number',
      keep('604_800_000'),
      {
        line: 2,
        messageId: 'age',
        suggest: `export const send = (days) => queue.add('send', {}, { removeOnComplete: { age: 604800 } });`,
      },
    ],
    [
      'a constant of milliseconds',
      keep('7 * DAY', 'const DAY = 24 * 60 * 60 * 1000;'),
      { line: 2, messageId: 'age' },
    ],
    [
      'a constant of another file',
      {
        'time.js': `export const HOUR = 60 * 60 * 1000;`,
        'a.js': `import { HOUR } from './time.js'; ${keep('HOUR')}`,
      },
      { line: 2, messageId: 'age' },
    ],
    [
      'a property of a constant',
      keep('TIME.HOUR', 'const SECOND = 1000; const TIME = { HOUR: 3600 * SECOND };'),
      { line: 2, messageId: 'age' },
    ],
    ['days that cannot be seen', keep('days * 24 * 60 * 60 * 1000'), { line: 2, messageId: 'age' }],
    ['rounded', keep('Math.round(days * 3600 * 1000)'), { line: 2, messageId: 'age' }],
    ['the package ms', keep(`ms('1h')`), { line: 2, messageId: 'age' }],
    ['date-fns', keep('hoursToMilliseconds(24)'), { line: 2, messageId: 'age' }],
    ['a constant of date-fns', keep('7 * millisecondsInDay'), { line: 2, messageId: 'age' }],
    ['a fallback', keep('Number(process.env.AGE) || 24 * 3600 * 1000'), { line: 2, messageId: 'age' }],
    [
      'failed jobs, in the defaults of a queue',
      `${IMPORTS} export const queue = new Queue('mail', { defaultJobOptions: { removeOnComplete: { age: 3600 },\n  removeOnFail: { age: 7 * 24 * 3600 * 1000, count: 5 } } });`,
      { line: 2, messageId: 'age' },
    ],
    [
      'the retention of a worker',
      worker('removeOnComplete: { age: 3600 * 1000 }'),
      { line: 2, messageId: 'age' },
    ],
    [
      'the defaults of a Nest module',
      `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueue({ name: 'mail', defaultJobOptions: {\n  removeOnComplete: { age: 3600 * 1000 } } });`,
      { line: 2, messageId: 'age' },
    ],
    [
      'the defaults of a Nest module by a factory',
      `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueueAsync({ name: 'mail', useFactory: async () => ({ defaultJobOptions: {\n  removeOnComplete: { age: 3600 * 1000 } } }) });`,
      { line: 2, messageId: 'age' },
    ],
    [
      'milliseconds of a drain',
      worker('drainDelay: 5000'),
      {
        line: 2,
        messageId: 'drainDelay',
        suggest: `export const worker = new Worker('mail', async () => {}, { drainDelay: 5 });`,
      },
    ],
    [
      'milliseconds of a drain by a product',
      worker('drainDelay: 5 * 1000'),
      { line: 2, messageId: 'drainDelay' },
    ],
    ['a drain by the package ms', worker(`drainDelay: ms('5s')`), { line: 2, messageId: 'drainDelay' }],
    [
      'seconds of a lock',
      worker('lockDuration: 30'),
      {
        line: 2,
        messageId: 'tooShort',
        suggest: `export const worker = new Worker('mail', async () => {}, { lockDuration: 30000 });`,
      },
    ],
    [
      'seconds of the stalled check',
      worker('stalledInterval: 5 * 60'),
      { line: 2, messageId: 'tooShort', says: '`stalledInterval`' },
    ],
    [
      'seconds of a constant',
      worker('lockDuration: LOCK', 'const LOCK = 60;'),
      { line: 2, messageId: 'tooShort' },
    ],
    [
      'a Nest processor',
      `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail', {\n  lockDuration: 30 }) export class P extends WorkerHost { async process() {} }`,
      { line: 2, messageId: 'tooShort' },
    ],
    [
      'options of another file: at the construction',
      {
        'options.js': `export const options = { lockDuration: 30 };`,
        'a.js': `import { Worker } from 'bullmq'; import { options } from './options.js';\nexport const worker = new Worker('mail', async () => {}, options);`,
      },
      { line: 2, messageId: 'tooShort' },
    ],
    [
      'a factory of workers that is given the options',
      {
        'factory.ts': `import { Worker, type Processor, type WorkerOptions } from 'bullmq'; export function createWorker(name: string, processor: Processor, options?: Partial<WorkerOptions>) { return new Worker(name, processor, { connection: {}, ...options }); }`,
        'a.ts': `import { createWorker } from './factory';\nexport const worker = createWorker('mail', async () => {}, {\n  lockDuration: 30,\n});`,
      },
      { line: 3, messageId: 'tooShort' },
    ],
    [
      'a class of workers that is given a duration',
      {
        'base.js': `import { Worker } from 'bullmq'; export class Base { constructor(name, lockDuration) { this.worker = new Worker(name, async () => {}, { lockDuration }); } }`,
        'a.js': `import { Base } from './base.js';\nnew Base('mail',\n  30);`,
      },
      { line: 3, messageId: 'tooShort' },
    ],
    [
      'a wrapper that is given the age: at the argument',
      {
        'mails.js': `import { Queue } from 'bullmq'; const queue = new Queue('mail'); export const send = (data, age) => queue.add('send', data, { removeOnComplete: { age } });`,
        'a.js': `import { send } from './mails.js';\nsend({},\n  24 * 3600 * 1000);`,
      },
      { line: 3, messageId: 'age' },
    ],
    [
      'CommonJS',
      `const { Queue } = require('bullmq'); const queue = new Queue('mail');\nqueue.add('x', {}, { removeOnFail: { age: 3600 * 1000 } });`,
      { line: 2, messageId: 'age' },
    ],
  ],
});
