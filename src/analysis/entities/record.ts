/**
 * Whether a value is an ORM's record, by the query it came from or by its declared type.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { decoratorsOf, isClass, type ClassNode } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { externalBase, typeArgument } from '../values/members.ts';
import {
  membersOf,
  type ExternalValue,
  type InstanceValue,
  type Ref,
  type ShapeValue,
  type Value,
} from '../values/value.ts';
import type { Orm, Projection, Queries, Result } from './orm.ts';
import { orms } from './orms/index.ts';

export interface RecordFact {
  orm: Orm;
  /** The model's name, where the code says it. */
  model: string | undefined;
  isList: boolean;
  /** The query has taken it out of the database: nobody can load it again. */
  isDeleted: boolean;
  /** The call of the query, when it is known by one. */
  query: Ref | undefined;
  /** A plain object whose id has not become a string. */
  isLean: boolean;
}

/** A field read from a record. */
export interface FieldFact {
  orm: Orm;
  model: string | undefined;
  /** The model's class, where it is one of the project. */
  owner: InstanceValue | undefined;
  field: string;
  /** Where the model's name was used. */
  at: Ref;
}

/** What a single value (no union) is as a record; `undefined` when it is none that is known. */
export function recordOf(ev: Evaluation, value: Value, depth = 0): RecordFact | undefined {
  switch (value.kind) {
    case 'external': {
      const found = originOf(ev, value);
      return found && found.result !== 'other' && found.field === undefined ? factOf(ev, found) : undefined;
    }
    case 'instance': {
      const orm = classOrm(ev, value.class.at);
      return orm && { orm, model: value.class.at.node.id?.name, ...PLAIN };
    }
    case 'shape':
      return depth < 4 ? inheritedRecord(ev, value, depth) : undefined;
    case 'array': {
      const element = depth < 4 ? membersOf(value.element()) : [];
      const fact = element
        .map((member) => recordOf(ev, member, depth + 1))
        .find((found) => found !== undefined);
      return fact && { ...fact, isList: true };
    }
    default:
      return undefined;
  }
}

/** The field of a record that a value is. */
export function fieldOf(ev: Evaluation, value: ExternalValue): FieldFact | undefined {
  const found = originOf(ev, value);
  if (found?.field === undefined) return undefined;
  const owner = modelClass(ev, found.origin);
  return { orm: found.orm, model: modelName(ev, found), owner, field: found.field, at: found.origin.at };
}

/** A query for a record that may not be there. */
export interface Lookup {
  orm: Orm;
  /** Whether it fails by itself when there is none. */
  throws: boolean;
  isList: boolean;
  /** The call of the query. */
  query: Ref | undefined;
  /** The path of what was asked; it has the model's name with Prisma alone. */
  receiver: string;
}

/** Queries that change something, or make the record that is not there. */
const NO_LOOKUP =
  /\.(?:create|save|insert|upsert|build|merge|assign|preload|hydrate|fromJson|map|refresh)\w*\(\)|OrCreate|OrNew|OrBuild/;

const CHANGES =
  /\.(?:insert|insertInto|update|updateTable|updateMany|replaceInto|delete|deleteFrom|deleteMany)\(\)/;

/** The query that a value is the result of: a record, whole or in part, or none; or the list with all that match. */
export function lookupOf(ev: Evaluation, value: ExternalValue): Lookup | undefined {
  const steps: ExternalValue[] = [];
  for (let current: ExternalValue | undefined = value; current; current = current.from) {
    if (!value.path.startsWith(current.path)) break;
    const query = queryAt(current, lookupsByMethod);
    if (query) {
      const { orm, queries, receiver } = query;
      const { result, field } = follow(query.result, steps, orm, queries);
      const taken = value.path.slice(receiver.length);
      if (
        field !== undefined ||
        (result !== 'record' && result !== 'records') ||
        NO_LOOKUP.test(taken) ||
        CHANGES.test(value.path)
      )
        return undefined;
      const methods = [...taken.matchAll(/\.(\w+)\(\)/g)].map(([, method]) => method);
      return {
        orm,
        throws:
          methods.some((method) => method !== undefined && orm.throwing?.includes(method)) ||
          hasOption(ev, current, orm.throwingOption),
        isList: result === 'records',
        query: current.site,
        receiver,
      };
    }
    steps.unshift(current);
  }
  return undefined;
}

function hasOption(ev: Evaluation, query: ExternalValue, name: string | undefined): boolean {
  return (
    name !== undefined &&
    callArguments(query).some((argument) =>
      membersOf(ev.evaluate(argument)).some(
        (options) => options.kind === 'object' && ev.lookup(options, name).state !== 'absent',
      ),
    )
  );
}

