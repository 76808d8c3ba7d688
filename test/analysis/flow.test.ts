import { describe, expect, it } from 'vitest';
import { flowOf, type Flow } from '../../src/analysis/flow/flow.ts';
import type { SourceModule } from '../../src/analysis/source/module.ts';
import { isFunction, unwrap, type Node } from '../../src/analysis/source/nodes.ts';
import { readModule, readers } from '../support/modules.ts';

interface Read {
  flow: Flow;
  module: SourceModule;
  /** The call of a function by its name. */
  call: (name: string) => Node;
}

/** The flow of the function `f` of a text. */
function read(code: string, reader: (typeof readers)[number] = 'foreign'): Read {
  const module = readModule(reader, code);
  const fn = [...module.nodes('FunctionDeclaration'), ...module.nodes('ArrowFunctionExpression')].find(
    isFunction,
  );
  const flow = fn && flowOf(module, fn);
  if (!flow) throw new Error('no flow');
  const call = (name: string): Node => {
    const found = module
      .nodes('CallExpression')
      .find(({ callee }) => module.textOf(unwrap(callee)).split('.').at(-1) === name);
    if (!found) throw new Error(`no call of ${name}`);
    return found;
  };
  return { flow, module, call };
}

/** What decides whether `work()` runs: `sent` is by true, `!sent` by false. */
function decisions(body: string): string[] {
  const { flow, module, call } = read(`async function f(x) { ${body} }`);
  return flow.decisionsBefore(call('work')).map(({ test, when }) => {
    const text =
      test.type === 'SwitchCase' ? `case ${test.test ? module.textOf(test.test) : ''}` : module.textOf(test);
    return `${when ? '' : '!'}${text}`;
  });
}

describe('what decides whether a call runs', () => {
  it.each<[string, string, string[]]>([
    ['nothing', 'work();', []],
    ['an if around', 'if (a) work();', ['a']],
    ['an else', 'if (a) b(); else work();', ['!a']],
    ['an early return', 'if (a) return; work();', ['!a']],
    ['an early throw', 'if (a) throw b; work();', ['!a']],
    ['a return in an else', 'if (a) b(); else return; work();', ['a']],
    ['a negation', 'if (!a) return; work();', ['a']],
    ['an or that returns: both', 'if (a || b) return; work();', ['!a', '!b']],
    ['an and that returns: the last', 'if (a && b) return; work();', ['!b']],
    ['an and around: both', 'if (a && b) work();', ['a', 'b']],
    ['a test that both ways lead on from', 'if (a) b(); work();', []],
    ['a logical expression', 'a && work();', ['a']],
    ['an alternative', 'a || work();', ['!a']],
    ['a default', 'const v = a ?? work();', ['!a']],
    ['a conditional', 'const v = a ? b : work();', ['!a']],
    [
      'a case',
      'switch (a) { case 1: b(); break; case 2: work(); break; default: c(); }',
      ['!case 1', 'case 2'],
    ],
    ['a case that is fallen into', 'switch (a) { case 1: b(); case 2: work(); }', ['case 2']],
    ['a default case', 'switch (a) { case 1: return; default: work(); }', ['!case 1']],
    ['what a switch returns for', 'switch (a) { case 1: return; case 2: b(); } work();', ['!case 1']],
    ['the elements of a loop', 'for (const a of list) work(a);', ['list']],
    ['a loop that another follows', 'for (const a of list) b(a); work();', []],
    ['continue', 'for (const a of list) { if (a.done) continue; work(a); }', ['list', '!a.done']],
    ['break', 'for (const a of list) { if (a.done) break; work(a); }', ['list', '!a.done']],
    ['break of an outer loop', 'o: for (;;) { for (;;) { if (a) break o; work(); } }', ['!a']],
    ['a while', 'while (a) work();', ['a']],
    ['a do', 'do { work(); } while (a);', []],
    [
      'a return in a callback ends only that',
      'list.forEach((a) => { if (a.done) return; b(a); }); work();',
      [],
    ],
    [
      'a return in a callback before it',
      'list.forEach((a) => { if (a.done) return; work(a); });',
      ['list', '!a.done'],
    ],
    ['what a callback is run for each of', 'await Promise.all(list.map((a) => work(a)));', ['list']],
    ['a return before a try', 'if (a) return; try { work(); } catch (e) { b(); }', ['!a']],
    ['a return in a try', 'try { if (a) return; work(); } finally { b(); }', ['!a']],
    ['a return in a try, after it', 'try { if (a) return; b(); } finally { c(); } work();', ['!a']],
    ['a return that a finally follows', 'try { if (a) return; } finally { work(); }', []],
    ['a catch that goes on', 'try { b(); } catch (e) { if (a) return; } work();', ['!a']],
    ['an await inside a test', 'if (await a()) return; work();', ['!await a()']],
    ['an assignment in a test', 'let v; if ((v = a)) work();', ['v = a']],
  ])('%s', (_, body, expected) => {
    expect(decisions(body)).toEqual(expected);
  });
});

