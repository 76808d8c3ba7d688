/**
 * Who reads what the processors of a queue return: code that asks a job for its `returnvalue`, waits for it, or listens
 * to `completed`; the parent of a flow.
 */
import type { Listener } from '../jobs/listeners.ts';
import { libraryObject, nameText } from '../jobs/recognize.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  enclosingFunction,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, stringOf, type FunctionValue, type Value } from '../values/value.ts';
import { callsByName } from './callers.ts';
import type { ProjectIndex } from './index-of-jobs.ts';
import type { Project } from './project.ts';

/** The queues whose results are read, by name; `undefined` is a reader whose queue is not known. */
type Readers = ReadonlySet<string | undefined>;

interface AllReaders {
  /** Those who get a result as it was stored. */
  stored: Readers;
  /** Those who are handed what the processor returned, in its own process. */
  handed: Readers;
}

const known = new WeakMap<ProjectIndex, AllReaders>();

/** Whether anything in the project can read the results of the queue of a name; without one, of any queue. */
export function canReadResults(project: Project, name: string | undefined): boolean {
  const { stored, handed } = readersOf(project);
  return reads(stored, name) || reads(handed, name);
}

/** The same of results as they were stored, as JSON: listeners of the worker itself are handed the value. */
export function canReadStoredResults(project: Project, name: string | undefined): boolean {
  return reads(readersOf(project).stored, name);
}

function reads(readers: Readers, name: string | undefined): boolean {
  return name === undefined ? readers.size > 0 : readers.has(undefined) || readers.has(name);
}

function readersOf(project: Project): AllReaders {
  let readers = known.get(project.index);
  if (!readers) known.set(project.index, (readers = readersIn(project)));
  return readers;
}

function readersIn(project: Project): AllReaders {
  const { index, ev } = project;
  const stored = new Set<string | undefined>();
  const handed = new Set<string | undefined>();
  for (const file of project.marked('results')) {
    const module = project.load(file);
    if (!module) continue;
    const listeners = index.listenersOf(module);
    for (const name of namesOfReads(project, module, listeners)) stored.add(name);
    if (/\bgetChildrenValues\b/.test(module.text)) for (const name of childQueues(project)) stored.add(name);
  }
  for (const module of index.modules.filter(({ path }) => !project.isTest(path)))
    for (const listener of index.listenersOf(module))
      if (hearsResult(listener))
        (isHanded(listener) ? handed : stored).add(ownerName(ev, listener.target) ?? decoratedName(listener));
  return { stored, handed };
}

/** The queues of the jobs that a module asks for their result. */
function namesOfReads(
  project: Project,
  module: SourceModule,
  listeners: readonly Listener[],
): (string | undefined)[] {
  const { ev } = project;
  const asked = module.nodes('Identifier').flatMap((node): (string | undefined)[] => {
    if (node.name !== 'returnvalue') return [];
    const parent = node.parent as Node | undefined;
    const inListener = listenerName(ev, node, listeners);
    if (inListener !== undefined || parent?.type !== 'MemberExpression' || parent.property !== node)
      return [inListener];
    return namesOfJob(project, module, parent.object);
  });
  const texts = module.nodes('Literal').filter(({ value }) => value === 'returnvalue');
  const waits = module.nodes('CallExpression').flatMap((call): (string | undefined)[] => {
    const name = calleeName(call.callee) ?? '';
    const callee = unwrap(call.callee);
    if (!/^(?:waitUntilFinished|finished)$/.test(name) || callee.type !== 'MemberExpression') return [];
    return isUsed(call) ? namesOfJob(project, module, callee.object) : [];
  });
  return [...asked, ...texts.map(() => undefined), ...waits];
}

/** Whether the value of a promise goes anywhere. */
function isUsed(call: Node): boolean {
  const waited = outermost(call).parent;
  const value = waited?.type === 'AwaitExpression' ? outermost(waited) : outermost(call);
  return value.parent?.type !== 'ExpressionStatement';
}

/** The name of the queue that a job, or what it was obtained from, belongs to. */
function ownerName(ev: Evaluation, value: Value | undefined): string | undefined {
  if (!value) return undefined;
  const names = membersOf(present(value)).map((member) => {
    for (let owner = member.kind === 'external' ? member : undefined; owner; owner = owner.from) {
      const object = libraryObject(ev, owner);
      if (object && object.role !== 'job') return nameText(ev, object);
    }
    const object = libraryObject(ev, member);
    return object && nameText(ev, object);
  });
  return names.every((name) => name === names[0]) ? names[0] : undefined;
}

