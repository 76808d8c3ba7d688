/**
 * Which expressions are one value: by the names they go through, not by their text.
 */
import { enclosingThis, keyName, unwrap, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from './evaluation.ts';
import { throughParameters } from './trace.ts';
import type { Ref } from './value.ts';

const MAX_DEPTH = 8;

/** Whether a call puts a path together, or only tidies it. */
export function isJoin({ module }: Ref, callee: Node): boolean {
  return /(?:^|\.)(?:join|resolve|normalize)$/.test(module.textOf(unwrap(callee)));
}

/** An expression behind parameters, constants and `await`. */
export function sourceOf(ev: Evaluation, ref: Ref, depth = 0): Ref {
  const at = throughParameters(ev, ref);
  const node = unwrap(at.node);
  if (depth > MAX_DEPTH) return { ...at, node };
  if (node.type === 'AwaitExpression') return sourceOf(ev, beside(at, node.argument), depth + 1);
  const variable = node.type === 'Identifier' ? at.module.variableOf(node) : undefined;
  const declared = variable?.defs[0]?.node as Node | undefined;
  const isConstant =
    declared?.type === 'VariableDeclarator' &&
    declared.id.type === 'Identifier' &&
    declared.init &&
    !variable?.references.some((use) => use.isWrite() && !use.init);
  return isConstant
    ? sourceOf(
        ev,
        variable && at.module.isModuleLevel(variable)
          ? here(at.module, declared.init as Node)
          : beside(at, declared.init as Node),
        depth + 1,
      )
    : { ...at, node };
}

const ids = new WeakMap<object, number>();
let last = 0;

function idOf(thing: object): string {
  const id = ids.get(thing) ?? ++last;
  ids.set(thing, id);
  return `#${String(id)}`;
}

/** A name that two expressions share only if they are one value: of variables, their parts and joined paths. */
export function identityOf(ev: Evaluation, ref: Ref, depth = 0): string {
  const at = sourceOf(ev, ref);
  const { node, module } = at;
  if (depth > MAX_DEPTH) return idOf(node);
  const name = (part: Node): string => identityOf(ev, beside(at, part), depth + 1);
  switch (node.type) {
    case 'Literal':
      return node.raw;
    case 'Identifier': {
      const variable = module.variableOf(node);
      return variable?.defs.length ? idOf(variable) : node.name;
    }
    case 'ThisExpression':
      return idOf(enclosingThis(node)?.class ?? node);
    case 'MemberExpression': {
      const key = keyName(node);
      return key === undefined ? idOf(node) : `${name(node.object)}.${key}`;
    }
    case 'TemplateLiteral':
      return [...node.quasis.map(({ value }) => value.raw), ...node.expressions.map(name)].join('|');
    case 'BinaryExpression':
      return node.left.type === 'PrivateIdentifier' ? idOf(node) : `${name(node.left)}+${name(node.right)}`;
    case 'CallExpression':
      if (module.textOf(node) === 'process.cwd()') return 'process.cwd()';
      return isJoin(at, node.callee) ? `join(${node.arguments.map(name).join()})` : idOf(node);
    default:
      return idOf(node);
  }
}
