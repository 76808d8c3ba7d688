/**
 * Which branches of a function a call leaves open: `save(order, { notify: false })` never gets to what is behind
 * `if (options.notify)`. Nor does any call get to what a constant turns off, as `const via = 'smtp'` does in a switch.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import { flowOf, type Flow } from '../flow/flow.ts';
import {
  contains,
  enclosingFunction,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { isClient } from '../transactions/tables.ts';
import { nodesBelow } from '../values/functions.ts';
import { frameOf, parameterOf } from '../values/names.ts';
import { membersOf, type Frame, type Ref, type Value } from '../values/value.ts';

/**
 * Tells of the nodes of a function whether they can be reached with the arguments of a frame; `undefined` where
 * neither the arguments nor constants rule anything out.
 */
export function openBranches(
  ev: Evaluation,
  module: SourceModule,
  fn: FunctionNode,
  frame: Frame | undefined,
): ((node: Node) => boolean) | undefined {
  const tested = testedBy(module, fn);
  if (!tested) return undefined;
  const answers = new Map<Node, boolean>();
  const ask = (test: Node, entered: Frame | undefined): void => {
    const answer = answerOf(ev, module, test, entered);
    if (answer !== undefined) answers.set(test, answer);
  };
  for (const test of tested.ofConstants) ask(test, undefined);
  if (frame) for (const test of tested.ofParameters) ask(test, frame);
  return answers.size > 0 ? tested.flow.reachedWhen(answers) : undefined;
}

interface Tested {
  flow: Flow;
  /** Those of its tests that look at parameters, its own or of a function around it, which stay as they are. */
  ofParameters: readonly Node[];
  /** Those that look at nothing but constants with a literal. */
  ofConstants: readonly Node[];
}

const known = new WeakMap<FunctionNode, Tested | undefined>();

function testedBy(module: SourceModule, fn: FunctionNode): Tested | undefined {
  if (!known.has(fn)) known.set(fn, findTests(module, fn));
  return known.get(fn);
}

function findTests(module: SourceModule, fn: FunctionNode): Tested | undefined {
  const isAlone = fn.params.length === 0 && enclosingFunction(fn) === undefined;
  if (isAlone && !hasConstants(module)) return undefined;
  const flow = flowOf(module, fn);
  const tests = flow?.tests.filter(isYesOrNo) ?? [];
  const ofParameters = tests.filter((test) => looksAtParameter(module, fn, test));
  const ofConstants = hasConstants(module) ? tests.filter((test) => looksAtConstants(module, test)) : [];
  return flow && ofParameters.length + ofConstants.length > 0
    ? { flow, ofParameters, ofConstants }
    : undefined;
}

const constants = new WeakMap<SourceModule, ReadonlySet<Node>>();

/** The names of a file that are declared as constants with a literal. */
function constantsOf(module: SourceModule): ReadonlySet<Node> {
  let names = constants.get(module);
  if (!names) {
    const declared = module
      .nodes('VariableDeclarator')
      .filter(({ init, parent }) => parent.kind === 'const' && init && unwrap(init).type === 'Literal');
    constants.set(module, (names = new Set(declared.map(({ id }) => id))));
  }
  return names;
}

function hasConstants(module: SourceModule): boolean {
  return constantsOf(module).size > 0;
}

function looksAtConstants(module: SourceModule, test: Node): boolean {
  const asked = test.type === 'SwitchCase' ? test.parent.discriminant : test;
  const names = nodesBelow(module, asked).filter(
    ({ type }) => type === 'Identifier' || type === 'CallExpression',
  );
  return (
    names.length > 0 &&
    names.every((name) => {
      const declared = name.type === 'Identifier' ? module.variableOf(name)?.identifiers[0] : undefined;
      return declared !== undefined && constantsOf(module).has(declared);
    })
  );
}

/** Whether a test leads on by being true or not: not the list of a loop, not the left side of `??`. */
function isYesOrNo(test: Node): boolean {
  const { parent } = outermost(test);
  if (test.type === 'SwitchCase') return true;
  return (
    parent !== undefined &&
    (/^(?:If|While|DoWhile|For)Statement$|^(?:Conditional|Unary)Expression$/.test(parent.type) ||
      (parent.type === 'LogicalExpression' && parent.operator !== '??'))
  );
}

function looksAtParameter(module: SourceModule, fn: FunctionNode, test: Node): boolean {
  const asked = test.type === 'SwitchCase' ? test.parent.discriminant : test;
  const parameters = parametersIn(module, fn, asked, 0);
  return parameters.length > 0 && !parameters.some(isChanged);
}

const MAX_NAMES = 2;

/** A name, and the properties by which an expression reads a part of it: `data`, `['options', 'notify']`. */
interface Part {
  variable: Variable;
  keys: readonly string[];
}

