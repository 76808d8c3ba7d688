import { describe, expect, it } from 'vitest';
import { flowOptions, optionValues } from '../../src/analysis/jobs/options.ts';
import { readEnqueue } from '../../src/analysis/jobs/enqueues.ts';
import { packageVersion } from '../../src/analysis/modules/versions.ts';
import { durationOf, isMilliseconds } from '../../src/analysis/values/durations.ts';
import { randomSourceIn } from '../../src/analysis/values/random.ts';
import { showText, textsOf } from '../../src/analysis/values/text.ts';
import type { Ref } from '../../src/analysis/values/value.ts';
import type { TSESTree } from '@typescript-eslint/utils';
import { describeValue, marked, valueAt } from '../support/describe.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';
import { TestProject, type Files } from '../support/project.ts';

type Sources = string | Record<string, string>;

const project = (sources: Sources): MemoryProject =>
  memoryProject(typeof sources === 'string' ? { 'a.ts': sources } : sources);

/** The texts that the marked expression can be. */
function texts(sources: Sources): string[] {
  const memory = project(sources);
  const at = marked(memory);
  return textsOf(memory.ev, memory.ev.evaluate(at), at).map(showText);
}

describe('the texts of', () => {
  it.each<[string, Sources, string[]]>([
    ['a literal', `at('a')`, ['a']],
    ['a number', 'at(7)', ['7']],
    ['a template', 'at(`a-${id}-b`)', ['a-${id}-b']],
    ['a template with what is known', 'const kind = "mail"; at(`${kind}-${id}`)', ['mail-${id}']],
    ['a sum', `at('a-' + id + 1)`, ['a-${id}1']],
    ['a sum of what is not known', `at(id + name)`, ['${id}${name}']],
    ['a branch', 'at(x ? `a-${id}` : `b-${id}`)', ['a-${id}', 'b-${id}']],
    ['a fallback', 'at(id ?? `a-${x}`)', ['${id ?? `a-${x}`}', 'a-${x}']],
    ['alternatives inside', "at(`${x ? 'a' : 'b'}-${y ? 'c' : 'd'}`)", ['a-c', 'a-d', 'b-c', 'b-d']],
    ['a joined list', `at(['a', id, 'b'].join(':'))`, ['a:${id}:b']],
    ['a joined list with commas', `at(['a', 'b'].join())`, ['a,b']],
    ['a list that is not written out', `at(ids.slice().join(':'))`, [`\${ids.slice().join(':')}`]],
    ['a list of others', `at(['a', ...ids].join(':'))`, ["a${':'}${...ids}"]],
    [
      'a list that can lack items',
      `at(['a', id].concat(more).filter(Boolean).map(String).join('-'))`,
      ["a${'-'}${id}${'-'}${more}"],
    ],
    [
      'a list that grows',
      `const parts = ['a']; if (x) parts.push(id); at(parts.join('-'))`,
      ["a${'-'}${id}"],
    ],
    [
      'what a function joins of all that it is given',
      `const ofAll = (...parts) => parts.filter(Boolean).map((part) => \`<\${part}>\`).join('-'); const more = (...parts) => ofAll(...parts, last); at(more('a', ...ids))`,
      ["<a>${'-'}<${part}>${'-'}<${part}>"],
    ],
    ['concat', `at('a'.concat('-', id))`, ['a-${id}']],
    ['String()', 'at(String(id))', ['${id}']],
    ['toString()', 'at(`a-${id}`.toString())', ['a-${id}']],
    ['toString() of another base', 'at(id.toString(36))', ['${id.toString(36)}']],
    [
      'a method that changes the text',
      `at(\`a:\${id}\`.replace(':', '-'))`,
      [`\${\`a:\${id}\`.replace(':', '-')}`],
    ],
    ['a function', 'const f = (id) => `a-${id}`; at(f(1))', ['a-1']],
    [
      'a function of another file',
      { 'b.ts': 'export const f = (id: string) => `a-${id}`;', 'a.ts': `import { f } from './b'; at(f(x))` },
      ['a-${id}'],
    ],
    ['a declared type', 'function f(id: string | number) { at(`${id}`) }', ['${id}']],
    ['a default', 'function f(id = `a-${x}`) { at(id) }', ['${id}', 'a-${x}']],
    [
      'a default beside a type',
      'function f(id: string = `a-${x}`) { const key = id; at(key) }',
      ['${id}', 'a-${x}'],
    ],
    [
      'a function that calls itself, as far as calls are followed',
      'const f = (n) => `${n}-${f(n)}`; at(f(1))',
      ['1-1-1-1-1-1-${f(n)}'],
    ],
  ])('%s', (_, sources, expected) => {
    expect(texts(sources)).toEqual(expected);
  });

  it('are bounded', () => {
    const parts = Array.from({ length: 30 }, (_, n) => `\${a${n} ? 'x' : 'y'}`).join('');
    expect(texts(`at(\`${parts}\`)`).length).toBeLessThanOrEqual(16);
  });
});

