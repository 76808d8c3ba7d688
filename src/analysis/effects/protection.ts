/**
 * What can stop a second run of a job before an effect: a test of stored state, or something that only one run gets.
 * Looked for on the whole way to the effect, in each function up to the call that leads on.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { calleesOf } from '../calls/callees.ts';
import { flowOf, type Flow } from '../flow/flow.ts';
import {
  calleeName,
  contains,
  decoratorsOf,
  isFunction,
  outermost,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';
import { saysNotExists } from './claims.ts';
import type { Effect, ReachedEffect } from './effect.ts';
import { isUniqueInsert } from './kinds/noticed.ts';
import { meaningOf, type Meaning } from './state-tests.ts';

export interface Protection {
  /** A test of stored state, by which a second run ends early. */
  state: boolean;
  /** Only one run gets past: a compare-and-set, `SET NX`, a row under a unique key, a lock of its own. */
  claim: boolean;
  /** The row that is tested is locked. */
  rowLock: boolean;
}

/** A function on the way to an effect, with the call in it that leads on, or the effect itself. */
interface Stage {
  fn: Ref<FunctionNode>;
  at: Ref;
}

/** The functions on the way to an effect, each with the place where it leads on. */
function stagesOf({ way, effect }: ReachedEffect): Stage[] {
  return way.map(({ at }, index) => ({ fn: at, at: way[index + 1]?.call ?? effect.at }));
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
      if (node.type !== 'CallExpression' || node === stage.at.node) continue;
      if (
        contains(node, stage.at.node)
          ? !isGivenTo(node, stage.at.node)
          : !flow.isAlwaysBefore(node, stage.at.node)
      )
        continue;
      noteCall(ev, found, beside(stage.at, node), 0);
      if (isRefused(flow, node, stage.at.node) && isUniqueInsert(beside(stage.at, node))) found.claim = true;
    }
  }
  return found;
}

function note(found: Protection, meaning: Meaning | undefined): void {
  if (meaning === 'state') found.state = true;
  if (meaning === 'claim') found.claim = true;
}

/** Names of what lets one run in at a time, or once. */
const CLAIM =
  /(?<![bc])lock(?!file|ed$|s$|out|duration)|mutex|semaphore|idempot|dedup|claim|\bonce\b|exactlyOnce|runOnce|acquire|tryReserve|^reserve|ensureNot|ensureOnce|ensureUnique|assertNot|checkDuplicate|preventDuplicate|throwIf|^setnx$|^hsetnx$/i;
const NO_CLAIM = /unlock|release|extendLock|lockDuration|renew|moveToDelayed|getPgClient|connect/i;
const ROW_LOCK =
  /\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b|\bforUpdate\b|\bforNoKeyUpdate\b|pessimistic_(?:\w*_)?write|PESSIMISTIC_WRITE|\bfor\(\s*['"]update|lock:\s*(?:true|\w+\.LOCK|['"{])|advisory_(?:xact_)?lock/i;

function isClaimName(name: string): boolean {
  return CLAIM.test(name) && !NO_CLAIM.test(name);
}

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
  if (named.some(({ expression }) => isClaimName(module.textOf(expression).slice(0, 60)))) return true;
  return owner?.type === 'CallExpression' && isClaimName(module.textOf(owner.callee).slice(-60));
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
  const { module, node } = call;
  const text = module.textOf(node);
  if (isClaim(call) || node.arguments.some(saysNotExists)) found.claim = true;
  if (ROW_LOCK.test(text)) found.rowLock = true;
  if (depth >= MAX_DEPTH) return;
  for (const callee of calleesOf(ev, call)) {
    if (callee.kind !== 'function') continue;
    const { module: there, node: fn } = callee.at;
    const flow = flowOf(there, fn);
    const body = bodyOf(there, fn);
    if (ROW_LOCK.test(there.textOf(fn))) found.rowLock = true;
    // `await ensureNotSent(order)`: it goes on only where it has not thrown.
    for (const thrown of body)
      if (thrown.type === 'ThrowStatement')
        for (const { test, when } of flow?.decisionsBefore(thrown) ?? [])
          note(found, meaningOf(ev, here(there, test, callee.at.frame), !when, fn));
    for (const inner of body)
      if (inner.type === 'CallExpression' && isClaim({ module: there, node: inner })) found.claim = true;
  }
}

/** Whether an insert keeps what follows from running when the row is there: no `catch` around it leads on. */
function isRefused(flow: Flow, call: TSESTree.CallExpression, at: Node): boolean {
  if (!/^(?:create|insert|insertOne|save|values)$/.test(calleeName(call.callee) ?? '')) return false;
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
