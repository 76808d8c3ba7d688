import { describe, expect, it } from 'vitest';
import { attemptsOf, listenedQueue } from '../../src/analysis/project/retries.ts';
import { factsOf } from '../support/facts.ts';
import type { Files } from '../support/project.ts';

const A = 'a.ts';

/** How often the jobs of the queue `a` are tried. */
function attempts(code: string | Files): number | 'unknown' {
  return attemptsOf(factsOf(code).project, 'a');
}

/** The queues that the listeners of `a.ts` hear of, in their order. */
function listened(code: string | Files): (string | undefined)[] {
  const { listeners, project } = factsOf(code);
  return listeners.map((listener) => listenedQueue(project, listener));
}

type Case = [name: string, code: string | Files, expected: number | 'unknown'];

const BULLMQ = `import { Queue, Worker, FlowProducer, QueueEvents } from 'bullmq';`;
const QUEUE = `${BULLMQ} const queue = new Queue('a');`;
const RETRIED = `${BULLMQ} const queue = new Queue('a', { defaultJobOptions: { attempts: 3 } });`;
const NEST = `import { BullModule, InjectQueue, Processor, WorkerHost, OnWorkerEvent, QueueEventsListener, QueueEventsHost, OnQueueEvent } from '@nestjs/bullmq'; import type { Job, Queue } from 'bullmq';`;
const INJECTED = `export class Shop { constructor(@InjectQueue('a') private queue: Queue) {} send() { return this.queue.add('x', {}); } }`;

