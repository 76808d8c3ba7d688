import { enqueues } from '../src/analysis/effects/kinds/enqueues.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

export default createRule({
  name: 'no-enqueue-in-transaction',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow adding a job inside a database transaction.',
      preset: 'recommended',
      clauses: ['D7'],
    },
    messages: {
      enqueued:
        'This job is added before the transaction commits: a worker can run it before its rows are there, and it stays when they are rolled back ({{way}}). Add it after the commit, or write it to an outbox in the transaction.',
    },
    schema: [],
  },
  create({ facts, report }) {
    // Nothing that enqueues is in reach: no need to know the transactions.
    if (!facts.project.leadsTo(facts.module.path, 'enqueues')) return {};
    return {
      transaction({ fn, part, argument }) {
        const isHere = fn.at.module === facts.module;
        for (const reached of facts.effects(fn, enqueues, part))
          report(!isHere && argument ? argument : reached.node, {
            messageId: 'enqueued',
            data: { way: describeWay(facts, reached) },
          });
      },
    };
  },
});
