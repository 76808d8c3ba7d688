/**
 * Which of two effects of a context comes first.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { flowOf, type Flow } from '../flow/flow.ts';
import type { SourceModule } from '../source/module.ts';
import {
  contains,
  enclosingFunction,
  isFunction,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { nodesBelow } from '../values/functions.ts';
import { stagesOf, type ReachedEffect, type Stage } from './effect.ts';

/**
 * Whether one effect can come before another in one run, and in one round of the loops that both are in; by the function
 * in which their ways part, and by one that they come to again: two calls of a helper do for two things what one does.
 */
export function isBefore(first: ReachedEffect, second: ReachedEffect): boolean {
  return comesBefore(stagesOf(first), stagesOf(second));
}

/** Whether one effect has been made on every way to another, by the function in which their ways part. */
export function isAlwaysBefore(first: ReachedEffect, second: ReachedEffect): boolean {
  const parting = partingOf(first, second);
  if (!parting) return false;
  const { fn, place, other } = parting;
  return flowOf(fn.module, fn.node)?.isAlwaysBefore(place, other) === true;
}

/** The function in which the ways to two effects part, and where it leads on to each. */
function partingOf(
  effect: ReachedEffect,
  second: ReachedEffect,
): { fn: Stage['fn']; place: Node; other: Node } | undefined {
  const others = stagesOf(second);
  for (const [index, { fn, at }] of stagesOf(effect).entries()) {
    const stage = others[index];
    if (stage?.fn.node !== fn.node) return undefined;
    if (at.node !== stage.at.node) return { fn, place: at.node, other: stage.at.node };
  }
  return undefined;
}

function comesBefore(first: readonly Stage[], second: readonly Stage[]): boolean {
  for (const [index, { fn, at }] of first.entries()) {
    const other = second[index];
    if (other?.fn.node !== fn.node) return false;
    if (at.node === other.at.node) continue;
    const flow = flowOf(fn.module, fn.node);
    if (!flow?.canFollowInRound(at.node, other.at.node)) return false;
    if (excludeEachOther(flow, fn.module, at.node, other.at.node)) return false;
    return comesBeforeAgain(first.slice(index + 1), second.slice(index + 1));
  }
  return false;
}

function comesBeforeAgain(first: readonly Stage[], second: readonly Stage[]): boolean {
  for (const [index, { fn }] of first.entries()) {
    const other = second.findIndex((stage) => stage.fn.node === fn.node);
    if (other >= 0) return comesBefore(first.slice(index), second.slice(other));
  }
  return true;
}

/**
 * Whether one of two effects that exclude each other is come to by fewer tests, and so more often: one mail with all in
 * it, and not one for each in a loop, which is for those that have something more.
 */
export function dependsOnLess(effect: ReachedEffect, second: ReachedEffect): boolean {
  const parting = partingOf(effect, second);
  const flow = parting && flowOf(parting.fn.module, parting.fn.node);
  if (!flow) return false;
  const { place, other } = parting;
  if (flow.canFollowInRound(place, other) || flow.canFollowInRound(other, place)) return false;
  return flow.decisionsBefore(place).length < flow.decisionsBefore(other).length;
}

/**
 * Whether two places of a function are ways of doing the same work: `if (resend) ... else ...`. Neither is reached with
 * the other, and what decides between them is not which kind of job it is.
 */
export function areAlternatives(module: SourceModule, fn: FunctionNode, a: Node, b: Node): boolean {
  const flow = flowOf(module, fn);
  if (!flow?.has(a) || !flow.has(b)) return false;
  if (flow.canFollowInRound(a, b) || flow.canFollowInRound(b, a)) return false;
  return ![...choicesFor(a, b), ...choicesFor(b, a)].some((choice) => asksForKind(module, fn, choice));
}

/**
 * Whether two places are parts of one expression of a function, of which one run can come to both: they are stopped
 * together, by what stands before the statement.
 */
export function areOfOneStatement(module: SourceModule, fn: FunctionNode, a: Node, b: Node): boolean {
  const statement = statementOf(a);
  return (
    statement !== undefined &&
    statement === statementOf(b) &&
    enclosingFunction(statement) === fn &&
    flowOf(module, fn)?.canFollowInRound(a, b) === true
  );
}

/** The statement that an expression is part of, also in functions that are one expression themselves. */
function statementOf(place: Node): Node | undefined {
  let node = place.parent;
  while (node && !/^(?:Program|BlockStatement|\w+Statement|VariableDeclaration)$/.test(node.type))
    node = node.parent;
  return node && /^(?:Expression|Return)Statement$|^VariableDeclaration$/.test(node.type) ? node : undefined;
}

type Choice = TSESTree.IfStatement | TSESTree.ConditionalExpression | TSESTree.SwitchStatement;

/** The branches that lead to a place from where its way and that to another part. */
function choicesFor(place: Node, other: Node): Choice[] {
  const choices: Choice[] = [];
  for (let node = place.parent; node && !isFunction(node); node = node.parent) {
    if (/^(?:IfStatement|ConditionalExpression|SwitchStatement)$/.test(node.type))
      choices.push(node as Choice);
    if (contains(node, other)) break;
  }
  return choices;
}

/** Whether a choice is between kinds of jobs: by the name of the job, or by one of several texts. */
function asksForKind(module: SourceModule, fn: FunctionNode, choice: Choice): boolean {
  if (choice.type === 'SwitchStatement') return true;
  const [job] = fn.params;
  const name = job?.type === 'Identifier' ? `${job.name}.name` : undefined;
  return nodesBelow(module, choice.test).some(
    (part) =>
      (part.type === 'MemberExpression' && module.textOf(part) === name) ||
      (part.type === 'BinaryExpression' &&
        /^[=!]==?$/.test(part.operator) &&
        [part.left, part.right].some((side) => side.type === 'Literal' && typeof side.value === 'string')),
  );
}

/** Whether two places are for different answers to one question: `if (job.name === 'a') ... if (job.name === 'b') ...` */
function excludeEachOther(flow: Flow, module: SourceModule, a: Node, b: Node): boolean {
  const [forA, forB] = [a, b].map((place) => equalities(flow, module, place));
  return [...(forA ?? [])].some(([asked, answer]) => {
    const other = forB?.get(asked);
    return other !== undefined && other !== answer;
  });
}

/** What is known to be equal to which literal where a place is reached, as text. */
function equalities(flow: Flow, module: SourceModule, place: Node): Map<string, string> {
  const found = new Map<string, string>();
  for (const { test, when } of flow.decisionsBefore(place)) {
    if (!when) continue;
    if (test.type === 'SwitchCase' && test.test?.type === 'Literal')
      found.set(module.textOf(test.parent.discriminant), test.test.raw);
    if (test.type !== 'BinaryExpression' || !/^===?$/.test(test.operator)) continue;
    const { left, right } = test;
    if (right.type === 'Literal' && isConstant(module, left)) found.set(module.textOf(left), right.raw);
  }
  return found;
}

/** Whether an expression is the same wherever it is asked: of names that are written once, and of the job. */
function isConstant(module: SourceModule, expression: Node): boolean {
  let root = unwrap(expression);
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  if (root.type !== 'Identifier') return false;
  const writes = module.variableOf(root)?.references.filter((use) => use.isWrite()) ?? [];
  return writes.length <= 1;
}
