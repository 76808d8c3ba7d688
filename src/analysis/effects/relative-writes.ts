/**
 * Writes whose outcome depends on what is there: a second one does not end where the first one did.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import {
  calleeName,
  enclosingFunction,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { isForFailure } from '../calls/failures.ts';
import { flowOf } from '../flow/flow.ts';
import { nodesBelow } from '../values/functions.ts';
import type { Ref } from '../values/value.ts';
import { isLog } from './records.ts';
import { receiverOf } from './tables.ts';

/** How often a row was written, for caches and for locks. */
export const VERSION = /version|revision|^__v$/i;

/**
 * The columns that a write adds to: `balance` of `{ balance: { increment: 10 } }` and of `{ $inc: { balance: 10 } }`.
 * Not a version, nor a list that is kept for the record, nor what a second write finds no row for.
 */
export function columnsAddedTo({ module, node }: Ref<TSESTree.CallExpression>): string[] {
  if (/^(?:in|de)crement$/.test(calleeName(node.callee) ?? '')) {
    if (isNothing(node.arguments.at(-1))) return [];
    const [first, second] = node.arguments;
    const named = [first, second].find(
      (argument) => argument?.type === 'Literal' && typeof argument.value === 'string',
    );
    return [named?.type === 'Literal' && typeof named.value === 'string' ? named.value : ''];
  }
  const added = node.arguments
    .flatMap((argument) => nodesBelow(module, argument))
    .flatMap((part) => (part.type === 'Property' ? columnsOf(part) : []))
    .filter((column) => !VERSION.test(column));
  return added.length > 0 && undoesItsFilter(module, node) ? [] : added;
}

function columnsOf(property: TSESTree.Property): string[] {
  const key = keyName(property);
  if (key === 'increment' || key === 'decrement') {
    if (isNothing(property.value)) return [];
    const owner = property.parent.parent;
    return [owner.type === 'Property' ? (keyName(owner) ?? '') : ''];
  }
  if (key !== '$inc' && key !== '$push') return [];
  const value = unwrap(property.value);
  if (value.type !== 'ObjectExpression') return [''];
  const columns = value.properties.flatMap((part) => {
    if (part.type !== 'Property') return [''];
    return isNothing(part.value) ? [] : [keyName(part) ?? ''];
  });
  return key === '$push' ? columns.filter((column) => !isLog(column)) : columns;
}

/** Whether what is added is written down to be nothing: `{ increment: 0 }`, `increment('total', 0)`. */
function isNothing(added: Node | undefined): boolean {
  const value = added && unwrap(added);
  return value?.type === 'Literal' && value.value === 0;
}

/** Whether a write leaves its rows as they are: `{ data: { total: { increment: 0 } } }`, `{ $inc: { total: 0 } }`. */
export function changesNothing({ node }: Ref<TSESTree.CallExpression>): boolean {
  if (/^(?:in|de)crement$/.test(calleeName(node.callee) ?? '')) return isNothing(node.arguments.at(-1));
  const [first, second] = node.arguments;
  const written = second ?? (first && partOf(first, 'data'));
  if (written?.type !== 'ObjectExpression' || written.properties.length === 0) return false;
  return written.properties.every(
    (part) =>
      part.type === 'Property' &&
      part.value.type === 'ObjectExpression' &&
      part.value.properties.length > 0 &&
      part.value.properties.every((inner) => addsNothing(part, inner)),
  );
}

/** Whether all that a write does is to note something in its row: `{ $push: { logs: { request, response } } }`. */
export function addsToLogsOnly({ node }: Ref<TSESTree.CallExpression>): boolean {
  const [first, second] = node.arguments;
  const written = second ?? (first && partOf(first, 'data'));
  const parts = written ? entriesOf(written) : [];
  if (parts.length === 0 || parts.length < propertiesIn(written)) return false;
  return parts.every(([key, value]) => {
    const lists = entriesOf(value);
    return /^\$(?:push|addToSet)$/.test(key)
      ? lists.length > 0 && lists.length === propertiesIn(value) && lists.every(([column]) => isLog(column))
      : isLog(key);
  });
}

function propertiesIn(node: Node | undefined): number {
  return node?.type === 'ObjectExpression' ? node.properties.length : 0;
}