describe('what has always run before a call', () => {
  it.each<[string, string, boolean]>([
    ['a statement before', 'first(); work();', true],
    ['a statement after', 'work(); first();', false],
    ['one branch', 'if (a) first(); work();', false],
    ['both ways through a return', 'if (a) { first(); } else return; work();', true],
    ['an argument', 'work(first());', true],
    ['what is called', 'first().work();', true],
    ['a callback that runs once', 'await lock.using(async () => { first(); }); work();', true],
    ['a callback for each element', 'list.forEach(() => { first(); }); work();', false],
    ['a loop', 'for (const a of list) first(); work();', false],
    ['a condition of a loop', 'while (first()) a(); work();', true],
    ['in a try whose catch goes on', 'try { a(); first(); } catch (e) {} work();', false],
    ['in a try whose catch fails', 'try { a(); first(); } catch (e) { throw e; } work();', true],
    ['in a finally', 'try { a(); } finally { first(); } work();', true],
    ['a function that is only defined', 'const g = () => { first(); }; work();', false],
    ['a listener', "x.on('done', () => { first(); }); work();", false],
    ['a function that is called in place', '(() => { first(); })(); work();', true],
    ['the executor of a promise', 'await new Promise((resolve) => { first(); resolve(); }); work();', true],
  ])('%s', (_, body, expected) => {
    const { flow, call } = read(`async function f(x) { ${body} }`);
    expect(flow.isAlwaysBefore(call('first'), call('work'))).toBe(expected);
  });
});

describe('what can run after a call in the same round of a loop', () => {
  it.each<[string, string, boolean]>([
    ['what stands after it', 'for (const a of l) { first(); work(); }', true],
    ['nothing that stands before it', 'for (const a of l) { work(); first(); }', false],
    ['nothing of the other branch', 'for (const a of l) { if (a) first(); else work(); }', false],
    ['a loop inside', 'for (const a of l) { first(); for (const b of a) work(); }', true],
    ['nothing before it in a while', 'while (next()) { work(); first(); }', false],
    ['nothing before it in a counted loop', 'for (let i = 0; i < 9; i++) { work(); first(); }', false],
    ['nothing before it in a callback', 'l.forEach((a) => { work(); first(); });', false],
    [
      'nothing before it in the outer of two loops',
      'for (const a of l) for (const b of a) { work(); first(); }',
      false,
    ],
    ['what stands after the loop', 'for (const a of l) first(); work();', true],
    ['without a loop, what stands after it', 'first(); work();', true],
  ])('%s', (_, body, expected) => {
    const { flow, call } = read(`async function f(x) { ${body} }`);
    expect(flow.canFollowInRound(call('first'), call('work'))).toBe(expected);
  });
});

