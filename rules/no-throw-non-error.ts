import { throwsNonError } from '../src/analysis/effects/kinds/throws-non-error.ts';
import { isJobHelper } from '../src/analysis/jobs/workers.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { createRule, type Suggestion } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

export default createRule({
  name: 'no-throw-non-error',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow processors that fail with something that is no Error.',
      preset: 'recommended',
      clauses: ['D3'],
    },
    hasSuggestions: true,
    messages: {
      noReason:
        'This job fails with `{{thrown}}`, which is no Error: BullMQ stores neither reason nor stack ({{way}}). Throw an `Error` that says what went wrong.',
      stuck:
        'This job fails with `{{thrown}}`, on which the worker itself trips, so that the job stays active and is not retried ({{way}}). Throw an `Error` that says what went wrong.',
      wrap: 'Wrap it in an `Error`.',
    },
    schema: [],
  },
  create({ facts, report }) {
    if (!facts.project.leadsTo(facts.module.path, 'nonErrors')) return {};
    return {
      processor({ fn, by }) {
        // A helper that takes a job is judged where a processor calls it: that may catch what it throws.
        if (by === 'annotation' && isJobHelper(facts.module, fn.at.node)) return;
        for (const reached of facts.effects(fn, throwsNonError)) {
          const { target, thrown } = reached.effect;
          const isNothing = /^(?:undefined|null|void 0)$/.test(target);
          const isHere = reached.effect.at.module === facts.module;
          report(reached.node, {
            messageId: isNothing ? 'stuck' : 'noReason',
            data: { thrown: target, way: describeWay(facts, reached) },
            ...(isHere && thrown && isText(thrown) ? { suggest: [wrapped(thrown)] } : {}),
          });
        }
      },
    };
  },
});

/** Text can be the message as it is. */
function isText(node: Node): boolean {
  return (node.type === 'Literal' && typeof node.value === 'string') || node.type === 'TemplateLiteral';
}

function wrapped(thrown: Node): Suggestion<'wrap'> {
  return {
    messageId: 'wrap',
    fix: (fixer) => [fixer.insertTextBefore(thrown, 'new Error('), fixer.insertTextAfter(thrown, ')')],
  };
}
