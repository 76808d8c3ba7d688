/**
 * What a list is put together of, in order: through spreads, rest parameters and the methods that leave items out or
 * make others of them. Some of the parts can be missing in the list, so nothing is said of their number.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFunction, keyName, unwrap, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from './evaluation.ts';
import { insertionsOf } from './holders.ts';
import { frameOf } from './names.ts';
import { membersOf, type ArrayValue, type Ref, type Value } from './value.ts';

export interface ListPart {
  /** The expression: of an item, or the spread of a list whose items are not known. */
  at: Ref;
  /** What is known of the item, or of any item. */
  value: Value;
}

const MAX_DEPTH = 6;
/** Methods that give items of the list they are called on, and no others. */
const OF_SAME = /^(?:filter|slice|reverse|toReversed|sort|toSorted|flat|values)$/;

/** The parts of a list, where it is put together in code that can be seen. */
export function partsOfList(ev: Evaluation, list: ArrayValue, depth = 0): ListPart[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const { at } = list;
  const { node } = at;
  switch (node.type) {
    case 'ArrayExpression':
      return [
        ...node.elements.flatMap((element) => (element ? partsOf(ev, beside(at, element), depth) : [])),
        ...insertionsOf(at.module, node).flatMap(({ by, value }) =>
          by === 'push' ? partsOf(ev, here(at.module, value, at.frame), depth) : [],
        ),
      ];
    case 'RestElement':
      return givenToRest(ev, at as Ref<TSESTree.RestElement>, depth);
    case 'CallExpression':
      return ofMethod(ev, at as Ref<TSESTree.CallExpression>, depth);
    default:
      return undefined;
  }
}

/** An element as it is; for a spread, the parts of the list that is spread. */
function partsOf(ev: Evaluation, at: Ref, depth: number): ListPart[] {
  if (at.node.type !== 'SpreadElement') return [{ at, value: ev.evaluate(at) }];
  const spread = beside<Node>(at, at.node.argument);
  return partsOfLists(ev, spread, depth) ?? [{ at, value: ev.element(ev.evaluate(spread), spread) }];
}

function partsOfLists(ev: Evaluation, at: Ref, depth: number): ListPart[] | undefined {
  const parts: ListPart[] = [];
  for (const member of membersOf(ev.evaluate(at))) {
    const found = member.kind === 'array' ? partsOfList(ev, member, depth + 1) : undefined;
    if (!found) return undefined;
    parts.push(...found);
  }
  return parts;
}

function givenToRest(ev: Evaluation, at: Ref<TSESTree.RestElement>, depth: number): ListPart[] | undefined {
  const fn = at.node.parent;
  if (!isFunction(fn)) return undefined;
  const given = frameOf(at.frame, fn)?.args.slice(fn.params.indexOf(at.node));
  return given?.flatMap((argument) =>
    'kind' in argument ? [{ at: argument.at, value: argument }] : partsOf(ev, argument, depth),
  );
}

function ofMethod(ev: Evaluation, at: Ref<TSESTree.CallExpression>, depth: number): ListPart[] | undefined {
  const callee = unwrap(at.node.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const method = keyName(callee) ?? '';
  const parts = partsOfLists(ev, beside(at, callee.object), depth);
  if (!parts || OF_SAME.test(method)) return parts;
  if (method === 'concat')
    return [
      ...parts,
      ...at.node.arguments.flatMap((argument) => {
        const added = beside<Node>(at, argument);
        return partsOfLists(ev, added, depth) ?? partsOf(ev, added, depth);
      }),
    ];
  const [callback] = at.node.arguments;
  return method === 'map' && callback
    ? parts.map((part) => mapped(ev, part, ev.evaluate(beside(at, callback)), at))
    : undefined;
}

/** `String` gives the part as a text; a function of the project is entered with it. */
function mapped(ev: Evaluation, part: ListPart, callback: Value, at: Ref): ListPart {
  if (callback.kind !== 'function') return part;
  const item = part.at.node.type === 'SpreadElement' ? part.value : part.at;
  const value = ev.returned(callback, [item], at);
  return value.kind === 'unknown' ? part : { at: value.at, value };
}
