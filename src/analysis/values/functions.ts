/**
 * What belongs to a function itself and not to the functions inside it.
 */
import type { SourceModule } from '../source/module.ts';
import { isClass, isFunction, type FunctionNode, type Node } from '../source/nodes.ts';

const returns = new WeakMap<FunctionNode, readonly Node[]>();

/** The expressions that a function can return, an arrow's body included; `return;` counts for nothing. */
export function returnsOf(module: SourceModule, fn: FunctionNode): readonly Node[] {
  let found = returns.get(fn);
  if (!found) {
    found = fn.body.type === 'BlockStatement' ? findReturns(module, fn.body) : [fn.body];
    returns.set(fn, found);
  }
  return found;
}

function findReturns(module: SourceModule, body: Node): Node[] {
  const found: Node[] = [];
  const stack: Node[] = [body];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'ReturnStatement') {
      if (node.argument) found.push(node.argument);
      continue;
    }
    if (isFunction(node) || isClass(node)) continue;
    const children = module.childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i] as Node);
  }
  return found;
}

/** The nodes of a function's body that are not of a function or class inside it, in source order. */
export function ownNodes(module: SourceModule, fn: FunctionNode): Node[] {
  return nodesBelow(module, fn.body);
}

/** A node and what is below it, functions and classes left out. */
export function nodesBelow(module: SourceModule, root: Node): Node[] {
  const nodes: Node[] = [];
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    nodes.push(node);
    const children = module.childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i] as Node;
      if (!isFunction(child) && !isClass(child)) stack.push(child);
    }
  }
  return nodes;
}
