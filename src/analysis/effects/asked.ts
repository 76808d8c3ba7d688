/**
 * What outside is asked for the value of an expression: which queries, and which part of their answers.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { runsInPlace } from '../calls/body.ts';
import { calleesOf, enteredBy } from '../calls/callees.ts';
import { lookupOf } from '../entities/record.ts';
import {
  calleeName,
  contains,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow, ownNodes, returnsOf } from '../values/functions.ts';
import { frameOf, parameterOf } from '../values/names.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import type { Query } from './write-answers.ts';

/** Something outside that a test asks, and the property of the answer that it looks at. */
export interface Asked {
  query: Ref<Query>;
  /** The last property that is read of the answer; absent where the answer itself is tested. */
  property: string | undefined;
}

const MAX_DEPTH = 5;
/** Calls that make another value of what they are given, and ask nobody. */
const PURE =
  /^(?:Number|String|Boolean|parse|parseInt|parseFloat|stringify|trim|toLowerCase|toUpperCase|split|join|slice|includes|startsWith|endsWith|some|every|filter|map|find|findIndex|flatMap|reduce|sort|keys|values|entries|isArray|has|get|at|now|getTime|toString|safeParse|validate|replace|match|test|concat|flat|from|isBefore|isAfter|diff|differenceIn\w*|all|allSettled)$/;

/** What outside is asked for the value of an expression, through names, patterns and arguments. */
export function askedBy(ev: Evaluation, tested: Ref, running: FunctionNode): Asked[] {
  const found: Asked[] = [];
  const seen = new Map<Node, Set<string | undefined>>();
  const visit = (ref: Ref, property: string | undefined, depth: number): void => {
    const node = unwrap(ref.node);
    const before = seen.get(node) ?? new Set();
    if (depth > MAX_DEPTH || before.has(property)) return;
    seen.set(node, before.add(property));
    switch (node.type) {
      case 'MemberExpression':
        visit(beside(ref, node.object), isNamed(property) ? property : keyName(node), depth);
        return;
      case 'CallExpression': {
        const name = calleeName(node.callee) ?? '';
        const callee = unwrap(node.callee);
        const call = beside(ref, node);
        if (!PURE.test(name) || isAwaited(node)) {
          if (isAwaited(node) || isAsking(ev, call)) {
            // `await Promise.all([...])`, and what only waits for a value
            if (/^(?:all|allSettled)$/.test(name))
              for (const argument of node.arguments) visit(beside(ref, argument), property, depth + 1);
            else found.push({ query: call, property });
            return;
          }
        }
        for (const answer of answersOf(ev, call)) visit(answer, property, depth + 1);
        if (callee.type === 'MemberExpression') visit(beside(ref, callee.object), property, depth + 1);
        for (const argument of node.arguments)
          if (isFunction(argument)) visitTests(beside(ref, argument), depth + 1);
          else visit(beside(ref, argument), property, depth + 1);
        return;
      }
      case 'TaggedTemplateExpression':
        // `await sql`...``
        if (isAwaited(node)) found.push({ query: beside(ref, node), property });
        return;
      case 'Identifier':
        visitName(beside(ref, node), property, depth + 1);
        return;
      default:
        if (isFunction(node)) return;
        for (const child of ref.module.childrenOf(node)) visit(beside(ref, child), property, depth);
    }
  };
  /** `items.filter((item) => !item.sentAt)` */
  const visitTests = (fn: Ref<FunctionNode>, depth: number): void => {
    for (const part of nodesBelow(fn.module, fn.node.body)) {
      if (part.type !== 'MemberExpression') continue;
      // `!known.includes(id)`: whether it is among what was found before.
      const isCompared = part.parent.type === 'CallExpression' && COMPARES.test(keyName(part) ?? '');
      visit(beside<Node>(fn, isCompared ? part.object : part), isCompared ? COMPARED : undefined, depth);
    }
  };
  const visitName = (ref: Ref<TSESTree.Identifier>, property: string | undefined, depth: number): void => {
    const variable = ref.module.variableOf(ref.node);
    const definition = variable?.defs[0];
    const declared = variable?.identifiers[0] as Node | undefined;
    if (!variable || !definition || !declared) return;
    if ((definition.type as string) === 'Parameter') {
      const fn = definition.node as FunctionNode;
      const parameter = parameterOf(fn, declared);
      const argument = parameter && frameOf(ref.frame, fn)?.args[parameter.index];
      if (argument && !('kind' in argument))
        visit(argument, property ?? keyIn(parameter.pattern, declared), depth);
      // An element of a list that is gone through: what the list was asked from.
      else if (fn !== running && runsInPlace(fn)) {
        const call = outermost(fn).parent;
        const callee = call?.type === 'CallExpression' ? unwrap(call.callee) : undefined;
        if (callee?.type === 'MemberExpression') visit(beside(ref, callee.object), property, depth);
      }
      return;
    }
    for (const { writeExpr } of variable.references) {
      if (!writeExpr) continue;
      const pattern = (definition.node as { id?: Node }).id;
      const element = pattern && elementFor(pattern, declared, writeExpr);
      if (element) {
        visit(beside(ref, element), property, depth);
        continue;
      }
      visit(
        beside(ref, writeExpr),
        isNamed(property) ? property : ((pattern && keyIn(pattern, declared)) ?? property),
        depth,
      );
    }
  };
  visit(tested, undefined, 0);
  return found;
}

