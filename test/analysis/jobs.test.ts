import type { TSESTree } from '@typescript-eslint/utils';
import { describe, expect, it } from 'vitest';
import { classRole, dialects, instanceRole, JOB_PACKAGES } from '../../src/analysis/jobs/dialects/index.ts';
import type { Enqueue, JobInput } from '../../src/analysis/jobs/enqueues.ts';
import { ModuleFacts } from '../../src/analysis/jobs/facts.ts';
import { nameText } from '../../src/analysis/jobs/recognize.ts';
import {
  annotatedProcessor,
  nestProcessors,
  nestWorker,
  processorFunctions,
} from '../../src/analysis/jobs/workers.ts';
import { Wrappers } from '../../src/analysis/jobs/wrappers.ts';
import { functionName, type FunctionNode } from '../../src/analysis/source/nodes.ts';
import { here } from '../../src/analysis/values/evaluation.ts';
import type { Ref } from '../../src/analysis/values/value.ts';
import { describeValue } from '../support/describe.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

const BULLMQ = `import { Queue, Worker, Job, FlowProducer, QueueEvents } from 'bullmq'; const q = new Queue('mail');`;

function facts(code: string | Files): ModuleFacts & { project: MemoryProject } {
  const files = typeof code === 'string' ? { 'a.ts': code } : code;
  const project = memoryProject(files);
  const main = Object.keys(files).find((file) => file.startsWith('a.')) as string;
  return Object.assign(new ModuleFacts(project.ev, project.module(main)), { project });
}

function text(ref: Ref | undefined): string {
  return ref ? ref.module.textOf(ref.node) : '-';
}

function describeJob(job: JobInput): string {
  return `${text(job.name)}, ${text(job.payload)}, ${job.withoutOptions ? 'none' : text(job.options)}`;
}

/** `kind queue: name, payload, options` for each job; `...` where some cannot be seen. */
function describeEnqueue(project: MemoryProject, enqueue: Enqueue): string {
  const names = enqueue.targets.map((target) => nameText(project.ev, target) ?? '?').join('/');
  const jobs = [...enqueue.jobs.map(describeJob), ...(enqueue.partial ? ['...'] : [])].join('; ');
  return `${enqueue.kind} ${names}: ${jobs}`;
}

describe('the dialects', () => {
  it('tell a file by the name of a package in an import', () => {
    for (const dialect of dialects)
      for (const name of dialect.packages) {
        expect(JOB_PACKAGES.test(`import x from '${name}'`), name).toBe(true);
        expect(JOB_PACKAGES.test(`require("${name}")`), name).toBe(true);
      }
    expect(JOB_PACKAGES.test(`import 'bullmq-dashboard'`)).toBe(false);
    expect(JOB_PACKAGES.test(`// bullmq`)).toBe(false);
  });

  it.each<[string, string, string]>([
    ['bullmq:.Queue', 'queue', 'bullmq'],
    ['bullmq:.Worker', 'worker', 'bullmq'],
    ['bullmq:.FlowProducer', 'flow', 'bullmq'],
    ['bullmq:.QueueEvents', 'queue-events', 'bullmq'],
    ['bullmq:.Job', 'job', 'bullmq'],
    ['@taskforcesh/bullmq-pro:.QueuePro', 'queue', 'bullmq'],
    ['@taskforcesh/bullmq-pro:.WorkerPro', 'worker', 'bullmq'],
    ['bull:', 'queue', 'bull'],
    ['bull:.Queue', 'queue', 'bull'],
    ['bull:.Job', 'job', 'bull'],
  ])('%s is a %s of %s', (path, role, dialect) => {
    expect(classRole(path)?.role).toBe(role);
    expect(instanceRole(`${path}#`)?.role).toBe(role);
    expect(instanceRole(`${path}#`)?.dialect.name).toBe(dialect);
    expect(instanceRole(path)).toBeUndefined();
  });
});

