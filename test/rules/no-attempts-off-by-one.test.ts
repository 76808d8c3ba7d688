import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker, QueueEvents, Queue, Job } from 'bullmq';`;
/** The body begins in line 3. */
const worker = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job) => {\n${body}\n});`;
const failed = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', null).on('failed', async (job, error) => {\n${body}\n});`;
const guarded = (test: string): string =>
  `try { await send(job.data); } catch (error) {\nif (${test}) await refund(job);\nthrow error;\n}`;
const bullmq = (version: string): string => JSON.stringify({ dependencies: { bullmq: version } });

testRule('no-attempts-off-by-one', {
  valid: [
    ['the running attempt is counted', worker(guarded('job.attemptsMade + 1 >= (job.opts.attempts ?? 1)'))],
    ['the other way round', worker(guarded('(job.opts.attempts ?? 1) <= job.attemptsMade + 1'))],
    ['one less than the attempts', worker(guarded('job.attemptsMade >= job.opts.attempts - 1'))],
    ['not yet the last', worker(guarded('job.attemptsMade < (job.opts.attempts || 1) - 1'))],
    [
      'the next attempt by a name',
      worker(
        `const attempt = job.attemptsMade + 1;\nconst max = job.opts.attempts ?? 3;\nif (attempt === max) await refund(job);`,
      ),
    ],
    [
      'attempts that are left',
      worker(
        'const left = job.opts.attempts - (job.attemptsMade + 1);\nif (left === 0) await refund(job);\nif (job.opts.attempts - job.attemptsMade <= 1) await refund(job);',
      ),
    ],
    ['a test for a retry', worker('if (job.attemptsMade > 0) log();')],
    [
      'a limit of its own',
      worker(
        'if (job.attemptsMade >= 3) return giveUp();\nif (job.attemptsMade < LIMIT) log();',
        'const LIMIT = 5;',
      ),
    ],
    ['attempts that were started', worker('if (job.attemptsStarted >= job.opts.attempts) log();')],
    [
      'a message',
      worker(
        'console.log(`attempt ${job.attemptsMade} of ${job.opts.attempts}`);\nlog(job.attemptsMade, job.opts.attempts);',
      ),
    ],
    ['the sum of both', worker('if (job.attemptsMade + job.opts.attempts > 9) log();')],
    [
      'the next attempt in a helper',
      worker(
        'if (isLast(job)) await refund(job);',
        'const isLast = ({ attemptsMade, opts }) => attemptsMade + 1 >= (opts.attempts ?? 1);',
      ),
    ],
    [
      'the next attempt as an argument',
      worker(
        'if (isLast(job.attemptsMade + 1, job.opts.attempts)) await refund(job);',
        'const isLast = (made, max) => made >= max;',
      ),
    ],
    [
      'another job',
      worker(
        'const other = await queue.getJob(job.data.id);\nif (other.attemptsMade >= other.opts.attempts) await alarm();',
        `const queue = new Queue('b');`,
      ),
    ],
    ['finishedOn in a listener', failed('if (job?.finishedOn) await alarm(job);')],
    [
      'finishedOn beside it',
      failed('if (job.finishedOn || job.attemptsMade >= job.opts.attempts) await alarm(job);'),
    ],
    [
      'a listener that looks for the other causes too',
      failed(
        `if (job.attemptsMade >= job.opts.attempts || error instanceof UnrecoverableError) await alarm(job);`,
        `import { UnrecoverableError } from 'bullmq';`,
      ),
    ],
    [
      'a listener of another event',
      `${IMPORTS}\nnew Worker('mail', null).on('completed', (job) => { if (job.attemptsMade >= job.opts.attempts) log('just so'); });`,
    ],
    [
      'a list of jobs for a page',
      `${IMPORTS}\nconst queue = new Queue('mail');\nexport const list = async () => (await queue.getFailed()).filter((job) => job.attemptsMade >= job.opts.attempts);`,
    ],
    [
      'what is no job',
      worker('const task = await load(job.data.id);\nif (task.attemptsMade >= task.opts.attempts) return;'),
    ],
    [
      'version 4, which counts an attempt when it begins',
      { 'package.json': bullmq('^4.12.0'), 'a.js': worker(guarded('job.attemptsMade >= job.opts.attempts')) },
    ],
    [
      'odd shapes',
      worker(
        'if (job[name] >= job.opts[name]) log();\nif (job?.attemptsMade >= undefined) log();\nif (#x in job) log();'.replace(
          '#x',
          '"x"',
        ),
      ),
    ],
  ],
  invalid: [
    ...[
      'job.attemptsMade >= job.opts.attempts',
      'job.attemptsMade === job.opts.attempts',
      'job.attemptsMade == job.opts.attempts',
      'job.attemptsMade > job.opts.attempts',
      'job.attemptsMade < job.opts.attempts',
      'job.attemptsMade !== job.opts.attempts',
      'job.attemptsMade <= job.opts.attempts',
    ].map((test): [string, string, { line: number; messageId: string; suggest: string }] => [
      test,
      worker(guarded(test)),
      {
        line: 4,
        messageId: 'processor',
        suggest: `if (${test.replace('attemptsMade', 'attemptsMade + 1')}) await refund(job);`,
      },
    ]),
    [
      'the other way round',
      worker(guarded('job.opts.attempts <= job.attemptsMade')),
      {
        line: 4,
        messageId: 'processor',
        suggest: 'if (job.opts.attempts <= job.attemptsMade + 1) await refund(job);',
      },
    ],
    [
      'with fallbacks',
      worker(guarded('(job?.attemptsMade ?? 0) >= (job.opts?.attempts || 3)')),
      {
        line: 4,
        messageId: 'processor',
        suggest: 'if (((job?.attemptsMade ?? 0) + 1) >= (job.opts?.attempts || 3)) await refund(job);',
      },
    ],
    [
      'by names',
      worker(
        'const attempts = job.opts.attempts ?? 1;\nconst made = job.attemptsMade;\nconst isLast = made >= attempts;',
      ),
      { line: 5, messageId: 'processor', suggest: 'const isLast = made + 1 >= attempts;' },
    ],
    [
      'taken apart',
      worker('const { attemptsMade, opts: { attempts = 1 } } = job;\nreturn attemptsMade === attempts;'),
      { line: 4, messageId: 'processor' },
    ],
    [
      'taken apart in the parameter',
      `${IMPORTS}\nnew Worker('mail', async ({ attemptsMade, opts }) => {\nif (attemptsMade >= opts.attempts) await refund();\n});`,
      { line: 3, messageId: 'processor' },
    ],
    [
      'attempts that are left',
      worker('const left = job.opts.attempts - job.attemptsMade;\nif (left <= 0) await refund(job);'),
      { line: 4, messageId: 'processor', suggest: false },
    ],
    [
      'a conditional limit',
      worker('if (job.attemptsMade >= (job.opts.attempts ? job.opts.attempts : 1)) await refund(job);'),
      { line: 3, messageId: 'processor' },
    ],
    [
      'types beside it',
      {
        'a.ts': `${IMPORTS}\nconst run = async (job: Job<{ id: string }>): Promise<void> => {\nif (job.attemptsMade >= job.opts.attempts!) await refund(job);\n};\nnew Worker('mail', run);`,
      },
      {
        line: 3,
        messageId: 'processor',
        suggest: 'if (job.attemptsMade + 1 >= job.opts.attempts!) await refund(job);',
      },
    ],
    [
      'a helper of the file: at the comparison',
      worker(
        'if (isLast(job)) await refund(job);',
        'function isLast(task) {\nreturn task.attemptsMade >= task.opts.attempts; }',
      ),
      { line: 2, messageId: 'processor' },
    ],
    [
      'the numbers as arguments',
      worker(
        'if (isLast(job.attemptsMade, job.opts.attempts)) await refund(job);',
        'const isLast = (made, max) =>\nmade >= max;',
      ),
      { line: 2, messageId: 'processor' },
    ],
    [
      'a helper of another file: at the call',
      {
        'a.js': worker('if (isLast(job)) await refund(job);', `import { isLast } from './attempts.js';`),
        'attempts.js': `export const isLast = (job) => job.attemptsMade >= job.opts.attempts;`,
      },
      { line: 3, messageId: 'processor', says: 'attempts.js:1' },
    ],
    [
      'a processor that another file runs',
      {
        'worker.cjs': `const { Worker } = require('bullmq'); const { run } = require('./a.cjs');\nnew Worker('mail', run);`,
        'a.cjs': `exports.run = async (job) => {\nif (job.attemptsMade >= job.opts.attempts) await refund(job);\n};`,
      },
      { file: 'a.cjs', line: 2, messageId: 'processor' },
    ],
    [
      'a helper that takes a job by its type: in its file alone',
      {
        'a.ts': `import type { Job } from 'bullmq';\nexport const isLast = (job: Job) =>\njob.attemptsMade >= (job.opts.attempts ?? 1);`,
        'b.ts': `import { Worker } from 'bullmq'; import { isLast } from './a';\nnew Worker('mail', async (job) => { if (isLast(job)) await refund(job); });`,
      },
      { line: 3, messageId: 'either', suggest: false },
    ],
    [
      'a processor class of Nest and its service',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Job } from 'bullmq'; import { Refunds } from './refunds';\n@Processor('mail')\nexport class Mails extends WorkerHost {\nconstructor(private readonly refunds: Refunds) { super(); }\nasync process(job: Job) {\nconst isLast = job.attemptsMade >= job.opts.attempts;\nawait this.refunds.maybe(job);\n}\n}`,
        'refunds.ts': `export class Refunds { async maybe(job: any) { if (job.attemptsMade === job.opts.attempts) await this.pay(); } async pay() {} }`,
      },
      [
        { line: 6, messageId: 'processor' },
        { line: 7, messageId: 'processor' },
      ],
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail');\nqueue.process(async (job) => {\nif (job.attemptsMade >= job.opts.attempts) await refund(job);\n});`,
      { line: 3, messageId: 'processor' },
    ],
    [
      'version 6',
      { 'package.json': bullmq('^6.0.0'), 'a.js': worker(guarded('job.attemptsMade >= job.opts.attempts')) },
      { line: 4, messageId: 'processor' },
    ],
    [
      'a failed listener',
      failed('if (job.attemptsMade >= job.opts.attempts) await alarm(job);'),
      { line: 3, messageId: 'listener', suggest: 'if (job.finishedOn !== undefined) await alarm(job);' },
    ],
    [
      'a failed listener that leaves early',
      failed('if (job && job.attemptsMade < (job.opts.attempts ?? 1)) return;'),
      { line: 3, messageId: 'listener', suggest: 'if (job && job.finishedOn === undefined) return;' },
    ],
    [
      'a failed listener that may have no job',
      failed('const isFinal = (job?.attemptsMade ?? 0) >= (job?.opts?.attempts ?? 5);'),
      { line: 3, messageId: 'listener', suggest: 'const isFinal = job?.finishedOn !== undefined;' },
    ],
    [
      'a failed listener that counts one too many',
      failed('if (job.attemptsMade + 1 >= job.opts.attempts) await alarm(job);'),
      { line: 3, messageId: 'early' },
    ],
    [
      'a failed listener, one less than the attempts',
      failed('if (job.attemptsMade === job.opts.attempts - 1) await alarm(job);'),
      { line: 3, messageId: 'early' },
    ],
    [
      'before version 5 too',
      {
        'package.json': bullmq('^4.12.0'),
        'a.js': failed('if (job.attemptsMade >= job.opts.attempts) await alarm(job);'),
      },
      { line: 3, messageId: 'listener' },
    ],
    [
      'a named listener',
      `${IMPORTS}\nfunction onFailed(job) {\nif (job.attemptsMade === job.opts.attempts) alarm(job);\n}\nnew Worker('mail', null).on('failed', onFailed);`,
      { line: 3, messageId: 'listener' },
    ],
    [
      'a listener of another file, known there by the file that adds it',
      {
        'a.ts': `import type { Job } from 'bullmq';\nexport function onFailed(job: Job, error: Error) {\nif (job.attemptsMade + 1 >= job.opts.attempts!) alarm(job);\n}`,
        'worker.ts': `import { Worker } from 'bullmq'; import { onFailed } from './a';\nnew Worker('mail', null).on('failed', onFailed);`,
      },
      { line: 3, messageId: 'early' },
    ],
    [
      'a listener of Nest',
      {
        'a.ts': `import { Processor, WorkerHost, OnWorkerEvent } from '@nestjs/bullmq'; import { Job } from 'bullmq';\n@Processor('mail')\nexport class Mails extends WorkerHost {\nasync process(job: Job) {}\n@OnWorkerEvent('failed')\nonFailed(job: Job, error: Error) {\nif (job.attemptsMade >= (job.opts.attempts ?? 1)) this.alarm(job);\n}\n}`,
      },
      { line: 7, messageId: 'listener' },
    ],
    [
      'a listener of Nest for Bull',
      {
        'a.ts': `import { Processor, Process, OnQueueFailed } from '@nestjs/bull'; import { Job } from 'bull';\n@Processor('mail')\nexport class Mails {\n@Process() async run(job: Job) {}\n@OnQueueFailed()\nonFailed(job: Job, error: Error) {\nif (job.attemptsMade >= job.opts.attempts) this.alarm(job);\n}\n}`,
      },
      { line: 7, messageId: 'listener' },
    ],
    [
      'a listener of queue events that fetches the job',
      `${IMPORTS}\nconst queue = new Queue('mail');\nnew QueueEvents('mail').on('failed', async ({ jobId }) => {\nconst job = await queue.getJob(jobId);\nif (job.attemptsMade >= job.opts.attempts) await alarm(job);\n});`,
      { line: 5, messageId: 'listener' },
    ],
    [
      'both in one file',
      `${worker(guarded('job.attemptsMade >= job.opts.attempts'))}\nnew Worker('b', null).on('failed', (job) => { if (job.attemptsMade >= job.opts.attempts) alarm(job); });`,
      [
        { line: 4, messageId: 'processor' },
        { line: 8, messageId: 'listener' },
      ],
    ],
  ],
});
