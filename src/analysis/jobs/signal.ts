/**
 * The AbortSignal of a job. BullMQ (since 5.64) makes one only for a processor whose `length` is 3 or more
 * (src/classes/worker.ts), which default and rest parameters and wrappers make smaller.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { ownNodes } from '../values/functions.ts';
import { membersOf, present, type FunctionValue } from '../values/value.ts';

/** Where the signal stands among the arguments: `(job, token, signal)`. */
const SIGNAL = 2;

export interface LostSignal {
  /** What makes the function shorter: a parameter, or the whole function. */
  at: Node;
  /** The function that would use it, where the processor passes its arguments on. */
  inner: FunctionValue | undefined;
}

/** A processor that uses the signal and never gets one; `inner` calls are followed one step. */
export function lostSignal(ev: Evaluation, fn: FunctionValue): LostSignal | undefined {
  const { module, node } = fn.at;
  if (lengthOf(node) - fn.bound.length > SIGNAL) return undefined;
  const position = SIGNAL + fn.bound.length;
  if (usesArgument(module, node, position)) return { at: shortener(node) ?? node, inner: undefined };
  const inner = passedOn(ev, fn, position);
  return inner && { at: shortener(node) ?? node, inner };
}

function parametersOf(fn: FunctionNode): readonly TSESTree.Parameter[] {
  const [first, ...others] = fn.params;
  // TypeScript's `this` is none.
  return first?.type === 'Identifier' && first.name === 'this' ? others : fn.params;
}

/** A function's `length`: the parameters before the first with a default, and before a rest. */
function lengthOf(fn: FunctionNode): number {
  const params = parametersOf(fn);
  const end = params.findIndex(isShortening);
  return end < 0 ? params.length : end;
}

function isShortening({ type }: Node): boolean {
  return type === 'AssignmentPattern' || type === 'RestElement';
}

function shortener(fn: FunctionNode): Node | undefined {
  return parametersOf(fn).find(isShortening);
}

/** Whether a function reads an argument: by a parameter, a rest parameter, or `arguments`. */
export function usesArgument(module: SourceModule, fn: FunctionNode, position: number): boolean {
  const params = parametersOf(fn);
  const parameter = params[position];
  if (parameter && parameter.type !== 'RestElement') {
    const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
    return target.type !== 'Identifier' || isRead(module, target);
  }
  const rest = params.at(-1);
  if (rest?.type === 'RestElement') {
    const index = position - (params.length - 1);
    if (rest.argument.type === 'ArrayPattern') return Boolean(rest.argument.elements[index]);
    return rest.argument.type === 'Identifier' && readsElement(module, rest.argument, index);
  }
  return (
    fn.type !== 'ArrowFunctionExpression' &&
    ownNodes(module, fn).some(
      (node) =>
        node.type === 'MemberExpression' &&
        node.object.type === 'Identifier' &&
        node.object.name === 'arguments' &&
        isIndex(node, position),
    )
  );
}

function isRead(module: SourceModule, identifier: Node): boolean {
  return (
    module.variableOf(identifier)?.references.some((reference) => reference.isRead() && !reference.init) ??
    false
  );
}

function isIndex(member: TSESTree.MemberExpression, index: number): boolean {
  return member.computed && member.property.type === 'Literal' && member.property.value === index;
}

/** `args[2]`, `const [job, token, signal] = args` */
function readsElement(module: SourceModule, rest: Node, index: number): boolean {
  return (
    module.variableOf(rest)?.references.some(({ identifier }) => {
      const { parent } = identifier as Node;
      if (parent?.type === 'MemberExpression') return parent.object === identifier && isIndex(parent, index);
      return (
        parent?.type === 'VariableDeclarator' &&
        parent.init === identifier &&
        parent.id.type === 'ArrayPattern' &&
        Boolean(parent.id.elements[index])
      );
    }) ?? false
  );
}

/** A function of the project that uses its signal and is called with what the processor is given, or with the job alone. */
function passedOn(ev: Evaluation, fn: FunctionValue, position: number): FunctionValue | undefined {
  const { module, node, frame } = fn.at;
  const params = parametersOf(node);
  const rest = params.at(-1);
  for (const call of ownNodes(module, node)) {
    if (call.type !== 'CallExpression' || call.arguments.length === 0) continue;
    const [first] = call.arguments;
    const isSpread =
      rest?.type === 'RestElement' &&
      call.arguments.some(
        (argument) => argument.type === 'SpreadElement' && isSame(module, argument.argument, rest.argument),
      );
    const isJob =
      !isSpread && call.arguments.length <= SIGNAL && first !== undefined && isSame(module, first, params[0]);
    if (!isSpread && !(isJob && isWhole(node, call))) continue;
    // What is spread stands where it stood only if everything before it is passed on as well.
    if (isSpread && call.arguments.length !== params.length) continue;
    for (const callee of membersOf(present(ev.evaluate(here(module, call.callee, frame))))) {
      if (callee.kind !== 'function') continue;
      const target = callee.at;
      const isForSignal = isSpread || (takesToken(target.node) && takesSignal(target.node));
      if (isForSignal && usesArgument(target.module, target.node, position + callee.bound.length))
        return callee;
    }
  }
  return undefined;
}

function isSame(module: SourceModule, node: Node, parameter: Node | undefined): boolean {
  const inner = unwrap(node);
  if (inner.type !== 'Identifier' || parameter?.type !== 'Identifier') return false;
  const variable = module.variableOf(inner);
  return variable !== undefined && variable === module.variableOf(parameter);
}

/** Whether a call is all that a function does: `(job) => run(job)`. */
function isWhole({ body }: FunctionNode, call: Node): boolean {
  const only = body.type === 'BlockStatement' && body.body.length === 1 ? body.body[0] : body;
  const given =
    only?.type === 'ReturnStatement'
      ? only.argument
      : only?.type === 'ExpressionStatement'
        ? only.expression
        : only;
  const value = given && unwrap(given);
  return value === call || (value?.type === 'AwaitExpression' && unwrap(value.argument) === call);
}

/** `(job, token, signal)`, by name or type: a third parameter that can be left out may be anything. */
export function takesSignal(fn: FunctionNode): boolean {
  const third = parametersOf(fn)[SIGNAL];
  const target = third?.type === 'AssignmentPattern' ? third.left : third;
  if (target?.type !== 'Identifier') return false;
  const type = target.typeAnnotation?.typeAnnotation;
  return (
    /signal|abort/i.test(target.name) ||
    (type?.type === 'TSTypeReference' &&
      type.typeName.type === 'Identifier' &&
      type.typeName.name === 'AbortSignal')
  );
}

function takesToken(fn: FunctionNode): boolean {
  const second = parametersOf(fn)[SIGNAL - 1];
  const target = second?.type === 'AssignmentPattern' ? second.left : second;
  return target?.type === 'Identifier' && /token|lock|^_/i.test(target.name);
}
