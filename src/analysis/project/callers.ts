/**
 * From a function to the calls of it: in its own file, and in the files that import that one.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { enter } from '../calls/callees.ts';
import { jobPath } from '../jobs/own-job.ts';
import type { Processor } from '../jobs/workers.ts';
import type { SourceModule } from '../source/module.ts';
import { calleeName, functionName, type FunctionNode, type Node } from '../source/nodes.ts';
import { argumentRefs } from '../values/calls.ts';
import { beside, here } from '../values/evaluation.ts';
import { parameterOwner } from '../values/trace.ts';
import type { Ref } from '../values/value.ts';
import type { Project } from './project.ts';

const MAX_FILES = 60;

/**
 * The calls that can be of a function, told by its name alone: a method of the same name on something else is taken
 * for it. To be asked where a finding depends on it, since it looks through other files.
 */
export function callsByName(
  project: Project,
  module: SourceModule,
  fn: FunctionNode,
): Ref<TSESTree.CallExpression>[] {
  const name = functionName(fn)?.replace(/^.*\./, '');
  if (name === undefined) return [];
  const users = project.usersOf(module.path).filter((file) => file !== module.path);
  const others = users.slice(0, MAX_FILES).flatMap((file) => project.load(file) ?? []);
  return [module, ...others].flatMap((file) =>
    file
      .nodes('CallExpression')
      .filter((call) => calleeName(call.callee) === name)
      .map((call) => here(file, call) as Ref<TSESTree.CallExpression>),
  );
}

/**
 * Whether something holds of what each of the calls gives for a parameter, or a property of one, of the function around
 * an expression; not where no call of it can be seen.
 */
export function holdsForCalls(project: Project, ref: Ref, holds: (given: Ref) => boolean): boolean {
  const fn = ref.frame ? undefined : parameterOwner(ref.module, ref.node);
  const value = fn && project.ev.evaluate(here(ref.module, fn));
  if (!fn || value?.kind !== 'function') return false;
  const calls = callsByName(project, ref.module, fn).filter((call) => !isInTest(call.node));
  return (
    calls.length > 0 &&
    calls.every((call) => {
      const { frame } = enter(value, argumentRefs(call), call);
      return frame !== undefined && holds({ ...ref, frame });
    })
  );
}

const TESTS = /^(?:describe|it|test|before(?:Each|All)?|after(?:Each|All)?)$/;

/** Whether code runs for a test alone: what that gives tells nothing of the product. */
function isInTest(node: Node): boolean {
  for (let { parent } = node; parent; { parent } = parent)
    if (
      parent.type === 'CallExpression' &&
      parent.callee.type === 'Identifier' &&
      TESTS.test(parent.callee.name)
    )
      return true;
  return false;
}

/** Whether code hands a job that it fetched itself to a function: `handle(await worker.getNextJob(token))`. */
export function isGivenOtherJobs(project: Project, { by, fn }: Processor): boolean {
  if (by !== 'annotation') return false;
  return callsByName(project, fn.at.module, fn.at.node).some((call) => {
    const [job] = call.node.arguments;
    return job !== undefined && jobPath(project.ev.evaluate(beside<Node>(call, job))) !== '';
  });
}
