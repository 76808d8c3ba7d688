import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Worker, Queue, QueueEvents } from 'bullmq'; import { run } from './run.js'; const connection = {};`;
const WORKER = `${IMPORT} const worker = new Worker('mail', run, { connection });`;
const ON = `worker.on('failed', (job, error) => { console.error(job?.id, error); });`;
const NEST = `import { Processor, WorkerHost, OnWorkerEvent, QueueEventsListener, QueueEventsHost, OnQueueEvent } from '@nestjs/bullmq';`;

testRule('require-lifecycle-listeners', {
  valid: [
    [
      'a Nest class of Bull whose queue another class listens to',
      {
        'a.ts': `import { Process, Processor } from '@nestjs/bull'; @Processor('mail') export class Mail { @Process() async run() {} }`,
        'failures.ts': `import { OnQueueFailed, Processor } from '@nestjs/bull'; @Processor('mail') export class Failures { @OnQueueFailed() onFailed(job, error) { console.error(job.id, error); } }`,
      },
    ],
    [
      'a Nest class of Bull that starts no worker, since nothing in it is run',
      `import { Processor } from '@nestjs/bull'; @Processor('payments') export class Payments { constructor(private readonly payments: object) {} pay() {} }`,
    ],
    ['a worker with a listener', `${WORKER} ${ON}`],
    ['once, addListener', `${WORKER} worker.addListener('failed', log);`],
    ['a chain of listeners', `${WORKER} worker.on('completed', log).on('failed', log);`],
    [
      'a chain on the construction',
      `${IMPORT} new Worker('mail', run).on('completed', log).on('failed', log);`,
    ],
    [
      'a worker that is kept in a field',
      `${IMPORT} class Mail { start() { this.worker = new Worker('mail', run); this.worker.on('failed', log); } }`,
    ],
    [
      'a subclass that listens in its constructor',
      `${IMPORT} class Base extends Worker { constructor(name, fn) { super(name, fn); this.on('failed', log); } } new Base('mail', run);`,
    ],
    [
      'a listener in the file that imports the worker',
      {
        'a.js': `${IMPORT} export const worker = new Worker('mail', run);`,
        'main.js': `import { worker } from './a.js'; ${ON}`,
      },
    ],
    [
      'CommonJS',
      {
        'a.cjs': `const { Worker } = require('bullmq'); const worker = new Worker('mail', async () => {}); module.exports = { worker };`,
        'main.cjs': `const { worker } = require('./a.cjs'); ${ON}`,
      },
    ],
    [
      'a helper that listens',
      `${WORKER} attach(worker); function attach(it) { it.on('failed', log); it.on('completed', log); }`,
    ],
    [
      'a helper of another file, two calls away',
      {
        'a.js': `${WORKER} import { observe } from './observe.js'; observe('mail', worker);`,
        'observe.js': `import { attach } from './attach.js'; export const observe = (name, worker) => { attach({ name, worker }); };`,
        'attach.js': `export function attach({ worker, name }) { worker.on('failed', (job) => console.error(name, job.id)); }`,
      },
    ],
    ['a helper of a package', `${WORKER} import { instrument } from '@acme/telemetry'; instrument(worker);`],
    [
      'a class that is given the worker',
      `${WORKER} new Monitor(worker); class Monitor { constructor(w) { w.on('failed', log); } }`,
    ],
    [
      'a loop over workers',
      `${IMPORT} const workers = [new Worker('a', run), new Worker('b', run)]; for (const worker of workers) { ${ON} }`,
    ],
    [
      'a loop over workers with forEach',
      `${IMPORT} const a = new Worker('a', run); const b = new Worker('b', run); [a, b].forEach((worker) => { ${ON} });`,
    ],
    [
      'a loop over what a map holds',
      `${IMPORT} const workers = new Map(); for (const name of names) workers.set(name, new Worker(name, run)); for (const worker of workers.values()) { ${ON} }`,
    ],
    [
      'a loop in another file over what is exported',
      {
        'a.js': `${IMPORT} export const workers = { mail: new Worker('mail', run) };`,
        'main.js': `import { workers } from './a.js'; Object.values(workers).forEach((worker) => worker.on('failed', log));`,
      },
    ],
    [
      'a loop over the names of events',
      `${WORKER} for (const event of ['failed', 'error']) worker.on(event, (...args) => log(event, args));`,
    ],
    [
      'a factory that listens',
      `${IMPORT} export function make(name) { const worker = new Worker(name, run); ${ON} return worker; }`,
    ],
    [
      'a factory whose caller listens',
      {
        'a.js': `${IMPORT} export const make = (name) => new Worker(name, run);`,
        'main.js': `import { make } from './a.js'; const worker = make('mail'); ${ON}`,
      },
    ],
    [
      'queue events of the queue',
      `${WORKER} const events = new QueueEvents('mail'); events.on('failed', log);`,
    ],
    [
      'queue events of a queue whose name is not known, in another file',
      {
        'a.js': WORKER,
        'events.js': `import { QueueEvents } from 'bullmq'; new QueueEvents(process.env.QUEUE).on('failed', log);`,
      },
    ],
    [
      'telemetry',
      `${IMPORT} import { BullMQOtel } from 'bullmq-otel'; new Worker('mail', run, { telemetry: new BullMQOtel('x') });`,
    ],
    [
      'a worker that fetches by hand',
      `${IMPORT} const w = new Worker('mail'); new Worker('a', null, {}); w.getNextJob('t');`,
    ],
    ['arguments that a spread hides', `${IMPORT} new Worker(...args);`],
    ['another Worker', `import { Worker } from 'node:worker_threads'; new Worker('./a.js');`],
    ['events.once', `${WORKER} import { once } from 'node:events'; once(worker, 'failed').then(log);`],
    [
      'a Nest class with the decorator',
      `${NEST} @Processor('mail') export class Mail extends WorkerHost { async process() {} @OnWorkerEvent('failed') onFailed() {} }`,
    ],
    [
      'a Nest class whose base class has it',
      {
        'a.ts': `${NEST} import { Base } from './base'; @Processor('mail') export class Mail extends Base { async process() {} }`,
        'base.ts': `import { WorkerHost, OnWorkerEvent } from '@nestjs/bullmq'; export abstract class Base extends WorkerHost { @OnWorkerEvent('failed') onFailed() {} }`,
      },
    ],
    [
      'a Nest class whose base class is of a package',
      `${NEST} import { Base } from '@acme/jobs'; @Processor('mail') export class Mail extends Base { async process() {} }`,
    ],
    [
      'a Nest class that uses its worker',
      `${NEST} @Processor('mail') export class Mail extends WorkerHost { onModuleInit() { this.worker.on('failed', log); } async process() {} }`,
    ],
    [
      'a Nest listener of the queue',
      {
        'a.ts': `${NEST} @Processor('mail') export class Mail extends WorkerHost { async process() {} }`,
        'b.ts': `${NEST} @QueueEventsListener('mail') export class Events extends QueueEventsHost { @OnQueueEvent('failed') onFailed() {} }`,
      },
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail'); queue.process(async () => {}); queue.on('failed', log);`,
    ],
    ['a test', { 'a.test.js': WORKER }],
    ['broken code', `${IMPORT} new Worker(); new Worker; worker.on(); class A extends A {} `],
  ],
  invalid: [
    [
      'a Nest class of Bull, where another class listens to another queue',
      {
        'a.ts': `import { Process, Processor } from '@nestjs/bull'; @Processor('mail') export class Mail { @Process() async run() {} }`,
        'unseen.ts': `import { OnQueueFailed, Processor } from '@nestjs/bull'; import { NAME } from 'shop-queues'; @Processor(NAME) export class Unseen { @OnQueueFailed() onFailed(job, error) { console.error(job.id, error); } }`,
        'failures.ts': `import { OnQueueFailed, Processor } from '@nestjs/bull'; @Processor('images') export class Failures { @OnQueueFailed() onFailed(job, error) { console.error(job.id, error); } }`,
      },
      { line: 1, messageId: 'missing' },
    ],
    ['a worker without listeners', WORKER, { line: 1, messageId: 'missing', says: '`failed`' }],
    [
      'a listener is suggested',
      `import { Worker } from 'bullmq';\nconst worker = new Worker('mail', './p.js');`,
      {
        line: 2,
        messageId: 'missing',
        suggest: `const worker = new Worker('mail', './p.js'); worker.on('failed', (job, error) => { console.error('job failed', job?.id, error); });`,
      },
    ],
    [
      'nobody holds the worker',
      `${IMPORT}\nnew Worker('mail', run);`,
      { line: 2, messageId: 'missing', suggest: false },
    ],
    [
      'other events',
      `${WORKER} worker.on('completed', log); worker.on('error', log);`,
      { line: 1, messageId: 'missing' },
    ],
    [
      'one worker of two',
      `${IMPORT}\nconst a = new Worker('a', run);\nconst worker = new Worker('b', run); ${ON}`,
      { line: 2, messageId: 'missing' },
    ],
    [
      'a helper that does not listen to failures',
      `${WORKER} attach(worker); function attach(it) { it.on('completed', log); process.on('SIGTERM', () => it.close()); }`,
      { line: 1, messageId: 'missing' },
    ],
    [
      'a helper that only another worker is given to',
      `${IMPORT} const a = new Worker('a', run); attach(a);\nconst b = new Worker('b', run);\nfunction attach(it) { it.on('failed', log); } closeAll([a, b]); function closeAll(all) { return Promise.all(all.map((x) => x.close())); }`,
      { line: 2, messageId: 'missing' },
    ],
    [
      'an exported worker that no file listens to',
      {
        'a.js': `${IMPORT} export const worker = new Worker('mail', run);`,
        'main.js': `import { worker } from './a.js'; import { redis } from './redis.js'; redis.connect(); process.on('SIGTERM', () => worker.close());`,
      },
      { line: 1, messageId: 'missing' },
    ],
    [
      'queue events of another queue',
      `${WORKER} new QueueEvents('other').on('failed', log);`,
      { line: 1, messageId: 'missing' },
    ],
    [
      'a factory',
      {
        'a.js': `${IMPORT}\nexport function make(name) {\n  return new Worker(name, run);\n}`,
        'b.js': `import { make } from './a.js'; export const mail = make('mail');`,
      },
      { line: 3, messageId: 'missing' },
    ],
    ['a listener of the process', `${WORKER} process.on('failed', log);`, { line: 1, messageId: 'missing' }],
    [
      'a worker in a field',
      `${IMPORT} class Mail { constructor() {\nthis.worker = new Worker('mail', run);\nthis.worker.on('completed', log); } }`,
      { line: 2, messageId: 'missing' },
    ],
    [
      'a Nest class',
      `${NEST}\n@Processor('mail')\nexport class Mail extends WorkerHost { async process() {} @OnWorkerEvent('completed') onDone() {} }`,
      { line: 2, messageId: 'missing', says: 'OnWorkerEvent' },
    ],
    [
      'a method of a Nest class is suggested, with its import',
      `import { Processor, WorkerHost } from '@nestjs/bullmq';\n@Processor('mail')\nexport class Mail extends WorkerHost {\n  async process() {}\n}`,
      {
        line: 2,
        messageId: 'missing',
        suggest: `import { Processor, WorkerHost, OnWorkerEvent } from '@nestjs/bullmq';\n@Processor('mail')\nexport class Mail extends WorkerHost {\n  async process() {}\n\n  @OnWorkerEvent('failed')\n  onFailed(job: { id?: unknown } | undefined, error: Error) {\n    console.error('job failed', job?.id, error);\n  }\n}`,
      },
    ],
    [
      'a method of a Nest class is suggested, where its decorator is imported already',
      `import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';\n@Processor('mail')\nexport class Mail extends WorkerHost { async process() {} @OnWorkerEvent('active') onActive() {} }`,
      {
        line: 2,
        messageId: 'missing',
        suggest: `import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';\n@Processor('mail')\nexport class Mail extends WorkerHost { async process() {} @OnWorkerEvent('active') onActive() {}\n\n@OnWorkerEvent('failed')\nonFailed(job: { id?: unknown } | undefined, error: Error) {\n  console.error('job failed', job?.id, error);\n} }`,
      },
    ],
    [
      'a method that Bull calls in a Nest class',
      `import { Process, Processor } from '@nestjs/bull';\n@Processor('mail')\nexport class Mail {\n  @Process()\n  async run() {}\n}`,
      {
        line: 2,
        messageId: 'missing',
        says: '`@OnQueueFailed`',
        suggest: `import { Process, Processor, OnQueueFailed } from '@nestjs/bull';\n@Processor('mail')\nexport class Mail {\n  @Process()\n  async run() {}\n\n  @OnQueueFailed()\n  onFailed(job: { id?: unknown } | undefined, error: Error) {\n    console.error('job failed', job?.id, error);\n  }\n}`,
      },
    ],
    [
      'a method that Bull calls in the base class of a Nest class',
      {
        'a.ts': `import { Processor } from '@nestjs/bull'; import { Base } from './base'; @Processor('mail') export class Mail extends Base {}`,
        'base.ts': `import { Process } from '@nestjs/bull'; export abstract class Base { @Process() async run() {} }`,
      },
      { line: 1, messageId: 'missing' },
    ],
    [
      'no method is suggested where its name is taken, or the import is not plain',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('a') export class A extends WorkerHost { async process() {} onFailed() {} }`,
        'b.ts': `import * as nest from '@nestjs/bullmq'; @nest.Processor('b') export class B extends nest.WorkerHost { async process() {} }`,
      },
      [
        { line: 1, messageId: 'missing', suggest: false },
        { file: 'b.ts', line: 1, messageId: 'missing', suggest: false },
      ],
    ],
    [
      'a Nest class whose base class has another',
      {
        'a.ts': `${NEST} import { Base } from './base'; @Processor('mail') export class Mail extends Base { async process() {} }`,
        'base.ts': `import { WorkerHost, OnWorkerEvent } from '@nestjs/bullmq'; export abstract class Base extends WorkerHost { @OnWorkerEvent('active') onActive() {} }`,
      },
      { line: 1, messageId: 'missing' },
    ],
    [
      'all events that are asked for, in one report',
      `${WORKER} worker.on('completed', log);`,
      { line: 1, messageId: 'missing', says: '`failed`, `error`, `stalled`' },
      { options: { error: true, completed: true, stalled: true } },
    ],
    [
      'errors, which queue events do not tell of',
      `${WORKER} const events = new QueueEvents('mail'); events.on('failed', log); events.on('error', log);`,
      { line: 1, messageId: 'missing', says: '`error`' },
      { options: { error: true } },
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail');\nqueue.process('a', async () => {});\nqueue.process('b', async () => {});`,
      { line: 2, messageId: 'missing' },
    ],
  ],
});
