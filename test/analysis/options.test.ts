import { describe, expect, it } from 'vitest';
import { ModuleFacts } from '../../src/analysis/jobs/facts.ts';
import {
  optionPlace,
  optionRef,
  writtenOptions,
  type WrittenOptions,
} from '../../src/analysis/jobs/options.ts';
import { redisClient } from '../../src/analysis/jobs/redis-clients.ts';
import { registeredOptions } from '../../src/analysis/jobs/registrations.ts';
import type { Lookup } from '../../src/analysis/values/value.ts';
import { canBeMissing } from '../../src/analysis/values/missing.ts';
import { describeValue, marked } from '../support/describe.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

const BULLMQ = `import { Queue, Worker, FlowProducer, QueueEvents } from 'bullmq';`;
const NEST = `import { BullModule, InjectQueue, Processor } from '@nestjs/bullmq';`;

function project(code: string | Files): MemoryProject {
  return memoryProject(typeof code === 'string' ? { 'a.ts': code } : code);
}

function optionsIn(memory: MemoryProject): WrittenOptions[] {
  return writtenOptions(memory.ev, new ModuleFacts(memory.ev, memory.module('a.ts')));
}

/** `role dialect: options` */
function constructions(code: string | Files): string[] {
  const memory = project(code);
  return new ModuleFacts(memory.ev, memory.module('a.ts')).constructions.map(
    ({ role, dialect, options }) =>
      `${role} ${dialect.name}: ${options ? options.module.textOf(options.node) : '-'}`,
  );
}

describe('a construction', () => {
  it.each<[string, string | Files, string[]]>([
    [
      'of each class of BullMQ',
      `${BULLMQ} new Queue('a', o1); new Worker('a', f, o2); new QueueEvents('a', o3); new FlowProducer(o4)`,
      ['queue bullmq: o1', 'worker bullmq: o2', 'queue-events bullmq: o3', 'flow bullmq: o4'],
    ],
    [
      'without options',
      `${BULLMQ} new Queue('a'); new Worker('a', f)`,
      ['queue bullmq: -', 'worker bullmq: -'],
    ],
    ['whose arguments are spread', `${BULLMQ} new Queue(...args)`, ['queue bullmq: -']],
    [
      'of BullMQ Pro',
      `import { WorkerPro } from '@taskforcesh/bullmq-pro'; new WorkerPro('a', f, o)`,
      ['worker bullmq: o'],
    ],
    [
      'of classes with another backend',
      `import { withBackend } from 'bullmq'; const { Queue } = withBackend(make); new Queue('a', o)`,
      ['queue bullmq: o'],
    ],
    ['in CommonJS', `const { Worker } = require('bullmq'); new Worker('a', f, o)`, ['worker bullmq: o']],
    [
      'by super of a subclass, and not again by its construction',
      `${BULLMQ} class Mails extends Worker { constructor() { super('mail', f, o); } } new Mails()`,
      ['worker bullmq: o'],
    ],
    [
      'of a subclass that passes its arguments on',
      `${BULLMQ} class Mails extends Queue {} new Mails('mail', o)`,
      ['queue bullmq: o'],
    ],
    [
      'of a subclass in another file',
      {
        'a.ts': `import { Mails } from './b'; new Mails('mail', o)`,
        'b.ts': `${BULLMQ} export class Mails extends Queue {}`,
      },
      ['queue bullmq: o'],
    ],
    ['of Bull', `import Bull from 'bull'; new Bull('a', o)`, ['queue bull: o']],
    ['of Bull with a URL', `import Bull from 'bull'; new Bull('a', 'redis://r', o)`, ['queue bull: o']],
    [
      'of Bull with a URL from the environment alone',
      `import Bull from 'bull'; new Bull('a', process.env.REDIS_URL)`,
      ['queue bull: -'],
    ],
    ['of Bull without new', `const Bull = require('bull'); Bull('a', o)`, ['queue bull: o']],
    ['but not of a job', `import { Job } from 'bullmq'; new Job(queue, 'a', {})`, []],
    ['but not of another class', `class Worker {} new Worker('a', f, o); new Set(); super_('a')`, []],
    ['but not by super of another class', `class A extends B { constructor() { super('a', o); } }`, []],
  ])('%s', (_, code, expected) => {
    expect(constructions(code)).toEqual(expected);
  });
});

