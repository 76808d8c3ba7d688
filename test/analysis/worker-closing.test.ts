import { describe, expect, it } from 'vitest';
import { canClose, canRun } from '../../src/analysis/project/worker-closing.ts';
import { factsOf } from '../support/facts.ts';
import type { Files } from '../support/project.ts';

const A = 'a.ts';

/** Whether anything can close each worker of `a.ts`, in their order. */
function closed(code: string | Files): string {
  const { own, project } = factsOf(code);
  return own.workers.map((worker) => (canClose(project, worker) ? 'closed' : 'open')).join(' ');
}

type Case = [name: string, code: string | Files, expected: string];

const BULLMQ = `import { Queue, Worker } from 'bullmq';`;
const WORKER = `${BULLMQ} const worker = new Worker('a', run);`;
const EXPORTED = `${BULLMQ} export const worker = new Worker('a', run);`;
const BULL = `import Queue from 'bull'; const queue = new Queue('a'); queue.process(run);`;

describe('a worker is closed', () => {
  it.each<Case>([
    ['not by itself', `${BULLMQ} new Worker('a', run);`, 'open'],
    ['by its name', `${WORKER} process.on('SIGTERM', async () => { await worker.close(); });`, 'closed'],
    [
      'by its name, if there is one',
      `${BULLMQ} let worker: Worker | undefined; worker = new Worker('a', run); process.on('SIGTERM', () => worker?.close());`,
      'closed',
    ],
    [
      'by a chain',
      `${BULLMQ} const worker = new Worker('a', run).on('error', log); process.on('SIGTERM', () => worker.close());`,
      'closed',
    ],
    ['as soon as it is made', `${BULLMQ} await new Worker('a', run).close();`, 'closed'],
    [
      'by a method that is handed over',
      `${WORKER} process.on('SIGTERM', worker.close.bind(worker));`,
      'closed',
    ],
    ['by its disposal', `${WORKER} process.on('SIGTERM', () => worker[Symbol.asyncDispose]());`, 'closed'],
    [
      'at the end of its block',
      `${BULLMQ} await using worker = new Worker('a', run); await stopped();`,
      'closed',
    ],
    ['not by a listener of its closing', `${WORKER} worker.on('closed', () => log('closed'));`, 'open'],
    ['not by a pause', `${WORKER} process.on('SIGTERM', () => worker.pause());`, 'open'],
    ['not by a handler that only exits', `${WORKER} process.on('SIGTERM', () => process.exit(0));`, 'open'],
    [
      'not by the end of something else',
      `${WORKER} const queue = new Queue('a'); process.on('SIGTERM', () => queue.close());`,
      'open',
    ],
    [
      'not by the end of a server',
      `${WORKER} import http from 'node:http'; const server = http.createServer(); process.on('SIGTERM', () => server.close());`,
      'open',
    ],
    [
      'and another is not',
      `${BULLMQ} const one = new Worker('a', run); const two = new Worker('b', run); process.on('SIGTERM', () => two.close());`,
      'open closed',
    ],
    [
      'and another of the same name is not',
      `${BULLMQ} const one = new Worker('a', run); const two = new Worker('a', run); process.on('SIGTERM', () => two.close());`,
      'open closed',
    ],
    ['and no `Worker` of Node', `import { Worker } from 'node:worker_threads'; new Worker('./a.js');`, ''],
    ['in a file with nothing in it', '', ''],
  ])('%s', (_, code, expected) => {
    expect(closed(code)).toBe(expected);
  });
});

