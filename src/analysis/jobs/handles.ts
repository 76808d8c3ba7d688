/**
 * Ids that are handles: made before the job is added, so that the job and whoever asked for it know each other by them.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { SourceModule } from '../source/module.ts';
import { calleeName, enclosingFunction, isFunction, outermost, unwrap, type Node } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { membersOf, type Ref, type Value } from '../values/value.ts';
import type { Enqueue, JobInput } from './enqueues.ts';
import { someHolder } from './stored.ts';

/**
 * Whether the value of an id names more than the job: it is in the job's data as well, or comes from outside of the
 * function that adds, and is told to somebody else besides: returned, or passed to other code. `carries` tells which
 * expressions have the value.
 */
export function isHandedOut(
  ev: Evaluation,
  { via, call }: Enqueue,
  job: JobInput,
  id: Ref,
  carries: (part: Ref) => boolean,
): boolean {
  const isInData = job.payload !== undefined && isIn(ev, ev.evaluate(job.payload), carries);
  if (!isInData && via.length === 0) return false;
  const adding = [job.at.node, call.node, ...via.map(({ node }) => node)];
  return someHolder(
    ev,
    id,
    carries,
    (module, variable) => (isInData || isOfCaller(variable, via[0])) && isTold(module, variable, adding),
  );
}

/** Whether a variable is of the function that the outermost call of an enqueue is in. */
function isOfCaller(variable: Variable, call: Ref | undefined): boolean {
  const owner = call && enclosingFunction(call.node);
  const [declared] = variable.identifiers;
  return owner !== undefined && declared !== undefined && isInside(declared, [owner]);
}

const MAX_DEPTH = 2;

function isIn(ev: Evaluation, data: Value, carries: (part: Ref) => boolean, depth = 0): boolean {
  return membersOf(data).some(
    (member) =>
      member.kind === 'object' &&
      member.parts.some(
        ({ kind, value }) =>
          (kind !== 'spread' && carries(value)) ||
          (depth < MAX_DEPTH && isIn(ev, ev.evaluate(value), carries, depth + 1)),
      ),
  );
}

/** `adding`: what adds the job, in which each use of the value is for the job. */
function isTold(module: SourceModule, variable: Variable, adding: readonly Node[], depth = 0): boolean {
  return variable.references.some(({ identifier, init }) => {
    if (init === true || isInside(identifier, adding)) return false;
    let child = outermost(identifier);
    for (let { parent } = child; parent; child = parent, { parent } = parent) {
      if (parent.type === 'ReturnStatement' || (isFunction(parent) && parent.body === child)) return true;
      if (parent.type === 'VariableDeclarator') {
        // `const answer = { jobId }`, which is returned later
        const holder = parent.id.type === 'Identifier' ? module.variableOf(parent.id) : undefined;
        return holder !== undefined && depth < MAX_DEPTH && isTold(module, holder, adding, depth + 1);
      }
      if (parent.type === 'CallExpression') return parent.callee !== child && !isLog(module, parent.callee);
      if (!WHOLE.test(parent.type)) return false;
    }
    return false;
  });
}

/** Nodes of other files are among those, so that positions say nothing. */
function isInside(node: Node, outer: readonly Node[]): boolean {
  for (let around: Node | undefined = node; around; around = around.parent)
    if (outer.includes(around)) return true;
  return false;
}

/** What has the value as a part, whole. */
const WHOLE =
  /^(?:Property|ObjectExpression|ArrayExpression|TemplateLiteral|ConditionalExpression|LogicalExpression|AwaitExpression|ChainExpression|TS\w+)$/;

function isLog(module: SourceModule, callee: Node): boolean {
  return (
    /^(?:log|info|debug|warn|error|trace|verbose|set\w+)$/.test(calleeName(unwrap(callee)) ?? '') ||
    /^(?:this\.)?(?:console|\w*[lL]og(?:ger)?|span)\b/.test(module.textOf(callee))
  );
}