describe('the random part of', () => {
  const found = (code: string): string | undefined => {
    const memory = project(
      `import crypto, { randomUUID } from 'crypto'; import { v4, v5 } from 'uuid'; import { format } from 'date-fns'; import dayjs from 'dayjs'; import moment from 'moment'; import { DateTime } from 'luxon'; import { ObjectId } from 'mongodb'; import { nanoid, customAlphabet } from 'nanoid'; ${/\bat\(/.test(code) ? code : `at(${code})`}`,
    );
    const at = marked(memory);
    for (const text of textsOf(memory.ev, memory.ev.evaluate(at), at)) {
      const source = randomSourceIn(memory.ev, text);
      if (source) return source.name;
    }
    return undefined;
  };

  it.each([
    ['Date.now()', 'Date.now()'],
    ['Date.now() + 5', 'Date.now()'],
    ['new Date(Date.now() + 5).toISOString()', 'new Date()'],
    ['`${new Date()}`', 'new Date()'],
    ['new Date().valueOf()', 'new Date()'],
    ['+new Date()', 'new Date()'],
    ['Number(new Date())', 'new Date()'],
    ['new Date().toISOString().slice(0, 19)', 'new Date()'],
    [`new Date().toISOString().split('.')[0]`, 'new Date()'],
    ['Math.random().toString(36).substring(2)', 'Math.random()'],
    ['Math.round(Math.random() * 100)', 'Math.random()'],
    ['crypto.randomUUID()', 'randomUUID()'],
    ['randomUUID().slice(0, 8)', 'randomUUID()'],
    ['v4()', 'v4()'],
    ['customAlphabet("abc", 8)()', 'customAlphabet()()'],
    ['nanoid()', 'nanoid()'],
    [`dayjs().format('YYYYMMDDHHmmss')`, 'dayjs()'],
    ['moment().unix()', 'moment()'],
    ['DateTime.now().toMillis()', 'DateTime.now()'],
    ['new ObjectId().toHexString()', 'new ObjectId()'],
    ['process.hrtime.bigint()', 'process.hrtime.bigint()'],
    ['`${id}-${Math.floor(Date.now() / 1000)}`', 'Date.now()'],
  ])('%s', (code, expected) => {
    expect(found(code)).toBe(expected);
  });

  it.each([
    'id',
    'record.createdAt.getTime()',
    'new Date(record.createdAt).toISOString()',
    'new Date().toISOString().slice(0, 10)',
    `new Date().toISOString().split('T')[0]`,
    `new Date().toISOString().replace(/-/g, '').slice(0, 8)`,
    'new Date().getDate()',
    'new Date().toLocaleDateString()',
    `format(new Date(), 'yyyy-MM-dd')`,
    `format(record.createdAt, 'yyyyMMddHHmmss')`,
    `dayjs().format('YYYY-MM-DD')`,
    `dayjs().startOf('hour').toISOString()`,
    'dayjs(record.createdAt).valueOf()',
    'DateTime.now().toISODate()',
    'Math.floor(Date.now() / 60_000)',
    'const day = new Date(); day.setUTCHours(0, 0, 0, 0); at(day.getTime())',
    'v5(id, NAMESPACE)',
    'new ObjectId(id).toString()',
    'nanoid().length',
    `crypto.createHash('sha1').update(body).digest('hex')`,
  ])('not of %s', (code) => {
    expect(found(code)).toBeUndefined();
  });
});

