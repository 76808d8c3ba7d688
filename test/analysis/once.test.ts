import { describe, expect, it } from 'vitest';
import { runsOnce } from '../../src/analysis/calls/once.ts';
import { memoryProject } from '../support/memory.ts';

/** Whether `make()` runs once, in the function `f`. */
function once(code: string): boolean {
  const project = memoryProject({ 'a.ts': code });
  const fn = project.ev.evaluate(project.find('a.ts', 'f', 'Identifier'));
  if (fn.kind !== 'function') throw new Error('no function f');
  return runsOnce(project.module('a.ts'), project.find('a.ts', 'make()').node, fn.at.node);
}

describe('code that runs once', () => {
  it.each<[string, string]>([
    ['is assigned where nothing was', 'let x; function f() { x ??= make(); }'],
    ['is assigned with ||=', 'let x; function f() { x ||= make(); }'],
    ['stands under a test for its absence', 'let x; function f() { if (!x) { x = make(); } }'],
    [
      'stands under a test of a map',
      'const m = new Map(); function f(k) { if (!m.has(k)) m.set(k, make()); }',
    ],
    ['stands behind an early return', 'let x; function f() { if (x) return x; x = make(); return x; }'],
    [
      'stands behind an early return of a local name',
      'const m = {}; function f(k) { const y = m[k]; if (y !== undefined) { return y; } const z = make(); m[k] = z; return z; }',
    ],
    ['stands behind a flag', 'let done = false; function f() { if (done) return; done = true; make(); }'],
    ['is the other side of ??', 'const m = new Map(); function f(k) { return m.get(k) ?? make(); }'],
    ['is the other side of a conditional', 'let x; function f() { x = x ? x : make(); }'],
    ['is a field of globalThis', 'function f() { if (!globalThis.x) globalThis.x = make(); }'],
    ['is a property of what the function is given', 'function f(app) { if (!app.x) { app.x = make(); } }'],
    ['is a promise that is kept', 'let p; function f() { p ??= (async () => { return make(); })(); }'],
    ['is in a function that is memoized', 'function f() { return once(() => make()); }'],
  ])('%s', (_, code) => {
    expect(once(code)).toBe(true);
  });
});

describe('code that runs each time', () => {
  it.each<[string, string]>([
    ['is plain', 'function f() { return make(); }'],
    ['is assigned without a test', 'let x; function f() { x = make(); }'],
    ['is put into a map without a test', 'const m = new Map(); function f(k) { m.set(k, make()); }'],
    [
      'is looked for and never kept',
      'const m = new Map(); function f(k) { const y = m.get(k); if (y) return y; return make(); }',
    ],
    ['is kept in a local variable', 'function f() { let x; if (!x) x = make(); return x; }'],
    ['stands under another test', 'let n; function f(a) { if (a.ok) { n = 1; make(); } }'],
    ['is the default of a parameter', 'function f(x) { return x ?? make(); }'],
    [
      'stands behind a return for another reason',
      'let n = 0; function f(a) { if (!a) return; n = 1; make(); }',
    ],
    ['is wrapped in something else', 'function f() { return retry(() => make()); }'],
  ])('%s', (_, code) => {
    expect(once(code)).toBe(false);
  });
});
