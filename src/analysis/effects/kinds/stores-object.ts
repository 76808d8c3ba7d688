/**
 * Putting objects into a bucket, where every worker finds them.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { here } from '../../values/evaluation.ts';
import type { Ref } from '../../values/value.ts';
import { labelOf, type EffectKind } from '../effect.ts';
import { storesObjectAt } from '../object-storage.ts';

export const storesObject: EffectKind = {
  name: 'stores-object',
  mark: 'objects',
  throughFloating: true,
  find(ev, { module, frame, body }) {
    return body.flatMap((node) => {
      if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
      const at = here(module, node, frame) as Ref<TSESTree.CallExpression>;
      if (!storesObjectAt(ev, at)) return [];
      const label = labelOf(at);
      return [{ at, label, target: label }];
    });
  },
};
