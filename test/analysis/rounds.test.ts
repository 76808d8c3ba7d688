import { describe, expect, it } from 'vitest';
import { mostMembers } from '../../src/analysis/calls/filled-lists.ts';
import { isIteration, repeats, roundsAround } from '../../src/analysis/calls/rounds.ts';
import {
  enclosingFunction,
  isFunction,
  type FunctionNode,
  type Node,
} from '../../src/analysis/source/nodes.ts';
import { lengthOf } from '../../src/analysis/values/lengths.ts';
import { marked } from '../support/describe.ts';
import { memoryProject } from '../support/memory.ts';

function place(code: string): Node {
  return marked(memoryProject({ 'a.ts': code })).node;
}

describe('the rounds around a place', () => {
  it.each<[string, string, string]>([
    ['are none in plain code', 'at(x)', ''],
    ['are those of a loop', 'for (const a of list) at(x)', 'list'],
    ['are those of keys', 'for (const a in object) at(x)', 'list'],
    ['are those of numbers', 'for (let i = 0; i < n; i++) at(x)', 'count'],
    ['have no end that is known', 'for (;;) at(x)', 'condition'],
    ['have a condition', 'while (a) { do { at(x) } while (b) }', 'condition condition'],
    ['come one by one', 'for await (const a of stream) at(x)', 'stream'],
    ['are not those of a head', 'for (const a of at(x)) {} while (at(y)) {}', ''],
    ['are those of a list', 'list.forEach((a) => { at(x) })', 'list'],
    ['are those of a list that is made', 'Array.from({ length: 3 }, (_, i) => at(x))', 'list'],
    ['are those of a package', 'pMap(list, (a) => at(x)); ', 'stream'],
    ['are those of a reduction', 'list.reduce(async (before, a) => { at(x) }, start)', 'stream'],
    ['come from the inside to the outside', 'for (const a of as) bs.map((b) => at(x))', 'list list'],
    ['are those of a number of items at a time', 'mapLimit(list, 5, (a) => at(x))', 'stream'],
    ['end at a function', 'for (const a of list) later(() => at(x))', ''],
    ['are none of another argument', 'list.map(at(x))', ''],
  ])('%s', (_, code, expected) => {
    expect(
      roundsAround(place(code))
        .map(({ kind }) => kind)
        .join(' '),
    ).toBe(expected);
  });
});

describe('a function comes to a place again', () => {
  const outer = (node: Node): FunctionNode => {
    let fn = enclosingFunction(node);
    for (let next = fn; next; next = enclosingFunction(next)) fn = next;
    if (!isFunction(fn)) throw new Error('no function');
    return fn;
  };
  it.each<[string, string, boolean]>([
    ['in a loop', 'for (const a of list) at(x)', true],
    ['in a callback that runs in place', 'for (const a of list) await retry(() => at(x))', true],
    ['not in a callback for later', `for (const a of list) a.on('x', () => at(x))`, false],
    ['not by a condition', 'while (a) at(x)', false],
    ['not where it leaves the loop', 'for (const a of list) { at(x); break; }', false],
    ['not where it returns', 'for (const a of list) if (a) return at(x)', false],
    [
      'not where it leaves a loop from inside',
      'for (let i = 0; i < 3; i++) { try { at(x); return; } catch {} }',
      false,
    ],
    ['where a switch is left', 'for (const a of list) { switch (a) { case 1: at(x); break; } }', true],
    [
      'where a block of a switch is left',
      'for (const a of list) { switch (a) { case 1: { at(x); break; } } }',
      true,
    ],
    ['where a loop inside is left', 'for (const a of list) { for (;;) { at(x); break; } }', true],
    ['where the function of an item returns', 'list.map((a) => { return at(x); })', true],
  ])('%s', (_, code, expected) => {
    const node = place(`async function f() { ${code} }`);
    expect(repeats(node, outer(node))).toBe(expected);
  });
});

it.each([
  ['list.map(send)', true],
  ['list.forEach(this.send)', true],
  ['list.map(5)', false],
  ['list.filter(send)', false],
  ['send(list)', false],
])('is an iteration: %s', (code, expected) => {
  expect(isIteration(place(`at(${code})`))).toBe(expected);
});

