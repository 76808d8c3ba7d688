/**
 * The evaluator: from an expression to what is known of its value, on demand, across files.
 *
 * Work is bounded (steps, nesting, calls) and results that depend on no call are remembered, so that asking for
 * the same thing from every rule costs once. What lies beyond a bound is unknown, never a guess.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Definition, ModuleSource } from '../modules/follow.ts';
import { patternIdentifiers } from '../source/exports.ts';
import type { SourceModule } from '../source/module.ts';
import { enclosingThis, keyName, type ClassNode, type Node } from '../source/nodes.ts';
import { branchTaken } from './answers.ts';
import { evaluateCall, evaluateReturned } from './calls.ts';
import { beside, here, type Evaluation } from './evaluation.ts';
import { foldBinary, foldUnary } from './fold.ts';
import { insertionsOf } from './holders.ts';
import { collectionElement, evaluateMember, lookupProperty } from './members.ts';
import { evaluateVariable } from './names.ts';
import { parameterOwner } from './trace.ts';
import { evaluateType } from './types.ts';
import {
  external,
  literal,
  membersOf,
  present,
  primitive,
  union,
  unknown,
  type Frame,
  type FunctionValue,
  type Lookup,
  type ObjectPart,
  type Ref,
  type Value,
} from './value.ts';

const MAX_DEPTH = 60;
const MAX_STEPS = 2_500;

/** What was found so far, by node or variable; a number is the order of an evaluation that is under way. */
type Memory = Map<object, Value | number>;

interface Memories {
  values: Memory;
  types: Memory;
}

export class Evaluator implements Evaluation {
  readonly modules: ModuleSource;
  readonly wrappers: ReadonlySet<string>;
  readonly isService: Evaluation['isService'];
  /** By module, and not by node: what is known of a module goes with it. */
  readonly #ofModules = new WeakMap<SourceModule, Memories>();
  /** What was found under the arguments of a call, for as long as the call is looked at. */
  readonly #ofFrames = new WeakMap<Frame, Memories>();
  #depth = 0;
  #steps = 0;
  /** How many remembered evaluations are under way. */
  #open = 0;
  /**
   * The outermost evaluation under way that an answer has met again, so that it was cut short; -1 where a bound cut
   * it. What lies inside of such a cycle is not remembered, its head is.
   */
  #cutAt = Infinity;

  /**
   * @param wrappers names of functions that stand for the function they are given
   * @param isService whether instances at a path are used for their methods
   */
  constructor(
    modules: ModuleSource,
    wrappers: readonly string[] = [],
    isService: Evaluation['isService'] = () => false,
  ) {
    this.modules = modules;
    this.wrappers = new Set(wrappers);
    this.isService = isService;
  }

  get exhausted(): boolean {
    return this.#steps > MAX_STEPS;
  }

  evaluate(ref: Ref): Value {
    return this.#remembered('values', ref.node, ref, () => this.#expression(ref));
  }

  namespace(specifier: string, ref: Ref): Value {
    const module = this.modules.open(ref.module, specifier);
    return module
      ? { kind: 'namespace', at: ref, module }
      : this.defined({ kind: 'external', source: specifier, imported: '*' }, ref);
  }

  typed(ref: Ref): Value {
    return this.#remembered('types', ref.node, ref, () => evaluateType(this, ref));
  }

  member(value: Value, key: string | undefined, at: Ref): Value {
    return this.#bounded(unknown(at), () => evaluateMember(this, value, key, at));
  }

  lookup(value: Value, key: string): Lookup {
    // An object can hold a spread of itself: `options = { ...options, delay }`.
    return this.#bounded({ state: 'unknown' }, () => lookupProperty(this, value, key));
  }

  /** A list can be spread into itself: `list = [...list, item]`. */
  element(value: Value, at: Ref, index?: number): Value {
    return this.#bounded(unknown(at), () => this.#element(value, at, index));
  }

