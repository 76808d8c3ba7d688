/**
 * From an expression back to where its value was written: through names, parameters and properties. Unlike
 * evaluation it keeps to expressions, so that a report can point at one.
 */
import type { SourceModule } from '../source/module.ts';
import { contains, isFunction, keyName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import type { Evaluation } from './evaluation.ts';
import { beside, here } from './evaluation.ts';
import { frameOf, parameterOf } from './names.ts';
import { membersOf, type ObjectValue, type Ref, type ShapeValue, type Value } from './value.ts';

/** The argument that a parameter stands for in this call, or the same expression when it is no parameter. */
export function throughParameters(ev: Evaluation, ref: Ref, depth = 0): Ref {
  const node = unwrap(ref.node);
  if (depth > 8 || !ref.frame) return beside(ref, node);
  if (node.type === 'Identifier') {
    const variable = ref.module.variableOf(node);
    const definition = variable?.defs[0];
    if (!variable || !definition) return beside(ref, node);
    if ((definition.type as string) === 'Variable') {
      // An alias inside the wrapper: `const data = payload;`, `const { data } = options;`
      const declarator = definition.node as { init?: Node | null; id: Node };
      if (!declarator.init) return beside(ref, node);
      const source = throughPattern(
        ev,
        declarator.id,
        variable.identifiers[0] as Node,
        beside(ref, declarator.init),
      );
      const traced = source && throughParameters(ev, source, depth + 1);
      return traced && traced.frame !== ref.frame ? traced : beside(ref, node);
    }
    const part = givenTo(ev, beside(ref, node));
    return part ? throughParameters(ev, part, depth + 1) : beside(ref, node);
  }
  if (node.type === 'MemberExpression') {
    const key = keyName(node);
    const object = throughParameters(ev, beside(ref, node.object), depth + 1);
    const part = key === undefined || object.node === node.object ? undefined : propertyRef(ev, object, key);
    return part ? throughParameters(ev, part, depth + 1) : beside(ref, node);
  }
  return beside(ref, node);
}

/** What the call that entered the function around gives to a parameter: one step of the way back. */
export function givenTo(ev: Evaluation, { module, node, frame }: Ref): Ref | undefined {
  const variable = node.type === 'Identifier' ? module.variableOf(node) : undefined;
  const definition = variable?.defs[0];
  if (!variable || !frame || (definition?.type as string | undefined) !== 'Parameter') return undefined;
  const fn = definition?.node as Parameters<typeof frameOf>[1];
  const identifier = variable.identifiers[0] as Node;
  const parameter = parameterOf(fn, identifier);
  const argument = parameter && frameOf(frame, fn)?.args[parameter.index];
  if (!parameter || !argument || 'kind' in argument) return undefined;
  return throughPattern(ev, parameter.pattern, identifier, argument);
}

/** The expression that a pattern gives to one of its identifiers, where the source is written out. */
function throughPattern(ev: Evaluation, pattern: Node, identifier: Node, source: Ref): Ref | undefined {
  if (pattern === identifier) return source;
  if (pattern.type === 'TSParameterProperty')
    return throughPattern(ev, pattern.parameter, identifier, source);
  if (pattern.type === 'AssignmentPattern') return throughPattern(ev, pattern.left, identifier, source);
  if (pattern.type !== 'ObjectPattern') return undefined;
  for (const property of pattern.properties) {
    if (!contains(property, identifier) || property.type === 'RestElement') continue;
    const key = keyName(property);
    const part = key === undefined ? undefined : propertyRef(ev, throughParameters(ev, source), key);
    return part && throughPattern(ev, property.value, identifier, part);
  }
  return undefined;
}

/** The expression of a property, where the object is a literal (or a name for one). */
export function propertyRef(ev: Evaluation, ref: Ref, key: string): Ref | undefined {
  const value = ev.evaluate(ref);
  return value.kind === 'object' ? partRef(value, key) : undefined;
}

export function partRef(object: ObjectValue, key: string): Ref | undefined {
  for (let i = object.parts.length - 1; i >= 0; i--) {
    const part = object.parts[i];
    if (part && (part.kind === 'property' || part.kind === 'write') && part.key === key) return part.value;
  }
  return undefined;
}

const MAX_SPREADS = 4;

/** The expression that gives an object a property, in the object itself or in what is spread into it. */
export function givenRef(ev: Evaluation, value: Value, key: string, depth = 0): Ref | undefined {
  for (const member of membersOf(value)) {
    if (member.kind !== 'object') continue;
    for (let i = member.parts.length - 1; i >= 0; i--) {
      const part = member.parts[i];
      if (part?.kind === 'spread' && depth < MAX_SPREADS) {
        const spread = givenRef(ev, ev.evaluate(part.value), key, depth + 1);
        if (spread) return spread;
      } else if (part && (part.kind === 'property' || part.kind === 'write') && part.key === key)
        return part.value;
    }
  }
  return undefined;
}

/**
 * Whether an expression is an optional parameter, or an optional property of one: the callers of the function around
 * decide whether there is a value at all.
 */
export function isLeftToCallers(ev: Evaluation, ref: Ref): boolean {
  const at = throughParameters(ev, ref);
  const keys: (string | undefined)[] = [];
  let isOptional = false;
  let root = unwrap(at.node);
  for (; root.type === 'MemberExpression'; root = unwrap(root.object)) {
    isOptional ||= root.optional;
    keys.unshift(keyName(root));
  }
  const variable = root.type === 'Identifier' ? at.module.variableOf(root) : undefined;
  const definition = variable?.defs[0];
  const identifier = variable?.identifiers[0] as Node | undefined;
  if (!definition || !identifier || (definition.type as string) !== 'Parameter') return false;
  const parameter = parameterOf(definition.node as Parameters<typeof parameterOf>[0], identifier);
  if (!parameter) return false;
  const { pattern } = parameter;
  const target = pattern.type === 'TSParameterProperty' ? pattern.parameter : pattern;
  const declared = target.type === 'AssignmentPattern' ? target.left : target;
  // A default of the parameter itself is a value.
  if (target !== declared && (keys.length > 0 || declared.type === 'ObjectPattern')) return true;
  if (isOptional || ('optional' in declared && declared.optional)) return true;
  if (declared.type === 'ObjectPattern')
    for (const property of declared.properties)
      if (property.type === 'Property' && property.value === identifier) keys.unshift(keyName(property));
  const annotation = 'typeAnnotation' in declared ? declared.typeAnnotation?.typeAnnotation : undefined;
  const [key] = keys;
  if (!annotation || key === undefined) return false;
  return membersOf(ev.typed(beside(at, annotation))).some(
    (shape) => shape.kind === 'shape' && hasOptional(shape, key),
  );
}

function hasOptional({ at: { node } }: ShapeValue, key: string): boolean {
  const members = node.type === 'TSTypeLiteral' ? node.members : node.body.body;
  return members.some(
    (member) => member.type === 'TSPropertySignature' && member.optional && keyName(member) === key,
  );
}

/** The function whose parameter an expression is, or is a property of. */
export function parameterOwner(module: SourceModule, expression: Node): FunctionNode | undefined {
  let root = unwrap(expression);
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  const definition = root.type === 'Identifier' ? module.variableOf(root)?.defs[0] : undefined;
  const owner = definition?.node as Node | undefined;
  return (definition?.type as string | undefined) === 'Parameter' && isFunction(owner) ? owner : undefined;
}

/** Whether an expression's value depends on a parameter of one of the functions around it. */
export function dependsOnParameter(ev: Evaluation, ref: Ref, depth = 0): boolean {
  const module = ref.module;
  const stack: Node[] = [ref.node];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'Identifier') {
      const definition = module.variableOf(node)?.defs[0];
      if ((definition?.type as string | undefined) === 'Parameter') return true;
      if ((definition?.type as string | undefined) === 'Variable' && depth < 4) {
        const declarator = definition?.node as { init?: Node | null } | undefined;
        if (
          declarator?.init &&
          declarator.init !== node &&
          dependsOnParameter(ev, here(module, declarator.init), depth + 1)
        )
          return true;
      }
      continue;
    }
    // `this.data`, set from a constructor's parameter
    stack.push(...module.childrenOf(node));
  }
  return false;
}
