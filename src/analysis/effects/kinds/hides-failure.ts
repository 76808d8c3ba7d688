/**
 * Catching the failure of the main work and going on as if it had been done.
 *
 * The main work of a function is what it waits for, if nothing else that it waits for could fail in its place: a
 * `try` beside other work is a side step, and so is one that is done for each of many items.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import { caughtName, chainGuard, guardsOf, rethrowOf, type Guard } from '../../calls/failures.ts';
import { isContextOfItsOwn } from '../../jobs/workers.ts';
import type { SourceModule } from '../../source/module.ts';
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
} from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import { alerts, deedOf, isSideStep, keepsToItself } from '../deeds.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';

export interface HiddenFailure extends Effect {
  /** Whether it is the failure of one item of many. */
  isPerItem: boolean;
}

export const hidesFailure: EffectKind<HiddenFailure> = {
  name: 'hides-failure',
  mark: 'catches',
  throughFloating: false,
  maxWay: 4,
  find(ev, running) {
    const guards = guardsIn(running);
    if (guards.length === 0) return [];
    return guards.flatMap((guard): HiddenFailure[] => {
      const work = workIn(running, guard, guards, ev);
      if (work.length === 0 || !hides(ev, running, guard)) return [];
      const isPerItem = isInLoop(running.fn.at.node, guard.node);
      if (!isPerItem && !isMain(ev, running, guard, work, guards)) return [];
      if (isMissed(running, guard)) return [];
      const place = guard.handler.type === 'CatchClause' ? guard.handler : handlerPlace(guard);
      const first = work.find((call) => deedOf(running.module, call) === 'works') ?? work[0];
      const target = first ? running.module.textOf(first.callee) : '';
      return [
        {
          at: here(running.module, place, running.frame),
          label: 'catch',
          target: shortText(target),
          isPerItem,
        },
      ];
    });
  },
  follows(ev, running, call, { fn }) {
    if (call.type !== 'CallExpression' || isContextOfItsOwn(ev, fn)) return false;
    if (!isWaited(call) || isInLoop(running.fn.at.node, call) || isValueUsed(running, call)) return false;
    const deed = deedOf(running.module, call);
    if ((deed !== 'works' && deed !== 'reads') || keepsToItself(running.module, call)) return false;
    const isKept = guardsOf(running.fn.at.node, call, fn.at.node.async).some(
      ({ handler }) => rethrowOf(ev, here(running.module, handler, running.frame)) !== 'always',
    );
    return !isKept && !failsAfter(running, call) && otherWork(running, call).length === 0;
  },
};

/** `.catch` itself, where a chain begins lines above. */
function handlerPlace({ node, handler }: Guard): Node {
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : undefined;
  return callee?.type === 'MemberExpression' ? callee.property : handler;
}

/** The `try` statements with a clause, and the `.catch` of promises, that run with a function. */
function guardsIn({ body }: Running): Guard[] {
  return body.flatMap((node): Guard[] => {
    if (node.type === 'TryStatement')
      return node.handler ? [{ node, guarded: node.block, handler: node.handler }] : [];
    const guard = node.type === 'CallExpression' ? chainGuard(node) : undefined;
    return guard ? [guard] : [];
  });
}

/** The calls that a function waits for, which fail where they stand. */
function callsIn(running: Running, within?: Node): TSESTree.CallExpression[] {
  return running.body.filter(
    (node): node is TSESTree.CallExpression =>
      node.type === 'CallExpression' && (!within || contains(within, node)),
  );
}

/** What a guard keeps the failure of, besides what a nearer one does. */
function workIn(
  running: Running,
  guard: Guard,
  guards: readonly Guard[],
  ev: Evaluation,
): TSESTree.CallExpression[] {
  const isChain = guard.handler.type !== 'CatchClause';
  const inner = guards.filter(
    (other) => other !== guard && contains(guard.guarded, other.node) && hides(ev, running, other),
  );
  return callsIn(running, guard.guarded).filter((call) => {
    if (inner.some((other) => contains(other.guarded, call))) return false;
    if (!isChain && isReturned(call) && !isAwaited(call)) return false;
    if (!(isChain ? isWaited(call) || isHead(guard, call) : isWaited(call))) return false;
    const deed = deedOf(running.module, call);
    return deed === 'works' || (deed === 'reads' && !isCheck(call) && !isCombinator(call));
  });
}