describe('a construction of a queue', () => {
  it.each<[string, string | Files, string[]]>([
    ['of BullMQ', `import { Queue } from 'bullmq'; new Queue('a', { connection })`, ['bullmq a']],
    ['under another name', `import { Queue as Q } from 'bullmq'; new Q('a')`, ['bullmq a']],
    ['of a namespace', `import * as mq from 'bullmq'; new mq.Queue('a')`, ['bullmq a']],
    ['of require', `const { Queue } = require('bullmq'); new Queue('a')`, ['bullmq a']],
    ['of a whole require', `const mq = require('bullmq'); new mq.Queue('a')`, ['bullmq a']],
    ['of BullMQ Pro', `import { QueuePro } from '@taskforcesh/bullmq-pro'; new QueuePro('a')`, ['bullmq a']],
    ['of Bull by its default export', `import Queue from 'bull'; new Queue('a')`, ['bull a']],
    ['of Bull by a namespace', `import * as Bull from 'bull'; new Bull('a')`, ['bull a']],
    ['of Bull by require', `const Bull = require('bull'); new Bull('a')`, ['bull a']],
    ['of Bull without new', `const Bull = require('bull'); Bull('a')`, ['bull a']],
    [
      'with an unknown name',
      `import { Queue } from 'bullmq'; export const make = (name) => new Queue(name)`,
      ['bullmq ?'],
    ],
    [
      'of a subclass',
      `import { Queue } from 'bullmq'; class Mails extends Queue {} new Mails('a')`,
      ['bullmq a'],
    ],
    [
      'in a subclass',
      `import { Queue } from 'bullmq'; class Mails extends Queue { constructor() { super('a'); } }`,
      ['bullmq a'],
    ],
    [
      'through a re-export',
      { 'a.ts': `import { Queue } from './b'; new Queue('a')`, 'b.ts': `export { Queue } from 'bullmq'` },
      ['bullmq a'],
    ],
    [
      'through a star',
      { 'a.ts': `import { Queue } from './b'; new Queue('a')`, 'b.ts': `export * from 'bullmq'` },
      ['bullmq a'],
    ],
    [
      'but not of another package',
      `import { Queue } from 'queue'; new Queue('a'); new (require('p-queue'))()`,
      [],
    ],
    ['but not of bee-queue', `import Queue from 'bee-queue'; new Queue('a')`, []],
    ['but not of an own class', `class Queue {} new Queue('a')`, []],
    [
      'but not of other classes of the package',
      `import { QueueEvents, Worker } from 'bullmq'; new QueueEvents('a'); new Worker('a')`,
      [],
    ],
    ['but not a type only', `import type { Queue } from 'bullmq'; let q: Queue`, []],
  ])('%s', (_, code, expected) => {
    const { queues, project } = facts(code);
    expect(queues.map(({ queue }) => `${queue.dialect.name} ${nameText(project.ev, queue) ?? '?'}`)).toEqual(
      expected,
    );
  });
});

