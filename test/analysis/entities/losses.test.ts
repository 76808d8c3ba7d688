import { describe, expect, it } from 'vitest';
import { lossesIn, type LossOptions } from '../../../src/analysis/entities/losses.ts';
import { parseModels } from '../../../src/analysis/entities/prisma-schema.ts';
import { marked } from '../../support/describe.ts';
import { memoryProject } from '../../support/memory.ts';

type Files = Record<string, string>;

/** What is lost in the argument of `at(...)`: the place, what it is, what arrives. */
function losses(source: string | Files, options: LossOptions = {}): string[] {
  const project = memoryProject(typeof source === 'string' ? { 'a.ts': source } : source);
  return lossesIn(project.ev, marked(project), options).map(
    ({ at, keys, kind, arrives }) =>
      `${at.module.textOf(at.node)} ${keys.join('.')}: ${kind} -> ${arrives ?? 'throws'}`,
  );
}

function suggested(source: string): string | undefined {
  const project = memoryProject({ 'a.ts': source });
  const ref = marked(project);
  const suggestion = lossesIn(project.ev, ref)[0]?.suggestion;
  if (!suggestion) return undefined;
  const { module, node } = ref;
  const { range } = suggestion.node;
  return (
    module.text.slice(node.range[0], range[0]) + suggestion.text + module.text.slice(range[1], node.range[1])
  );
}

