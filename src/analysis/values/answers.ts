/**
 * What a test answers where the values that it asks for are known: `options.notify` where the call that is followed
 * gives `{ notify: false }`.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { isFunction, keyName, outermost, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from './evaluation.ts';
import { nodesBelow } from './functions.ts';
import { frameOf, parameterOf } from './names.ts';
import { isNullish, membersOf, type ExternalValue, type Ref, type Value } from './value.ts';

/** Tells of what a package provides that it is there, by its path. */
type IsThere = (value: ExternalValue) => boolean;

const NOTHING_MORE: IsThere = () => false;

/** Whether an expression is of parameters, those of the functions that are meant, which stay as they are. */
export function asksParameter(
  module: SourceModule,
  expression: Node,
  isMeant: (fn: FunctionNode) => boolean,
): boolean {
  const parameters = parametersIn(module, expression, isMeant, 0);
  return parameters.length > 0 && !parameters.some(isChanged);
}

const MAX_NAMES = 2;

/** A name, and the properties by which an expression reads a part of it: `data`, `['options', 'notify']`. */
interface Part {
  variable: Variable;
  keys: readonly string[];
}

/** The parameters that an expression is of, and the constants that are parts of them: `const { id, ...rest } = input`. */
function parametersIn(
  module: SourceModule,
  expression: Node,
  isMeant: (fn: FunctionNode) => boolean,
  depth: number,
): Part[] {
  return nodesBelow(module, expression).flatMap((node): Part[] => {
    const variable = node.type === 'Identifier' ? module.variableOf(node) : undefined;
    const definition = variable?.defs[0];
    if (!variable || !definition) return [];
    const declared = definition.node as Node;
    const part = { variable, keys: memberAround(node).keys };
    if ((definition.type as string) === 'Parameter')
      return isFunction(declared) && isMeant(declared) ? [part] : [];
    if (depth >= MAX_NAMES || declared.type !== 'VariableDeclarator' || !declared.init) return [];
    // A part, not what a call makes of it.
    const source = unwrap(declared.init);
    if (!/^(?:Identifier|MemberExpression)$/.test(source.type)) return [];
    const parameters = parametersIn(module, source, isMeant, depth + 1);
    return parameters.length > 0 ? [part, ...parameters] : [];
  });
}

/** The longest chain of properties that is read of a name, as far as they are named. */
function memberAround(name: Node): { node: Node; keys: string[] } {
  const keys: string[] = [];
  let node = outermost(name);
  for (
    let { parent } = node;
    parent?.type === 'MemberExpression' && parent.object === node;
    { parent } = node
  ) {
    const key = keyName(parent);
    if (key === undefined) break;
    keys.push(key);
    node = outermost(parent);
  }
  return { node, keys };
}

/** Whether a name, what is read of it, or a part of that gets another value in the function: `options.notify = true`. */
function isChanged({ variable, keys }: Part): boolean {
  return variable.references.some((reference) => {
    if (reference.isWrite()) return !reference.init;
    const changed = memberAround(reference.identifier);
    let { node } = changed;
    // What is told by no name may be any property.
    while (node.parent?.type === 'MemberExpression' && node.parent.object === node)
      node = outermost(node.parent);
    const { parent } = node;
    const isWritten =
      (parent?.type === 'AssignmentExpression' && parent.left === node) ||
      parent?.type === 'UpdateExpression';
    return isWritten && changed.keys.every((key, index) => (keys[index] ?? key) === key);
  });
}

/** The branch of `options.isQueue ? null : 3` that is taken with what the call that is followed gives, if that tells. */
export function branchTaken(ev: Evaluation, at: Ref<TSESTree.ConditionalExpression>): Node | undefined {
  const { module, node, frame } = at;
  const isEntered = (fn: FunctionNode): boolean => frameOf(frame, fn) !== undefined;
  if (!frame || !asksParameter(module, node.test, isEntered)) return undefined;
  const answer = answerOf(ev, beside(at, node.test));
  if (answer === undefined) return undefined;
  return answer ? node.consequent : node.alternate;
}