/** `scope dialect queue: value` */
function described(code: string | Files): string[] {
  const memory = project(code);
  return optionsIn(memory).map(
    ({ scope, dialect, queueName = '?', value }) =>
      `${scope} ${dialect.name} ${queueName}: ${describeValue(memory.ev, value)}`,
  );
}

describe('options are given', () => {
  it.each<[string, string | Files, string[]]>([
    [
      'to a queue and its jobs',
      `${BULLMQ} new Queue('a', { prefix: 'p', defaultJobOptions: { attempts: 2 } })`,
      [
        "queue bullmq a: { prefix: 'p', defaultJobOptions: { attempts: 2 } }",
        'job-defaults bullmq a: { attempts: 2 }',
      ],
    ],
    [
      'to a worker, queue events and a flow producer',
      `${BULLMQ} new Worker('a', f, { concurrency: 2 }); new QueueEvents('a', { autorun: false }); new FlowProducer({ prefix: 'p' })`,
      [
        'worker bullmq a: { concurrency: 2 }',
        'queue-events bullmq a: { autorun: false }',
        "flow bullmq ?: { prefix: 'p' }",
      ],
    ],
    [
      'by a name and a spread of another file',
      {
        'a.ts': `${BULLMQ} import { NAME, base } from './b'; new Worker(NAME, f, { ...base, concurrency: 2 })`,
        'b.ts': `export const NAME = 'mail'; export const base = { lockDuration: 5 };`,
      },
      ['worker bullmq mail: { lockDuration: 5, concurrency: 2 }'],
    ],
    [
      'to a job',
      `${BULLMQ} const q = new Queue('a'); q.add('x', {}, { attempts: 2 }); q.add('y', {})`,
      ['job bullmq ?: { attempts: 2 }'],
    ],
    [
      'to several jobs, a schedule and the nodes of a flow',
      `${BULLMQ} const q = new Queue('a'); q.addBulk([{ name: 'x', opts: { delay: 1 } }, { name: 'y' }]); q.upsertJobScheduler('s', {}, { opts: { delay: 2 } }); new FlowProducer().add({ name: 'p', opts: { delay: 3 }, children: [{ name: 'c', opts: { delay: 4 } }] })`,
      [
        'job bullmq ?: { delay: 1 }',
        'job bullmq ?: { delay: 2 }',
        'job bullmq ?: { delay: 3 }',
        'job bullmq ?: { delay: 4 }',
      ],
    ],
    [
      'in a way that cannot be seen',
      `${BULLMQ} new Queue('a', options)`,
      ['queue bullmq a: global:.options'],
    ],
    [
      'to registrations of Nest',
      `${NEST} BullModule.forRoot({ prefix: 'p' }); BullModule.forRoot('key', { prefix: 'q' }); BullModule.registerQueue({ name: 'a', prefix: 'r' }, { name: 'b' }); BullModule.registerFlowProducer({ name: 'f', prefix: 's' })`,
      [
        "queue nestjs-bullmq ?: { prefix: 'p' }",
        "queue nestjs-bullmq ?: { prefix: 'q' }",
        "queue nestjs-bullmq a: { name: 'a', prefix: 'r' }",
        "queue nestjs-bullmq b: { name: 'b' }",
        "flow nestjs-bullmq f: { name: 'f', prefix: 's' }",
      ],
    ],
    [
      'by factories of Nest, with their jobs',
      `${NEST} BullModule.forRootAsync({ useFactory: async (c) => ({ prefix: 'p', defaultJobOptions: { attempts: 2 } }) }); BullModule.registerQueueAsync({ name: 'a', useFactory: () => { return { prefix: 'q' }; } })`,
      [
        "queue nestjs-bullmq ?: { prefix: 'p', defaultJobOptions: { attempts: 2 } }",
        'job-defaults nestjs-bullmq ?: { attempts: 2 }',
        "queue nestjs-bullmq a: { prefix: 'q' }",
      ],
    ],
    [
      'by a class of Nest',
      {
        'a.ts': `${NEST} import { Config } from './b'; BullModule.forRootAsync({ useClass: Config })`,
        'b.ts': `export class Config { createSharedConfiguration() { return { prefix: 'p' }; } }`,
      },
      ["queue nestjs-bullmq ?: { prefix: 'p' }"],
    ],
    [
      'by a factory of Nest that cannot be seen',
      `${NEST} BullModule.forRootAsync({ useFactory: make }); BullModule.registerQueue(...queues)`,
      [],
    ],
    [
      'to processors of Nest',
      `${NEST} @Processor('a', { concurrency: 2 }) class A {} @Processor({ name: 'b' }, { concurrency: 3 }) class B {} @Processor('c') class C {}`,
      ['worker nestjs-bullmq a: { concurrency: 2 }', 'worker nestjs-bullmq b: { concurrency: 3 }'],
    ],
    [
      'to queues of Bull with Nest',
      `import { BullModule } from '@nestjs/bull'; BullModule.registerQueue({ name: 'a', limiter: 1 })`,
      ["queue nestjs-bull a: { name: 'a', limiter: 1 }"],
    ],
    ['to nothing of ours', `new Queue('a', { attempts: 1 }); app.module.forRoot({ prefix: 'p' })`, []],
  ])('%s', (_, code, expected) => {
    expect(described(code)).toEqual(expected);
  });
});

