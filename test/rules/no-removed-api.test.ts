import { testRule } from '../support/rule-cases.ts';
import type { Files } from '../support/project.ts';

const IMPORTS = `import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq'; const queue = new Queue('mail'); const events = new QueueEvents('mail');`;
/** A project with a file, `a.js` unless named, and a version of BullMQ. */
const on =
  (range: string) =>
  (files: string | Files, file = 'a.js'): Files => ({
    'package.json': JSON.stringify({ name: 'shop', dependencies: { bullmq: range } }),
    ...(typeof files === 'string' ? { [file]: `${IMPORTS}\n${files}` } : files),
  });
const six = on('^6.2.0');
const five = on('^5.71.0');
const removed = (line: number, says?: string, file?: string) => ({
  ...(file === undefined ? {} : { file }),
  line,
  messageId: 'removed',
  ...(says === undefined ? {} : { says }),
});
const bull = (line: number, says?: string) => ({
  line,
  messageId: 'bull',
  ...(says === undefined ? {} : { says }),
});
const LEGACY = `await queue.add('digest', {}, { repeat: { pattern: '0 9 * * *' } });
await queue.add('digest', {}, { debounce: { id: 'a', ttl: 5000 } });
const jobs = await queue.getRepeatableJobs(); await queue.removeRepeatableByKey(jobs[0].key);
new Worker('mail', async (job) => { job.discard(); });
const client = await queue.client; events.on('debounced', () => {});`;

