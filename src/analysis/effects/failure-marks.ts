/**
 * Writes that note that the work has failed, where a run gives it up: a part of the failure, not of the work.
 */
import { endingBranches } from '../calls/failures.ts';
import { contains, keyName, unwrap, type Node } from '../source/nodes.ts';
import { stagesOf, type ReachedEffect } from './effect.ts';
import { valuesOf } from './gates.ts';
import type { DatabaseWrite } from './kinds/writes-database.ts';

type Write = ReachedEffect<DatabaseWrite>;

/** Whether a write says that the work has failed, and the run goes no further: `status: 'failed'`, then `return`. */
export function marksFailure(write: Write): boolean {
  return saysFailed(write) && stagesOf(write).some(({ at }) => endingBranches(at.node).length > 0);
}

/** Whether another effect is made where the run gives up, too, and not before it is known to. */
export function isInBranchOf(mark: Write, other: ReachedEffect): boolean {
  const others = new Map(stagesOf(other).map(({ fn, at }) => [fn.node, at.node]));
  return stagesOf(mark).some(({ fn, at }) => {
    const place = others.get(fn.node);
    return place !== undefined && endingBranches(at.node).some((branch) => contains(branch, place));
  });
}

const STATE = /^(?:\w*_)?(?:status|state|result|outcome)$|(?:Status|State|Result|Outcome)$/i;
const FAILED = /^(?:\w*_)?(?:fail(?:ed|ure)?|error(?:ed)?|timed?_?out)$/i;

function saysFailed(write: Write): boolean {
  return [...valuesOf(write)].some(([column, value]) => STATE.test(column) && FAILED.test(wordOf(value)));
}

/** `failed` of `'failed'`, `FAILED` of `OrderStatus.FAILED`. */
function wordOf(value: Node): string {
  const node = unwrap(value);
  if (node.type === 'Literal') return String(node.value);
  return node.type === 'MemberExpression' ? (keyName(node) ?? '') : '';
}
