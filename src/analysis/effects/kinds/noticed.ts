/**
 * Effects that somebody notices when they come twice: a mail, a payment, a request that changes something, a row. Not
 * those that may be repeated (an upsert, a PUT), and not what is written for the record only (logs, metrics).
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { guardsOf, isForFailure, rethrowOf } from '../../calls/failures.ts';
import { asksDatabase } from '../../entities/sent-queries.ts';
import { calleeName, enclosingFunction, keyName, unwrap, type Node } from '../../source/nodes.ts';
import { beside, here, type Evaluation } from '../../values/evaluation.ts';
import { nodesBelow } from '../../values/functions.ts';
import { isNewInEveryRun } from '../../values/random.ts';
import { isNullish, membersOf, present, type Ref } from '../../values/value.ts';
import { clientOf } from '../clients/index.ts';
import type { Client, Deed } from '../clients/client.ts';
import { countsForRecord } from '../deeds.ts';
import { labelOf, type Effect, type EffectKind } from '../effect.ts';
import { columnsGiven } from '../given-columns.ts';
import { isSaveOfNew } from '../new-rows.ts';
import { isOfRun } from '../own-rows.ts';
import { isCounter, isLog, notesEvent, tellsOfCall, tellsOfRun } from '../records.ts';
import { amountsSaved, columnsAddedTo } from '../relative-writes.ts';
import { columnsAddedBy, columnsOfEveryRun, keepsOut, statementOf, type Statement } from '../sql.ts';
import { prismaKeysOf, tableOf } from '../tables.ts';
import { isUpsert } from '../upserts.ts';

export interface NoticedEffect extends Effect {
  call: Ref<TSESTree.CallExpression>;
  deed: Deed | 'insert' | 'increment';
  /** The client, where the effect is none of a database. */
  client: Client | undefined;
}

/** Kinds of it by the names that the user gives to functions with such an effect. */
const kinds = new Map<string, EffectKind<NoticedEffect>>();

/** `names`: functions and methods that have such an effect, besides those of known clients. */
export function noticedEffects(names: readonly string[]): EffectKind<NoticedEffect> {
  const key = names.join();
  let kind = kinds.get(key);
  if (!kind) kinds.set(key, (kind = kindFor(new Set(names))));
  return kind;
}

function kindFor(names: ReadonlySet<string>): EffectKind<NoticedEffect> {
  return {
    name: 'noticed',
    mark: undefined,
    throughFloating: true,
    readsArguments: true,
    maxWay: 5,
    endsAtProcessors: true,
    leads: (running, call) => !isForFailure(running.fn.at.node, call) && !countsForRecord(call),
    find: (ev, running) =>
      running.body.flatMap((node): NoticedEffect[] => {
        if (node.type !== 'CallExpression' || isForFailure(running.fn.at.node, node)) return [];
        const call = here(running.module, node, running.frame) as Ref<TSESTree.CallExpression>;
        const found = noticed(ev, call, names);
        if (!found) return [];
        const label = labelOf(call);
        return [{ ...found, at: call, call, label, target: label }];
      }),
  };
}

function noticed(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression>,
  names: ReadonlySet<string>,
): Pick<NoticedEffect, 'deed' | 'client'> | undefined {
  const name = calleeName(call.node.callee) ?? '';
  if (names.has(name)) return { deed: 'request', client: undefined };
  const client = clientOf(ev, call);
  if (client) return { deed: client.deed, client };
  const statement = statementOf(ev, call);
  if (statement) {
    const deed = deedOfStatement(statement);
    return deed && { deed, client: undefined };
  }
  if (isInsert(ev, call, name)) return { deed: 'insert', client: undefined };
  return isIncrement(ev, call, name) ? { deed: 'increment', client: undefined } : undefined;
}

function deedOfStatement(statement: Statement): 'insert' | 'increment' | undefined {
  const { verb, table } = statement;
  if (verb === 'insert') return keepsOut(statement) || isForRecord(table) ? undefined : 'insert';
  const isCounting = verb === 'update' && !isLog(table) && columnsAddedBy(statement).some(isAmount);
  return isCounting ? 'increment' : undefined;
}

/** Whether a table has many rows of a job: it tells of the work, and is none of it. */
function isForRecord(table: string): boolean {
  return isLog(table) || notesEvent(table) || tellsOfRun(table);
}

const INSERTS = /^(?:create|createMany\w*|insert|insertMany|insertOne|bulkCreate|values|save)$/;

