/**
 * Whether an effect happens inside a database transaction.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, contains, keyName, outermost, unwrap, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { transactionsIn, type Transaction, type TransactionSearch } from '../transactions/transactions.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import { isNullish, membersOf, type Ref } from '../values/value.ts';
import type { ReachedEffect } from './effect.ts';

const known = new WeakMap<SourceModule, Map<string, readonly Transaction[]>>();

/** Names under which a transaction is handed on: `{ transaction: t }`, `tx.order.update()`, `{ session }`. */
const HANDLES =
  /^(?:tx|txn|trx|transaction|session|t|manager|\w*(?:EntityManager|QueryRunner|Tx|Trx|Transaction))$/;
/** Calls that run all they are given as one: `prisma.$transaction([...])`, `db.batch([...])`. */
const AS_ONE = /transaction|^batch$|^tx$|atomic|unitOfWork|^begin$/i;

/**
 * The transaction that an effect, or a call on the way to it, is made inside of, or is given: of the functions on the
 * way that begin one or hand one on, the first decides.
 */
export function transactionAround(
  search: TransactionSearch,
  { way, effect }: ReachedEffect,
): Around | undefined {
  for (const [index, { at: fn }] of way.entries()) {
    const at = way[index + 1]?.call ?? effect.at;
    const { module, node } = at;
    const begun = transactionsOf(search, module).find(
      ({ fn: { at }, part }) =>
        at.node === fn.node ||
        (at.module === module && (part ? part.some((one) => contains(one, node)) : contains(at.node, node))),
    );
    if (begun) return { begun: begun.at.node, isCalled: index > 0 };
    if (isHandedOne(search.ev, at) || isInCallOf(fn.node, module, node) || isCollected(fn.node, module, node))
      return { begun: undefined, isCalled: index > 0 };
  }
  return undefined;
}

export interface Around {
  /** What begins the transaction; `undefined` where it comes from somewhere else. */
  begun: Node | undefined;
  /** Whether the function that begins it, or is given it, is called on the way. */
  isCalled: boolean;
}

/** Whether two transactions surely are two: each is begun by a function of its own, that is called for it. */
export function areApart(one: Around, other: Around): boolean {
  if (!one.begun || !other.begun || one.begun === other.begun) return false;
  return one.isCalled && other.isCalled;
}

function transactionsOf(search: TransactionSearch, module: SourceModule): readonly Transaction[] {
  if (!search.canHave(module)) return [];
  const byNames = known.get(module) ?? new Map<string, readonly Transaction[]>();
  known.set(module, byNames);
  const key = search.names.join();
  let found = byNames.get(key);
  if (!found) byNames.set(key, (found = transactionsIn(search, module)));
  return found;
}

function isHandedOne(ev: Evaluation, at: Ref): boolean {
  return nodesBelow(at.module, at.node).some((node) => {
    if (node.type === 'Identifier')
      return (
        HANDLES.test(node.name) && node.parent.type !== 'MemberExpression' && !isLeftOut(ev, beside(at, node))
      );
    if (node.type !== 'MemberExpression') return false;
    return HANDLES.test(nameOf(unwrap(node.object))) || /^(?:manager|tx|trx)$/.test(keyName(node) ?? '');
  });
}

/** Whether nothing is handed on this way: `move(order)` of `move(order, transaction?)`. */
function isLeftOut(ev: Evaluation, { module, node, frame }: Ref<TSESTree.Identifier>): boolean {
  const { parent } = node;
  const isKey = parent.type === 'Property' && parent.key === node && !parent.computed;
  const given = isKey ? unwrap(parent.value) : node;
  if (frame === undefined || given.type !== 'Identifier') return false;
  return membersOf(ev.evaluate({ module, node: given, frame })).every(isNullish);
}

function nameOf(node: Node): string {
  return node.type === 'Identifier'
    ? node.name
    : node.type === 'MemberExpression'
      ? (keyName(node) ?? '')
      : '';
}

/** `steps.push(prisma.order.update(...))`, for a `$transaction(steps)` that follows. */
function isCollected(fn: Node, module: SourceModule, node: Node): boolean {
  const { parent } = outermost(node);
  const isKept =
    parent?.type === 'ArrayExpression' ||
    (parent?.type === 'CallExpression' && /^(?:push|unshift)$/.test(calleeName(parent.callee) ?? ''));
  return isKept && /transaction\w*\(\s*(?:\w|\[\s*\.\.\.)/i.test(module.textOf(fn));
}

function isInCallOf(fn: Node, module: SourceModule, node: Node): boolean {
  for (let current = node.parent; current && current !== fn; current = current.parent)
    if (
      current.type === 'CallExpression' &&
      AS_ONE.test(module.textOf(current.callee).split('.').at(-1) ?? '')
    )
      return true;
  return false;
}