/** Every method of an ORM that fails for want of a record. */
export const THROWING_LOOKUPS: ReadonlySet<string> = new Set(
  orms.flatMap((orm) => [
    ...(orm.throwing ?? []),
    ...(orm.throwingOption === undefined ? [] : orm.queries.flatMap(({ gives }) => gives.record ?? [])),
  ]),
);

const PLAIN = { isList: false, isDeleted: false, query: undefined, isLean: false };

interface Origin {
  orm: Orm;
  /** The query's result, or the value whose path says that it is a record. */
  origin: ExternalValue;
  receiver: string | undefined;
  result: Exclude<Result, 'record-and-more' | 'records-and-more' | 'rows'>;
  field: string | undefined;
  isLean: boolean;
}

/** Goes back the way on which a value was reached to the query that gave it, and forth again to what it is now. */
function originOf(ev: Evaluation, value: ExternalValue): Origin | undefined {
  const steps: ExternalValue[] = [];
  for (let current: ExternalValue | undefined = value; current; current = current.from) {
    // The way through a static member of a class begins at another path.
    if (!value.path.startsWith(current.path)) break;
    const query = queryAt(current);
    if (query) {
      const { orm, queries, result, receiver } = query;
      if (isProjected(ev, queries.projection, current, value)) return undefined;
      const state = follow(result, steps, orm, queries);
      return { orm, origin: current, receiver, ...state, isLean: value.path.includes('.lean()') };
    }
    const orm = ormOfType(current, ev);
    if (orm)
      return {
        orm,
        origin: current,
        receiver: undefined,
        ...follow('record', steps, orm, undefined),
        isLean: false,
      };
    steps.unshift(current);
  }
  return undefined;
}

/** The method of an ORM's table that a value came from directly; empty where the client itself was called. */
export function queryMethodOf(value: ExternalValue): { orm: Orm; method: string } | undefined {
  const query = queryAt(value);
  if (!query) return undefined;
  return { orm: query.orm, method: value.path.slice(query.receiver.length, -'()'.length).replace(/^\./, '') };
}

interface Query {
  orm: Orm;
  queries: Queries;
  result: Result;
  receiver: string;
}

type ByMethod = Map<string, { orm: Orm; queries: Queries; result: Result }[]>;

function indexQueries(queriesOf: (orm: Orm) => readonly Queries[]): ByMethod {
  const index: ByMethod = new Map();
  for (const orm of orms)
    for (const queries of queriesOf(orm))
      for (const [result, methods] of Object.entries(queries.gives) as [Result, readonly string[]][])
        for (const method of methods) {
          const list = index.get(method);
          if (list) list.push({ orm, queries, result });
          else index.set(method, [{ orm, queries, result }]);
        }
  return index;
}

const byMethod = indexQueries((orm) => orm.queries);
const lookupsByMethod = indexQueries((orm) => [...orm.queries, ...(orm.lookups ?? [])]);

const CALL = /^(.*?)(?:\.([\w$]+))?\(\)$/s;

function queryAt(value: ExternalValue, index = byMethod): Query | undefined {
  const { path } = value;
  if (!path.endsWith(')')) return undefined;
  const dot = path.lastIndexOf('.');
  const named = /^\.([\w$]+)\(\)$/.exec(path.slice(dot));
  for (const [method, receiver] of [
    ...(named ? [[named[1] as string, path.slice(0, dot)] as const] : []),
    ['', path.slice(0, -2)] as const,
  ])
    for (const candidate of index.get(method) ?? [])
      if (candidate.queries.on.test(receiver)) return { ...candidate, receiver };
  return undefined;
}

function ormOfType(value: ExternalValue, ev: Evaluation): Orm | undefined {
  const { path } = value;
  if (!path.endsWith('#') && !path.endsWith('$inferSelect')) return undefined;
  return orms.find((orm) => {
    if (orm.baseClasses?.test(path)) return true;
    if (!orm.records?.test(path) || orm.notRecords?.test(path)) return false;
    const name = /^[^:]*:\.(\w+)#$/.exec(path)?.[1];
    if (orm.isRecordName && name !== undefined) return orm.isRecordName(name, value.at.module);
    return !hasSelectArgument(ev, value);
  });
}

/** `Prisma.UserGetPayload<{ select: { id: true } }>` */
function hasSelectArgument(ev: Evaluation, value: ExternalValue): boolean {
  const argument = typeArgument(ev, value, 0);
  return (
    argument !== undefined &&
    membersOf(argument).some(
      (member) => member.kind === 'shape' && ev.member(member, 'select', member.at).kind !== 'unknown',
    )
  );
}

