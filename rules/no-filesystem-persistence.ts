import { isRemovedAfter } from '../src/analysis/effects/kept-files.ts';
import { removesFile } from '../src/analysis/effects/kinds/removes-file.ts';
import { storesObject } from '../src/analysis/effects/kinds/stores-object.ts';
import { writesFile } from '../src/analysis/effects/kinds/writes-file.ts';
import { standsInFor } from '../src/analysis/effects/object-storage.ts';
import { identityOf } from '../src/analysis/values/identity.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

interface Options {
  requireCleanup: boolean;
}

export default createRule<Options, 'persistent' | 'leftBehind'>({
  name: 'no-filesystem-persistence',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow processors that keep files on the disk of the worker.',
      preset: 'hard-stops',
      clauses: ['H3'],
    },
    messages: {
      persistent:
        'This job writes `{{target}}` to the disk of the worker that happens to run it, where no other worker and no later attempt may find it ({{way}}). Put the file into object storage, or into scratch space that the job removes.',
      leftBehind:
        'This job writes scratch file `{{target}}` and does not remove it, so the disk fills up ({{way}}). Remove it in a `finally`.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          requireCleanup: {
            type: 'boolean',
            description: 'Also report scratch files that the same job does not remove.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ requireCleanup: false }],
  },
  create({ facts, options, report }) {
    return {
      processor({ fn }) {
        const writes = facts.effects(fn, writesFile);
        const leftBehind = options.requireCleanup && !facts.effects(fn, removesFile).length;
        // However often it is written to, in branches or piece by piece, one file is one root cause.
        const told = new Set<string>();
        for (const reached of writes) {
          const { place, target, path } = reached.effect;
          const messageId =
            place === 'persistent'
              ? 'persistent'
              : place === 'scratch' && leftBehind
                ? 'leftBehind'
                : undefined;
          // Scratch space, wherever it is, and the disk of whoever has no object storage.
          const isForNow =
            messageId === 'persistent' &&
            (isRemovedAfter(facts.ev, reached, facts.effects(fn, removesFile)) ||
              facts.effects(fn, storesObject).some((store) => standsInFor(facts.ev, reached, store)));
          if (!messageId || isForNow) continue;
          const file = path && identityOf(facts.ev, path);
          if (file !== undefined && told.has(file)) continue;
          if (file !== undefined) told.add(file);
          report(reached.node, { messageId, data: { target, way: describeWay(facts, reached) } });
        }
      },
    };
  },
});