describe('an enqueue', () => {
  it.each<[string, string | Files, string[]]>([
    ['add', `${BULLMQ} q.add('a', { id }, { attempts: 3 })`, [`job mail: 'a', { id }, { attempts: 3 }`]],
    ['add without options', `${BULLMQ} q.add('a', { id })`, [`job mail: 'a', { id }, none`]],
    ['add without data', `${BULLMQ} q.add('a')`, [`job mail: 'a', -, none`]],
    ['add with optional chaining', `${BULLMQ} q?.add('a', x)`, [`job mail: 'a', x, none`]],
    ['add with an assertion', `${BULLMQ} (q as any)!.add('a', x)`, [`job mail: 'a', x, none`]],
    ['add by a string key', `${BULLMQ} q['add']('a', x)`, [`job mail: 'a', x, none`]],
    [
      'on a part of a queue',
      `import type { Queue } from 'bullmq'; function send(q: Pick<Queue<Data>, 'add'>, o: { q: Omit<Queue, 'close'> | null }) { q.add('a', x); o.q?.add('b', y); }`,
      [`job ?: 'a', x, none`, `job ?: 'b', y, none`],
    ],
    [
      'on a queue that a function of the project hands to its callback',
      `${BULLMQ} const withQueue = async (work, ms) => Promise.race([Promise.resolve().then(() => work(q)), sleep(ms)]); withQueue((queue) => queue.add('a', x), 5);`,
      [`job mail: 'a', x, none`],
    ],
    [
      'but not on what it hands to another one',
      `${BULLMQ} const withSet = (work, other) => { other(q); return work(new Set()); }; withSet((queue) => queue.add('a'), log);`,
      [],
    ],
    [
      'on a queue whose type is imported where it stands',
      `function send(q: import('bullmq').Queue<Data>) { q.add('a', x); }`,
      [`job ?: 'a', x, none`],
    ],
    [
      'but not on a part of something else',
      `${BULLMQ} function send(q: Pick<Set<string>, 'add'>) { q.add('a'); }`,
      [],
    ],
    ['add with spread arguments', `${BULLMQ} q.add(...args)`, ['job mail: ...']],
    [
      'add with options by name',
      `${BULLMQ} const opts = { attempts: 3 }; q.add('a', x, opts)`,
      [`job mail: 'a', x, opts`],
    ],
    [
      'addBulk',
      `${BULLMQ} q.addBulk([{ name: 'a', data: x, opts: { attempts: 3 } }, { name: 'b', data: y }])`,
      [`bulk mail: 'a', x, { attempts: 3 }; 'b', y, none`],
    ],
    [
      'addBulk of a mapped list',
      `${BULLMQ} q.addBulk(ids.map((id) => ({ name: 'a', data: { id } })))`,
      [`bulk mail: 'a', { id }, none`],
    ],
    [
      'addBulk of a list by name',
      `${BULLMQ} const jobs = [{ name: 'a', data: x }]; q.addBulk(jobs)`,
      [`bulk mail: 'a', x, none`],
    ],
    [
      'addBulk of a mapped list by name',
      `${BULLMQ} const jobs = ids.filter(Boolean).map((id) => { return { name: 'a', data: { id }, opts }; }); q.addBulk(jobs)`,
      [`bulk mail: 'a', { id }, opts`],
    ],
    [
      'addBulk of a list that grows',
      `${BULLMQ} const jobs = []; jobs.push({ name: 'a', data: x }); q.addBulk(jobs)`,
      [`bulk mail: 'a', x, none`],
    ],
    ['addBulk of something unknown', `${BULLMQ} q.addBulk(load())`, ['bulk mail: ...']],
    ['addBulk of a spread job', `${BULLMQ} q.addBulk([{ ...base, name: 'a' }])`, [`bulk mail: 'a', -, -`]],
    [
      'upsertJobScheduler',
      `${BULLMQ} q.upsertJobScheduler('id', { every: 1000 }, { name: 'a', data: x, opts: { attempts: 3 } })`,
      [`scheduler mail: 'a', x, { attempts: 3 }`],
    ],
    [
      'upsertJobScheduler without a template',
      `${BULLMQ} q.upsertJobScheduler('id', { every: 1000 })`,
      ['scheduler mail: -, -, none'],
    ],
    [
      'a flow',
      `${BULLMQ} new FlowProducer().add({ name: 'a', queueName: 'x', data: d, opts: o, children: [{ name: 'b', queueName: 'y' }] })`,
      [`flow ?: 'a', d, o; 'b', -, none`],
    ],
    [
      'a flow in a flow',
      `${BULLMQ} const f = new FlowProducer(); f.add({ name: 'a', children: [{ name: 'b', children: [{ name: 'c' }] }] })`,
      [`flow ?: 'a', -, none; 'b', -, none; 'c', -, none`],
    ],
    [
      'a flow with children of a map',
      `${BULLMQ} const f = new FlowProducer(); f.add({ name: 'a', children: ids.map((id) => ({ name: 'b', data: { id } })) })`,
      [`flow ?: 'a', -, none; 'b', { id }, none`],
    ],
    [
      'flows',
      `${BULLMQ} const f = new FlowProducer(); f.addBulk([{ name: 'a' }, { name: 'b' }])`,
      [`flows ?: 'a', -, none; 'b', -, none`],
    ],
    [
      'of Bull with a name',
      `const Q = require('bull'); const q = new Q('mail'); q.add('a', x, { attempts: 3 })`,
      [`job mail: 'a', x, { attempts: 3 }`],
    ],
    [
      'of Bull with a name only',
      `const Q = require('bull'); const q = new Q('mail'); q.add('a', x)`,
      [`job mail: 'a', x, none`],
    ],
    [
      'of Bull without a name',
      `const Q = require('bull'); const q = new Q('mail'); q.add({ id })`,
      ['job mail: -, { id }, none'],
    ],
    [
      'of Bull with data and options',
      `const Q = require('bull'); const q = new Q('mail'); q.add({ id }, { attempts: 3 })`,
      ['job mail: -, { id }, { attempts: 3 }'],
    ],
    [
      'of Bull with data by name and options',
      `const Q = require('bull'); const q = new Q('mail'); function f(data) { q.add(data, { attempts: 3 }); }`,
      ['job mail: -, data, { attempts: 3 }'],
    ],
    [
      'of Bull with a name that cannot be seen',
      `const Q = require('bull'); const q = new Q('mail'); function f(name) { q.add(name, { id }); }`,
      ['job mail: name, { id }, none'],
    ],
    [
      'of Bull in bulk',
      `const Q = require('bull'); const q = new Q('mail'); q.addBulk([{ data: x, opts: o }])`,
      ['bulk mail: -, x, o'],
    ],
    [
      'of an injected queue',
      `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; class S { constructor(@InjectQueue('mail') private q: Queue) {} f() { return this.q.add('a', x); } }`,
      [`job mail: 'a', x, none`],
    ],
    [
      'of an injected queue of Bull',
      `import { InjectQueue } from '@nestjs/bull'; import { Queue } from 'bull'; class S { constructor(@InjectQueue('mail') private q: Queue) {} f() { return this.q.add({ id }); } }`,
      ['job mail: -, { id }, none'],
    ],
    [
      'of an injected queue without a type',
      `import { InjectQueue } from '@nestjs/bullmq'; class S { constructor(@InjectQueue('mail') private q) {} f() { return this.q.add('a', x); } }`,
      [`job mail: 'a', x, none`],
    ],
    [
      'of a queue of BullMQ Pro that is injected',
      `import { InjectQueue } from '@taskforcesh/nestjs-bullmq-pro'; class S { constructor(@InjectQueue('mail') private q) {} f() { return this.q.add('a', x); } }`,
      [`job mail: 'a', x, none`],
    ],
    [
      'of a queue injected into a field',
      `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; class S { @InjectQueue('mail') private q: Queue; f() { return this.q.add('a', x); } }`,
      [`job mail: 'a', x, none`],
    ],
    [
      'of an injected flow producer',
      `import { InjectFlowProducer } from '@nestjs/bullmq'; import { FlowProducer } from 'bullmq'; class S { constructor(@InjectFlowProducer('f') private f: FlowProducer) {} g() { return this.f.add({ name: 'a' }); } }`,
      [`flow ?: 'a', -, none`],
    ],
    [
      'of a parameter by its type',
      `import type { Queue } from 'bullmq'; function f(q: Queue) { return q.add('a', x); }`,
      [`job ?: 'a', x, none`],
    ],
    [
      'of a parameter by an alias of the type',
      {
        'a.ts': `import type { Mails } from './b'; function f(q: Mails) { return q.add('a', x); }`,
        'b.ts': `import type { Queue } from 'bullmq'; export type Mails = Queue<{ id: string }>`,
      },
      [`job ?: 'a', x, none`],
    ],
    [
      'of an object of services',
      `import type { Queue } from 'bullmq'; interface Deps { queues: { mail: Queue } } function f({ queues }: Deps) { return queues.mail.add('a', x); }`,
      [`job ?: 'a', x, none`],
    ],
    [
      'of one of several queues',
      `${BULLMQ} const r = new Queue('sms'); (x ? q : r).add('a', x)`,
      [`job mail/sms: 'a', x, none`],
    ],
    [
      'of an element of a list of queues',
      `${BULLMQ} const l = [q, new Queue('sms')]; for (const e of l) e.add('a', x)`,
      [`job mail/sms: 'a', x, none`],
    ],
    [
      'of this in a subclass',
      `import { Queue } from 'bullmq'; class Mails extends Queue { constructor() { super('mail'); } send(x) { return this.add('a', x); } }`,
      [`job mail: 'a', x, none`],
    ],
  ])('%s', (_, code, expected) => {
    const { enqueues, project } = facts(code);
    expect(enqueues.map((enqueue) => describeEnqueue(project, enqueue))).toEqual(expected);
  });

  it.each<[string, string]>([
    ['a Set', `const queue = new Set(); queue.add('a')`],
    ['a Set in a class called Queue', `class Queue { items = new Set(); f() { this.items.add('a'); } }`],
    ['p-queue', `import PQueue from 'p-queue'; const queue = new PQueue(); queue.add(() => 1)`],
    ['bee-queue', `import Queue from 'bee-queue'; const queue = new Queue('a'); queue.add('a')`],
    ['an element class list', `element.classList.add('a')`],
    ['a parameter without a type', `function f(queue) { queue.add('a', x); }`],
    [
      'a type of the project that is called Queue',
      `interface Queue { add(x: string): void } function f(queue: Queue) { queue.add('a'); }`,
    ],
    ['a worker', `import { Worker } from 'bullmq'; new Worker('a').add('x')`],
    ['a queue of AWS', `import { Queue } from 'aws-cdk-lib/aws-sqs'; new Queue(this, 'a').add('x')`],
    ['another method of a queue', `${BULLMQ} q.getJob('a'); q.remove('a'); q.drain()`],
  ])('is not a call on %s', (_, code) => {
    expect(facts(code).enqueues).toEqual([]);
  });
});

