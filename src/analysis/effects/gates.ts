/**
 * Steps that look at what a write has changed: a retry comes to another answer there than the first run did.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { flowOf } from '../flow/flow.ts';
import { declaredAs } from '../source/declared.ts';
import {
  calleeName,
  contains,
  enclosingFunction,
  functionName,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { isForFailure } from '../calls/failures.ts';
import type { SourceModule } from '../source/module.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import { identityOf } from '../values/identity.ts';
import type { Ref } from '../values/value.ts';
import { askedBy, COLLECTED, isNamed, type Asked } from './asked.ts';
import { stagesOf, type ReachedEffect } from './effect.ts';
import type { DatabaseWrite } from './kinds/writes-database.ts';
import { receiverOf, tableOf, tablesOf } from './tables.ts';
import { columnsSetBy, parametersSetBy } from './sql.ts';
import { isByPresence } from './state-tests.ts';
import { isWrite, tellsFirst } from './write-answers.ts';

/** What a write changes, and where. */
interface Change {
  call: Ref<TSESTree.CallExpression>;
  values: ReadonlyMap<string, Node>;
  tables: readonly string[];
  isDelete: boolean;
  isInsert: boolean;
}

function changeOf({ at, statement, isDelete, isInsert }: DatabaseWrite): Change {
  const call = at as Ref<TSESTree.CallExpression>;
  const values = statement ? parametersSetBy(call, statement) : changedBy(call);
  return { call, values, tables: tablesOf(call), isDelete, isInsert };
}

/** The columns that a write changes. */
export function columnsOf(write: ReachedEffect<DatabaseWrite>): string[] {
  const { statement } = write.effect;
  if (statement) return columnsSetBy(statement).map(({ column }) => column);
  return [...valuesOf(write).keys()];
}

/** What a write gives the columns that it changes. */
export function valuesOf({ effect }: ReachedEffect<DatabaseWrite>): ReadonlyMap<string, Node> {
  return changeOf(effect).values;
}

/** Whether a test on the way to an effect looks at what a write changes, whatever comes of it. */
export function isLookedAt(
  ev: Evaluation,
  reached: ReachedEffect,
  { effect }: ReachedEffect<DatabaseWrite>,
): boolean {
  const { call, values, tables } = changeOf(effect);
  return someTest(
    ev,
    reached,
    ({ query, property }) =>
      isOf(query, call, tables) &&
      ((property !== undefined && values.has(property)) ||
        [...values].some(([key, to]) => loses(query, key, beside(call, to)))),
  );
}

/**
 * Whether a test on the way to an effect turns out another way when a write has been made: the effect is not reached
 * again, as by `if (order.status === 'paid') return` after `status` was set to it.
 */
export function isEndedBy(
  ev: Evaluation,
  reached: ReachedEffect,
  { effect }: ReachedEffect<DatabaseWrite>,
): boolean {
  const { call, values, tables, isDelete, isInsert } = changeOf(effect);
  return someTest(ev, reached, ({ query, property }, test, when) => {
    if (!isOf(query, call, tables) || !asksDirectly(test, query, property)) return false;
    const value = property === undefined ? undefined : values.get(property);
    if (property !== undefined && value) return turns(ev, test, when, property, beside(call, value));
    // The row itself: found by what is changed, gone, or there now.
    const isThere = isByPresence(unwrap(test.node), when);
    if (isThere === false) return isInsert;
    return (
      isThere === true && (isDelete || [...values].some(([key, to]) => loses(query, key, beside(call, to))))
    );
  });
}

/** Whether a row is only added where it is not there: `if (!cart) cart = await Cart.create()`. */
export function isFoundFirst(ev: Evaluation, write: ReachedEffect<DatabaseWrite>): boolean {
  const { call, tables } = changeOf(write.effect);
  return someTest(
    ev,
    write,
    ({ query, property }, test, when) =>
      isOf(query, call, tables) &&
      (property === COLLECTED || (!isNamed(property) && asksDirectly(test, query, property))) &&
      isByPresence(unwrap(test.node), when) === false,
  );
}

/**
 * Whether a claim before a write keeps every later run from it: a compare-and-set of a state, which nothing gives back.
 * A retry ends there, so it makes no write anew.
 */
export function isKeptByClaim(ev: Evaluation, write: ReachedEffect): boolean {
  return someTest(
    ev,
    write,
    ({ query, property }, test, when) =>
      !isNamed(property) &&
      isByPresence(unwrap(test.node), when) === true &&
      isWrite(ev, query) &&
      tellsFirst(query) &&
      !isGivenBack(query),
  );
}

