import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileFacts } from '../../src/analysis/file-facts.ts';
import { callsByName } from '../../src/analysis/project/callers.ts';
import { isScheduled, jobOption } from '../../src/analysis/project/job-options.ts';
import { projectOf, type Project } from '../../src/analysis/project/project.ts';
import { MARKS } from '../../src/analysis/project/words.ts';
import { functionName } from '../../src/analysis/source/nodes.ts';
import { describeValue } from '../support/describe.ts';
import { summary, TestProject, type Files } from '../support/project.ts';

interface Opened {
  project: Project;
  files: TestProject;
  facts: (file: string) => FileFacts;
}

function open(sources: Files): Opened {
  const files = new TestProject(sources);
  const project = projectOf(files.path('a.ts'), files.root);
  project.begin(files.path('a.ts'), sources['a.ts'] ?? '');
  return {
    project,
    files,
    facts(file) {
      const module = project.load(files.path(file));
      if (!module) throw new Error(`no ${file}`);
      return new FileFacts(project, module);
    },
  };
}

/** An option of the first job that `a.ts` adds: `known 3`, `absent`, `unknown`. */
function option(code: string | Files, key = 'attempts'): string {
  const { project, facts } = open(typeof code === 'string' ? { 'a.ts': code } : code);
  const [enqueue] = facts('a.ts').own.enqueues;
  const [job] = enqueue?.jobs ?? [];
  if (!enqueue || !job) throw new Error('no job');
  const found = jobOption(project, enqueue, job, key);
  return found.state === 'known' ? `known ${describeValue(project.ev, found.value)}` : found.state;
}

const BULLMQ = `import { Queue, FlowProducer } from 'bullmq';`;

