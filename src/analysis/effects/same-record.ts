/**
 * Which queries are for one record: by their table and by the value of the id that they ask for.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { flowOf } from '../flow/flow.ts';
import { declaredAs } from '../source/declared.ts';
import { calleeName, keyName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import { identityOf } from '../values/identity.ts';
import { givenTo } from '../values/trace.ts';
import type { Ref } from '../values/value.ts';
import { isDatabaseWrite } from './kinds/writes-database.ts';
import { tableOf } from './tables.ts';

/** Names of the record that a query asks for by its id, one for each function on the way that knows the id. */
export function recordNames(ev: Evaluation, query: Ref): string[] {
  const chain = chainOf(query.node);
  if (chain.type !== 'CallExpression') return [];
  const table = tableName(beside(query, chain));
  return idsIn(query.module, chain).flatMap((id) =>
    valuesOf(ev, beside(query, id)).map((value) => `${table}#${value}`),
  );
}

/** The whole of a builder's calls: `db.select().from(users).where(...)` of its `from`. */
function chainOf(query: Node): Node {
  let chain = query;
  for (let { parent } = chain; parent; { parent } = parent) {
    const goesOn =
      (parent.type === 'MemberExpression' && parent.object === chain) ||
      (parent.type === 'CallExpression' && parent.callee === chain);
    if (!goesOn) break;
    chain = parent;
  }
  // `find(...).then` has no arguments that tell more.
  return chain.type === 'MemberExpression' ? unwrap(chain.object) : chain;
}

/** `users` of `prisma.users.find()`, of `tx.users.find()`, and of `db.select().from(users)`. */
function tableName(call: Ref<TSESTree.CallExpression>): string {
  const { module, node } = call;
  const named = tableOf(call);
  let owner: Node = node;
  while (owner.type === 'CallExpression') {
    const callee = unwrap(owner.callee);
    if (callee.type !== 'MemberExpression') break;
    owner = unwrap(callee.object);
  }
  const text = /^['"`]?[\w.]+['"`]?$/.test(named) ? named : module.textOf(owner);
  return /(\w+)\W*$/.exec(text)?.[1] ?? text;
}

const ID = /^(?:id|_id|uuid)$/i;

/** What a query compares the id with: `findById(id)`, `{ where: { id } }`, `eq(users.id, id)`. */
function idsIn(module: SourceModule, chain: TSESTree.CallExpression): Node[] {
  return nodesBelow(module, chain).flatMap((node): Node[] => {
    if (node.type === 'Property' && ID.test(keyName(node) ?? '')) {
      const value = unwrap(node.value);
      return value.type === 'Identifier' || value.type === 'MemberExpression' ? [value] : [];
    }
    if (node.type !== 'CallExpression') return [];
    const name = calleeName(node.callee) ?? '';
    const [first, second] = node.arguments;
    if (/^findBy(?:Id|Pk)/.test(name)) return first ? [first] : [];
    const column = name === 'eq' && first ? unwrap(first) : undefined;
    return column?.type === 'MemberExpression' && ID.test(keyName(column) ?? '') && second ? [second] : [];
  });
}

const MAX_CALLERS = 6;

/** What a value is called in its own function, and in each that gives it on. */
function valuesOf(ev: Evaluation, value: Ref): string[] {
  const names: string[] = [];
  let current: Ref | undefined = { ...value, node: unwrap(value.node) };
  for (let step = 0; current && step < MAX_CALLERS; step++) {
    names.push(identityOf(ev, here(current.module, current.node)));
    const given: Ref | undefined = givenTo(ev, current);
    current = given && { ...given, node: unwrap(given.node) };
  }
  return names;
}

/**
 * Whether a function looks for what it has stored itself: a row of the same table, with the same value in every field
 * that the lookup asks for.
 */
export function looksForOwnWrite(ev: Evaluation, query: Ref, fn: FunctionNode): boolean {
  const { module } = query;
  const chain = chainOf(query.node);
  if (chain.type !== 'CallExpression') return false;
  const asked = fieldsAsked(module, chain);
  if (asked.size === 0) return false;
  const table = tableName(beside(query, chain));
  const flow = flowOf(module, fn);
  return bodyOf(module, fn).some((node) => {
    if (node.type !== 'CallExpression' || node === chain || !flow?.canFollow(node, query.node)) return false;
    const write = beside(query, node);
    if (!STORES.test(calleeName(node.callee) ?? '') || !isInsert(module, node)) return false;
    if (tableName(write) !== table || !isDatabaseWrite(ev, write)) return false;
    const stored = fieldsStored(module, node);
    return [...asked].every(([field, value]) => stored.get(field)?.has(value) === true);
  });
}

const STORES = /^(?:create|insert|insertOne|save|upsert|values|execute)$/;

/** Whether a query makes the row where it is not there. */
function isInsert(module: SourceModule, call: TSESTree.CallExpression): boolean {
  return (
    calleeName(call.callee) !== 'execute' ||
    nodesBelow(module, call).some(
      (node) => node.type === 'CallExpression' && calleeName(node.callee) === 'insert',
    )
  );
}

/** The fields by which a lookup finds its row, with the text of their values. */
function fieldsAsked(module: SourceModule, chain: TSESTree.CallExpression): Map<string, string> {
  const [first] = chain.arguments;
  if (first?.type !== 'ObjectExpression') return new Map();
  const where = first.properties.find((one) => one.type === 'Property' && keyName(one) === 'where');
  const object = where?.type === 'Property' ? unwrap(where.value) : first;
  const fields = new Map<string, string>();
  if (object.type !== 'ObjectExpression') return fields;
  for (const property of object.properties) {
    const key = property.type === 'Property' ? keyName(property) : undefined;
    // What cannot be compared is taken for another row.
    if (property.type !== 'Property' || key === undefined) return new Map();
    fields.set(key, module.textOf(property.value));
  }
  return fields;
}

/** The fields that a write sets, in its arguments or in what they name. */
function fieldsStored(module: SourceModule, call: TSESTree.CallExpression): Map<string, Set<string>> {
  const fields = new Map<string, Set<string>>();
  const roots = nodesBelow(module, call).flatMap((node): Node[] => {
    if (node.type !== 'CallExpression') return [];
    return node.arguments.flatMap((argument) => {
      const named = unwrap(argument);
      return named.type === 'Identifier' ? [named, declaredAs(module, named)] : [named];
    });
  });
  const add = (key: string, value: string): void => {
    fields.set(key, (fields.get(key) ?? new Set()).add(value));
  };
  for (const root of roots) {
    // `save(user)`, then `{ id: user.id }`
    if (root.type === 'Identifier') for (const key of ['id', '_id', 'uuid']) add(key, `${root.name}.${key}`);
    for (const node of nodesBelow(module, root)) {
      const key = node.type === 'Property' ? keyName(node) : undefined;
      if (node.type === 'Property' && key !== undefined) add(key, module.textOf(node.value));
    }
  }
  return fields;
}
