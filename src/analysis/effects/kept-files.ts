/**
 * Files that a job leaves on the disk, as opposed to those that it removes again when it is done with them, and to
 * those that take the place of an object where there is no storage.
 */
import { endingBranches, isForFailure } from '../calls/failures.ts';
import { contains, type FunctionNode, type Node } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { stagesOf, type ReachedEffect } from './effect.ts';
import type { FileRemoval } from './kinds/removes-file.ts';
import type { FileWrite } from './kinds/writes-file.ts';
import { isBefore } from './order.ts';
import { isAtOrBelow } from './path-identity.ts';

type Write = ReachedEffect<FileWrite>;
type Removal = ReachedEffect<FileRemoval>;

/** Whether the file of a write is removed after it in the same job, itself or with a folder that it is in. */
export function isRemovedAfter(ev: Evaluation, write: Write, removals: readonly Removal[]): boolean {
  const { path } = write.effect;
  const fns = new Set<FunctionNode>(write.way.map(({ at }) => at.node));
  return (
    path !== undefined &&
    removals.some(
      (removal) =>
        removal.effect.path !== undefined &&
        isAtOrBelow(ev, path, removal.effect.path, fns) &&
        isBefore(write, removal) &&
        !isForBadEnd(write, removal),
    )
  );
}

/** Whether a file is only removed when something has gone wrong: what has gone well stays on the disk. */
function isForBadEnd(write: Write, removal: Removal): boolean {
  const places = new Map(stagesOf(write).map(({ fn, at }) => [fn.node, at.node]));
  return stagesOf(removal).some(({ fn, at }) => {
    const place = places.get(fn.node);
    if (place === at.node) return false;
    return isForFailure(fn.node, at.node) || endsEarly(at.node, place);
  });
}

/** `if (!isValid) { remove(file); return; }`: whoever goes on has the file still. */
function endsEarly(node: Node, write: Node | undefined): boolean {
  return endingBranches(node).some((branch) => !(write && contains(branch, write)));
}
