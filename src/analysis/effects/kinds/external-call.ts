/**
 * Calls to the outside that change something there: mail, payment, HTTP requests other than reads.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, type Node } from '../../source/nodes.ts';
import { beside, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import { clientOf } from '../clients/index.ts';
import { callsWhere, type EffectKind } from '../effect.ts';

export const externalCall: EffectKind = {
  name: 'external-call',
  mark: undefined,
  throughFloating: true,
  readsArguments: true,
  maxWay: 4,
  find: (ev, running) => callsWhere(running, (call) => isExternalCall(ev, call)),
};

/** Requests that change something, but may come twice without harm. */
const REPEATABLE = {
  method: /^(?:put|patch|delete)$/,
  path: /^(?:axios|got|ky):(?:\.(?:default|AxiosInstance#|create\(\)|extend\(\)))?\.(?:put|patch|delete)$/,
};

/** Whether a call is one to the outside that changes something. */
export function isExternalCall(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const { node, module } = call;
  if (clientOf(ev, call)) return true;
  const name = calleeName(node.callee) ?? '';
  if (REPEATABLE.method.test(name)) return calls(ev, call, REPEATABLE.path);
  if (name === 'fetch' && /\bmethod:\s*['"`](?:POST|PUT|PATCH|DELETE)/i.test(module.textOf(node)))
    return calls(ev, call, /^global:\.fetch$|^(?:node-fetch|cross-fetch|undici):(?:\.(?:default|fetch))?$/);
  return false;
}

function calls(ev: Evaluation, call: Ref<TSESTree.CallExpression>, path: RegExp): boolean {
  return membersOf(present(ev.evaluate(beside<Node>(call, call.node.callee)))).some(
    (value) => value.kind === 'external' && path.test(value.path),
  );
}
