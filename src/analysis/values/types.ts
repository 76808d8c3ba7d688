/**
 * What a value is by its declared type, across files and without a type checker.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Variable } from '@typescript-eslint/scope-manager';
import { isTypeDeclaration, keyName, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from './evaluation.ts';
import { importedDefinition } from './names.ts';
import {
  external,
  literal,
  primitive,
  union,
  unknown,
  membersOf,
  type PrimitiveValue,
  type Ref,
  type ShapeValue,
  type Value,
} from './value.ts';

const PRIMITIVES: Partial<Record<string, PrimitiveValue['type']>> = {
  TSStringKeyword: 'string',
  TSNumberKeyword: 'number',
  TSBooleanKeyword: 'boolean',
  TSBigIntKeyword: 'bigint',
  TSSymbolKeyword: 'symbol',
  TSVoidKeyword: 'void',
};

/** Types that stand for their argument: what holds of the one holds of the other here. */
const TRANSPARENT = new Set([
  'Promise',
  'PromiseLike',
  'Awaited',
  'Readonly',
  'Partial',
  'Required',
  'NonNullable',
  'Readonly',
  'DeepPartial',
]);
const LISTS = new Set(['Array', 'ReadonlyArray', 'Iterable', 'AsyncIterable', 'IterableIterator']);

export function evaluateType(ev: Evaluation, at: Ref): Value {
  const node = at.node;
  const simple = PRIMITIVES[node.type];
  if (simple) return primitive(at, simple);
  switch (node.type) {
    case 'TSTypeReference':
      return evaluateReference(ev, node, at);
    case 'TSClassImplements':
    case 'TSInterfaceHeritage':
      return namedType(ev, node.expression, node.typeArguments, at);
    case 'TSUnionType':
      return union(
        at,
        node.types.map((type) => ev.typed(beside(at, type))),
      );
    case 'TSIntersectionType':
      return intersection(ev, node, at);
    case 'TSNullKeyword':
      return literal(at, null);
    case 'TSUndefinedKeyword':
      return literal(at, undefined);
    case 'TSLiteralType': {
      const value = ev.evaluate(beside(at, node.literal));
      return value;
    }
    case 'TSTemplateLiteralType':
      return primitive(at, 'string');
    case 'TSArrayType':
      return list(ev, at, node.elementType);
    case 'TSTupleType':
      return { kind: 'array', at, items: undefined, element: () => unionOfTypes(ev, at, node.elementTypes) };
    case 'TSTypeOperator':
      return node.typeAnnotation && node.operator === 'readonly'
        ? ev.typed(beside(at, node.typeAnnotation))
        : unknown(at);
    case 'TSTypeLiteral':
      return { kind: 'shape', at: beside(at, node) };
    case 'TSTypeQuery':
      return entity(ev, node.exprName, at);
    case 'TSImportType':
      return instantiated(ev, entity(ev, node, at), at, node.typeArguments ?? undefined);
    case 'TSIndexedAccessType': {
      const key = stringLiteralType(node.indexType);
      const object = ev.typed(beside(at, node.objectType));
      if (key !== undefined) return ev.member(object, key, at);
      // `(typeof LIST)[number]`, `(typeof NAMES)[keyof typeof NAMES]`
      return object.kind === 'array' ? ev.element(object, at) : ev.member(object, undefined, at);
    }
    case 'TSOptionalType':
    case 'TSRestType':
      return ev.typed(beside(at, node.typeAnnotation));
    case 'TSNamedTupleMember':
      return ev.typed(beside(at, node.elementType));
    default:
      return unknown(at);
  }
}

function evaluateReference(ev: Evaluation, node: TSESTree.TSTypeReference, at: Ref): Value {
  const args = node.typeArguments;
  if (node.typeName.type === 'Identifier' && !at.module.variableOf(node.typeName)) {
    const name = node.typeName.name;
    const first = args?.params[0];
    if (first && TRANSPARENT.has(name)) return ev.typed(beside(at, first));
    if (first && LISTS.has(name)) return list(ev, at, first);
    if (first && name === 'InstanceType') {
      const value = ev.typed(beside(at, first));
      return instantiated(ev, value, at, undefined);
    }
    if (first && name === 'ReturnType') {
      const value = ev.typed(beside(at, first));
      return union(
        at,
        membersOf(value).map((member) =>
          member.kind === 'function'
            ? ev.returned(member, [], at)
            : member.kind === 'external'
              ? external(at, `${member.path}()`, member, at)
              : unknown(at),
        ),
      );
    }
    if (first && (name === 'Pick' || name === 'Omit')) return withoutData(ev, at, first);
    if (first && (name === 'Extract' || name === 'Exclude')) return unknown(at);
  }
  return namedType(ev, node.typeName, args, at);
}

/** `Pick<Queue, 'add'>` still is the queue; which fields a part of a record has is not looked at. */
function withoutData(ev: Evaluation, at: Ref, type: Node): Value {
  const isService = (value: Value): boolean => value.kind === 'external' && ev.isService(value.path);
  return union(
    at,
    membersOf(ev.typed(beside(at, type))).map((member) => (isService(member) ? member : unknown(at))),
  );
}

function namedType(
  ev: Evaluation,
  name: Node,
  args: TSESTree.TSTypeParameterInstantiation | undefined,
  at: Ref,
): Value {
  return (
    (name.type === 'Identifier' ? declaredType(ev, name, at) : undefined) ??
    instantiated(ev, entity(ev, name, at), at, args)
  );
}