function isHead(guard: Guard, call: Node): boolean {
  let head = unwrap(guard.guarded);
  for (;;) {
    if (head === call) return true;
    const callee = head.type === 'CallExpression' ? unwrap(head.callee) : undefined;
    const method = callee?.type === 'MemberExpression' ? (keyName(callee) ?? '') : '';
    if (callee?.type !== 'MemberExpression' || !/^(?:then|catch|finally)$/.test(method)) return false;
    head = unwrap(callee.object);
  }
}

const COMBINATORS = /^(?:all|allSettled|race|any|then|catch|finally|resolve|map|filter|setTimeout)$/;

/** Combines promises of other calls, which are looked at themselves. */
function isCombinator(call: TSESTree.CallExpression): boolean {
  return COMBINATORS.test(calleeName(call.callee) ?? '');
}

/** Invalid input that is logged and dropped. */
function isCheck(call: TSESTree.CallExpression): boolean {
  return /^(?:parse|safeParse|validate|decode|verify|assert|sleep|delay|wait)/.test(
    calleeName(call.callee) ?? '',
  );
}

/** Whether a call's promise is awaited, returned or collected. */
function isWaited(call: Node): boolean {
  return isAwaited(call) || isReturned(call) || isCollected(call) || isSynchronous(call);
}

function chainEnd(call: Node): Node {
  let node = outermost(call);
  for (;;) {
    const parent: Node | undefined = node.parent;
    const isChain =
      parent?.type === 'MemberExpression' &&
      parent.object === node &&
      /^(?:then|catch|finally)$/.test(keyName(parent) ?? '') &&
      parent.parent.type === 'CallExpression';
    if (!isChain) return node;
    node = outermost(parent.parent);
  }
}

function isAwaited(call: Node): boolean {
  return chainEnd(call).parent?.type === 'AwaitExpression';
}

function isReturned(call: Node): boolean {
  const node = chainEnd(call);
  return node.parent?.type === 'ReturnStatement' || (isFunction(node.parent) && node.parent.body === node);
}

function isCollected(call: Node): boolean {
  const { parent } = chainEnd(call);
  return parent?.type === 'ArrayExpression' && parent.parent.type === 'CallExpression';
}

function isSynchronous(call: Node): boolean {
  return call.type === 'CallExpression' && /[a-z]Sync$/.test(calleeName(call.callee) ?? '');
}

/** Whether nothing else that the function waits for on the same way can fail. */
function isMain(
  ev: Evaluation,
  running: Running,
  guard: Guard,
  work: readonly TSESTree.CallExpression[],
  guards: readonly Guard[],
): boolean {
  if (failsAfter(running, guard.node)) return false;
  const others = otherWork(running, guard.node);
  // Beside a notice that keeps its own failure, the work is still the work; beside the work, a notice is a step.
  return others.every((call) => isSideStep(running.module, call) && isKept(ev, running, call, guard, guards))
    ? others.length === 0 || !work.every((call) => isSideStep(running.module, call))
    : false;
}

function isKept(
  ev: Evaluation,
  running: Running,
  call: Node,
  besides: Guard,
  guards: readonly Guard[],
): boolean {
  return guards.some(
    (guard) =>
      contains(guard.guarded, call) && !contains(guard.guarded, besides.node) && hides(ev, running, guard),
  );
}

/** Whether the code that goes on after a place may fail all the same: `// not confirmed yet: throw to try again` */
function failsAfter(running: Running, place: Node): boolean {
  return running.body.some(
    (node) =>
      node.type === 'ThrowStatement' &&
      node.range[0] > place.range[1] &&
      !isInHandler(running.fn.at.node, node) &&
      !areExclusive(running, node, place),
  );
}

/** What is waited for beside a place, on the same way. */
function otherWork(running: Running, place: Node): TSESTree.CallExpression[] {
  return callsIn(running).filter((call) => {
    if (contains(place, call) || contains(call, place) || isCombinator(call)) return false;
    if (!isWaited(call) && !isStatementAfter(call, place)) return false;
    const deed = deedOf(running.module, call);
    if (deed !== 'works' && !(deed === 'reads' && isStatement(call) && call.range[0] > place.range[1]))
      return false;
    if (isInHandler(running.fn.at.node, call)) return false;
    if (isPreparation(running, call, place)) return false;
    return !areExclusive(running, call, place);
  });
}

