/**
 * Of several effects that one guard would stop, the one that is told.
 */
import { flowOf } from '../flow/flow.ts';
import type { Node } from '../source/nodes.ts';
import type { FunctionValue } from '../values/value.ts';
import type { ReachedEffect } from './effect.ts';
import type { NoticedEffect } from './kinds/noticed.ts';
import { areAlternatives, areOfOneStatement, dependsOnLess } from './order.ts';

/** Without the effects that the guard of another one stops as well: each of those that are left needs one of its own. */
export function withoutSameGuard(
  running: FunctionValue,
  effects: readonly ReachedEffect<NoticedEffect>[],
): ReachedEffect<NoticedEffect>[] {
  return firstOfAlternatives(running, firstOfEachWay(running, effects));
}

/** Without the effects that come after another one anyway: the same guard before the first stops them all. */
function firstOfEachWay(
  { at: { module, node: fn } }: FunctionValue,
  effects: readonly ReachedEffect<NoticedEffect>[],
): ReachedEffect<NoticedEffect>[] {
  const flow = flowOf(module, fn);
  const kept: ReachedEffect<NoticedEffect>[] = [];
  for (const [index, reached] of effects.entries()) {
    const place = placeOf(reached);
    const isLater = effects.some((other, position) => {
      const before = placeOf(other);
      return before === place ? position < index : flow?.isAlwaysBefore(before, place);
    });
    if (!isLater) kept.push(moreOften(worstBehind(reached, effects), effects));
  }
  return kept;
}

/** What leaves the system, where the first thing that is done behind a call stays in its database. */
function worstBehind(
  reached: ReachedEffect<NoticedEffect>,
  effects: readonly ReachedEffect<NoticedEffect>[],
): ReachedEffect<NoticedEffect> {
  if (!staysInside(reached)) return reached;
  const place = placeOf(reached);
  return effects.find((other) => placeOf(other) === place && !staysInside(other)) ?? reached;
}

/** A row can be taken away again, a mail or a payment cannot. */
function staysInside({ effect }: ReachedEffect<NoticedEffect>): boolean {
  return effect.deed === 'insert' || effect.deed === 'increment';
}

/** What is done behind the same call in place of an effect, and more often: `send([...])` and not `send()` in a loop. */
function moreOften(
  reached: ReachedEffect<NoticedEffect>,
  effects: readonly ReachedEffect<NoticedEffect>[],
): ReachedEffect<NoticedEffect> {
  const place = placeOf(reached);
  const other = effects.find(
    (one) => placeOf(one) === place && one.effect.deed === reached.effect.deed && dependsOnLess(one, reached),
  );
  return other ?? reached;
}

/**
 * Without the effects that do what one in another branch does, or in another part of the same expression: the same guard
 * before them stops them all.
 */
function firstOfAlternatives(
  { at: { module, node: fn } }: FunctionValue,
  effects: readonly ReachedEffect<NoticedEffect>[],
): ReachedEffect<NoticedEffect>[] {
  return effects.filter((reached) => {
    const place = placeOf(reached);
    return !effects.some((other) => {
      const before = placeOf(other);
      return (
        other.effect.deed === reached.effect.deed &&
        before.range[0] < place.range[0] &&
        (areAlternatives(module, fn, before, place) || areOfOneStatement(module, fn, before, place))
      );
    });
  });
}

/** Where a processor does, or begins to do, what has an effect. */
function placeOf({ way, effect }: ReachedEffect): Node {
  return (way[1]?.call ?? effect.at).node;
}
