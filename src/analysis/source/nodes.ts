/**
 * Small syntactic helpers: questions about a node that need neither scopes nor other files.
 */
import type { TSESTree } from '@typescript-eslint/utils';

export type Node = TSESTree.Node;
export type NodeType = `${TSESTree.AST_NODE_TYPES}`;
export type NodeOfType<T extends NodeType> = Extract<Node, { type: T }>;
export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;
export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: Node | null | undefined): node is ClassNode {
  return node?.type === 'ClassDeclaration' || node?.type === 'ClassExpression';
}

/** Whether a node declares a type that is no value as well. */
export function isTypeDeclaration(
  node: Node,
): node is TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeAliasDeclaration {
  return node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration';
}

/** The expression without the wrappers that do not change its value: `as`, `!`, `satisfies`, parentheses, `?.`. */
export function unwrap(node: Node): Node {
  let current = node;
  for (;;) {
    switch (current.type as string) {
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ChainExpression':
      case 'ParenthesizedExpression':
      case 'TypeCastExpression':
        current = (current as TSESTree.TSAsExpression).expression;
        break;
      default:
        return current;
    }
  }
}

/** The outermost node that only wraps this one (the inverse of {@link unwrap}). */
export function outermost(node: Node): Node {
  let current = node;
  while (current.parent && unwrap(current.parent) === unwrap(node) && current.parent.type !== 'Program')
    current = current.parent;
  return current;
}

/** The name of a property, method or member when it is written down: `a.b`, `a['b']`, `{ b: 1 }`, `#b`. */
export function keyName(node: {
  key?: Node;
  property?: Node;
  computed?: boolean | undefined;
}): string | undefined {
  const key = node.key ?? node.property;
  if (!key) return undefined;
  if (!node.computed) {
    if (key.type === 'Identifier') return key.name;
    if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  }
  if (key.type === 'Literal' && key.value !== null) return String(key.value);
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0)
    return key.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** The last name of what is called: `send` of `send()` and of `this.mails.send()`. */
export function calleeName(callee: Node): string | undefined {
  const node = unwrap(callee);
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? keyName(node) : undefined;
}

/** The nearest enclosing function, not crossing a class boundary's `this` rules; `undefined` at module level. */
export function enclosingFunction(node: Node): FunctionNode | undefined {
  for (let current = node.parent; current; current = current.parent) if (isFunction(current)) return current;
  return undefined;
}

/** The class whose instance (or constructor) `this` means at this node, with whether the place is static. */
export function enclosingThis(node: Node): { class: ClassNode; isStatic: boolean } | undefined {
  let child: Node = node;
  for (let current = node.parent; current; child = current, current = current.parent) {
    if (current.type === 'FunctionDeclaration') return undefined;
    if (current.type === 'FunctionExpression') {
      const owner = current.parent;
      if (owner.type !== 'MethodDefinition') return undefined;
    }
    if (
      (current.type === 'MethodDefinition' ||
        current.type === 'PropertyDefinition' ||
        current.type === 'AccessorProperty') &&
      child !== current.key
    )
      return isClass(current.parent.parent)
        ? { class: current.parent.parent, isStatic: current.static }
        : undefined;
    if (current.type === 'StaticBlock')
      return isClass(current.parent.parent) ? { class: current.parent.parent, isStatic: true } : undefined;
  }
  return undefined;
}

/** Whether `inner` is `outer` or lies inside it. */
export function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}

/** The name a reader would call this function by: its own, its variable's, its method's. */
export function functionName(fn: FunctionNode): string | undefined {
  if (fn.id) return fn.id.name;
  const parent = outermost(fn).parent ?? fn.parent;
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : undefined;
    case 'AssignmentExpression':
      return parent.left.type === 'Identifier'
        ? parent.left.name
        : parent.left.type === 'MemberExpression'
          ? keyName(parent.left)
          : undefined;
    case 'MethodDefinition': {
      const owner = parent.parent.parent;
      const name = keyName(parent);
      return owner.id && name ? `${owner.id.name}.${name}` : name;
    }
    case 'PropertyDefinition':
    case 'Property':
      return keyName(parent);
    default:
      return undefined;
  }
}

/** Decorators of a class, member or parameter; parsers without decorators have none. */
export function decoratorsOf(node: Node): TSESTree.Decorator[] {
  return (node as { decorators?: TSESTree.Decorator[] | null }).decorators ?? [];
}
