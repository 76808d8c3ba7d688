/**
 * Whether the promise of a function can be rejected: what it waits for outside of any `catch`, and what it throws.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { pendingOf } from '../entities/promises.ts';
import type { SourceModule } from '../source/module.ts';
import { contains, isFunction, keyName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow, ownNodes, returnsOf } from '../values/functions.ts';
import { membersOf, present, type FunctionValue, type Ref } from '../values/value.ts';

const MAX_DEPTH = 5;

/** The first place at which a function's promise can be rejected; `undefined` where there is none. */
export function rejectionOf(
  ev: Evaluation,
  fn: FunctionValue,
  seen: ReadonlySet<FunctionNode> = new Set(),
): Node | undefined {
  const { module, node, frame } = fn.at;
  // What lies beyond the bound may reject, but a function that calls itself adds nothing.
  if (seen.has(node)) return undefined;
  if (seen.size >= MAX_DEPTH) return node;
  const inside = new Set([...seen, node]);
  const rejects = (inner: Node): boolean => canReject(ev, here(module, inner, frame), inside);
  if (!node.async)
    return returnsOf(module, node).find(
      (result) => isPromise(ev, here(module, result, frame)) && rejects(result),
    );
  if (node.body.type !== 'BlockStatement')
    return isPromise(ev, here(module, node.body, frame)) && rejects(node.body)
      ? node.body
      : awaitIn(node.body, module, rejects);
  return ownNodes(module, node).find((inner) => {
    if (inner.type === 'ReturnStatement')
      return (
        inner.argument !== null &&
        isPromise(ev, here(module, inner.argument, frame)) &&
        rejects(inner.argument)
      );
    if (isInTry(inner, node)) return false;
    switch (inner.type) {
      case 'AwaitExpression':
        return rejects(inner.argument);
      case 'ForOfStatement':
        return inner.await;
      case 'ThrowStatement':
        return true;
      case 'CallExpression':
        return throws(ev, here(module, inner, frame) as Ref<TSESTree.CallExpression>, inside);
      default:
        return false;
    }
  });
}

function awaitIn(body: Node, module: SourceModule, rejects: (inner: Node) => boolean): Node | undefined {
  return nodesBelow(module, body).find((node) => node.type === 'AwaitExpression' && rejects(node.argument));
}

/** Whether a `catch` of the function gets what is thrown here. */
function isInTry(inner: Node, fn: FunctionNode): boolean {
  for (let node = inner.parent; node && node !== fn; node = node.parent)
    if (node.type === 'TryStatement' && node.handler && contains(node.block, inner)) return true;
  return false;
}

function isPromise(ev: Evaluation, ref: Ref): boolean {
  return pendingOf(ev, ref) === 'promise';
}

/** Whether a promise that is waited for can be rejected; what cannot be seen can. */
function canReject(ev: Evaluation, ref: Ref, seen: ReadonlySet<FunctionNode>): boolean {
  const node = unwrap(ref.node);
  const inner = (next: Node): boolean => canReject(ev, beside(ref, next), seen);
  switch (node.type) {
    case 'CallExpression':
      return callCanReject(ev, beside(ref, node), seen);
    case 'NewExpression':
      return executorRejects(ref.module, node);
    case 'ConditionalExpression':
      return inner(node.consequent) || inner(node.alternate);
    case 'LogicalExpression':
      return inner(node.left) || inner(node.right);
    case 'Identifier': {
      const declarator = ref.module.variableOf(node)?.defs[0]?.node as Node | undefined;
      return declarator?.type === 'VariableDeclarator' &&
        declarator.init &&
        declarator.id.type === 'Identifier'
        ? inner(declarator.init)
        : true;
    }
    case 'MemberExpression':
    case 'ImportExpression':
    case 'TaggedTemplateExpression':
      return true;
    default:
      return false;
  }
}

