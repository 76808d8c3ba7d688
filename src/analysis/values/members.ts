/**
 * `value.key`: properties of objects, of classes and what they extend, of packages.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { followExport } from '../modules/follow.ts';
import { contains, keyName, outermost, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from './evaluation.ts';
import { fieldUsages, holderOf, insertionsOf } from './holders.ts';
import { annotatedValue, decoratedValue } from './names.ts';
import { shapeMember } from './types.ts';
import {
  external,
  literal,
  membersOf,
  present,
  primitive,
  union,
  unknown,
  type ClassValue,
  type ExternalValue,
  type Frame,
  type InstanceValue,
  type Lookup,
  type ObjectValue,
  type Ref,
  type Value,
} from './value.ts';

export function evaluateMember(ev: Evaluation, value: Value, key: string | undefined, at: Ref): Value {
  switch (value.kind) {
    case 'union':
      return union(
        at,
        present(value).kind === 'union'
          ? membersOf(present(value)).map((member) => ev.member(member, key, at))
          : [ev.member(present(value), key, at)],
      );
    case 'external':
      return externalMember(ev, value, key, at);
    case 'object':
      return objectMember(ev, value, key, at);
    case 'namespace':
      if (key === undefined) return unknown(at);
      return ev.defined(followExport(ev.modules, value.module, key), at);
    case 'instance':
      return instanceMember(ev, value, key, at) ?? unknown(at);
    case 'class':
      return key === undefined
        ? unknown(at)
        : (classMember(ev, value, key, true, undefined, at) ?? unknown(at));
    case 'shape':
      return shapeMember(ev, value, key, at) ?? unknown(at);
    case 'enum':
      return enumMember(ev, value.at, key, at);
    case 'array':
      if (key === 'length') return primitive(at, 'number');
      return key === undefined
        ? value.element()
        : /^\d+$/.test(key)
          ? ev.element(value, at, Number(key))
          : unknown(at);
    case 'literal':
    case 'primitive':
      return key === 'length' ? primitive(at, 'number') : unknown(at);
    case 'function':
      return functionProperty(ev, value.at, key) ?? unknown(at);
    case 'unknown':
      return value.parameter ? unknown(at, value.parameter) : unknown(at);
  }
}

/** A member of a package's export; a default import, a namespace and `require` of one package are the same. */
function externalMember(ev: Evaluation, value: ExternalValue, key: string | undefined, at: Ref): Value {
  if (key === undefined) return collectionElement(ev, value, at) ?? external(at, `${value.path}[]`, value);
  if (key === 'default' && value.path.endsWith(':')) return value;
  if (value.path === 'global:.Record#')
    return typeArgument(ev, value, 1) ?? external(at, `${value.path}.${key}`, value);
  return external(at, `${value.path}.${key}`, value);
}

/** What is in a Map, Set or list of the language, by its declared type or by what the code puts in. */
export function collectionElement(ev: Evaluation, value: ExternalValue, at: Ref): Value | undefined {
  const match = /^global:\.(Map|WeakMap|Set|WeakSet|Record|ReadonlyMap|ReadonlySet)#$/.exec(value.path);
  const site = value.site;
  if (!match || !site) return undefined;
  const position = /Map|Record/.test(match[1] as string) ? 1 : 0;
  // What is put in says more than the declared type: it can be a construction with its options.
  const known = insertedValues(ev, site, position, at).filter((item) => item.kind !== 'unknown');
  if (known.length > 0) return union(at, known);
  const declared = typeArgument(ev, value, position);
  if (declared && declared.kind !== 'unknown') return declared;
  const annotation =
    site.node.type === 'NewExpression' ? holderOf(site.module, site.node)?.annotation : undefined;
  const holder = annotation && ev.typed(here(site.module, annotation));
  return holder?.kind === 'external' && holder.site?.node !== site.node
    ? typeArgument(ev, holder, position)
    : undefined;
}

/** What the code puts into the Map or Set that is made at a `new` expression. */
function insertedValues(ev: Evaluation, made: Ref, position: number, at: Ref): Value[] {
  if (made.node.type !== 'NewExpression') return [];
  const values = insertionsOf(made.module, made.node)
    .filter((insertion) => insertion.by !== 'property')
    .map((insertion) => ev.evaluate(here(made.module, insertion.value)));
  const initial = made.node.arguments[0];
  if (initial && initial.type !== 'SpreadElement') {
    const entry = ev.element(ev.evaluate(beside(made, initial)), at);
    values.push(position === 1 ? ev.element(entry, at, 1) : entry);
  }
  return values;
}

