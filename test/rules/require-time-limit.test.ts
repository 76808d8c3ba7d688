import { testRule } from '../support/rule-cases.ts';

const worker = (body: string, more = ''): string =>
  `import { Worker } from 'bullmq'; import axios from 'axios'; ${more}\nnew Worker('a', async (job, token, signal) => {\n${body}\n});`;
const unlimited = { line: 3, messageId: 'unlimited' };

testRule('require-time-limit', {
  valid: [
    ['a signal', worker(`await fetch(job.data.url, { signal: AbortSignal.timeout(1000) });`)],
    ['the signal of the job', worker(`await fetch(job.data.url, { method: 'POST', signal });`)],
    [
      'options that cannot be seen',
      worker(`await fetch(job.data.url, options);`, `import { options } from 'house';`),
    ],
    [
      'options with a spread that cannot be seen',
      worker(`await fetch(job.data.url, { ...options });`, `import { options } from 'house';`),
    ],
    ['a timeout of axios', worker(`await axios.get(job.data.url, { timeout: 1000 });`)],
    [
      'an instance with a timeout',
      worker(`await api.post('/a', job.data);`, `const api = axios.create({ timeout: 1000 });`),
    ],
    [
      'an instance of another file',
      {
        'a.js': worker(`await api.get('/a');`, `import { api } from './api.js';`),
        'api.js': `import axios from 'axios'; export const api = axios.create({ timeout: 5 });`,
      },
    ],
    ['a default for all', worker(`await axios.get(job.data.url);`, `axios.defaults.timeout = 1000;`)],
    [
      'an interceptor that sets one',
      {
        'a.js': worker(`await axios.get(job.data.url);`),
        'http.js': `import axios from 'axios'; axios.interceptors.request.use((config) => ({ ...config, timeout: config.timeout || 1000 }));`,
      },
    ],
    [
      'a dispatcher for every fetch',
      {
        'a.js': worker(`await fetch(job.data.url);`),
        'http.js': `import { Agent, setGlobalDispatcher } from 'undici'; setGlobalDispatcher(new Agent({ bodyTimeout: 1000 }));`,
      },
    ],
    [
      'a wrapper that gives up',
      worker(
        `await pTimeout(fetch(job.data.url), { milliseconds: 1000 });`,
        `import pTimeout from 'p-timeout';`,
      ),
    ],
    [
      'a race',
      worker(`await Promise.race([fetch(job.data.url), timer()]);`, `import { timer } from './timer.js';`),
    ],
    [
      'a house wrapper, around the call on the way',
      worker(
        `await withTimeout(() => load(job.data.url), 1000);`,
        `const withTimeout = (fn, ms) => fn(ms); const load = (url) => fetch(url);`,
      ),
    ],
    ['a client with a limit of its own', worker(`await ky.get(job.data.url);`, `import ky from 'ky';`)],
    [
      'a child process with a timeout',
      worker(
        `await run('ls', { timeout: 1000 });`,
        `import { exec } from 'node:child_process'; import { promisify } from 'node:util'; const run = promisify(exec);`,
      ),
    ],
    [
      'something else that is promisified',
      worker(
        `await run('a');`,
        `import { promisify } from 'node:util'; import { gzip } from 'node:zlib'; const run = promisify(gzip);`,
      ),
    ],
    [
      'a child process that a timer kills',
      worker(
        `const child = spawn('ls'); const timer = setTimeout(() => child.kill(), 1000); await once(child, 'close'); clearTimeout(timer);`,
        `import { spawn } from 'node:child_process'; import { once } from 'node:events';`,
      ),
    ],
    ['a fetch that nobody waits for', worker(`fetch(job.data.url);`)],
    [
      'a method that is only named so',
      worker(`await api.get('a'); await this.fetch('b');`, `import { api } from 'house';`),
    ],
    [
      'a request handler',
      `import express from 'express'; import { Worker } from 'bullmq'; express().get('/a', async (req, res) => { await fetch('https://a'); });`,
    ],
    ['tests', { 'a.test.js': worker(`await fetch('https://a');`) }],
    [
      'broken code',
      worker(`await fetch(...job.data.args); await fetch?.();`.replace(' await fetch?.();', '')),
    ],
  ],
  invalid: [
    [
      'what gives axios a default gives fetch none',
      worker(`await fetch(job.data.url);`, `axios.defaults.timeout = 1000;`),
      unlimited,
    ],
    [
      'an interceptor for something else',
      {
        'a.js': worker(`await axios.get(job.data.url);\nawait fetch(job.data.url);`),
        'web/api.js': `import axios from 'axios'; const api = axios.create({ timeout: 1000 });
api.interceptors.request.use((config) => { config.headers.Authorization = token(); return config; }, (error) => Promise.reject(error));`,
      },
      [unlimited, { ...unlimited, line: 4 }],
    ],
    [
      'fetch',
      worker(`await fetch(job.data.url);`),
      { ...unlimited, suggest: 'await fetch(job.data.url, { signal: AbortSignal.timeout(30_000) });' },
    ],
    [
      'fetch with options',
      worker(`await fetch(job.data.url, { method: 'POST' });`),
      {
        ...unlimited,
        suggest: `await fetch(job.data.url, { signal: AbortSignal.timeout(30_000), method: 'POST' });`,
      },
    ],
    ['axios', worker(`await axios.post(job.data.url, job.data);`), { ...unlimited, suggest: false }],
    [
      'axios with other options',
      worker(`const { data } = await axios.get(job.data.url, { headers: {} });`),
      unlimited,
    ],
    [
      'an instance without a timeout',
      worker(`return api.get('/a');`, `const api = axios.create({ baseURL: 'https://a' });`),
      unlimited,
    ],
    [
      'a child process',
      worker(
        `await run('ls ' + job.id);`,
        `import { exec } from 'node:child_process'; import { promisify } from 'node:util'; const run = promisify(exec);`,
      ),
      unlimited,
    ],
    [
      'a child process by its callback',
      worker(
        `await new Promise((resolve) => { exec('ls', resolve); });`,
        `import { exec } from 'node:child_process';`,
      ),
      unlimited,
    ],
    ['execa', worker(`await execa('ls', ['-l']);`, `import { execa } from 'execa';`), unlimited],
    ['got', worker(`await got(job.data.url).json();`, `import got from 'got';`), unlimited],
    [
      'in a helper of another file, at the call',
      {
        'a.js': worker(`await load(job.data.url);`, `import { load } from './load.js';`),
        'load.js': `export async function load(url) { const answer = await fetch(url); return answer.json(); }`,
      },
      { ...unlimited, says: 'load (load.js:1) -> fetch()', suggest: false },
    ],
    [
      'each call',
      worker(`await fetch('https://a');\nawait fetch('https://b');`),
      [unlimited, { ...unlimited, line: 4 }],
    ],
    [
      'a processor of NestJS',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport { HttpService } from '@nestjs/axios';\n@Processor('a')\nexport class P extends WorkerHost {\nconstructor(private readonly http: HttpService) { super(); }\nasync process(job: any) { await this.http.axiosRef.get(job.data.url); }\n}`,
      },
      { ...unlimited, line: 6 },
    ],
  ],
});
