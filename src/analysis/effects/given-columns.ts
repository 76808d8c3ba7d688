/**
 * The columns of a row by what a write is given, in its own text or by who calls the function around:
 * `update(id, { status: 'done' })`.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref } from '../values/value.ts';

const MAX_DEPTH = 4;

/** What a write gives to which column, where that can be seen; also by an argument of the function around. */
export function columnsGiven(ev: Evaluation, call: Ref<TSESTree.CallExpression>): Map<string, Ref> {
  const columns = new Map<string, Ref>();
  const visit = (ref: Ref, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    for (const value of membersOf(present(ev.evaluate(ref)))) {
      if (value.kind !== 'object') continue;
      for (const part of value.parts)
        if (part.kind === 'spread' || (part.kind === 'property' && part.key === 'data'))
          visit(part.value, depth + 1);
        else if (part.kind === 'property') columns.set(part.key, part.value);
    }
  };
  const [given] = call.node.arguments;
  if (given) visit({ ...call, node: given }, 0);
  return columns;
}