/** What a name stands for that is declared as an interface or alias, here or in the file it is imported from. */
function declaredType(ev: Evaluation, name: TSESTree.Identifier, at: Ref): Value | undefined {
  const variable = at.module.variableOf(name);
  const own = variable && typeDeclaration(variable);
  if (own) return ev.evaluate(here(at.module, own));
  const definition = variable?.defs[0];
  if ((definition?.type as string | undefined) !== 'ImportBinding') return undefined;
  const found = importedDefinition(ev, definition?.node as Node, at, 'type');
  if (found?.kind !== 'node') return undefined;
  if (isTypeDeclaration(found.node)) return ev.evaluate(here(found.module, found.node));
  // `export { Name }`
  const exported = found.module.variableOf(found.node);
  const declared = exported && typeDeclaration(exported);
  return declared && ev.evaluate(here(found.module, declared));
}

function typeDeclaration(variable: Variable): Node | undefined {
  return variable.defs.map((definition) => definition.node as Node).find(isTypeDeclaration);
}

/** What a variable declared with this class, interface or alias holds. */
function instantiated(
  ev: Evaluation,
  value: Value,
  at: Ref,
  _args: TSESTree.TSTypeParameterInstantiation | undefined,
): Value {
  return union(
    at,
    membersOf(value).map((member): Value => {
      switch (member.kind) {
        case 'class':
          return ev.instance(member.at, at);
        case 'external':
          // `types.Alias` of a namespace is what the alias stands for.
          return /:.*#$/.test(member.path) ? member : external(at, `${member.path}#`, member, at);
        case 'enum':
          return primitive(at, 'string');
        default:
          // An alias or interface has already been evaluated to what it declares.
          return member;
      }
    }),
  );
}

/** The class, interface, alias, enum or namespace member that a (qualified) name means. */
function entity(ev: Evaluation, name: Node, at: Ref): Value {
  switch (name.type) {
    case 'Identifier': {
      const variable = at.module.variableOf(name);
      return variable
        ? ev.variable(variable, beside(at, name))
        : external(beside(at, name), `global:.${name.name}`);
    }
    case 'TSImportType': {
      const module = ev.namespace(name.source.value, beside(at, name));
      return name.qualifier ? inModule(ev, module, name.qualifier, at) : module;
    }
    case 'TSQualifiedName':
      return ev.member(entity(ev, name.left, at), name.right.name, beside(at, name));
    case 'MemberExpression':
      return ev.member(entity(ev, name.object, at), keyName(name), beside(at, name));
    case 'ThisExpression':
      return ev.evaluate(beside(at, name));
    default:
      return unknown(at);
  }
}

/** `import('bullmq').Queue`: the name is one of the module's, whatever the file calls so. */
function inModule(ev: Evaluation, module: Value, name: TSESTree.EntityName, at: Ref): Value {
  if (name.type === 'Identifier') return ev.member(module, name.name, beside(at, name));
  return name.type === 'TSQualifiedName'
    ? ev.member(inModule(ev, module, name.left, at), name.right.name, beside(at, name))
    : unknown(at);
}

function list(ev: Evaluation, at: Ref, type: Node): Value {
  return { kind: 'array', at, items: undefined, element: () => ev.typed(beside(at, type)) };
}

function unionOfTypes(ev: Evaluation, at: Ref, types: readonly Node[]): Value {
  return union(
    at,
    types.map((type) => ev.typed(beside(at, type))),
  );
}

/** Of an intersection the part that says most: a class or package type, else the shapes. */
function intersection(ev: Evaluation, node: TSESTree.TSIntersectionType, at: Ref): Value {
  const parts = node.types
    .map((type) => ev.typed(beside(at, type)))
    .filter((part) => part.kind !== 'unknown');
  const named = parts.filter((part) => part.kind === 'external' || part.kind === 'instance');
  return named.length > 0 ? union(at, named) : parts.length > 0 ? union(at, parts) : unknown(at);
}

function stringLiteralType(node: Node): string | undefined {
  return node.type === 'TSLiteralType' &&
    node.literal.type === 'Literal' &&
    typeof node.literal.value === 'string'
    ? node.literal.value
    : undefined;
}

/** The declared type of a property of an interface or type literal, through `extends`. */
export function shapeMember(
  ev: Evaluation,
  shape: ShapeValue,
  key: string | undefined,
  at: Ref,
  depth = 0,
): Value | undefined {
  const node = shape.at.node;
  const members = node.type === 'TSTypeLiteral' ? node.members : node.body.body;
  for (const member of members) {
    if (key !== undefined && member.type === 'TSPropertySignature' && keyName(member) === key)
      return member.typeAnnotation
        ? ev.typed(beside(shape.at, member.typeAnnotation.typeAnnotation))
        : unknown(at);
    if (key !== undefined && member.type === 'TSMethodSignature' && keyName(member) === key)
      return unknown(at);
  }
  // Interfaces can extend each other in broken code.
  if (node.type === 'TSInterfaceDeclaration' && depth < 8)
    for (const heritage of node.extends) {
      const base = ev.typed(beside(shape.at, heritage));
      const found =
        base.kind === 'shape'
          ? shapeMember(ev, base, key, at, depth + 1)
          : base.kind === 'external' || base.kind === 'instance'
            ? ev.member(base, key, at)
            : undefined;
      if (found) return found;
    }
  for (const member of members)
    if (member.type === 'TSIndexSignature' && member.typeAnnotation)
      return ev.typed(beside(shape.at, member.typeAnnotation.typeAnnotation));
  return undefined;
}