describe('jobs are tried as often as is said', () => {
  it.each<Case>([
    ['with the call', `${QUEUE} queue.add('x', {}, { attempts: 5 });`, 5],
    ['with the call, once', `${QUEUE} queue.add('x', {}, { attempts: 1 });`, 1],
    ['with no call, once', `${QUEUE} queue.add('x', {});`, 1],
    ['with a call that has other options, once', `${QUEUE} queue.add('x', {}, { delay: 5 });`, 1],
    ['with zero, once', `${QUEUE} queue.add('x', {}, { attempts: 0 });`, 1],
    ['with the queue', `${RETRIED} queue.add('x', {});`, 3],
    ['with the queue, where nothing is added', RETRIED, 3],
    ['with the call, more than with the queue', `${RETRIED} queue.add('x', {}, { attempts: 7 });`, 7],
    ['with the call or the queue', `${RETRIED} queue.add('x', {}, { attempts: 2 }); queue.add('y', {});`, 3],
    [
      'with the call that says the most',
      `${QUEUE} queue.add('x', {}); queue.add('y', {}, { attempts: 4 }); queue.add('z', {}, { attempts: 2 });`,
      4,
    ],
    ['with either of two', `${QUEUE} queue.add('x', {}, { attempts: urgent ? 9 : 2 });`, 9],
    [
      'with either of two options',
      `${QUEUE} queue.add('x', {}, urgent ? { attempts: 6 } : { attempts: 2 });`,
      6,
    ],
    [
      'by a constant of another file',
      {
        [A]: `${QUEUE} import { TRIES } from './options'; queue.add('x', {}, { attempts: TRIES });`,
        'options.ts': 'export const TRIES = 5;',
      },
      5,
    ],
    [
      'by options of another file',
      {
        [A]: `${QUEUE} import { OPTIONS } from './options'; queue.add('x', {}, { ...OPTIONS, delay: 1 });`,
        'options.ts': 'export const OPTIONS = { attempts: 5 };',
      },
      5,
    ],
    [
      'with each job of several',
      `${QUEUE} queue.addBulk([{ name: 'x', data: {} }, { name: 'y', data: {}, opts: { attempts: 8 } }]);`,
      8,
    ],
    [
      'with none of several',
      `${QUEUE} queue.addBulk([{ name: 'x', data: {} }, { name: 'y', data: {}, opts: { delay: 1 } }]);`,
      1,
    ],
    [
      'with the template of a scheduler',
      `${QUEUE} queue.upsertJobScheduler('x', { every: 1000 }, { name: 'x', opts: { attempts: 4 } });`,
      4,
    ],
    [
      'with a queue of another file',
      {
        [A]: `import { queue } from './queue'; queue.add('x', {}, { attempts: 5 });`,
        'queue.ts': `${BULLMQ} export const queue = new Queue('a');`,
      },
      5,
    ],
    [
      'in a file that names no library',
      {
        [A]: `${BULLMQ} export const queue = new Queue('a');`,
        'send.ts': `import { queue } from './a'; export const send = () => queue.add('x', {}, { attempts: 5 });`,
      },
      5,
    ],
    [
      'in a file that takes the queue from a barrel',
      {
        [A]: `${BULLMQ} export const queue = new Queue('a');`,
        'index.ts': `export * from './a';`,
        'send.ts': `import { queue } from './index'; queue.add('x', {}, { attempts: 5 });`,
      },
      5,
    ],
    [
      'in files that import each other',
      {
        [A]: `${BULLMQ} import { send } from './send'; export const queue = new Queue('a'); send();`,
        'send.ts': `import { queue } from './a'; export const send = () => queue.add('x', {}, { attempts: 5 });`,
      },
      5,
    ],
    [
      'by any of several objects of the queue',
      {
        [A]: `${QUEUE} queue.add('x', {});`,
        'b.ts': `${BULLMQ} new Queue('a').add('x', {}, { attempts: 5 });`,
      },
      5,
    ],
    [
      'with the defaults of another object of the queue',
      {
        [A]: `${QUEUE} queue.add('x', {});`,
        'b.ts': `${BULLMQ} export const queue = new Queue('a', { defaultJobOptions: { attempts: 5 } });`,
      },
      5,
    ],
    [
      'by a method of a class',
      `${BULLMQ} class Mails { private queue = new Queue('a'); send() { return this.queue.add('x', {}, { attempts: 5 }); } }`,
      5,
    ],
    [
      'by a class of queues',
      `${BULLMQ} class Mails extends Queue { constructor() { super('a', { defaultJobOptions: { attempts: 5 } }); } } new Mails().add('x', {});`,
      5,
    ],
    [
      'with the call of Bull',
      `import Queue from 'bull'; const queue = new Queue('a'); queue.add({}, { attempts: 5 });`,
      5,
    ],
    [
      'with the queue of Bull',
      `import Queue from 'bull'; const queue = new Queue('a', 'redis://r', { defaultJobOptions: { attempts: 5 } }); queue.add({});`,
      5,
    ],
    [
      'with no call of Bull, once',
      `import Queue from 'bull'; const queue = new Queue('a'); queue.add('x', {});`,
      1,
    ],
    [
      'with the registration of Nest',
      `${NEST} BullModule.registerQueue({ name: 'a', defaultJobOptions: { attempts: 5 } }); ${INJECTED}`,
      5,
    ],
    [
      'with the registration of Nest, where nothing is added',
      `${NEST} BullModule.registerQueue({ name: 'a', defaultJobOptions: { attempts: 5 } });`,
      5,
    ],
    [
      'with the root of Nest',
      {
        [A]: `${NEST} BullModule.registerQueue({ name: 'a' }); ${INJECTED}`,
        'app.ts': `${NEST} BullModule.forRoot({ defaultJobOptions: { attempts: 5 } });`,
      },
      5,
    ],
    [
      'with the registration of Nest, not with its root',
      `${NEST} BullModule.forRoot({ defaultJobOptions: { attempts: 5 } }); BullModule.registerQueue({ name: 'a', defaultJobOptions: { delay: 1 } }); ${INJECTED}`,
      1,
    ],
    ['with no registration of Nest, once', `${NEST} BullModule.registerQueue({ name: 'a' }); ${INJECTED}`, 1],
    [
      'with the call of an injected queue',
      `${NEST} class Shop { constructor(@InjectQueue('a') private queue: Queue) {} send() { return this.queue.add('x', {}, { attempts: 5 }); } }`,
      5,
    ],
  ])('%s', (_, code, expected) => {
    expect(attempts(code)).toBe(expected);
  });
});

