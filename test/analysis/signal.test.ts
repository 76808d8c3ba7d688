import { describe, expect, it } from 'vitest';
import { lostSignal, takesSignal, usesArgument } from '../../src/analysis/jobs/signal.ts';
import type { FunctionValue } from '../../src/analysis/values/value.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

function open(code: string | Files): { project: MemoryProject; f: FunctionValue } {
  const project = memoryProject(typeof code === 'string' ? { 'a.ts': code } : code);
  const f = project.ev.evaluate(project.find('a.ts', 'f', 'Identifier'));
  if (f.kind !== 'function') throw new Error('no function f');
  return { project, f };
}

/** What makes `f` too short for a signal, and the function that waits for it: `signal = none`, `... for run`. */
function lost(code: string | Files): string | undefined {
  const { project, f } = open(code);
  const found = lostSignal(project.ev, f);
  if (!found) return undefined;
  const text = found.at === f.at.node ? 'all of f' : f.at.module.textOf(found.at);
  return found.inner ? `${text}, for ${found.inner.at.node.id?.name ?? 'a function'}` : text;
}

describe('a signal is lost', () => {
  it.each<[string, string | Files, string | undefined]>([
    ['not by three plain parameters', 'function f(job, token, signal) { use(signal); }', undefined],
    ['not by four', 'function f(job, token, signal, x = 1) { use(signal); }', undefined],
    ['not where it is not used', 'function f(job, token, signal = none) { use(job); }', undefined],
    ['not where there is none', 'function f(job) { use(job); }', undefined],
    ['by a default', 'function f(job, token, signal = none) { use(signal); }', 'signal = none'],
    ['by a default before it', `function f(job, token = '', signal) { use(signal); }`, `token = ''`],
    ['by a rest whose third is read', 'function f(job, ...rest) { use(rest[1]); }', '...rest'],
    ['not by a rest whose second is read', 'function f(job, ...rest) { use(rest[0]); }', undefined],
    [
      'by a rest that is taken apart',
      'function f(...all) { const [job, token, signal] = all; use(signal); }',
      '...all',
    ],
    [
      'by a rest that is taken apart in place',
      'function f(job, ...[token, signal]) { use(signal); }',
      '...[token, signal]',
    ],
    ['by `arguments`', 'function f(job) { use(arguments[2]); }', 'all of f'],
    ['not by other `arguments`', 'function f(job) { use(arguments[1]); }', undefined],
    [
      'not by `arguments` of a function inside',
      'function f(job) { use(function () { return arguments[2]; }); }',
      undefined,
    ],
    [
      'not by the `this` of TypeScript',
      'function f(this: Mails, job, token, signal) { use(signal); }',
      undefined,
    ],
    [
      'by a pattern with a default',
      'function f(job, token, { aborted } = none) { use(aborted); }',
      '{ aborted } = none',
    ],
    [
      'where the job alone is passed on',
      'const f = (job) => run(job); function run(job, token, signal) { use(signal); }',
      'all of f, for run',
    ],
    [
      'where the job alone is passed on and awaited',
      'async function f(job) { return await run(job); } function run(job, token, signal: AbortSignal) { use(signal); }',
      'all of f, for run',
    ],
    [
      'where the job alone is passed on to another file',
      {
        'a.ts': `import { run } from './run'; const f = (job) => run(job);`,
        'run.ts': 'export function run(job, token, signal) { use(signal); }',
      },
      'all of f, for run',
    ],
    [
      'not to a third parameter of another kind',
      'const f = (job) => run(job); function run(job, name, options) { use(options); }',
      undefined,
    ],
    [
      'not where more is done than to pass the job on',
      'async function f(job) { await check(job); await run(job); } function run(job, token, signal) { use(signal); }',
      undefined,
    ],
    [
      'where all is spread',
      'const f = (...all) => run(...all); function run(job, token, signal) { use(signal); }',
      '...all, for run',
    ],
    [
      'not where what is spread stands elsewhere',
      'const f = (job, ...rest) => run(...rest); function run(job, token, signal) { use(signal); }',
      undefined,
    ],
    [
      'not where the function that is called does not use it',
      'const f = (...all) => run(...all); function run(job, token, signal) { use(job); }',
      undefined,
    ],
  ])('%s', (_, code, expected) => {
    expect(lost(code)).toBe(expected);
  });

  it('counts what was bound before', () => {
    const bound = 'function run(self, job, token, signal) { use(signal); } const f = run.bind(null, mails);';
    expect(lost(bound)).toBeUndefined();
    expect(lost(bound.replace('signal)', 'signal = none)'))).toBe('signal = none');
  });
});

describe('a parameter is for the signal', () => {
  it.each([
    ['by its name', 'function f(job, token, signal) {}', true],
    ['by another name', 'function f(job, token, abortController) {}', true],
    ['by its type', 'function f(job, token, stop: AbortSignal) {}', true],
    ['with a default', 'function f(job, token, signal = none) {}', true],
    ['not by another name and type', 'function f(job, token, options: Options) {}', false],
    ['not in another place', 'function f(job, signal) {}', false],
    ['not taken apart', 'function f(job, token, { aborted }) {}', false],
  ])('%s', (_, code, expected) => {
    expect(takesSignal(open(code).f.at.node)).toBe(expected);
  });
});

it.each([
  ['a parameter that is read', 'function f(a, b) { use(b); }', 1, true],
  ['a parameter that is only set', 'function f(a, b) { b = 1; }', 1, false],
  ['a parameter taken apart', 'function f(a, { b }) {}', 1, true],
  ['another parameter', 'function f(a, b) { use(a); }', 1, false],
  ['no such parameter', 'function f(a) { use(a); }', 1, false],
  ['nothing of an arrow function by `arguments`', 'const f = (a) => use(arguments[1]);', 1, false],
])('reads an argument: %s', (_, code, position, expected) => {
  const { f } = open(code);
  expect(usesArgument(f.at.module, f.at.node, position)).toBe(expected);
});