/**
 * Whether the state that a claim looks for is set again, as `status: 'open'`: in the function that claims, where something
 * has failed, or by one that is there for it. Elsewhere it is how a row comes to be claimed at all.
 */
function isGivenBack({ module, node }: Ref): boolean {
  const asked = nodesBelow(module, node).flatMap((part) =>
    part.type === 'Property' && unwrap(part.value).type !== 'ObjectExpression' ? [module.textOf(part)] : [],
  );
  return module
    .nodes('Property')
    .some(
      (part) =>
        !contains(node, part) &&
        keyName(part) !== undefined &&
        /status|state|stage|phase/i.test(keyName(part) ?? '') &&
        asked.includes(module.textOf(part)) &&
        !isInCondition(part) &&
        givesBack(part, enclosingFunction(node)),
    );
}

function givesBack(part: Node, claiming: FunctionNode | undefined): boolean {
  const within = enclosingFunction(part);
  if (!within || within === claiming) return true;
  return isForFailure(within, part) || GIVES_BACK.test(functionName(within) ?? '');
}

const GIVES_BACK =
  /release|reset|unclaim|un_?lock|re_?(?:try|queue|open|start|store|vert|cover)|roll_?back|stale|stuck|fail/i;

function isInCondition(part: Node): boolean {
  let node = part;
  while (node.parent && node.parent.type !== 'CallExpression') {
    node = node.parent;
    if (node.type === 'Property' && /^(?:where|select|include)$/.test(keyName(node) ?? '')) return true;
  }
  // Mongoose is given the condition first.
  const call = node.parent;
  return (
    call?.type === 'CallExpression' &&
    call.arguments[0] === node &&
    /^(?:find|count|exists|distinct|delete|update(?:One|Many))/.test(calleeName(call.callee) ?? '')
  );
}

/** Whether a query is of the table that a write is to, and is not the write. */
function isOf({ module, node }: Ref, write: Ref, tables: readonly string[]): boolean {
  return node.type === 'CallExpression' && node !== write.node && tables.includes(tableOf({ module, node }));
}

function someTest(
  ev: Evaluation,
  reached: ReachedEffect,
  is: (asked: Asked, test: Ref, when: boolean) => boolean,
): boolean {
  return stagesOf(reached).some(({ fn, at }) => {
    const flow = flowOf(fn.module, fn.node);
    return flow?.decisionsBefore(at.node).some(({ test, when }) => {
      const asked = test.type === 'SwitchCase' ? test.parent.discriminant : test;
      return askedBy(ev, beside(at, asked), fn.node).some((one) => is(one, beside(at, test), when));
    });
  });
}

/** Whether a test is of the answer or of its property, and not of what is worked out from it. */
function asksDirectly(test: Ref, query: Ref, property: string | undefined): boolean {
  const is = (side: Node): boolean => {
    const named = unwrap(side);
    const made = declaredAs(test.module, named);
    const node = made.type === 'AwaitExpression' ? unwrap(made.argument) : made;
    if (node === query.node) return true;
    if (node.type !== 'MemberExpression') return false;
    return keyName(node) === property || is(node.object);
  };
  const { node } = test;
  switch (node.type) {
    case 'SwitchCase':
      return is(node.parent.discriminant);
    case 'BinaryExpression':
      return is(node.left) || is(node.right);
    case 'CallExpression':
      return node.arguments.some(is) || is(node);
    default:
      return is(node);
  }
}

/** Whether a test of a property no longer comes out as `when` once the property has a value. */
function turns(ev: Evaluation, test: Ref, when: boolean, property: string, value: Ref): boolean {
  const { node } = test;
  const given = ev.evaluate(value);
  const isEqual = equals(ev, test, property, value);
  if (isEqual !== undefined) {
    const isNegated = node.type === 'BinaryExpression' && node.operator.startsWith('!');
    return (isNegated ? !isEqual : isEqual) !== when;
  }
  const isSet = given.kind === 'literal' ? Boolean(given.value) : true;
  switch (unwrap(node).type) {
    case 'Identifier':
    case 'MemberExpression':
      return isSet !== when;
    case 'CallExpression':
      // `['paid', 'done'].includes(order.status)`, `isDone(order)`
      return !when;
    default:
      return false;
  }
}