describe('by value', () => {
  it.each<[string, string, string[]]>([
    ['a Date', 'at({ at: new Date() })', ['new Date() at: date -> a string']],
    [
      'a Date of date-fns',
      `import { addDays } from 'date-fns'; at({ at: addDays(new Date(), 1) })`,
      ['addDays(new Date(), 1) at: date -> a string'],
    ],
    [
      'a Date of dayjs',
      `import dayjs from 'dayjs'; at({ at: dayjs().add(1, 'day').toDate() })`,
      [`dayjs().add(1, 'day').toDate() at: date -> a string`],
    ],
    ['a Map', 'at({ m: new Map() })', ['new Map() m: map -> {}']],
    ['a Set', 'const ids = new Set([1]); at({ ids })', ['ids ids: set -> {}']],
    ['a WeakMap', 'at({ m: new WeakMap() })', ['new WeakMap() m: weak collection -> {}']],
    ['a BigInt literal', 'at({ n: 10n })', ['10n n: bigint -> throws']],
    ['BigInt()', 'at({ n: BigInt(1) })', ['BigInt(1) n: bigint -> throws']],
    ['a function', 'at({ done: () => 1 })', ['() => 1 done: function -> nothing']],
    ['a method', 'at({ done() {} })', ['() {} done: function -> nothing']],
    ['a named function', 'function done() {} at({ done })', ['done done: function -> nothing']],
    ['a class', 'class A {} at({ type: A })', ['A type: function -> nothing']],
    ['a symbol', `at({ s: Symbol('a') })`, [`Symbol('a') s: symbol -> nothing`]],
    ['a regular expression', 'at({ r: /a/ })', ['/a/ r: regular expression -> {}']],
    ['an Error', `at({ e: new TypeError('x') })`, [`new TypeError('x') e: error -> {}`]],
    ['a caught error', 'try { x(); } catch (error) { at({ error }) }', ['error error: error -> {}']],
    [
      'an error of the project',
      'class Failure extends Error {} at({ e: new Failure() })',
      ['new Failure() e: error -> {}'],
    ],
    [
      'a Buffer',
      `at({ b: Buffer.from('a') })`,
      [`Buffer.from('a') b: buffer -> { type: 'Buffer', data: [...] }`],
    ],
    [
      'a file read as bytes',
      `import { readFileSync } from 'node:fs'; at({ b: readFileSync('a') })`,
      [`readFileSync('a') b: buffer -> { type: 'Buffer', data: [...] }`],
    ],
    [
      'an uploaded buffer',
      'function f(file: Express.Multer.File) { at({ b: file.buffer }) }',
      [`file.buffer b: buffer -> { type: 'Buffer', data: [...] }`],
    ],
    [
      'a typed array',
      'at({ b: new Uint8Array(4) })',
      ['new Uint8Array(4) b: typed array -> an object with numbered keys'],
    ],
    [
      'a stream',
      `import fs from 'fs'; at({ s: fs.createReadStream('a') })`,
      [`fs.createReadStream('a') s: stream -> its internals, or an exception`],
    ],
    ['a fetch response', `const res = await fetch('/'); at({ res })`, ['res res: response -> {}']],
    [
      'an axios response',
      `import axios from 'axios'; at({ res: await axios.get('/') })`,
      [`axios.get('/') res: response -> throws`],
    ],
    [
      'a response of an axios instance',
      `import axios from 'axios'; const api = axios.create({}); const res = await api.post('/'); at(res)`,
      ['res : response -> throws'],
    ],
    [
      'search parameters',
      `at({ q: new URLSearchParams('a') })`,
      [`new URLSearchParams('a') q: platform object -> {}`],
    ],
    ['form data', 'at({ f: new FormData() })', ['new FormData() f: platform object -> {}']],
    ['undefined in a list', 'at({ a: [1, undefined] })', ['undefined a.[]: undefined element -> null']],
    [
      'undefined on one branch of an element',
      'at({ a: [x ? 1 : undefined] })',
      ['undefined a.[]: undefined element -> null'],
    ],
    ['a hole in a list', 'at({ a: [1, , 2] })', ['[1, , 2] a.[]: undefined element -> null']],
    ['NaN', 'at({ n: NaN })', ['NaN n: not a number -> null']],
    ['Infinity', 'at({ n: -Infinity })', ['-Infinity n: not a number -> null']],
    [
      'Number.POSITIVE_INFINITY',
      'at({ n: Number.POSITIVE_INFINITY })',
      ['Number.POSITIVE_INFINITY n: not a number -> null'],
    ],
    [
      'an instance with methods',
      'class Money { cents = 1; format() {} } at({ price: new Money() })',
      ['new Money() price: class instance -> its fields alone'],
    ],
    [
      'inherited methods',
      'class A { f() {} } class B extends A {} at(new B())',
      ['new B() : class instance -> its fields alone'],
    ],
    [
      'a TypeORM operator',
      `import { In } from 'typeorm'; at({ where: { id: In([1]) } })`,
      ['In([1]) where.id: operator -> an object that no query understands'],
    ],
    [
      'a Sequelize operator',
      `import { Op } from 'sequelize'; at({ where: { age: { [Op.gt]: 5 } } })`,
      ['[Op.gt]: 5 where.age: symbol -> nothing'],
    ],
    [
      'raw SQL',
      `import { sql } from 'drizzle-orm'; at({ q: sql\`now()\` })`,
      ['sql`now()` q: operator -> an object that no query understands'],
    ],
  ])('%s is lost', (_, source, found) => {
    expect(losses(source)).toEqual(found);
  });

  it.each<[string, string | Files, string[]]>([
    [
      'a nested literal',
      'at({ a: { b: [{ at: new Date() }] } })',
      ['new Date() a.b.[].at: date -> a string'],
    ],
    [
      'a spread of a literal',
      'const base = { at: new Date() }; at({ ...base, id: 1 })',
      ['base at: date -> a string'],
    ],
    ['a conditional spread', 'at({ ...(x && { at: new Date() }) })', ['new Date() at: date -> a string']],
    ['a variable', 'const payload = { at: new Date() }; at(payload)', ['payload at: date -> a string']],
    [
      'a variable written later',
      'const payload: any = {}; payload.at = new Date(); at(payload)',
      ['payload at: date -> a string'],
    ],
    [
      'a function of the project',
      {
        'b.ts': 'export const build = () => ({ at: new Date() });',
        'a.ts': `import { build } from './b'; at(build())`,
      },
      ['build() at: date -> a string'],
    ],
    [
      'a map of what cannot be seen',
      'at(rows.map((row) => ({ at: new Date(row.at) })))',
      ['new Date(row.at) [].at: date -> a string'],
    ],
    [
      'a map of a list',
      'const rows = [1]; at(rows.map((row) => ({ at: new Date(row) })))',
      ['new Date(row) [].at: date -> a string'],
    ],
    [
      'an awaited map',
      'at(await Promise.all(rows.map(async (row) => ({ at: new Date(row.at) }))))',
      ['new Date(row.at) [].at: date -> a string'],
    ],
    ['a fallback', 'at({ x: y ?? new Date() })', ['new Date() x: date -> a string']],
  ])('through %s', (_, source, found) => {
    expect(losses(source)).toEqual(found);
  });
});