/** The parameters that an expression is of, and the constants that are parts of them: `const { id, ...rest } = input`. */
function parametersIn(module: SourceModule, fn: FunctionNode, expression: Node, depth: number): Part[] {
  return nodesBelow(module, expression).flatMap((node): Part[] => {
    const variable = node.type === 'Identifier' ? module.variableOf(node) : undefined;
    const definition = variable?.defs[0];
    if (!variable || !definition) return [];
    const declared = definition.node as Node;
    const part = { variable, keys: memberAround(node).keys };
    if ((definition.type as string) === 'Parameter') return contains(declared, fn) ? [part] : [];
    if (depth >= MAX_NAMES || declared.type !== 'VariableDeclarator' || !declared.init) return [];
    // A part, not what a call makes of it.
    const source = unwrap(declared.init);
    if (!/^(?:Identifier|MemberExpression)$/.test(source.type)) return [];
    const parameters = parametersIn(module, fn, source, depth + 1);
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

const testing = new WeakMap<FunctionNode, boolean>();

/** Whether a function written inside of another tests its parameters: `const run = () => { if (options.notify) ... }`. */
export function testsInside(module: SourceModule, fn: FunctionNode): boolean {
  let found = testing.get(fn);
  if (found === undefined) testing.set(fn, (found = findTestInside(module, fn)));
  return found;
}

function findTestInside(module: SourceModule, fn: FunctionNode): boolean {
  const names = fn.params.flatMap((parameter) => namesIn(module, parameter));
  return names.some((name) =>
    module
      .variableOf(name)
      ?.references.some(({ identifier }) => enclosingFunction(identifier) !== fn && isTested(identifier, fn)),
  );
}

function namesIn(module: SourceModule, parameter: Node): TSESTree.Identifier[] {
  return nodesBelow(module, parameter).flatMap((node) => (node.type === 'Identifier' ? [node] : []));
}

function isTested(name: Node, within: FunctionNode): boolean {
  for (let child = name, node = name.parent; node && node !== within; child = node, node = node.parent) {
    if (isFunction(node) || node.type.endsWith('Declaration')) return false;
    const { test, discriminant } = node as { test?: Node; discriminant?: Node };
    if (child === test || child === discriminant) return true;
  }
  return false;
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

function answerOf(
  ev: Evaluation,
  module: SourceModule,
  test: Node,
  frame: Frame | undefined,
): boolean | undefined {
  const at = (node: Node): Ref => here(module, node, frame);
  if (test.type === 'SwitchCase')
    return test.test ? areEqual(ev, at(test.parent.discriminant), at(test.test)) : undefined;
  if (test.type === 'BinaryExpression' && /^[!=]==?$/.test(test.operator)) {
    const equal = areEqual(ev, at(test.left), at(test.right));
    return equal === undefined || test.operator.startsWith('=') ? equal : !equal;
  }
  return isLeftOut(ev, at(test)) ? false : truthOf(ev.evaluate(at(test)));
}

const OBJECT = Symbol('an object, whichever');

/** Whether two values are equal; `null` and `undefined` are taken for one. */
function areEqual(ev: Evaluation, left: Ref, right: Ref): boolean | undefined {
  const [a, b] = [contentOf(ev, left), contentOf(ev, right)];
  if (!a || !b || (a.content === OBJECT && b.content === OBJECT)) return undefined;
  return a.content === b.content;
}

function contentOf(ev: Evaluation, ref: Ref): { content: unknown } | undefined {
  if (isLeftOut(ev, ref)) return { content: null };
  const value = ev.evaluate(ref);
  if (value.kind === 'literal') return { content: value.value ?? null };
  const isObject = membersOf(value).every(
    (member) => member.kind !== 'literal' && truthOfMember(member) === true,
  );
  return isObject ? { content: OBJECT } : undefined;
}

/** Whether a property of an argument is tested that the caller has not given: `notify` of `save(order, {})`. */
function isLeftOut(ev: Evaluation, { module, node, frame }: Ref): boolean {
  if (node.type === 'MemberExpression') {
    const key = keyName(node);
    const owner = ev.evaluate(here(module, node.object, frame));
    return key !== undefined && owner.kind === 'object' && ev.lookup(owner, key).state === 'absent';
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
  const given =
    argument ?? (pattern.type === 'AssignmentPattern' ? here(module, pattern.right, frame) : undefined);
  if (key === undefined || given === undefined) return false;
  const owner = 'kind' in given ? given : ev.evaluate(given);
  return owner.kind === 'object' && ev.lookup(owner, key).state === 'absent';
}

/** Whether a value counts as true where it is tested; `undefined` where it may be either. */
function truthOf(value: Value): boolean | undefined {
  const answers = new Set(membersOf(value).map(truthOfMember));
  const [only] = answers;
  return answers.size === 1 ? only : undefined;
}

function truthOfMember(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'literal':
      return Boolean(value.value);
    case 'object':
    case 'array':
    case 'function':
    case 'class':
    case 'namespace':
      return true;
    case 'instance':
      // One that is known by its annotation may be missing.
      return value.site !== undefined || undefined;
    case 'external':
      // `new Decimal(0)`, and the client of the transaction that this runs in.
      return (
        (value.path.endsWith('#') && value.site?.node.type === 'NewExpression') ||
        isClient(value.path) ||
        undefined
      );
    default:
      return undefined;
  }
}
