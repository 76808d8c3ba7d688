/**
 * Where a worker goes: which expressions are it, or may be, and whether it gets to where it cannot be followed.
 */
import { looksLikeListening } from '../jobs/listeners.ts';
import { libraryObject } from '../jobs/recognize.ts';
import type { WorkerDefinition } from '../jobs/workers.ts';
import type { SourceModule } from '../source/module.ts';
import { unwrap, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref, type Value } from '../values/value.ts';
import type { Project } from './project.ts';

const MAX_USERS = 200;

/** The worker's file, those that import from it, and all that know of jobs; no tests. */
export function modulesAroundWorker(project: Project, { at: { module } }: WorkerDefinition): SourceModule[] {
  const found = new Map([[module.path, module]]);
  for (const file of project.usersOf(module.path).slice(0, MAX_USERS)) {
    const user = found.has(file) ? undefined : project.load(file);
    if (user) found.set(file, user);
  }
  for (const other of project.index.modules)
    if (!found.has(other.path) && !project.isTest(other.path)) found.set(other.path, other);
  return [...found.values()];
}

/** Whether an argument is the worker, or a list or object with it. */
export function holdsWorker(ev: Evaluation, worker: WorkerDefinition, argument: Ref): boolean {
  const node = unwrap(argument.node);
  const holds = (inner: Node): boolean => holdsWorker(ev, worker, beside(argument, inner));
  switch (node.type) {
    case 'Identifier':
    case 'MemberExpression':
    case 'NewExpression':
    case 'CallExpression':
      return isWorker(ev, worker, ev.evaluate(argument));
    case 'ArrayExpression':
      return node.elements.some((element) => element && holds(element));
    case 'ObjectExpression':
      return node.properties.some((property) => property.type === 'Property' && holds(property.value));
    default:
      return false;
  }
}

/** Whether a value is the worker, or a list with it. */
export function isWorker(ev: Evaluation, worker: WorkerDefinition, value: Value): boolean {
  const { at } = worker;
  return membersOf(present(value)).some((member) => {
    if (member.kind === 'array') return isWorker(ev, worker, member.element());
    const site = libraryObject(ev, member)?.construction;
    if (site?.module.path !== at.module.path) return false;
    return (
      site.node === at.node || site.module.text !== at.module.text || site.node.range[0] === at.node.range[0]
    );
  });
}

/** Whether a value can be any worker, as far as is known. */
export function isOpen(ev: Evaluation, value: Value): boolean {
  return membersOf(present(value)).some((member) => {
    const object = libraryObject(ev, member);
    return object ? object.role === 'worker' && !object.construction : member.kind === 'unknown';
  });
}

/** Whether a worker gets to where it cannot be followed: an array, a property, a caller, other files. */
export function leaves(module: SourceModule, at: Node): boolean {
  let node = at;
  for (let parent = node.parent; parent; node = parent, parent = node.parent)
    switch (parent.type) {
      case 'AwaitExpression':
      case 'ChainExpression':
      case 'TSNonNullExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        continue;
      case 'MemberExpression': {
        // `new Worker(...).on(...)` is the worker again.
        const call = parent.parent;
        if (call.type !== 'CallExpression' || call.callee !== parent || !looksLikeListening(call))
          return false;
        parent = call;
        continue;
      }
      case 'ExpressionStatement':
        return false;
      case 'VariableDeclarator': {
        if (parent.id.type !== 'Identifier') return true;
        if (parent.parent.parent.type === 'ExportNamedDeclaration') return true;
        const variable = module.variableOf(parent.id);
        return !variable || variable.references.some((use) => use.isRead() && leavesByUse(use.identifier));
      }
      default:
        return true;
    }
  return true;
}

function leavesByUse(identifier: Node): boolean {
  const { parent } = identifier;
  return !(parent?.type === 'MemberExpression' && parent.object === identifier);
}