/** The columns that an update names: of what it sets, adds to and takes from. */
export function columnsNamed({ node }: Ref<TSESTree.CallExpression>): string[] {
  const [first, second] = node.arguments;
  // Sequelize is told the rows after what they get.
  const isAfter = second !== undefined && partOf(second, 'where') === undefined;
  const written = isAfter ? second : ((first && partOf(first, 'data')) ?? first);
  return (written ? entriesOf(written) : []).flatMap(([key, value]) =>
    key.startsWith('$') ? entriesOf(value).map(([column]) => column) : [key],
  );
}

function addsNothing(outer: TSESTree.Property, inner: TSESTree.Property | TSESTree.SpreadElement): boolean {
  if (inner.type !== 'Property') return false;
  const isAddition = keyName(outer) === '$inc' || /^(?:in|de)crement$/.test(keyName(inner) ?? '');
  return isAddition && isNothing(inner.value);
}

/**
 * Whether a write changes what it finds its rows by, so that a second one finds none:
 * `updateMany({ 'items._id': id }, { $pull: { items: { _id: id } }, $inc: { total: -1 } })`.
 */
function undoesItsFilter(module: SourceModule, call: TSESTree.CallExpression): boolean {
  const [first, second] = call.arguments;
  if (!first) return false;
  const filter = second ? first : partOf(first, 'where');
  const written = second ?? partOf(first, 'data');
  if (filter?.type !== 'ObjectExpression' || written?.type !== 'ObjectExpression') return false;
  const changed = new Map<string, Node>();
  for (const [key, value] of entriesOf(written))
    if (/^\$(?:pull|push|set|unset|addToSet)$/.test(key))
      for (const [column, to] of entriesOf(value)) changed.set(column, to);
    else if (!key.startsWith('$')) changed.set(key, value);
  return entriesOf(filter).some(([path, asked]) => {
    const to = changed.get(path.split('.')[0] ?? path);
    return to !== undefined && module.textOf(to) !== module.textOf(asked) && !isAdding(to);
  });
}

function isAdding(value: Node): boolean {
  return entriesOf(value).some(([key]) => key === 'increment' || key === 'decrement');
}

function partOf(object: Node, name: string): Node | undefined {
  return entriesOf(object).find(([key]) => key === name)?.[1];
}

function entriesOf(node: Node): [string, Node][] {
  const object = unwrap(node);
  if (object.type !== 'ObjectExpression') return [];
  return object.properties.flatMap((part): [string, Node][] => {
    const key = part.type === 'Property' ? keyName(part) : undefined;
    return part.type === 'Property' && key !== undefined ? [[key, unwrap(part.value)]] : [];
  });
}

/**
 * Whether a write gives a column what was there, and more: `{ balance: account.balance - 10 }`, or for a record that is
 * saved `account.balance -= 10`, `cart.items.push(item)`. `within` is the function that the write runs with.
 */
export function isComputedFromItself(
  { module, node }: Ref<TSESTree.CallExpression>,
  within: FunctionNode,
): boolean {
  const isGiven = node.arguments
    .flatMap((argument) => nodesBelow(module, argument))
    .some((part) => part.type === 'Property' && isMoreThanBefore(module, keyName(part), part.value));
  if (isGiven) return true;
  return [node.arguments[0], receiverOf(node)].some(
    (record) =>
      record?.type === 'Identifier' &&
      additionsTo(module, record).some((addition) => canComeBefore(module, addition, node, within)),
  );
}

/** The expressions that add to a column of a record, wherever they stand. */
function additionsTo(module: SourceModule, record: TSESTree.Identifier): Node[] {
  return usesOf(module, record).flatMap((use) => {
    const { owner } = use;
    if (owner.type === 'MemberExpression' && /^(?:push|unshift)$/.test(keyName(owner) ?? ''))
      return outermost(owner).parent ?? [];
    return isCounted(module, use) || (isAssigned(use) && /^[*/]=$/.test(use.owner.operator)) ? [owner] : [];
  });
}

