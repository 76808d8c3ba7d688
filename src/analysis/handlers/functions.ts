/**
 * The functions of the project in a value that is given to a framework: alone, in lists and objects, in wrappers
 * of the project's or a package's own.
 */
import { contains } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import {
  membersOf,
  unknown,
  type ExternalValue,
  type Frame,
  type FunctionValue,
  type ObjectValue,
  type Ref,
  type Value,
} from '../values/value.ts';
import type { Places } from './framework.ts';

const MAX_DEPTH = 8;

/** Everything in a map of handlers is one. */
export const EVERYWHERE = Symbol('everywhere');
export type Where = Places | typeof EVERYWHERE;

/**
 * `around` is the frame in which the value is used: it says nothing about how a function was made.
 */
export function functionsIn(
  ev: Evaluation,
  value: Value,
  where: Where = {},
  around?: Frame,
  depth = 0,
): FunctionValue[] {
  if (depth > MAX_DEPTH) return [];
  const inner = (next: Value, place: Where = where): FunctionValue[] =>
    functionsIn(ev, next, place, around, depth + 1);
  return membersOf(value).flatMap((member): FunctionValue[] => {
    switch (member.kind) {
      case 'function':
        return unwrapped(ev, member, around, depth);
      case 'array':
        return member.items
          ? member.items.flatMap((item) => (item ? inner(ev.evaluate(item)) : []))
          : inner(member.element());
      case 'object':
        return propertiesOf(ev, member, where).flatMap((property) => inner(property.value, property.where));
      case 'namespace':
        // `register(import('./routes'))`
        return where === EVERYWHERE ? [] : inner(ev.member(member, 'default', member.at));
      case 'external':
        return handedTo(member).flatMap((argument) =>
          inner(ev.evaluate(argument), where === EVERYWHERE ? where : {}),
        );
      default:
        return [];
    }
  });
}

function propertiesOf(ev: Evaluation, object: ObjectValue, where: Where): { value: Value; where: Where }[] {
  if (where === EVERYWHERE)
    return object.parts.map((part) => ({ value: ev.evaluate(part.value), where: EVERYWHERE }));
  const named = (name: string, place: Where): { value: Value; where: Where }[] => {
    const found = ev.lookup(object, name);
    return found.state !== 'absent' && found.value ? [{ value: found.value, where: place }] : [];
  };
  return [
    ...(where.properties ?? []).flatMap((name) => named(name, where)),
    ...(where.maps ?? []).flatMap((name) => named(name, EVERYWHERE)),
  ];
}

/** The arguments of the calls that made a package's value: `middy(handler).use(...)`, `client.schema(s).action(fn)`. */
function handedTo(value: ExternalValue): Ref[] {
  const found: Ref[] = [];
  for (let current: ExternalValue | undefined = value; current; current = current.from) {
    const site = current.path.endsWith('()') ? current.site : undefined;
    if (site?.node.type !== 'CallExpression') continue;
    for (const argument of site.node.arguments)
      if (argument.type !== 'SpreadElement') found.push(beside(site, argument));
  }
  return found;
}

/**
 * A function that a wrapper made, `asyncHandler(list)`, and the functions that the wrapper was given. The wrapper's
 * own function is the same for all of them, so it is taken to know of none.
 */
function unwrapped(
  ev: Evaluation,
  fn: FunctionValue,
  around: Frame | undefined,
  depth: number,
): FunctionValue[] {
  const given: FunctionValue[] = [];
  const frame = withoutFunctions(fn.at.frame);
  return given.length === 0 ? [fn] : [{ ...fn, at: { ...fn.at, frame } }, ...given];

  function withoutFunctions(current: Frame | undefined): Frame | undefined {
    if (!current || current === around) return current;
    const isMaker = current.fn !== undefined && current.fn !== fn.at.node && contains(current.fn, fn.at.node);
    const args = isMaker
      ? current.args.map((argument): Ref | Value => {
          const value = 'kind' in argument ? argument : ev.evaluate(argument);
          if (!membersOf(value).some(isFunctionLike)) return argument;
          const functions = functionsIn(ev, value, {}, around, depth + 1);
          given.push(...functions);
          return functions.length > 0 ? unknown(value.at) : argument;
        })
      : current.args;
    return { ...current, args, outer: withoutFunctions(current.outer) };
  }
}

function isFunctionLike(value: Value): boolean {
  return (
    value.kind === 'function' ||
    value.kind === 'array' ||
    (value.kind === 'external' && value.path.endsWith('()'))
  );
}