describe('jobs are tried as often as is known', () => {
  it.each<Case>([
    [
      'although some number is not',
      `${QUEUE} queue.add('x', {}, { attempts: tries() }); queue.add('y', {}, { attempts: 4 });`,
      4,
    ],
    [
      'although one of two numbers is not',
      `${QUEUE} queue.add('x', {}, { attempts: urgent ? tries() : 4 });`,
      4,
    ],
    ['although the options of a call are not', `${RETRIED} queue.add('x', {}, options());`, 3],
    [
      'although the name of some queue is not',
      `${QUEUE} queue.add('x', {}); new Queue(name()).add('x', {}, { attempts: 4 });`,
      4,
    ],
    [
      'not by a number of the environment',
      `${QUEUE} queue.add('x', {}, { attempts: Number(process.env.TRIES) });`,
      'unknown',
    ],
    ['not by a text', `${QUEUE} queue.add('x', {}, { attempts: '3' });`, 'unknown'],
    [
      'not beside one that says once',
      `${QUEUE} queue.add('x', {}, { attempts: 1 }); queue.add('y', {}, { attempts: tries() });`,
      'unknown',
    ],
    [
      'not by options of a package',
      `import { OPTIONS } from 'shop-options'; ${QUEUE} queue.add('x', {}, OPTIONS);`,
      'unknown',
    ],
    [
      'not by options that are spread',
      `import { OPTIONS } from 'shop-options'; ${QUEUE} queue.add('x', {}, { ...OPTIONS, delay: 1 });`,
      'unknown',
    ],
    [
      'not by what callers give',
      `${QUEUE} export const send = (options) => queue.add('x', {}, options);`,
      'unknown',
    ],
    [
      'not by defaults of a package',
      `import { OPTIONS } from 'shop-options'; ${BULLMQ} new Queue('a', OPTIONS).add('x', {});`,
      'unknown',
    ],
    ['not by arguments that are spread', `${BULLMQ} new Queue(...args).add('x', {});`, 'unknown'],
    ['not where nothing is added', QUEUE, 'unknown'],
    ['not where there is only a worker', `${BULLMQ} new Worker('a', run);`, 'unknown'],
    ['not where Nest injects a queue that is registered nowhere', `${NEST} ${INJECTED}`, 'unknown'],
    [
      'not where two registrations differ',
      `${NEST} BullModule.registerQueue({ name: 'a', defaultJobOptions: { attempts: 5 } }); BullModule.registerQueue({ name: 'a', defaultJobOptions: { attempts: 6 } }); ${INJECTED}`,
      'unknown',
    ],
    [
      'not by flows, which no queue has a say in',
      `${BULLMQ} new FlowProducer().add({ name: 'x', queueName: 'a', opts: { attempts: 5 } });`,
      'unknown',
    ],
    [
      'not by `add` of something else',
      `${BULLMQ} const queue = new Set(); queue.add('x', {}, { attempts: 5 });`,
      'unknown',
    ],
    [
      'not by options that hold themselves',
      `${QUEUE} const options = { ...options }; queue.add('x', {}, options);`,
      'unknown',
    ],
    ['not in an empty project', '', 'unknown'],
    [
      'not in a file that does not parse',
      { [A]: '', 'b.ts': `${QUEUE} queue.add('x', {}, { attempts: 5 };` },
      'unknown',
    ],
  ])('%s', (_, code, expected) => {
    expect(attempts(code)).toBe(expected);
  });
});

describe('attempts are those of a queue', () => {
  const TWO = `${BULLMQ} const a = new Queue('a', { defaultJobOptions: { attempts: 3 } }); const b = new Queue('b'); a.add('x', {}); b.add('x', {}); b.add('y', {}, { attempts: 1 });`;

  it.each<[string, string, string | undefined, number | 'unknown']>([
    ['by its name', TWO, 'a', 3],
    ['and not of another', TWO, 'b', 1],
    ['of any, without a name', TWO, undefined, 3],
    ['of any, without a name, where none is tried again', `${QUEUE} queue.add('x', {});`, undefined, 1],
    ['of any, without a name, where nothing is added', QUEUE, undefined, 'unknown'],
    ['and not of a name that nothing has', TWO, 'c', 'unknown'],
    [
      'and perhaps of one whose name is not known',
      `${BULLMQ} new Queue(name()).add('x', {}, { attempts: 5 });`,
      'c',
      5,
    ],
    [
      'and not of another call',
      `${BULLMQ} const b = new Queue('b'); b.add('x', {}, { attempts: 5 });`,
      'a',
      'unknown',
    ],
    [
      'and not of a longer name',
      `${BULLMQ} const b = new Queue('ab'); b.add('x', {}, { attempts: 5 });`,
      'a',
      'unknown',
    ],
    [
      'and not of the defaults of another',
      `${QUEUE} queue.add('x', {}); export const b = new Queue('b', { defaultJobOptions: { attempts: 5 } });`,
      'a',
      1,
    ],
    [
      'and not of the registration of another',
      `${NEST} BullModule.registerQueue({ name: 'a' }, { name: 'b', defaultJobOptions: { attempts: 5 } }); ${INJECTED}`,
      'a',
      1,
    ],
  ])('%s', (_, code, name, expected) => {
    expect(attemptsOf(factsOf(code).project, name)).toBe(expected);
  });
});

