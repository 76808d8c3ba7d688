/**
 * Putting jobs into a queue, as a part of what runs now: not in a hook for after the commit, nor in a task that is
 * collected for later.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { looksLikeEnqueue, readEnqueue } from '../../jobs/enqueues.ts';
import { defersFunctions, isDeferred } from '../../transactions/deferred.ts';
import { here } from '../../values/evaluation.ts';
import type { Ref } from '../../values/value.ts';
import { labelOf, type Effect, type EffectKind } from '../effect.ts';

export const enqueues: EffectKind = {
  name: 'enqueues',
  mark: 'enqueues',
  // A job is enqueued whether or not anybody waits for it to be.
  throughFloating: true,
  // The queue may be an argument.
  readsArguments: true,
  leads: ({ fn }, call) => !defersFunctions(call) && !isDeferred(call, fn.at.node),
  find(ev, { module, frame, fn, body }) {
    const found: Effect[] = [];
    for (const node of body) {
      if (node.type !== 'CallExpression' || !looksLikeEnqueue(node) || isDeferred(node, fn.at.node)) continue;
      const at = here(module, node, frame) as Ref<TSESTree.CallExpression>;
      const enqueue = readEnqueue(ev, at);
      if (!enqueue) continue;
      const label = labelOf(at);
      found.push({ at, label, target: label });
    }
    return found;
  },
};
