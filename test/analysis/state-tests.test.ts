import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../src/analysis/effects/state-tests.ts';
import { flowOf } from '../../src/analysis/flow/flow.ts';
import { beside } from '../../src/analysis/values/evaluation.ts';
import { memoryProject } from '../support/memory.ts';

const CLIENTS = `
  import { PrismaClient } from '@prisma/client';
  import { drizzle } from 'drizzle-orm/node-postgres';
  import { eq } from 'drizzle-orm';
  import axios from 'axios';
  const prisma = new PrismaClient(); const db = drizzle(url);
`;

/** What each test that decides whether `work()` runs means, in the order in which they stand. */
function meanings(body: string, helpers = ''): (string | undefined)[] {
  const project = memoryProject({
    'a.ts': `${CLIENTS} ${helpers} async function f(job) { const { id } = job.data; ${body} }`,
  });
  const [main] = project.files;
  const f = project.ev.evaluate(project.find(main as string, 'f', 'Identifier'));
  if (f.kind !== 'function') throw new Error('no function f');
  const flow = flowOf(f.at.module, f.at.node);
  const work = f.at.module
    .nodes('CallExpression')
    .find(({ callee }) => callee.type === 'Identifier' && callee.name === 'work');
  if (!flow || !work) throw new Error('no call of work');
  return flow
    .decisionsBefore(work)
    .map(({ test, when }) => meaningOf(project.ev, beside(f.at, test), when, f.at.node));
}