describe('a wrapper', () => {
  const passed = (code: string | Files): string[] => {
    const { project } = facts(code);
    const wrappers = new Wrappers(project.ev, () => true);
    const module = project.module(project.files.find((file) => file.startsWith('a.')) as string);
    return module.nodes('CallExpression').flatMap((node) =>
      wrappers.enqueuesAt(here(module, node) as Ref<TSESTree.CallExpression>).map((enqueue) => {
        const given = enqueue.jobs.map((job) =>
          [job.payload, job.options]
            .map((ref) => (ref ? describeValue(project.ev, project.ev.evaluate(ref)) : '-'))
            .join(', '),
        );
        return `${module.textOf(node)} -> ${given.join('; ')}`;
      }),
    );
  };

  const q = `import { Queue } from 'bullmq'; export const q = new Queue('mail');`;

  it('and can be read without what the outermost call passes', () => {
    const project = memoryProject({
      'a.ts': `${q} const send = (data, opts) => q.add('a', data, opts); const order = (id) => send({ id }, { attempts: 3 }); order(7)`,
    });
    const wrappers = new Wrappers(project.ev, () => true);
    const described = project
      .module('a.ts')
      .nodes('CallExpression')
      .flatMap((node) =>
        wrappers.enqueuesAt(here(project.module('a.ts'), node) as Ref<TSESTree.CallExpression>),
      )
      .map((enqueue) => {
        const job = wrappers.asWritten(enqueue)?.jobs[0];
        const given = [job?.payload, job?.options].map((ref) =>
          ref ? describeValue(project.ev, project.ev.evaluate(ref)) : '-',
        );
        return `${String(enqueue.via.length)}: ${given.join(', ')}`;
      });
    expect(described.sort()).toEqual(['1: ?, ?', '2: { id: ? }, { attempts: 3 }']);
  });

  it.each<[string, string | Files, string[]]>([
    [
      'passes its data on',
      `${q} const send = (data) => q.add('a', data); send({ id: 1 })`,
      ['send({ id: 1 }) -> { id: 1 }, -'],
    ],
    [
      'passes its options on',
      `${q} const send = (data, opts) => q.add('a', data, opts); send({ id: 1 }, { attempts: 3 })`,
      ['send({ id: 1 }, { attempts: 3 }) -> { id: 1 }, { attempts: 3 }'],
    ],
    [
      'of another file',
      {
        'a.ts': `import { send } from './b'; send({ id: 1 })`,
        'b.ts': `${q} export async function send(data) { await q.add('a', data); }`,
      },
      ['send({ id: 1 }) -> { id: 1 }, -'],
    ],
    [
      'is a method',
      {
        'a.ts': `import { Mails } from './b'; class A { constructor(private m: Mails) {} f() { this.m.send({ id: 1 }); } }`,
        'b.ts': `${q} export class Mails { send(data) { return q.add('a', data); } }`,
      },
      ['this.m.send({ id: 1 }) -> { id: 1 }, -'],
    ],
    [
      'adds to the data',
      `${q} const send = (id) => q.add('a', { id, n: 2 }); send(1)`,
      ['send(1) -> { id: 1, n: 2 }, -'],
    ],
    [
      'takes the data apart',
      `${q} const send = ({ id }) => q.add('a', { id }); send({ id: 1 })`,
      ['send({ id: 1 }) -> { id: 1 }, -'],
    ],
    [
      'merges options',
      `${q} const send = (data, opts = {}) => q.add('a', data, { attempts: 3, ...opts }); send(1, { delay: 5 })`,
      ['send(1, { delay: 5 }) -> 1, { attempts: 3, delay: 5 }'],
    ],
    [
      'takes an object of everything',
      `${q} const send = (o) => q.add('a', o.data, o.opts); send({ data: 1, opts: { attempts: 3 } })`,
      ['send({ data: 1, opts: { attempts: 3 } }) -> 1, { attempts: 3 }'],
    ],
    [
      'takes rest parameters',
      `${q} const send = (...args) => q.add(...args); send('a', 1, { attempts: 3 })`,
      [`send('a', 1, { attempts: 3 }) -> 1, { attempts: 3 }`],
    ],
    [
      'is wrapped again',
      `${q} const inner = (d) => q.add('a', d); const outer = (d) => inner({ d }); outer(1)`,
      ['inner({ d }) -> { d: ? }, -', 'outer(1) -> { d: 1 }, -'],
    ],
    [
      'is a named alias inside',
      `${q} const send = (input) => { const data = input; return q.add('a', data); }; send(1)`,
      ['send(1) -> 1, -'],
    ],
    ['is none when nothing is passed on', `${q} const send = (id) => q.add('a', { n: 2 }); send(1)`, []],
    ['is none when it adds to nothing', 'const send = (id) => set.add(id); send(1)', []],
    ['is none when it calls itself', 'const send = (id) => send(id); send(1)', []],
  ])('%s', (_, code, expected) => {
    expect(passed(code)).toEqual(expected);
  });
});

