import { describe, expect, it } from 'vitest';
import { isDeferred } from '../../src/analysis/transactions/deferred.ts';
import { transactionsIn } from '../../src/analysis/transactions/transactions.ts';
import { nameOfFunction } from '../../src/analysis/effects/effect.ts';
import { memoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

/** The names that are called inside the transactions of `a.ts`; the name of a function of another file. */
function inside(code: string | Files, names: readonly string[] = []): string[] {
  const project = memoryProject(typeof code === 'string' ? { 'a.ts': code } : code);
  const module = project.module('a.ts');
  return transactionsIn({ ev: project.ev, names, canHave: () => true }, module).flatMap(({ fn, part }) => {
    if (fn.at.module !== module) return [nameOfFunction(fn)];
    const isPart = (node: object): boolean => !part || part.some((inner) => inner === node);
    return module
      .nodes('CallExpression')
      .filter(
        (call) =>
          call.range[0] >= fn.at.node.range[0] && call.range[1] <= fn.at.node.range[1] && isPart(call),
      )
      .flatMap((call) => (/^[a-z]\d?\(/.test(module.textOf(call)) ? [module.textOf(call)] : []));
  });
}

describe('inside a transaction is', () => {
  it.each<[string, string | Files, string[], string[]?]>([
    ['a callback of Prisma', `db.$transaction(async (tx) => { a(); }); b();`, ['a()']],
    ['nothing of the array form', `db.$transaction([a(), b()]); c();`, []],
    [
      'a callback of TypeORM, behind an isolation level',
      `import { DataSource } from 'typeorm'; function f(s: DataSource) { s.transaction('SERIALIZABLE', () => a()); }`,
      ['a()'],
    ],
    [
      'a callback of typeorm-transactional',
      `import { runInTransaction } from 'typeorm-transactional'; runInTransaction(() => a());`,
      ['a()'],
    ],
    [
      'a callback of @nestjs-cls/transactional',
      `import { TransactionHost } from '@nestjs-cls/transactional'; class A { constructor(private h: TransactionHost) {} f() { return this.h.withTransaction(async () => a()); } }`,
      ['a()'],
    ],
    [
      'a callback of Sequelize that is given nothing',
      `import { Sequelize } from 'sequelize'; new Sequelize().transaction(async () => a());`,
      ['a()'],
    ],
    ['a callback of Knex', `import knex from 'knex'; knex({}).transaction(async () => a());`, ['a()']],
    [
      'a callback of Kysely',
      `import { Kysely } from 'kysely'; function f(db: Kysely<DB>) { db.transaction().execute(async () => a()); db.selectFrom('x').execute(() => b()); }`,
      ['a()'],
    ],
    [
      'a callback of Drizzle',
      `import { drizzle } from 'drizzle-orm/postgres-js'; const db = drizzle(c); db.transaction(async () => a());`,
      ['a()'],
    ],
    [
      'a callback of Mongoose',
      `import mongoose from 'mongoose'; mongoose.connection.transaction(() => a()); const s = await mongoose.startSession(); s.withTransaction(() => b());`,
      ['a()', 'b()'],
    ],
    [
      'a callback of MikroORM',
      `import { EntityManager } from '@mikro-orm/postgresql'; function f(em: EntityManager) { em.transactional(() => a()); }`,
      ['a()'],
    ],
    [
      'a callback of Objection',
      `import { Model, transaction } from 'objection'; class A extends Model {} A.transaction(() => a()); transaction(A.knex(), () => b());`,
      ['a()', 'b()'],
    ],
    [
      'a callback of Lucid',
      `import db from '@adonisjs/lucid/services/db'; db.transaction(() => a());`,
      ['a()'],
    ],
    [
      'a callback of a driver',
      `import postgres from 'postgres'; import pgp from 'pg-promise'; import { createPool } from 'slonik'; postgres().begin(() => a()); pgp()('x').tx(() => b()); const p = await createPool('x'); p.transaction(() => c());`,
      ['a()', 'b()', 'c()'],
    ],
    [
      'a callback of something unseen that is given a transaction',
      'db.transaction(async (tx) => a());',
      ['a()'],
    ],
    ['no callback of something unseen that is given nothing', 'db.transaction(() => a());', []],
    ['no callback of another method', 'db.transact((tx) => a()); db.batch((tx) => b());', []],
    [
      'a callback of a helper',
      {
        'a.ts': `import { withTx } from './b'; withTx(1, () => a(), () => b());`,
        'b.ts':
          'export const withTx = async (n, work, after) => { await db.$transaction((tx) => work(tx)); after(); };',
      },
      ['a()'],
    ],
    [
      'a callback that a helper hands on',
      `function withTx(work) { return db.$transaction(work); } function unit(work = x) { return withTx(work); } unit(() => a());`,
      ['a()'],
    ],
    [
      'a callback of a helper that calls itself',
      `function withTx(work, n) { return n ? withTx(work, n - 1) : db.$transaction((tx) => work.call(null, tx)); } withTx(() => a(), 3);`,
      ['a()'],
    ],
    [
      'a callback between begin and commit of a helper',
      `async function withTx(work) { await c.query('BEGIN'); try { const r = await work(c); await c.query('COMMIT'); return r; } catch (e) { await c.query('ROLLBACK'); } } withTx(() => a());`,
      ['a()'],
    ],
    [
      'a callback of a function by the user’s word',
      'inUnit(() => a()); this.other.inUnit(() => b());',
      ['a()', 'b()'],
      ['inUnit'],
    ],
    [
      'a function of another file',
      {
        'a.ts': `import { create } from './b'; db.$transaction(create);`,
        'b.ts': 'export async function create(tx) {}',
      },
      ['create'],
    ],
    ['a decorated method', 'class A { @Transactional() f() { a(); } g() { b(); } }', ['a()']],
    ['a decorated method by the user’s word', 'class A { @Atomic() f() { a(); } }', ['a()'], ['Atomic']],
    [
      'no method that says otherwise',
      `class A { @Transactional({ propagation: 'NEVER' }) f() { a(); } }`,
      [],
    ],
    [
      'what stands between begin and commit',
      'async function f() { a(); await r.startTransaction(); b(); try { c(); await r.commitTransaction(); d(); } catch { e(); await r.rollbackTransaction(); } g(); }',
      ['b()', 'c()'],
    ],
    [
      'no code of another session',
      'async function f() { r.startTransaction(); a(); await other.commitTransaction(); b(); }',
      [],
    ],
    [
      'the rest behind a branch that gives up',
      'async function f() { await c.beginTransaction(); if (x) { await c.rollback(); return; } a(); await c.commit(); b(); }',
      ['a()'],
    ],
    [
      'nothing behind a branch that commits and goes on',
      'async function f() { await c.beginTransaction(); if (x) { await c.commit(); } a(); if (!x) { await c.commit(); } }',
      [],
    ],
    [
      'what comes before the commit of a variable',
      'async function f() { const t = await sequelize.transaction(); a(); await t.commit(); b(); }',
      ['a()'],
    ],
    [
      'what comes before the commit of a variable that is set on some way',
      'async function f(given) { let t = given; if (!t) { t = await knex.transaction({ isolationLevel: x }); } a(); if (!given) { await t.commit(); } b(); }',
      ['a()'],
    ],
    [
      'nothing behind a variable that is never committed',
      'async function f() { const t = await Sentry.startTransaction(); a(); t.finish(); }',
      [],
    ],
    [
      'what comes between statements',
      'async function f() { await c.query(`START TRANSACTION`); a(); await c.query("SAVEPOINT x"); b(); await c.query("ROLLBACK TO x"); d(); await c.query("COMMIT"); e(); }',
      ['a()', 'b()', 'd()'],
    ],
    [
      'nothing where the client only takes a lock',
      'db.$transaction(async (tx) => { const [row] = await tx.$queryRaw`SELECT pg_try_advisory_xact_lock(${KEY}::bigint) AS locked`; if (!row.locked) return; a(); });',
      [],
    ],
    [
      'nothing of a helper whose client only takes a lock',
      `const withLock = (work) => db.$transaction(async (tx) => { await tx.$executeRawUnsafe('SELECT pg_advisory_xact_lock(1)'); await work(); }); withLock(() => a());`,
      [],
    ],
    [
      'nothing where the client waits for its lock for some time',
      `import { drizzle } from 'drizzle-orm/postgres-js'; const db = drizzle(c); db.transaction(async (tx) => { await tx.execute(sql\`SET LOCAL lock_timeout = '5s'\`); await tx.execute(sql\`SELECT pg_advisory_xact_lock(\${key})\`); a(); });`,
      [],
    ],
    [
      'nothing where the client is given to the statement that locks',
      `import { Kysely, sql } from 'kysely'; function f(db: Kysely<DB>) { db.transaction().execute(async (trx) => { await sql\`select pg_advisory_xact_lock(1)\`.execute(trx); a(); }); }`,
      [],
    ],
    [
      'nothing between begin and commit of a client that only takes a lock',
      `async function f() { await c.query('BEGIN'); const { rows } = await c.query('SELECT pg_try_advisory_xact_lock($1) AS locked', [KEY]); if (!rows[0].locked) { await c.query('ROLLBACK'); return; } a(); await c.query('COMMIT'); }`,
      [],
    ],
    [
      'what the client does besides its lock',
      'db.$transaction(async (tx) => { await tx.$executeRaw`SELECT pg_advisory_xact_lock(1)`; await tx.order.create({}); a(); });',
      ['a()'],
    ],
    [
      'what is given the client that has taken a lock',
      'db.$transaction(async (tx) => { await tx.$executeRaw`SELECT pg_advisory_xact_lock(1)`; a(tx); });',
      ['a(tx)'],
    ],
    [
      'what is written in the statement of the lock',
      `db.$transaction(async (tx) => { await tx.$executeRawUnsafe('SELECT pg_advisory_xact_lock(1); UPDATE orders SET paid = true'); a(); });`,
      ['a()'],
    ],
    [
      'what needs no client to be inside',
      `import { EntityManager } from '@mikro-orm/postgresql'; function f(em: EntityManager) { em.transactional(async (tx) => { await tx.execute('SELECT pg_advisory_xact_lock(1)'); a(); }); }`,
      ['a()'],
    ],
    [
      'what a client writes between begin and commit besides its lock',
      `async function f() { await c.query('BEGIN'); await c.query('SELECT pg_advisory_xact_lock(1)'); await c.query('INSERT INTO orders VALUES (1)'); a(); await c.query('COMMIT'); }`,
      ['a()'],
    ],
  ])('%s', (_, code, expected, names) => {
    expect(inside(code, names)).toEqual(expected);
  });
});

describe('kept for later is', () => {
  it.each<[string, boolean]>([
    ['t.afterCommit(() => x());', true],
    ['runOnTransactionCommit(async () => { await x(); });', true],
    ['trx.after("commit", () => x());', true],
    ['tasks.push(() => x());', true],
    ['trx.executionPromise.then(() => x());', true],
    ['save().then(() => x());', false],
    ['items.map(() => x());', false],
    ['tasks.push(x());', false],
    ['x();', false],
  ])('%s: %s', (text, expected) => {
    const project = memoryProject({ 'a.ts': `function f() { ${text} }` });
    const call = project.find('a.ts', 'x()').node;
    expect(isDeferred(call, project.module('a.ts').ast)).toBe(expected);
  });
});
