import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Worker, Queue, QueueEvents } from 'bullmq'; import axios from 'axios'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();`;
const processor = (body: string) =>
  `${IMPORT}\nnew Worker('reports', async (job) => {\n${body}\n}, { connection: {} });`;
const RECORDS = processor(`return prisma.order.findMany({ where: { day: job.data.day } });`);
const NEST = `import { Processor, WorkerHost, OnWorkerEvent } from '@nestjs/bullmq'; import { PrismaClient } from '@prisma/client';`;

testRule('no-stored-result', {
  valid: [
    ['nothing that is returned', processor(`await prisma.order.findMany({});`)],
    [
      'a return without a value',
      processor(`if (!job.data.day) return; await prisma.order.create({ data: {} });`),
    ],
    [
      'texts, numbers and what is made of them',
      processor(
        `const rows = await prisma.order.findMany({}); return { ok: true, count: rows.length, day: job.data.day };`,
      ),
    ],
    [
      'a field of a record',
      processor(
        `const order = await prisma.order.findUnique({ where: { id: 1 } }); return { number: order.number };`,
      ),
    ],
    [
      'a field of a response',
      processor(`const { data } = await axios.post('https://x.example'); return { id: data.id };`),
    ],
    ['a count', processor(`return prisma.order.updateMany({ data: {} });`)],
    ['named fields of a record', processor(`return prisma.order.findFirst({ select: { id: true } });`)],
    [
      'a list of ids that is made of records',
      processor(`const rows = await prisma.order.findMany({}); return rows.map((row) => row.id);`),
    ],
    ['a value that cannot be seen', processor(`return load(job.data.day);`)],
    [
      'random bytes',
      `import crypto from 'node:crypto'; import { Worker } from 'bullmq'; new Worker('a', async () => ({ salt: crypto.randomBytes(8) }));`,
    ],
    [
      'a function that takes a job and is a step of a processor',
      `import type { Job } from 'bullmq'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export async function load(job: Job) { return prisma.order.findMany({}); }`,
    ],
    [
      'a result that other code asks its job for',
      `${RECORDS}\nconst queue = new Queue('reports'); export const read = async (id) => (await queue.getJob(id)).returnvalue;`,
    ],
    [
      'a helper that waits',
      {
        'a.js': RECORDS,
        'wait.js': `export async function result(job, events) { return job.waitUntilFinished(events); }`,
        'run.js': `import { Queue } from 'bullmq'; import { result } from './wait.js'; const queue = new Queue('reports'); export const run = async (events) => result(await queue.add('x', {}), events);`,
      },
    ],
    [
      'a result that is read where the queue is not known',
      {
        'a.js': RECORDS,
        'read.js': `export const view = ({ id, returnvalue }) => ({ id, result: returnvalue });`,
      },
    ],
    [
      'a result that is waited for',
      `${RECORDS}\nexport async function run() { const job = await new Queue('reports').add('x', {}); return job.waitUntilFinished(new QueueEvents('reports')); }`,
    ],
    [
      'a listener of the worker that takes the result',
      `${IMPORT}\nconst worker = new Worker('reports', async () => prisma.order.findMany({})); worker.on('completed', (job, result) => { push(result); });`,
    ],
    [
      'a listener that cannot be seen',
      `${IMPORT}\nimport { onDone } from './on-done.js'; const worker = new Worker('reports', async () => prisma.order.findMany({})); worker.on('completed', onDone);`,
    ],
    [
      'queue events with the result',
      `${RECORDS}\nnew QueueEvents('reports').on('completed', ({ jobId, returnvalue }) => push(jobId, returnvalue));`,
    ],
    [
      'queue events that are passed on as they are',
      `${RECORDS}\nnew QueueEvents('reports').on('completed', (event) => push(event));`,
    ],
    [
      'the result of a child that its parent reads',
      {
        'a.js': RECORDS,
        'flow.js': `import { FlowProducer, Worker } from 'bullmq'; new FlowProducer().add({ name: 'all', queueName: 'all', children: [{ name: 'r', queueName: 'reports' }] }); new Worker('all', async (job) => { await job.getChildrenValues(); });`,
      },
    ],
    [
      'a child by its parent option',
      {
        'a.js': RECORDS,
        'flow.js': `import { Queue, Worker } from 'bullmq'; new Queue('x').add('r', {}, { parent: { id: '1', queue: 'bull:all' } }); new Worker('all', async (job) => { await job.getChildrenValues(); });`,
      },
    ],
    [
      'Bull, whose result is waited for',
      `import Queue from 'bull'; import axios from 'axios'; const queue = new Queue('pages'); queue.process(async () => (await axios.get('https://x.example')).data); export const run = async () => { const job = await queue.add({}); return job.finished(); };`,
    ],
    [
      'a NestJS listener that takes the result',
      `${NEST} @Processor('reports') export class Reports extends WorkerHost { constructor(private prisma: PrismaClient) { super(); } async process() { return this.prisma.order.findMany({}); } @OnWorkerEvent('completed') done(job: unknown, result: unknown) { push(result); } }`,
    ],
    [
      'a processor whose result somebody has without the queue',
      `${IMPORT}\nasync function report() { return prisma.order.findMany({}); } new Worker('reports', report); export const now = async () => { const rows = await report(); send(rows); };`,
    ],
    [
      'a library, whose users may read it',
      { 'package.json': `{ "name": "@acme/reports", "main": "a.js" }`, 'a.js': RECORDS },
    ],
    [
      'a worker whose queue is not known, beside a reader of another queue',
      `${IMPORT}\nnew Worker(process.env.QUEUE, async () => prisma.order.findMany({})); const queue = new Queue('mail'); export const read = async (id) => (await queue.getJob(id)).returnvalue;`,
    ],
  ],
  invalid: [
    [
      'records',
      RECORDS,
      {
        line: 3,
        messageId: 'stored',
        says: 'a list of Prisma records',
        suggest: 'await prisma.order.findMany({ where: { day: job.data.day } });',
      },
    ],
    [
      'a record by its name',
      processor(`const order = await prisma.order.create({ data: {} });\nreturn order;`),
      { line: 4, messageId: 'stored', says: '(`order`)', suggest: 'return;' },
    ],
    [
      'a return on the way',
      processor(
        `if (job.data.draft) {\nreturn await prisma.order.create({ data: {} });\n}\nawait publish();`,
      ),
      { line: 4, messageId: 'stored', suggest: 'await prisma.order.create({ data: {} }); return;' },
    ],
    [
      'a record among small things',
      processor(`const order = await prisma.order.findFirst({});\nreturn { ok: true, order };`),
      { line: 4, messageId: 'stored', suggest: false },
    ],
    [
      'a record that is spread',
      processor(`const order = await prisma.order.findFirst({});\nreturn { ok: true, ...order };`),
      { line: 4, messageId: 'stored' },
    ],
    [
      'several, once a return',
      processor(
        `const [a, b] = [await prisma.order.findMany({}), await prisma.user.findMany({})];\nconst users = await prisma.user.findMany({}); const orders = await prisma.order.findMany({});\nreturn {\nusers,\norders };`,
      ),
      { line: 6, messageId: 'stored' },
    ],
    [
      'the body of a response',
      processor(`const { data } = await axios.get('https://x.example');\nreturn data;`),
      { line: 4, messageId: 'stored', says: 'the body of a response' },
    ],
    [
      'the body of a fetched response',
      processor(
        `const response = await fetch('https://x.example');\nreturn { status: response.status, body: await response.json() };`,
      ),
      { line: 4, messageId: 'stored' },
    ],
    [
      'a whole response',
      processor(`return axios.post('https://x.example', job.data);`),
      { line: 3, messageId: 'stored', says: 'a whole response' },
    ],
    [
      'a file',
      processor(
        `const { readFile } = await import('node:fs/promises');\nreturn readFile('/srv/report.html', 'utf8');`,
      ),
      { line: 4, messageId: 'stored', says: 'the content of a file' },
    ],
    [
      'a text that is made of records',
      processor(`return JSON.stringify(await prisma.order.findMany({}));`),
      { line: 3, messageId: 'stored' },
    ],
    [
      'what a service returns',
      {
        'a.js': `import { Worker } from 'bullmq'; import { build } from './service.js';\nnew Worker('reports', (job) => build(job.data.day));`,
        'service.js': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export async function build(day) { const rows = await prisma.order.findMany({ where: { day } }); return { day, rows }; }`,
      },
      { line: 2, messageId: 'stored' },
    ],
    [
      'a wait that does not look at the result',
      `${RECORDS}\nexport async function run() { const job = await new Queue('reports').add('x', {}); await job.waitUntilFinished(new QueueEvents('reports')); }`,
      { line: 3, messageId: 'stored' },
    ],
    [
      'a listener that only counts',
      `${IMPORT}\nconst worker = new Worker('reports', async () => prisma.order.findMany({})); worker.on('completed', (job) => { log(job.id); });`,
      { line: 2, messageId: 'stored' },
    ],
    [
      'a listener of the result of another queue',
      `${RECORDS}\nconst other = new Worker('mail', run); other.on('completed', (job, result) => { log(result); });`,
      { line: 3, messageId: 'stored' },
    ],
    [
      'a read of another queue',
      `${RECORDS}\nconst queue = new Queue('mail'); export const read = async (id) => (await queue.getJob(id)).returnvalue;`,
      { line: 3, messageId: 'stored' },
    ],
    [
      'a helper that waits for jobs of another queue',
      {
        'a.js': RECORDS,
        'wait.js': `export async function result(job, events) { return job.waitUntilFinished(events); }`,
        'mail.js': `import { Queue } from 'bullmq'; import { result } from './wait.js'; const queue = new Queue('mail'); export const run = async (events) => result(await queue.add('x', {}), events);`,
      },
      { line: 3, messageId: 'stored' },
    ],
    [
      'a parent that reads children of other queues',
      {
        'a.js': RECORDS,
        'flow.js': `import { FlowProducer, Worker } from 'bullmq'; new FlowProducer().add({ name: 'all', queueName: 'all', children: [{ name: 'r', queueName: 'parts' }] }); new Worker('all', async (job) => { await job.getChildrenValues(); });`,
      },
      { line: 3, messageId: 'stored' },
    ],
    [
      'removal on completion, which leaves the events',
      `${IMPORT}\nnew Worker('reports', async () => prisma.order.findMany({}), { removeOnComplete: { count: 0 } });`,
      { line: 2, messageId: 'stored' },
    ],
    [
      'a NestJS processor',
      `${NEST}\n@Processor('reports') export class Reports extends WorkerHost { constructor(private prisma: PrismaClient) { super(); }\nasync process() { return this.prisma.order.findMany({}); } @OnWorkerEvent('completed') done(job: unknown) { log(job); } }`,
      { line: 3, messageId: 'stored' },
    ],
    [
      'Bull',
      `import Queue from 'bull'; import axios from 'axios'; const queue = new Queue('pages');\nqueue.process(async () => (await axios.get('https://x.example')).data);`,
      { line: 2, messageId: 'stored' },
    ],
    [
      'a private package',
      { 'package.json': `{ "name": "shop", "private": true, "main": "a.js" }`, 'a.js': RECORDS },
      { line: 3, messageId: 'stored' },
    ],
    [
      'a package that is started, although it has a main',
      {
        'package.json': `{ "name": "shop", "main": "a.js", "scripts": { "start": "node a.js" } }`,
        'a.js': RECORDS,
      },
      { line: 3, messageId: 'stored' },
    ],
  ],
});
