/**
 * What a test on the way to an effect is about: stored state that a first run of the job changes, or something else
 * (the input, a preference, whether a record exists).
 */
import { calleesOf } from '../calls/callees.ts';
import { lookupOf } from '../entities/record.ts';
import { declaredAs } from '../source/declared.ts';
import type { SourceModule } from '../source/module.ts';
import { calleeName, keyName, outermost, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow, ownNodes } from '../values/functions.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import { askedBy, COLLECTED, GIVEN, isNamed, type Asked } from './asked.ts';
import { answersClaim } from './claims.ts';
import { endsByOthers, withoutEndedByOthers } from './ended-by-others.ts';
import { isCountedIn } from './relative-writes.ts';
import {
  asksForStateByText,
  comparesWithBeing,
  keptByJob,
  isPartWrittenIn,
  isWrittenIn,
  setsStatus,
  tellsProgress,
} from './state-names.ts';
import { tableOf } from './tables.ts';
import { conditionOf, hasCondition, isUpdate, isWrite, tellsFirst, type Query } from './write-answers.ts';

/** `claim` where the question itself lets only one run in. */
export type Meaning = 'state' | 'claim';

/** Functions that look something up by their names. */
const READS =
  /^(?:find|get|load|fetch|read|retrieve|lookup|query|select|search|resolve|list|hget|mget|exists|has|is|are|one|first|all)(?![a-z])/;

/** Of these, those that may find nothing: also at another server, `moco.findCustomerByEmail()`. */
const LOOKS_UP = /^(?:find|lookup|search|exists|has)(?![a-z])/;

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
  if (comparesWithBeing(test) && !setsStatusAsked(ev, test, running)) return undefined;
  if (asksForOwner(unwrap(node), when)) return undefined;
  const compared = comparedIn(test);
  if (asksForAmount(ev, compared, running) || endsByOthers(ev, compared, when, running)) return undefined;
  return meaningOfValue(ev, test, isByPresence(unwrap(node), when), running);
}

/** Whether code of the file sets the status that a test looks at, as far as it can be told whose it is. */
function setsStatusAsked(ev: Evaluation, test: Ref, running: FunctionNode): boolean {
  const asked = askedBy(ev, test, running);
  if (asked.length === 0) return setsStatus(test.module);
  return asked.some(({ query, through }) =>
    // What hangs on the record that is found is of another table.
    setsStatus(test.module, through.length > 0 ? undefined : tableAsked(query)),
  );
}

/** The table that a query is to; `undefined` where it asks for the status of what hangs on its rows. */
function tableAsked({ module, node, frame }: Ref<Query>): string | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const isOfOther = nodesBelow(module, node).some(
    (part) =>
      part.type === 'Property' && /^(?:status|state)$/.test(keyName(part) ?? '') && isNested(part, node),
  );
  return isOfOther ? undefined : tableOf({ module, node, frame });
}

/** Whether a condition is below the name of a relation: `where: { owner: { status: 'active' } }`. */
function isNested(condition: Node, query: Node): boolean {
  for (let node = condition.parent; node && node !== query; node = node.parent)
    if (node.type === 'Property' && !/^(?:where|and|or|not|\$\w+)$/i.test(keyName(node) ?? '')) return true;
  return false;
}

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

/** `if (order.sellerId !== sellerId) throw ...`: whose the record is, which is the same in every run. */
function asksForOwner(test: Node, when: boolean): boolean {
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return false;
  const names = [test.left, test.right].map((side) => lastName(unwrap(side)));
  return test.operator.startsWith('!') !== when && names[0] === names[1] && OWNER_ID.test(names[0] ?? '');
}

const OWNER_ID =
  /^\w*(?:user|owner|seller|buyer|customer|client|tenant|org|organi[sz]ation|company|workspace|account|team|author|member|merchant|vendor|store|shop)_?id$/i;

function lastName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? keyName(node) : undefined;
}

/** What a test compares, by whatever name it was kept: `const isCovered = wallet.balance >= amount`. */
function comparedIn(test: Ref): Ref {
  const node = unwrap(test.node);
  return beside(test, node.type === 'Identifier' ? declaredAs(test.module, node) : node);
}

/**
 * Whether a test asks if there is enough of what the job adds to or takes from: `wallet.balance < amount`. A second run
 * finds enough as well, most times.
 */
function asksForAmount(ev: Evaluation, test: Ref, running: FunctionNode): boolean {
  return (
    test.node.type === 'BinaryExpression' &&
    /^[<>]=?$/.test(test.node.operator) &&
    askedBy(ev, test, running).some(
      ({ property }) =>
        property !== undefined && !tellsProgress(property) && isCountedIn(test.module, property),
    )
  );
}

