import type { TSESTree } from '@typescript-eslint/utils';
import { describe, expect, it } from 'vitest';
import { bodyOf, isFloating } from '../../src/analysis/calls/body.ts';
import { enteredBy } from '../../src/analysis/calls/callees.ts';
import { functionName, unwrap } from '../../src/analysis/source/nodes.ts';
import { here } from '../../src/analysis/values/evaluation.ts';
import type { Ref } from '../../src/analysis/values/value.ts';
import { describeValue, marked } from '../support/describe.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

const files = (code: string | Files): Files => (typeof code === 'string' ? { 'a.ts': code } : code);

/** What the function `f` calls as a part of itself. */
function callsOf(code: string): string[] {
  const project = memoryProject({ 'a.ts': code });
  const fn = project.ev.evaluate(project.find('a.ts', 'f', 'Identifier'));
  if (fn.kind !== 'function') throw new Error('no function f');
  return bodyOf(fn.at.module, fn.at.node).flatMap((node) =>
    node.type === 'CallExpression' && node.callee.type === 'Identifier' ? [node.callee.name] : [],
  );
}

describe('the body of a function holds', () => {
  it.each<[string, string, string[]]>([
    ['its statements, in source order', 'function f() { a(); if (x) { b(); } return c(); }', ['a', 'b', 'c']],
    ['the expression of an arrow', 'const f = () => a(b())', ['a', 'b']],
    ['callbacks that it hands on', 'function f() { l.map(() => a()); x.then(() => b()); }', ['a', 'b']],
    [
      'a function that is called at once',
      'function f() { (() => { a(); })(); (async function () { b(); })(); }',
      ['a', 'b'],
    ],
    ['the executor of a promise', 'function f() { return new Promise((r) => { a(r); }); }', ['a']],
    ['a callback in an assertion', 'function f() { l.map((() => a()) as Fn); }', ['a']],
    ['catch and finally', 'function f() { try { a(); } catch { b(); } finally { c(); } }', ['a', 'b', 'c']],
    [
      'no function that it only defines',
      'function f() { const g = () => a(); function h() { b(); } return g; }',
      [],
    ],
    ['no function that it returns', 'function f() { return () => a(); }', []],
    ['no method of an object it makes', 'function f() { return { m() { a(); }, n: () => b() }; }', []],
    ['no class', 'function f() { class A { x = a(); m() { b(); } } c(); }', ['c']],
    [
      'no listener',
      `function f() { x.on('e', () => a()); x.once('e', () => b()); x.addEventListener('e', () => c()); x.subscribe(() => d()); }`,
      [],
    ],
    ['no default of a parameter', 'function f(x = a()) { b(); }', ['b']],
  ])('%s', (_, code, expected) => {
    expect(callsOf(code)).toEqual(expected);
  });
});

function markedCall(project: MemoryProject): Ref<TSESTree.CallExpression> {
  const ref = marked(project);
  return { ...ref, node: unwrap(ref.node) as TSESTree.CallExpression };
}

/** The functions that run because of the marked call. */
function entered(code: string | Files): string[] {
  const project = memoryProject(files(code));
  return enteredBy(project.ev, markedCall(project)).map(({ fn }) => functionName(fn.at.node) ?? 'function');
}