/** What ends a job, or notes something in memory. */
const IN_MEMORY = /^(?:done|next|cb|callback|resolve|push|unshift|set|add|delete|clear|on|once|off)$/;

/** `publish(report);`, which may well be the work, if nobody waits for it. */
function isStatementAfter(call: TSESTree.CallExpression, place: Node): boolean {
  return (
    call.range[0] > place.range[1] &&
    chainEnd(call).parent?.type === 'ExpressionStatement' &&
    !IN_MEMORY.test(calleeName(call.callee) ?? '')
  );
}

/** A read whose result nobody takes is done for what it does. */
function isStatement(call: Node): boolean {
  const end = chainEnd(call).parent;
  return end?.type === 'AwaitExpression' && end.parent.type === 'ExpressionStatement';
}

const WRITING_NAME =
  /^(?:create|insert|update|upsert|save|delete|destroy|remove|add|publish|send|post|put|upload|charge|store|persist|write|set|mark|execute|run|process|sync|handle|perform|generate|render|build|convert|transform|submit|call|invoke)/i;

/** Whether a call only gives the work what it works with. */
function isPreparation(running: Running, call: TSESTree.CallExpression, place: Node): boolean {
  if (call.range[0] > place.range[0]) return false;
  const end = chainEnd(call).parent;
  const declarator = end?.type === 'AwaitExpression' ? outermost(end).parent : undefined;
  if (declarator?.type !== 'VariableDeclarator') return false;
  return (
    !WRITING_NAME.test(calleeName(call.callee) ?? '') &&
    running.module.scopes.getDeclaredVariables(declarator).length > 0 &&
    running.module.scopes
      .getDeclaredVariables(declarator)
      .some((variable) => variable.references.some(({ identifier }) => contains(place, identifier)))
  );
}

/** Clauses, `.catch` handlers and `finally` blocks: what is done there is no work of its own. */
function isInHandler(fn: FunctionNode, node: Node): boolean {
  let child = node;
  for (let current = node.parent; current && child !== fn; child = current, current = current.parent) {
    if (current.type === 'CatchClause') return true;
    if (current.type === 'TryStatement' && child === current.finalizer) return true;
    if (current.type === 'CallExpression' && chainGuard(current)?.handler === child) return true;
  }
  return false;
}

const EACH =
  /^(?:map|forEach|filter|reduce|flatMap|some|every|each\w*|\w*Series|\w*Limit|eachAsync|mapAsync|asyncForEach|pMap|process\w*Batch\w*)$/;

/** Whether a place runs again for each of many items, or until it has worked. */
function isInLoop(fn: FunctionNode, node: Node): boolean {
  let child = node;
  for (let current = node.parent; current && child !== fn; child = current, current = current.parent) {
    if (/^(?:For(?:Of|In)?|While|DoWhile)Statement$/.test(current.type)) return true;
    if (current.type === 'CallExpression' && isFunction(unwrap(child)) && current.callee !== child)
      if (EACH.test(calleeName(current.callee) ?? '')) return true;
  }
  return false;
}

/** Whether a call runs only when another place does not. */
function areExclusive({ fn, module }: Running, a: Node, b: Node): boolean {
  const ways = [a, b].map((node) => ancestorsOf(fn.at.node, node));
  const [first = [], second = []] = ways;
  const shared = first.find((node) => second.includes(node));
  if (!shared) return false;
  const childOf = (way: readonly Node[]): Node | undefined => way[way.indexOf(shared) - 1];
  const [one, other] = [childOf(first), childOf(second)];
  if (!one || !other) return false;
  if (shared.type === 'IfStatement' || shared.type === 'ConditionalExpression')
    return one !== shared.test && other !== shared.test;
  if (shared.type === 'SwitchStatement') return one !== other;
  // `if (x) { await a(); return; } await b();`
  const [earlier, later] = a.range[0] < b.range[0] ? [first, second] : [second, first];
  const before = earlier.slice(0, earlier.indexOf(shared));
  // Leaving early is no way of its own for what is done there, unless it is for one kind of job.
  const isPlaceEarlier = b.range[0] < a.range[0];
  if (before.some((node) => isLeavingBranch(node) && (!isPlaceEarlier || isKindOfJob(node)))) return true;
  const cases = [before, later.slice(0, later.indexOf(shared))].map((nodes) =>
    nodes.flatMap((node) => caseOf(module.textOf.bind(module), node)),
  );
  const [ownCases = [], otherCases = []] = cases;
  return ownCases.some(({ subject, value }) =>
    otherCases.some((one) => one.subject === subject && one.value !== value),
  );
}