const LIST_SAME = new Set([
  'filter',
  'slice',
  'sort',
  'reverse',
  'toSorted',
  'toReversed',
  'concat',
  'splice',
  'flat',
  'values',
]);
const LIST_ONE = new Set(['find', 'findLast', 'at', 'pop', 'shift']);
const LIST_CALLBACK = new Set([
  'map',
  'forEach',
  'filter',
  'find',
  'flatMap',
  'some',
  'every',
  'findLast',
  'eachAsync',
  'reduce',
]);

/** What is left of a query's result after the steps that were taken from it. */
function follow(
  start: Result,
  steps: readonly ExternalValue[],
  orm: Orm,
  queries: Queries | undefined,
): Pick<Origin, 'result' | 'field'> {
  let result = start;
  const changed = (method: string): Result | undefined => {
    for (const [to, methods] of Object.entries(queries?.changes ?? {}) as [Result, readonly string[]][])
      if (methods.includes(method)) return to;
    return undefined;
  };
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as ExternalValue;
    const token = step.path.slice(step.from?.path.length ?? 0);
    const name = token.startsWith('.') ? token.slice(1) : undefined;
    const next = steps[i + 1];
    const nextToken = next?.path.slice(step.path.length);
    if (name !== undefined && nextToken === '()') {
      i++;
      if (name === 'catch' || name === 'finally') continue;
      const to = changed(name);
      // What `delete().returning()` gives is gone all the same.
      if (to) result = result === 'deleted' ? result : to;
      else if (result === 'records' && LIST_ONE.has(name)) result = 'record';
      else if (result === 'records' && LIST_SAME.has(name)) continue;
      else if (orm.same?.includes(name) || queries?.then === 'any' || queries?.then?.includes(name)) {
        if (LIST_CALLBACK.has(name)) return OTHER;
      } else return OTHER;
    } else if (name !== undefined && nextToken?.startsWith('>') === true) {
      i++;
      if (name === 'then' && nextToken === '>0') continue;
      if (result !== 'records' || !LIST_CALLBACK.has(name) || nextToken !== '>0') return OTHER;
      result = 'record';
    } else if (token === '[]' || (name !== undefined && /^\d+$/.test(name))) {
      const index = step.index ?? (name === undefined ? undefined : Number(name));
      if (result === 'record-and-more') result = index === 0 ? 'record' : 'other';
      else if (result === 'records-and-more') result = index === 0 ? 'records' : 'other';
      else result = result === 'records' ? 'record' : result === 'deleted' ? result : 'other';
    } else if (name === undefined) return OTHER;
    else if (result === 'rows') result = name === 'rows' ? 'records' : 'other';
    else if (result === 'record' && !orm.same?.includes(name))
      // Only a field of the record itself is one: what lies deeper is not known.
      return { result: 'other', field: next === undefined ? name : undefined };
    else if (result !== 'record') return OTHER;
  }
  // Passed on as they are, with what else they hold.
  if (result === 'record-and-more' || result === 'records-and-more' || result === 'rows') result = 'records';
  return { result, field: undefined };
}

const OTHER = { result: 'other', field: undefined } as const;

function factOf(ev: Evaluation, found: Origin): RecordFact {
  return {
    orm: found.orm,
    model: modelName(ev, found),
    isList: found.result === 'records',
    isDeleted: found.result === 'deleted',
    query: found.receiver === undefined ? undefined : found.origin.site,
    isLean: found.isLean,
  };
}

/** `User` of `prisma.user`, `Repository<User>`, `Model<User>`, `@prisma/client:.User#`. */
function modelName(ev: Evaluation, found: Origin): string | undefined {
  const { origin, receiver } = found;
  if (found.orm.name === 'Prisma') {
    // A type: `@prisma/client:.User#`.
    if (receiver === undefined) return /^[^:]*:\.(\w+)#$/.exec(origin.path)?.[1];
    const delegate = /\.(\w+)$/.exec(receiver)?.[1];
    return delegate && delegate.charAt(0).toUpperCase() + delegate.slice(1);
  }
  return modelClass(ev, origin)?.class.at.node.id?.name;
}

/** The class of `Repository<User>`, and of `User.findOne()` where `User` is a class of the project. */
function modelClass(ev: Evaluation, origin: ExternalValue): InstanceValue | undefined {
  for (let current: ExternalValue | undefined = origin; current; current = current.from) {
    if (!current.path.endsWith('#')) continue;
    const argument = typeArgument(ev, current, 0);
    for (const member of argument ? membersOf(argument) : []) if (member.kind === 'instance') return member;
    // What a static member of a subclass was obtained from has the class as its site.
    if (isClass(current.site?.node))
      return {
        kind: 'instance',
        at: current.at,
        class: { kind: 'class', at: current.site as Ref<ClassNode> },
        site: undefined,
      };
  }
  return undefined;
}

