// What the analysis says of a job's options is what BullMQ makes of them: the same text is analysed and run.
import { runInThisContext } from 'node:vm';
import type { Job } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { FileFacts } from '../../src/analysis/file-facts.ts';
import { jobOption } from '../../src/analysis/project/job-options.ts';
import { projectOf } from '../../src/analysis/project/project.ts';
import type { Evaluation } from '../../src/analysis/values/evaluation.ts';
import { stringOf, type Value } from '../../src/analysis/values/value.ts';
import { premise, Trail, type Lab } from '../premises/support.ts';
import { TestProject } from '../support/project.ts';

type Options = Record<string, unknown>;
/** Options by the name of the job; what is not there is not set. */
type Jobs = Record<string, Options>;

const KEYS = [
  'attempts',
  'backoff',
  'delay',
  'priority',
  'lifo',
  'removeOnComplete',
  'removeOnFail',
  'jobId',
];
const STATES = ['waiting', 'delayed', 'prioritized', 'waiting-children', 'completed', 'failed'] as const;
const IMPORT = `const { FlowProducer, Queue, Worker } = require('bullmq');`;
const BACKOFF = { type: 'exponential', delay: 1000 };

const DEFAULTS = `defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 1000, jitter: 0.5 }, removeOnComplete: true }`;
const queue = `const queue = new Queue('mail', { connection, ${DEFAULTS} });`;
const inherited = { attempts: 5, backoff: { ...BACKOFF, jitter: 0.5 }, removeOnComplete: true };

const stored: [name: string, code: string, Jobs][] = [
  [
    'the call',
    `const queue = new Queue('mail', { connection }); await queue.add('x', {}, { attempts: 3, removeOnFail: 10 });`,
    { x: { attempts: 3, removeOnFail: 10 } },
  ],
  [
    'the queue',
    `${queue} await queue.add('x', {}); await queue.add('y', {}, {});`,
    { x: inherited, y: inherited },
  ],
  [
    'the call over the queue, property by property',
    `${queue} await queue.add('x', {}, { attempts: 1, priority: 7, removeOnFail: { age: 60 } });`,
    { x: { ...inherited, attempts: 1, priority: 7, removeOnFail: { age: 60 } } },
  ],
  [
    'a backoff of the call, as a whole',
    `${queue} await queue.add('x', {}, { backoff: { type: 'fixed', delay: 50 } });`,
    { x: { ...inherited, backoff: { type: 'fixed', delay: 50 } } },
  ],
  [
    'an undefined of the call, which wipes the default',
    `${queue} await queue.add('x', {}, { attempts: undefined, removeOnComplete: undefined });`,
    { x: { backoff: inherited.backoff } },
  ],
  [
    'false and zero of the call',
    `${queue} await queue.add('x', {}, { attempts: 0, removeOnComplete: false });`,
    { x: { ...inherited, attempts: undefined, removeOnComplete: false } },
  ],
  [
    'no place beside the defaults',
    `const queue = new Queue('mail', { connection, attempts: 5, removeOnComplete: true }); await queue.add('x', {});`,
    { x: {} },
  ],
  [
    'no place in the data',
    `const queue = new Queue('mail', { connection }); await queue.add('x', { attempts: 5 });`,
    { x: {} },
  ],
  [
    'a shared object, spread and overridden',
    `const keep = { removeOnComplete: { count: 5 }, attempts: 9 }; ${queue} await queue.add('x', {}, { ...keep, attempts: 2 }); await queue.add('y', {}, { attempts: 2, ...keep });`,
    {
      x: { ...inherited, removeOnComplete: { count: 5 }, attempts: 2 },
      y: { ...inherited, removeOnComplete: { count: 5 }, attempts: 9 },
    },
  ],
  [
    'a function around the call',
    `${queue} const send = (name, options) => queue.add(name, {}, { attempts: 2, ...options }); await send('x', { attempts: 4 });`,
    { x: { ...inherited, attempts: 4 } },
  ],
  [
    'each job in bulk over the queue',
    `${queue} await queue.addBulk([{ name: 'x', data: {} }, { name: 'y', data: {}, opts: { attempts: 2, lifo: true } }]);`,
    { x: inherited, y: { ...inherited, attempts: 2, lifo: true } },
  ],
  [
    'the template of a scheduler over the queue',
    `${queue} await queue.upsertJobScheduler('tick', { every: 3600000 }, { name: 'x', data: {}, opts: { attempts: 2, removeOnFail: 3 } });`,
    { x: { ...inherited, attempts: 2, removeOnFail: 3 } },
  ],
  [
    'the call alone for the id',
    `const queue = new Queue('mail', { connection, defaultJobOptions: { jobId: 'a' } }); await queue.add('x', {}); await queue.add('y', {}, { jobId: 'b' }); await queue.addBulk([{ name: 'z', data: {} }]);`,
    { x: {}, y: { jobId: 'b' }, z: {} },
  ],
  [
    'no queue for the nodes of a flow',
    `${queue} await new FlowProducer({ connection }).add({ name: 'x', queueName: 'mail', opts: { priority: 2 }, children: [{ name: 'y', queueName: 'mail', opts: { attempts: 2 } }, { name: 'z', queueName: 'pdf' }] });`,
    { x: { priority: 2 }, y: { attempts: 2 }, z: {} },
  ],
  [
    'queuesOptions for the nodes of a flow, by queue, property by property',
    `${queue} await new FlowProducer({ connection }).add({ name: 'x', queueName: 'mail', children: [{ name: 'y', queueName: 'pdf', opts: { attempts: 2 } }, { name: 'z', queueName: 'pdf', opts: { attempts: undefined } }] }, { queuesOptions: { pdf: { defaultJobOptions: { attempts: 8, removeOnFail: true } } } });`,
    { x: {}, y: { attempts: 2, removeOnFail: true }, z: { removeOnFail: true } },
  ],
  [
    'the opts of each of several flows',
    `await new FlowProducer({ connection }).addBulk([{ name: 'x', queueName: 'mail', opts: { attempts: 2 } }, { name: 'y', queueName: 'pdf' }]);`,
    { x: { attempts: 2 }, y: {} },
  ],
];