describe('an option is pointed at', () => {
  it.each<[string, string | Files, string]>([
    ['where it is written', `${BULLMQ} new Queue('a', { limit: 1 })`, '1'],
    ['in a constant', `${BULLMQ} const o = { limit: 2 }; new Queue('a', o)`, '2'],
    ['in what is spread', `${BULLMQ} const o = { limit: 3 }; new Queue('a', { ...o, prefix: 'p' })`, '3'],
    ['in what is spread last', `${BULLMQ} const o = { limit: 4 }; new Queue('a', { limit: 1, ...o })`, '4'],
    ['after what is spread', `${BULLMQ} const o = { limit: 5 }; new Queue('a', { ...o, limit: 6 })`, '6'],
    ['in one of two', `${BULLMQ} new Queue('a', x ? { prefix: 'p' } : { limit: 7 })`, '7'],
    ['where it is set later', `${BULLMQ} const o = {}; o.limit = 8; new Queue('a', o)`, '8'],
    [
      'at the construction, where it is in another file',
      {
        'a.ts': `${BULLMQ} import { o } from './b'; new Queue('a', o)`,
        'b.ts': `export const o = { limit: 9 };`,
      },
      `new Queue('a', o)`,
    ],
    ['at the construction, where it is nowhere', `${BULLMQ} new Queue('a', {})`, `new Queue('a', {})`],
    [
      'at the registration, where its class is in another file',
      {
        'a.ts': `${NEST} import { Config } from './b'; BullModule.forRootAsync({ useClass: Config })`,
        'b.ts': `export class Config { createBullOptions() { return { limit: 1 }; } }`,
      },
      'BullModule.forRootAsync({ useClass: Config })',
    ],
    [
      'at the name of the class, where a decorator has it from another file',
      {
        'a.ts': `${NEST} import { o } from './b'; @Processor('a', o) class Mails {}`,
        'b.ts': `export const o = { limit: 9 };`,
      },
      'Mails',
    ],
    [
      'in a spread of itself, which ends',
      `${BULLMQ} let o = { prefix: 'p' }; o = { ...o, prefix: 'q' }; new Queue('a', o)`,
      `new Queue('a', o)`,
    ],
  ])('%s', (_, code, expected) => {
    const memory = project(code);
    const module = memory.module('a.ts');
    const [options] = optionsIn(memory) as [WrittenOptions];
    expect(module.textOf(optionPlace(module, options, 'limit'))).toBe(expected);
  });

  it('in the file that has it', () => {
    const memory = project({
      'a.ts': `${BULLMQ} import { o } from './b'; new Queue('a', { ...o })`,
      'b.ts': `export const o = { limit: 9 };`,
    });
    const [options] = optionsIn(memory) as [WrittenOptions];
    expect(optionRef(options, 'limit')?.module.path).toBe('/memory/b.ts');
    expect(optionRef(options, 'prefix')).toBeUndefined();
  });
});

