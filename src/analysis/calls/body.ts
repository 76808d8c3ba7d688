/**
 * What a function does when it runs: its own statements and the callbacks written inside it that it hands on,
 * but not functions that it only defines or registers for later.
 */
import type { SourceModule } from '../source/module.ts';
import {
  isClass,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';

/** Methods that keep a callback for a later event: it does not run as part of the caller. */
const REGISTRARS = new Set([
  'on',
  // Prisma's
  '$on',
  'once',
  'addListener',
  'addEventListener',
  'prependListener',
  'subscribe',
  'off',
  // Bull's `queue.process(fn)`
  'process',
]);
/** Functions that run their callback after the caller has gone on. */
const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']);

const bodies = new WeakMap<FunctionNode, readonly Node[]>();

/** All nodes that run with a function, in source order. */
export function bodyOf(module: SourceModule, fn: FunctionNode): readonly Node[] {
  let nodes = bodies.get(fn);
  if (!nodes) {
    nodes = collect(module, fn);
    bodies.set(fn, nodes);
  }
  return nodes;
}

function collect(module: SourceModule, fn: FunctionNode): Node[] {
  const nodes: Node[] = [];
  const stack: Node[] = [fn.body];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isClass(node)) continue;
    if (isFunction(node) && !runsInPlace(node)) continue;
    nodes.push(node);
    const children = module.childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Node);
  }
  return nodes;
}

/** Whether a function written inside another runs as a part of it: a callback argument, or called at once. */
export function runsInPlace(fn: FunctionNode): boolean {
  if (fn.type === 'FunctionDeclaration') return false;
  const node = outermost(fn);
  const parent = node.parent;
  if (parent?.type !== 'CallExpression' && parent?.type !== 'NewExpression') return false;
  return parent.callee === node || !isRegistration(parent);
}

/**
 * Whether a call keeps its callback for later: `emitter.on('x', fn)`, `setTimeout(fn)`, `new Worker('x', fn)`.
 * What `new Promise` is given runs at once.
 */
export function isRegistration(call: Node): boolean {
  if (call.type === 'NewExpression')
    return !(call.callee.type === 'Identifier' && call.callee.name === 'Promise');
  if (call.type !== 'CallExpression') return false;
  const callee = unwrap(call.callee);
  if (callee.type === 'Identifier') return TIMERS.has(callee.name);
  return callee.type === 'MemberExpression' && REGISTRARS.has(keyName(callee) ?? '');
}

/** Whether the value of a call is dropped: nobody waits for its promise. */
export function isFloating(call: Node): boolean {
  let node = outermost(call);
  for (let parent = node.parent; parent; parent = node.parent) {
    if (parent.type === 'ExpressionStatement') return true;
    if (parent.type === 'UnaryExpression' && parent.operator === 'void') return true;
    // `work().then(...)`, `work().catch(...)`, `Order.updateOne(...).exec()` as a statement
    const isChain =
      parent.type === 'MemberExpression' &&
      parent.object === node &&
      ['then', 'catch', 'finally', 'exec'].includes(keyName(parent) ?? '') &&
      parent.parent.type === 'CallExpression' &&
      parent.parent.callee === parent;
    if (!isChain) return false;
    node = outermost(parent.parent as Node);
  }
  return false;
}
