/**
 * Moving the job that runs back to a state in which it waits, without the error by which the worker learns of it.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { guardsOf, rethrowOf } from '../../calls/failures.ts';
import { isOwnJob } from '../../jobs/own-job.ts';
import type { SourceModule } from '../../source/module.ts';
import {
  calleeName,
  contains,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type Node,
} from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { nodesBelow } from '../../values/functions.ts';
import { membersOf, present, type Frame } from '../../values/value.ts';
import type { Effect, EffectKind } from '../effect.ts';

/** Each move, and the error that goes with it. BullMQ: src/classes/errors. */
const MOVES: ReadonlyMap<string, string> = new Map([
  ['moveToDelayed', 'DelayedError'],
  ['moveToWait', 'WaitingError'],
  ['moveToWaitingChildren', 'WaitingChildrenError'],
]);

export interface Move extends Effect {
  call: TSESTree.CallExpression;
  /** The error that should be thrown. */
  error: string;
  /** Whether it ends without an error on some path, or always with another one. */
  end: 'none' | 'other';
}

export const movesJob: EffectKind<Move> = {
  name: 'moves-job',
  mark: 'moves',
  throughFloating: true,
  endsAtProcessors: true,
  readsArguments: true,
  ofJob: true,
  find(ev, running) {
    const { module, frame, body, fn } = running;
    return body.flatMap((node): Move[] => {
      if (node.type !== 'CallExpression') return [];
      const callee = unwrap(node.callee);
      const method = callee.type === 'MemberExpression' ? keyName(callee) : undefined;
      const error = method === undefined ? undefined : MOVES.get(method);
      if (callee.type !== 'MemberExpression' || error === undefined) return [];
      if (!isOwnJob(ev, here(module, callee.object, frame))) return [];
      const end = endAfter({ ev, module, frame, fn: fn.at.node, error }, node);
      if (end === 'thrown') return [];
      const label = `job.${method ?? ''}()`;
      return [{ at: here(module, node, frame), label, target: 'job', call: node, error, end }];
    });
  },
  follows: (ev, { module, frame, fn }, call) =>
    endAfter({ ev, module, frame, fn: fn.at.node, error: undefined }, call) !== 'thrown',
};

/** Whether an error that tells of a move is thrown after a call that makes one, on each path. */
export function isMoveTold(ev: Evaluation, module: SourceModule, call: Node, fn: Node | undefined): boolean {
  return endAfter({ ev, module, frame: undefined, fn, error: undefined }, call) === 'thrown';
}

interface Path {
  ev: Evaluation;
  module: SourceModule;
  frame: Frame | undefined;
  /** The function around; none at the top level of a module. */
  fn: Node | undefined;
  /** The error that is asked for; any of them where a helper has made the move. */
  error: string | undefined;
}

/** How a piece of code can end; `thrown` is with an error that may be the one, `other` surely with another. */
type End = 'next' | 'break' | 'ends' | 'thrown' | 'other';

function endAfter(path: Path, call: Node): 'thrown' | 'other' | 'none' {
  const found = new Set<End>();
  const subject = subjectOf(path, call);
  let goesOn = true;
  const add = (ends: ReadonlySet<End>): void => {
    goesOn = ends.has('next');
    for (const end of ends) if (end !== 'next') found.add(end);
  };
  if (isChainedToThrow(path, call)) return 'thrown';
  for (
    let child = call, node = call.parent;
    node && child !== path.fn && goesOn;
    child = node, node = node.parent
  ) {
    switch (node.type) {
      case 'BlockStatement':
      case 'Program':
        add(sequence(path, subject, node.body.slice(node.body.indexOf(child as TSESTree.Statement) + 1)));
        break;
      case 'SwitchCase': {
        if (child === node.test) break;
        const rest = node.consequent.slice(node.consequent.indexOf(child as TSESTree.Statement) + 1);
        const all = node.parent.cases;
        const later = all.slice(all.indexOf(node) + 1).flatMap(({ consequent }) => consequent);
        add(withoutBreak(sequence(path, subject, [...rest, ...later])));
        break;
      }
      case 'IfStatement':
        if (child === node.test) add(branches(path, subject, node));
        break;
      case 'ReturnStatement':
        found.add('ends');
        goesOn = false;
        break;
      default:
        break;
    }
    // What leaves a loop, or a function in place, is followed by what comes after that.
    const isLoop = /^(?:For|While|DoWhile)\w*Statement$/.test(node.type);
    const isInner = isFunction(node) && node !== path.fn;
    if ((isLoop || node.type === 'SwitchStatement') && found.delete('break')) goesOn = true;
    if (isInner && (found.delete('ends') || found.delete('break'))) goesOn = true;
  }
  if (goesOn || found.has('ends') || found.has('break')) return 'none';
  return found.has('other') ? 'other' : 'thrown';
}

