/**
 * The variable or class field that holds an object, list or map from its making on, and what is done to it
 * later through that name: `queues.set('a', new Queue('a'))`, `queues[name] = ...`, `list.push(...)`.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { SourceModule } from '../source/module.ts';
import { enclosingThis, keyName, outermost, type ClassNode, type Node } from '../source/nodes.ts';

export type Holder =
  | { kind: 'variable'; variable: Variable; annotation: Node | undefined }
  | { kind: 'field'; class: ClassNode; name: string; annotation: Node | undefined };

/** Where the value made at a node is kept, when that can be read off the code around it. */
export function holderOf(module: SourceModule, made: Node): Holder | undefined {
  if (made.type === 'FunctionDeclaration' && made.id) return variableHolder(module, made.id);
  const node = outermost(made);
  const parent = node.parent;
  if (!parent) return undefined;
  if (parent.type === 'VariableDeclarator' && parent.init === node && parent.id.type === 'Identifier')
    return variableHolder(module, parent.id);
  if (
    (parent.type === 'PropertyDefinition' || parent.type === 'AccessorProperty') &&
    parent.value === node &&
    keyName(parent) !== undefined
  )
    return {
      kind: 'field',
      class: parent.parent.parent,
      name: keyName(parent) as string,
      annotation: parent.typeAnnotation?.typeAnnotation,
    };
  if (parent.type === 'AssignmentExpression' && parent.right === node) {
    if (parent.left.type === 'Identifier') return variableHolder(module, parent.left);
    if (parent.left.type === 'MemberExpression' && parent.left.object.type === 'ThisExpression') {
      const owner = enclosingThis(parent.left);
      const name = keyName(parent.left);
      if (owner && name !== undefined)
        return { kind: 'field', class: owner.class, name, annotation: fieldAnnotation(owner.class, name) };
    }
  }
  if (parent.type === 'LogicalExpression' || parent.type === 'ConditionalExpression')
    return holderOf(module, parent);
  return undefined;
}

function variableHolder(module: SourceModule, identifier: Node): Holder | undefined {
  const variable = module.variableOf(identifier);
  if (!variable) return undefined;
  const declared = variable.identifiers[0] as { typeAnnotation?: { typeAnnotation: Node } } | undefined;
  return { kind: 'variable', variable, annotation: declared?.typeAnnotation?.typeAnnotation };
}

function fieldAnnotation(owner: ClassNode, name: string): Node | undefined {
  for (const member of owner.body.body)
    if (member.type === 'PropertyDefinition' && keyName(member) === name)
      return member.typeAnnotation?.typeAnnotation;
  return undefined;
}

/** Every expression that means the held value: the variable's references, `this.name` in the class. */
export function usagesOf(module: SourceModule, holder: Holder): Node[] {
  if (holder.kind === 'variable')
    return holder.variable.references.map((reference) => reference.identifier as Node);
  return fieldUsages(module, holder.class, holder.name);
}

const fieldIndex = new WeakMap<ClassNode, Map<string, Node[]>>();

/** `this.name`, and `ClassName.name` for a static, in a class's own body. */
export function fieldUsages(module: SourceModule, owner: ClassNode, name: string): Node[] {
  let index = fieldIndex.get(owner);
  if (!index) {
    index = new Map();
    for (const member of module.nodes('MemberExpression')) {
      const object = member.object;
      const key = keyName(member);
      if (key === undefined) continue;
      const isOwn =
        object.type === 'ThisExpression'
          ? enclosingThis(member)?.class === owner
          : object.type === 'Identifier' && object.name === owner.id?.name;
      if (!isOwn) continue;
      const list = index.get(key);
      if (list) list.push(member);
      else index.set(key, [member]);
    }
    fieldIndex.set(owner, index);
  }
  return index.get(name) ?? [];
}

/** Values put into what a usage means: by `=` on a property, or as an argument of `set`, `push`, `add`, ... */
export interface Insertion {
  key: string | undefined;
  value: Node;
  by: 'property' | 'set' | 'push';
}

const insertions = new WeakMap<Node, readonly Insertion[]>();

/** What is put into an object, list or map after it was made at this node. */
export function insertionsOf(module: SourceModule, made: Node): readonly Insertion[] {
  let found = insertions.get(made);
  if (!found) {
    const holder = holderOf(module, made);
    found = holder ? usagesOf(module, holder).flatMap((usage) => insertionAt(usage)) : [];
    insertions.set(made, found);
  }
  return found;
}

function insertionAt(usage: Node): Insertion[] {
  const member = outermost(usage).parent;
  if (member?.type !== 'MemberExpression' || member.object !== outermost(usage)) return [];
  const parent = outermost(member).parent;
  if (parent?.type === 'AssignmentExpression' && parent.left === member && parent.operator !== '+=')
    return [{ key: keyName(member), value: parent.right, by: 'property' }];
  if (parent?.type !== 'CallExpression' || parent.callee !== outermost(member)) return [];
  const method = keyName(member);
  const [first, second] = parent.arguments;
  if (method === 'set' && first && second)
    return [{ key: first.type === 'Literal' ? String(first.value) : undefined, value: second, by: 'set' }];
  if (method === 'push' || method === 'unshift' || method === 'add')
    return parent.arguments
      .filter((argument) => argument.type !== 'SpreadElement')
      .map((value) => ({ key: undefined, value, by: 'push' }));
  return [];
}
