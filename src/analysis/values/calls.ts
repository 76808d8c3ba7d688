/**
 * What a call returns: of a function of the project, of a list's methods, of the language's own functions.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, keyName, unwrap, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from './evaluation.ts';
import { foldCall } from './fold.ts';
import { returnsOf } from './functions.ts';
import { collectionElement } from './members.ts';
import { requireValue, withoutUnknown } from './names.ts';
import {
  external,
  literal,
  MAX_FRAMES,
  membersOf,
  present,
  primitive,
  stringOf,
  union,
  unknown,
  type ArrayValue,
  type ExternalValue,
  type Frame,
  type FunctionValue,
  type ObjectPart,
  type ObjectValue,
  type Ref,
  type Value,
} from './value.ts';

export function evaluateCall(ev: Evaluation, at: Ref<TSESTree.CallExpression>): Value {
  const call = at.node;
  const callee = unwrap(call.callee);
  if (callee.type === 'Identifier' && callee.name === 'require' && !at.module.variableOf(callee)) {
    const argument = call.arguments[0];
    const specifier = argument && stringOf(ev.evaluate(beside(at, argument)));
    return specifier === undefined ? unknown(at) : requireValue(ev, specifier, at);
  }
  const wrapped = ev.wrappers.size > 0 ? wrappedFunction(ev, callee, at) : undefined;
  if (wrapped) return wrapped;
  if (callee.type === 'MemberExpression') {
    const method = keyName(callee);
    const receiver = present(ev.evaluate(beside(at, callee.object)));
    const special = method === undefined ? undefined : methodResult(ev, receiver, method, at);
    if (special) return special;
  }
  const results = membersOf(present(ev.evaluate(beside(at, callee)))).map((member) => called(ev, member, at));
  return union(at, results);
}

/** The function among the arguments of a call of one of the user's wrappers. */
function wrappedFunction(ev: Evaluation, callee: Node, at: Ref<TSESTree.CallExpression>): Value | undefined {
  const name = calleeName(callee);
  if (name === undefined || !ev.wrappers.has(name)) return undefined;
  return argumentRefs(at)
    .map((argument) => ev.evaluate(argument))
    .find((value) => value.kind === 'function');
}

function called(ev: Evaluation, callee: Value, at: Ref<TSESTree.CallExpression>): Value {
  switch (callee.kind) {
    case 'function':
      return ev.returned(callee, [...callee.bound, ...argumentRefs(at)], at);
    case 'external':
      return (
        languageFunction(ev, callee, at) ??
        transactionResult(ev, callee, at) ??
        injected(ev, callee, at) ??
        external(at, `${callee.path}()`, callee, at)
      );
    default:
      return unknown(at);
  }
}

const RUNS_TRANSACTION = /\.(?:\$?transaction|transactional|transaction\(\)(?:\.\w+\(\))*\.execute)$/;

/** A transaction gives what its callback returns. */
function transactionResult(
  ev: Evaluation,
  callee: ExternalValue,
  at: Ref<TSESTree.CallExpression>,
): Value | undefined {
  if (!RUNS_TRANSACTION.test(callee.path)) return undefined;
  for (const argument of argumentRefs(at)) {
    const fn = ev.evaluate(argument);
    if (fn.kind === 'function') return ev.returned(fn, [external(at, `${callee.path}>0`, callee)], at);
  }
  return undefined;
}

/** Methods by which a container of services hands one out: of Nest's `ModuleRef` and application, and of others. */
const HANDS_OUT =
  /^(?:@nestjs\/(?:core|common)|typedi|tsyringe|inversify|@tsed\/di):.*\.(?:get|resolve|create|invoke)$/;

/** A container that is asked for a class gives an instance: `moduleRef.get(MailService, { strict: false })`. */
function injected(
  ev: Evaluation,
  callee: ExternalValue,
  at: Ref<TSESTree.CallExpression>,
): Value | undefined {
  const [token] = at.node.arguments;
  if (!token || !HANDS_OUT.test(callee.path)) return undefined;
  const asked = ev.evaluate(beside(at, token));
  return asked.kind === 'class' ? ev.instance(asked.at, at) : undefined;
}

