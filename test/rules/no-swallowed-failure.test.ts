import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker, UnrecoverableError } from 'bullmq'; import { sendMail, charge, loadUser, notifyUser, db, cache, logger } from './services.js';`;
const worker = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job) => {\n${body}\n});`;
const nest = (body: string, members = ''): string =>
  `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Mails } from './mails';\n@Processor('mail') export class P extends WorkerHost {\n  constructor(private readonly mails: Mails) { super(); }\n  async process(job: any) {\n${body}\n  }\n${members}}`;

testRule('no-swallowed-failure', {
  valid: [
    [
      'a helper that only a listener calls, and a private method that nobody calls',
      {
        'a.ts': `import { Job, Worker } from 'bullmq'; import { db } from 'db';
export class Mails { worker = new Worker('mail', './p.js'); constructor() { this.worker.on('failed', async (job, error) => { await this.hasFailed(job, error); }); }
private async hasFailed(job: Job, error: Error) { try { await db.save(job.data.id); } catch (e) { console.error(e); } }
private async hasCompleted(job: Job) { try { await db.save(job.data.id); } catch (e) { console.error(e); } } }`,
      },
    ],
    [
      'a failure that is thrown again',
      worker(`try { await sendMail(job.data); } catch (error) { logger.error(error); throw error; }`),
    ],
    [
      'another failure instead',
      worker(`try { await sendMail(job.data); } catch (error) { throw new Error('mail'); }`),
    ],
    [
      'an UnrecoverableError instead',
      worker(
        `try { await sendMail(job.data); } catch (error) { throw new UnrecoverableError(error.message); }`,
      ),
    ],
    [
      'a failure that is thrown again unless it is expected',
      worker(
        `try { await sendMail(job.data); } catch (error) { if (error.code === 'GONE') return; throw error; }`,
      ),
    ],
    [
      'a helper that throws again',
      worker(
        `try { await sendMail(job.data); } catch (error) { fail(error); }`,
        `function fail(error) { throw new Error('x', { cause: error }); }`,
      ),
    ],
    [
      'a rejected promise',
      worker(`try { await sendMail(job.data); } catch (error) { return Promise.reject(error); }`),
    ],
    [
      'moveToFailed',
      worker(`try { await sendMail(job.data); } catch (error) { await job.moveToFailed(error, job.token); }`),
    ],
    [
      'a notice after the main work',
      worker(
        `await charge(job.data);\ntry { await sendMail(job.data); } catch (error) { logger.warn(error); }`,
      ),
    ],
    [
      'a notice within the try of the main work, which throws again',
      worker(
        `try { await charge(job.data); try { await notifyUser(job.data); } catch (e) { logger.warn(e); } } catch (error) { logger.error(error); throw error; }`,
      ),
    ],
    [
      'work that follows',
      worker(
        `try { await cache.warm(job.data); } catch (error) { logger.warn(error); }\nawait charge(job.data);`,
      ),
    ],
    [
      'progress that is not essential',
      worker(`try { await job.updateProgress(1); } catch (error) { logger.warn(error); }`),
    ],
    [
      'scratch that cannot be removed',
      worker(
        `try { await charge(job.data); } finally { try { await unlink(file); } catch (error) { logger.warn(error); } }`,
      ),
    ],
    [
      'scratch that cannot be removed, after the work',
      worker(`await charge(job.data);\nawait unlink(file).catch(() => {});`),
    ],
    [
      'one item of many',
      worker(
        `for (const id of job.data.ids) { try { await sendMail(id); } catch (error) { logger.error(error); } }`,
      ),
    ],
    [
      'one item of many, at once',
      worker(
        `await Promise.all(job.data.ids.map(async (id) => { try { await sendMail(id); } catch (error) { logger.error(error); } }));`,
      ),
    ],
    [
      'one item of many, by a handler',
      worker(
        `await Promise.all(job.data.ids.map((id) => sendMail(id).catch((error) => logger.error(error))));`,
      ),
    ],
    [
      'attempts of its own',
      worker(
        `for (let i = 0; i < 3; i++) { try { await sendMail(job.data); return; } catch (error) { if (i === 2) throw error; } }`,
      ),
    ],
    [
      'a fallback that the rest works with',
      worker(
        `let text;\ntry { text = await charge(job.data); } catch (error) { text = 'none'; }\nawait sendMail(text);`,
      ),
    ],
    [
      'a fallback value of a handler',
      worker(`const user = await loadUser(job.data.id).catch(() => null);\nif (user) await sendMail(user);`),
    ],
    [
      'another way to do the work',
      worker(
        `try { await sendMail(job.data); } catch (error) { logger.warn(error); await sendSms(job.data); }`,
        `import { sendSms } from './sms.js';`,
      ),
    ],
    [
      'another way to do the work, after the clause',
      worker(
        `try { return await sendMail(job.data); } catch (error) { logger.warn(error); }\nreturn await charge(job.data);`,
      ),
    ],
    [
      'a failure that is stored where it is read',
      {
        'a.js': worker(
          `try { await sendMail(job.data); } catch (error) { await prisma.mail.update({ where: { id: job.data.id }, data: { lastError: error.message } }); }`,
          `import { prisma } from './db.js';`,
        ),
        'db.js': `import { PrismaClient } from '@prisma/client'; export const prisma = new PrismaClient();`,
        'report.js': `import { prisma } from './db.js'; export const failures = async () => (await prisma.mail.findMany()).map((mail) => mail.lastError);`,
      },
    ],
    [
      'failures that are thrown in the end',
      worker(
        `const errors = [];\ntry { await sendMail(job.data); } catch (error) { errors.push(error); }\nif (errors.length > 0) throw new AggregateError(errors);`,
      ),
    ],
    [
      'a failure that is thrown after tidying up',
      worker(
        `let failure;\ntry { await sendMail(job.data); } catch (error) { failure = error; }\nif (failure) throw failure;`,
      ),
    ],
    [
      'invalid input that is dropped',
      worker(`try { JSON.parse(job.data.text); } catch (error) { logger.warn(error); return; }`),
    ],
    [
      'a lookup that finds nothing, before the work',
      worker(
        `let user;\ntry { user = await loadUser(job.data.id); } catch (error) { logger.warn(error); return; }\nawait sendMail(user);`,
      ),
    ],
    [
      'a job that is put back',
      worker(
        `try { await sendMail(job.data); } catch (error) { await queue.add('retry', job.data); }`,
        `import { queue } from './queue.js';`,
      ),
    ],
    [
      'a promise that is returned from the try',
      worker(`try { return sendMail(job.data); } catch (error) { logger.error(error); }`),
    ],
    [
      'done(error) of Bull',
      `const Bull = require('bull'); const { sendMail } = require('./m');\nnew Bull('a').process(async (job, done) => { try { await sendMail(job.data); done(); } catch (error) { done(error); } });`,
    ],
    [
      'reject of a promise',
      worker(
        `await new Promise(async (resolve, reject) => { try { resolve(await sendMail(job.data)); } catch (error) { reject(error); } });`,
      ),
    ],
    ['process.exit', worker(`try { await sendMail(job.data); } catch (error) { process.exit(1); }`)],
    [
      'a helper that tells its caller by its result',
      worker(
        `const sent = await trySend(job.data);\nif (!sent) throw new Error('x');`,
        `async function trySend(data) { try { await sendMail(data); return true; } catch (error) { return false; } }`,
      ),
    ],
    [
      'a helper that is a side step of the processor',
      worker(
        `await charge(job.data);\nawait receipt(job.data);`,
        `async function receipt(data) { try { await sendMail(data); } catch (error) { logger.warn(error); } }`,
      ),
    ],
    [
      'a helper that is called for each item',
      worker(
        `for (const id of job.data.ids) await one(id);`,
        `async function one(id) { try { await sendMail(id); } catch (error) { logger.warn(error); } }`,
      ),
    ],
    [
      'a side step of one kind of job',
      worker(
        `if (job.name === 'a') { await charge(job.data); try { await notifyUser(job.data); } catch (e) { logger.warn(e); } } else { await sendMail(job.data); }`,
      ),
    ],
    [
      'a listener',
      `${IMPORTS}\nconst w = new Worker('a', async (job) => { await sendMail(job.data); });\nw.on('failed', async () => { try { await notifyUser(); } catch (error) { logger.error(error); } });`,
    ],
    [
      'code outside of a processor',
      `${IMPORTS}\nexport async function f() { try { await sendMail(); } catch (error) { logger.error(error); } }\nnew Worker('a', async () => {});`,
    ],
    [
      'a failure that is kept in a variable which the health check reads',
      worker(
        `try { await sendMail(job.data); } catch (error) { lastError = error; }`,
        `let lastError; export const health = () => lastError;`,
      ),
    ],
    [
      'a failure that is kept in a field which the health check reads',
      nest(
        `try { await this.mails.send(job.data.id); } catch (error) { this.lastError = error; }`,
        `private lastError?: Error; health() { return this.lastError; }\n`,
      ),
    ],
    [
      'a failure after which the job throws to be tried again',
      worker(
        `try { const ok = await charge(job.data); if (ok) return; } catch (error) { logger.warn(error); }\nthrow new Error('not confirmed yet');`,
      ),
    ],
    [
      'steps that each keep their own failure',
      worker(
        `await award(job.data).catch(() => {});\nawait sendMail(job.data).catch(() => {});`,
        `import { award } from './award.js';`,
      ),
    ],
    [
      'tidying up where there is nothing to do',
      worker(
        `const entry = await loadUser(job.data.id);\nif (!entry) { try { await dropEntry(job.data.id); } catch (error) { logger.warn(error); } return; }\nawait sendMail(entry);`,
        `import { dropEntry } from './entries.js';`,
      ),
    ],
    [
      'a note of the state in a helper',
      worker(
        `const user = await loadUser(job.data.id);\nif (!user) { await updateStatus(job.data.id, 'failed'); return; }\nawait sendMail(user);`,
        `async function updateStatus(id, status) { try { await db.jobs.update(id, { status }); } catch (error) { logger.warn(error); } }`,
      ),
    ],
    [
      'a cache that keeps its own failures',
      {
        'a.js': `import { Worker } from 'bullmq'; import { cache } from './cache.js';\nnew Worker('a', async (job) => { await cache.set(job.data.id, 1); });`,
        'cache.js': `import { redis } from './redis.js'; export const cache = { async set(key, value) { try { await redis.setex(key, 1, value); } catch (error) { console.error(error); } } };`,
      },
    ],
    [
      'a listener that is added by its name',
      {
        'a.ts': `import { Queue, Worker, type Job } from 'bullmq'; import { db } from './db';\nasync function note(job: Job) { try { await db.create(job.id); } catch (error) { console.error(error); } }\nnew Queue('a').on('waiting', note); new Worker('a', async () => {});`,
      },
    ],
    [
      'a helper that takes a job and more',
      {
        'a.ts': `import type { Job } from 'bullmq'; import { db } from './db';\nexport async function save(job: Job, result: unknown, mode: string) { try { await db.create(job.id, result); } catch (error) { console.error(error); } }`,
      },
    ],
    [
      'work that follows and that nobody waits for',
      worker(
        `try { await cache.warm(job.data); } catch (error) { logger.warn(error); }\npublish(job.data);`,
        `import { publish } from './p.js';`,
      ),
    ],
  ],
  invalid: [
    [
      'a clause that only logs',
      worker(`try {\nawait sendMail(job.data);\n} catch (error) { console.error(error); }`),
      {
        line: 5,
        messageId: 'hidden',
        says: 'sendMail',
        suggest: '} catch (error) { console.error(error); throw error; }',
      },
    ],
    [
      'an empty clause',
      worker(`try {\nawait sendMail(job.data);\n} catch {}`),
      { line: 5, messageId: 'hidden', suggest: '} catch (error) { throw error; }' },
    ],
    [
      'a result that says so',
      worker(
        `try {\nawait sendMail(job.data);\nreturn { success: true };\n} catch (error) { return { success: false, error: error.message }; }`,
      ),
      { line: 6, messageId: 'hidden', suggest: '} catch (error) { throw error; }' },
    ],
    [
      'null',
      worker(
        `try {\nreturn await sendMail(job.data);\n} catch (error) { logger.error(error); return null; }`,
      ),
      { line: 5, messageId: 'hidden' },
    ],
    [
      'the failure as the result',
      worker(`try {\nawait sendMail(job.data);\n} catch (error) { return error; }`),
      { line: 5, messageId: 'hidden' },
    ],
    [
      'a result that is put together',
      worker(
        `let ok = true;\ntry {\nawait sendMail(job.data);\n} catch (error) { ok = false; }\nreturn { ok };`,
      ),
      { line: 6, messageId: 'hidden' },
    ],
    [
      'a report to a service for failures',
      worker(
        `try {\nawait sendMail(job.data);\n} catch (error) { Sentry.captureException(error); await job.log(error.message); }`,
        `import * as Sentry from '@sentry/node';`,
      ),
      { line: 5, messageId: 'hidden' },
    ],
    [
      'a handler',
      worker(`await sendMail(job.data).catch((error) => console.error(error));`),
      { line: 3, messageId: 'hidden' },
    ],
    [
      'a handler by name',
      worker(`return sendMail(job.data).catch(console.error);`),
      { line: 3, messageId: 'hidden' },
    ],
    [
      'an empty handler',
      worker(`await sendMail(job.data).catch(() => {});`),
      { line: 3, messageId: 'hidden' },
    ],
    [
      'a handler of a promise that nobody waits for',
      worker(`sendMail(job.data).catch(() => {});`),
      { line: 3, messageId: 'hidden' },
    ],
    [
      'a handler at the end of a chain',
      worker(
        `await loadUser(job.data.id)\n.then((user) => sendMail(user))\n.catch((error) => logger.error(error));`,
      ),
      { line: 5, messageId: 'hidden' },
    ],
    [
      'after the lookup of what it works with',
      worker(
        `const user = await loadUser(job.data.id);\nif (!user) return;\ntry {\nawait sendMail(user);\n} catch (error) { logger.error(error); }`,
      ),
      { line: 7, messageId: 'hidden' },
    ],
    [
      'after the job was marked as running',
      worker(
        `await db.jobs.update({ where: { id: job.data.id }, data: { status: 'processing' } });\ntry {\nawait sendMail(job.data);\n} catch (error) { logger.error(error); }`,
      ),
      { line: 6, messageId: 'hidden' },
    ],
    [
      'after a lock was taken',
      worker(
        `const isFirst = await redis.set(job.id, 1, 'NX');\nif (!isFirst) return;\ntry { await sendMail(job.data); }\ncatch (error) { logger.error(error); }`,
        `import { redis } from './redis.js';`,
      ),
      { line: 6, messageId: 'hidden' },
    ],
    [
      'an object that says so',
      worker(
        `const result = { success: true };\ntry { await sendMail(job.data); }\ncatch (error) { result.success = false; result.error = error.message; }\nreturn result;`,
      ),
      { line: 5, messageId: 'hidden' },
    ],
    [
      'a wrapper around processors',
      `${IMPORTS}\nconst safely = (run) => async (job) => {\ntry { return await run(job); }\ncatch (error) { logger.error(error); }\n};\nnew Worker('a', safely(async (job) => { await sendMail(job.data); }));`,
      { line: 4, messageId: 'hidden' },
    ],
    [
      'before a log',
      worker(
        `try {\nawait sendMail(job.data);\n} catch (error) { logger.error(error); }\nlogger.info('done');\nawait job.updateProgress(100);`,
      ),
      { line: 5, messageId: 'hidden' },
    ],
    [
      'all items in one try',
      worker(
        `try {\nfor (const id of job.data.ids) await sendMail(id);\n} catch (error) { logger.error(error); }`,
      ),
      { line: 5, messageId: 'hidden' },
    ],
    [
      'each kind of job by itself',
      worker(
        `switch (job.name) {\ncase 'a':\nawait charge(job.data);\nbreak;\ncase 'b':\ntry { await sendMail(job.data); }\ncatch (error) { logger.error(error); }\n}`,
      ),
      { line: 9, messageId: 'hidden' },
    ],
    [
      'one kind of job beside another',
      worker(
        `if (job.name === 'a') { await charge(job.data); }\nif (job.name === 'b') {\ntry { await sendMail(job.data); }\ncatch (error) { logger.error(error); } }`,
      ),
      { line: 6, messageId: 'hidden' },
    ],
    [
      'the main work, and not the notice within',
      worker(
        `try {\nawait charge(job.data);\ntry { await notifyUser(job.data); } catch (e) { logger.warn(e); }\n} catch (error) { logger.error(error); }`,
      ),
      { line: 6, messageId: 'hidden' },
    ],
    [
      'one item of many, where that is asked for',
      worker(
        `for (const id of job.data.ids) {\ntry { await sendMail(id); }\ncatch (error) { logger.error(error); } }`,
      ),
      { line: 5, messageId: 'perItem' },
      { options: { reportPerItem: true } },
    ],
    [
      'a helper of the file',
      `${IMPORTS}\nasync function deliver(job) {\ntry { await sendMail(job.data); }\ncatch (error) { console.error(error); }\n}\nnew Worker('a', async (job) => deliver(job));`,
      { line: 4, messageId: 'hidden' },
    ],
    [
      'a helper of another file: at the call',
      {
        'a.js': `import { Worker } from 'bullmq'; import { deliver } from './deliver.js';\nnew Worker('a', async (job) => {\n  await deliver(job.data);\n});`,
        'deliver.js': `import { transport } from './transport.js';\nexport async function deliver(data) {\ntry { await transport.sendMail(data); }\ncatch (error) { console.error(error); return false; } }`,
      },
      { line: 3, messageId: 'hidden', says: 'deliver.js:4' },
    ],
    [
      'a service of Nest: at the call',
      {
        'a.ts': nest(`    return await this.mails.send(job.data.id);`),
        'mails.ts': `import { Logger } from '@nestjs/common'; export class Mails { private readonly logger = new Logger(); constructor(private readonly transport: any) {}\n  async send(id: string) { try { await this.transport.sendMail(id); return { success: true }; }\n  catch (error) { this.logger.error(error); return { success: false }; } } }`,
      },
      { line: 5, messageId: 'hidden' },
    ],
    [
      'a class of Nest',
      nest(
        `    try {\n      await this.mails.send(job.data.id);\n    } catch (error) {\n      this.logger.error(error);\n    }`,
        `logger: any;\n`,
      ),
      { line: 7, messageId: 'hidden' },
    ],
    [
      'a field that nobody reads',
      nest(
        `try { await this.mails.send(job.data.id); }\n catch (error) { this.failures++; }`,
        `private failures = 0;\n`,
      ),
      { line: 6, messageId: 'hidden' },
    ],
    [
      'a clause that calls for help',
      worker(
        `try { await sendMail(job.data); }\ncatch (error) { await slack.post('mail failed'); await notifyAdmins(error); }`,
        `import { slack, notifyAdmins } from './slack.js';`,
      ),
      { line: 4, messageId: 'hidden' },
    ],
    [
      'a helper whose result is only logged',
      {
        'a.js': `import { Worker } from 'bullmq'; import { deliver } from './deliver.js';\nnew Worker('a', async (job) => {\n  const result = await deliver(job.data);\n  if (result.success) console.log('sent'); else console.error('not sent', result.error);\n});`,
        'deliver.js': `import { transport } from './transport.js';\nexport async function deliver(data) {\ntry { await transport.sendMail(data); return { success: true }; }\ncatch (error) { return { success: false, error }; } }`,
      },
      { line: 3, messageId: 'hidden' },
    ],
    [
      'a processor in a file of its own, which a dispatcher calls: there, once',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { deliver } from './deliver';\nnew Worker('a', async (job) => { switch (job.name) { case 'x': return deliver(job); } });`,
        'deliver.ts': `import type { Job } from 'bullmq'; import { sendMail } from './mail';\nexport async function deliver(job: Job): Promise<unknown> {\ntry { return await sendMail(job.data); }\ncatch (error) { await job.log(String(error)); return false; } }`,
      },
      { file: 'deliver.ts', line: 4, messageId: 'hidden' },
    ],
    [
      'one kind of job, which returns early',
      worker(
        `if (job.name === 'a') {\ntry { await sendMail(job.data); }\ncatch (error) { logger.error(error); }\nreturn; }\nawait charge(job.data);`,
      ),
      { line: 5, messageId: 'hidden' },
    ],
    [
      'the work beside a notice that keeps its own failure',
      worker(
        `try { await sendMail(job.data); }\ncatch (error) { logger.error(error); }\ntry { await cache.invalidate(job.data.id); } catch (error) { logger.warn(error); }`,
      ),
      { line: 4, messageId: 'hidden' },
    ],
    [
      'CommonJS, with a processor of another file',
      {
        'a.js': `const { Worker } = require('bullmq'); const run = require('./run'); new Worker('a', run);`,
        'run.js': `const mail = require('./mail');\nmodule.exports = async function (job) {\n  try { await mail.send(job.data); }\n  catch (e) { console.log(e); }\n};`,
      },
      { file: 'run.js', line: 4, messageId: 'hidden' },
    ],
    [
      'a processor of Bull that is done in any case',
      `const Bull = require('bull'); const { sendMail } = require('./m');\nnew Bull('a').process(async (job, done) => {\ntry { await sendMail(job.data); }\ncatch (error) { console.log(error); }\ndone(); });`,
      { line: 4, messageId: 'hidden' },
    ],
  ],
});