/** A type argument at the place where an external value got its type: `Map<string, Queue>`, `new Map<K, V>()`. */
export function typeArgument(ev: Evaluation, value: ExternalValue, index: number): Value | undefined {
  const site = value.site;
  const args = (site?.node as { typeArguments?: TSESTree.TSTypeParameterInstantiation } | undefined)
    ?.typeArguments;
  const argument = args?.params[index];
  return site && argument ? ev.typed(here(site.module, argument, site.frame)) : undefined;
}

function objectMember(ev: Evaluation, value: ObjectValue, key: string | undefined, at: Ref): Value {
  if (key !== undefined) {
    const found = ev.lookup(value, key);
    if (found.state === 'known') return found.value;
    if (found.state === 'unknown' && found.value && found.value.kind !== 'unknown') return found.value;
  }
  const values: Value[] = [];
  for (const part of value.parts) {
    if (part.kind === 'computed' || (part.kind === 'write' && part.key === undefined))
      values.push(ev.evaluate(part.value));
    else if (key === undefined && part.kind !== 'spread') values.push(partValue(ev, part, value));
    else if (key === undefined) values.push(ev.member(ev.evaluate(part.value), undefined, at));
  }
  if (values.length > 0) return union(at, values);
  const annotation = holderOf(value.at.module, value.at.node)?.annotation;
  if (annotation) {
    const declared = ev.typed(here(value.at.module, annotation));
    if (declared.kind !== 'object') return ev.member(declared, key, at);
  }
  return unknown(at);
}

function partValue(
  ev: Evaluation,
  part: Extract<ObjectValue['parts'][number], { kind: 'property' | 'write' }>,
  owner: ObjectValue,
): Value {
  const value = ev.evaluate(part.value);
  if (value.kind !== 'function') return value;
  const method = { ...value, thisValue: value.thisValue ?? owner };
  return part.kind === 'property' && part.getter ? ev.returned(method, [], part.value) : method;
}

/** A property as an option: see {@link Lookup}. */
export function lookupProperty(ev: Evaluation, value: Value, key: string): Lookup {
  switch (value.kind) {
    case 'union':
      return mergeLookups(
        value.at,
        value.members.map((member) => ev.lookup(member, key)),
      );
    case 'literal':
      return typeof value.value === 'string' ? { state: 'unknown' } : { state: 'absent' };
    case 'object':
      return lookupInObject(ev, value, key);
    case 'array':
    case 'function':
      return { state: 'absent' };
    case 'namespace':
    case 'instance':
    case 'shape':
    case 'external': {
      const member = ev.member(value, key, value.at);
      return { state: 'unknown', value: member };
    }
    default:
      return { state: 'unknown' };
  }
}

function lookupInObject(ev: Evaluation, object: ObjectValue, key: string): Lookup {
  /** Values that later parts may or may not give; the first part that surely has the key ends the search. */
  const possible: Value[] = [];
  let uncertain = false;
  for (let i = object.parts.length - 1; i >= 0; i--) {
    const part = object.parts[i];
    if (part?.kind === 'property' && part.key === key)
      return known(object.at, [partValue(ev, part, object), ...possible]);
    if (part?.kind === 'computed' || (part?.kind === 'write' && part.key === undefined)) uncertain = true;
    else if (part?.kind === 'write' && part.key === key) {
      uncertain = true;
      possible.push(partValue(ev, part, object));
    } else if (part?.kind === 'spread') {
      const found = ev.lookup(ev.evaluate(part.value), key);
      if (found.state === 'known') return known(object.at, [found.value, ...possible]);
      if (found.state === 'unknown') {
        uncertain = true;
        possible.push(found.value ?? unknown(part.value));
      }
    }
  }
  if (!uncertain) return { state: 'absent' };
  return { state: 'unknown', value: possible.length > 0 ? union(object.at, possible) : undefined };
}

function known(at: Ref, values: readonly Value[]): Lookup {
  return { state: 'known', value: union(at, values) };
}

/** An option that is one of several: known or absent where all of them are. */
export function mergeLookups(at: Ref, lookups: readonly Lookup[]): Lookup {
  const states = new Set(lookups.map((found) => found.state));
  if (states.size === 1 && states.has('absent')) return { state: 'absent' };
  const values = lookups.flatMap((found) => ('value' in found && found.value ? [found.value] : []));
  const value = values.length > 0 ? union(at, values) : undefined;
  return states.size === 1 && states.has('known') && value
    ? { state: 'known', value }
    : { state: 'unknown', value };
}

function instanceMember(
  ev: Evaluation,
  value: InstanceValue,
  key: string | undefined,
  at: Ref,
): Value | undefined {
  if (key === undefined) return undefined;
  return classMember(ev, value.class, key, false, value, at);
}

const MAX_BASES = 8;

