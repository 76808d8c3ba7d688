/**
 * What can leave a function by throwing: the `try` statements and `.catch` handlers around a node, and whether these
 * let a failure out again.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import {
  calleeName,
  contains,
  isClass,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref } from '../values/value.ts';

/** What a failure meets on its way out of a function. */
export interface Guard {
  /** The `try` statement, or the call of `.catch` or `.then`. */
  node: TSESTree.TryStatement | TSESTree.CallExpression;
  /** What is guarded: the block, or the expression whose rejection is handled. */
  guarded: Node;
  /** The catch clause, or the expression of the function that is given the rejection. */
  handler: Node;
}

/**
 * What a failure at a node meets before it leaves the function around, nearest first. A promise that is returned
 * from a `try` without `await` rejects when the block has been left: its clause never sees that.
 */
export function guardsOf(fn: FunctionNode, node: Node, isPromise = false): Guard[] {
  const guards: Guard[] = [];
  let isGone = isPromise && isReturnedPromise(node);
  let child = node;
  for (let current = node.parent; current && child !== fn; child = current, current = current.parent) {
    if (isFunction(current)) isGone = false;
    const guard = current.type === 'CallExpression' ? chainGuard(current) : undefined;
    if (guard && contains(guard.guarded, node)) guards.push(guard);
    else if (current.type === 'TryStatement' && current.handler && child === current.block && !isGone)
      guards.push({ node: current, guarded: current.block, handler: current.handler });
  }
  return guards;
}

/** Whether a node of a function runs because something has failed: each attempt of a job has failures of its own. */
export function isForFailure(fn: FunctionNode, node: Node): boolean {
  for (let current = node.parent; current && current !== fn; current = current.parent)
    if (current.type === 'CatchClause' || (isFunction(current) && isHandler(current))) return true;
  return false;
}

/** `work().catch((error) => ...)` */
function isHandler(fn: FunctionNode): boolean {
  const argument = outermost(fn);
  const call = argument.parent;
  return call?.type === 'CallExpression' && chainGuard(call)?.handler === argument;
}

/** The branches around a node that end the function, or the round of a loop: `if (!isValid) { ...; return; }`. */
export function endingBranches(node: Node): TSESTree.BlockStatement[] {
  const branches: TSESTree.BlockStatement[] = [];
  for (let current = node.parent; current && !isFunction(current); current = current.parent)
    if (current.type === 'BlockStatement' && current.parent.type === 'IfStatement')
      if (/^(?:Return|Throw|Continue)Statement$/.test(current.body.at(-1)?.type ?? ''))
        branches.push(current);
  return branches;
}

/** `work().catch(handler)`, `work().then(next, handler)` */
export function chainGuard(call: TSESTree.CallExpression): Guard | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const method = keyName(callee);
  const handler =
    method === 'catch' ? call.arguments.at(-1) : method === 'then' ? call.arguments[1] : undefined;
  return handler && { node: call, guarded: callee.object, handler };
}

function isReturnedPromise(node: Node): boolean {
  let current = outermost(node);
  for (;;) {
    const parent: Node | undefined = current.parent;
    const isChain =
      parent?.type === 'MemberExpression' &&
      parent.object === current &&
      /^(?:then|catch|finally)$/.test(keyName(parent) ?? '');
    if (!isChain) break;
    current = outermost(parent.parent);
  }
  const parent = current.parent;
  return parent?.type === 'ReturnStatement' || (isFunction(parent) && parent.body === current);
}

/** Whether a failure that is caught leaves again. */
export type Rethrow = 'always' | 'sometimes' | 'never';

const MAX_DEPTH = 3;

/** Whether the clause or function that catches a failure fails itself. What cannot be seen may. */
export function rethrowOf(ev: Evaluation, handler: Ref, depth = 0): Rethrow {
  const node = unwrap(handler.node);
  if (node.type === 'CatchClause') return verdict(flowOf(ev, beside(handler, node.body), depth));
  if (isFunction(node)) return functionRethrow(ev, beside(handler, node), depth);
  const callees = membersOf(present(ev.evaluate(beside(handler, node))));
  let found: Rethrow | undefined;
  for (const callee of callees) {
    const one: Rethrow =
      callee.kind === 'function'
        ? depth < MAX_DEPTH
          ? functionRethrow(ev, callee.at, depth + 1)
          : 'sometimes'
        : callee.kind === 'external'
          ? 'never'
          : 'sometimes';
    found = found === undefined || found === one ? one : 'sometimes';
  }
  return found ?? 'sometimes';
}

