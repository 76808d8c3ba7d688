/**
 * What a query is to.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { roundsAround } from '../calls/rounds.ts';
import { prismaSchema } from '../entities/prisma-schema.ts';
import { declaredAs } from '../source/declared.ts';
import { calleeName, isFunction, keyName, unwrap, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import type { Ref } from '../values/value.ts';

/** `'orders'` of `knex('orders').insert()`, `orders` of `db.update(orders).set()`, `prisma.order` of its methods. */
export function tableOf({ module, node }: Ref<TSESTree.CallExpression>): string {
  const text = module.textOf(node);
  const named =
    /\.(?:insertInto|updateTable|deleteFrom|insert|update|delete|into|from|table)\(\s*(['"`]?[\w.]+['"`]?)\s*\)/.exec(
      text,
    )?.[1] ??
    /^\w*(?:knex|trx|db)\w*\(\s*(['"`][\w.]+['"`])\s*\)/.exec(text)?.[1] ??
    /['"`]\s*(?:INSERT\s+(?:\w+\s+)*INTO|UPDATE|DELETE\s+FROM|SELECT\b[^;]*?\sFROM)\s+["`]?([\w.]+)/i.exec(
      text,
    )?.[1];
  if (named !== undefined) return named;
  const callee = unwrap(node.callee);
  // What a method of the class itself looks up is told by its name: `this.findOrder()`.
  const isOwn = callee.type === 'MemberExpression' && callee.object.type === 'ThisExpression';
  const owner =
    callee.type === 'MemberExpression' ? module.textOf(isOwn ? callee : chainBegins(callee.object)) : text;
  const [first] = node.arguments;
  // An entity manager is told the class.
  return first?.type === 'Identifier' && /manager|^em$|\.em$/i.test(owner) ? first.name : owner;
}

/** What the first query of a chain is called on: `Order` of `Order.find().lean().exec()`. */
function chainBegins(owner: Node): Node {
  const link = unwrap(owner);
  const callee = link.type === 'CallExpression' && !givesTable(link) ? unwrap(link.callee) : undefined;
  const isOwn = callee?.type === 'MemberExpression' && callee.object.type === 'ThisExpression';
  return callee?.type === 'MemberExpression' && !isOwn ? chainBegins(callee.object) : owner;
}

/** The names of the table: as the write has it, and as the query that its record, or its list, is from. */
export function tablesOf(call: Ref<TSESTree.CallExpression>): string[] {
  const [argument] = call.node.arguments;
  const records = [argument, receiverOf(call.node)].flatMap((record) => {
    if (record?.type !== 'Identifier') return [];
    const made = declaredAs(call.module, listWith(call.module, record) ?? record);
    const query = made.type === 'AwaitExpression' ? unwrap(made.argument) : made;
    if (query.type !== 'CallExpression' || givesTable(query) || givesRelated(query)) return [];
    return [tableOf({ ...call, node: query })];
  });
  return [tableOf(call), ...records];
}

/** The list that a name is an element of, one in each round: `orders` of `for (const order of orders)`. */
function listWith(module: SourceModule, name: TSESTree.Identifier): Node | undefined {
  const declared = module.variableOf(name)?.identifiers[0];
  return roundsAround(name).find(({ at, body }) => declared && elementOf(at, body) === declared)?.list;
}

function elementOf(loop: Node, body: Node): Node | undefined {
  if (isFunction(body)) return body.params[0];
  if (loop.type !== 'ForOfStatement' || loop.left.type !== 'VariableDeclaration') return undefined;
  return loop.left.declarations[0].id;
}

/** Whether a call gives a table, and no record of one: `mongoose.model('Order', schema)`, `db.collection('orders')`. */
function givesTable(call: TSESTree.CallExpression): boolean {
  return /^(?:model|define|getModelForClass|get\w*Repository|collection)$/.test(
    calleeName(call.callee) ?? '',
  );
}

/** Whether a record is asked for one of another table: `payment.get('booking')`. */
function givesRelated(call: TSESTree.CallExpression): boolean {
  const [name] = call.arguments;
  return (
    calleeName(call.callee) === 'get' && name?.type === 'Literal' && receiverOf(call)?.type === 'Identifier'
  );
}

const PRISMA = /^(?:.*\.)?(?:prisma\w*|\w*Prisma|tx|trx|db|client|database)\.(\w+)$/;
const REPOSITORY = /^(?:this\.)?(\w+?)(?:Repo|Repository|Model)$/;
const MODEL = /^([A-Z]\w*)$/;
const QUOTED = /^['"`]([\w.]+)['"`]$/;

/**
 * Whether two names, as {@link tableOf} tells them, are of two tables for certain: written alike, as the models of one
 * client are, and not the same.
 */
export function areOtherTables(one: string, other: string): boolean {
  return [PRISMA, REPOSITORY, MODEL, QUOTED].some((form) => {
    const [name, otherName] = [one, other].map((text) => form.exec(text)?.[1]?.toLowerCase());
    return name !== undefined && otherName !== undefined && name !== otherName;
  });
}

/** What a method is called on. */
export function receiverOf(call: TSESTree.CallExpression): Node | undefined {
  const callee = unwrap(call.callee);
  return callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
}

/** The keys of the model that a call of a Prisma client is to; `undefined` where no schema has it. */
export function prismaKeysOf(
  module: SourceModule,
  call: TSESTree.CallExpression,
): readonly (readonly string[])[] | undefined {
  const model = receiverOf(call);
  const name = model?.type === 'MemberExpression' ? keyName(model) : undefined;
  return name === undefined
    ? undefined
    : prismaSchema(module.path)?.keys.get(name.charAt(0).toUpperCase() + name.slice(1));
}
