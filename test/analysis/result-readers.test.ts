import { describe, expect, it } from 'vitest';
import { projectOf, type Project } from '../../src/analysis/project/project.ts';
import { canReadResults } from '../../src/analysis/project/results.ts';
import { projectAt } from '../support/facts.ts';
import { TestProject, type Files } from '../support/project.ts';

const A = 'a.ts';

const projectWith = (code: string | Files): Project => projectAt(code).project;

/** Which of the queues `a` and `b` have results that the project can read. */
function readable(code: string | Files): string {
  const project = projectWith(code);
  return ['a', 'b'].filter((name) => canReadResults(project, name)).join(' ');
}

type Case = [name: string, code: string | Files, expected: '' | 'a' | 'b' | 'a b'];

const BULLMQ = `import { Queue, Worker, QueueEvents, FlowProducer, Job } from 'bullmq';`;
const QUEUE = `${BULLMQ} const queue = new Queue('a'); const events = new QueueEvents('a');`;
const WORKER = `${BULLMQ} const worker = new Worker('a', run);`;
const BULL = `import Queue from 'bull'; const queue = new Queue('a'); queue.process(run);`;
const NEST = `import { Processor, WorkerHost, OnWorkerEvent, QueueEventsListener, QueueEventsHost, OnQueueEvent, InjectQueue } from '@nestjs/bullmq'; import type { Job, Queue } from 'bullmq';`;
const NEST_BULL = `import { Processor, Process, OnQueueCompleted, OnGlobalQueueCompleted } from '@nestjs/bull';`;

describe('a result is read off the job', () => {
  it.each<Case>([
    ['by nothing', `${QUEUE} new Worker('a', run); await queue.add('x', {});`, ''],
    ['that a queue gives', `${QUEUE} save((await queue.getJob(id)).returnvalue);`, 'a'],
    ['that a name holds', `${QUEUE} const job = await queue.getJob(id); save(job?.returnvalue);`, 'a'],
    ['that was added', `${QUEUE} const job = await queue.add('x', {}); save(job.returnvalue);`, 'a'],
    [
      'of a list',
      `${QUEUE} const jobs = await queue.getJobs(['completed']); save(jobs[0]!.returnvalue);`,
      'a',
    ],
    ['in a loop', `${QUEUE} for (const job of await queue.getCompleted()) save(job.returnvalue);`, 'a'],
    [
      'in a callback',
      `${QUEUE} const all = (await queue.getCompleted()).map((job) => job.returnvalue); save(all);`,
      'a',
    ],
    [
      'of another queue alone',
      `${BULLMQ} const job = await new Queue('b').getJob(id); save(job.returnvalue);`,
      'b',
    ],
    [
      'of two queues',
      `${QUEUE} const other = new Queue('b'); save((await queue.getJob(id)).returnvalue, (await other.getJob(id)).returnvalue);`,
      'a b',
    ],
    [
      'of a queue of another file, whose name is a constant',
      {
        [A]: `import { queue } from './queue'; export const read = async (id) => (await queue.getJob(id)).returnvalue;`,
        'queue.ts': `${BULLMQ} import { NAME } from './names'; export const queue = new Queue(NAME);`,
        'names.ts': `export const NAME = 'a';`,
      },
      'a',
    ],
    [
      'of a queue that Nest injects',
      `${NEST} export class Reports { constructor(@InjectQueue('a') private queue: Queue) {} async read(id: string) { const job = await this.queue.getJob(id); return job?.returnvalue; } }`,
      'a',
    ],
    ['of Bull', `${BULL} save((await queue.getJob(id)).returnvalue);`, 'a'],
    ['but not a field of another name', `${QUEUE} save((await queue.getJob(id)).data.returnValue);`, ''],
  ])('%s', (_, code, expected) => {
    expect(readable(code)).toBe(expected);
  });
});

describe('a result can be of any queue', () => {
  it.each<Case>([
    ['whose name cannot be seen', `${BULLMQ} save((await new Queue(name()).getJob(id)).returnvalue);`, 'a b'],
    [
      'of a job from elsewhere',
      `${BULLMQ} import { find } from 'shop-jobs'; save((await find(id)).returnvalue);`,
      'a b',
    ],
    ['of a job that is found by its id', `${QUEUE} save((await Job.fromId(queue, id)).returnvalue);`, 'a b'],
    [
      'of a job that is taken apart',
      `${QUEUE} const { returnvalue } = await queue.getJob(id); save(returnvalue);`,
      'a b',
    ],
    [
      'by its name in quotes',
      `${QUEUE} const job = await queue.getJob(id); save(job['returnvalue']);`,
      'a b',
    ],
    ['in a list of fields', `export const FIELDS = ['id', 'returnvalue'];`, 'a b'],
    [
      'of a view, in a file that names no library',
      {
        [A]: WORKER,
        'view.ts': `export const view = ({ id, returnvalue }) => ({ id, result: returnvalue });`,
      },
      'a b',
    ],
  ])('%s', (_, code, expected) => {
    expect(readable(code)).toBe(expected);
  });
});