function isInsert(ev: Evaluation, call: Ref<TSESTree.CallExpression>, name: string): boolean {
  if (!INSERTS.test(name)) return false;
  if (isUpsert(call) || isForRecord(tableOf(call)) || isNoteOfCall(ev, call)) return false;
  if (name === 'save') return isSaveOfNew(ev, call);
  if (!asksDatabase(ev, call) || isOfRun(ev, call)) return false;
  return name === 'values' || name === 'insert' ? isInsertPath(ev, call) : true;
}

/** A row of measures that may be missing, too: where it cannot be added, the work goes on. */
function isNoteOfCall(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const { module, node } = call;
  const columns = nodesBelow(module, node).flatMap((part) =>
    part.type === 'Property' ? (keyName(part) ?? []) : [],
  );
  const within = tellsOfCall(columns) ? enclosingFunction(node) : undefined;
  return (
    within !== undefined &&
    guardsOf(within, node).some(({ handler }) => rethrowOf(ev, beside(call, handler)) === 'never')
  );
}

/** A builder is one query: `db.insert(orders).values(...)`, `knex('orders').insert(...)`. */
function isInsertPath(ev: Evaluation, call: Ref): boolean {
  return membersOf(present(ev.evaluate(call))).some(
    (value) => value.kind === 'external' && /\.(?:insert\w*)\(\)/.test(value.path),
  );
}

const INCREMENTS =
  /^(?:update\w*|upsert\w*|increment|decrement|findOneAndUpdate|findByIdAndUpdate|set|save)$/;

/** A write whose outcome depends on what is there: `{ balance: { increment: 10 } }`, `{ $inc: ... }`, `balance -= 10`. */
function isIncrement(ev: Evaluation, call: Ref<TSESTree.CallExpression>, name: string): boolean {
  if (!INCREMENTS.test(name) || isLog(tableOf(call))) return false;
  const columns = name === 'save' ? amountsSaved(call) : columnsAddedTo(call);
  return columns.some(isAmount) && asksDatabase(ev, call);
}

function isAmount(column: string): boolean {
  return !isCounter(column);
}

/** Whether an insert names a row by something that is the same in every run: a second one is refused. */
export function isUniqueInsert(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const { module, node } = call;
  const statement = statementOf(ev, call);
  if (statement) return columnsOfEveryRun(ev, call, statement).some((name) => UNIQUE.test(name));
  if (isForRecord(tableOf(call))) return false;
  const given = nodesBelow(module, node).flatMap((part) =>
    part.type === 'Property' && isData(part) && !isNewInEveryRun(ev, beside<Node>(call, part.value))
      ? [keyName(part) ?? '']
      : [],
  );
  if (given.some((name) => UNIQUE.test(name)) || isHandedWithKey(ev, call)) return true;
  return prismaKeysOf(module, node)?.some((key) => key.every((field) => given.includes(field))) ?? false;
}

/** Whether a row that a caller has put together has a key for this: `append({ idempotencyKey })`. */
function isHandedWithKey(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const [row] = call.node.arguments;
  if (!row || isLiteral(row)) return false;
  return [...columnsGiven(ev, call)].some(
    ([column, value]) =>
      /idempot|dedup/i.test(column) &&
      !membersOf(ev.evaluate(value)).some(isNullish) &&
      !isNewInEveryRun(ev, value),
  );
}

/** Whether a row is written down where it is inserted, `create({ data: { id } })`, and not handed in. */
function isLiteral(row: Node): boolean {
  const object = unwrap(row);
  if (object.type !== 'ObjectExpression') return false;
  const data = object.properties.find((part) => part.type === 'Property' && keyName(part) === 'data');
  return data?.type !== 'Property' || isLiteral(data.value);
}

const UNIQUE =
  /^(?:_?id|job_?id|idempot\w*|(?:event|message|external|request|transaction|reference|dedup\w*|unique|source|provider)_?(?:id|key)|\w*(?:idempot|dedup)\w*|slug|checksum|fingerprint|hash)$/i;

/** Whether a property is of what is inserted, and of its own row: not of what is read back, nor of a row beside it. */
function isData(property: TSESTree.Property): boolean {
  for (
    let node = property.parent as Node | undefined;
    node && node.type !== 'CallExpression';
    node = node.parent
  )
    if (
      node.type === 'Property' &&
      /^(?:select|include|where|connect|connectOrCreate|create|createMany|omit)$/.test(keyName(node) ?? '')
    )
      return false;
  return true;
}
