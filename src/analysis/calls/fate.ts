/**
 * What becomes of a promise: the value of a call, followed through the code around it and through functions written
 * in place, until somebody waits for it, handles its rejection, or nobody does.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import {
  calleeName,
  contains,
  enclosingFunction,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { externalBase } from '../values/members.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import { isRegistration } from './body.ts';

export type Fate =
  /** Waited for; `by` is the function whose own promise ends with it, none at the top level of a module. */
  | { kind: 'awaited'; by: FunctionNode | undefined }
  /** The result of `by`: its callers decide. */
  | { kind: 'returned'; by: FunctionNode }
  /** A rejection is handled, whether or not anybody waits. */
  | { kind: 'handled' }
  /** `void work()`: not waited for, on purpose. */
  | { kind: 'voided' }
  /** Only a property of the promise itself is read: `queue.add('a').id`. */
  | { kind: 'read'; at: Node }
  /**
   * Nobody waits and a rejection is unhandled. `at` is where it ends: the statement's expression, the call that
   * ignores what its callback gives. `through`: the function in place that waited for it, whose promise is dropped.
   */
  | { kind: 'dropped'; at: Node; through: FunctionNode | undefined }
  /** Kept in a field, given to code that cannot be seen. */
  | { kind: 'unknown' };

/** A promise, or a list of promises, which `await` does not wait for. */
type Subject = 'promise' | 'list';

interface Trail {
  ev: Evaluation;
  module: Ref['module'];
  through: FunctionNode | undefined;
  steps: number;
  seen: Set<Variable>;
}

const UNKNOWN: Fate = { kind: 'unknown' };
const MAX_STEPS = 60;

/** What becomes of the promise that an expression is. */
export function fateOf(ev: Evaluation, { module, node }: Ref): Fate {
  return follow(
    { ev, module, through: undefined, steps: 0, seen: new Set() },
    node,
    node.type === 'ArrayExpression' ? 'list' : 'promise',
  );
}

/** Combinators of promises, whose own promise stands for those that they are given. */
const COMBINATORS = new Set(['all', 'allSettled', 'any', 'race', 'resolve']);
/** Methods of a list that give a list of the same promises. */
const LIST_SAME = new Set(['filter', 'slice', 'flat', 'concat', 'reverse', 'splice']);
/** Methods of a list that keep what their callback gives. */
const MAPPERS = new Set(['map', 'flatMap']);
/** Methods that ignore the promise that their callback gives, or take it for a truth value. */
const IGNORING = new Set(['forEach', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'sort']);
const REDUCERS = new Set(['reduce', 'reduceRight']);
const CHAINED = new Set(['then', 'catch', 'finally']);