describe('by declaration', () => {
  it.each<[string, string | Files, string[]]>([
    ['a parameter', 'function f(when: Date) { at({ when }) }', ['when when: date -> a string']],
    [
      'a field of an interface',
      {
        'types.ts': 'export interface Reminder { id: string; dueAt: Date }',
        'a.ts': `import { Reminder } from './types'; function f(data: Reminder) { at(data) }`,
      },
      ['data dueAt: date -> a string'],
    ],
    ['an optional date', 'function f(data: { dueAt?: Date }) { at(data) }', ['data dueAt: date -> a string']],
    [
      'a nested type',
      'type Range = { from: Date }; function f(data: { range: Range }) { at(data) }',
      ['data range.from: date -> a string'],
    ],
    [
      'a list in a type',
      'function f(data: { dates: Date[] }) { at(data) }',
      ['data dates.[]: date -> a string'],
    ],
    [
      'an inherited field',
      'interface Base { at: Date } interface Data extends Base { id: string } function f(data: Data) { at(data) }',
      ['data at: date -> a string'],
    ],
    [
      'a DTO class',
      'class CreateDto { at: Date; name: string } function f(dto: CreateDto) { at({ dto }) }',
      ['dto dto.at: date -> a string'],
    ],
    ['a bigint', 'function f(n: bigint) { at({ n }) }', ['n n: bigint -> throws']],
    ['a Map', 'function f(m: Map<string, string>) { at({ m }) }', ['m m: map -> {}']],
    [
      'what spreads a type',
      'function f(data: { at: Date }) { at({ ...data, id: 1 }) }',
      ['data at: date -> a string'],
    ],
    [
      'a column of an entity',
      `import { Entity, Repository } from 'typeorm'; @Entity() class User { createdAt: Date } async function f(users: Repository<User>) { const user = await users.findOneBy({}); at({ since: user.createdAt }) }`,
      ['user.createdAt since: date -> a string'],
    ],
    [
      'a column of a Sequelize model',
      `import { Model } from 'sequelize'; class User extends Model { declare at: Date } const user = await User.findByPk(1); at({ at: user.at })`,
      ['user.at at: date -> a string'],
    ],
  ])('%s is lost', (_, source, found) => {
    expect(losses(source)).toEqual(found);
  });
});

describe('promises', () => {
  it.each<[string, string | Files, string[]]>([
    [
      'an async function',
      'async function load() { return 1; } async function f() { at({ user: load() }) }',
      ['load() user: promise -> {}'],
    ],
    [
      'a name for it',
      'async function load() { return 1; } async function f() { const user = load(); at({ user }) }',
      ['user user: promise -> {}'],
    ],
    [
      'an async method',
      'class A { async load() { return 1; } f() { at({ user: this.load() }) } }',
      ['this.load() user: promise -> {}'],
    ],
    [
      'a function that returns one',
      {
        'b.ts': 'const get = async () => 1; export const load = () => get();',
        'a.ts': `import { load } from './b'; at({ user: load() })`,
      },
      ['load() user: promise -> {}'],
    ],
    [
      'a declared promise',
      'declare function x(): void; function load(): Promise<number> { return x() as any; } at({ user: load() })',
      ['load() user: promise -> {}'],
    ],
    [
      'a query',
      `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); at({ user: prisma.user.findFirst() })`,
      ['prisma.user.findFirst() user: promise -> {}'],
    ],
    [
      'a list of promises',
      'at({ users: ids.map(async (id) => id) })',
      ['ids.map(async (id) => id) users: promise -> [{}, ...]'],
    ],
    [
      'then',
      'async function load() { return 1; } at({ n: load().then((n) => n + 1) })',
      ['load().then((n) => n + 1) n: promise -> {}'],
    ],
    [
      'a constructed promise',
      'at({ p: new Promise((resolve) => resolve(1)) })',
      ['new Promise((resolve) => resolve(1)) p: promise -> {}'],
    ],
    ['fetch', `at({ r: fetch('/') })`, [`fetch('/') r: promise -> {}`]],
  ])('%s is one', (_, source, found) => {
    expect(losses(source)).toEqual(found);
  });

  it.each<[string, string]>([
    [
      'an awaited call',
      'async function load() { return 1; } async function f() { at({ user: await load() }) }',
    ],
    [
      'an awaited name',
      'async function load() { return 1; } async function f() { const user = await load(); at({ user }) }',
    ],
    [
      'an awaited payload',
      'async function load() { return { a: 1 }; } async function f() { at(await load()) }',
    ],
    [
      'awaited then',
      'async function load() { return 1; } async function f() { at({ n: await load().then((n) => n) }) }',
    ],
    [
      'Promise.all of a list',
      'async function f() { at({ users: await Promise.all(ids.map(async (id) => id)) }) }',
    ],
    [
      'Promise.all of calls',
      'async function load() { return 1; } async function f() { at({ users: await Promise.all([load(), load()]) }) }',
    ],
    [
      'a name for Promise.all',
      'async function load() { return 1; } async function f() { const users = await Promise.all([load(), load()]); at({ users }) }',
    ],
    [
      'a part of Promise.all',
      'async function load() { return 1; } async function f() { const [user] = await Promise.all([load()]); at({ user }) }',
    ],
    ['a function of a package', `import { load } from 'x'; at({ user: load() })`],
    ['a plain function', 'function load() { return 1; } at({ user: load() })'],
    [
      'an entity that is only made',
      `import { Repository } from 'typeorm'; function f(users: Repository<any>) { at({ name: users.create({}).name }) }`,
    ],
  ])('%s is none', (_, source) => {
    expect(losses(source)).toEqual([]);
  });
});

