/**
 * Writes of one job that should be one: what is left wrong by a job that ends between them.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { guardsOf, rethrowOf } from '../calls/failures.ts';
import { roundsAround } from '../calls/rounds.ts';
import { calleeName, keyName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow, ownNodes } from '../values/functions.ts';
import type { Ref } from '../values/value.ts';
import { isBestEffort } from './best-effort.ts';
import { isNotice } from './closing-notices.ts';
import { isGettingName } from './deeds.ts';
import { stagesOf, type ReachedEffect, type Step } from './effect.ts';
import { haveDifferentClients } from './database-clients.ts';
import { isInBranchOf, marksFailure } from './failure-marks.ts';
import { columnsGiven } from './given-columns.ts';
import { columnsOf, isEndedBy, isFoundFirst, isKeptByClaim, isLookedAt } from './gates.ts';
import { isUniqueInsert } from './kinds/noticed.ts';
import type { DatabaseWrite } from './kinds/writes-database.ts';
import { isBefore } from './order.ts';
import { isOfFile, isOfRun } from './own-rows.ts';
import { tablesOf } from './tables.ts';
import { isKeyedBy, isReplacement } from './upserts.ts';

type Write = ReachedEffect<DatabaseWrite>;

/**
 * What comes of a job that ends between two writes, the worst first: the retry finds what the first has changed and
 * never gets to the second; it makes the first again, which adds to what is there; it makes the second again, if the job
 * ends after that; the one is there without the other for a time.
 */
export type Harm = 'unreached' | 'repeated' | 'repeatable' | 'apart';

const HARMS: readonly Harm[] = ['unreached', 'repeated', 'repeatable', 'apart'];

export interface Pair {
  first: Write;
  second: Write;
  harm: Harm;
}

/**
 * The pair of writes that does most harm where it comes apart; of several the one whose second tells how far the work has
 * come, and the nearest before it.
 */
export function worstPair(
  ev: Evaluation,
  writes: readonly Write[],
  canBe: (first: Write, second: Write) => boolean = () => true,
): Pair | undefined {
  let found: Pair | undefined;
  const steps = writes.filter((write) => isStep(ev, write));
  for (const second of steps)
    for (const first of steps) {
      if (first === second || !canBe(first, second) || !belongTogether(ev, first, second)) continue;
      if (!isBefore(first, second) || isBefore(second, first)) continue;
      const harm = harmOf(ev, first, second);
      if (harm === undefined || (found && !isWorse(ev, { first, second, harm }, found))) continue;
      if (isGivingUp({ first, second, harm })) continue;
      if (isBestEffort(ev, first, second) || isBestEffort(ev, second, first)) continue;
      found = { first, second, harm };
    }
  return found;
}

function isWorse(ev: Evaluation, pair: Pair, found: Pair): boolean {
  const difference = HARMS.indexOf(pair.harm) - HARMS.indexOf(found.harm);
  if (difference !== 0) return difference < 0;
  if (pair.second === found.second) return isBefore(found.first, pair.first);
  // A row that is for the one before it.
  if (pair.second.effect.isUpsert !== found.second.effect.isUpsert) return pair.second.effect.isUpsert;
  const [tellsState, toldState] = [setsState(ev, pair.second), setsState(ev, found.second)];
  if (tellsState !== toldState) return tellsState;
  // A row that is only added where it is missing is not the one that the work is about.
  return isFoundFirst(ev, found.second) && !isFoundFirst(ev, pair.second);
}

function setsState(ev: Evaluation, write: Write): boolean {
  const columns = [...columnsOf(write), ...columnsGiven(ev, callOf(write.effect)).keys()];
  return write.effect.isFlag || columns.some((column) => /^(?:[sS]tatus|[sS]tate)$|At$|_at$/.test(column));
}

/**
 * Writes to different tables of one database, or two that both count on what is there; an upsert only with the insert
 * that makes the row it is for.
 */
function belongTogether(ev: Evaluation, { effect: first }: Write, { effect: second }: Write): boolean {
  if (first.at.node === second.at.node || first.isUpsert) return false;
  if (second.isUpsert && !(first.isInsert && isKeyedBy(ev, callOf(second), callOf(first)))) return false;
  if (!(first.isRelative && second.isRelative) && shareTable(first, second)) return false;
  return !haveDifferentClients(ev, callOf(first), callOf(second));
}

function callOf({ at }: DatabaseWrite): Ref<TSESTree.CallExpression> {
  return at as Ref<TSESTree.CallExpression>;
}

function shareTable(first: DatabaseWrite, second: DatabaseWrite): boolean {
  const tables = tablesOf(callOf(second));
  return tablesOf(callOf(first)).some((table) => tables.includes(table));
}

function harmOf(ev: Evaluation, first: Write, second: Write): Harm | undefined {
  // What is looked for before a row is added is that row, not the one of the first write.
  const looksForItself = shareTable(first.effect, second.effect) && isFoundFirst(ev, second);
  if (looksForItself && isFoundFirst(ev, first)) return undefined;
  if (!looksForItself && isEndedBy(ev, second, first)) return 'unreached';
  if (isKeptByClaim(ev, first)) return undefined;
  if (tellsUser(second) || areFarApart(first, second)) return undefined;
  if (addsAgain(ev, first)) return 'repeated';
  if (addsAgain(ev, second)) return 'repeatable';
  // Rows that are deleted twice are gone, and those that take the place of others are there once.
  const isLooked = isLookedAt(ev, second, first) || isLookedAt(ev, first, second);
  if (
    !isLooked &&
    ((first.effect.isDelete && second.effect.isDelete) || first.effect.isRelative || second.effect.isRelative)
  )
    return undefined;
  return isIndependent(first, second) ? undefined : 'apart';
}

