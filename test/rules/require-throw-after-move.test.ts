import { testRule } from '../support/rule-cases.ts';

const worker = (body: string, more = ''): string =>
  `import { Worker, DelayedError, WaitingError, WaitingChildrenError, Job } from 'bullmq'; ${more}\nnew Worker('poll', async (job, token) => {\n${body}\n}, {});`;
const DELAY = 'await job.moveToDelayed(Date.now() + 5000, token);';

testRule('require-throw-after-move', {
  valid: [
    ['a move and its error', worker(`if (busy()) {\n${DELAY}\nthrow new DelayedError();\n}\nreturn 1;`)],
    [
      'something between them',
      worker(
        `${DELAY}\nconsole.log('later'); if (job.data.x) audit(job.id);\nthrow new DelayedError('later');`,
      ),
    ],
    ['moveToWait', worker(`await job.moveToWait(token);\nthrow new WaitingError();`)],
    [
      'children, by a variable',
      worker(
        `const shouldWait = await job.moveToWaitingChildren(token);\nif (shouldWait) {\nthrow new WaitingChildrenError();\n}\nreturn 'done';`,
      ),
    ],
    [
      'children, in place',
      worker(`if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();\nreturn 1;`),
    ],
    [
      'children, the other way round',
      worker(
        `const waits = await job.moveToWaitingChildren(token);\nif (!waits) { return 1; }\nthrow new WaitingChildrenError();`,
      ),
    ],
    [
      'children, other way round with else',
      worker(
        `if (!(await job.moveToWaitingChildren(token))) { return 1; } else { throw new WaitingChildrenError(); }`,
      ),
    ],
    [
      'the steps of the documentation',
      worker(
        `let step = job.data.step;\nwhile (step !== 'end') {\nswitch (step) {\ncase 'first': {\n${DELAY}\nawait job.updateData({ step: 'second' });\nthrow new DelayedError();\n}\ncase 'second': {\nif (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();\nstep = 'end';\nreturn step;\n}\n}\n}`,
      ),
    ],
    [
      'an error of the move by another name',
      worker(`${DELAY}\nthrow later;`, `import { later } from './later.js';`),
    ],
    ['a rejected promise', worker(`${DELAY}\nreturn Promise.reject(new DelayedError());`)],
    ['a chain', worker(`return job.moveToDelayed(1, token).then(() => { throw new DelayedError(); });`)],
    [
      'a function that throws',
      worker(`${DELAY}\ngiveUp();`, `function giveUp() { throw new DelayedError(); }`),
    ],
    [
      'a flag',
      worker(
        `let moved = false;\nif (busy()) { ${DELAY} moved = true; }\ntidy();\nif (moved) throw new DelayedError();\nreturn 1;`,
      ),
    ],
    [
      'a try with the error behind it',
      worker(`try {\n${DELAY}\n} finally { tidy(); }\nthrow new DelayedError();`),
    ],
    [
      'a catch that rethrows',
      worker(
        `try {\n${DELAY}\nthrow new DelayedError();\n} catch (error) { console.error(error); throw error; }`,
      ),
    ],
    [
      'a catch that rethrows this error',
      worker(
        `try {\n${DELAY}\nthrow new DelayedError();\n} catch (error) { if (error instanceof DelayedError) throw error; return 0; }`,
      ),
    ],
    [
      'a callback of a tracer',
      worker(`return span('x', async () => {\n${DELAY}\nthrow new DelayedError();\n});`),
    ],
    [
      'a helper that moves, and a caller that throws',
      worker(
        `await later(job, token);\nthrow new DelayedError();`,
        `async function later(job, token) { ${DELAY} }`,
      ),
    ],
    [
      'a helper that says whether it moved',
      worker(
        `if (await later(job, token)) throw new DelayedError();\nreturn 1;`,
        `async function later(job, token) { if (!busy()) return false; ${DELAY} return true; }`,
      ),
    ],
    [
      'a helper of another file that moves and throws',
      {
        'a.ts': worker(`await later(job, token);`, `import { later } from './later';`),
        'later.ts': `import { DelayedError, type Job } from 'bullmq'; export async function later(job: Job, token?: string): Promise<never> { ${DELAY} throw new DelayedError(); }`,
      },
    ],
    [
      'a helper that takes a job, and whose caller throws',
      {
        'a.ts': `import type { Job } from 'bullmq'; export async function later(job: Job, token?: string) { ${DELAY} }`,
        'worker.ts': worker(
          `await later(job, token);\nthrow new DelayedError();`,
          `import { later } from './a';`,
        ),
      },
    ],
    [
      'another job',
      worker(
        `const other = await queue.getJob('x');\nawait other.moveToDelayed(1, token);`,
        `import { Queue } from 'bullmq'; const queue = new Queue('x');`,
      ),
    ],
    [
      'a listener',
      `import { Worker } from 'bullmq'; const worker = new Worker('a', './p.js'); worker.on('failed', async (job) => { ${DELAY} });`,
    ],
    [
      'a loop that fetches jobs by hand',
      `import { Worker } from 'bullmq'; const worker = new Worker('a', null); export async function run(token) { const job = await worker.getNextJob(token); ${DELAY} }`,
    ],
    ['broken code', worker(`job.moveToDelayed; job[move](); await job?.(); if (job.moveToWait) {}`)],
  ],
  invalid: [
    [
      'a move and return',
      worker(`if (busy()) {\n${DELAY}\nreturn;\n}\nreturn 1;`),
      { line: 4, messageId: 'none', suggest: DELAY },
    ],
    [
      'a move at the end',
      worker(DELAY),
      { line: 3, messageId: 'none', suggest: `${DELAY} throw new DelayedError();` },
    ],
    [
      'a returned move',
      worker(`return job.moveToDelayed(1, token);`),
      { line: 3, messageId: 'none', suggest: false },
    ],
    [
      'moveToWait',
      worker(`await job.moveToWait(token);\nreturn 1;`),
      { line: 3, messageId: 'none', says: 'WaitingError' },
    ],
    [
      'children without a look',
      worker(`await job.moveToWaitingChildren(token);\nreturn 1;`),
      { line: 3, messageId: 'none', says: 'WaitingChildrenError' },
    ],
    [
      'children, and return',
      worker(
        `const shouldWait = await job.moveToWaitingChildren(token);\nif (shouldWait) return;\nreturn 1;`,
      ),
      { line: 3, messageId: 'none' },
    ],
    [
      'an error on one path only',
      worker(`${DELAY}\nif (job.data.x) throw new DelayedError();\nreturn 1;`),
      { line: 3, messageId: 'none' },
    ],
    ['a plain error', worker(`${DELAY}\nthrow new Error('later');`), { line: 3, messageId: 'other' }],
    [
      'the error of another move',
      worker(`${DELAY}\nthrow new WaitingChildrenError();`),
      { line: 3, messageId: 'other', says: 'DelayedError' },
    ],
    [
      'a catch that keeps the error',
      worker(`try {\n${DELAY}\nthrow new DelayedError();\n} catch (error) { console.error(error); }`),
      { line: 4, messageId: 'none' },
    ],
    [
      'a case of a switch',
      worker(`switch (job.data.step) {\ncase 1:\n${DELAY}\nbreak;\ndefault: throw new DelayedError();\n}`),
      { line: 5, messageId: 'none' },
    ],
    [
      'a helper of the file',
      worker(
        `await later(job, token);\nreturn 1;`,
        `\nasync function later(task, key) {\nawait task.moveToDelayed(1, key);\n}`,
      ),
      { line: 3, messageId: 'none' },
    ],
    [
      'a helper of another file',
      {
        'a.js': worker(`await later(job, token);\nreturn 1;`, `import { later } from './later.js';`),
        'later.js': `export async function later(job, token) { ${DELAY} }`,
      },
      { line: 3, messageId: 'none', says: 'later (later.js:1)' },
    ],
    [
      'a processor of NestJS',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport { Job, DelayedError } from 'bullmq';\n@Processor('poll')\nexport class Poll extends WorkerHost {\n  async process(job: Job, token?: string) {\n    ${DELAY}\n    return;\n  }\n}`,
      },
      { line: 6, messageId: 'none' },
    ],
    [
      'a function that takes a job, called by the worker of another file',
      {
        'a.ts': `import type { Job } from 'bullmq';\nexport async function poll(job: Job, token?: string) {\n  ${DELAY}\n}`,
        'worker.ts': worker(`return poll(job, token);`, `import { poll } from './a';`),
      },
      { line: 3, messageId: 'none', suggest: false },
    ],
    [
      'CommonJS',
      `const { Worker } = require('bullmq');\nnew Worker('poll', async (job, token) => {\n  ${DELAY}\n});`,
      { line: 3, messageId: 'none', suggest: false },
      { sourceType: 'commonjs' },
    ],
  ],
});
