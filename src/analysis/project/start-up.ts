/**
 * Start-up as the whole project shows it: a function that other files call only when the process starts.
 */
import { startUpOf, type StartUp } from '../calls/start-up.ts';
import type { SourceModule } from '../source/module.ts';
import { calleeName, enclosingFunction, functionName, type Node } from '../source/nodes.ts';
import { here } from '../values/evaluation.ts';
import { membersOf } from '../values/value.ts';
import type { Project } from './project.ts';

const MAX_FILES = 40;
const MAX_DEPTH = 3;

/** Whether a node runs when the process starts, as far as the callers of the function around it can be seen. */
export function startsUp(project: Project, module: SourceModule, node: Node, depth = 0): StartUp | undefined {
  const own = startUpOf(module, node);
  const fn = outermostFunction(node);
  if (own || !fn || depth > MAX_DEPTH) return own;
  const name = functionName(fn)?.split('.').at(-1);
  if (name === undefined) return undefined;
  const { ev } = project;
  const files = [module.path, ...project.usersOf(module.path)];
  if (files.length > MAX_FILES) return undefined;
  const ways = files.flatMap((file) => {
    const caller = file === module.path ? module : project.load(file);
    return (caller?.nodes('CallExpression') ?? []).flatMap((call) =>
      caller &&
      calleeName(call.callee) === name &&
      membersOf(ev.evaluate(here(caller, call.callee))).some(
        // By its place: the linted file is another tree than the one that is on the disk.
        ({ at }) =>
          at.module.path === module.path && at.node.range[0] === fn.range[0] && at.node.type === fn.type,
      )
        ? [startsUp(project, caller, call, depth + 1)]
        : [],
    );
  });
  return ways.length > 0 && ways.every((way) => way !== undefined) ? ways[0] : undefined;
}

function outermostFunction(node: Node): ReturnType<typeof enclosingFunction> {
  let found = enclosingFunction(node);
  for (let next = found; next; next = enclosingFunction(next)) found = next;
  return found;
}