describe('a duration', () => {
  const look = (code: string): { memory: MemoryProject; at: Ref } => {
    const memory = project(
      `import ms from 'ms'; import { milliseconds, millisecondsInHour } from 'date-fns'; ${code}`,
    );
    return { memory, at: marked(memory) };
  };

  it.each<[string, boolean]>([
    ['at(24 * 60 * 60 * 1000)', true],
    ['at(days * 1000)', true],
    ['const HOUR = 3600 * 1e3; at(7 * HOUR)', true],
    ['at(60 * 1000 + 5)', true],
    ['at(Math.ceil(days * 3600 * 1000))', true],
    [`at(ms('1d'))`, true],
    ['at(milliseconds({ days: 1 }))', true],
    ['at(2 * millisecondsInHour)', true],
    ['at(x ? 60 : 60 * 1000)', true],
    ['at(1000)', false],
    ['at(24 * 60 * 60)', false],
    ['at((60 * 1000) / 1000)', false],
    ['const DAY = 24 * 3600 * 1000; at(7 * (DAY / 1000))', false],
    ['const SECOND = 1000; at((3600 * SECOND) / SECOND)', false],
    [`at(Math.floor(ms('1d') / 1000))`, false],
    ['at((60 * 1000) / unit)', false],
    ['at(count + 1000)', false],
    ['at(seconds)', false],
  ])('%s is of milliseconds: %s', (code, expected) => {
    const { memory, at } = look(code);
    expect(isMilliseconds(memory.ev, memory.ev.evaluate(at))).toBe(expected);
  });

  it.each<[string, number | undefined]>([
    ['at(5 * 1000)', 5000],
    [`at(ms('5s'))`, 5000],
    [`at(ms('2 hours'))`, 7_200_000],
    [`at(ms('1.5m'))`, 90_000],
    ['at(ms(text))', undefined],
    ['at(x)', undefined],
  ])('%s is %s', (code, expected) => {
    const { memory, at } = look(code);
    expect(durationOf(memory.ev, memory.ev.evaluate(at))).toBe(expected);
  });
});

describe('calls of literals are folded', () => {
  it.each([
    ['Math.floor(7 / 2)', '3'],
    ['Math.round(2.5)', '3'],
    ['Math.max(1, 2, 3)', '3'],
    ['Math.min(4, 2)', '2'],
    [`Number('12')`, '12'],
    [`parseInt('12px', 10)`, '12'],
    [`parseInt('ff', 16)`, 'number'],
    [`Number.parseFloat('1.5')`, '1.5'],
    ['Math.floor(x)', 'global:.Math.floor()'],
    ['Math.random()', 'global:.Math.random()'],
    ['Number(x)', 'number'],
  ])('%s', (code, expected) => {
    expect(valueAt(project(`at(${code})`))).toBe(expected);
  });
});

describe('alternatives that are put together stay apart', () => {
  it.each([
    ['at(x ? `a${y}` : `b${y}`)', 'string | string'],
    ['function f(a: string, b: string) { at(x ? a : b) }', 'string'],
    ['function f(a?: string) { at(a ?? `b${x}`) }', 'string | string'],
  ])('%s', (code, expected) => {
    expect(valueAt(project(code))).toBe(expected);
  });
});

