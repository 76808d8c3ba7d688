/**
 * Database transactions: functions that run inside one, whole or in part.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  decoratorsOf,
  isFunction,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import {
  external,
  membersOf,
  present,
  type ExternalValue,
  type Frame,
  type FunctionValue,
  type Ref,
  type Value,
} from '../values/value.ts';
import { onlyLocksInside } from './locks.ts';
import { spansIn } from './spans.ts';
import { DECORATOR, OUTSIDE, RUN_METHODS, transactionTables, UNSEEN_CLIENT } from './tables.ts';

export interface Transaction {
  /** The call that runs or begins it, or the decorated method. */
  at: Ref;
  /** The function that runs inside the transaction; it can be of another file. */
  fn: FunctionValue;
  /** The nodes of the function between begin and commit, where it is not all of the function that runs inside. */
  part: readonly Node[] | undefined;
  /** The argument that gives the function; absent for a method or a span. */
  argument: Node | undefined;
}

export interface TransactionSearch {
  ev: Evaluation;
  /** Names of functions and decorators that run a function inside a transaction, by the user's word. */
  names: readonly string[];
  /** Whether a file can have transactions at all, itself or through its imports. */
  canHave: (module: SourceModule) => boolean;
}

const MAX_HELPERS = 3;

/** Every transaction that code of a module runs something in. */
export function transactionsIn(search: TransactionSearch, module: SourceModule): Transaction[] {
  const { ev } = search;
  const found: Transaction[] = [];
  for (const call of module.nodes('CallExpression')) {
    if (!canRunFunction(search, call)) continue;
    for (const argument of argumentsInside(search, module, call))
      for (const fn of membersOf(ev.evaluate(here(module, argument))))
        if (fn.kind === 'function')
          found.push({
            at: here(module, call),
            fn: handedClient(ev, fn, here(module, call) as Ref<TSESTree.CallExpression>),
            part: undefined,
            argument,
          });
  }
  for (const method of module.nodes('MethodDefinition')) {
    if (!isDecorated(search, module, method)) continue;
    const fn = methodValue(ev, module, method);
    if (fn) found.push({ at: here(module, method), fn, part: undefined, argument: undefined });
  }
  for (const { begin, fn, nodes } of spansIn(ev, module)) {
    const value = ev.evaluate(here(module, fn));
    if (value.kind === 'function')
      found.push({ at: here(module, begin), fn: value, part: nodes, argument: undefined });
  }
  return found;
}

/** A function as the transaction calls it: whatever its types say, the client is there. */
function handedClient(ev: Evaluation, fn: FunctionValue, call: Ref<TSESTree.CallExpression>): FunctionValue {
  const { node, frame: outer } = fn.at;
  if (node.params.length !== 1) return fn;
  const runner = membersOf(present(ev.evaluate(beside(call, call.node.callee)))).find(runsInside);
  const client = external(call, runner ? `${runner.path}>0` : UNSEEN_CLIENT, runner);
  const depth = (outer?.depth ?? 0) + 1;
  const frame: Frame = { fn: node, args: [client], thisValue: fn.thisValue, outer, depth };
  return { ...fn, at: { ...fn.at, frame } };
}

/** Names of functions that are often given another by its name, where that is no function written in place. */
const SPEAKS_OF_TRANSACTIONS = /transaction|tx|trx|^begin$|^execute$|unit|atomic/i;

/** Whether a call can run a function inside a transaction by its looks; cheap, to be asked before evaluation. */
function canRunFunction({ names }: TransactionSearch, call: TSESTree.CallExpression): boolean {
  if (call.arguments.some((argument) => isFunction(unwrap(argument)))) return true;
  const name = calleeName(call.callee) ?? '';
  return (SPEAKS_OF_TRANSACTIONS.test(name) || names.includes(name)) && call.arguments.some(canBeFunction);
}

function canBeFunction(argument: Node): boolean {
  const node = unwrap(argument);
  return isFunction(node) || /^(?:Identifier|MemberExpression|CallExpression)$/.test(node.type);
}

/** Methods that hand an element or an event to their callback, and nothing else: most calls with a callback. */
const OTHERS =
  /^(?:map|forEach|filter|find|findIndex|some|every|reduce|flatMap|sort|then|catch|finally|on|once|all|allSettled|setTimeout|setInterval|push|log|info|warn|error|debug|json|send|describe|it|test)$/;

/** The arguments of a call that it runs inside a transaction. */
function argumentsInside(
  search: TransactionSearch,
  module: SourceModule,
  call: TSESTree.CallExpression,
  depth = 0,
): Node[] {
  const name = calleeName(call.callee);
  if (name !== undefined && OTHERS.test(name)) return [];
  const functions = call.arguments.filter(canBeFunction);
  if (name !== undefined && search.names.includes(name)) return functions;
  const callees = membersOf(present(search.ev.evaluate(here(module, call.callee))));
  const runners = callees.filter(runsInside);
  if (runners.length > 0) return withWork(search.ev, module, functions, runners.some(isAmbient));
  const helpers = callees.filter((callee) => callee.kind === 'function');
  if (helpers.length > 0)
    return helpers.flatMap((helper) =>
      [...parametersInside(search, helper.at.module, helper.at.node, depth)].flatMap(
        (index) => call.arguments[index - helper.bound.length] ?? [],
      ),
    );
  if (name === undefined || !looksLikeTransaction(call, name)) return [];
  const written = functions.filter((argument) => isFunction(unwrap(argument)));
  return withWork(search.ev, module, written, runMethod(name)?.isAmbient === true);
}

