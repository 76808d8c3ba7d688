import { testRule } from '../support/rule-cases.ts';

const on = (body: string, more = ''): string =>
  `import { Queue, QueueEvents, Worker } from 'bullmq'; import { PrismaClient } from '@prisma/client'; import axios from 'axios'; import nodemailer from 'nodemailer'; const prisma = new PrismaClient(); const next = new Queue('next'); ${more}\nnew QueueEvents('mail').on('completed', async ({ jobId, returnvalue }) => {\n${body}\n});`;
const repeats = { line: 3, messageId: 'repeats' };

testRule('no-side-effect-in-queue-events', {
  valid: [
    ['logs, metrics and sockets', on(`console.log(jobId); metrics.inc(); io.to('a').emit('done', jobId);`)],
    [
      'a cache that forgets',
      on(
        `await cache.del(jobId); cached.delete(jobId);`,
        `import { cache } from './cache.js'; const cached = new Map();`,
      ),
    ],
    [
      'reading',
      on(
        `const row = await prisma.order.findFirst({ where: { jobId } }); await axios.get('https://a'); await fetch('https://a'); io.emit(row);`,
      ),
    ],
    ['an upsert', on(`await prisma.result.upsert({ where: { jobId }, create: { jobId }, update: {} });`)],
    ['an enqueue with an id', on(`await next.add('go', { jobId }, { jobId: 'go-' + jobId });`)],
    [
      'an enqueue with deduplication',
      on(`await next.add('go', { jobId }, { deduplication: { id: jobId } });`),
    ],
    [
      'a listener of a worker',
      `import { Worker } from 'bullmq'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); new Worker('a', './p.js').on('completed', async (job) => { await prisma.result.create({ data: { id: job.id } }); });`,
    ],
    [
      'a processor',
      `import { Worker } from 'bullmq'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); new Worker('a', async (job) => { await prisma.result.create({ data: { id: job.id } }); });`,
    ],
    [
      'another emitter',
      on(`log(jobId);`) + `\nbus.on('completed', async () => { await prisma.result.create({ data: {} }); });`,
    ],
    [
      'a set, and a method of something unknown',
      on(
        `seen.add(jobId); await store.create(jobId);`,
        `import { store } from 'store'; const seen = new Set();`,
      ),
    ],
    [
      'what one replica claims for itself',
      on(
        `const isFirst = await redis.set('done:' + jobId, '1', 'EX', 60, 'NX');\nif (!isFirst) return;\nawait prisma.result.create({ data: { jobId } });`,
        `import Redis from 'ioredis'; const redis = new Redis();`,
      ),
    ],
    ['broken code', on(`next.add(); axios.post; prisma[x](); fetch();`.replace('next.add();', ''))],
    ['tests', { 'a.test.js': on(`await prisma.result.create({ data: { jobId } });`) }],
  ],
  invalid: [
    [
      'a state that every replica finds alike',
      on(
        `const row = await prisma.result.findFirst({ where: { jobId, status: 'done' } });\nif (row) return;\nawait prisma.result.create({ data: { jobId } });`,
      ),
      { ...repeats, line: 5 },
    ],
    ['a row', on(`await prisma.result.create({ data: { jobId, returnvalue } });`), repeats],
    [
      'a changed row',
      on(`await prisma.order.update({ where: { id: returnvalue }, data: { done: true } });`),
      repeats,
    ],
    ['a mail', on(`await nodemailer.createTransport({}).sendMail({ to: returnvalue });`), repeats],
    ['a request that changes something', on(`await axios.post('https://a', { jobId });`), repeats],
    ['fetch with a method', on(`await fetch('https://a', { method: 'POST', body: jobId });`), repeats],
    ['an enqueue', on(`await next.add('go', { id: returnvalue });`), repeats],
    [
      'a helper of another file',
      {
        'a.js': on(`await record(jobId);`, `import { record } from './record.js';`),
        'record.js': `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); export async function record(id) { await prisma.result.create({ data: { id } }); }`,
      },
      { ...repeats, says: 'record (record.js:1)' },
    ],
    [
      'a promise that is caught',
      on(`prisma.result.create({ data: { jobId } }).catch(console.error);`),
      repeats,
    ],
    [
      'a method of NestJS',
      {
        'a.ts': `import { QueueEventsHost, QueueEventsListener, OnQueueEvent } from '@nestjs/bullmq';\nimport { PrismaClient } from '@prisma/client';\n@QueueEventsListener('mail')\nexport class Mails extends QueueEventsHost {\n  constructor(private readonly prisma: PrismaClient) { super(); }\n  @OnQueueEvent('completed')\n  async onCompleted(event: { jobId: string }) {\n    await this.prisma.result.create({ data: event });\n  }\n}`,
      },
      { line: 8, messageId: 'repeats' },
    ],
    [
      'CommonJS',
      `const { Queue, QueueEvents } = require('bullmq'); const next = new Queue('next');\nnew QueueEvents('mail').on('failed', ({ jobId }) => {\n  next.add('refund', { jobId: jobId.x }.y);\n});`.replace(
        '{ jobId: jobId.x }.y',
        '{ id: 1 }',
      ),
      repeats,
      { sourceType: 'commonjs' },
    ],
  ],
});
