/**
 * Rows that note what happened, by their columns: which kind of thing, and that it was now; and nothing that goes on or is
 * counted.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Evaluation } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';
import { columnsGiven } from './given-columns.ts';

const KIND = /(?:^|_)(?:type|kind|action|event)$|(?:Type|Kind|Action|Event)$/;
const TIME = /date|time|(?:At|On|_at|_on)$|^at$/i;
const NOW = /^(?:new Date\(\)|Date\.now\(\)|new Date\(\)\.toISOString\(\))$/;
const GOES_ON = /status|state|phase|stage|amount|balance|total|price|credits?|quantity|count/i;

/** Whether an insert adds a row that notes what happened: `{ type: 'UPDATE', date: new Date(), comment }`. */
export function addsEventRow(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const row = columnsGiven(ev, call);
  const columns = [...row.keys()];
  return (
    columns.some((column) => KIND.test(column)) &&
    !columns.some((column) => GOES_ON.test(column)) &&
    [...row].some(([column, value]) => TIME.test(column) && NOW.test(value.module.textOf(value.node)))
  );
}