describe('the option of a job comes from', () => {
  it.each<[string, string | Files, string]>([
    ['the call', `${BULLMQ} new Queue('a').add('x', {}, { attempts: 3 })`, 'known 3'],
    [
      'the call before the queue',
      `${BULLMQ} new Queue('a', { defaultJobOptions: { attempts: 5 } }).add('x', {}, { attempts: 3 })`,
      'known 3',
    ],
    [
      'the call, when it says undefined',
      `${BULLMQ} new Queue('a', { defaultJobOptions: { attempts: 5 } }).add('x', {}, { attempts: undefined })`,
      'known undefined',
    ],
    [
      'the queue',
      `${BULLMQ} new Queue('a', { defaultJobOptions: { attempts: 5 } }).add('x', {}, { delay: 1 })`,
      'known 5',
    ],
    [
      'the queue of another file',
      {
        'a.ts': `import { q } from './q'; q.add('x', {})`,
        'q.ts': `${BULLMQ} export const q = new Queue('a', { defaultJobOptions: { attempts: 5 } })`,
      },
      'known 5',
    ],
    [
      'a shared constant',
      {
        'a.ts': `import { q } from './q'; q.add('x', {})`,
        'q.ts': `${BULLMQ} import { defaults } from './d'; export const q = new Queue('a', { connection, defaultJobOptions: defaults })`,
        'd.ts': 'export const defaults = { attempts: 5 }',
      },
      'known 5',
    ],
    [
      'a shared constant that is spread',
      {
        'a.ts': `import { q } from './q'; q.add('x', {})`,
        'q.ts': `${BULLMQ} import { options } from './d'; export const q = new Queue('a', { ...options })`,
        'd.ts': 'export const options = { defaultJobOptions: { attempts: 5 } }',
      },
      'known 5',
    ],
    [
      'a function that makes all options',
      `${BULLMQ} const options = (attempts) => ({ defaultJobOptions: { attempts } }); new Queue('a', options(4)).add('x', {})`,
      'known 4',
    ],
    [
      'a base class',
      `${BULLMQ} class Base { queue; constructor(name) { this.queue = new Queue(name, this.options); } get options() { return { defaultJobOptions: { attempts: 4 } }; } } class A extends Base { send() { this.queue.add('x', {}); } }`,
      'known 4',
    ],
    [
      'a subclass of Queue',
      `${BULLMQ} class Q extends Queue { constructor() { super('a', { defaultJobOptions: { attempts: 4 } }); } } new Q().add('x', {})`,
      'known 4',
    ],
    ['nowhere', `${BULLMQ} new Queue('a').add('x', {})`, 'absent'],
    [
      'nowhere, though other options are given',
      `${BULLMQ} new Queue('a', { connection }).add('x', {}, { delay: 1 })`,
      'absent',
    ],
    [
      'nowhere, when defaults stand beside their place',
      `${BULLMQ} new Queue('a', { attempts: 3 }).add('x', {})`,
      'absent',
    ],
    [
      'either of two queues, when both say the same',
      `${BULLMQ} const q = c ? new Queue('a') : new Queue('b'); q.add('x', {})`,
      'absent',
    ],
    [
      'either of two queues, which is not known',
      `${BULLMQ} const q = c ? new Queue('a') : new Queue('b', { defaultJobOptions: { attempts: 3 } }); q.add('x', {})`,
      'unknown',
    ],
    [
      'options that cannot be seen',
      `${BULLMQ} function f(opts) { new Queue('a').add('x', {}, opts); }`,
      'unknown',
    ],
    [
      'defaults that cannot be seen',
      `${BULLMQ} import { o } from 'shared'; new Queue('a', o).add('x', {})`,
      'unknown',
    ],
    ['a spread of arguments', `${BULLMQ} new Queue(...args).add('x', {})`, 'unknown'],
    ['a queue known by its type only', `${BULLMQ} function f(q: Queue) { q.add('x', {}); }`, 'unknown'],
    [
      'a configuration of a package',
      `${BULLMQ} import { conf } from 'conf'; new Queue('a', { defaultJobOptions: conf.jobs }).add('x', {})`,
      'unknown',
    ],
    [
      'no queue for the nodes of a flow',
      `${BULLMQ} new FlowProducer({}).add({ name: 'x', queueName: 'a' })`,
      'absent',
    ],
    [
      'the opts of a flow node',
      `${BULLMQ} new FlowProducer({}).add({ name: 'x', queueName: 'a', opts: { attempts: 3 } })`,
      'known 3',
    ],
    [
      'queuesOptions for the nodes of a flow',
      `${BULLMQ} new FlowProducer({}).add({ name: 'x', queueName: 'a' }, { queuesOptions: { a: { defaultJobOptions: { attempts: 3 } } } })`,
      'known 3',
    ],
    [
      'no queuesOptions of another queue',
      `${BULLMQ} new FlowProducer({}).add({ name: 'x', queueName: 'a' }, { queuesOptions: { b: { defaultJobOptions: { attempts: 3 } } } })`,
      'absent',
    ],
    [
      'queuesOptions of a queue that cannot be seen',
      `${BULLMQ} new FlowProducer({}).add({ name: 'x', queueName: name() }, { queuesOptions: { b: { defaultJobOptions: { attempts: 3 } } } })`,
      'unknown',
    ],
    [
      'either of two queues, when both have it',
      `${BULLMQ} const q = c ? new Queue('a', { defaultJobOptions: { attempts: 2 } }) : new Queue('b', { defaultJobOptions: { attempts: 3 } }); q.add('x', {})`,
      'known 2 | 3',
    ],
    [
      'the opts of a job in bulk',
      `${BULLMQ} new Queue('a').addBulk([{ name: 'x', data: {}, opts: { attempts: 3 } }])`,
      'known 3',
    ],
    [
      'the third argument of Bull',
      `import Queue from 'bull'; new Queue('a', 'redis://x', { defaultJobOptions: { attempts: 3 } }).add({})`,
      'known 3',
    ],
    [
      'the second argument of Bull',
      `import Queue from 'bull'; new Queue('a', { defaultJobOptions: { attempts: 3 } }).add({})`,
      'known 3',
    ],
    [
      'nowhere for Bull with a URL only',
      `import Queue from 'bull'; new Queue('a', 'redis://x').add({})`,
      'absent',
    ],
    [
      'nowhere for Bull with a URL of the environment',
      `import Queue from 'bull'; new Queue('a', process.env.REDIS_URL || 'redis://x').add({})`,
      'absent',
    ],
    [
      'something unknown for Bull with what may be options',
      `import Queue from 'bull'; import { redis } from 'conf'; new Queue('a', redis).add({})`,
      'unknown',
    ],
  ])('%s', (_, code, expected) => {
    expect(option(code)).toBe(expected);
  });

  it('and a job that repeats is told', () => {
    const scheduled = (code: string): boolean[] => {
      const { project, facts } = open({ 'a.ts': `${BULLMQ} const q = new Queue('a'); ${code}` });
      return facts('a.ts').own.enqueues.flatMap((enqueue) =>
        enqueue.jobs.map((job) => isScheduled(project, enqueue, job)),
      );
    };
    expect(scheduled(`q.add('x', {}, { repeat: { pattern: '* * * * *' } })`)).toEqual([true]);
    expect(scheduled(`q.upsertJobScheduler('x', { every: 1 })`)).toEqual([true]);
    expect(scheduled(`q.add('x', {}, { repeat: undefined })`)).toEqual([false]);
    expect(scheduled(`q.add('x', {})`)).toEqual([false]);
  });
});