/**
 * Whether two writes are parts of two steps: the function in which their ways part makes neither itself, and one of the two
 * that it calls leaves its write to another.
 */
function areFarApart({ way: first }: Write, { way: second }: Write): boolean {
  let shared = 0;
  while (first[shared] && first[shared]?.at.node === second[shared]?.at.node) {
    if (shared > 0 && first[shared]?.call?.node !== second[shared]?.call?.node) break;
    shared++;
  }
  const [below, otherBelow] = [first, second].map((way) => functionsIn(way.slice(shared)));
  return Math.min(below ?? 0, otherBelow ?? 0) > 0 && Math.max(below ?? 0, otherBelow ?? 0) > 1;
}

/** How many functions a way leads through, without one that is there for the write alone: `orders.update(id, data)`. */
function functionsIn(way: readonly Step[]): number {
  const last = way.at(-1);
  if (!last) return 0;
  const { module, node } = last.at;
  const waits = ownNodes(module, node).filter(({ type }) => type === 'AwaitExpression');
  return waits.length > 1 ? way.length : way.length - 1;
}

/** Whether a write is a step of the job's work, with which others belong together. */
function isStep(ev: Evaluation, write: Write): boolean {
  return !comesWithReading(write) && !takesBack(write) && !isOwnRow(ev, write);
}

/** Whether a write adds a row that each run makes for itself: no other write is to be there only with it. */
function isOwnRow(ev: Evaluation, { effect }: Write): boolean {
  if (!effect.isInsert || effect.statement) return false;
  return isOfRun(ev, callOf(effect)) || isOfFile(ev, callOf(effect));
}

/** Whether a write only tells a user of the work, by a row in the list of notices. */
function tellsUser({ effect }: Write): boolean {
  return effect.isInsert && isNotice(callOf(effect));
}

/** Whether a write that is made again adds to what is there. */
function addsAgain(ev: Evaluation, write: Write): boolean {
  if (!write.effect.isRelative || isFoundFirst(ev, write)) return false;
  const within = write.way.at(-1)?.at.node;
  if (!within) return true;
  const call = callOf(write.effect);
  return !isReplacement(ev, call, within) && !(isUniqueInsert(ev, call) && isLetPass(ev, call, within));
}

/** Whether a failure of a call is caught, and does not go on: a row that is there already is taken for the answer. */
function isLetPass(ev: Evaluation, call: Ref<TSESTree.CallExpression>, within: FunctionNode): boolean {
  return guardsOf(within, call.node).some(
    ({ handler }) => rethrowOf(ev, beside<Node>(call, handler)) !== 'always',
  );
}

/**
 * Whether a pair is of a run that gives up, and notes it: no part of the work. What it has added in doing so is there
 * twice all the same, and what the retry does not get to is left undone.
 */
function isGivingUp({ first, second, harm }: Pair): boolean {
  const isNoted = marksFailure(second);
  if (isNoted && !isInBranchOf(second, first)) return true;
  return (isNoted || marksFailure(first)) && harm !== 'unreached' && harm !== 'repeated';
}

/** A getter that brings up to date what it reads, a client that stores its new token: no step of the job's work. */
function comesWithReading({ way }: Write): boolean {
  return way.slice(1).some(({ name }) => isGettingName(name));
}

/** What is taken back when something outside has failed: it cannot be in one transaction with what it takes back. */
function takesBack({ way }: Write): boolean {
  return way.slice(1).some(({ name }) => TAKES_BACK.test(name.slice(name.lastIndexOf('.') + 1)));
}

const TAKES_BACK = /^(?:reverse|revert|undo|roll_?back|compensate)/i;

/** Two sweeps that each find their own rows, two lists that are gone through one after the other. */
function isIndependent(first: Write, second: Write): boolean {
  return findsItsRows(first) && findsItsRows(second) && !shareRound(first, second);
}

function findsItsRows(write: Write): boolean {
  return isSweep(write.effect) || roundsOf(write).length > 0;
}

function roundsOf(write: Write): Node[] {
  return stagesOf(write).flatMap(({ at, fn }) => roundsAround(at.node, fn.node).map((round) => round.at));
}

function shareRound(first: Write, second: Write): boolean {
  const ofSecond = roundsOf(second);
  return roundsOf(first).some((round) => ofSecond.includes(round));
}

/** Whether a write is to all rows that are as it looks for them, and to none by its id. */
function isSweep({ at: { module, node } }: DatabaseWrite): boolean {
  return (
    node.type === 'CallExpression' &&
    /^(?:delete|update)Many$/.test(calleeName(node.callee) ?? '') &&
    !node.arguments.some((argument) => namesId(module, argument))
  );
}

const IDS =
  /(?:^|_)(?:id|ref|key|uuid|slug|email|number|code|token)s?$|(?:I[dD]|Ref|Reference|Key|Uuid|Slug|Email|Number|Code|Token)s?$/;

/** Whether an argument tells an id: `{ id }`, `{ orderId: order.id }`, `{ in: ids }`; not `{ orderId: null }`. */
function namesId(module: SourceModule, argument: Node): boolean {
  const isId = (name: string | undefined) => name !== undefined && IDS.test(name);
  return nodesBelow(module, argument).some((part) => {
    if (part.type === 'Property')
      return isId(keyName(part)) && /^(?:Identifier|MemberExpression)$/.test(unwrap(part.value).type);
    const isKey = part.parent?.type === 'Property' && part.parent.key === part;
    return part.type === 'Identifier' && !isKey && isId(part.name);
  });
}
