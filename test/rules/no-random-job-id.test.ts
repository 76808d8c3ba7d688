import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Queue, FlowProducer } from 'bullmq'; import crypto, { randomUUID, createHash } from 'node:crypto'; import { v4 as uuidv4, v5 as uuidv5 } from 'uuid'; import { nanoid } from 'nanoid'; import { format, startOfDay } from 'date-fns'; import dayjs from 'dayjs'; import { db, redis, logger } from './services.js';`;
const QUEUE = `${IMPORTS} const queue = new Queue('mail'); const flow = new FlowProducer();`;
const add = (jobId: string, before = ''): string =>
  `${QUEUE}\nexport async function send(event, id) {\n${before}\nawait queue.add('send', {}, { jobId: ${jobId} });\n}`;
const random = (jobId: string, source: string, before = '') =>
  [add(jobId, before), { line: 4, messageId: 'random', says: `\`${source}\`` }] as const;

testRule('no-random-job-id', {
  valid: [
    ['the id of a record', add('`mail-${event.id}`')],
    ['no id', add('undefined')],
    ['a calendar day by slice', add('`report-${new Date().toISOString().slice(0, 10)}`')],
    ['a calendar day by split', add(`'report-' + new Date().toISOString().split('T')[0]`)],
    [
      'a handle, in the data and told to who asked',
      `${QUEUE}\nexport async function start(user) {\n  const jobId = uuidv4();\n  await queue.add('export', { jobId, user }, { jobId });\n  logger.info(\`queued \${jobId}\`);\n  return { jobId };\n}\nexport async function begin(user, res) {\n  const runId = randomUUID();\n  await queue.add('run', { run: { id: runId } }, { jobId: \`run-\${runId}\` });\n  res.json({ runId });\n}`,
    ],
    [
      'a handle that a function of the project is given',
      {
        'a.ts': `import { randomUUID } from 'node:crypto'; import { enqueue } from './queue';\nexport async function start(user: string) {\n  const requestId = randomUUID();\n  await enqueue({ requestId, user });\n  return requestId;\n}`,
        'queue.ts': `import { Queue } from 'bullmq'; const queue = new Queue('mail');\nexport const enqueue = (data: { requestId: string; user: string }) => queue.add('x', data, { jobId: data.requestId });`,
      },
    ],
    [
      'the name of one run, by which several functions go',
      {
        'a.ts': `import { count } from './count'; import { audit } from './audit';\nexport async function decide(user: string) {\n  const decisionId = crypto.randomUUID();\n  const context = { decisionId, user };\n  await count('x', context);\n  await audit(context);\n}`,
        'audit.ts': `export const audit = (context: { decisionId: string; user: string }) => fetch('http://audit', context);`,
        'count.ts': `import { Queue } from 'bullmq'; const queue = new Queue('counts');\nexport const count = (name: string, context: { decisionId: string; user: string }) => queue.add(name, { user: context.user }, { jobId: \`count-\${context.decisionId}\` });`,
      },
    ],
    [
      'the data of a dead job, which is to run once more',
      `${QUEUE} const dead = new Queue('dead');\nexport async function again(id) {\n  const failed = await dead.getJob(id);\n  await queue.add(failed.name, failed.data, { jobId: \`again-\${id}-\${Date.now()}\` });\n}\nexport async function all() {\n  for (const failed of await dead.getFailed()) await queue.add('x', { ...failed.data, again: true }, { jobId: randomUUID() });\n}`,
    ],
    [
      'a job in the place of one that was removed',
      `${QUEUE}\nexport async function move(mail, delay) {\n  const previous = await queue.getJob(mail.queueJobId);\n  if (previous) await previous.remove();\n  await queue.add('send', { id: mail.id }, { delay, jobId: \`mail-\${mail.id}-\${Date.now()}\` });\n}`,
    ],
    [
      'a calendar day in a variable',
      add('`report-${today}`', `const today = new Date().toISOString().substring(0, 10);`),
    ],
    [
      'a calendar day destructured',
      add('`report-${today}`', `const [today] = new Date().toISOString().split('T');`),
    ],
    ['the parts of a date', add('`report-${new Date().getFullYear()}-${new Date().getMonth()}`')],
    ['a date in words', add('`report-${new Date().toDateString()}`')],
    ['a formatted day', add(`format(new Date(), 'yyyy-MM-dd')`)],
    ['an hour', add(`\`report-\${format(new Date(), "yyyy-MM-dd'T'HH")}\``)],
    ['a day of dayjs', add(`dayjs().format('YYYY-MM-DD')`)],
    ['the start of a day', add(`\`report-\${startOfDay(new Date()).getTime()}\``)],
    ['the start of a day of dayjs', add(`\`report-\${dayjs().startOf('day').valueOf()}\``)],
    [
      'a date that is set to midnight',
      add('`report-${today.getTime()}`', 'const today = new Date(); today.setHours(0, 0, 0, 0);'),
    ],
    ['a window of time', add('`sync-${Math.floor(Date.now() / 60_000)}`')],
    [
      'a window of a constant',
      add('`sync-${Math.floor(Date.now() / WINDOW) * WINDOW}`', 'const WINDOW = 5 * 60 * 1000;'),
    ],
    ['a stored timestamp', add('`mail-${event.createdAt.getTime()}`')],
    [
      'a stored timestamp of which the type alone is known',
      `${QUEUE}\ninterface Row { id: string; lastSyncAt: Date | null }\nexport const a = (row: Row) => queue.add('x', {}, { jobId: \`\${row.id}-\${row.lastSyncAt?.toISOString() ?? ''}\` });\nexport const b = (id: string, at: Date) => queue.add('x', {}, { jobId: \`\${id}-\${at.getTime()}\` });\nexport const c = (row: { at: Date }) => queue.add('x', {}, { jobId: \`y-\${+row.at}\` });\nexport const d = (at: Date) => queue.add('x', {}, { jobId: \`y-\${new Date(at).toISOString()}\` });`,
    ],
    ['a stored timestamp as a date', add('`mail-${new Date(event.createdAt).getTime()}`')],
    [
      'the time of a job',
      `${QUEUE}\nexport const f = (job) => queue.add('x', {}, { jobId: \`retry-\${job.timestamp}\` });`,
    ],
    ['a hash of the content', add(`createHash('sha256').update(event.body).digest('hex')`)],
    ['a uuid of the content', add('uuidv5(event.id, NAMESPACE)')],
    [
      'an object id of a text',
      add('new ObjectId(event.id).toString()', `const { ObjectId } = require('mongodb');`),
    ],
    ['an id that cannot be seen', add('await nextId()', `const { nextId } = require('./ids');`)],
    [
      'the id of a record that is created first',
      add('exportId', `const exportId = randomUUID(); await db.export.create({ data: { id: exportId } });`),
    ],
    [
      'the id of what is kept in Redis',
      add(
        '`export-${exportId}`',
        `const exportId = nanoid(); await redis.hset('exports', exportId, JSON.stringify(event));`,
      ),
    ],
    [
      'a record that is saved with its id',
      add('run.id', `const run = { id: uuidv4(), event }; await db.saveRun(run);`),
    ],
    [
      'a record that is made first',
      add(
        'exportId',
        `const exportId = nanoid(); const row = { exportId, event }; await redis.hmset('exports', row);`,
      ),
    ],
    [
      'the id of a message of a helper, which is stored',
      add(
        'jobId',
        `const { messageId } = message(event); await db.createMessages([{ id: messageId }]); const jobId = \`test-\${messageId}\`; function message(event) { return { messageId: 'msg_' + randomUUID(), event }; }`,
      ),
    ],
    [
      'the stamp of a claim, which a helper stores',
      {
        'ledger.js': `import { db } from './services.js'; export async function claim(id) { const stamp = new Date(); const { count } = await db.message.updateMany({ where: { id }, data: { updatedAt: stamp } }); return count ? stamp : null; }`,
        'a.js': `import { claim } from './ledger.js'; ${QUEUE}\nexport async function f(id) { const stamp = await claim(id); if (stamp) await queue.add('x', {}, { jobId: \`x-\${id}-\${stamp.getTime()}\` }); }`,
      },
    ],
    [
      'a job that is told apart by its deduplication',
      `${QUEUE}\nqueue.add('x', {}, { jobId: randomUUID(), deduplication: { id: 'x' } });`,
    ],
    [
      'the id of a record, given to a wrapper',
      {
        'mails.js': `import { Queue } from 'bullmq'; const queue = new Queue('mail'); export const send = (data, jobId) => queue.add('send', data, { jobId });`,
        'a.js': `${IMPORTS} import { send } from './mails.js'; export async function f() { const id = randomUUID(); await db.insert(runs).values({ id }); await send({ id }, id); }`,
      },
    ],
    ['a random payload', `${QUEUE}\nqueue.add('x', { requestId: randomUUID(), at: Date.now() });`],
    ['a random name', `${QUEUE}\nqueue.add(\`x-\${Date.now()}\`, {});`],
    [
      'a scheduler, whose jobs have ids of their own',
      `${QUEUE}\nqueue.upsertJobScheduler('x', { every: 1000 }, { name: 'x', opts: { jobId: randomUUID() } });`,
    ],
    ['a delay of now', `${QUEUE}\nqueue.add('x', {}, { delay: at - Date.now() });`],
    ['a set that is called queue', `const queue = new Set(); queue.add('x', {}, { jobId: Math.random() });`],
    [
      'a function of the project that is called uuid',
      `${QUEUE} import { uuid } from './ids.js';\nqueue.add('x', {}, { jobId: uuid('mail', event.id) });`,
    ],
    [
      'a wrapper that is given a stable id',
      `${QUEUE} const send = (data, jobId) => queue.add('send', data, { jobId });\nsend({}, 'mail-1');`,
    ],
  ],
  invalid: [
    [
      'an id that is told to nobody, or is not in the data',
      `${QUEUE}\nexport async function start(user) {\n  const jobId = uuidv4();\n  await queue.add('export', { jobId, user }, { jobId });\n  logger.info({ jobId });\n}\nexport async function begin(user) {\n  const jobId = uuidv4();\n  await queue.add('export', { user }, { jobId });\n  return jobId;\n}\nexport const all = (users) => queue.addBulk(users.map((user) => {\n  const id = uuidv4();\n  return { name: 'export', data: { id, user }, opts: { jobId: id } };\n}));`,
      [
        { line: 4, messageId: 'random' },
        { line: 9, messageId: 'random' },
        { line: 14, messageId: 'random' },
      ],
    ],
    [
      'an id that a function is given, and nobody else',
      {
        'a.ts': `import { count } from './count';\nexport async function decide(user: string) {\n  const decisionId = crypto.randomUUID();\n  await count('x', { decisionId, user });\n}`,
        'count.ts': `import { Queue } from 'bullmq'; const queue = new Queue('counts');\nexport const count = (name: string, context: { decisionId: string; user: string }) => queue.add(name, { user: context.user }, { jobId: \`count-\${context.decisionId}\` });`,
      },
      { line: 4, messageId: 'random' },
    ],
    [
      'an id that is made in the call, whatever the function does with it',
      {
        'a.ts': `import { count } from './count';\nexport async function decide(user: string) {\n  await count(user, crypto.randomUUID());\n}`,
        'count.ts': `import { Queue } from 'bullmq'; const queue = new Queue('counts');\nexport async function count(user: string, jobId: string) {\n  await limit(user, jobId);\n  await queue.add('count', { user }, { jobId });\n}`,
      },
      { line: 3, messageId: 'random' },
    ],
    [
      'a job for something, where jobs for other things were removed',
      `${QUEUE}\nexport async function tick(plan) {\n  for (const job of await queue.getJobs(['waiting'])) if (gone(job)) await job.remove();\n  await queue.add('send', { id: plan.id }, { jobId: \`\${plan.id}-\${Date.now()}\` });\n}`,
      { line: 4, messageId: 'random' },
    ],
    [
      'a job that is removed after another was added, and the data of this job',
      `${QUEUE}\nexport async function move(mail, list) {\n  await queue.add('send', { id: mail.id }, { jobId: randomUUID() });\n  list.remove(mail);\n  await (await queue.getJob(mail.queueJobId))?.remove();\n}\nexport async function handle(job) {\n  await queue.add('send', job.data, { jobId: randomUUID() });\n}`,
      [
        { line: 3, messageId: 'random' },
        { line: 8, messageId: 'random' },
      ],
    ],
    [
      'a helper that joins what it is given',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { makeUniqueJobId } from './ids';\nconst queue = new Queue('mail');\nexport const send = (id: string, tags: string[]) => queue.add('send', { id }, { jobId: makeUniqueJobId('mail', id, ...tags) });`,
        'ids.ts': `export const makeJobId = (...parts: unknown[]) => parts.filter(Boolean).map(String).join('_');\nexport const makeUniqueJobId = (...parts: unknown[]) => makeJobId(...parts, crypto.randomUUID());`,
      },
      { line: 3, messageId: 'random', says: '`crypto.randomUUID()`' },
    ],
    ['the time', ...random('`mail-${Date.now()}`', 'Date.now()')],
    ['the time by concatenation', ...random(`'mail-' + event.id + '-' + Date.now()`, 'Date.now()')],
    ['the time of a new date', ...random('`mail-${new Date().getTime()}`', 'new Date()')],
    ['the time as text', ...random('`mail-${new Date().toISOString()}`', 'new Date()')],
    ['a date as it is', ...random('`mail-${new Date()}`', 'new Date()')],
    ['the time as a number', ...random('`mail-${+new Date()}`', 'new Date()')],
    ['the seconds', ...random('`mail-${Math.floor(Date.now() / 1000)}`', 'Date.now()')],
    ['the time in another base', ...random('Date.now().toString(36)', 'Date.now()')],
    ['a part of the time', ...random('`mail-${String(Date.now()).slice(-6)}`', 'Date.now()')],
    [
      'the time without separators',
      ...random(`new Date().toISOString().replace(/[-:.]/g, '')`, 'new Date()'),
    ],
    ['a format with seconds', ...random(`format(new Date(), 'yyyyMMddHHmmss')`, 'new Date()')],
    ['the time of dayjs', ...random('`mail-${dayjs().valueOf()}`', 'dayjs()')],
    ['Math.random()', ...random('`mail-${Math.random().toString(36).slice(2)}`', 'Math.random()')],
    ['a random number in a range', ...random('`mail-${Math.floor(Math.random() * 1e6)}`', 'Math.random()')],
    ['randomUUID()', ...random('randomUUID()', 'randomUUID()')],
    ['crypto of the platform', ...random('globalThis.crypto.randomUUID()', 'globalThis.crypto.randomUUID()')],
    ['random bytes', ...random(`crypto.randomBytes(8).toString('hex')`, 'randomBytes()')],
    ['uuid', ...random('uuidv4()', 'v4()')],
    ['nanoid', ...random('`mail-${nanoid(10)}`', 'nanoid()')],
    ['the clock of the process', ...random('`mail-${process.hrtime.bigint()}`', 'process.hrtime.bigint()')],
    ['performance.now()', ...random('`mail-${performance.now()}`', 'performance.now()')],
    [
      'a new object id',
      ...random('new ObjectId().toString()', 'new ObjectId()', `const { ObjectId } = require('mongodb');`),
    ],
    ['cuid', ...random('createId()', 'createId()', `const { createId } = require('@paralleldrive/cuid2');`)],
    ['ulid', ...random('ulid()', 'ulid()', `const { ulid } = require('ulid');`)],
    ['a fallback of ??', ...random('event.id ?? randomUUID()', 'randomUUID()')],
    [
      'the present time that is declared as a date',
      `${QUEUE}\nexport const send = (id: string) => { const at: Date = new Date();\n return queue.add('x', {}, { jobId: \`\${id}-\${at.toISOString()}\` }); };`,
      { file: 'a.ts', line: 3, messageId: 'random', says: '`new Date()`' },
    ],
    ['a fallback of ||', ...random('event.id || `mail-${Date.now()}`', 'Date.now()')],
    ['a branch', ...random('event ? event.id : uuidv4()', 'v4()')],
    ['a fallback inside a template', ...random('`mail-${event.id ?? Date.now()}`', 'Date.now()')],
    ['a variable', ...random('jobId', 'Date.now()', 'const jobId = `mail-${event.id}-${Date.now()}`;')],
    [
      'a variable that is logged and answered',
      ...random('jobId', 'v4()', `const jobId = uuidv4(); logger.info({ jobId }); event.reply({ jobId });`),
    ],
    [
      'a default of a parameter',
      `${QUEUE}\nexport const send = (data, jobId = randomUUID()) => queue.add('send', data, { jobId });`,
      { line: 2, messageId: 'random' },
    ],
    [
      'a default of a parameter that is put together',
      `${QUEUE}\nexport const send = (data, jobId = \`mail-\${Date.now()}\`) => queue.add('send', data, { jobId });`,
      { line: 2, messageId: 'random' },
    ],
    [
      'a default of a parameter with a type',
      `${QUEUE}\nexport const send = (data: object, jobId: string = uuidv4()) => queue.add('send', data, { jobId });`,
      { line: 2, messageId: 'random' },
    ],
    [
      'a helper of another file',
      {
        'ids.js': `import { randomUUID } from 'crypto'; export function makeId(prefix) { return prefix + '-' + randomUUID(); }`,
        'a.js': `import { makeId } from './ids.js'; ${QUEUE}\nqueue.add('x', {}, {\n  jobId: makeId('mail'),\n});`,
      },
      { line: 3, messageId: 'random', says: '`randomUUID()`' },
    ],
    [
      'a deduplication id',
      `${QUEUE}\nqueue.add('x', {}, { deduplication: { ttl: 1000,\n  id: randomUUID() } });`,
      { line: 3, messageId: 'random', says: '`deduplication.id`' },
    ],
    [
      'a debounce id',
      `${QUEUE}\nqueue.add('x', {}, { debounce: { id: \`x-\${Date.now()}\`, ttl: 1000 } });`,
      { line: 2, messageId: 'random' },
    ],
    [
      'addBulk',
      `${QUEUE}\nexport const f = (ids) => queue.addBulk(ids.map((id) => ({ name: 'x', data: { id },\n  opts: { jobId: \`\${id}-\${Date.now()}\` } })));`,
      { line: 3, messageId: 'random' },
    ],
    [
      'a child of a flow',
      `${QUEUE}\nflow.add({ name: 'a', queueName: 'a', children: [\n  { name: 'b', queueName: 'b', opts: { jobId: nanoid() } },\n] });`,
      { line: 3, messageId: 'random' },
    ],
    [
      'a wrapper of another file that is given the id: at the argument',
      {
        'mails.js': `import { Queue } from 'bullmq'; const queue = new Queue('mail'); export const send = (data, jobId) => queue.add('send', data, { jobId });`,
        'a.js': `import { send } from './mails.js';\nexport const f = (id) => send({ id },\n  \`mail-\${Date.now()}\`);`,
      },
      { line: 3, messageId: 'random' },
    ],
    [
      'a wrapper that puts the id together: at the argument',
      {
        'mails.js': `import { Queue } from 'bullmq'; const queue = new Queue('mail'); export const send = (data, key) => queue.add('send', data, { jobId: \`mail-\${key}\` });`,
        'a.js': `import { send } from './mails.js';\nexport const f = (id) => send({ id },\n  Date.now());`,
      },
      { line: 3, messageId: 'random' },
    ],
    [
      'a wrapper that makes the id: there alone',
      {
        'a.js': `${QUEUE}\nexport const send = (id) => queue.add('send', { id }, { jobId: \`mail-\${id}-\${Date.now()}\` });`,
        'b.js': `import { send } from './a.js'; export const welcome = (id) => send(id);`,
        'c.js': `import { welcome } from './b.js'; welcome('1');`,
      },
      { line: 2, messageId: 'random' },
    ],
    [
      'a service of Nest',
      `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; export class Mails { constructor(@InjectQueue('mail') private readonly queue: Queue) {}\nsend(id: string) { return this.queue.add('send', { id }, { jobId: this.idOf(id) }); }\nprivate idOf(id: string) { return \`mail-\${id}-\${Date.now()}\`; } }`,
      { line: 2, messageId: 'random' },
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail');\nqueue.add('x', {}, { jobId: 'x-' + Date.now() });`,
      { line: 2, messageId: 'random' },
    ],
    [
      'CommonJS',
      `const { Queue } = require('bullmq'); const { v4 } = require('uuid'); const queue = new Queue('mail');\nqueue.add('x', {}, { jobId: v4() });`,
      { line: 2, messageId: 'random' },
    ],
  ],
});
