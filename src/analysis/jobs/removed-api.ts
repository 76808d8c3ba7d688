/**
 * Uses of what BullMQ no longer has, or never took over from Bull. Bull's own objects are not looked at.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import {
  contains,
  isFunction,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref, type Value } from '../values/value.ts';
import { bullmq } from './dialects/bullmq.ts';
import {
  removedEvents,
  removedExports,
  removedJobOptions,
  removedMembers,
  removedScheduleOptions,
  type Removed,
  type RemovedMember,
} from './dialects/bullmq-removed.ts';
import type { Dialect, Role } from './dialects/index.ts';
import { readEnqueue, type Enqueue } from './enqueues.ts';
import { jobDialect } from './job-values.ts';
import type { Listener } from './listeners.ts';
import { optionPlace, optionRef, type WrittenOptions } from './options.ts';
import { libraryObject } from './recognize.ts';

export interface RemovedUse {
  kind: 'member' | 'export' | 'option' | 'schedule' | 'event';
  /** The node of the module to report. */
  node: Node;
  /** As a reader would write it: `job.discard()`, `repeat`. */
  name: string;
  removed: Removed;
  /** For an option: what has it. */
  options?: WrittenOptions;
}

/** What is known of the module's jobs. */
export interface JobKnowledge {
  module: SourceModule;
  options: readonly WrittenOptions[];
  enqueues: readonly Enqueue[];
  listeners: readonly Listener[];
  /** The library that runs a function of the module. */
  processorOf: (fn: FunctionNode) => Dialect | undefined;
}

export function removedUses(ev: Evaluation, known: JobKnowledge): RemovedUse[] {
  return [
    ...exportUses(ev, known.module),
    ...memberUses(ev, known),
    ...known.options.flatMap((options) => optionUses(ev, known.module, options)),
    ...known.enqueues.flatMap((enqueue) => scheduleUses(ev, known.module, enqueue)),
    ...known.listeners.flatMap((listener) => eventUses(known.module, listener)),
  ];
}

function isBullmq(dialect: Dialect | undefined): boolean {
  return dialect?.family === 'bullmq';
}

/** Names that are imported and gone: where they are constructed, else where they are imported. */
function exportUses(ev: Evaluation, module: SourceModule): RemovedUse[] {
  const names = Object.keys(removedExports).filter((name) => module.text.includes(name));
  return names.flatMap((name): RemovedUse[] => {
    const removed = removedExports[name] as Removed;
    const use = (node: Node): RemovedUse => ({ kind: 'export', node, name, removed });
    const made = module
      .nodes('NewExpression')
      .filter((node) =>
        membersOf(ev.evaluate(here(module, node.callee))).some(
          (callee) =>
            callee.kind === 'external' && bullmq.packages.some((from) => callee.path === `${from}:.${name}`),
        ),
      );
    return made.length > 0 ? made.map(use) : importsOf(module, name).map(use);
  });
}

function importsOf(module: SourceModule, name: string): TSESTree.ImportSpecifier[] {
  return module
    .nodes('ImportDeclaration')
    .flatMap((declaration) =>
      bullmq.packages.includes(declaration.source.value) && declaration.importKind !== 'type'
        ? declaration.specifiers.filter(
            (specifier): specifier is TSESTree.ImportSpecifier =>
              specifier.type === 'ImportSpecifier' &&
              specifier.importKind !== 'type' &&
              specifier.imported.type === 'Identifier' &&
              specifier.imported.name === name,
          )
        : [],
    );
}

const ROLES = Object.keys(removedMembers) as Role[];
const MEMBER_NAMES = new Set(ROLES.flatMap((role) => Object.keys(removedMembers[role] ?? {})));

function memberUses(ev: Evaluation, known: JobKnowledge): RemovedUse[] {
  const { module } = known;
  return module.nodes('MemberExpression').flatMap((node): RemovedUse[] => {
    const name = keyName(node);
    if (name === undefined || !MEMBER_NAMES.has(name)) return [];
    const candidates = ROLES.flatMap((role) => {
      const member = removedMembers[role]?.[name];
      return member && isUsed(node, member) ? [{ role, member }] : [];
    });
    if (candidates.length === 0 || isGuarded(module, node, name)) return [];
    const role = roleOf(ev, ev.evaluate(here(module, node.object)), known);
    const found = candidates.find((candidate) => candidate.role === role);
    if (!role || !found || isOwnMember(ev, here(module, node))) return [];
    return [
      {
        kind: 'member',
        node: found.member.method ? (outermost(node).parent as Node) : node,
        name: `${role === 'queue-events' ? 'queueEvents' : role}.${name}${found.member.method ? '()' : ''}`,
        removed: found.member,
      },
    ];
  });
}

/** A method counts where it is called, a property where it is read. */
function isUsed(node: TSESTree.MemberExpression, { method }: RemovedMember): boolean {
  const outer = outermost(node);
  const { parent } = outer;
  if (method) return parent?.type === 'CallExpression' && parent.callee === outer && !parent.optional;
  if (parent?.type === 'AssignmentExpression') return parent.left !== outer;
  return !(parent?.type === 'UnaryExpression' && /^(?:typeof|delete)$/.test(parent.operator));
}

