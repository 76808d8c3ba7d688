import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { writesState, type StateWrite } from '../src/analysis/effects/kinds/writes-state.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

interface Options {
  allowCaches: boolean;
}

export default createRule<Options, 'state'>({
  name: 'no-module-state',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow processors that write state which outlives the job.',
      preset: 'hard-stops',
      clauses: ['H2'],
    },
    messages: {
      state:
        'This job changes `{{target}}`, which every worker process has its own copy of and loses on restart ({{way}}). Keep such state in Redis or the database.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          allowCaches: {
            type: 'boolean',
            description:
              'Allow caches whose entries expire: the code beside the write names a lifetime or a time.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ allowCaches: true }],
  },
  create({ facts, options, report }) {
    return {
      processor({ fn }) {
        const writes = facts.effects(fn, writesState);
        // However many calls lead to it, one write is one root cause.
        const told = new Set<unknown>();
        for (const reached of writes) {
          const { effect } = reached;
          if (options.allowCaches && (effect.expires || isEndedByClock(effect, writes))) continue;
          // What only removes leaves nothing behind.
          if (effect.change === 'remove' || isTakenBack(effect, writes)) continue;
          if (told.has(effect.at.node)) continue;
          told.add(effect.at.node);
          report(reached.node, {
            messageId: 'state',
            data: { target: effect.label, way: describeWay(facts, reached) },
          });
        }
      },
    };
  },
});

/** Added and removed, or counted up and down, in the same job: what is left is what was there before. */
function isTakenBack(effect: StateWrite, writes: readonly ReachedEffect<StateWrite>[]): boolean {
  const changes = new Set(
    writes.filter((other) => other.effect.target === effect.target).map((other) => other.effect.change),
  );
  return (
    (changes.has('add') && changes.has('remove')) || (changes.has('increment') && changes.has('decrement'))
  );
}

/** A circuit that opens on failures and closes after a minute: whatever sets the state, the clock ends it. */
function isEndedByClock(effect: StateWrite, writes: readonly ReachedEffect<StateWrite>[]): boolean {
  return writes.some((other) => other.effect.target === effect.target && other.effect.endsByClock);
}
