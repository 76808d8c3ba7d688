import type { TSESTree } from '@typescript-eslint/utils';
import { describe, expect, it } from 'vitest';
import { isKept, openingAt, repeatedBy, type Opening } from '../../src/analysis/jobs/openings.ts';
import { enclosingFunction, type FunctionNode } from '../../src/analysis/source/nodes.ts';
import type { Ref } from '../../src/analysis/values/value.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';

const IMPORTS = `import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq';`;

function opening(project: MemoryProject, text: string): Opening | undefined {
  return openingAt(project.ev, project.find('a.ts', text) as Ref<TSESTree.NewExpression>);
}

describe('an opening is', () => {
  it.each<[string, string, string, string | undefined]>([
    ['a queue', '', `new Queue('a')`, 'queue Queue'],
    ['queue events', '', `new QueueEvents('a')`, 'queue-events QueueEvents'],
    ['a flow producer', '', 'new FlowProducer()', 'flow FlowProducer'],
    ['a queue of Bull', `import Bull from 'bull';`, `Bull('a')`, 'queue Bull'],
    [
      'a subclass',
      `class Mails extends Queue { constructor() { super('a'); } }`,
      'new Mails()',
      'queue Mails',
    ],
    ['an object with such a field', `class S { q = new Queue('b'); }`, 'new S()', 'queue S'],
    ['no object with a static one', `class S { static q = new Queue('b'); }`, 'new S()', undefined],
    ['no other class', 'class Other {}', 'new Other()', undefined],
    ['no other function', 'const f = () => 1;', 'f()', undefined],
  ])('%s', (_, declarations, text, expected) => {
    const found = opening(memoryProject({ 'a.ts': `${IMPORTS} ${declarations} ${text};` }), text);
    expect(found && `${found.role} ${found.name}`).toBe(expected);
  });
});

describe('an opening is repeated by', () => {
  it.each<[string, string, 'round' | 'call' | undefined]>([
    ['a loop', `function f(l) { for (const x of l) { const q = new Queue('a'); q.close(); } }`, 'round'],
    ['an iteration', `const f = (l) => l.map(async (x) => { await new Queue('a').close(); })`, 'round'],
    [
      'a function that adds the job it is given',
      `function f(data) { const q = new Queue('a'); return q.add('x', data); }`,
      'call',
    ],
    [
      'nothing when it adds a job of its own',
      `function f() { const q = new Queue('a'); return q.add('x', {}); }`,
      undefined,
    ],
    [
      'nothing when it is returned',
      `function f(data) { const q = new Queue('a'); q.add('x', data); return q; }`,
      undefined,
    ],
    [
      'nothing when it is kept',
      `function f(l) { for (const x of l) { const q = new Queue('a'); all.push(q); } }`,
      undefined,
    ],
    [
      'nothing at start-up',
      `function setupMails(data) { const q = new Queue('a'); return q.add('x', data); }`,
      undefined,
    ],
    [
      'nothing in what the module runs',
      `async function f(data) { const q = new Queue('a'); await q.add('x', data); } f(1);`,
      undefined,
    ],
    [
      'nothing in a callback of something else',
      `program.action((data) => { const q = new Queue('a'); return q.add('x', data); })`,
      undefined,
    ],
    [
      'nothing in a script',
      `const id = process.argv[2]; function f(data) { const q = new Queue('a'); return q.add('x', data); }`,
      undefined,
    ],
  ])('%s', (_, code, expected) => {
    const project = memoryProject({ 'a.ts': `${IMPORTS} ${code}` });
    const found = opening(project, `new Queue('a')`);
    expect(found && repeatedBy(project.ev, found)).toBe(expected);
  });
});

describe('what a function makes', () => {
  it.each<[string, string, boolean]>([
    [`let q; function f() { q ??= new Queue('a'); }`, `new Queue('a')`, true],
    [`let q; function f() { q = new Queue('a'); }`, `new Queue('a')`, false],
    [`const m = new Map(); function f(n) { m.set(n, new Queue('a')); }`, `new Queue('a')`, false],
    [`const m = new Map(); function f(n) { m.set(n, new Worker('a')); }`, `new Worker('a')`, true],
    [`function f() { new Worker('a'); }`, `new Worker('a')`, false],
  ])('%s: %s is kept: %s', (code, text, expected) => {
    const project = memoryProject({ 'a.ts': `${IMPORTS} ${code}` });
    const found = opening(project, text) as Opening;
    expect(isKept(found, enclosingFunction(found.at.node) as FunctionNode)).toBe(expected);
  });
});
