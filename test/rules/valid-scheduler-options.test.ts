import { testRule } from '../support/rule-cases.ts';

const QUEUE = `import { Queue } from 'bullmq'; import { randomUUID } from 'node:crypto'; const queue = new Queue('digest');`;
const upsert = (args: string, before = ''): string =>
  `${QUEUE} ${before}\nexport const start = async (config, tenant, on) => {\nawait queue.upsertJobScheduler(${args});\n};`;
const TIMEZONE = { options: { requireTimezone: true } };
const v = (version: string): string => JSON.stringify({ name: 'bullmq', version });

testRule('valid-scheduler-options', {
  valid: [
    ['a constant id', upsert(`'digest', { every: 60_000 }`)],
    ['an id of a tenant', upsert('`digest-${tenant.id}`, { every: 60_000 }')],
    ['an id that cannot be seen', upsert(`config.id, { every: 60_000 }`)],
    [
      'an id of a calendar day',
      upsert('`report-${new Date().toISOString().slice(0, 10)}`, { every: 60_000 }'),
    ],
    [
      'an id that is stored',
      `${QUEUE} export const f = async (db) => { const id = randomUUID(); await db.schedule.create({ data: { id } }); await queue.upsertJobScheduler(id, { every: 1000 }); };`,
    ],
    [
      'an id that is returned to who keeps it',
      `${QUEUE} export const f = async () => { const id = randomUUID(); await queue.upsertJobScheduler(id, { every: 1000 }); return { id }; };`,
    ],
    [
      'a scheduler that is removed again',
      `${QUEUE} export const f = async () => { const id = randomUUID(); await queue.upsertJobScheduler(id, { every: 1000 }); await queue.removeJobScheduler(id); };`,
    ],
    ['a scheduler that ends by itself', upsert('randomUUID(), { every: 1000, limit: 5 }')],
    ['options that cannot be seen', upsert(`'digest', config.repeat`)],
    ['a spread that cannot be seen', upsert(`'digest', { ...config.repeat, tz: 'UTC' }`)],
    [
      'one of the two',
      upsert(`'digest', { pattern: on ? '0 9 * * *' : undefined, every: on ? undefined : 60_000 }`),
    ],
    ['either, from the configuration', upsert(`'digest', { pattern: config.pattern, every: config.every }`)],
    ['an alternative', upsert(`'digest', on ? { pattern: '0 9 * * *' } : { every: 60_000 }`)],
    ['a pattern without a time zone, unless asked for', upsert(`'digest', { pattern: '0 9 * * *' }`)],
    ['a time zone', upsert(`'digest', { pattern: '0 9 * * *', tz: 'Europe/Berlin' }`), TIMEZONE],
    [
      'a time zone from the configuration',
      upsert(`'digest', { pattern: '0 9 * * *', tz: config.tz }`),
      TIMEZONE,
    ],
    [
      'a time zone in a spread',
      upsert(`'digest', { ...base, pattern: '0 9 * * *' }`, `const base = { tz: 'UTC' };`),
      TIMEZONE,
    ],
    [
      'a time zone in a spread that cannot be seen',
      upsert(`'digest', { ...config, pattern: '0 9 * * *' }`),
      TIMEZONE,
    ],
    ['an interval, which has no time zone', upsert(`'digest', { every: 60_000 }`), TIMEZONE],
    ['a pattern that is the same by every clock', upsert(`'digest', { pattern: '*/5 * * * *' }`), TIMEZONE],
    ['the same with seconds', upsert(`'digest', { pattern: '0 */5 * * * *' }`), TIMEZONE],
    [
      'a computed minute of every hour',
      upsert("'digest', { pattern: `${minute},${minute + 30} * * * *` }"),
      TIMEZONE,
    ],
    [
      'utc in version 5, which is a time zone',
      {
        'a.js': upsert(`'digest', { pattern: '0 9 * * *', utc: true }`),
        'package.json': '{ "name": "app" }',
        'node_modules/bullmq/package.json': v('5.81.5'),
      },
      TIMEZONE,
    ],
    [
      'a template of what it takes',
      upsert(
        `'digest', { every: 60_000 }, { name: 'digest', data: { jobId: 1, delay: 5 }, opts: { attempts: 3, backoff: 1000 } }`,
      ),
    ],
    [
      'options of a template that are left out',
      upsert(
        `'digest', { every: 60_000 }, { opts: { delay: 0, jobId: undefined, deduplication: config.dedup } }`,
      ),
    ],
    [
      'another class with such a method',
      `class Q { upsertJobScheduler() {} } new Q().upsertJobScheduler('x', {});`,
    ],
    ['arguments that cannot be seen', upsert('...config')],
    ['no arguments', upsert('')],
  ],
  invalid: [
    [
      'the time in an id',
      upsert('`digest-${Date.now()}`, { every: 60_000 }'),
      { line: 3, messageId: 'randomId', says: 'Date.now()' },
    ],
    [
      'a random id',
      upsert('randomUUID(), { every: 60_000 }'),
      { line: 3, messageId: 'randomId', says: 'randomUUID()' },
    ],
    [
      'a random id of a helper in another file',
      {
        'a.js': `import { Queue } from 'bullmq'; import { newId } from './ids.js'; const queue = new Queue('digest');\nqueue.upsertJobScheduler(newId('digest'), { every: 60_000 });`,
        'ids.js': `import { nanoid } from 'nanoid'; export const newId = (name) => name + nanoid();`,
      },
      { line: 2, messageId: 'randomId' },
    ],
    [
      'a random id that is given to a function which schedules',
      {
        'a.js': `import { schedule } from './schedule.js';\nschedule('digest-' + Date.now());\nschedule('digest');`,
        'schedule.js': `import { Queue } from 'bullmq'; const queue = new Queue('digest'); export const schedule = (id) => queue.upsertJobScheduler(id, { every: 60_000 });`,
      },
      { line: 2, messageId: 'randomId' },
    ],
    [
      'what a function which schedules does wrong, once and there',
      {
        'a.js': `import { schedule } from './schedule.js';\nschedule('digest');`,
        'schedule.js': `import { Queue } from 'bullmq'; const queue = new Queue('digest');\nexport const schedule = (id) => queue.upsertJobScheduler(id + Math.random(), { every: 60_000 });`,
      },
      { file: 'schedule.js', line: 2, messageId: 'randomId' },
    ],
    [
      'CommonJS',
      `const { Queue } = require('bullmq'); const { v4: uuid } = require('uuid'); const queue = new Queue('digest');\nqueue.upsertJobScheduler(uuid(), { every: 60_000 });`,
      { line: 2, messageId: 'randomId' },
    ],
    [
      'a Nest service',
      `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; import { v4 as uuid } from 'uuid';\nexport class S { constructor(@InjectQueue('digest') private readonly queue: Queue) {}\nasync onModuleInit() { await this.queue.upsertJobScheduler(\`digest-\${uuid()}\`, { every: 60_000 }); } }`,
      { line: 3, messageId: 'randomId' },
    ],
    [
      'pattern and every',
      upsert(`'digest', {\n pattern: '0 9 * * *',\n every: 60_000 }`),
      { line: 5, messageId: 'both' },
    ],
    ['neither', upsert(`'digest', { tz: 'UTC' }`), { line: 3, messageId: 'neither' }],
    ['an empty object', upsert(`'digest', {}`), { line: 3, messageId: 'neither' }],
    [
      'neither, in a constant of another file',
      {
        'a.js': `import { Queue } from 'bullmq'; import { DAILY } from './times.js'; const queue = new Queue('digest');\nqueue.upsertJobScheduler('digest', DAILY);`,
        'times.js': `export const DAILY = { tz: 'UTC' };`,
      },
      { line: 2, messageId: 'neither' },
    ],
    ['cron', upsert(`'digest', { cron: '0 9 * * *' }`), { line: 3, messageId: 'cron' }],
    [
      'utc in version 6',
      {
        'a.js': upsert(`'digest', { pattern: '0 9 * * *', utc: true }`),
        'package.json': '{ "name": "app" }',
        'node_modules/bullmq/package.json': v('6.7.0'),
      },
      { line: 3, messageId: 'utc' },
      TIMEZONE,
    ],
    [
      'each ignored option of the template',
      upsert(
        `'digest', { every: 60_000 }, { opts: {\n jobId: 'digest',\n delay: 5000,\n deduplication: { id: 'digest' } } }`,
      ),
      [
        { line: 4, messageId: 'ignored', says: 'jobId' },
        { line: 5, messageId: 'ignored', says: 'delay' },
        { line: 6, messageId: 'ignored', says: 'deduplication' },
      ],
    ],
    [
      'a pattern without a time zone',
      upsert(`'digest', { pattern: '0 9 * * *' }`),
      { line: 3, messageId: 'noTimezone' },
      TIMEZONE,
    ],
    [
      'a pattern of the configuration without a time zone',
      upsert(`'digest', { pattern: config.pattern }`),
      { line: 3, messageId: 'noTimezone' },
      TIMEZONE,
    ],
    [
      'a computed hour',
      upsert("'digest', { pattern: `0 ${hour} * * *` }"),
      { line: 3, messageId: 'noTimezone' },
      TIMEZONE,
    ],
    [
      'every sixth hour',
      upsert(`'digest', { pattern: '0 */6 * * *', tz: undefined }`),
      { line: 3, messageId: 'noTimezone' },
      TIMEZONE,
    ],
    [
      'a pattern that is given to a function which schedules',
      {
        'a.js': `import { schedule } from './schedule.js';\nschedule('digest', { pattern: '0 9 * * *' });`,
        'schedule.js': `import { Queue } from 'bullmq'; const queue = new Queue('digest'); export const schedule = (id, repeat) => queue.upsertJobScheduler(id, repeat);`,
      },
      { line: 2, messageId: 'noTimezone' },
      TIMEZONE,
    ],
  ],
});
