/**
 * Giving work up after a time without stopping it: `Promise.race([work(), timeout(ms)])`, `pTimeout(work(), ...)`, a
 * promise by hand that a timer rejects before the work has resolved it.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../../source/module.ts';
import { calleeName, isFunction, keyName, unwrap, type FunctionNode, type Node } from '../../source/nodes.ts';
import { beside, here, type Evaluation } from '../../values/evaluation.ts';
import { ownNodes, returnsOf } from '../../values/functions.ts';
import { throughParameters } from '../../values/trace.ts';
import { membersOf, present, type ExternalValue, type FunctionValue, type Ref } from '../../values/value.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';

/** Functions of packages that give a promise up after a time; the promise is the first argument. */
const TIMEOUTS =
  /^(?:p-timeout:(?:\.(?:default|pTimeout))?|promise-timeout:\.timeout|promise-timeout:|await-timeout:\.wrap|await-timeout:#?\.wrap)$/;
/** Functions of packages whose promise is resolved or rejected by a timer alone. */
const PAUSES =
  /^(?:timers\/promises:\.setTimeout|delay:(?:\.(?:default|delay|rejects?))?|bluebird:\.delay|await-timeout:\.set|await-sleep:|sleep-promise:)$/;

export const racesTimer: EffectKind = {
  name: 'races-timer',
  mark: 'races',
  throughFloating: true,
  readsArguments: true,
  maxWay: 4,
  endsAtProcessors: true,
  find(ev, running) {
    return running.body.flatMap((node): Effect[] => {
      const label =
        node.type === 'CallExpression'
          ? (race(ev, running, node) ?? timeoutCall(ev, running, node))
          : node.type === 'NewExpression'
            ? timedPromise(ev, running, node)
            : undefined;
      return label === undefined
        ? []
        : [{ at: here(running.module, node, running.frame), label, target: label }];
    });
  },
};

/** `Promise.race([work(), timeout(ms)])` */
function race(ev: Evaluation, running: Running, call: TSESTree.CallExpression): string | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression' || keyName(callee) !== 'race') return undefined;
  const target = ev.evaluate(here(running.module, callee, running.frame));
  if (target.kind !== 'external' || !/^(?:global:\.Promise|bluebird:)\.race$/.test(target.path))
    return undefined;
  const [argument] = call.arguments;
  const elements = argument && elementsOf(ev, here(running.module, argument, running.frame));
  if (!elements) return undefined;
  const timers = elements.filter((element) => isTimer(ev, element));
  const work = elements.filter((element) => !timers.includes(element));
  if (timers.length === 0 || !work.some((element) => isWork(ev, element))) return undefined;
  return isStopped(ev, running, call, [...elements]) ? undefined : 'Promise.race()';
}

/** The elements of a list that is written out, as the callers of the function see them. */
function elementsOf(ev: Evaluation, list: Ref): Ref[] | undefined {
  const value = ev.evaluate(list);
  if (value.kind !== 'array' || value.at.node.type !== 'ArrayExpression') return undefined;
  return value.at.node.elements.flatMap((element) =>
    element === null
      ? []
      : [
          throughParameters(
            ev,
            beside(value.at, element.type === 'SpreadElement' ? element.argument : element),
          ),
        ],
  );
}

/** Something that goes on by itself: a call, or what a call or a caller gave. */
function isWork(ev: Evaluation, ref: Ref): boolean {
  const { node, module } = sourceOf(ref);
  switch (node.type) {
    case 'CallExpression': {
      const name = calleeName(node.callee) ?? '';
      if (name === 'once' || /^(?:waitForAbort|aborted)$/.test(name)) return false;
      return !/^(?:then|catch|finally)$/.test(name) || isWork(ev, { ...ref, module, node: receiverOf(node) });
    }
    case 'NewExpression':
      return true;
    case 'Identifier':
    case 'AwaitExpression':
      return true;
    default:
      return false;
  }
}

function receiverOf(call: TSESTree.CallExpression): Node {
  const callee = unwrap(call.callee);
  return callee.type === 'MemberExpression' ? unwrap(callee.object) : callee;
}

