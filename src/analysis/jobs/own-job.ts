/**
 * The job that a function runs or is told of: its first parameter, whatever it is called and however it is taken
 * apart. A function that is entered with it knows the job and its parts by their path, in aliases and in the
 * functions that it passes them to as well.
 */
import type { Entered } from '../calls/callees.ts';
import { isFunction, unwrap, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { frameOf } from '../values/names.ts';
import { throughParameters } from '../values/trace.ts';
import {
  external,
  membersOf,
  present,
  unknown,
  type Frame,
  type FunctionValue,
  type Ref,
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

/**
 * Whether an expression is the job that runs, by every name on the way to the parameter that it came by: a job that
 * is asked for, or that is one of a list, is another one, whatever type it is declared with.
 */
export function isOwnJob(ev: Evaluation, given: Ref): boolean {
  return jobPath(ev.evaluate(given)) === '' && isHandedOn(ev, given, 0);
}

function isHandedOn(ev: Evaluation, given: Ref, depth: number): boolean {
  const ref = throughParameters(ev, given);
  const node = unwrap(ref.node);
  // `this.job`: who sets it is not asked.
  if (node.type !== 'Identifier') return node.type === 'MemberExpression';
  const definition = ref.module.variableOf(node)?.defs[0];
  const declaration = definition?.node as Node | undefined;
  if (isFunction(declaration)) return frameOf(ref.frame, declaration) !== undefined;
  if (declaration?.type !== 'VariableDeclarator' || !declaration.init || depth > 8) return false;
  return isHandedOn(ev, beside(ref, declaration.init), depth + 1);
}
