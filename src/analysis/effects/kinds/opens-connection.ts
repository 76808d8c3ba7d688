/**
 * Constructing a queue, worker, flow producer or queue events, each of which opens connections to Redis of its own:
 * anew whenever the function runs, and not once for all of its calls.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { runsOnce } from '../../calls/once.ts';
import { isKept, openingAt } from '../../jobs/openings.ts';
import { here } from '../../values/evaluation.ts';
import type { Ref } from '../../values/value.ts';
import type { Effect, EffectKind } from '../effect.ts';

export const opensConnection: EffectKind = {
  name: 'opens-connection',
  mark: 'opens',
  throughFloating: true,
  leads: ({ module, fn }, call) => !runsOnce(module, call, fn.at.node),
  find(ev, { module, frame, fn, body }) {
    const found: Effect[] = [];
    for (const node of body) {
      if (node.type !== 'NewExpression' && node.type !== 'CallExpression') continue;
      // Only Bull makes a queue by a plain call, and its function comes from an import.
      const at = here(module, node, node.type === 'NewExpression' ? frame : undefined) as Ref<
        TSESTree.NewExpression | TSESTree.CallExpression
      >;
      const opening = openingAt(ev, at);
      if (opening && !isKept(opening, fn.at.node))
        found.push({ at, label: `new ${opening.name}()`, target: opening.name });
    }
    return found;
  },
};