/** The expression that a variable was set to. */
function sourceOf(ref: Ref, depth = 0): Ref {
  const node = unwrap(ref.node);
  const at = beside(ref, node);
  if (node.type !== 'Identifier' || depth > 4) return at;
  const variable = ref.module.variableOf(node);
  const declarator = variable?.defs[0]?.node as Node | undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return at;
  return declarator.init ? sourceOf(beside(ref, declarator.init), depth + 1) : at;
}

/** Whether a promise is settled by a timer alone. */
function isTimer(ev: Evaluation, ref: Ref, depth = 0): boolean {
  if (depth > 4) return false;
  const at = sourceOf(ref);
  const { node } = at;
  if (node.type === 'NewExpression') return isTimerPromise(at.module, node);
  if (node.type === 'AwaitExpression') return isTimer(ev, beside(at, node.argument), depth + 1);
  if (node.type !== 'CallExpression') return false;
  if (/^(?:then|catch|finally)$/.test(calleeName(node.callee) ?? ''))
    return isTimer(ev, beside(at, receiverOf(node)), depth + 1);
  const callees = membersOf(present(ev.evaluate(beside(at, node.callee))));
  return (
    callees.length > 0 &&
    callees.every((callee) =>
      callee.kind === 'external'
        ? PAUSES.test(callee.path) || isPromisifiedTimer(callee)
        : callee.kind === 'function' && givesTimer(ev, callee, depth + 1),
    )
  );
}

/** `promisify(setTimeout)` */
function isPromisifiedTimer({ path, site }: ExternalValue): boolean {
  const [first] = site?.node.type === 'CallExpression' ? site.node.arguments : [];
  return path === 'util:.promisify()' && first?.type === 'Identifier' && first.name === 'setTimeout';
}

/** `const timeout = (ms) => new Promise(...)`, `async function rejectAfter(ms) { await sleep(ms); throw ... }` */
function givesTimer(ev: Evaluation, fn: FunctionValue, depth: number): boolean {
  const { module, node, frame } = fn.at;
  const returned = returnsOf(module, node);
  if (returned.length > 0) return returned.every((result) => isTimer(ev, here(module, result, frame), depth));
  const awaited = ownNodes(module, node).filter((inner) => inner.type === 'AwaitExpression');
  return (
    awaited.length > 0 && awaited.every((inner) => isTimer(ev, here(module, inner.argument, frame), depth))
  );
}

/** `new Promise((_, reject) => setTimeout(() => reject(...), ms))`: the executor does nothing but set a timer. */
function isTimerPromise(module: SourceModule, made: TSESTree.NewExpression): boolean {
  const executor = executorOf(made);
  if (!executor) return false;
  const calls = ownNodes(module, executor).filter((node) => node.type === 'CallExpression');
  const timers = calls.filter((call) => isSetTimeout(call));
  return (
    timers.length > 0 &&
    calls.every(
      (call) =>
        timers.includes(call) ||
        /^(?:unref|clearTimeout|addEventListener)$/.test(calleeName(call.callee) ?? ''),
    )
  );
}

function executorOf(made: TSESTree.NewExpression): FunctionNode | undefined {
  const executor = made.arguments[0];
  return made.callee.type === 'Identifier' &&
    made.callee.name === 'Promise' &&
    executor &&
    isFunction(executor)
    ? executor
    : undefined;
}

function isSetTimeout(call: Node): boolean {
  return call.type === 'CallExpression' && calleeName(call.callee) === 'setTimeout';
}

/** `pTimeout(work(), { milliseconds })`, Bluebird's `work().timeout(ms)` */
function timeoutCall(ev: Evaluation, running: Running, call: TSESTree.CallExpression): string | undefined {
  const name = calleeName(call.callee);
  if (call.arguments.length === 0 || name === undefined || name === 'race') return undefined;
  const callee = unwrap(call.callee);
  const isCandidate =
    callee.type === 'Identifier'
      ? isImported(running.module, callee)
      : /^(?:timeout|wrap|pTimeout|default)$/.test(name);
  if (!isCandidate) return undefined;
  const target = ev.evaluate(here(running.module, callee, running.frame));
  if (target.kind !== 'external') return undefined;
  if (!TIMEOUTS.test(target.path) && !/^bluebird:.*\)\.timeout$|^bluebird:#\.timeout$/.test(target.path))
    return undefined;
  const given = call.arguments.map((argument) =>
    throughParameters(ev, here(running.module, argument, running.frame)),
  );
  return isStopped(ev, running, call, given) ? undefined : `${name}()`;
}