describe('a worker', () => {
  const describeWorkers = (code: string | Files): string[] => {
    const { workers, project } = facts(code);
    return workers.map((worker) => {
      const name = worker.name ? describeValue(project.ev, worker.name) : '-';
      const functions = worker.processor
        ? processorFunctions(project.ev, worker.processor).map(({ at }) => functionName(at.node) ?? 'inline')
        : [];
      return `${worker.dialect.name} ${name}: ${functions.join(', ') || text(worker.processor)}`;
    });
  };

  it.each<[string, string | Files, string[]]>([
    ['inline', `${BULLMQ} new Worker('mail', async (job) => {}, { connection })`, [`bullmq 'mail': inline`]],
    [
      'a named function',
      `${BULLMQ} async function send(job) {} new Worker('mail', send)`,
      [`bullmq 'mail': send`],
    ],
    [
      'a function declared later',
      `${BULLMQ} new Worker('mail', send); async function send(job) {}`,
      [`bullmq 'mail': send`],
    ],
    [
      'an imported function',
      {
        'a.ts': `${BULLMQ} import { send } from './b'; new Worker('mail', send)`,
        'b.ts': 'export const send = async (job) => {}',
      },
      [`bullmq 'mail': send`],
    ],
    [
      'a bound method',
      `${BULLMQ} class A { start() { new Worker('mail', this.run.bind(this)); } run(job) {} }`,
      [`bullmq 'mail': A.run`],
    ],
    [
      'a field with an arrow',
      `${BULLMQ} class A { run = async (job) => {}; start() { new Worker('mail', this.run); } }`,
      [`bullmq 'mail': run`],
    ],
    [
      'an arrow that only calls',
      `${BULLMQ} new Worker('mail', (job) => run(job)); function run(job) {}`,
      [`bullmq 'mail': inline`],
    ],
    [
      'a wrapper of the project',
      `${BULLMQ} const withLog = (fn) => async (job) => fn(job); new Worker('mail', withLog(async function send(job) {}))`,
      [`bullmq 'mail': inline`],
    ],
    [
      'a wrapper of a package',
      `${BULLMQ} import { wrap } from 'metrics'; new Worker('mail', wrap(async function send(job) {}))`,
      [`bullmq 'mail': send`],
    ],
    [
      'one of a handler map',
      `${BULLMQ} const map = { a: async function a() {}, b: async function b() {} }; new Worker('mail', map[name])`,
      [`bullmq 'mail': a, b`],
    ],
    [
      'a sandboxed file',
      `${BULLMQ} new Worker('mail', './processor.js')`,
      [`bullmq 'mail': './processor.js'`],
    ],
    ['null for manual fetching', `${BULLMQ} new Worker('mail', null)`, [`bullmq 'mail': null`]],
    ['none', `${BULLMQ} new Worker('mail')`, [`bullmq 'mail': -`]],
    ['a parameter', `${BULLMQ} const make = (name, fn) => new Worker(name, fn)`, ['bullmq ?: fn']],
    [
      'a subclass',
      `${BULLMQ} class W extends Worker {} new W('mail', async (job) => {})`,
      [`bullmq 'mail': inline`],
    ],
    [
      'in a subclass',
      `${BULLMQ} class W extends Worker { constructor() { super('mail', async (job) => {}); } }`,
      [`bullmq 'mail': inline`],
    ],
    [
      'of BullMQ Pro',
      `import { WorkerPro } from '@taskforcesh/bullmq-pro'; new WorkerPro('mail', async (job) => {})`,
      [`bullmq 'mail': inline`],
    ],
    [
      'of Bull',
      `const Q = require('bull'); const q = new Q('mail'); q.process(async (job) => {})`,
      [`bull 'mail': inline`],
    ],
    [
      'of Bull with a name and a concurrency',
      `const Q = require('bull'); const q = new Q('mail'); q.process('a', 5, async (job) => {})`,
      [`bull 'mail': inline`],
    ],
    [
      'of an injected queue of Bull',
      `import { Queue } from 'bull'; function f(q: Queue) { q.process(async (job) => {}); }`,
      ['bull -: inline'],
    ],
    ['of worker_threads is none', `import { Worker } from 'node:worker_threads'; new Worker('./a.js')`, []],
    ['of the browser is none', `new Worker('./a.js')`, []],
    ['of BullMQ has no process method', `${BULLMQ} q.process(async (job) => {})`, []],
    ['of something else with process is none', `handler.process(async (job) => {})`, []],
  ])('%s', (_, code, expected) => {
    expect(describeWorkers(code)).toEqual(expected);
  });
});