describe('a worker that is kept is closed', () => {
  it.each<Case>([
    [
      'from a list',
      `${BULLMQ} const workers = [new Worker('a', run), new Worker('b', run)]; process.on('SIGTERM', () => Promise.all(workers.map((one) => one.close())));`,
      'closed closed',
    ],
    [
      'from a list of names',
      `${BULLMQ} const one = new Worker('a', run); const two = new Worker('b', run); process.on('SIGTERM', () => Promise.all([one, two].map((worker) => worker.close())));`,
      'closed closed',
    ],
    [
      'from a list that leaves one out',
      `${BULLMQ} const one = new Worker('a', run); const two = new Worker('b', run); const three = new Worker('c', run); process.on('SIGTERM', async () => { for (const worker of [one, three]) await worker.close(); });`,
      'closed open closed',
    ],
    [
      'from a list that it is pushed to',
      `${BULLMQ} const all = []; for (const name of names) all.push(new Worker(name, run)); process.on('SIGTERM', async () => { for (const one of all) await one.close(); });`,
      'closed',
    ],
    [
      'from a list that is made of names',
      `${BULLMQ} const names = ['a', 'b']; const all = names.map((name) => new Worker(name, run)); process.on('SIGTERM', () => Promise.all(all.map((one) => one.close())));`,
      'closed',
    ],
    [
      'from a map',
      `${BULLMQ} const all = new Map(); all.set('a', new Worker('a', run)); process.on('SIGTERM', async () => { for (const one of all.values()) await one.close(); });`,
      'closed',
    ],
    [
      'from a set',
      `${BULLMQ} const all = new Set(); all.add(new Worker('a', run)); process.on('SIGTERM', () => all.forEach((one) => one.close()));`,
      'closed',
    ],
    [
      'from an object',
      `${BULLMQ} const all = { mail: new Worker('a', run) }; process.on('SIGTERM', () => all.mail.close());`,
      'closed',
    ],
    [
      'from the values of an object',
      `${WORKER} const all = { worker }; process.on('SIGTERM', () => Promise.all(Object.values(all).map((one) => one.close())));`,
      'closed',
    ],
    [
      'by something that may be it',
      `${BULLMQ} export function start(registry) { registry.mail = new Worker('a', run); process.on('SIGTERM', () => registry.all().forEach((one) => one.close())); } start(registry);`,
      'closed',
    ],
    [
      'not by something that cannot be it',
      `${WORKER} worker.on('error', log); export const stop = (all) => all.forEach((one) => one.close()); process.on('SIGTERM', stop);`,
      'open',
    ],
    ['not by being kept', `${BULLMQ} const all = []; all.push(new Worker('a', run));`, 'open'],
  ])('%s', (_, code, expected) => {
    expect(closed(code)).toBe(expected);
  });
});

describe('a worker of a class is closed', () => {
  it.each<Case>([
    [
      'by a method',
      `${BULLMQ} export class Mail { private worker = new Worker('a', run); async stop() { await this.worker.close(); } }`,
      'closed',
    ],
    [
      'by a method, where another makes it',
      `${BULLMQ} export class Mail { start() { this.worker = new Worker('a', run); } async stop() { await this.worker?.close(); } }`,
      'closed',
    ],
    [
      'by a hook of Nest',
      `${BULLMQ} import { OnModuleDestroy, OnModuleInit } from '@nestjs/common'; export class Mail implements OnModuleInit, OnModuleDestroy { private worker!: Worker; onModuleInit() { this.worker = new Worker('a', run); } async onModuleDestroy() { await this.worker.close(); } }`,
      'closed',
    ],
    [
      'by a private field',
      `${BULLMQ} export class Mail { #worker = new Worker('a', run); stop() { return this.#worker.close(); } }`,
      'closed',
    ],
    [
      'by a method of its base',
      {
        [A]: `${BULLMQ} import { Base } from './base'; export class Mail extends Base { constructor() { super(); this.worker = new Worker('a', run); } }`,
        'base.ts': `${BULLMQ} export abstract class Base { protected worker!: Worker; async onModuleDestroy() { await this.worker.close(); } }`,
      },
      'closed',
    ],
    [
      'as an instance of a class of workers',
      `${BULLMQ} class MailWorker extends Worker { constructor() { super('a', run); } } const worker = new MailWorker(); process.on('SIGTERM', () => worker.close());`,
      'closed',
    ],
    [
      'as an instance of a class without a constructor',
      `${BULLMQ} class MailWorker extends Worker {} const worker = new MailWorker('a', run); process.on('SIGTERM', () => worker.close());`,
      'closed',
    ],
    [
      'not where only another field is',
      `${BULLMQ} export class Mail { worker = new Worker('a', run); queue = new Queue('a'); async stop() { await this.queue.close(); } }`,
      'open',
    ],
    [
      'not where no method closes',
      `${BULLMQ} export class Mail { worker = new Worker('a', run); stop() { return this.worker.pause(); } }`,
      'open',
    ],
    [
      'not as a class of workers that nothing closes',
      `${BULLMQ} class MailWorker extends Worker { constructor() { super('a', run); } } new MailWorker();`,
      'open',
    ],
    [
      'in classes that extend each other',
      `${BULLMQ} class One extends Two { worker = new Worker('a', run); stop() { return this.worker.close(); } } class Two extends One {}`,
      'closed',
    ],
    [
      'not in classes that extend each other',
      `${BULLMQ} class One extends Two { worker = new Worker('a', run); } class Two extends One { stop() { return this.server.end(); } }`,
      'open',
    ],
  ])('%s', (_, code, expected) => {
    expect(closed(code)).toBe(expected);
  });
});