it('a registration gives what cannot be seen as unknown', () => {
  const memory = project(`${NEST} BullModule.registerQueueAsync({ name: 'a', useFactory: make })`);
  const [registration] = new ModuleFacts(memory.ev, memory.module('a.ts')).registrations;
  const given = registration ? registeredOptions(memory.ev, registration) : [];
  expect(given.map(({ name, value }) => `${name ?? '?'} ${value.kind}`)).toEqual(['a unknown']);
});

describe('a client of Redis', () => {
  const REDIS = `import IORedis, { Redis, Cluster } from 'ioredis';`;
  const client = (code: string | Files): string => {
    const memory = project(code);
    const { ev } = memory;
    const found = redisClient(ev, ev.evaluate(marked(memory)));
    if (!found) return 'none';
    const shown = (option: Lookup): string =>
      option.state === 'known' ? describeValue(ev, option.value) : option.state;
    return `${found.isCluster ? 'cluster ' : ''}${shown(found.option('db'))}`;
  };

  it.each<[string, string | Files, string]>([
    ['without arguments', `${REDIS} at(new IORedis())`, 'absent'],
    ['with options', `${REDIS} at(new Redis({ db: 1 }))`, '1'],
    ['with a URL', `${REDIS} at(new Redis('redis://r'))`, 'absent'],
    ['with a URL and options', `${REDIS} at(new Redis(process.env.REDIS_URL, { db: 1 }))`, '1'],
    ['with a port, a host and options', `${REDIS} at(new Redis(6379, 'r', { db: 1 }))`, '1'],
    ['with two objects, of which the first counts', `${REDIS} at(new Redis({ db: 1 }, { db: 2 }))`, '1'],
    ['with undefined, which counts for nothing', `${REDIS} at(new Redis({ db: undefined }))`, 'absent'],
    ['with an argument that cannot be seen', `${REDIS} import { o } from 'o'; at(new Redis(o))`, 'unknown'],
    [
      'with a URL that cannot be seen',
      `${REDIS} import { env } from 'o'; at(new Redis(env.REDIS_URL))`,
      'absent',
    ],
    [
      'with a host that cannot be seen and options',
      `${REDIS} import { o } from 'o'; at(new Redis(o, { db: 1 }))`,
      '1',
    ],
    ['with a spread', `${REDIS} at(new Redis(...args))`, 'unknown'],
    ['in CommonJS', `const Redis = require('ioredis'); at(new Redis({ db: 1 }))`, '1'],
    ['of iovalkey', `import Valkey from 'iovalkey'; at(new Valkey({ db: 1 }))`, '1'],
    [
      'of a subclass',
      `${REDIS} class Mine extends Redis { constructor() { super({ db: 1 }); } } at(new Mine())`,
      '1',
    ],
    [
      'of a function of another file, with what it is given',
      {
        'a.ts': `import { make } from './b'; at(make({ db: 1 }))`,
        'b.ts': `${REDIS} export const make = (o) => new Redis({ host: 'r', ...o });`,
      },
      '1',
    ],
    ['by duplicate', `${REDIS} const r = new Redis({ db: 1 }); at(r.duplicate())`, '1'],
    ['by duplicate with options', `${REDIS} const r = new Redis({ db: 1 }); at(r.duplicate({ db: 2 }))`, '2'],
    ['that is listened to', `${REDIS} at(new Redis({ db: 1 }).on('error', log))`, '1'],
    ['of a cluster', `${REDIS} at(new Cluster([], { redisOptions: { db: 1 } }))`, 'cluster 1'],
    ['of a cluster without options', `${REDIS} at(new IORedis.Cluster([]))`, 'cluster absent'],
    [
      'of a cluster, whose own options do not count',
      `${REDIS} at(new Cluster([], { db: 1 }))`,
      'cluster absent',
    ],
    ['is none by injection', `${REDIS} class A { constructor(private r: Redis) { at(this.r) } }`, 'none'],
    ['is none of a method', `${REDIS} at(new Redis().pipeline())`, 'none'],
    ['is none of another package', `import { createClient } from 'redis'; at(createClient())`, 'none'],
  ])('%s', (_, code, expected) => {
    expect(client(code)).toBe(expected);
  });
});

