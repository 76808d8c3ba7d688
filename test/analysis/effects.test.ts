import { describe, expect, it } from 'vitest';
import {
  effectsOf,
  type EffectKind,
  type EffectMemory,
  type Reach,
} from '../../src/analysis/effects/effect.ts';
import { awaitsResult } from '../../src/analysis/effects/kinds/awaits-result.ts';
import { acts } from '../../src/analysis/effects/kinds/acts.ts';
import { externalCall } from '../../src/analysis/effects/kinds/external-call.ts';
import { writesDatabase } from '../../src/analysis/effects/kinds/writes-database.ts';
import { here } from '../../src/analysis/values/evaluation.ts';
import { memoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

/** The simplest effect there is: calling `boom`. */
const boom: EffectKind = {
  name: 'boom',
  mark: undefined,
  throughFloating: false,
  find: (_, { module, frame, body }) =>
    body.flatMap((node) =>
      node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'boom'
        ? [{ at: here(module, node, frame), label: 'boom()', target: module.textOf(node) }]
        : [],
    ),
};

const EVERYWHERE: Reach = { leadsTo: () => true, mayLead: () => true };

interface Found {
  way: string;
  /** What is reported, in the file of the context. */
  node: string;
  target: string;
}

/** The effects of the function `f` of `a.ts`. */
function effects(code: string | Files, kind: EffectKind = boom, reach = EVERYWHERE): Found[] {
  const files = typeof code === 'string' ? { 'a.ts': code } : code;
  const project = memoryProject(files);
  const main = project.files.find((file) => /^a\.[jt]s$/.test(file)) as string;
  const start = project.ev.evaluate(project.find(main, 'f', 'Identifier'));
  if (start.kind !== 'function') throw new Error('no function f');
  return effectsOf(project.ev, start, kind, reach, new WeakMap()).map(({ effect, way, node }) => ({
    way: way.map(({ name }) => name).join(' -> '),
    node: project.module(main).textOf(node),
    target: effect.target,
  }));
}

const ways = (code: string | Files, kind?: EffectKind): string[] => effects(code, kind).map(({ way }) => way);

describe('an effect is reached', () => {
  it.each<[string, string | Files, string[]]>([
    ['in the function itself', 'function f() { boom(); }', ['f']],
    ['in each place', 'function f() { boom(1); boom(2); }', ['f', 'f']],
    ['in a callback', 'function f() { return l.map(() => boom()); }', ['f']],
    ['through a function', 'function f() { return g(); } function g() { boom(); }', ['f -> g']],
    [
      'through several, nearest first',
      'function f() { return [g(), h()]; } function g() { return i(); } function h() { boom(); } function i() { boom(); }',
      ['f -> h', 'f -> g -> i'],
    ],
    [
      'through other files',
      {
        'a.ts': `import { g } from './b'; function f() { return g(); }`,
        'b.ts': `import { h } from './c'; export const g = () => h()`,
        'c.ts': 'export function h() { boom(); }',
      },
      ['f -> g -> h'],
    ],
    [
      'through a service',
      {
        'a.ts': `import { S } from './b'; class A { constructor(private s: S) {} m() { const f = () => this.s.run(); f; } }`,
        'b.ts': 'export class S { run() { return this.help(); } help() { boom(); } }',
      },
      ['f -> S.run -> S.help'],
    ],
    [
      'through a constructor',
      'class A { constructor() { boom(); } } function f() { return new A(); }',
      ['f -> A.constructor'],
    ],
    [
      'through a function that is handed on',
      'function g() { boom(); } function f() { return l.map(g); }',
      ['f -> g'],
    ],
    [
      'through a parameter',
      'function run(fn) { return fn(); } function g() { boom(); } function f() { return run(g); }',
      ['f -> run -> g'],
    ],
    [
      'through a parameter of another file',
      {
        'a.ts': `import { run } from './b'; function g() { boom(); } function f() { return run(g); }`,
        'b.ts': 'export const run = (fn) => fn()',
      },
      ['f -> run -> g'],
    ],
    [
      'through the method that a subclass gives to its base',
      {
        'a.ts': `import { Base } from './b'; class A extends Base { step() { boom(); } } function f() { return new A().run(); }`,
        'b.ts': 'export class Base { run() { return this.step(); } }',
      },
      ['f -> Base.run -> A.step'],
    ],
    [
      'through the closure that a wrapper makes',
      'const wrap = (fn) => (x) => fn(x); function g() { boom(); } const h = wrap(g); function f() { return h(1); }',
      ['f -> function -> g'],
    ],
    [
      'through the closure of a wrapper in another file',
      {
        'a.ts': `import { asyncHandler } from './b'; const f = asyncHandler(async (req, res) => { boom(); }); f;`,
        'b.ts':
          'export const asyncHandler = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next)',
      },
      ['function -> function'],
    ],
    [
      'once, however often it is called',
      'function f() { return [g(), g()]; } function g() { boom(); }',
      ['f -> g'],
    ],
    [
      'through recursion',
      'function f() { return g(); } function g() { boom(); return [f(), g()]; }',
      ['f -> g'],
    ],
    [
      'through files that import each other',
      {
        'a.ts': `import { g } from './b'; export function f() { return g(); } f;`,
        'b.ts': `import { f } from './a'; export function g() { boom(); return f(); }`,
      },
      ['f -> g'],
    ],
    [
      'not through a promise that is dropped',
      'function f() { void g(); g(); g().catch(h); } function g() { boom(); }',
      [],
    ],
    ['not in a function that is only defined', 'function f() { const g = () => boom(); return g; }', []],
    ['not in a listener', `function f() { x.on('e', () => boom()); }`, []],
    ['not in a function that f does not call', 'function f() {} function g() { boom(); }', []],
  ])('%s', (_, code, expected) => {
    expect(ways(code)).toEqual(expected);
  });

  it.each([
    [
      'a subclass',
      `import { Base } from './b'; class A extends Base { step() { boom(); } } class B extends Base { step() {} } export const loud = () => new A().run(); export const quiet = () => new B().run();`,
      'export class Base { run() { return this.step(); } }',
    ],
    [
      'an argument',
      `import { run } from './b'; function noisy() { boom(); } export const loud = () => run(noisy); export const quiet = () => run(function silent() {});`,
      'export const run = (fn) => fn()',
    ],
    [
      'a closure',
      `import { make } from './b'; const a = make(function noisy() { boom(); }); const b = make(function silent() {}); export const loud = () => a(); export const quiet = () => b();`,
      'export const make = (fn) => () => fn()',
    ],
  ])('by one caller and not by another that gives %s of its own', (_, main, base) => {
    const project = memoryProject({ 'a.ts': main, 'b.ts': base });
    const count = (name: string): number => {
      const start = project.ev.evaluate(project.find('a.ts', name, 'Identifier'));
      return start.kind === 'function' ? effectsOf(project.ev, start, boom, EVERYWHERE, memory).length : -1;
    };
    let memory: EffectMemory = new WeakMap();
    expect([count('loud'), count('quiet')]).toEqual([1, 0]);
    memory = new WeakMap();
    expect([count('quiet'), count('loud')]).toEqual([0, 1]);
  });

  const g = `function g(o, { loud } = {}) { if (o.loud || loud || o.how === 'loud') return boom(); }`;
  it.each<[string, string | Files, number]>([
    ['a flag that is set', `function f() { g({ loud: true }); } ${g}`, 1],
    ['a flag that is not', `function f() { g({ loud: false }); } ${g}`, 0],
    ['a flag that is left out', `function f() { g({}); } ${g}`, 0],
    ['another value', `function f() { g({ how: 'low' }); } ${g}`, 0],
    ['a value that is compared', `function f() { g({ how: 'loud' }); } ${g}`, 1],
    ['something unknown', `function f(o) { g(o); } ${g}`, 1],
    ['a spread', `function f(o) { g({ ...o }); } ${g}`, 1],
    ['first one and then the other', `function f() { g({}); g({ loud: true }); } ${g}`, 1],
    ['the flag twice', `function f() { g({ loud: true }); g({}, { loud: true }); } ${g}`, 1],
    [
      'another of its own',
      `function f() { h('quiet'); } function h(how) { g({ loud: how === 'loud' }); } ${g}`,
      0,
    ],
    [
      'a case of a switch',
      `function f() { g('a'); } function g(kind) { switch (kind) { case 'b': boom(); break; case 'a': quiet(); } }`,
      0,
    ],
    [
      'the case of a switch',
      `function f() { g('b'); } function g(kind) { switch (kind) { case 'b': boom(); break; case 'a': quiet(); } }`,
      1,
    ],
    [
      'a case by default',
      `function f() { g('a'); } function g(k) { switch (k) { case 'a': return; default: boom(); } }`,
      0,
    ],
    ['an early return', `function f() { g(true); } function g(dry) { if (dry) return; boom(); }`, 0],
    [
      'nothing, where a value is the default',
      `function f() { g(); } function g(loud = true) { if (loud) boom(); }`,
      1,
    ],
    [
      'nothing, where the default is none',
      `function f() { g(); } function g(loud = false) { if (loud) boom(); }`,
      0,
    ],
    ['what is set there', `function f() { g({}); } function g(o) { o.loud = ask(); if (o.loud) boom(); }`, 1],
    [
      'a name that gets another value',
      `function f() { g(false); } function g(x) { x = ask(); if (x) boom(); }`,
      1,
    ],
    ['a list', `function f() { g([]); } function g(list) { for (const one of list) boom(one); }`, 1],
    ['a value for what is missing', `function f() { g(0); } function g(n) { return n ?? boom(); }`, 1],
    [
      'a call of the other branch',
      `function f() { g(false); } function g(x) { x ? h() : 0; } function h() { boom(); }`,
      0,
    ],
    [
      'a test in a function that is written inside',
      `function f() { g('quiet'); } function g(how) { const run = () => { if (how === 'loud') boom(); }; run(); }`,
      0,
    ],
    [
      'such a test, the other way',
      `function f() { g('loud'); } function g(how) { const run = () => { if (how === 'loud') boom(); }; run(); }`,
      1,
    ],
    [
      'such a test of a value that is changed before',
      `function f() { g('quiet'); } function g(how) { how = ask(); const run = () => { if (how === 'loud') boom(); }; run(); }`,
      1,
    ],
    ['a constant', `const HOW = 'quiet'; function f() { if (HOW === 'loud') boom(); }`, 0],
    ['a constant, the other way', `const HOW = 'loud'; function f() { if (HOW === 'loud') boom(); }`, 1],
    ['a name that is no constant', `let how = 'quiet'; function f() { if (how === 'loud') boom(); }`, 1],
    [
      'calls through another file',
      {
        'a.ts': `import { g } from './b'; function f() { g({ loud: false }); g({ loud: true }); }`,
        'b.ts': `export ${g}`,
      },
      1,
    ],
    [
      'quiet calls of another file',
      {
        'a.ts': `import { g } from './b'; function f() { g({ loud: false }); g({}); }`,
        'b.ts': `export ${g}`,
      },
      0,
    ],
  ])('in a branch that the call leaves open: %s', (_, code, count) => {
    const kind = { ...boom, throughFloating: true, readsArguments: true };
    expect(ways(code, kind)).toHaveLength(count);
  });

  it('also through dropped promises for a kind that does not wait', () => {
    const kind = { ...boom, throughFloating: true };
    expect(ways('function f() { void g(); } function g() { boom(); }', kind)).toEqual(['f -> g']);
  });

  it('with the arguments on the way', () => {
    const [found] = effects('function f() { return g(1); } function g(n) { return boom(n); }');
    expect(found).toEqual({ way: 'f -> g', node: 'boom(n)', target: 'boom(n)' });
  });

  it.each([
    [7, true],
    [8, false],
  ])('over %s calls: %s', (calls, expected) => {
    const code = Array.from(
      { length: calls },
      (_, i) => `function f${i || ''}() { return f${i + 1}(); }`,
    ).join('\n');
    expect(ways(`${code}\nfunction f${calls}() { boom(); }`)).toHaveLength(expected ? 1 : 0);
  });

  it('over fewer calls for a kind that looks less far', () => {
    const code = 'function f() { return g(); } function g() { return h(); } function h() { boom(); }';
    expect(ways(code, { ...boom, maxWay: 2 })).toEqual([]);
    expect(ways(code, { ...boom, maxWay: 3 })).toEqual(['f -> g -> h']);
  });

  it('in bounded time, however wide the graph', () => {
    const code = Array.from(
      { length: 600 },
      (_, i) => `function g${i}() { return [g${(i * 2 + 1) % 600}(), g${(i * 2 + 2) % 600}()]; }`,
    ).join('\n');
    const start = performance.now();
    effects(`function f() { return g0(); }\n${code}`);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('what is reported is', () => {
  it.each<[string, string | Files, string]>([
    [
      'the effect in the file itself',
      'function f() { return g(); } function g() { return boom(1); }',
      'boom(1)',
    ],
    [
      'the call that leaves the file',
      {
        'a.ts': `import { g } from './b'; function f() { return g(1); }`,
        'b.ts': 'export const g = () => boom()',
      },
      'g(1)',
    ],
    [
      'the last such call',
      {
        'a.ts': `import { h } from './b'; function f() { return g(); } function g() { return h(2); }`,
        'b.ts': 'export const h = () => boom()',
      },
      'h(2)',
    ],
    [
      'the call that leaves it, however far the effect is',
      {
        'a.ts': `import { g } from './b'; function f() { return g(1); }`,
        'b.ts': `import { h } from './c'; export const g = () => h()`,
        'c.ts': 'export const h = () => boom()',
      },
      'g(1)',
    ],
    [
      'the effect when the way comes back into the file',
      {
        'a.ts': `import { g } from './b'; export function f() { return g(h); } function h() { return boom(3); }`,
        'b.ts': 'export const g = (fn) => fn()',
      },
      'boom(3)',
    ],
  ])('%s', (_, code, expected) => {
    expect(effects(code).map(({ node }) => node)).toEqual([expected]);
  });

  it('nothing of a file that cannot lead to the effect', () => {
    const code = {
      'a.ts': `import { g } from './b'; function f() { return g(); }`,
      'b.ts': 'export const g = () => boom()',
    };
    const asked: string[] = [];
    const reach: Reach = {
      leadsTo: (file, mark) => asked.push(`${file} ${mark}`) < 0,
      mayLead: () => true,
    };
    expect(effects(code, { ...boom, mark: 'booms' }, reach)).toEqual([]);
    expect(asked).toEqual(['/memory/b.ts booms']);
  });
});

describe('waiting for a job', () => {
  const labels = (code: string): string[] => {
    const { 'a.ts': text } = {
      'a.ts': `import { Queue, QueueEvents, Job, Worker } from 'bullmq'; const queue = new Queue('a'); const events = new QueueEvents('a'); ${code}`,
    };
    return effects({ 'a.ts': text }, awaitsResult).map(({ target }) => target);
  };

  it.each<[string, string, string[]]>([
    [
      'waitUntilFinished',
      `async function f() { const job = await queue.add('a', {}); return job.waitUntilFinished(events); }`,
      ['job.waitUntilFinished()'],
    ],
    [
      'waitUntilFinished of what is not known',
      `async function f(x) { return await x.waitUntilFinished(events); }`,
      ['job.waitUntilFinished()'],
    ],
    [
      'several',
      `async function f(jobs) { return Promise.all(jobs.map((job) => job.waitUntilFinished(events))); }`,
      ['job.waitUntilFinished()'],
    ],
    [
      'a loop around getState',
      `async function f(job: Job) { while (true) { const s = await job.getState(); if (s === 'completed') return; } }`,
      ['a loop around getState()'],
    ],
    [
      'a loop around getJob',
      `async function f(id) { for (;;) { const job = await queue.getJob(id); if (job?.finishedOn) return; } }`,
      ['a loop around getJob()'],
    ],
    [
      'a do loop',
      `async function f(job: Job) { do { await sleep(1); } while (!(await job.isCompleted())); }`,
      ['a loop around isCompleted()'],
    ],
    [
      'a timer in a promise',
      `async function f(job: Job) { return new Promise((r) => { setInterval(async () => { if (await job.isCompleted()) r(); }, 100); }); }`,
      ['a timer around isCompleted()'],
    ],
    [
      'a promise that an event resolves',
      `async function f() { await new Promise((r) => events.on('completed', () => r())); }`,
      [`a promise that waits for the 'completed' event`],
    ],
    [
      'once of node:events',
      `import { once } from 'node:events'; async function f() { await once(events, 'completed'); }`,
      [`waiting for the 'completed' event`],
    ],
    [
      'but no status that is read once',
      `async function f(id) { const job = await queue.getJob(id); return job.getState(); }`,
      [],
    ],
    [
      'but no loop over jobs',
      `async function f(jobs: Job[]) { for (const job of jobs) await job.getState(); }`,
      [],
    ],
    [
      'but no promise that is dropped',
      `async function f(job: Job) { void job.waitUntilFinished(events); job.waitUntilFinished(events).catch(log); }`,
      [],
    ],
    ['but no event that is only logged', `async function f() { events.on('completed', () => log()); }`, []],
    [
      'but no event of another emitter',
      `async function f(upload) { await new Promise((r) => upload.on('completed', r)); }`,
      [],
    ],
    [
      'but no finished of a stream',
      `import { finished } from 'node:stream/promises'; async function f(s) { await finished(s); await s.finished(); }`,
      [],
    ],
    [
      'but no method of the project',
      `class T { waitUntilFinished() { return 1; } } async function f(t: T) { return t.waitUntilFinished(); }`,
      [],
    ],
  ])('%s', (_, code, expected) => {
    expect(labels(code)).toEqual(expected);
  });

  it('but no counted loop over jobs', () => {
    expect(
      labels(
        `async function f(jobs: Job[]) { for (let i = 0; i < jobs.length; i++) await jobs[i].getState(); }`,
      ),
    ).toEqual([]);
  });

  it('finished of a Bull job', () => {
    const code = `import Queue from 'bull'; const q = new Queue('a'); async function f() { const job = await q.add({}); return job.finished(); }`;
    expect(effects(code, awaitsResult).map(({ target }) => target)).toEqual(['job.finished()']);
  });
});

describe('a kind or a caller can leave out', () => {
  it('calls that are written in some way', () => {
    const kind: EffectKind = {
      ...boom,
      leads: ({ module }, call) => !module.textOf(call).startsWith('later('),
    };
    const code =
      'function f() { return [later(g), now(h)]; } function g() { boom(1); } function h() { boom(2); }';
    expect(effects(code, kind).map(({ target }) => target)).toEqual(['boom(2)']);
  });

  it('parts of the function', () => {
    const project = memoryProject({
      'a.ts': 'async function f() { await g(1); boom(2); await g(3); boom(4); } function g(n) { boom(n); }',
    });
    const start = project.ev.evaluate(project.find('a.ts', 'f', 'Identifier'));
    if (start.kind !== 'function') throw new Error('no function f');
    const part = ['g(3)', 'boom(4)'].map((text) => project.find('a.ts', text).node);
    const found = effectsOf(project.ev, start, boom, EVERYWHERE, new WeakMap(), part);
    expect(found.map(({ effect }) => effect.target)).toEqual(['boom(4)', 'boom(n)']);
  });
});

/** A second upsert ends where the first one did. */
const noticedWrites: EffectKind = {
  ...writesDatabase,
  find: (ev, running) => writesDatabase.find(ev, running).filter(({ isUpsert }) => !isUpsert),
};

describe('what is noticed when it comes twice', () => {
  const PRISMA = `import { PrismaClient } from '@prisma/client'; const db = new PrismaClient();`;
  const MAIL = `import nodemailer from 'nodemailer'; const mails = nodemailer.createTransport({});`;
  const QUEUE = `import { Queue } from 'bullmq'; const queue = new Queue('mail');`;

  it.each<[string, string, string[]]>([
    ['a mail', `${MAIL} async function f() { await mails.sendMail({}); }`, ['external']],
    ['a request', `async function f() { await fetch(url, { method: 'POST' }); }`, ['external']],
    ['a request that reads', `async function f() { await fetch(url); }`, []],
    ['a row', `${PRISMA} async function f() { await db.user.create({ data }); }`, ['database']],
    [
      'a change in a helper',
      `${PRISMA} async function f() { await g(); } const g = () => db.user.update({ where, data });`,
      ['database'],
    ],
    ['a read', `${PRISMA} async function f() { await db.user.findMany(); }`, []],
    ['an upsert', `${PRISMA} async function f() { await db.user.upsert({ where }); }`, []],
    ['a Map', `const map = new Map(); function f() { map.set(1, 2); map.delete(1); }`, []],
    ['a job', `${QUEUE} async function f() { await queue.add('send', {}); }`, ['job']],
    ['a job with an id', `${QUEUE} async function f() { await queue.add('send', {}, { jobId: id }); }`, []],
  ])('%s', (_, code, expected) => {
    const external = effects(code, externalCall).map(() => 'external');
    const database = effects(code, noticedWrites).map(() => 'database');
    const all = effects(code, acts).length;
    expect([...external, ...database, ...(all > external.length + database.length ? ['job'] : [])]).toEqual(
      expected,
    );
    expect(all).toBe(expected.length);
  });
});