describe('a worker is closed by another file', () => {
  it.each<Case>([
    [
      'that imports it',
      {
        [A]: EXPORTED,
        'main.ts': `import { worker } from './a'; process.on('SIGTERM', () => worker.close());`,
      },
      'closed',
    ],
    [
      'that imports it through a barrel',
      {
        [A]: EXPORTED,
        'index.ts': `export * from './a';`,
        'main.ts': `import { worker } from './index'; process.on('SIGTERM', () => worker.close());`,
      },
      'closed',
    ],
    [
      'that imports the whole file',
      {
        [A]: EXPORTED,
        'main.ts': `import * as workers from './a'; process.on('SIGTERM', () => workers.worker.close());`,
      },
      'closed',
    ],
    [
      'that imports a list of it',
      {
        [A]: EXPORTED,
        'registry.ts': `import { worker } from './a'; export const workers = { worker };`,
        'main.ts': `import { workers } from './registry'; process.on('SIGTERM', () => Promise.all(Object.values(workers).map((one) => one.close())));`,
      },
      'closed',
    ],
    [
      'that makes it by a function',
      {
        [A]: `${BULLMQ} export const make = () => new Worker('a', run);`,
        'main.ts': `import { make } from './a'; const worker = make(); process.on('SIGTERM', () => worker.close());`,
      },
      'closed',
    ],
    [
      'that makes an object of its class',
      {
        [A]: `${BULLMQ} export class Mail { worker = new Worker('a', run); }`,
        'main.ts': `import { Mail } from './a'; const mail = new Mail(); process.on('SIGTERM', () => mail.worker.close());`,
      },
      'closed',
    ],
    [
      'in CommonJS',
      {
        [A]: `const { Worker } = require('bullmq'); const worker = new Worker('a', run); module.exports = { worker };`,
        'main.js': `const { worker } = require('./a'); process.on('SIGTERM', () => worker.close());`,
      },
      'closed',
    ],
    [
      'which it is given to',
      {
        [A]: `${WORKER} import { closeOnExit } from './shutdown'; closeOnExit(worker);`,
        'shutdown.ts': `export function closeOnExit(closable) { process.on('SIGTERM', () => closable.close()); }`,
      },
      'closed',
    ],
    [
      'which it is given to in a list',
      {
        [A]: `${WORKER} import { shutdown } from './shutdown'; shutdown([worker]);`,
        'shutdown.ts': `export function shutdown(all) { process.on('SIGTERM', () => Promise.all(all.map((one) => one.close()))); }`,
      },
      'closed',
    ],
    [
      'of files that import each other',
      {
        [A]: `${BULLMQ} import { log } from './main'; export const worker = new Worker('a', (job) => log(job));`,
        'main.ts': `import { worker } from './a'; export const log = (job) => console.log(job.id); process.on('SIGTERM', () => worker.close());`,
      },
      'closed',
    ],
    [
      'not if that closes something else',
      {
        [A]: EXPORTED,
        'main.ts': `import './a'; import http from 'node:http'; const server = http.createServer(); process.on('SIGTERM', () => server.close());`,
      },
      'open',
    ],
    [
      'not if that closes another worker',
      {
        [A]: EXPORTED,
        'main.ts': `${BULLMQ} import { worker } from './a'; const other = new Worker('a', run); worker.on('error', log); process.on('SIGTERM', () => other.close());`,
      },
      'open',
    ],
    [
      'not if it is given to what does not close',
      {
        [A]: `${WORKER} import { observe } from './observe'; observe(worker);`,
        'observe.ts': `export function observe(worker) { worker.on('failed', log); }`,
      },
      'open',
    ],
    [
      'not if that does not parse',
      {
        [A]: EXPORTED,
        'main.ts': `import { worker } from './a'; process.on('SIGTERM', () => worker.close(;`,
      },
      'open',
    ],
  ])('%s', (_, code, expected) => {
    expect(closed(code)).toBe(expected);
  });
});