describe('a value can be missing', () => {
  it.each<[string, boolean, string]>([
    ['undefined', true, `at(undefined)`],
    ['undefined on a condition', true, `at(x ? 5 : undefined)`],
    ['what a condition may keep away', true, `at(x && 5)`],
    ['what a function does not return', true, `function f() {} at(f())`],
    ['a variable of the environment', true, `at(process.env.A)`],
    ['a variable of the environment taken apart', true, `const { A } = process.env; at(A)`],
    ['a variable of Bun', true, `at(Bun.env.A)`],
    ['a number of the environment', true, `at(Number(process.env.A))`],
    ['a number of a helper', true, `const env = (key) => process.env[key]; at(parseInt(env('A'), 10))`],
    ['a sum', true, `at(1 + +process.env.A)`],
    ['an optional parameter', true, `function f(a?: number) { at(a) }`],
    ['an optional property', true, `function f(o: { a?: number }) { at(o.a) }`],
    ['an optional property taken apart', true, `function f({ a }: { a?: number }) { at(a) }`],
    ['a number', false, `at(5)`],
    ['null, which is there', false, `at(null)`],
    ['a variable of the environment with a fallback', false, `at(process.env.A ?? 5)`],
    ['a variable of the environment with a default', false, `const { A = 5 } = process.env; at(A)`],
    ['a number with a fallback inside', false, `at(Number(process.env.A ?? 5))`],
    ['a number with a fallback outside', false, `at(Number(process.env.A) || 5)`],
    ['a number of what the author vouches for', false, `at(Number(process.env.A!))`],
    ['a variable that is asked for', false, `if (!process.env.A) throw 1; at(Number(process.env.A))`],
    ['a parameter with a default', false, `function f(a: number = 5) { at(a) }`],
    ['a property taken apart with a default', false, `function f({ a = 5 }: { a?: number }) { at(a) }`],
    ['a property with a fallback', false, `function f(o: { a?: number }) { at(o.a ?? 5) }`],
    ['a property that is asked for', false, `function f(o: { a?: number }) { if (o.a) at(o.a) }`],
    ['a parameter that is asked for', false, `function f(a?: number) { if (a) at(a) }`],
    ['a declared parameter', false, `function f(a: number) { at(a) }`],
    ['what cannot be seen', false, `import { a } from 'b'; at(a)`],
    ['what is computed of it by others', false, `at(Math.max(5, Number(process.env.A)))`],
  ])('%s: %s', (_, expected, code) => {
    const memory = project(code);
    expect(canBeMissing(memory.ev, marked(memory))).toBe(expected);
  });
});