/** The functions without those that use the transaction to hold a lock, and do their work outside of it. */
function withWork(
  ev: Evaluation,
  module: SourceModule,
  functions: readonly Node[],
  areAllInside: boolean,
): Node[] {
  return functions.filter((argument) => {
    const fn = unwrap(argument);
    return areAllInside || !isFunction(fn) || !onlyLocksInside(ev, module, fn);
  });
}

function runsInside(callee: Value): callee is ExternalValue {
  return callee.kind === 'external' && transactionTables.some(({ runs }) => runs?.test(callee.path));
}

function isAmbient({ path }: ExternalValue): boolean {
  return transactionTables.some((table) => table.isAmbient === true && table.runs?.test(path));
}

/** `db.transaction(async (tx) => ...)`, `db.transaction().execute(...)` of a `db` that cannot be seen. */
function looksLikeTransaction(call: TSESTree.CallExpression, name: string): boolean {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return false;
  if (name === 'execute') {
    for (let node = unwrap(callee.object); node.type === 'CallExpression';) {
      const inner = unwrap(node.callee);
      if (inner.type !== 'MemberExpression') return false;
      if (calleeName(inner) === 'transaction') return node.arguments.length === 0;
      node = unwrap(inner.object);
    }
    return false;
  }
  const method = runMethod(name);
  return (
    method !== undefined &&
    call.arguments.some((argument) => {
      const node = unwrap(argument);
      return isFunction(node) && node.params.length >= method.parameters;
    })
  );
}

function runMethod(name: string): (typeof RUN_METHODS)[string] {
  return Object.hasOwn(RUN_METHODS, name) ? RUN_METHODS[name] : undefined;
}

const remembered = new WeakMap<Evaluation, WeakMap<FunctionNode, ReadonlySet<number>>>();
const NONE: ReadonlySet<number> = new Set();

/** Positions of the parameters that a function of the project calls inside a transaction: `withTx(work)`. */
function parametersInside(
  search: TransactionSearch,
  module: SourceModule,
  fn: FunctionNode,
  depth: number,
): ReadonlySet<number> {
  if (fn.params.length === 0 || depth > MAX_HELPERS || !search.canHave(module)) return NONE;
  let known = remembered.get(search.ev);
  if (!known) remembered.set(search.ev, (known = new WeakMap()));
  const before = known.get(fn);
  if (before) return before;
  known.set(fn, NONE); // a helper that calls itself adds nothing
  const found = new Set<number>();
  const note = (node: Node): void => {
    const index = parameterIndex(module, fn, node);
    if (index !== undefined) found.add(index);
  };
  const noteCalls = (nodes: readonly Node[]): void => {
    for (const node of nodes) if (node.type === 'CallExpression') note(calledThing(node));
  };
  for (const call of bodyOf(module, fn)) {
    if (call.type !== 'CallExpression' || !canRunFunction(search, call)) continue;
    for (const argument of argumentsInside(search, module, call, depth + 1)) {
      const node = unwrap(argument);
      if (isFunction(node)) noteCalls(bodyOf(module, node));
      else note(node);
    }
  }
  for (const span of spansIn(search.ev, module, fn)) noteCalls(span.nodes);
  if (depth === 0 || found.size > 0) known.set(fn, found);
  else known.delete(fn);
  return found;
}

/** What is called in the end: `work` of `work(tx)`, `work.call(this, tx)`. */
function calledThing(call: TSESTree.CallExpression): Node {
  const callee = unwrap(call.callee);
  return callee.type === 'MemberExpression' && /^(?:call|apply)$/.test(calleeName(callee) ?? '')
    ? unwrap(callee.object)
    : callee;
}

function parameterIndex(module: SourceModule, fn: FunctionNode, node: Node): number | undefined {
  if (node.type !== 'Identifier') return undefined;
  const declared = module.variableOf(node)?.identifiers[0];
  const index = fn.params.findIndex(
    (parameter) => (parameter.type === 'AssignmentPattern' ? parameter.left : parameter) === declared,
  );
  return index < 0 ? undefined : index;
}

function isDecorated(
  { ev, names }: TransactionSearch,
  module: SourceModule,
  method: TSESTree.MethodDefinition,
): boolean {
  return decoratorsOf(method).some(({ expression }) => {
    const callee = expression.type === 'CallExpression' ? expression.callee : expression;
    const name = calleeName(callee) ?? '';
    if (expression.type === 'CallExpression' && OUTSIDE.test(module.textOf(expression))) return false;
    if (name === DECORATOR || names.includes(name)) return true;
    return membersOf(ev.evaluate(here(module, expression))).some(
      (value) =>
        value.kind === 'external' && transactionTables.some(({ decorators }) => decorators?.test(value.path)),
    );
  });
}

/** A method as it runs on an object of its class. */
function methodValue(
  ev: Evaluation,
  module: SourceModule,
  method: TSESTree.MethodDefinition,
): FunctionValue | undefined {
  const fn = ev.evaluate(here(module, method.value));
  if (fn.kind !== 'function') return undefined;
  const owner = method.parent.parent;
  return { ...fn, thisValue: ev.instance(here(module, owner) as Ref<typeof owner>, here(module, owner)) };
}
