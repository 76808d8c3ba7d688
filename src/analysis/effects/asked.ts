/**
 * What outside is asked for the value of an expression: which queries, and which part of their answers.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import { runsInPlace } from '../calls/body.ts';
import { calleesOf, enteredBy } from '../calls/callees.ts';
import { roundsAround } from '../calls/rounds.ts';
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
  /** The properties by which that one is come to: `metadata`, `issue` of `order.metadata.issue.url`. */
  through: readonly string[];
}

const MAX_DEPTH = 5;
/** Calls that make another value of what they are given, and ask nobody. */
const PURE =
  /^(?:Number|String|Boolean|parse|parseInt|parseFloat|stringify|trim|toLowerCase|toUpperCase|split|join|slice|includes|startsWith|endsWith|some|every|filter|map|find|findIndex|flatMap|reduce|sort|keys|values|entries|isArray|has|get|at|now|getTime|toString|safeParse|validate|replace|match|test|concat|flat|from|isBefore|isAfter|diff|differenceIn\w*|all|allSettled)$/;

/** What is read of an answer, the last first: `url`, `issue`, `metadata` of `order.metadata.issue.url`. */
type Path = readonly string[];

function further(path: Path, key: string | undefined): Path {
  return key === undefined ? path : [...path, key];
}

function pathOf(key: string | undefined): Path {
  return key === undefined ? [] : [key];
}

/** What outside is asked for the value of an expression, through names, patterns and arguments. */
export function askedBy(ev: Evaluation, tested: Ref, running: FunctionNode): Asked[] {
  const found: Asked[] = [];
  const seen = new Map<Node, Set<string>>();
  const tell = (query: Ref<Query>, [property, ...through]: Path): void => {
    found.push({ query, property, through });
  };
  const visit = (ref: Ref, path: Path, depth: number): void => {
    const node = unwrap(ref.node);
    const before = seen.get(node) ?? new Set();
    const key = path.join('.');
    if (depth > MAX_DEPTH || before.has(key)) return;
    seen.set(node, before.add(key));
    switch (node.type) {
      case 'MemberExpression':
        visit(
          beside(ref, node.object),
          isNamed(path[0]) ? further(path, keyName(node)) : pathOf(keyName(node)),
          depth,
        );
        return;
      case 'CallExpression': {
        const name = calleeName(node.callee) ?? '';
        const callee = unwrap(node.callee);
        const call = beside(ref, node);
        if (!PURE.test(name) || isAwaited(node)) {
          if (isAwaited(node) || isAsking(ev, call)) {
            // `await Promise.all([...])`, and what only waits for a value
            if (/^(?:all|allSettled)$/.test(name))
              for (const argument of node.arguments) visit(beside(ref, argument), path, depth + 1);
            else tell(call, path);
            return;
          }
        }
        const answers = answersOf(ev, call);
        for (const answer of answers) visit(answer, path, depth + 1);
        if (callee.type === 'MemberExpression') visit(beside(ref, callee.object), path, depth + 1);
        // That `isWeb(device)` says no does not say that there is no device.
        const given = answers.length > 0 && path.length === 0 ? [GIVEN] : path;
        for (const argument of node.arguments)
          if (isFunction(argument)) visitTests(beside(ref, argument), depth + 1);
          else visit(beside(ref, argument), given, depth + 1);
        return;
      }
      case 'TaggedTemplateExpression':
        // `await sql`...``
        if (isAwaited(node)) tell(beside(ref, node), path);
        return;
      case 'Identifier':
        visitName(beside(ref, node), path, depth + 1);
        return;
      case 'ObjectExpression': {
        const wanted = path.at(-1);
        for (const part of node.properties)
          if (part.type === 'SpreadElement' || !isNamed(wanted) || keyName(part) === undefined)
            visit(beside<Node>(ref, part), path, depth);
          else if (keyName(part) === wanted) visit(beside<Node>(ref, part.value), path.slice(0, -1), depth);
        return;
      }
      default:
        if (isFunction(node)) return;
        for (const child of ref.module.childrenOf(node)) visit(beside(ref, child), path, depth);
    }
  };
  /** `items.filter((item) => !item.sentAt)` */
  const visitTests = (fn: Ref<FunctionNode>, depth: number): void => {
    for (const part of nodesBelow(fn.module, fn.node.body)) {
      if (part.type !== 'MemberExpression') continue;
      // `!known.includes(id)`: whether it is among what was found before.
      const isCompared = part.parent.type === 'CallExpression' && COMPARES.test(keyName(part) ?? '');
      visit(beside<Node>(fn, isCompared ? part.object : part), isCompared ? [COMPARED] : [], depth);
    }
  };
  const visitName = (ref: Ref<TSESTree.Identifier>, path: Path, depth: number): void => {
    const variable = ref.module.variableOf(ref.node);
    const definition = variable?.defs[0];
    const declared = variable?.identifiers[0] as Node | undefined;
    if (!variable || !definition || !declared) return;
    if ((definition.type as string) === 'Parameter') {
      const fn = definition.node as FunctionNode;
      const parameter = parameterOf(fn, declared);
      const argument = parameter && frameOf(ref.frame, fn)?.args[parameter.index];
      if (argument && !('kind' in argument))
        visit(argument, path.length > 0 ? path : pathOf(keyIn(parameter.pattern, declared)), depth);
      // An element of a list that is gone through: what the list was asked from.
      else if (fn !== running && runsInPlace(fn)) {
        const call = outermost(fn).parent;
        const callee = call?.type === 'CallExpression' ? unwrap(call.callee) : undefined;
        if (callee?.type === 'MemberExpression') visit(beside(ref, callee.object), path, depth);
      }
      return;
    }
    for (const { writeExpr } of variable.references) {
      if (!writeExpr) continue;
      const pattern = (definition.node as { id?: Node }).id;
      const element = pattern && elementFor(pattern, declared, writeExpr);
      if (element) {
        visit(beside(ref, element), path, depth);
        continue;
      }
      const taken = pattern && keyIn(pattern, declared);
      visit(
        beside(ref, writeExpr),
        isNamed(path[0]) ? further(path, taken) : taken === undefined ? path : [taken],
        depth,
      );
    }
    for (const put of collectedIn(ref, variable)) visit(beside(ref, put), [COLLECTED], depth);
  };
  visit(tested, [], 0);
  return found;
}

