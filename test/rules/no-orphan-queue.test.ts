import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Worker, Queue, FlowProducer } from 'bullmq'; import { run } from './run.js';`;
const PAIR = `${IMPORT} const mail = new Queue('mail'); new Worker('mail', run);`;
const NEST = `import { BullModule, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq'; import { Module } from '@nestjs/common';`;

testRule('no-orphan-queue', {
  valid: [
    ['a queue with a worker', PAIR],
    [
      'a worker in another file, by a constant',
      {
        'a.js': `${IMPORT} import { MAIL } from './names.js'; export const mail = new Queue(MAIL);`,
        'names.js': `export const MAIL = 'mail'; export const NAMES = { sms: 'sms' };`,
        'worker.js': `${IMPORT} import { MAIL } from './names.js'; new Worker(MAIL, run);`,
      },
    ],
    ['a project without workers: they are another service', `${IMPORT} new Queue('mail'); new Queue('sms');`],
    ['a project without queues: another service adds the jobs', `${IMPORT} new Worker('mail', run);`],
    ['a worker whose name is not known', `${PAIR} new Queue('sms'); new Worker(process.env.QUEUE, run);`],
    [
      'a worker whose name is put together',
      `${PAIR} new Queue('sms-eu'); new Worker(\`sms-\${region}\`, run);`,
    ],
    [
      'a queue whose name is not known',
      `${PAIR} new Worker('sms', run); export const make = (name) => new Queue(name);`,
    ],
    [
      'workers for a list of names',
      `${PAIR} new Queue('sms'); for (const name of names()) new Worker(name, run);`,
    ],
    [
      'a worker that a helper makes',
      {
        'a.js': `${IMPORT} import { work } from './work.js'; new Queue('mail'); work('mail', run);`,
        'work.js': `import { Worker } from 'bullmq'; export const work = (name, fn) => new Worker(name, fn);`,
      },
    ],
    [
      'a queue that a helper makes',
      {
        'a.js': `import { Worker } from 'bullmq'; import { queue } from './queue.js'; queue('mail'); new Worker('mail', async () => {});`,
        'queue.js': `import { Queue } from 'bullmq'; export const queue = (name) => new Queue(name);`,
      },
    ],
    [
      'a worker of a flow',
      `${PAIR} new Worker('sms', run); new FlowProducer().add({ name: 'x', queueName: 'sms' });`,
    ],
    [
      'a library',
      { 'a.js': `${PAIR} new Queue('sms');`, 'package.json': '{"name":"lib","main":"index.js"}' },
    ],
    ['a dead letter queue', `${PAIR} new Queue('mail-dead-letter'); new Queue('mail-dlq');`],
    [
      'a name that is ignored',
      `${PAIR} new Queue('sms'); new Queue('eu.mail');`,
      { options: { ignore: ['sms', 'eu.*'] } },
    ],
    [
      'Nest',
      {
        'a.ts': `${NEST} @Module({ imports: [BullModule.registerQueue({ name: 'mail' }, { name: 'sms' })] }) export class App {}`,
        'b.ts': `${NEST} @Processor('mail') export class Mail extends WorkerHost { async process() {} } @Processor({ name: 'sms' }) export class Sms extends WorkerHost { async process() {} }`,
      },
    ],
    [
      'a Nest queue that a package registers',
      {
        'a.ts': `${NEST} @Module({ imports: [BullModule.registerQueue({ name: 'mail' })] }) export class App {}`,
        'b.ts': `${NEST} @Processor('mail') export class Mail extends WorkerHost { async process() {} } @Processor('sms') export class Sms extends WorkerHost { async process() {} } export class S { constructor(@InjectQueue('sms') private q) {} }`,
      },
    ],
    [
      'the packages of a monorepo, by the enum of one of them',
      {
        'package.json': '{ "name": "shop", "private": true, "workspaces": ["packages/*"] }',
        'packages/names/package.json': '{ "name": "@shop/names", "private": true, "main": "index.ts" }',
        'packages/names/index.ts': `export enum Names { Mail = 'mail' } export const PREFIX = 'shop';`,
        'packages/api/package.json': '{ "name": "@shop/api", "private": true }',
        'packages/api/a.ts': `${IMPORT} import { Names, PREFIX } from '../names'; export const mail = new Queue(Names.Mail); new Queue(\`\${PREFIX}-sms\`);`,
        'packages/worker/package.json': '{ "name": "@shop/worker", "private": true }',
        'packages/worker/worker.ts': `${IMPORT} new Worker('mail', run); new Worker('shop-sms', run);`,
      },
    ],
    [
      'a prefix of the environment on one side',
      `${PAIR} new Queue(\`\${process.env.PREFIX}-sms\`); new Worker('eu-sms', run);`,
    ],
    [
      'a prefix of the environment on both sides',
      `${PAIR} const PREFIX = process.env.PREFIX; new Queue(PREFIX + '-sms'); new Worker(\`\${PREFIX}-sms\`, run);`,
    ],
    [
      'queues that are made for each tenant',
      `${PAIR} const queues = new Map(); export const of = (tenant) => queues.get(tenant) ?? new Queue('tenant-' + tenant); new Worker('tenant-a', run);`,
    ],
    ['Bull', `import Queue from 'bull'; const queue = new Queue('mail'); queue.process(run);`],
    ['broken code', `${IMPORT} new Queue(); new Worker(); new Queue(...x);`],
  ],
  invalid: [
    [
      'a queue without a worker',
      `${PAIR}\nnew Queue('sms');`,
      { line: 2, messageId: 'unused', says: '`sms`' },
    ],
    [
      'a queue without a worker that is fed',
      `${PAIR}\nconst sms = new Queue('sms'); sms.add('a', {});`,
      { line: 2, messageId: 'noWorker', says: '`sms`' },
    ],
    [
      'a queue without a worker that a flow may feed',
      `${PAIR}\nnew Queue('sms'); new FlowProducer().add({ name: 'a', queueName: job.queue });`,
      { line: 2, messageId: 'noWorker', says: '`sms`' },
    ],
    ['a worker without a queue', `${PAIR}\nnew Worker('sms', run);`, { line: 2, messageId: 'noQueue' }],
    [
      'a letter too few, told of once',
      `${IMPORT} new Queue('mail'); new Worker('mail', run);\nnew Queue('emails');\nnew Worker('email', run);`,
      { line: 2, messageId: 'queueTypo', says: '`email`' },
    ],
    ['letters that changed places', `${PAIR}\nnew Queue('mial');`, { line: 2, messageId: 'queueTypo' }],
    ['a worker with a slip', `${PAIR}\nnew Worker('Mail', run);`, { line: 2, messageId: 'workerTypo' }],
    ['numbers are no slip', `${PAIR}\nnew Queue('mail2');`, { line: 2, messageId: 'unused' }],
    [
      'another file',
      {
        'a.js': `${IMPORT}\nexport const queue = new Queue('emial-jobs');`,
        'worker.js': `${IMPORT} new Worker('email-jobs', run);`,
      },
      { line: 2, messageId: 'queueTypo' },
    ],
    [
      'CommonJS',
      {
        'a.cjs': `const { Queue } = require('bullmq'); module.exports = new Queue('orders');`,
        'worker.cjs': `const { Worker } = require('bullmq'); new Worker('order', './p.js');`,
      },
      { file: 'a.cjs', line: 1, messageId: 'queueTypo' },
    ],
    [
      'a queue that several files open',
      { 'a.js': `${PAIR}\nnew Queue('sms');`, 'b.js': `${IMPORT} new Queue('sms');` },
      { line: 2, messageId: 'unused' },
    ],
    [
      'a name that another pattern cannot be',
      `${PAIR} new Worker(\`eu-\${id}\`, run);\nnew Queue('sms');`,
      { line: 2, messageId: 'unused' },
    ],
    [
      'a helper, at the name that it is given',
      {
        'a.js': `import { Worker } from 'bullmq'; import { queue } from './queue.js';\nqueue('mail'); new Worker('mail', async () => {});\nqueue('sms');`,
        'queue.js': `import { Queue } from 'bullmq'; export const queue = (name) => new Queue(name);`,
      },
      { line: 3, messageId: 'unused' },
    ],
    [
      'a package of a monorepo whose worker is in none of them',
      {
        'package.json': '{ "name": "shop", "private": true, "workspaces": ["packages/*"] }',
        'packages/names/package.json': '{ "name": "@shop/names", "private": true, "main": "index.ts" }',
        'packages/names/index.ts': `export enum Names { Mail = 'mail', Sms = 'sms' }`,
        'packages/api/package.json': '{ "name": "@shop/api", "private": true }',
        'packages/api/a.ts': `${IMPORT} import { Names } from '../names';\nnew Queue(Names.Mail);\nnew Queue(Names.Sms);`,
        'packages/worker/package.json': '{ "name": "@shop/worker", "private": true }',
        'packages/worker/worker.ts': `${IMPORT} import { Names } from '../names'; new Worker(Names.Mail, run);`,
      },
      { file: 'packages/api/a.ts', line: 3, messageId: 'unused', says: '`sms`' },
    ],
    [
      'a private package with a main file',
      { 'a.js': `${PAIR}\nnew Queue('sms');`, 'package.json': '{"name":"app","private":true,"main":"a.js"}' },
      { line: 2, messageId: 'unused' },
    ],
    [
      'Nest',
      {
        'a.ts': `${NEST}\n@Module({ imports: [BullModule.registerQueue({ name: 'mail' },\n{ name: 'sms' })] }) export class App {}`,
        'b.ts': `${NEST} @Processor('mail') export class Mail extends WorkerHost { async process() {} }`,
      },
      { line: 3, messageId: 'unused' },
    ],
    [
      'a Nest class of Bull that only listens',
      {
        'a.ts': `import { BullModule, Process, Processor } from '@nestjs/bull'; import { Module } from '@nestjs/common';\n@Module({ imports: [BullModule.registerQueue({ name: 'mail' },\n{ name: 'sms' })] }) export class App {}`,
        'b.ts': `import { OnQueueFailed, Process, Processor } from '@nestjs/bull'; @Processor('mail') export class Mail { @Process() async run() {} } @Processor('sms') export class Sms { @OnQueueFailed() onFailed() {} }`,
      },
      { line: 3, messageId: 'unused' },
    ],
  ],
});
