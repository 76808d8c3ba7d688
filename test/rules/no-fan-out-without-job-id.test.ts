import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Queue, Worker, FlowProducer } from 'bullmq';`;

/** A processor with this body, from the third line on. */
const processor = (body: string): string =>
  `${IMPORT} const queue = new Queue('mails'); const flow = new FlowProducer();\nnew Worker('campaigns', async (job) => {\n${body}\n});`;

testRule('no-fan-out-without-job-id', {
  valid: [
    [
      'items that no later run finds, changed before',
      `import { Queue, Worker } from 'bullmq'; import mongoose from 'mongoose'; const Loan = mongoose.model('Loan', schema); const queue = new Queue('mails'); new Worker('loans', async () => {
const due = await Loan.find({ remindedAt: null }).limit(200).lean().exec();
for (const loan of due) {
  await Loan.updateOne({ _id: loan._id }, { $set: { remindedAt: new Date() } }).exec();
  await queue.add('mail', { id: loan._id });
}
});`,
    ],
    [
      'each item claimed by a query that is run at its end, also in a helper',
      `import { Queue, Worker } from 'bullmq'; import mongoose from 'mongoose'; const Loan = mongoose.model('Loan', schema); const queue = new Queue('mails');
const move = (id, from, to) => Loan.findOneAndUpdate({ _id: id, status: from }, { $set: { status: to } }, { new: true }).lean().exec();
new Worker('loans', async () => {
const due = await Loan.find({ status: 'open' }).exec();
for (const loan of due) {
  const moved = await Loan.findOneAndUpdate({ _id: loan._id, status: 'open' }, { $set: { status: 'late' } }).exec();
  if (!moved) continue;
  await queue.add('mail', { id: loan._id });
}
for (const loan of due) {
  const moved = await move(loan._id, 'late', 'lost');
  if (!moved) continue;
  await queue.add('mail', { id: loan._id });
}
});`,
    ],
    ['one job', processor(`await queue.add('mail', { id: job.data.id });`)],
    [
      'an id of the job and the item',
      processor(
        `for (const id of job.data.ids) await queue.add('mail', { id }, { jobId: \`\${job.id}-\${id}\` });`,
      ),
    ],
    [
      'a deduplication id, in any of its two names',
      processor(
        `for (const id of job.data.ids) await queue.add('mail', { id }, { deduplication: { id: \`mail-\${id}\` } });\nfor (const id of job.data.ids) await queue.add('mail', { id }, { debounce: { id } });`,
      ),
    ],
    [
      'ids of jobs in bulk',
      processor(
        `await queue.addBulk(job.data.ids.map((id) => ({ name: 'mail', data: { id }, opts: { jobId: \`\${job.id}-\${id}\` } })));`,
      ),
    ],
    [
      'a run that its caller has claimed',
      processor(
        `const { count } = await db.run.updateMany({ where: { id: job.data.id, state: 'new' }, data: { state: 'begun' } });\nif (count === 0) return;\nawait dispatch(job.data.ids);\n});\nasync function dispatch(ids) {\n  for (const id of ids) await queue.add('mail', { id });\n}\nvoid (() => {`,
      ),
    ],
    [
      'a random id, which another rule reports',
      processor(
        `for (const id of job.data.ids) await queue.add('mail', { id }, { jobId: crypto.randomUUID() });`,
      ),
    ],
    [
      'options that cannot be seen',
      processor(
        `for (const id of job.data.ids) await queue.add('mail', { id }, optionsOf(id));\nfor (const id of job.data.ids) await queue.add('mail', { id }, { ...options });\nawait queue.addBulk(jobsOf(job.data.ids));`,
      ),
    ],
    [
      'the nodes of a flow',
      processor(
        `await flow.add({ name: 'all', queueName: 'a', children: job.data.ids.map((id) => ({ name: 'one', queueName: 'b', data: { id } })) });`,
      ),
    ],
    [
      'children of a job',
      processor(
        `for (const id of job.data.ids) await queue.add('mail', { id }, { parent: { id: job.id, queue: job.queueQualifiedName } });`,
      ),
    ],
    [
      'schedules, which are known by their ids',
      processor(
        `for (const id of job.data.ids) await queue.upsertJobScheduler(id, { every: 1000 }, { name: 'mail' });\nfor (const id of job.data.ids) await queue.add(id, {}, { repeat: { every: 1000 } });`,
      ),
    ],
    [
      'tries of one job',
      processor(
        `for (let i = 0; i < 3; i++) {\n  try {\n    await queue.add('next', { id: job.data.id });\n    break;\n  } catch {}\n}\nwhile (!isDone) {\n  await queue.add('next', { id: job.data.id });\n  isDone = await check();\n}`,
      ),
    ],
    [
      'the first of a list',
      processor(
        `for (const row of await due()) {\n  if (row.isFree) return queue.add('mail', { id: row.id });\n}`,
      ),
    ],
    [
      'items that are claimed first',
      processor(
        `for (const row of await due()) {\n  const isMine = await ledger.claim(row.id);\n  if (!isMine) continue;\n  await queue.add('mail', { id: row.id });\n}\nfor (const row of await claimDue()) await queue.add('mail', { id: row.id });\nfor (const row of await due()) {\n  if (!(await redis.set(\`sent-\${row.id}\`, 1, 'NX'))) continue;\n  await queue.add('mail', { id: row.id });\n}`,
      ),
    ],
    [
      'rows that are taken by an update that says how many there were',
      {
        'a.js': `${IMPORT} import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient(); const queue = new Queue('mails');\nnew Worker('campaigns', async () => {\n  for (const row of await prisma.mail.findMany()) {\n    const { count } = await prisma.mail.updateMany({ where: { id: row.id, state: 'new' }, data: { state: 'queued' } });\n    if (count === 0) continue;\n    await queue.add('mail', { id: row.id });\n  }\n});`,
      },
    ],
    [
      'a function that claims what it is called for',
      {
        'a.js': `${IMPORT} import { remind } from './remind.js';\nnew Worker('campaigns', async (job) => {\n  for (const id of job.data.ids) await remind(id);\n});`,
        'remind.js': `${IMPORT} const queue = new Queue('mails');\nexport async function remind(id) {\n  if (!(await redis.setnx(id, 1))) return;\n  await queue.add('mail', { id });\n}`,
      },
    ],
    [
      'a loop in code that no job runs',
      `${IMPORT} const queue = new Queue('mails');\nexport async function importAll(ids) {\n  for (const id of ids) await queue.add('mail', { id });\n}`,
    ],
    [
      'a listener, which tells of the job',
      `${IMPORT} const queue = new Queue('mails'); const worker = new Worker('campaigns', async () => {});\nworker.on('completed', async (job) => {\n  for (const id of job.data.ids) await queue.add('mail', { id });\n});`,
    ],
    [
      'a job that goes with what a function stores',
      {
        'a.js': `${IMPORT} import { update } from './orders.js';\nnew Worker('orders', async (job) => {\n  for (const id of job.data.ids) await update(id);\n});`,
        'orders.js': `${IMPORT} import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient(); const queue = new Queue('pages');\nexport async function update(id) {\n  await prisma.order.update({ where: { id }, data: { isOpen: true } });\n  await queue.add('refresh', { id });\n}`,
      },
    ],
    [
      'a method that is called map, and runs once',
      {
        'a.js': `${IMPORT} import { mapper } from './mapper.js';\nnew Worker('orders', async (job) => {\n  const { order } = job.data;\n  await mapper.map(order);\n});`,
        'mapper.js': `${IMPORT} const queue = new Queue('mails');\nexport const mapper = { map: (order) => queue.add('mail', { id: order.id }) };`,
      },
    ],
    ['a set', processor(`const queue = new Set();\nfor (const id of job.data.ids) queue.add(id);`)],
  ],
  invalid: [
    [
      'items that are changed afterwards, for some only, or by a column that nothing asks for',
      `import { Queue, Worker } from 'bullmq'; import mongoose from 'mongoose'; const Loan = mongoose.model('Loan', schema); const queue = new Queue('mails'); new Worker('loans', async () => {
for (const loan of await Loan.find({ remindedAt: null }).lean()) {
  await queue.add('mail', { id: loan._id });
  await Loan.updateOne({ _id: loan._id }, { $set: { remindedAt: new Date() } });
}
for (const loan of await Loan.find({ remindedAt: null }).lean()) {
  if (loan.isLate) await Loan.updateOne({ _id: loan._id }, { $set: { remindedAt: new Date() } });
  await queue.add('mail', { id: loan._id });
}
for (const loan of await Loan.find({ remindedAt: null }).lean()) {
  await Loan.updateOne({ _id: loan._id }, { $set: { seenAt: new Date() } });
  await queue.add('mail', { id: loan._id });
}
});`,
      [
        { line: 3, messageId: 'unnamed' },
        { line: 8, messageId: 'unnamed' },
        { line: 12, messageId: 'unnamed' },
      ],
    ],
    [
      'items that are looked up by their ids alone, by a query that is run at its end',
      `import { Queue, Worker } from 'bullmq'; import mongoose from 'mongoose'; const Loan = mongoose.model('Loan', schema); const queue = new Queue('mails'); new Worker('loans', async () => {
const due = await Loan.find({ dueAt: { $lt: new Date() } }).exec();
for (const loan of due) {
  const moved = await Loan.findOneAndUpdate({ _id: loan._id }, { $set: { status: 'late' } }).exec();
  if (!moved) continue;
  await queue.add('mail', { id: loan._id });
}
});`,
      { line: 6, messageId: 'unnamed' },
    ],
    [
      'items whose row is looked for, which two runs can both find missing',
      processor(
        `for (const ref of job.data.refs) {\n  if ((await db.note.findMany({ where: { ref } })).length > 0) continue;\n  await db.note.create({ data: { ref } });\n  await queue.add('mail', { ref });\n}`,
      ),
      { line: 6, messageId: 'unnamed' },
    ],
    [
      'a loop',
      processor(`for (const id of job.data.ids) await queue.add('mail', { id });`),
      {
        line: 3,
        messageId: 'unnamed',
        suggest:
          "for (const id of job.data.ids) await queue.add('mail', { id }, { jobId: `mail-${job.id}-${id}` });",
      },
    ],
    [
      'a loop over numbers, with options of another kind',
      processor(
        `const { ids } = job.data;\nfor (let i = 0; i < ids.length; i++) {\n  await queue.add('mail', { id: ids[i] }, { delay: i * 1000, attempts: 3 });\n}`,
      ),
      { line: 5, messageId: 'unnamed' },
    ],
    [
      'map and forEach',
      processor(
        `await Promise.all(job.data.ids.map((id) => queue.add('mail', { id })));\njob.data.ids.forEach(async (id) => {\n  await queue.add('mail', { id });\n});`,
      ),
      [
        { line: 3, messageId: 'unnamed' },
        { line: 5, messageId: 'unnamed' },
      ],
    ],
    [
      'jobs in bulk',
      processor(
        `await queue.addBulk(job.data.ids.map((id) => ({ name: 'mail', data: { id } })));\nconst jobs = [];\nfor (const id of job.data.ids) jobs.push({ name: 'mail', data: { id }, opts: { attempts: 3 } });\nawait queue.addBulk(jobs);`,
      ),
      [
        { line: 3, messageId: 'unnamed' },
        { line: 6, messageId: 'unnamed' },
      ],
    ],
    [
      'jobs in bulk, by the one id in their data',
      processor(
        `await queue.addBulk(job.data.users.map((user) => ({ name: 'mail', data: { userId: user.id, name: user.name } })));`,
      ),
      {
        line: 3,
        messageId: 'unnamed',
        suggest:
          "await queue.addBulk(job.data.users.map((user) => ({ name: 'mail', data: { userId: user.id, name: user.name }, opts: { jobId: `mail-${job.id}-${user.id}` } })));",
      },
    ],
    [
      'jobs with two ids, none, or that of the whole',
      processor(
        `for (const row of job.data.rows) await queue.add('mail', { userId: row.userId, orderId: row.orderId });\nfor (const row of job.data.rows) await queue.add('mail', { row });\nconst { campaignId } = job.data;\nfor (const row of job.data.rows) await queue.add('mail', { campaignId, row });`,
      ),
      [
        { line: 3, messageId: 'unnamed', suggest: false },
        { line: 4, messageId: 'unnamed', suggest: false },
        { line: 6, messageId: 'unnamed', suggest: false },
      ],
    ],
    [
      'pages, each with a job of its own',
      processor(
        `let cursor;\nwhile (true) {\n  const page = await next(cursor);\n  if (!page) break;\n  await queue.add('page', { ids: page.ids });\n  cursor = page.cursor;\n}`,
      ),
      { line: 7, messageId: 'unnamed' },
    ],
    [
      'a loop inside of a function that runs in place',
      processor(
        `await withSpan(async () => {\n  for (const id of job.data.ids) await queue.add('mail', { id });\n});\nfor (const id of job.data.ids) await withSpan(() => queue.add('mail', { id }));`,
      ),
      [
        { line: 4, messageId: 'unnamed' },
        { line: 6, messageId: 'unnamed' },
      ],
    ],
    [
      'an item that is looked up, not claimed',
      processor(
        `for (const id of job.data.ids) {\n  const user = await find(id);\n  if (!user) continue;\n  await queue.add('mail', { id });\n}`,
      ),
      { line: 6, messageId: 'unnamed' },
    ],
    [
      'a wrapper that is called in a loop',
      {
        'a.ts': `import { Worker } from 'bullmq';\nimport { Mailer } from './mailer';\nconst mailer = new Mailer();\nnew Worker('campaigns', async (job) => {\n  for (const id of job.data.ids) {\n    await mailer.send(id);\n  }\n});`,
        'mailer.ts': `${IMPORT}\nexport class Mailer {\n  private queue = new Queue('mails');\n  async send(id: string, options = {}) {\n    await this.queue.add('mail', { id }, { attempts: 3, ...options });\n  }\n}`,
      },
      { line: 6, messageId: 'unnamed', says: 'Mailer.send (mailer.ts:5) -> this.queue.add()' },
    ],
    [
      'a service of Nest that has the loop',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport { Mails } from './mails';\n@Processor('campaigns')\nexport class Campaigns extends WorkerHost {\n  constructor(private readonly mails: Mails) { super(); }\n  async process() {\n    await this.mails.sendDue();\n  }\n}`,
        'mails.ts': `import { InjectQueue } from '@nestjs/bullmq';\nimport { Queue } from 'bullmq';\nexport class Mails {\n  constructor(@InjectQueue('mails') private readonly queue: Queue) {}\n  async sendDue() {\n    for (const row of await this.due()) await this.queue.add('mail', { id: row.id });\n  }\n}`,
      },
      { line: 7, messageId: 'unnamed', says: 'Mails.sendDue (mails.ts:6)' },
    ],
    [
      'a function that is handed to a list',
      processor(
        `await Promise.all(job.data.ids.map(send));\n});\nfunction send(id) {\n  return queue.add('mail', { id });\n}\nvoid (() => {`,
      ),
      { line: 6, messageId: 'unnamed' },
    ],
    [
      'a function that is called once, and again in a loop',
      processor(
        `await send(job.data.first);\nfor (const id of job.data.ids) await send(id);\n});\nfunction send(id) {\n  return queue.add('mail', { id });\n}\nvoid (() => {`,
      ),
      { line: 7, messageId: 'unnamed' },
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mails');\nqueue.process(async (job) => {\n  for (const id of job.data.ids) await queue.add('mail', { id });\n});`,
      { line: 3, messageId: 'unnamed' },
    ],
  ],
});
