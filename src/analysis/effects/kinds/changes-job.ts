/**
 * Changing the data or the options of the job that runs, in memory alone.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { looksLikeEnqueue } from '../../jobs/enqueues.ts';
import { jobPath } from '../../jobs/own-job.ts';
import { contains, enclosingFunction, keyName, outermost, unwrap, type Node } from '../../source/nodes.ts';
import { beside, here, type Evaluation } from '../../values/evaluation.ts';
import { throughParameters } from '../../values/trace.ts';
import type { Ref } from '../../values/value.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';

export interface JobChange extends Effect {
  part: 'data' | 'opts';
}

export const changesJob: EffectKind<JobChange> = {
  name: 'changes-job',
  mark: undefined,
  throughFloating: true,
  endsAtProcessors: true,
  readsArguments: true,
  ofJob: true,
  // Further away, what a function changes is an argument of its own to it and no progress of a job.
  maxWay: 3,
  find(ev, running) {
    const { module, frame, body } = running;
    const found = body.flatMap((node): JobChange[] => {
      const target = changedAt(ev, running, node);
      const path = target && jobPath(ev.evaluate(here(module, target, frame)));
      if (!target || path === undefined || !PART.test(path)) return [];
      // What is set is a property of its object, whatever that was made with: `{ id: job.data.id }` is no job's.
      const changed =
        node.type !== 'CallExpression' && target.type === 'MemberExpression' ? target.object : target;
      if (!isOfJob(ev, here(module, changed, frame))) return [];
      const part = path.startsWith('.opts') ? 'opts' : 'data';
      return [{ at: here(module, node, frame), label: module.textOf(target), target: 'job', part }];
    });
    if (found.length === 0) return found;
    const stores = body.filter((node) => isStoring(ev, running, node));
    return found.filter(({ at }) => !stores.some((store) => follows(store, at.node)));
  },
};

/** Storing the data of the job that runs: `job.updateData(...)`, Bull's `job.update(...)`. */
export const storesJob: EffectKind = {
  name: 'stores-job',
  mark: 'stores',
  throughFloating: true,
  readsArguments: true,
  ofJob: true,
  find(ev, running) {
    return running.body.flatMap((node): Effect[] =>
      isUpdate(ev, running, node)
        ? [{ at: here(running.module, node, running.frame), label: 'job.updateData()', target: 'job' }]
        : [],
    );
  },
};

/** Whether a call may store what a statement changed: it comes later, or again in the same loop, and not instead. */
export function follows(store: Node, change: Node): boolean {
  if (contains(store, change)) return true;
  for (let child: Node = store, node = store.parent; node; child = node, node = node.parent) {
    if (!contains(node, change)) continue;
    if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') {
      const isOther = child === node.alternate && contains(node.consequent, change);
      return !isOther && store.range[0] >= change.range[1];
    }
    if (node.type === 'SwitchStatement' && changesInOtherCase(node, child, change)) return false;
    break;
  }
  return store.range[0] >= change.range[1] || loopAround(store, change);
}

function changesInOtherCase(node: TSESTree.SwitchStatement, own: Node, change: Node): boolean {
  const other = node.cases.find((candidate) => contains(candidate, change));
  const last = other?.consequent.at(-1);
  return (
    other !== undefined && other !== own && last !== undefined && /^(?:Break|Return|Throw)/.test(last.type)
  );
}

function loopAround(store: Node, change: Node): boolean {
  for (let node = store.parent; node && node.type !== 'Program'; node = node.parent)
    if (/^(?:For|While|DoWhile)/.test(node.type) && contains(node, change))
      return enclosingFunction(node) === enclosingFunction(change);
  return false;
}

/** `job.updateData(...)`, or another job that is given the changed data: `queue.add('next', job.data)`. */
function isStoring(ev: Evaluation, running: Running, node: Node): boolean {
  if (isUpdate(ev, running, node)) return true;
  return (
    node.type === 'CallExpression' &&
    looksLikeEnqueue(node) &&
    node.arguments.some((argument) => holdsData(ev, here(running.module, argument, running.frame)))
  );
}

function isUpdate(ev: Evaluation, { module, frame }: Running, node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = unwrap(node.callee);
  return (
    callee.type === 'MemberExpression' &&
    /^update(?:Data)?$/.test(keyName(callee) ?? '') &&
    jobPath(ev.evaluate(here(module, callee.object, frame))) === ''
  );
}