describe('nothing is lost of', () => {
  it.each<[string, string]>([
    ['an ISO string', 'at({ at: new Date().toISOString() })'],
    ['a time stamp', 'at({ at: Date.now(), b: new Date().getTime(), c: +new Date() })'],
    [
      'a date as text',
      'function f(d: Date) { at({ at: String(d), b: `${d}`, c: d.toJSON(), e: JSON.stringify(d) }) }',
    ],
    ['a formatted date', `import { format } from 'date-fns'; at({ at: format(new Date(), 'yyyy') })`],
    [
      'the entries of a Map',
      'const m = new Map(); at({ m: Object.fromEntries(m), n: [...m.keys()], size: m.size })',
    ],
    ['the members of a Set', 'const s = new Set([1]); at({ s: [...s], t: Array.from(s), has: s.has(1) })'],
    ['bytes as text', `at({ b: Buffer.from('a').toString('base64'), n: Buffer.byteLength('a') })`],
    ['a file read as text', `import { readFileSync } from 'node:fs'; at({ b: readFileSync('a', 'utf8') })`],
    [
      'the message of an error',
      'try { x(); } catch (error) { at({ error: error.message, stack: error.stack }) }',
    ],
    [
      'an error that is told apart',
      'try { x(); } catch (error) { at({ error: error instanceof Error ? error.message : error }) }',
    ],
    [
      'a date that is told apart',
      'function f(d: Date | string) { at({ d: d instanceof Date ? d.toISOString() : d }) }',
    ],
    ['a type that allows a string', 'function f(data: { at: Date | string }) { at(data) }'],
    ['an ObjectId', `import { Types, ObjectId } from 'mongoose'; at({ id: new Types.ObjectId() })`],
    ['a Decimal', `import { Decimal } from 'decimal.js'; at({ n: new Decimal(1) })`],
    ['a URL', `at({ url: new URL('https://a') })`],
    [
      'an instance with toJSON',
      'class Money { cents = 1; format() {} toJSON() { return { cents: 1 }; } } at({ price: new Money() })',
    ],
    [
      'an instance without methods',
      'class Payload { constructor(readonly id: string) {} static of() {} } at(new Payload("1"))',
    ],
    ['an optional property that is undefined', 'at({ a: undefined, b: x ? 1 : undefined })'],
    ['undefined that is filtered out', 'at({ a: [1, x ? 2 : undefined].filter(Boolean) })'],
    [
      'the body of a response',
      `import axios from 'axios'; const { data } = await axios.get('/'); const res = await axios.get('/'); at({ data, d: res.data, s: res.status })`,
    ],
    ['a JSON copy', 'at(JSON.parse(JSON.stringify({ at: new Date() })))'],
    ['JSON text', 'at({ text: JSON.stringify({ at: new Date() }) })'],
    [
      'a date that is overridden',
      'function f(data: { at: Date }) { at({ ...data, at: data.at.toISOString() }) }',
    ],
    ['a start value', 'let max = -Infinity; for (const n of [1]) max = Math.max(max, n); at({ max })'],
    [
      'what an optional property of a type has inside',
      'function f(data: { options?: { signal: AbortSignal; at: Date } }) { at(data) }',
    ],
    ['an optional function of a type', 'function f(data: { onDone?: RegExp }) { at(data) }'],
    [
      'a record, which is a matter of its own',
      `import { Entity } from 'typeorm'; @Entity() class User { at: Date; f() {} } function f(user: User) { at({ user }) }`,
    ],
    ['a class of the same name', 'class Map2 {} class Set {} at({ s: new Set() })'],
    ['an enum', `enum Kind { A = 'a' } at({ kind: Kind.A })`],
    ['a getter of text', 'at({ get name() { return "a"; } })'],
  ])('%s', (_, source) => {
    expect(losses(source)).toEqual([]);
  });

  it('a Date that the consumer parses', () => {
    const parsed: string[] = [];
    const consumerParses = (keys: readonly string[]) => parsed.push(keys.join('.')) > 0;
    expect(losses('at({ range: { from: new Date() } })', { consumerParses })).toEqual([]);
    expect(parsed).toEqual(['range.from']);
  });

  it('a Date where the job type says string', () => {
    const project = memoryProject({
      'a.ts': 'type Data = { at: string }; declare const data: Data; at({ at: new Date() }); use(data)',
    });
    const type = project.value('a.ts', 'data');
    expect(lossesIn(project.ev, marked(project), { declared: () => [type] })).toEqual([]);
  });

  it('what an async function returns as a promise', () => {
    const source = 'async function load() { return { a: 1 }; } at(load())';
    expect(losses(source, { isReturned: true })).toEqual([]);
    expect(losses(source)).toHaveLength(1);
  });
});

