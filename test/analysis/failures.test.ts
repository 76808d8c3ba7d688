import type { TSESTree } from '@typescript-eslint/utils';
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../src/analysis/calls/body.ts';
import { guardsOf, passesOn, rethrowOf } from '../../src/analysis/calls/failures.ts';
import { deedOf } from '../../src/analysis/effects/deeds.ts';
import { thrownBy } from '../../src/analysis/effects/thrown.ts';
import { lookupOf } from '../../src/analysis/entities/record.ts';
import { mentionsJobData } from '../../src/analysis/jobs/job-data.ts';
import { here } from '../../src/analysis/values/evaluation.ts';
import type { FunctionValue, Ref } from '../../src/analysis/values/value.ts';
import { memoryProject, type MemoryProject } from '../support/memory.ts';

function functionF(project: MemoryProject): FunctionValue {
  const fn = project.ev.evaluate(project.find('a.ts', 'f', 'Identifier'));
  if (fn.kind !== 'function') throw new Error('no function f');
  return fn;
}

const a = (code: string): MemoryProject => memoryProject({ 'a.ts': code });

/** The clauses and handlers that the failure of `boom()` meets on its way out of `f`. */
function guards(code: string, isPromise = false): string[] {
  const project = a(code);
  const fn = functionF(project);
  const { node } = project.find('a.ts', 'boom()', 'CallExpression');
  return guardsOf(fn.at.node, node, isPromise).map(({ handler }) => fn.at.module.textOf(handler));
}

describe('a failure meets', () => {
  it.each<[string, string, string[]]>([
    ['nothing in a plain function', 'function f() { boom(); }', []],
    ['the clause around it', 'function f() { try { boom(); } catch { a; } }', ['catch { a; }']],
    [
      'the clauses from the inside out',
      'function f() { try { try { boom(); } catch { a; } } catch { b; } }',
      ['catch { a; }', 'catch { b; }'],
    ],
    ['no clause in a clause', 'function f() { try { a(); } catch { boom(); } }', []],
    ['no clause in a finally', 'function f() { try { a(); } catch { b; } finally { boom(); } }', []],
    ['no clause of a try without one', 'function f() { try { boom(); } finally { b; } }', []],
    ['the handler of its promise', 'function f() { return boom().catch(h); }', ['h']],
    [
      'the handler at the end of a chain',
      'function f() { return boom().then(a).finally(b).catch(h); }',
      ['h'],
    ],
    ['the second handler of then', 'function f() { return boom().then(a, h); }', ['h']],
    ['the handler of what runs it', 'function f() { return a.map(() => boom()).catch(h); }', ['h']],
    ['no handler in the handler', 'function f() { return a().catch(() => boom()); }', []],
    ['no clause outside of the function', 'try { const f = () => boom(); f(); } catch { a; }', []],
  ])('%s', (_, code, expected) => {
    expect(guards(code)).toEqual(expected);
  });

  it('no clause that a returned promise has left', () => {
    const left = 'async function f() { try { return boom(); } catch { a; } }';
    expect(guards(left, true)).toEqual([]);
    expect(guards(left)).toEqual(['catch { a; }']);
    expect(guards('async function f() { try { return await boom(); } catch { a; } }', true)).toEqual([
      'catch { a; }',
    ]);
  });
});

/** Of the first clause in `f`. */
function clauseOf(project: MemoryProject): Ref {
  const fn = functionF(project);
  const clause = bodyOf(fn.at.module, fn.at.node).find((node) => node.type === 'CatchClause');
  if (!clause) throw new Error('no clause');
  return here(fn.at.module, clause);
}

const clause = (body: string, beside = ''): MemoryProject =>
  a(`import { other } from 'x'; ${beside} function f(job, done) { try { a(); } catch (error) { ${body} } }`);