const run = `async (job) => { if (job.name === 'fails') throw new Error('no'); }`;
const worker = (options: string): string => `new Worker('mail', ${run}, { connection, ${options} });`;
const both = (options = ''): string =>
  `await queue.addBulk([{ name: 'works', data: {}, opts: {${options}} }, { name: 'fails', data: {}, opts: {${options}} }]);`;
const plain = `const queue = new Queue('mail', { connection });`;
const GONE = `removeOnComplete: { count: 0 }, removeOnFail: { count: 0 }`;

/** Which jobs stay when they have ended: one that completes, one that fails. */
const ended: [name: string, code: string, kept: string[]][] = [
  ['nobody', `${plain} ${both()} ${worker('')}`, ['fails', 'works']],
  ['the worker', `${plain} ${both()} ${worker(GONE)}`, []],
  ['the worker, for one kind', `${plain} ${both()} ${worker('removeOnComplete: { count: 0 }')}`, ['fails']],
  [
    'the worker, by a name in a constant',
    `const name = 'mail'; ${plain} ${both()} new Worker(name, ${run}, { connection, ${GONE} });`,
    [],
  ],
  [
    'the worker, made by a function',
    `${plain} ${both()} const create = (name, options) => new Worker(name, ${run}, { connection, ...options }); create('mail', { ${GONE} });`,
    [],
  ],
  [
    'not the worker of another queue',
    `${plain} ${both()} ${worker('')} new Worker('pdf', ${run}, { connection, ${GONE} });`,
    ['fails', 'works'],
  ],
  [
    'the job before the worker',
    `${plain} ${both('removeOnComplete: false, removeOnFail: 10')} ${worker(GONE)}`,
    ['fails', 'works'],
  ],
  [
    'the queue before the worker',
    `const queue = new Queue('mail', { connection, defaultJobOptions: { removeOnComplete: { age: 60 } } }); ${both()} ${worker(GONE)}`,
    ['works'],
  ],
  [
    'the worker, where the call wipes the default',
    `const queue = new Queue('mail', { connection, defaultJobOptions: { removeOnComplete: false, removeOnFail: false } }); ${both('removeOnComplete: undefined')} ${worker(GONE)}`,
    ['fails'],
  ],
  [
    'the worker, for the nodes of a flow',
    `await new FlowProducer({ connection }).addBulk([{ name: 'works', queueName: 'mail' }, { name: 'fails', queueName: 'mail', opts: { removeOnFail: false } }]); ${worker(GONE)}`,
    ['fails'],
  ],
  [
    'the worker, for the jobs of a scheduler',
    `${plain} await queue.upsertJobScheduler('tick', { every: 3600000 }, { name: 'works' }); ${worker('removeOnComplete: { count: 0 }')}`,
    [],
  ],
];