describe('a processor class of Nest', () => {
  const describeProcessors = (code: string | Files): string[] => {
    const { processorClasses, project } = facts(code);
    return processorClasses.flatMap((owner) =>
      nestProcessors(project.ev, owner).map(
        ({ fn, queueName, dialect }) =>
          `${dialect.name} ${queueName ?? '?'}: ${functionName(fn.at.node) ?? '?'}`,
      ),
    );
  };
  const bullmq = `import { Processor, WorkerHost, OnWorkerEvent } from '@nestjs/bullmq';`;
  const bull = `import { Processor, Process, OnQueueFailed } from '@nestjs/bull';`;

  it.each<[string, string | Files, string[]]>([
    [
      'has its process method',
      `${bullmq} @Processor('mail') class P extends WorkerHost { async process(job) {} }`,
      ['nestjs-bullmq mail: P.process'],
    ],
    [
      'with options',
      `${bullmq} @Processor('mail', { concurrency: 5 }) class P extends WorkerHost { async process(job) {} }`,
      ['nestjs-bullmq mail: P.process'],
    ],
    [
      'with a name in an object',
      `${bullmq} @Processor({ name: 'mail' }) class P extends WorkerHost { async process(job) {} }`,
      ['nestjs-bullmq mail: P.process'],
    ],
    [
      'with a constant name',
      {
        'a.ts': `${bullmq} import { NAMES } from './b'; @Processor(NAMES.mail) class P extends WorkerHost { async process(job) {} }`,
        'b.ts': `export const NAMES = { mail: 'mail' } as const`,
      },
      ['nestjs-bullmq mail: P.process'],
    ],
    [
      'has no listeners and helpers',
      `${bullmq} @Processor('mail') class P extends WorkerHost { async process(job) {} @OnWorkerEvent('failed') onFailed(job) {} help() {} static process() {} }`,
      ['nestjs-bullmq mail: P.process'],
    ],
    [
      'has every decorated method of Bull',
      `${bull} @Processor('mail') class P { @Process('a') a(job) {} @Process() b(job) {} @OnQueueFailed() c(job) {} d() {} }`,
      ['nestjs-bull mail: P.a', 'nestjs-bull mail: P.b'],
    ],
    [
      'has the process method of BullMQ Pro',
      `import { Processor, WorkerHost } from '@taskforcesh/nestjs-bullmq-pro'; @Processor('mail') class P extends WorkerHost { async process(job) {} }`,
      ['nestjs-bullmq-pro mail: P.process'],
    ],
    [
      'is none by another package',
      `import { Processor } from 'cqrs'; @Processor('mail') class P { process(job) {} }`,
      [],
    ],
    ['is none without a decorator', `${bullmq} class P extends WorkerHost { process(job) {} }`, []],
  ])('%s', (_, code, expected) => {
    expect(describeProcessors(code)).toEqual(expected);
  });
});

