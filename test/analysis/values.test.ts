import { describe, expect, it } from 'vitest';
import { libraryObjects, nameText } from '../../src/analysis/jobs/recognize.ts';
import { givenRef, isLeftToCallers } from '../../src/analysis/values/trace.ts';
import { describeValue, marked, optionAt, valueAt } from '../support/describe.ts';
import { memoryProject } from '../support/memory.ts';

type Files = Readonly<Record<string, string>>;

/** Queue names that the receiver of `.add` can have. */
function queueNames(files: Record<string, string>, file: string, receiver: string): (string | undefined)[] {
  const project = memoryProject(files);
  return libraryObjects(project.ev, project.value(file, receiver), 'queue').map((queue) =>
    nameText(project.ev, queue),
  );
}

describe('a queue is recognised through', () => {
  it.each<[string, Record<string, string>, string, string[]]>([
    [
      'a module constant',
      { 'a.ts': `import { Queue } from 'bullmq'; const q = new Queue('mail'); q.add` },
      'q',
      ['mail'],
    ],
    [
      'an import',
      {
        'q.ts': `import { Queue } from 'bullmq'; export const q = new Queue('mail');`,
        'a.ts': `import { q } from './q'; q.add`,
      },
      'q',
      ['mail'],
    ],
    [
      'a barrel',
      {
        'q.ts': `import { Queue } from 'bullmq'; export const q = new Queue('mail');`,
        'index.ts': `export * from './q';`,
        'a.ts': `import { q as mails } from './index'; mails.add`,
      },
      'mails',
      ['mail'],
    ],
    [
      'require and module.exports',
      {
        'q.js': `const { Queue } = require('bullmq'); const q = new Queue('mail'); module.exports = { q };`,
        'a.js': `const { q } = require('./q'); q.add`,
      },
      'q',
      ['mail'],
    ],
    [
      'an accessor with a lazy variable',
      {
        'a.ts': `import { Queue } from 'bullmq'; let q: Queue | null = null; function getQueue() { if (!q) q = new Queue('mail'); return q; } getQueue().add`,
      },
      'getQueue()',
      ['mail'],
    ],
    [
      'a nullable factory',
      {
        'a.ts': `import { Queue } from 'bullmq'; const make = (name: string) => { if (!process.env.REDIS) return null; return new Queue(name); }; const q = make('mail'); q?.add`,
      },
      'q',
      ['mail'],
    ],
    [
      'an object of queues',
      {
        'a.ts': `import { Queue } from 'bullmq'; const queues = { mail: new Queue('mail'), sms: new Queue('sms') }; queues.mail.add`,
      },
      'queues.mail',
      ['mail'],
    ],
    [
      'an object of queues by a dynamic key',
      {
        'a.ts': `import { Queue } from 'bullmq'; const queues = { mail: new Queue('mail'), sms: new Queue('sms') }; function f(k) { queues[k].add }`,
      },
      'queues[k]',
      ['mail', 'sms'],
    ],
    [
      'a Map',
      {
        'a.ts': `import { Queue } from 'bullmq'; const queues = new Map<string, Queue>(); function get(name) { const q = queues.get(name); q.add }`,
      },
      'q',
      [],
    ],
    [
      'a Map that is filled',
      {
        'a.js': `import { Queue } from 'bullmq'; const queues = new Map(); queues.set('mail', new Queue('mail')); queues.get('mail').add`,
      },
      `queues.get('mail')`,
      ['mail'],
    ],
    [
      'a wrapper class',
      {
        'a.ts': `import { Queue } from 'bullmq'; export class Mails { private queue: Queue; constructor() { this.queue = new Queue('mail'); } send() { this.queue.add } }`,
      },
      'this.queue',
      ['mail'],
    ],
    [
      'an instance of a wrapper class',
      {
        'm.ts': `import { Queue } from 'bullmq'; export class Base { queue; constructor(name: string) { this.queue = new Queue(name); } }`,
        'a.ts': `import { Base } from './m'; class Mails extends Base { constructor() { super('mail'); } } const m = new Mails(); m.queue.add`,
      },
      'm.queue',
      ['mail'],
    ],
    [
      'a subclass',
      {
        'a.ts': `import { Queue } from 'bullmq'; class MailQueue extends Queue { constructor() { super('mail', {}); } } const q = new MailQueue(); q.add`,
      },
      'q',
      ['mail'],
    ],
    [
      'a static',
      { 'a.ts': `import { Queue } from 'bullmq'; class Q { static mail = new Queue('mail'); } Q.mail.add` },
      'Q.mail',
      ['mail'],
    ],
    [
      'a singleton',
      {
        'a.ts': `import { Queue } from 'bullmq'; class Q { private static instance: Q; mail = new Queue('mail'); static getInstance() { if (!Q.instance) Q.instance = new Q(); return Q.instance; } } Q.getInstance().mail.add`,
      },
      'Q.getInstance().mail',
      ['mail'],
    ],
    [
      '@InjectQueue',
      {
        'a.ts': `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq'; const NAMES = { mail: 'mail' } as const; class S { constructor(@InjectQueue(NAMES.mail) private readonly q: Queue) {} f() { this.q.add } }`,
      },
      'this.q',
      ['mail'],
    ],
    [
      'what a container gives, by its annotation',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { container } from 'tsyringe'; const q: Queue = container.resolve('mail'); q.add`,
      },
      'q',
      [],
    ],
    [
      'such a field',
      {
        'a.ts': `import { Queue } from 'bullmq'; import { container } from 'tsyringe'; class S { q: Queue = container.resolve('mail'); f() { this.q.add } }`,
      },
      'this.q',
      [],
    ],
    [
      'an annotated record of what the language made',
      {
        'a.ts': `import { Queue } from 'bullmq'; const queues: Record<string, Queue> = Object.fromEntries(names.map((n) => [n, new Queue(n)])); queues.a.add`,
      },
      'queues.a',
      [],
    ],
    [
      'the default of a constructor parameter',
      {
        'a.ts': `import { Queue } from 'bullmq'; class S { constructor(private q = new Queue('mail')) {} f() { this.q.add } }`,
      },
      'this.q',
      ['mail'],
    ],
    [
      'a promise and then',
      {
        'a.ts': `import { Queue } from 'bullmq'; const make = async () => new Queue('mail'); make().then((q) => q.add)`,
      },
      'q',
      ['mail'],
    ],
    [
      'a dynamic import and then',
      { 'a.ts': `import('bullmq').then(({ Queue }) => { const q = new Queue('mail'); q.add })` },
      'q',
      ['mail'],
    ],
    [
      'a listener that is attached at once',
      { 'a.ts': `import { Queue } from 'bullmq'; const q = new Queue('mail').on('error', log); q.add` },
      'q',
      ['mail'],
    ],
    [
      'the bound of a type parameter',
      { 'a.ts': `import { Queue } from 'bullmq'; function f<Q extends Queue>(q: Q) { q.add }` },
      'q',
      [],
    ],
    [
      'a dynamic import',
      {
        'a.ts': `async function f() { const { Queue } = await import('bullmq'); const q = new Queue('mail'); q.add }`,
      },
      'q',
      ['mail'],
    ],
    [
      'an aliased import',
      { 'a.ts': `import * as mq from 'bullmq'; const q = new mq.Queue('mail'); q.add` },
      'q',
      ['mail'],
    ],
    [
      'an enum member as name',
      {
        'a.ts': `import { Queue } from 'bullmq'; enum Names { Mail = 'mail' } const q = new Queue(Names.Mail); q.add`,
      },
      'q',
      ['mail'],
    ],
  ])('%s', (_, files, receiver, names) => {
    const file = Object.keys(files).find((name) => name.startsWith('a.')) as string;
    expect(queueNames(files, file, receiver)).toEqual(names.length ? names : [undefined]);
  });

  it.each([
    ['a Set called queues', `const queues = new Set(); queues.add`, 'queues'],
    ['p-queue', `import PQueue from 'p-queue'; const queue = new PQueue(); queue.add`, 'queue'],
    ['a class of its own called Queue', `class Queue { add() {} } const q = new Queue(); q.add`, 'q'],
  ])('but not %s', (_, text, receiver) => {
    const project = memoryProject({ 'a.ts': text });
    expect(libraryObjects(project.ev, project.value('a.ts', receiver), 'queue')).toEqual([]);
  });
});

/** The marked expression of `a.ts`; further files are given as an object. */
function value(code: string | Files): string {
  return valueAt(memoryProject(typeof code === 'string' ? { 'a.ts': code } : code));
}

function option(code: string | Files, key = 'attempts'): string {
  return optionAt(memoryProject(typeof code === 'string' ? { 'a.ts': code } : code), key);
}

type Case = [name: string, code: string | Files, expected: string];

describe('the value of', () => {
  describe('literals and arithmetic', () => {
    it.each<[string, string]>([
      ['at(1)', '1'],
      [`at('a')`, `'a'`],
      ['at(true)', 'true'],
      ['at(null)', 'null'],
      ['at(undefined)', 'undefined'],
      ['at(void 0)', 'undefined'],
      ['at(10n)', '10n'],
      ['at(/a/)', '/a/'],
      ['at(NaN)', 'NaN'],
      ['at(-1)', '-1'],
      [`at(+'3')`, '3'],
      ['at(!0)', 'true'],
      ['at(60 * 1000)', '60000'],
      ['at(24 * 60 * 60)', '86400'],
      ['at(1_000 / 2)', '500'],
      ['at(2 ** 3 % 5)', '3'],
      ['at(1 - 2)', '-1'],
      [`at('a' + 'b')`, `'ab'`],
      [`at('a' + 1)`, `'a1'`],
      [`at('a' + x)`, 'string'],
      ['at(1 + x)', '?'],
      ['at(x * 2)', 'number'],
      ['at(1 === 1)', 'true'],
      ['at(a < b)', 'boolean'],
      ['at(!x)', 'boolean'],
      ['at(typeof x)', 'string'],
      ['at(`a`)', `'a'`],
      ['at(`a${1 + 1}b`)', `'a2b'`],
      ['at(`a${x}`)', 'string'],
      ['const n = 3; at(`a-${n}`)', `'a-3'`],
      ['at((1, 2))', '2'],
      ['let n = 1; at(n++)', 'number'],
    ])('%s', (code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('names', () => {
    it.each<Case>([
      ['a constant', 'const a = 1; at(a)', '1'],
      ['a chain of constants', 'const a = 1; const b = a; const c = b; at(c)', '1'],
      ['a variable with every assignment', `let a = 1; a = 2; if (x) a = 'b'; at(a)`, `1 | 2 | 'b'`],
      ['a variable that is set later', 'let a; a = 1; at(a)', '1'],
      ['a variable that a call may change', 'let a = 1; a += 2; at(a)', '1 | ?'],
      ['a default', 'const a = process.env.A ?? 3; at(a)', 'global:.process.env.A | 3'],
      [
        'options that a call gives',
        'function f(options) { const { a = 1 } = options ?? {}; return a; } at(f({ a: 2 }))',
        '2',
      ],
      [
        'a namespace of TypeScript',
        'namespace Api { export const a = 1; export namespace In { export const c = 3; } } at([Api.a, Api.In.c])',
        '[1, 3]',
      ],
      [
        'a namespace of TypeScript in two parts',
        'namespace Api { export const a = 1; } namespace Api { export function b() { return 2; } } at([Api.a, Api.b()])',
        '[1, 2]',
      ],
      [
        'a function that has a namespace beside it',
        {
          'a.ts': `import { send } from './b'; at(send())`,
          'b.ts': 'export function send() { return 1; } export namespace send { export const retries = 2; }',
        },
        '1',
      ],
      ['a known left side', 'const a = 0 ?? 3; const b = 0 || 4; at([a, b])', '[0, 4]'],
      ['a conditional', 'at(x ? 1 : 2)', '1 | 2'],
      ['a condition that holds or not', 'at(x && 1)', 'undefined | 1'],
      ['the same thing twice', 'at(x ? 1 : 1)', '1'],
      ['an assertion', 'const a = 1 as const; at(a as unknown as number)', '1'],
      ['a non-null assertion', 'let a: number | null = null; a = 1; at(a!)', '1'],
      ['satisfies', 'at({ a: 1 } satisfies X)', '{ a: 1 }'],
      ['a global', 'at(process.env.PORT)', 'global:.process.env.PORT'],
      [
        'an imported constant',
        { 'a.ts': `import { n } from './b'; at(n)`, 'b.ts': 'export const n = 3' },
        '3',
      ],
      ['an imported default', { 'a.ts': `import n from './b'; at(n)`, 'b.ts': 'export default 3' }, '3'],
      [
        'a member of an imported object',
        {
          'a.ts': `import { config } from './b'; at(config.jobs.attempts)`,
          'b.ts': 'export const config = { jobs: { attempts: 5 } } as const',
        },
        '5',
      ],
      [
        'a member of a namespace import',
        { 'a.ts': `import * as c from './b'; at(c.n)`, 'b.ts': 'export const n = 3' },
        '3',
      ],
      [
        'a whole require',
        { 'a.js': `const c = require('./b'); at(c.n)`, 'b.js': 'module.exports = { n: 3 }' },
        '3',
      ],
      [
        'a part of a require',
        { 'a.js': `const { n: m } = require('./b'); at(m)`, 'b.js': 'exports.n = 3' },
        '3',
      ],
      [
        'an import assignment',
        { 'a.ts': `import c = require('./b'); at(c)`, 'b.ts': 'const n = 3; export = n' },
        '3',
      ],
      [
        'a dynamic import',
        {
          'a.ts': `async function f() { const { n } = await import('./b'); at(n); }`,
          'b.ts': 'export const n = 3',
        },
        '3',
      ],
      [
        'the default of a dynamic import',
        {
          'a.ts': `async function f() { const m = await import('./b'); at(m.default); }`,
          'b.ts': 'export default 3',
        },
        '3',
      ],
      ['an own export read as exports.x', { 'a.js': 'exports.n = 3; at(exports.n)' }, '3'],
      ['a name that nothing declares', 'at(nothing)', 'global:.nothing'],
      ['a caught error', 'try {} catch (e) { at(e) }', 'global:.Error#'],
      ['a name that shadows another', 'const a = 1; { const a = 2; at(a); }', '2'],
      ['an element of a loop', 'for (const a of [1, 2]) at(a)', '1 | 2'],
      ['a key of a loop', 'for (const k in x) at(k)', 'string'],
      ['a variable used before it is declared', 'function f() { at(a); } const a = 1', '1'],
      ['a circular constant', 'const a = b; const b = a; at(a)', '?'],
      [
        'a circular import',
        {
          'a.ts': `import { b } from './b'; export const a = b; at(a)`,
          'b.ts': `import { a } from './a'; export const b = a`,
        },
        '?',
      ],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('destructuring', () => {
    it.each<Case>([
      ['a property', 'const { a } = { a: 1 }; at(a)', '1'],
      ['a renamed property', 'const { a: b } = { a: 1 }; at(b)', '1'],
      ['a nested property', 'const { a: { b } } = { a: { b: 1 } }; at(b)', '1'],
      ['a default that is used', 'const { a = 2 } = {}; at(a)', '2'],
      ['a default that may be used', 'const { a = 2 } = x.y as O; at(a)', 'global:.x.y.a | 2'],
      ['a default that is not used', 'const { a = 2 } = { a: 1 }; at(a)', '1'],
      ['a default for undefined', 'const { a = 2 } = { a: undefined }; at(a)', '2'],
      ['an element', 'const [a, b] = [1, 2]; at(b)', '2'],
      ['a missing element', 'const [a, b] = [1]; at(b)', 'undefined'],
      ['a computed property', `const { ['a']: b } = { a: 1 }; at(b)`, '1'],
      ['the rest', 'const { a, ...rest } = { a: 1, b: 2 }; at(rest)', '{ b: 2 }'],
      ['the rest of a spread', 'const { a, ...rest } = { ...x, b: 2 }; at(rest)', '?'],
      ['the rest besides a computed name', 'const { [k]: a, ...rest } = { a: 1, b: 2 }; at(rest)', '?'],
      ['an assignment', 'let a; ({ a } = { a: 1 }); at(a)', '1'],
      ['a parameter', 'function f({ a, b = 2 }) { return [a, b]; } at(f({ a: 1 }))', '[1, 2]'],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('objects', () => {
    it.each<Case>([
      [
        'its properties',
        `at({ a: 1, 'b': 2, ['c']: 3, [\`d\`]: 4, 5: 6 })`,
        `{ a: 1, b: 2, c: 3, d: 4, 5: 6 }`,
      ],
      ['a spread', 'const a = { b: 1, c: 2 }; at({ ...a, c: 3 })', '{ b: 1, c: 3 }'],
      ['a spread that comes later', 'const a = { c: 2 }; at({ c: 3, ...a })', '{ c: 2 }'],
      ['a conditional spread', 'at({ ...(x ? { a: 1 } : {}) })', '{ a: maybe 1 }'],
      ['a member', 'const o = { a: { b: 1 } }; at(o.a.b)', '1'],
      ['a member by a constant key', `const k = 'a'; const o = { a: 1 }; at(o[k])`, '1'],
      ['a member by any key', 'const o = { a: 1, b: 2 }; at(o[k])', '1 | 2'],
      ['an optional member', 'const o = { a: 1 }; at(o?.a)', '1'],
      ['a member that is not there', 'const o = { a: 1 }; at(o.b)', '?'],
      ['a member that is set later', 'const o = {}; o.a = 1; at(o.a)', '1'],
      ['a getter', 'const o = { get a() { return 1; } }; at(o.a)', '1'],
      ['a getter that uses this', 'const o = { b: 2, get a() { return this.b; } }; at(o.a)', '2'],
      ['a method that uses this', 'const o = { b: 2, a() { return this.b; } }; at(o.a())', '2'],
      ['Object.freeze', 'at(Object.freeze({ a: 1 }).a)', '1'],
      ['Object.assign', 'at(Object.assign({}, { a: 1 }, { a: 2 }))', '{ a: 2 }'],
      ['structuredClone', 'at(structuredClone({ a: 1 }))', '{ a: 1 }'],
      ['a declared record', 'const o: Record<string, Date> = {}; at(o.a)', 'global:.Date#'],
      ['Object.values', 'const o = { a: 1, b: 2 }; at(Object.values(o))', '(1 | 2)[]'],
      ['Object.keys', 'at(Object.keys({ a: 1 }))', 'string[]'],
      [
        'an object in a namespace',
        { 'a.ts': `import * as b from './b'; at(b.o.a)`, 'b.ts': 'export const o = { a: 1 }' },
        '1',
      ],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('lists and maps', () => {
    it.each<Case>([
      ['a list', 'at([1, 2])', '[1, 2]'],
      ['an element by its index', 'const l = [1, 2]; at(l[1])', '2'],
      ['an element by any index', 'const l = [1, 2]; at(l[i])', '1 | 2'],
      ['a length', 'at([1].length)', 'number'],
      ['a list with a spread', 'const l = [1]; at([...l, 2])', '(1 | 2)[]'],
      ['a list that grows', 'const l = []; l.push(1); at(l[0])', '1'],
      ['filter', 'at([1, 2].filter(Boolean))', '(1 | 2)[]'],
      ['find', 'at([1, 2].find(x))', '1 | 2'],
      ['map', 'at([1, 2].map((n) => ({ n })))', '({ n: 1 | 2 })[]'],
      ['the parameter of forEach', '[1, 2].forEach((n) => at(n))', '1 | 2'],
      ['the parameter of map over properties', '[{ a: 1 }].map(({ a }) => at(a))', '1'],
      ['join', `at(['a'].join('-'))`, 'string'],
      ['Promise.all', 'async function f() { at(await Promise.all([1, 2])) }', '[1, 2]'],
      ['a Map by what is put in', `const m = new Map(); m.set('a', 1); at(m.get('a'))`, '1'],
      ['a Map by its first entries', `const m = new Map([['a', 1]]); at(m.get('a'))`, '1'],
      ['a Map by its type', 'const m = new Map<string, Date>(); at(m.get(k))', 'global:.Date#'],
      ['a Map by its annotation', 'const m: Map<string, Date> = new Map(); at(m.get(k))', 'global:.Date#'],
      ['the values of a Map', `const m = new Map(); m.set('a', 1); for (const v of m.values()) at(v)`, '1'],
      ['a Set in a loop', 'const s = new Set(); s.add(1); for (const v of s) at(v)', '1'],
      [
        'the entries of a Map',
        `const m = new Map<string, Date>(); Array.from(m.entries()).map(([k, v]) => at(v))`,
        'string | global:.Date#',
      ],
      [
        'a Map in a field',
        `class A { m = new Map(); constructor() { this.m.set('a', 1); } f() { at(this.m.get('a')); } }`,
        '1',
      ],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('conditionals on what a call gives', () => {
    const make = 'function make(options) { return options?.isQueue ? null : 3; }';
    it.each<Case>([
      ['an option that is given', `${make} at(make({ isQueue: true }))`, 'null'],
      ['an option that is turned off', `${make} at(make({ isQueue: false }))`, '3'],
      ['an option that is left out', `${make} at([make({}), make()])`, '[3, 3]'],
      ['an option that is not known', `${make} at(make({ isQueue: x }))`, 'null | 3'],
      ['options that are not known', `${make} at(make(x))`, 'null | 3'],
      ['options that are spread', `${make} at(make({ ...x }))`, 'null | 3'],
      ['arguments that are spread', `${make} at(make(...x))`, 'null | 3'],
      [
        'a property of what is made',
        'const make = (isQueue) => ({ retries: isQueue ? null : 3 }); at([make(true).retries, make(false).retries])',
        '[null, 3]',
      ],
      ['a default', 'const make = (isQueue = true) => (isQueue ? null : 3); at(make())', 'null'],
      [
        'parts of the options',
        'const make = ({ isQueue = false } = {}) => (isQueue ? null : 3); at([make(), make({ isQueue: true })])',
        '[3, null]',
      ],
      ['a negation', 'const make = (isPlain) => (!isPlain ? null : 3); at(make(true))', '3'],
      [
        'a comparison',
        `const make = (mode) => (mode === 'queue' ? null : 3); at([make('queue'), make('cache'), make(x)])`,
        '[null, 3, null | 3]',
      ],
      [
        'several options',
        'const make = (a, b) => (a && b ? 1 : a || b ? 2 : 3); at([make(true, true), make(true, false), make(false, x)])',
        '[1, 2, 2 | 3]',
      ],
      [
        'what else is asked for',
        'const make = (isQueue) => (isQueue && x ? null : 3); at([make(true), make(false)])',
        '[null | 3, 3]',
      ],
      [
        'a parameter that gets another value',
        'function make(isQueue) { if (x) isQueue = false; return isQueue ? null : 3; } at(make(true))',
        'null | 3',
      ],
      [
        'an option that gets another value',
        'function make(options) { options.isQueue = x; return options.isQueue ? null : 3; } at(make({ isQueue: true }))',
        'null | 3',
      ],
      [
        'a list that may be missing',
        'function make(ids?: string[]) { return ids ? 1 : 2; } at([make(x), make([])])',
        '[1 | 2, 1]',
      ],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('functions', () => {
    it.each<Case>([
      ['what it returns', 'function f() { return 1; } at(f())', '1'],
      ['every return', 'function f() { if (x) return 1; return 2; } at(f())', '1 | 2'],
      ['an arrow', 'const f = () => ({ a: 1 }); at(f())', '{ a: 1 }'],
      ['no return', 'function f() {} at(f())', 'undefined'],
      ['an awaited function', 'async function f() { return 1; } async function g() { at(await f()); }', '1'],
      ['a parameter', 'function f(a) { return a; } at(f(1))', '1'],
      ['a parameter that is not given', 'function f(a) { return a; } at(f())', 'undefined'],
      ['a default', 'function f(a = 2) { return a; } at([f(), f(1)])', '[2, 1]'],
      [
        'an object made of parameters',
        'const opts = (attempts, delay) => ({ attempts, backoff: { delay } }); at(opts(3, 5))',
        '{ attempts: 3, backoff: { delay: 5 } }',
      ],
      ['parameters of the call, not of another', 'const f = (a) => ({ a }); f(9); at(f(1))', '{ a: 1 }'],
      ['rest parameters', 'function f(...a) { return a; } at(f(1, 2))', '[1, 2]'],
      ['a closure', 'const f = (a) => () => a; at(f(1)())', '1'],
      ['a function given to a function', 'const call = (f) => f(1); at(call((a) => a))', '1'],
      [
        'an imported function',
        {
          'a.ts': `import { f } from './b'; at(f(1))`,
          'b.ts': 'export function f(a) { return { a, c }; } const c = 2',
        },
        '{ a: 1, c: 2 }',
      ],
      ['bind', 'function f(a, b) { return [a, b]; } at(f.bind(null, 1)(2))', '[1, 2]'],
      ['call', 'function f(a) { return a; } at(f.call(null, 1))', '1'],
      ['a function that is called at once', 'at((() => 1)())', '1'],
      [
        'a function with overloads',
        'function f(a: 1): 1; function f(a: number): number; function f(a) { return a; } at(f(1))',
        '1',
      ],
      [
        'an imported function with overloads',
        {
          'a.ts': `import { f } from './b'; at(f(1))`,
          'b.ts': 'export function f(a: 1): 1; export function f(a) { return a; }',
        },
        '1',
      ],
      ['a nested return', 'function f() { const g = () => 2; return 1; } at(f())', '1'],
      ['a spread call', 'function f(a) { return a; } at(f(...x))', '?'],
      ['recursion', 'function f(n) { return n ? f(n - 1) : 0; } at([f(x), f(3)])', '[0 | ?, 0]'],
      ['a property of a function', 'function f() {} f.a = 1; at(f.a)', '1'],
      [
        'what a package returns',
        `import { z } from 'zod'; at(z.object({}).parse(x))`,
        'zod:.z.object().parse()',
      ],
      ['a declared return', 'function f(x): Date { return x.y; } at(f())', 'global:.Date#'],
      [
        'a promise by declaration',
        'async function f(x): Promise<Date> { return x.y; } async function g() { at(await f()); }',
        'global:.Date#',
      ],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('classes', () => {
    it.each<Case>([
      ['a field', 'class A { a = 1; } at(new A().a)', '1'],
      [
        'a field that the constructor sets',
        'class A { a; constructor() { this.a = 1; } } at(new A().a)',
        '1',
      ],
      ['a field from an argument', 'class A { constructor(a) { this.a = a; } } at(new A(1).a)', '1'],
      ['a parameter property', 'class A { constructor(private a: number) {} } at(new A(1).a)', '1'],
      ['a private field', 'class A { #a = 1; f() { at(this.#a); } }', '1'],
      ['a getter', 'class A { get a() { return 1; } } at(new A().a)', '1'],
      ['a method', 'class A { a() { return 1; } } at(new A().a())', '1'],
      ['a method that uses this', 'class A { b = 2; a() { return this.b; } } at(new A().a())', '2'],
      ['an arrow in a field', 'class A { b = 2; a = () => this.b; } at(new A().a())', '2'],
      ['an inherited field', 'class A { a = 1; } class B extends A {} at(new B().a)', '1'],
      ['an overridden field', 'class A { a = 1; } class B extends A { a = 2; } at(new B().a)', '2'],
      [
        'a getter of a subclass seen from the base',
        'class A { f() { return this.n; } } class B extends A { get n() { return 3; } } at(new B().f())',
        '3',
      ],
      [
        'arguments given on with super',
        'class A { constructor(a) { this.a = a; } } class B extends A { constructor(b) { super(b); } } at(new B(1).a)',
        '1',
      ],
      [
        'arguments of a class without a constructor',
        'class A { constructor(a) { this.a = a; } } class B extends A {} at(new B(1).a)',
        '1',
      ],
      ['super.method()', 'class A { f() { return 1; } } class B extends A { f() { at(super.f()); } }', '1'],
      [
        'a base class in another file',
        {
          'a.ts': `import { A } from './b'; class B extends A {} at(new B().a)`,
          'b.ts': 'export class A { a = 1; }',
        },
        '1',
      ],
      ['a static', 'class A { static a = 1; } at(A.a)', '1'],
      ['a static method', 'class A { static a() { return this.b; } static b = 2; } at(A.a())', '2'],
      ['an inherited static', 'class A { static a = 1; } class B extends A {} at(B.a)', '1'],
      ['a static that is not there', 'class A { a = 1; } at(A.a)', '?'],
      [
        'an instance that is exported',
        { 'a.ts': `import { a } from './b'; at(a.n)`, 'b.ts': 'class A { n = 3; } export const a = new A()' },
        '3',
      ],
      [
        'a singleton',
        'class A { static i: A; n = 3; static get() { return (A.i ??= new A()); } } at(A.get().n)',
        '3',
      ],
      [
        'an injected service',
        {
          'a.ts': `import { S } from './b'; class A { constructor(private s: S) {} f() { at(this.s.n); } }`,
          'b.ts': 'export class S { n = 3; }',
        },
        '3',
      ],
      [
        'an injected service that is optional',
        'class S { n = 3; } class A { constructor(private s?: S | null) {} f() { at(this.s?.n); } }',
        '3',
      ],
      ['a field by its type', 'class S { n = 3; } class A { s: S; f() { at(this.s.n); } }', '3'],
      ['a mixed-in base', 'class A extends mixin(B) {} at(new A().a)', 'global:.mixin()#.a'],
      ['a class that extends itself', 'class A extends A {} at(new A().a)', '?'],
      ['classes that extend each other', 'class A extends B {} class B extends A {} at(new A().a)', '?'],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('enums', () => {
    it.each<Case>([
      ['a member', `enum E { A = 'a' } at(E.A)`, `'a'`],
      ['counted members', 'enum E { A, B, C = 5, D } at([E.A, E.B, E.D])', '[0, 1, 6]'],
      [
        'a const enum in another file',
        { 'a.ts': `import { E } from './b'; at(E.A)`, 'b.ts': `export const enum E { A = 'a' }` },
        `'a'`,
      ],
      ['a member by a string', `enum E { 'a-b' = 'c' } at(E['a-b'])`, `'c'`],
      ['any member', `enum E { A = 'a' } at(E[x])`, 'string'],
      ['a member that is not there', 'enum E { A } at(E.B)', '?'],
      ['a computed member', `enum E { A = 'a'.length, B = 1 << 2 } at(E.B)`, '4'],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });

  describe('types', () => {
    it.each<Case>([
      ['a keyword', 'declare const a: string; at(a)', 'string'],
      ['an interface', 'interface A { n: number } declare const a: A; at(a.n)', 'number'],
      [
        'an interface that extends another',
        'interface B { n: number } interface A extends B {} declare const a: A; at(a.n)',
        'number',
      ],
      ['an alias', 'type A = { n: number }; declare const a: A; at(a.n)', 'number'],
      ['an alias of an alias', 'type B = Date; type A = B; declare const a: A; at(a)', 'global:.Date#'],
      [
        'an imported interface',
        {
          'a.ts': `import type { A } from './b'; declare const a: A; at(a.q)`,
          'b.ts': `import type { Queue } from 'bullmq'; export interface A { q: Queue }`,
        },
        'bullmq:.Queue#',
      ],
      [
        'an alias of a package class',
        `import { Queue } from 'bullmq'; type Q = Queue<Mail>; declare const q: Q; at(q)`,
        'bullmq:.Queue#',
      ],
      [
        'an imported alias of a package class',
        {
          'a.ts': `import type { Q } from './b'; declare const q: Q; at(q)`,
          'b.ts': `import { Queue } from 'bullmq'; export type Q = Queue<Mail>;`,
        },
        'bullmq:.Queue#',
      ],
      [
        'such an alias exported in a list',
        {
          'a.ts': `import type { Q } from './b'; declare const q: Q; at(q)`,
          'b.ts': `import { Queue } from 'bullmq'; type Q = Queue<Mail>; export type { Q }`,
        },
        'bullmq:.Queue#',
      ],
      [
        'such an alias of a namespace',
        {
          'a.ts': `import * as b from './b'; declare const q: b.Q; at(q)`,
          'b.ts': `import { Queue } from 'bullmq'; export type Q = Queue<Mail>;`,
        },
        'bullmq:.Queue#',
      ],
      [
        'such an alias through a barrel',
        {
          'a.ts': `import type { Q } from './i'; declare const q: Q; at(q)`,
          'i.ts': `export type * from './b'`,
          'b.ts': `import { Queue } from 'bullmq'; export type Q = Queue<Mail>;`,
        },
        'bullmq:.Queue#',
      ],
      [
        'a constant and a type of one name, as a value',
        `type N = (typeof N)[keyof typeof N]; const N = { A: 'a', B: 'b' } as const; at(N.A)`,
        `'a'`,
      ],
      [
        'a constant and a type of one name, as a type',
        `const N = { A: 'a', B: 'b' } as const; type N = (typeof N)[keyof typeof N]; declare const n: N; at(n)`,
        `'a' | 'b'`,
      ],
      [
        'an imported constant and type of one name, as a value',
        {
          'a.ts': `import { N } from './b'; at(N.A)`,
          'b.ts': `export const N = { A: 'a' } as const; export type N = (typeof N)[keyof typeof N];`,
        },
        `'a'`,
      ],
      [
        'an imported constant and type of one name, as a type',
        {
          'a.ts': `import { N } from './b'; declare const n: N; at(n)`,
          'b.ts': `export const N = { A: 'a' } as const; export type N = (typeof N)[keyof typeof N];`,
        },
        `'a'`,
      ],
      [
        'the elements of a constant list',
        `const L = ['a', 'b'] as const; declare const l: (typeof L)[number]; at(l)`,
        `'a' | 'b'`,
      ],
      ['a union', 'declare const a: Date | null; at(a)', 'global:.Date# | null'],
      ['a literal', `declare const a: 'x' | 'y'; at(a)`, `'x' | 'y'`],
      ['a list', 'declare const a: Date[]; at(a[0])', 'global:.Date#'],
      ['a readonly list', 'declare const a: readonly Date[]; at(a[0])', 'global:.Date#'],
      ['Array<T>', 'declare const a: Array<Date>; at(a)', 'global:.Date#[]'],
      ['Promise<T>', 'declare const a: Promise<Date>; at(await a)', 'global:.Date#'],
      ['Partial and Readonly', 'declare const a: Readonly<Partial<{ n: number }>>; at(a.n)', 'number'],
      ['an index signature', 'declare const a: { [key: string]: Date }; at(a.x)', 'global:.Date#'],
      ['an indexed access', `interface A { n: Date } declare const a: A['n']; at(a)`, 'global:.Date#'],
      ['typeof', 'const o = { n: 3 }; declare const a: typeof o; at(a.n)', '3'],
      ['ReturnType', 'function f() { return { n: 3 }; } declare const a: ReturnType<typeof f>; at(a.n)', '3'],
      ['InstanceType', 'class A { n = 3 } declare const a: InstanceType<typeof A>; at(a.n)', '3'],
      ['a class', 'class A { n = 3 } function f(a: A) { at(a.n); }', '3'],
      [
        'a destructured parameter',
        'interface A { n: Date } function f({ n }: A) { at(n); }',
        'global:.Date#',
      ],
      [
        'a generic of a package',
        `import { Job } from 'bullmq'; function f(job: Job<Data>) { at(job.data); }`,
        'bullmq:.Job#.data',
      ],
      [
        'a namespace of a package',
        `import * as b from 'bullmq'; function f(q: b.Queue) { at(q); }`,
        'bullmq:.Queue#',
      ],
      [
        'an intersection',
        `import { Queue } from 'bullmq'; declare const q: Queue & { x: number }; at(q)`,
        'bullmq:.Queue#',
      ],
      [
        'an assertion of what is unknown',
        `import { Queue } from 'bullmq'; function f(x) { at(x as Queue); }`,
        'bullmq:.Queue#',
      ],
      ['a circular alias', 'type A = B; type B = A; declare const a: A; at(a)', '?'],
      [
        'a circular interface',
        'interface A extends B {} interface B extends A {} declare const a: A; at(a.n)',
        '?',
      ],
      [
        'an interface that holds itself',
        'interface A { a: A; n: Date } declare const a: A; at(a.a.a.n)',
        'global:.Date#',
      ],
      ['any and unknown', 'declare const a: any; at(a)', '?'],
    ])('%s', (_, code, expected) => {
      expect(value(code)).toBe(expected);
    });
  });
});

describe('an option is', () => {
  it.each<Case>([
    ['known', 'at({ attempts: 3 })', 'known 3'],
    ['known when it is explicitly undefined', 'at({ attempts: undefined })', 'known undefined'],
    ['known through a spread', 'const base = { attempts: 3 }; at({ ...base })', 'known 3'],
    [
      'known through an imported spread',
      {
        'a.ts': `import { base } from './b'; at({ ...base, delay: 1 })`,
        'b.ts': 'export const base = { attempts: 3 }',
      },
      'known 3',
    ],
    ['known after a spread of something unknown', 'at({ ...x, attempts: 3 })', 'known 3'],
    ['known with all its alternatives', 'at(x ? { attempts: 3 } : { attempts: 5 })', 'known 3 | 5'],
    ['known through a function', 'const opts = (attempts = 3) => ({ attempts }); at(opts())', 'known 3'],
    ['known through a getter', 'class B { get o() { return { attempts: 3 }; } } at(new B().o)', 'known 3'],
    ['known through Object.assign', 'at(Object.assign({}, { attempts: 3 }))', 'known 3'],
    ['known though it may be overridden', 'at({ attempts: 3, ...(x && { attempts: 5 }) })', 'known 3 | 5'],
    ['absent in an empty object', 'at({})', 'absent'],
    ['absent in another', 'at({ delay: 1 })', 'absent'],
    ['absent in undefined', 'at(undefined)', 'absent'],
    ['absent in all alternatives', 'at(x ? { delay: 1 } : {})', 'absent'],
    ['absent through a spread', 'const base = { delay: 1 }; at({ ...base })', 'absent'],
    ['absent through an optional spread', 'at({ ...(x ? { delay: 1 } : undefined) })', 'absent'],
    ['unknown in a spread of something unknown', 'at({ ...x })', 'unknown global:.x.attempts'],
    [
      'known to be there, whatever its value, when something unknown comes later',
      'at({ attempts: 3, ...f() })',
      'known 3 | global:.f().attempts',
    ],
    ['unknown in one of two alternatives', 'at(x ? { attempts: 3 } : {})', 'unknown 3'],
    ['unknown in a conditional spread', 'at({ ...(x && { attempts: 3 }) })', 'unknown 3'],
    ['unknown in a parameter', 'function f(opts) { at(opts); }', 'unknown'],
    ['unknown beside a computed key', 'at({ [k]: 3 })', 'unknown'],
    ['unknown when it is set later on some path', 'const o = {}; if (x) o.attempts = 3; at(o)', 'unknown 3'],
    ['unknown when any key may be set later', 'const o = {}; o[k] = 3; at(o)', 'unknown'],
    [
      'unknown in what a package gives',
      `import { opts } from 'shared'; at(opts)`,
      'unknown shared:.opts.attempts',
    ],
    [
      'unknown in a declared type',
      'interface O { attempts: number } declare const o: O; at(o)',
      'unknown number',
    ],
    [
      'unknown after Object.assign of something unknown',
      'at(Object.assign({}, x))',
      'unknown global:.x.attempts',
    ],
  ])('%s', (_, code, expected) => {
    expect(option(code)).toBe(expected);
  });
});

describe('every value remembers where it was found', () => {
  it.each<[string, Files, string]>([
    [
      'a constant',
      { 'a.ts': `import { n } from './b'; at(n)`, 'b.ts': '\n\nexport const n = 3' },
      'b.ts:3 3',
    ],
    [
      'an option',
      { 'a.ts': `import { o } from './b'; at(o.attempts)`, 'b.ts': 'export const o = {\n  attempts: 3,\n}' },
      'b.ts:2 3',
    ],
    [
      'a queue',
      {
        'a.ts': `import { getQueue } from './b'; at(getQueue())`,
        'b.ts': `import { Queue } from 'bullmq';\nlet q: Queue;\nexport function getQueue() {\n  q ??= new Queue('a');\n  return q;\n}`,
      },
      `b.ts:4 new Queue('a')`,
    ],
  ])('%s', (_, files, expected) => {
    const project = memoryProject(files);
    const found = project.ev.evaluate(marked(project));
    const { module, node } = found.kind === 'external' && found.site ? found.site : found.at;
    expect(`${module.path.replace('/memory/', '')}:${module.lineOf(node)} ${module.textOf(node)}`).toBe(
      expected,
    );
  });
});

describe('work is bounded', () => {
  const quick = (run: () => string, expected: RegExp): void => {
    const start = performance.now();
    expect(run()).toMatch(expected);
    expect(performance.now() - start).toBeLessThan(2_000);
  };

  it.each<[string, string, RegExp]>([
    ['a spread of itself', 'let o = {}; o = { ...o, a: 1 }; at(o.b)', /./],
    ['a list spread into itself', 'let l = []; l = [...l, 1]; at(l[0])', /./],
    ['a function that returns itself', 'function f() { return f(); } at(f())', /\?/],
    [
      'functions that call each other',
      'function f(n) { return g(n); } function g(n) { return f(n + 1); } at(f(0))',
      /\?/,
    ],
    [
      'recursion that doubles',
      'function f(n) { return { l: f(n - 1), r: f(n - 1), ...f(n), ...f(n + 1) }; } at(f(9).l.r.l.r.x)',
      /./,
    ],
    [
      'a constructor that makes its own class',
      'class A { constructor(a) { this.a = new A(a); } } at(new A(1).a.a.a.a)',
      /./,
    ],
    ['a getter that reads itself', 'const o = { get a() { return this.a; } }; at(o.a)', /./],
    [
      'a deep chain',
      `${Array.from({ length: 300 }, (_, i) => `const a${i + 1} = a${i};`).join('')} const a0 = 1; at(a300)`,
      /./,
    ],
    ['a wide union', `at(${Array.from({ length: 200 }, (_, i) => `x${i} ? ${i} :`).join(' ')} 0)`, /\?/],
    ['a long sum', `at(${Array.from({ length: 500 }, () => '1').join(' + ')})`, /./],
    [
      'many alternatives of alternatives',
      `${Array.from({ length: 20 }, (_, i) => `const f${i} = (a) => x ? f${i + 1}(a) : f${i + 1}({ ...a, k${i}: a });`).join('')} const f20 = (a) => a; at(f0({}).k3.k4)`,
      /./,
    ],
  ])('for %s', (_, code, expected) => {
    quick(() => value(code), expected);
  });

  it('and asking again gives the same answer', () => {
    const project = memoryProject({ 'a.ts': 'const f = () => (x ? f() : 1); const o = { a: f() }; at(o.a)' });
    const first = describeValue(project.ev, project.ev.evaluate(marked(project)));
    expect(describeValue(project.ev, project.ev.evaluate(marked(project)))).toBe(first);
  });
});

describe('whether callers decide that there is a value', () => {
  const left = (code: string): boolean => {
    const project = memoryProject({ 'a.ts': code });
    return isLeftToCallers(project.ev, marked(project));
  };

  it.each([
    'function f(id?: string) { at(id); }',
    'function f(o?: { id: string }) { at(o.id); }',
    'function f(o) { at(o?.id); }',
    'function f(o = {}) { at(o.id); }',
    'function f({ id } = {}) { at(id); }',
    'function f({ id }: { id?: string }) { at(id); }',
    'interface O { id?: string } function f(o: O) { at(o.id); }',
    'class A { constructor(private id?: string) { at(id); } }',
  ])('yes: %s', (code) => {
    expect(left(code)).toBe(true);
  });

  it.each([
    'function f(id: string) { at(id); }',
    `function f(id = 'a') { at(id); }`,
    'function f(o) { at(o.id); }',
    'function f({ id }) { at(id); }',
    'function f({ id }: { id: string }) { at(id); }',
    'interface O { id: string; name?: string } function f(o: O) { at(o.id); }',
    'const id = 1; at(id);',
    'at(f());',
    'at(unknown.id);',
  ])('no: %s', (code) => {
    expect(left(code)).toBe(false);
  });
});

describe('the expression of an option', () => {
  const written = (code: string): string | undefined => {
    const project = memoryProject({ 'a.ts': code });
    const value = project.ev.evaluate(marked(project));
    const ref = givenRef(project.ev, value, 'id');
    return ref?.module.textOf(ref.node);
  };

  it.each<[string, string, string | undefined]>([
    ['is its own', 'at({ id: one })', 'one'],
    ['is the last', 'at({ id: one, ...{ id: two } })', 'two'],
    ['is that of a named object that is spread', 'const o = { id: one }; at({ a: 1, ...o })', 'one'],
    ['is found through spreads of spreads', 'const o = { id: one }; const p = { ...o }; at({ ...p })', 'one'],
    ['is missing', 'at({ a: 1 })', undefined],
    ['is not seen in what is unknown', 'at({ ...x })', undefined],
  ])('%s', (_, code, expected) => {
    expect(written(code)).toBe(expected);
  });
});