function functionRethrow(ev: Evaluation, fn: Ref<FunctionNode>, depth: number): Rethrow {
  const { node } = fn;
  if (node.returnType?.typeAnnotation.type === 'TSNeverKeyword') return 'always';
  const body = beside<Node>(fn, node.body);
  return verdict(node.body.type === 'BlockStatement' ? flowOf(ev, body, depth) : resultFlow(ev, body, depth));
}

/** The ways in which a piece of code can end. */
interface Flow {
  /** The next statement runs. */
  goesOn: boolean;
  /** It returns, or leaves a loop. */
  leaves: boolean;
  fails: boolean;
}

const GOES_ON: Flow = { goesOn: true, leaves: false, fails: false };
const LEAVES: Flow = { goesOn: false, leaves: true, fails: false };
const FAILS: Flow = { goesOn: false, leaves: false, fails: true };
const MAY_FAIL: Flow = { goesOn: true, leaves: false, fails: true };

function verdict({ goesOn, leaves, fails }: Flow): Rethrow {
  return fails ? (goesOn || leaves ? 'sometimes' : 'always') : 'never';
}

function either(a: Flow, b: Flow): Flow {
  return { goesOn: a.goesOn || b.goesOn, leaves: a.leaves || b.leaves, fails: a.fails || b.fails };
}

function then(first: Flow, next: () => Flow): Flow {
  if (!first.goesOn) return first;
  const after = next();
  return { goesOn: after.goesOn, leaves: first.leaves || after.leaves, fails: first.fails || after.fails };
}

function flowOf(ev: Evaluation, ref: Ref, depth: number): Flow {
  const { node } = ref;
  const inner = (next: Node): Flow => flowOf(ev, beside(ref, next), depth);
  const run = (expression: Node): Flow => expressionFlow(ev, beside(ref, expression), depth);
  switch (node.type) {
    case 'BlockStatement':
      return node.body.reduce((flow, statement) => then(flow, () => inner(statement)), GOES_ON);
    case 'ThrowStatement':
      return FAILS;
    case 'ReturnStatement':
      return node.argument ? then(resultFlow(ev, beside(ref, node.argument), depth), () => LEAVES) : LEAVES;
    case 'BreakStatement':
    case 'ContinueStatement':
      return LEAVES;
    case 'IfStatement':
      return then(run(node.test), () =>
        either(inner(node.consequent), node.alternate ? inner(node.alternate) : GOES_ON),
      );
    case 'SwitchStatement': {
      const hasDefault = node.cases.some(({ test }) => test === null);
      const cases = node.cases.map(({ consequent }, index) => {
        // A case that is empty falls into the next one.
        const body = [consequent, ...node.cases.slice(index + 1).map((next) => next.consequent)].find(
          (statements) => statements.length > 0,
        );
        const flow = (body ?? []).reduce(
          (before, statement) => then(before, () => inner(statement)),
          GOES_ON,
        );
        return { ...flow, goesOn: flow.goesOn || flow.leaves };
      });
      return [...cases, ...(hasDefault ? [] : [GOES_ON])].reduce(either);
    }
    case 'TryStatement': {
      const block = inner(node.block);
      const caught = node.handler ? inner(node.handler.body) : undefined;
      const flow = caught ? either({ ...block, fails: false }, caught) : block;
      const last = node.finalizer && inner(node.finalizer);
      return last ? (last.goesOn ? { ...flow, fails: flow.fails || last.fails } : last) : flow;
    }
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return either(GOES_ON, inner(node.body));
    case 'LabeledStatement':
      return inner(node.body);
    case 'ExpressionStatement':
      return run(node.expression);
    case 'VariableDeclaration':
      return node.declarations.reduce(
        (flow, { init }) => (init ? then(flow, () => run(init)) : flow),
        GOES_ON,
      );
    default:
      return GOES_ON;
  }
}

/** What is returned fails when it is a promise that does. */
function resultFlow(ev: Evaluation, ref: Ref, depth: number): Flow {
  return expressionFlow(ev, ref, depth);
}

