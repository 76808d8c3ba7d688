/**
 * What can stop a second run of a job before an effect: a test of stored state, or something that only one run gets.
 * Looked for on the whole way to the effect, in each function up to the call that leads on.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { calleesOf } from '../calls/callees.ts';
import { guardsOf, isForFailure } from '../calls/failures.ts';
import { roundsAround } from '../calls/rounds.ts';
import { asksDatabase } from '../entities/sent-queries.ts';
import { flowOf, type Decision, type Flow } from '../flow/flow.ts';
import { declaredAs } from '../source/declared.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  contains,
  decoratorsOf,
  isFunction,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { returnsOf } from '../values/functions.ts';
import type { Ref } from '../values/value.ts';
import { answersClaim, isClaimName, saysNotExists } from './claims.ts';
import { stagesOf, type Effect, type ReachedEffect, type Stage } from './effect.ts';
import { isUniqueInsert } from './kinds/noticed.ts';
import { keepsOut, statementOf } from './sql.ts';
import { meaningOf, type Meaning } from './state-tests.ts';
import type { Query } from './write-answers.ts';

export interface Protection {
  /** A test of stored state, by which a second run ends early. */
  state: boolean;
  /** Only one run gets past: a compare-and-set, `SET NX`, a row under a unique key, a lock of its own. */
  claim: boolean;
  /** The row that is tested is locked. */
  rowLock: boolean;
}

/** What protects an effect from being repeated by a second run of its job. */
export function protectionOf<E extends Effect>(ev: Evaluation, reached: ReachedEffect<E>): Protection {
  const found: Protection = { state: false, claim: false, rowLock: false };
  for (const stage of stagesOf(reached)) {
    if (isWrapped(stage)) found.claim = true;
    const flow = flowOf(stage.fn.module, stage.fn.node);
    // What cannot be seen may be protected.
    if (!flow?.has(stage.at.node)) return { state: true, claim: true, rowLock: true };
    for (const { test, when } of flow.decisionsBefore(stage.at.node))
      note(found, meaningOf(ev, beside(stage.at, test), when, stage.fn.node));
    for (const node of bodyOf(stage.fn.module, stage.fn.node)) {
      if (!isQuery(node) || node === stage.at.node || !hasRun(flow, node, stage.at.node)) continue;
      if (ROW_LOCK.test(stage.fn.module.textOf(node))) found.rowLock = true;
      if (node.type !== 'CallExpression') continue;
      noteCall(ev, found, beside(stage.at, node), 0);
      const call = beside(stage.at, node);
      if (isInsert(ev, call) && isRefused(flow, node, stage.at.node) && isUniqueInsert(ev, call))
        found.claim = true;
    }
  }
  return found;
}

/**
 * Whether an effect is had for claimed things alone: in some function on the way a test before it, in each of its
 * rounds where it has any, asks whether this run got the thing, or the list has what was claimed or is not done yet.
 * A lock is no such thing: it is free again when the second run comes. Nor is a look at a row: two runs can both
 * find it missing.
 */
export function isClaimed<E extends Effect>(ev: Evaluation, reached: ReachedEffect<E>): boolean {
  return stagesOf(reached).some((stage) => isClaimedIn(ev, stage));
}

function isClaimedIn(ev: Evaluation, { fn, at }: Stage): boolean {
  const { module, node } = at;
  const within = fn.node;
  const rounds = roundsAround(node, within);
  if (rounds.some(({ list }) => list && isClaimedList(ev, beside(at, list), within))) return true;
  const flow = flowOf(module, within);
  if (!flow?.has(node)) return true;
  return flow.decisionsBefore(node).some(({ test, when }) => {
    const tested = beside(at, test);
    return meaningOf(ev, tested, when, within) === 'claim' || asksClaimingHelper(ev, tested);
  });
}