describe('what can run after a call', () => {
  it.each<[string, string, boolean]>([
    ['a statement after', 'first(); work();', true],
    ['a statement before', 'work(); first();', false],
    ['another branch', 'if (a) first(); else work();', false],
    ['another case', 'switch (a) { case 1: first(); break; case 2: work(); }', false],
    ['a case that is fallen into', 'switch (a) { case 1: first(); case 2: work(); }', true],
    ['after a return', 'if (a) { first(); return; } work();', false],
    ['in the next round of a loop', 'for (const a of list) { work(); first(); }', true],
    ['a catch', 'try { first(); } catch (e) { work(); }', true],
    ['a catch, from outside', 'first(); try { a(); } catch (e) { work(); }', true],
    ['a finally after a return', 'try { first(); return; } finally { work(); }', true],
  ])('%s', (_, body, expected) => {
    const { flow, call } = read(`async function f(x) { ${body} }`);
    expect(flow.canFollow(call('first'), call('work'))).toBe(expected);
  });
});

describe('whether every way to a call takes a step: first() or a false `found`', () => {
  it.each<[string, string, boolean]>([
    ['one way does not', 'if (force) first(); work();', false],
    ['each way does', 'if (found) first(); work();', true],
    [
      'two tests that complement each other',
      'if (found && force) first(); else if (found && !force) return; work();',
      true,
    ],
    [
      'two tests of other things',
      'if (found && force) first(); else if (found && !late) return; work();',
      false,
    ],
    [
      'an answer that is forgotten where its name is made anew',
      'if (found && force) first(); const force = f(); if (found && !force) return; work();',
      false,
    ],
    [
      'in each round',
      'for (const a of list) { if (found && force) first(); else if (found && !force) continue; work(); }',
      true,
    ],
    ['no such step', 'work();', false],
  ])('%s', (_, body, expected) => {
    const { flow, module, call } = read(`async function f(x) { ${body} }`);
    const tests = flow.tests.filter((test) => module.textOf(test) === 'found');
    const made = module.nodes('VariableDeclarator').filter(({ init }) => init);
    const steps = {
      nodes: new Set(body.includes('first') ? [call('first')] : []),
      results: new Map(tests.map((test) => [test, false])),
      questionOf: (test: Node) => ({ text: module.textOf(test), madeAt: made }),
    };
    expect(flow.isAlwaysPast(call('work'), steps)).toBe(expected);
  });
});

it.each(readers)('is the same through each parser: %s', (reader) => {
  const { flow, module, call } = read(
    'async function f(x) { const a = await x?.load(); if (a?.sent) return; try { await work(a); } finally { done(); } }',
    reader,
  );
  expect(flow.decisionsBefore(call('work')).map(({ test, when }) => [module.textOf(test), when])).toEqual([
    ['a?.sent', false],
  ]);
  expect(flow.isAlwaysBefore(call('load'), call('work'))).toBe(true);
  expect(flow.canFollow(call('work'), call('done'))).toBe(true);
});

it('takes a tagged template for the call that it is', () => {
  const { flow, module, call } = read(
    'async function f(x) { const a = await sql`select ${first()}`; work(a); }',
  );
  const [query] = module.nodes('TaggedTemplateExpression');
  expect(query && flow.isAlwaysBefore(query, call('work'))).toBe(true);
  expect(query && flow.isAlwaysBefore(call('first'), query)).toBe(true);
});

it('knows which nodes the function gets to', () => {
  const { flow, call } = read('async function f(x) { work(); return; first(); }');
  expect([flow.has(call('work')), flow.has(call('first'))]).toEqual([true, false]);
});

it('leaves functions of many thousands of steps alone', () => {
  const module = readModule('foreign', `function f() { ${'a();'.repeat(30_000)} }`);
  const [fn] = module.nodes('FunctionDeclaration');
  expect(fn && flowOf(module, fn)).toBeUndefined();
});

it('takes nested finally blocks without growing out of bounds', () => {
  const nest = (depth: number): string =>
    depth === 0
      ? 'work();'
      : `try { if (a${String(depth)}) return; b(); ${nest(depth - 1)} } finally { c(); d(); }`;
  const { flow, call } = read(`async function f(x) { ${nest(8)} }`);
  expect(flow.decisionsBefore(call('work'))).toHaveLength(8);
});