describe('removeOnFail of a job without its own is that of', () => {
  const W = `import { Queue, Worker, FlowProducer } from 'bullmq';`;
  const add = `${W} new Queue('mail').add('x', {});`;

  it.each<[string, string | Files, string]>([
    ['the worker', `${add} new Worker('mail', f, { removeOnFail: { count: 5 } })`, 'known { count: 5 }'],
    [
      'the worker of another file',
      { 'a.ts': add, 'w.ts': `${W} new Worker('mail', f, { removeOnFail: { count: 5 } })` },
      'known { count: 5 }',
    ],
    [
      'nobody, when it is the worker of another queue',
      `${add} new Worker('sms', f, { removeOnFail: { count: 5 } })`,
      'absent',
    ],
    ['nobody, when the worker has none', `${add} new Worker('mail', f, { concurrency: 5 })`, 'absent'],
    [
      'the worker that a helper makes, by its name',
      `${add} const make = (name, keep) => new Worker(name, f, { removeOnFail: keep }); make('sms', { count: 1 }); make('mail', { count: 2 });`,
      'known { count: 2 }',
    ],
    [
      'the worker behind a base class',
      `${add} class Base { constructor(name) { this.worker = new Worker(name, f, { removeOnFail: { count: 5 } }); } } class Mail extends Base { constructor() { super('mail'); } }`,
      'known { count: 5 }',
    ],
    [
      'nobody, when a base class makes workers of others',
      `${add} class Base { constructor(name) { this.worker = new Worker(name, f, { removeOnFail: { count: 5 } }); } } class Sms extends Base { constructor() { super('sms'); } }`,
      'absent',
    ],
    [
      'the processor of Nest',
      {
        'a.ts': add,
        'p.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor({ name: 'mail' }, { removeOnFail: { age: 9 } }) class P extends WorkerHost { async process() {} }`,
      },
      'known { age: 9 }',
    ],
    [
      'something unknown, when two workers differ',
      `${add} new Worker('mail', f, { removeOnFail: { count: 5 } }); new Worker('mail', f);`,
      'unknown',
    ],
    [
      'something unknown, when a worker may be of any queue',
      `${add} new Worker(process.env.Q, f, { removeOnFail: { count: 5 } });`,
      'unknown',
    ],
    ['something unknown, when arguments are spread', `${add} new Worker(...args);`, 'unknown'],
    [
      'something unknown, when the queue may be any',
      `${W} new Queue(process.env.Q).add('x', {}); new Worker('mail', f, { removeOnFail: { count: 5 } });`,
      'unknown',
    ],
    [
      'the worker, for an undefined of the call',
      `${W} new Queue('mail').add('x', {}, { removeOnFail: undefined }); new Worker('mail', f, { removeOnFail: { count: 5 } });`,
      'known { count: 5 }',
    ],
    [
      'the worker, for the node of a flow',
      `${W} new FlowProducer({}).add({ name: 'x', queueName: 'mail' }); new Worker('mail', f, { removeOnFail: { count: 5 } });`,
      'known { count: 5 }',
    ],
  ])('%s', (_, code, expected) => {
    expect(option(code, 'removeOnFail')).toBe(expected);
  });

  it('an own one, false as well, comes first', () => {
    const code = `${W} new Queue('mail').add('x', {}, { removeOnFail: false }); new Worker('mail', f, { removeOnFail: { count: 5 } });`;
    expect(option(code, 'removeOnFail')).toBe('known false');
  });
});

