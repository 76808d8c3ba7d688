import { testRule } from '../support/rule-cases.ts';

const QUEUE = `import { Queue, FlowProducer } from 'bullmq'; const queue = new Queue('mail'); const flow = new FlowProducer();`;
const add = (jobId: string, declarations = ''): string =>
  `${QUEUE} ${declarations}\nexport async function send(user, id) {\n  await queue.add('send', {}, { jobId: ${jobId} });\n}`;
const manifest = (range: string): string => JSON.stringify({ dependencies: { bullmq: range } });

testRule('valid-job-id', {
  valid: [
    ['dashes', add('`mail-${id}`')],
    ['exactly three parts', add('`tenant:${user.id}:${id}`')],
    ['three parts that are known', add(`'a:b:c'`)],
    ['three parts by a time', add('`mail-${new Date().toISOString()}`')],
    ['an id that cannot be seen', add('id')],
    ['the id of a record', add('user.id')],
    ['no id', add('undefined')],
    ['an empty id, which counts as none', add(`''`)],
    ['leading zeros', add(`'00123'`)],
    ['digits and letters', add(`'12ab'`)],
    ['more digits than a number has', add(`'12345678901234567890'`)],
    ['a number with a word', add('`user-${Number(id)}`')],
    ['a hexadecimal number', add('Date.now().toString(36)')],
    ['colons that are replaced', add('`mail:${id}`.replaceAll(":", "-")')],
    [
      'colons that are replaced in a variable',
      add('safe', 'const raw = `a:${1}`; const safe = raw.replace(/:/g, "_");'),
    ],
    ['an address, which has a colon of its own', add('`page:${user.url}`')],
    ['a name with a colon', `${QUEUE}\nqueue.add('mail:send', {});`],
    [
      'the id of a scheduler',
      `${QUEUE}\nqueue.upsertJobScheduler('mail:daily', { every: 1000 }, { name: 'x' });`,
    ],
    [
      'the ids of a scheduler, which are its own',
      `${QUEUE}\nqueue.upsertJobScheduler('daily', { every: 1000 }, { name: 'x', opts: { jobId: 'a:b' } });`,
    ],
    ['a deduplication id', `${QUEUE}\nqueue.add('x', {}, { deduplication: { id: 'a:b' } });`],
    ['colons in the payload', `${QUEUE}\nqueue.add('x', { jobId: 'a:b' });`],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail');\nqueue.add('x', {}, { jobId: 'a:b' });`,
    ],
    [
      'Bull in Nest',
      `import { InjectQueue } from '@nestjs/bull'; import { Queue } from 'bull'; class S { constructor(@InjectQueue('mail') private queue: Queue) {} f() { return this.queue.add('x', {}, { jobId: 'a:b' }); } }`,
    ],
    ['a set that is called queue', `const queue = new Set(); queue.add('x', {}, { jobId: 'a:b' });`],
    [
      'a type that is not decided',
      {
        'a.ts': `${QUEUE}\nexport const send = (id: string | number) => queue.add('x', {}, { jobId: \`\${id}\` });`,
      },
    ],
    [
      'a text of its own type',
      `${QUEUE}\nexport const send = (id: string) => queue.add('x', {}, { jobId: String(id) });`,
    ],
    [
      'an override of what is wrong',
      `${QUEUE} const shared = { jobId: 'a:b' };\nqueue.add('x', {}, { ...shared, jobId: 'a-b' });`,
    ],
    [
      'a wrapper that makes an id of three parts',
      `${QUEUE} const send = (tenant, id) => queue.add('x', {}, { jobId: \`mail:\${tenant}:\${id}\` });\nsend('a', 'b');`,
    ],
    ['BullMQ 4, which takes any id', { 'package.json': manifest('^4.8.0'), 'a.js': add('`mail:${id}`') }],
    [
      'a release before colons were refused',
      { 'package.json': manifest('~5.34.4'), 'a.js': add('`mail:${id}`') },
    ],
    [
      'a repeated job of BullMQ 5, which gets another id',
      {
        'package.json': manifest('^5.60.0'),
        'a.js': `${QUEUE}\nqueue.add('x', {}, { repeat: { every: 1000 }, jobId: 'a:b' });`,
      },
    ],
    [
      'a spread, a computed key and no arguments',
      `${QUEUE}\nqueue.add('x', {}, { ...rest, [key]: 1 }); queue.add(); queue.addBulk([,]);`,
    ],
  ],
  invalid: [
    [
      'two parts',
      add('`mail:${id}`'),
      {
        line: 3,
        messageId: 'colon',
        says: '`mail:${id}`',
        suggest: "await queue.add('send', {}, { jobId: `mail-${id}` });",
      },
    ],
    ['four parts', add('`a:${id}:${user.id}:x`'), { line: 3, messageId: 'colon' }],
    [
      'a colon at the end',
      add(`'mail:'`),
      { line: 3, messageId: 'colon', suggest: "await queue.add('send', {}, { jobId: 'mail-' });" },
    ],
    ['four parts by a time', add('`mail:${new Date().toISOString()}`'), { line: 3, messageId: 'colon' }],
    ['concatenation', add(`'mail:' + id`), { line: 3, messageId: 'colon' }],
    ['a list that is joined', add(`['mail', id].join(':')`), { line: 3, messageId: 'colon' }],
    ['concat', add(`'mail'.concat(':', id)`), { line: 3, messageId: 'colon' }],
    ['one branch', add(`user ? \`mail:\${id}\` : \`mail-\${id}\``), { line: 3, messageId: 'colon' }],
    ['the other branch', add(`user ? \`mail-\${id}\` : \`mail:\${id}\``), { line: 3, messageId: 'colon' }],
    ['a fallback', add('id ?? `mail:${user.id}`'), { line: 3, messageId: 'colon' }],
    [
      'one branch inside a template',
      add("`${user ? 'user:' : 'guest-'}${id}`"),
      { line: 3, messageId: 'colon' },
    ],
    [
      'a constant prefix',
      add('`${PREFIX}:${id}`', `const PREFIX = 'mail';`),
      { line: 3, messageId: 'colon' },
    ],
    [
      'a prefix with colons',
      add('`${PREFIX}${id}`', `const PREFIX = 'mail:';`),
      { line: 3, messageId: 'colon' },
    ],
    [
      'a variable',
      `${QUEUE}\nexport function f(id) {\n  const jobId = \`mail:\${id}\`;\n  return queue.add('x', {}, { jobId });\n}`,
      { line: 4, messageId: 'colon' },
    ],
    [
      'a helper',
      add('idOf(user)', 'const idOf = (user) => `mail:${user.id}`;'),
      { line: 3, messageId: 'colon' },
    ],
    [
      'a helper of another file',
      {
        'ids.js': 'export function idOf(user) { return `mail:${user.id}`; }',
        'a.js': `import { idOf } from './ids.js'; ${QUEUE}\nexport const f = (user) => queue.add('x', {}, {\n  jobId: idOf(user),\n});`,
      },
      { line: 3, messageId: 'colon' },
    ],
    ['lower case', add('`Mail:${id}`.toLowerCase()'), { line: 3, messageId: 'colon' }],
    ['digits', add(`'123'`), { line: 3, messageId: 'integer' }],
    ['a negative integer', add(`'-5'`), { line: 3, messageId: 'integer' }],
    ['zero', add(`'0'`), { line: 3, messageId: 'reserved' }],
    ['a number', add('123'), { line: 3, messageId: 'notText' }],
    ['the time as a text', add('String(Date.now())'), { line: 3, messageId: 'integer' }],
    ['the time', add('Date.now()'), { line: 3, messageId: 'notText' }],
    [
      'a parameter that is annotated as a number',
      `${QUEUE}\nexport const send = (userId: number) => queue.add('x', {}, { jobId: String(userId) });`,
      { line: 2, messageId: 'integer' },
    ],
    [
      'a field that is typed as a number',
      `${QUEUE} interface Order { id: number }\nexport const send = (order: Order) => queue.add('x', {}, { jobId: \`\${order.id}\` });`,
      { line: 2, messageId: 'integer' },
    ],
    [
      'the column of an entity',
      {
        'order.ts': `import { Entity, PrimaryGeneratedColumn } from 'typeorm'; @Entity() export class Order { @PrimaryGeneratedColumn() id: number; }`,
        'a.ts': `import { Order } from './order'; ${QUEUE}\nexport const send = (order: Order) => queue.add('x', {}, { jobId: order.id.toString() });`,
      },
      { line: 2, messageId: 'integer' },
    ],
    [
      'a column of Prisma that is a number',
      {
        'prisma/schema.prisma': `model Order {\n  id Int @id\n  slug String\n}`,
        'a.ts': `import { PrismaClient } from '@prisma/client'; ${QUEUE} const prisma = new PrismaClient();\nexport async function f(slug: string) { const order = await prisma.order.findUniqueOrThrow({ where: { slug } });\nawait queue.add('x', {}, { jobId: order.id.toString() });\nawait queue.add('x', {}, { jobId: order.slug }); }`,
      },
      { line: 3, messageId: 'integer' },
    ],
    [
      'addBulk',
      `${QUEUE}\nexport const f = (ids) => queue.addBulk(ids.map((id) => ({ name: 'x', data: {},\n  opts: { jobId: \`x:\${id}\` } })));`,
      { line: 3, messageId: 'colon' },
    ],
    [
      'a list that is filled',
      `${QUEUE}\nexport function f(ids) { const jobs = []; for (const id of ids) jobs.push({ name: 'x', data: {},\n  opts: { jobId: \`x:\${id}\` } }); return queue.addBulk(jobs); }`,
      { line: 3, messageId: 'colon' },
    ],
    [
      'a node and a child of a flow',
      `${QUEUE}\nflow.add({ name: 'a', queueName: 'a', opts: { jobId: 'a:1' }, children: [\n  { name: 'b', queueName: 'b', opts: { jobId: 'b:1' } },\n] });`,
      [
        { line: 2, messageId: 'colon' },
        { line: 3, messageId: 'colon' },
      ],
    ],
    [
      'options of another file: at the call',
      {
        'options.js': `export const options = { jobId: 'a:b' };`,
        'a.js': `import { options } from './options.js'; ${QUEUE}\nqueue.add('x', {}, options);`,
      },
      { line: 2, messageId: 'colon', suggest: false },
    ],
    [
      'a spread of what is in the file',
      `${QUEUE} const shared = {\n  jobId: 'a:b' };\nqueue.add('x', {}, { ...shared, attempts: 3 });`,
      { line: 2, messageId: 'colon' },
    ],
    [
      'a spread on a condition',
      `${QUEUE}\nexport const f = (id) => queue.add('x', {}, {\n  ...(id ? { jobId: \`a:\${id}\` } : {}) });`,
      { line: 3, messageId: 'colon' },
    ],
    [
      'a property that is set later',
      `${QUEUE}\nexport const f = (id) => { const opts = { attempts: 3 };\n  if (id) opts.jobId = \`a:\${id}\`;\n  return queue.add('x', {}, opts); };`,
      { line: 3, messageId: 'colon' },
    ],
    [
      'a wrapper of another file that is given the id: at the argument',
      {
        'mails.js': `import { Queue } from 'bullmq'; const queue = new Queue('mail'); export const send = (data, jobId) => queue.add('send', data, { jobId });`,
        'a.js': `import { send } from './mails.js';\nexport const f = (id) => send({ id },\n  \`mail:\${id}\`);`,
      },
      { line: 3, messageId: 'colon' },
    ],
    [
      'a wrapper of the file that is given the id: at the argument alone',
      `${QUEUE} const send = (data, jobId) => queue.add('send', data, { jobId });\nsend({}, 'a:b');`,
      { line: 2, messageId: 'colon' },
    ],
    [
      'a wrapper that is given options of the file: in these',
      {
        'mails.js': `import { Queue } from 'bullmq'; const queue = new Queue('mail'); export const send = (data, options) => queue.add('send', data, options);`,
        'a.js': `import { send } from './mails.js'; const OPTIONS = {\n  jobId: 'a:b' };\nsend({}, OPTIONS);`,
      },
      { line: 2, messageId: 'colon' },
    ],
    [
      'the default of a wrapper: there alone',
      {
        'a.ts': `import { Queue } from 'bullmq'; const queue = new Queue('mail');\nexport const send = (data: object, jobId?: string) => queue.add('send', data, { jobId: jobId ?? \`mail:\${Date.now()}\` });`,
        'b.ts': `import { send } from './a'; send({ id: 1 });`,
      },
      { line: 2, messageId: 'colon' },
    ],
    [
      'a wrapper that makes the id: there alone',
      {
        'a.js': `${QUEUE}\nexport const send = (id) => queue.add('send', { id }, { jobId: \`mail:\${id}\` });`,
        'b.js': `import { send } from './a.js'; send('1');`,
      },
      { line: 2, messageId: 'colon' },
    ],
    [
      'a service that is given options',
      {
        'mails.service.ts': `import { InjectQueue } from '@nestjs/bullmq'; import { Queue, JobsOptions } from 'bullmq'; export class MailService { constructor(@InjectQueue('mail') private readonly queue: Queue) {} async send(data: object, options?: JobsOptions) { await this.queue.add('send', data, { attempts: 3, ...options }); } }`,
        'a.ts': `import { MailService } from './mails.service'; export class Users { constructor(private readonly mails: MailService) {} welcome(id: string) { return this.mails.send({ id }, {\n  jobId: \`welcome:\${id}\`,\n}); } }`,
      },
      { line: 2, messageId: 'colon' },
    ],
    [
      'CommonJS',
      `const { Queue } = require('bullmq'); const queue = new Queue('mail');\nmodule.exports.send = (id) => queue.add('x', {}, { jobId: 'mail:' + id });`,
      { line: 2, messageId: 'colon' },
    ],
    [
      'a release that refuses colons',
      { 'package.json': manifest('^5.8.0'), 'a.js': add('`mail:${id}`') },
      { line: 3, messageId: 'colon' },
    ],
    [
      'an integer, where colons are not refused yet',
      { 'package.json': manifest('5.8.3'), 'a.js': add(`'123'`) },
      { line: 3, messageId: 'integer' },
    ],
    [
      'a repeated job of BullMQ 6, which ignores repeat',
      {
        'package.json': manifest('^6.0.0'),
        'a.js': `${QUEUE}\nqueue.add('x', {}, { repeat: { every: 1000 }, jobId: 'a:b' });`,
      },
      { line: 2, messageId: 'colon' },
    ],
  ],
});