  #element(value: Value, at: Ref, index: number | undefined): Value {
    return union(
      at,
      membersOf(present(value)).map((member): Value => {
        switch (member.kind) {
          case 'array': {
            const item = index === undefined ? undefined : member.items?.[index];
            if (member.items && index !== undefined)
              return item ? this.evaluate(item) : literal(at, undefined);
            return member.element();
          }
          case 'external':
            return (
              collectionElement(this, member, at) ?? { ...external(at, `${member.path}[]`, member), index }
            );
          case 'unknown':
            return unknown(at, member.parameter);
          default:
            return unknown(at);
        }
      }),
    );
  }

  returned(fn: FunctionValue, args: readonly (Ref | Value)[], at: Ref): Value {
    return this.#bounded(unknown(at), () => evaluateReturned(this, fn, args, at));
  }

  variable(variable: Variable, at: Ref): Value {
    // A name of the module itself means the same whatever call led here.
    const place = at.frame && at.module.isModuleLevel(variable) ? here(at.module, at.node) : at;
    return this.#remembered('values', variable, place, () => evaluateVariable(this, variable, place));
  }

  defined(definition: Definition | undefined, at: Ref): Value {
    switch (definition?.kind) {
      case undefined:
        return unknown(at);
      case 'node':
        return this.evaluate(here(definition.module, definition.node));
      case 'namespace':
        return { kind: 'namespace', at, module: definition.module };
      case 'external': {
        const source = definition.source.replace(/^node:/, '');
        const isWhole = definition.imported === '*' || definition.imported === 'default';
        return external(at, isWhole ? `${source}:` : `${source}:.${definition.imported}`);
      }
    }
  }

  instance(of: Ref<ClassNode>, at: Ref, site?: Ref<TSESTree.NewExpression>): Value {
    return { kind: 'instance', at, class: { kind: 'class', at: of }, site };
  }

  #remembered(kind: keyof Memories, key: object, ref: Ref, compute: () => Value): Value {
    const memory = this.#memoriesOf(ref)[kind];
    const found = memory.get(key);
    if (typeof found === 'object') return found;
    if (found !== undefined) {
      this.#cutAt = Math.min(this.#cutAt, found);
      return unknown(ref);
    }
    const index = this.#open++;
    const cutBefore = this.#cutAt;
    this.#cutAt = Infinity;
    memory.set(key, index);
    let value: Value | undefined;
    try {
      value = this.#bounded(unknown(ref), compute);
      return value;
    } finally {
      const isWhole = this.#cutAt >= index || index === 0;
      if (value && isWhole) memory.set(key, value);
      else memory.delete(key);
      this.#cutAt = Math.min(cutBefore, isWhole ? Infinity : this.#cutAt);
      this.#open--;
    }
  }

  #memoriesOf({ module, frame }: Ref): Memories {
    const known = frame ? this.#ofFrames.get(frame) : this.#ofModules.get(module);
    if (known) return known;
    const memories: Memories = { values: new Map(), types: new Map() };
    if (frame) this.#ofFrames.set(frame, memories);
    else this.#ofModules.set(module, memories);
    return memories;
  }

  /** Runs a step, or gives `otherwise` where the bounds are reached. */
  #bounded<T>(otherwise: T, compute: () => T): T {
    if (this.#depth === 0) this.#steps = 0;
    if (this.#depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) {
      this.#cutAt = -1;
      return otherwise;
    }
    this.#depth++;
    try {
      return compute();
    } finally {
      this.#depth--;
    }
  }

  #expression(ref: Ref): Value {
    const node = ref.node;
    const sub = (inner: Node): Value => this.evaluate(beside(ref, inner));
    switch (node.type) {
      case 'Literal':
        return 'bigint' in node && typeof node.bigint === 'string'
          ? literal(ref, BigInt(node.bigint))
          : literal(ref, node.value);
      case 'TemplateLiteral':
        return this.#template(node, ref);
      case 'Identifier': {
        if (node.name === 'undefined') return literal(ref, undefined);
        const variable = ref.module.variableOf(node);
        if (variable) return this.variable(variable, ref);
        // CommonJS: `exports.x` read in the file that sets it
        return node.name === 'exports'
          ? { kind: 'namespace', at: ref, module: ref.module }
          : globalValue(node.name, ref);
      }
      case 'ObjectExpression':
        return { kind: 'object', at: ref, parts: objectParts(ref as Ref<TSESTree.ObjectExpression>) };
      case 'ArrayExpression':
        return this.#array(node, ref);
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        return {
          kind: 'function',
          at: ref as Ref<typeof node>,
          thisValue: undefined,
          bound: [],
        };
      case 'ClassDeclaration':
      case 'ClassExpression':
        return { kind: 'class', at: ref as Ref<typeof node> };
      case 'CallExpression':
        return evaluateCall(this, ref as Ref<typeof node>);
      case 'NewExpression':
        return this.#constructed(ref as Ref<typeof node>);
      case 'MemberExpression':
        if (isModuleExports(node, ref)) return { kind: 'namespace', at: ref, module: ref.module };
        return this.member(sub(node.object), this.#propertyKey(node, ref), ref);
      case 'ThisExpression':
        return this.#self(ref);
      case 'Super':
        return this.#superInstance(ref);
      case 'AwaitExpression':
        return settled(ref, sub(node.argument));
      case 'ImportExpression': {
        const specifier = sub(node.source);
        return specifier.kind === 'literal' && typeof specifier.value === 'string'
          ? this.namespace(specifier.value, ref)
          : unknown(ref);
      }
      case 'ConditionalExpression': {
        const taken = branchTaken(this, ref as Ref<typeof node>);
        return taken ? sub(taken) : union(ref, [sub(node.consequent), sub(node.alternate)]);
      }
      case 'LogicalExpression':
        return this.#logical(node, ref);
      case 'AssignmentExpression':
        return node.operator === '=' ? sub(node.right) : union(ref, [sub(node.left), sub(node.right)]);
      case 'SequenceExpression':
        return sub(node.expressions.at(-1) as Node);
      case 'UnaryExpression': {
        const operand = sub(node.argument);
        const folded = operand.kind === 'literal' ? foldUnary(node.operator, operand.value) : undefined;
        if (folded) return literal(ref, folded.value);
        if (node.operator === '!') return primitive(ref, 'boolean');
        return node.operator === 'typeof' ? primitive(ref, 'string') : primitive(ref, 'number');
      }
      case 'UpdateExpression':
        return primitive(ref, 'number');
      case 'BinaryExpression':
        return this.#binary(node, ref);
      case 'TSAsExpression':
      case 'TSTypeAssertion':
      case 'TSSatisfiesExpression':
        return this.#asserted(node, ref);
      case 'TSNonNullExpression':
        return present(sub(node.expression));
      case 'ChainExpression':
      case 'TSInstantiationExpression':
        return sub(node.expression);
      case 'TaggedTemplateExpression': {
        const tag = sub(node.tag);
        return tag.kind === 'external' ? external(ref, `${tag.path}()`, tag, ref) : unknown(ref);
      }
      case 'MetaProperty':
        return external(ref, 'global:.import.meta');
      case 'YieldExpression':
      case 'SpreadElement':
        return node.argument ? unknown(ref) : literal(ref, undefined);
      case 'TSInterfaceDeclaration':
        return { kind: 'shape', at: ref as Ref<typeof node> };
      case 'TSTypeAliasDeclaration':
        return this.typed(beside(ref, node.typeAnnotation));
      case 'TSTypeParameter':
        return node.constraint ? this.typed(beside(ref, node.constraint)) : unknown(ref);
      case 'TSEnumDeclaration':
        return { kind: 'enum', at: ref as Ref<typeof node> };
      case 'TSModuleDeclaration':
        return { kind: 'object', at: ref, parts: namespaceParts(beside(ref, node)) };
      case 'TSQualifiedName':
        return this.member(sub(node.left), node.right.name, ref);
      case 'VariableDeclarator':
        return node.init ? sub(node.init) : unknown(ref);
      default:
        return (node.type as string) === 'ParenthesizedExpression'
          ? sub((node as unknown as { expression: Node }).expression)
          : unknown(ref);
    }
  }

  #template(node: TSESTree.TemplateLiteral, ref: Ref): Value {
    let text = '';
    for (const [index, quasi] of node.quasis.entries()) {
      text += quasi.value.cooked ?? '';
      const inner = node.expressions[index];
      if (!inner) continue;
      const value = this.evaluate(beside(ref, inner));
      if (value.kind !== 'literal' || typeof value.value === 'object') return primitive(ref, 'string');
      text += String(value.value);
    }
    return literal(ref, text);
  }

  #array(node: TSESTree.ArrayExpression, ref: Ref): Value {
    const hasSpread = node.elements.some((element) => element?.type === 'SpreadElement');
    const element = (): Value => {
      const values = node.elements.flatMap((item) =>
        item
          ? item.type === 'SpreadElement'
            ? [this.element(this.evaluate(beside(ref, item.argument)), ref)]
            : [this.evaluate(beside(ref, item))]
          : [],
      );
      for (const insertion of insertionsOf(ref.module, ref.node))
        if (insertion.by === 'push') values.push(this.evaluate(here(ref.module, insertion.value)));
      return values.length > 0 ? union(ref, values) : unknown(ref);
    };
    const grows = insertionsOf(ref.module, ref.node).length > 0;
    return {
      kind: 'array',
      at: ref,
      items:
        hasSpread || grows ? undefined : node.elements.map((item) => (item ? beside(ref, item) : undefined)),
      element,
    };
  }

  #constructed(ref: Ref<TSESTree.NewExpression>): Value {
    return union(
      ref,
      membersOf(present(this.evaluate(beside(ref, ref.node.callee)))).map((callee): Value => {
        if (callee.kind === 'class') return this.instance(callee.at, ref, ref);
        if (callee.kind === 'external') return external(ref, `${callee.path}#`, callee, ref);
        return unknown(ref);
      }),
    );
  }

  #propertyKey(node: TSESTree.MemberExpression, ref: Ref): string | undefined {
    const written = keyName(node);
    if (written !== undefined || !node.computed) return written;
    const value = this.evaluate(beside(ref, node.property));
    return value.kind === 'literal' && (typeof value.value === 'string' || typeof value.value === 'number')
      ? String(value.value)
      : undefined;
  }

  #self(ref: Ref): Value {
    for (let frame = ref.frame; frame; frame = frame.outer) if (frame.thisValue) return frame.thisValue;
    const owner = enclosingThis(ref.node);
    if (!owner) return this.#objectAround(ref) ?? unknown(ref);
    const classRef = { module: ref.module, node: owner.class };
    return owner.isStatic ? { kind: 'class', at: classRef } : this.instance(classRef, ref);
  }

  /** `this` in a method of an object literal. */
  #objectAround(ref: Ref): Value | undefined {
    for (let node = ref.node.parent; node; node = node.parent) {
      if (node.type !== 'FunctionExpression' || node.parent.type !== 'Property') continue;
      const object = node.parent.parent;
      return object.type === 'ObjectExpression' ? this.evaluate(here(ref.module, object)) : undefined;
    }
    return undefined;
  }

  #superInstance(ref: Ref): Value {
    const owner = enclosingThis(ref.node);
    const superClass = owner?.class.superClass;
    if (!superClass) return unknown(ref);
    const base = this.evaluate(here(ref.module, superClass));
    if (owner.isStatic) return base;
    if (base.kind === 'class') return this.instance(base.at, ref);
    return base.kind === 'external' ? external(ref, `${base.path}#`, base) : unknown(ref);
  }

  #logical(node: TSESTree.LogicalExpression, ref: Ref): Value {
    const left = this.evaluate(beside(ref, node.left));
    const right = this.evaluate(beside(ref, node.right));
    // `a && b` is b, or something falsy that spreads to nothing.
    if (node.operator === '&&') return union(ref, [literal(beside(ref, node.left), undefined), right]);
    if (left.kind === 'literal') {
      const takesRight =
        node.operator === '??' ? left.value === null || left.value === undefined : !left.value;
      return takesRight ? right : left;
    }
    // `options ?? {}` where the call that is followed gives options.
    if (left.kind === 'object' && parameterOwner(ref.module, node.left)) return left;
    return union(ref, [present(left), right]);
  }

  #binary(node: TSESTree.BinaryExpression, ref: Ref): Value {
    if (node.left.type === 'PrivateIdentifier') return primitive(ref, 'boolean');
    const left = this.evaluate(beside(ref, node.left));
    const right = this.evaluate(beside(ref, node.right));
    const folded =
      left.kind === 'literal' && right.kind === 'literal'
        ? foldBinary(node.operator, left.value, right.value)
        : undefined;
    if (folded) return literal(ref, folded.value);
    if (/^[=!<>]|^in/.test(node.operator) && !/^(?:<<|>>)/.test(node.operator))
      return primitive(ref, 'boolean');
    if (node.operator !== '+') return primitive(ref, 'number');
    const isText = (value: Value) =>
      (value.kind === 'literal' && typeof value.value === 'string') ||
      (value.kind === 'primitive' && value.type === 'string');
    const isNumber = (value: Value) =>
      (value.kind === 'literal' && typeof value.value === 'number') ||
      (value.kind === 'primitive' && value.type === 'number');
    if (isText(left) || isText(right)) return primitive(ref, 'string');
    return isNumber(left) && isNumber(right) ? primitive(ref, 'number') : unknown(ref);
  }

  #asserted(
    node: TSESTree.TSAsExpression | TSESTree.TSTypeAssertion | TSESTree.TSSatisfiesExpression,
    ref: Ref,
  ): Value {
    const value = this.evaluate(beside(ref, node.expression));
    if (value.kind !== 'unknown' || node.type === 'TSSatisfiesExpression') return value;
    const declared = this.typed(beside(ref, node.typeAnnotation));
    return declared.kind === 'unknown' ? value : declared;
  }
}

