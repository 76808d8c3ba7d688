/**
 * Inserts before which each way has found no row of the table, or has removed it: `if (row && force) await remove(row);
 * else if (row) return;`. What a second run adds takes the place of what the first has left.
 */
import type { Scope } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import { flowOf, type Question } from '../flow/flow.ts';
import { listOf } from '../flow/graph.ts';
import type { SourceModule } from '../source/module.ts';
import { calleeName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import type { Ref } from '../values/value.ts';
import { askedBy, isNamed } from './asked.ts';
import { isByPresence } from './state-tests.ts';
import { tableOf } from './tables.ts';
import { stagesOf, type ReachedEffect } from './effect.ts';
import { isReplacement, removalsFor } from './upserts.ts';

type Definition = Scope['variables'][number]['defs'][number];

/** Whether an insert, or a helper's of that name on the way to it, takes the place of rows that were there. */
export function takesPlace(ev: Evaluation, reached: ReachedEffect): boolean {
  return stagesOf(reached).some(({ fn, at: { module, node, frame } }) => {
    if (node.type !== 'CallExpression') return false;
    if (
      node !== reached.effect.at.node &&
      !/^(?:create|insert)(?:Many)?$/.test(calleeName(node.callee) ?? '')
    )
      return false;
    const insert = { module, node, frame };
    return isReplacement(ev, insert, fn.node) || isWithoutRow(ev, insert, fn.node);
  });
}

/** Whether every way to an insert has found no row of its table, or has removed it. */
function isWithoutRow(ev: Evaluation, insert: Ref<TSESTree.CallExpression>, within: FunctionNode): boolean {
  const removals = removalsFor(ev, insert, within);
  const flow = removals.length > 0 ? flowOf(insert.module, within) : undefined;
  if (!flow) return false;
  const results = new Map<Node, boolean>();
  for (const test of flow.tests) {
    const none = resultOfNone(ev, insert, test, within);
    if (none !== undefined) results.set(test, none);
  }
  const asked = flow.tests
    .filter((test) => flow.canFollow(test, insert.node))
    .map((test) => insert.module.textOf(test));
  // What is asked once is no matter: each further question makes twice as many ways.
  const questionOf = (test: Node): Question | undefined =>
    asked.filter((text) => text === insert.module.textOf(test)).length > 1
      ? questionIn(insert.module, test, within)
      : undefined;
  return flow.isAlwaysPast(insert.node, { nodes: new Set(removals), results, questionOf });
}

/** The result of a test by which there is no row of the table of an insert; `undefined` of other tests. */
function resultOfNone(
  ev: Evaluation,
  insert: Ref<TSESTree.CallExpression>,
  test: Node,
  within: FunctionNode,
): boolean | undefined {
  const none = [true, false].find((when) => isByPresence(unwrap(test), when) === false);
  if (none === undefined) return undefined;
  const table = tableOf(insert);
  const asksForRow = askedBy(ev, beside(insert, test), within).some(
    ({ query: { module, node, frame }, property }) =>
      !isNamed(property) &&
      node.type === 'CallExpression' &&
      node !== insert.node &&
      tableOf({ module, node, frame }) === table,
  );
  return asksForRow ? none : undefined;
}

/** What a test asks of names that are written once. */
function questionIn(module: SourceModule, test: Node, within: FunctionNode): Question | undefined {
  const parts = nodesBelow(module, test);
  if (parts.some(({ type }) => /Call|New|Await|Assignment|Update|Function|Switch/.test(type)))
    return undefined;
  const madeAt: Node[] = [];
  for (const part of parts) {
    const variable = part.type === 'Identifier' ? module.variableOf(part) : undefined;
    const [definition] = variable?.defs ?? [];
    if (!variable || !definition) continue;
    if (variable.references.filter((use) => use.isWrite()).length > 1) return undefined;
    const made = madeIn(definition, within);
    if (made) madeAt.push(made);
  }
  return { text: module.textOf(test), madeAt };
}

/** Where a name is given its value, as the flow has it: a declaration, or the list that a loop goes through. */
function madeIn(definition: Definition, within: FunctionNode): Node | undefined {
  const node = definition.node as Node;
  if (node === within) return undefined;
  if ((definition.type as string) === 'Parameter') return listOf(node as FunctionNode);
  const loop = node.parent?.parent;
  return loop?.type === 'ForOfStatement' || loop?.type === 'ForInStatement' ? loop.right : node;
}
