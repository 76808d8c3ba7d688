import { testRule } from '../support/rule-cases.ts';

const worker = (body: string, head = ''): string =>
  `import { Worker } from 'bullmq'; import { render } from 'render'; ${head}\nnew Worker('a', async (job, token, signal) => {\n${body}\n});`;
const TIMEOUT = `const timeout = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error('timeout')), ms));`;

testRule('no-promise-race-timeout', {
  valid: [
    [
      'a signal that is passed to the work',
      worker(
        `const controller = new AbortController();\nawait Promise.race([render(job.data, controller.signal), timeout(10)]);`,
        TIMEOUT,
      ),
    ],
    [
      'a signal among the options of the work',
      worker(
        `await Promise.race([fetch(job.data.url, { signal: AbortSignal.timeout(10) }), timeout(10)]);`,
        TIMEOUT,
      ),
    ],
    [
      'a timer that aborts',
      worker(
        `await Promise.race([work, new Promise((_, reject) => setTimeout(() => { ac.abort(); reject(new Error('x')); }, 10))]);`,
        `const ac = new AbortController(); const work = render();`,
      ),
    ],
    [
      'a process that is killed',
      worker(
        `const child = spawn('x');\ntry { await Promise.race([exit(child), timeout(10)]); } catch (e) { child.kill(); throw e; }`,
        TIMEOUT,
      ),
    ],
    [
      'the first of several answers',
      worker(`await Promise.race([render(job.data), render(job.data.other)]);`),
    ],
    ['Promise.all with a pause', worker(`await Promise.all([render(job.data), timeout(10)]);`, TIMEOUT)],
    [
      'a pause alone',
      worker(`await new Promise((resolve) => setTimeout(resolve, 10)); await render(job.data);`),
    ],
    [
      'a pause or the abort of the job',
      worker(
        `await Promise.race([once(signal, 'abort'), timeout(10)]);`,
        `import { once } from 'node:events'; ${TIMEOUT}`,
      ),
    ],
    [
      'p-timeout with a signal for the work',
      worker(
        `await pTimeout(render(job.data, { signal }), { milliseconds: 10 });`,
        `import pTimeout from 'p-timeout';`,
      ),
    ],
    [
      'a helper whose work gets a signal',
      worker(
        `await withTimeout(render(job.data, { signal }), 10);`,
        `${TIMEOUT} const withTimeout = (promise, ms) => Promise.race([promise, timeout(ms)]);`,
      ),
    ],
    [
      'outside of a processor',
      `import { Worker } from 'bullmq'; ${TIMEOUT} process.on('SIGTERM', async () => { await Promise.race([worker.close(), timeout(10)]); }); const worker = new Worker('a', async () => {});`,
    ],
    [
      'a race of another library',
      worker(`await Promise.race([render(), timeout(10)]);`, `import { Promise } from 'other'; ${TIMEOUT}`),
    ],
    [
      'an element that cannot be seen',
      worker(`await Promise.race([render(job.data), cancelled(job)]);`, `import { cancelled } from 'x';`),
    ],
    [
      'a promise for an event, with a timer that resets itself',
      worker(
        `await new Promise((resolve) => { const t = setTimeout(resolve, 10); emitter.on('x', () => t.refresh()); });`,
      ),
    ],
    [
      'a list that cannot be seen',
      worker(
        `await Promise.race(job.data.items.map(render)); await Promise.race(); await Promise.race(...x);`,
      ),
    ],
  ],
  invalid: [
    [
      'a processor that hands its job to one with a report of its own',
      {
        'a.ts': `import { Worker } from 'bullmq'; import { run } from './run'; new Worker('a', async (job) => { await run(job); });`,
        'run.ts': `import type { Job } from 'bullmq'; import { render } from 'render'; ${TIMEOUT}\nexport async function run(job: Job) { await Promise.race([render(job.data), timeout(10)]); }`,
      },
      { file: 'run.ts', line: 2, messageId: 'race' },
    ],
    [
      'a helper of the file',
      worker(`await Promise.race([render(job.data), timeout(10)]);`, TIMEOUT),
      { line: 3, messageId: 'race', says: 'Promise.race()' },
    ],
    [
      'a promise in place',
      worker(
        `await Promise.race([render(job.data), new Promise((_, reject) => { setTimeout(() => reject(new Error('x')), 10); })]);`,
      ),
      { line: 3, messageId: 'race' },
    ],
    [
      'a timer that resolves',
      worker(
        `const won = await Promise.race([render(job.data), new Promise((r) => setTimeout(() => r('timeout'), 10))]);`,
      ),
      { line: 3, messageId: 'race' },
    ],
    [
      'timers/promises',
      worker(
        `await Promise.race([render(job.data), sleep(10).then(() => Promise.reject(new Error('x')))]);`,
        `import { setTimeout as sleep } from 'node:timers/promises';`,
      ),
      { line: 3, messageId: 'race' },
    ],
    [
      'promisify(setTimeout)',
      worker(
        `await Promise.race([render(job.data), sleep(10)]);`,
        `import { promisify } from 'node:util'; const sleep = promisify(setTimeout);`,
      ),
      { line: 3, messageId: 'race' },
    ],
    [
      'variables for the work, the timer and the list',
      worker(
        `const work = render(job.data);\nlet handle;\nconst limit = new Promise((_, reject) => { handle = setTimeout(() => reject(new Error('x')), 10); });\nconst all = [work, limit];\ntry { await Promise.race(all); } finally { clearTimeout(handle); }`,
      ),
      { line: 7, messageId: 'race' },
    ],
    [
      'an async function that waits and throws',
      worker(
        `await Promise.race([render(job.data), rejectAfter(10)]);`,
        `const sleep = (ms) => new Promise((r) => setTimeout(r, ms)); async function rejectAfter(ms) { await sleep(ms); throw new Error('x'); }`,
      ),
      { line: 3, messageId: 'race' },
    ],
    [
      'a timer of another file',
      {
        'a.js': worker(
          `await Promise.race([render(job.data), timeout(10)]);`,
          `import { timeout } from './time.js';`,
        ),
        'time.js': `export ${TIMEOUT}`,
      },
      { line: 3, messageId: 'race' },
    ],
    [
      'a helper of the file that races: at the race',
      `import { Worker } from 'bullmq'; ${TIMEOUT}\nfunction withTimeout(promise, ms) {\n  return Promise.race([promise, timeout(ms)]);\n}\nnew Worker('a', async (job) => { await withTimeout(render(job), 10); });`,
      { line: 3, messageId: 'race' },
    ],
    [
      'a helper of another file: at the call',
      {
        'a.ts': worker(`await withTimeout(render(job.data), 10);`, `import { withTimeout } from './time';`),
        'time.ts': `export async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> { let timer: NodeJS.Timeout; const limit = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('x')), ms); }); try { return await Promise.race([promise, limit]); } finally { clearTimeout(timer!); } }`,
      },
      { line: 3, messageId: 'race', says: 'withTimeout' },
    ],
    [
      'a promise by hand',
      worker(
        `await new Promise((resolve, reject) => {\nconst timer = setTimeout(() => reject(new Error('x')), 10);\nrender(job.data).then((value) => { clearTimeout(timer); resolve(value); }, reject);\n});`,
      ),
      { line: 3, messageId: 'race' },
    ],
    [
      'p-timeout',
      worker(`await pTimeout(render(job.data), { milliseconds: 10 });`, `import pTimeout from 'p-timeout';`),
      { line: 3, messageId: 'race', says: 'pTimeout()' },
    ],
    [
      'promise-timeout, in CommonJS',
      `const { Worker } = require('bullmq'); const { timeout } = require('promise-timeout');\nnew Worker('a', async (job) => {\n  await timeout(render(job.data), 10);\n});`,
      { line: 3, messageId: 'race' },
    ],
    [
      'in a service of a Nest processor',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Renderer } from './renderer';\n@Processor('a')\nexport class A extends WorkerHost {\n  constructor(private readonly renderer: Renderer) { super(); }\n  async process(job: Job) {\n    await this.renderer.render(job.data.id);\n  }\n}`,
        'renderer.ts': `export class Renderer { async render(id: string) { return Promise.race([this.work(id), new Promise((_, reject) => setTimeout(() => reject(new Error('x')), 10))]); } async work(id: string) {} }`,
      },
      { line: 6, messageId: 'race' },
    ],
  ],
});
