/**
 * Edits that make code wait for a promise.
 */
import type { TSESLint } from '@typescript-eslint/utils';
import type { Fate } from '../analysis/calls/fate.ts';
import { enclosingFunction, isFunction, outermost, type Node } from '../analysis/source/nodes.ts';

/**
 * Adds `await` to a promise of the linted file that comes to nothing, where the function around is asynchronous and
 * the promise ends in it; `undefined` anywhere else.
 */
export function awaiting(
  node: Node,
  fate: Extract<Fate, { kind: 'dropped' | 'read' }>,
): TSESLint.ReportFixFunction | undefined {
  const fn = enclosingFunction(node);
  if (!fn?.async || enclosingFunction(fate.at) !== fn || isFunction(fate.at)) return undefined;
  const holder = outermost(node).parent;
  const isWhole = holder?.type === 'VariableDeclarator' || holder?.type === 'AssignmentExpression';
  const at = isWhole || isOwnChain(node, fate.at) ? node : fate.at;
  if (at !== node && at.type !== 'CallExpression') return undefined;
  return fate.kind === 'read' && !isWhole ? undefined : (fixer) => fixer.insertTextBefore(at, 'await ');
}

/** Whether the dropped expression is the call itself, what is chained to it, or a condition for it. */
function isOwnChain(node: Node, end: Node): boolean {
  const current = outermost(node);
  const { parent } = current;
  if (current === end) return true;
  const goesOn =
    (parent?.type === 'MemberExpression' && parent.object === current) ||
    (parent?.type === 'CallExpression' && parent.callee === current) ||
    parent?.type === 'LogicalExpression' ||
    parent?.type === 'ConditionalExpression';
  return goesOn && isOwnChain(parent, end);
}
