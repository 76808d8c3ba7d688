/**
 * Rows that each run rightly adds for itself: that of the run, what hangs on it, that of a file that the run has made.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref, type Value } from '../values/value.ts';
import { columnsGiven } from './given-columns.ts';
import { tellsOfFile, tellsOfRun } from './records.ts';
import { tableOf } from './tables.ts';

/** Whether an insert adds the row of a run, or one that names such a row: `{ scoringRunId: run.id, score }`. */
export function isOfRun(ev: Evaluation, insert: Ref<TSESTree.CallExpression>): boolean {
  if (tellsOfRun(tableOf(insert))) return true;
  return [...columnsGiven(ev, insert).values()].some((given) =>
    membersOf(present(ev.evaluate(given))).some(isOfRunRow),
  );
}

/** Whether a value is a part of the row that an insert has added for the run. */
function isOfRunRow(value: Value): boolean {
  for (let part = value.kind === 'external' ? value : undefined; part; part = part.from) {
    const { site } = part;
    if (site?.node.type !== 'CallExpression') continue;
    const { module, node, frame } = site;
    if (INSERTS.test(module.textOf(node.callee)) && tellsOfRun(tableOf({ module, node, frame }))) return true;
  }
  return false;
}

const INSERTS = /\.(?:create|insert|insertOne|save|values|returning)$/;

/** Whether an insert adds the row of a file: a second run makes a file of its own, and the row that goes with it. */
export function isOfFile(ev: Evaluation, insert: Ref<TSESTree.CallExpression>): boolean {
  return tellsOfFile([...columnsGiven(ev, insert).keys()]);
}
