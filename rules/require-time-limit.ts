import type { TSESLint } from '@typescript-eslint/utils';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { waitsWithoutLimit, type UnlimitedWait } from '../src/analysis/effects/kinds/waits-without-limit.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { createRule, type Suggestion } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

export default createRule<object, 'unlimited' | 'limit'>({
  name: 'require-time-limit',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a time limit where a processor waits for the network or a child process.',
      preset: 'strict',
      clauses: ['C2'],
    },
    hasSuggestions: true,
    messages: {
      unlimited:
        'BullMQ has no time limit: while this is not answered the job stays active, keeps its lock and holds a slot of the worker ({{way}}). Give it a timeout or an AbortSignal.',
      limit: 'Give it up after 30 seconds.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const { project } = facts;
    const told = new Set<Node>();
    return {
      processor(processor) {
        for (const reached of facts.effects(processor.fn, waitsWithoutLimit)) {
          const { at, known } = reached.effect;
          if (told.has(at.node) || told.has(reached.node)) continue;
          if (known.defaults?.some((mark) => project.hasMark(mark))) continue;
          told.add(at.node).add(reached.node);
          report(reached.node, {
            messageId: 'unlimited',
            data: { way: describeWay(facts, reached) },
            suggest: suggestLimit(reached),
          });
        }
      },
    };
  },
});

/** `fetch(url)` becomes `fetch(url, { signal: AbortSignal.timeout(30_000) })`. */
function suggestLimit({ effect, node }: ReachedEffect<UnlimitedWait>): Suggestion<'limit'>[] {
  const { call, known } = effect;
  if (call.node !== node || known.optionsAt === undefined) return [];
  const { arguments: given } = call.node;
  const last = given.at(-1);
  const options = given[known.optionsAt];
  const signal = 'signal: AbortSignal.timeout(30_000)';
  const fix = (fixer: TSESLint.RuleFixer): TSESLint.RuleFix | null => {
    if (options?.type === 'ObjectExpression') {
      const [first] = options.properties;
      return first
        ? fixer.insertTextBefore(first, `${signal}, `)
        : fixer.replaceText(options, `{ ${signal} }`);
    }
    return last ? fixer.insertTextAfter(last, `, { ${signal} }`) : null;
  };
  const isWritable = options ? options.type === 'ObjectExpression' : given.length === known.optionsAt;
  return isWritable ? [{ messageId: 'limit', fix }] : [];
}
