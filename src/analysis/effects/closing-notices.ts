/**
 * Notices that tell a user of work that is done.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { roundsAround } from '../calls/rounds.ts';
import type { Ref } from '../values/value.ts';
import { stagesOf, type ReachedEffect } from './effect.ts';
import type { NoticedEffect } from './kinds/noticed.ts';
import type { DatabaseWrite } from './kinds/writes-database.ts';
import { isBefore } from './order.ts';
import { tableOf } from './tables.ts';

/** What else a job does, asked for only where it matters. */
export interface Work {
  writes(): readonly ReachedEffect<DatabaseWrite>[];
  /** Files that it writes, and objects that it stores: an export that is ready to be fetched. */
  files(): readonly ReachedEffect[];
}

/**
 * Whether an effect is a row in the user's list of notices, and the last step of a job that has other work: nothing
 * that could fail comes after it, and a second one is read as the first.
 */
export function isClosingNotice(reached: ReachedEffect<NoticedEffect>, work: Work): boolean {
  const { deed, call } = reached.effect;
  if (deed !== 'insert' || !isNotice(call)) return false;
  const isInRound = stagesOf(reached).some(({ fn, at }) => roundsAround(at.node, fn.node).length > 0);
  if (isInRound) return false;
  const steps: readonly ReachedEffect[] = [
    ...work
      .writes()
      .filter(({ effect }) => !effect.isUpsert && !isNotice(effect.at as Ref<TSESTree.CallExpression>)),
    ...work.files(),
  ];
  return steps.some((step) => isBefore(step, reached)) && !steps.some((step) => isBefore(reached, step));
}

/** Whether a write is to a user's list of notices. */
export function isNotice(write: Ref<TSESTree.CallExpression>): boolean {
  return /notif/i.test(tableOf(write));
}