function expressionFlow(ev: Evaluation, ref: Ref, depth: number): Flow {
  let flow = GOES_ON;
  const visit = (node: Node, isSure: boolean): void => {
    if (isFunction(node) || isClass(node)) return;
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      const rethrow =
        node.type === 'CallExpression' ? callRethrow(ev, { ...ref, node }, depth) : ('never' as const);
      if (rethrow !== 'never')
        flow = flow.goesOn && isSure && rethrow === 'always' ? FAILS : either(flow, MAY_FAIL);
    }
    const isBranch = node.type === 'LogicalExpression' || node.type === 'ConditionalExpression';
    const first = node.type === 'LogicalExpression' ? node.left : isBranch ? node.test : undefined;
    for (const child of ref.module.childrenOf(node)) visit(child, isSure && (!isBranch || child === first));
  };
  visit(ref.node, true);
  return flow;
}

/** Names of functions that cannot be seen and say that they fail. */
const FAILING_NAME = /^(?:re)?throw|^(?:fail|abort|bail|panic|reject)$|^moveToFailed$/i;

function callRethrow(ev: Evaluation, call: Ref<TSESTree.CallExpression>, depth: number): Rethrow {
  const callee = unwrap(call.node.callee);
  const name = calleeName(callee);
  const [first] = call.node.arguments;
  if (name !== undefined && FAILING_NAME.test(name)) return 'always';
  if (callee.type === 'MemberExpression' && callee.object.type === 'Identifier') {
    const { name: owner } = callee.object;
    if (owner === 'process' && /^(?:exit|abort|kill)$/.test(name ?? '')) return 'always';
    if (owner === 'assert') return 'sometimes';
  }
  if (callee.type === 'Identifier') {
    const definition = call.module.variableOf(callee)?.defs[0];
    // `done(error)`, `reject(error)`, `next(error)`
    if ((definition?.type as string | undefined) === 'Parameter' && first) {
      const isNothing =
        (first.type === 'Literal' && first.value === null) ||
        (first.type === 'Identifier' && first.name === 'undefined');
      if (!isNothing) return 'always';
    }
  }
  if (depth >= MAX_DEPTH || isLogger(callee)) return 'never';
  const callees = membersOf(present(ev.evaluate(here(call.module, callee, call.frame))));
  const verdicts = callees.flatMap((value) =>
    value.kind === 'function' ? [functionRethrow(ev, value.at, depth + 1)] : [],
  );
  if (verdicts.length === 0 || verdicts.every((one) => one === 'never')) return 'never';
  return verdicts.every((one) => one === 'always') ? 'always' : 'sometimes';
}

/** Cheap to tell, and in every handler. */
function isLogger(callee: Node): boolean {
  return (
    callee.type === 'MemberExpression' && /^(?:console|log|logger)$/.test(calleeName(callee.object) ?? '')
  );
}

/** The `throw` statements by which a handler fails, but not those that it catches itself. */
export function throwsIn(ref: Ref): TSESTree.ThrowStatement[] {
  const found: TSESTree.ThrowStatement[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'ThrowStatement') found.push(node);
    else if (node.type === 'TryStatement' && node.handler) {
      visit(node.handler.body);
      if (node.finalizer) visit(node.finalizer);
    } else if (!isFunction(node) && !isClass(node)) ref.module.childrenOf(node).forEach(visit);
  };
  const node = unwrap(ref.node);
  visit(node.type === 'CatchClause' || isFunction(node) ? node.body : node);
  return found;
}

/** The name under which a handler has the failure: `error` of `catch (error)`. */
export function caughtName(handler: Node): TSESTree.Identifier | undefined {
  const node = unwrap(handler);
  const parameter = node.type === 'CatchClause' ? node.param : isFunction(node) ? node.params[0] : undefined;
  return parameter?.type === 'Identifier' ? parameter : undefined;
}

/** Whether a handler does nothing in the end but let the very same failure out. */
export function passesOn(ev: Evaluation, handler: Ref): boolean {
  if (rethrowOf(ev, handler) !== 'always') return false;
  const name = caughtName(handler.node);
  const variable = name && handler.module.variableOf(name);
  const thrown = throwsIn(handler);
  return (
    variable !== undefined &&
    thrown.length > 0 &&
    thrown.every(({ argument }) => handler.module.variableOf(unwrap(argument)) === variable)
  );
}