function isImported(module: SourceModule, identifier: Node): boolean {
  const definition = module.variableOf(identifier)?.defs[0];
  const type = definition?.type as string | undefined;
  return type === 'ImportBinding' || type === 'Variable';
}

/** `new Promise((resolve, reject) => { setTimeout(() => reject(...), ms); work().then(resolve, reject); })` */
function timedPromise(ev: Evaluation, running: Running, made: TSESTree.NewExpression): string | undefined {
  const executor = executorOf(made);
  const resolve = executor?.params[0];
  if (!executor || resolve?.type !== 'Identifier') return undefined;
  const { module, frame } = running;
  const calls = ownNodes(module, executor).filter((node) => node.type === 'CallExpression');
  const timer = calls.find((call) => isSetTimeout(call) && settles(module, executor, call.arguments[0]));
  const chain = calls.find(
    (call) => calleeName(call.callee) === 'then' && resolvesWith(module, resolve, call),
  );
  if (!timer || !chain) return undefined;
  let work = receiverOf(chain);
  while (work.type === 'CallExpression' && /^(?:then|catch|finally)$/.test(calleeName(work.callee) ?? ''))
    work = receiverOf(work);
  return isStopped(ev, running, made, [throughParameters(ev, here(module, work, frame))])
    ? undefined
    : 'a timer';
}

/** Whether a callback calls (or is) one of the two functions that a promise's executor is given. */
function settles(module: SourceModule, executor: FunctionNode, callback: Node | undefined): boolean {
  if (!callback) return false;
  const settlers = executor.params
    .map((parameter) => module.variableOf(parameter))
    .filter((variable) => variable !== undefined);
  return allNodes(module, callback).some((node) => {
    const variable = node.type === 'Identifier' ? module.variableOf(node) : undefined;
    return variable !== undefined && settlers.includes(variable);
  });
}

function resolvesWith(module: SourceModule, resolve: Node, chain: TSESTree.CallExpression): boolean {
  const variable = module.variableOf(resolve);
  const [first] = chain.arguments;
  return (
    variable !== undefined &&
    first !== undefined &&
    allNodes(module, first).some((node) => node.type === 'Identifier' && module.variableOf(node) === variable)
  );
}

const STOPS = /^(?:abort|kill|destroy|cancel|terminate)$/;
const SIGNAL = /signal|abort/i;

/** Whether something stops the work: a signal that it is given, or whoever gives it up. */
function isStopped(ev: Evaluation, running: Running, race: Node, parts: readonly Ref[]): boolean {
  const isSignalled = [
    here(running.module, race, running.frame),
    ...parts.flatMap((part) => [part, sourceOf(part)]),
  ].some((part) => allNodes(part.module, part.node).some((node) => namesSignal(ev, part, node)));
  if (isSignalled) return true;
  return allNodes(running.module, running.fn.at.node).some((node) => {
    if (node.type !== 'CallExpression') return false;
    const callee = unwrap(node.callee);
    return callee.type === 'MemberExpression' && STOPS.test(keyName(callee) ?? '');
  });
}

function namesSignal(ev: Evaluation, part: Ref, node: Node): boolean {
  if (node.type === 'Identifier' && SIGNAL.test(node.name)) return true;
  if (node.type !== 'Identifier' || !part.module.variableOf(node)) return false;
  if (node.parent.type !== 'CallExpression' || node.parent.callee === node) return false;
  const value = ev.evaluate({ module: part.module, node, frame: part.frame });
  return value.kind === 'external' && /^global:\.Abort(?:Signal|Controller)\b/.test(value.path);
}

function allNodes(module: SourceModule, root: Node): Node[] {
  const nodes: Node[] = [];
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    nodes.push(node);
    stack.push(...module.childrenOf(node));
  }
  return nodes;
}
