/**
 * What a name means: an import, a constant, a variable with all its assignments, a parameter.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import { followImport, type Definition, type Space } from '../modules/follow.ts';
import {
  contains,
  decoratorsOf,
  isFunction,
  keyName,
  outermost,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from './evaluation.ts';
import {
  external,
  literal,
  MAX_FRAMES,
  membersOf,
  primitive,
  union,
  unknown,
  type ExternalValue,
  type Frame,
  type FunctionValue,
  type ObjectPart,
  type Ref,
  type Value,
} from './value.ts';

export function evaluateVariable(ev: Evaluation, variable: Variable, at: Ref): Value {
  const definition = valueDefinition(variable);
  if (!definition) return unknown(at);
  const node = definition.node as Node;
  switch (definition.type as string) {
    case 'ImportBinding':
      return evaluateImport(ev, node, at);
    case 'Variable':
      return evaluateDeclared(
        ev,
        variable,
        definition.name as TSESTree.Identifier,
        node as TSESTree.VariableDeclarator,
        at,
      );
    case 'Parameter':
      return isFunction(node) ? evaluateParameter(ev, variable, node, at) : unknown(at);
    case 'FunctionName':
    case 'ClassName':
    case 'TSEnumName':
    case 'TSModuleName':
    case 'Type':
      return ev.evaluate(moduleLevel(variable, at, node));
    case 'CatchClause':
      return external(at, 'global:.Error#');
    default:
      return unknown(at);
  }
}

/** The definition that a name has as a value: not the type it may be as well, nor a function's overloads. */
export function valueDefinition(variable: Variable): Variable['defs'][number] | undefined {
  return (
    variable.defs.find(
      ({ type, node }) => (type as string) !== 'Type' && (node.type as string) !== 'TSDeclareFunction',
    ) ?? variable.defs[0]
  );
}

/** A name of the module itself means the same whatever call led here. */
function moduleLevel(variable: Variable, at: Ref, node: Node): Ref {
  return { module: at.module, node, frame: at.module.isModuleLevel(variable) ? undefined : at.frame };
}

export function evaluateImport(ev: Evaluation, specifier: Node, at: Ref): Value {
  if (specifier.type === 'TSImportEqualsDeclaration') {
    const reference = specifier.moduleReference;
    return reference.type === 'TSExternalModuleReference'
      ? requireValue(ev, reference.expression.value, at)
      : ev.evaluate(beside(at, reference));
  }
  return ev.defined(importedDefinition(ev, specifier, at), at);
}

/** What an import's specifier means in the file it comes from. */
export function importedDefinition(
  ev: Evaluation,
  specifier: Node,
  at: Ref,
  space: Space = 'value',
): Definition | undefined {
  const declaration = specifier.parent;
  return declaration?.type === 'ImportDeclaration'
    ? followImport(ev.modules, at.module, declaration.source.value, importedName(specifier), space)
    : undefined;
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportSpecifier')
    return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : '*';
}

/** `require('x')`: all that the module exports. */
export function requireValue(ev: Evaluation, specifier: string, at: Ref): Value {
  const target = ev.modules.open(at.module, specifier);
  const definition: Definition = !target
    ? { kind: 'external', source: specifier, imported: '*' }
    : target.exports.whole
      ? { kind: 'node', module: target, node: target.exports.whole }
      : { kind: 'namespace', module: target };
  return ev.defined(definition, at);
}

function evaluateDeclared(
  ev: Evaluation,
  variable: Variable,
  identifier: TSESTree.Identifier,
  declarator: TSESTree.VariableDeclarator,
  at: Ref,
): Value {
  const declaration = declarator.parent;
  const place = moduleLevel(variable, at, declarator);
  const values: Value[] = [];
  const loop = declaration.parent;
  if (declarator.init) {
    values.push(
      destructure(ev, ev.evaluate(beside(place, declarator.init)), declarator.id, identifier, place),
    );
  } else if (loop.type === 'ForOfStatement' && loop.left === declaration) {
    const element = ev.element(ev.evaluate(beside(place, loop.right)), beside(place, loop.right));
    values.push(destructure(ev, element, declarator.id, identifier, place));
  } else if (loop.type === 'ForInStatement' && loop.left === declaration) {
    values.push(primitive(at, 'string'));
  }
  if (declaration.kind !== 'const') values.push(...assignedValues(ev, variable, place));
  const annotation = identifier.typeAnnotation?.typeAnnotation;
  // `let x` with neither value nor assignment that can be seen
  if (values.length === 0) return annotation ? ev.typed(beside(place, annotation)) : unknown(at);
  const value = union(at, values);
  if (!annotation) return value;
  return annotatedValue(value, () => ev.typed(beside(place, annotation)));
}