function follow(trail: Trail, start: Node, subject: Subject): Fate {
  if (++trail.steps > MAX_STEPS) return UNKNOWN;
  const node = outermost(start);
  const parent = node.parent;
  if (!parent) return UNKNOWN;
  switch (parent.type) {
    case 'ExpressionStatement':
      return { kind: 'dropped', at: node, through: trail.through };
    case 'AwaitExpression':
      // `await list` gives the list back: nobody has waited for its promises.
      return subject === 'list' ? follow(trail, parent, subject) : waited(trail, parent);
    case 'UnaryExpression':
      return parent.operator === 'void' ? { kind: 'voided' } : UNKNOWN;
    case 'ReturnStatement': {
      const fn = enclosingFunction(parent);
      return fn ? result(trail, fn, 'returned') : UNKNOWN;
    }
    case 'ArrowFunctionExpression':
      return parent.body === node ? result(trail, parent, 'returned') : UNKNOWN;
    case 'MemberExpression':
      return parent.object === node ? used(trail, node, parent, subject) : UNKNOWN;
    case 'CallExpression':
      return parent.callee === node ? UNKNOWN : passed(trail, parent, subject);
    case 'ArrayExpression':
      return follow(trail, parent, 'list');
    case 'SpreadElement':
      return parent.parent.type === 'CallExpression'
        ? passed(trail, parent.parent, subject)
        : parent.parent.type === 'ArrayExpression'
          ? follow(trail, parent.parent, 'list')
          : UNKNOWN;
    case 'ConditionalExpression':
      return parent.test === node ? UNKNOWN : follow(trail, parent, subject);
    case 'LogicalExpression':
      return follow(trail, parent, subject);
    case 'SequenceExpression':
      return parent.expressions.at(-1) === node
        ? follow(trail, parent, subject)
        : { kind: 'dropped', at: node, through: trail.through };
    case 'VariableDeclarator':
      return declared(trail, node, parent, subject);
    case 'AssignmentExpression':
      return assigned(trail, node, parent, subject);
    case 'ForOfStatement':
      return subject === 'list' && parent.right === node ? iterated(trail, node, parent) : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function waited(trail: Trail, at: Node): Fate {
  const fn = enclosingFunction(at);
  if (isCaught(trail.module, at, fn)) return { kind: 'handled' };
  return fn ? result(trail, fn, 'awaited') : { kind: 'awaited', by: undefined };
}

/** Whether a rejection at an `await` ends in a `catch` of the same function that does not throw. */
export function isCaught(module: Ref['module'], at: Node, fn: FunctionNode | undefined): boolean {
  for (let child = at, node = at.parent; node && node !== fn; child = node, node = node.parent)
    if (
      node.type === 'TryStatement' &&
      node.block === child &&
      node.handler &&
      !canThrow(module, node.handler.body)
    )
      return true;
  return false;
}

/** Whether a block has a `throw` of its own, or rejects by hand. */
function canThrow(module: Ref['module'], block: Node): boolean {
  const stack: Node[] = [block];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'ThrowStatement') return true;
    if (
      node.type === 'CallExpression' &&
      node.callee.type === 'MemberExpression' &&
      keyName(node.callee) === 'reject'
    )
      return true;
    if (!isFunction(node)) stack.push(...module.childrenOf(node));
  }
  return false;
}

/** `promise.then(...)`, `list.filter(...)`, `promise.id` */
function used(trail: Trail, node: Node, member: TSESTree.MemberExpression, subject: Subject): Fate {
  const method = keyName(member);
  const called = outermost(member).parent;
  const call = called?.type === 'CallExpression' && unwrap(called.callee) === member ? called : undefined;
  if (subject === 'list')
    return call && method !== undefined && LIST_SAME.has(method) ? follow(trail, call, 'list') : UNKNOWN;
  if (!call) return { kind: 'read', at: node };
  switch (method) {
    case 'then':
      return isHandler(call.arguments[1]) ? { kind: 'handled' } : follow(trail, call, 'promise');
    case 'catch':
      return isHandler(call.arguments[0]) ? { kind: 'handled' } : follow(trail, call, 'promise');
    case 'finally':
      return follow(trail, call, 'promise');
    default:
      return UNKNOWN;
  }
}

/** What a chain is given as a handler of rejections. */
function isHandler(argument: Node | undefined): boolean {
  if (!argument) return false;
  return !(
    (argument.type === 'Identifier' && argument.name === 'undefined') ||
    (argument.type === 'Literal' && argument.value === null)
  );
}

/** An argument of a call. */
function passed(trail: Trail, call: TSESTree.CallExpression, subject: Subject): Fate {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return UNKNOWN;
  const method = keyName(callee) ?? '';
  const object = unwrap(callee.object);
  if (object.type === 'Identifier' && /^(?:Promise|Bluebird)$/.test(object.name) && COMBINATORS.has(method)) {
    const fate = follow(trail, call, 'promise');
    // The promise of `allSettled` is never rejected.
    return method === 'allSettled' && fate.kind === 'dropped' ? { kind: 'handled' } : fate;
  }
  if (object.type === 'Identifier' && object.name === 'console' && !trail.module.variableOf(object))
    return { kind: 'dropped', at: call, through: trail.through };
  if (
    (method === 'push' || method === 'unshift') &&
    object.type === 'Identifier' &&
    (subject === 'promise' || call.arguments.some((argument) => argument.type === 'SpreadElement'))
  )
    return held(trail, object, call, 'list');
  return UNKNOWN;
}

