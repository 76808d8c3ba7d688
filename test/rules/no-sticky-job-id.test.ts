import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Queue, Worker, FlowProducer } from 'bullmq';`;

/** Code with a queue without defaults, on the first line. */
const bare = (code: string): string => `${IMPORT} const queue = new Queue('reports');\n${code}`;

testRule('no-sticky-job-id', {
  valid: [
    [
      'an id of a record',
      bare(`export const sync = (userId) => queue.add('sync', {}, { jobId: \`sync-\${userId}\` });`),
    ],
    ['an id of the day', bare(`queue.add('report', {}, { jobId: \`report-\${day()}\` });`)],
    ['an id that cannot be seen', bare(`queue.add('report', {}, { jobId: config.id });`)],
    ['no id', bare(`queue.add('report', {});`)],
    [
      'an id that is undefined on some path',
      bare(`queue.add('report', {}, { jobId: once ? 'report' : undefined });`),
    ],
    [
      'completed jobs that are removed',
      bare(`queue.add('report', {}, { jobId: 'report', removeOnComplete: true });`),
    ],
    [
      'failed jobs that are removed',
      bare(`queue.add('report', {}, { jobId: 'report', removeOnFail: { age: 60 } });`),
    ],
    [
      'jobs that are kept on purpose',
      bare(`queue.add('report', {}, { jobId: 'report', removeOnComplete: false });`),
    ],
    [
      'defaults of the queue',
      {
        'a.js': `import { queue } from './queue.js';\nqueue.add('report', {}, { jobId: 'report' });`,
        'queue.js': `${IMPORT} export const queue = new Queue('reports', { defaultJobOptions: { removeOnComplete: 100 } });`,
      },
    ],
    [
      'the worker of the queue',
      {
        'a.js': `${IMPORT} const queue = new Queue('reports');\nqueue.add('report', {}, { jobId: 'report' });`,
        'worker.js': `${IMPORT} new Worker('reports', async () => {}, { removeOnComplete: { count: 10 } });`,
      },
    ],
    ['options that cannot be seen', bare(`queue.add('report', {}, { ...options, jobId: 'report' });`)],
    [
      'a queue known by its type only',
      `import type { Queue } from 'bullmq';\nexport const report = (queue: Queue) => queue.add('report', {}, { jobId: 'report' });`,
    ],
    [
      'a repeated job, whose id tells its schedule',
      bare(
        `queue.add('report', {}, { jobId: 'report', repeat: { every: 1000 } });\nqueue.upsertJobScheduler('report', { every: 1000 });`,
      ),
    ],
    [
      'the nodes of a flow',
      `${IMPORT}\nnew FlowProducer().add({ name: 'a', queueName: 'reports', opts: { jobId: 'report' } });`,
    ],
    ['a deduplication id', bare(`queue.add('report', {}, { deduplication: { id: 'report' } });`)],
    [
      'a job that is looked up first',
      bare(
        `const ID = 'report';\nconst job = await queue.getJob(ID);\nif (!job) await queue.add('report', {}, { jobId: ID });`,
      ),
    ],
    [
      'an id that is freed first',
      bare(`await queue.remove('report');\nawait queue.add('report', {}, { jobId: 'report' });`),
    ],
    [
      'jobs that are removed by hand',
      bare(`const job = await queue.add('report', {}, { jobId: 'report' });\nawait job.remove();`),
    ],
    [
      'a queue that is emptied',
      bare(`await queue.obliterate();\nawait queue.add('report', {}, { jobId: 'report' });`),
    ],
    [
      'a wrapper whose callers give the id and what is kept',
      {
        'a.js': `import { send } from './send.js';\nsend({ jobId: 'report', removeOnComplete: true });`,
        'send.js': `${IMPORT} const queue = new Queue('reports'); export const send = (options) => queue.add('report', {}, options);`,
      },
    ],
    [
      'an injected queue that is registered nowhere',
      `import { InjectQueue } from '@nestjs/bullmq';\nimport { Queue } from 'bullmq';\nexport class Reports {\n  constructor(@InjectQueue('reports') private readonly queue: Queue) {}\n  send() {\n    return this.queue.add('report', {}, { jobId: 'report' });\n  }\n}`,
    ],
  ],
  invalid: [
    [
      'a literal',
      bare(`queue.add('report', {}, { jobId: 'daily-report', attempts: 3 });`),
      {
        line: 2,
        messageId: 'sticky',
        says: '`daily-report`',
        suggest: `queue.add('report', {}, { deduplication: { id: 'daily-report' }, attempts: 3 });`,
      },
    ],
    [
      'a constant of another file',
      {
        'a.ts': `import { IDS } from './ids';\nimport { queue } from './queue';\nexport async function report() {\n  await queue.add('report', {}, {\n    jobId: IDS.report,\n  });\n}`,
        'ids.ts': `export const IDS = { report: 'report' } as const;`,
        'queue.ts': `${IMPORT} export const queue = new Queue('reports', { defaultJobOptions: { attempts: 3 } });`,
      },
      { line: 5, messageId: 'sticky', suggest: 'deduplication: { id: IDS.report },' },
    ],
    [
      'a text without a variable part',
      bare("const PREFIX = 'report';\nqueue.add('report', {}, { jobId: `${PREFIX}-daily` });"),
      { line: 3, messageId: 'sticky' },
    ],
    [
      'either of two constants',
      bare(`queue.add('report', {}, { jobId: full ? 'full' : 'short' });`),
      { line: 2, messageId: 'sticky' },
    ],
    [
      'a shorthand',
      bare(`const jobId = 'report';\nqueue.add('report', {}, { jobId });`),
      { line: 3, messageId: 'sticky', suggest: false },
    ],
    [
      'jobs in bulk',
      bare(
        `queue.addBulk([\n  { name: 'a', data: {}, opts: { jobId: 'a' } },\n  { name: 'b', data: {}, opts: { jobId: 'b', removeOnComplete: true } },\n]);`,
      ),
      { line: 3, messageId: 'sticky' },
    ],
    [
      'a worker of another queue',
      bare(
        `new Worker('mails', async () => {}, { removeOnComplete: { count: 5 } });\nqueue.add('report', {}, { jobId: 'report' });`,
      ),
      { line: 3, messageId: 'sticky' },
    ],
    [
      'a queue by require',
      {
        'a.cjs': `const queues = require('./queues.cjs');\nexports.report = () => queues.reports.add('report', {}, { jobId: 'report' });`,
        'queues.cjs': `const { Queue } = require('bullmq'); exports.reports = new Queue('reports');`,
      },
      { file: 'a.cjs', line: 2, messageId: 'sticky' },
    ],
    [
      'a Nest queue that is registered by its name only',
      {
        'a.ts': `import { InjectQueue } from '@nestjs/bullmq';\nimport { Queue } from 'bullmq';\nexport class Reports {\n  constructor(@InjectQueue('reports') private readonly queue: Queue) {}\n  send() {\n    return this.queue.add('report', {}, { jobId: 'report' });\n  }\n}`,
        'module.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueue({ name: 'reports' });`,
      },
      { line: 6, messageId: 'sticky' },
    ],
    [
      'Bull, which has no other id',
      `import Queue from 'bull'; const queue = new Queue('reports');\nqueue.add({}, { jobId: 'report' });`,
      { line: 2, messageId: 'sticky', suggest: false },
    ],
    [
      'a call of a wrapper that takes the id',
      {
        'a.js': `import { send } from './send.js';\nsend({ jobId: 'report' });`,
        'send.js': `${IMPORT} const queue = new Queue('reports'); export const send = (options) => queue.add('report', {}, options);`,
      },
      { line: 2, messageId: 'sticky' },
    ],
    [
      'a wrapper that has the id, there alone',
      {
        'a.js': `import { send } from './send.js';\nsend({ day: 1 });`,
        'send.js': `${IMPORT} const queue = new Queue('reports');\nexport const send = (data) => queue.add('report', data, { jobId: 'report' });`,
      },
      { file: 'send.js', line: 2, messageId: 'sticky' },
    ],
    [
      'the look for another job',
      bare(`await queue.getJob('other');\nawait queue.add('report', {}, { jobId: 'report' });`),
      { line: 3, messageId: 'sticky' },
    ],
  ],
});
