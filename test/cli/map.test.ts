import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { JobMap } from '../../src/cli/map/model.ts';
import { temporaryFolder, writeFiles, type Files } from '../support/project.ts';
import { HOSTILE, hostileProject } from './browser/projects.ts';

const MANIFEST = '{ "name": "shop", "private": true }';

it('knows producers, queues and workers over files, with the policy of each job', async () => {
  const map = await mapOf({
    'src/queues.ts': `import { Queue } from 'bullmq';
import { retries } from './options';
export const mails = new Queue('mails', { defaultJobOptions: retries });`,
    'src/options.ts': `export const retries = { attempts: 5, backoff: { type: 'exponential', delay: 2 * 1000, jitter: 0.5 } };`,
    'src/orders.ts': `import { mails } from './queues';
export class Orders {
  async confirm(id: string) {
    await mails.add('confirm', { id });
    await mails.add('remind', { id }, { attempts: 2 });
  }
}`,
    'src/worker.ts': `import { Worker } from 'bullmq';
import { sendMail } from './send';
export const worker = new Worker('mails', sendMail, { concurrency: 5 });`,
    'src/send.ts': `import type { Job } from 'bullmq';
export async function sendMail(job: Job) {}`,
  });
  const [queue] = map.queues;
  expect(map.queues).toHaveLength(1);
  expect(queue).toMatchObject({
    id: 'queue:mails',
    name: { text: 'mails', isKnown: true },
    places: [{ file: 'src/queues.ts', line: 3, by: 'construction' }],
    hasWorker: 'yes',
    isFed: 'yes',
  });
  const at = (line: number) => ({ file: 'src/options.ts', line });
  const backoff = { state: 'known', values: [{ type: 'exponential', delay: 2000, jitter: 0.5 }], at: at(1) };
  expect(queue?.retry).toEqual({ attempts: { state: 'known', values: [5], at: at(1) }, backoff });
  expect(map.producers).toMatchObject([
    { function: 'Orders.confirm', at: { file: 'src/orders.ts', line: 3 } },
  ]);
  expect(jobsOf(map).map(({ name, retry }) => [name?.text, retry.attempts, retry.backoff])).toEqual([
    ['confirm', { state: 'known', values: [5], at: at(1) }, backoff],
    ['remind', { state: 'known', values: [2], at: { file: 'src/orders.ts', line: 5 } }, backoff],
  ]);
  expect(map.workers).toMatchObject([
    {
      id: 'worker:src/worker.ts:3',
      queues: ['queue:mails'],
      concurrency: { state: 'known', values: [5] },
      processors: [{ function: 'sendMail', at: { file: 'src/send.ts', line: 2 } }],
    },
  ]);
});

it('says of queues without a worker, and of workers that nobody feeds, that they are', async () => {
  const map = await mapOf({
    'src/a.ts': `import { Queue, Worker } from 'bullmq';
const lost = new Queue('lost');
export const add = () => lost.add('a', {});
new Worker('idle', async () => {});`,
  });
  expect(map.queues.map(({ name, hasWorker, isFed }) => [name.text, hasWorker, isFed])).toEqual([
    ['idle', 'yes', 'no'],
    ['lost', 'no', 'yes'],
  ]);
});

it('invents no name, and takes a worker of an unknown queue for one that may run any', async () => {
  const files = {
    'src/a.ts': `import { Queue, Worker } from 'bullmq';
export const mails = new Queue('mails');
export const perTenant = (tenant: string) => new Queue(\`jobs-\${tenant}\`);
export const feeds = new Queue(process.env.FEEDS!);
export const add = () => mails.add('a', {});
new Worker(process.env.FEEDS!, async () => {});`,
  };
  const map = await mapOf(files);
  expect(map.queues.map(({ name, hasWorker }) => [name.text, name.isKnown, hasWorker])).toEqual([
    ['mails', true, 'no'],
    ['jobs-${tenant}', false, 'no'],
    ['process.env.FEEDS', false, 'yes'],
  ]);
  const open = await mapOf({
    ...files,
    'src/b.ts': `import { Worker } from 'bullmq';
export const start = (name: string) => new Worker(name, async () => {});`,
  });
  expect(open.queues.find(({ name }) => name.text === 'mails')?.hasWorker).toBe('unknown');
});

