import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker } from 'bullmq'; import fs from 'fs'; import crypto from 'node:crypto'; import zlib from 'zlib'; import bcrypt from 'bcrypt'; import { execSync, spawn } from 'child_process';`;
const worker = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job) => {\n${body}\n});`;
const blocked = (line = 3): { line: number; messageId: string } => ({ line, messageId: 'blocks' });

testRule('no-blocking-processor', {
  valid: [
    [
      'a template beside the code',
      worker(
        "return fs.readFileSync(path.join(__dirname, '../templates', `${job.data.name}.mjml`), 'utf8');",
        `import path from 'node:path';`,
      ),
    ],
    [
      'a template whose folder and name are one text',
      worker(
        'return fs.readFileSync(path.join(import.meta.dirname, `../views/emails/${job.data.name}.hbs`));',
        `import path from 'node:path';`,
      ),
    ],
    [
      'the configuration of the project',
      worker(
        `return load();`,
        `import path from 'node:path'; function load(base) { const dir = base ?? path.resolve(import.meta.dirname, '../..'); return JSON.parse(fs.readFileSync(path.resolve(dir, 'priority.json'), 'utf8')); }`,
      ),
    ],
    [
      'a file beside the module by its URL',
      worker(`return fs.readFileSync(new URL('./query.sql', import.meta.url));`),
    ],
    [
      'a certificate of the deployment',
      worker(
        `const folder = path.join(process.cwd(), 'certs');\nreturn fs.readFileSync(path.join(folder, 'private_key.pem'));`,
        `import path from 'node:path';`,
      ),
    ],
    [
      'asynchronous work',
      worker(
        `await fs.promises.readFile(job.data.key);\nawait bcrypt.hash(job.data.text, 12);\nspawn('ls');\nzlib.gzip(job.data.text, done);`,
      ),
    ],
    [
      'cheap synchronous calls',
      worker(
        `if (fs.existsSync('a')) fs.statSync('a');\nfs.mkdirSync('b', { recursive: true }); fs.unlinkSync('a'); fs.writeFileSync('a', 'x'); fs.rmSync('a');\ncrypto.randomBytes(16); crypto.createHash('sha256').update('x').digest('hex'); bcrypt.genSaltSync();`,
      ),
    ],
    [
      'a read when the module starts',
      worker(`return template;`, `const template = fs.readFileSync('mail.html', 'utf8');`),
    ],
    [
      'a read that is kept: a lazy constant',
      worker(`template ??= fs.readFileSync('mail.html', 'utf8');\nreturn template;`, `let template;`),
    ],
    [
      'a read that is kept: a cache by name',
      worker(
        `return load(job.data.name);`,
        `const cache = new Map(); function load(name) { if (cache.has(name)) return cache.get(name); const text = fs.readFileSync(name, 'utf8'); cache.set(name, text); return text; }`,
      ),
    ],
    [
      'a helper that is called once',
      worker(
        `return key();`,
        `let derived; const derive = () => crypto.scryptSync('a', 'b', 32); function key() { if (!derived) derived = derive(); return derived; }`,
      ),
    ],
    [
      'a sandboxed processor',
      {
        'a.js': `import { Worker } from 'bullmq'; import path from 'node:path'; new Worker('mail', path.join(import.meta.dirname, 'processor.js'));`,
        'processor.js': `import { execSync } from 'node:child_process'; export default async function (job) { execSync('convert'); }`,
      },
    ],
    [
      'a sandboxed processor of a worker that cannot be seen',
      `import { SandboxedJob } from 'bullmq'; import fs from 'fs';\nmodule.exports = async function (job: SandboxedJob) { return fs.readFileSync(job.data.path); };`,
    ],
    [
      'code that no processor reaches',
      `${IMPORTS} export function report() { return fs.readFileSync('a'); }\nnew Worker('mail', async () => {});`,
    ],
    [
      'a method of something else with such a name',
      worker(
        `storage.readFileSync('a'); hasher.hashSync('b'); db.execSync('c');`,
        `import { storage, hasher, db } from './own.js';`,
      ),
    ],
    [
      'a function of the project with such a name',
      worker(
        `execSync2(job); readdirSync();`,
        `function readdirSync() { return []; } const execSync2 = (job) => job.id;`,
      ),
    ],
    ['a loop that waits', worker(`while (Date.now() < job.data.until) await sleep(100);`)],
    ['a loop that works', worker(`while (queue.length > 0) { handle(queue.pop()); }`)],
    [
      'a loop that works for a limited time',
      worker(`while (Date.now() < end) { const item = items.pop(); if (!item) break; handle(item); }`),
    ],
    [
      'a loop without a body that works in its test',
      worker(`while (pattern.exec(text)) {}\nwhile (stack.pop());`),
    ],
    ['a short counted loop', worker(`for (let i = 0; i < 1000; i++) { total += i; }`)],
    [
      'a function that the user allows',
      worker(`fs.readFileSync('a');\ncrypto.scryptSync('a', 'b', 32);`),
      { options: { allow: ['readFileSync', 'crypto.scryptSync'] } },
    ],
    [
      'a listener that is only registered',
      worker(`emitter.on('end', () => fs.readFileSync('a'));`, `import { emitter } from './own.js';`),
    ],
    [
      'a function that takes the job and is reported itself',
      {
        'a.ts': `import { Worker, Job } from 'bullmq'; import { run } from './run';\nnew Worker('mail', async (job: Job) => {\n  await run(job);\n});`,
        'run.test.ts': `import { Job } from 'bullmq'; import fs from 'fs';\nexport async function run(job: Job) { fs.readFileSync('a'); }`,
        'run.ts': `import { Job } from 'bullmq';\nexport async function run(job: Job) { return job.id; }`,
      },
    ],
    [
      'odd calls',
      worker(
        `(0, fs['readFile'])(...job.data);\nfs[job.name](); (() => {})(); new (class {})(); import('fs');`,
      ),
    ],
  ],
  invalid: [
    [
      'uploads and exports in folders beside the code',
      worker(
        `fs.readFileSync(path.join(__dirname, '../uploads', job.data.file));\nfs.readFileSync(path.join(__dirname, '../exports/all.csv'));\nfs.readFileSync(path.join(__dirname, '..', job.data.path));\nfs.readFileSync(path.join(process.cwd(), 'templates', '..', job.data.path));`,
        `import path from 'node:path';`,
      ),
      [blocked(3), blocked(4), blocked(5), blocked(6)],
    ],
    [
      'reading a file',
      worker(`const text = fs.readFileSync(job.data.key, 'utf8');`),
      {
        ...blocked(),
        says: 'While readFileSync() runs',
        suggest: `const text = await fs.promises.readFile(job.data.key, 'utf8');`,
      },
    ],
    [
      'reading a file inside an expression',
      worker(`const rows = parse(fs.readFileSync(job.data.key));`),
      { ...blocked(), suggest: `const rows = parse((await fs.promises.readFile(job.data.key)));` },
    ],
    [
      'a callback that cannot await gets no suggestion',
      worker(`return job.data.names.map((name) => fs.readFileSync(name));`),
      { ...blocked(), suggest: false },
    ],
    [
      'imported by name, also under another one',
      worker(
        `readdirSync('exports');\nread('a');`,
        `import { readdirSync, readFileSync as read } from 'node:fs';`,
      ),
      [
        { ...blocked(3), suggest: false },
        { ...blocked(4), suggest: false },
      ],
    ],
    [
      'a child process',
      worker(`execSync(\`ffmpeg -i \${job.data.key}\`);`),
      { ...blocked(), says: '(function -> execSync())' },
    ],
    [
      'CommonJS',
      `const { Worker } = require('bullmq'); const cp = require('child_process'); const { gzipSync } = require('zlib');\nmodule.exports = new Worker('mail', async (job) => {\n  cp.spawnSync('ls');\n  return gzipSync(job.data.text).toString('base64');\n});`,
      [blocked(3), blocked(4)],
    ],
    [
      'hashing passwords',
      worker(`bcrypt.hashSync(job.data.text, 12);\ncrypto.pbkdf2Sync('a', 'b', 100000, 64, 'sha512');`),
      [{ ...blocked(3), suggest: 'await bcrypt.hash(job.data.text, 12);' }, blocked(4)],
    ],
    [
      'compression',
      worker(`zlib.gunzipSync(job.data.body);\nzlib.brotliCompressSync('a');`),
      [blocked(3), blocked(4)],
    ],
    ['a busy loop', worker(`const end = Date.now() + 500;\nwhile (Date.now() < end) {}`), blocked(4)],
    [
      'a busy loop that keeps the time itself',
      worker(`let now = Date.now();\nwhile (now < job.data.until) { now = Date.now(); }`),
      blocked(4),
    ],
    ['a loop that waits for a flag', worker(`while (!done) {}`, `let done = false;`), blocked(3)],
    [
      'a loop that only burns time',
      worker(`let x = 0;\nfor (let i = 0; i < ROUNDS; i++) { x += Math.sqrt(i); }`, `const ROUNDS = 1e9;`),
      blocked(4),
    ],
    [
      'a sleep that blocks',
      worker(`Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);`),
      blocked(3),
    ],
    [
      'a cache that never keeps what it reads',
      worker(
        `return load(job.data.name);`,
        `const cache = new Map();\nfunction load(name) {\n  const known = cache.get(name); if (known) return known;\n  return fs.readFileSync(name, 'utf8');\n}`,
      ),
      blocked(4),
    ],
    [
      'a helper of the file, at the call in the helper',
      worker(
        `sleep(500);`,
        `\nfunction sleep(ms) {\n  const end = Date.now() + ms;\n  while (Date.now() < end);\n}`,
      ),
      { ...blocked(4), says: '(function -> sleep -> a busy loop)' },
    ],
    [
      'a helper of another file, at the call that leads to it, once',
      {
        'a.js': `import { Worker } from 'bullmq'; import { render } from './render.js';\nnew Worker('mail', async (job) => {\n  await render(job.data.a);\n  await render(job.data.b);\n});`,
        'render.js': `import { load } from './files.js';\nexport async function render(name) { return load(name); }`,
        'files.js': `import { readFileSync } from 'node:fs';\nexport const load = (name) => readFileSync(name, 'utf8');`,
      },
      { ...blocked(3), says: 'function -> render (render.js:2) -> load (files.js:2) -> readFileSync()' },
    ],
    [
      'a Nest processor through an injected service',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';\nimport { Pdf } from './pdf.service';\n@Processor('pdf')\nexport class PdfProcessor extends WorkerHost {\n  constructor(private readonly pdf: Pdf) { super(); }\n  async process(job) {\n    return this.pdf.render(job.data.id);\n  }\n}`,
        'pdf.service.ts': `import { execFileSync } from 'child_process';\nexport class Pdf { render(id: string) { return this.run(id); } private run(id: string) { return execFileSync('wkhtmltopdf', [id]); } }`,
      },
      { ...blocked(7), says: 'Pdf.run (pdf.service.ts:2)' },
    ],
    [
      'a processor in another file than its worker',
      {
        'a.js': `import fs from 'node:fs';\nexport async function send(job) {\n  return fs.readFileSync(job.data.key);\n}`,
        'worker.js': `import { Worker } from 'bullmq'; import { send } from './a.js'; new Worker('mail', send);`,
      },
      blocked(3),
    ],
    [
      'a processor known by its annotation',
      `import { Job } from 'bullmq'; import * as fs from 'fs';\nexport async function send(job: Job) {\n  return fs.readFileSync(job.data.key);\n}`,
      blocked(3),
    ],
    [
      'a call whose promise is dropped',
      worker(`void render(job.data.key);`, `\nasync function render(key) {\n  fs.readFileSync(key);\n}`),
      blocked(3),
    ],
    [
      'what is not allowed beside what is',
      worker(`fs.readFileSync('a');\nexecSync('b');`),
      blocked(4),
      { options: { allow: ['readFileSync'] } },
    ],
  ],
});
