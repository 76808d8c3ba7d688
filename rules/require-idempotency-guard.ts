import type { TSESTree } from '@typescript-eslint/utils';
import { isClosingNotice } from '../src/analysis/effects/closing-notices.ts';
import { consumesInput } from '../src/analysis/effects/consumed-input.ts';
import { stagesOf, type ReachedEffect } from '../src/analysis/effects/effect.ts';
import { isUniqueInsert, noticedEffects, type NoticedEffect } from '../src/analysis/effects/kinds/noticed.ts';
import { writesDatabase } from '../src/analysis/effects/kinds/writes-database.ts';
import { isWithoutRow } from '../src/analysis/effects/replacements.ts';
import { isReplacement } from '../src/analysis/effects/upserts.ts';
import { areAlternatives, areOfOneStatement, dependsOnLess } from '../src/analysis/effects/order.ts';
import { protectionOf } from '../src/analysis/effects/protection.ts';
import { givesKey } from '../src/analysis/effects/clients/keys.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { flowOf } from '../src/analysis/flow/flow.ts';
import type { Processor } from '../src/analysis/jobs/workers.ts';
import { calleeName, type Node } from '../src/analysis/source/nodes.ts';
import type { Evaluation } from '../src/analysis/values/evaluation.ts';
import { createRule, type Suggestion } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

type MessageId = 'message' | 'payment' | 'request' | 'publication' | 'insert' | 'increment' | 'key';

const REMEDY =
  'Look at stored state before it and return when it is done, claim the work in one atomic step, or give the call an idempotency key';

export default createRule<object, MessageId>({
  name: 'require-idempotency-guard',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Require something that stops a second run of a job before an effect that must not come twice.',
      preset: 'strict',
      clauses: ['D1'],
    },
    hasSuggestions: true,
    messages: {
      message: `This is sent again whenever the job runs twice, and every job may ({{way}}). ${REMEDY}.`,
      payment: `This moves money again whenever the job runs twice, and every job may ({{way}}). ${REMEDY}.`,
      request: `This request is made again whenever the job runs twice, and every job may ({{way}}). ${REMEDY}.`,
      publication: `This is published again whenever the job runs twice, and every job may ({{way}}). ${REMEDY}.`,
      insert:
        'This adds another row whenever the job runs twice, and every job may ({{way}}). Upsert under a key that is the same in every run, or look before it whether the row is there.',
      increment:
        'This counts again whenever the job runs twice, and every job may ({{way}}). Write it together with a mark that a second run looks at, in one transaction.',
      key: 'Give the call the id of the job as its idempotency key.',
    },
    schema: [],
  },
  create({ facts, settings, report }) {
    const kind = noticedEffects(settings.externalCalls);
    return {
      processor(processor) {
        const open = facts
          .effects(processor.fn, kind)
          .filter(
            (reached) =>
              isRepeated(facts, reached) &&
              !isClosingNotice(reached, () => facts.effects(processor.fn, writesDatabase)),
          );
        for (const reached of firstOfAlternatives(processor, firstOfEachWay(processor, open)))
          report(reached.node, {
            messageId: reached.effect.deed,
            data: { way: describeWay(facts, reached) },
            suggest: suggestKey(processor, reached),
          });
      },
    };
  },
});

/** Whether nothing stops a second run before an effect, and the effect itself does not know it for the same. */
function isRepeated({ ev }: FileFacts, reached: ReachedEffect<NoticedEffect>): boolean {
  const { effect } = reached;
  if (effect.client && givesKey(ev, effect.call, effect.client)) return false;
  if (effect.deed === 'insert') {
    if (isUniqueInsert(ev, effect.call) || takesPlace(ev, reached)) return false;
  }
  const { state, claim } = protectionOf(ev, reached);
  return !state && !claim && !consumesInput(ev, reached);
}

/** Whether an insert, or a helper's of that name on the way to it, takes the place of rows that were there. */
function takesPlace(ev: Evaluation, reached: ReachedEffect<NoticedEffect>): boolean {
  return stagesOf(reached).some(({ fn, at: { module, node, frame } }) => {
    if (node.type !== 'CallExpression') return false;
    if (
      node !== reached.effect.at.node &&
      !/^(?:create|insert)(?:Many)?$/.test(calleeName(node.callee) ?? '')
    )
      return false;
    const insert = { module, node, frame };
    return isReplacement(insert, fn.node) || isWithoutRow(ev, insert, fn.node);
  });
}

/** Without the effects that come after another one anyway: the same guard before the first stops them all. */
function firstOfEachWay(
  { fn }: Processor,
  effects: readonly ReachedEffect<NoticedEffect>[],
): ReachedEffect<NoticedEffect>[] {
  const flow = flowOf(fn.at.module, fn.at.node);
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
  { fn }: Processor,
  effects: readonly ReachedEffect<NoticedEffect>[],
): ReachedEffect<NoticedEffect>[] {
  return effects.filter((reached) => {
    const place = placeOf(reached);
    return !effects.some((other) => {
      const before = placeOf(other);
      return (
        other.effect.deed === reached.effect.deed &&
        before.range[0] < place.range[0] &&
        (areAlternatives(fn.at.module, fn.at.node, before, place) ||
          areOfOneStatement(fn.at.module, fn.at.node, before, place))
      );
    });
  });
}

/** Where a processor does, or begins to do, what has an effect. */
function placeOf({ way, effect }: ReachedEffect): Node {
  return (way[1]?.call ?? effect.at).node;
}

/** Stripe takes the key in an argument of its own, after that of the request. */
function suggestKey(
  { fn }: Processor,
  { effect, node }: ReachedEffect<NoticedEffect>,
): Suggestion<MessageId>[] {
  const job = fn.at.node.params[0];
  const call: TSESTree.CallExpression = effect.call.node;
  const [only] = call.arguments;
  if (effect.client?.name !== 'Stripe' || call !== node || call.arguments.length !== 1 || !only) return [];
  if (job?.type !== 'Identifier' || only.type !== 'ObjectExpression') return [];
  const key = `\`\${${job.name}.queueName}:\${${job.name}.id}\``;
  return [{ messageId: 'key', fix: (fixer) => fixer.insertTextAfter(only, `, { idempotencyKey: ${key} }`) }];
}
