/**
 * Functions that are handed over for later: hooks that run after the commit, tasks that are collected. What they do
 * is no part of the transaction that they are written in.
 */
import { calleeName, isFunction, keyName, outermost, unwrap, type Node } from '../source/nodes.ts';

/** `afterCommit`, `runOnTransactionCommit`, `onCommit`, `addAfterCommitHook`; Next's `after`. */
const AFTER_COMMIT =
  /after\w*(?:commit|transaction)|on\w*commit|commit\w*(?:hook|callback)|^(?:after|defer|waitUntil)$/i;
/** Methods that keep a function: `tasks.push(() => queue.add(...))`. */
const COLLECTORS = new Set(['push', 'unshift', 'set', 'add']);

/** Whether a call keeps the functions it is given until the transaction is over. */
export function defersFunctions(call: Node): boolean {
  if (call.type !== 'CallExpression') return false;
  const name = calleeName(call.callee);
  if (name === undefined) return false;
  if (AFTER_COMMIT.test(name)) return true;
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return false;
  if (COLLECTORS.has(name)) return true;
  // Knex's `trx.executionPromise.then(() => ...)`, Lucid's `trx.after('commit', () => ...)`
  const owner = unwrap(callee.object);
  return name === 'then' && owner.type === 'MemberExpression' && keyName(owner) === 'executionPromise';
}

/** Whether a node is in a function, inside of `within`, that is kept for later. */
export function isDeferred(node: Node, within: Node): boolean {
  for (let current: Node | undefined = node; current && current !== within; current = current.parent) {
    if (!isFunction(current)) continue;
    const argument = outermost(current);
    const call = argument.parent;
    if (call?.type === 'CallExpression' && call.callee !== argument && defersFunctions(call)) return true;
  }
  return false;
}