/** `job.moveToDelayed(...).then(() => { throw new DelayedError(); })` */
function isChainedToThrow({ ev, module, frame }: Path, call: Node): boolean {
  const member = outermost(call).parent;
  const chain = member?.type === 'MemberExpression' && keyName(member) === 'then' ? member.parent : undefined;
  const next = chain?.type === 'CallExpression' ? chain.arguments[0] : undefined;
  return next !== undefined && rethrowOf(ev, here(module, next, frame)) === 'always';
}

/** What tells whether the move was made: the call's result, and variables that are set beside it. */
interface Subject {
  call: Node;
  isResult(node: Node): boolean;
  isFlag(node: Node): boolean;
}

function subjectOf({ module, fn }: Path, call: Node): Subject {
  const held = outermost(call).parent;
  const value = held?.type === 'AwaitExpression' ? outermost(held) : outermost(call);
  const declarator = value.parent;
  const name =
    declarator?.type === 'VariableDeclarator'
      ? declarator.id
      : declarator?.type === 'AssignmentExpression'
        ? declarator.left
        : undefined;
  const variable = name?.type === 'Identifier' ? module.variableOf(name) : undefined;
  const inner = branchAround(call, fn);
  return {
    call,
    isResult: (node) =>
      contains(node, call) ||
      (variable !== undefined && node.type === 'Identifier' && module.variableOf(node) === variable),
    isFlag: (node) =>
      inner !== undefined &&
      ((node.type === 'Identifier' &&
        (module
          .variableOf(node)
          ?.references.some((reference) => reference.isWrite() && contains(inner, reference.identifier)) ??
          false)) ||
        (inner.parent?.type === 'IfStatement' && module.textOf(inner.parent.test) === module.textOf(node))),
  };
}

/** The branch in which a call stands, where it does not run on every path. */
function branchAround(call: Node, fn: Node | undefined): Node | undefined {
  for (let child = call, node = call.parent; node && node !== fn; child = node, node = node.parent) {
    if (node.type === 'IfStatement' && child !== node.test) return child;
    if (node.type === 'SwitchCase' || node.type === 'CatchClause') return node;
    if (node.type === 'TryStatement') return child;
  }
  return undefined;
}

function sequence(path: Path, subject: Subject, statements: readonly Node[]): Set<End> {
  const found = new Set<End>();
  for (const statement of statements) {
    const ends = endsOf(path, subject, statement);
    for (const end of ends) if (end !== 'next') found.add(end);
    if (!ends.has('next')) return found;
  }
  return found.add('next');
}