premise((lab) => {
  describe('the stored options come from', () => {
    test.each(stored)('%s', async (_, text, expected) => {
      const code = named(lab, text);
      await execute(lab, code);
      // A scheduler makes the id and the delay of its jobs.
      const keys = code.includes('upsertJobScheduler')
        ? KEYS.filter((key) => key !== 'delay' && key !== 'jobId')
        : KEYS;
      const said = Object.fromEntries(analyse(code).map(({ name, option }) => [name, pick(keys, option)]));
      const inRedis = Object.fromEntries(
        (await jobsOf(lab, code)).map(({ name, opts }) => [name, pick(keys, (key) => opts[key as 'delay'])]),
      );
      expect(inRedis).toEqual(expected);
      expect(said).toEqual(expected);
    });
  });

  describe('how long a job is kept is decided by', () => {
    test.each(ended)('%s', async (_, text, kept) => {
      const code = named(lab, text);
      const jobs = analyse(code);
      const finished = await execute(lab, code);
      await finished(jobs.length);
      const left = (await jobsOf(lab, code)).filter(({ finishedOn }) => finishedOn !== undefined);
      expect(left.map(({ name }) => name).sort()).toEqual(kept);
      const said = jobs.filter(
        ({ name, option }) => !isNothing(option(name === 'works' ? 'removeOnComplete' : 'removeOnFail')),
      );
      expect(said.map(({ name }) => name).sort()).toEqual(kept);
    });
  });
});

/** Queue names of this test alone; the text begins with what it needs. */
function named(lab: Lab, text: string): string {
  const names = new Map([
    ['mail', lab.name()],
    ['pdf', lab.name()],
  ]);
  return `${IMPORT}\n${text}`
    .replace(/'(mail|pdf)'/g, (_, name: string) => `'${names.get(name) ?? ''}'`)
    .replace(/\b(mail|pdf):/g, (_, name: string) => `'${names.get(name) ?? ''}':`);
}

interface Said {
  name: string;
  option: (key: string) => unknown;
}

/** The jobs that a text adds, with their options as the analysis knows them. */
function analyse(code: string): Said[] {
  // A top-level await is a module's.
  const files = new TestProject({ 'a.mjs': code });
  const project = projectOf(files.path('a.mjs'), files.root);
  project.begin(files.path('a.mjs'), code);
  const module = project.load(files.path('a.mjs'));
  if (!module) throw new Error('no module');
  const facts = new FileFacts(project, module);
  const jobs = [...facts.passedEnqueues, ...facts.own.enqueues].flatMap((enqueue) =>
    enqueue.jobs.map((job) => ({
      name: (job.name && stringOf(project.ev.evaluate(job.name))) ?? '',
      option: (key: string): unknown => {
        const found = jobOption(project, enqueue, job, key);
        if (found.state === 'unknown') throw new Error(`${key} is unknown`);
        return found.state === 'absent' ? undefined : contentOf(project.ev, found.value);
      },
    })),
  );
  return jobs.filter(({ name }) => name !== '');
}

function contentOf(ev: Evaluation, value: Value): unknown {
  if (value.kind === 'literal') return value.value;
  if (value.kind !== 'object') throw new Error(`a value of kind ${value.kind}`);
  return Object.fromEntries(
    value.parts.flatMap((part) => {
      if (part.kind !== 'property') throw new Error(part.kind);
      return [[part.key, contentOf(ev, ev.evaluate(part.value))]];
    }),
  );
}

function pick(keys: string[], option: (key: string) => unknown): Options {
  const entries = keys.map((key) => [key, option(key)] as const);
  // No attempts at all are stored as none.
  return Object.fromEntries(
    entries.filter(([key, value]) => value !== undefined && !(key === 'attempts' && value === 0)),
  );
}

function isNothing(option: unknown): boolean {
  return (
    option === true ||
    option === 0 ||
    (typeof option === 'object' && option !== null && 'count' in option && option.count === 0)
  );
}

/** Runs a text with the lab's BullMQ; resolves to a function that waits until so many jobs have ended. */
async function execute(lab: Lab, code: string): Promise<(count: number) => Promise<unknown>> {
  const { Queue, FlowProducer, Worker } = lab.bullmq;
  const ends = new Trail<string>();
  const library = {
    Queue: class extends Queue {
      constructor(...args: ConstructorParameters<typeof Queue>) {
        super(...args);
        lab.defer(() => this.close());
      }
    },
    FlowProducer: class extends FlowProducer {
      constructor(...args: ConstructorParameters<typeof FlowProducer>) {
        super(...args);
        lab.defer(() => this.close());
      }
    },
    Worker: class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        this.on('completed', ({ name }) => {
          ends.push(name);
        });
        this.on('failed', () => {
          ends.push('fails');
        });
        lab.defer(() => this.close(true));
      }
    },
  };
  const program = runInThisContext(`(async (require, connection) => {${code}})`) as (
    require: () => typeof library,
    connection: Lab['connection'],
  ) => Promise<void>;
  await program(() => library, lab.connection);
  return (count) => ends.reaches(count);
}

/** The jobs of the queues that a text names, as they are in Redis. */
async function jobsOf(lab: Lab, code: string): Promise<Job[]> {
  const names = new Set(code.match(/premise-[\w-]+/g));
  const jobs = await Promise.all([...names].map((name) => lab.queue({}, name).getJobs([...STATES])));
  return jobs.flat() as Job[];
}