describe('the worker of a processor class of Nest', () => {
  const bull = `import { Processor, Process, OnQueueFailed } from '@nestjs/bull';`;

  it.each<[string, string | Files, boolean]>([
    [
      'is there for a host of BullMQ',
      `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail') class P extends WorkerHost { async process() {} }`,
      true,
    ],
    [
      'is there for a method that Bull calls',
      `${bull} @Processor('mail') class P { @Process() a() {} }`,
      true,
    ],
    [
      'is there for a method of the base class',
      {
        'a.ts': `${bull} import { Base } from './base'; @Processor('mail') class P extends Base {}`,
        'base.ts': `${bull} export class Base { @Process() a() {} }`,
      },
      true,
    ],
    [
      'may be there for a base class that cannot be seen',
      `${bull} import { Base } from 'shop-jobs'; @Processor('mail') class P extends Base {}`,
      true,
    ],
    [
      'may be there by a decorator that is put together',
      `${bull} import { applyDecorators } from '@nestjs/common'; const Traced = () => applyDecorators(Process()); @Processor('mail') class P { @Traced() a() {} }`,
      true,
    ],
    [
      'is not there without a method',
      `${bull} @Processor('mail') class P { constructor() {} a() {} }`,
      false,
    ],
    [
      'is not there where a class of Bull only listens',
      `${bull} @Processor('mail') class P { @OnQueueFailed() a() {} }`,
      false,
    ],
    [
      'is not there where the base class has none either',
      `${bull} class Base { a() {} } @Processor('mail') class P extends Base {}`,
      false,
    ],
  ])('%s', (_, code, isThere) => {
    const { processorClasses, project } = facts(code);
    expect(processorClasses.map((owner) => nestWorker(project.ev, owner) !== undefined)).toEqual([isThere]);
  });
});

