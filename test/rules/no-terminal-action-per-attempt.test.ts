import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Worker, Queue, QueueEvents, UnrecoverableError } from 'bullmq'; import nodemailer from 'nodemailer'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); const mailer = nodemailer.createTransport({});`;
const RETRIED = `${IMPORT} const queue = new Queue('ship', { defaultJobOptions: { attempts: 3 } }); const worker = new Worker('ship', run); export const ship = (id) => queue.add('ship', { id });`;
const ONCE = `${IMPORT} const queue = new Queue('ship'); const worker = new Worker('ship', run); export const ship = (id) => queue.add('ship', { id }, { attempts: 1 });`;
const MARK = `await prisma.order.update({ where: { id: job.data.id }, data: { status: 'failed' } });`;
const failed = (body: string) => `${RETRIED}\nworker.on('failed', async (job, error) => {\n${body}\n});`;
const NEST = `import { Processor, WorkerHost, OnWorkerEvent, BullModule, InjectQueue } from '@nestjs/bullmq'; import type { Job, Queue } from 'bullmq'; import { PrismaClient } from '@prisma/client';`;
const REGISTERED = `export const queues = BullModule.registerQueue({ name: 'ship', defaultJobOptions: { attempts: 3 } }); export class Shop { constructor(@InjectQueue('ship') private queue: Queue) {} add() { return this.queue.add('x', {}); } }`;

testRule('no-terminal-action-per-attempt', {
  valid: [
    ['logs', failed(`console.error('failed', job?.id, error); logger.warn({ attempt: job?.attemptsMade });`)],
    [
      'what is told to a monitor',
      failed(`Sentry.captureException(error); metrics.failed.inc(); await tracker.recordFailure(job.id);`),
    ],
    ['a check of finishedOn', failed(`if (job?.finishedOn) ${MARK}`)],
    ['an early return', failed(`if (!job?.finishedOn) return;\n${MARK}`)],
    ['a comparison of the attempts', failed(`if (job.attemptsMade >= job.opts.attempts) { ${MARK} }`)],
    [
      'a comparison by a name',
      failed(`const done = job.attemptsMade >= (job.opts.attempts ?? 1); if (done) { ${MARK} }`),
    ],
    ['a kind of error', failed(`if (error instanceof UnrecoverableError) { ${MARK} }`)],
    ['the state of the job', failed(`if ((await job.getState()) === 'failed') { ${MARK} }`)],
    ['a helper that checks', failed(`if (isFinalFailure(job)) { ${MARK} }`)],
    [
      'a function that checks by itself',
      `${failed(`await giveUp(job);`)} async function giveUp(job) { if (job.attemptsMade < job.opts.attempts) return; ${MARK} }`,
    ],
    [
      'a short circuit',
      failed(
        `job.finishedOn && (await prisma.order.update({ where: { id: 1 }, data: { status: 'failed' } }));`,
      ),
    ],
    [
      'a record for each attempt',
      failed(
        `await prisma.failure.create({ data: { jobId: job.id, attempt: job.attemptsMade, message: error.message } });`,
      ),
    ],
    [
      'a list of failures',
      failed(`await prisma.jobLog.create({ data: { jobId: job.id, message: error.message } });`),
    ],
    [
      'a state that says that the work goes on',
      failed(`await prisma.order.update({ where: { id: job.data.id }, data: { status: 'retrying' } });`),
    ],
    [
      'a count of errors',
      failed(`await prisma.order.update({ where: { id: 1 }, data: { touchedAt: new Date() } });`),
    ],
    ['jobs that are tried once', `${ONCE}\nworker.on('failed', async (job) => { ${MARK} });`],
    [
      'jobs without attempts',
      `${IMPORT} const queue = new Queue('ship'); export const ship = () => queue.add('ship', {}); new Worker('ship', run).on('failed', async (job) => { ${MARK} });`,
    ],
    [
      'a queue that is not seen',
      `${IMPORT} new Worker('ship', run).on('failed', async (job) => { ${MARK} });`,
    ],
    [
      'queue events, which tell of the end alone',
      `${RETRIED}\nnew QueueEvents('ship').on('failed', async (job) => { ${MARK} });`,
    ],
    ['a message to another thread', failed(`parentPort.postMessage({ cmd: 'metrics', key: 'failed' });`)],
    ['another event', `${RETRIED}\nworker.on('completed', async (job) => { ${MARK} });`],
    [
      'a reading function',
      failed(
        `const order = await prisma.order.findUnique({ where: { id: job.data.id } }); console.error(order?.number);`,
      ),
    ],
    [
      'a NestJS listener that checks',
      `${NEST} ${REGISTERED} @Processor('ship') export class Ship extends WorkerHost { constructor(private prisma: PrismaClient) { super(); } async process() {} @OnWorkerEvent('failed') async onFailed(job: Job) { if (!job.finishedOn) return; await this.prisma.order.update({ where: { id: 1 }, data: { status: 'FAILED' } }); } }`,
    ],
    [
      'a global listener of Bull, which tells of the end alone',
      `import Bull from 'bull'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); const queue = new Bull('ship', { defaultJobOptions: { attempts: 3 } }); queue.add({}); queue.on('global:failed', async (job) => { ${MARK} });`,
    ],
  ],
  invalid: [
    [
      'a record that is marked as failed',
      failed(MARK),
      { line: 3, messageId: 'early', says: 'up to 3 times', suggest: `if (job?.finishedOn) { ${MARK} }` },
    ],
    [
      'a mail',
      failed(`await mailer.sendMail({ to: 'ops@shop.example', subject: 'failed' });`),
      { line: 3, messageId: 'early', says: 'job.finishedOn' },
    ],
    [
      'a dead-letter queue',
      failed(`await new Queue('dead').add('ship', job.data, { jobId: job.id });`),
      { line: 3, messageId: 'early' },
    ],
    [
      'a person who is told by a function that cannot be seen',
      failed(`await notifyCustomer(job.data.id);`),
      { line: 3, messageId: 'early', says: 'notifyCustomer()' },
    ],
    [
      'money that is given back',
      `${RETRIED} import { payments } from '@acme/payments';\nworker.on('failed', (job) => payments.refund(job.data.id));`,
      { line: 2, messageId: 'early' },
    ],
    [
      'a helper',
      `${failed(`console.error(error);\nawait giveUp(job.data.id);`)} async function giveUp(id) {\nawait prisma.order.update({ where: { id }, data: { status: 'failed' } }); }`,
      { line: 6, messageId: 'early', says: 'giveUp' },
    ],
    [
      'what follows a check that does not end the function',
      failed(`if (job.finishedOn) { console.error('gone'); }\n${MARK}`),
      { line: 4, messageId: 'early' },
    ],
    ['a check of the job alone', failed(`if (!job) return;\n${MARK}`), { line: 4, messageId: 'early' }],
    [
      'several, once a listener',
      failed(`${MARK}\nawait notifyCustomer(job.data.id);`),
      { line: 3, messageId: 'early' },
    ],
    [
      'the options of the call',
      `${IMPORT} const queue = new Queue('ship'); export const ship = () => queue.add('ship', {}, { attempts: 5 });\nnew Worker('ship', run).on('failed', async (job) => { ${MARK} });`,
      { line: 2, messageId: 'early', says: 'up to 5 times' },
    ],
    [
      'a listener in a loop over workers',
      `${RETRIED} const other = new Worker('other', run);\nfor (const one of [worker, other]) one.on('failed', async (job) => { ${MARK} });`,
      { line: 2, messageId: 'early' },
    ],
    [
      'a queue that is not seen, on demand',
      `${IMPORT}\nnew Worker('ship', run).on('failed', async (job) => { ${MARK} });`,
      { line: 2, messageId: 'early', says: 'once for each of them' },
      { options: { reportUnknown: true } },
    ],
    [
      'a NestJS listener',
      `${NEST} ${REGISTERED} @Processor('ship') export class Ship extends WorkerHost { constructor(private prisma: PrismaClient) { super(); } async process() {} @OnWorkerEvent('failed') async onFailed(job: Job) {\nawait this.prisma.order.update({ where: { id: 1 }, data: { status: 'FAILED' } }); } }`,
      {
        line: 2,
        messageId: 'early',
        suggest: `if (job?.finishedOn) { await this.prisma.order.update({ where: { id: 1 }, data: { status: 'FAILED' } }); } } }`,
      },
    ],
    [
      'Bull',
      `import Bull from 'bull'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); const queue = new Bull('ship', { defaultJobOptions: { attempts: 3 } }); queue.add({});\nqueue.on('failed', async (job) => { ${MARK} });`,
      { line: 2, messageId: 'early', says: 'has reached', suggest: false },
    ],
  ],
});
