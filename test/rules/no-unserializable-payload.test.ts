import { describe, expect, it } from 'vitest';
import { lint, parsersFor, summary, type Files } from '../support/project.ts';

const RULE = 'no-unserializable-payload';
const QUEUES = `import { Queue } from 'bullmq'; export const reports = new Queue('reports', {});`;

const worker = (body: string, type = ''): string =>
  `import { Worker } from 'bullmq';\nimport type { Job } from 'bullmq';\nnew Worker('reports', async (job${type}) => {\n${body}\n});`;

describe('reports', () => {
  it.each<[string, Files, string[]]>([
    [
      'each value where it is written',
      {
        'queues.ts': QUEUES,
        'a.ts': `import { reports } from './queues';\nexport async function run(n: bigint) {\n  await reports.add('a', {\n    at: new Date(),\n    ids: new Set([1]),\n    n,\n    done: () => 1,\n  });\n}`,
      },
      ['a.ts:4 changes', 'a.ts:5 changes', 'a.ts:6 throws', 'a.ts:7 vanishes'],
    ],
    [
      'a payload in a variable, at the argument',
      {
        'queues.ts': QUEUES,
        'a.ts': `import { reports } from './queues';\nconst data = { at: new Date(), until: new Date() };\nawait reports.add('a', data);`,
      },
      ['a.ts:3 changes'],
    ],
    [
      'what a caller gives to a wrapper, at the caller',
      {
        'queues.ts': `${QUEUES}\nexport const enqueue = (data: any) => reports.add('a', data);`,
        'a.ts': `import { enqueue } from './queues';\nawait enqueue({ at: new Date() });`,
      },
      ['a.ts:2 changes'],
    ],
    [
      'a wrapper that declares a Date, and not its callers',
      {
        'queues.ts': `${QUEUES}\nexport const enqueue = (data: { at: Date }) =>\n  reports.add('a', data);`,
        'a.ts': `import { enqueue } from './queues';\nawait enqueue({ at: new Date() });`,
      },
      ['queues.ts:3 changes'],
    ],
    [
      'a promise that was not awaited',
      {
        'queues.ts': QUEUES,
        'users.ts': `export async function load() { return 1; }`,
        'a.ts': `import { reports } from './queues';\nimport { load } from './users';\nexport async function run() {\n  await reports.add('a', { user: load() });\n}`,
      },
      ['a.ts:4 changes'],
    ],
    [
      'a Date whose consumer treats it as one',
      {
        'queues.ts': QUEUES,
        'a.ts': `import { reports } from './queues';\nawait reports.add('a', { at: new Date() });`,
        'worker.ts': worker('job.data.at.getTime();'),
      },
      ['a.ts:2 changes'],
    ],
    [
      'a column that the Prisma schema says is a date',
      {
        'queues.ts': QUEUES,
        'prisma/schema.prisma': 'model Invoice {\n  id Int @id\n  dueDate DateTime\n  total Int\n}',
        'a.ts': `import { reports } from './queues';\nimport { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nconst invoice = await prisma.invoice.findFirst();\nawait reports.add('a', { due: invoice.dueDate, total: invoice.total });`,
      },
      ['a.ts:5 changes'],
    ],
    [
      'a result that makes the finished job fail',
      { 'worker.ts': worker(`  return { total: 10n };`) },
      ['worker.ts:4 resultThrows'],
    ],
    [
      'a response as the result, which does so too',
      {
        'worker.ts': `import { Worker } from 'bullmq';\nimport axios from 'axios';\nnew Worker('a', (job) => axios.post('/charge', { id: job.data.id }));`,
      },
      ['worker.ts:3 resultThrows'],
    ],
    ['a Map as the result', { 'worker.ts': worker(`  return new Map();`) }, ['worker.ts:4 resultChanges']],
    [
      'a Date in a result that somebody reads',
      {
        'worker.ts': worker(`  return { at: new Date() };`),
        'queues.ts': `${QUEUES}\nexport const result = async (id: string) => (await reports.getJob(id))?.returnvalue;`,
      },
      ['worker.ts:4 resultChanges'],
    ],
    [
      'plain JavaScript',
      {
        'queues.js': `const { Queue } = require('bullmq'); module.exports = { reports: new Queue('reports') };`,
        'a.js': `const { reports } = require('./queues');\nasync function run(rows) {\n  await reports.addBulk(rows.map((row) => ({ name: 'a', data: { at: new Date(row.at), e: /a/ } })));\n}\nmodule.exports = { run };`,
      },
      ['a.js:3 changes', 'a.js:3 changes'],
    ],
  ])('%s', (_, files, expected) => {
    for (const parser of parsersFor(files))
      expect(lint(files, { rules: RULE, parser }).map(summary)).toEqual(expected);
  });

  it('says what arrives, and suggests what can be carried', () => {
    const [finding] = lint(
      {
        'queues.ts': QUEUES,
        'a.ts': `import { reports } from './queues';\nawait reports.add('a', { range: { from: new Date() } });`,
      },
      { rules: RULE },
    );
    expect(finding?.message).toBe(
      '`range.from` is a Date, and the processor gets a string instead. Pass an ISO string and parse it in the processor.',
    );
    expect(finding?.suggestions).toEqual([
      {
        message: 'Use `new Date().toISOString()`.',
        output: expect.stringContaining('{ from: new Date().toISOString() }') as string,
      },
    ]);
  });

  it('names everything that is lost at one place', () => {
    const [finding] = lint(
      {
        'queues.ts': QUEUES,
        'a.ts': `import { reports } from './queues';\nconst data = { a: new Date(), b: [new Date()] };\nawait reports.add('a', data);`,
      },
      { rules: RULE },
    );
    expect(finding?.message).toContain('`a` (and `b[]`) is a Date');
  });
});

