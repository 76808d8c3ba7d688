/**
 * Writes of a database.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFloating } from '../../calls/body.ts';
import { isForFailure } from '../../calls/failures.ts';
import { asksDatabase } from '../../entities/sent-queries.ts';
import { calleeName, keyName, type FunctionNode } from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { nodesBelow } from '../../values/functions.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import { deedOf, MARKS_START } from '../deeds.ts';
import { labelOf, type Effect, type EffectKind } from '../effect.ts';
import { isSaveOfNew } from '../new-rows.ts';
import { isLog, keepsStatistics, notesEvent, notesUsage } from '../records.ts';
import {
  addsToLogsOnly,
  changesNothing,
  columnsAddedTo,
  columnsNamed,
  isComputedFromItself,
} from '../relative-writes.ts';
import { columnsAddedBy, columnsSetBy, keepsOut, statementOf, type Statement } from '../sql.ts';
import { tableOf } from '../tables.ts';
import { isUpsert } from '../upserts.ts';

export interface DatabaseWrite extends Effect {
  /** The text that tells the table, model or record: `prisma.order`, `'orders'`. */
  table: string;
  /** Whether a second one does not end where the first one did: an insert, an increment. */
  isRelative: boolean;
  /** Whether it adds a row. */
  isInsert: boolean;
  /** Whether it says what is to happen with a row that is there: a second one does no harm. */
  isUpsert: boolean;
  /** Whether it takes rows away. */
  isDelete: boolean;
  /** Whether it sets something that tells how far the work has come: a status, a time. */
  isFlag: boolean;
  /** The statement of SQL that it is, where it is one. */
  statement: Statement | undefined;
}

export const writesDatabase: EffectKind<DatabaseWrite> = {
  name: 'writes-database',
  mark: undefined,
  throughFloating: false,
  endsAtProcessors: true,
  countsCalls: true,
  readsArguments: true,
  maxWay: 5,
  leads: (running, call) => !isForFailure(running.fn.at.node, call),
  find: (ev, running) =>
    running.body.flatMap((node): DatabaseWrite[] => {
      if (node.type !== 'CallExpression' || isForFailure(running.fn.at.node, node) || isFloating(node))
        return [];
      const { module } = running;
      const call = here(module, node, running.frame) as Ref<TSESTree.CallExpression>;
      const statement = statementOf(ev, call);
      const write = statement ? writeOfStatement(statement) : writeOfCall(ev, call, running.fn.at.node);
      // What is written for the record only is no part of the work.
      if (!write || isLog(write.table)) return [];
      if (write.isInsert && (notesEvent(write.table) || notesUsage(write.table))) return [];
      const label = labelOf(call);
      return [{ at: call, label, target: label, ...write }];
    }),
};

type Write = Omit<DatabaseWrite, keyof Effect>;

/** What a query of an ORM writes; nothing where it only says that the work begins. */
function writeOfCall(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression>,
  within: FunctionNode,
): Write | undefined {
  if (!(isWriteOfOrm(ev, call) || isNamedUpsert(ev, call))) return undefined;
  if (changesNothing(call) || addsToLogsOnly(call)) return undefined;
  const isInsert = addsRow(ev, call);
  if (!isInsert && deedOf(call.module, call.node) === 'marks' && onlyMarks(call)) return undefined;
  if (!isInsert && columnsAddedTo(call).length > 0 && keepsStatistics(columnsNamed(call))) return undefined;
  return {
    table: tableOf(call),
    isRelative: isInsert || columnsAddedTo(call).length > 0 || isComputedFromItself(call, within),
    isInsert,
    isUpsert: isUpsert(call),
    isDelete: DELETES.test(calleeName(call.node.callee) ?? ''),
    isFlag: setsFlag(call),
    statement: undefined,
  };
}

/** Whether an update has nothing but what tells of a beginning: `{ status: 'processing', startedAt, error: null }`. */
function onlyMarks(call: Ref<TSESTree.CallExpression>): boolean {
  return columnsNamed(call).every((column) => MARKS.test(column));
}

const MARKS =
  /status|state|phase|stage|step|progress|error|message|reason|attempt|retr(?:y|ies)|worker|lock|job_?id|start|At$|_at$|On$|date$/i;

/** The same of a statement of SQL. */
function writeOfStatement(statement: Statement): Write | undefined {
  const columns = columnsSetBy(statement);
  const isMark = columns.some(({ value }) => MARKS_START.test(value));
  if (isMark && columns.every(({ column }) => MARKS.test(column))) return undefined;
  const added = columnsAddedBy(statement);
  if (added.length > 0 && keepsStatistics(columns.map(({ column }) => column))) return undefined;
  const isInsert = statement.verb === 'insert';
  return {
    table: statement.table,
    isRelative: isInsert || added.length > 0,
    isInsert,
    isUpsert: isInsert && keepsOut(statement),
    isDelete: statement.verb === 'delete',
    isFlag: columns.some(({ column }) => isFlag(column)),
    statement,
  };
}

/** Writes of a database; what only finds, and what may come twice without harm (an upsert), is none. */
const WRITES =
  /^(?:create|createMany\w*|insert|insertMany|insertOne|bulkCreate|bulkWrite|save|saveMany|update|updateMany\w*|updateOne|delete|deleteMany|deleteOne|destroy|softDelete|softRemove|increment|decrement|findOneAndUpdate|findByIdAndUpdate|values|set|execute)$/;
const DELETES = /^(?:delete|destroy|remove|softDelete|softRemove)/;
const WRITE_PATH = /\.(?:insert\w*|update\w*|delete\w*)\(\)/;

/** Whether a call writes to a database. */
export function isDatabaseWrite(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  return statementOf(ev, call) !== undefined || isWriteOfOrm(ev, call);
}

function isWriteOfOrm(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const name = calleeName(call.node.callee) ?? '';
  if (!WRITES.test(name) || !asksDatabase(ev, call)) return false;
  // A builder is one query, whose last method tells it.
  return /^(?:values|set|execute)$/.test(name) ? isWriteQuery(ev, call) : true;
}

/** `prisma.order.upsert()` */
function isNamedUpsert(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  return calleeName(call.node.callee) === 'upsert' && asksDatabase(ev, call);
}

/** Whether a call is of a query builder that is to write. */
export function isWriteQuery(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  return membersOf(present(ev.evaluate(call))).some(
    (value) => value.kind === 'external' && WRITE_PATH.test(value.path),
  );
}

function addsRow(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const name = calleeName(call.node.callee) ?? '';
  return (
    /^(?:create\w*|insert\w*|bulkCreate|values)$/.test(name) || (name === 'save' && isSaveOfNew(ev, call))
  );
}

const FLAG =
  /(?:status|state|sent|processed|completed|finished|done|delivered|notified|paid|charged|published|At|_at)$/i;

function setsFlag({ module, node }: Ref<TSESTree.CallExpression>): boolean {
  if (
    !/^(?:update\w*|set|save|findOneAndUpdate|findByIdAndUpdate|execute)$/.test(calleeName(node.callee) ?? '')
  )
    return false;
  return nodesBelow(module, node).some((part) => part.type === 'Property' && isFlag(keyName(part) ?? ''));
}

/** When a row was last changed or used: every run may say so. */
const NO_FLAG =
  /^updated_?at$|^last_?(?:used|seen|active|login|logged_?in|access\w*|checked|ping\w*|heartbeat)_?at$/i;

function isFlag(column: string): boolean {
  return FLAG.test(column) && !NO_FLAG.test(column);
}