/** Whether a test holds; `undefined` where that cannot be told. */
export function answerOf(ev: Evaluation, at: Ref, isThere = NOTHING_MORE): boolean | undefined {
  const ask = (inner: Node): boolean | undefined => answerOf(ev, beside(at, inner), isThere);
  const test = unwrap(at.node);
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    const answer = ask(test.argument);
    return answer === undefined ? undefined : !answer;
  }
  if (test.type === 'LogicalExpression' && test.operator !== '??') {
    const answers = [ask(test.left), ask(test.right)];
    const decisive = test.operator === '||';
    if (answers.includes(decisive)) return decisive;
    return answers.includes(undefined) ? undefined : !decisive;
  }
  if (test.type === 'BinaryExpression' && /^[!=]==?$/.test(test.operator)) {
    const equal = areEqual(ev, beside(at, test.left), beside(at, test.right), isThere);
    return equal === undefined || test.operator.startsWith('=') ? equal : !equal;
  }
  return isLeftOut(ev, at) ? false : truthOf(ev.evaluate(at), isThere);
}

const OBJECT = Symbol('an object, whichever');

/** Whether two values are equal; `null` and `undefined` are taken for one. */
export function areEqual(ev: Evaluation, left: Ref, right: Ref, isThere = NOTHING_MORE): boolean | undefined {
  const [a, b] = [contentOf(ev, left, isThere), contentOf(ev, right, isThere)];
  if (!a || !b || (a.content === OBJECT && b.content === OBJECT)) return undefined;
  return a.content === b.content;
}

function contentOf(ev: Evaluation, ref: Ref, isThere: IsThere): { content: unknown } | undefined {
  if (isLeftOut(ev, ref)) return { content: null };
  const value = ev.evaluate(ref);
  if (value.kind === 'literal') return { content: value.value ?? null };
  const isObject = membersOf(value).every(
    (member) => member.kind !== 'literal' && truthOf(member, isThere) === true,
  );
  return isObject ? { content: OBJECT } : undefined;
}

/** Whether what is asked for is not given by the caller: `options?.notify` of `save(order, {})` and `save(order)`. */
function isLeftOut(ev: Evaluation, { module, node: given, frame }: Ref): boolean {
  const node = unwrap(given);
  if (node.type === 'MemberExpression') {
    const key = keyName(node);
    return key !== undefined && hasNot(ev, ev.evaluate(here(module, node.object, frame)), key);
  }
  const variable = node.type === 'Identifier' ? module.variableOf(node) : undefined;
  const [declared] = variable?.identifiers ?? [];
  const fn = variable?.defs[0]?.node as Node | undefined;
  const entered = isFunction(fn) ? frameOf(frame, fn) : undefined;
  const parameter = entered && declared && isFunction(fn) ? parameterOf(fn, declared) : undefined;
  if (!parameter) return false;
  const { pattern } = parameter;
  const parts = pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
  if (parts.type !== 'ObjectPattern') return false;
  const property = parts.properties.find((one) => one.type === 'Property' && one.value === declared);
  const key = property?.type === 'Property' ? keyName(property) : undefined;
  const argument = entered?.args[parameter.index];
  const owner =
    argument ?? (pattern.type === 'AssignmentPattern' ? here(module, pattern.right, frame) : undefined);
  if (key === undefined || owner === undefined) return false;
  return hasNot(ev, 'kind' in owner ? owner : ev.evaluate(owner), key);
}

function hasNot(ev: Evaluation, owner: Value, key: string): boolean {
  return (owner.kind === 'object' || isNullish(owner)) && ev.lookup(owner, key).state === 'absent';
}

/** Whether a value counts as true where it is tested; `undefined` where it may be either. */
function truthOf(value: Value, isThere: IsThere): boolean | undefined {
  const answers = new Set(membersOf(value).map((member) => truthOfMember(member, isThere)));
  const [only] = answers;
  return answers.size === 1 ? only : undefined;
}

function truthOfMember(value: Value, isThere: IsThere): boolean | undefined {
  switch (value.kind) {
    case 'literal':
      return Boolean(value.value);
    case 'object':
    case 'function':
    case 'class':
    case 'namespace':
      return true;
    // One that is known by its annotation may be missing.
    case 'array':
      return !value.at.node.type.startsWith('TS') || undefined;
    case 'instance':
      return value.site !== undefined || undefined;
    case 'external':
      // `new Decimal(0)`
      return (
        (value.path.endsWith('#') && value.site?.node.type === 'NewExpression') || isThere(value) || undefined
      );
    default:
      return undefined;
  }
}