function declared(trail: Trail, node: Node, declarator: TSESTree.VariableDeclarator, subject: Subject): Fate {
  if (declarator.parent.parent.type === 'ExportNamedDeclaration') return UNKNOWN;
  if (declarator.id.type === 'Identifier') return held(trail, declarator.id, node, subject);
  return declarator.id.type === 'ObjectPattern' && subject === 'promise'
    ? { kind: 'read', at: node }
    : UNKNOWN;
}

function assigned(
  trail: Trail,
  node: Node,
  assignment: TSESTree.AssignmentExpression,
  subject: Subject,
): Fate {
  if (assignment.right !== node || !/^(?:\?\?|\|\|)?=$/.test(assignment.operator)) return UNKNOWN;
  if (assignment.left.type !== 'Identifier') return UNKNOWN;
  const kept = held(trail, assignment.left, node, subject);
  const isStatement = outermost(assignment).parent?.type === 'ExpressionStatement';
  return isStatement ? kept : best([kept, follow(trail, assignment, subject)]);
}

/** What becomes of what a variable holds: the best of what its readers do with it. */
function held(trail: Trail, identifier: Node, at: Node, subject: Subject): Fate {
  const variable = trail.module.variableOf(identifier);
  if (!variable || trail.seen.has(variable)) return UNKNOWN;
  const definition = variable.defs[0]?.type as string | undefined;
  if (definition !== 'Variable') return UNKNOWN;
  trail.seen.add(variable);
  const fates = variable.references
    .filter((reference) => reference.isRead())
    .flatMap(({ identifier: read }) => {
      const usage = read as Node;
      if (contains(at, usage) || (subject === 'list' && isUpkeep(usage))) return [];
      return [follow(trail, usage, subject)];
    });
  return fates.length > 0 ? best(fates) : { kind: 'dropped', at, through: trail.through };
}

/** `list.push(...)`, `list.length`: nothing is done with what the list holds. */
function isUpkeep(usage: Node): boolean {
  const member = outermost(usage).parent;
  return (
    member?.type === 'MemberExpression' &&
    member.object === outermost(usage) &&
    /^(?:push|unshift|length)$/.test(keyName(member) ?? '')
  );
}

/** `for (const promise of list) await promise`, `for await (const value of list)` */
function iterated(trail: Trail, node: Node, loop: TSESTree.ForOfStatement): Fate {
  if (loop.await) return waited(trail, loop);
  const declarator = loop.left.type === 'VariableDeclaration' ? loop.left.declarations[0] : undefined;
  return declarator?.id.type === 'Identifier' ? held(trail, declarator.id, node, 'promise') : UNKNOWN;
}

const ORDER: readonly Fate['kind'][] = [
  'awaited',
  'returned',
  'handled',
  'voided',
  'unknown',
  'read',
  'dropped',
];

/** One reader that waits is enough. */
function best(fates: readonly Fate[]): Fate {
  return fates.reduce((one, other) => (ORDER.indexOf(other.kind) < ORDER.indexOf(one.kind) ? other : one));
}

/** What becomes of what a function gives: known where the function is written in place. */
function result(trail: Trail, fn: FunctionNode, kind: 'awaited' | 'returned'): Fate {
  const own: Fate = { kind, by: fn };
  if (fn.type === 'FunctionDeclaration' || fn.generator) return own;
  const node = outermost(fn);
  const call = node.parent;
  if (call?.type === 'NewExpression') return own;
  if (call?.type !== 'CallExpression') return own;
  const inside: Trail = { ...trail, through: kind === 'awaited' ? fn : trail.through };
  if (call.callee === node) return follow(inside, call, 'promise');
  const callee = unwrap(call.callee);
  const method = calleeName(callee) ?? '';
  const ignored: Fate = { kind: 'dropped', at: call, through: inside.through };
  if (isPutOff(call)) return kind === 'awaited' || fn.async ? own : ignored;
  if (isRegistration(call))
    return kind === 'returned' && !fn.async && isEmitter(trail, callee) ? ignored : own;
  if (callee.type === 'MemberExpression') {
    // The promise of a chain's callback becomes that of the chain.
    if (CHAINED.has(method))
      return kind === 'awaited' && method !== 'then' ? own : follow(inside, call, 'promise');
    // `bluebird.map(ids, fn)`: a function of a package, which may wait for its callbacks.
    const isMethod = call.arguments[0] === node || isLodash(trail, callee.object);
    if (MAPPERS.has(method)) return follow(inside, call, isMethod ? 'list' : 'promise');
    if (method === 'from' && call.arguments[1] === node) return follow(inside, call, 'list');
    if (REDUCERS.has(method)) return follow(inside, call, 'promise');
    if (method === 'each' && isLodash(trail, callee.object)) return ignored;
    if (IGNORING.has(method)) return isMethod && !isOwnIteration(trail, callee.object, call) ? ignored : own;
  }
  return handedTo(inside, call, node) ?? own;
}

