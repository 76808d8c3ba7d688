/**
 * Writes that may come twice without harm, because they say what is to happen with a row that is there.
 */
import type { Node } from '../source/nodes.ts';
import type { Ref } from '../values/value.ts';

const ON_CONFLICT =
  /\b(?:onConflict\w*|onDuplicateKeyUpdate|orIgnore|orUpdate|skipDuplicates|ignoreDuplicates|updateOnDuplicate|upsert\w*|ignore\(\))/;

/** Whether a write is one, by its whole chain: what follows a call may change what it does. */
export function isUpsert({ module, node }: Ref): boolean {
  let current: Node = node;
  for (let parent = current.parent; parent; parent = current.parent) {
    const isChain =
      (parent.type === 'MemberExpression' && parent.object === current) ||
      (parent.type === 'CallExpression' && parent.callee === current);
    if (!isChain) break;
    current = parent;
  }
  return ON_CONFLICT.test(module.textOf(current));
}
