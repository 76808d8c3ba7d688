/**
 * Constructions that open connections to Redis, and whether they do so anew each time the code around them runs.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { runsOnce } from '../calls/once.ts';
import { roundsAround } from '../calls/rounds.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  enclosingFunction,
  functionName,
  isFunction,
  outermost,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { externalBase } from '../values/members.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import { readConstruction } from './constructions.ts';
import { instanceRole, type Role } from './dialects/index.ts';
import { readEnqueue } from './enqueues.ts';
import { isPassedIn } from './wrappers.ts';

type Call = TSESTree.NewExpression | TSESTree.CallExpression;

export interface Opening {
  at: Ref<Call>;
  role: Exclude<Role, 'job'>;
  /** What is constructed, as it is called there: `Queue`, `MailQueue`. */
  name: string;
}

/** A `new`, Bull's call without it, or the making of an object of the project's that constructs one with it. */
export function openingAt(ev: Evaluation, at: Ref<Call>): Opening | undefined {
  const { callee } = at.node;
  if (callee.type === 'Super') return undefined;
  const role = readConstruction(ev, at)?.role ?? derivedRole(ev, at);
  return role && { at, role, name: calleeName(callee) ?? 'Queue' };
}

/** The role of a class of the project that is derived from a library's, or has a field with such an object. */
function derivedRole(ev: Evaluation, at: Ref<Call>): Opening['role'] | undefined {
  if (at.node.type !== 'NewExpression') return undefined;
  for (const callee of membersOf(present(ev.evaluate({ ...at, node: at.node.callee })))) {
    if (callee.kind !== 'class') continue;
    const site = at as Ref<TSESTree.NewExpression>;
    const base = externalBase(ev, callee, { kind: 'instance', at, class: callee, site });
    const role = base && instanceRole(base.path)?.role;
    if (role && role !== 'job') return role;
    for (const member of callee.at.node.body.body) {
      if (member.type !== 'PropertyDefinition' || member.static || member.value?.type !== 'NewExpression')
        continue;
      const made = readConstruction(ev, here(callee.at.module, member.value) as Ref<TSESTree.NewExpression>);
      if (made) return made.role;
    }
  }
  return undefined;
}

/** Whether what a function makes outlives its call on purpose: a singleton, a registry, a worker that is held. */
export function isKept({ at, role }: Opening, fn: FunctionNode): boolean {
  if (runsOnce(at.module, at.node, fn)) return true;
  // A worker that is started on demand and held is meant; a second queue of the same name is not.
  if (role !== 'worker') return false;
  const { parent } = outermost(at.node);
  return (
    (parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression') ||
    (parent?.type === 'CallExpression' && /^(?:set|push|add)$/.test(calleeName(parent.callee) ?? ''))
  );
}

/**
 * What each opens a connection of its own by the looks of the code alone, whoever runs it: the rounds of a loop, or
 * the calls of a function that adds the job it is given. What is made there is used up there.
 */
export function repeatedBy(ev: Evaluation, { at, role }: Opening): 'round' | 'call' | undefined {
  const { module, node } = at;
  if ((role !== 'queue' && role !== 'flow') || isScript(module)) return undefined;
  const uses = usesOf(module, node);
  if (uses.length === 0 || !uses.every((use) => memberOf(use))) return undefined;
  const loop = roundsAround(node)[0]?.at;
  const fn = enclosingFunction(loop ?? node);
  if (!fn || !isNamed(fn) || isConstructor(fn) || runsOnce(module, node, fn) || isStartUp(module, fn))
    return undefined;
  if (loop) return 'round';
  const addsItsJob = uses.some((use) => {
    const member = memberOf(use);
    const call = member && outermost(member).parent;
    const enqueue = call?.type === 'CallExpression' && readEnqueue(ev, { ...at, node: call });
    return enqueue && enqueue.jobs.some((job) => isPassedIn(ev, job));
  });
  return addsItsJob ? 'call' : undefined;
}

/** The expressions that mean what is made at a node: itself, or the uses of the constant that holds it. */
function usesOf(module: SourceModule, made: Node): Node[] {
  const node = outermost(made);
  const holder = node.parent;
  if (holder?.type !== 'VariableDeclarator' || holder.init !== node) return [node];
  const variable = holder.id.type === 'Identifier' ? module.variableOf(holder.id) : undefined;
  return (variable?.references ?? [])
    .filter((reference) => !reference.init)
    .map((reference) => reference.identifier as Node);
}

/** `queue.add` of a use of `queue`. */
function memberOf(use: Node): TSESTree.MemberExpression | undefined {
  const node = outermost(use);
  return node.parent?.type === 'MemberExpression' && node.parent.object === node ? node.parent : undefined;
}

/** Whether a function stands for itself, and is no callback that something else runs when it likes. */
function isNamed(fn: FunctionNode): boolean {
  return (
    functionName(fn) !== undefined && !/^(?:CallExpression|Property)$/.test(outermost(fn).parent?.type ?? '')
  );
}

/** Whether a node is a constructor, or in one: what is made there lives as long as its object. */
export function isConstructor(node: Node): boolean {
  const fn = isFunction(node) ? node : enclosingFunction(node);
  return fn?.parent.type === 'MethodDefinition' && fn.parent.kind === 'constructor';
}

const SCRIPT_PATH =
  /(?:^|[\\/])(?:scripts?|bin|cli|seeds?|seeders?|migrations?|tools|examples?|benchmarks?)[\\/]/i;
const SCRIPT_TEXT =
  /^#!|\bprocess\.argv\b|['"](?:commander|yargs|cac|meow|clipanion|@oclif\/core|nest-commander)['"]/;

/** Whether a file is run by hand: it ends when it is done, and its connections with it. */
function isScript(module: SourceModule): boolean {
  return SCRIPT_PATH.test(module.path.split(/[\\/]/).slice(-4).join('/')) || SCRIPT_TEXT.test(module.text);
}

const LIFECYCLE =
  /^(?:main|bootstrap|onModuleInit|onApplicationBootstrap|onModuleDestroy|onApplicationShutdown|init\w*|setup\w*|start\w*|register\w*|shutdown\w*|close\w*)$/;

/** Whether a function runs when the process starts (or ends): by its name, or called as the module is loaded. */
function isStartUp(module: SourceModule, fn: FunctionNode, depth = 0): boolean {
  const name = functionName(fn)?.replace(/^.*\./, '');
  if (name === undefined) return false;
  if (LIFECYCLE.test(name)) return true;
  const identifier = fn.id ?? (fn.parent.type === 'VariableDeclarator' ? fn.parent.id : undefined);
  const variable = identifier && module.variableOf(identifier);
  return (variable?.references ?? []).some((reference) => {
    const use = reference.identifier as Node;
    const call = use.parent;
    if (call?.type !== 'CallExpression' || call.callee !== use) return false;
    const around = enclosingFunction(call);
    return !around || (depth < 3 && around !== fn && isStartUp(module, around, depth + 1));
  });
}
