/**
 * Statements between a transaction's hand-written begin and its commit.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { exits } from '../calls/once.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  contains,
  enclosingFunction,
  isFunction,
  keyName,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, stringOf } from '../values/value.ts';
import { onlyLocks } from './locks.ts';
import { BEGINS, COMMITS, ROLLS_BACK, SPANS, STATEMENT_METHODS, transactionTables } from './tables.ts';

export interface Span {
  /** The call that begins the transaction. */
  begin: TSESTree.CallExpression;
  /** The function that it is written in. */
  fn: FunctionNode;
  /** The nodes of the function that run between begin and commit. */
  nodes: readonly Node[];
}

/** What a call does to a transaction that is begun and ended by hand. */
interface Move {
  call: TSESTree.CallExpression;
  does: 'begin' | 'commit' | 'rollback';
  /** Text of what it is done to: the session, the client, the variable of the transaction. */
  on: string;
}

const MOVES =
  /^(?:startTransaction|beginTransaction|begin|commitTransaction|rollbackTransaction|abortTransaction|commit|rollback|transaction|startUnmanagedTransaction|execute|start)$/;

/** The spans of a module, or of one function of it. */
export function spansIn(ev: Evaluation, module: SourceModule, within?: FunctionNode): Span[] {
  const moves = module
    .nodes('CallExpression')
    .filter((call) => !within || contains(within, call))
    .flatMap((call) => moveAt(ev, module, call) ?? []);
  return moves.flatMap((begin): Span[] => {
    const fn = begin.does === 'begin' ? enclosingFunction(begin.call) : undefined;
    if (!fn) return [];
    const ends = moves.filter(
      ({ does, on, call }) =>
        does !== 'begin' && on === begin.on && contains(fn, call) && isAfter(call, begin.call),
    );
    if (!ends.some(({ does }) => does === 'commit')) return [];
    const nodes = bodyOf(module, fn).filter((node) => isBetween(node, begin.call, ends));
    const uses = nodes.filter((node) => isMention(node) && module.textOf(node) === begin.on);
    return onlyLocks(ev, module, uses) ? [] : [{ begin: begin.call, fn, nodes }];
  });
}

function isMention({ type }: Node): boolean {
  return type === 'Identifier' || type === 'MemberExpression';
}

function moveAt(ev: Evaluation, module: SourceModule, call: TSESTree.CallExpression): Move | undefined {
  const callee = unwrap(call.callee);
  const name = calleeName(callee);
  if (name === undefined) return undefined;
  if (STATEMENT_METHODS.has(name)) {
    const statement = statementAt(ev, module, call);
    if (statement && callee.type === 'MemberExpression')
      return { call, does: statement, on: module.textOf(callee.object) };
  }
  const given = begunVariable(ev, module, call, name);
  if (given !== undefined) return { call, does: 'begin', on: given };
  if (callee.type !== 'MemberExpression' || !MOVES.test(name)) return undefined;
  const on = module.textOf(callee.object);
  for (const { begin, commit, rollback } of SPANS) {
    if (name === begin && !call.arguments.some((argument) => isFunction(argument)))
      return { call, does: 'begin', on };
    if (name === commit) return { call, does: 'commit', on };
    if (rollback.includes(name)) return { call, does: 'rollback', on };
  }
  return undefined;
}

function statementAt(
  ev: Evaluation,
  module: SourceModule,
  call: TSESTree.CallExpression,
): Move['does'] | undefined {
  const [first] = call.arguments;
  if (!first) return undefined;
  const text = stringOf(ev.evaluate(here(module, first))) ?? templateStart(first);
  if (text === undefined) return undefined;
  if (BEGINS.test(text)) return 'begin';
  if (COMMITS.test(text)) return 'commit';
  return ROLLS_BACK.test(text) ? 'rollback' : undefined;
}

/** `BEGIN TRANSACTION ISOLATION LEVEL ${level}` */
function templateStart(node: Node): string | undefined {
  const inner = unwrap(node);
  return inner.type === 'TemplateLiteral' ? (inner.quasis[0]?.value.cooked ?? undefined) : undefined;
}

/** `const t = await sequelize.transaction()`: the variable, where it is one that is committed later. */
function begunVariable(
  ev: Evaluation,
  module: SourceModule,
  call: TSESTree.CallExpression,
  name: string,
): string | undefined {
  if (!/transaction|^begin|^start$|^execute$|trx|^tx$/i.test(name)) return undefined;
  if (call.arguments.some((argument) => isFunction(unwrap(argument)))) return undefined;
  let node: Node = call;
  while (
    node.parent &&
    (node.parent.type === 'AwaitExpression' ||
      unwrap(node.parent) === unwrap(node) ||
      ((node.parent.type === 'LogicalExpression' || node.parent.type === 'ConditionalExpression') &&
        node.parent !== call.parent.parent))
  )
    node = node.parent;
  const holder = node.parent;
  const target =
    holder?.type === 'VariableDeclarator' && holder.init === node
      ? holder.id
      : holder?.type === 'AssignmentExpression' && holder.right === node
        ? holder.left
        : undefined;
  if (target?.type !== 'Identifier') return undefined;
  const variable = module.variableOf(target);
  const isCommitted = variable?.references.some(({ identifier }) => {
    const member = (identifier as Node).parent;
    return (
      member?.type === 'MemberExpression' && member.object === identifier && keyName(member) === 'commit'
    );
  });
  if (!isCommitted) return undefined;
  const callees = membersOf(present(ev.evaluate(here(module, call.callee))));
  const isKnown = callees.some(
    (callee) =>
      callee.kind === 'external' && transactionTables.some(({ begins }) => begins?.test(callee.path)),
  );
  // What has a `commit` and comes from a call that speaks of a transaction is one, wherever it is from.
  return isKnown || /transaction|^begin|trx/i.test(name) ? target.name : undefined;
}

function isAfter(node: Node, other: Node): boolean {
  return node.range[0] >= other.range[1];
}

function isBetween(node: Node, begin: Node, ends: readonly Move[]): boolean {
  if (!isAfter(node, begin)) return false;
  const isCommittedLater = ends.some(({ does, call }) => does === 'commit' && isAfter(call, node));
  return isCommittedLater && !ends.some(({ call }) => isAfter(node, call) && endsFor(call, node));
}

/** Whether a commit or rollback that stands before a node has run when that runs: not one in a branch that returns. */
function endsFor(end: Node, node: Node): boolean {
  for (let child: Node = end, parent = end.parent; parent; child = parent, parent = parent.parent) {
    if (contains(parent, node)) return true;
    if (parent.type === 'BlockStatement' && (exits(parent) || leavesLoop(parent))) return false;
    if (parent.type === 'IfStatement' && parent.test !== child && exits(child)) return false;
    // What a `catch` does has happened only when it does not throw; else the code after it does not run.
    if (parent.type === 'CatchClause') return false;
  }
  return true;
}

function leavesLoop(block: TSESTree.BlockStatement): boolean {
  const last = block.body.at(-1);
  return last?.type === 'BreakStatement' || last?.type === 'ContinueStatement';
}