/**
 * A member of a class, its own or inherited. `instance` is what `this` means in it, which may be of a subclass.
 */
export function classMember(
  ev: Evaluation,
  owner: ClassValue,
  key: string,
  isStatic: boolean,
  instance: InstanceValue | undefined,
  at: Ref,
  constructorArgs: readonly (Ref | Value)[] | undefined = siteArguments(instance),
  depth = 0,
): Value | undefined {
  const { module, node } = owner.at;
  const thisValue: Value = isStatic ? owner : (instance ?? selfInstance(owner));
  const frame: Frame = { fn: undefined, args: [], thisValue, outer: owner.at.frame, depth: 1 };
  const inside = (inner: Node): Ref => here(module, inner, frame);
  const ctor = node.body.body.find(
    (member): member is TSESTree.MethodDefinition =>
      member.type === 'MethodDefinition' && member.kind === 'constructor',
  );
  const ctorFrame: Frame | undefined =
    ctor && constructorArgs
      ? {
          fn: ctor.value as TSESTree.FunctionExpression,
          args: constructorArgs,
          thisValue,
          outer: frame,
          depth: 1,
        }
      : undefined;

  const values: Value[] = [];
  let declared: (() => Value) | undefined;
  for (const member of node.body.body) {
    if (member.type === 'StaticBlock' || member.type === 'TSIndexSignature') continue;
    if (keyName(member) !== key || member.static !== isStatic) continue;
    if (member.type === 'MethodDefinition') {
      if (member.kind === 'set' || !member.value.body) continue;
      const method = ev.evaluate(inside(member.value));
      if (method.kind !== 'function') return method;
      const own = { ...method, thisValue };
      return member.kind === 'get' ? ev.returned(own, [], at) : own;
    }
    if ('value' in member && member.value) values.push(ev.evaluate(inside(member.value)));
    const annotation = 'typeAnnotation' in member ? member.typeAnnotation?.typeAnnotation : undefined;
    const place = here(module, member);
    declared = () => {
      const typed = annotation ? ev.typed(beside(place, annotation)) : unknown(place);
      return typed.kind === 'unknown' ? (decoratedValue(ev, member, place) ?? typed) : typed;
    };
  }
  if (ctor && !isStatic) {
    const parameter = parameterProperty(ctor, key);
    if (parameter) {
      const place: Ref = here(module, parameter.identifier, ctorFrame);
      const variable = module.variableOf(parameter.identifier);
      if (variable) values.push(ev.variable(variable, place));
    }
  }
  for (const usage of fieldUsages(module, node, key)) {
    const assignment = outermost(usage).parent;
    if (assignment?.type !== 'AssignmentExpression' || assignment.left !== usage) continue;
    if (!/^(?:\?\?|\|\|)?=$/.test(assignment.operator)) continue;
    const inConstructor = ctor !== undefined && contains(ctor, assignment);
    values.push(ev.evaluate(here(module, assignment.right, inConstructor ? ctorFrame : frame)));
  }
  const useful = values.filter((value) => value.kind !== 'unknown');
  if (declared) {
    if (values.length === 0) {
      const value = declared();
      if (value.kind !== 'unknown' || !node.superClass) return value;
    } else return annotatedValue(union(at, values), declared);
  } else if (useful.length > 0 || (values.length > 0 && !node.superClass)) return union(at, values);
  return inherited(ev, owner, key, isStatic, instance, at, ctor, ctorFrame, constructorArgs, depth + 1);
}

function inherited(
  ev: Evaluation,
  owner: ClassValue,
  key: string,
  isStatic: boolean,
  instance: InstanceValue | undefined,
  at: Ref,
  ctor: TSESTree.MethodDefinition | undefined,
  ctorFrame: Frame | undefined,
  constructorArgs: readonly (Ref | Value)[] | undefined,
  depth: number,
): Value | undefined {
  const { module, node } = owner.at;
  // Classes can extend each other in broken code.
  if (!node.superClass || depth > MAX_BASES) return undefined;
  const base = ev.evaluate(here(module, node.superClass, owner.at.frame));
  // Without a constructor of its own the class hands its arguments on.
  const superCall = ctor ? superCallIn(module.nodes('CallExpression'), ctor) : undefined;
  const superArgs = ctor
    ? superCall && !superCall.arguments.some((argument) => argument.type === 'SpreadElement')
      ? superCall.arguments.map((argument) => here(module, argument, ctorFrame))
      : undefined
    : constructorArgs;
  for (const member of membersOf(base)) {
    if (member.kind === 'class' && member.at.node !== node) {
      const found = classMember(
        ev,
        member,
        key,
        isStatic,
        instance ?? selfInstance(owner),
        at,
        superArgs,
        depth,
      );
      if (found) return found;
    }
    if (member.kind === 'external')
      return external(
        at,
        isStatic ? `${member.path}.${key}` : `${member.path}#.${key}`,
        superInstance(member, owner, superCall),
      );
  }
  return undefined;
}

