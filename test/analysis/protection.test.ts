import { describe, expect, it } from 'vitest';
import { consumesInput } from '../../src/analysis/effects/consumed-input.ts';
import { effectsOf, type EffectKind } from '../../src/analysis/effects/effect.ts';
import { isClaimed, protectionOf } from '../../src/analysis/effects/protection.ts';
import { here } from '../../src/analysis/values/evaluation.ts';
import { memoryProject } from '../support/memory.ts';
import type { Files } from '../support/project.ts';

const CLIENT = `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();`;

/** The effect that is looked at: a call of `work`. */
const works: EffectKind = {
  name: 'works',
  mark: undefined,
  throughFloating: true,
  readsArguments: true,
  find: (_, { module, frame, body }) =>
    body.flatMap((node) =>
      node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'work'
        ? [{ at: here(module, node, frame), label: 'work()', target: 'work()' }]
        : [],
    ),
};

function find(code: string | Files) {
  const files = typeof code === 'string' ? { 'a.ts': `${CLIENT} ${code}` } : code;
  const project = memoryProject(files);
  const main = project.files.find((file) => file.endsWith('a.ts')) as string;
  const named = project.ev.evaluate(project.find(main, 'f', 'Identifier'));
  // What an unknown wrapper makes is entered by what it is given.
  const [given] = project.module(main).nodes('ArrowFunctionExpression');
  const f =
    named.kind === 'function' || !given ? named : project.ev.evaluate(here(project.module(main), given));
  if (f.kind !== 'function') throw new Error('no function f');
  const everywhere = { leadsTo: () => true, mayLead: () => true };
  const [reached] = effectsOf(project.ev, f, works, everywhere, new WeakMap());
  if (!reached) throw new Error('work is not reached');
  return { ev: project.ev, reached };
}

/** What protects `work()` in the function `f` of `a.ts`, in words. */
function protections(code: string | Files): string[] {
  const { ev, reached } = find(code);
  const { state, claim, rowLock } = protectionOf(ev, reached);
  return [...(state ? ['state'] : []), ...(claim ? ['claim'] : []), ...(rowLock ? ['row lock'] : [])];
}

const body = (text: string): string => `async function f(job) { const { id } = job.data; ${text} }`;