/** Whether a call can store what was added: not what comes after it, nor what only a failure adds. */
function canComeBefore(module: SourceModule, addition: Node, call: Node, within: FunctionNode): boolean {
  if (isForFailure(within, addition) && !isForFailure(within, call)) return false;
  const flow = flowOf(module, within);
  // What a function that is called for it adds has no place in the flow.
  return !flow?.has(addition) || flow.canFollow(addition, call);
}

/**
 * The columns of amounts that a record has been given, before it is saved, on top of what was there:
 * `wallet.balance -= 10`. Not a sum that begins anew before it is added up.
 */
export function amountsSaved({ module, node }: Ref<TSESTree.CallExpression>): string[] {
  const within = enclosingFunction(node);
  if (!within) return [];
  return [node.arguments[0], receiverOf(node)].flatMap((record) => {
    if (record?.type !== 'Identifier') return [];
    const uses = usesOf(module, record).filter(({ owner }) => canComeBefore(module, owner, node, within));
    const anew = uses.filter((use) => isAssigned(use) && !isCounted(module, use));
    return uses
      .filter((use) => isCounted(module, use) && !anew.some(({ column }) => column === use.column))
      .map(({ column }) => column);
  });
}

/** A column of a record, and what stands around it: `wallet.balance -= 10`. */
interface Use<Owner extends Node = Node> {
  column: string;
  member: Node;
  owner: Owner;
}

function usesOf(module: SourceModule, record: TSESTree.Identifier): Use[] {
  const references = module.variableOf(record)?.references ?? [];
  return references.flatMap(({ identifier }) => {
    const { parent } = outermost(identifier);
    if (parent?.type !== 'MemberExpression' || parent.object !== outermost(identifier)) return [];
    const column = keyName(parent);
    const owner = outermost(parent).parent;
    const isAmount = column !== undefined && !VERSION.test(column) && !isLog(column);
    return owner && isAmount ? [{ column, member: parent, owner }] : [];
  });
}

function isAssigned(use: Use): use is Use<TSESTree.AssignmentExpression> {
  return use.owner.type === 'AssignmentExpression' && use.owner.left === use.member;
}

/** `wallet.balance -= 10`, `wallet.balance = wallet.balance - 10`, `wallet.visits++` */
function isCounted(module: SourceModule, use: Use): boolean {
  if (use.owner.type === 'UpdateExpression') return true;
  if (!isAssigned(use)) return false;
  return /^[-+]=$/.test(use.owner.operator) || isMoreThanBefore(module, use.column, use.owner.right);
}

/** Whether a value for a column is worked out with that column of a row: `(row.total || 0) + 1`. */
function isMoreThanBefore(module: SourceModule, column: string | undefined, value: Node): boolean {
  if (column === undefined || VERSION.test(column) || isLog(column)) return false;
  return nodesBelow(module, value).some(
    (part) =>
      part.type === 'BinaryExpression' &&
      /^[-+]$/.test(part.operator) &&
      nodesBelow(module, part).some(
        (inner) => inner.type === 'MemberExpression' && keyName(inner) === column,
      ),
  );
}

const counted = new WeakMap<SourceModule, ReadonlySet<string>>();

/** Whether code of the file adds to a column, or takes from it, whatever was there: an amount, a quota, a stock. */
export function isCountedIn(module: SourceModule, column: string): boolean {
  let columns = counted.get(module);
  if (!columns) counted.set(module, (columns = new Set(columnsCounted(module))));
  return columns.has(column);
}

function columnsCounted(module: SourceModule): string[] {
  const assigned = module.nodes('AssignmentExpression').flatMap(({ left, operator, right }) => {
    const column = left.type === 'MemberExpression' ? keyName(left) : undefined;
    const isCounted = /^[-+]=$/.test(operator) || isMoreThanBefore(module, column, right);
    return column !== undefined && isCounted ? [column] : [];
  });
  const stepped = module
    .nodes('UpdateExpression')
    .flatMap(({ argument }) => (argument.type === 'MemberExpression' ? (keyName(argument) ?? []) : []));
  const given = module.nodes('Property').flatMap((property) => {
    const column = keyName(property);
    return column !== undefined && isMoreThanBefore(module, column, property.value)
      ? [column]
      : columnsOf(property);
  });
  return [...assigned, ...stepped, ...given];
}
