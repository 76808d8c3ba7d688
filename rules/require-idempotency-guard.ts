import type { TSESTree } from '@typescript-eslint/utils';
import { isClosingNotice, type Work } from '../src/analysis/effects/closing-notices.ts';
import { consumesInput } from '../src/analysis/effects/consumed-input.ts';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { isUniqueInsert, noticedEffects, type NoticedEffect } from '../src/analysis/effects/kinds/noticed.ts';
import { storesObject } from '../src/analysis/effects/kinds/stores-object.ts';
import { writesDatabase } from '../src/analysis/effects/kinds/writes-database.ts';
import { writesFile } from '../src/analysis/effects/kinds/writes-file.ts';
import { withoutSameGuard } from '../src/analysis/effects/one-guard.ts';
import { protectionOf } from '../src/analysis/effects/protection.ts';
import { takesPlace } from '../src/analysis/effects/replacements.ts';
import { givesKey } from '../src/analysis/effects/clients/keys.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Processor } from '../src/analysis/jobs/workers.ts';
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
        const work: Work = {
          writes: () => facts.effects(processor.fn, writesDatabase),
          files: () => [storesObject, writesFile].flatMap((files) => facts.effects(processor.fn, files)),
        };
        const open = facts
          .effects(processor.fn, kind)
          .filter((reached) => isRepeated(facts, reached) && !isClosingNotice(reached, work));
        for (const reached of withoutSameGuard(processor.fn, open))
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
