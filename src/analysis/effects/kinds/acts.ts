/**
 * Effects that somebody notices when they come twice: rows, mails, requests that change something, jobs.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { looksLikeEnqueue, readEnqueue } from '../../jobs/enqueues.ts';
import type { Evaluation } from '../../values/evaluation.ts';
import type { Ref } from '../../values/value.ts';
import { callsWhere, type EffectKind } from '../effect.ts';
import { isExternalCall } from './external-call.ts';
import { isDatabaseWrite } from './writes-database.ts';

export const acts: EffectKind = {
  name: 'acts',
  mark: undefined,
  throughFloating: true,
  readsArguments: true,
  maxWay: 4,
  find: (ev, running) => callsWhere(running, (call) => isAct(ev, call)),
};

function isAct(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const { node, module } = call;
  if (looksLikeEnqueue(node)) {
    // The queue itself keeps a second one out.
    if (/\b(?:jobId|deduplication)\b/.test(module.textOf(node))) return false;
    if (readEnqueue(ev, call)) return true;
  }
  return isExternalCall(ev, call) || isDatabaseWrite(ev, call);
}
