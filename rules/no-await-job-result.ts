import { awaitsResult } from '../src/analysis/effects/kinds/awaits-result.ts';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import type { SourceModule } from '../src/analysis/source/module.ts';
import type { FunctionNode, Node } from '../src/analysis/source/nodes.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

export default createRule({
  name: 'no-await-job-result',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow waiting for a job in a request handler or a processor.',
      preset: 'hard-stops',
      clauses: ['H1'],
    },
    messages: {
      inHandler:
        'This request waits for a job and hangs for as long as no worker runs it ({{way}}). Answer 202 with an id and let the client ask for the state.',
      inProcessor:
        'This job waits for another job while it holds a worker slot, and deadlocks when all slots wait ({{way}}). Make the other job its child in a flow.',
    },
    schema: [],
  },
  create({ facts, report }) {
    // Nothing that can wait is in reach: no need to know the handlers.
    if (!facts.project.leadsTo(facts.module.path, 'waits')) return {};
    return {
      handler({ fn }) {
        for (const reached of facts.effects(fn, awaitsResult))
          report(reached.node, { messageId: 'inHandler', data: { way: describeWay(facts, reached) } });
      },
      processor({ fn, by }) {
        for (const reached of facts.effects(fn, awaitsResult))
          // A helper that takes a job to wait for it is no processor: who calls it is.
          if (by !== 'annotation' || !isAboutParameter(facts.module, fn.at.node, reached))
            report(reached.node, { messageId: 'inProcessor', data: { way: describeWay(facts, reached) } });
      },
    };
  },
});

/** Whether what is waited for is the function's own first parameter, or anything reached from it. */
function isAboutParameter(module: SourceModule, fn: FunctionNode, { effect }: ReachedEffect): boolean {
  const first = fn.params[0];
  const stack: Node[] = effect.at.module === module ? [effect.at.node] : [];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (
      node.type === 'Identifier' &&
      first &&
      module.variableOf(node)?.identifiers.some((name) => name === first)
    )
      return true;
    stack.push(...module.childrenOf(node));
  }
  return false;
}