it('takes a queue that is made under a name its caller gives for one that may be any', async () => {
  const map = await mapOf({
    'src/make.ts': `import { Queue } from 'bullmq';
export async function makeQueue(name: string) {
  const queue = new Queue(name);
  return { queue };
}`,
    'src/worker.ts': `import { Worker } from 'bullmq';
new Worker('mails', async () => {});`,
    'src/a.ts': `import type { Queue } from 'bullmq';
import { makeQueue } from './make';
const queues: Record<string, Queue> = {};
async function queueFor(name: string): Promise<Queue> {
  if (!queues[name]) {
    const { queue } = await makeQueue(name);
    queues[name] = queue;
  }
  return queues[name];
}
export async function add() {
  const queue = await queueFor('mails');
  return queue.add('a', {});
}`,
    'src/b.ts': `import { Queue } from 'bullmq';
export const feeds = new Queue(process.env.FEEDS!);
export const feed = () => feeds.add('a', {});`,
  });
  expect(map.queues.find(({ name }) => name.text === 'mails')?.isFed).toBe('unknown');
});

it('shows schedules of both kinds, and what of them cannot be known', async () => {
  const map = await mapOf({
    'src/a.ts': `import { Queue } from 'bullmq';
const reports = new Queue('reports');
export async function start() {
  await reports.upsertJobScheduler('nightly', { pattern: '0 3 * * *', tz: 'Europe/Berlin' }, { name: 'build' });
  await reports.add('tick', {}, { repeat: { every: 5 * 60_000 } });
  await reports.upsertJobScheduler('later', { pattern: process.env.CRON });
}`,
  });
  expect(jobsOf(map).map(({ schedule }) => schedule)).toMatchObject([
    { id: { text: 'nightly' }, pattern: { values: ['0 3 * * *'] }, tz: { values: ['Europe/Berlin'] } },
    { id: null, every: { values: [300_000] }, tz: { state: 'absent' } },
    { pattern: { state: 'unknown', text: 'process.env.CRON' }, every: { state: 'absent' } },
  ]);
});

it('shows which queues a flow connects, children of children included', async () => {
  const map = await mapOf({
    'src/a.ts': `import { FlowProducer } from 'bullmq';
export const build = () => new FlowProducer().add({
  name: 'site', queueName: 'sites',
  children: [{ name: 'page', queueName: 'pages', children: [{ name: 'image', queueName: 'images' }] }],
});`,
  });
  expect(map.flows.map(({ parent, child }) => `${parent} ${child}`)).toEqual([
    'queue:pages queue:images',
    'queue:sites queue:pages',
  ]);
});

it('gives the jobs of a wrapper to its callers', async () => {
  const map = await mapOf({
    'src/mail.ts': `import { Queue } from 'bullmq';
const mails = new Queue('mails');
export const addMail = (name: string, data: object, attempts: number) => mails.add(name, data, { attempts });`,
    'src/order.ts': `import { addMail } from './mail';
export async function placeOrder(id: string) { await addMail('confirm', { id }, 4); }`,
  });
  const [enqueue] = map.producers.flatMap(({ enqueues }) => enqueues);
  expect(enqueue?.jobs[0]?.name).toEqual({ text: 'name', isKnown: false });
  expect(enqueue?.callers).toMatchObject([
    {
      function: 'placeOrder',
      at: { file: 'src/order.ts', line: 2 },
      jobs: [{ name: { text: 'confirm' }, queues: ['queue:mails'], retry: { attempts: { values: [4] } } }],
    },
  ]);
});

it('knows NestJS: registrations, injected queues, processor classes', async () => {
  const map = await mapOf({
    'src/app.module.ts': `import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
@Module({ imports: [
  BullModule.forRoot({ defaultJobOptions: { attempts: 3 } }),
  BullModule.registerQueue({ name: 'audio' }),
] })
export class AppModule {}`,
    'src/audio.ts': `import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Queue, type Job } from 'bullmq';
export class AudioService {
  constructor(@InjectQueue('audio') private readonly audio: Queue) {}
  transcode(id: string) { return this.audio.add('transcode', { id }); }
}
@Processor('audio', { concurrency: 2 })
export class AudioProcessor extends WorkerHost {
  async process(job: Job) {}
}`,
  });
  expect(map.queues).toMatchObject([
    {
      id: 'queue:audio',
      retry: { attempts: { state: 'known', values: [3] } },
      places: [{ by: 'registration' }, { by: 'injection' }],
    },
  ]);
  expect(map.workers).toMatchObject([
    { concurrency: { values: [2] }, processors: [{ function: 'AudioProcessor.process' }] },
  ]);
});