describe('a listener hears of the queue', () => {
  it.each<[string, string | Files, (string | undefined)[]]>([
    ['of its worker', `${BULLMQ} const worker = new Worker('a', run); worker.on('failed', log);`, ['a']],
    [
      'of its worker, in a chain',
      `${BULLMQ} new Worker('a', run).on('failed', log).on('error', log);`,
      ['a', 'a'],
    ],
    [
      'of each worker',
      `${BULLMQ} new Worker('a', run).on('failed', log); new Worker('b', run).on('failed', log);`,
      ['a', 'b'],
    ],
    [
      'of a worker of another file',
      {
        [A]: `import { worker } from './worker'; worker.on('failed', log);`,
        'worker.ts': `${BULLMQ} import { NAME } from './names'; export const worker = new Worker(NAME, run);`,
        'names.ts': `export const NAME = 'a';`,
      },
      ['a'],
    ],
    [
      'of a worker that a function makes',
      `${BULLMQ} const make = (name) => new Worker(name, run); make('a').on('failed', log);`,
      ['a'],
    ],
    [
      'of a worker of a class',
      `${BULLMQ} class Mails { worker = new Worker('a', run); start() { this.worker.on('failed', log); } }`,
      ['a'],
    ],
    [
      'of a class of workers',
      `${BULLMQ} class Mails extends Worker { constructor() { super('a', run); this.on('failed', log); } }`,
      ['a'],
    ],
    [
      'of a worker that may be missing',
      `${BULLMQ} const worker = on ? new Worker('a', run) : null; worker?.on('failed', log);`,
      ['a'],
    ],
    ['of queue events', `${BULLMQ} new QueueEvents('a').on('failed', log);`, ['a']],
    [
      'of Bull',
      `import Queue from 'bull'; const queue = new Queue('a'); queue.process(run); queue.on('failed', log);`,
      ['a'],
    ],
    [
      'of a queue that Nest injects',
      `${NEST} class Shop { constructor(@InjectQueue('a') private queue: Queue) { this.queue.on('error', log); } }`,
      ['a'],
    ],
    [
      'of a Nest class',
      `${NEST} @Processor('a') class A extends WorkerHost { async process() {} @OnWorkerEvent('failed') onFailed(job: Job) {} @OnWorkerEvent('error') onError() {} }`,
      ['a', 'a'],
    ],
    [
      'of a Nest class with options',
      `${NEST} @Processor({ name: 'a' }, { concurrency: 2 }) class A extends WorkerHost { async process() {} @OnWorkerEvent('failed') onFailed(job: Job) {} }`,
      ['a'],
    ],
    [
      'of a Nest class whose queue is a constant',
      {
        [A]: `${NEST} import { NAMES } from './names'; @Processor(NAMES.mail) class A extends WorkerHost { async process() {} @OnWorkerEvent('failed') onFailed(job: Job) {} }`,
        'names.ts': `export enum NAMES { mail = 'a' }`,
      },
      ['a'],
    ],
    [
      'of a Nest class with other decorators',
      `${NEST} import { Controller } from '@nestjs/common'; @Controller('b') @Processor('a') class A extends WorkerHost { async process() {} @OnWorkerEvent('failed') onFailed(job: Job) {} }`,
      ['a'],
    ],
    [
      'of a Nest class that is an expression',
      `${NEST} export const A = @Processor('a') class extends WorkerHost { async process() {} @OnWorkerEvent('failed') onFailed(job: Job) {} };`,
      ['a'],
    ],
    [
      'of a class of Nest and Bull',
      `import { Processor, Process, OnQueueFailed } from '@nestjs/bull'; @Processor('a') class A { @Process() run() {} @OnQueueFailed() onFailed(job) {} }`,
      ['a'],
    ],
    [
      'not of a worker whose name is not known',
      `${BULLMQ} new Worker(name(), run).on('failed', log);`,
      [undefined],
    ],
    [
      'not of a worker that is given by its type',
      `${BULLMQ} export const watch = (worker: Worker) => worker.on('failed', log);`,
      [undefined],
    ],
    [
      'not of one of two workers',
      `${BULLMQ} const one = new Worker('a', run); const two = new Worker('b', run); for (const worker of [one, two]) worker.on('failed', log);`,
      [undefined],
    ],
    [
      'not of a Nest class without a name',
      `${NEST} @Processor() class A extends WorkerHost { async process() {} @OnWorkerEvent('failed') onFailed(job: Job) {} }`,
      [undefined],
    ],
    [
      'not of a Nest class whose queue a package names',
      `${NEST} import { NAME } from 'shop-names'; @Processor(NAME) class A extends WorkerHost { async process() {} @OnWorkerEvent('failed') onFailed(job: Job) {} }`,
      [undefined],
    ],
    [
      'not of the base of Nest classes',
      `${NEST} export abstract class Base extends WorkerHost { @OnWorkerEvent('failed') onFailed(job: Job) {} }`,
      [undefined],
    ],
    [
      'not of an injected name of another class',
      `${NEST} @Processor('a') class A extends WorkerHost { async process() {} } class B { @OnWorkerEvent('failed') onFailed(job: Job) {} }`,
      [undefined],
    ],
    ['not of something else', `${BULLMQ} new Worker('a', run); process.on('failed', log);`, []],
  ])('%s', (_, code, expected) => {
    expect(listened(code)).toEqual(expected);
  });
});