describe('suggests', () => {
  it.each<[string, string, string | undefined]>([
    ['toISOString', 'at({ at: new Date() })', '{ at: new Date().toISOString() }'],
    [
      'with its key for a shorthand',
      'declare const when: Date; at({ when })',
      '{ when: when.toISOString() }',
    ],
    [
      'an optional call where it may be missing',
      'declare const when: Date | null; at({ when })',
      '{ when: when?.toISOString() }',
    ],
    ['Object.fromEntries', 'at({ m: new Map(x) })', '{ m: Object.fromEntries(new Map(x)) }'],
    ['a spread', 'at({ s: new Set(x) })', '{ s: [...new Set(x)] }'],
    ['String', 'at({ n: 10n })', '{ n: String(10n) }'],
    [
      'await in an async function',
      'async function load() {} async function f() { at({ n: load() }) }',
      '{ n: await load() }',
    ],
    [
      'Promise.all',
      'async function f() { at({ n: ids.map(async (id) => id) }) }',
      '{ n: await Promise.all(ids.map(async (id) => id)) }',
    ],
    ['no await elsewhere', 'async function load() {} function f() { at({ n: load() }) }', undefined],
    ['nothing for a payload in a variable', 'const data = { at: new Date() }; at(data)', undefined],
    ['nothing where no change is mechanical', 'at({ f: () => 1 })', undefined],
  ])('%s', (_, source, expected) => {
    expect(suggested(source)).toBe(expected);
  });
});

it('reads the models of a Prisma schema, and no enums', () => {
  const models = parseModels(`
    enum Role { USER ADMIN }
    model User {
      id        Int      @id @default(autoincrement())
      // model Hidden { id Int }
      createdAt DateTime @default(now())
      views     BigInt?
      posts     Post[]
    }
    view Totals { n BigInt }`);
  expect([...models.keys()]).toEqual(['User', 'Totals']);
  expect(Object.fromEntries(models.get('User') ?? [])).toMatchObject({
    createdAt: 'DateTime',
    views: 'BigInt',
    posts: 'Post',
  });
});
