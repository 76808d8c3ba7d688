/**
 * Waiting for a job to end: `job.waitUntilFinished()`, Bull's `job.finished()`, a loop around its state, a promise
 * that a `completed` event resolves.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf, isFloating, isRegistration } from '../../calls/body.ts';
import { instanceRole } from '../../jobs/dialects/index.ts';
import { libraryObject } from '../../jobs/recognize.ts';
import type { SourceModule } from '../../source/module.ts';
import { contains, isFunction, keyName, outermost, unwrap, type Node } from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, stringOf, type Frame, type Value } from '../../values/value.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';

/** What is asked again and again until the job is done. */
const STATE_READS = new Set(['getState', 'isCompleted', 'isFailed', 'isFinished', 'getJob', 'getJobState']);

export const awaitsResult: EffectKind = {
  name: 'awaits-result',
  mark: 'waits',
  // Who drops the promise does not wait.
  throughFloating: false,
  find(ev, running) {
    const found: Effect[] = [];
    for (const node of running.body) {
      const effect =
        node.type === 'CallExpression'
          ? (waitCall(ev, running, node) ?? intervalPoll(ev, running, node) ?? eventHelper(ev, running, node))
          : node.type === 'NewExpression'
            ? eventPromise(ev, running, node)
            : isLoop(node)
              ? pollLoop(ev, running, node)
              : undefined;
      if (effect) found.push(effect);
    }
    return found;
  },
};

function effectAt(running: Running, node: Node, label: string): Effect {
  return { at: here(running.module, node, running.frame), label, target: label };
}

/** `job.waitUntilFinished(events)`; `job.finished()` of a Bull job. */
function waitCall(ev: Evaluation, running: Running, call: TSESTree.CallExpression): Effect | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression' || isFloating(call)) return undefined;
  const method = keyName(callee);
  if (method === 'waitUntilFinished') {
    // No other library has a method of this name; what is a method of the project is followed as a call.
    const target = ev.evaluate(here(running.module, callee, running.frame));
    return target.kind === 'function' ? undefined : effectAt(running, call, 'job.waitUntilFinished()');
  }
  if (method === 'finished' && isJob(ev, ev.evaluate(here(running.module, callee.object, running.frame))))
    return effectAt(running, call, 'job.finished()');
  return undefined;
}

/** Whether a value is a job: declared as one, or what a queue's method gave. */
export function isJob(ev: Evaluation, value: Value): boolean {
  return membersOf(present(value)).some((member) => {
    if (member.kind !== 'external') return false;
    if (instanceRole(member.path)?.role === 'job') return true;
    const given = /^(.*?)\.(?:add|addBulk|getJob|getJobs|get\w+|fromId)\(\)(?:\[\])?$/.exec(member.path)?.[1];
    if (given === undefined)
      return /^(?:bullmq|@taskforcesh\/bullmq-pro):\.(?:Worker|WorkerPro)#>0$/.test(member.path);
    const owner = instanceRole(given) ?? instanceRole(`${given}#`);
    return owner?.role === 'queue' || owner?.role === 'job' || isOwnQueue(ev, member.from?.from);
  });
}

function isOwnQueue(ev: Evaluation, value: Value | undefined): boolean {
  return value !== undefined && libraryObject(ev, value)?.role === 'queue';
}

type Loop = TSESTree.WhileStatement | TSESTree.DoWhileStatement | TSESTree.ForStatement;

function isLoop(node: Node): node is Loop {
  return node.type === 'WhileStatement' || node.type === 'DoWhileStatement' || node.type === 'ForStatement';
}

/** `while (...) { const state = await job.getState(); ... }`: a counted loop over several jobs is none. */
function pollLoop(ev: Evaluation, running: Running, loop: Loop): Effect | undefined {
  const read = stateRead(ev, running.module, running.frame, running.body, loop);
  if (!read || !asksTheSameJob(running.module, loop, read)) return undefined;
  return effectAt(running, loop, `a loop around ${stateReadName(read)}()`);
}

function stateRead(
  ev: Evaluation,
  module: SourceModule,
  frame: Frame | undefined,
  body: readonly Node[],
  within: Node,
): TSESTree.CallExpression | undefined {
  for (const node of body) {
    if (node.type !== 'CallExpression' || !contains(within, node)) continue;
    const callee = unwrap(node.callee);
    if (callee.type !== 'MemberExpression' || !STATE_READS.has(keyName(callee) ?? '')) continue;
    const receiver = ev.evaluate(here(module, callee.object, frame));
    if (keyName(callee)?.startsWith('getJob') ? isQueue(ev, receiver) : isJob(ev, receiver)) return node;
  }
  return undefined;
}

function isQueue(ev: Evaluation, value: Value): boolean {
  return membersOf(present(value)).some((member) => libraryObject(ev, member)?.role === 'queue');
}

function stateReadName(call: TSESTree.CallExpression): string {
  return keyName(unwrap(call.callee) as TSESTree.MemberExpression) ?? 'getState';
}

