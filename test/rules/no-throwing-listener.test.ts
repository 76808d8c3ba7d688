import { testRule } from '../support/rule-cases.ts';

const WORKER = `import { Worker, Queue, QueueEvents, FlowProducer } from 'bullmq'; import { db } from 'db'; const worker = new Worker('mail', './p.js');`;
const on = (listener: string, more = ''): string => `${WORKER} ${more}\nworker.on('failed', ${listener});`;

testRule('no-throwing-listener', {
  valid: [
    [
      'a process that logs unhandled rejections',
      `${on(`async (job) => { await db.save(job.id); }`)}\nprocess.on('unhandledRejection', console.error);`,
    ],
    [
      'a process whose start handles them',
      {
        'a.js': on(`async (job) => {\n await db.save(job.id);\n}`),
        'main.js': `import './a.js'; process.on('unhandledRejection', (reason) => { console.error(reason); });`,
      },
    ],
    ['a listener that waits for nothing', on(`(job, error) => { console.error(error); }`)],
    ['async without anything to wait for', on(`async (job, error) => { console.error(error); }`)],
    [
      'a body inside of try',
      on(`async (job) => { try { await db.save(job.id); } catch (error) { console.error(error); } }`),
    ],
    [
      'a catch that logs by a logger',
      on(`async (job) => { try { await db.save(job.id); } catch (error) { logger.error({ error }); } }`),
    ],
    [
      'something harmless before try',
      on(
        `async (job) => { const id = job?.id; if (!id) return; try { await db.save(id); } catch { log('x'); } }`,
      ),
    ],
    ['a rejection handler', on(`async (job) => { await db.save(job.id).catch(console.error); }`)],
    [
      'a chain with a rejection handler',
      on(`async (job) => { await db.save(job.id).then(() => 1).catch((e) => { console.error(e); }); }`),
    ],
    ['then with two handlers', on(`async (job) => { await db.save(job.id).then(() => 1, console.error); }`)],
    ['allSettled', on(`async (job) => { await Promise.allSettled([db.save(job.id), db.save(1)]); }`)],
    [
      'Promise.all of what is handled',
      on(
        `async (job) => { await Promise.all([db.save(job.id).catch(log), safe()]); }`,
        `async function safe() { try { await db.a(); } catch {} }`,
      ),
    ],
    [
      'a function of the project that handles everything',
      on(
        `async (job) => { await record(job); }`,
        `async function record(job) { try { await db.save(job.id); } catch (e) { console.error(e); } }`,
      ),
    ],
    [
      'a function of another file that handles everything',
      {
        'a.js': on(`async (job) => { await record(job); }`, `import { record } from './record.js';`),
        'record.js': `import { db } from 'db'; export const record = async (job) => { try { await db.save(job.id); } catch (e) { console.error(e); } };`,
      },
    ],
    [
      'a pause',
      on(
        `async () => { await sleep(100); await delay(5); }`,
        `import { setTimeout as delay } from 'node:timers/promises'; const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));`,
      ),
    ],
    ['awaiting a log', on(`async (job) => { await logger.error(job.id); }`)],
    [
      'a wrapper that catches',
      on(
        `safely(async (job) => { await db.save(job.id); })`,
        `const safely = (fn) => async (...args) => { try { await fn(...args); } catch (e) { console.error(e); } };`,
      ),
    ],
    [
      'a wrapper that cannot be seen',
      on(`safely(async (job) => { await db.save(job.id); })`, `import { safely } from 'safely';`),
    ],
    [
      'a promise that is handled in a plain listener',
      on(`(job) => { db.save(job.id).catch(console.error); }`),
    ],
    [
      'listeners of other emitters',
      `import { EventEmitter } from 'node:events'; import { Queue } from 'bullmq'; new EventEmitter().on('failed', async () => { await x(); }); redis.on('error', async () => { await x(); });`,
    ],
    ['a processor', `import { Worker } from 'bullmq'; new Worker('a', async () => { await x(); });`],
    [
      'an enqueue whose promise a listener gives back, which is another rule',
      `import { Queue } from 'bullmq'; const q = new Queue('a');\nq.on('cleaned', () => q.add('b'));`,
    ],
    ['a listener that throws, which BullMQ catches', on(`() => { throw new Error('x'); }`)],
    [
      'what the catch gives back',
      on(`async (job) => { try { return await db.save(job.id); } catch (error) { return null; } }`),
    ],
    [
      'a method of Nest that catches',
      {
        'a.ts': `import { Processor, WorkerHost, OnWorkerEvent } from '@nestjs/bullmq';\n@Processor('a')\nexport class A extends WorkerHost {\n  async process() {}\n  @OnWorkerEvent('failed')\n  async onFailed(job: Job) {\n    try { await this.db.save(job.id); } catch (error) { this.logger.error(error); }\n  }\n}`,
      },
    ],
    ['tests', { 'a.test.js': on(`async (job) => { await db.save(job.id); }`) }],
    [
      'broken code',
      `${WORKER} worker.on('failed', ); worker.on(...x); worker.on('failed', async () => { await });`
        .replace('await });', 'x; });')
        .replace(`worker.on('failed', );`, `worker.on('failed', undefined);`),
    ],
  ],
  invalid: [
    [
      'where the handler of the process ends it, or is that of an application without jobs',
      {
        'a.js': on(`async (job) => {\n await db.save(job.id);\n}`),
        'main.js': `import './a.js'; process.on('unhandledRejection', (reason) => { console.error(reason); process.exit(1); });`,
        'other.js': `process.on('unhandledRejection', (reason) => { console.error(reason); });`,
        'main.test.js': `import './a.js'; process.on('unhandledRejection', (reason) => { console.error(reason); });`,
      },
      { line: 2, messageId: 'rejects' },
    ],
    [
      'await',
      on(`async (job) => {\n await db.save(job.id);\n}`),
      {
        line: 2,
        messageId: 'rejects',
        says: '`save()`',
        suggest: `worker.on('failed', async (job) => { try {`,
      },
    ],
    [
      'every kind of owner',
      `${WORKER} new QueueEvents('a').on('failed', async () => { await db.save(1); });\nnew Queue('a').once('error', async () => { await db.save(1); });\nnew FlowProducer().on('error', async () => { await db.save(1); });`,
      [
        { line: 1, messageId: 'rejects' },
        { line: 2, messageId: 'rejects' },
        { line: 3, messageId: 'rejects' },
      ],
    ],
    [
      'a chain of listeners',
      `${WORKER}\nworker\n.on('active', () => {})\n.on('failed', async () => { await db.save(1); });`,
      { line: 4, messageId: 'rejects' },
    ],
    [
      'await before try',
      on(`async (job) => { const user = await db.find(job.id); try { await db.save(user); } catch {} }`),
      { line: 2, messageId: 'rejects', says: '`find()`' },
    ],
    [
      'await in the catch',
      on(`async (job) => { try { await db.save(job.id); } catch (error) { await alert(error); } }`),
      { line: 2, messageId: 'rejects', says: '`alert()`' },
    ],
    [
      'a catch that throws again',
      on(
        `async (job) => { try { await db.save(job.id); } catch (error) { console.error(error); throw error; } }`,
      ),
      { line: 2, messageId: 'rejects' },
    ],
    [
      'try without catch',
      on(`async (job) => { try { await db.save(job.id); } finally { done(); } }`),
      { line: 2, messageId: 'rejects' },
    ],
    [
      'finally that waits',
      on(`async (job) => { try { await db.save(job.id); } catch {} finally { await db.close(); } }`),
      { line: 2, messageId: 'rejects' },
    ],
    [
      'Promise.all',
      on(`async (job) => { await Promise.all([db.save(job.id), db.save(1)]); }`),
      { line: 2, messageId: 'rejects' },
    ],
    [
      'a throw',
      on(`async (job) => { if (!job) throw new Error('no job'); }`),
      { line: 2, messageId: 'rejects' },
    ],
    [
      'a function of the project that throws',
      on(`async (job) => { check(job); }`, `function check(job) { if (!job) throw new Error('x'); }`),
      { line: 2, messageId: 'rejects' },
    ],
    [
      'JSON.parse',
      on(`async (job) => { const data = JSON.parse(job.data); }`),
      { line: 2, messageId: 'rejects' },
    ],
    [
      'the expression of an async arrow',
      on(`async (job) => await db.save(job.id)`),
      { line: 2, messageId: 'rejects', suggest: false },
    ],
    [
      'the expression of an arrow that gives a promise',
      on(`(job) => record(job)`, `async function record(job) { await db.save(job.id); }`),
      { line: 2, messageId: 'rejects', suggest: false },
    ],
    [
      'a named function: at the function',
      `${WORKER}\nasync function onFailed(job) {\n  await db.save(job.id);\n}\nworker.on('failed', onFailed);`,
      { line: 2, messageId: 'rejects', suggest: false },
    ],
    [
      'a function of another file: at the argument',
      {
        'a.js': `${WORKER} import { onFailed } from './listeners.js';\nworker.on('failed', onFailed);`,
        'listeners.js': `import { db } from 'db'; export const onFailed = async (job) => { await db.save(job.id); };`,
      },
      { line: 2, messageId: 'rejects' },
    ],
    [
      'a method of the class',
      {
        'a.ts': `import { Worker } from 'bullmq';\nexport class Mails {\n  private worker = new Worker('a', './p.js');\n  start() { this.worker.on('failed', this.onFailed.bind(this)); }\n  async onFailed(job: Job) {\n    await this.db.save(job.id);\n  }\n}`,
      },
      { line: 5, messageId: 'rejects' },
    ],
    [
      'a worker from another file, in CommonJS',
      {
        'a.js': `const { worker } = require('./worker');\nworker.on('completed', async (job) => {\n  await notify(job);\n});`,
        'worker.js': `const { Worker } = require('bullmq'); exports.worker = new Worker('a', './p.js');`,
      },
      { line: 2, messageId: 'rejects' },
    ],
    [
      'a method of Nest',
      {
        'a.ts': `import { Processor, WorkerHost, OnWorkerEvent } from '@nestjs/bullmq';\n@Processor('a')\nexport class A extends WorkerHost {\n  async process() {}\n  @OnWorkerEvent('failed')\n  async onFailed(job: Job) {\n    await this.db.save(job.id);\n  }\n}`,
      },
      { line: 6, messageId: 'rejects', suggest: 'async onFailed(job: Job) { try {' },
    ],
    [
      'queue events of Nest',
      {
        'a.ts': `import { QueueEventsListener, QueueEventsHost, OnQueueEvent } from '@nestjs/bullmq';\n@QueueEventsListener('a')\nexport class A extends QueueEventsHost {\n  @OnQueueEvent('completed')\n  async onCompleted() {\n    await this.db.save(1);\n  }\n}`,
      },
      { line: 5, messageId: 'rejects' },
    ],
  ],
});
