import { describe, expect, it } from 'vitest';
import { listenersIn } from '../../src/analysis/jobs/listeners.ts';
import { functionName } from '../../src/analysis/source/nodes.ts';
import { memoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

const BULLMQ = `import { Queue, Worker, FlowProducer, QueueEvents } from 'bullmq'; const w = new Worker('mail', f);`;
const NEST = `import { Processor, WorkerHost, OnWorkerEvent, OnQueueEvent, QueueEventsListener, QueueEventsHost } from '@nestjs/bullmq';`;

/** `role event: functions`, in the order in which they are added */
function listeners(code: string | Files): string[] {
  const files = typeof code === 'string' ? { 'a.ts': code } : code;
  const project = memoryProject(files);
  return listenersIn(project.ev, project.module('a.ts'))
    .sort((a, b) => a.at.node.range[1] - b.at.node.range[1])
    .map(({ role, event = '?', functions }) => {
      const names = functions.map(({ at }) => functionName(at.node) ?? 'inline');
      return `${role} ${event}: ${names.join(', ')}`;
    });
}

describe('a listener', () => {
  it.each<[string, string | Files, string[]]>([
    ['of a worker', `${BULLMQ} w.on('failed', (job, error) => log(error))`, ['worker failed: inline']],
    ['that runs once', `${BULLMQ} w.once('ready', () => {})`, ['worker ready: inline']],
    [
      'by other methods of an emitter',
      `${BULLMQ} w.addListener('failed', () => {}); w.prependListener('error', () => {}); w.prependOnceListener('active', () => {})`,
      ['worker failed: inline', 'worker error: inline', 'worker active: inline'],
    ],
    [
      'of a queue, queue events and a flow producer',
      `${BULLMQ} new Queue('a').on('error', f1); new QueueEvents('a').on('failed', f2); new FlowProducer().on('error', f3); function f1() {} const f2 = () => {}; const f3 = async () => {};`,
      ['queue error: f1', 'queue-events failed: f2', 'flow error: f3'],
    ],
    [
      'of a chain, one each',
      `${BULLMQ} w.on('failed', () => {}).on('error', function e() {}).once('ready', () => {})`,
      ['worker failed: inline', 'worker error: e', 'worker ready: inline'],
    ],
    [
      'with a name that is a constant',
      `${BULLMQ} const E = 'failed'; w.on(E, () => {})`,
      ['worker failed: inline'],
    ],
    [
      'with a name that cannot be seen',
      `${BULLMQ} for (const e of events()) w.on(e, () => {})`,
      ['worker ?: inline'],
    ],
    [
      'with a function that cannot be seen',
      `${BULLMQ} import { onFailed } from 'monitor'; w.on('failed', onFailed)`,
      ['worker failed: '],
    ],
    [
      'that is a bound method',
      `${BULLMQ} class M { start() { w.on('failed', this.onFailed.bind(this)); } onFailed() {} }`,
      ['worker failed: M.onFailed'],
    ],
    [
      'that is one of two functions',
      `${BULLMQ} const a = () => {}; const b = () => {}; w.on('failed', x ? a : b)`,
      ['worker failed: a, b'],
    ],
    [
      'of a worker of another file, with a function of a third',
      {
        'a.ts': `import { w } from './w'; import { onFailed } from './f'; w.on('failed', onFailed)`,
        'w.ts': `import { Worker } from 'bullmq'; export const w = new Worker('a', f)`,
        'f.ts': `export async function onFailed() {}`,
      },
      ['worker failed: onFailed'],
    ],
    [
      'of a field and of this',
      `${BULLMQ} class M { worker = new Worker('a', f); init() { this.worker.on('failed', () => {}); } } class W extends Worker { init() { this.on('error', () => {}); } }`,
      ['worker failed: inline', 'worker error: inline'],
    ],
    [
      'of what may be missing',
      `${BULLMQ} let v: Worker | undefined; v?.on('failed', () => {})`,
      ['worker failed: inline'],
    ],
    [
      'in CommonJS',
      `const { Worker } = require('bullmq'); new Worker('a', f).on('failed', () => {})`,
      ['worker failed: inline'],
    ],
    [
      'of a queue of Bull',
      `import Bull from 'bull'; new Bull('a').on('failed', () => {})`,
      ['queue failed: inline'],
    ],
    [
      'by a decorator of Nest',
      `${NEST} @Processor('a') class A extends WorkerHost { @OnWorkerEvent('failed') onFailed(job) {} process() {} }`,
      ['worker failed: A.onFailed'],
    ],
    [
      'by a decorator of Nest for queue events',
      `${NEST} @QueueEventsListener('a') class A extends QueueEventsHost { @OnQueueEvent('completed') done() {} @OnQueueEvent({ eventName: 'failed' }) failed() {} }`,
      ['queue-events completed: A.done', 'queue-events failed: A.failed'],
    ],
    [
      'by decorators of Bull',
      `import { Processor, OnQueueFailed, OnGlobalQueueCompleted } from '@nestjs/bull'; @Processor('a') class A { @OnQueueFailed() f() {} @OnGlobalQueueCompleted() g() {} }`,
      ['worker failed: A.f', 'queue-events completed: A.g'],
    ],
    ['is none without a function', `${BULLMQ} w.on('failed'); w.on(...args)`, []],
    ['is none by another method', `${BULLMQ} w.off('failed', () => {}); w.emit('failed', () => {})`, []],
    ['is none of another object', `process.on('exit', () => {}); app.on('failed', () => {})`, []],
    [
      'is none of a job',
      `import { Job } from 'bullmq'; const f = (job: Job) => job.on('failed', () => {})`,
      [],
    ],
    [
      'is none by another decorator',
      `import { OnEvent } from '@nestjs/event-emitter'; class A { @OnEvent('failed') f() {} }`,
      [],
    ],
  ])('%s', (_, code, expected) => {
    expect(listeners(code)).toEqual(expected);
  });
});