describe('an effect is protected', () => {
  it.each<[string, string | Files, string[]]>([
    ['by nothing', body('work();'), []],
    [
      'by a test of stored state',
      body(
        `const order = await prisma.order.findUnique({ where: { id } }); if (order.status === 'paid') return; work();`,
      ),
      ['state'],
    ],
    [
      'not by a test that comes after it',
      body(
        `const order = await prisma.order.findUnique({ where: { id } }); work(); if (order.status === 'paid') return;`,
      ),
      [],
    ],
    [
      'not by a test whose both ways lead to it',
      body(
        `const order = await prisma.order.findUnique({ where: { id } }); if (order.status === 'paid') log(); work();`,
      ),
      [],
    ],
    [
      'by a helper that throws where it was done',
      `async function ensureOpen(id) { const order = await prisma.order.findUnique({ where: { id } }); if (order.status === 'paid') throw new Error('paid'); } ${body('await ensureOpen(id); work();')}`,
      ['state'],
    ],
    [
      'not by a helper that runs on one way only',
      `async function ensureOpen(id) { const order = await prisma.order.findUnique({ where: { id } }); if (order.status === 'paid') throw new Error('paid'); } ${body('if (job.data.strict) await ensureOpen(id); work();')}`,
      [],
    ],
    [
      'by a test one call up',
      `async function send(id) { work(); } ${body(`const order = await prisma.order.findUnique({ where: { id } }); if (order.sentAt) return; await send(id);`)}`,
      ['state'],
    ],
    [
      'by a test in a function of another file',
      {
        'a.ts': `import { send } from './send'; export async function f(job) { await send(job.data.id); }`,
        'send.ts': `${CLIENT} export async function send(id) { const order = await prisma.order.findUnique({ where: { id } }); if (order.sentAt) return; work(); }`,
      },
      ['state'],
    ],
    ['by a lock around it', body(`await redlock.using([id], 1000, async () => { work(); });`), ['claim']],
    ['by a lock that is taken before', body(`const lock = await acquireLock(id); work();`), ['claim']],
    ['not by a lock that is given back', body(`await releaseLock(id); work();`), []],
    ['not by something blocked', body(`await isBlocked(id); work();`), []],
    [
      'by a wrapper of the function',
      `import { once } from './once'; const f = withIdempotency(async (job) => { work(); });`,
      ['claim'],
    ],
    [
      'by a class that a decorator is given',
      `class Mailer { @UseInterceptors(LockInterceptor) async send() { work(); } } const mailer = new Mailer(); ${body('await mailer.send();')}`,
      ['claim'],
    ],
    [
      'not by what the job is called',
      `class Mailer { @Process({ name: Jobs.BONUS_CLAIMED }) async send() { work(); } @Process(BONUS_CLAIMED) async more() {} } const mailer = new Mailer(); ${body('await mailer.send();')}`,
      [],
    ],
    [
      'by a decorator of the method it is in',
      `class Mailer { @Idempotent() async send() { work(); } } const mailer = new Mailer(); ${body('await mailer.send();')}`,
      ['claim'],
    ],
    [
      'by an insert of a row under its own id',
      body(`await prisma.receipt.create({ data: { id } }); work();`),
      ['claim'],
    ],
    [
      'not by such an insert whose failure is caught and forgotten',
      body(`try { await prisma.receipt.create({ data: { id } }); } catch {} work();`),
      [],
    ],
    [
      'by one whose failure ends the job',
      body(`try { await prisma.receipt.create({ data: { id } }); } catch { return; } work();`),
      ['claim'],
    ],
    ['not by an insert of any row', body(`await prisma.note.create({ data: { text: 'a' } }); work();`), []],
    [
      'by a locked row that is tested',
      body(
        "const [order] = await prisma.$queryRaw`SELECT status FROM orders WHERE id = ${id} FOR UPDATE`; if (order.status === 'paid') return; work();",
      ),
      ['state', 'row lock'],
    ],
    [
      'by a row lock that a helper takes',
      `async function lockRow(tx, id) { return tx.raw('SELECT * FROM orders WHERE id = ? FOR UPDATE', [id]); } ${body('await load(tx, id); work();')} async function load(tx, id) { return tx.raw('SELECT * FROM orders WHERE id = ? FOR UPDATE', [id]); }`,
      ['row lock'],
    ],
  ])('%s', (_, code, expected) => {
    expect(protections(code)).toEqual(expected);
  });
});