describe('is silent on', () => {
  const enqueue = (payload: string, head = ''): string =>
    `import { reports } from './queues';\n${head}\nexport async function run(rows: { at: string }[]) {\n  await reports.add('a', ${payload});\n}`;
  it.each<[string, Files]>([
    [
      'plain data',
      {
        'queues.ts': QUEUES,
        'a.ts': enqueue(
          `{ id: '1', at: new Date().toISOString(), n: Date.now(), list: rows.map((row) => row.at) }`,
        ),
      },
    ],
    [
      'a Date that the processor parses',
      {
        'queues.ts': QUEUES,
        'a.ts': enqueue('{ at: new Date() }'),
        'worker.ts': worker('  new Date(job.data.at).getTime();'),
      },
    ],
    [
      'a Date that a function of the processor parses',
      {
        'queues.ts': QUEUES,
        'a.ts': enqueue('{ at: new Date() }'),
        'worker.ts': `${worker('  await render(job.data);')}\nimport { parseISO } from 'date-fns';\nasync function render({ at }: any) { parseISO(at); }`,
      },
    ],
    [
      'a Date that a processor in the hands of a helper parses',
      {
        'queues.ts': QUEUES,
        'a.ts': enqueue('{ at: new Date() }'),
        'make.ts': `import { Worker } from 'bullmq'; export const make = (name: string, run: any) => new Worker(name, async (job) => run(job));`,
        'worker.ts': `import { make } from './make';\nimport { Job } from 'bullmq';\nasync function render(job: Job<{ at: Date }>) { return new Date(job.data.at).getTime(); }\nmake('reports', render);`,
      },
    ],
    [
      'a Date whose job type says string',
      {
        'queues.ts': `import { Queue } from 'bullmq'; export const reports = new Queue<{ at: string }>('reports', {});`,
        'a.ts': enqueue('{ at: new Date() as any }'),
      },
    ],
    [
      'a Date that the processor declares as either',
      {
        'queues.ts': QUEUES,
        'a.ts': enqueue('{ at: new Date() }'),
        'worker.ts': worker('  job.data.at;', ': Job<{ at: Date | string }>'),
      },
    ],
    [
      'a Date in a result that nobody reads',
      { 'worker.ts': worker('  return { ok: true, at: new Date() };') },
    ],
    [
      'the body of a response as the result',
      {
        'worker.ts': `import axios from 'axios';\n${worker(`  const { data } = await axios.get('/');\n  return data;`)}`,
      },
    ],
    [
      'a promise as the result',
      {
        'worker.ts': `${worker('  return render(job.data.id);')}\nasync function render(id: string) { return { id }; }`,
      },
    ],
    [
      "what a promise of the code's own gives, once it is awaited",
      {
        'queues.ts': QUEUES,
        'a.ts': `import { reports } from './queues';\nconst read = (): Promise<string[]> => new Promise((resolve) => resolve([]));\nexport async function run() {\n  const rows = await read();\n  const first = await new Promise((resolve) => setTimeout(resolve, 1));\n  await reports.add('a', { rows, first });\n}`,
      },
    ],
    [
      'a list that an asynchronous function has filtered, as the result',
      {
        'worker.ts': `${worker('  return due(job.data.id);')}\nasync function due(id: string) {\n  const all = [{ id, ids: ['a'] }];\n  const some = all.filter((one) => one.ids.length > 0);\n  return some;\n}`,
      },
    ],
    [
      'a date in a result that a listener of the worker is handed as it is',
      {
        'worker.ts': `${worker('  return { id: job.data.id, at: new Date() };').replace('new Worker', 'const one = new Worker')}\none.on('completed', (job, result) => { console.log(result.at.getTime()); });`,
      },
    ],
    [
      'a function given to p-queue',
      {
        'a.ts': `import PQueue from 'p-queue';\nimport { Queue } from 'bullmq';\nconst queue = new PQueue(); await queue.add(() => 1);`,
      },
    ],
    [
      'a record, which is the matter of another rule',
      {
        'queues.ts': QUEUES,
        'a.ts': enqueue(
          '{ user: await prisma.user.findFirst() }',
          `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();`,
        ),
      },
    ],
  ])('%s', (_, files) => {
    expect(lint(files, { rules: RULE })).toEqual([]);
  });
});
