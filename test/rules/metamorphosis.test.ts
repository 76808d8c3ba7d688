/**
 * Changes to code that mean nothing must not change what is found: each way of writing the same two programs, one
 * that is wrong and one that is right.
 */
import { describe, expect, it } from 'vitest';
import { TestProject, type Files, type LintOptions } from '../support/project.ts';

const POLICY = `{ attempts: 3, backoff: { type: 'exponential', delay: 1000 } }`;
const RULES = {
  rules: { 'require-retry-policy': 'error', 'no-await-job-result': 'error' },
} as const satisfies LintOptions;

/** The program in its plainest form; the last comment of a line says what is found there. */
const WRONG: Files = {
  'a.ts': `
import express from 'express';
import { Queue, QueueEvents } from 'bullmq';
const queue = new Queue('reports', { connection: {} });
const events = new QueueEvents('reports');
const app = express();
async function render(id) {
  const job = await queue.add('render', { id }); // require-retry-policy
  return job.waitUntilFinished(events); // no-await-job-result
}
async function createReport(req, res) {
  res.json(await render(req.params.id));
}
app.post('/reports', createReport);
`,
};

const RIGHT: Files = {
  'a.ts': `
import express from 'express';
import { Queue, QueueEvents } from 'bullmq';
const queue = new Queue('reports', { connection: {}, defaultJobOptions: ${POLICY} });
const events = new QueueEvents('reports');
const app = express();
async function render(id) {
  const job = await queue.add('render', { id });
  return job.id;
}
async function createReport(req, res) {
  res.json(await render(req.params.id));
}
app.post('/reports', createReport);
`,
};

type Change = (files: Files) => Files;

/** Changes the text of every file. */
function texts(change: (text: string) => string): Change {
  return (files) => Object.fromEntries(Object.entries(files).map(([file, text]) => [file, change(text)]));
}

function replace(pattern: RegExp | string, by: string): Change {
  return texts((text) =>
    text.replaceAll(
      pattern instanceof RegExp ? pattern : new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'g'),
      () => by,
    ),
  );
}

/** Lines that match go to the end of the file, as they are. */
function toTheEnd(pattern: RegExp): Change {
  return texts((text) => {
    const blocks = text.split(/\n(?=\S)/).filter((block) => block.trim() !== '' && !block.startsWith('}'));
    const whole = text.split(/\n(?=[^\s}])/);
    expect(blocks.length).toBeGreaterThan(1);
    return [
      ...whole.filter((block) => !pattern.test(block)),
      ...whole.filter((block) => pattern.test(block)),
    ].join('\n');
  });
}

/** The construction of the queue is moved to another file, and reached by another import and expression. */
function queueIn(
  file: string,
  contents: (construction: string) => string,
  imported: string,
  expression = 'queue',
  more: Files = {},
): Change {
  return (files) => {
    const main = files['a.ts'] as string;
    const construction = /const queue = (new Queue\(.*\));/.exec(main)?.[1] as string;
    return {
      'a.ts': main
        .replace(/const queue = .*\n/, '')
        .replace('import express', `${imported}\nimport express`)
        .replace('queue.add', `${expression}.add`),
      [file]: contents(construction),
      ...more,
    };
  };
}

const toRequire: Change = texts((text) =>
  text
    .replace(/import (\w+) from ('[^']+')/g, 'const $1 = require($2)')
    .replace(
      /import (\{[^}]*\}) from ('[^']+')/g,
      (_, names: string, source: string) => `const ${names.replaceAll(' as ', ': ')} = require(${source})`,
    )
    .replace(/export const (\w+)/g, 'const $1 = exports.$1'),
);

const IMPORT = `import { Queue } from 'bullmq';`;