describe('what is done in rounds is done for claimed things alone', () => {
  const claimed = (code: string): boolean => {
    const { ev, reached } = find(code);
    return isClaimed(ev, reached);
  };

  it.each<[string, string, boolean]>([
    ['nothing is claimed', body('for (const row of await due()) work();'), false],
    [
      'each is',
      body('for (const row of await due()) { if (!(await ledger.claim(row.id))) continue; work(); }'),
      true,
    ],
    ['the list is', body('for (const row of await claimDue()) work();'), true],
    [
      'the list is, by a name',
      body('const rows = await claimDue(); await Promise.all(rows.map(() => work()));'),
      true,
    ],
    [
      'each by an update that tells',
      body(
        `for (const row of rows) { const { count } = await prisma.mail.updateMany({ where: { id: row.id, state: 'new' }, data: { state: 'queued' } }); if (count === 0) continue; work(); }`,
      ),
      true,
    ],
    [
      'not by an update that always tells the same',
      body(
        `for (const row of rows) { const mail = await prisma.mail.update({ where: { id: row.id }, data: { state: 'queued' } }); if (!mail) continue; work(); }`,
      ),
      false,
    ],
    [
      'not by a claim that nobody asks about',
      body('for (const row of rows) { await ledger.claim(row.id); work(); }'),
      false,
    ],
    [
      'by a claim of the caller',
      `async function each(rows) { for (const row of rows) work(); } ${body("const { count } = await prisma.run.updateMany({ where: { id, state: 'new' }, data: { state: 'begun' } }); if (count === 0) return; await each(job.data.rows);")}`,
      true,
    ],
    [
      'but not by a row, which two runs can both find missing',
      body(
        'for (const ref of refs) { const rows = await prisma.note.findMany({ where: { ref } }); if (rows.length > 0) continue; await prisma.note.create({ data: { ref } }); work(); }',
      ),
      false,
    ],
    [
      'not by a row that must be there',
      body(
        'for (const ref of refs) { const row = await prisma.user.findUnique({ where: { ref } }); if (!row) continue; work(); }',
      ),
      false,
    ],
    [
      'not by a row that is looked up once for all',
      body(
        'const row = await prisma.pause.findFirst({ where: { id } }); for (const ref of refs) { if (row) continue; work(); }',
      ),
      false,
    ],
    [
      'the list has what was not found',
      body(
        'const done = new Set((await prisma.note.findMany({ where: { id } })).map((note) => note.ref)); const open = refs.filter((ref) => !done.has(ref)); for (const ref of open) work();',
      ),
      true,
    ],
    [
      'the list has any others',
      body('for (const ref of refs.filter((ref) => !job.data.without.includes(ref))) work();'),
      false,
    ],
    [
      'each by a helper that answers what a claim told',
      `async function isFirst(id) { return (await redis.set(id, 1, 'NX')) === 'OK'; } ${body('for (const row of rows) { if (!(await isFirst(row.id))) continue; work(); }')}`,
      true,
    ],
    [
      'not by a lock',
      body('await redlock.using([id], 1000, async () => { for (const row of rows) work(); });'),
      false,
    ],
  ])('%s', (_, code, expected) => {
    expect(claimed(code)).toBe(expected);
  });
});