function meaningOfValue(
  ev: Evaluation,
  tested: Ref,
  byPresence: boolean | undefined,
  running: FunctionNode,
): Meaning | undefined {
  if (asksJob(tested) || asksKept(tested)) return 'state';
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

/** What the job keeps of its work: `if (!job.data.noticeId) ...; await job.updateData({ ...job.data, noticeId })`. */
function asksKept({ module, node }: Ref): boolean {
  const kept = keptByJob(module);
  if (kept.size === 0) return false;
  return nodesBelow(module, node).some((part) => {
    if (part.type === 'MemberExpression')
      return kept.has(keyName(part) ?? '') && isJobData(declaredAs(module, part.object));
    return part.type === 'Identifier' && kept.has(part.name) && isJobData(declaredAs(module, part));
  });
}

function isJobData(node: Node): boolean {
  return node.type === 'MemberExpression' && keyName(node) === 'data';
}

function meaningOfAnswer(
  ev: Evaluation,
  { query, property, through }: Asked,
  byPresence: boolean | undefined,
  running: Ref<FunctionNode>,
): Meaning | undefined {
  const { module, node } = query;
  const name = node.type === 'CallExpression' ? (calleeName(node.callee) ?? '') : '';
  if (/\bNX\b/i.test(module.textOf(node)) || answersClaim(name)) return 'claim';
  if (isWrite(ev, query)) {
    if (tellsFirst(query)) return 'claim';
    // `if (updated.length > 0) continue`: the row that a first run has added is changed by the second.
    return byPresence === false && isUpdate(query) ? 'state' : undefined;
  }
  if (isOfService(ev, query) && !(byPresence === false && LOOKS_UP.test(name))) return undefined;
  if (property === COLLECTED) return byPresence === false ? 'state' : undefined;
  const isGiven = property === GIVEN;
  if (isNamed(property))
    return tellsProgress(property) ||
      // What a run must find there does not stop the next one, unless it is taken away.
      isWrittenIn(running.module, property, byPresence === true) ||
      (byPresence !== true && [property, ...through].some((part) => isPartWrittenIn(running.module, part)))
      ? 'state'
      : undefined;
  // Something is there that a first run has left, or not there any more.
  if (byPresence === false && !isGiven) return asksForRefusal(query) ? undefined : 'state';
  const asks = asksForState(ev, query, running);
  if (asks !== undefined) return asks ? 'state' : undefined;
  return READS.test(name) && !tellsProgress(name) ? undefined : 'state';
}

/** Whether a lookup asks who must not be served at all: that stays as it is, however often the job runs. */
function asksForRefusal({ module, node, frame }: Ref<Query>): boolean {
  if (node.type !== 'CallExpression') return false;
  const key = node.arguments[0];
  const isKept = key !== undefined && isStoredUnder(module, module.textOf(key));
  return REFUSAL.test(
    [
      tableOf({ module, node, frame }),
      calleeName(node.callee),
      ...(isKept ? [] : [keyText(module, key), nameOfAnswer(node)]),
    ].join(' '),
  );
}

/** The key by which a store is asked: `suppressed` of `redis.sismember('suppressed', address)`. */
function keyText(module: SourceModule, key: Node | undefined): string | undefined {
  const text = key && key.type !== 'ObjectExpression' ? module.textOf(key) : '';
  return /^[\w:.'"`${}()-]+$/.test(text) ? text : undefined;
}

/** `isBlocked` of `const isBlocked = await redis.exists(key)` */
function nameOfAnswer(call: Node): string | undefined {
  const made = outermost(call).parent;
  const owner = made?.type === 'AwaitExpression' ? outermost(made).parent : made;
  return owner?.type === 'VariableDeclarator' && owner.id.type === 'Identifier' ? owner.id.name : undefined;
}

/** Whether code of the file puts something under a key, as a run of the job may do. */
function isStoredUnder(module: SourceModule, key: string): boolean {
  return module
    .nodes('CallExpression')
    .some(
      ({ callee, arguments: [first] }) =>
        STORES.test(calleeName(callee) ?? '') && first !== undefined && module.textOf(first) === key,
    );
}

const STORES = /^(?:set(?:ex|nx|Ex|NX)?|psetex|[sz]add|[sz]Add|hset|hSet|[lr]push|[lr]Push|incr(?:by)?)$/;
const REFUSAL =
  /block(?:ed|list)|black_?list|deny_?list|unsubscri|suppress|opt(?:ed)?_?out|bounced?\b|banned/i;

/**
 * Whether a lookup asks for a state that code of the job's file may set; `undefined` where it cannot be seen what is
 * looked up.
 */
function asksForState(ev: Evaluation, query: Ref<Query>, running: Ref<FunctionNode>): boolean | undefined {
  const { node } = query;
  if (conditionAsksForState(ev, query, running)) return true;
  if (node.type !== 'CallExpression') return false;
  const isLookup = membersOf(present(ev.evaluate(query))).some(
    (value) => value.kind === 'external' && lookupOf(ev, value) !== undefined,
  );
  const functions = calleesOf(ev, { ...query, node }).flatMap((callee) =>
    callee.kind === 'function' ? [callee.at] : [],
  );
  if (functions.length > 0)
    return (
      tellsProgress(calleeName(node.callee) ?? '') || functions.some((fn) => findsByState(ev, fn, running))
    );
  return isLookup ? false : undefined;
}

/** Whether a function looks for what is in some state, by the conditions of its queries. */
function findsByState(
  ev: Evaluation,
  { module, node, frame }: Ref<FunctionNode>,
  running: Ref<FunctionNode>,
): boolean {
  return ownNodes(module, node).some(
    (part) =>
      (part.type === 'TaggedTemplateExpression' &&
        asksForStateByText(module.textOf(part), setsStatus(running.module))) ||
      (part.type === 'CallExpression' &&
        hasCondition(part) &&
        conditionAsksForState(ev, { module, node: part, frame }, running)),
  );
}

function conditionAsksForState(ev: Evaluation, query: Ref<Query>, running: Ref<FunctionNode>): boolean {
  const condition = withoutEndedByOthers(ev, conditionOf(query.module, query.node), running);
  return asksForStateByText(condition, setsStatus(running.module, tableAsked(query)));
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