it('says which requests and jobs lead to a producer through calls', async () => {
  const map = await mapOf({
    'src/queues.ts': `import { Queue } from 'bullmq';
const mails = new Queue('mails');
export const addMail = (id: string) => mails.add('mail', { id });`,
    'src/routes.ts': `import { Router } from 'express';
import { addMail } from './queues';
const router = Router();
router.post('/orders', async (req, res) => { await addMail(req.params.id); res.sendStatus(202); });`,
    'src/worker.ts': `import { Worker } from 'bullmq';
import { addMail } from './queues';
new Worker('orders', async function fulfil(job) { await addMail(job.data.id); });`,
  });
  expect(map.producers.flatMap(({ reachedFrom }) => reachedFrom)).toMatchObject([
    { role: 'handler', function: "router.post('/orders')", at: { file: 'src/routes.ts', line: 4 } },
    { role: 'processor', function: 'fulfil', workers: ['worker:src/worker.ts:3'] },
  ]);
});

it('marks the nodes that findings are on', async () => {
  const files = {
    'src/a.ts': `import { Queue, Worker } from 'bullmq';
const mails = new Queue('mails', { defaultJobOptions: { removeOnComplete: true, removeOnFail: 10 } });
export async function add() {
  await mails.add('a', {});
}
let count = 0;
new Worker('mails', async () => { count++; });
// eslint-disable-next-line async-tasks/require-retry-policy
export const quiet = () => mails.add('b', {});`,
  };
  const map = await mapOf(files, []);
  expect(map.preset).toBe('recommended');
  expect(map.findings.map(({ line, rule }) => `${line} ${rule}`)).toEqual([
    '4 require-retry-policy',
    '7 no-module-state',
  ]);
  expect(map.producers[0]?.enqueues[0]?.findings).toEqual([0]);
  expect(map.workers[0]?.findings).toEqual([1]);
  expect((await mapOf(files, ['--no-findings'])).preset).toBeNull();
});

it('finds in files whose folders are called like patterns', async () => {
  const text = `import { Queue } from 'bullmq';
const mails = new Queue('mails');
export const add = () => mails.add('a', {});`;
  const files = ['src/[id]/a.ts', 'src/(group)/+page/a.ts', 'src/!old/{a}/a.ts'];
  const map = await mapOf(Object.fromEntries(files.map((file) => [file, text])), []);
  expect([...new Set(map.findings.map(({ file }) => file))]).toEqual([...files].sort());
});

it('leaves tests out unless they are asked for', async () => {
  const files = {
    'test/a.ts': `import { Queue } from 'bullmq';\nexport const queue = new Queue('fixture');`,
  };
  expect((await mapOf(files)).queues).toEqual([]);
  expect((await mapOf(files, ['--include-tests'])).queues).toHaveLength(1);
});

it('counts as tests what the settings of the project say', async () => {
  const files = {
    'eslint.config.js': `export default [{ files: ['**/*.ts'], settings: { 'async-tasks': { testFiles: ['fakes/'], externalCalls: ['post'] } } }];`,
    'fakes/a.ts': `import { Queue } from 'bullmq';\nexport const queue = new Queue('fake');`,
    'test/a.ts': `import { Worker } from 'bullmq';\nimport { house } from './house';\nnew Worker('mail', async (job) => {\n  await house.post(job.data.id);\n});`,
    'test/house.ts': `export const house = { post(id) {} };`,
  };
  const map = await mapOf(files, ['--preset', 'strict']);
  expect(map.queues.map(({ id }) => id)).toEqual(['queue:mail']);
  expect(map.findings.map(({ rule }) => rule)).toContain('require-idempotency-guard');
});

it('does not say that a queue is not fed where something of its name is', async () => {
  const files = {
    'queues.js': `const { Queue } = require('bullmq');\nconst mails = new Queue('mails');\nconst idle = new Queue('idle');\nmodule.exports = { mails, idle };`,
    'client.js': `class Client { constructor(options) { this.mails = options.mails; } send(id) { return this.mails.add('a', { id }); } }\nmodule.exports = { Client };`,
  };
  const map = await mapOf(files);
  expect(map.queues.map(({ id, isFed }) => [id, isFed])).toEqual([
    ['queue:idle', 'no'],
    ['queue:mails', 'unknown'],
  ]);
});

