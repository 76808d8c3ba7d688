/**
 * What a file exports under which name, ES modules and CommonJS alike. Only this file is looked at: a
 * re-export names the file it comes from and is followed by `modules/`.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isTypeDeclaration, keyName, unwrap, type Node } from './nodes.ts';
import type { SourceModule } from './module.ts';

export type ExportTarget =
  /** A node of this file: a declaration's identifier, a function, a class, an expression. */
  | { kind: 'node'; node: Node }
  /** `export { imported as x } from 'source'`; `imported` is `*` for a namespace. */
  | { kind: 'reexport'; source: string; imported: string };

export interface ModuleExports {
  /** By exported name; `default` is the default export. */
  readonly named: ReadonlyMap<string, ExportTarget>;
  /** Interfaces and aliases, whose name may be that of a value too: `export const Names = ...; export type Names = ...` */
  readonly types: ReadonlyMap<string, Node>;
  /** Sources of `export * from 'source'`. */
  readonly stars: readonly string[];
  /** The value of `module.exports = value` or `export = value`, which is what a default import gets. */
  readonly whole: Node | undefined;
}

export function readExports(module: SourceModule): ModuleExports {
  const named = new Map<string, ExportTarget>();
  const types = new Map<string, Node>();
  const stars: string[] = [];
  let whole: Node | undefined;

  for (const statement of module.ast.body) {
    switch (statement.type) {
      case 'ExportAllDeclaration':
        if (statement.exported)
          named.set(nameOf(statement.exported), {
            kind: 'reexport',
            source: statement.source.value,
            imported: '*',
          });
        else stars.push(statement.source.value);
        break;
      case 'ExportDefaultDeclaration':
        named.set('default', { kind: 'node', node: statement.declaration });
        break;
      case 'ExportNamedDeclaration':
        readNamed(statement, named, types);
        break;
      case 'TSExportAssignment':
        whole = statement.expression;
        break;
      default:
    }
  }

  for (const assignment of module.nodes('AssignmentExpression')) {
    const left = assignment.left;
    if (left.type !== 'MemberExpression') continue;
    if (isModuleExports(module, left)) {
      whole = lastOfChain(assignment.right);
      continue;
    }
    const name = keyName(left);
    if (name !== undefined && (isModuleExports(module, left.object) || isExports(module, left.object)))
      named.set(name, { kind: 'node', node: lastOfChain(assignment.right) });
  }
  if (whole) readObject(unwrap(whole), named);
  return { named, types, stars, whole };
}

/** `exports = module.exports = value`, `exports.a = exports.b = value` */
function lastOfChain(node: Node): Node {
  let current = node;
  while (current.type === 'AssignmentExpression') current = current.right;
  return current;
}

function readNamed(
  statement: TSESTree.ExportNamedDeclaration,
  named: Map<string, ExportTarget>,
  types: Map<string, Node>,
): void {
  const declaration = statement.declaration as Node | null;
  if (declaration) {
    if (declaration.type === 'VariableDeclaration') {
      for (const declarator of declaration.declarations)
        for (const identifier of patternIdentifiers(declarator.id))
          named.set(identifier.name, { kind: 'node', node: identifier });
    } else if ('id' in declaration && declaration.id && 'name' in declaration.id) {
      const { name } = declaration.id;
      const isType = isTypeDeclaration(declaration);
      if (isType) types.set(name, declaration);
      // A namespace adds to the class or function of its name.
      const isBeside = isType || declaration.type === 'TSModuleDeclaration';
      if (!isBeside || !named.has(name)) named.set(name, { kind: 'node', node: declaration });
    }
  }
  for (const specifier of statement.specifiers) {
    const exported = nameOf(specifier.exported);
    if (statement.source)
      named.set(exported, {
        kind: 'reexport',
        source: statement.source.value,
        imported: nameOf(specifier.local),
      });
    else named.set(exported, { kind: 'node', node: specifier.local });
  }
}

/** `module.exports = { a, b: c, ...require('./other') }` */
function readObject(node: Node, named: Map<string, ExportTarget>): void {
  if (node.type !== 'ObjectExpression') return;
  for (const property of node.properties) {
    if (property.type !== 'Property') continue;
    const name = keyName(property);
    if (name !== undefined && !named.has(name)) named.set(name, { kind: 'node', node: property.value });
  }
}

function isExports(module: SourceModule, node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'exports' && !module.variableOf(node);
}

function isModuleExports(module: SourceModule, node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    keyName(node) === 'exports' &&
    !module.variableOf(node.object)
  );
}

function nameOf(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

/** All identifiers that a declaration pattern introduces. */
export function patternIdentifiers(pattern: Node): TSESTree.Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        patternIdentifiers(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? patternIdentifiers(element) : []));
    case 'AssignmentPattern':
      return patternIdentifiers(pattern.left);
    case 'RestElement':
      return patternIdentifiers(pattern.argument);
    case 'TSParameterProperty':
      return patternIdentifiers(pattern.parameter);
    default:
      return [];
  }
}
