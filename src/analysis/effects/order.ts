/**
 * Which of two effects of a context comes first.
 */
import { flowOf } from '../flow/flow.ts';
import type { ReachedEffect } from './effect.ts';

/** Whether one effect can come before another in one run, by the function in which their ways part. */
export function isBefore(first: ReachedEffect, second: ReachedEffect): boolean {
  for (let index = 0; ; index++) {
    const fn = first.way[index];
    if (!fn || second.way[index]?.at.node !== fn.at.node) return false;
    const [a, b] = [first, second].map(({ way, effect }) => way[index + 1]?.call?.node ?? effect.at.node);
    if (!a || !b) return false;
    if (a === b) continue;
    return flowOf(fn.at.module, fn.at.node)?.canFollow(a, b) ?? false;
  }
}