/** The queues that a job can be of; of a job that a helper is given, those of its calls. */
function namesOfJob(project: Project, module: SourceModule, job: Node): (string | undefined)[] {
  const { ev } = project;
  const name = ownerName(ev, ev.evaluate(here(module, job)));
  const node = unwrap(job);
  const fn =
    name === undefined && node.type === 'Identifier'
      ? (module.variableOf(node)?.defs[0]?.node as Node | undefined)
      : undefined;
  if (!isFunction(fn)) return [name];
  const index = fn.params.findIndex(
    (parameter) => parameter.type === 'Identifier' && parameter.name === (node as typeof parameter).name,
  );
  const calls = index < 0 ? [] : callsByName(project, module, fn);
  if (calls.length === 0) return [undefined];
  return calls.map((call) => {
    const given = call.node.arguments[index];
    return given && ownerName(ev, ev.evaluate(beside<Node>(call, given)));
  });
}

/** The queue of the listener that a node is written in. */
function listenerName(ev: Evaluation, node: Node, listeners: readonly Listener[]): string | undefined {
  for (let fn = enclosingFunction(node); fn; fn = enclosingFunction(fn)) {
    const listener = listeners.find(({ functions }) => functions.some(({ at }) => at.node === fn));
    if (listener) return ownerName(ev, listener.target) ?? decoratedName(listener);
  }
  return undefined;
}

/** The queue of a Nest class is that of its decorator, whose text is enough. */
function decoratedName({ at, target }: Listener): string | undefined {
  if (target) return undefined;
  const owner = at.node.parent?.parent as { decorators?: readonly { expression: Node }[] } | undefined;
  for (const { expression } of owner?.decorators ?? []) {
    const [first] = expression.type === 'CallExpression' ? expression.arguments : [];
    if (first?.type === 'Literal' && typeof first.value === 'string') return first.value;
  }
  return undefined;
}

/** Bull's queue tells of the jobs of its own process, with `global:` of those of all. */
function isHanded({ role, event }: Listener): boolean {
  return role !== 'queue-events' && !event?.startsWith('global:');
}

/** Whether a listener of `completed` takes the result: a worker gives it second, queue events with the rest. */
function hearsResult({ event, role, functions, dialect }: Listener): boolean {
  if (event === undefined ? role !== 'worker' : event.replace(/^global:/, '') !== 'completed') return false;
  if (functions.length === 0) return true;
  const isObject = role === 'queue-events' && dialect.family === 'bullmq';
  return functions.some((fn) => (isObject ? takesEvent(fn) : takesSecond(fn)));
}

function takesSecond({ at: { node, module }, bound }: FunctionValue): boolean {
  const parameter = node.params[bound.length + 1];
  if (!parameter) return node.params.some(({ type }) => type === 'RestElement');
  return parameter.type !== 'Identifier' || isRead(module, parameter);
}

/** `(event) => io.emit('done', event)`; what is taken apart is told by its names. */
function takesEvent({ at: { node, module }, bound }: FunctionValue): boolean {
  const parameter = node.params[bound.length];
  if (parameter?.type === 'RestElement') return true;
  if (parameter?.type === 'ObjectPattern')
    return parameter.properties.some(({ type }) => type === 'RestElement');
  return (
    parameter?.type === 'Identifier' &&
    (module.variableOf(parameter)?.references.some(({ identifier }) => {
      const { parent } = identifier as Node;
      return !(parent?.type === 'MemberExpression' && parent.object === identifier);
    }) ??
      false)
  );
}

function isRead(module: SourceModule, parameter: Node): boolean {
  return module.variableOf(parameter)?.references.some((use) => use.isRead()) ?? false;
}

/** The queues whose jobs can be children of another: nodes of flows, and jobs that are given a parent. */
function childQueues({ index, ev }: Project): (string | undefined)[] {
  const nodes = index.modules.flatMap((module) =>
    module
      .nodes('Property')
      .filter((property) => /^(?:queueName|parent)$/.test(keyName(property) ?? ''))
      .map((node) => ({ module, node })),
  );
  if (nodes.length === 0) return [undefined];
  return nodes.flatMap(({ module, node }): (string | undefined)[] => {
    // `add(name, data, { parent: { id, queue } })`
    if (keyName(node) === 'parent') return node.parent.type === 'ObjectExpression' ? [undefined] : [];
    return isRoot(node.parent) ? [] : [stringOf(ev.evaluate(here(module, node.value)))];
  });
}

/** `flows.add({ name, queueName, children })`: whoever reads children does not read the job that has them. */
function isRoot(node: Node): boolean {
  const object = outermost(node);
  return object.parent?.type === 'CallExpression' && /^add$/.test(calleeName(object.parent.callee) ?? '');
}