/** Whether a value is what a test compares a property with; `undefined` where that cannot be told. */
function equals(ev: Evaluation, test: Ref, property: string, value: Ref): boolean | undefined {
  const sides = sidesOf(test.node).map((side) => beside(test, side));
  const wanted = sides.map((side) => ev.evaluate(side)).find(({ kind }) => kind === 'literal');
  if (wanted?.kind === 'literal') {
    // What is computed for the write is taken for something new.
    const given = ev.evaluate(value);
    return given.kind === 'literal' && given.value === wanted.value;
  }
  const others = sides.filter(({ node }) => !readsProperty(unwrap(node), property));
  // `if (next !== order.status) ... update({ status: next })`
  if (others.some((side) => identityOf(ev, side) === identityOf(ev, value))) return true;
  return others.some((side) => areOfOneObject(ev, side, value)) ? false : undefined;
}

function readsProperty(node: Node, property: string): boolean {
  return node.type === 'MemberExpression' && keyName(node) === property;
}

/** What a test compares, the right side first: a literal stands there. */
function sidesOf(test: Node): Node[] {
  if (test.type === 'SwitchCase') return test.test ? [test.test] : [];
  return test.type === 'BinaryExpression' && /^[!=]==?$/.test(test.operator) ? [test.right, test.left] : [];
}

/** `Status.OPEN` and `Status.PAID` */
function areOfOneObject(ev: Evaluation, one: Ref, other: Ref): boolean {
  const [a, b] = [unwrap(one.node), unwrap(other.node)];
  if (a.type !== 'MemberExpression' || b.type !== 'MemberExpression') return false;
  return identityOf(ev, beside(one, a.object)) === identityOf(ev, beside(other, b.object));
}

/** The columns that a write gives a value, by the names in its arguments or, for a record that is saved, set before. */
function changedBy(call: Ref<TSESTree.CallExpression>): Map<string, Node> {
  const { module, node } = call;
  const changed = new Map<string, Node>();
  const visit = (part: Node): void => {
    if (part.type === 'Property') {
      const key = keyName(part);
      if (/^(?:where|select|include|orderBy|returning)$/.test(key ?? '')) return;
      // `data: { ... }` is what holds the columns.
      if (key !== undefined && part.value.type !== 'ObjectExpression') changed.set(key, part.value);
    }
    if (part.type === 'CallExpression' && part !== node && isCondition(part)) {
      visit(part.callee);
      return;
    }
    for (const child of module.childrenOf(part)) visit(child);
  };
  const [condition, ...values] = node.arguments;
  // `repository.update(id, { status })`, `Order.updateOne({ _id }, { status })`
  if (condition && values.length > 0) values.forEach(visit);
  else visit(node);
  for (const record of [condition, receiverOf(node)])
    if (record?.type === 'Identifier')
      for (const [key, value] of valuesSet(module, record))
        // What is set after the call is for another.
        if (!changed.has(key) || value.range[1] <= node.range[0]) changed.set(key, value);
  return changed;
}

function isCondition(call: TSESTree.CallExpression): boolean {
  return /where|filter|match|^eq$/i.test(calleeName(call.callee) ?? '');
}

const TAKES_OUT = /^(?:splice|pull|pop|shift|delete|remove)$/;

/** `status` and its value of `order.status = 'paid'` */
function valuesSet(module: SourceModule, record: TSESTree.Identifier): [string, Node][] {
  const references = module.variableOf(record)?.references ?? [];
  return references.flatMap(({ identifier }): [string, Node][] => {
    const { parent } = outermost(identifier);
    if (parent?.type !== 'MemberExpression') return [];
    const owner = outermost(parent).parent;
    const key = keyName(parent);
    if (key === undefined) return [];
    if (owner?.type === 'AssignmentExpression' && owner.left === parent) return [[key, owner.right]];
    // `cart.items.splice(index, 1)`
    return owner?.type === 'MemberExpression' && TAKES_OUT.test(keyName(owner) ?? '')
      ? [[key, outermost(owner).parent ?? owner]]
      : [];
  });
}

/** Whether a query finds its rows by a column, and not by what a write has given it. */
function loses({ module, node }: Ref, column: string, given: Ref): boolean {
  const isAsked = nodesBelow(module, node).some(
    (part) =>
      (part.type === 'Property' &&
        // `'items.id'`
        keyName(part)?.split('.')[0] === column &&
        !/^(?:true|\{)/.test(module.textOf(part.value))) ||
      (part.type === 'Literal' && part.value === column) ||
      (part.type === 'MemberExpression' && keyName(part) === column),
  );
  return isAsked && !module.textOf(node).includes(given.module.textOf(given.node));
}
