/**
 * What a test on the way to an effect is about: stored state that a first run of the job changes, or something else
 * (the input, a preference, whether a record exists).
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { runsInPlace } from '../calls/body.ts';
import { calleesOf, enteredBy } from '../calls/callees.ts';
import { lookupOf } from '../entities/record.ts';
import type { SourceModule } from '../source/module.ts';
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
import { answersClaim } from './claims.ts';
import {
  asksForStateByText,
  conditionOf,
  hasCondition,
  isWrite,
  saysWhatIs,
  tellsFirst,
  type Query,
} from './write-answers.ts';

/** `claim` where the question itself lets only one run in. */
export type Meaning = 'state' | 'claim';

/** Something outside that a test asks, and the property of the answer that it looks at. */
export interface Asked {
  query: Ref<Query>;
  /** The last property that is read of the answer; absent where the answer itself is tested. */
  property: string | undefined;
}

/** Names that tell how far something has come. */
const STATE =
  /status|state|phase|stage|step|sent|process|complet|finish|done|deliver|notif(?:ied|iedAt)|paid|charg|publish|sync|handled|execut|claim|lock|attempt|version|At$|_at$|already|pending|duplicate|ed$/i;
/** What is a part of a record that no run of a job changes, or of the answer of a service. */
const NO_STATE =
  /^(?:_?id|uuid|name|type|kind|role|roles|locale|language|title|content|text|html|body|data|headers|length|size|ok|success|valid|message|amount|total|price|currency|plan|items|enabled|disabled|active|isActive|verified|isVerified|config|settings|secret|value|url|user|owner|customer|account|email|phone|isEnabled|\w*(?:emails?|phones?|phoneNumbers?|address|addresses|urls?|tokens?|keys?|ids?|preferences?|enabled|settings|config|secret|opt(?:ed)?(?:in|out)|subscri\w*|webhook\w*|role|language|locale|names?))$/i;
/** Functions that look something up by their names. */
const READS =
  /^(?:find|get|load|fetch|read|retrieve|lookup|query|select|search|resolve|list|hget|mget|exists|has|is|are|one|first|all)(?![a-z])/;

/**
 * What a test means for a second run; `undefined` where it stops none. `when` is the result by which the effect is
 * reached, `running` the function around.
 */
export function meaningOf(
  ev: Evaluation,
  test: Ref,
  when: boolean,
  running: FunctionNode,
): Meaning | undefined {
  const { node } = test;
  if (node.type === 'SwitchCase') {
    const { discriminant } = node.parent;
    return meaningOfValue(ev, beside(test, discriminant), undefined, running);
  }
  if (comparesWithBeing(test) && !setsStatus(test.module)) return undefined;
  return meaningOfValue(ev, test, isByPresence(unwrap(node), when), running);
}

/** `user.status === 'active'`: what a thing is, whatever the job does. */
function comparesWithBeing({ node }: Ref): boolean {
  return (
    node.type === 'BinaryExpression' &&
    [node.left, node.right].some(
      (side) =>
        (side.type === 'Literal' && typeof side.value === 'string' && BEING.test(side.value)) ||
        (side.type === 'MemberExpression' && BEING.test(keyName(side) ?? '')),
    )
  );
}

const BEING =
  /^(?:in)?active$|^(?:en|dis)abled$|^(?:dis)?connected$|^(?:un)?verified$|^(?:un)?available$|^(?:un)?blocked$|^banned$|^suspended$|^(?:on|off)line$|^public$|^private$/i;

/** Whether the effect is reached when the value is there (`true`), when it is not, or by another question. */
export function isByPresence(test: Node, when: boolean): boolean | undefined {
  switch (test.type) {
    case 'Identifier':
    case 'MemberExpression':
    case 'AwaitExpression':
    case 'CallExpression':
      return when;
    case 'UnaryExpression':
      return test.operator === '!' ? isByPresence(unwrap(test.argument), !when) : undefined;
    case 'BinaryExpression': {
      const { operator, right } = test;
      const isNone =
        (right.type === 'Literal' && (right.value === null || right.value === 0 || right.value === false)) ||
        (right.type === 'Identifier' && right.name === 'undefined');
      if (isNone && /^===?$/.test(operator)) return !when;
      if (isNone && (/^!==?$/.test(operator) || operator === '>')) return when;
      if (right.type === 'Literal' && right.value === 1 && operator === '<') return !when;
      if (right.type === 'Literal' && right.value === 1 && operator === '>=') return when;
      return undefined;
    }
    default:
      return undefined;
  }
}

function meaningOfValue(
  ev: Evaluation,
  tested: Ref,
  byPresence: boolean | undefined,
  running: FunctionNode,
): Meaning | undefined {
  if (asksJob(tested)) return 'state';
  let found: Meaning | undefined;
  for (const asked of askedBy(ev, tested, running)) {
    const meaning = meaningOfAnswer(ev, asked, byPresence, beside(tested, running));
    if (meaning === 'claim') return meaning;
    found ??= meaning;
  }
  return found;
}

/** How often the job has been tried, how far it has come. */
function asksJob({ module, node }: Ref): boolean {
  return /\.(?:attemptsMade|attemptsStarted|stalledCounter|progress|returnvalue)\b|\bdata\??\.(?:step|stage|phase|cursor|\w*(?:sent|done|processed|completed)\w*)\b/i.test(
    module.textOf(node),
  );
}