function endsOf(path: Path, subject: Subject, node: Node): Set<End> {
  switch (node.type) {
    case 'BlockStatement':
      return sequence(path, subject, node.body);
    case 'ThrowStatement':
      return new Set([thrown(path, node)]);
    case 'ReturnStatement':
      return new Set([node.argument && fails(path, node.argument) ? 'thrown' : 'ends']);
    case 'BreakStatement':
    case 'ContinueStatement':
      return new Set(['break']);
    case 'IfStatement':
      return branches(path, subject, node);
    case 'SwitchStatement':
      return withoutBreak(
        new Set<End>(['next', ...node.cases.flatMap((one) => [...sequence(path, subject, one.consequent)])]),
      );
    case 'TryStatement':
      return endsOf(path, subject, node.block);
    case 'LabeledStatement':
      return endsOf(path, subject, node.body);
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return withoutBreak(new Set<End>(['next', ...endsOf(path, subject, node.body)]));
    case 'ExpressionStatement':
      return new Set([fails(path, node.expression) ? 'thrown' : 'next']);
    default:
      return new Set(['next']);
  }
}

function withoutBreak(ends: Set<End>): Set<End> {
  if (ends.delete('break')) ends.add('next');
  return ends;
}

function branches(path: Path, subject: Subject, node: TSESTree.IfStatement): Set<End> {
  const yes = endsOf(path, subject, node.consequent);
  const no: Set<End> = node.alternate ? endsOf(path, subject, node.alternate) : new Set(['next']);
  const test = unwrap(node.test);
  const mentioned = nodesBelow(path.module, test);
  // `if (await job.moveToWaitingChildren(token))`: where it is false, nothing was moved.
  if (path.error === 'WaitingChildrenError') {
    if (isResult(subject, test)) return yes;
    if (test.type === 'UnaryExpression' && test.operator === '!' && isResult(subject, test.argument))
      return no;
  }
  const tells = mentioned.some(
    (part) => subject.isFlag(part) || (part !== subject.call && subject.isResult(part)),
  );
  if (tells && isSure(yes)) return yes;
  if (tells && isSure(no)) return no;
  return new Set([...yes, ...no]);
}

function isResult(subject: Subject, test: Node): boolean {
  const node = unwrap(test);
  const inner = node.type === 'AwaitExpression' ? unwrap(node.argument) : node;
  return inner === subject.call || (inner.type === 'Identifier' && subject.isResult(inner));
}

function isSure(ends: ReadonlySet<End>): boolean {
  return [...ends].every((end) => end === 'thrown');
}

/** A `throw` that some `catch` around it keeps ends nothing. */
function thrown(path: Path, node: TSESTree.ThrowStatement): End {
  const { ev, module, frame, fn } = path;
  const isKept =
    isFunction(fn) &&
    guardsOf(fn, node).some(({ handler }) => rethrowOf(ev, here(module, handler, frame)) === 'never');
  if (isKept) return 'ends';
  return isOtherError(path, node.argument) ? 'other' : 'thrown';
}

/** An error made in place that is surely not the one: `new Error('later')`, the error of another move. */
function isOtherError({ ev, module, frame, error }: Path, argument: Node): boolean {
  if (unwrap(argument).type !== 'NewExpression') return false;
  return membersOf(present(ev.evaluate(here(module, argument, frame)))).every((value) => {
    const path = value.kind === 'external' ? value.path : '';
    const name = /^bullmq:\.(\w+)#$/.exec(path)?.[1] ?? '';
    if (/^global:\.\w*Error#$/.test(path) || name === 'UnrecoverableError') return true;
    return error !== undefined && name !== error && [...MOVES.values()].includes(name);
  });
}

/** A call that never returns: of a function that throws, or that says so by its name. */
function fails({ ev, module, frame }: Path, expression: Node): boolean {
  const inner = unwrap(expression);
  const call = inner.type === 'AwaitExpression' ? unwrap(inner.argument) : inner;
  if (call.type !== 'CallExpression') return false;
  const name = calleeName(call.callee) ?? '';
  if (/^(?:re)?throw|^reject$/i.test(name)) return true;
  return membersOf(present(ev.evaluate(here(module, call.callee, frame)))).some(
    (callee) => callee.kind === 'function' && rethrowOf(ev, callee.at) === 'always',
  );
}