function isProjected(
  ev: Evaluation,
  projection: Projection | undefined,
  query: ExternalValue,
  value: ExternalValue,
): boolean {
  if (!projection) return false;
  const args = callArguments(query);
  for (const argument of args) {
    if (!projection.properties) break;
    for (const member of membersOf(ev.evaluate(argument)))
      for (const property of projection.properties) if (mayHave(ev, member, property)) return true;
  }
  const own = projection.argument === undefined ? undefined : args[projection.argument];
  if (own && namesFields(ev, own, projection.everything)) return true;
  for (let current: ExternalValue | undefined = value; current; current = current.from) {
    const method = CALL.exec(current.path)?.[2];
    if (method === undefined || !projection.methods?.includes(method)) continue;
    if (callArguments(current).some((argument) => namesFields(ev, argument, projection.everything)))
      return true;
  }
  return false;
}

/** Whether options can have a property that names fields; what cannot be seen can. */
function mayHave(ev: Evaluation, options: Value, property: string): boolean {
  if (options.kind === 'unknown') return true;
  if (options.kind !== 'object' && options.kind !== 'shape') return false;
  const found = ev.lookup(options, property);
  if (found.state === 'absent') return false;
  if (found.state === 'unknown') return found.value === undefined ? true : found.value.kind !== 'literal';
  return membersOf(found.value).some((member) => {
    if (member.kind === 'literal') return false;
    // `attributes: { exclude: ['password'] }`
    return member.kind !== 'object' || ev.lookup(member, 'exclude').state === 'absent';
  });
}

function namesFields(ev: Evaluation, argument: Ref, everything: RegExp | undefined): boolean {
  return membersOf(ev.evaluate(argument)).some((member) => {
    if (member.kind !== 'literal') return member.kind !== 'object' || member.parts.length > 0;
    return typeof member.value === 'string' && !(everything?.test(member.value) ?? false);
  });
}

function callArguments(value: ExternalValue): Ref[] {
  const site = value.site;
  if (site?.node.type !== 'CallExpression') return [];
  return site.node.arguments.map((argument) => beside(site, argument as TSESTree.Node));
}

/** By evaluation: what a class extends may be in a file that has changed since. */
const classes = new WeakMap<Evaluation, WeakMap<ClassNode, Orm | null>>();

/** The ORM whose records are the instances of a class. */
function classOrm(ev: Evaluation, owner: Ref<ClassNode>): Orm | undefined {
  let found = classes.get(ev);
  if (!found) classes.set(ev, (found = new WeakMap()));
  const known = found.get(owner.node);
  if (known !== undefined) return known ?? undefined;
  found.set(owner.node, null); // a class that extends itself is no record's
  const orm = findClassOrm(ev, owner);
  found.set(owner.node, orm ?? null);
  return orm;
}

function findClassOrm(ev: Evaluation, owner: Ref<ClassNode>): Orm | undefined {
  const place = here(owner.module, owner.node) as Ref<ClassNode>;
  for (const decorator of decoratorsOf(owner.node)) {
    const value = ev.evaluate(beside(place, decorator.expression));
    const orm =
      value.kind === 'external' ? orms.find((one) => one.classDecorators?.test(value.path)) : undefined;
    if (orm) return orm;
  }
  const base = externalBase(ev, { kind: 'class', at: place });
  if (base) return orms.find((one) => one.baseClasses?.test(base.path));
  // A subclass of a record's class in the project.
  const superClass = owner.node.superClass && ev.evaluate(beside(place, owner.node.superClass));
  return superClass?.kind === 'class' && superClass.at.node !== owner.node
    ? classOrm(ev, superClass.at)
    : undefined;
}

/** `interface UserDocument extends Document {}` */
function inheritedRecord(ev: Evaluation, shape: ShapeValue, depth: number): RecordFact | undefined {
  for (const base of basesOf(ev, shape)) {
    const fact = recordOf(ev, base, depth + 1);
    const node = shape.at.node;
    if (fact) return { ...fact, model: node.type === 'TSInterfaceDeclaration' ? node.id.name : fact.model };
  }
  return undefined;
}

/** What an interface extends. */
export function basesOf(ev: Evaluation, shape: ShapeValue): Value[] {
  const { node } = shape.at;
  if (node.type !== 'TSInterfaceDeclaration') return [];
  return node.extends.flatMap((heritage) => membersOf(ev.typed(beside(shape.at, heritage))));
}