function ancestorsOf(fn: FunctionNode, node: Node): Node[] {
  const way: Node[] = [];
  for (let current: Node | undefined = node; current && current !== fn; current = current.parent)
    way.push(current);
  return way;
}

/** The branch of `if (job.name === 'welcome')` */
function isKindOfJob({ parent }: Node): boolean {
  const test = parent?.type === 'IfStatement' ? unwrap(parent.test) : undefined;
  return test?.type === 'BinaryExpression' && /^===?$/.test(test.operator) && !isNothing(test.right);
}

function isNothing(node: Node): boolean {
  return (
    (node.type === 'Literal' && node.value === null) ||
    (node.type === 'Identifier' && node.name === 'undefined')
  );
}

/** A branch that ends with leaving the function or the round: what follows it runs only without it. */
function isLeavingBranch(node: Node): boolean {
  const parent = node.parent;
  if (parent?.type !== 'IfStatement' || node === parent.test) return false;
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;
  return /^(?:Return|Throw|Continue|Break)Statement$/.test(last?.type ?? '');
}

/** `job.name === 'welcome'`, around the branch that it is the test of. */
function caseOf(textOf: (node: Node) => string, node: Node): { subject: string; value: string }[] {
  const parent = node.parent;
  if (parent?.type !== 'IfStatement' || node !== parent.consequent) return [];
  const test = unwrap(parent.test);
  return test.type === 'BinaryExpression' && /^===?$/.test(test.operator)
    ? [{ subject: textOf(test.left), value: textOf(test.right) }]
    : [];
}

/** Whether what a call gives decides anything: then its caller knows of the failure. */
function isValueUsed(running: Running, call: Node): boolean {
  const end = chainEnd(call);
  const node = end.parent?.type === 'AwaitExpression' ? outermost(end.parent) : end;
  const parent = node.parent;
  if (parent?.type === 'ExpressionStatement' || parent?.type === 'ReturnStatement') return false;
  if (isFunction(parent) && parent.body === node) return false;
  if (parent?.type !== 'VariableDeclarator') return parent?.type !== 'ArrayExpression';
  return running.module.scopes
    .getDeclaredVariables(parent)
    .some((variable) =>
      variable.references.some(
        ({ identifier, init }) => init !== true && !isToldOrReturned(running, identifier),
      ),
    );
}

/** Whether a value goes no further than into a log or what the function returns. */
function isToldOrReturned(running: Running, node: Node): boolean {
  for (let current = node.parent; current; current = current.parent) {
    if (current.type === 'CallExpression') return deedOf(running.module, current) === 'tells';
    if (current.type === 'ReturnStatement') return true;
    if (current.type === 'IfStatement') return onlyTells(running, current);
    if (/^(?:ConditionalExpression|LogicalExpression|SwitchStatement)$/.test(current.type)) return false;
    if (/Statement$|Declaration$/.test(current.type) || isFunction(current)) return false;
  }
  return false;
}

/** `if (result.success) logger.info('sent'); else logger.error('not sent');` */
function onlyTells({ module }: Running, statement: TSESTree.IfStatement): boolean {
  const stack: Node[] = [statement.consequent, ...(statement.alternate ? [statement.alternate] : [])];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (/^(?:Throw|Return|Break|Continue)Statement$|Assignment|Update/.test(node.type)) return false;
    if (node.type === 'CallExpression' && deedOf(module, node) !== 'tells') return false;
    stack.push(...module.childrenOf(node));
  }
  return true;
}

/** Whether a clause ends as if nothing had happened. */
function hides(ev: Evaluation, running: Running, guard: Guard): boolean {
  const handler = here(running.module, guard.handler, running.frame);
  if (rethrowOf(ev, handler) !== 'never') return false;
  if (guard.handler.type !== 'CatchClause' && isValueTaken(guard)) return false;
  return !deals(ev, running, handler, guard, 0);
}