testRule('no-removed-api', {
  valid: [
    ['what BullMQ 5 still has', five(LEGACY)],
    [
      'QueueScheduler with BullMQ 1',
      on('^1.91.1')({
        'a.js': `import { QueueScheduler } from 'bullmq'; new QueueScheduler('mail');`,
      }),
    ],
    [
      'job.update() with BullMQ 3',
      on('3.13.4')(`new Worker('mail', async (job) => { await job.update({}); });`),
    ],
    ['a version that cannot be seen', { 'a.js': `${IMPORTS}\n${LEGACY}` }],
    ['a range that says nothing', on('*')(LEGACY)],
    [
      'the installed version, whatever the range says',
      {
        ...six(LEGACY),
        'node_modules/bullmq/package.json': '{ "name": "bullmq", "version": "5.71.0" }',
      },
    ],
    [
      'Bull beside BullMQ 6',
      six({
        'a.js': `const Queue = require('bull'); const queue = new Queue('mail');
queue.process(async (job) => { job.progress(50); await job.discard(); await job.update({}); });
queue.add({}, { repeat: { cron: '0 9 * * *' }, timeout: 1000 }); queue.getRepeatableJobs(); queue.empty(); queue.on('failed', () => {});`,
      }),
    ],
    [
      'Bull in Nest',
      six({
        'a.ts': `import { InjectQueue, Process, Processor } from '@nestjs/bull';
import { Job, Queue } from 'bull';
@Processor('mail')
export class Mails {
  constructor(@InjectQueue('mail') private readonly queue: Queue) {}
  @Process('a') async run(job: Job) { await job.progress(50); await job.discard(); await this.queue.add('a', {}, { timeout: 5, repeat: { cron: '* * * * *' } }); }
}`,
      }),
    ],
    [
      'the new names',
      six(
        `await queue.upsertJobScheduler('digest', { pattern: '0 9 * * *', tz: 'UTC' }, { name: 'digest', data: {} });
await queue.add('digest', {}, { deduplication: { id: 'a' } }); await queue.getJobSchedulers(); await queue.removeJobScheduler('a');
new Worker('mail', async (job) => { await job.updateProgress(50); await job.updateData({}); return job.progress; });`,
      ),
    ],
    [
      'data with such fields',
      six(`await queue.add('a', { repeat: { every: 5 }, debounce: 1, timeout: 5 });`),
    ],
    [
      'a repetition that is switched off',
      six(
        `await queue.add('a', {}, { repeat: undefined, attempts: 1 }); await queue.add('a', {}, { repeat: null });`,
      ),
    ],
    ['options that cannot be seen', six(`export const add = (options) => queue.add('a', {}, options);`)],
    [
      'a method of the project',
      six(
        `class Mails extends Queue { process() {} getRepeatableJobs() {} get client() { return 1; } }
const mails = new Mails('mails'); mails.process(); mails.getRepeatableJobs(); mails.client;`,
      ),
    ],
    [
      'look-alikes',
      six(
        `const list = new Set(); list.add('a', {}, { repeat: 1 }); other.process(); redis.client; progress.progress(5); lodash.debounce(() => {}, { debounce: 1 });
import other from 'other'; import redis from 'redis'; import progress from 'progress'; import lodash from 'lodash';`,
      ),
    ],
    [
      'code for several majors',
      six(
        `if (queue.getRepeatableJobs) await queue.getRepeatableJobs();
new Worker('mail', async (job) => { job.discard?.(); if ('discard' in job) job.discard(); typeof job.debounceId; });`,
      ),
    ],
    [
      'a timeout that the processor reads from the options',
      six(
        `await queue.add('a', {}, { timeout: 5000 });\nnew Worker('mail', async (job) => { await fetch(url, { signal: AbortSignal.timeout(job.opts.timeout) }); });`,
      ),
    ],
    [
      'a type that is imported',
      six({ 'a.ts': `import type { QueueScheduler } from 'bullmq'; export type A = QueueScheduler;` }),
    ],
    [
      'a QueueScheduler of the project',
      six({
        'a.js': `import { Queue } from 'bullmq'; import { QueueScheduler } from './b.js'; new QueueScheduler(Queue);`,
        'b.js': `export class QueueScheduler {}`,
      }),
    ],
    [
      'another event of the queue',
      six(
        `queue.on('error', () => {}); queue.on('waiting', () => {}); new Worker('mail', null).on('failed', () => {});`,
      ),
    ],
    [
      'broken and odd code',
      six(
        `queue.add(); queue.add('a', {}, ...rest); queue.add('a', {}, { [key]: 1, ...options }); queue.upsertJobScheduler(); queue[name](); queue.on(); job.discard();`,
      ),
    ],
  ],
  invalid: [
    [
      'what BullMQ 6 has removed',
      six(LEGACY),
      [
        removed(2, 'runs once and never again'),
        removed(3, 'throws'),
        removed(4, 'getJobSchedulers'),
        removed(4, 'removeJobScheduler'),
        removed(5, 'UnrecoverableError'),
        removed(6, 'queue.client'),
        removed(6, 'debounced'),
      ],
    ],
    [
      'the same on BullMQ 5, to prepare for 6',
      five(
        `await queue.add('digest', {}, { repeat: { every: 5000 } });\nawait queue.removeRepeatable('digest', {});`,
      ),
      [removed(2, 'BullMQ 6'), removed(3)],
      { options: { targetMajor: 6 } },
    ],
    [
      'an older target, which changes nothing',
      six(`await queue.add('digest', {}, { repeat: { every: 5000 } });`),
      removed(2),
      { options: { targetMajor: 5 } },
    ],
    [
      'the installed version, whatever the range says',
      {
        ...five(`await queue.getRepeatableJobs();`),
        'node_modules/bullmq/package.json': '{ "name": "bullmq", "version": "6.7.0" }',
      },
      removed(2),
    ],
    [
      'what BullMQ 5 has no longer',
      five(
        `new Worker('mail', async (job) => { await job.update({}); });\nawait queue.upsertJobScheduler('a', { cron: '* * * * *' });`,
      ),
      [removed(2, 'updateData'), bull(3, 'refused')],
    ],
    [
      'QueueScheduler, where it is made',
      five({
        'a.js': `import { Queue, QueueScheduler } from 'bullmq';\nexport const queue = new Queue('mail');\nexport const scheduler = new QueueScheduler('mail');`,
      }),
      removed(3, 'workers promote'),
    ],
    [
      'QueueScheduler, by require and where it is only imported',
      six({
        'a.js': `const { QueueScheduler } = require('bullmq');\nnew QueueScheduler('mail');`,
        'b.js': `import { Queue } from 'bullmq';\nimport {\n  QueueScheduler,\n} from 'bullmq';\nexport { QueueScheduler };`,
      }),
      [removed(2, undefined, 'a.js'), removed(3, undefined, 'b.js')],
    ],
    [
      "Bull's API on BullMQ of any version",
      {
        'a.js': `${IMPORTS}
queue.process(async (job) => {});
await queue.empty();
queue.on('failed', () => {});
queue.on('global:completed', () => {});
new Worker('mail', async (job) => {
  await job.progress(50);
  if (job.progress() > 20) return;
});
await queue.add('a', {}, { timeout: 5000 });
new Queue('b', { defaultJobOptions: { attempts: 3, timeout: 5000 } });`,
      },
      [
        bull(2, 'queue.process()'),
        bull(3),
        bull(4),
        bull(5),
        bull(7, 'updateProgress'),
        bull(8),
        bull(10, 'AbortSignal'),
        bull(11),
      ],
    ],
    [
      'jobs from everywhere',
      six(
        `const job = await queue.add('a', {});
job.discard();
(await queue.getJob('1'))?.discard();
for (const waiting of await queue.getJobs()) waiting.discard();
new Worker('mail', null).on('failed', (failed) => { failed.discard(); });
async function run(mail) {
  mail.discard();
}
new Worker('mail', run);`,
      ),
      [removed(3), removed(4), removed(5), removed(6), removed(8)],
    ],
    [
      'a processor of another file',
      six({
        'a.js': `export default async function (job) {\n  await job.progress(5);\n}`,
        'b.js': `import { Worker } from 'bullmq'; import run from './a.js'; new Worker('mail', run);`,
      }),
      bull(2),
    ],
    [
      'a Nest service and a processor',
      six({
        'queues.ts': `export const MAIL = 'mail';`,
        'a.ts': `import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job, Queue } from 'bullmq';
@Processor('mail')
export class Mails extends WorkerHost {
  constructor(@InjectQueue('mail') private readonly queue: Queue) { super(); }
  async onModuleInit() {
    const jobs = await this.queue.getRepeatableJobs();
    for (const job of jobs) await this.queue.removeRepeatableByKey(job.key);
    await this.queue.add('digest', {}, {
      repeat: { every: 5000 },
    });
  }
  async process(job: Job) {
    await job.progress(5);
    await job.discard();
  }
}`,
      }),
      [
        removed(7, undefined, 'a.ts'),
        removed(8, undefined, 'a.ts'),
        removed(10, undefined, 'a.ts'),
        { file: 'a.ts', line: 14, messageId: 'bull' },
        removed(15, undefined, 'a.ts'),
      ],
    ],
    [
      'options that are shared, spread, written later or given to a wrapper',
      six({
        'queues.js': `import { Queue } from 'bullmq'; export const queue = new Queue('mail'); export const addMail = (name, options) => queue.add(name, {}, options); export const daily = (name) => queue.add(name, {}, {\n  repeat: { every: 5 } });`,
        'a.js': `import { queue, addMail, daily } from './queues.js';
const DAILY = {
  repeat: { pattern: '0 9 * * *' },
};
await queue.add('a', {}, { attempts: 3, ...DAILY });
await addMail('b', {
  repeat: { every: 5000 },
});
await daily('c');
const options = {};
options.repeat = { every: 5 };
await queue.add('d', {}, options);
await queue.addBulk([{ name: 'e', data: {}, opts: { repeat: { every: 5 } } }]);`,
      }),
      [removed(2, undefined, 'queues.js'), removed(3), removed(7), removed(11), removed(13)],
    ],
    [
      'options that a function puts together: where they are written, once',
      six({
        'a.ts': `import { Queue, type JobsOptions } from 'bullmq';
const queue = new Queue('mail');
const add = async ({ job, schedule }) => {
  const options = make({ schedule });
  await queue.add(job.name, job.data, options);
};
const make = ({ schedule }: { schedule: any }): JobsOptions => {
  const config: JobsOptions = {};
  if (schedule.cron) {
    config.repeat = { pattern: schedule.cron };
  }
  return { ...config, ...others(schedule) };
};
export const start = (schedule: object) => add({ job: { name: 'a', data: {} }, schedule });`,
      }),
      removed(10, undefined, 'a.ts'),
    ],
    [
      'defaults of a queue and nodes of a flow',
      six(
        `new Queue('b', { defaultJobOptions: { debounce: { id: 'a' } } });\nawait new FlowProducer().add({ name: 'a', queueName: 'a', opts: { timeout: 5 }, children: [\n{ name: 'b', queueName: 'b', opts: { debounce: { id: 'a' } } }] });`,
      ),
      [removed(2), bull(3), removed(4)],
    ],
    [
      'a zone that is ignored',
      six(`await queue.upsertJobScheduler('a', { pattern: '0 9 * * *', utc: true });`),
      removed(2, 'time zone'),
    ],
    ['a guard for something else', six(`if (queue.name) await queue.getRepeatableJobs();`), removed(2)],
    [
      'the suggestion of a schedule',
      six(
        `await queue.add('digest', { a: 1 }, { jobId: 'daily', repeat: { cron: '0 9 * * *', utc: true }, attempts: 3 });`,
      ),
      {
        line: 2,
        messageId: 'removed',
        suggest: `await queue.upsertJobScheduler('daily', { pattern: '0 9 * * *', tz: 'UTC' }, { name: 'digest', data: { a: 1 }, opts: { attempts: 3 } });`,
      },
    ],
    [
      'the suggestion of a schedule without other options',
      six(`await queue.add('digest', {}, { repeat: { every: 5000 } });`),
      {
        line: 2,
        messageId: 'removed',
        suggest: `await queue.upsertJobScheduler('digest', { every: 5000 }, { name: 'digest', data: {} });`,
      },
    ],
    [
      'no suggestion where ids would clash, the name is made by a call, or an option has no place',
      six(
        `await queue.add('a', { b: 1 }, { repeat: { every: 5 } });
await queue.add('a', { b: 2 }, { repeat: { every: 6 } });
for (const b of list) await queue.add('c', { b }, { repeat: { every: 6 } });
await queue.add(next(), {}, { repeat: { every: 6 } });
await queue.add('d', {}, { delay: 5, repeat: { every: 6 } });
await queue.add('e', {}, { repeat: { every: 6, currentDate: 5 } });
await queue.add('f', /* data */ {}, { repeat: { every: 6 } });`,
      ),
      [2, 3, 4, 5, 6, 7, 8].map((line) => ({ line, messageId: 'removed', suggest: false as const })),
    ],
    [
      'the suggestion of an error that is not retried',
      six({
        'a.js': `import { Worker } from 'bullmq';\nnew Worker('mail', async (job) => {\n  await job.discard(); throw new Error('gone');\n});`,
      }),
      { line: 3, messageId: 'removed', suggest: `throw new UnrecoverableError('gone');` },
    ],
    [
      'the suggestion to remove a schedule by its id',
      six(`await queue.removeRepeatable('a', { every: 5 }, 'b');`),
      { line: 2, messageId: 'removed', suggest: `await queue.removeJobScheduler('b');` },
    ],
    [
      'a new name as a suggestion only, where the old one still works',
      five(`await queue.add('a', {}, { debounce: { id: 'a' } });`),
      {
        line: 2,
        messageId: 'removed',
        suggest: `await queue.add('a', {}, { deduplication: { id: 'a' } });`,
      },
      { options: { targetMajor: 6 } },
    ],
  ],
});