describe('a function is a processor by its annotation', () => {
  const annotated = (code: string | Files): string[] => {
    const { project } = facts(code);
    const module = project.module('a.ts');
    return (['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'] as const)
      .flatMap((type): readonly FunctionNode[] => module.nodes(type))
      .flatMap((fn) => (annotatedProcessor(project.ev, module, fn) ? [functionName(fn) ?? 'inline'] : []));
  };

  it.each<[string, string | Files, string[]]>([
    ['of its parameter', `import { Job } from 'bullmq'; export async function f(job: Job<Data>) {}`, ['f']],
    ['of an arrow', `import { Job } from 'bullmq'; export const f = async (job: Job) => {}`, ['f']],
    ['of Bull', `import { Job } from 'bull'; export const f = async (job: Job) => {}`, ['f']],
    ['of a namespace', `import * as mq from 'bullmq'; export const f = async (job: mq.Job) => {}`, ['f']],
    [
      'of an alias',
      {
        'a.ts': `import type { MailJob } from './b'; export const f = async (job: MailJob) => {}`,
        'b.ts': `import type { Job } from 'bullmq'; export type MailJob = Job<Mail>`,
      },
      ['f'],
    ],
    [
      'of the whole function',
      `import { Processor } from 'bullmq'; export const f: Processor<Data> = async (job) => {}`,
      ['f'],
    ],
    [
      'of a sandboxed job',
      `import { SandboxedJob } from 'bullmq'; export default async function f(job: SandboxedJob) {}`,
      ['f'],
    ],
    [
      'unless it listens to events',
      `import { Job } from 'bullmq'; import { OnWorkerEvent } from '@nestjs/bullmq'; class A { @OnWorkerEvent('failed') f(job: Job) {} } worker.on('failed', (job: Job) => {})`,
      [],
    ],
    ['unless the type is of the project', `interface Job {} export function f(job: Job) {}`, []],
    [
      'unless another package has it',
      `import { Job } from 'node-schedule'; export function f(job: Job) {}`,
      [],
    ],
  ])('%s', (_, code, expected) => {
    expect(annotated(code)).toEqual(expected);
  });
});

describe('a registration of Nest', () => {
  it.each<[string, string, string[]]>([
    [
      'of BullMQ',
      `import { BullModule } from '@nestjs/bullmq'; BullModule.forRoot({}); BullModule.forRootAsync({}); BullModule.registerQueue({ name: 'a' }, { name: 'b' }); BullModule.registerQueueAsync({ name: 'c' })`,
      ['forRoot', 'forRootAsync', 'registerQueue', 'registerQueueAsync'],
    ],
    [
      'of BullMQ Pro',
      `import { BullModule } from '@taskforcesh/nestjs-bullmq-pro'; BullModule.registerQueue({ name: 'a' })`,
      ['registerQueue'],
    ],
    [
      'of Bull',
      `import { BullModule as B } from '@nestjs/bull'; B.registerQueue({ name: 'a' })`,
      ['registerQueue'],
    ],
    [
      'is none of another module',
      `import { TypeOrmModule } from '@nestjs/typeorm'; TypeOrmModule.forRoot({})`,
      [],
    ],
  ])('%s', (_, code, expected) => {
    expect(facts(code).registrations.map(({ method }) => method)).toEqual(expected);
  });
});
