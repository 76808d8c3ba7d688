/**
 * What the answer of a database write tells: how many rows, or which, were still as the write looks for them. That is a
 * compare-and-set, by which one of two runs learns that it came second.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { calleeName, keyName, unwrap, type Node } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';
import { isDatabaseWrite, isWriteQuery } from './kinds/writes-database.ts';

/** A query: a call, or a text that is handed to a tag. */
export type Query = TSESTree.CallExpression | TSESTree.TaggedTemplateExpression;

/** Names of columns that tell how far something has come, where a query asks for them. */
const STATE_IN_QUERY =
  /['"`]?\b\w*(?:status|state|phase|stage|step|sent|processed|completed|finished|delivered|notified|paid|charged|published|synced|handled|claimed|locked|version|pending|due|expire\w*|At)\b['"`]?\s*(?::|=|,|<|>|\bIS\b|\bin\b)/i;
const WRITES = /^(?:update\w*|delete\w*|findOneAndUpdate|findByIdAndUpdate|findOneAndDelete)$/;
const SQL_WRITE = /['"`]\s*(?:UPDATE\s+[\w"$]|DELETE\s+FROM\b|INSERT\s+(?:IGNORE\s+)?INTO\b)/i;
const INSERTS = /\.(?:create|insert|save)\w*\(|\bINSERT\s+(?:IGNORE\s+)?INTO\b/;
const CONFLICTS =
  /onConflict|orIgnore|skipDuplicates|ignoreDuplicates|\bON\s+CONFLICT\b|\bINSERT\s+IGNORE\b|\bIF\s+NOT\s+EXISTS\b/;
/** Methods of query builders that say which rows. */
const CONDITIONS = /^(?:\w*[wW]here\w*|eq|neq|is|in|lt|lte|gt|gte|not|filter|match)$/;

/** What a thing is, whatever a job does: names of columns, and a status by its value. */
const BEING =
  /(?:(?:is|is_|un)?(?:blocked|banned|deleted|archived|suspended|disabled|enabled|removed|hidden|(?:de)?activated|active|(?:un)?subscribed|(?:un)?available|verified|approved|allowed|connected|cancell?ed|created|expires?|expired|expiry|birth)|is_?locked)/i;
const BEING_NAME = new RegExp(`^(?:still|has|was|\\w*still)?_?${BEING.source}_?(?:at|by|on)?$`, 'i');
const BEING_IN_QUERY = new RegExp(
  `\\b_?${BEING.source}_?(?:at|by|on)?\\b['"\`]?\\s*(?::|=|<|>|,|\\bIS\\b)`,
  'gi',
);
const BEING_STATUS =
  /\b(?:status|state)['"`]?\s*(?::|=|,)\s*['"`\w.]*?(?:active|enabled|connected|verified|available|online)\b/gi;

/** Whether a name tells what a thing is (`isLocked`, `deletedAt`), not how far the work on it has come. */
export function saysWhatIs(name: string): boolean {
  return (
    BEING_NAME.test(name) ||
    /(?:^|[a-z])(?:Still|Not)?(?:Cancell?ed|Active|Enabled|Allowed|Locked|Blocked|Available|Connected|Subscribed)$/.test(
      name,
    )
  );
}

/**
 * Whether the text of a query asks for a state. `setsStatus`: whether the job sets such a column, so that being active is
 * a state of its work, too.
 */
export function asksForStateByText(text: string, setsStatus: boolean): boolean {
  const asked = text.replace(BEING_IN_QUERY, '');
  return STATE_IN_QUERY.test(setsStatus ? asked : asked.replace(BEING_STATUS, ''));
}

/** Whether a query writes, by its text or by what is known of its client. */
export function isWrite(ev: Evaluation, { module, node, frame }: Ref<Query>): boolean {
  if (SQL_WRITE.test(module.textOf(node))) return true;
  if (node.type !== 'CallExpression') return false;
  const call = { module, node, frame };
  return WRITES.test(calleeName(node.callee) ?? '') || isDatabaseWrite(ev, call) || isWriteQuery(ev, call);
}

/**
 * Whether the answer of a write tells a first run from a second: an `update` of one row by its id does not, nor does an
 * insert that cannot be refused.
 */
export function tellsFirst({ module, node }: Ref<Query>): boolean {
  const text = module.textOf(node);
  return INSERTS.test(text) ? CONFLICTS.test(text) : STATE_IN_QUERY.test(conditionOf(module, node));
}

/** The text by which a query finds its rows, without what it writes or reads; all of it where that cannot be told. */
export function conditionOf(module: SourceModule, node: Query): string {
  const text = module.textOf(node);
  const inSql = /\bWHERE\b([^]*)/.exec(text)?.[1];
  if (inSql !== undefined || node.type !== 'CallExpression') return inSql ?? text;
  const where = node.arguments
    .flatMap((argument) => (argument.type === 'ObjectExpression' ? argument.properties : []))
    .filter((property) => property.type === 'Property' && keyName(property) === 'where');
  if (where.length > 0) return where.map((property) => module.textOf(property)).join();
  const [first, second] = node.arguments;
  if (first && second) return module.textOf(first);
  return conditionsOfChain(module, node) || text;
}

/** Whether a call says which rows: `where` among its arguments or in its chain. */
export function hasCondition(call: TSESTree.CallExpression): boolean {
  return (
    CONDITIONS.test(calleeName(call.callee) ?? '') ||
    /^(?:find|count|exists|get|query|raw)/.test(calleeName(call.callee) ?? '') ||
    call.arguments.some(
      (argument) =>
        argument.type === 'ObjectExpression' &&
        argument.properties.some((property) => property.type === 'Property' && keyName(property) === 'where'),
    )
  );
}

/** `.where(eq(orders.state, 'new'))` of `db.update(orders).set(...).where(...).returning()` */
function conditionsOfChain(module: SourceModule, query: TSESTree.CallExpression): string {
  const found: string[] = [];
  let link: Node = query;
  while (link.type === 'CallExpression') {
    const callee = unwrap(link.callee);
    if (CONDITIONS.test(calleeName(callee) ?? ''))
      found.push(link.arguments.map((argument) => module.textOf(argument)).join('='));
    if (callee.type !== 'MemberExpression') break;
    link = unwrap(callee.object);
  }
  return found.join();
}