/** Whether an argument is the whole data of the job, or an object that it is spread into or put in. */
function holdsData(ev: Evaluation, ref: Ref): boolean {
  const value = ev.evaluate(ref);
  if (jobPath(value) === '.data') return true;
  return value.kind === 'object' && value.parts.some((part) => jobPath(ev.evaluate(part.value)) === '.data');
}

const MUTATORS = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin)$/;
/** Functions that change their first argument. */
const CHANGERS =
  /^(?:global:\.(?:Object\.(?:assign|defineProperty|defineProperties)|Reflect\.(?:set|deleteProperty|defineProperty))|(?:lodash|lodash-es):\.?(?:set|unset|merge|assign|assignIn|defaults|defaultsDeep|pull|remove)|lodash\/(?:set|unset|merge|assign|defaults|defaultsDeep):)$/;

/** What a node changes in place: the property that is set, the list that is pushed to. */
function changedAt(ev: Evaluation, { module, frame }: Running, node: Node): Node | undefined {
  switch (node.type) {
    case 'AssignmentExpression':
      return member(node.left);
    case 'UpdateExpression':
      return member(node.argument);
    case 'UnaryExpression':
      return node.operator === 'delete' ? member(node.argument) : undefined;
    case 'CallExpression': {
      const callee = unwrap(node.callee);
      const method = callee.type === 'MemberExpression' ? (keyName(callee) ?? '') : '';
      // `const sorted = job.data.items.sort()` is after the list that it gives, which the next attempt gets as well.
      if (/^(?:sort|reverse)$/.test(method) && outermost(node).parent?.type !== 'ExpressionStatement')
        return undefined;
      if (callee.type === 'MemberExpression' && MUTATORS.test(method)) return callee.object;
      const [first] = node.arguments;
      const target = first && unwrap(first);
      if (target?.type !== 'MemberExpression' && target?.type !== 'Identifier') return undefined;
      const name = module.textOf(callee);
      if (!/(?:assign|define|set|delete|merge|default|pull|remove)/i.test(name)) return undefined;
      const fn = ev.evaluate(here(module, callee, frame));
      return fn.kind === 'external' && CHANGERS.test(fn.path) ? target : undefined;
    }
    default:
      return undefined;
  }
}

function member(target: Node): Node | undefined {
  const node = unwrap(target);
  return node.type === 'MemberExpression' ? node : undefined;
}

/** Data or options, and what is in them; not what a method made of it. */
const PART =
  /^\.(?:data|opts)(?:\.[^.()[\]>]+|\[\]|\.(?:find|findLast|at)\(\)|\.(?:forEach|map|some|every|filter|find)>0)*$/;

/**
 * Whether an expression is the job's data itself or something in it: by every name on the way there, since a copy
 * (`{ ...job.data }`) holds the same things further down and is nobody's loss.
 */
function isOfJob(ev: Evaluation, given: Ref, depth = 0): boolean {
  if (depth > 10) return false;
  const ref = throughParameters(ev, given);
  const node = unwrap(ref.node);
  const path = jobPath(ev.evaluate(ref));
  if (path === '') return true;
  if (path === undefined || !PART.test(path)) return false;
  const more = (next: Node): boolean => isOfJob(ev, beside(ref, next), depth + 1);
  switch (node.type) {
    case 'MemberExpression':
      return more(node.object);
    case 'CallExpression':
      return (
        unwrap(node.callee).type === 'MemberExpression' &&
        PART.test(path) &&
        isElement(node) &&
        more((unwrap(node.callee) as TSESTree.MemberExpression).object)
      );
    case 'Identifier': {
      const source = sourceOf(ref, node);
      return source === undefined || more(source);
    }
    default:
      return false;
  }
}

function isElement(call: TSESTree.CallExpression): boolean {
  return /^(?:find|findLast|at)$/.test(keyName(unwrap(call.callee) as TSESTree.MemberExpression) ?? '');
}

/** The expression that a local name, or the parameter of a callback, stands for or is a part of. */
function sourceOf(ref: Ref, node: TSESTree.Identifier): Node | undefined {
  const definition = ref.module.variableOf(node)?.defs[0];
  const declaration = definition?.node as Node | undefined;
  if (declaration?.type === 'VariableDeclarator') {
    if (declaration.init) return declaration.init;
    const loop = declaration.parent.parent;
    return loop.type === 'ForOfStatement' ? loop.right : undefined;
  }
  const call = declaration?.parent;
  const callee =
    call?.type === 'CallExpression' && call.callee !== declaration ? unwrap(call.callee) : undefined;
  return callee?.type === 'MemberExpression' &&
    /^(?:forEach|map|some|every|filter|find)$/.test(keyName(callee) ?? '')
    ? callee.object
    : undefined;
}
