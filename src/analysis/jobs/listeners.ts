/**
 * Listeners: functions that run on an event of a worker, a queue, a flow producer or queue events.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { decoratorsOf, keyName, unwrap, type ClassNode, type Node } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, stringOf, type FunctionValue, type Ref, type Value } from '../values/value.ts';
import { nestDialects, type Dialect, type Role } from './dialects/index.ts';
import { libraryObject } from './recognize.ts';

export interface Listener {
  /** The call `worker.on('failed', fn)`, or the decorated method. */
  at: Ref;
  /** What is listened to. */
  role: Exclude<Role, 'job'>;
  dialect: Dialect;
  /** The event's name, where it is known. */
  event: string | undefined;
  /** The functions that run; none when they cannot be seen. */
  functions: readonly FunctionValue[];
  /** The value that is listened to, for a call. */
  target: Value | undefined;
}

const METHODS = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);

/** Whether a call can add a listener by its looks; cheap, to be asked first. */
export function looksLikeListening(call: TSESTree.CallExpression): boolean {
  const callee = unwrap(call.callee);
  return (
    callee.type === 'MemberExpression' && METHODS.has(keyName(callee) ?? '') && call.arguments.length > 1
  );
}

/** All listeners that a module adds. */
export function listenersIn(ev: Evaluation, module: SourceModule): Listener[] {
  const added = module
    .nodes('CallExpression')
    .filter(looksLikeListening)
    .flatMap((call) => addedListeners(ev, here(module, call) as Ref<TSESTree.CallExpression>));
  const classes = [...module.nodes('ClassDeclaration'), ...module.nodes('ClassExpression')];
  const annotated = classes.flatMap((node) => annotatedListeners(ev, here(module, node) as Ref<ClassNode>));
  return [...added, ...annotated];
}

/** `worker.on('failed', (job, error) => ...)`; chained calls (`worker.on(...).on(...)`) are one each. */
function addedListeners(ev: Evaluation, call: Ref<TSESTree.CallExpression>): Listener[] {
  const { module, node } = call;
  const [event, listener] = node.arguments as [Node, Node];
  const target = ev.evaluate(here(module, receiverOf(node)));
  const owner = membersOf(present(target))
    .map((member) => libraryObject(ev, member))
    .find((found) => found !== undefined);
  if (!owner || owner.role === 'job') return [];
  return [
    {
      at: call,
      role: owner.role,
      dialect: owner.dialect,
      event: stringOf(ev.evaluate(here(module, event))),
      functions: functionsOf(ev.evaluate(here(module, listener))),
      target,
    },
  ];
}

/** What the first call of a chain is on. */
export function receiverOf(call: TSESTree.CallExpression): Node {
  let receiver = unwrap((unwrap(call.callee) as TSESTree.MemberExpression).object);
  while (receiver.type === 'CallExpression' && looksLikeListening(receiver))
    receiver = unwrap((unwrap(receiver.callee) as TSESTree.MemberExpression).object);
  return receiver;
}

/** Methods of a class with a decorator that listens: `@OnWorkerEvent('failed')`, Bull's `@OnQueueFailed()`. */
function annotatedListeners(ev: Evaluation, owner: Ref<ClassNode>): Listener[] {
  const found: Listener[] = [];
  for (const member of owner.node.body.body) {
    if (member.type !== 'MethodDefinition') continue;
    for (const decorator of decoratorsOf(member)) {
      const expression = here(owner.module, decorator.expression);
      const known = listenerDecorator(ev, expression);
      if (!known) continue;
      const fn = ev.evaluate(here(owner.module, member.value));
      found.push({
        at: here(owner.module, member),
        role: known.role,
        dialect: known.dialect,
        event: known.event ?? eventArgument(ev, expression),
        functions: fn.kind === 'function' ? [{ ...fn, thisValue: ev.instance(owner, owner) }] : [],
        target: undefined,
      });
    }
  }
  return found;
}

interface ListenerDecorator {
  role: 'worker' | 'queue-events';
  event?: string;
  dialect: Dialect;
}

const listenerDecorators = new Map<string, ListenerDecorator>(
  nestDialects().flatMap((dialect) =>
    dialect.packages.flatMap((name) =>
      Object.entries(dialect.nest?.listeners ?? {}).map(
        ([decorator, listener]) => [`${name}:.${decorator}()`, { ...listener, dialect }] as const,
      ),
    ),
  ),
);

/** What a decorator of a method listens to, if it is one that does. */
export function listenerDecorator(ev: Evaluation, expression: Ref): ListenerDecorator | undefined {
  const value = ev.evaluate(expression);
  return value.kind === 'external' ? listenerDecorators.get(value.path) : undefined;
}

/** `@OnQueueEvent('failed')`, `@OnQueueEvent({ eventName: 'failed' })` */
function eventArgument(ev: Evaluation, { module, node }: Ref): string | undefined {
  const first = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  if (!first) return undefined;
  const value = ev.evaluate(here(module, first));
  const name = ev.lookup(value, 'eventName');
  return stringOf(name.state === 'known' ? name.value : value);
}

/** The functions that a listener argument can be: written in place, named, a method, bound. */
function functionsOf(value: Value): FunctionValue[] {
  return membersOf(value).flatMap((member) => (member.kind === 'function' ? [member] : []));
}