describe('the defaults of a Nest queue', () => {
  const service = `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; export class S { constructor(@InjectQueue('mail') private q: Queue) {} f() { return this.q.add('x', {}); } }`;
  const nest = (module: string, more: Files = {}): Files => ({
    'a.ts': service,
    'm.ts': `import { BullModule } from '@nestjs/bullmq'; ${module}`,
    ...more,
  });

  it.each<[string, Files, string]>([
    [
      'are those of registerQueue',
      nest(`BullModule.registerQueue({ name: 'mail', defaultJobOptions: { attempts: 3 } })`),
      'known 3',
    ],
    [
      'are those of registerQueue before the root',
      nest(
        `BullModule.forRoot({ defaultJobOptions: { attempts: 5 } }); BullModule.registerQueue({ name: 'mail', defaultJobOptions: { attempts: 3 } })`,
      ),
      'known 3',
    ],
    [
      'replace those of the root as a whole',
      nest(
        `BullModule.forRoot({ defaultJobOptions: { attempts: 5 } }); BullModule.registerQueue({ name: 'mail', defaultJobOptions: { removeOnComplete: true } })`,
      ),
      'absent',
    ],
    [
      'are those of the root otherwise',
      nest(
        `BullModule.forRoot({ defaultJobOptions: { attempts: 5 } }); BullModule.registerQueue({ name: 'mail' })`,
      ),
      'known 5',
    ],
    [
      'are those of a root in another file',
      nest(`BullModule.registerQueue({ name: 'mail' })`, {
        'root.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.forRoot({ defaultJobOptions: { attempts: 5 } })`,
      }),
      'known 5',
    ],
    [
      'are those that the factory of the root returns',
      nest(
        `BullModule.forRootAsync({ inject: [C], useFactory: (c: C) => ({ connection: c.get('redis'), defaultJobOptions: { attempts: 5 } }) }); BullModule.registerQueue({ name: 'mail' })`,
      ),
      'known 5',
    ],
    [
      'are those of an async factory',
      nest(
        `BullModule.forRootAsync({ useFactory: async (c) => { return { defaultJobOptions: { attempts: 5 } }; } }); BullModule.registerQueue({ name: 'mail' })`,
      ),
      'known 5',
    ],
    [
      'are those of a factory class',
      nest(
        `class F { createSharedConfiguration() { return { defaultJobOptions: { attempts: 5 } }; } } BullModule.forRootAsync({ useClass: F }); BullModule.registerQueue({ name: 'mail' })`,
      ),
      'known 5',
    ],
    [
      'are those of registerQueueAsync',
      nest(
        `BullModule.registerQueueAsync({ name: 'mail', useFactory: () => ({ defaultJobOptions: { attempts: 3 } }) })`,
      ),
      'known 3',
    ],
    [
      'are those of one of several',
      nest(
        `BullModule.registerQueue({ name: 'sms', defaultJobOptions: { attempts: 9 } }, { name: 'mail', defaultJobOptions: { attempts: 3 } })`,
      ),
      'known 3',
    ],
    [
      'are found by a constant name',
      nest(
        `import { NAMES } from './names'; BullModule.registerQueue({ name: NAMES.mail, defaultJobOptions: { attempts: 3 } })`,
        { 'names.ts': `export const NAMES = { mail: 'mail' } as const` },
      ),
      'known 3',
    ],
    [
      'are a shared constant',
      nest(`import { d } from './d'; BullModule.registerQueue({ name: 'mail', defaultJobOptions: d })`, {
        'd.ts': 'export const d = { attempts: 3 }',
      }),
      'known 3',
    ],
    [
      'come from a list that is spread',
      nest(
        `const queues = [{ name: 'mail', defaultJobOptions: { attempts: 3 } }]; BullModule.registerQueue(...queues)`,
      ),
      'known 3',
    ],
    [
      'are those of a named root configuration',
      nest(
        `BullModule.forRoot('main', { defaultJobOptions: { attempts: 5 } }); BullModule.registerQueue({ name: 'mail', configKey: 'main' })`,
      ),
      'known 5',
    ],
    [
      'are absent where neither gives any',
      nest(`BullModule.forRoot({ connection: {} }); BullModule.registerQueue({ name: 'mail' })`),
      'absent',
    ],
    [
      'are unknown without a registration',
      nest(`BullModule.forRoot({ defaultJobOptions: { attempts: 5 } })`),
      'unknown',
    ],
    [
      'are unknown when a factory cannot be seen',
      nest(
        `import { factory } from 'shared'; BullModule.forRootAsync({ useFactory: factory }); BullModule.registerQueue({ name: 'mail' })`,
      ),
      'unknown',
    ],
    [
      'are unknown when it is registered twice, differently',
      nest(
        `BullModule.registerQueue({ name: 'mail', defaultJobOptions: { attempts: 3 } }); BullModule.registerQueue({ name: 'mail', defaultJobOptions: { attempts: 4 } })`,
      ),
      'unknown',
    ],
    [
      'are unknown when two roots differ',
      nest(
        `BullModule.forRoot({ defaultJobOptions: { attempts: 5 } }); BullModule.forRoot({ defaultJobOptions: { attempts: 6 } }); BullModule.registerQueue({ name: 'mail' })`,
      ),
      'unknown',
    ],
    [
      'are not those of another queue',
      nest(`BullModule.registerQueue({ name: 'sms', defaultJobOptions: { attempts: 3 } }, { name: 'mail' })`),
      'absent',
    ],
  ])('%s', (_, files, expected) => {
    expect(option(files)).toBe(expected);
  });
});