/** The package's class seen as the base of this instance: its site is the `super(...)` call, else the class. */
function superInstance(
  base: ExternalValue,
  owner: ClassValue,
  superCall: TSESTree.CallExpression | undefined,
): ExternalValue {
  return external(base.at, `${base.path}#`, base, superCall ? here(owner.at.module, superCall) : owner.at);
}

/** What an instance of a project class is as an instance of the package's class that it extends in the end. */
export function externalBase(
  ev: Evaluation,
  owner: ClassValue,
  instance?: InstanceValue,
): ExternalValue | undefined {
  let current: ClassValue = owner;
  let args = siteArguments(instance);
  for (let depth = 0; depth < MAX_BASES; depth++) {
    const { module, node } = current.at;
    if (!node.superClass) return undefined;
    const ctor = node.body.body.find(
      (member): member is TSESTree.MethodDefinition =>
        member.type === 'MethodDefinition' && member.kind === 'constructor',
    );
    const frame: Frame | undefined =
      ctor && args
        ? {
            fn: ctor.value as TSESTree.FunctionExpression,
            args,
            thisValue: instance,
            outer: current.at.frame,
            depth: 1,
          }
        : current.at.frame;
    const superCall = ctor && superCallIn(module.nodes('CallExpression'), ctor);
    const base: Value = ev.evaluate(here(module, node.superClass, current.at.frame));
    if (base.kind === 'external')
      return external(
        base.at,
        `${base.path}#`,
        base,
        superCall ? here(module, superCall, frame) : !ctor && instance?.site ? instance.site : current.at,
      );
    if (base.kind !== 'class' || base.at.node === node) return undefined;
    args = superCall
      ? superCall.arguments.map((argument) => here(module, argument, frame))
      : ctor
        ? undefined
        : args;
    current = base;
  }
  return undefined;
}

function superCallIn(
  calls: readonly TSESTree.CallExpression[],
  ctor: TSESTree.MethodDefinition,
): TSESTree.CallExpression | undefined {
  return calls.find((call) => call.callee.type === 'Super' && contains(ctor, call));
}

function siteArguments(instance: InstanceValue | undefined): readonly Ref[] | undefined {
  const site = instance?.site;
  if (!site || site.node.arguments.some((argument) => argument.type === 'SpreadElement')) return undefined;
  return site.node.arguments.map((argument) => beside(site, argument));
}

function selfInstance(owner: ClassValue): InstanceValue {
  return { kind: 'instance', at: owner.at, class: owner, site: undefined };
}

/** `constructor(private readonly key: Type)` */
function parameterProperty(
  ctor: TSESTree.MethodDefinition,
  key: string,
): { identifier: TSESTree.Identifier } | undefined {
  for (const parameter of ctor.value.params) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const target =
      parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
    if (target.name === key) return { identifier: target };
  }
  return undefined;
}

/** The members of an enum: `enum.body.members` since TypeScript-ESTree 8, `enum.members` before. */
export function enumMembers(declaration: TSESTree.TSEnumDeclaration): readonly TSESTree.TSEnumMember[] {
  const node = declaration as Partial<Record<'body' | 'members', unknown>>;
  const body = (node.body ?? node) as Partial<TSESTree.TSEnumBody>;
  return body.members ?? [];
}

function enumMember(
  ev: Evaluation,
  declaration: Ref<TSESTree.TSEnumDeclaration>,
  key: string | undefined,
  at: Ref,
): Value {
  if (key === undefined) return primitive(at, 'string');
  let next: number | undefined = 0;
  for (const member of enumMembers(declaration.node)) {
    const name = 'name' in member.id ? member.id.name : member.id.value;
    const value: Value = member.initializer
      ? ev.evaluate(beside(declaration, member.initializer))
      : next === undefined
        ? primitive(at, 'number')
        : literal(beside(declaration, member), next);
    if (name === key) return value;
    next = value.kind === 'literal' && typeof value.value === 'number' ? value.value + 1 : undefined;
  }
  return unknown(at);
}

/** `fn.key = value` of a function held by a name. */
function functionProperty(ev: Evaluation, fn: Ref, key: string | undefined): Value | undefined {
  if (key === undefined) return undefined;
  const values = insertionsOf(fn.module, fn.node)
    .filter((insertion) => insertion.by === 'property' && insertion.key === key)
    .map((insertion) => ev.evaluate(here(fn.module, insertion.value)));
  return values.length > 0 ? union(fn, values) : undefined;
}