describe('a clause throws again', () => {
  it.each<[string, string, string, string?]>([
    ['never', '', 'never'],
    ['never when it logs', 'console.error(error);', 'never'],
    ['never when it returns', 'return null;', 'never'],
    ['never when it catches that itself', 'try { throw error; } catch {}', 'never'],
    ['never in a function for later', 'later(() => { throw error; });', 'never'],
    ['always', 'log(error); throw error;', 'always'],
    ['always in both branches', 'if (x) throw error; else { throw new Error(); }', 'always'],
    ['always by a rejected promise', 'return Promise.reject(error);', 'always'],
    ['always by a callback', 'done(error);', 'always'],
    ['never by a callback without a failure', 'done(null);', 'never'],
    ['always by a function of the file', 'fail(error);', 'always', 'function fail(e) { throw e; }'],
    [
      'always by a function of type never',
      'fail(error);',
      'always',
      'function fail(e): never { return die(e); }',
    ],
    ['always by moveToFailed', 'await job.moveToFailed(error, token);', 'always'],
    ['always after a try of its own', 'try { save(); } catch {} throw error;', 'always'],
    ['always by the end of the process', 'process.exit(1);', 'always'],
    ['always in every case', 'switch (x) { case 1: throw error; default: throw new Error(); }', 'always'],
    ['sometimes in a case', 'switch (x) { case 1: throw error; }', 'sometimes'],
    ['sometimes when it may return first', 'if (x) return; throw error;', 'sometimes'],
    ['sometimes for a condition', 'if (x) throw error;', 'sometimes'],
    ['sometimes for an operator', 'x && fail(error);', 'sometimes', 'function fail(e) { throw e; }'],
    ['sometimes in a loop', 'for (const y of x) throw error;', 'sometimes'],
    ['sometimes by a function', 'check(error);', 'sometimes', 'function check(e) { if (e.x) throw e; }'],
  ])('%s', (_, body, expected, beside) => {
    const project = clause(body, beside);
    expect(rethrowOf(project.ev, clauseOf(project))).toBe(expected);
  });

  it.each<[string, string, string]>([
    ['a function of a package does not', 'console.error', 'never'],
    ['a parameter may', 'done', 'sometimes'],
    ['a function of the file that throws does', 'fail', 'always'],
    ['an arrow does as its call does', '(e) => fail(e)', 'always'],
    ['an arrow with a value does not', '() => null', 'never'],
  ])('as the handler of a promise, %s', (_, handler, expected) => {
    const project = a(`function fail(e) { throw e; } function f(done) { return b().catch(${handler}); }`);
    const { node, module } = project.find('a.ts', `b().catch(${handler})`, 'CallExpression');
    const [argument] = (node as TSESTree.CallExpression).arguments;
    expect(rethrowOf(project.ev, here(module, argument as TSESTree.Node))).toBe(expected);
  });

  it.each<[string, string, boolean]>([
    ['what it has caught', 'log(error); throw error;', true],
    ['another failure', 'throw new Error("x", { cause: error });', false],
    ['it only for some', 'if (error.x) throw error;', false],
    ['nothing', 'log(error);', false],
  ])('and lets out %s', (_, body, expected) => {
    const project = clause(body);
    expect(passesOn(project.ev, clauseOf(project))).toBe(expected);
  });
});

describe('what is thrown is', () => {
  it.each<[string, string, string[]]>([
    ['an error', 'new Error("x")', ['error']],
    ['an error of a package', 'new pkg.NotFound()', ['error']],
    ['a subclass', 'new Missing()', ['error']],
    ['an error not to retry', 'new UnrecoverableError("x")', ['unrecoverable']],
    ['a subclass of one', 'new Gone()', ['unrecoverable']],
    ['a signal', 'new DelayedError()', ['signal']],
    ['text', '"x"', ['no-error']],
    ['text with values', '`x ${y}`', ['no-error']],
    ['an object', '{ code: 1 }', ['no-error']],
    ['nothing', 'undefined', ['no-error']],
    ['an instance of another class', 'new Plain()', ['no-error']],
    ['a response', 'new Response()', ['no-error']],
    ['text made of something', 'String(y)', ['no-error']],
    ['one or the other', 'y ? "x" : new Error()', ['no-error', 'error']],
    ['not known when it is the value of a name', 'y', ['unknown']],
    ['not known when it is one or nothing', 'maybe', ['unknown']],
    ['not known with text for want of it', 'y || "x"', ['unknown']],
    ['not known from a function', 'pkg.make()', ['unknown']],
  ])('%s', (_, expression, expected) => {
    const project = a(
      `import { UnrecoverableError, DelayedError } from 'bullmq'; import * as pkg from 'pkg';
      class Missing extends Error {} class Gone extends UnrecoverableError {} class Plain {}
      function f(y) { let maybe = null; maybe = { code: 1 }; if (maybe) maybe = pkg.make(); throw ${expression}; }`,
    );
    const fn = functionF(project);
    const thrown = bodyOf(fn.at.module, fn.at.node).find((node) => node.type === 'ThrowStatement');
    expect(thrownBy(project.ev, here(fn.at.module, thrown?.argument as TSESTree.Node))).toEqual(expected);
  });
});