describe('the processors of a file', () => {
  const processors = (sources: Files, file = 'a.ts'): string[] =>
    open(sources)
      .facts(file)
      .processors.map(
        ({ fn, by, queueName }) =>
          `${functionName(fn.at.node) ?? 'inline'} by ${by}${queueName ? ` of ${queueName}` : ''}`,
      );

  it.each<[string, Files, string[]]>([
    [
      'inline',
      { 'a.ts': `import { Worker } from 'bullmq'; new Worker('mail', async (job) => {})` },
      ['inline by worker of mail'],
    ],
    [
      'imported by the worker',
      {
        'a.ts': 'export async function send(job) {}',
        'w.ts': `import { Worker } from 'bullmq'; import { send } from './a'; new Worker('mail', send)`,
      },
      ['send by worker of mail'],
    ],
    [
      'imported through a barrel',
      {
        'a.ts': 'export async function send(job) {}',
        'index.ts': `export * from './a'`,
        'w.ts': `import { Worker } from 'bullmq'; import * as p from './index'; new Worker('mail', p.send)`,
      },
      ['send by worker of mail'],
    ],
    [
      'a method bound by the worker',
      {
        'a.ts': 'export class A { async run(job) {} }',
        'w.ts': `import { Worker } from 'bullmq'; import { A } from './a'; const a = new A(); new Worker('mail', a.run.bind(a))`,
      },
      ['A.run by worker of mail'],
    ],
    [
      'in a handler map',
      {
        'a.ts': 'export const handlers = { async a(job) {}, b: async (job) => {} }',
        'w.ts': `import { Worker } from 'bullmq'; import { handlers } from './a'; new Worker('mail', handlers[process.env.NAME])`,
      },
      ['a by worker of mail', 'b by worker of mail'],
    ],
    [
      'given to createWorker(name, processor)',
      {
        'a.ts': `import { createWorker } from './w'; async function send(job) {} createWorker('mail', send)`,
        'w.ts': `import { Worker } from 'bullmq'; export const createWorker = (name, fn) => new Worker(name, fn, { connection })`,
      },
      ['send by worker'],
    ],
    [
      'given inline to such a helper',
      {
        'a.ts': `import { createWorker } from './w'; createWorker('mail', async (job) => {})`,
        'w.ts': `import { Worker } from 'bullmq'; export function createWorker(name, fn) { return new Worker(name, fn); }`,
      },
      ['inline by worker'],
    ],
    [
      'given to a constructor',
      {
        'a.ts': `import { W } from './w'; async function send(job) {} new W('mail', send)`,
        'w.ts': `import { Worker } from 'bullmq'; export class W { constructor(name, fn) { this.worker = new Worker(name, fn); } }`,
      },
      ['send by worker'],
    ],
    [
      'in an options object of such a helper',
      {
        'a.ts': `import { createWorker } from './w'; async function send(job) {} createWorker({ name: 'mail', handler: send })`,
        'w.ts': `import { Worker } from 'bullmq'; export const createWorker = ({ name, handler }) => new Worker(name, handler)`,
      },
      ['send by worker'],
    ],
    [
      'handed the job by a processor that such a helper writes',
      {
        'a.ts': `import { createWorker } from './w'; async function send(job) {} createWorker('mail', send)`,
        'w.ts': `import { Worker } from 'bullmq'; export const createWorker = (name, run) => new Worker(name, async (job) => { console.log(job.id); await run(job); })`,
      },
      ['send by worker'],
    ],
    [
      'handed the job by a method of a service that the application hands out',
      {
        'a.ts': `import type { INestApplicationContext } from '@nestjs/common'; import { NestFactory } from '@nestjs/core'; import { Queues } from './w'; import { Root } from './root'; export async function start() { let app: INestApplicationContext; try { app = await NestFactory.createApplicationContext(Root); } catch { return; } app.get(Queues).createWorker('mail', async (job) => {}); }`,
        'w.ts': `import { Worker } from 'bullmq'; export class Queues { createWorker(name: string, run: (job: unknown) => Promise<void>) { return new Worker(name, async (job) => { await run(job); }); } }`,
        'root.ts': 'export class Root {}',
      },
      ['inline by worker'],
    ],
    [
      'around which another is written',
      {
        'a.ts': `import { traced } from './traced'; import { Worker } from 'bullmq'; async function send(job) {} new Worker('mail', traced(send))`,
        'traced.ts': `export const traced = (run) => async (job) => { console.log(job.id); return run(job); }`,
      },
      ['send by worker of mail'],
    ],
    [
      'of a sandbox',
      {
        'a.ts': 'export default async function send(job) {}',
        'w.ts': `import { Worker } from 'bullmq'; new Worker('mail', './a.js')`,
      },
      ['send by sandbox of mail'],
    ],
    [
      'of a sandbox by a joined path',
      {
        'a.ts': 'module.exports = async function send(job) {}',
        'w.ts': `import { Worker } from 'bullmq'; import path from 'node:path'; new Worker('mail', path.join(__dirname, 'a.js'))`,
      },
      ['send by sandbox of mail'],
    ],
    [
      'of a sandbox by a URL',
      {
        'a.ts': 'export default async (job) => {}',
        'w.ts': `import { Worker } from 'bullmq'; new Worker('mail', new URL('./a.js', import.meta.url))`,
      },
      ['inline by sandbox of mail'],
    ],
    [
      'of Nest',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail') class P extends WorkerHost { async process(job) {} }`,
      },
      ['P.process by nest of mail'],
    ],
    [
      'by annotation',
      { 'a.ts': `import type { Job } from 'bullmq'; export async function send(job: Job) {}` },
      ['send by annotation'],
    ],
    [
      'of Bull',
      {
        'a.ts': 'export const send = async (job) => {}',
        'w.ts': `import Queue from 'bull'; import { send } from './a'; new Queue('mail').process('x', 5, send)`,
      },
      ['send by worker of mail'],
    ],
    [
      'none',
      { 'a.ts': 'export async function send(job) {}', 'w.ts': `import { send } from './a'; send()` },
      [],
    ],
  ])('%s', (_, files, expected) => {
    expect(processors(files).sort()).toEqual(expected);
  });

  it('are each told once, though it runs for two queues', () => {
    expect(
      processors({
        'a.ts': 'export async function send(job) {}',
        'w.ts': `import { Worker } from 'bullmq'; import { send } from './a'; new Worker('mail', send); new Worker('sms', send)`,
      }),
    ).toHaveLength(1);
  });
});