describe('a result is read by a helper that is given the job', () => {
  it.each<Case>([
    [
      'of its own file',
      `${QUEUE} function show(job: Job) { return job.returnvalue; } show(await queue.getJob(id));`,
      'a',
    ],
    [
      'of another file',
      {
        [A]: `${QUEUE} import { show } from './show'; show(await queue.getJob(id));`,
        'show.ts': `export const show = (job) => job.returnvalue;`,
      },
      'a',
    ],
    [
      'through a barrel',
      {
        [A]: `${QUEUE} import { show } from './lib'; show(1, await queue.getJob(id));`,
        'lib/index.ts': `export * from './show';`,
        'lib/show.ts': `export function show(count, job) { return job.returnvalue; }`,
      },
      'a',
    ],
    [
      'that two files call',
      {
        [A]: `${QUEUE} import { show } from './show'; show(await queue.getJob(id));`,
        'b.ts': `${BULLMQ} import { show } from './show'; show(await new Queue('b').getJob(id));`,
        'show.ts': `export const show = (job) => job.returnvalue;`,
      },
      'a b',
    ],
    [
      'that gets jobs of another queue',
      {
        [A]: `${BULLMQ} import { show } from './show'; show(await new Queue('b').getJob(id));`,
        'show.ts': `export const show = (job) => job.returnvalue;`,
      },
      'b',
    ],
    [
      'that is a method',
      `${QUEUE} class Views { show(job: Job) { return job.returnvalue; } } new Views().show(await queue.getJob(id));`,
      'a',
    ],
    ['that nobody calls, of any queue', `export function show(job) { return job.returnvalue; }`, 'a b'],
    [
      'that is called without the job, of any queue',
      `export function show(job) { return job.returnvalue; } show();`,
      'a b',
    ],
    [
      'whose parameter has a default, of any queue',
      `${QUEUE} function show(job = last()) { return job.returnvalue; } show(await queue.getJob(id));`,
      'a b',
    ],
    [
      'that gives it to another helper, of any queue',
      `${QUEUE} function show(job) { return inner(job); } function inner(job) { return job.returnvalue; } show(await queue.getJob(id));`,
      'a b',
    ],
    [
      'that calls itself, of any queue',
      `${QUEUE} function show(job) { return job.returnvalue ?? show(job); } show(await queue.getJob(id));`,
      'a b',
    ],
    [
      'of files that import each other',
      {
        [A]: `${QUEUE} import { show } from './show'; export const one = async (id) => show(await queue.getJob(id));`,
        'show.ts': `import { one } from './a'; export const show = (job) => job.returnvalue; export const again = (id) => one(id);`,
      },
      'a',
    ],
  ])('%s', (_, code, expected) => {
    expect(readable(code)).toBe(expected);
  });
});

describe('a result is waited for', () => {
  it.each<Case>([
    [
      'and kept',
      `${QUEUE} const job = await queue.add('x', {}); const sum = await job.waitUntilFinished(events);`,
      'a',
    ],
    [
      'and returned',
      `${QUEUE} const ask = async () => (await queue.add('x', {})).waitUntilFinished(events);`,
      'a',
    ],
    [
      'and handed on',
      `${QUEUE} const job = await queue.add('x', {}); save(await job.waitUntilFinished(events, 5_000));`,
      'a',
    ],
    [
      'and passed to `then`',
      `${QUEUE} const job = await queue.add('x', {}); job.waitUntilFinished(events).then(save);`,
      'a',
    ],
    [
      'for a list',
      `${QUEUE} const jobs = await queue.addBulk([]); await Promise.all(jobs.map((job) => job.waitUntilFinished(events)));`,
      'a',
    ],
    [
      'but dropped',
      `${QUEUE} const job = await queue.add('x', {}); await job.waitUntilFinished(events);`,
      '',
    ],
    [
      'but not even awaited',
      `${QUEUE} const job = await queue.add('x', {}); job.waitUntilFinished(events);`,
      '',
    ],
    [
      'but dropped, as one that may be missing',
      `${QUEUE} const job = await queue.getJob(id); await job?.waitUntilFinished(events);`,
      '',
    ],
    [
      'for another queue',
      `${QUEUE} const job = await new Queue('b').add('x', {}); save(await job.waitUntilFinished(events));`,
      'b',
    ],
    [
      'by a helper of another file',
      {
        [A]: `${QUEUE} import { result } from './wait'; save(await result(await queue.add('x', {}), events));`,
        'wait.ts': `export async function result(job, events) { return job.waitUntilFinished(events); }`,
      },
      'a',
    ],
    [
      'with a job from elsewhere',
      `import { job } from 'shop-jobs'; save(await job.waitUntilFinished());`,
      'a b',
    ],
    ['with Bull', `${BULL} const job = await queue.add({}); const sum = await job.finished();`, 'a'],
    ['with Bull, but dropped', `${BULL} const job = await queue.add({}); await job.finished();`, ''],
    [
      'not by a function of the same name',
      `${QUEUE} import { waitUntilFinished } from './wait'; save(await waitUntilFinished(queue));`,
      '',
    ],
  ])('%s', (_, code, expected) => {
    expect(readable(code)).toBe(expected);
  });
});