describe('a second run fails where it reads what the first has used up', () => {
  const IMPORTS = `import fs from 'node:fs/promises'; import { createReadStream, existsSync } from 'node:fs'; import path from 'node:path'; import { Client } from 'minio'; import { S3Client, GetObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3'; import { Storage } from '@google-cloud/storage'; const minio = new Client({}); const s3 = new S3Client({}); const bucket = new Storage().bucket('a');`;
  const file = (text: string): string =>
    `${IMPORTS} async function f(job) { const { key, id } = job.data; ${text} }`;
  const isConsumed = (code: string | Files): boolean => {
    const { ev, reached } = find(code);
    return consumesInput(ev, reached);
  };
  const HELPERS = `${IMPORTS} export async function load(name) { const stream = await minio.getObject('a', name); return collect(stream); } export async function drop(name) { try { await minio.removeObject('a', name); } catch {} } export async function perhaps(name) { try { return await minio.getObject('a', name); } catch { return null; } } export async function dropOld(name) { if (old(name)) await minio.removeObject('a', name); }`;
  const helped = (text: string): Files => ({
    'a.ts': `import { load, drop, perhaps, dropOld } from './store'; async function f(job) { const { key } = job.data; ${text} }`,
    'store.ts': HELPERS,
  });

  it.each<[string, string | Files, boolean]>([
    ['a file', file('const text = await fs.readFile(key); await fs.unlink(key); work();'), true],
    [
      'a file in a folder of the project',
      file('const at = path.join(UPLOADS, key); await fs.readFile(at); await fs.rm(at); work();'),
      true,
    ],
    [
      'a stream that is gone through',
      file(
        'const rows = createReadStream(key); for await (const row of rows) note(row); await fs.unlink(key); work();',
      ),
      true,
    ],
    [
      'an object of S3',
      file(
        `await s3.send(new GetObjectCommand({ Bucket: 'a', Key: key })); const gone = new DeleteObjectCommand({ Bucket: 'a', Key: key }); await s3.send(gone); work();`,
      ),
      true,
    ],
    [
      'an object that a name stands for',
      file('const object = bucket.file(key); await object.download(); await object.delete(); work();'),
      true,
    ],
    ['an object, through helpers', helped('const data = await load(key); await drop(key); work();'), true],
    [
      'the removal one function further',
      file(
        'await fs.readFile(key); await finish(key); async function finish(name) { await fs.unlink(name); work(); }',
      ),
      true,
    ],
    [
      'a failure that is told and ends the job',
      file('try { await fs.readFile(key); await fs.unlink(key); work(); } catch (error) { log(error); }'),
      true,
    ],
    ['not where it is only read', file('await fs.readFile(key); work();'), false],
    ['not where it is only removed', file('await fs.unlink(key); work();'), false],
    [
      'not where it is removed afterwards',
      file('await fs.readFile(key); work(); await fs.unlink(key);'),
      false,
    ],
    [
      'not where it is removed on one way only',
      file('await fs.readFile(key); if (job.data.last) await fs.unlink(key); work();'),
      false,
    ],
    ['not where a helper removes some', helped('await load(key); await dropOld(key); work();'), false],
    ['not where nobody waits for it', file('await fs.readFile(key); fs.unlink(key); work();'), false],
    [
      'not where it goes on while it is removed',
      file('await fs.readFile(key); await Promise.all([fs.unlink(key), work()]);'),
      false,
    ],
    [
      'not where a failure of the read is forgotten',
      file('try { await fs.readFile(key); } catch {} await fs.unlink(key); work();'),
      false,
    ],
    [
      'not where there is another value for it',
      file('const text = await fs.readFile(key).catch(() => ""); await fs.unlink(key); work();'),
      false,
    ],
    ['not where a helper has one', helped('await perhaps(key); await drop(key); work();'), false],
    [
      'not where it is only read if it is there',
      file('if (existsSync(key)) await fs.readFile(key); await fs.rm(key); work();'),
      false,
    ],
    ['not of another key', file('await fs.readFile(key); await fs.unlink(id); work();'), false],
    [
      'not in another bucket',
      file(
        `await s3.send(new GetObjectCommand({ Bucket: 'a', Key: key })); await s3.send(new DeleteObjectCommand({ Bucket: 'b', Key: key })); work();`,
      ),
      false,
    ],
    [
      'not where the job has made it',
      file(
        'const at = `/tmp/${id}.pdf`; await render(at); await fs.readFile(at); await fs.unlink(at); work();',
      ),
      false,
    ],
    [
      'not where the job has filled the folder',
      file(
        'const at = path.join("/tmp", id); await unpack({ to: at }); const one = path.join(at, "a.csv"); await fs.readFile(one); await fs.unlink(one); work();',
      ),
      false,
    ],
    [
      'not where what has the whole job may have made it',
      file('await prepare(job); await fs.readFile(key); await fs.unlink(key); work();'),
      false,
    ],
    [
      'not where it is put there again',
      file('await fs.readFile(key); await fs.unlink(key); await fs.writeFile(key, ""); work();'),
      false,
    ],
    [
      'not where the job opens a new file',
      file('await fs.open(key, "w"); await fs.unlink(key); work();'),
      false,
    ],
    [
      'not where it is called otherwise in every run',
      file('const at = `${key}-${Date.now()}`; await fs.readFile(at); await fs.unlink(at); work();'),
      false,
    ],
    [
      'not where it is nothing of the job',
      file('const at = "/data/rates.csv"; await fs.readFile(at); await fs.unlink(at); work();'),
      false,
    ],
    [
      'not where the name means several',
      file('let at = key; await fs.readFile(at); at = key + ".old"; await fs.unlink(at); work();'),
      false,
    ],
  ])('%s', (_, code, expected) => {
    expect(isConsumed(code)).toBe(expected);
  });
});