describe('the words of waiting', () => {
  it.each<[string, boolean]>([
    ['while (true) {\n if ((await job.getState()) === "completed") break }', true],
    ['do { state = await job.getState() } while (state !== "completed")', true],
    ['for (;;) await job.isFailed()', true],
    ['for (\n  let round = 0; round < 3; round++) await queue.getJob(id)', true],
    ['setInterval(async () => job.isCompleted(), 10)', true],
    [`await once(events, 'completed')`, true],
    [`await pEvent(events, 'completed')\n// import { pEvent } from 'p-event'`, true],
    [`new Promise((done) => events.on('global:completed', done))`, true],
    ['return job.getState()', false],
    ['for (const job of jobs) await job.getState()', false],
    [`if (order.status === 'completed') ship(order)`, false],
    [`worker.on('completed', log)`, false],
    ['while (true) work()', false],
  ])('are in a file that can wait for a job by asking: %s', (text, expected) => {
    expect(MARKS.asks.test(text)).toBe(expected);
  });
});

describe('of a library a type of options leads to nothing', () => {
  it.each<[string, boolean]>([
    [`import { Queue } from 'bullmq'`, true],
    [`import type { Job, JobState } from 'bullmq'`, true],
    [`import { JobsOptions, Worker } from "bullmq"`, true],
    [`import Bull, { JobOptions } from 'bull'`, true],
    [`import * as bull from 'bull'`, true],
    [`const { JobOptions } = require('bull')`, true],
    [`import { InjectQueue } from '@nestjs/bullmq'`, true],
    [`import { JobsOptions } from 'bullmq'`, false],
    [`import type { JobOptions, JobStatus } from "bull"`, false],
    [`import {\n  type WorkerOptions,\n  type QueueOptions,\n} from 'bullmq'`, false],
    [`import { JobsOptions } from 'bullmq'; import { Queue } from 'bullmq'`, true],
  ])('a file that has it may have a queue: %s', (text, expected) => {
    expect(MARKS.jobs.test(text)).toBe(true);
    expect(MARKS.actors.test(text)).toBe(expected);
  });
});