/** Run later by a timer, which nobody waits for: there it is enough to wait inside. */
function isPutOff(call: TSESTree.CallExpression): boolean {
  return isRegistration(call)
    ? unwrap(call.callee).type === 'Identifier'
    : calleeName(call.callee) === 'nextTick';
}

/** Packages of the platform and others whose objects are plain event emitters, which ignore what listeners give. */
const EMITTERS =
  /^(?:events|eventemitter[23]|@nestjs\/event-emitter|bullmq|@taskforcesh\/bullmq-pro|bull|ioredis|redis|fs|stream|http|https|net|readline|child_process|worker_threads):.*[#)]$|^global:\.process$/;

/** Whether what a listener is added to surely ignores what it returns. */
function isEmitter(trail: Trail, callee: Node): boolean {
  if (callee.type !== 'MemberExpression') return false;
  const { ev, module } = trail;
  return membersOf(present(ev.evaluate(here(module, callee.object)))).every((member) => {
    const base = member.kind === 'instance' ? externalBase(ev, member.class, member) : member;
    return base?.kind === 'external' && EMITTERS.test(base.path);
  });
}

function isLodash(trail: Trail, object: Node): boolean {
  const value = trail.ev.evaluate(here(trail.module, object));
  return value.kind === 'external' && /^(?:lodash(?:-es)?|underscore):/.test(value.path);
}

/** A method that may wait for its callbacks: `async.forEach(...)` of a package, an awaited cursor's `forEach`. */
function isOwnIteration(trail: Trail, object: Node, call: TSESTree.CallExpression): boolean {
  const value = trail.ev.evaluate(here(trail.module, object));
  if (value.kind === 'instance' || value.kind === 'namespace') return true;
  if (value.kind !== 'external' || /^(?:global|lodash(?:-es)?|underscore):/.test(value.path)) return false;
  // A list that a package gave is one all the same, unless somebody waits for its iteration.
  return value.path.endsWith(':') || outermost(call).parent?.type === 'AwaitExpression';
}

/** A function of the project that calls its parameter: what it makes of that is what becomes of the promise. */
function handedTo(trail: Trail, call: TSESTree.CallExpression, argument: Node): Fate | undefined {
  const index = call.arguments.findIndex((candidate) => candidate === argument);
  for (const callee of membersOf(present(trail.ev.evaluate(here(trail.module, call.callee))))) {
    if (callee.kind !== 'function' || callee.bound.length > 0) return undefined;
    const { module, node } = callee.at;
    const parameter = node.params[index];
    const variable = parameter?.type === 'Identifier' ? module.variableOf(parameter) : undefined;
    if (!variable || variable.references.length === 0 || trail.seen.has(variable)) return undefined;
    trail.seen.add(variable);
    const isDropped = variable.references.every(({ identifier }) => {
      const use = outermost(identifier).parent;
      if (use?.type !== 'CallExpression' || unwrap(use.callee) !== (identifier as Node)) return false;
      const inner = follow({ ...trail, module, through: undefined }, use, 'promise');
      return inner.kind === 'dropped' && inner.at === outermost(use);
    });
    if (!isDropped) return undefined;
  }
  return { kind: 'dropped', at: call, through: trail.through };
}
