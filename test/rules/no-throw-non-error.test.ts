import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker, UnrecoverableError, Queue } from 'bullmq';`;
const worker = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job) => {\n${body}\n});`;

testRule('no-throw-non-error', {
  valid: [
    ['an Error', worker(`throw new Error('x');`)],
    ['an Error without new', worker(`throw Error('x');`)],
    ['an UnrecoverableError', worker(`throw new UnrecoverableError('gone');`)],
    [
      'a subclass of Error',
      worker(`throw new Gone();`, `class Missing extends Error {} class Gone extends Missing {}`),
    ],
    [
      'a class whose base cannot be seen',
      worker(`throw new Gone();`, `import { Base } from 'x'; class Gone extends Base {}`),
    ],
    ['a factory of errors', worker(`throw createError(404);`, `import createError from 'http-errors';`)],
    ['a caught failure', worker(`try { await send(); } catch (error) { log(error); throw error; }`)],
    [
      'part of a caught failure that can be anything',
      worker(`try { await a(); } catch (e) { throw e.cause; }`),
    ],
    ['what a response holds', worker(`const response = await send(job); throw response.data;`)],
    [
      'a caught failure with a text for want of one',
      worker(`try { await a(); } catch (e) { throw e || 'x'; }`),
    ],
    ['text that the processor catches itself', worker(`try { throw 'x'; } catch (e) { console.log(e); }`)],
    [
      'text that the processor turns into an Error',
      worker(`try { throw 'x'; } catch (e) { throw new Error(String(e)); }`),
    ],
    [
      'a rejection that is caught',
      worker(`await new Promise((resolve, reject) => reject('x')).catch((e) => console.log(e));`),
    ],
    [
      'a rejection that is turned into an Error',
      worker(
        `try {\nawait new Promise((resolve, reject) => { run(job).on('error', () => reject('x')); });\n} catch (e) { throw new Error('x'); }`,
      ),
    ],
    ['a rejection with an Error', worker(`return Promise.reject(new Error('x'));`)],
    [
      'a rejection that is passed through',
      worker(`await new Promise((ok, reject) => { s.on('error', reject); });`),
    ],
    ['a promise that nobody waits for', worker(`Promise.reject('x'); return 1;`)],
    [
      'a helper whose failure the caller keeps',
      worker(`try { check(job); } catch { return; }`, `function check(job) { throw 'bad'; }`),
    ],
    [
      'text outside of a processor',
      `${IMPORTS}\nfunction f() { throw 'x'; }\nnew Worker('a', async () => {});`,
    ],
    ['a listener', worker(`stream.on('error', () => { throw 'x'; });`)],
    ['a callback that runs later', worker(`fs.readFile('a', () => { throw 'x'; });`, `import fs from 'fs';`)],
    ['a callback of forEach that nobody awaits', worker(`job.data.ids.forEach(async () => { throw 'x'; });`)],
    [
      'a helper that takes the job and is called within a try',
      {
        'a.ts': `import { Worker, type Job } from 'bullmq';\nasync function step(job: Job) { throw 'x'; }\nnew Worker('a', async (job) => { try { await step(job); } catch (e) { throw new Error('a'); } });`,
      },
    ],
  ],
  invalid: [
    ['text', worker(`throw 'x';`), { line: 3, messageId: 'noReason', suggest: `throw new Error('x');` }],
    [
      'a template',
      worker('throw `no ${job.id}`;'),
      { line: 3, messageId: 'noReason', suggest: 'throw new Error(`no ${job.id}`);' },
    ],
    ['an object', worker(`throw { code: 502 };`), { line: 3, messageId: 'noReason', suggest: false }],
    ['nothing', worker(`throw undefined;`), { line: 3, messageId: 'stuck', suggest: false }],
    ['null', worker(`throw null;`), { line: 3, messageId: 'stuck' }],
    [
      'a constant',
      worker(`throw NOT_FOUND;`, `const NOT_FOUND = 'not found';`),
      { line: 3, messageId: 'noReason' },
    ],
    ['text that is put together', worker(`throw 'no ' + job.id;`), { line: 3, messageId: 'noReason' }],
    [
      'the message of a failure',
      worker(`try { await a(); }\ncatch (error) { throw error.message; }`),
      { line: 4, messageId: 'noReason' },
    ],
    [
      'text in one of two cases',
      worker(`throw job.data.x ? 'x' : new Error('y');`),
      { line: 3, messageId: 'noReason' },
    ],
    [
      'an instance of a class that is no Error',
      worker(`throw new Problem();`, `class Problem { constructor() { this.a = 1; } }`),
      { line: 3, messageId: 'noReason' },
    ],
    [
      'a rejection without a reason',
      worker(`return Promise.reject();`),
      { line: 3, messageId: 'stuck', says: 'undefined' },
    ],
    [
      'a rejection with text',
      worker(`await Promise.reject('x');`),
      { line: 3, messageId: 'noReason', suggest: `await Promise.reject(new Error('x'));` },
    ],
    [
      'reject() of a promise, in a listener',
      worker(`await new Promise((resolve, reject) => {\nstream.on('error', () => reject('broken'));\n});`),
      { line: 4, messageId: 'noReason' },
    ],
    [
      'text that a clause lets out again',
      worker(`try {\nthrow 'x';\n} catch (error) { console.error(error); throw error; }`),
      { line: 4, messageId: 'noReason' },
    ],
    [
      'a promise that leaves the try without await',
      worker(`try {\nreturn Promise.reject('x');\n} catch (error) { return; }`),
      { line: 4, messageId: 'noReason' },
    ],
    [
      'a helper of the file',
      `${IMPORTS}\nfunction check(job) {\n  throw 'bad';\n}\nnew Worker('a', async (job) => { check(job); });`,
      { line: 3, messageId: 'noReason' },
    ],
    [
      'a helper of another file: at the call',
      {
        'a.js': `import { Worker } from 'bullmq'; import { check } from './check.js';\nnew Worker('a', async (job) => {\n  await check(job);\n});`,
        'check.js': `export async function check(job) { if (!job.data.id) throw 'no id'; }`,
      },
      { line: 3, messageId: 'noReason', says: 'check.js:1' },
    ],
    [
      'CommonJS, with a processor of another file',
      {
        'a.js': `const { Worker } = require('bullmq'); const process = require('./process.js'); new Worker('a', process);`,
        'process.js': `module.exports = async (job) => {\n  throw 'x';\n};`,
      },
      { file: 'process.js', line: 2, messageId: 'noReason' },
    ],
    [
      'a service of Nest: at the call',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Mails } from './mails';\n@Processor('mail') export class P extends WorkerHost {\n  constructor(private readonly mails: Mails) { super(); }\n  async process(job: any) {\n    await this.mails.send(job.data.id);\n  }\n}`,
        'mails.ts': `export class Mails { async send(id: string) { throw { code: 404 }; } }`,
      },
      { line: 5, messageId: 'noReason' },
    ],
  ],
});