describe('what other files say is fresh', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const queue = (options: string): string =>
    `import { Queue } from 'bullmq'; export const q = new Queue('a'${options});`;
  const service = `import { q } from './q';\nexport const send = (id: string) => q.add('x', { id });`;
  const retry = { rules: 'require-retry-policy' };

  it('after an edit', () => {
    const project = new TestProject({ 'q.ts': queue(''), 'a.ts': service });
    expect(project.lint('a.ts', retry).map(summary)).toEqual(['a.ts:2 noAttempts']);
    project.write({ 'q.ts': queue(`, { defaultJobOptions: { attempts: 3, backoff: 1 } }`) });
    expect(project.lint('a.ts', retry)).toEqual([]);
    project.write({ 'q.ts': queue(`, { defaultJobOptions: { attempts: 3 } }`) });
    expect(project.lint('a.ts', retry).map(summary)).toEqual(['a.ts:2 noBackoff']);
  });

  it('after an edit two files away', () => {
    const project = new TestProject({
      'd.ts': 'export const d = {}',
      'q.ts': `import { d } from './d'; ${queue(', { defaultJobOptions: d }')}`,
      'a.ts': service,
    });
    expect(project.lint('a.ts', retry).map(summary)).toEqual(['a.ts:2 noAttempts']);
    project.write({ 'd.ts': 'export const d = { attempts: 3, backoff: 1 }' });
    expect(project.lint('a.ts', retry)).toEqual([]);
  });

  it('when a file is deleted and comes back', () => {
    const project = new TestProject({ 'q.ts': queue(''), 'a.ts': service });
    expect(project.lint('a.ts', retry)).toHaveLength(1);
    project.remove('q.ts');
    vi.advanceTimersByTime(10_000);
    expect(project.lint('a.ts', retry)).toEqual([]);
    project.write({ 'q.ts': queue('') });
    vi.advanceTimersByTime(10_000);
    expect(project.lint('a.ts', retry)).toHaveLength(1);
  });

  it('when a new file registers defaults for Nest', () => {
    const project = new TestProject({
      'm.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.registerQueue({ name: 'mail' })`,
      'a.ts': `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq';\nexport class S { constructor(@InjectQueue('mail') private q: Queue) {} f() { return this.q.add('x', {}); } }`,
    });
    expect(project.lint('a.ts', retry)).toHaveLength(1);
    project.write({
      'root.ts': `import { BullModule } from '@nestjs/bullmq'; BullModule.forRoot({ defaultJobOptions: { attempts: 3, backoff: 1 } })`,
    });
    vi.advanceTimersByTime(10_000);
    expect(project.lint('a.ts', retry)).toEqual([]);
  });

  it('when the linted file itself is edited, saved or not', () => {
    const project = new TestProject({ 'q.ts': queue(''), 'a.ts': '' });
    expect(project.lint('a.ts', retry)).toEqual([]);
    expect(project.lint('a.ts', { ...retry, texts: { 'a.ts': service } }).map(summary)).toEqual([
      'a.ts:2 noAttempts',
    ]);
    project.write({ 'a.ts': `${service}\n` });
    expect(project.lint('a.ts', retry)).toHaveLength(1);
  });

  it('in a file that was not there when the run began', () => {
    const project = new TestProject({ 'q.ts': queue('') });
    expect(project.lint('q.ts', retry)).toEqual([]);
    project.write({ 'a.ts': service });
    expect(project.lint('a.ts', retry)).toHaveLength(1);
  });

  it('after a second in which nobody asked for anything', () => {
    const waited = vi.spyOn(performance, 'eventLoopUtilization');
    try {
      waited.mockReturnValue({ idle: 0, active: 0, utilization: 0 });
      const project = new TestProject({
        'q.ts': queue(''),
        'a.ts': service,
        'b.ts': service,
        'c.ts': service,
      });
      expect(project.lint('a.ts', retry)).toHaveLength(1);
      project.write({ 'q.ts': queue(`, { defaultJobOptions: { attempts: 3, backoff: 1 } }`) });
      // A run that is slow: the disk is not looked at again, so that all of its files are judged alike.
      vi.advanceTimersByTime(10_000);
      expect(project.lint('b.ts', retry)).toHaveLength(1);
      waited.mockReturnValue({ idle: 1_500, active: 0, utilization: 0 });
      expect(project.lint('c.ts', retry)).toEqual([]);
    } finally {
      waited.mockRestore();
    }
  });

  it('in two projects that do not know each other', () => {
    const [one, two] = [
      new TestProject({ 'q.ts': queue(''), 'a.ts': service }),
      new TestProject({
        'q.ts': queue(`, { defaultJobOptions: { attempts: 3, backoff: 1 } }`),
        'a.ts': service,
      }),
    ];
    expect(one.lint('a.ts', retry)).toHaveLength(1);
    expect(two.lint('a.ts', retry)).toEqual([]);
    expect(one.lint('a.ts', retry)).toHaveLength(1);
  });
});