/**
 * A value of a variable or field with a declared type: what cannot be known by value is known by the type, and so is
 * what came out of a package that knows nothing of it, such as a container: `const q: Queue = container.resolve('q')`.
 */
export function annotatedValue(value: Value, declared: () => Value): Value {
  if (value.kind !== 'external' || !value.path.endsWith('()')) return withoutUnknown(value, declared);
  const type = declared();
  // Where it came from still says that it is a record, whatever class it is taken for.
  if (type.kind === 'instance') return union(value.at, [value, type]);
  const isForeign = type.kind === 'external' && (isLanguage(value) || packageOf(type) !== packageOf(value));
  return isForeign && !isLanguage(type) ? type : value;
}

function isLanguage(value: Value): boolean {
  return (
    value.kind === 'external' && value.path.startsWith('global:.') && !/^global:\.Record#$/.test(value.path)
  );
}

function packageOf(value: ExternalValue): string {
  return value.path.slice(0, value.path.indexOf(':'));
}

/** What cannot be known by value is known by its declared type. */
export function withoutUnknown(value: Value, declared: () => Value): Value {
  const members = membersOf(value);
  if (!members.some((member) => member.kind === 'unknown')) return value;
  return union(value.at, [...members.filter((member) => member.kind !== 'unknown'), declared()]);
}

function assignedValues(ev: Evaluation, variable: Variable, place: Ref): Value[] {
  const values: Value[] = [];
  for (const reference of variable.references) {
    if (!reference.isWrite() || reference.init) continue;
    const identifier = reference.identifier as Node;
    const assignment = assignmentOf(identifier);
    if (!assignment || !/^(?:\?\?|\|\|)?=$/.test(assignment.operator)) {
      values.push(unknown(beside(place, identifier)));
      continue;
    }
    const right = beside(place, assignment.right);
    values.push(destructure(ev, ev.evaluate(right), assignment.left, identifier, right));
  }
  return values;
}

function assignmentOf(identifier: Node): TSESTree.AssignmentExpression | undefined {
  for (let node = identifier.parent; node; node = node.parent) {
    if (node.type === 'AssignmentExpression') return contains(node.left, identifier) ? node : undefined;
    if (!/Pattern$|^Property$|^RestElement$|^MemberExpression$|^ObjectExpression$/.test(node.type))
      return undefined;
  }
  return undefined;
}

/** The part of a value that a pattern gives to one of its identifiers. */
export function destructure(ev: Evaluation, value: Value, pattern: Node, identifier: Node, at: Ref): Value {
  if (pattern === identifier) return value;
  switch (pattern.type) {
    case 'AssignmentPattern': {
      if (!contains(pattern.left, identifier)) return unknown(at);
      const byDefault = ev.evaluate(beside(at, pattern.right));
      // `({ attempts } = { attempts: 3 })`: the parts are those of the default.
      const isLeftOut = value.kind === 'literal' && value.value === undefined;
      if (pattern.left !== identifier)
        return destructure(ev, isLeftOut ? byDefault : value, pattern.left, identifier, at);
      const given = destructure(ev, value, pattern.left, identifier, at);
      const members = membersOf(given).filter(
        (member) => !(member.kind === 'literal' && member.value === undefined),
      );
      const isSure =
        members.length === membersOf(given).length &&
        !members.some((member) => member.kind === 'unknown' || member.kind === 'external');
      return isSure ? given : union(at, [...members, byDefault]);
    }
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (!contains(property, identifier)) continue;
        if (property.type === 'RestElement') return restOf(value, pattern, property, at);
        const key = keyName(property);
        const place = beside(at, property);
        // A default stands alone where the property is surely not given.
        const isAbsent =
          property.value.type === 'AssignmentPattern' &&
          key !== undefined &&
          value.kind === 'object' &&
          ev.lookup(value, key).state === 'absent';
        const given = isAbsent ? literal(place, undefined) : ev.member(value, key, place);
        return destructure(ev, given, property.value, identifier, at);
      }
      return unknown(at);
    case 'ArrayPattern':
      for (const [index, element] of pattern.elements.entries()) {
        if (!element || !contains(element, identifier)) continue;
        if (element.type === 'RestElement') return unknown(at);
        return destructure(ev, ev.element(value, at, index), element, identifier, at);
      }
      return unknown(at);
    case 'TSParameterProperty':
      return destructure(ev, value, pattern.parameter, identifier, at);
    default:
      return unknown(at);
  }
}

