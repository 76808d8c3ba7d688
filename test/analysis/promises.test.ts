import type { TSESTree } from '@typescript-eslint/utils';
import { describe, expect, it } from 'vitest';
import { isAsynchronous } from '../../src/analysis/effects/asynchronous.ts';
import { rejectionOf } from '../../src/analysis/effects/rejections.ts';
import { asksDatabase } from '../../src/analysis/entities/sent-queries.ts';
import { Carriers } from '../../src/analysis/jobs/carriers.ts';
import { functionName } from '../../src/analysis/source/nodes.ts';
import type { Ref } from '../../src/analysis/values/value.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';

/** The expression of the last statement of a file. */
function lastCall(project: MemoryProject): Ref<TSESTree.CallExpression> {
  const module = project.module('a.ts');
  const statement = module.ast.body.at(-1);
  if (statement?.type !== 'ExpressionStatement') throw new Error('no statement');
  return { module, node: statement.expression as TSESTree.CallExpression };
}

describe('a function carries an enqueue', () => {
  const QUEUE = `import { Queue } from 'bullmq'; const q = new Queue('a');`;
  it.each<[string, string, string[] | undefined]>([
    ['that it awaits', 'async function f() { await q.add("a"); }', ['f']],
    ['that it returns', 'const f = () => q.add("a");', ['f']],
    ['that it collects', 'async function f() { await Promise.all(x.map((i) => q.add(i))); }', ['f']],
    [
      'of a function that it calls',
      'const g = () => q.add("a"); async function f() { await g(); }',
      ['f', 'g'],
    ],
    ['not when it drops it', 'async function f() { q.add("a"); }', undefined],
    ['not when it catches it', 'async function f() { try { await q.add("a"); } catch {} }', undefined],
    ['not in a loop without end', 'async function f() { for (;;) await q.add("a"); }', undefined],
    ['not when it only defines it', 'function f() { return { g: () => q.add("a") }; }', undefined],
    ['not by calling itself', 'async function f() { await f(); }', undefined],
  ])('%s', (_, code, expected) => {
    const project = memoryProject({ 'a.ts': `${QUEUE} ${code} f();` });
    const carried = new Carriers(project.ev, () => true).carriedBy(lastCall(project));
    expect(carried?.way.map(({ at }) => functionName(at.node))).toEqual(expected);
  });

  it('through three functions, and no more', () => {
    const code = `${QUEUE} const a = () => q.add('x'); const b = () => a(); const c = () => b(); const d = () => c();`;
    const carries = (call: string): boolean => {
      const project = memoryProject({ 'a.ts': `${code} ${call};` });
      return new Carriers(project.ev, () => true).carries(lastCall(project));
    };
    expect([carries('c()'), carries('d()'), carries(`q.add('x')`)]).toEqual([true, false, true]);
  });

  it('only where a call can lead to one', () => {
    const project = memoryProject({ 'a.ts': `${QUEUE} const f = () => q.add('a'); f();` });
    expect(new Carriers(project.ev, () => false).carriedBy(lastCall(project))).toBeUndefined();
  });
});

describe('the promise of a function can be rejected by', () => {
  it.each<[string, string | undefined]>([
    ['async () => { await x(); }', 'await x()'],
    ['async () => { log(); throw e; }', 'throw e;'],
    ['async () => { for await (const x of y) log(x); }', 'for await (const x of y) log(x);'],
    ['async () => { try { await x(); } catch (e) { await y(); } }', 'await y()'],
    ['async () => { try { await x(); } catch (e) { log(e); } }', undefined],
    ['async () => { try { try { await x(); } finally { y(); } } catch {} }', undefined],
    ['async () => { await x().catch(log); }', undefined],
    ['async () => { await x().catch((e) => { throw e; }); }', `await x().catch((e) => { throw e; })`],
    ['async () => { await x().finally(y); }', 'await x().finally(y)'],
    [
      'async () => { await Promise.all(l.map(async (i) => { await x(i); })); }',
      'await Promise.all(l.map(async (i) => { await x(i); }))',
    ],
    ['async () => { await Promise.all(l.map(async (i) => { try { await x(i); } catch {} })); }', undefined],
    ['async () => { await new Promise((resolve) => setTimeout(resolve, 1)); }', undefined],
    [
      'async () => { await new Promise((resolve, reject) => x(resolve, reject)); }',
      'await new Promise((resolve, reject) => x(resolve, reject))',
    ],
    ['async () => { l.forEach(async () => { await x(); }); }', undefined],
    ['async () => { await "text"; }', undefined],
    ['() => { x(); }', undefined],
    ['() => fetch("x")', 'fetch("x")'],
    ['() => fetch("x").catch(log)', undefined],
  ])('%s: %s', (code, expected) => {
    const project = memoryProject({ 'a.ts': `const f = ${code};` });
    const fn = project.value('a.ts', code);
    const rejection = fn.kind === 'function' ? rejectionOf(project.ev, fn) : undefined;
    expect(rejection && project.module('a.ts').textOf(rejection)).toBe(expected);
  });
});

describe('is asynchronous', () => {
  it.each<[string, boolean]>([
    ['async function f() {} f()', true],
    ['const f = (): Promise<void> => g(); f()', true],
    ['function f() {} f()', false],
    ['f()', false],
    ['fetch("x")', true],
    [`import axios from 'axios'; axios.post('x')`, true],
    [`import { unlink } from 'node:fs/promises'; unlink('x')`, true],
    [`import fs from 'node:fs'; fs.unlinkSync('x')`, false],
    [`import { Queue } from 'bullmq'; new Queue('a').pause()`, true],
    [`import { Job } from 'bullmq'; declare const job: Job; job.updateData({})`, true],
    [`import { Job } from 'bullmq'; declare const job: Job; job.updateProgress(1)`, false],
    [
      `import { Job } from 'bullmq'; declare const job: Job; async function f() { await job.log('x'); } f()`,
      false,
    ],
  ])('%s: %s', (code, expected) => {
    const project = memoryProject({ 'a.ts': code });
    expect(isAsynchronous(project.ev, lastCall(project))).toBe(expected);
  });
});

describe('asks the database', () => {
  it.each<[string, boolean]>([
    [
      `import { PrismaClient } from '@prisma/client'; const p = new PrismaClient(); p.user.deleteMany({})`,
      true,
    ],
    [`import { PrismaClient } from '@prisma/client'; const p = new PrismaClient(); p.$transaction([])`, true],
    [`import { Repository } from 'typeorm'; declare const r: Repository<User>; r.update(1, {})`, true],
    [`import { Repository } from 'typeorm'; declare const r: Repository<User>; r.create({})`, false],
    [`import mongoose from 'mongoose'; const M = mongoose.model('M', s); M.find().lean().exec()`, true],
    [`import createKnex from 'knex'; const k = createKnex({}); k('a').where({}).del()`, true],
    [`import createKnex from 'knex'; const k = createKnex({}); const q = k('a'); q.where({})`, false],
    [`import { drizzle } from 'drizzle-orm/pg'; const db = drizzle(p); db.update(t).set({}).where(x)`, true],
    [
      `import { drizzle } from 'drizzle-orm/pg'; const db = drizzle(p); const q = db.update(t); q.set({})`,
      false,
    ],
    ['users.save()', false],
  ])('%s: %s', (code, expected) => {
    const project = memoryProject({ 'a.ts': code });
    expect(asksDatabase(project.ev, lastCall(project))).toBe(expected);
  });
});