/** What waits or writes to a log, and never rejects. */
const HARMLESS =
  /^(?:timers\/promises:\.(?:setTimeout|setImmediate)|global:\.console\.\w+|global:\.Promise\.allSettled)$/;
const LOG = /^(?:console|log|logger|_logger)$/i;

function callCanReject(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression>,
  seen: ReadonlySet<FunctionNode>,
): boolean {
  const callee = unwrap(call.node.callee);
  const [first, second] = call.node.arguments;
  if (callee.type === 'MemberExpression') {
    const object = beside(call, callee.object);
    switch (keyName(callee)) {
      case 'catch':
        return first ? handlerRejects(ev, beside(call, first), seen) : canReject(ev, object, seen);
      case 'then':
        return second ? handlerRejects(ev, beside(call, second), seen) : canReject(ev, object, seen);
      case 'finally':
        return canReject(ev, object, seen);
      case 'all':
        if (first && unwrap(callee.object).type === 'Identifier')
          return listCanReject(ev, beside(call, first), seen);
    }
    const receiver = unwrap(callee.object);
    const name =
      receiver.type === 'MemberExpression'
        ? keyName(receiver)
        : receiver.type === 'Identifier'
          ? receiver.name
          : '';
    if (LOG.test(name ?? '')) return false;
  }
  const callees = membersOf(present(ev.evaluate(beside(call, callee))));
  return callees.some((value) => {
    if (value.kind === 'external') return !HARMLESS.test(value.path);
    return value.kind !== 'function' || rejectionOf(ev, value, seen) !== undefined;
  });
}

/** A handler of rejections: what cannot be seen is taken at its word. */
function handlerRejects(ev: Evaluation, handler: Ref, seen: ReadonlySet<FunctionNode>): boolean {
  return membersOf(ev.evaluate(handler)).some((value) => {
    if (value.kind !== 'function') return false;
    const { module, node } = value.at;
    return (
      rejectionOf(ev, value, seen) !== undefined ||
      ownNodes(module, node).some((inner) => inner.type === 'ThrowStatement' && !isInTry(inner, node))
    );
  });
}

function listCanReject(ev: Evaluation, list: Ref, seen: ReadonlySet<FunctionNode>): boolean {
  const node = unwrap(list.node);
  if (node.type === 'ArrayExpression')
    return node.elements.some(
      (element) =>
        element !== null && (element.type === 'SpreadElement' || canReject(ev, beside(list, element), seen)),
    );
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : undefined;
  const callback = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  if (callee?.type !== 'MemberExpression' || keyName(callee) !== 'map' || !callback) return true;
  return membersOf(ev.evaluate(beside(list, callback))).some(
    (value) => value.kind !== 'function' || rejectionOf(ev, value, seen) !== undefined,
  );
}

/** `new Promise((resolve) => setTimeout(resolve, 100))` never rejects. */
function executorRejects(module: SourceModule, made: TSESTree.NewExpression): boolean {
  const executor = made.arguments[0];
  if (!executor || !isFunction(executor)) return true;
  const reject = executor.params[1];
  const isUsed = reject?.type === 'Identifier' && (module.variableOf(reject)?.references.length ?? 0) > 0;
  return isUsed || ownNodes(module, executor).some((node) => node.type === 'ThrowStatement');
}

/** A call that is not waited for, and surely can throw: `JSON.parse`, a function of the project that throws. */
function throws(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression>,
  seen: ReadonlySet<FunctionNode>,
): boolean {
  if (call.node.parent.type === 'AwaitExpression' || seen.size >= MAX_DEPTH) return false;
  return membersOf(present(ev.evaluate(beside(call, call.node.callee)))).some((value) => {
    if (value.kind === 'external') return value.path === 'global:.JSON.parse';
    if (value.kind !== 'function' || value.at.node.async || seen.has(value.at.node)) return false;
    const { module, node } = value.at;
    return ownNodes(module, node).some((inner) => inner.type === 'ThrowStatement' && !isInTry(inner, node));
  });
}
