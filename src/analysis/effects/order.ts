/**
 * Which of two effects of a context comes first.
 */
import { flowOf, type Flow } from '../flow/flow.ts';
import type { SourceModule } from '../source/module.ts';
import { unwrap, type Node } from '../source/nodes.ts';
import type { ReachedEffect } from './effect.ts';

/**
 * Whether one effect can come before another in one run, and in one round of the loops that both are in; by the function
 * in which their ways part.
 */
export function isBefore(first: ReachedEffect, second: ReachedEffect): boolean {
  for (let index = 0; ; index++) {
    const fn = first.way[index];
    if (!fn || second.way[index]?.at.node !== fn.at.node) return false;
    const [a, b] = [first, second].map(({ way, effect }) => way[index + 1]?.call?.node ?? effect.at.node);
    if (!a || !b) return false;
    if (a === b) continue;
    const flow = flowOf(fn.at.module, fn.at.node);
    return flow !== undefined && flow.canFollowInRound(a, b) && !excludeEachOther(flow, fn.at.module, a, b);
  }
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
