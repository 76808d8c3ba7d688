/**
 * Whether two expressions are one path, or a path and a folder around it: by the names they go through, not by their
 * text.
 */
import {
  enclosingFunction,
  isFunction,
  keyName,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { identityOf, isJoin, sourceOf } from '../values/identity.ts';
import { membersOf, present, type Ref } from '../values/value.ts';

/**
 * Whether a path is what another expression says, or lies below it. `fns` are functions that the path is made in: what
 * these return is the path as well.
 */
export function isAtOrBelow(ev: Evaluation, path: Ref, folder: Ref, fns: ReadonlySet<FunctionNode>): boolean {
  const parts = partsOf(ev, path, 0);
  const names = new Set(
    [folder, ...itemsOf(ev, folder)].flatMap((one) => [
      identityOf(ev, one),
      ...returnedIn(ev, one, fns).map((returned) => identityOf(ev, returned)),
    ]),
  );
  return parts.some((part) => names.has(part));
}

const MAX_DEPTH = 8;

/** A path and the folders that it begins with, as names. */
function partsOf(ev: Evaluation, path: Ref, depth: number): string[] {
  const at = sourceOf(ev, path);
  const name = identityOf(ev, at);
  const begin = depth < MAX_DEPTH ? beginOf(at) : undefined;
  return begin ? [name, ...partsOf(ev, begin, depth + 1)] : [name];
}

/** What a path that is put together begins with. */
function beginOf(at: Ref): Ref | undefined {
  const node = unwrap(at.node);
  switch (node.type) {
    case 'CallExpression': {
      const [first] = node.arguments;
      return first && first.type !== 'SpreadElement' && isJoin(at, node.callee)
        ? beside(at, first)
        : undefined;
    }
    case 'TemplateLiteral':
      return node.expressions[0] && !node.quasis[0]?.value.raw ? beside(at, node.expressions[0]) : undefined;
    case 'BinaryExpression':
      return node.left.type === 'PrivateIdentifier' ? undefined : beside(at, node.left);
    default:
      return undefined;
  }
}

/** What an expression gets from functions that it calls, where these are known to make the path. */
function returnedIn(ev: Evaluation, ref: Ref, fns: ReadonlySet<FunctionNode>): Ref[] {
  return membersOf(present(ev.evaluate(ref))).flatMap(({ at }) => {
    const around = enclosingFunction(at.node);
    return at.node !== ref.node && around && fns.has(around) ? [at] : [];
  });
}

/** The items of the list that a loop or a callback goes through with this name: written out, or added with `push`. */
function itemsOf(ev: Evaluation, ref: Ref): Ref[] {
  const at = sourceOf(ev, ref);
  const node = unwrap(at.node);
  const list =
    node.type === 'ArrayExpression'
      ? node
      : node.type === 'Identifier' && at.module.variableOf(node)
        ? listBehind(at, node)
        : undefined;
  if (!list) return [];
  const behind = sourceOf(ev, beside(at, list));
  const written = behind.node.type === 'ArrayExpression' ? behind.node.elements : [];
  const items = written.flatMap((item) =>
    item && item.type !== 'SpreadElement' ? [beside(behind, item)] : [],
  );
  return [...items, ...pushedTo(behind, list, at)];
}

/** The list of `for (const file of list)` and `list.map((file) => ...)`. */
function listBehind({ module }: Ref, name: Node): Node | undefined {
  const definition = module.variableOf(name)?.defs[0];
  const declared = definition?.node as Node | undefined;
  if (declared?.type === 'VariableDeclarator') {
    const loop = declared.parent.parent;
    return loop.type === 'ForOfStatement' && loop.left === declared.parent ? loop.right : undefined;
  }
  if (!isFunction(declared) || declared.parent.type !== 'CallExpression') return undefined;
  const callee = unwrap(declared.parent.callee);
  return callee.type === 'MemberExpression' && /^(?:map|forEach)$/.test(keyName(callee) ?? '')
    ? callee.object
    : undefined;
}

function pushedTo(behind: Ref, list: Node, at: Ref): Ref[] {
  const variable = list.type === 'Identifier' ? at.module.variableOf(list) : undefined;
  return (variable?.references ?? []).flatMap(({ identifier }) => {
    const member = (identifier as Node).parent;
    const call = member?.parent;
    return member?.type === 'MemberExpression' &&
      keyName(member) === 'push' &&
      call?.type === 'CallExpression' &&
      call.callee === member
      ? call.arguments.map((argument) => beside(at, argument as Node))
      : [];
  });
}
