/**
 * What the answer of a database write tells: how many rows, or which, were still as the write looks for them. That is a
 * compare-and-set, by which one of two runs learns that it came second.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { calleeName, keyName, unwrap, type Node } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import type { Ref } from '../values/value.ts';
import { isDatabaseWrite, isWriteQuery } from './kinds/writes-database.ts';
import { asksForColumn, columnsSet, namesState } from './state-names.ts';

/** A query: a call, or a text that is handed to a tag. */
export type Query = TSESTree.CallExpression | TSESTree.TaggedTemplateExpression;

const WRITES = /^(?:update\w*|delete\w*|findOneAndUpdate|findByIdAndUpdate|findOneAndDelete)$/;
const SQL_WRITE = /['"`]\s*(?:UPDATE\s+[\w"$]|DELETE\s+FROM\b|INSERT\s+(?:IGNORE\s+)?INTO\b)/i;
const INSERTS = /\.(?:create|insert|save)\w*\(|\bINSERT\s+(?:IGNORE\s+)?INTO\b/;
const CONFLICTS =
  /onConflict|orIgnore|skipDuplicates|ignoreDuplicates|\bON\s+CONFLICT\b|\bINSERT\s+IGNORE\b|\bIF\s+NOT\s+EXISTS\b/;
/** Methods of query builders that say which rows. */
const CONDITIONS = /^(?:\w*[wW]here\w*|eq|neq|is|in|lt|lte|gt|gte|not|filter|match)$/;

/** Whether a query writes, by its text or by what is known of its client. */
export function isWrite(ev: Evaluation, { module, node, frame }: Ref<Query>): boolean {
  if (SQL_WRITE.test(module.textOf(node))) return true;
  if (node.type !== 'CallExpression') return false;
  const call = { module, node, frame };
  return writingLink(node) !== undefined || isDatabaseWrite(ev, call) || isWriteQuery(ev, call);
}

/** The call of a chain that writes, by its name: `findOneAndUpdate()` of `Order.findOneAndUpdate(...).lean().exec()`. */
function writingLink(query: TSESTree.CallExpression): TSESTree.CallExpression | undefined {
  let link: Node = query;
  while (link.type === 'CallExpression') {
    const callee = unwrap(link.callee);
    if (WRITES.test(calleeName(callee) ?? '')) return link;
    if (callee.type !== 'MemberExpression') return undefined;
    link = unwrap(callee.object);
  }
  return undefined;
}

/**
 * Whether the answer of a write tells a first run from a second: an `update` of one row by its id does not, nor does an
 * insert that cannot be refused.
 */
export function tellsFirst({ module, node }: Ref<Query>): boolean {
  const text = module.textOf(node);
  if (INSERTS.test(text)) return CONFLICTS.test(text);
  const condition = conditionOf(module, node);
  return namesState(condition) || losesItsRows(module, node, condition);
}

/** Whether a write gives another value to what it finds its rows by: `.set({ dueAt: next }).where(eq(t.dueAt, seen))`. */
function losesItsRows(module: SourceModule, query: Query, condition: string): boolean {
  return columnsSet(module, query).some(
    ({ column, value }) => asksForColumn(condition, column) && !looksFor(condition, module.textOf(value)),
  );
}

/** Whether a condition has a value in it, and not only a column of that name: `tasks.dueAt` is not `dueAt`. */
function looksFor(condition: string, value: string): boolean {
  const before = condition.split(value).slice(0, -1);
  return before.some((text) => !/[\w.]$/.test(text));
}

/** Whether a query changes rows where there are any: what comes after an empty answer of it adds the row. */
export function isUpdate({ module, node }: Ref<Query>): boolean {
  return UPDATES.test(module.textOf(node));
}

const UPDATES = /\.(?:update\w*|findOneAndUpdate|findByIdAndUpdate)\(|['"`]\s*UPDATE\s/;

/** Options and methods that say what is read of the rows, and in which order. */
const READS =
  /^(?:select|omit|include|with|attributes|fields|columns|projection|project|populate|relations|order|orderBy|sort|returning)$/;

/** The nodes of a query by which it may find its rows: all but what only says what is read of them. */
export function nodesOfConditions(module: SourceModule, query: Node): Node[] {
  const found: Node[] = [];
  const stack: Node[] = [query];
  for (let node = stack.pop(); node; node = stack.pop()) {
    found.push(node);
    const read = partsRead(module, node);
    stack.push(...module.childrenOf(node).filter((child) => !read.includes(child)));
  }
  return found;
}

/** The value of `select: { ... }`, the arguments of `.select(...)`; rows can be chosen there, too, by a `where`. */
function partsRead(module: SourceModule, node: Node): readonly Node[] {
  const parts: readonly Node[] =
    node.type === 'Property' && READS.test(keyName(node) ?? '')
      ? [node.value]
      : node.type === 'CallExpression' && READS.test(calleeName(node.callee) ?? '')
        ? node.arguments
        : [];
  return parts.filter((part) => !nodesBelow(module, part).some(isWhere));
}

function isWhere(node: Node): boolean {
  return node.type === 'Property' && keyName(node) === 'where';
}

/** The text by which a query finds its rows, without what it writes or reads; all of it where that cannot be told. */
export function conditionOf(module: SourceModule, node: Query): string {
  const text = module.textOf(node);
  const inSql = /\bWHERE\b([^]*)/.exec(text)?.[1];
  if (inSql !== undefined || node.type !== 'CallExpression') return inSql ?? text;
  const { arguments: given } = writingLink(node) ?? node;
  const where = given
    .flatMap((argument) => (argument.type === 'ObjectExpression' ? argument.properties : []))
    .filter(isWhere);
  if (where.length > 0) return where.map((property) => module.textOf(property)).join();
  const [first, second] = given;
  if (first && second) return module.textOf(first);
  return conditionsOfChain(module, node) || text;
}

/** Whether a call says which rows: `where` among its arguments or in its chain. */
export function hasCondition(call: TSESTree.CallExpression): boolean {
  return (
    CONDITIONS.test(calleeName(call.callee) ?? '') ||
    /^(?:find|count|exists|get|query|raw)/.test(calleeName(call.callee) ?? '') ||
    call.arguments.some(
      (argument) => argument.type === 'ObjectExpression' && argument.properties.some(isWhere),
    )
  );
}

/** `.where(eq(orders.state, 'new'))` of `db.update(orders).set(...).where(...).returning()` */
function conditionsOfChain(module: SourceModule, query: TSESTree.CallExpression): string {
  const found: string[] = [];
  let link: Node = query;
  while (link.type === 'CallExpression') {
    const callee = unwrap(link.callee);
    if (CONDITIONS.test(calleeName(callee) ?? '')) found.push(conditionOfLink(module, link));
    if (callee.type !== 'MemberExpression') break;
    link = unwrap(callee.object);
  }
  return found.join();
}

/** `'sent_at' IS NULL` of `.whereNull('sent_at')` */
function conditionOfLink(module: SourceModule, link: TSESTree.CallExpression): string {
  const text = link.arguments.map((argument) => module.textOf(argument)).join('=');
  return calleeName(link.callee)?.endsWith('Null') ? `${text} IS NULL` : text;
}