export function argumentRefs(at: Ref<TSESTree.CallExpression | TSESTree.NewExpression>): Ref[] {
  return at.node.arguments.map((argument) => beside(at, argument));
}

/** What a function of the project returns when called with these arguments. */
export function evaluateReturned(
  ev: Evaluation,
  fn: FunctionValue,
  args: readonly (Ref | Value)[],
  at: Ref,
): Value {
  const { module, node } = fn.at;
  const annotation = node.returnType?.typeAnnotation;
  const declared = () => (annotation ? ev.typed(here(module, annotation, fn.at.frame)) : unknown(at));
  const outer = fn.at.frame;
  const depth = Math.max(outer?.depth ?? 0, at.frame?.depth ?? 0) + 1;
  if (depth > MAX_FRAMES || ev.exhausted) return declared();
  const spread = args.findIndex((argument) => 'node' in argument && argument.node.type === 'SpreadElement');
  // Which parameter gets which of the items that are spread is not known, unless a rest parameter takes them all.
  const rest = node.params.at(-1)?.type === 'RestElement' ? node.params.length - 1 : Infinity;
  const hasSpread = spread >= 0 && spread < rest;
  // A call without arguments to hand over needs no frame, so that its result can be remembered.
  const needsFrame = node.params.length > 0 || fn.thisValue !== undefined || outer !== undefined;
  const frame: Frame | undefined =
    needsFrame && !hasSpread ? { fn: node, args, thisValue: fn.thisValue, outer, depth } : outer;
  const returned = returnsOf(module, node).map((result) => ev.evaluate(here(module, result, frame)));
  if (returned.length === 0) return annotation ? declared() : literal(at, undefined);
  return withoutUnknown(union(at, returned), declared);
}

const STRING_METHODS =
  /^(?:to(?:String|LowerCase|UpperCase|Fixed|ISOString|LocaleString|JSON)|trim\w*|replace\w*|slice|substring|substr|concat|pad\w*|normalize|repeat|charAt|join)$/;

/** Methods that give back what they are called on, as those of every event emitter. */
const CHAINED =
  /^(?:on|once|off|addListener|prependListener|removeListener|removeAllListeners|setMaxListeners)$/;

