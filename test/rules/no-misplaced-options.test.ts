import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Queue, Worker, FlowProducer, QueueEvents } from 'bullmq';`;
const code = (...lines: string[]): string => [IMPORTS, ...lines].join('\n');
const queued = (...lines: string[]): string =>
  code(`const mails = new Queue('mail', { connection });`, ...lines);
const NEST = `import { BullModule, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq'; import { Queue } from 'bullmq';`;

testRule('no-misplaced-options', {
  valid: [
    [
      'options where they belong',
      code(
        `const mails = new Queue('mail', { connection, prefix: 'app', streams: { events: { maxLen: 1 } }, defaultJobOptions: { attempts: 3, backoff: 1_000, delay: 10 } });`,
        `new Worker('mail', send, { connection, concurrency: 5, limiter: { max: 1, duration: 1 }, removeOnComplete: { count: 1 }, removeOnFail: { count: 1 }, settings: { backoffStrategy } });`,
        `await mails.add('welcome', { id }, { jobId: id, removeOnComplete: true, delay: 5_000 });`,
      ),
    ],
    [
      'delay, priority and attempts as data',
      queued(`await mails.add('welcome', { delay: 5, priority: 1, attempts: 2 });`),
    ],
    [
      'jobId as data, where nobody is known to process it',
      queued(`await mails.add('print', { jobId: job.id });`),
    ],
    [
      'jobId as data that the processor reads',
      queued(
        `await mails.add('print', { jobId: print.id });`,
        `new Worker('mail', async (job) => { const { jobId } = job.data; await load(jobId); }, { connection });`,
      ),
    ],
    [
      'jobId as data that a service of another file reads',
      {
        'a.js': `${IMPORTS} import { print } from './print.js';\nconst prints = new Queue('print', { connection });\nexport const start = (id) => prints.add('print', { jobId: id });\nnew Worker('print', async (job) => print(job.data), { connection });`,
        'print.js': `export async function print(data) { await load(data.jobId); }`,
      },
    ],
    [
      'jobId as data by the type of the queue',
      {
        'a.ts': `${IMPORTS}\ninterface Print { jobId: string }\nconst prints = new Queue<Print>('print', { connection });\nexport const start = (id: string) => prints.add('print', { jobId: id });\nnew Worker('print', async (job) => work(job), { connection });`,
      },
    ],
    [
      'jobId as data and as an option',
      queued(
        `await mails.add('print', { jobId: id }, { jobId: id });`,
        `new Worker('mail', async (job) => send(job.name), { connection });`,
      ),
    ],
    [
      'backoff as data that the processor reads',
      queued(
        `await mails.add('probe', { url, backoff: 500 });`,
        `new Worker('mail', async (job) => probe(job.data.url, job.data.backoff), { connection });`,
      ),
    ],
    [
      'backoff with attempts of the queue',
      code(
        `const mails = new Queue('mail', { connection, defaultJobOptions: { attempts: 3 } });`,
        `await mails.add('welcome', {}, { backoff: 1_000 });`,
      ),
    ],
    [
      'backoff with attempts that cannot be seen',
      queued(`await mails.add('welcome', {}, { backoff: 1_000, ...policy() });`),
    ],
    [
      'backoff with attempts of a queue that cannot be seen',
      `import { mails } from 'mails';\nexport const f = () => mails.add('welcome', {}, { backoff: 1_000 });`,
    ],
    ['backoff of nothing', queued(`await mails.add('welcome', {}, { backoff: undefined });`)],
    [
      'backoff of a wrapper whose callers give attempts',
      queued(
        `const add = (data, options) => mails.add('welcome', data, { backoff: 1_000, ...options });`,
        `await add({}, { attempts: 3 });`,
      ),
    ],
    [
      'backoff among the defaults of jobs with their own attempts',
      code(
        `const mails = new Queue('mail', { connection, defaultJobOptions: { backoff: 1_000 } });`,
        `await mails.add('welcome', {}, { attempts: 3 });`,
      ),
    ],
    [
      'backoff among the defaults of jobs that get attempts in another file',
      {
        'a.js': `${IMPORTS}\nexport const mails = new Queue('mail', { connection, defaultJobOptions: { backoff: 1_000 } });`,
        'b.js': `import { mails } from './a.js'; export const welcome = (id) => mails.add('welcome', { id }, { attempts: 3 });`,
      },
    ],
    [
      'backoff among the defaults of jobs that cannot be seen, in a project that speaks of attempts',
      {
        'a.js': `${IMPORTS}\nexport const mails = new Queue('mail', { connection, defaultJobOptions: { backoff: 1_000 } });`,
        'b.js': `import { mails } from './a.js'; register(mails, { attempts: 3 });`,
      },
    ],
    [
      'options that a queue and a worker share',
      code(
        `const shared = { connection, concurrency: 5, defaultJobOptions: { attempts: 3 } };`,
        `new Queue('mail', shared);`,
        `new Worker('mail', send, shared);`,
      ),
    ],
    [
      'options that a queue and a worker of other files share',
      {
        'a.js': `${IMPORTS} import { shared } from './shared.js';\nnew Queue('mail', { ...shared, prefix: 'app' });`,
        'b.js': `${IMPORTS} import { shared } from './shared.js';\nnew Worker('mail', send, shared);`,
        'shared.js': `export const shared = { connection: { host: 'redis' }, concurrency: 5 };`,
      },
    ],
    [
      'options of a shared object that are given where they belong one by one',
      code(
        `const settings = { connection, concurrency: 5, attempts: 3 };`,
        `new Queue('mail', { ...settings, defaultJobOptions: { attempts: settings.attempts } });`,
        `new Worker('mail', send, { ...settings, concurrency: settings.concurrency });`,
      ),
    ],
    [
      'options of a function that takes them apart',
      {
        'a.ts': `import { createMails } from './mails';\nexport const mails = createMails({ attempts: 3, concurrency: 5 });`,
        'mails.ts': `${IMPORTS} export function createMails(options: any) { new Worker('mail', send, { connection, ...options }); return new Queue('mail', { connection, ...options, defaultJobOptions: { attempts: options.attempts, concurrency: undefined } }); }`,
      },
    ],
    [
      'options that cannot be seen',
      code(
        `new Queue('mail', options); new Queue('mail', { ...options }); new Worker('mail', send, ...rest); new Queue(); mails.add();`,
      ),
    ],
    [
      'options that are left out',
      code(`new Queue('mail', { connection, attempts: undefined, limiter: undefined });`),
    ],
    [
      'the custom options of settings',
      code(`new Queue('mail', { connection, settings: { repeatStrategy } });`),
    ],
    [
      'groups of BullMQ Pro',
      `import { QueuePro, WorkerPro } from '@taskforcesh/bullmq-pro'; new WorkerPro('mail', send, { connection, group: { concurrency: 1 }, batch: { size: 5 } }); new QueuePro('mail', { connection }).add('a', {}, { group: { id: 'a' } });`,
    ],
    [
      'the limiter and the settings of a Bull queue',
      `import Queue from 'bull'; new Queue('mail', { limiter: { max: 1, duration: 1 }, settings: { lockDuration: 5 } });`,
    ],
    [
      'another class',
      `import { Queue } from 'queue'; new Queue({ concurrency: 5, autostart: true }); new Worker('a.js', { attempts: 3 });`,
    ],
    [
      'options of a function of the project',
      queued(`enqueue('welcome', { attempts: 3, removeOnComplete: true });`),
    ],
  ],
  invalid: [
    [
      'a retry policy beside defaultJobOptions, once',
      code(`new Queue('mail', {`, `connection, defaultJobOptions: {},`, `attempts: 3,`, `backoff: 1_000 });`),
      { line: 4, messageId: 'onQueue', says: '`attempts`, `backoff`' },
    ],
    [
      'a retry policy that is spread into the queue',
      code(`const retry = {`, `  attempts: 3 };`, `new Queue('mail', { connection, ...retry });`),
      { line: 3, messageId: 'onQueue' },
    ],
    [
      'a retry policy of another file: at the queue',
      {
        'a.ts': `${IMPORTS} import { retry } from './retry';\nexport const mails = new Queue('mail', { connection, ...retry });`,
        'retry.ts': `export const retry = { attempts: 3, backoff: { type: 'exponential', delay: 1_000 } } as const;`,
      },
      { line: 2, messageId: 'onQueue', says: '`attempts`, `backoff`' },
    ],
    [
      'removal, delay and jobId of a queue',
      code(
        `new Queue('mail', { connection, removeOnComplete: true });`,
        `new Queue('push', { connection, delay: 5, jobId: 'a' });`,
      ),
      [
        { line: 2, messageId: 'onQueue', says: '`removeOnComplete`' },
        { line: 3, messageId: 'onQueue', says: '`delay`, `jobId`' },
      ],
    ],
    [
      'worker options of a queue',
      code(`new Queue('mail', { connection,`, `limiter: { max: 10, duration: 1_000 },`, `concurrency: 5 });`),
      { line: 3, messageId: 'ofWorker', says: '`concurrency`, `limiter`' },
    ],
    [
      'worker options in the settings of a queue',
      code(`new Queue('mail', { connection, settings: {`, `lockDuration: 60_000 } });`),
      { line: 3, messageId: 'ofWorker', says: '`settings.lockDuration`' },
    ],
    [
      'worker options among the defaults, and of a job',
      queued(
        `new Queue('push', { connection, defaultJobOptions: { attempts: 3, concurrency: 5 } });`,
        `await mails.add('welcome', {}, { limiter: { max: 1, duration: 1_000 } });`,
      ),
      [
        { line: 3, messageId: 'ofWorker' },
        { line: 4, messageId: 'ofWorker' },
      ],
    ],
    [
      'job options of a worker',
      code(
        `new Worker('mail', send, { connection,`,
        `attempts: 3,`,
        `backoff: { type: 'fixed', delay: 100 } });`,
      ),
      { line: 3, messageId: 'onWorker', says: '`attempts`, `backoff`' },
    ],
    [
      'defaultJobOptions of a worker',
      code(`new Worker('mail', send, { connection, defaultJobOptions: { attempts: 3 } });`),
      { line: 2, messageId: 'onWorker', says: '`defaultJobOptions`' },
    ],
    [
      'in CommonJS',
      `const { Worker } = require('bullmq');\nnew Worker('mail', send, { connection, attempts: 5 });`,
      { line: 2, messageId: 'onWorker' },
    ],
    [
      'job options in the constructor of a subclass',
      code(
        `class Mails extends Worker { constructor() {`,
        `super('mail', send, { connection, priority: 1 }); } }`,
      ),
      { line: 3, messageId: 'onWorker' },
    ],
    [
      'job options of a flow producer',
      code(`new FlowProducer({ connection, defaultJobOptions: { attempts: 3 } });`),
      { line: 2, messageId: 'onFlow' },
    ],
    [
      'removal among the data',
      queued(`await mails.add('welcome', {`, `id,`, `removeOnComplete: true });`),
      { line: 5, messageId: 'inData', says: '`removeOnComplete`' },
    ],
    [
      'several options among the data, once',
      queued(`await mails.add('welcome', { id, attempts: 3, backoff: 1_000, jobId: id });`),
      { line: 3, messageId: 'inData', says: '`backoff`, `jobId`, `attempts`' },
    ],
    [
      'removal in data that is a variable: at the argument',
      queued(`const data = { id, removeOnFail: true };`, `await mails.add('welcome', data);`),
      { line: 4, messageId: 'inData' },
    ],
    [
      'removal among the data of several jobs and of a schedule',
      queued(
        `await mails.addBulk([{ name: 'a', data: { removeOnComplete: true } }]);`,
        `await mails.upsertJobScheduler('daily', { every: 1_000 }, { name: 'a', data: { removeOnFail: 5 } });`,
      ),
      [
        { line: 3, messageId: 'inData' },
        { line: 4, messageId: 'inData' },
      ],
    ],
    [
      'removal among the data that a function passes on',
      {
        'a.ts': `import { enqueue } from './mails';\nexport const welcome = (id: string) => enqueue('welcome', { id, removeOnComplete: true });`,
        'mails.ts': `${IMPORTS} const mails = new Queue('mail', { connection }); export const enqueue = (name: string, data: object) => mails.add(name, data, { attempts: 3 });`,
      },
      { line: 2, messageId: 'inData' },
    ],
    [
      'jobId among the data, which no processor reads',
      queued(
        `await mails.add('welcome', { userId, jobId: 'welcome-7' });`,
        `new Worker('mail', async (job) => { await send(job.data.userId); }, { connection });`,
      ),
      { line: 3, messageId: 'inData', says: '`jobId`' },
    ],
    [
      'backoff without attempts',
      queued(
        `await mails.add('welcome', {}, {`,
        `delay: 5,`,
        `backoff: { type: 'exponential', delay: 1_000 } });`,
      ),
      { line: 5, messageId: 'noAttempts' },
    ],
    [
      'backoff without attempts, in a constant of another file',
      {
        'a.ts': `${IMPORTS} import { policy } from './policy';\nconst mails = new Queue('mail', { connection });\nexport const welcome = (id: string) => mails.add('welcome', { id }, policy);`,
        'policy.ts': `export const policy = { backoff: 1_000, removeOnComplete: true };`,
      },
      { line: 3, messageId: 'noAttempts' },
    ],
    [
      'backoff without attempts in a function: there, not where it is called',
      queued(`const add = (data) => mails.add('welcome', data,`, `{ backoff: 1_000 });`, `await add({});`),
      { line: 4, messageId: 'noAttempts' },
    ],
    [
      'backoff without attempts given to a function',
      queued(
        `const add = (data, options) => mails.add('welcome', data, options);`,
        `await add({},`,
        `{ backoff: 1_000 });`,
      ),
      { line: 5, messageId: 'noAttempts' },
    ],
    [
      'backoff among the defaults without attempts',
      code(
        `export const mails = new Queue('mail', { connection, defaultJobOptions: {`,
        `backoff: 1_000 } });`,
        `await mails.add('welcome', {});`,
      ),
      { line: 3, messageId: 'noAttempts' },
    ],
    [
      'backoff among the defaults of a queue whose jobs cannot be seen, in a project without attempts',
      code(`export const mails = new Queue('mail', { connection, defaultJobOptions: { backoff: 1_000 } });`),
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'backoff without attempts with Bull, and beside its defaults',
      `import Queue from 'bull';\nconst mails = new Queue('mail', { attempts: 3 });\nmails.add({ id }, { backoff: 1_000 });`,
      [
        { line: 2, messageId: 'onQueue' },
        { line: 3, messageId: 'noAttempts' },
      ],
    ],
    [
      'options that a function of another file passes on to a worker and a queue',
      {
        'a.ts': `import { createWorker, createQueue } from './factory';\nexport const worker = createWorker('mail', send, {\nattempts: 3 });\nexport const queue = createQueue('mail', { concurrency: 5 });`,
        'factory.ts': `${IMPORTS} const connection = { host: 'redis' };\nexport const createWorker = (name: string, fn: any, options: object) => new Worker(name, fn, { connection, ...options });\nexport function createQueue(name: string, options = {}) { return new Queue(name, { ...options, connection }); }`,
      },
      [
        { line: 3, messageId: 'onWorker' },
        { line: 4, messageId: 'ofWorker' },
      ],
    ],
    [
      'options of a class of another file, and of its constructor: each where it is given',
      {
        'a.ts': `import { Mails } from './mails';\nexport const mails = new Mails({ priority: 1 });`,
        'mails.ts': `${IMPORTS}\nexport class Mails extends Worker {\nconstructor(options: object) {\nsuper('mail', send, { attempts: 3, ...options }); } }`,
      },
      [
        { line: 2, messageId: 'onWorker', says: '`priority`' },
        { file: 'mails.ts', line: 4, messageId: 'onWorker', says: '`attempts`' },
      ],
    ],
    [
      'options of NestJS registrations',
      `${NEST}\nBullModule.forRoot({ connection, attempts: 3 });\nBullModule.registerQueue({ name: 'mail', limiter: { max: 1, duration: 1 } });\nBullModule.registerQueueAsync({ name: 'push', useFactory: () => ({\nbackoff: 5 }) });`,
      [
        { line: 2, messageId: 'onQueue' },
        { line: 3, messageId: 'ofWorker' },
        { line: 5, messageId: 'onQueue' },
      ],
    ],
    [
      'options of a NestJS processor',
      {
        'a.ts': `${NEST}\n@Processor('mail', { concurrency: 5,\nattempts: 3 })\nclass Mails extends WorkerHost { async process(job) {} }`,
      },
      { line: 3, messageId: 'onWorker' },
    ],
  ],
});
