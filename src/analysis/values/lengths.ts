/**
 * How many items a list has, where the code says so.
 */
import { keyName, unwrap } from '../source/nodes.ts';
import { beside, type Evaluation } from './evaluation.ts';
import { insertionsOf } from './holders.ts';
import { enumMembers } from './members.ts';
import { membersOf, numberOf, type Ref, type Value } from './value.ts';

/** Methods that give no more items than there are. */
const NO_LONGER = /^(?:map|filter|slice|reverse|toReversed|sort|toSorted|fill|keys|values|entries)$/;
const PARTS = /^(?:keys|values|entries)$/;
const MAX_STEPS = 6;

/** The most items that a list can have; `undefined` where that is not written down. */
export function lengthOf(ev: Evaluation, list: Ref, steps = 0): number | undefined {
  if (steps > MAX_STEPS) return undefined;
  const node = unwrap(list.node);
  if (node.type === 'ArrayExpression' && node.elements.some((element) => element?.type === 'SpreadElement'))
    return sum(
      node.elements.map((element) =>
        element?.type === 'SpreadElement' ? lengthOf(ev, beside(list, element.argument), steps + 1) : 1,
      ),
    );
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const callee = unwrap(node.callee);
    const [first] = node.arguments;
    // `Array(5)`, `new Array(5)`
    if (callee.type === 'Identifier' && callee.name === 'Array' && first)
      return numberOf(ev.evaluate(beside(list, first)));
    if (callee.type === 'MemberExpression') {
      const method = keyName(callee) ?? '';
      const object = unwrap(callee.object);
      if (object.type === 'Identifier' && object.name === 'Object' && PARTS.test(method) && first)
        return most(membersOf(ev.evaluate(beside(list, first))).map(partsOf));
      if (object.type === 'Identifier' && object.name === 'Array' && method === 'from' && first)
        return lengthOf(ev, beside(list, first), steps + 1);
      if (NO_LONGER.test(method)) return lengthOf(ev, beside(list, object), steps + 1);
      return undefined;
    }
  }
  return most(membersOf(ev.evaluate(list)).map((value) => lengthOfValue(ev, value)));
}

function lengthOfValue(ev: Evaluation, value: Value): number | undefined {
  if (value.kind === 'array') {
    // What is put in later is not among the items; nobody goes through a list that stays empty.
    const isWhole = insertionsOf(value.at.module, value.at.node).length === 0;
    const length = isWhole ? value.items?.length : undefined;
    return length === 0 ? undefined : length;
  }
  // `Array.from({ length: 5 })`
  const length = value.kind === 'object' ? ev.lookup(value, 'length') : undefined;
  return length?.state === 'known' ? numberOf(length.value) : undefined;
}

/** How many properties an object, or members an enum, has. */
function partsOf(value: Value): number | undefined {
  if (value.kind === 'enum') return enumMembers(value.at.node).length;
  if (value.kind !== 'object') return undefined;
  return value.parts.every(({ kind }) => kind === 'property') ? value.parts.length : undefined;
}

function sum(lengths: readonly (number | undefined)[]): number | undefined {
  return lengths.reduce<number | undefined>(
    (all, length) => (all === undefined || length === undefined ? undefined : all + length),
    0,
  );
}

function most(lengths: readonly (number | undefined)[]): number | undefined {
  return lengths.includes(undefined) ? undefined : Math.max(...(lengths as number[]));
}
