/**
 * Rows that note what happened, by their columns: which kind of thing, and that it was now; and nothing that goes on or is
 * counted.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref } from '../values/value.ts';

const KIND = /(?:^|_)(?:type|kind|action|event)$|(?:Type|Kind|Action|Event)$/;
const TIME = /date|time|(?:At|On|_at|_on)$|^at$/i;
const NOW = /^(?:new Date\(\)|Date\.now\(\)|new Date\(\)\.toISOString\(\))$/;
const GOES_ON = /status|state|phase|stage|amount|balance|total|price|credits?|quantity|count/i;

/** Whether an insert adds a row that notes what happened: `{ type: 'UPDATE', date: new Date(), comment }`. */
export function addsEventRow(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const row = rowOf(ev, call);
  const columns = [...row.keys()];
  return (
    columns.some((column) => KIND.test(column)) &&
    !columns.some((column) => GOES_ON.test(column)) &&
    [...row].some(([column, value]) => TIME.test(column) && NOW.test(value.module.textOf(value.node)))
  );
}

const MAX_DEPTH = 4;

/** The columns that an insert is given, where they can be seen; also by an argument of the function around. */
function rowOf(ev: Evaluation, call: Ref<TSESTree.CallExpression>): Map<string, Ref> {
  const row = new Map<string, Ref>();
  const visit = (ref: Ref, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    for (const value of membersOf(present(ev.evaluate(ref)))) {
      if (value.kind !== 'object') continue;
      for (const part of value.parts)
        if (part.kind === 'spread' || (part.kind === 'property' && part.key === 'data'))
          visit(part.value, depth + 1);
        else if (part.kind === 'property') row.set(part.key, part.value);
    }
  };
  const [given] = call.node.arguments;
  if (given) visit({ ...call, node: given }, 0);
  return row;
}
