import { testRule } from '../support/rule-cases.ts';

const worker = (processor: string, more = ''): string =>
  `import { Worker, Job } from 'bullmq'; ${more}\nnew Worker('video', ${processor}, {});`;
const WRAP = `const wrap = (fn) => async (...args) => { console.log('start'); return fn(...args); };`;
const RENDER = `async function render(job, token, signal) { return fetch(job.data.url, { signal }); }`;
const short = { line: 2, messageId: 'short' };
const passes = { line: 2, messageId: 'passes' };

testRule('require-signal-arity', {
  valid: [
    ['three parameters', worker(`async (job, token, signal) => fetch(job.data.url, { signal })`)],
    [
      'optional parameters',
      worker(`async (job: Job, token?: string, signal?: AbortSignal) => fetch(job.data.url, { signal })`),
    ],
    ['a processor without a signal', worker(`async (job, token = '') => fetch(job.data.url, { token })`)],
    [
      'a default for a signal that is not used',
      worker(`async (job, token, signal = none) => fetch(job.data.url)`),
    ],
    ['rest parameters of which only the first is used', worker(`async (...args) => fetch(args[0].data.url)`)],
    [
      'bound first arguments',
      worker(
        `run.bind(null, client)`,
        `async function run(client, job, token, signal) { return client.get({ signal }); }`,
      ),
    ],
    [
      'a bound method',
      worker(
        `videos.render.bind(videos)`,
        `class Videos { async render(job, token, signal) { return fetch(1, { signal }); } } const videos = new Videos();`,
      ),
    ],
    [
      'three parameters around a wrapped function',
      worker(`(job, token, signal) => wrap(render)(job, token, signal)`, WRAP + RENDER),
    ],
    [
      'a wrapper with three parameters',
      worker(
        `wrap(render)`,
        `const wrap = (fn) => async (job, token, signal) => fn(job, token, signal);${RENDER}`,
      ),
    ],
    [
      'a wrapper that gives the function back',
      worker(`wrap(render)`, `const wrap = (fn) => { register(fn); return fn; };${RENDER}`),
    ],
    ['a wrapper that cannot be seen', worker(`wrap(render)`, `import { wrap } from 'tracing';${RENDER}`)],
    ['a wrapped function without a signal', worker(`wrap(async (job) => fetch(job.data.url))`, WRAP)],
    [
      'a function with a signal of its own',
      worker(`async (job) => render(job, 'x', AbortSignal.timeout(1000))`, RENDER),
    ],
    [
      'a helper with an optional third argument',
      worker(
        `(job) => send(job)`,
        `async function send(job, retries, template) { return fetch(template, retries); }`,
      ),
    ],
    [
      'a helper that takes a job, called by a processor',
      worker(
        `async (job) => render(job)`,
        `async function render(job: Job, size = 1, signal?: AbortSignal) { if (size) return fetch('a', { signal }); return load(job); }`,
      ),
    ],
    [
      'a sandboxed processor',
      {
        'a.js': `export default async function (job, token, signal = none) { return fetch(job.data.url, { signal }); }`,
        'worker.js': `import { Worker } from 'bullmq'; import path from 'node:path'; new Worker('video', path.join(import.meta.dirname, 'a.js'));`,
      },
    ],
    [
      'a version without signals',
      {
        'a.js': worker(`async (job, token, signal = none) => fetch(job.data.url, { signal })`),
        'package.json': `{ "dependencies": { "bullmq": "5.40.0" } }`,
      },
    ],
    [
      'Bull',
      `import Queue from 'bull'; new Queue('video').process(async (job, done = none, signal = none) => fetch(1, { signal }));`,
    ],
    [
      'broken code',
      worker(`async (job, , ) => 1`.replace(', ,', ',')) +
        `\nnew Worker(); new Worker('a', ...x); new Worker('a', wrap());`,
    ],
  ],
  invalid: [
    [
      'a default for the signal',
      worker(`async (job, token, signal = new AbortController().signal) => fetch(1, { signal })`),
      { ...short, suggest: `new Worker('video', async (job, token, signal) => fetch(1, { signal }), {});` },
    ],
    [
      'a default for the signal, with its type',
      worker(`async (job: Job, token?: string, signal: AbortSignal = none) => fetch(1, { signal })`),
      {
        ...short,
        suggest: `new Worker('video', async (job: Job, token?: string, signal?: AbortSignal) => fetch(1, { signal }), {});`,
      },
    ],
    [
      'a default for the token',
      worker(`async (job, token = '', signal) => fetch(1, { signal, token })`),
      { ...short, suggest: false },
    ],
    ['rest parameters, by index', worker(`async (...args) => fetch(1, { signal: args[2] })`), short],
    [
      'rest parameters, taken apart',
      worker(`async (job, ...rest) => { const [token, signal] = rest; return fetch(1, { signal, token }); }`),
      short,
    ],
    [
      'rest parameters, taken apart in place',
      worker(`async (...[job, token, signal]) => fetch(1, { signal, token, job })`),
      short,
    ],
    [
      'arguments',
      worker(`async function (job) { return fetch(job.data.url, { signal: arguments[2] }); }`),
      short,
    ],
    ['a wrapper', worker(`wrap(render)`, WRAP + RENDER), { ...passes, says: 'render' }],
    [
      'a wrapper around a function in place',
      worker(`wrap(async (job, token, signal) => fetch(1, { signal }))`, WRAP),
      passes,
    ],
    [
      'a wrapper of another file',
      {
        'a.js': worker(
          `wrap(render)`,
          `import { wrap } from './wrap.js'; import { render } from './render.js';`,
        ),
        'wrap.js': `export function wrap(fn) { return async function (...args) { return fn(...args); }; }`,
        'render.js': `export ${RENDER}`,
      },
      passes,
    ],
    ['an arrow that passes the job alone', worker(`(job) => render(job)`, RENDER), passes],
    ['an arrow that passes everything', worker(`async (...args) => render(...args)`, RENDER), passes],
    [
      'a method of another file that gets the job alone',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport type { Job } from 'bullmq';\nimport { Videos } from './videos';\n@Processor('video')\nexport class VideoProcessor extends WorkerHost {\n  constructor(private readonly videos: Videos) { super(); }\n  async process(job: Job) { return this.videos.render(job); }\n}`,
        'videos.ts': `import type { Job } from 'bullmq'; export class Videos { async render(job: Job, token?: string, signal?: AbortSignal) { return fetch(job.data.url, { signal }); } }`,
      },
      { line: 7, messageId: 'passes' },
    ],
    [
      'a processor of NestJS',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport type { Job } from 'bullmq';\n@Processor('video')\nexport class VideoProcessor extends WorkerHost {\n  async process(job: Job, token?: string, signal: AbortSignal = none) {\n    return fetch(job.data.url, { signal });\n  }\n}`,
      },
      { line: 5, messageId: 'short' },
    ],
    [
      'a processor of another file',
      {
        'a.js': `export async function render(job, token = '', signal) {\n  return fetch(job.data.url, { signal, token });\n}`,
        'worker.js': worker('render', `import { render } from './a.js';`),
      },
      { line: 1, messageId: 'short' },
    ],
    [
      'CommonJS',
      `const { Worker } = require('bullmq');\nnew Worker('video', async (job, token, signal = none) => fetch(1, { signal }));`,
      short,
      { sourceType: 'commonjs' },
    ],
    [
      'a function that takes a job',
      `import type { Job } from 'bullmq';\nexport const render = async (job: Job, token = '', signal?: AbortSignal) => fetch(job.data.url, { signal, token });`,
      short,
    ],
  ],
});
