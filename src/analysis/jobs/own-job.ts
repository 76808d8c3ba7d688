/**
 * The job that a function runs or is told of: its first parameter, whatever it is called and however it is taken
 * apart. A function that is entered with it knows the job and its parts by their path, in aliases and in the
 * functions that it passes them to as well.
 */
import type { Entered } from '../calls/callees.ts';
import type { Node } from '../source/nodes.ts';
import {
  external,
  membersOf,
  present,
  unknown,
  type Frame,
  type FunctionValue,
  type Value,
} from '../values/value.ts';
import { instanceRole } from './dialects/index.ts';

const JOB = 'bullmq:.Job#';

/** Enters a function with a job as its first argument and nothing known of the others. */
export function enterWithJob(fn: FunctionValue): Entered {
  const { at } = fn;
  const args = at.node.params.map((_, index) =>
    index === fn.bound.length ? external(at, JOB) : (fn.bound[index] ?? unknown(at)),
  );
  const depth = (at.frame?.depth ?? 0) + 1;
  return { fn, frame: { fn: at.node, args, thisValue: fn.thisValue, outer: at.frame, depth } };
}

/** A function that is written inside one of those under way sees what that was entered with. */
export function closedOver(entered: Entered, frame: Frame | undefined): Entered {
  const { at } = entered.fn;
  for (let around = frame; around; around = around.outer)
    if (around.fn && around.fn !== at.node && isInside(around.fn, at.node))
      return { ...entered, frame: entered.frame ? { ...entered.frame, outer: around } : around };
  return entered;
}

function isInside(outer: Node, inner: Node): boolean {
  for (let node: Node | undefined = inner; node; node = node.parent) if (node === outer) return true;
  return false;
}

/** What a worker hands to a function that is written in its place. */
const HANDED =
  /^(?:(?:bullmq|@taskforcesh\/bullmq-pro):\.\w*(?:\(\)\.)?Worker(?:Pro)?#>0|bull:(?:\.Queue)?#\.process>0)/;

/**
 * What a value is of a job, as a path: empty for the job itself, `.data.items`, `.opts.attempts`, `.updateData()`;
 * `undefined` unless it surely is of a job (or nothing at all).
 */
export function jobPath(value: Value): string | undefined {
  const paths = membersOf(present(value)).map((member) =>
    member.kind === 'external' ? pathInJob(member.path) : undefined,
  );
  return paths.every((path) => path === paths[0]) ? paths[0] : undefined;
}

function pathInJob(path: string): string | undefined {
  const end = path.indexOf('#') + 1;
  if (instanceRole(path.slice(0, end))?.role === 'job') return path.slice(end);
  const handed = HANDED.exec(path);
  return handed ? path.slice(handed[0].length) : undefined;
}
