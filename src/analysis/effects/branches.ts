/**
 * Which branches of a function a call leaves open: `save(order, { notify: false })` never gets to what is behind
 * `if (options.notify)`. Nor does any call get to what a constant turns off, as `const via = 'smtp'` does in a switch.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { flowOf, type Flow } from '../flow/flow.ts';
import {
  contains,
  enclosingFunction,
  isFunction,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { isClient } from '../transactions/tables.ts';
import { answerOf, areEqual, asksParameter } from '../values/answers.ts';
import { nodesBelow } from '../values/functions.ts';
import type { ExternalValue, Frame, Ref } from '../values/value.ts';

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
    const answer = answerHere(ev, module, test, entered);
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
  return asksParameter(module, asked, (owner) => contains(owner, fn));
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

/** What a test of the flow answers; the client of the transaction that this runs in is there. */
function answerHere(
  ev: Evaluation,
  module: SourceModule,
  test: Node,
  frame: Frame | undefined,
): boolean | undefined {
  const at = (node: Node): Ref => here(module, node, frame);
  const isThere = ({ path }: ExternalValue): boolean => isClient(path);
  if (test.type !== 'SwitchCase') return answerOf(ev, at(test), isThere);
  return test.test ? areEqual(ev, at(test.parent.discriminant), at(test.test), isThere) : undefined;
}