const COMPARES = /^(?:includes|has|some|find|findIndex|indexOf)$/;
/** Stands for the property where a list is searched for something. */
const COMPARED = 'compared';

/** What a function of the project answers, and what it looks at to answer: `isOpen(order)`. */
function answersOf(ev: Evaluation, call: Ref<TSESTree.CallExpression>): Ref[] {
  return enteredBy(ev, call).flatMap(({ fn, frame, isHanded }) => {
    if (isHanded) return [];
    const { module, node } = fn.at;
    const tests = ownNodes(module, node).flatMap((part) => (part.type === 'IfStatement' ? [part.test] : []));
    return [...returnsOf(module, node), ...tests].map((answer) => here(module, answer, frame));
  });
}

/** Whether a property is more than a form of the whole answer. */
function isNamed(property: string | undefined): boolean {
  return property !== undefined && !isAnswerItself(property);
}

/** What a name gets of several that are waited for together: `b` of `const [a, b] = await Promise.all([x(), y()])`. */
function elementFor(pattern: Node, name: Node, written: Node): Node | undefined {
  if (pattern.type !== 'ArrayPattern') return undefined;
  const waited = unwrap(written);
  const call = waited.type === 'AwaitExpression' ? unwrap(waited.argument) : waited;
  const list: Node | undefined = call.type === 'CallExpression' ? call.arguments[0] : call;
  if (list?.type !== 'ArrayExpression') return undefined;
  return list.elements[pattern.elements.findIndex((element) => element === name)] ?? undefined;
}

/** The property that a pattern takes for one of its names: `sentAt` of `const { sentAt: done } = order`. */
function keyIn(pattern: Node, name: Node): string | undefined {
  if (pattern.type === 'AssignmentPattern') return keyIn(pattern.left, name);
  if (pattern.type !== 'ObjectPattern') return undefined;
  const property = pattern.properties.find((candidate) => contains(candidate, name));
  if (property?.type !== 'Property') return undefined;
  return keyIn(property.value, name) ?? keyName(property);
}

function isAwaited(node: Node): boolean {
  let current = outermost(node);
  for (;;) {
    const { parent } = current;
    if (parent?.type === 'AwaitExpression') return true;
    // `await load().catch(() => null)`, `await query.lean()`
    const isChained = parent?.type === 'MemberExpression' && parent.object === current;
    if (!isChained || parent.parent.type !== 'CallExpression' || parent.parent.callee !== parent)
      return false;
    current = outermost(parent.parent);
  }
}

/** A call that gives a promise or a query, whoever waits for it. */
function isAsking(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  return (
    calleesOf(ev, call).some((callee) => callee.kind === 'function' && callee.at.node.async) ||
    membersOf(present(ev.evaluate(call))).some(
      (value) => value.kind === 'external' && lookupOf(ev, value) !== undefined,
    )
  );
}

/** `rows.length`, `result.count`, `result.rows`: the answer, in another form. */
export function isAnswerItself(property: string): boolean {
  return /^(?:length|rows|rowCount|count|affected\w*|modifiedCount|matchedCount|numUpdatedRows|size|data|docs|hits|items|\d+)$/.test(
    property,
  );
}
