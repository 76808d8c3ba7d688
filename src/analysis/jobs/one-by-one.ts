/**
 * Jobs that are added to one queue one by one, in rounds that wait for nothing else.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { runsInPlace } from '../calls/body.ts';
import { mostMembers } from '../calls/filled-lists.ts';
import { leavesLoop, roundsAround, type Round } from '../calls/rounds.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  contains,
  enclosingFunction,
  isClass,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type Node,
} from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow, returnsOf } from '../values/functions.ts';
import { lengthOf } from '../values/lengths.ts';
import { dependsOnParameter } from '../values/trace.ts';
import { numberOf, type Ref } from '../values/value.ts';
import { looksLikeEnqueue, readEnqueue, type Enqueue } from './enqueues.ts';

export interface OneByOne {
  /** The innermost of the rounds. */
  round: Round;
  /** The call in the rounds that adds the job. */
  call: TSESTree.CallExpression;
  /** Whether each round waits for its job. */
  waits: boolean;
}

/** As many round trips nobody minds. */
const FEW = 10;

/** How the job of an enqueue is one of many; `undefined` where it is not, or where they cannot be added together. */
export function addedOneByOne(ev: Evaluation, enqueue: Enqueue): OneByOne | undefined {
  const { call, kind, via } = enqueue;
  if (kind !== 'job' || via.length > 1) return undefined;
  const [through] = via;
  if (through && (through.node.type !== 'CallExpression' || !isJustTheAdd(ev, enqueue))) return undefined;
  const added = (through ?? call) as typeof call;
  const { module, node } = added;
  const rounds = roundsAround(node);
  const [innermost] = rounds;
  for (const round of rounds) {
    if (round.kind !== 'list' && round.kind !== 'count') break;
    if (!isAllThatHappens(ev, module, node, round) || isOfRound(module, unwrap(node.callee), round)) break;
    const length = timesOf(ev, module, round);
    if (!innermost || (length !== undefined && length <= FEW)) continue;
    const waits = isAwaited(node, innermost);
    if (!waits && (isFailureKept(node, innermost.body) || isByTheWay(module, node, innermost))) break;
    if (!waits && through && isFailureKept(call.node, enclosingFunction(call.node)?.body)) break;
    return { round: innermost, call: node, waits };
  }
  return undefined;
}

/** Whether the function that is called does nothing but add its job, to a queue that is always the same. */
function isJustTheAdd(ev: Evaluation, { call }: Enqueue): boolean {
  const fn = enclosingFunction(call.node);
  const callee = unwrap(call.node.callee);
  if (!fn || callee.type !== 'MemberExpression') return false;
  return (
    !dependsOnParameter(ev, here(call.module, callee.object)) &&
    roundsAround(call.node).length === 0 &&
    isOnlyWork(ev, call.module, call.node, fn.body)
  );
}

/** Whether a round adds its job and goes on, whatever becomes of it, to the next. */
function isAllThatHappens(
  ev: Evaluation,
  module: SourceModule,
  call: TSESTree.CallExpression,
  round: Round,
): boolean {
  return (
    leadsOut(module, call, round) &&
    isOnlyWork(ev, module, call, round.body) &&
    (isFunction(round.body) ? !isLookedThrough(round.at) : !leavesEarly(module, round))
  );
}

/** Whether a part of the code waits for nothing but the call, and adds to no other queue. */
function isOnlyWork(
  ev: Evaluation,
  module: SourceModule,
  call: TSESTree.CallExpression,
  part: Node,
): boolean {
  const callee = module.textOf(call.callee);
  return nodesInPlace(module, part).every((node) => {
    switch (node.type) {
      case 'AwaitExpression': {
        const awaited = unwrap(node.argument);
        const isSame = awaited.type === 'CallExpression' && module.textOf(awaited.callee) === callee;
        return isSame || contains(node, call);
      }
      case 'CallExpression':
        return (
          !looksLikeEnqueue(node) ||
          module.textOf(node.callee) === callee ||
          !readEnqueue(ev, here(module, node) as Ref<TSESTree.CallExpression>)
        );
      case 'ForOfStatement':
        return !node.await;
      default:
        return node.type !== 'YieldExpression';
    }
  });
}

/** `Promise.allSettled(items.map(...))`: what became of each is of interest. */
function isLookedThrough(list: Node): boolean {
  const call = outermost(list).parent;
  return call?.type === 'CallExpression' && calleeName(call.callee) === 'allSettled';
}

/** Whether a loop can end before its list does. */
function leavesEarly(module: SourceModule, { at, body }: Round): boolean {
  return nodesBelow(module, body).some((node) => leavesLoop(node, at));
}