function meaningOfAnswer(
  ev: Evaluation,
  { query, property }: Asked,
  byPresence: boolean | undefined,
  running: Ref<FunctionNode>,
): Meaning | undefined {
  const { module, node } = query;
  const name = node.type === 'CallExpression' ? (calleeName(node.callee) ?? '') : '';
  if (/\bNX\b/i.test(module.textOf(node)) || answersClaim(name)) return 'claim';
  if (isWrite(ev, query)) return tellsFirst(query) ? 'claim' : undefined;
  if (isOfService(ev, query)) return undefined;
  if (property !== undefined && !isAnswerItself(property))
    return tellsProgress(property) || isWrittenIn(running.module, property) ? 'state' : undefined;
  // Something is there that a first run has left, or not there any more.
  if (byPresence === false) return 'state';
  const asks = asksForState(ev, query, setsStatus(running.module));
  if (asks !== undefined) return asks ? 'state' : undefined;
  return READS.test(name) && !tellsProgress(name) ? undefined : 'state';
}

/** Whether the name of a property tells how far the work on a record has come, not what the record is. */
function tellsProgress(property: string): boolean {
  if (saysWhatIs(property)) return false;
  return NO_STATE.test(property) ? /(?:sent|status|state|_?at)$/i.test(property) : STATE.test(property);
}

const written = new WeakMap<SourceModule, ReadonlySet<string>>();

/** Whether code of the file gives a property a value, as a run of the job may do: `{ externalId: charge.id }`. */
function isWrittenIn(module: SourceModule, property: string): boolean {
  let keys = written.get(module);
  if (!keys) written.set(module, (keys = new Set(writtenKeys(module))));
  if (keys.has(property)) return true;
  // `cancelledAt` is changed by `markCancelled()`, wherever that is.
  const [stem] =
    /cancel|lock|block|\bban|delet|archiv|suspend|disabl|enabl|remov|activat|subscri|verif|approv|connect|expir/i.exec(
      property,
    ) ?? [];
  return (
    stem !== undefined &&
    new RegExp(`\\b(?:(?:mark|set|update|save)\\w*)?${stem}\\w*\\(`, 'i').test(module.text)
  );
}

/** Whether code of the file gives a status a value. */
function setsStatus(module: SourceModule): boolean {
  return isWrittenIn(module, 'status') || isWrittenIn(module, 'state');
}

function writtenKeys(module: SourceModule): string[] {
  const given = module.nodes('ObjectExpression').flatMap((object) => {
    const { parent } = outermost(object);
    // What is set by a write stands in its arguments, alone or under such a name.
    const isSet =
      parent?.type === 'Property'
        ? /^(?:data|set|\$set|\$setOnInsert|update|create|values|defaults)$/.test(keyName(parent) ?? '')
        : parent?.type === 'CallExpression' && WRITES.test(calleeName(parent.callee) ?? '');
    return isSet ? object.properties.flatMap((one) => (one.type === 'Property' ? [keyName(one)] : [])) : [];
  });
  const assigned = module
    .nodes('AssignmentExpression')
    .map(({ left }) => (left.type === 'MemberExpression' ? keyName(left) : undefined));
  return [...given, ...assigned].filter((key) => key !== undefined);
}

const WRITES =
  /^(?:update|set|save|patch|insert|create|upsert|merge|mark|assign|findOneAndUpdate|findByIdAndUpdate)/;

/** `rows.length`, `result.count`, `result.rows`: the answer, in another form. */
function isAnswerItself(property: string): boolean {
  return /^(?:length|rows|rowCount|count|affected\w*|modifiedCount|matchedCount|numUpdatedRows|size|data|docs|hits|items|\d+)$/.test(
    property,
  );
}

/** Whether a lookup asks for a state; `undefined` where it cannot be seen what is looked up. */
function asksForState(ev: Evaluation, query: Ref<Query>, isSet: boolean): boolean | undefined {
  const { module, node } = query;
  if (asksForStateByText(conditionOf(module, node), isSet)) return true;
  if (node.type !== 'CallExpression') return false;
  const isLookup = membersOf(present(ev.evaluate(query))).some(
    (value) => value.kind === 'external' && lookupOf(ev, value) !== undefined,
  );
  const functions = calleesOf(ev, { ...query, node }).flatMap((callee) =>
    callee.kind === 'function' ? [callee.at] : [],
  );
  if (functions.length > 0)
    return tellsProgress(calleeName(node.callee) ?? '') || functions.some((fn) => findsByState(fn, isSet));
  return isLookup ? false : undefined;
}

/** Whether a function looks for what is in some state, by the conditions of its queries. */
function findsByState({ module, node }: Ref<FunctionNode>, isSet: boolean): boolean {
  return ownNodes(module, node).some(
    (part) =>
      (part.type === 'TaggedTemplateExpression' && asksForStateByText(module.textOf(part), isSet)) ||
      (part.type === 'CallExpression' &&
        hasCondition(part) &&
        asksForStateByText(conditionOf(module, part), isSet)),
  );
}

/** Answers of other servers say whether they have done something now, not whether it was done before. */
function isOfService(ev: Evaluation, query: Ref): boolean {
  return membersOf(present(ev.evaluate(query))).some(
    (value) =>
      value.kind === 'external' &&
      /^(?:global:\.fetch\(\)|(?:axios|got|ky|node-fetch|undici|superagent|ofetch|nodemailer|stripe|openai|twilio|zod|joi|yup)\b)/.test(
        value.path,
      ),
  );
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