describe('a listener of a worker takes the result', () => {
  it.each<Case>([
    ['as its second parameter', `${WORKER} worker.on('completed', (job, result) => save(result));`, 'a'],
    ['once', `${WORKER} worker.once('completed', (job, result) => save(result));`, 'a'],
    [
      'in a chain',
      `${BULLMQ} new Worker('a', run).on('error', log).on('completed', (job, result) => save(result));`,
      'a',
    ],
    [
      'in a loop over events',
      `${WORKER} for (const event of ['completed', 'failed'] as const) worker.on(event, (job, result) => save(result));`,
      'a',
    ],
    ['taken apart', `${WORKER} worker.on('completed', (job, { rows }) => save(rows));`, 'a'],
    ['with the rest', `${WORKER} worker.on('completed', (...given) => save(given));`, 'a'],
    ['off the job', `${WORKER} worker.on('completed', (job) => save(job.returnvalue));`, 'a'],
    [
      'off the job, in a function of its own',
      `${WORKER} worker.on('completed', (job) => { retry(() => { const { returnvalue } = job; save(returnvalue); }); });`,
      'a',
    ],
    [
      'that cannot be seen',
      `${WORKER} import { onDone } from 'shop-listeners'; worker.on('completed', onDone);`,
      'a',
    ],
    [
      'of another file',
      {
        [A]: `${WORKER} import { onDone } from './listeners'; worker.on('completed', onDone);`,
        'listeners.ts': `export function onDone(job, result) { save(result); }`,
      },
      'a',
    ],
    [
      'of a worker of another file',
      {
        [A]: `${BULLMQ} export const worker = new Worker('a', run);`,
        'listen.ts': `import type { Job } from 'bullmq'; import { worker } from './a'; worker.on('completed', (job: Job, result) => save(result));`,
      },
      'a',
    ],
    [
      'that is a method',
      `${WORKER} class Log { start() { worker.on('completed', this.onDone.bind(this)); } onDone(job, result) { save(result); } }`,
      'a',
    ],
    [
      'behind what is bound to it',
      `${WORKER} function onDone(name, job, result) { save(result); } worker.on('completed', onDone.bind(null, 'a'));`,
      'a',
    ],
    [
      'of another worker',
      `${WORKER} new Worker('b', run).on('completed', (job, result) => save(result));`,
      'b',
    ],
    [
      'of a worker whose queue is not known',
      `${BULLMQ} new Worker(name(), run).on('completed', (job, result) => save(result));`,
      'a b',
    ],
    [
      'of workers in a loop, which can be any',
      `${WORKER} const other = new Worker('c', run); for (const one of [worker, other]) one.on('completed', (job, result) => save(result));`,
      'a b',
    ],
    ['of a queue of Bull', `${BULL} queue.on('completed', (job, result) => save(result));`, 'a'],
    [
      'of all processes, with Bull',
      `${BULL} queue.on('global:completed', (id, result) => save(id, result));`,
      'a',
    ],
    [
      'of a Nest class',
      `${NEST} @Processor('a') class A extends WorkerHost { async process() {} @OnWorkerEvent('completed') done(job: Job, result: unknown) { save(result); } }`,
      'a',
    ],
    [
      'of a Nest class, off the job',
      `${NEST} @Processor('a') class A extends WorkerHost { async process() {} @OnWorkerEvent('completed') done(job: Job) { save(job.returnvalue); } }`,
      'a',
    ],
    [
      'of a Nest class with other decorators',
      `${NEST} import { Injectable } from '@nestjs/common'; @Injectable() @Processor('a') class A extends WorkerHost { async process() {} @OnWorkerEvent('completed') done(job: Job, result: unknown) { save(result); } }`,
      'a',
    ],
    [
      'of a Nest class whose queue is no text, which can be any',
      `${NEST} import { NAME } from './names'; @Processor(NAME) class A extends WorkerHost { async process() {} @OnWorkerEvent('completed') done(job: Job, result: unknown) { save(result); } }`,
      'a b',
    ],
    [
      'of a class of Nest and Bull',
      `${NEST_BULL} @Processor('a') class A { @Process() run() {} @OnQueueCompleted() done(job, result) { save(result); } }`,
      'a',
    ],
    [
      'of a class of Nest and Bull, of all processes',
      `${NEST_BULL} @Processor('a') class A { @Process() run() {} @OnGlobalQueueCompleted() done(id, result) { save(result); } }`,
      'a',
    ],
  ])('%s', (_, code, expected) => {
    expect(readable(code)).toBe(expected);
  });
});

