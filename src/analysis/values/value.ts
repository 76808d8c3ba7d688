/**
 * What an expression is, as far as code can tell. Every value remembers where it was found.
 *
 * Knowledge is three-valued: a value is known, known to be absent, or unknown; nothing here guesses.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import type { ClassNode, FunctionNode, Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';

/** A node in its file, with the arguments of the call through which it was reached. */
export interface Ref<N extends Node = Node> {
  readonly module: SourceModule;
  readonly node: N;
  readonly frame?: Frame | undefined;
}

/** Calls inside of each other of which the arguments are known. */
export const MAX_FRAMES = 6;

/** What the parameters of the functions around a node stand for, when it was reached by a call. */
export interface Frame {
  readonly fn: FunctionNode | undefined;
  /** Arguments by parameter position. */
  readonly args: readonly (Ref | Value)[];
  readonly thisValue: Value | undefined;
  /** The frame in which the function was created. */
  readonly outer: Frame | undefined;
  readonly depth: number;
}

export type LiteralContent = string | number | bigint | boolean | null | undefined | RegExp;

export type Value =
  | LiteralValue
  | PrimitiveValue
  | ObjectValue
  | ArrayValue
  | FunctionValue
  | ClassValue
  | InstanceValue
  | NamespaceValue
  | ShapeValue
  | EnumValue
  | ExternalValue
  | UnionValue
  | UnknownValue;

interface Found {
  readonly at: Ref;
}

export interface LiteralValue extends Found {
  readonly kind: 'literal';
  readonly value: LiteralContent;
}

/** A string, number ... whose content is not known. */
export interface PrimitiveValue extends Found {
  readonly kind: 'primitive';
  readonly type: 'string' | 'number' | 'boolean' | 'bigint' | 'symbol' | 'void';
}

export interface ObjectValue extends Found {
  readonly kind: 'object';
  /** In source order: a later part overrides an earlier one. */
  readonly parts: readonly ObjectPart[];
}

export type ObjectPart =
  | { kind: 'property'; key: string; value: Ref; node: Node; getter: boolean }
  | { kind: 'spread'; value: Ref }
  /** A property with a computed name, which may be any. */
  | { kind: 'computed'; value: Ref }
  /** Set after the literal was made, on some path: `object.key = value`, `object[key] = value` (no key). */
  | { kind: 'write'; key: string | undefined; value: Ref };

export interface ArrayValue extends Found {
  readonly kind: 'array';
  /** Known elements in order, when the array is a literal without a spread. */
  readonly items: readonly (Ref | undefined)[] | undefined;
  /** What any element can be. */
  readonly element: () => Value;
}

export interface FunctionValue extends Found {
  readonly kind: 'function';
  readonly at: Ref<FunctionNode>;
  readonly thisValue: Value | undefined;
  /** Arguments given by `bind`, before those of the call. */
  readonly bound: readonly Ref[];
}

export interface ClassValue extends Found {
  readonly kind: 'class';
  readonly at: Ref<ClassNode>;
}

export interface InstanceValue extends Found {
  readonly kind: 'instance';
  readonly class: ClassValue;
  /** The `new` expression; absent when it is known by annotation or injection. */
  readonly site: Ref<TSESTree.NewExpression> | undefined;
}

export interface NamespaceValue extends Found {
  readonly kind: 'namespace';
  readonly module: SourceModule;
}

/** An object known by its declared type only. */
export interface ShapeValue extends Found {
  readonly kind: 'shape';
  readonly at: Ref<TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeLiteral>;
}

export interface EnumValue extends Found {
  readonly kind: 'enum';
  readonly at: Ref<TSESTree.TSEnumDeclaration>;
}

/**
 * Something a package or the language provides, or that was obtained from it: known by the way it was reached.
 * `path` spells the way: `bullmq:.Queue` is the class, `bullmq:.Queue#` an instance, `bullmq:.Queue#.add()` what
 * its method returns, `global:.Date#` a date, `x[]` an element of x. A default import, a namespace import and a
 * `require` of one package all are its bare `name:`.
 */
export interface ExternalValue extends Found {
  readonly kind: 'external';
  readonly path: string;
  /** What this was obtained from. */
  readonly from: ExternalValue | undefined;
  /** The call, `new` expression, annotation or decorator by which it was obtained, the nearest one. */
  readonly site: Ref | undefined;
  /** Of an element (`x[]`): which one, where the code says so, as in `const [first] = x`. */
  readonly index?: number | undefined;
}

export interface UnionValue extends Found {
  readonly kind: 'union';
  readonly members: readonly Value[];
}

export interface UnknownValue extends Found {
  readonly kind: 'unknown';
  /** The parameter that it is, when its function's callers decide. */
  readonly parameter:
    { readonly fn: FunctionNode; readonly index: number; readonly variable: Variable } | undefined;
}

export function literal(at: Ref, value: LiteralContent): LiteralValue {
  return { kind: 'literal', at, value };
}

export function primitive(at: Ref, type: PrimitiveValue['type']): PrimitiveValue {
  return { kind: 'primitive', at, type };
}

export function unknown(at: Ref, parameter?: UnknownValue['parameter']): UnknownValue {
  return { kind: 'unknown', at, parameter };
}

export function external(at: Ref, path: string, from?: ExternalValue, site?: Ref): ExternalValue {
  return { kind: 'external', at, path, from, site: site ?? from?.site };
}

const MAX_MEMBERS = 24;

/** One value for several; nested unions are flattened and the same thing is kept once. */
export function union(at: Ref, values: readonly Value[]): Value {
  const members: Value[] = [];
  for (const value of values)
    for (const member of value.kind === 'union' ? value.members : [value])
      if (!members.some((other) => isSame(other, member))) members.push(member);
  const [only] = members;
  if (only && members.length === 1) return only;
  if (members.length === 0 || members.length > MAX_MEMBERS) return unknown(at);
  return { kind: 'union', at, members };
}

function isSame(a: Value, b: Value): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'literal' && b.kind === 'literal') return a.value === b.value;
  if (a.kind === 'primitive' && b.kind === 'primitive')
    return a.type === b.type && (a.at.node === b.at.node || !(isComposed(a) || isComposed(b)));
  if (a.kind === 'external' && b.kind === 'external')
    return a.path === b.path && a.site?.node === b.site?.node;
  return a.at.node === b.at.node && a.at.frame === b.at.frame;
}

/** Whether more can be told of a text or number than its type, by how it is put together. */
function isComposed({ at }: PrimitiveValue): boolean {
  return /^(?:TemplateLiteral|BinaryExpression|CallExpression)$/.test(at.node.type);
}

/** The single values that a value can be. */
export function membersOf(value: Value): readonly Value[] {
  return value.kind === 'union' ? value.members : [value];
}

/** The value without `null` and `undefined`, as a call on it presupposes. */
export function present(value: Value): Value {
  if (value.kind !== 'union') return value;
  return union(
    value.at,
    value.members.filter((member) => !isNullish(member)),
  );
}

export function isNullish(value: Value): boolean {
  return (
    (value.kind === 'literal' && (value.value === null || value.value === undefined)) ||
    (value.kind === 'primitive' && value.type === 'void')
  );
}

/** The string that a value is known to be. */
export function stringOf(value: Value): string | undefined {
  return value.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}

export function numberOf(value: Value): number | undefined {
  return value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
}

/** The result of looking a property up. */
export type Lookup =
  | { state: 'known'; value: Value }
  | { state: 'absent' }
  /** May be there or not; `value` is what it would be, as far as that is known. */
  | { state: 'unknown'; value?: Value | undefined };