/** `if (queue.getRepeatableJobs) ...`, `'discard' in job && ...`: code for several majors. */
function isGuarded(module: SourceModule, node: Node, name: string): boolean {
  let child: Node = node;
  for (let parent = node.parent; parent && !isFunction(parent); child = parent, parent = parent.parent) {
    const test =
      parent.type === 'IfStatement' || parent.type === 'ConditionalExpression'
        ? parent.test
        : parent.type === 'LogicalExpression' && parent.operator === '&&'
          ? parent.left
          : undefined;
    if (test && !contains(test, child) && new RegExp(`\\b${name}\\b`).test(module.textOf(test))) return true;
  }
  return false;
}

/** What a value of BullMQ is. */
function roleOf(ev: Evaluation, value: Value, known: JobKnowledge): Role | undefined {
  for (const member of membersOf(present(value))) {
    const object = libraryObject(ev, member);
    if (object && object.role !== 'job') return isBullmq(object.dialect) ? object.role : undefined;
  }
  return isBullmq(jobDialect(ev, value, known.processorOf)) ? 'job' : undefined;
}

/** Whether a subclass of the project has the member itself. */
function isOwnMember(ev: Evaluation, ref: Ref): boolean {
  return membersOf(present(ev.evaluate(ref))).some(({ kind }) => kind !== 'external' && kind !== 'unknown');
}

function optionUses(ev: Evaluation, module: SourceModule, options: WrittenOptions): RemovedUse[] {
  if (!isBullmq(options.dialect) || (options.scope !== 'job' && options.scope !== 'job-defaults')) return [];
  return Object.entries(removedJobOptions).flatMap(([key, removed]): RemovedUse[] => {
    const given = ev.lookup(options.value, key);
    if (given.state === 'absent' || isLeftOut(given.value, given.state === 'unknown')) return [];
    if (isOfWrapper(ev, options, key)) return [];
    return [
      { kind: 'option', node: placeOf(module, options, key, given.value), name: key, removed, options },
    ];
  });
}

/** Whether an option has no value, as far as can be seen; one that may not be there has to be written somewhere. */
function isLeftOut(value: Value | undefined, isUnsure: boolean): boolean {
  if (!value) return true;
  const members = membersOf(value);
  if (isUnsure)
    return !members.some(({ kind }) => kind === 'object' || (kind === 'literal' && !isNothing(value)));
  return members.every(isNothing);
}

function isNothing(value: Value): boolean {
  return value.kind === 'literal' && !value.value;
}

/** Whether the function that a call passes its options to has the option itself: it is told there. */
function isOfWrapper(ev: Evaluation, { enqueue, job }: WrittenOptions, key: string): boolean {
  if (!enqueue || !job || enqueue.via.length === 0) return false;
  const inside = readEnqueue(ev, { ...enqueue.call, frame: undefined });
  const own = inside?.jobs[enqueue.jobs.indexOf(job)];
  const given = own?.options && ev.lookup(ev.evaluate(own.options), key);
  if (!given || given.state === 'absent') return false;
  return given.state === 'known' || !isLeftOut(given.value, true);
}

/** The option where it is written in the module, also in an object that is spread; else what is given it. */
function placeOf(module: SourceModule, options: WrittenOptions, key: string, value: Value | undefined): Node {
  const written = membersOf(value ?? options.value).find(
    ({ at }) => at.module === module && isValueOf(at.node, key),
  );
  return !optionRef(options, key) && written ? written.at.node : optionPlace(module, options, key);
}

/** `{ key: node }`, `object.key = node` */
function isValueOf(node: Node, key: string): boolean {
  const parent = outermost(node).parent;
  if (parent?.type === 'Property') return keyName(parent) === key;
  const target = parent?.type === 'AssignmentExpression' ? unwrap(parent.left) : undefined;
  return target?.type === 'MemberExpression' && keyName(target) === key;
}

function scheduleUses(ev: Evaluation, module: SourceModule, enqueue: Enqueue): RemovedUse[] {
  if (enqueue.kind !== 'scheduler' || !isBullmq(enqueue.dialect) || enqueue.via.length > 0) return [];
  const { call } = enqueue;
  const schedule = call.node.arguments[1];
  if (!schedule || schedule.type === 'SpreadElement') return [];
  const options: WrittenOptions = {
    ev,
    scope: 'job',
    value: ev.evaluate(beside(call, schedule)),
    dialect: enqueue.dialect,
    at: call,
    enqueue,
  };
  return Object.entries(removedScheduleOptions).flatMap(([key, removed]): RemovedUse[] => {
    const given = ev.lookup(options.value, key);
    if (given.state !== 'known' || isLeftOut(given.value, false)) return [];
    return [
      { kind: 'schedule', node: placeOf(module, options, key, given.value), name: key, removed, options },
    ];
  });
}

function eventUses(module: SourceModule, { role, dialect, event, at }: Listener): RemovedUse[] {
  if (!isBullmq(dialect) || event === undefined || at.module !== module) return [];
  const removed = removedEvents[role]?.[event.replace(/^global:/, '')];
  if (!removed) return [];
  const node = at.node.type === 'CallExpression' ? (at.node.arguments[0] ?? at.node) : unwrap(at.node);
  return [{ kind: 'event', node, name: event, removed }];
}