/** Whether each round asks about one and the same job: neither the job nor its id is another in each round. */
function asksTheSameJob(module: SourceModule, loop: Loop, read: TSESTree.CallExpression): boolean {
  const callee = unwrap(read.callee) as TSESTree.MemberExpression;
  const isLookup = keyName(callee)?.startsWith('getJob') ?? false;
  const subjects = isLookup ? read.arguments : [callee.object];
  return subjects.every((subject) => isStable(module, loop, subject, 0));
}

function isStable(module: SourceModule, loop: Loop, expression: Node, depth: number): boolean {
  const stack: Node[] = [expression];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isFunction(node)) return false;
    if (node.type === 'Identifier') {
      const variable = module.variableOf(node);
      const definition = variable?.defs[0];
      if (!variable || !definition) continue;
      const declaration = definition.node as Node;
      const isWritten = variable.references.some(
        (reference) =>
          reference.isWrite() &&
          !reference.init &&
          contains(loop, reference.identifier) &&
          !isRefetch(reference.identifier),
      );
      if (isWritten) return false;
      if (contains(loop, declaration)) {
        // `const job = await queue.getJob(id)` in each round is the same job when the id is.
        const init = declaration.type === 'VariableDeclarator' ? declaration.init : undefined;
        if (!init || depth > 3 || !isStable(module, loop, init, depth + 1)) return false;
      }
      continue;
    }
    if (node.type === 'MemberExpression' && !node.computed) stack.push(node.object);
    else stack.push(...module.childrenOf(node));
  }
  return true;
}

/** `job = await queue.getJob(job.id)` */
function isRefetch(identifier: Node): boolean {
  const assignment = identifier.parent;
  if (assignment?.type !== 'AssignmentExpression') return false;
  const value =
    assignment.right.type === 'AwaitExpression'
      ? unwrap(assignment.right.argument)
      : unwrap(assignment.right);
  if (value.type !== 'CallExpression') return false;
  const callee = unwrap(value.callee);
  return callee.type === 'MemberExpression' && /^(?:getJob|fromId)$/.test(keyName(callee) ?? '');
}

/** `setInterval(async () => { if (await job.isCompleted()) resolve() })` inside a promise that is awaited. */
function intervalPoll(ev: Evaluation, running: Running, call: TSESTree.CallExpression): Effect | undefined {
  if (unwrap(call.callee).type !== 'Identifier') return undefined;
  const name = (unwrap(call.callee) as TSESTree.Identifier).name;
  const callback = call.arguments[0];
  if (name !== 'setInterval' || !callback || !isFunction(callback) || !promiseAround(call)) return undefined;
  const read = stateRead(ev, running.module, running.frame, bodyOf(running.module, callback), callback);
  return read && effectAt(running, call, `a timer around ${stateReadName(read)}()`);
}

/** The executor of a `new Promise(...)` that a node is written in. */
function promiseAround(node: Node): TSESTree.NewExpression | undefined {
  for (let current = node.parent; current; current = current.parent) {
    if (!isFunction(current)) continue;
    const made = outermost(current).parent;
    if (made?.type === 'NewExpression' && made.callee.type === 'Identifier' && made.callee.name === 'Promise')
      return isFloating(made) ? undefined : made;
  }
  return undefined;
}

/** `new Promise((resolve) => queueEvents.on('completed', () => resolve()))` */
function eventPromise(ev: Evaluation, running: Running, made: TSESTree.NewExpression): Effect | undefined {
  const executor = made.arguments[0];
  if (
    made.callee.type !== 'Identifier' ||
    made.callee.name !== 'Promise' ||
    !executor ||
    !isFunction(executor)
  )
    return undefined;
  if (isFloating(made)) return undefined;
  for (const node of running.body) {
    if (node.type !== 'CallExpression' || !contains(executor, node) || !isRegistration(node)) continue;
    const callee = unwrap(node.callee) as TSESTree.MemberExpression;
    if (!isCompletedEvent(ev, running, node.arguments[0])) continue;
    if (isEventSource(ev, ev.evaluate(here(running.module, callee.object, running.frame))))
      return effectAt(running, node, `a promise that waits for the 'completed' event`);
  }
  return undefined;
}

/** `await once(queueEvents, 'completed')` of node:events, `pEvent(...)`. */
function eventHelper(ev: Evaluation, running: Running, call: TSESTree.CallExpression): Effect | undefined {
  const [emitter, event] = call.arguments;
  if (!emitter || !event || isFloating(call) || !isCompletedEvent(ev, running, event)) return undefined;
  const callee = ev.evaluate(here(running.module, call.callee, running.frame));
  if (callee.kind !== 'external' || !/^(?:events:\.once|p-event:)/.test(callee.path)) return undefined;
  return isEventSource(ev, ev.evaluate(here(running.module, emitter, running.frame)))
    ? effectAt(running, call, `waiting for the 'completed' event`)
    : undefined;
}

function isCompletedEvent(ev: Evaluation, running: Running, argument: Node | undefined): boolean {
  if (!argument) return false;
  const name = stringOf(ev.evaluate(here(running.module, argument, running.frame)));
  return name !== undefined && /^(?:global:)?completed(?::|$)/.test(name);
}

function isEventSource(ev: Evaluation, value: Value): boolean {
  return membersOf(present(value)).some((member) => {
    const role = libraryObject(ev, member)?.role;
    return role === 'queue-events' || role === 'worker' || role === 'queue';
  });
}