describe('a test that stops a second run', () => {
  it.each<[string, string, string | undefined]>([
    [
      'a state that an object is made with',
      `const order = await prisma.order.findUnique({ where: { id } }); const { isSent } = { id, isSent: order.sentAt }; if (isSent) return; work();`,
      'state',
    ],
    [
      'not another part of such an object',
      `const order = await prisma.order.findUnique({ where: { id } }); const { isSent } = { text: order.text, isSent: id > 1 }; if (isSent) return; work();`,
      undefined,
    ],
    [
      'a state of a record',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.status === 'paid') return; work();`,
      'state',
    ],
    [
      'a time of a record, taken out of it',
      `const { sentAt: done } = await prisma.order.findUnique({ where: { id } }); if (done) return; work();`,
      'state',
    ],
    [
      'a state around the effect',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.state === 'new') work();`,
      'state',
    ],
    [
      'a row that a first run leaves',
      `const receipt = await prisma.receipt.findFirst({ where: { orderId: id } }); if (receipt) return; work();`,
      'state',
    ],
    [
      'a lookup that asks for the state',
      `const order = await prisma.order.findFirst({ where: { id, status: 'pending' } }); if (!order) return; work();`,
      'state',
    ],
    [
      'a part of the row that the job sets',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.number) return; work(); await prisma.order.update({ where: { id }, data: { number: 1 } });`,
      'state',
    ],
    [
      'an id that the job sets on the record',
      `const order = await Orders.findById(id); if (order.externalId) return; work(); order.externalId = 1; await order.save();`,
      'state',
    ],
    [
      'a soft delete where the job deletes',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.deletedAt) return; work(); await softDelete(id); await deleteOrder(id);`,
      'state',
    ],
    [
      'being active, where the job sets the status',
      `const order = await prisma.order.findFirst({ where: { id, status: 'active' } }); if (!order) return; work(); await prisma.order.update({ where: { id }, data: { status: 'settled' } });`,
      'state',
    ],
    [
      'an end that the job gives, too',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.status === 'cancelled') return; work(); await prisma.order.update({ where: { id }, data: { status: 'cancelled' } });`,
      'state',
    ],
    [
      'an end where the job stores what it is told',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.status === 'cancelled') return; const status = work(); await prisma.order.update({ where: { id }, data: { status } });`,
      'state',
    ],
    [
      'an end that the job brings about by a call',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.status === 'cancelled') return; work(); await orders.cancel(id);`,
      'state',
    ],
    [
      'an end among those that the job gives',
      `const order = await prisma.order.findUnique({ where: { id } }); if (['cancelled', 'sent'].includes(order.status)) return; work();`,
      'state',
    ],
    [
      'the only status in which the work is done',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.status !== 'cancelled') return; work();`,
      'state',
    ],
    [
      'an amount that is compared with a fixed one, where the job does not count it',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.left < 1) return; work(); await prisma.order.update({ where: { id }, data: { left: 0 } });`,
      'state',
    ],
    [
      'how far the job has come, by a count',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.sentParts >= 3) return; work(); order.sentParts += 1;`,
      'state',
    ],
    ['the attempts of the job', `if (job.attemptsMade > 0) return; work();`, 'state'],
    ['a step that the job keeps in its data', `if (job.data.step !== 'mail') return; work();`, 'state'],
    [
      'a case of a state',
      `const order = await load(id); switch (order.status) { case 'new': work(); }`,
      'state',
    ],
    ['a helper that asks by its name', `if (await isProcessed(id)) return; work();`, 'state'],
    [
      'an update that tells how many rows it changed',
      `const { count } = await prisma.order.updateMany({ where: { id, status: 'new' }, data: { status: 'sent' } }); if (count === 0) return; work();`,
      'claim',
    ],
    [
      'an update that gives the rows it changed',
      `const rows = await db.update(orders).set({ status: 'sent' }).where(and(eq(orders.id, id), eq(orders.status, 'new'))).returning(); if (rows.length === 0) return; work();`,
      'claim',
    ],
    [
      'an insert that can be refused',
      `const [row] = await db.insert(sent).values({ id }).onConflictDoNothing().returning(); if (!row) return; work();`,
      'claim',
    ],
    [
      'an update that changes what it finds its rows by',
      `const rows = await db.update(tasks).set({ nextRun }).where(and(eq(tasks.id, id), eq(tasks.nextRun, seen))).returning(); if (rows.length === 0) return; work();`,
      'claim',
    ],
    [
      'an update that found the row of a first run',
      `const rows = await db.update(leads).set({ name }).where(eq(leads.key, id)).returning(); if (rows.length > 0) return; work();`,
      'state',
    ],
    [
      'a lookup that asks for a state by an operator',
      `const rows = await db.select().from(orders).where(and(eq(orders.kind, 'a'), isNull(orders.sentAt))).limit(2); if (rows.length === 0) return; work();`,
      'state',
    ],
    [
      'a lookup that asks for a state by a method',
      `const row = await table.select('*').where('id', id).whereNull('sent_at').first(); if (!row) return; work();`,
      'state',
    ],
    ['SET NX', `if (!(await redis.set('sent', 1, 'EX', 60, 'NX'))) return; work();`, 'claim'],
    ['setnx', `const isFirst = await redis.setnx(id, 1); if (!isFirst) return; work();`, 'claim'],
    ['a counter', `if ((await redis.incr(id)) > 1) return; work();`, 'claim'],
    ['a claim by name', `if (!(await ledger.tryAcquire(id))) return; work();`, 'claim'],
  ])('%s', (_, body, expected) => {
    expect(meanings(body)).toContain(expected);
  });
});

