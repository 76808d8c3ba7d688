import { describe, expect, it } from 'vitest';
import { effectsOf, type EffectKind } from '../../src/analysis/effects/effect.ts';
import { skipOfOtherNames } from '../../src/analysis/jobs/other-names.ts';
import { jobPath } from '../../src/analysis/jobs/own-job.ts';
import { here } from '../../src/analysis/values/evaluation.ts';
import type { FunctionValue } from '../../src/analysis/values/value.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

function open(code: string | Files): { project: MemoryProject; f: FunctionValue } {
  const project = memoryProject(typeof code === 'string' ? { 'a.ts': code } : code);
  const f = project.ev.evaluate(project.find('a.ts', 'f', 'Identifier'));
  if (f.kind !== 'function') throw new Error('no function f');
  return { project, f };
}

/** What the arguments of every `show(...)` that runs with `f` are of the job that `f` is given. */
function shown(code: string | Files): (string | undefined)[] {
  const { project, f } = open(code);
  const found: (string | undefined)[] = [];
  const shows: EffectKind = {
    name: 'shows',
    mark: undefined,
    throughFloating: true,
    readsArguments: true,
    ofJob: true,
    find(ev, { module, frame, body }) {
      for (const node of body)
        if (node.type === 'CallExpression' && module.textOf(node.callee) === 'show')
          for (const argument of node.arguments)
            found.push(jobPath(ev.evaluate(here(module, argument, frame))));
      return [];
    },
  };
  effectsOf(project.ev, f, shows, { leadsTo: () => true, mayLead: () => true }, new WeakMap());
  return found;
}

describe('the job of a function', () => {
  it.each<[string, string | Files, (string | undefined)[]]>([
    [
      'is its first parameter',
      'function f(job, token) { show(job, job.data.items, token); }',
      ['', '.data.items', undefined],
    ],
    [
      'is known taken apart',
      'function f({ data: { id }, opts }) { show(id, opts.attempts); }',
      ['.data.id', '.opts.attempts'],
    ],
    [
      'is known by other names',
      'function f(job) { const j = job; const { data } = j; show(data); }',
      ['.data'],
    ],
    [
      'is known by its type',
      `import type { Job } from 'bullmq'; function f(job: Job) { show(job.name); }`,
      ['.name'],
    ],
    [
      'is known in what it is passed to',
      'function f(job) { g(job.data, 1); } function g(x, y) { show(x, y); }',
      ['.data', undefined],
    ],
    [
      'is known in functions inside',
      'function f(job) { const g = () => { show(job); }; function h() { g(); } h(); }',
      [''],
    ],
    [
      'is known in other files',
      {
        'a.ts': `import { g } from './b'; function f(job) { g(job); }`,
        'b.ts': 'export const g = (x) => show(x.data);',
      },
      ['.data'],
    ],
    [
      'is known in a field',
      `import type { Job } from 'bullmq'; class T { constructor(private job: Job) {} run() { show(this.job.data); } } function f(job) { new T(job).run(); }`,
      ['.data'],
    ],
    [
      'comes after bound arguments',
      `const g = (deps, job) => { show(deps, job); }; const f = g.bind(null, { a: 1 });`,
      [undefined, ''],
    ],
    [
      'is what a worker hands over',
      `import { Worker } from 'bullmq'; const f = () => new Worker('q', async (job) => {}); new Worker('q', async (task) => { show(task.id); });`,
      [],
    ],
    [
      'is nothing that a package made of it',
      `import { parse } from 'x'; function f(job) { show(parse(job), job ?? other); }`,
      [undefined, undefined],
    ],
    ['may be missing', 'function f(job) { show(job?.data ?? undefined); }', ['.data']],
  ])('%s', (_, code, expected) => {
    expect(shown(code)).toEqual(expected);
  });

  it('is known by what the library hands over, without a frame', () => {
    const project = memoryProject({
      'a.ts': `import { Worker } from 'bullmq'; import Queue from 'bull'; new Worker('q', async (a) => { x(a.data); }); new Queue('q').process((b) => { x(b.id); });`,
    });
    const path = (text: string): string | undefined =>
      jobPath(project.ev.evaluate(project.find('a.ts', text, 'MemberExpression')));
    expect([path('a.data'), path('b.id')]).toEqual(['.data', '.id']);
  });
});

/** The question by which `f` skips a job of another name, as `kind text (calls)`. */
function skipped(code: string | Files): string | undefined {
  const { project, f } = open(code);
  const skip = skipOfOtherNames(project.ev, f);
  if (!skip) return undefined;
  const calls = skip.calls.map(({ module, node }) => module.textOf(node));
  return [skip.kind, skip.at.module.textOf(skip.at.node).split('{')[0]?.trim(), ...calls].join(' | ');
}

describe('a job of another name', () => {
  it.each<[string, string | Files, string | undefined]>([
    [
      'leaves at a guard',
      `function f(job) { if (job.name !== 'a') return; work(job); }`,
      `guard | job.name !== 'a'`,
    ],
    ['meets no branch', `function f(job) { if (job.name === 'a') work(job); }`, `chain | job.name === 'a'`],
    [
      'meets no case',
      `function f(job) { switch (job.name) { case 'a': work(job); } }`,
      'switch | switch (job.name)',
    ],
    [
      'has no handler',
      'function f(job) { return handlers[job.name]?.(job); }',
      'map | handlers[job.name]?.(job)',
    ],
    [
      'is told at the first question',
      `function f(job) { if (job.name === 'a') return work(); if (job.name === 'b') return work(); }`,
      `chain | job.name === 'a'`,
    ],
    [
      'is told with the calls on the way',
      `function f(job) { g(job); } function g(j) { if (j.name === 'a') work(j); }`,
      `chain | j.name === 'a' | g(job)`,
    ],
    ['is done by what follows', `function f(job) { if (job.name === 'a') work(job); rest(job); }`, undefined],
    [
      'is done by what came before',
      `function f(job) { store(job); if (job.name === 'a') work(job); }`,
      undefined,
    ],
    ['throws', `function f(job) { if (job.name === 'a') work(job); else throw new Error(); }`, undefined],
    [
      'throws in a helper',
      `function f(job) { g(job); } function g(j) { if (j.name !== 'a') throw new Error(); work(j); }`,
      undefined,
    ],
    [
      'is left on one of two ways',
      `function f(job) { if (flag) { if (job.name !== 'a') return; } work(job); }`,
      `guard | job.name !== 'a'`,
    ],
    [
      'passes a loop',
      `function f(job) { for (const x of job.data.list) { if (job.name !== 'a') continue; work(x); } }`,
      `guard | job.name !== 'a'`,
    ],
    ['has nobody to skip it', `function f(job) { if (job.name === 'a') console.log(1); }`, undefined],
    [
      'does not concern a call that goes round',
      'function f(job) { g(job); } function g(j) { if (j.name === "a") work(j); else g(j); }',
      undefined,
    ],
  ])('%s', (_, code, expected) => {
    expect(skipped(code)).toBe(expected);
  });
});
