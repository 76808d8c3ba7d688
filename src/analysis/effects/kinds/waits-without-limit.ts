/**
 * Waiting for the network or for a child process with nothing that ends the wait.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFloating } from '../../calls/body.ts';
import {
  calleeName,
  contains,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type Node,
} from '../../source/nodes.ts';
import { beside, here, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, type ExternalValue, type Ref, type Value } from '../../values/value.ts';
import { labelOf, type Effect, type EffectKind, type Running } from '../effect.ts';
import { LIMITING, PROMISIFIED, unlimitedCalls, type UnlimitedCall } from '../unlimited-calls.ts';

export interface UnlimitedWait extends Effect {
  call: Ref<TSESTree.CallExpression>;
  known: UnlimitedCall;
}

export const waitsWithoutLimit: EffectKind<UnlimitedWait> = {
  name: 'waits-without-limit',
  mark: 'network',
  throughFloating: false,
  readsArguments: true,
  maxWay: 5,
  endsAtProcessors: true,
  leads: (running, call) => !isLimiting(call) && !isLimitedAround(running, call),
  find: (ev, running) =>
    running.body.flatMap((node): UnlimitedWait[] => {
      if (node.type !== 'CallExpression') return [];
      const name = calleeName(node.callee);
      const candidates = unlimitedCalls.filter(({ method }) => name !== undefined && method.test(name));
      if (candidates.length === 0 || isLimitedAround(running, node)) return [];
      if (isFloating(node) && !isInExecutor(node, running.fn.at.node)) return [];
      const call = here(running.module, node, running.frame) as Ref<TSESTree.CallExpression>;
      const callees = membersOf(present(ev.evaluate(beside<Node>(call, node.callee))));
      const known = candidates.find(({ path }) =>
        callees.some((callee) => callee.kind === 'external' && path.test(callee.path) && isOne(ev, callee)),
      );
      if (!known || !callees.every((callee) => isOpen(ev, callee, known))) return [];
      if (node.arguments.some((argument) => mayLimit(ev, beside<Node>(call, argument), known))) return [];
      const label = labelOf(call);
      return [{ at: call, call, known, label, target: label }];
    }),
};

/** Whether what was promisified is a child process. */
function isOne(ev: Evaluation, { path, site }: ExternalValue): boolean {
  if (!path.startsWith('util:')) return true;
  const call = site?.node;
  const given = call?.type === 'CallExpression' ? call.arguments[0] : undefined;
  return (
    site !== undefined &&
    given !== undefined &&
    membersOf(ev.evaluate(beside<Node>(site, given))).some(
      (value) => value.kind === 'external' && PROMISIFIED.test(value.path),
    )
  );
}

/** Whether what a call is a method of was made without a limit: `axios.create({ timeout: 5000 })`. */
function isOpen(ev: Evaluation, callee: Value, known: UnlimitedCall): boolean {
  if (callee.kind !== 'external') return false;
  for (let value: ExternalValue | undefined = callee; value; value = value.from) {
    if (!/(?:create|extend)\(\)$/.test(value.path)) continue;
    const made = value.site?.node;
    if (!value.site || made?.type !== 'CallExpression') return false;
    const { site } = value;
    if (made.arguments.some((argument) => mayLimit(ev, beside<Node>(site, argument), known))) return false;
  }
  return true;
}

/** Whether an argument has an option that limits the call, or may have. */
function mayLimit(ev: Evaluation, argument: Ref, { limits }: UnlimitedCall): boolean {
  const node = unwrap(argument.node);
  if (node.type === 'SpreadElement') return true;
  if (isFunction(node) || /^(?:Literal|TemplateLiteral|ArrayExpression)$/.test(node.type)) return false;
  const values = membersOf(ev.evaluate(argument));
  if (
    values.some(
      (value) =>
        value.kind === 'object' && limits.some((limit) => ev.lookup(value, limit).state !== 'absent'),
    )
  )
    return true;
  if (isAddressOrBody(argument.node, node)) return false;
  return !values.every((value) => /^(?:object|literal|primitive|array|function|class)$/.test(value.kind));
}

/** What cannot be seen stands where no options do: the address, the body or the callback by its name. */
function isAddressOrBody(argument: Node, node: Node): boolean {
  const call = argument.parent;
  const name =
    node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? (keyName(node) ?? '') : '';
  if (call?.type === 'CallExpression' && call.arguments[0] === argument)
    return !/^(?:options|config|opts|request|req|init)$/i.test(name);
  return /^(?:body|data|payload|form|formData|json|params|args|resolve|reject|cb|callback|done)$/i.test(name);
}

function isLimiting(call: Node): boolean {
  return call.type === 'CallExpression' && LIMITING.test(calleeName(call.callee) ?? '');
}

/** Whether something around a call, up to the function, gives it up after a time. */
function isLimitedAround({ fn, module }: Running, node: Node): boolean {
  for (let current = node.parent; current && current !== fn.at.node; current = current.parent) {
    if (current.type !== 'CallExpression') continue;
    const isGiven = current.arguments.some((argument) => contains(argument, node));
    if (isGiven && isLimiting(current)) return true;
    // `from(call).pipe(timeout(5000))`, `call.timeout(5000)`
    if (!isGiven && LIMITING.test(module.text.slice(node.range[1], current.range[1]))) return true;
  }
  // A child process that is killed by a timer.
  return (
    /\.kill\(|abort\(/.test(module.textOf(fn.at.node)) && module.textOf(fn.at.node).includes('setTimeout')
  );
}

/** `new Promise((resolve) => { exec(command, resolve); })` */
function isInExecutor(call: Node, fn: Node): boolean {
  for (let node = call.parent; node && node !== fn; node = node.parent) {
    const parent = isFunction(node) ? outermost(node).parent : undefined;
    if (parent?.type === 'NewExpression' && calleeName(parent.callee) === 'Promise') return true;
  }
  return false;
}
