/**
 * What the names at the top of a configuration file are bound to by imports.
 */
import type { Node, Program } from './syntax.ts';
import { unwrap } from './syntax.ts';

export interface Binding {
  module: string;
  /** The export, or `default` for the module as a whole as well: packages mean the same by both. */
  name: string;
}

export function bindingsOf(program: Program): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration')
      for (const specifier of statement.specifiers)
        bindings.set(specifier.local.name, {
          module: statement.source.value,
          name: specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default',
        });
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) if (init) bindRequired(id, unwrap(init), bindings);
  }
  return bindings;
}

function bindRequired(id: Node, init: Node, bindings: Map<string, Binding>): void {
  const [call, member] =
    init.type === 'MemberExpression' ? [unwrap(init.object), nameOf(init.property)] : [init, undefined];
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.callee.name !== 'require')
    return;
  const [source] = call.arguments;
  if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
  const module = source.value;
  if (id.type === 'Identifier') bindings.set(id.name, { module, name: member ?? 'default' });
  if (id.type !== 'ObjectPattern' || member !== undefined) return;
  for (const property of id.properties)
    if (property.type === 'Property' && property.value.type === 'Identifier')
      bindings.set(property.value.name, { module, name: nameOf(property.key) });
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : '';
}
