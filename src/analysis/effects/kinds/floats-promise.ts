/**
 * Starting asynchronous work that nobody waits for: a promise that is dropped, an async callback of `forEach`, work
 * that a timer puts off.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf, isRegistration } from '../../calls/body.ts';
import { fateOf } from '../../calls/fate.ts';
import { fillsSingleton } from '../../calls/once.ts';
import type { SourceModule } from '../../source/module.ts';
import {
  calleeName,
  contains,
  enclosingFunction,
  isFunction,
  outermost,
  unwrap,
  type Node,
} from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import type { Ref } from '../../values/value.ts';
import { isAsynchronous, tellsProgress } from '../asynchronous.ts';
import { rejectionOf } from '../rejections.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';

type Call = TSESTree.CallExpression;

export interface FloatingPromise extends Effect {
  /** `call`: its promise is dropped; `callback`: a function in place waits, and its own is; `timer`: it is put off. */
  by: 'call' | 'callback' | 'timer';
  /** The calls whose promises end here. */
  calls: readonly Ref<Call>[];
}

export const floatsPromise: EffectKind<FloatingPromise> = {
  name: 'floats-promise',
  mark: undefined,
  throughFloating: true,
  maxWay: 4,
  endsAtProcessors: true,
  find(ev, running) {
    /** By where the promises end: several that end in one place have one cause. */
    const found = new Map<Node, FloatingPromise>();
    const add = (end: Node, at: Node, by: FloatingPromise['by'], call: Call): void => {
      const ref = here(running.module, call, running.frame) as Ref<Call>;
      const known = found.get(end);
      const name = calleeName(call.callee);
      const label = name === undefined ? '(async () => ...)()' : `${name}()`;
      found.set(
        end,
        known
          ? { ...known, calls: [...known.calls, ref] }
          : { at: here(running.module, at, running.frame), label, target: label, by, calls: [ref] },
      );
    };
    for (const call of running.body) {
      if (call.type !== 'CallExpression') continue;
      for (const late of putOff(ev, running, call)) add(call, call, 'timer', late);
      const fate = fateOf(ev, here(running.module, call));
      // What a function makes of its parameter is told where the parameter is given.
      if (fate.kind !== 'dropped' || isParameter(running.module, call.callee)) continue;
      const { at, through } = fate;
      const ref = here(running.module, call, running.frame) as Ref<Call>;
      // What a function in place waits for is a promise, whatever it is.
      if (through && !tellsProgress(ev, ref)) add(at, at, isImmediate(through) ? 'call' : 'callback', call);
      else if (
        !through &&
        isAsynchronous(ev, ref) &&
        !isCaughtInPlace(ev, ref) &&
        !fillsSingleton(running.module, call, running.fn.at.node)
      )
        add(at, call, 'call', call);
    }
    return [...found.values()];
  },
};

/** `(async () => { ... })()` */
function isImmediate(fn: Node): boolean {
  const call = outermost(fn).parent;
  return call?.type === 'CallExpression' && unwrap(call.callee) === fn;
}

function isParameter(module: SourceModule, callee: Node): boolean {
  const node = unwrap(callee);
  const definition = node.type === 'Identifier' ? module.variableOf(node)?.defs[0] : undefined;
  return (definition?.type as string | undefined) === 'Parameter';
}

/** `(async () => { try { ... } catch { ... } })()`: started on purpose. */
function isCaughtInPlace(ev: Evaluation, call: Ref<Call>): boolean {
  const fn = unwrap(call.node.callee);
  if (!isFunction(fn)) return false;
  const value = ev.evaluate(here(call.module, fn, call.frame));
  return value.kind === 'function' && rejectionOf(ev, value) === undefined;
}

/** The asynchronous calls in the callback of a timer that nothing clears. */
function putOff(ev: Evaluation, { module, frame }: Running, timer: Call): Call[] {
  const name = calleeName(timer.callee);
  if (name !== 'setTimeout' && name !== 'setImmediate' && name !== 'nextTick') return [];
  const callback = timer.arguments[0];
  if (!callback || !isFunction(callback) || !(isRegistration(timer) || name === 'nextTick')) return [];
  if (isCleared(module, timer) || isInExecutor(timer)) return [];
  return bodyOf(module, callback).flatMap((node) => {
    if (node.type !== 'CallExpression') return [];
    const fate = fateOf(ev, here(module, node));
    const isLate =
      fate.kind === 'dropped' ||
      ((fate.kind === 'awaited' || fate.kind === 'returned') && fate.by === callback);
    return isLate && isAsynchronous(ev, here(module, node, frame) as Ref<Call>) ? [node] : [];
  });
}

/** Whether the handle of a timer is kept, so that it can be cleared. */
function isCleared(module: SourceModule, timer: Call): boolean {
  const holder = outermost(timer).parent;
  if (holder?.type === 'AssignmentExpression') return true;
  if (holder?.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier') return false;
  return module.variableOf(holder.id)?.references.some((reference) => reference.isRead()) ?? false;
}

/** Whether a timer settles a promise. */
function isInExecutor(timer: Call): boolean {
  for (let fn = enclosingFunction(timer); fn; fn = enclosingFunction(fn)) {
    const made = outermost(fn).parent;
    if (made?.type === 'NewExpression' && contains(made, timer) && calleeName(made.callee) === 'Promise')
      return true;
  }
  return false;
}
