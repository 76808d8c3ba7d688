/**
 * Moving the job that runs to its last state, which the worker does by itself when the processor ends.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isOwnJob } from '../../jobs/own-job.ts';
import { keyName, unwrap } from '../../source/nodes.ts';
import { here } from '../../values/evaluation.ts';
import type { Effect, EffectKind } from '../effect.ts';

export interface Finish extends Effect {
  method: 'moveToCompleted' | 'moveToFailed';
  call: TSESTree.CallExpression;
}

export const finishesJob: EffectKind<Finish> = {
  name: 'finishes-job',
  mark: 'moves',
  throughFloating: true,
  endsAtProcessors: true,
  readsArguments: true,
  ofJob: true,
  find(ev, { module, frame, body }) {
    return body.flatMap((node): Finish[] => {
      if (node.type !== 'CallExpression') return [];
      const callee = unwrap(node.callee);
      if (callee.type !== 'MemberExpression') return [];
      const method = keyName(callee);
      if (method !== 'moveToCompleted' && method !== 'moveToFailed') return [];
      if (!isOwnJob(ev, here(module, callee.object, frame))) return [];
      return [{ at: here(module, node, frame), label: `job.${method}()`, target: 'job', method, call: node }];
    });
  },
};