const COMPARES = /^(?:includes|has|some|find|findIndex|indexOf)$/;
/** Stands for the property where a list is searched for something. */
const COMPARED = 'compared';
/** The same where the list was filled from an answer before. */
export const COLLECTED = 'collected';
/** The same where a function is given the answer, and looks at some of it. */
export const GIVEN = 'given';

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
export function isNamed(property: string | undefined): property is string {
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

/**
 * What was put into a set, map or list before it is asked, in a loop of its own: `for (const row of rows) known.add(row.id)`.
 * What the asking loop puts there itself tells of this run only.
 */
function collectedIn({ node: asked }: Ref, { defs, references }: Variable): Node[] {
  const { parent: asking } = outermost(asked);
  if (asking?.type !== 'MemberExpression' || !/^(?:has|includes|get)$/.test(keyName(asking) ?? '')) return [];
  const made = (defs[0]?.node as { init?: Node | null } | undefined)?.init;
  if (made?.type !== 'NewExpression' && made?.type !== 'ArrayExpression') return [];
  return references.flatMap(({ identifier }) => {
    const { parent } = outermost(identifier);
    if (parent?.type !== 'MemberExpression') return [];
    const call = outermost(parent).parent;
    if (call?.type !== 'CallExpression' || unwrap(call.callee) !== parent) return [];
    if (!/^(?:add|set|push)$/.test(keyName(parent) ?? '')) return [];
    const isBefore = call.range[0] < asked.range[0];
    return isBefore && !roundsAround(call).some(({ at }) => contains(at, asked)) ? call.arguments : [];
  });
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
function isAnswerItself(property: string): boolean {
  return (
    property === GIVEN ||
    /^(?:length|rows|rowCount|count|affected\w*|modifiedCount|matchedCount|numUpdatedRows|size|data|docs|hits|items|\d+)$/.test(
      property,
    )
  );
}
