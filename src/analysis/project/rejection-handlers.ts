/**
 * Whether a process of the project outlives a rejection that nobody handles: a handler of `unhandledRejection` that does
 * not end it.
 */
import { calleeName, type Node } from '../source/nodes.ts';
import { here } from '../values/evaluation.ts';
import { membersOf, stringOf } from '../values/value.ts';
import type { ProjectIndex } from './index-of-jobs.ts';
import type { Project } from './project.ts';

/** Ends the process, or can. */
const ENDING = /\bexit|\bkill|\babort|\bthrow\b|shut_?down|terminat|\bclose|\bstop/i;

const known = new WeakMap<ProjectIndex, boolean>();

export function outlivesRejections(project: Project): boolean {
  const { index } = project;
  let outlives = known.get(index);
  if (outlives === undefined) known.set(index, (outlives = hasLenientHandler(project)));
  return outlives;
}

function hasLenientHandler(project: Project): boolean {
  // A handler of another application, or of the browser, says nothing of the process with the workers.
  const files = project.marked('unhandled').filter((file) => project.leadsTo(file, 'jobs'));
  return files.some((file) => {
    const module = project.load(file);
    return module?.nodes('CallExpression').some((call) => {
      const [event, handler] = call.arguments as (Node | undefined)[];
      if (!event || !handler || !/^(?:on|once|addListener)$/.test(calleeName(call.callee) ?? ''))
        return false;
      if (stringOf(project.ev.evaluate(here(module, event))) !== 'unhandledRejection') return false;
      // What cannot be seen may well go on.
      return membersOf(project.ev.evaluate(here(module, handler))).some(
        (value) => value.kind !== 'function' || !ENDING.test(value.at.module.textOf(value.at.node)),
      );
    });
  });
}
