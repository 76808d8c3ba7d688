/**
 * Transactions that are there to hold a lock: their own client takes it and does nothing else, and the work goes
 * through another client, which commits by itself. Nothing of it waits for the transaction to end.
 */
import { isFunction, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';
import { textOfTemplate, textsSent } from './statements.ts';
import { COMMITS, ROLLS_BACK } from './tables.ts';

/** Advisory locks of PostgreSQL, which are on no row, and MySQL's. */
const LOCKS =
  /^\s*SELECT\b[^;]*\b(?:pg_(?:try_)?advisory_(?:xact_)?lock(?:_shared)?|GET_LOCK)\s*\([^;]*;?\s*$/i;
/** `SET LOCAL lock_timeout = '5s'`: how the lock is waited for. */
const SETS = /^\s*SET\b[^;]*;?\s*$/i;

/** Whether the function that a transaction runs does nothing with the client it is handed but take a lock. */
export function onlyLocksInside(ev: Evaluation, module: SourceModule, fn: FunctionNode): boolean {
  const [client] = fn.params;
  const variable = client?.type === 'Identifier' ? module.variableOf(client) : undefined;
  const uses = variable?.references.map(({ identifier }): Node => identifier) ?? [];
  return onlyLocks(ev, module, uses);
}

/** Whether a client is used for nothing but a lock in these places. */
export function onlyLocks(ev: Evaluation, module: SourceModule, uses: readonly Node[]): boolean {
  const sent = uses.map((use) => statementsAround(ev, here(module, use)));
  return (
    sent.some((texts) => texts.some((text) => LOCKS.test(text))) &&
    sent.every((texts) => texts.length > 0 && texts.every(changesNothing))
  );
}

function changesNothing(text: string): boolean {
  return [LOCKS, SETS, COMMITS, ROLLS_BACK].some((harmless) => harmless.test(text));
}

/** What is sent by the call that a client is used in: `client.query('...')`, `` sql`...`.execute(client) ``. */
function statementsAround(ev: Evaluation, { module, node: client }: Ref): string[] {
  for (let node = client.parent; node && !isFunction(node); node = node.parent) {
    if (node.type === 'TaggedTemplateExpression') return [textOfTemplate(node)];
    if (node.type !== 'CallExpression') continue;
    const callee = unwrap(node.callee);
    const owner = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
    if (owner?.type === 'TaggedTemplateExpression') return [textOfTemplate(owner)];
    return textsSent(ev, { module, node });
  }
  return [];
}
