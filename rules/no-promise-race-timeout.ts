import { racesTimer } from '../src/analysis/effects/kinds/races-timer.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

export default createRule<object, 'race'>({
  name: 'no-promise-race-timeout',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow giving up the work of a job by a timer that does not stop it.',
      preset: 'recommended',
      clauses: ['C2'],
    },
    messages: {
      race: 'The timer fails this job while its work goes on, so that the retry does it a second time ({{way}}). Give the work an `AbortSignal` and abort it.',
    },
    schema: [],
  },
  create({ facts, report }) {
    // Nothing that can give up is in reach: no need to know the processors.
    if (!facts.project.leadsTo(facts.module.path, 'races')) return {};
    return {
      processor({ fn }) {
        for (const reached of facts.effects(fn, racesTimer))
          report(reached.node, { messageId: 'race', data: { way: describeWay(facts, reached) } });
      },
    };
  },
});