describe('a call runs', () => {
  it.each<[string, string | Files, string[]]>([
    ['a local function', 'function g() {} at(g())', ['g']],
    ['a constant arrow', 'const g = () => {}; at(g())', ['g']],
    [
      'an imported function',
      { 'a.ts': `import { g } from './b'; at(g())`, 'b.ts': 'export function g() {}' },
      ['g'],
    ],
    [
      'a default import',
      { 'a.ts': `import h from './b'; at(h())`, 'b.ts': 'export default function g() {}' },
      ['g'],
    ],
    [
      'a function through barrels',
      {
        'a.ts': `import { h } from './i'; at(h())`,
        'i.ts': `export { g as h } from './b'`,
        'b.ts': 'export const g = () => {}',
      },
      ['g'],
    ],
    [
      'a function of a namespace',
      { 'a.ts': `import * as b from './b'; at(b.g())`, 'b.ts': 'export function g() {}' },
      ['g'],
    ],
    [
      'a required function',
      { 'a.js': `const { g } = require('./b'); at(g())`, 'b.js': 'module.exports = { g() {} }' },
      ['g'],
    ],
    [
      'a whole required function',
      { 'a.js': `const h = require('./b'); at(h())`, 'b.js': 'module.exports = function g() {}' },
      ['g'],
    ],
    ['a method of this', 'class A { g() {} f() { at(this.g()); } }', ['A.g']],
    ['an inherited method', 'class A { g() {} } class B extends A { f() { at(this.g()); } }', ['A.g']],
    ['a private method', 'class A { #g() {} f() { at(this.#g()); } }', ['A.#g']],
    ['super.method()', 'class A { g() {} } class B extends A { g() { at(super.g()); } }', ['A.g']],
    ['a field with an arrow', 'class A { g = () => {}; f() { at(this.g()); } }', ['g']],
    [
      'a method of an injected service',
      {
        'a.ts': `import { S } from './b'; class A { constructor(private readonly s: S) {} f() { at(this.s.g()); } }`,
        'b.ts': '@Injectable() export class S { g() {} }',
      },
      ['S.g'],
    ],
    [
      'a method of a service that the module hands out',
      `import { ModuleRef } from '@nestjs/core'; class S { g() {} } class A { constructor(private refs: ModuleRef) {} f() { const s = this.refs.get(S, { strict: false }); at(s.g()); } }`,
      ['S.g'],
    ],
    [
      'a method of a service of an application',
      `import { NestFactory } from '@nestjs/core'; class S { g() {} } const app = await NestFactory.createApplicationContext(M); at(app.get(S).g())`,
      ['S.g'],
    ],
    [
      'a method of a service of a container',
      `import { container } from 'tsyringe'; class S { g() {} } at(container.resolve(S).g())`,
      ['S.g'],
    ],
    ['no method of what a Map has under a class', 'class S { g() {} } at(new Map().get(S).g())', []],
    [
      'a method of a service in a field',
      'class S { g() {} } class A { s = new S(); f() { at(this.s.g()); } }',
      ['S.g'],
    ],
    [
      'a method of an exported instance',
      { 'a.ts': `import { s } from './b'; at(s.g())`, 'b.ts': 'class S { g() {} } export const s = new S()' },
      ['S.g'],
    ],
    ['a method by the type of a parameter', 'class S { g() {} } function f(s: S) { at(s.g()); }', ['S.g']],
    ['a method of an object of functions', 'const o = { g() {} }; at(o.g())', ['g']],
    [
      'a method of an exported object of functions',
      { 'a.ts': `import { o } from './b'; at(o.g())`, 'b.ts': 'const g = () => {}; export const o = { g }' },
      ['g'],
    ],
    ['a static method', 'class A { static g() {} } at(A.g())', ['A.g']],
    ['a constructor', 'class A { constructor() {} } at(new A())', ['A.constructor']],
    ['no constructor where there is none', 'class A {} at(new A())', []],
    ['each of several', 'const g = x ? function a() {} : function b() {}; at(g())', ['a', 'b']],
    ['what a factory returns', 'const make = () => function g() {}; at(make()())', ['g']],
    ['an optional call', 'const o = { g() {} }; at(o?.g?.())', ['g']],
    ['an asserted function', 'const g = () => {}; at((g as Fn)())', ['g']],
    ['a bound function', 'function g() {} const h = g.bind(x); at(h())', ['g']],
    ['a function handed to what cannot be seen', 'function g() {} at(l.forEach(g))', ['g']],
    ['a method handed to what cannot be seen', 'class A { g() {} f() { at(l.map(this.g)); } }', ['A.g']],
    ['a bound method handed on', 'class A { g() {} f() { at(l.map(this.g.bind(this))); } }', ['A.g']],
    [
      'a function handed to a wrapper of a package',
      `import w from 'express-async-handler'; function g() {} at(w(g))`,
      ['g'],
    ],
    ['no function handed to a listener', `function g() {} at(x.on('e', g))`, []],
    ['no result of a call handed on', 'const make = () => function g() {}; at(h(make()))', []],
    ['nothing for a package', `import { g } from 'x'; at(g())`, []],
    ['nothing for a parameter', 'function f(g) { at(g()); }', []],
  ])('%s', (_, code, expected) => {
    expect(entered(code)).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['with its arguments', 'function g(p) { p; } at(g(1))', '1'],
    ['with nothing for what is not given', 'function g(p) { p; } at(g())', 'undefined'],
    ['with the arguments of bind first', 'function g(o, p) { p; } const h = g.bind(null, 0); at(h(1))', '1'],
    ['of a closure with those of both calls', 'const make = (p) => function g() { p; }; at(make(1)())', '1'],
    [
      'of a method with its instance',
      'class A { constructor(n) { this.n = n; } g() { const p = this.n; p; } } at(new A(1).g())',
      '1',
    ],
    ['of a constructor with its arguments', 'class A { constructor(p) { p; } } at(new A(1))', '1'],
    ['with unknown arguments when they are spread', 'function g(p) { p; } at(g(...x))', '?'],
  ])('a function %s', (_, code, expected) => {
    const project = memoryProject({ 'a.ts': code });
    const [first] = enteredBy(project.ev, markedCall(project));
    const use = project
      .module('a.ts')
      .nodes('ExpressionStatement')
      .find(({ expression }) => expression.type === 'Identifier');
    if (!first || !use) throw new Error('nothing entered');
    const value = project.ev.evaluate(here(first.fn.at.module, use.expression, first.frame));
    expect(describeValue(project.ev, value)).toBe(expected);
  });
});

describe('the promise of a call', () => {
  it.each<[string, boolean]>([
    ['g();', true],
    ['void g();', true],
    ['g().then(x);', true],
    ['g().catch(x).finally(y);', true],
    ['(g() as Promise<void>);', true],
    ['await g();', false],
    ['await g().catch(x);', false],
    ['const p = g();', false],
    ['h(g());', false],
    ['x = g();', false],
    ['() => g();', false],
    ['g().toString();', false],
  ])('%s is dropped: %s', (text, expected) => {
    const project = memoryProject({ 'a.ts': text });
    const call = project
      .module('a.ts')
      .nodes('CallExpression')
      .find((node) => project.module('a.ts').textOf(node) === 'g()');
    expect(call && isFloating(call)).toBe(expected);
  });
});