/** `rest` of `const { id, ...rest } = order`: what an object has besides. */
function restOf(value: Value, pattern: TSESTree.ObjectPattern, rest: TSESTree.RestElement, at: Ref): Value {
  if (value.kind !== 'object' || rest.argument.type !== 'Identifier') return unknown(at);
  const taken = pattern.properties.flatMap((one) => (one.type === 'Property' ? [keyName(one)] : []));
  if (taken.includes(undefined)) return unknown(at);
  const isTaken = (part: ObjectPart) => 'key' in part && taken.includes(part.key);
  // A spread may still give what was taken: there it is known no more.
  if (value.parts.some((part) => part.kind === 'spread')) return unknown(at);
  return { ...value, at: beside(at, rest), parts: value.parts.filter((part) => !isTaken(part)) };
}

/** The parameter of a function that declares a variable, and its position. */
export function parameterOf(
  fn: FunctionNode,
  identifier: Node,
): { index: number; pattern: TSESTree.Parameter } | undefined {
  const index = fn.params.findIndex((parameter) => contains(parameter, identifier));
  const pattern = fn.params[index];
  return pattern ? { index, pattern } : undefined;
}

function evaluateParameter(ev: Evaluation, variable: Variable, fn: FunctionNode, at: Ref): Value {
  const identifier = variable.identifiers[0] as Node | undefined;
  const parameter = identifier && parameterOf(fn, identifier);
  if (!identifier || !parameter) return unknown(at);
  const { index, pattern } = parameter;
  const place = beside(at, pattern);
  const frame = frameOf(at.frame, fn);
  const own = unknown(at, { fn, index, variable });
  if (pattern.type === 'RestElement') {
    const rest = frame?.args.slice(index);
    const items = rest?.flatMap((argument) =>
      'kind' in argument || argument.node.type === 'SpreadElement' ? [] : [argument],
    );
    const known = items && items.length === rest?.length ? items : undefined;
    const element = () =>
      known?.length
        ? union(
            place,
            known.map((item) => ev.evaluate(item)),
          )
        : own;
    return { kind: 'array', at: place, items: known, element };
  }
  if (frame) {
    const argument = frame.args[index];
    const given =
      argument === undefined
        ? literal(place, undefined)
        : 'kind' in argument
          ? argument
          : ev.evaluate(argument);
    const value = destructure(ev, given, pattern, identifier, place);
    return withoutUnknown(value, () => declaredParameter(ev, pattern, identifier, place) ?? own);
  }
  const declared = declaredParameter(ev, pattern, identifier, place);
  if (declared && declared.kind !== 'unknown') return declared;
  const inferred = callbackParameter(ev, fn, index, place);
  if (inferred) return destructure(ev, inferred, pattern, identifier, place);
  // `constructor(private queue = new Queue('mail'))`: what nobody else gives; plain data is for the callers to say.
  const target = pattern.type === 'TSParameterProperty' ? pattern.parameter : pattern;
  const byDefault =
    target.type === 'AssignmentPattern' && target.left === identifier
      ? ev.evaluate(beside(at, target.right))
      : undefined;
  return byDefault?.kind === 'external' || byDefault?.kind === 'instance' ? union(at, [own, byDefault]) : own;
}

/** The frame of the call of this function, if it was entered by a call. */
export function frameOf(frame: Frame | undefined, fn: FunctionNode): Frame | undefined {
  for (let current = frame; current; current = current.outer) if (current.fn === fn) return current;
  return undefined;
}

