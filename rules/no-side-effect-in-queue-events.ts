import { acts } from '../src/analysis/effects/kinds/acts.ts';
import { protectionOf } from '../src/analysis/effects/protection.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

export default createRule<object, 'repeats'>({
  name: 'no-side-effect-in-queue-events',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow effects in listeners of QueueEvents, which every replica runs.',
      preset: 'strict',
      clauses: ['D1'],
    },
    messages: {
      repeats:
        'Every replica gets every event of a queue, so this takes effect once for each of them, and not at all while none is running ({{way}}). Do it in the processor.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const told = new Set<Node>();
    return {
      file() {
        for (const { fn, listener } of facts.listening) {
          if (listener.role !== 'queue-events' || !listener.dialect.name.includes('bullmq')) continue;
          for (const reached of facts.effects(fn, acts)) {
            if (told.has(reached.effect.at.node) || told.has(reached.node)) continue;
            told.add(reached.effect.at.node).add(reached.node);
            // One replica alone gets past `SET NX`.
            if (protectionOf(facts.ev, reached).claim) continue;
            report(reached.node, { messageId: 'repeats', data: { way: describeWay(facts, reached) } });
          }
        }
      },
    };
  },
});