/** What runs with a part of the code: functions that are only defined there left out. */
function nodesInPlace(module: SourceModule, part: Node): Node[] {
  const nodes: Node[] = [];
  const stack: Node[] = [part];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node !== part && (isClass(node) || (isFunction(node) && !runsInPlace(node)))) continue;
    nodes.push(node);
    stack.push(...module.childrenOf(node));
  }
  return nodes;
}

const PASSING =
  /^(?:AwaitExpression|ExpressionStatement|BlockStatement|ReturnStatement|VariableDeclaration|ForStatement|ForOfStatement|ForInStatement|ChainExpression|TS\w+)$/;

/** Whether the way from a call out of its round is a plain one: nothing takes the job, or its promise, for other work. */
function leadsOut(module: SourceModule, call: Node, round: Round): boolean {
  for (let child = call, node = call.parent; node && child !== round.body; child = node, node = node.parent) {
    if (PASSING.test(node.type) || (isFunction(node) && node.body === child)) continue;
    switch (node.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
        if (node.test === child) return false;
        break;
      case 'LogicalExpression':
        if (node.left === child) return false;
        break;
      case 'TryStatement':
        if (node.block !== child) return false;
        break;
      case 'UnaryExpression':
        if (node.operator !== 'void') return false;
        break;
      case 'VariableDeclarator':
        if (decides(module, node)) return false;
        break;
      case 'MemberExpression':
        if (!/^(?:catch|finally)$/.test(keyName(node) ?? '')) return false;
        break;
      case 'CallExpression': {
        const isInner = roundsAround(call).some(({ at }) => at === node);
        if (!isInner && node.callee !== child && !isCollecting(node)) return false;
        break;
      }
      default:
        return false;
    }
  }
  return true;
}

/** `Promise.all(...)` of an inner round; `jobs.push(...)` */
function isCollecting(call: TSESTree.CallExpression): boolean {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return false;
  const object = unwrap(callee.object);
  return object.type === 'Identifier' && object.name === 'Promise'
    ? keyName(callee) === 'all'
    : calleeName(callee) === 'push';
}

/** Whether something is decided by what is declared. */
function decides(module: SourceModule, { id }: TSESTree.VariableDeclarator): boolean {
  if (id.type !== 'Identifier') return true;
  return (module.variableOf(id)?.references ?? []).some((reference) => {
    for (
      let child = reference.identifier as Node, node = child.parent;
      node;
      child = node, node = node.parent
    )
      if (/^(?:If|While|Switch)Statement$|^ConditionalExpression$/.test(node.type)) {
        const { test, discriminant } = node as { test?: Node; discriminant?: Node };
        if (child === test || child === discriminant) return true;
      } else if (node.type.endsWith('Statement')) return false;
    return false;
  });
}

/** Whether what is called is another one in each round. */
function isOfRound(module: SourceModule, callee: Node, { at }: Round): boolean {
  if (callee.type === 'Identifier') {
    const declared = module.variableOf(callee)?.identifiers[0] as Node | undefined;
    return declared !== undefined && contains(at, declared);
  }
  return module.childrenOf(callee).some((child) => isOfRound(module, child, { at } as Round));
}

/** Whether a rejection of the call ends inside of a part of the code: nobody outside gets one for each job. */
function isFailureKept(call: Node, part: Node | undefined): boolean {
  for (let child = call, node = call.parent; node && child !== part; child = node, node = node.parent) {
    if (node.type === 'TryStatement' && node.block === child && node.handler) return true;
    if (node.type === 'MemberExpression' && node.object === child && keyName(node) === 'catch') return true;
  }
  return false;
}

/** Whether a job is added for some of the items only, by what makes something else of each. */
function isByTheWay(module: SourceModule, call: Node, { at, body }: Round): boolean {
  if (!isFunction(body) || at.type !== 'CallExpression' || calleeName(at.callee) === 'forEach') return false;
  let isSometimes = false;
  for (let node = call.parent; node && node !== body; node = node.parent)
    isSometimes ||= /^(?:IfStatement|ConditionalExpression|LogicalExpression)$/.test(node.type);
  return isSometimes && returnsOf(module, body).some((result) => !contains(result, call));
}

/** How often the rounds are run at most, where the code says so. */
function timesOf(ev: Evaluation, module: SourceModule, { at, list }: Round): number | undefined {
  if (list) return lengthOf(ev, here(module, list)) ?? mostMembers(module, list);
  const test = at.type === 'ForStatement' ? at.test : undefined;
  return test?.type === 'BinaryExpression' ? numberOf(ev.evaluate(here(module, test.right))) : undefined;
}

/** Whether a round waits for its job before it ends and the next one begins. */
function isAwaited(call: Node, { body, at }: Round): boolean {
  if (isFunction(body) || at.type === 'CallExpression') return false;
  for (let node = call.parent; node && node !== at; node = node.parent)
    if (node.type === 'AwaitExpression') return true;
  return false;
}