/** What a parameter is by its annotation, decorator or default. */
function declaredParameter(ev: Evaluation, pattern: Node, identifier: Node, at: Ref): Value | undefined {
  const target = pattern.type === 'TSParameterProperty' ? pattern.parameter : pattern;
  const plain = target.type === 'AssignmentPattern' ? target.left : target;
  const annotation = (plain as TSESTree.Identifier).typeAnnotation?.typeAnnotation;
  if (annotation) {
    const value = destructure(ev, ev.typed(beside(at, annotation)), plain, identifier, at);
    if (value.kind !== 'unknown') return value;
  }
  const decorated = decoratedValue(ev, pattern, at) ?? decoratedValue(ev, plain, at);
  if (decorated) return decorated;
  return undefined;
}

/** What a decorator provides where nothing else says what it is: `@InjectQueue('mail') queue`. */
export function decoratedValue(ev: Evaluation, node: Node, at: Ref): Value | undefined {
  for (const decorator of decoratorsOf(node)) {
    const value = ev.evaluate(beside(at, decorator.expression));
    if (value.kind === 'external')
      return external(beside(at, decorator.expression), `${value.path}@`, value, value.site);
  }
  return undefined;
}

/**
 * A parameter of a function written as an argument: an element for `items.map((item) => ...)`; for a function of a
 * package, the way spells it: `express:().get>0` is what `app.get` hands to its callback first.
 */
function callbackParameter(ev: Evaluation, fn: FunctionNode, index: number, at: Ref): Value | undefined {
  const argument = outermost(fn);
  const call = argument.parent;
  if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return undefined;
  if (call.callee === argument) return undefined;
  const callee = beside(at, call.callee);
  if (call.type === 'CallExpression' && call.callee.type === 'MemberExpression') {
    const method = keyName(call.callee);
    const receiver = ev.evaluate(beside(at, call.callee.object));
    // A promise is its result here, as for `await`.
    if (method === 'then' && receiver.kind !== 'unknown') return index === 0 ? receiver : undefined;
    const list = membersOf(receiver).some((member) => member.kind === 'array');
    if (list) return index === 0 && ITERATORS.has(method ?? '') ? ev.element(receiver, callee) : undefined;
    if (
      index === 0 &&
      method === 'forEach' &&
      receiver.kind === 'external' &&
      /^global:\.(?:Map|Set)#$/.test(receiver.path)
    )
      return ev.element(receiver, callee);
  }
  const value = ev.evaluate(callee);
  const handed = membersOf(value).flatMap((member) => {
    if (member.kind === 'external')
      return [
        external(at, `${member.path}${call.type === 'NewExpression' ? '#' : ''}>${String(index)}`, member),
      ];
    return member.kind === 'function' && call.type === 'CallExpression'
      ? handedBy(ev, member, here(at.module, call, at.frame) as Ref<TSESTree.CallExpression>, argument, index)
      : [];
  });
  return handed.length > 0 ? union(at, handed) : undefined;
}

/** What a function of the project hands to a function that it is given: `run(getQueue(name))` of `withQueue(name, run)`. */
function handedBy(
  ev: Evaluation,
  { at: { module, node, frame: outer }, bound, thisValue }: FunctionValue,
  call: Ref<TSESTree.CallExpression>,
  callback: Node,
  index: number,
): Value[] {
  const given = call.node.arguments.findIndex((argument) => argument === callback);
  const parameter = node.params[given + bound.length];
  const variable = parameter?.type === 'Identifier' ? module.variableOf(parameter) : undefined;
  const depth = Math.max(outer?.depth ?? 0, call.frame?.depth ?? 0) + 1;
  if (given < 0 || !variable || depth > MAX_FRAMES) return [];
  const args = [...bound, ...call.node.arguments.map((argument) => beside<Node>(call, argument))];
  const frame: Frame = { fn: node, args, thisValue, outer, depth };
  return variable.references.flatMap(({ identifier }) => {
    const run = identifier.parent as Node | undefined;
    const handed =
      run?.type === 'CallExpression' && run.callee === identifier ? run.arguments[index] : undefined;
    if (!handed) return [];
    return membersOf(ev.evaluate(here(module, handed, frame))).filter(
      ({ kind }) => kind === 'external' || kind === 'instance',
    );
  });
}

const ITERATORS = new Set(['map', 'forEach', 'filter', 'find', 'flatMap', 'some', 'every', 'findLast']);