const changes: [string, Change][] = [
  ['nothing', (files) => files],
  // Names
  ['another name of the queue', replace(/\bqueue\b/g, 'x')],
  ['a misleading name of the queue', replace(/\bqueue\b/g, 'cache')],
  [
    'other names of everything',
    texts((text) =>
      [
        ['queue', 'a1'],
        ['events', 'a2'],
        ['render', 'a3'],
        ['createReport', 'a4'],
        ['job', 'a5'],
        ['app', 'a6'],
        ['req', 'a7'],
        ['res', 'a8'],
      ].reduce(
        (current, [from, to]) =>
          current.replace(new RegExp(`(?<!['/.-])\\b${from as string}\\b(?!['-])`, 'g'), to as string),
        text,
      ),
    ),
  ],
  [
    'aliases in the import',
    texts((text) =>
      text
        .replace('{ Queue, QueueEvents }', '{ Queue as Q, QueueEvents as E }')
        .replace('new Queue(', 'new Q(')
        .replace('new QueueEvents(', 'new E('),
    ),
  ],
  [
    'a namespace import',
    texts((text) =>
      text
        .replace('{ Queue, QueueEvents }', '* as mq')
        .replace('new Queue(', 'new mq.Queue(')
        .replace('new QueueEvents(', 'new mq.QueueEvents('),
    ),
  ],
  [
    'a default import',
    texts((text) =>
      text
        .replace('{ Queue, QueueEvents }', 'mq')
        .replace('new Queue(', 'new mq.Queue(')
        .replace('new QueueEvents(', 'new mq.QueueEvents('),
    ),
  ],
  ['require instead of import', toRequire],
  [
    'a whole require',
    texts((text) =>
      text
        .replace(`import { Queue, QueueEvents } from 'bullmq'`, `const mq = require('bullmq')`)
        .replace('new Queue(', 'new mq.Queue(')
        .replace('new QueueEvents(', 'new mq.QueueEvents('),
    ),
  ],
  [
    'a dynamic import',
    texts((text) =>
      text.replace(
        `import { Queue, QueueEvents } from 'bullmq'`,
        `const { Queue, QueueEvents } = await import('bullmq')`,
      ),
    ),
  ],
  [
    'an alias of the class',
    texts((text) => text.replace('const queue = new Queue(', 'const Q = Queue;\nconst queue = new Q(')),
  ],
  [
    'an alias of the queue',
    texts((text) =>
      text.replace('queue.add', 'alias.add').replace('const events', 'const alias = queue;\nconst events'),
    ),
  ],
  // Wrappers that mean nothing
  [
    'parentheses',
    texts((text) =>
      text.replace('queue.add', '(queue).add').replace('job.waitUntilFinished', '(job).waitUntilFinished'),
    ),
  ],
  [
    'as',
    texts((text) =>
      text
        .replace('queue.add', '(queue as Queue).add')
        .replace(/new Queue\((.*)\);/, 'new Queue($1) as unknown as Queue;'),
    ),
  ],
  [
    'as any',
    texts((text) =>
      text
        .replace('queue.add', '(queue as any).add')
        .replace('job.waitUntilFinished(events)', '(job as any).waitUntilFinished(events as any)'),
    ),
  ],
  [
    '!',
    texts((text) =>
      text.replace('queue.add', 'queue!.add').replace('job.waitUntilFinished', 'job!.waitUntilFinished'),
    ),
  ],
  [
    '?.',
    texts((text) =>
      text.replace('queue.add', 'queue?.add').replace('job.waitUntilFinished', 'job?.waitUntilFinished'),
    ),
  ],
  [
    'satisfies',
    texts((text) =>
      text
        .replace('connection: {}', 'connection: {} satisfies object')
        .replace('queue.add', '(queue satisfies Queue).add'),
    ),
  ],
  ['an angle bracket', texts((text) => text.replace('queue.add', '(<Queue>queue).add'))],
  [
    'as const on the options',
    texts((text) => text.replace(/(new Queue\('reports', .*)\);/, '$1 as const);')),
  ],
  [
    'a string key',
    texts((text) =>
      text.replace('queue.add', `queue['add']`).replace('job.waitUntilFinished', `job['waitUntilFinished']`),
    ),
  ],
  [
    'types on everything',
    texts((text) =>
      text
        .replace('const queue =', 'const queue: Queue<{ id: string }> =')
        .replace('render(id)', 'render(id: string): Promise<unknown>')
        .replace('createReport(req, res)', 'createReport(req: Request, res: Response): Promise<void>'),
    ),
  ],
  // Order and form
  ['the handler first', toTheEnd(/^async function render/)],
  ['the queue last', toTheEnd(/^const (?:queue|events)/)],
  ['the import last', toTheEnd(/^import/)],
  [
    'arrow functions',
    texts((text) => text.replace(/async function (\w+)\((.*)\) \{/g, 'const $1 = async ($2) => {')),
  ],
  [
    'function expressions',
    texts((text) => text.replace(/async function (\w+)\((.*)\) \{/g, 'const $1 = async function ($2) {')),
  ],
  [
    'an inline handler',
    texts((text) =>
      text.replace("'/reports', createReport", "'/reports', (req, res) => createReport(req, res)"),
    ),
  ],
  ['let instead of const', replace(/\bconst (?=queue|events)/g, 'let ')],
  [
    'a declaration that is assigned later',
    texts((text) => text.replace('const queue = ', 'let queue;\nqueue = ')),
  ],
  [
    'options by name',
    texts((text) =>
      text.replace(/new Queue\('reports', (.*)\);/, `new Queue('reports', options);\nconst options = $1;`),
    ),
  ],
  [
    'options that are spread',
    texts((text) =>
      text.replace(
        /new Queue\('reports', (.*)\);/,
        `new Queue('reports', { ...options });\nconst options = $1;`,
      ),
    ),
  ],
  [
    'options of a function',
    texts((text) =>
      text.replace(
        /new Queue\('reports', (.*)\);/,
        `new Queue('reports', options());\nfunction options() { return $1; }`,
      ),
    ),
  ],
  ['comments', replace(/\.(?=add|waitUntilFinished)/g, '/* a */ . /* b */ ')],
  [
    'one class for all',
    texts((text) =>
      text
        .replace('async function render', 'class Reports {\n  async render')
        .replace(
          /\n\}\nasync function createReport/,
          '\n}\n}\nconst reports = new Reports();\nasync function createReport',
        )
        .replace('await render(', 'await reports.render('),
    ),
  ],
  // The queue is somewhere else
  [
    'the queue in another file',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} export const queue = ${made};`,
      `import { queue } from './queue';`,
    ),
  ],
  [
    'the queue in another file by its .js name',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} export const queue = ${made};`,
      `import { queue } from './queue.js';`,
    ),
  ],
  [
    'the queue as a default export',
    queueIn('queue.ts', (made) => `${IMPORT} export default ${made};`, `import queue from './queue';`),
  ],
  [
    'the queue in an export list',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} const q = ${made}; export { q as queue };`,
      `import { queue } from './queue';`,
    ),
  ],
  [
    'the queue behind a barrel',
    queueIn(
      'queues/reports.ts',
      (made) => `${IMPORT} export const queue = ${made};`,
      `import { queue } from './queues';`,
      'queue',
      { 'queues/index.ts': `export * from './reports';` },
    ),
  ],
  [
    'the queue behind an alias in a barrel',
    queueIn(
      'queues/reports.ts',
      (made) => `${IMPORT} export default ${made};`,
      `import { reports } from './queues';`,
      'reports',
      { 'queues/index.ts': `export { default as reports } from './reports';` },
    ),
  ],
  [
    'the queue in a namespace',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} export const queue = ${made};`,
      `import * as queues from './queue';`,
      'queues.queue',
    ),
  ],
  [
    'the queue by CommonJS',
    queueIn(
      'queue.js',
      (made) => `const { Queue } = require('bullmq'); module.exports = { queue: ${made} };`,
      `import { queue } from './queue';`,
    ),
  ],
  [
    'the queue by a path of the tsconfig',
    queueIn(
      'src/queue.ts',
      (made) => `${IMPORT} export const queue = ${made};`,
      `import { queue } from '@app/queue';`,
      'queue',
      { 'tsconfig.json': '{ "compilerOptions": { "paths": { "@app/*": ["./src/*"] } } }' },
    ),
  ],
  [
    'the queue in an object',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} export const queues = { reports: ${made} };`,
      `import { queues } from './queue';`,
      'queues.reports',
    ),
  ],
  [
    'the queue of an accessor',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} const queue = ${made}; export const getQueue = () => queue;`,
      `import { getQueue } from './queue';`,
      'getQueue()',
    ),
  ],
  [
    'the queue of a lazy accessor',
    queueIn(
      'queue.ts',
      (made) =>
        `${IMPORT} let queue: Queue | undefined; export function getQueue(): Queue { if (!queue) { queue = ${made}; } return queue; }`,
      `import { getQueue } from './queue';`,
      'getQueue()',
    ),
  ],
  [
    'the queue of an async accessor',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} export async function getQueue() { return ${made}; }`,
      `import { getQueue } from './queue';`,
      '(await getQueue())',
    ),
  ],
  [
    'the queue of a Map',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} export const queues = new Map<string, Queue>(); queues.set('reports', ${made});`,
      `import { queues } from './queue';`,
      `queues.get('reports')!`,
    ),
  ],
  [
    'the queue of a static',
    queueIn(
      'queue.ts',
      (made) => `${IMPORT} export class Queues { static reports = ${made}; }`,
      `import { Queues } from './queue';`,
      'Queues.reports',
    ),
  ],
  [
    'the queue of a service',
    queueIn(
      'queue.ts',
      (made) =>
        `${IMPORT} export class Queues { readonly reports: Queue; constructor() { this.reports = ${made}; } }`,
      `import { Queues } from './queue'; const queues = new Queues();`,
      'queues.reports',
    ),
  ],
  [
    'the queue of a singleton',
    queueIn(
      'queue.ts',
      (made) =>
        `${IMPORT} export class Queues { private static instance?: Queues; readonly reports = ${made}; static get(): Queues { return (this.instance ??= new Queues()); } }`,
      `import { Queues } from './queue';`,
      'Queues.get().reports',
    ),
  ],
  [
    'the queue of a subclass',
    queueIn(
      'queue.ts',
      (made) =>
        `${IMPORT} class Reports extends Queue { constructor() { super(${made.slice('new Queue('.length, -1)}); } } export const queue = new Reports();`,
      `import { queue } from './queue';`,
    ),
  ],
];

describe.each(changes)('%s', (name, change) => {
  it('is a change', () => {
    for (const program of [WRONG, RIGHT])
      expect(JSON.stringify(change(program)) !== JSON.stringify(program)).toBe(name !== 'nothing');
  });

  it('finds what is wrong', () => {
    const { found, expected } = compare(change(WRONG));
    expect(expected).toHaveLength(2);
    expect(found).toEqual(expected);
  });

  it('and nothing in what is right', () => {
    expect(compare(change(RIGHT)).found).toEqual([]);
  });
});

function compare(files: Files): { found: string[]; expected: string[] } {
  const expected = Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const rule = /\/\/ ([\w-]+)$/.exec(line)?.[1];
      return rule ? [`${file}:${index + 1} ${rule}`] : [];
    }),
  );
  const found = new TestProject(files)
    .lint(undefined, RULES)
    .map(({ file, line, rule }) => `${file}:${line} ${rule}`);
  return { found: found.sort(), expected: expected.sort() };
}