describe('a listener of a worker does not take the result', () => {
  it.each<[string, string | Files]>([
    ['without a second parameter', `${WORKER} worker.on('completed', (job) => log(job.id));`],
    ['without any', `${WORKER} worker.on('completed', () => count());`],
    ['that it does not use', `${WORKER} worker.on('completed', (job, result) => log(job.id));`],
    ['that it only writes', `${WORKER} worker.on('completed', (job, result) => { result = undefined; });`],
    ['of another event', `${WORKER} worker.on('progress', (job, progress) => save(progress));`],
    ['of `failed`', `${WORKER} worker.on('failed', (job, error) => save(error));`],
    ['of something else', `${WORKER} process.on('completed', (job, result) => save(result));`],
    [
      'of another file',
      {
        [A]: `${WORKER} import { onDone } from './listeners'; worker.on('completed', onDone);`,
        'listeners.ts': `export function onDone(job) { log(job.id); }`,
      },
    ],
    [
      'in front of what is bound to it',
      `${WORKER} function onDone(name, job) { save(name, job.id); } worker.on('completed', onDone.bind(null, 'a'));`,
    ],
    ['of Bull', `${BULL} queue.on('completed', (job) => log(job.id));`],
    [
      'of a Nest class',
      `${NEST} @Processor('a') class A extends WorkerHost { async process() {} @OnWorkerEvent('completed') done(job: Job) { log(job.id); } }`,
    ],
    [
      'of a class of Nest and Bull',
      `${NEST_BULL} @Processor('a') class A { @Process() run() {} @OnQueueCompleted() done(job) { log(job.id); } }`,
    ],
    [
      'of a class of Nest and Bull, of all processes',
      `${NEST_BULL} @Processor('a') class A { @Process() run() {} @OnGlobalQueueCompleted() done(id) { log(id); } }`,
    ],
  ])('%s', (_, code) => {
    expect(readable(code)).toBe('');
  });
});

describe('a listener of queue events takes the result', () => {
  it.each<Case>([
    [
      'by its name',
      `${QUEUE} events.on('completed', ({ jobId, returnvalue }) => save(jobId, returnvalue));`,
      'a',
    ],
    ['off the event', `${QUEUE} events.on('completed', (event) => save(event.returnvalue));`, 'a'],
    [
      'with the rest of the event',
      `${QUEUE} events.on('completed', ({ jobId, ...rest }) => save(rest));`,
      'a',
    ],
    ['with all that it is given', `${QUEUE} events.on('completed', (...given) => save(given));`, 'a'],
    ['with the whole event', `${QUEUE} events.on('completed', (event) => socket.emit('done', event));`, 'a'],
    ['not with another field', `${QUEUE} events.on('completed', (event) => log(event.jobId));`, ''],
    ['not with another name', `${QUEUE} events.on('completed', ({ jobId }) => log(jobId));`, ''],
    ['not with an event of its own', `${QUEUE} events.on('completed', () => log('done'));`, ''],
    [
      'not with the id of the entry',
      `${QUEUE} events.on('completed', ({ jobId }, entry) => log(jobId, entry));`,
      '',
    ],
    ['not of another event', `${QUEUE} events.on('failed', (event) => socket.emit('failed', event));`, ''],
    ['of another queue', `${BULLMQ} new QueueEvents('b').on('completed', (event) => save(event));`, 'b'],
    [
      'of a queue that cannot be told',
      `${BULLMQ} new QueueEvents(name()).on('completed', (event) => save(event));`,
      'a b',
    ],
    [
      'in Nest',
      `${NEST} @QueueEventsListener('a') class A extends QueueEventsHost { @OnQueueEvent('completed') done({ returnvalue }: { returnvalue: string }) { save(returnvalue); } }`,
      'a',
    ],
    [
      'in Nest, with the whole event',
      `${NEST} @QueueEventsListener('a') class A extends QueueEventsHost { @OnQueueEvent('completed') done(event: unknown) { save(event); } }`,
      'a',
    ],
    [
      'not in Nest, with another name',
      `${NEST} @QueueEventsListener('a') class A extends QueueEventsHost { @OnQueueEvent('completed') done({ jobId }: { jobId: string }) { log(jobId); } }`,
      '',
    ],
  ])('%s', (_, code, expected) => {
    expect(readable(code)).toBe(expected);
  });
});

