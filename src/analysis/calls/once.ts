/**
 * Code in a function that runs for the first of its calls only: the filling of a singleton, a registry, a cache.
 */
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  contains,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { bodyOf } from './body.ts';

/** Functions that call the function they are given once, and keep what it returns. */
const MEMOIZERS = /^(?:once|memo\w*|lazy\w*|singleton\w*)$/i;
/** Methods that put something into what they are called on. */
const STORES = new Set(['set', 'add', 'push', 'unshift', 'setItem']);

/**
 * Whether a node runs once, however often the function around it is called: `x ??= node`, `if (!x) x = node`,
 * `if (map.has(k)) return map.get(k); map.set(k, node)`, `once(() => node)`. What is asked for must also be stored:
 * a function that looks for the thing and never keeps it makes it anew in each call.
 */
export function runsOnce(module: SourceModule, node: Node, fn: FunctionNode): boolean {
  const guards: Node[] = [];
  for (let child: Node = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (child === fn || isFunction(child)) {
      if (isMemoized(child)) return true;
      if (child === fn) break;
    }
    switch (parent.type) {
      case 'AssignmentExpression':
        if (/^(?:\?\?|\|\|)=$/.test(parent.operator) && outerKey(module, parent.left, fn) !== undefined)
          return true;
        break;
      case 'LogicalExpression':
        if (parent.right === child) {
          if (parent.operator !== '&&' && looksOutside(module, parent.left, fn)) return true;
          guards.push(parent.left);
        }
        break;
      case 'IfStatement':
      case 'ConditionalExpression':
        if (parent.test !== child) guards.push(parent.test);
        break;
      case 'BlockStatement':
        for (const statement of parent.body) {
          if (statement.range[0] >= node.range[0]) break;
          if (statement.type === 'IfStatement' && exits(statement.consequent)) guards.push(statement.test);
        }
        break;
      default:
    }
  }
  const stored = guards.length > 0 ? storedIn(module, fn) : [];
  return guards.some((guard) => stored.some((key) => mentions(module, guard, key)));
}

/**
 * Whether a node belongs to the making of what a function hands out ever after: `if (it) return it; it = make(); node;
 * return it`. A test of something else, such as a lock or a list of what was done, is none.
 */
export function fillsSingleton(module: SourceModule, node: Node, fn: FunctionNode): boolean {
  const body = bodyOf(module, fn);
  const stored = storedIn(module, fn);
  return body.some((statement) => {
    if (statement.type !== 'IfStatement' || statement.range[1] > node.range[0]) return false;
    const last =
      statement.consequent.type === 'BlockStatement'
        ? statement.consequent.body.at(-1)
        : statement.consequent;
    const given =
      last?.type === 'ReturnStatement' && last.argument ? module.textOf(last.argument) : undefined;
    return given !== undefined && stored.includes(given) && module.textOf(statement.test) === given;
  });
}

function isMemoized(fn: Node): boolean {
  const argument = outermost(fn);
  const call = argument.parent;
  return (
    call?.type === 'CallExpression' &&
    call.callee !== argument &&
    MEMOIZERS.test(calleeName(call.callee) ?? '')
  );
}

/** Whether a statement ends the function's run. */
export function exits(statement: Node): boolean {
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : statement;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

const stores = new WeakMap<FunctionNode, readonly string[]>();

/** What a function writes that outlives its call: `queue`, `this.queue`, `queues` of `queues.set(...)`, `queues[name] =`. */
function storedIn(module: SourceModule, fn: FunctionNode): readonly string[] {
  let stored = stores.get(fn);
  if (!stored) stores.set(fn, (stored = findStored(module, fn)));
  return stored;
}

function findStored(module: SourceModule, fn: FunctionNode): string[] {
  return bodyOf(module, fn).flatMap((node): string[] => {
    let target: Node | undefined;
    if (node.type === 'AssignmentExpression') target = node.left;
    else if (node.type === 'CallExpression') {
      const callee = unwrap(node.callee);
      if (callee.type === 'MemberExpression' && STORES.has(keyName(callee) ?? '')) target = callee.object;
    }
    const key = target && outerKey(module, target, fn);
    return key === undefined ? [] : [key];
  });
}

/** The text of a target that outlives the call, without what is computed. */
function outerKey(module: SourceModule, target: Node, fn: FunctionNode): string | undefined {
  let key = unwrap(target);
  let root = key;
  while (root.type === 'MemberExpression') {
    if (root.computed) key = unwrap(root.object);
    root = unwrap(root.object);
  }
  return isOuter(module, root, fn, root !== unwrap(target)) ? module.textOf(key) : undefined;
}

/** Whether a name is not of the function: it is declared around it, or a member of what the function was given. */
function isOuter(module: SourceModule, root: Node, fn: FunctionNode, isMember: boolean): boolean {
  if (root.type === 'ThisExpression' || root.type === 'MetaProperty') return true;
  if (root.type !== 'Identifier') return false;
  const variable = module.variableOf(root);
  const declared = variable?.identifiers[0] as Node | undefined;
  if (!variable || !declared || !contains(fn, declared)) return true;
  return isMember && (variable.defs[0]?.type as string | undefined) === 'Parameter';
}

/** Whether an expression reads something that outlives the call: `queues.get(name)`, `globalThis.queue`, a local with such a value. */
function looksOutside(module: SourceModule, node: Node, fn: FunctionNode, depth = 0): boolean {
  let root = unwrap(node);
  while (
    root.type === 'MemberExpression' ||
    root.type === 'CallExpression' ||
    root.type === 'AwaitExpression'
  )
    root = unwrap(
      root.type === 'MemberExpression'
        ? root.object
        : root.type === 'CallExpression'
          ? root.callee
          : root.argument,
    );
  if (isOuter(module, root, fn, false)) return true;
  const init = depth < 3 ? initOf(module, root) : undefined;
  return init !== undefined && looksOutside(module, init, fn, depth + 1);
}

function initOf(module: SourceModule, node: Node): Node | undefined {
  if (node.type !== 'Identifier') return undefined;
  const declarator = module.variableOf(node)?.defs[0]?.node as Node | undefined;
  return declarator?.type === 'VariableDeclarator' ? (declarator.init ?? undefined) : undefined;
}

/** Whether a test asks for something by its text, itself or by a local name: `const known = queues.get(name); if (known)`. */
function mentions(module: SourceModule, test: Node, key: string, depth = 0): boolean {
  if (hasWord(module.textOf(test), key)) return true;
  if (depth > 2) return false;
  const stack: Node[] = [test];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const init = initOf(module, node);
    if (init && mentions(module, init, key, depth + 1)) return true;
    stack.push(...module.childrenOf(node));
  }
  return false;
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word);
  if (at < 0) return false;
  const around = `${text[at - 1] ?? ' '}${text[at + word.length] ?? ' '}`;
  return !/[\w$]/.test(around) || hasWord(text.slice(at + word.length), word);
}
