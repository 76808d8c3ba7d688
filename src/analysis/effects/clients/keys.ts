/**
 * Whether a call tells the service how to know it again.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFunction, keyName, unwrap, type Node } from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { isNewInEveryRun } from '../../values/random.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import type { Client } from './client.ts';

const MAX_DEPTH = 4;

/** Whether an option, field or header of a call carries the client's key, as far as its arguments can be seen. */
export function givesKey(ev: Evaluation, call: Ref<TSESTree.CallExpression>, { key }: Client): boolean {
  if (!key) return false;
  return call.node.arguments.some((argument) => hasKey(ev, { ...call, node: argument }, key, 0));
}

function hasKey(ev: Evaluation, ref: Ref, key: RegExp, depth: number): boolean {
  const node = unwrap(ref.node);
  if (depth > MAX_DEPTH || isFunction(node)) return false;
  if (node.type === 'Property' && key.test(keyName(node) ?? ''))
    return !isNewInEveryRun(ev, { ...ref, node: node.value });
  if (node.type === 'Literal' && typeof node.value === 'string' && key.test(node.value)) return true;
  if (/^(?:Identifier|MemberExpression|CallExpression)$/.test(node.type))
    return membersOf(present(ev.evaluate({ ...ref, node }))).some((value) => {
      if (value.kind !== 'object') return false;
      return value.parts.some(
        (part) =>
          (part.kind !== 'spread' &&
            part.kind !== 'computed' &&
            part.key !== undefined &&
            key.test(part.key)) ||
          hasKey(ev, part.value, key, depth + 1),
      );
    });
  return childrenWithin(ref, node).some((child) =>
    hasKey(ev, here(ref.module, child, ref.frame), key, depth),
  );
}

function childrenWithin({ module }: Ref, node: Node): Node[] {
  return module.childrenOf(node).filter((child) => !(node.type === 'Property' && child === node.key));
}