it('shows of some paths both ends of their queues, and nothing else', async () => {
  const files = {
    'src/mail/queue.ts': `import { Queue } from 'bullmq';\nexport const mails = new Queue('mails');`,
    'src/orders/add.ts': `import { mails } from '../mail/queue';\nexport const add = () => mails.add('a', {});`,
    'src/other/queue.ts': `import { Queue } from 'bullmq';\nexport const others = new Queue('others');`,
  };
  const map = await mapOf(files, ['src/orders']);
  expect(map.queues.map(({ id }) => id)).toEqual(['queue:mails']);
  expect(map.producers).toHaveLength(1);
});

it('prints the same for the same project, wherever it lies', async () => {
  const files = readShop();
  for (const format of ['json', 'mermaid', 'svg', 'html'])
    expect(await printed(files, ['--format', format])).toBe(await printed(files, ['--format', format]));
});

it.each(['mermaid', 'svg', 'html'])('prints names that look like syntax of %s as text', async (format) => {
  const text = await printed(hostileProject(), ['--format', format]);
  expect(text).not.toContain('<b>bold');
  expect(text).not.toContain('<script>document');
  if (format === 'mermaid') for (const line of text.trim().split('\n')) expect(line).toMatch(MERMAID_LINE);
  if (format === 'html') {
    const [, json = ''] = /id="data">(.*?)<\/script>/s.exec(text) ?? [];
    const { map } = JSON.parse(json) as { map: JobMap };
    expect(map.queues.map(({ name }) => name.text).sort()).toEqual([...HOSTILE].sort());
  }
});

/** All that the diagrams are made of; a quoted label holds no character that Mermaid or Markdown would read. */
const LABEL = String.raw`"(?:[^"<>|\`{}[\];#%*_~^$\\]|#\d+;|<br/>)*"`;
const MERMAID_LINE = new RegExp(
  [
    'flowchart LR',
    String.raw` {2}\w+(?:\[${LABEL}\]|\(\[${LABEL}\]\)|\[/${LABEL}/\])`,
    String.raw` {2}\w+ (?:-->|-\.->|==>)(?:\|${LABEL}\|)? \w+`,
    String.raw` {2}classDef \w+ [\w:#,\- ]+`,
    String.raw` {2}class [\w,]+ \w+`,
  ]
    .map((form) => `^${form}$`)
    .join('|'),
);

it('draws an empty project', async () => {
  for (const format of ['mermaid', 'svg', 'html'])
    expect(await printed({ 'src/a.ts': 'export {};' }, ['--format', format])).toContain(
      'No queue, job or worker was found.',
    );
});

it('writes to a file, and says what it cannot do', async () => {
  const folder = projectFolder({ 'src/a.ts': 'export {};' });
  const ok = await run(folder, ['--format', 'json', '--output-file', 'map.json']);
  expect(ok).toEqual({ code: 0, out: '', err: '0 queues, 0 producers, 0 workers: map.json\n' });
  expect(JSON.parse(readFileSync(path.join(folder, 'map.json'), 'utf8'))).toMatchObject({
    version: 1,
    project: 'shop',
  });
  for (const [args, message] of [
    [['--format', 'png'], '--format must be one of mermaid, svg, html, json.'],
    [['--preset', 'all'], '--preset must be one of hard-stops, recommended, strict.'],
    [['nowhere'], 'There is no nowhere.'],
    [['--output-file', 'no/such/folder/map'], 'Cannot write no/such/folder/map'],
  ] as const) {
    const { code, out, err } = await run(folder, args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  }
});

function jobsOf({ producers }: JobMap) {
  return producers.flatMap(({ enqueues }) => enqueues.flatMap(({ jobs }) => jobs));
}

async function mapOf(files: Files, args: readonly string[] = ['--no-findings']): Promise<JobMap> {
  return JSON.parse(await printed(files, ['--format', 'json', ...args])) as JobMap;
}

async function printed(files: Files, args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(projectFolder(files), args);
  expect([code, err]).toEqual([0, '']);
  return out;
}

function projectFolder(files: Files): string {
  const folder = temporaryFolder();
  writeFiles(folder, { 'package.json': MANIFEST, ...files });
  return folder;
}

async function run(
  cwd: string,
  args: readonly string[],
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await main(['map', ...args], {
    cwd,
    out: (text) => (out += text),
    err: (text) => (err += text),
    isInteractive: false,
    confirm: () => Promise.resolve(false),
  });
  return { code, out, err };
}

function readShop(): Files {
  const root = path.resolve(import.meta.dirname, '../../fixtures/unsafe-shop');
  const files = [
    'src/queues/order.queues.ts',
    'src/config/bullmq.ts',
    'src/workers/order.workers.ts',
    'src/services/checkout.service.ts',
  ];
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}