describe('a test that stops none', () => {
  it.each<[string, string]>([
    ['the input', `if (!job.data.email) return; work();`],
    [
      'whether there is a record',
      `const user = await prisma.user.findUnique({ where: { id } }); if (!user) return; work();`,
    ],
    [
      'a preference',
      `const user = await prisma.user.findUnique({ where: { id } }); if (!user.emailEnabled) return; work();`,
    ],
    [
      'an address',
      `const user = await prisma.user.findUnique({ where: { id } }); if (!user?.email) return; work();`,
    ],
    ['the answer of a service', `const answer = await axios.get(url); if (!answer.data) return; work();`],
    ['whether a request was well', `const answer = await fetch(url); if (!answer.ok) return; work();`],
    [
      'an update of one row by its id, whatever it writes',
      `const user = await prisma.user.update({ where: { id }, data: { status: 'active' } }); if (!user) return; work();`,
    ],
    [
      'an update that writes again what it finds its rows by',
      `const rows = await db.update(users).set({ team, name: 'x' }).where(eq(users.team, team)).returning(); if (rows.length === 0) return; work();`,
    ],
    [
      'an update by an id that another record has under the name of a column',
      `const rows = await db.update(users).set({ teamId: 1 }).where(eq(users.id, job.data.teamId)).returning(); if (rows.length === 0) return; work();`,
    ],
    [
      'an insert that was not made',
      `const rows = await db.insert(users).values({ id }).returning(); if (rows.length > 0) return; work();`,
    ],
    [
      'an update by id of a builder',
      `const rows = await db.update(users).set({ status: 'active' }).where(eq(users.id, id)).returning(); if (rows.length === 0) return; work();`,
    ],
    [
      'an insert that always adds a row',
      `const row = await prisma.receipt.create({ data: { id } }); if (!row) return; work();`,
    ],
    ...[
      ['a soft delete', 'order.deletedAt'],
      ['a lock of the account', 'order.isLocked'],
      ['a number that the row has', 'order.number'],
      ['whether somebody is away', 'order.unavailable'],
      ['an error of the answer', 'order.error'],
    ].map(([name, test]): [string, string] => [
      name as string,
      `const order = await prisma.order.findUnique({ where: { id } }); if (${test}) return; work();`,
    ]),
    [
      'a status that says what a thing is',
      `const user = await prisma.user.findUnique({ where: { id } }); if (user.status !== 'active') return; work();`,
    ],
    [
      'a list of those who are wanted',
      `const users = await prisma.user.findMany({ where: { isLocked: false, status: 'active' } }); if (users.length === 0) return; work();`,
    ],
    [
      'a lookup that reads a status',
      `const order = await prisma.order.findUnique({ where: { id }, select: { status: true } }); if (!order) return; work();`,
    ],
    ...[
      ['an end that others give', `order.status === 'Cancelled'`],
      ['the same, by a name', `isCancelled`],
      ['ends that others give', `['cancelled', Status.PAUSED].includes(order.status)`],
    ].map(([name, test]): [string, string] => [
      name as string,
      `const order = await prisma.order.findUnique({ where: { id } }); const isCancelled = order.status === 'cancelled'; if (${test}) return; work(); await prisma.order.update({ where: { id }, data: { status: isLate ? 'late' : 'sent' } });`,
    ]),
    [
      'an end that others give, where the job goes on for every other status',
      `const order = await prisma.order.findUnique({ where: { id } }); if (order.status !== 'cancelled') work();`,
    ],
    ...[
      ['an amount that the job takes from', `account.balance < amount`, `account.balance -= amount;`],
      ['the same, by a name', `!isCovered`, `account.balance = account.balance - amount;`],
      [
        'a stock that the job counts down',
        `account.stock <= 0`,
        `await prisma.account.update({ where: { id }, data: { stock: { decrement: 1 } } });`,
      ],
    ].map(([name, test, write]): [string, string] => [
      name as string,
      `const { amount } = job.data; const account = await prisma.account.findUnique({ where: { id } }); const isCovered = account.balance >= amount; if (${test}) throw new Error('too little'); work(); ${write} await account.save();`,
    ]),
    [
      'whether a thing has parts',
      `const course = await prisma.course.findUnique({ where: { id } }); const step = course.steps?.[job.data.index]; if (!step) return; work();`,
    ],
    ['the environment', `if (process.env.NODE_ENV === 'test') return; work();`],
  ])('%s', (_, body) => {
    const found = meanings(body);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((meaning) => meaning === undefined)).toBe(true);
  });
});

it('follows what a helper was given to where it was asked', () => {
  const helper = `const isOpen = (order) => order.status === 'open';`;
  const order = `const order = await prisma.order.findUnique({ where: { id } });`;
  expect(meanings(`${order} if (isOpen(order)) work();`, helper)).toEqual(['state']);
});

it('ends where names are written by each other', () => {
  expect(meanings(`let a = b; let b = a; a = b; if (a) work();`)).toEqual([undefined]);
});
