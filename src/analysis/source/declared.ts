/**
 * What a name stands for, by its declaration alone.
 */
import type { SourceModule } from './module.ts';
import { unwrap, type Node } from './nodes.ts';

/** The expression that a name is declared with, else the node itself. */
export function declaredAs(module: SourceModule, node: Node): Node {
  const plain = unwrap(node);
  if (plain.type !== 'Identifier') return plain;
  const declarator = module.variableOf(plain)?.defs[0]?.node as Node | undefined;
  return declarator?.type === 'VariableDeclarator' && declarator.init ? unwrap(declarator.init) : plain;
}