describe('a worker is closed by a function', () => {
  it.each<Case>([
    [
      'that a signal runs',
      `${WORKER} process.on('SIGTERM', stop); async function stop() { await worker.close(); }`,
      'closed',
    ],
    [
      'that a variable holds',
      `${WORKER} const stop = async () => { await worker.close(); }; process.on('SIGTERM', stop);`,
      'closed',
    ],
    [
      'that another calls',
      `${WORKER} async function stop() { await worker.close(); } process.on('SIGTERM', () => stop().then(() => process.exit(0)));`,
      'closed',
    ],
    [
      'that another file imports',
      {
        [A]: `${WORKER} export async function stop() { await worker.close(); }`,
        'main.ts': `import { stop } from './a'; process.on('SIGTERM', stop);`,
      },
      'closed',
    ],
    [
      'that is exported in a list',
      {
        [A]: `${WORKER} async function stop() { await worker.close(); } export { stop };`,
        'main.ts': `import { stop } from './a'; process.on('SIGTERM', stop);`,
      },
      'closed',
    ],
    [
      'that is exported without a name',
      `${WORKER} export default async () => { await worker.close(); };`,
      'closed',
    ],
    ['that nobody calls: not', `${WORKER} export async function stop() { await worker.close(); }`, 'open'],
    [
      'that a variable holds and nobody calls: not',
      `${WORKER} export const stop = () => worker.close();`,
      'open',
    ],
    [
      'that only calls itself: not',
      `${WORKER} async function stop() { await worker.close(); setTimeout(stop, 1_000); }`,
      'open',
    ],
    [
      'that no importer of its file names: not',
      {
        [A]: `${WORKER} export { worker }; export async function stop() { await worker.close(); }`,
        'main.ts': `import { worker } from './a'; worker.on('error', log);`,
      },
      'open',
    ],
  ])('%s', (_, code, expected) => {
    expect(closed(code)).toBe(expected);
  });
});

describe('a worker is perhaps closed', () => {
  it.each<Case>([
    [
      'by a package that is given it',
      `${WORKER} import { manage } from 'shop-shutdown'; manage(worker);`,
      'closed',
    ],
    [
      'by a package that is given it where it is made',
      `${BULLMQ} import { manage } from 'shop-shutdown'; manage(new Worker('a', run));`,
      'closed',
    ],
    [
      'by a class of a package',
      `${WORKER} import { Manager } from 'shop-shutdown'; new Manager(worker);`,
      'closed',
    ],
    [
      'by an object of a package',
      `${WORKER} import { Manager } from 'shop-shutdown'; const manager = new Manager(); manager.register('mail', worker);`,
      'closed',
    ],
    [
      'by a package that is given a list',
      `${WORKER} import { manage } from 'shop-shutdown'; manage([worker]);`,
      'closed',
    ],
    [
      'by a package that is given an object',
      `${WORKER} import { manage } from 'shop-shutdown'; manage({ workers: [worker] });`,
      'closed',
    ],
    [
      'by a package that another file gives it to',
      {
        [A]: EXPORTED,
        'main.ts': `import { manage } from 'shop-shutdown'; import { worker } from './a'; manage(worker);`,
      },
      'closed',
    ],
    [
      'not by a package that is given something else',
      `${WORKER} import { manage } from 'shop-shutdown'; manage(new Queue('a'));`,
      'open',
    ],
    [
      'not by a package that is given its name',
      `${WORKER} import { manage } from 'shop-shutdown'; manage(worker.name);`,
      'open',
    ],
    [
      'not by a package that is given a function around it',
      `${WORKER} import { every } from 'shop-timers'; every(() => worker.isRunning());`,
      'open',
    ],
    ['not by the language', `${WORKER} console.log(worker); Object.freeze(worker);`, 'open'],
    [
      'not by a function of the project',
      `${WORKER} function keep(one) { one.on('error', log); } keep(worker);`,
      'open',
    ],
  ])('%s', (_, code, expected) => {
    expect(closed(code)).toBe(expected);
  });
});

