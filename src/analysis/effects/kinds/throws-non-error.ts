/**
 * Failing with something that is no Error, in a way that leaves the function: `throw 'x'`, `Promise.reject()`,
 * `reject('x')` of a promise that somebody waits for.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFloating } from '../../calls/body.ts';
import { guardsOf, passesOn } from '../../calls/failures.ts';
import { isContextOfItsOwn } from '../../jobs/workers.ts';
import { calleeName, isFunction, keyName, outermost, unwrap, type Node } from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';
import { thrownBy } from '../thrown.ts';

export interface NonErrorThrow extends Effect {
  /** The expression that is thrown; absent in `reject()`. */
  thrown: Node | undefined;
}

export const throwsNonError: EffectKind<NonErrorThrow> = {
  name: 'throws-non-error',
  mark: 'nonErrors',
  // A function that is not asynchronous throws whether or not its result is used.
  throughFloating: true,
  readsArguments: true,
  maxWay: 5,
  find(ev, running) {
    const found: NonErrorThrow[] = [];
    const add = (node: Node, thrown: Node | undefined): void => {
      const isNoError =
        !thrown || thrownBy(ev, here(running.module, thrown, running.frame)).includes('no-error');
      const target = thrown ? shortText(running.module.textOf(thrown)) : 'undefined';
      if (isNoError)
        found.push({ at: here(running.module, node, running.frame), label: labelOf(node), target, thrown });
    };
    for (const node of running.body) {
      if (node.type === 'ThrowStatement') {
        if (reachesFunction(running, node) && leaves(ev, running, node, false)) add(node, node.argument);
      } else if (node.type === 'CallExpression') {
        const [thrown] = node.arguments;
        if (isPromiseReject(node) && isWaitedFor(node) && leaves(ev, running, node, true)) add(node, thrown);
      } else if (node.type === 'NewExpression' && isWaitedFor(node)) {
        for (const call of rejectCalls(running, node))
          if (leaves(ev, running, node, true)) add(call, call.arguments[0]);
      }
    }
    return found;
  },
  follows(ev, running, call, { fn }) {
    if (isContextOfItsOwn(ev, fn)) return false;
    const isPromise = fn.at.node.async;
    return !(isPromise && isFloating(call)) && leaves(ev, running, call, isPromise);
  },
};

/** Whether what fails here is let out of the function as it is. */
function leaves(ev: Evaluation, running: Running, node: Node, isPromise: boolean): boolean {
  return guardsOf(running.fn.at.node, node, isPromise).every(({ handler }) =>
    passesOn(ev, here(running.module, handler, running.frame)),
  );
}

function isPromiseReject(call: TSESTree.CallExpression): boolean {
  const callee = unwrap(call.callee);
  return (
    callee.type === 'MemberExpression' &&
    keyName(callee) === 'reject' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Promise'
  );
}

/** A rejection that nobody waits for is not the job's. */
function isWaitedFor(node: Node): boolean {
  return !isFloating(node);
}

/** Functions that run what they are given at once, or hand on what it throws. */
const RUNNERS =
  /^(?:then|catch|finally|map|forEach|filter|reduce|flatMap|some|every|find|findIndex|sort|all|each|mapSeries)$/;

/** Whether what a callback throws here reaches the function around: a listener's or a timer's does not. */
function reachesFunction(running: Running, node: Node): boolean {
  for (let current = node.parent; current && current !== running.fn.at.node; current = current.parent) {
    if (!isFunction(current)) continue;
    const call = outermost(current).parent;
    if (call?.type === 'NewExpression') {
      // An asynchronous executor's rejection is lost.
      if (current.async) return false;
    } else if (call?.type === 'CallExpression' && unwrap(call.callee) !== current) {
      const name = calleeName(call.callee) ?? '';
      if (current.async ? name === 'forEach' || isFloating(call) : !RUNNERS.test(name)) return false;
    }
  }
  return true;
}

function promiseOf(fn: Node): TSESTree.NewExpression | undefined {
  const parent = fn.parent;
  return parent?.type === 'NewExpression' &&
    parent.callee.type === 'Identifier' &&
    parent.callee.name === 'Promise'
    ? parent
    : undefined;
}

/** The calls of `reject` in `new Promise((resolve, reject) => ...)`, in callbacks as well. */
function rejectCalls(running: Running, made: TSESTree.NewExpression): TSESTree.CallExpression[] {
  const executor = made.arguments[0] && unwrap(made.arguments[0]);
  if (!isFunction(executor) || promiseOf(executor) !== made) return [];
  const reject = executor.params[1];
  const variable = reject?.type === 'Identifier' ? running.module.variableOf(reject) : undefined;
  return (variable?.references ?? []).flatMap(({ identifier }) => {
    const call = (identifier as Node).parent;
    return call?.type === 'CallExpression' && call.callee === identifier ? [call] : [];
  });
}

function labelOf(node: Node): string {
  return node.type === 'ThrowStatement' ? 'throw' : 'reject()';
}

function shortText(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 40 ? line : `${line.slice(0, 37)}...`;
}