describe('the most items of a list', () => {
  it.each<[string, string, number | undefined]>([
    ['of a literal', 'at([1, 2])', 2],
    ['of a constant', 'const list = [1, 2, 3]; at(list)', 3],
    ['of either of two', 'at(a ? [1] : [1, 2])', 2],
    ['of what is put together', 'const list = [1]; at([...list, 2, 3])', 3],
    ['of a part', 'const list = [1, 2]; at(list.filter((x) => x).map(String))', 2],
    ['of properties', 'const kinds = { a: 1, b: 2 }; at(Object.keys(kinds))', 2],
    ['of an enum', `enum Kind { A = 'a', B = 'b' } at(Object.values(Kind))`, 2],
    ['of a number', 'at(Array.from({ length: 4 })); ', 4],
    ['of an array of a length', 'at([...Array(5).keys()])', 5],
    ['not of a list that is filled', 'const list = [1]; list.push(2); at(list)', undefined],
    ['not of a list that is empty at first', 'const list = []; at(list)', undefined],
    ['not of what cannot be seen', 'at(items)', undefined],
    ['not of what is spread from there', 'at([1, ...items])', undefined],
    ['not of properties that are spread', 'at(Object.keys({ a: 1, ...others }))', undefined],
    ['not of what has more than one for each', 'at([1, 2].flatMap((x) => many(x)))', undefined],
    ['not of a length that cannot be seen', 'at(Array.from({ length: n }))', undefined],
  ])('%s', (_, code, expected) => {
    const project = memoryProject({ 'a.ts': code });
    expect(lengthOf(project.ev, marked(project))).toBe(expected);
  });
});

describe('the most members of what is filled place by place', () => {
  it.each<[string, string, number | undefined]>([
    ['of a list', 'const list = [1]; if (a) list.push(2); else list.push(3, 4); at(list)', 4],
    ['of a set', 'const set = new Set(); set.add(1); if (a) set.add(2); at(set)', 2],
    ['of a set that begins with some', 'const set = new Set([1, 2]); set.add(3); at([...set])', 3],
    ['of a copy', 'const list = []; list.push(1); if (list.length > 0) at(Array.from(list))', 1],
    ['of a list of each round', 'for (const a of all) { const list = []; list.push(a); at(list) }', 1],
    ['not of what stays empty', 'const list = []; at(list)', undefined],
    [
      'not of what is filled in a loop',
      'const list = []; for (const a of all) list.push(a); at(list)',
      undefined,
    ],
    [
      'not of what is filled by a callback',
      'const list = []; all.forEach((a) => list.push(a)); at(list)',
      undefined,
    ],
    [
      'not of what a function fills',
      'const list = []; function note(a) { list.push(a); } at(list)',
      undefined,
    ],
    ['not of what many are added to', 'const list = [0]; list.push(...all); at(list)', undefined],
    ['not of what is added in a row', 'const set = new Set(); set.add(1).add(2); at(set)', undefined],
    ['not of what begins with others', 'const list = [...all]; list.push(1); at(list)', undefined],
    ['not of a set of others', 'const set = new Set(all); set.add(1); at(set)', undefined],
    ['not of what is given to others', 'const list = []; list.push(1); fill(list); at(list)', undefined],
    ['not of what is given another list', 'let list = []; list.push(1); list = all; at(list)', undefined],
    ['not of what is given out', 'const list = []; list.push(1); const other = list; at(list)', undefined],
    ['not of what is made longer', 'const list = []; list.push(1); list.length = n; at(list)', undefined],
    ['not of what is put at an index', 'const list = []; list.push(1); list[n] = 2; at(list)', undefined],
    ['not of what is had from elsewhere', 'const list = load(); list.push(1); at(list)', undefined],
  ])('%s', (_, code, expected) => {
    const written = code.replace(/\bat\((.+?)\)(?= \}|$)/, 'for (const one of $1);');
    const module = memoryProject({ 'a.ts': written }).module('a.ts');
    const list = module
      .nodes('ForOfStatement')
      .find(({ left }) => module.textOf(left) === 'const one')?.right;
    expect(list && mostMembers(module, list)).toBe(expected);
  });
});