describe('an expression mentions the data of the job', () => {
  it.each<[string, string, boolean]>([
    ['by its way from the job', 'job.data.id', true],
    ['within an object', '({ where: { id: job.data.id } })', true],
    ['through names', 'id', true],
    ['through a conversion', 'number', true],
    ['through a check', 'checked.id', true],
    ['but not in the id of the job', 'job.id', false],
    ['but not in what was looked up by it', 'user.teamId', false],
    ['but not in an item of something else', 'rows.map((row) => row.data)', false],
  ])('%s', (_, expression, expected) => {
    const project = a(
      `async function f(job) { const { id } = job.data; const number = Number(id); const checked = schema.parse(job.data);
      const user = await find(job.data.id); const rows = []; return ${expression}; }`,
    );
    const fn = functionF(project);
    const returned = bodyOf(fn.at.module, fn.at.node).find((node) => node.type === 'ReturnStatement');
    const ref = here(fn.at.module, returned?.argument as TSESTree.Node);
    expect(mentionsJobData(project.ev, ref, fn.at.node)).toBe(expected);
  });
});

describe('a lookup', () => {
  it.each<[string, string, { throws: boolean; isList: boolean } | undefined]>([
    ['finds a record or nothing', 'prisma.user.findUnique({ where })', { throws: false, isList: false }],
    [
      'finds part of one',
      'prisma.user.findFirst({ select: { id: true } })',
      { throws: false, isList: false },
    ],
    ['fails for want of one', 'prisma.user.findUniqueOrThrow({ where })', { throws: true, isList: false }],
    [
      'fails at the end of a chain',
      'User.query().findById(1).throwIfNotFound()',
      { throws: true, isList: false },
    ],
    ['finds a list', 'prisma.user.findMany()', { throws: false, isList: true }],
    ['does not make a record', 'prisma.user.upsert({ where })', undefined],
    ['is not a field of what it finds', 'prisma.user.findUnique({ where }).email', undefined],
    ['is not a count', 'prisma.user.count()', undefined],
  ])('%s', (_, expression, expected) => {
    const project = a(
      `import { PrismaClient } from '@prisma/client'; import { Model } from 'objection'; class User extends Model {} const prisma = new PrismaClient(); ${expression};`,
    );
    const value = project.value('a.ts', expression);
    const found = value.kind === 'external' ? lookupOf(project.ev, value) : undefined;
    expect(found && { throws: found.throws, isList: found.isList }).toEqual(expected);
  });
});

describe('by its name a call', () => {
  it.each<[string, string]>([
    ['console.error(e)', 'tells'],
    ['this.logger.warn(e)', 'tells'],
    ['Sentry.captureException(e)', 'tells'],
    ['job.updateProgress(1)', 'tells'],
    ['io.to(room).emit("x")', 'tells'],
    ['repository.findOne(id)', 'reads'],
    ['getUser(id)', 'reads'],
    ['unlink(file)', 'tidies'],
    ['browser.close()', 'tidies'],
    ['session.endSession()', 'tidies'],
    ['markProcessing(id)', 'marks'],
    ['db.update({ where: { id }, data: { status: "running" } })', 'marks'],
    ['db.update({ where: { status: "running" }, data: { total } })', 'works'],
    ['sendMail(user)', 'works'],
    ['issueInvoice(order)', 'works'],
    ['readers.publish(x)', 'works'],
  ])('%s: %s', (code, expected) => {
    const project = a(`${code};`);
    const { module, node } = project.find('a.ts', code, 'CallExpression');
    expect(deedOf(module, node as TSESTree.CallExpression)).toBe(expected);
  });
});
