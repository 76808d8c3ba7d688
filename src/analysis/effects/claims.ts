/**
 * Claims: calls that make a thing this run's own, and tell whether they did. What is done for claimed things alone is
 * not done for them again.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { roundsAround } from '../calls/rounds.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  contains,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';
import { isDatabaseWrite } from './kinds/writes-database.ts';

const CLAIM = /claim|acquire|tryLock|reserve|setnx|sadd|dedup|idempoten/i;
/** Writes that make a new row whatever there is, but for what they are told of conflicts. */
const INSERTS = /^(?:create|insert|save|values)/;
const CONFLICTS = /onConflict|orIgnore|skipDuplicates|ignoreDuplicates/;

/**
 * Whether what a node does is done for claimed things alone: in each of its rounds something is claimed first, or the
 * list has what was claimed. For a function that is called in the rounds of another, `within` is looked at as a whole.
 */
export function isClaimed(ev: Evaluation, { module, node }: Ref, within: FunctionNode): boolean {
  const rounds = roundsAround(node, within);
  if (rounds.some(({ list }) => list && comesFromClaim(module, list))) return true;
  const scopes = rounds.length > 0 ? rounds.map(({ body }) => body) : [within];
  return bodyOf(module, within).some(
    (call) =>
      call.type === 'CallExpression' &&
      call.range[1] <= node.range[0] &&
      scopes.some((scope) => contains(scope, call)) &&
      isClaim(ev, here(module, call) as Ref<TSESTree.CallExpression>) &&
      isTested(module, call),
  );
}

function isClaim(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const { node, module } = call;
  const name = calleeName(node.callee) ?? '';
  if (CLAIM.test(name) || node.arguments.some(saysNotExists)) return true;
  return isDatabaseWrite(ev, call) && (!INSERTS.test(name) || CONFLICTS.test(module.textOf(node)));
}

/** `redis.set(key, 1, 'NX')`, `redis.set(key, 1, { NX: true })` */
export function saysNotExists(argument: Node): boolean {
  if (argument.type === 'Literal') return argument.value === 'NX' || argument.value === 'nx';
  return (
    argument.type === 'ObjectExpression' &&
    argument.properties.some(
      (property) => property.type === 'Property' && /^nx$/i.test(keyName(property) ?? ''),
    )
  );
}

/** `for (const due of await claimDue())`, also by a name. */
function comesFromClaim(module: SourceModule, list: Node): boolean {
  let node = unwrap(list);
  if (node.type === 'Identifier') {
    const declarator = module.variableOf(node)?.defs[0]?.node as Node | undefined;
    node = declarator?.type === 'VariableDeclarator' && declarator.init ? unwrap(declarator.init) : node;
  }
  if (node.type === 'AwaitExpression') node = unwrap(node.argument);
  return node.type === 'CallExpression' && CLAIM.test(calleeName(node.callee) ?? '');
}

/** Whether a condition asks for what a call gives, itself or by a name. */
function isTested(module: SourceModule, call: Node): boolean {
  const user = userOf(call);
  if (isTest(user.parent, user.node)) return true;
  if (user.parent?.type !== 'VariableDeclarator') return false;
  return namesIn(module, user.parent.id).some((name) =>
    (module.variableOf(name)?.references ?? []).some((reference) => {
      const use = userOf(reference.identifier);
      return isTest(use.parent, use.node);
    }),
  );
}

/** What takes an expression in the end: its parts, comparisons and negations left out. */
function userOf(expression: Node): { node: Node; parent: Node | undefined } {
  let node = outermost(expression);
  while (
    node.parent &&
    (/^(?:Await|Unary|Binary|Logical)Expression$/.test(node.parent.type) ||
      (node.parent.type === 'MemberExpression' && node.parent.object === node))
  )
    node = outermost(node.parent);
  return { node, parent: node.parent };
}

function isTest(parent: Node | undefined, node: Node): boolean {
  return (parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') && parent.test === node;
}

function namesIn(module: SourceModule, pattern: Node): Node[] {
  if (pattern.type === 'Identifier') return [pattern];
  return module.childrenOf(pattern).flatMap((child) => namesIn(module, child));
}