/** Methods of lists, maps, functions and strings, whose result depends on what they are called on. */
function methodResult(
  ev: Evaluation,
  receiver: Value,
  method: string,
  at: Ref<TSESTree.CallExpression>,
): Value | undefined {
  switch (receiver.kind) {
    case 'array':
      return arrayMethod(ev, receiver, method, at);
    case 'function':
      if (method === 'bind') return bind(ev, receiver, at);
      if (method === 'call') return ev.returned(receiver, argumentRefs(at).slice(1), at);
      if (method === 'apply') return ev.returned(receiver, [], at);
      return undefined;
    case 'external':
      if (method === 'bind') return receiver;
      if (receiver.path.endsWith('#') && CHAINED.test(method)) return receiver;
      if (method === 'get' && /^global:\.(?:Weak|Readonly)?Map#$/.test(receiver.path))
        return collectionElement(ev, receiver, at);
      if (
        (method === 'values' || method === 'keys') &&
        /^global:\.(?:Readonly)?(?:Map|Set)#$/.test(receiver.path)
      )
        return {
          kind: 'array',
          at,
          items: undefined,
          element: () => collectionElement(ev, receiver, at) ?? unknown(at),
        };
      if (method === 'entries' && /^global:\.(?:Readonly)?Map#$/.test(receiver.path))
        return {
          kind: 'array',
          at,
          items: undefined,
          element: () =>
            pair(at, primitive(at, 'string'), () => collectionElement(ev, receiver, at) ?? unknown(at)),
        };
      return undefined;
    case 'literal':
    case 'primitive':
      return STRING_METHODS.test(method) ? primitive(at, 'string') : undefined;
    default:
      return undefined;
  }
}

function bind(ev: Evaluation, fn: FunctionValue, at: Ref<TSESTree.CallExpression>): Value {
  const [self, ...rest] = argumentRefs(at);
  return {
    ...fn,
    thisValue: self ? ev.evaluate(self) : fn.thisValue,
    bound: [...fn.bound, ...rest],
  };
}

function arrayMethod(
  ev: Evaluation,
  list: ArrayValue,
  method: string,
  at: Ref<TSESTree.CallExpression>,
): Value | undefined {
  const ofSame = (): Value => ({ kind: 'array', at, items: undefined, element: list.element });
  switch (method) {
    case 'filter':
    case 'slice':
    case 'reverse':
    case 'sort':
    case 'toSorted':
    case 'toReversed':
    case 'splice':
    case 'values':
      return ofSame();
    case 'concat':
    case 'flat':
      return { kind: 'array', at, items: undefined, element: () => unknown(at) };
    case 'find':
    case 'findLast':
    case 'at':
    case 'pop':
    case 'shift':
      return list.element();
    case 'join':
      return primitive(at, 'string');
    case 'map':
    case 'flatMap': {
      const callback = at.node.arguments[0];
      const element = (): Value => {
        if (!callback) return unknown(at);
        const fn = ev.evaluate(beside(at, callback));
        return fn.kind === 'function' ? ev.returned(fn, [list.element()], at) : unknown(at);
      };
      return { kind: 'array', at, items: undefined, element };
    }
    default:
      return undefined;
  }
}

/** Functions of the language that pass their argument through or take it apart. */
function languageFunction(
  ev: Evaluation,
  callee: ExternalValue,
  at: Ref<TSESTree.CallExpression>,
): Value | undefined {
  if (!callee.path.startsWith('global:.')) return undefined;
  const [first] = argumentRefs(at);
  const path = callee.path.slice('global:.'.length);
  const folded = FOLDED.test(path) ? foldedCall(ev, path, at) : undefined;
  if (folded) return folded;
  switch (path) {
    case 'Object.freeze':
    case 'Object.seal':
    case 'structuredClone':
    case 'Promise.resolve':
    case 'Promise.all':
    case 'Promise.race':
      return first && ev.evaluate(first);
    case 'Object.assign':
      return assigned(ev, at);
    case 'Object.values':
      return (
        first && {
          kind: 'array',
          at,
          items: undefined,
          element: () => ev.member(ev.evaluate(first), undefined, at),
        }
      );
    case 'Object.entries':
      return (
        first && {
          kind: 'array',
          at,
          items: undefined,
          element: () =>
            pair(at, primitive(at, 'string'), () => ev.member(ev.evaluate(first), undefined, at)),
        }
      );
    case 'Object.keys':
      return { kind: 'array', at, items: undefined, element: () => primitive(at, 'string') };
    case 'Array.from':
      return (
        first && { kind: 'array', at, items: undefined, element: () => ev.element(ev.evaluate(first), at) }
      );
    case 'String':
    case 'JSON.stringify':
      return primitive(at, 'string');
    case 'Number':
    case 'parseInt':
    case 'parseFloat':
    case 'Number.parseInt':
    case 'Number.parseFloat':
      return primitive(at, 'number');
    case 'Boolean':
      return primitive(at, 'boolean');
    default:
      return undefined;
  }
}

const FOLDED = /^(?:Math\.\w+|Number|(?:Number\.)?parse(?:Int|Float))$/;

function foldedCall(ev: Evaluation, path: string, at: Ref<TSESTree.CallExpression>): Value | undefined {
  const args = argumentRefs(at).map((argument) => ev.evaluate(argument));
  const literals = args.flatMap((arg) => (arg.kind === 'literal' ? [arg.value] : []));
  const folded = literals.length === args.length ? foldCall(path, literals) : undefined;
  return folded && literal(at, folded.value);
}

/** A `[key, value]` entry. */
function pair(at: Ref, key: Value, value: () => Value): Value {
  return {
    kind: 'array',
    at,
    items: undefined,
    element: () => union(at, [key, value()]),
  };
}

function assigned(ev: Evaluation, at: Ref<TSESTree.CallExpression>): Value | undefined {
  const parts: ObjectPart[] = argumentRefs(at).map((value) => ({ kind: 'spread', value }));
  const target = at.node.arguments[0];
  if (!target) return undefined;
  // `Object.assign(instance, fields)` stays the instance.
  const first = ev.evaluate(beside(at, target));
  if (first.kind !== 'object') return first.kind === 'unknown' ? undefined : first;
  return { kind: 'object', at, parts } satisfies ObjectValue;
}
