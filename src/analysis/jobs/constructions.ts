/**
 * Constructions of a library's objects: queues, workers, flow producers, queue events.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import type { Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { externalBase } from '../values/members.ts';
import { membersOf, present, type Ref, type Value } from '../values/value.ts';
import { classRole, instanceRole, type Dialect, type Recognized, type Role } from './dialects/index.ts';

/** `new Queue(name, options)`, `super(name, options)` in a subclass, Bull's `Queue(name)`. */
export interface Construction {
  at: Ref<TSESTree.NewExpression | TSESTree.CallExpression>;
  role: Exclude<Role, 'job'>;
  dialect: Dialect;
  /** The expression of the options; absent when none are given, or a spread hides them. */
  options: Ref | undefined;
}

/** Whether an expression can construct something of a library by its looks; cheap, to be asked first. */
export function looksLikeConstruction(
  module: SourceModule,
  { type, callee }: TSESTree.NewExpression | TSESTree.CallExpression,
): boolean {
  if (callee.type === 'Super') return true;
  if (type === 'CallExpression' && callee.type !== 'Identifier') return false;
  if (callee.type !== 'Identifier') return true;
  const [definition] = module.variableOf(callee)?.defs ?? [];
  if (type === 'NewExpression') return definition !== undefined; // `new Date()` is the language's
  // Bull's `Queue(name)` without `new`
  return (
    (definition?.type as string | undefined) === 'ImportBinding' ||
    (definition?.node as { init?: Node | null } | undefined)?.init?.type === 'CallExpression'
  );
}

/** Reads a `new` expression, a `super(...)` call, or Bull's call without `new`. */
export function readConstruction(
  ev: Evaluation,
  at: Ref<TSESTree.NewExpression | TSESTree.CallExpression>,
): Construction | undefined {
  const { callee } = at.node;
  for (const member of membersOf(present(ev.evaluate(beside(at, callee))))) {
    const found = constructed(ev, at, member);
    if (found && found.role !== 'job')
      return {
        at,
        role: found.role,
        dialect: found.dialect,
        options: optionsOf(ev, at, found.role, found.dialect),
      };
  }
  return undefined;
}

function constructed(
  ev: Evaluation,
  at: Ref<TSESTree.NewExpression | TSESTree.CallExpression>,
  callee: Value,
): Recognized | undefined {
  const { node } = at;
  if (node.type === 'CallExpression') {
    if (callee.kind !== 'external') return undefined;
    if (node.callee.type === 'Super') return instanceRole(callee.path);
    const found = classRole(callee.path);
    return found?.dialect.name === 'bull' ? found : undefined;
  }
  if (callee.kind === 'external') return classRole(callee.path);
  if (callee.kind !== 'class') return undefined;
  // A subclass without a constructor of its own passes its arguments on; else its `super(...)` is the construction.
  const site = at as Ref<TSESTree.NewExpression>;
  const base = externalBase(ev, callee, { kind: 'instance', at, class: callee, site });
  return base?.site?.node === node ? instanceRole(base.path) : undefined;
}

function optionsOf(ev: Evaluation, at: Construction['at'], role: Role, dialect: Dialect): Ref | undefined {
  const args = at.node.arguments.map((argument) => beside(at, argument));
  if (args.some(({ node }) => node.type === 'SpreadElement')) return undefined;
  // Bull takes `(name, url, options)` as well.
  if (dialect.name === 'bull') return args.slice(1).find((argument) => !isText(ev.evaluate(argument)));
  return args[{ flow: 0, queue: 1, 'queue-events': 1, worker: 2, job: undefined }[role] ?? Infinity];
}

/** A connection URL: text, or an environment variable. */
export function isText(value: Value): boolean {
  return membersOf(value).every(
    (member) =>
      (member.kind === 'literal' && typeof member.value !== 'object') ||
      (member.kind === 'primitive' && member.type === 'string') ||
      (member.kind === 'external' && /^global:\.process\.env\.\w+$/.test(member.path)),
  );
}
