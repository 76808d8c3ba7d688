import { testRule } from '../support/rule-cases.ts';

/** A worker around a processor's body, after declarations on the first line. */
const worker = (declarations: string, body: string): string =>
  `import { Worker } from 'bullmq'; ${declarations}\nnew Worker('mail', async (job) => {\n${body}\n});`;

const nest = (fields: string, body: string): Record<string, string> => ({
  'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq';
@Processor('mail')
export class Mails extends WorkerHost {
  ${fields}
  async process(job) {
    ${body}
  }
}`,
});

testRule('no-module-state', {
  valid: [
    [
      'what goes with a thing that is made once for each key',
      `import { Queue, Worker } from 'bullmq'; const queues = new Map(); const names = []; function queueFor(name) { if (queues.has(name)) return queues.get(name); const queue = new Queue(name); names.push(name); queues.set(name, queue); return queue; }\nnew Worker('a', async (job) => { await queueFor('eu').add('x', {}); });`,
    ],
    [
      'an object of the job, in functions inside its methods',
      `import { Worker } from 'bullmq'; class Names { seen = new Map(); async load(id) { const put = (key) => { this.seen.set(key, id); }; put(id); await (async () => { this.seen.set('all', id); })(); } } new Worker('a', async (job) => { const names = new Names(); await names.load(job.data.id); });`,
    ],
    ['locals', worker('', 'let sent = 0; sent++; const seen = new Set(); seen.add(job.id);')],
    [
      'a client made on first use',
      worker('let client;', 'if (!client) client = connect(); client ??= connect();'),
    ],
    [
      'a client guarded by an early return',
      worker(
        'let client; const get = () => { if (client) return client; client = connect(); return client; };',
        'get();',
      ),
    ],
    [
      'a flag that says something was done once',
      worker(
        'let ready = false; const init = () => { if (ready) return; setUp(); ready = true; };',
        'init();',
      ),
    ],
    [
      'a flag of a field that says something was done once, in a callback',
      nest(
        'private ready = false;',
        'if (this.ready) return;\n    await connect().then(() => { this.ready = true; }).catch(log);',
      ),
    ],
    [
      'what is filled together with a client made on first use',
      worker(
        'let pool; let client; const get = () => { if (!pool) { pool = connect(); client = wrap(pool); } return client; };',
        'get();',
      ),
    ],
    [
      'fields that are filled together',
      nest(
        'private pool; private names: string[] = [];',
        'if (this.pool === undefined) { const pool = await connect(); this.names = await pool.names();\n    this.pool = pool; }',
      ),
    ],
    [
      'templates of the code by their name',
      worker(
        `import fs from 'fs'; import { join } from 'path'; const templates = new Map(); const get = (name) => { let text = templates.get(name); if (!text) { text = fs.readFileSync(join(__dirname, 'templates', name), 'utf8'); templates.set(name, text); } return text; };`,
        'get(job.data.template);',
      ),
    ],
    [
      'compiled templates of the code',
      worker(
        `import { readFile } from 'fs/promises'; import { join } from 'path'; import Handlebars from 'handlebars'; const templates = {};`,
        `const source = await readFile(join(__dirname, 'templates', job.data.name + '.hbs'), 'utf8'); templates[job.data.name] = Handlebars.compile(source, { noEscape: true });`,
      ),
    ],
    [
      'a flag written by a signal handler',
      worker(
        `let closing = false; process.on('SIGTERM', () => { closing = true; });`,
        'if (closing) return;',
      ),
    ],
    [
      'a set that the same job leaves as it was',
      worker(
        'const running = new Set();',
        'running.add(job.id); try { await send(); } finally { running.delete(job.id); }',
      ),
    ],
    [
      'a gauge that goes up and down',
      worker('let active = 0;', 'active++; try { await send(); } finally { active--; }'),
    ],
    ['metrics', worker('const metrics = { sent: 0 };', 'metrics.sent++;')],
    [
      'a cache whose entries expire',
      worker(
        'const cache = new Map();',
        'cache.set(job.id, { value: await load(), expiresAt: Date.now() + 1000 });',
      ),
    ],
    [
      'a cache with the time beside it',
      worker('let rates; let fetchedAt = 0;', 'rates = await load(); fetchedAt = Date.now();'),
    ],
    [
      'what the clock ends',
      worker(
        'class Breaker { static failures = 0; static isOpen = false; static resetAt = 0; static check() { if (this.isOpen) { if (Date.now() > this.resetAt) { this.failures = 0; this.isOpen = false; return false; } return true; } return false; } static succeed() { this.failures = 0; this.isOpen = false; } }',
        'if (Breaker.check()) return; Breaker.succeed();',
      ),
    ],
    ['a number that tells requests apart', worker('let last = 0;', 'const id = ++last; await send(id);')],
    [
      'a call of a service that has an add method',
      worker(`import { basket } from 'shop';`, 'basket.add(job.data.id); basket.set(1, 2);'),
    ],
    ['a client library configured', worker(`import mail from 'mailer';`, 'mail.setApiKey(key);')],
    [
      'a field of an object made in the job',
      worker(
        'class Mail { constructor() { this.lines = []; } line(text) { this.lines.push(text); this.last = text; } }',
        `const mail = new Mail(); mail.line('a');`,
      ),
    ],
    [
      'a registry of queues',
      worker(
        `const queues = new Map(); import { Queue } from 'bullmq';`,
        'if (!queues.has(job.name)) queues.set(job.name, new Queue(job.name));',
      ),
    ],
    [
      'what was set up once, by a key of the process: an entry',
      worker(
        `const ready = {}; class Store { container = 'mails'; async create() { if (ready[this.container]) return; await connect(); ready[this.container] = true; } }`,
        'await new Store().create();',
      ),
    ],
    [
      'what was set up once, by a key of the process: a Set',
      worker(
        `const ready = new Set(); const NAME = 'mails'; const setUp = async () => { if (!ready.has(NAME)) { await connect(); ready.add(NAME); } };`,
        'await setUp();',
      ),
    ],
    [
      'what a singleton registers when it is made',
      worker(
        `let queue; const handlers = []; const make = () => { handlers.push(close); return open(); }; const get = () => { if (!queue) { queue = make(); } return queue; };`,
        'get();',
      ),
    ],
    [
      'state of a listener, outside of the job',
      `import { Worker } from 'bullmq'; let done = 0;\nconst worker = new Worker('mail', async () => {});\nworker.on('completed', () => { done++; });`,
    ],
    [
      'state of a timer, outside of the job',
      worker('let ticks = 0;', 'setInterval(() => { ticks++; }, 1000);'),
    ],
    [
      'module state of code that no processor reaches',
      `import { Worker } from 'bullmq'; let requests = 0; export const count = () => { requests++; };\nnew Worker('mail', async () => {});`,
    ],
    ['a web worker', `let n = 0; new Worker('./w.js', () => { n++; });`],
    [
      'Nest: a provider made for each request',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Injectable, Scope } from '@nestjs/common';
@Injectable({ scope: Scope.TRANSIENT }) class Buffer { private rows: string[] = []; add(row: string) { this.rows.push(row); } }
@Processor('mail') export class Mails extends WorkerHost { constructor(private readonly buffer: Buffer) { super(); } async process() { this.buffer.add('x'); } }`,
      },
    ],
  ],
  invalid: [
    [
      'what a job notes once for each key',
      `import { Worker } from 'bullmq'; const done = new Map(); const order = []; function note(id) { if (done.has(id)) return; done.set(id, true); order.push(id); }\nnew Worker('a', async (job) => { note(job.data.id); });`,
      [
        { line: 1, messageId: 'state' },
        { line: 1, messageId: 'state' },
      ],
    ],
    [
      'an object of the module, in a function inside its method',
      `import { Worker } from 'bullmq';\nclass Names { seen = new Map(); load(id) { const put = (key) => { this.seen.set(key, id); }; put(id); } }\nconst names = new Names();\nnew Worker('a', async (job) => {\n  names.load(job.data.id);\n});`,
      { line: 2, messageId: 'state' },
    ],
    ['a counter', worker('let sent = 0;', 'sent++;'), { line: 3, messageId: 'state' }],
    ['an assignment', worker('let current;', 'current = job.data.user;'), { line: 3, messageId: 'state' }],
    [
      'a lock in memory',
      worker('let busy = false;', 'if (busy) return; busy = true;\nawait send();\nbusy = false;'),
      [
        { line: 3, messageId: 'state' },
        { line: 5, messageId: 'state' },
      ],
    ],
    [
      'a lock in a field',
      nest(
        'private busy = false;',
        'if (this.busy) return; this.busy = true;\n    await send();\n    this.busy = false;',
      ),
      [
        { line: 6, messageId: 'state' },
        { line: 8, messageId: 'state' },
      ],
    ],
    [
      'what is written beside a lock',
      worker(
        'let busy = false; let last;',
        'if (!busy) { busy = true;\nlast = job.id;\nawait send();\nbusy = false; }',
      ),
      [
        { line: 3, messageId: 'state' },
        { line: 4, messageId: 'state' },
        { line: 6, messageId: 'state' },
      ],
    ],
    [
      'what is written where a local is missing',
      worker(
        'let last;',
        'let user = await find(job.data.id);\nif (!user) { user = await make(); last = user.id; }',
      ),
      { line: 4, messageId: 'state' },
    ],
    [
      'uploads by their name',
      worker(
        `import fs from 'fs'; import { join } from 'path'; const files = new Map();`,
        `files.set(job.data.name, fs.readFileSync(join(__dirname, 'uploads', job.data.name), 'utf8'));`,
      ),
      { line: 3, messageId: 'state' },
    ],
    [
      'a Map that only grows',
      worker('const seen = new Map();', 'if (seen.has(job.id)) return; seen.set(job.id, job.data);'),
      { line: 3, messageId: 'state' },
    ],
    [
      'what was sent, by a key of the job, decides whether it is sent',
      worker('const sent = {};', 'if (sent[job.data.id]) return; await send(); sent[job.data.id] = true;'),
      { line: 3, messageId: 'state' },
    ],
    [
      'a Set of what was sent, in a helper',
      worker(
        'const sent = new Set();\nconst once = async (id) => { if (sent.has(id)) return; await send(); sent.add(id); };',
        'await once(job.id);',
      ),
      { line: 2, messageId: 'state' },
    ],
    [
      'a counter of what is kept for each key',
      worker(
        'const made = {}; let total = 0;\nconst make = (id) => { total++; return id; };',
        'made[job.id] = make(job.id);',
      ),
      [
        { line: 2, messageId: 'state' },
        { line: 4, messageId: 'state' },
      ],
    ],
    [
      'a list that only grows',
      worker('const errors = [];', 'errors.push(job.id);'),
      { line: 3, messageId: 'state' },
    ],
    [
      'a property of a module object',
      worker('const state = {};', 'state.last = job.id;'),
      { line: 3, messageId: 'state' },
    ],
    [
      'through another name',
      worker('const state = { a: {} };', 'const inner = state.a;\ninner.last = job.id;'),
      { line: 4, messageId: 'state' },
    ],
    [
      'a cache that expires, where caches are not allowed',
      worker('const cache = new Map();', 'cache.set(job.id, { value: 1, expiresAt: Date.now() });'),
      { line: 3, messageId: 'state' },
      { options: { allowCaches: false } },
    ],
    [
      'what the clock ends, where caches are not allowed',
      worker('let failures = 0; let resetAt = 0;', 'if (Date.now() > resetAt) {\nfailures = 0; }'),
      { line: 4, messageId: 'state' },
      { options: { allowCaches: false } },
    ],
    [
      'what is kept before a time has come',
      worker('let last; let endsAt = 0;', 'if (endsAt > 5) {\nlast = job.id; }'),
      { line: 4, messageId: 'state' },
    ],
    [
      'the environment and globalThis',
      worker('', 'process.env.LAST = job.id;\nglobalThis.last = job.id;'),
      [
        { line: 3, messageId: 'state' },
        { line: 4, messageId: 'state' },
      ],
    ],
    [
      'a static',
      worker('class Mails { static last = 0; }', 'Mails.last = job.id;'),
      { line: 3, messageId: 'state' },
    ],
    [
      'a helper of the same file: at the write',
      `import { Worker } from 'bullmq'; let sent = 0;\nfunction count() {\n  sent++;\n}\nnew Worker('mail', async () => { count(); });`,
      { line: 3, messageId: 'state' },
    ],
    [
      'a helper of another file: at the call',
      {
        'a.js': `import { Worker } from 'bullmq'; import { count } from './count.js';\nnew Worker('mail', async () => {\n  count();\n});`,
        'count.js': 'let sent = 0; export function count() { sent++; }',
      },
      { line: 3, messageId: 'state' },
    ],
    [
      'an imported object',
      {
        'a.js': `import { Worker } from 'bullmq'; import { state } from './state.js';\nnew Worker('mail', async (job) => {\n  state.last = job.id;\n});`,
        'state.js': 'export const state = {};',
      },
      { line: 3, messageId: 'state' },
    ],
    [
      'Nest: a field of the processor',
      nest('private current?: string;', 'this.current = job.id;'),
      { line: 6, messageId: 'state' },
    ],
    [
      'Nest: a field of an injected service',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Rates } from './rates';
@Processor('mail') export class Mails extends WorkerHost {
  constructor(private readonly rates: Rates) { super(); }
  async process() {
    this.rates.refresh();
  }
}`,
        'rates.ts': 'export class Rates { private last = 0; refresh() { this.last = 1; } }',
      },
      { line: 5, messageId: 'state' },
    ],
  ],
});
