/**
 * Writes that a job can do without: their author lets them fail.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { guardsOf, rethrowOf } from '../calls/failures.ts';
import { contains, outermost, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import type { Ref } from '../values/value.ts';
import { deedOf } from './deeds.ts';
import { stagesOf, type ReachedEffect } from './effect.ts';
import { addsEventRow } from './event-rows.ts';
import type { DatabaseWrite } from './kinds/writes-database.ts';

type Write = ReachedEffect<DatabaseWrite>;

/**
 * Whether a write is a step that keeps its failures to itself and tells nobody, and the other write is not of the step;
 * or a note of what happened that is lost without a word.
 */
export function isBestEffort(ev: Evaluation, write: Write, other: Write): boolean {
  const others = new Map(stagesOf(other).map(({ fn, at }) => [fn.node, at.node]));
  const isStep = stagesOf(write).some(({ fn, at }) => {
    const place = others.get(fn.node);
    return guardsOf(fn.node, at.node).some(
      ({ guarded, handler }) =>
        !(place && contains(guarded, place)) && isSilent(ev, beside<Node>(at, handler)),
    );
  });
  return isStep || isNoteThatMayBeLost(ev, write);
}

function isSilent(ev: Evaluation, handler: Ref): boolean {
  return rethrowOf(ev, handler) === 'never' && !givesAnswer(handler);
}

function givesAnswer({ module, node }: Ref): boolean {
  return nodesBelow(module, node).some((part) => part.type === 'ReturnStatement' && part.argument);
}

function isNoteThatMayBeLost(ev: Evaluation, write: Write): boolean {
  const { isInsert, at: insert } = write.effect;
  if (!isInsert || !addsEventRow(ev, insert as Ref<TSESTree.CallExpression>)) return false;
  return stagesOf(write).some(({ fn, at }, index) =>
    guardsOf(fn.node, at.node).some(({ handler }) => {
      const caught = beside<Node>(at, handler);
      if (rethrowOf(ev, caught) !== 'never' || !onlyTells(caught)) return false;
      return !givesAnswer(caught) || isDropped(write.way[index]?.call?.node);
    }),
  );
}

/** Whether a handler is empty or only logs. */
function onlyTells({ module, node }: Ref): boolean {
  return nodesBelow(module, node).every(
    (part) => part.type !== 'CallExpression' || /^(?:tells|reads)$/.test(deedOf(module, part)),
  );
}

/** Whether nobody looks at what a call has answered: `await note(order);` */
function isDropped(call: Node | undefined): boolean {
  if (!call) return false;
  const { parent } = outermost(call);
  const waited = parent?.type === 'AwaitExpression' ? outermost(parent).parent : parent;
  return waited?.type === 'ExpressionStatement';
}