describe('the parent of a flow reads results', () => {
  const PARENT = `new Worker('all', async (job) => sum(await job.getChildrenValues()));`;

  it.each<Case>([
    [
      'of its children',
      `${BULLMQ} new FlowProducer().add({ name: 'x', queueName: 'all', children: [{ name: 'y', queueName: 'a' }] }); ${PARENT}`,
      'a',
    ],
    [
      'of children of several queues, at any depth',
      `${BULLMQ} new FlowProducer().add({ name: 'x', queueName: 'all', children: [{ name: 'y', queueName: 'a', children: [{ name: 'z', queueName: 'b' }] }] }); ${PARENT}`,
      'a b',
    ],
    [
      'of a queue that is a constant',
      {
        [A]: `${BULLMQ} import { A } from './names'; new FlowProducer().add({ name: 'x', queueName: 'all', children: [{ name: 'y', queueName: A }] });`,
        'names.ts': `export const A = 'a';`,
        'all.ts': `${BULLMQ} ${PARENT}`,
      },
      'a',
    ],
    [
      'of a queue that cannot be seen, which can be any',
      `${BULLMQ} new FlowProducer().add({ name: 'x', queueName: 'all', children: [{ name: 'y', queueName: name() }] }); ${PARENT}`,
      'a b',
    ],
    [
      'of jobs that are added with their parent, of any queue',
      `${BULLMQ} new FlowProducer().add({ name: 'x', queueName: 'all' }); new Queue('c').add('y', {}, { parent: { id, queue: 'bull:all' } }); ${PARENT}`,
      'a b',
    ],
    ['of flows that are not in the project, of any queue', `${BULLMQ} ${PARENT}`, 'a b'],
    [
      'not where a parent is taken apart',
      `${BULLMQ} new FlowProducer().add({ name: 'x', queueName: 'all' }); const { parent } = find(); ${PARENT}`,
      '',
    ],
    [
      'not where it does not ask for them',
      `${BULLMQ} new FlowProducer().add({ name: 'x', queueName: 'all', children: [{ name: 'y', queueName: 'a' }] }); new Worker('all', async (job) => {});`,
      '',
    ],
  ])('%s', (_, code, expected) => {
    expect(readable(code)).toBe(expected);
  });
});

describe('without a name of its queue a result', () => {
  it.each<[string, string | Files, boolean]>([
    [
      'is read by whoever reads the results of some queue',
      `${QUEUE} save((await queue.getJob(id)).returnvalue);`,
      true,
    ],
    [
      'is read where the reader is not known either',
      `export const view = ({ returnvalue }) => returnvalue;`,
      true,
    ],
    ['is not read where nothing is', `${QUEUE} new Worker(name(), run);`, false],
    ['is not read in an empty project', '', false],
    [
      'is not read in a file that does not parse',
      `${QUEUE} save((await queue.getJob(id).returnvalue;`,
      false,
    ],
    [
      'is read beside a file that does not parse',
      { [A]: `${QUEUE} save((await queue.getJob(id)).returnvalue);`, 'b.ts': `job.returnvalue ) {` },
      true,
    ],
  ])('%s', (_, code, expected) => {
    expect(canReadResults(projectWith(code), undefined)).toBe(expected);
  });
});

it('is asked anew when a file has changed', () => {
  const files = new TestProject({ [A]: WORKER, 'read.ts': QUEUE });
  const file = files.path(A);
  const project = projectOf(file, files.root);
  project.begin(file, WORKER);
  expect(canReadResults(project, 'a')).toBe(false);
  files.write({ 'read.ts': `${QUEUE} save((await queue.getJob(id)).returnvalue);` });
  project.begin(file, WORKER);
  expect(canReadResults(project, 'a')).toBe(true);
});
