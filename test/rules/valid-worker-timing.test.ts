import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Queue, Worker } from 'bullmq';`;
const typed = (code: string) => ({ 'a.ts': code });
const worker = (options: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job) => send(job.data), { connection,\n${options}\n});`;
const nest = (options: string): string =>
  `import { Processor, WorkerHost } from '@nestjs/bullmq';\n@Processor('mail', {\n${options}\n})\nclass Mails extends WorkerHost { async process(job) {} }`;

testRule('valid-worker-timing', {
  valid: [
    ['a lock that is shorter than the job', worker(`lockDuration: 5_000`)],
    ['a long lock', worker(`lockDuration: 10 * 60 * 1000, stalledInterval: 60_000`)],
    ['a renewal in time', worker(`lockDuration: 60_000, lockRenewTime: 15_000`)],
    ['a renewal before the default of 30 seconds', worker(`lockRenewTime: 15_000`)],
    ['a renewal of 0, which means half of the lock', worker(`lockDuration: 60_000, lockRenewTime: 0`)],
    [
      'a lock and a renewal that depend on the same condition',
      worker(`lockDuration: slow ? 60_000 : 10_000, lockRenewTime: slow ? 30_000 : 5_000`),
    ],
    [
      'options that are valid in each of two sets',
      worker(
        `...(slow ? long : short)`,
        `const long = { lockDuration: 60_000, lockRenewTime: 30_000 }; const short = { lockDuration: 5_000, lockRenewTime: 2_000 };`,
      ),
    ],
    [
      'a lock that cannot be seen',
      worker(`...shared, lockRenewTime: 60_000`, `import { shared } from 'shared';`),
    ],
    ['skipLockRenewal: false', worker(`skipLockRenewal: false, skipStalledCheck: false`)],
    [
      'no renewal for a worker that fetches by hand',
      `${IMPORTS}\nnew Worker('mail', null, { connection, skipLockRenewal: true });`,
    ],
    [
      'no renewal where the processor may be missing',
      `${IMPORTS}\nexport const make = (manual) => new Worker('mail', manual ? null : send, { connection, skipLockRenewal: true });`,
    ],
    [
      'no stalled check beside a worker that checks',
      `${IMPORTS}\nnew Worker('mail', send, { connection, skipStalledCheck: true });\nnew Worker('mail', send, { connection });`,
    ],
    [
      'no stalled check beside a worker of another file that checks',
      {
        'a.ts': `${IMPORTS}\nnew Worker('mail', send, { connection, skipStalledCheck: true });`,
        'b.ts': `${IMPORTS}\nnew Worker('mail', send, { connection, stalledInterval: 5_000 });`,
      },
    ],
    [
      'no second start of jobs that have one attempt',
      `${IMPORTS}\nconst mails = new Queue('mail', { connection });\nawait mails.add('a', {}, { attempts: 1 });\nnew Worker('mail', send, { connection, maxStalledCount: 0 });`,
    ],
    [
      'no stalled job taken up, beside retried jobs of a queue that can be another',
      `${IMPORTS}\nnew Queue('mail', { connection, defaultJobOptions: { attempts: 1 } });\nnew Worker('mail', send, { connection, maxStalledCount: 0 });\nexport const add = (name) => new Queue(name, { defaultJobOptions: { attempts: 3 } }).add('x', {});`,
    ],
    [
      'no stalled job taken up, beside retried jobs of one of several queues',
      `${IMPORTS}\nconst queues = { mail: new Queue('mail', { connection }), push: new Queue('push', { connection, defaultJobOptions: { attempts: 3 } }) };\nnew Worker('mail', send, { connection, maxStalledCount: 0 });\nexport const add = (kind) => queues[kind].add('x', {});`,
    ],
    [
      'no second start where the attempts are those of another queue',
      `${IMPORTS}\nnew Queue('push', { connection, defaultJobOptions: { attempts: 5 } });\nnew Worker('mail', send, { connection, maxStalledCount: 0 });`,
    ],
    [
      'a queue whose name is not known',
      `${IMPORTS}\nnew Queue('mail', { connection, defaultJobOptions: { attempts: 5 } });\nexport const make = (name) => new Worker(name, send, { connection, maxStalledCount: 0 });`,
    ],
    ['a setting with a fallback', worker(`lockDuration: Number(process.env.LOCK_MS ?? 30_000)`)],
    ['a setting with a fallback for NaN', worker(`lockDuration: Number(process.env.LOCK_MS) || 30_000`)],
    [
      'a setting with a default',
      worker(`lockDuration: LOCK_MS`, `const { LOCK_MS = 30_000 } = process.env;`),
    ],
    [
      'a setting that is asked for before',
      worker(
        `lockDuration: Number(process.env.LOCK_MS)`,
        `if (!process.env.LOCK_MS) throw new Error('LOCK_MS');`,
      ),
    ],
    ['a setting that the author vouches for', typed(worker(`lockDuration: Number(process.env.LOCK_MS!)`))],
    [
      'a setting of a validated environment',
      worker(
        `lockDuration: env.LOCK_MS`,
        `import { z } from 'zod'; const env = z.object({ LOCK_MS: z.coerce.number() }).parse(process.env);`,
      ),
    ],
    [
      'a setting of NestJS with a default, or that must be there',
      {
        'a.ts': `${IMPORTS} import { ConfigService } from '@nestjs/config';\nexport class Mails { constructor(config: ConfigService) { new Worker('mail', send, { connection, lockDuration: config.get('LOCK_MS', 30_000), stalledInterval: config.getOrThrow('STALLED_MS') }); } }`,
      },
    ],
    [
      'a setting of NestJS that is validated',
      {
        'a.ts': `${IMPORTS} import { ConfigService } from '@nestjs/config';\nexport class Mails { constructor(config: ConfigService) { new Worker('mail', send, { connection, lockDuration: config.get('LOCK_MS') }); } }`,
        'app.ts': `import { ConfigModule } from '@nestjs/config'; import { validationSchema } from './settings'; ConfigModule.forRoot({ validationSchema });`,
      },
    ],
    [
      'a value that cannot be seen',
      worker(`lockDuration: config.get('lock')`, `import config from 'config';`),
    ],
    [
      'an optional parameter with a default',
      typed(
        `${IMPORTS}\nfunction make({ lockDuration = 30_000 }: { lockDuration?: number }) { return new Worker('mail', send, { connection, lockDuration }); }`,
      ),
    ],
    [
      'an optional property with a fallback',
      typed(
        `${IMPORTS}\nfunction make(options: { lock?: number }) { return new Worker('mail', send, { connection, lockDuration: options.lock ?? 30_000 }); }`,
      ),
    ],
    [
      'an optional property that is asked for before',
      typed(
        `${IMPORTS}\nfunction make(options: { lock?: number }) { if (!options.lock) throw new Error(); return new Worker('mail', send, { connection, lockDuration: options.lock }); }`,
      ),
    ],
    [
      'an option that is left out on a condition',
      worker(`...(lock ? { lockDuration: lock } : {})`, `const lock = Number(process.env.LOCK_MS);`),
    ],
    [
      'a renewal within the lock of the function that it is passed to',
      {
        'a.ts': `import { createWorker } from './factory';\nexport const mails = createWorker('mail', send, { lockRenewTime: 45_000 });`,
        'factory.ts': `${IMPORTS} export const createWorker = (name: string, fn: any, options: object) => new Worker(name, fn, { connection, lockDuration: 60_000, ...options });`,
      },
    ],
    ['a worker of the browser', `new Worker('mail.js', { skipLockRenewal: true, lockDuration: 0 });`],
    [
      'Bull, where a stalledInterval of 0 turns the check off',
      `import Queue from 'bull';\nnew Queue('mail', { settings: { stalledInterval: 0, maxStalledCount: 0 }, defaultJobOptions: { attempts: 3 } });`,
    ],
    [
      'no options at all, and options that are no object',
      `${IMPORTS} new Worker('a'); new Worker('a', send, null); new Worker(...args); new Worker('a', send, ...rest);`,
    ],
  ],
  invalid: [
    [
      'a renewal after the lock has expired',
      worker(`lockDuration: 10_000,\nlockRenewTime: 20_000`),
      { line: 4, messageId: 'renewedTooLate', says: 'expires after 10000 ms' },
    ],
    [
      'a renewal at the end of the lock',
      worker(`lockRenewTime: 60_000, lockDuration: 60_000`),
      { line: 3, messageId: 'renewedTooLate' },
    ],
    [
      'a renewal after the default of 30 seconds',
      worker(`lockRenewTime: 45_000`),
      { line: 3, messageId: 'renewedTooLate', says: 'expires after 30000 ms' },
    ],
    [
      'by constants and arithmetic',
      worker(`lockDuration: 5 * SECOND,\nlockRenewTime: 10 * SECOND`, `const SECOND = 1000;`),
      { line: 4, messageId: 'renewedTooLate' },
    ],
    [
      'in one of two sets of options',
      worker(
        `...(slow ? long : short)`,
        `const slow = check();\nconst long = { lockDuration: 60_000, lockRenewTime: 30_000 };\nconst short = { lockDuration: 5_000, lockRenewTime: 8_000 };`,
      ).replace(`{ connection,\n...(slow ? long : short)\n}`, 'slow ? long : short'),
      { line: 3, messageId: 'renewedTooLate' },
    ],
    [
      'in a constant that is spread',
      worker(`...timing`, `\nconst timing = {\n  lockRenewTime: 60_000,\n};`),
      { line: 3, messageId: 'renewedTooLate' },
    ],
    [
      'in a constant of another file: at the worker',
      {
        'a.ts': `${IMPORTS} import { timing } from './timing';\nexport const mails = new Worker('mail', send, { connection, ...timing });`,
        'timing.ts': `export const timing = { lockDuration: 5_000, lockRenewTime: 8_000 };`,
      },
      { line: 2, messageId: 'renewedTooLate' },
    ],
    [
      'in CommonJS',
      `const { Worker } = require('bullmq');\nnew Worker('mail', send, { connection, lockDuration: 1_000, lockRenewTime: 5_000 });`,
      { line: 2, messageId: 'renewedTooLate' },
    ],
    [
      'of a subclass of Worker',
      `${IMPORTS}\nclass Mails extends Worker { constructor() {\nsuper('mail', send, { connection, lockRenewTime: 60_000 }); } }`,
      { line: 3, messageId: 'renewedTooLate' },
    ],
    [
      'no renewal beside a processor',
      worker(`skipLockRenewal: true`),
      { line: 3, messageId: 'neverRenewed' },
    ],
    [
      'no renewal beside a sandboxed processor',
      `${IMPORTS}\nnew Worker('mail', './mails.js', { connection, skipLockRenewal: true });`,
      { line: 2, messageId: 'neverRenewed' },
    ],
    ['no stalled check', worker(`skipStalledCheck: true`), { line: 3, messageId: 'neverChecked' }],
    [
      'no stalled check in any worker of the queue',
      `${IMPORTS}\nnew Worker('mail', send, { connection, skipStalledCheck: true });\nnew Worker('mail', send, { connection, skipStalledCheck: true });\nnew Worker('push', send, { connection });`,
      [
        { line: 2, messageId: 'neverChecked' },
        { line: 3, messageId: 'neverChecked' },
      ],
    ],
    [
      'durations that are not positive',
      worker(`lockDuration: 0,\nstalledInterval: -1`),
      [
        { line: 3, messageId: 'notPositive', says: 'with 0' },
        { line: 4, messageId: 'notPositive', says: 'stalledInterval' },
      ],
    ],
    [
      'a duration that falls back to 0',
      worker(`stalledInterval: Number(process.env.STALLED_MS) || 0`),
      { line: 3, messageId: 'notPositive' },
    ],
    ['undefined', worker(`lockDuration: undefined`), { line: 3, messageId: 'missing' }],
    [
      'undefined on a condition',
      worker(`lockDuration: process.env.LOCK_MS ? Number(process.env.LOCK_MS) : undefined`),
      { line: 3, messageId: 'missing' },
    ],
    [
      'an environment variable',
      worker(`lockDuration: process.env.LOCK_MS`),
      { line: 3, messageId: 'missing' },
    ],
    [
      'the number of an environment variable',
      worker(`lockDuration: Number(process.env.LOCK_MS)`),
      { line: 3, messageId: 'missing' },
    ],
    [
      'seconds of an environment variable, parsed and converted',
      worker(
        `stalledInterval: parseInt(process.env.STALLED_SECONDS, 10) * 1000,\nlockDuration: +process.env.LOCK_MS`,
      ),
      [
        { line: 3, messageId: 'missing' },
        { line: 4, messageId: 'missing' },
      ],
    ],
    [
      'a setting of another file',
      {
        'a.ts': `${IMPORTS} import { settings } from './settings';\nnew Worker('mail', send, { connection,\nlockDuration: settings.lock });`,
        'settings.ts': `export const settings = { lock: Number(process.env.LOCK_MS) };`,
      },
      { line: 3, messageId: 'missing' },
    ],
    [
      'a setting of NestJS',
      {
        'a.ts': `${IMPORTS} import { ConfigService } from '@nestjs/config';\nexport class Mails { constructor(config: ConfigService) { new Worker('mail', send, { connection,\nlockDuration: config.get<number>('LOCK_MS') }); } }`,
      },
      { line: 3, messageId: 'missing' },
    ],
    [
      'an optional property',
      `${IMPORTS}\ninterface Options { lock?: number }\nexport function make(options: Options) {\n  return new Worker('mail', send, {\n    connection,\n    lockDuration: options.lock,\n  });\n}`,
      { line: 6, messageId: 'missing' },
    ],
    [
      'an optional parameter',
      `${IMPORTS}\nexport function make(lockDuration?: number) {\n  return new Worker('mail', send, { connection, lockDuration });\n}`,
      { line: 3, messageId: 'missing' },
    ],
    [
      'an optional parameter that is taken apart',
      typed(
        `${IMPORTS}\nexport function make({ lockDuration }: { lockDuration?: number }) {\n  return new Worker('mail', send, { connection, lockDuration });\n}`,
      ),
      { line: 3, messageId: 'missing' },
    ],
    [
      'no second start beside attempts of the queue',
      `${IMPORTS}\nnew Queue('mail', { connection, defaultJobOptions: { attempts: 5 } });\nnew Worker('mail', send, { connection,\nmaxStalledCount: 0 });`,
      { line: 4, messageId: 'failsAtOnce' },
    ],
    [
      'no second start beside attempts of a job, across files',
      {
        'a.ts': `${IMPORTS} import { MAILS } from './queues';\nnew Worker(MAILS, send, { connection, maxStalledCount: 0 });`,
        'queues.ts': `${IMPORTS} export const MAILS = 'mail'; export const mails = new Queue(MAILS, { connection });`,
        'orders.ts': `import { mails } from './queues'; export const confirm = (id: string) => mails.add('confirm', { id }, { attempts: 3 });`,
      },
      { line: 2, messageId: 'failsAtOnce' },
    ],
    [
      'options that a function of another file passes on',
      {
        'a.ts': `import { createWorker } from './factory';\nexport const mails = createWorker('mail', send, {\nlockRenewTime: 20_000 });`,
        'factory.ts': `${IMPORTS} export const createWorker = (name: string, fn: any, options: object) => new Worker(name, fn, { connection, lockDuration: 10_000, ...options });`,
      },
      { line: 3, messageId: 'renewedTooLate', says: 'expires after 10000 ms' },
    ],
    [
      'options of a NestJS processor',
      nest(`lockDuration: 10_000,\nlockRenewTime: 20_000,\nskipLockRenewal: true`),
      [
        { line: 4, messageId: 'renewedTooLate' },
        { line: 5, messageId: 'neverRenewed' },
      ],
    ],
    [
      'no second start beside the defaults of a NestJS queue',
      {
        'a.ts': nest(`maxStalledCount: 0`),
        'module.ts': `import { BullModule, InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq';\nBullModule.registerQueue({ name: 'mail', defaultJobOptions: { attempts: 4 } });\nclass Orders { constructor(@InjectQueue('mail') private mails: Queue) {} confirm(id: string) { return this.mails.add('confirm', { id }); } }`,
      },
      { line: 3, messageId: 'failsAtOnce' },
    ],
  ],
});
