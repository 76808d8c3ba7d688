import { testRule } from '../support/rule-cases.ts';

const worker = (body: string, more = ''): string =>
  `import { Worker, Queue, Job } from 'bullmq'; ${more}\nconst worker = new Worker('mail', async (job, token) => {\n${body}\n}, {});`;

testRule('no-manual-finish', {
  valid: [
    ['a result and an error', worker(`if (!job.data.id) throw new Error('no id');\nreturn job.data.id;`)],
    [
      'a job that is asked for by its id',
      worker(
        `const other = await queue.getJob(job.data.other);\nawait other.moveToFailed(new Error('x'), '0');`,
        `const queue = new Queue('a');`,
      ),
    ],
    [
      'a job that is asked for, declared as a job',
      worker(
        `const other: Job = await load(job.data.other);\nawait other.moveToFailed(new Error('x'), '0');`,
        `import { load } from 'jobs';`,
      ),
    ],
    [
      'jobs of a list',
      worker(
        `for (const other of await queue.getActive()) await other.moveToCompleted(1, token);`,
        `const queue = new Queue('a');`,
      ),
    ],
    [
      'jobs of a list, by a callback',
      worker(
        `await Promise.all((await load()).map((other: Job) => other.moveToFailed(new Error('x'), '0')));`,
        `import { load } from 'jobs';`,
      ),
    ],
    [
      'a loop that fetches jobs by hand',
      `import { Worker } from 'bullmq'; const worker = new Worker('mail', null, {});\nexport async function run(token) { for (;;) { const job = await worker.getNextJob(token); if (job) await job.moveToCompleted(1, token, false); } }`,
    ],
    [
      'a function that a loop hands its jobs to',
      `import { Worker, Job } from 'bullmq'; const worker = new Worker('mail', null, {});\nasync function handle(job: Job, token: string) { await job.moveToCompleted(1, token, false); }\nexport async function run(token: string) { const job = await worker.getNextJob(token); if (job) await handle(job, token); }`,
    ],
    [
      'a function that another file hands its jobs to',
      {
        'a.ts': `import type { Job } from 'bullmq'; export async function handle(job: Job, token: string) { await job.moveToFailed(new Error('x'), token); }`,
        'run.ts': `import { Worker } from 'bullmq'; import { handle } from './a'; const worker = new Worker('mail', null); const job = await worker.getNextJob('t'); if (job) await handle(job, 't');`,
      },
    ],
    [
      'a listener',
      worker('return 1;') +
        `\nworker.on('stalled', async () => {}); worker.on('failed', async (job) => { await job.moveToFailed(new Error('x'), '0'); process.exit(1); });`,
    ],
    [
      'a method of that name on something else',
      worker(
        `await board.moveToCompleted(job.data.card);\nawait job.data.card.moveToFailed();`,
        `import { board } from './board.js';`,
      ),
    ],
    [
      'a signal handler',
      worker('return 1;') +
        `\nprocess.on('SIGTERM', async () => { await worker.close(); process.exit(0); });`,
    ],
    [
      'the start of the program',
      worker('return 1;') +
        `\nif (!process.env.REDIS_URL) process.exit(1);\nmain().catch(() => process.exit(1)); async function main() {}`,
    ],
    [
      'a handler that a processor registers',
      worker(`process.once('SIGTERM', () => process.exit(0));\nreturn 1;`),
    ],
    [
      'a timer that ends a hanging process',
      worker(`setTimeout(() => process.exit(1), 60_000).unref();\nreturn 1;`),
    ],
    [
      'exit of something else',
      worker(
        `shell.exit(1); exit(); process.exitCode = 1;`,
        `import shell from 'shell'; import { exit } from './door.js';`,
      ),
    ],
    [
      'a sandboxed file that ends its process',
      {
        'a.js': `export default async function (job) { if (job.data.fatal) process.exit(1); }`,
        'worker.js': `import { Worker } from 'bullmq'; import path from 'node:path'; new Worker('mail', path.join(import.meta.dirname, 'a.js'));`,
      },
    ],
    [
      'a sandboxed file of a worker that cannot be seen',
      `import { SandboxedJob } from 'bullmq'; export default async function (job: SandboxedJob) { process.exit(1); }`,
    ],
    [
      'a default export that may be a sandboxed file',
      `import { Job } from 'bullmq'; export default async function run(job: Job) { process.exit(1); }`,
    ],
    [
      'module.exports that may be a sandboxed file',
      `import { Job } from 'bullmq'; const run = async (job: Job) => { process.exit(1); }; module.exports = run;`,
    ],
    ['broken code', worker(`job.moveToFailed; job[method](); job?.(); process.exit;`)],
    ['tests', { 'a.test.js': worker(`await job.moveToCompleted(1, token);`) }],
  ],
  invalid: [
    [
      'moveToFailed and return',
      worker(
        `if (!job.data.id) {\nawait job.moveToFailed(new Error('no id'), token);\nreturn;\n}\nreturn job.data.id;`,
      ),
      { line: 4, messageId: 'fails', suggest: `throw new Error('no id');` },
    ],
    [
      'moveToCompleted at the end',
      worker(`await job.moveToCompleted({ ok: true }, token, false);`),
      { line: 3, messageId: 'completes', suggest: 'return { ok: true };' },
    ],
    [
      'moveToFailed before other work',
      worker(`await job.moveToFailed(new Error('x'), token);\nawait more();`),
      { line: 3, messageId: 'fails', suggest: false },
    ],
    [
      'moveToFailed inside try',
      worker(`try {\nawait job.moveToFailed(new Error('x'), token);\nreturn;\n} catch {}`),
      { line: 4, messageId: 'fails', suggest: false },
    ],
    [
      'what is returned',
      worker(`return job.moveToFailed(new Error('x'), token);`),
      { line: 3, messageId: 'fails', suggest: false },
    ],
    [
      'an alias, and the element of its name',
      worker(`const current = job;\nawait current?.['moveToCompleted'](1, token);\nlog();`),
      { line: 4, messageId: 'completes' },
    ],
    [
      'a helper of the file',
      worker(
        `await finish(job, token);`,
        `\nasync function finish(task, key) {\nawait task.moveToCompleted(1, key);\n}`,
      ),
      { line: 3, messageId: 'completes', says: 'finish -> job.moveToCompleted()' },
    ],
    [
      'a helper of another file',
      {
        'a.js': worker(`await finish(job, token);`, `import { finish } from './finish.js';`),
        'finish.js': `export async function finish(job, token) { await job.moveToFailed(new Error('x'), token); }`,
      },
      { line: 3, messageId: 'fails', says: 'finish (finish.js:1)' },
    ],
    [
      'a helper that takes a job, in its own file',
      {
        'a.ts': `import type { Job } from 'bullmq';\nexport async function finish(job: Job, token: string) {\n  await job.moveToFailed(new Error('x'), token);\n}`,
        'worker.ts': worker(`await finish(job, token);`, `import { finish } from './a';`),
      },
      { line: 3, messageId: 'fails' },
    ],
    [
      'a processor of another file',
      {
        'a.js': `export const run = async (task, token) => {\n  await task.moveToCompleted(1, token);\n};`,
        'worker.js': `import { Worker } from 'bullmq'; import { run } from './a.js'; new Worker('mail', run);`,
      },
      { line: 2, messageId: 'completes' },
    ],
    [
      'CommonJS',
      `const { Worker } = require('bullmq');\nnew Worker('mail', async (job, token) => {\n  await job.moveToFailed(new Error('x'), token, true);\n  process.exit(1);\n});`,
      [
        { line: 3, messageId: 'fails' },
        { line: 4, messageId: 'exits' },
      ],
      { sourceType: 'commonjs' },
    ],
    ['process.exit', worker(`if (job.data.fatal) process.exit(1);`), { line: 3, messageId: 'exits' }],
    [
      'exit of the module',
      worker(`exit(1);`, `import { exit } from 'node:process';`),
      { line: 3, messageId: 'exits' },
    ],
    [
      'process.exit in a rejection handler',
      worker(`await work().catch(() => process.exit(1));`),
      { line: 3, messageId: 'exits' },
    ],
    [
      'process.exit some calls away',
      {
        'a.js': worker(`await connect();`, `import { connect } from './db.js';`),
        'db.js': `import { fail } from './fail.js'; export async function connect() { try { await open(); } catch (error) { fail(error); } }`,
        'fail.js': `export const fail = (error) => { console.error(error); process.exit(1); };`,
      },
      { line: 3, messageId: 'exits', says: 'connect (db.js:1) -> fail (fail.js:1) -> process.exit()' },
    ],
    [
      'a method of an injected service',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport type { Job } from 'bullmq';\nimport { Renderer } from './renderer';\n@Processor('video')\nexport class Videos extends WorkerHost {\n  constructor(private readonly renderer: Renderer) { super(); }\n  async process(job: Job, token?: string) {\n    await this.renderer.render(job.data);\n    await job.moveToCompleted('ok', token!);\n  }\n}`,
        'renderer.ts': `export class Renderer { async render(data: unknown) { if (!data) process.exit(2); } }`,
      },
      [
        { line: 8, messageId: 'exits' },
        { line: 9, messageId: 'completes' },
      ],
    ],
    [
      'a function that takes a job, of a worker that cannot be seen',
      `import type { Job } from 'bullmq';\nexport async function run(job: Job) {\n  if (!job.data) process.exit(1);\n}`,
      { line: 3, messageId: 'exits' },
    ],
  ],
});