/** `const user = await find().catch(() => null)`: a fallback value. */
function isValueTaken({ node }: Guard): boolean {
  const end = chainEnd(node);
  const taken = end.parent?.type === 'AwaitExpression' ? outermost(end.parent) : end;
  const parent = taken.parent;
  return !(
    parent?.type === 'ExpressionStatement' ||
    parent?.type === 'ReturnStatement' ||
    (isFunction(parent) && parent.body === taken)
  );
}

const MAX_DEPTH = 2;

/** Whether a handler does something about the failure: other work, a note in the database, a value instead. */
function deals(
  ev: Evaluation,
  running: Running,
  handler: Ref,
  guard: Guard | undefined,
  depth: number,
): boolean {
  const { module } = handler;
  const node = unwrap(handler.node);
  if (node.type !== 'CatchClause' && !isFunction(node)) {
    // `.catch(console.error)`, `.catch(onError)`
    const values = membersOf(present(ev.evaluate(handler)));
    return values.some((value) =>
      value.kind === 'function'
        ? depth >= MAX_DEPTH || deals(ev, running, value.at, undefined, depth + 1)
        : value.kind !== 'external',
    );
  }
  const caught = caughtName(node);
  const variable = caught && module.variableOf(caught);
  const isDealing = (current: Node): boolean => {
    if (isClass(current) || (isFunction(current) && current !== node && !isCallback(current))) return false;
    switch (current.type) {
      case 'CallExpression':
        if (deedOf(module, current) === 'tells' || alerts(module, current)) return false;
        if (callDeals(current)) return true;
        break;
      case 'AssignmentExpression':
      case 'UpdateExpression':
        if (writeDeals(current)) return true;
        break;
      case 'ReturnStatement':
        if (current.argument && isFallback(module, current.argument, variable)) return true;
        break;
      default:
    }
    return module.childrenOf(current).some(isDealing);
  };
  const callDeals = (call: TSESTree.CallExpression): boolean => {
    const name = calleeName(call.callee) ?? '';
    const deed = deedOf(module, call);
    const isDone = chainEnd(call).parent?.type === 'ExpressionStatement';
    if (isAwaited(call) ? deed === 'tidies' : !isDone && !isReturned(call)) return false;
    if (deed === 'tidies') return false;
    if (/^(?:push|add|set|delete|clear|unshift)$/.test(name) && !isAwaited(call)) return recordDeals(call);
    if (guard && /^(?:done|next|cb|callback|resolve)$/.test(name)) return false;
    const callees = membersOf(present(ev.evaluate({ ...handler, node: call.callee })));
    const functions = callees.flatMap((value) => (value.kind === 'function' ? [value] : []));
    if (functions.length === 0 || functions.length < callees.length || depth >= MAX_DEPTH) return true;
    return functions.some((fn) => deals(ev, running, fn.at, undefined, depth + 1));
  };
  const recordDeals = (call: TSESTree.CallExpression): boolean => {
    const callee = unwrap(call.callee);
    const owner = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
    return owner?.type !== 'Identifier' || isRead(owner);
  };
  const writeDeals = (write: TSESTree.AssignmentExpression | TSESTree.UpdateExpression): boolean => {
    const target = unwrap(write.type === 'AssignmentExpression' ? write.left : write.argument);
    if (target.type === 'MemberExpression') {
      const owner = unwrap(target.object);
      // A count, or a field of the result; what is stored is stored by a call.
      const isOwn = owner.type === 'Identifier' && isLocal(running, owner);
      return isOwn ? isRead(owner) : isFieldRead(module, target, node);
    }
    if (target.type !== 'Identifier') return true;
    const written = module.variableOf(target);
    const declared = written?.identifiers[0] as Node | undefined;
    if (declared && contains(node, declared)) return false;
    if (isRead(target)) return true;
    return write.type === 'AssignmentExpression' && isFallback(module, write.right, variable);
  };
  /** Whether a variable is read elsewhere, for more than a log or the job's result. */
  const isRead = (name: TSESTree.Identifier): boolean => {
    const known = module.variableOf(name);
    if (!known || isExported(known)) return true;
    const { references } = known;
    return references.some(({ identifier }) => {
      const place = identifier as Node;
      const isBeside = !contains(node, place) && !(guard && contains(guard.guarded, place));
      if (!isBeside || isWriteTarget(place)) return false;
      // What another function reads is known there, whatever it does with it.
      return (
        place.parent?.type === 'ExportSpecifier' || !isRunning(place) || !isToldOrReturned(running, place)
      );
    });
  };
  const isRunning = (place: Node): boolean => contains(running.fn.at.node, place);
  if (isFunction(node) && node.body.type !== 'BlockStatement' && node.body.type !== 'CallExpression')
    if (isFallback(module, node.body, variable)) return true;
  return isDealing(node.body);
}