describe('the values of an option', () => {
  const given = (code: string, path: string[]): string[] => {
    const memory = project(code);
    return optionValues(memory.ev, memory.ev.evaluate(marked(memory)), path).map(
      ({ ref, value }) => `${ref ? ref.module.textOf(ref.node) : '-'} = ${describeValue(memory.ev, value)}`,
    );
  };

  it.each<[string, string, string[], string[]]>([
    ['of a literal', 'at({ jobId: 1 })', ['jobId'], ['1 = 1']],
    ['inside another', 'at({ a: { b: x } })', ['a', 'b'], ['x = global:.x']],
    ['of a constant', 'const id = 1; at({ jobId: id })', ['jobId'], ['id = 1']],
    ['of a spread', 'const base = { jobId: 1 }; at({ ...base, a: 2 })', ['jobId'], ['1 = 1']],
    ['that overrides', 'const base = { jobId: 1 }; at({ ...base, jobId: 2 })', ['jobId'], ['2 = 2']],
    ['that is overridden', 'const base = { jobId: 1 }; at({ jobId: 2, ...base })', ['jobId'], ['1 = 1']],
    ['that may be overridden', 'at({ jobId: 2, ...(x ? { jobId: 1 } : {}) })', ['jobId'], ['1 = 1', '2 = 2']],
    ['of a choice', 'at(x ? { jobId: 1 } : { jobId: 2 })', ['jobId'], ['1 = 1', '2 = 2']],
    ['that is set later', 'const o = { a: 1 }; o.jobId = 2; at(o)', ['jobId'], ['2 = 2']],
    ['of a type', 'function f(o: { jobId: number }) { at(o) }', ['jobId'], ['- = number']],
    ['that is absent', 'at({ a: 1 })', ['jobId'], []],
    ['of nothing', 'at(undefined)', ['jobId'], []],
  ])('%s', (_, code, path, expected) => {
    expect(given(code, path)).toEqual(expected);
  });

  it('are found in the options of a flow for its queues', () => {
    const memory = project(
      `import { FlowProducer } from 'bullmq'; const flow = new FlowProducer(); flow.add(tree, { queuesOptions: { mail: { defaultJobOptions: { attempts: 3 } }, report: {} } })`,
    );
    const module = memory.module('a.ts');
    const call = module.nodes('CallExpression')[0] as TSESTree.CallExpression;
    const enqueue = readEnqueue(memory.ev, { module, node: call });
    const options = enqueue ? flowOptions(memory.ev, enqueue) : [];
    expect(options.map(({ scope, queueName }) => [scope, queueName])).toEqual([['job-defaults', 'mail']]);
    expect(options.map(({ value }) => describeValue(memory.ev, value))).toEqual(['{ attempts: 3 }']);
  });
});

describe('the newest version of a package that a file can work with', () => {
  const json = JSON.stringify;
  const newest = (files: Files): readonly number[] | undefined => {
    const { root } = new TestProject({ 'a.js': '', ...files });
    return packageVersion(root, `${root}/a.js`, 'bullmq')?.newest;
  };

  it.each<[string, readonly number[] | undefined]>([
    ['5.58.7', [58, 7]],
    ['=5.58.7', [58, 7]],
    ['~5.34.4', [34, Infinity]],
    ['^5.34.4', [Infinity, Infinity]],
    ['5.x', [Infinity, Infinity]],
    ['>=5.1.0 <6', [Infinity, Infinity]],
    ['latest', undefined],
  ])('%s', (range, expected) => {
    expect(newest({ 'package.json': json({ dependencies: { bullmq: range } }) })).toEqual(expected);
  });

  it('is the installed one', () => {
    expect(
      newest({
        'package.json': json({ dependencies: { bullmq: '^5.1.0' } }),
        'node_modules/bullmq/package.json': json({ name: 'bullmq', version: '5.34.2' }),
      }),
    ).toEqual([34, 2]);
  });
});