/** `for (const due of await claimDue())`, `ids.filter((id) => !done.has(id))` with what was found; also by a name. */
function isClaimedList(ev: Evaluation, list: Ref, within: FunctionNode): boolean {
  let node = declaredAs(list.module, list.node);
  if (node.type === 'AwaitExpression') node = unwrap(node.argument);
  if (node.type !== 'CallExpression') return false;
  const name = calleeName(node.callee) ?? '';
  if (answersClaim(name)) return true;
  const [chosen] = node.arguments;
  if (name !== 'filter' || chosen?.type !== 'ArrowFunctionExpression') return false;
  const test = unwrap(chosen.body);
  return (
    test.type === 'UnaryExpression' &&
    test.operator === '!' &&
    /^(?:has|includes)$/.test(calleeName(callOf(test.argument)?.callee ?? test) ?? '') &&
    meaningOf(ev, beside(list, test), true, within) === 'state'
  );
}

function callOf(node: Node): TSESTree.CallExpression | undefined {
  const call = unwrap(node);
  return call.type === 'CallExpression' ? call : undefined;
}

/** `if (!(await isFirst(id))) continue`, where the function answers what a claim has told it. */
function asksClaimingHelper(ev: Evaluation, { module, node, frame }: Ref): boolean {
  let asked = unwrap(node);
  if (asked.type === 'UnaryExpression') asked = unwrap(asked.argument);
  asked = declaredAs(module, asked);
  if (asked.type === 'AwaitExpression') asked = unwrap(asked.argument);
  if (asked.type !== 'CallExpression') return false;
  return calleesOf(ev, { module, node: asked, frame }).some((callee) => {
    if (callee.kind !== 'function') return false;
    const { module: there, node: fn, frame: outer } = callee.at;
    const answers = returnsOf(there, fn);
    return answers.some((answer) => meaningOf(ev, here(there, answer, outer), true, fn) === 'claim');
  });
}

function note(found: Protection, meaning: Meaning | undefined): void {
  if (meaning === 'state') found.state = true;
  if (meaning === 'claim') found.claim = true;
}