/** `export let lastError` */
function isExported({ defs }: Variable): boolean {
  return defs.some(({ parent }) => (parent as Node | undefined)?.parent?.type === 'ExportNamedDeclaration');
}

/** Whether a variable belongs to the function, and not to the module or what it imports. */
function isLocal({ fn, module }: Running, name: TSESTree.Identifier): boolean {
  const declared = module.variableOf(name)?.identifiers[0] as Node | undefined;
  return declared !== undefined && contains(fn.at.node, declared);
}

/** Whether a field that a handler sets is read elsewhere; one that others can see may be. */
function isFieldRead(module: SourceModule, target: TSESTree.MemberExpression, handler: Node): boolean {
  const key = keyName(target);
  if (key === undefined) return true;
  const isReadHere = module
    .nodes('MemberExpression')
    .some((member) => keyName(member) === key && !contains(handler, member) && !isWriteTarget(member));
  const isPrivate =
    key.startsWith('#') ||
    module
      .nodes('PropertyDefinition')
      .some((field) => keyName(field) === key && field.accessibility === 'private');
  return isReadHere || !isPrivate;
}

function isCallback(fn: FunctionNode): boolean {
  const parent = outermost(fn).parent;
  return parent?.type === 'CallExpression';
}

function isWriteTarget(node: Node): boolean {
  const parent = node.parent;
  return (
    parent?.type === 'VariableDeclarator' ||
    (parent?.type === 'AssignmentExpression' && parent.left === node) ||
    parent?.type === 'UpdateExpression' ||
    (parent?.type === 'MemberExpression' &&
      parent.object === node &&
      /^(?:push|add|set|unshift)$/.test(keyName(parent) ?? ''))
  );
}

const VERDICT =
  /^(?:success|successful|succeeded|ok|error|errors|err|status|failed|failure|message|reason|sent|skipped|done|completed|processed|delivered|valid)$/i;

/** Whether a value stands in for the result, and does not just say that there is none. */
function isFallback(module: { variableOf(node: Node): unknown }, expression: Node, caught: unknown): boolean {
  const node = unwrap(expression.type === 'AwaitExpression' ? expression.argument : expression);
  switch (node.type) {
    case 'Literal':
    case 'TemplateLiteral':
    case 'NewExpression':
      return false;
    case 'UnaryExpression':
      return node.operator !== 'void' && node.operator !== '!';
    case 'Identifier':
      return node.name !== 'undefined' && (caught === undefined || module.variableOf(node) !== caught);
    case 'ObjectExpression':
      return !node.properties.some(
        (property) => property.type === 'Property' && VERDICT.test(keyName(property) ?? ''),
      );
    case 'ConditionalExpression':
      return isFallback(module, node.consequent, caught) || isFallback(module, node.alternate, caught);
    case 'MemberExpression':
      return false;
    default:
      return true;
  }
}

/** Whether the code after the `try` looks at what it was to set: `if (!user) throw ...` */
function isMissed(running: Running, guard: Guard): boolean {
  if (guard.node.type !== 'TryStatement') return false;
  const written = writtenOutside(running, guard);
  return written.some((variable) =>
    variable.references.some(
      ({ identifier }) =>
        (identifier as Node).range[0] > guard.node.range[1] &&
        !isWriteTarget(identifier) &&
        !isToldOrReturned(running, identifier),
    ),
  );
}

/** Variables of the function that the guarded code sets: `user` of `let user; try { user = await find(); } ...` */
function writtenOutside(running: Running, guard: Guard): Variable[] {
  return running.body.flatMap((node) => {
    if (node.type !== 'AssignmentExpression' || !contains(guard.guarded, node)) return [];
    const target = unwrap(node.left);
    const variable = target.type === 'Identifier' ? running.module.variableOf(target) : undefined;
    const declared = variable?.identifiers[0] as Node | undefined;
    return variable && declared && !contains(guard.guarded, declared) ? [variable] : [];
  });
}

function shortText(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 40 ? line : `${line.slice(0, 37)}...`;
}
