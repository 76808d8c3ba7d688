import type { TSESLint } from '@typescript-eslint/utils';
import { fateOf } from '../src/analysis/calls/fate.ts';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { floatsPromise, type FloatingPromise } from '../src/analysis/effects/kinds/floats-promise.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { awaiting } from '../src/plugin/suggest-await.ts';
import { describeWay } from '../src/plugin/way.ts';

type MessageId = 'floating' | 'callback' | 'timer' | 'addAwait';

const MESSAGES = { call: 'floating', callback: 'callback', timer: 'timer' } as const;

export default createRule<object, MessageId>({
  name: 'no-floating-promise-in-processor',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow asynchronous work in a processor that nothing waits for.',
      preset: 'recommended',
      clauses: ['D3'],
    },
    hasSuggestions: true,
    messages: {
      floating:
        'Nothing waits for `{{call}}`: the job is completed before it, so that its failure is not retried, and a rejection ends the process ({{way}}). Await it, or collect it for `Promise.all`.',
      callback:
        'Nothing waits for the async callback that calls `{{call}}`: the job is completed before it, so that its failure is not retried, and a rejection ends the process ({{way}}). Wait for it: use a `for` loop with `await`, or `Promise.all` of a `map`.',
      timer:
        'The timer runs `{{call}}` after the job is completed, where its failure is not retried and a rejection ends the process ({{way}}). Await the work, or enqueue a job with a `delay`.',
      addAwait: 'Add `await`.',
    },
    schema: [],
  },
  create({ facts, report }) {
    // However many calls lead to it, one promise is one root cause; and a call is told of once.
    const told = new Set<unknown>();
    return {
      processor({ fn }) {
        for (const reached of facts.effects(fn, floatsPromise)) {
          const { effect } = reached;
          // A dropped enqueue is a matter of its own rule.
          if (effect.calls.some((call) => facts.project.carriers.carries(call))) continue;
          const isTold = told.has(effect.at.node) || told.has(reached.node);
          told.add(effect.at.node).add(reached.node);
          if (isTold) continue;
          const fix = suggestion(facts, reached);
          report(reached.node, {
            messageId: MESSAGES[effect.by],
            data: { call: effect.label, way: describeWay(facts, reached) },
            suggest: fix ? [{ messageId: 'addAwait', fix }] : [],
          });
        }
      },
    };
  },
});

function suggestion(
  { ev, module }: FileFacts,
  { effect, node }: ReachedEffect<FloatingPromise>,
): TSESLint.ReportFixFunction | undefined {
  if (effect.by !== 'call' || node !== effect.at.node || effect.at.module !== module) return undefined;
  const fate = fateOf(ev, effect.at);
  return fate.kind === 'dropped' ? awaiting(node, fate) : undefined;
}