describe('a worker of Bull is closed with its queue', () => {
  it.each<Case>([
    ['by the name of the queue', `${BULL} process.on('SIGTERM', () => queue.close());`, 'closed'],
    ['not by itself', BULL, 'open'],
    [
      'for each of its processors',
      `${BULL} queue.process('other', run); process.on('SIGTERM', () => queue.close());`,
      'closed closed',
    ],
    [
      'without `new`',
      `import Queue from 'bull'; const queue = Queue('a'); queue.process(run); process.on('SIGTERM', () => queue.close());`,
      'closed',
    ],
    [
      'from a list',
      `import Queue from 'bull'; const one = new Queue('a'); one.process(run); const two = new Queue('b'); two.process(run); process.on('SIGTERM', () => Promise.all([one, two].map((queue) => queue.close())));`,
      'closed closed',
    ],
    [
      'not with another',
      `${BULL} const other = new Queue('b'); process.on('SIGTERM', () => other.close());`,
      'open',
    ],
    [
      'by another object of its name',
      `${BULL} const other = new Queue('a'); process.on('SIGTERM', () => other.close());`,
      'closed',
    ],
    [
      'by the file that imports the queue',
      {
        [A]: `import Queue from 'bull'; export const queue = new Queue('a'); queue.process(run);`,
        'main.ts': `import { queue } from './a'; process.on('SIGTERM', () => queue.close());`,
      },
      'closed',
    ],
    [
      'as one that Nest injects',
      `import { InjectQueue } from '@nestjs/bull'; import type { Queue } from 'bull'; export class Mail { constructor(@InjectQueue('a') private queue: Queue) {} onModuleInit() { void this.queue.process(run); } onModuleDestroy() { return this.queue.close(); } }`,
      'closed',
    ],
    [
      'as one that Nest injects: not by itself',
      `import { InjectQueue } from '@nestjs/bull'; import type { Queue } from 'bull'; export class Mail { constructor(@InjectQueue('a') private queue: Queue) {} onModuleInit() { void this.queue.process(run); } }`,
      'open',
    ],
    ['not by a pause', `${BULL} process.on('SIGTERM', () => queue.pause());`, 'open'],
    ['not by a function that nobody calls', `${BULL} export const stop = () => queue.close();`, 'open'],
  ])('%s', (_, code, expected) => {
    expect(closed(code)).toBe(expected);
  });
});

/** Whether the code around `work()` in `a.ts` can run. */
function runs(code: string | Files): boolean {
  const { module, project } = factsOf(code);
  const call = module.nodes('CallExpression').find(({ callee }) => module.textOf(callee) === 'work');
  if (!call) throw new Error('no work()');
  return canRun(project, module, call);
}

describe('code can run', () => {
  it.each<[string, string | Files, boolean]>([
    ['outside of functions', 'work();', true],
    ['in a function that is called', 'function f() { work(); } f();', true],
    ['in a function that is called before it', 'f(); function f() { work(); }', true],
    ['in a function that is handed on', 'const f = () => work(); setTimeout(f, 1);', true],
    ['in a function that is called in place', '(() => { work(); })();', true],
    ['in a callback', 'list.forEach(() => { work(); });', true],
    ['in a method', 'export class A { m() { work(); } }', true],
    ['in a function of an object', 'export const a = { m() { work(); } };', true],
    ['in a function that is put into an object', 'function f() { work(); } export const a = { f };', true],
    ['in a function that CommonJS exports', 'function f() { work(); } module.exports = { f };', true],
    ['in a function without a name', 'export default () => work();', true],
    [
      'in a function that an importer names',
      { [A]: 'export function f() { work(); }', 'b.ts': `import { f } from './a'; f();` },
      true,
    ],
    [
      'in a function that an importer of a barrel names',
      {
        [A]: 'export function f() { work(); }',
        'index.ts': `export * from './a';`,
        'b.ts': `import { f } from '.'; f();`,
      },
      true,
    ],
    ['inside a function that is called', 'function f() { const g = () => work(); return g; } f();', true],
    ['not in a function that nothing names', 'function f() { work(); }', false],
    ['not in a variable that nothing names', 'const f = () => { work(); };', false],
    ['not in a function that calls itself alone', 'function f() { work(); f(); }', false],
    ['not inside a function that nothing names', 'function f() { list.forEach(() => { work(); }); }', false],
    ['not in a function that is exported alone', 'export function f() { work(); }', false],
    ['not in a function that is exported in a list alone', 'function f() { work(); } export { f };', false],
    [
      'not in a function that no importer names',
      {
        [A]: 'export function start() { work(); } export const size = 1;',
        'b.ts': `import { size } from './a'; log(size);`,
      },
      false,
    ],
    [
      'not in a function that its importer never uses',
      {
        [A]: 'export function start() { work(); }',
        'b.ts': `import { start } from './a'; // start();`,
      },
      false,
    ],
    [
      'not in a function that only other files name',
      {
        [A]: 'export function f() { work(); }',
        'b.ts': `import { f } from './c'; f();`,
        'c.ts': 'export const f = 1;',
      },
      false,
    ],
    [
      'in files that import each other',
      {
        [A]: `import { g } from './b'; export function f() { work(); g(); }`,
        'b.ts': `import { f } from './a'; export function g() { f(); }`,
      },
      true,
    ],
  ])('%s', (_, code, expected) => {
    expect(runs(code)).toBe(expected);
  });
});
