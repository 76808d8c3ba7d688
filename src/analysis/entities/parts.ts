/**
 * The parts of a payload: every expression, or part of a declared type, whose value goes into the job, with the
 * node that a report about it should point at.
 */
import path from 'node:path';
import type { TSESTree } from '@typescript-eslint/utils';
import type { CheckedType } from '../source/checked-type.ts';
import { isClass, keyName, unwrap, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { returnsOf } from '../values/functions.ts';
import { throughParameters } from '../values/trace.ts';
import {
  external,
  literal,
  membersOf,
  primitive,
  unknown,
  type ExternalValue,
  type InstanceValue,
  type ObjectValue,
  type Ref,
  type ShapeValue,
  type Value,
} from '../values/value.ts';
import { cameAsJson } from './json.ts';
import { isReceived } from './received.ts';
import { fieldNames, isNarrowed, isPromiseAll, restOf } from './syntax.ts';

/** How a part sits in what is around it: the payload as a whole, or something of it. */
export type Place = 'payload' | 'property' | 'spread' | 'element';

export interface Part {
  /** The expression; of a declared type, the type. */
  ref: Ref;
  /** What to report: the expression, or the one that stands for it where it was written elsewhere. */
  at: Ref;
  /** One thing that it can be ... */
  value: Value;
  /** ... of all the things that it can be. */
  whole: Value;
  /** Names of the properties that lead to it; `[]` is an element. */
  keys: readonly string[];
  place: Place;
  /** Whether it is known by a declared type only. */
  isDeclared: boolean;
  /** Whether a copy is made of it that JSON can carry: `JSON.parse(JSON.stringify(x))`, `instanceToPlain(x)`. */
  isCopied: boolean;
  /** Whether it is awaited, or an element of a list that is. */
  isAwaited: boolean;
  /** Whether its declared type says that it may be missing ... */
  isOptional: boolean;
  /** ... or that of something around it does. */
  isUnlikely: boolean;
}

/** What is found in a part: findings end the way down, `undefined` lets it go on. */
export type Judge<F> = (part: Part) => readonly F[] | undefined;

interface Way {
  at: Ref | undefined;
  keys: readonly string[];
  place: Place;
  isDeclared: boolean;
  isCopied: boolean;
  isAwaited: boolean;
  isOptional: boolean;
  isUnlikely: boolean;
  depth: number;
  /** Properties that are given anew further on: what a spread says about them does not count. */
  overridden: ReadonlySet<string> | undefined;
}

const START: Way = {
  at: undefined,
  keys: [],
  place: 'payload',
  isDeclared: false,
  isCopied: false,
  isAwaited: false,
  isOptional: false,
  isUnlikely: false,
  depth: 0,
  overridden: undefined,
};
const MAX_DEPTH = 12;
const MAX_PARTS = 400;

/**
 * Judges every part of a payload. A payload seen through a wrapper is followed to the caller's expressions, unless
 * the wrapper already offends by itself: then there is nothing to say about its callers.
 */
export function findIn<F>(ev: Evaluation, payload: Ref, judge: Judge<F>): F[] {
  return new Search(ev, judge).expression(payload, START);
}

class Search<F> {
  readonly #ev: Evaluation;
  readonly #judge: Judge<F>;
  #left = MAX_PARTS;

  constructor(ev: Evaluation, judge: Judge<F>) {
    this.#ev = ev;
    this.#judge = judge;
  }

  expression(ref: Ref, way: Way): F[] {
    if (way.depth > MAX_DEPTH || this.#left-- < 0) return [];
    const traced = throughParameters(this.#ev, ref);
    if (ref.frame && traced.frame !== ref.frame) {
      const isOwn =
        new Search(this.#ev, this.#judge).expression({ ...ref, frame: undefined }, way).length > 0;
      return isOwn ? [] : this.expression(traced, { ...deeper(way), at: undefined });
    }
    const node = unwrap(ref.node);
    const at = beside(ref, node);
    const inner = (next: Node): F[] => this.expression(beside(ref, next), deeper(way));
    switch (node.type) {
      case 'AwaitExpression':
        return this.expression(beside(ref, node.argument), { ...deeper(way), isAwaited: true });
      case 'ConditionalExpression':
        return [node.consequent, node.alternate].flatMap((branch) =>
          isNarrowed(node.test, branch) ? [] : inner(branch),
        );
      case 'LogicalExpression':
        // `a && b` is b, or something falsy.
        return node.operator === '&&' ? inner(node.right) : [...inner(node.left), ...inner(node.right)];
      case 'SequenceExpression':
        return inner(node.expressions.at(-1) as Node);
      case 'AssignmentExpression':
        return node.operator === '=' ? inner(node.right) : this.#value(this.#ev.evaluate(at), at, way);
      case 'ArrayExpression':
        return this.#list(beside(ref, node), way);
      case 'CallExpression':
        if (way.isAwaited && isPromiseAll(node) && node.arguments[0])
          return this.expression(beside(ref, node.arguments[0]), deeper(way));
        return this.#mapped(beside(ref, node), way) ?? this.#value(this.#ev.evaluate(at), at, way);
      case 'Identifier': {
        const rest = restOf(at);
        if (rest)
          return this.expression(rest.source, {
            ...deeper(way),
            at: way.at ?? at,
            place: 'spread',
            overridden: rest.keys,
          });
        return this.#value(this.#ev.evaluate(at), at, way);
      }
      default:
        return this.#value(this.#ev.evaluate(at), at, way);
    }
  }

  /** A list that is written out. */
  #list(ref: Ref<TSESTree.ArrayExpression>, way: Way): F[] {
    const next: Way = { ...deeper(way), keys: [...way.keys, '[]'], place: 'element' };
    return ref.node.elements.flatMap((element) => {
      if (!element) return this.#single(literal(ref, undefined), undefined, ref, next);
      if (element.type !== 'SpreadElement') return this.expression(beside(ref, element), next);
      const list = beside(ref, element.argument);
      return this.#elements(this.#ev.evaluate(list), list, { ...next, at: way.at ?? list });
    });
  }

  /** `users.map((user) => ({ ... }))`: what the callback returns. */
  #mapped(ref: Ref<TSESTree.CallExpression>, way: Way): F[] | undefined {
    const callee = unwrap(ref.node.callee);
    const callback = ref.node.arguments[0];
    if (callee.type !== 'MemberExpression' || !callback) return undefined;
    const method = keyName(callee);
    if (method !== 'map' && method !== 'flatMap') return undefined;
    const fn = this.#ev.evaluate(beside(ref, callback));
    // Of an asynchronous callback that nobody waits for, the promises are what is passed on.
    if (fn.kind !== 'function' || (fn.at.node.async && !way.isAwaited)) return undefined;
    const written = unwrap(callback) === fn.at.node;
    const next: Way = {
      ...deeper(way),
      keys: [...way.keys, '[]'],
      place: 'element',
      at: written ? way.at : (way.at ?? ref),
    };
    const list = beside(ref, callee.object);
    const element = this.#ev.element(this.#ev.evaluate(list), list);
    const frame = written
      ? fn.at.frame
      : {
          fn: fn.at.node,
          args: fn.at.node.params.map((_, index) => (index === 0 ? element : unknown(list))),
          thisValue: fn.thisValue,
          outer: fn.at.frame,
          depth: (ref.frame?.depth ?? 0) + 1,
        };
    return returnsOf(fn.at.module, fn.at.node).flatMap((result) =>
      this.expression({ module: fn.at.module, node: result, frame }, next),
    );
  }

  #value(value: Value, ref: Ref, way: Way): F[] {
    return membersOf(value).flatMap((member) => this.#single(member, value, ref, way));
  }

  #single(value: Value, whole: Value | undefined, ref: Ref, way: Way): F[] {
    if (way.depth > MAX_DEPTH || this.#left-- < 0) return [];
    const found = this.#judged(value, ref, way, whole);
    if (found) return found.slice();
    const next = { ...deeper(way), at: way.at ?? ref };
    switch (value.kind) {
      case 'object':
        return this.#object(value, way, value.at.node === unwrap(ref.node) ? { ...next, at: way.at } : next);
      case 'array':
        if (value.at.node.type === 'ArrayExpression' && value.at.node !== ref.node)
          // Whether it was awaited on the way here, as in `await Promise.all([...])`, is not known.
          return this.#list(value.at as Ref<TSESTree.ArrayExpression>, { ...next, isAwaited: true });
        return this.#elements(value, ref, next);
      case 'shape':
        return this.#shape(value, next);
      case 'instance':
        return this.#instance(value, next);
      case 'external': {
        const copied = this.#copied(value, next);
        return copied.length > 0 || cameAsJson(value.path) ? copied : this.#asChecked(whole, ref, way);
      }
      case 'unknown':
        return this.#asChecked(whole, ref, way);
      default:
        return [];
    }
  }

  /** What code alone does not tell of an expression, its type may. */
  #asChecked(whole: Value | undefined, ref: Ref, way: Way): F[] {
    // Of one alternative among several, the type of the expression says nothing.
    if (whole?.kind === 'union' || way.isDeclared) return [];
    if (!ref.module.types || isReceived(ref.module, ref.node)) return [];
    return this.#checked(ref.module.types.typeOf(unwrap(ref.node)), ref, { ...way, at: way.at ?? ref });
  }

  #checked(type: CheckedType | undefined, ref: Ref, way: Way): F[] {
    if (!type || way.depth > MAX_DEPTH || this.#left-- < 0) return [];
    const next = deeper(way);
    switch (type.kind) {
      case 'primitive':
        return this.#judged(primitive(ref, type.type), ref, way)?.slice() ?? [];
      case 'function':
        return this.#judged(external(ref, 'global:.Function#'), ref, way)?.slice() ?? [];
      case 'promise':
        return way.isAwaited
          ? this.#checked(type.of(), ref, { ...next, isAwaited: false })
          : (this.#judged(external(ref, 'global:.Promise#'), ref, way)?.slice() ?? []);
      case 'list':
        return this.#checked(type.element(), ref, {
          ...next,
          keys: [...way.keys, '[]'],
          place: 'element',
          isDeclared: true,
        });
      case 'intersection': {
        for (const one of type.of) {
          const found = this.#checked(one, ref, next);
          if (found.length > 0) return found;
        }
        return [];
      }
      case 'object': {
        const instance = type.class && this.#instanceOf(type.class, ref);
        if (instance) return this.#value(instance, ref, next);
        const found = type.path === undefined ? undefined : this.#judged(external(ref, type.path), ref, way);
        if (found) return found.slice();
        if (type.hasToJson) return [];
        return type.properties().flatMap((property) =>
          way.overridden?.has(property.name) === true
            ? []
            : this.#checked(property.type(), ref, {
                ...next,
                keys: [...way.keys, property.name],
                place: 'property',
                isAwaited: false,
                isDeclared: true,
                isUnlikely: way.isUnlikely || way.isOptional,
                isOptional: property.isOptional,
                overridden: undefined,
              }),
        );
      }
    }
  }

  #instanceOf({ file, name }: { file: string; name: string }, ref: Ref): Value | undefined {
    const module =
      path.resolve(file) === ref.module.path
        ? ref.module
        : this.#ev.modules.open(
            ref.module,
            `./${path.relative(path.dirname(ref.module.path), file).split(path.sep).join('/')}`,
          );
    const owner = module?.nodes('ClassDeclaration').find((node) => isClass(node) && node.id?.name === name);
    return module && owner && this.#ev.instance({ module, node: owner }, ref);
  }

  #judged(value: Value, ref: Ref, way: Way, whole?: Value): readonly F[] | undefined {
    const { keys, place, isDeclared, isCopied, isAwaited, isOptional, isUnlikely } = way;
    return this.#judge({
      ref,
      at: way.at ?? ref,
      value,
      whole: whole ?? value,
      keys,
      place,
      isDeclared,
      isCopied,
      isAwaited,
      isOptional,
      isUnlikely,
    });
  }

  #object(object: ObjectValue, way: Way, next: Way): F[] {
    const given = object.parts.map((part) =>
      part.kind === 'property' || part.kind === 'write' ? part.key : undefined,
    );
    return object.parts.flatMap((part, index) => {
      if (part.kind === 'spread') {
        const later = new Set([
          ...(way.overridden ?? []),
          ...given.slice(index + 1).filter((key) => key !== undefined),
        ]);
        return this.expression(part.value, { ...next, place: 'spread', isAwaited: false, overridden: later });
      }
      const key = part.kind === 'computed' ? undefined : part.key;
      if (key !== undefined && (way.overridden?.has(key) === true || given.includes(key, index + 1)))
        return [];
      const inner: Way = {
        ...next,
        keys: [...way.keys, key ?? '*'],
        place: 'property',
        isAwaited: false,
        overridden: undefined,
      };
      if (part.kind === 'property' && part.getter) {
        const getter = this.#ev.evaluate(part.value);
        return getter.kind === 'function'
          ? this.#value(this.#ev.returned(getter, [], part.value), part.value, inner)
          : [];
      }
      return this.expression(part.value, inner);
    });
  }

  #elements(list: Value, ref: Ref, way: Way): F[] {
    const next: Way = {
      ...way,
      keys: way.keys.at(-1) === '[]' && way.place === 'element' ? way.keys : [...way.keys, '[]'],
      place: 'element',
    };
    return membersOf(list).flatMap((member): F[] => {
      if (member.kind === 'array' && member.items)
        return member.items.flatMap((item) => (item ? this.expression(item, next) : []));
      const element = this.#ev.element(member, ref);
      // The expression is that of the list: whether it is a promise says nothing of what is in the list.
      return element.kind === 'unknown' ? [] : this.#value(element, ref, { ...next, isAwaited: true });
    });
  }

  /** What is declared: every property of an interface or type literal. */
  #shape(shape: ShapeValue, way: Way, seen: readonly Node[] = []): F[] {
    const { node } = shape.at;
    if (seen.includes(node)) return [];
    const members = node.type === 'TSTypeLiteral' ? node.members : node.body.body;
    const found = members.flatMap((member): F[] => {
      if (member.type !== 'TSPropertySignature' || !member.typeAnnotation) return [];
      const key = keyName(member);
      if (key === undefined || way.overridden?.has(key) === true) return [];
      return this.#declared(
        beside(shape.at, member.typeAnnotation.typeAnnotation),
        key,
        member.optional,
        way,
      );
    });
    if (node.type !== 'TSInterfaceDeclaration') return found;
    const own = members.flatMap((member) =>
      member.type === 'TSPropertySignature' ? (keyName(member) ?? []) : [],
    );
    const rest = { ...way, overridden: new Set([...(way.overridden ?? []), ...own]) };
    return [
      ...found,
      ...node.extends.flatMap((heritage) =>
        membersOf(this.#ev.typed(beside(shape.at, heritage))).flatMap((base) =>
          base.kind === 'shape' ? this.#shape(base, deeper(rest), [...seen, node]) : [],
        ),
      ),
    ];
  }

  #declared(type: Ref, key: string, isOptional: boolean, way: Way): F[] {
    const next: Way = {
      ...deeper(way),
      keys: [...way.keys, key],
      place: 'property',
      isDeclared: true,
      isUnlikely: way.isUnlikely || way.isOptional,
      isOptional,
      overridden: undefined,
    };
    return this.#value(this.#ev.typed(type), type, next);
  }

  /** The fields of an instance of a class of the project, its own and those it inherits from the project. */
  #instance(instance: InstanceValue, way: Way): F[] {
    const found: F[] = [];
    let owner = instance.class;
    for (let depth = 0; depth < 4; depth++) {
      for (const key of fieldNames(owner.at.node)) {
        if (way.overridden?.has(key) === true) continue;
        const value = this.#ev.member(instance, key, way.at ?? instance.at);
        const next: Way = {
          ...deeper(way),
          keys: [...way.keys, key],
          place: 'property',
          isDeclared: true,
          overridden: undefined,
        };
        if (value.kind !== 'unknown') found.push(...this.#value(value, value.at, next));
      }
      const base =
        owner.at.node.superClass && this.#ev.evaluate(here(owner.at.module, owner.at.node.superClass));
      if (base?.kind !== 'class') break;
      owner = base;
    }
    return found;
  }

  /** `JSON.parse(JSON.stringify(user))`, `instanceToPlain(user)`: the same again, as JSON has it. */
  #copied(value: ExternalValue, way: Way): F[] {
    if (!COPIES.test(value.path) || value.site?.node.type !== 'CallExpression') return [];
    let call: Ref<TSESTree.CallExpression> = beside(value.site, value.site.node);
    if (value.path === 'global:.JSON.parse()') {
      const text = call.node.arguments[0] && unwrap(call.node.arguments[0]);
      if (
        text?.type !== 'CallExpression' ||
        text.callee.type !== 'MemberExpression' ||
        keyName(text.callee) !== 'stringify'
      )
        return [];
      call = beside(call, text);
    }
    const [source] = call.node.arguments;
    return source && source.type !== 'SpreadElement'
      ? this.expression(beside(call, source), { ...way, isCopied: true })
      : [];
  }
}

const COPIES =
  /^(?:global:\.JSON\.parse\(\)|class-transformer:\.(?:instanceToPlain|classToPlain|instanceToInstance)\(\)|(?:lodash|lodash\/cloneDeep|lodash-es|lodash\.clonedeep):(?:\.?(?:clone|cloneDeep))?\(\))$/;

function deeper(way: Way): Way {
  return { ...way, depth: way.depth + 1 };
}
