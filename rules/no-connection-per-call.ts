import type { TSESTree } from '@typescript-eslint/utils';
import type { Effect } from '../src/analysis/effects/effect.ts';
import { opensConnection } from '../src/analysis/effects/kinds/opens-connection.ts';
import { isConstructor, isKept, openingAt, repeatedBy, type Opening } from '../src/analysis/jobs/openings.ts';
import { effectsFromElsewhere, isSeenFrom } from '../src/analysis/project/contexts.ts';
import { enclosingFunction, type Node } from '../src/analysis/source/nodes.ts';
import { here } from '../src/analysis/values/evaluation.ts';
import type { FunctionValue, Ref } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

export default createRule({
  name: 'no-connection-per-call',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow making queues and workers anew for each request, job or event.',
      preset: 'recommended',
      clauses: ['C1'],
    },
    messages: {
      opened:
        'Each {{what}} makes a `{{target}}` anew here, as a rule with a connection of its own to Redis, and they pile up{{way}}. Make it once, at module level or in a provider, and share it.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const { ev, module, project } = facts;
    // Nothing that makes a queue is in reach: no need to know the handlers.
    if (!project.leadsTo(module.path, 'opens')) return {};
    const told = new Set<Node>();
    const tell = (node: Node, what: string, target: string, way = ''): void => {
      if (told.has(node)) return;
      told.add(node);
      report(node, { messageId: 'opened', data: { what, target, way } });
    };

    const look = (fn: FunctionValue, what: string): void => {
      for (const reached of facts.effects(fn, opensConnection)) {
        const { at, target } = reached.effect;
        const way = ` (${describeWay(facts, reached)})`;
        if (at.module === module) tell(at.node, what, target, way);
        // A constructor may well make a queue: who makes the object anew is at fault.
        else if (isConstructor(at.node) || !isSeenFrom(project, at.module.path, module.path))
          tell(reached.node, what, target, way);
      }
    };

    /** What is made in functions of this file, and not once for all of their calls. */
    const openings = (): Opening[] =>
      [...module.nodes('NewExpression'), ...module.nodes('CallExpression')].flatMap((node) => {
        const fn = enclosingFunction(node);
        if (!fn || isConstructor(node)) return [];
        const opening = openingAt(
          ev,
          here(module, node) as Ref<TSESTree.NewExpression | TSESTree.CallExpression>,
        );
        return opening && !isKept(opening, fn) ? [opening] : [];
      });

    return {
      handler({ fn }) {
        look(fn, 'request');
      },
      processor({ fn }) {
        look(fn, 'job');
      },
      listener({ functions }) {
        for (const fn of functions) look(fn, 'event');
      },
      file() {
        for (const fn of facts.recurring) look(fn, 'run');
        const left = openings().filter(({ at }) => !told.has(at.node));
        if (left.length === 0) return;
        const elsewhere: Effect[] = effectsFromElsewhere(project, module.path, opensConnection);
        for (const { at, name, ...rest } of left) {
          const repeated = repeatedBy(ev, { at, name, ...rest });
          // The other files see this one as it is on the disk.
          const isReached = elsewhere.some(
            (effect) => effect.at.module.text === module.text && effect.at.node.range[0] === at.node.range[0],
          );
          if (isReached || repeated) tell(at.node, repeated === 'round' ? 'round of the loop' : 'call', name);
        }
      },
    };
  },
});
