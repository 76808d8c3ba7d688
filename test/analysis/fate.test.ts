import { describe, expect, it } from 'vitest';
import { fateOf, type Fate } from '../../src/analysis/calls/fate.ts';
import { startUpOf } from '../../src/analysis/calls/start-up.ts';
import { functionName } from '../../src/analysis/source/nodes.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';

/** `dropped at g()`, `awaited by f`: the way a fate reads. */
function shown(project: MemoryProject, fate: Fate): string {
  const text = project.module('a.ts').textOf.bind(project.module('a.ts'));
  switch (fate.kind) {
    case 'dropped':
      return `dropped at ${text(fate.at)}${fate.through ? ' by a function in place' : ''}`;
    case 'awaited':
    case 'returned':
      return `${fate.kind} by ${(fate.by && functionName(fate.by)) ?? (fate.by ? 'a function' : 'the module')}`;
    default:
      return fate.kind;
  }
}

/** What becomes of the value of the call `g()`. */
function fate(code: string): string {
  const project = memoryProject({ 'a.ts': code });
  return shown(project, fateOf(project.ev, project.find('a.ts', 'g()', 'CallExpression')));
}

describe('the promise of g() is', () => {
  it.each<[string, string]>([
    ['await g();', 'awaited by the module'],
    ['async function f() { await g(); }', 'awaited by f'],
    ['async function f() { const x = (await g()) as X; }', 'awaited by f'],
    ['async function f() { try { await g(); } catch (e) { log(e); } }', 'handled'],
    ['async function f() { try { await g(); } catch (e) { throw new E(e); } }', 'awaited by f'],
    ['async function f() { try { await g(); } finally { log(); } }', 'awaited by f'],
    ['async function f() { try { x(); } catch (e) { await g(); } }', 'awaited by f'],
    ['function f() { return g(); }', 'returned by f'],
    ['const f = () => g();', 'returned by f'],
    ['class A { f() { return this.ok ? g() : null; } }', 'returned by A.f'],
    ['function f() { return ok && g(); }', 'returned by f'],
    ['async function f() { await g().then(x); }', 'awaited by f'],
    ['async function f() { await Promise.all([g(), h()]); }', 'awaited by f'],
    ['function f() { return Promise.allSettled([...a, g()]); }', 'returned by f'],
    ['async function f() { const p = g(); x(); await p; }', 'awaited by f'],
    ['async function f() { let p; p = g(); await p; }', 'awaited by f'],
    ['async function f() { const l = []; l.push(g()); await Promise.all(l); }', 'awaited by f'],
    ['async function f() { const l = [g()]; for (const p of l) await p; }', 'awaited by f'],
    ['async function f() { for await (const x of [g()]) h(x); }', 'awaited by f'],
    ['async function f() { await Promise.all(a.map(() => g())); }', 'awaited by f'],
    ['async function f() { await Promise.all(a.map(async () => { await g(); })); }', 'awaited by f'],
    ['async function f() { const l = a.map(async () => g()); return Promise.all(l); }', 'returned by f'],
    ['async function f() { await Promise.all(a.map(() => g()).filter(Boolean)); }', 'awaited by f'],
    ['async function f() { await a.reduce(async (p) => { await p; await g(); }, x); }', 'awaited by f'],
    ['async function f() { await Promise.all(Array.from(a, () => g())); }', 'awaited by f'],
    ['function f() { return x().then(() => g()); }', 'returned by f'],
    ['async function f() { await (async () => { await g(); })(); }', 'awaited by f'],
    ['g().catch(log);', 'handled'],
    ['g().then(x).catch(log);', 'handled'],
    ['g().then(x, log);', 'handled'],
    ['const p = g(); p.catch(log);', 'handled'],
    ['x().then(() => g()).catch(log);', 'handled'],
    ['Promise.allSettled([g()]);', 'handled'],
    ['void g();', 'voided'],
    ['void g().then(x);', 'voided'],
    ['function f() { g(); }', 'dropped at g()'],
    ['function f() { ok && g(); }', 'dropped at ok && g()'],
    ['function f() { ok ? g() : h(); }', 'dropped at ok ? g() : h()'],
    ['g().then(x);', 'dropped at g().then(x)'],
    ['g().then(x, undefined);', 'dropped at g().then(x, undefined)'],
    ['g().catch();', 'dropped at g().catch()'],
    ['g().finally(x);', 'dropped at g().finally(x)'],
    ['Promise.all([g(), h()]);', 'dropped at Promise.all([g(), h()])'],
    ['Promise.all(a.map(() => g()));', 'dropped at Promise.all(a.map(() => g()))'],
    ['const p = g();', 'dropped at g()'],
    ['function f() { let p; p = g(); }', 'dropped at g()'],
    ['function f() { const l = []; l.push(g()); log(l.length); }', 'dropped at l.push(g())'],
    ['async function f() { await a.map(() => g()); }', 'dropped at await a.map(() => g())'],
    ['a.forEach(() => g());', 'dropped at a.forEach(() => g())'],
    [
      'a.forEach(async () => { await g(); });',
      'dropped at a.forEach(async () => { await g(); }) by a function in place',
    ],
    ['a.forEach(async () => { try { await g(); } catch (e) { log(e); } });', 'handled'],
    ['a.map(() => g());', 'dropped at a.map(() => g())'],
    ['a.filter(() => g());', 'dropped at a.filter(() => g())'],
    ['setTimeout(() => g(), 9);', 'dropped at setTimeout(() => g(), 9)'],
    ['process.nextTick(() => g());', 'dropped at process.nextTick(() => g())'],
    ['setTimeout(async () => { await g(); }, 9);', 'awaited by a function'],
    [`process.on('x', () => g());`, `dropped at process.on('x', () => g())`],
    [`process.on('x', async () => { await g(); });`, 'awaited by a function'],
    [`bot.on('x', () => g());`, 'returned by a function'],
    ['(async () => { await g(); })();', 'dropped at (async () => { await g(); })() by a function in place'],
    ['console.log(g());', 'dropped at console.log(g())'],
    ['(g(), x);', 'dropped at g()'],
    ['each(() => g()); function each(fn) { for (;;) { fn(); } }', 'dropped at each(() => g())'],
    ['each(() => g()); async function each(fn) { for (;;) { await fn(); } }', 'returned by a function'],
    [`import _ from 'lodash'; _.each(a, () => g());`, 'dropped at _.each(a, () => g())'],
    [`import async from 'async'; async.forEach(a, () => g());`, 'returned by a function'],
    [`async function f() { await bluebird.map(a, () => g()); }`, 'awaited by f'],
    ['const { id } = g();', 'read'],
    ['function f() { const p = g(); log(p.id); }', 'read'],
    ['x = g().id;', 'read'],
    ['h(g());', 'unknown'],
    ['this.p = g();', 'unknown'],
    ['export const p = g();', 'unknown'],
    ['const o = { p: g() };', 'unknown'],
    ['const p = g(); h(p);', 'unknown'],
    ['const [x] = g();', 'unknown'],
    ['if (g()) x();', 'unknown'],
    ['g().save();', 'unknown'],
    [`app.get('/', () => g());`, 'returned by a function'],
    ['new Promise((r) => g().then(r));', 'returned by a function'],
  ])('%s: %s', (code, expected) => {
    expect(fate(code)).toBe(expected);
  });
});

describe('start-up', () => {
  it.each<[string, 'module' | 'object' | undefined]>([
    ['g();', 'module'],
    ['(async () => { g(); })();', 'module'],
    ['function main() { g(); } main();', 'module'],
    ['const main = async () => { run(); }; const run = () => { g(); }; main();', 'module'],
    ['connect().then(() => { g(); });', 'module'],
    ['app.listen(80, () => g());', 'module'],
    ['class A { constructor() { g(); } }', 'object'],
    ['class A { async onModuleInit() { g(); } }', 'object'],
    ['class A { run() { g(); } }', undefined],
    ['export function main() { g(); } main();', undefined],
    ['function f() { g(); }', undefined],
    ['function f() { g(); } f(); function h() { f(); }', undefined],
    [`app.get('/', () => g());`, undefined],
    ['function f() { g(); } x(f);', undefined],
  ])('%s: %s', (code, expected) => {
    const project = memoryProject({ 'a.ts': code });
    const { module, node } = project.find('a.ts', 'g()', 'CallExpression');
    expect(startUpOf(module, node)).toBe(expected);
  });
});