const ROW_LOCK =
  /\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b|\bforUpdate\b|\bforNoKeyUpdate\b|pessimistic_(?:\w*_)?write|PESSIMISTIC_WRITE|\bfor\(\s*['"]update|lock:\s*(?:true|\w+\.LOCK|['"{])|advisory_(?:xact_)?lock/i;

/** `redlock.using()`, `this.mutex.runExclusive()`, `acquireLock()` */
function isClaim({ module, node }: Ref<TSESTree.CallExpression>): boolean {
  return isClaimName(
    module
      .textOf(node.callee)
      .replace(/\([^]*?\)/g, '')
      .slice(-60),
  );
}

/** Whether a function is run through a decorator or wrapper that lets one run in. */
function isWrapped({ fn }: Stage): boolean {
  const { node, module } = fn;
  const owner = outermost(node).parent;
  const named = owner?.type === 'MethodDefinition' ? decoratorsOf(owner) : [];
  if (named.some(({ expression }) => namesIn(module, expression).some(isClaimName))) return true;
  return owner?.type === 'CallExpression' && isClaimName(module.textOf(owner.callee).slice(-60));
}

/**
 * The names of what a decorator runs: its own and those of the classes and functions that it is given, as of
 * `@UseInterceptors(LockInterceptor)`. What a job is called tells nothing: `@Process(JobName.CLAIMED)`.
 */
function namesIn(module: SourceModule, decorator: Node): string[] {
  if (decorator.type !== 'CallExpression') return [module.textOf(decorator)];
  const given = decorator.arguments.map((argument) =>
    argument.type === 'NewExpression' || argument.type === 'CallExpression' ? argument.callee : argument,
  );
  return [decorator.callee, ...given.filter(namesCode)].map((part) => module.textOf(part));
}

/** Whether a name is that of a class or function, and not of a constant. */
function namesCode(node: Node): boolean {
  return node.type === 'Identifier' && /[a-z]/.test(node.name);
}

function isQuery(node: Node): node is Query {
  return node.type === 'CallExpression' || node.type === 'TaggedTemplateExpression';
}

/** Whether a query has begun on every way to a node: before it, or around what it is given. */
function hasRun(flow: Flow, query: Query, at: Node): boolean {
  if (!contains(query, at)) return flow.isAlwaysBefore(query, at);
  return query.type === 'CallExpression' && isGivenTo(query, at);
}

/** Whether a node stands in what a call is given, and not in what is called. */
function isGivenTo(call: TSESTree.CallExpression, node: Node): boolean {
  return call.arguments.some((argument) => contains(argument, node));
}

const MAX_DEPTH = 2;

/** A call that has run on every way to the effect, or is around it. */
function noteCall(
  ev: Evaluation,
  found: Protection,
  call: Ref<TSESTree.CallExpression>,
  depth: number,
): void {
  if (isClaim(call) || call.node.arguments.some(saysNotExists)) found.claim = true;
  if (depth >= MAX_DEPTH) return;
  for (const callee of calleesOf(ev, call)) {
    if (callee.kind !== 'function') continue;
    const { module: there, node: fn } = callee.at;
    const flow = flowOf(there, fn);
    const body = bodyOf(there, fn);
    if (ROW_LOCK.test(there.textOf(fn))) found.rowLock = true;
    // `await ensureNotSent(order)`: it goes on only where it has not thrown.
    for (const { test, when } of flow ? decisionsOnThrows(flow, fn, body) : [])
      note(found, meaningOf(ev, here(there, test, callee.at.frame), !when, fn));
    for (const inner of body) {
      if (inner.type !== 'CallExpression') continue;
      const at = here(there, inner, callee.at.frame) as Ref<TSESTree.CallExpression>;
      if (isClaim(at) || refusesSecond(ev, fn, at)) found.claim = true;
    }
  }
}

/**
 * What decides whether a function throws, and goes on by the other result: of `if (!user) throw ...; if (!trophy) throw ...`
 * the second throws where there is a user, but without one nothing goes on.
 */
function decisionsOnThrows(flow: Flow, fn: FunctionNode, body: readonly Node[]): Decision[] {
  const throws = body
    // What is thrown where something has failed says nothing of what was done before.
    .filter((node) => node.type === 'ThrowStatement' && !isForFailure(fn, node))
    .map((node) => flow.decisionsBefore(node));
  const has = (decisions: readonly Decision[], { test, when }: Decision): boolean =>
    decisions.some((one) => one.test === test && one.when === when);
  return throws.flatMap((decisions) =>
    decisions.filter((decision) => {
      const other = { test: decision.test, when: !decision.when };
      return !throws.some(
        (others) =>
          has(others, other) && others.every((one) => one.test === other.test || has(decisions, one)),
      );
    }),
  );
}

/** Whether a helper always inserts a row that a second run cannot insert again, and fails then. */
function refusesSecond(ev: Evaluation, helper: FunctionNode, call: Ref<TSESTree.CallExpression>): boolean {
  return (
    isInsert(ev, call) &&
    flowOf(call.module, helper)?.decisionsBefore(call.node).length === 0 &&
    guardsOf(helper, call.node).length === 0 &&
    (asksDatabase(ev, call) || statementOf(ev, call) !== undefined) &&
    isUniqueInsert(ev, call)
  );
}

/** Whether a call may add a row, by its name or by the statement that it sends; not one that minds no other row. */
function isInsert(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const statement = statementOf(ev, call);
  if (statement) return statement.verb === 'insert' && !keepsOut(statement);
  return INSERTS.test(calleeName(call.node.callee) ?? '');
}

const INSERTS = /^(?:create|insert|insertOne|save|values)$/;

/** Whether nothing that follows an insert runs when the row is there: no `catch` around it leads on. */
function isRefused(flow: Flow, call: TSESTree.CallExpression, at: Node): boolean {
  for (let node = call.parent as Node | undefined; node && !isFunction(node); node = node.parent)
    if (
      node.type === 'TryStatement' &&
      node.handler &&
      contains(node.block, call) &&
      !contains(node.block, at)
    )
      return !flow.canFollow(node.handler, at);
  return true;
}
