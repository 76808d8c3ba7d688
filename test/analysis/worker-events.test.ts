import { describe, expect, it } from 'vitest';
import { nestWorker } from '../../src/analysis/jobs/workers.ts';
import { WorkerEvents } from '../../src/analysis/project/worker-events.ts';
import { factsOf } from '../support/facts.ts';
import type { Files } from '../support/project.ts';

/** Which of these events are heard of each worker of `a.ts`, in their order. */
function heard(code: string | Files): string[] {
  const facts = factsOf(code);
  const classes = facts.own.processorClasses.flatMap((owner) => nestWorker(facts.ev, owner) ?? []);
  return [...facts.own.workers, ...classes].map((worker) => {
    const events = new WorkerEvents(facts.project, worker);
    return ['failed', 'completed', 'error'].filter((event) => events.isHeard(event)).join(' ');
  });
}

const BULLMQ = `import { Worker, QueueEvents } from 'bullmq';`;
const NEST = `import { Processor, WorkerHost, OnWorkerEvent, QueueEventsListener, QueueEventsHost, OnQueueEvent } from '@nestjs/bullmq';`;

describe('events of a worker are heard', () => {
  it.each<[string, string | Files, string[]]>([
    ['not by itself', `${BULLMQ} new Worker('a', f);`, ['']],
    [
      'by a listener on its name',
      `${BULLMQ} const worker = new Worker('a', f); worker.on('failed', g); worker.once('error', g);`,
      ['failed error'],
    ],
    ['by a chain', `${BULLMQ} new Worker('a', f).on('failed', g).on('completed', g);`, ['failed completed']],
    [
      'not by a listener on another worker',
      `${BULLMQ} const one = new Worker('a', f); const two = new Worker('b', f); two.on('failed', g);`,
      ['', 'failed'],
    ],
    [
      'not by a listener on something else',
      `${BULLMQ} const worker = new Worker('a', f); process.on('failed', g);`,
      [''],
    ],
    [
      'in a loop over workers',
      `${BULLMQ} const one = new Worker('a', f); const two = new Worker('b', f); for (const worker of [one, two]) worker.on('failed', g);`,
      ['failed', 'failed'],
    ],
    [
      'by a loop over events',
      `${BULLMQ} const worker = new Worker('a', f); for (const event of ['failed', 'error'] as const) worker.on(event, g);`,
      ['failed error'],
    ],
    [
      'in a helper of another file',
      {
        'a.ts': `${BULLMQ} import { observe } from './observe'; const worker = new Worker('a', f); observe(worker);`,
        'observe.ts': `export function observe(worker) { worker.on('failed', log); deeper(worker); } function deeper(worker) { worker.on('error', log); }`,
      },
      ['failed error'],
    ],
    [
      'not in a helper that does not listen',
      {
        'a.ts': `${BULLMQ} import { keep } from './keep'; const worker = new Worker('a', f); keep(worker);`,
        'keep.ts': `const all = []; export function keep(worker) { all.push(worker); }`,
      },
      [''],
    ],
    [
      'perhaps by a package that is given the worker',
      `${BULLMQ} import { watch } from 'watcher'; const worker = new Worker('a', f); watch(worker);`,
      ['failed completed error'],
    ],
    [
      'in the file that imports it',
      {
        'a.ts': `${BULLMQ} export const worker = new Worker('a', f);`,
        'b.ts': `import { worker } from './a'; worker.on('failed', g);`,
      },
      ['failed'],
    ],
    [
      'of what a factory returns',
      {
        'a.ts': `${BULLMQ} export const start = (name, run) => new Worker(name, run);`,
        'b.ts': `import { start } from './a'; start('a', f).on('failed', g);`,
      },
      ['failed'],
    ],
    [
      'by queue events of its queue, but for errors',
      `${BULLMQ} new Worker('a', f); const events = new QueueEvents('a'); events.on('failed', g); events.on('error', g);`,
      ['failed'],
    ],
    [
      'not by queue events of another queue',
      `${BULLMQ} new Worker('a', f); new QueueEvents('b').on('failed', g);`,
      [''],
    ],
    [
      'by queue events of a queue that cannot be told',
      `${BULLMQ} new Worker('a', f); new QueueEvents(name()).on('failed', g);`,
      ['failed'],
    ],
    [
      'by methods of a Nest class',
      `${NEST} @Processor('a') class A extends WorkerHost { process() {} @OnWorkerEvent('failed') onFailed() {} }`,
      ['failed'],
    ],
    [
      'by methods of its base',
      {
        'a.ts': `${NEST} import { Base } from './base'; @Processor('a') export class A extends Base { process() {} }`,
        'base.ts': `${NEST} export abstract class Base extends WorkerHost { @OnWorkerEvent('failed') onFailed() {} }`,
      },
      ['failed'],
    ],
    [
      'perhaps by a base of a package',
      `${NEST} import { Base } from 'shop-base'; @Processor('a') class A extends Base { process() {} }`,
      ['failed completed error'],
    ],
    [
      'by `this.worker` of the class',
      `${NEST} @Processor('a') class A extends WorkerHost { process() {} onModuleInit() { this.worker.on('failed', g); } }`,
      ['failed'],
    ],
    [
      'by a listener of queue events in Nest',
      `${NEST} @Processor('a') class A extends WorkerHost { process() {} } @QueueEventsListener('a') class B extends QueueEventsHost { @OnQueueEvent('failed') failed() {} }`,
      ['failed'],
    ],
    [
      'by Bull on the queue',
      `import Queue from 'bull'; const queue = new Queue('a'); queue.process(f); queue.on('failed', g); queue.on('global:completed', g);`,
      ['failed completed'],
    ],
  ])('%s', (_, code, expected) => {
    expect(heard(code)).toEqual(expected);
  });
});
