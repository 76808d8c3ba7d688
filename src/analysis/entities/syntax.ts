/**
 * Questions about the syntax of a payload that need no evaluation.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFunction, keyName, unwrap, type ClassNode, type Node } from '../source/nodes.ts';
import { beside } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';

export function isPromiseAll(call: TSESTree.CallExpression): boolean {
  const { callee } = call;
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Promise' &&
    keyName(callee) === 'all'
  );
}

/** Whether a test tells what the branch is: `x instanceof Date ? x.toISOString() : x`. */
export function isNarrowed(test: Node, branch: Node): boolean {
  const name = unwrap(branch);
  if (name.type !== 'Identifier' && name.type !== 'MemberExpression') return false;
  const stack: Node[] = [test];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const current = unwrap(node);
    if (current.type === 'LogicalExpression') stack.push(current.left, current.right);
    else if (current.type === 'UnaryExpression' && current.operator === '!') stack.push(current.argument);
    else if (current.type === 'BinaryExpression') {
      if (current.operator === 'instanceof' && sameText(current.left, name)) return true;
      const side = unwrap(current.left);
      if (side.type === 'UnaryExpression' && side.operator === 'typeof' && sameText(side.argument, name))
        return true;
    } else if (
      current.type === 'CallExpression' &&
      current.arguments.some((argument) => sameText(argument, name))
    )
      return true;
  }
  return false;
}

function sameText(a: Node, b: Node): boolean {
  const left = unwrap(a);
  const right = unwrap(b);
  if (left.type === 'Identifier' && right.type === 'Identifier') return left.name === right.name;
  if (left.type !== 'MemberExpression' || right.type !== 'MemberExpression') return false;
  return (
    keyName(left) !== undefined && keyName(left) === keyName(right) && sameText(left.object, right.object)
  );
}

/** `const { password, ...rest } = user`: the rest is the user without the password. */
export function restOf(ref: Ref): { source: Ref; keys: ReadonlySet<string> } | undefined {
  const definition = ref.module.variableOf(ref.node)?.defs[0];
  const declarator = definition?.node as Node | undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'ObjectPattern' || !declarator.init)
    return undefined;
  const rest = declarator.id.properties.at(-1);
  if (rest?.type !== 'RestElement' || rest.argument !== definition?.name) return undefined;
  const keys = declarator.id.properties.flatMap((property) =>
    property.type === 'Property' ? (keyName(property) ?? []) : [],
  );
  return { source: beside(ref, declarator.init), keys: new Set(keys) };
}

/** Names of an instance's own fields: declared, and parameters of the constructor that are properties. */
export function fieldNames(node: ClassNode): string[] {
  const names: string[] = [];
  for (const member of node.body.body) {
    if (
      member.type === 'PropertyDefinition' &&
      !member.static &&
      !(member.value && isFunction(member.value))
    ) {
      const name = keyName(member);
      if (name !== undefined && !name.startsWith('#')) names.push(name);
    }
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
    for (const parameter of member.value.params) {
      if (parameter.type !== 'TSParameterProperty') continue;
      const target =
        parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
      names.push(target.name);
    }
  }
  return names;
}
