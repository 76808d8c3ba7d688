/**
 * Who closes a worker, so that its jobs end before its process does. What cannot be followed counts as closing.
 */
import { enteredBy } from '../calls/callees.ts';
import { libraryObject, libraryObjects, nameText } from '../jobs/recognize.ts';
import type { WorkerDefinition } from '../jobs/workers.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  enclosingFunction,
  isFunction,
  keyName,
  outermost,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref, type Value } from '../values/value.ts';
import type { Project } from './project.ts';
import { holdsWorker, isOpen, isWorker, leaves, modulesAroundWorker } from './worker-uses.ts';

/** Methods that only keep what they are given. */
const KEEPING = /^(?:push|unshift|add|set|concat)$/;

/** Whether anything in the project can close a worker. */
export function canClose(project: Project, worker: WorkerDefinition): boolean {
  const { at } = worker;
  const isBull = worker.dialect.processMethod === true;
  const around = modulesAroundWorker(project, worker);
  const paths = new Set(around.map(({ path }) => path));
  const closing = project
    .marked('closes')
    .flatMap((file) => (paths.has(file) ? [] : (project.load(file) ?? [])));
  const leaving = isBull || leaves(at.module, at.node);
  return (
    isDisposed(at.node) ||
    [...around, ...closing].some((module) =>
      closersIn(module).some((receiver) => {
        const value = project.ev.evaluate(here(module, receiver));
        const isIt = isBull ? isQueueOf(project.ev, worker, value) : isWorker(project.ev, worker, value);
        return (isIt || (leaving && isOpen(project.ev, value))) && canRun(project, module, receiver);
      }),
    ) ||
    around.some((module) => isPassedOut(project.ev, worker, module))
  );
}

/** `await using worker = new Worker(...)` */
function isDisposed(node: Node): boolean {
  const declaration = outermost(node).parent?.parent;
  return declaration?.type === 'VariableDeclaration' && declaration.kind.includes('using');
}

/** What a module reads `close` of: `worker.close()`, `onExit(worker.close)`. */
function closersIn(module: SourceModule): Node[] {
  return module
    .nodes('MemberExpression')
    .filter((member) => {
      if (!member.computed) return keyName(member) === 'close';
      return member.property.type === 'MemberExpression' && keyName(member.property) === 'asyncDispose';
    })
    .map((member) => member.object);
}

/** The queue of Bull whose `process` made the worker; one that is injected, or of another name, is told apart. */
function isQueueOf(ev: Evaluation, { at, name }: WorkerDefinition, value: Value): boolean {
  const callee = at.node.type === 'CallExpression' ? at.node.callee : undefined;
  const own = callee?.type === 'MemberExpression' ? ev.evaluate(beside<Node>(at, callee.object)) : undefined;
  // Beside the queue there may be a stand-in, for where there is no Redis.
  const sites = libraryObjects(ev, own ?? value, 'queue');
  return membersOf(present(value)).some((member) => {
    if (member.kind === 'array') return isQueueOf(ev, { at, name } as WorkerDefinition, member.element());
    const queue = libraryObject(ev, member);
    if (queue?.role !== 'queue') return false;
    return (
      sites.length === 0 ||
      sites.some(
        (site) =>
          !site.construction ||
          !queue.construction ||
          site.construction.node === queue.construction.node ||
          (nameText(ev, site) !== undefined && nameText(ev, site) === nameText(ev, queue)),
      )
    );
  });
}

/** Whether the function around a node can run: a named one that nothing names does not. */
export function canRun(project: Project, module: SourceModule, node: Node): boolean {
  const { catalog } = project;
  let fn: FunctionNode | undefined = enclosingFunction(node);
  for (let outer = fn; outer; outer = enclosingFunction(outer)) fn = outer;
  const declarator = fn && outermost(fn).parent;
  const id = fn?.id ?? (declarator?.type === 'VariableDeclarator' ? declarator.id : undefined);
  if (!fn || id?.type !== 'Identifier') return true;
  const isNamed = module.variableOf(id)?.references.some(({ identifier }) => {
    const use = identifier as Node;
    return use !== id && use.parent?.type !== 'ExportSpecifier' && !isInside(fn, use);
  });
  return (
    isNamed === true ||
    project.usersOf(module.path).some((file) => {
      if (!catalog.mentions(file, id.name)) return false;
      const user = project.load(file);
      return !user || !importsInVain(user, id.name);
    })
  );
}

/** Whether all that a file does with a name is to import it: its call is commented out, or was never written. */
function importsInVain(user: SourceModule, name: string): boolean {
  const imported = user
    .nodes('ImportSpecifier')
    .filter((specifier) => specifier.imported.type === 'Identifier' && specifier.imported.name === name);
  return (
    imported.length > 0 &&
    imported.every(({ local }) => user.variableOf(local)?.references.length === 0) &&
    // A second way to the same function, which the names do not show.
    user.nodes('ImportNamespaceSpecifier').length === 0 &&
    user.nodes('ExportAllDeclaration').length === 0
  );
}

function isInside(outer: Node, inner: Node): boolean {
  for (let node: Node | undefined = inner; node; node = node.parent) if (node === outer) return true;
  return false;
}

/** `shutdownManager.register(worker)` of a package: who knows what it does with it. */
function isPassedOut(ev: Evaluation, worker: WorkerDefinition, module: SourceModule): boolean {
  return [...module.nodes('CallExpression'), ...module.nodes('NewExpression')].some((call) => {
    if (KEEPING.test(calleeName(call.callee) ?? '') || call.arguments.length === 0) return false;
    if (
      !call.arguments.some(
        (argument) => !isFunction(argument) && holdsWorker(ev, worker, here(module, argument)),
      )
    )
      return false;
    if (enteredBy(ev, here(module, call) as Ref<typeof call>).length > 0) return false;
    return !membersOf(ev.evaluate(here(module, call.callee))).every(
      (callee) => callee.kind === 'external' && callee.path.startsWith('global:'),
    );
  });
}