function isModuleExports(node: TSESTree.MemberExpression, ref: Ref): boolean {
  return (
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    keyName(node) === 'exports' &&
    !ref.module.variableOf(node.object)
  );
}

/** What a promise gives: for one of the code's own making, nobody knows. */
function settled(ref: Ref, value: Value): Value {
  const members = membersOf(value);
  const isPending = (member: Value): boolean =>
    member.kind === 'external' && member.path === 'global:.Promise#';
  return members.some(isPending)
    ? union(
        ref,
        members.map((member) => (isPending(member) ? unknown(ref) : member)),
      )
    : value;
}

const GLOBAL_NUMBERS: Partial<Record<string, number>> = { NaN, Infinity };

function globalValue(name: string, ref: Ref): Value {
  const number = GLOBAL_NUMBERS[name];
  return number === undefined ? external(ref, `global:.${name}`) : literal(ref, number);
}

function objectParts(ref: Ref<TSESTree.ObjectExpression>): ObjectPart[] {
  const parts = ref.node.properties.map((property): ObjectPart => {
    if (property.type === 'SpreadElement') return { kind: 'spread', value: beside(ref, property.argument) };
    const key = keyName(property);
    const value = beside(ref, property.value);
    return key === undefined
      ? { kind: 'computed', value }
      : { kind: 'property', key, value, node: property, getter: property.kind === 'get' };
  });
  for (const insertion of insertionsOf(ref.module, ref.node))
    if (insertion.by === 'property')
      parts.push({ kind: 'write', key: insertion.key, value: here(ref.module, insertion.value) });
  return parts;
}

/** What a TypeScript namespace exports, in all of its declarations: `namespace Api { export function get() {} }` */
function namespaceParts(ref: Ref<TSESTree.TSModuleDeclaration>): ObjectPart[] {
  const declared = ref.module.variableOf(ref.node.id)?.defs.map(({ node }) => node) ?? [ref.node];
  const statements = declared.flatMap((one) =>
    one.type === 'TSModuleDeclaration' && one.body?.type === 'TSModuleBlock' ? one.body.body : [],
  );
  return statements.flatMap((statement) => {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : undefined;
    const names =
      declaration?.type === 'VariableDeclaration'
        ? declaration.declarations.flatMap(({ id }) => patternIdentifiers(id))
        : declaration?.id?.type === 'Identifier'
          ? [declaration.id]
          : [];
    return names.map((name): ObjectPart => {
      const value = beside<Node>(ref, name);
      return { kind: 'property', key: name.name, value, node: statement, getter: false };
    });
  });
}