describe('a project is not harmed by', () => {
  it.each<[string, Files]>([
    ['broken syntax in a foreign file', { 'q.ts': 'export const q = new Queue(;' }],
    ['an import that leads nowhere', { 'x.ts': '' }],
    [
      'a cycle of imports',
      {
        'q.ts': `import './a'; import { Queue } from 'bullmq'; import { send } from './a'; export const q = new Queue(send, { defaultJobOptions: { attempts: 3, backoff: 1 } })`,
      },
    ],
    ['a cycle of re-exports', { 'q.ts': `export * from './r'; // 'bullmq'`, 'r.ts': `export * from './q'` }],
    [
      'a broken tsconfig',
      {
        'tsconfig.json': '{',
        'q.ts': `import { Queue } from 'bullmq'; export const q = new Queue('a', { defaultJobOptions: { attempts: 3, backoff: 1 } })`,
      },
    ],
    [
      'a large file',
      {
        'q.ts': `import { Queue } from 'bullmq'; export const q = new Queue('a'); /* ${'x'.repeat(5_000_000)} */`,
      },
    ],
    ['a file that is JSON after all', { 'q.ts': '{ "a": 1 }' }],
  ])('%s', (_, files) => {
    const project = new TestProject({
      'a.ts': `import { q } from './q'; import 'bullmq'; export const send = () => q.add('x', {});`,
      ...files,
    });
    expect(project.lint('a.ts', { rules: 'require-retry-policy' })).toEqual([]);
  });
});

describe('listeners', () => {
  const names = (file: string, sources: Files): string[] =>
    open(sources)
      .facts(file)
      .listening.map(
        ({ fn, listener }) => `${functionName(fn.at.node) ?? 'function'} on ${listener.event ?? '?'}`,
      );

  it('are known in the file that adds them, and in the file of their function', () => {
    const sources: Files = {
      'a.ts': `import { Worker } from 'bullmq'; import { onFailed } from './b'; const worker = new Worker('q', null); worker.on('failed', onFailed); worker.on('completed', () => {});`,
      'b.ts': 'export function onFailed(job) {} export function other() {}',
    };
    expect(names('a.ts', sources)).toEqual(['function on completed']);
    expect(names('b.ts', sources)).toEqual(['onFailed on failed']);
  });
});

describe('calls by name', () => {
  it('are found in the own file and in those that import it', () => {
    const { project, facts } = open({
      'a.ts': 'export function send() {} send(); other();',
      'b.ts': `import { send } from './a'; send(1);`,
      'c.ts': 'send(2);',
    });
    const { module } = facts('a.ts');
    const [fn] = module.nodes('FunctionDeclaration');
    const calls = fn ? callsByName(project, module, fn) : [];
    expect(calls.map((call) => call.module.textOf(call.node))).toEqual(['send()', 'send(1)']);
  });
});
