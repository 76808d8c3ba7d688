/**
 * Jobs that use their input up: they read a file or an object that the job's data names, and take it away before an
 * effect. A second run fails where it reads, and does not get to the effect.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { enteredBy } from '../calls/callees.ts';
import { guardsOf, rethrowOf } from '../calls/failures.ts';
import { flowOf } from '../flow/flow.ts';
import { mentionsJobData } from '../jobs/job-data.ts';
import { declaredAs } from '../source/declared.ts';
import {
  calleeName,
  contains,
  isFunction,
  outermost,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import { identityOf, isJoin, sourceOf } from '../values/identity.ts';
import { isNewInEveryRun } from '../values/random.ts';
import { propertyRef } from '../values/trace.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import { deedOf } from './deeds.ts';
import { stagesOf, type ReachedEffect, type Stage } from './effect.ts';
import { keptInputs, type KeyPlace } from './kept-inputs.ts';
import { isAtOrBelow } from './path-identity.ts';
import { receiverOf } from './tables.ts';

type Call = Ref<TSESTree.CallExpression>;

/** A call that reads what is under a key, or takes it away, by itself or through functions that it enters. */
interface Use {
  does: 'reads' | 'removes';
  key: Ref;
  /** The same for two uses only if they are of one thing. */
  id: string;
}

/** Whether every way to an effect has read what the job's data names, and then waited for it to be taken away. */
export function consumesInput(ev: Evaluation, reached: ReachedEffect): boolean {
  const running = reached.way[0]?.at.node;
  if (!running) return false;
  const readBefore = new Set<string>();
  for (const stage of stagesOf(reached)) {
    const removals = usesBefore(ev, stage, 'removes', stage.at.node).filter(
      ({ use, call }) => isOfJob(ev, use.key, running) && !isPutBack(ev, stage, call, use.key),
    );
    const isConsumed = removals.some(
      ({ use, call }) =>
        readBefore.has(use.id) ||
        usesBefore(ev, stage, 'reads', call.node).some((read) => read.use.id === use.id),
    );
    if (isConsumed) return true;
    for (const { use } of usesBefore(ev, stage, 'reads', stage.at.node)) readBefore.add(use.id);
  }
  return false;
}

/** What has been used in a function on every way to a node of it, with the calls there by which it was. */
function usesBefore(ev: Evaluation, stage: Stage, does: Use['does'], at: Node): { use: Use; call: Call }[] {
  const { module, node: fn } = stage.fn;
  const flow = flowOf(module, fn);
  return bodyOf(module, fn).flatMap((node) => {
    if (node.type !== 'CallExpression' || flow?.isAlwaysBefore(node, at) !== true) return [];
    const call = beside(stage.at, node);
    return usesOf(ev, call, does, 0)
      .filter((use) => isSure(ev, use, call, fn, at))
      .map((use) => ({ use, call }));
  });
}

const MAX_DEPTH = 2;

function usesOf(ev: Evaluation, call: Call, does: Use['does'], depth: number): Use[] {
  const own = useOf(ev, call, does);
  if (own) return [own];
  const [entered, other] = depth < MAX_DEPTH ? enteredBy(ev, call) : [];
  if (!entered || other || entered.isHanded) return [];
  const { module, node: fn } = entered.fn.at;
  const flow = flowOf(module, fn);
  return bodyOf(module, fn).flatMap((node) => {
    if (node.type !== 'CallExpression' || flow?.decisionsBefore(node).length !== 0) return [];
    const inner = here(module, node, entered.frame) as Call;
    return usesOf(ev, inner, does, depth + 1).filter((use) => isSure(ev, use, inner, fn));
  });
}

/** `fs.readFile(key)`, `minio.removeObject(bucket, key)`, `s3.send(new GetObjectCommand({ Key: key }))` */
function useOf(ev: Evaluation, call: Call, does: Use['does']): Use | undefined {
  if (!METHODS.test(calleeName(call.node.callee) ?? '') || opensForWriting(call)) return undefined;
  const [first] = call.node.arguments;
  const command = first && declaredAs(call.module, first);
  const made = command?.type === 'NewExpression' ? beside(call, command) : call;
  const paths = membersOf(present(ev.evaluate(beside<Node>(made, made.node.callee)))).flatMap((value) =>
    value.kind === 'external' ? [value.path.replace(/^fs\/promises:/, 'fs:.promises')] : [],
  );
  const kept = keptInputs.find((known) => paths.some((path) => known[does].test(path)));
  const parts = kept ? keyParts(ev, made, kept.key) : [];
  const key = parts.at(-1);
  if (!kept || !key) return undefined;
  return { does, key, id: [kept.name, ...parts.map((part) => identityOf(ev, part))].join(' ') };
}

/** Cheap, asked of every call before what is called. */
const METHODS =
  /^(?:read(?:File|FileSync|Json|JSON|JsonSync)|createReadStream|open(?:Sync)?|l?stat(?:Sync)?|(?:unlink|rm|remove)(?:Sync)?|send|f?[gG]etObject|(?:head|stat|delete|remove)Object|download\w*|get(?:Metadata|Properties|Stream)?|head|delete)$/;

/** `open(path, 'w')` finds nothing missing. */
function opensForWriting({ module, node }: Call): boolean {
  const [, flags] = node.arguments;
  return (
    (calleeName(node.callee) ?? '').startsWith('open') &&
    flags !== undefined &&
    /[wa]/.test(module.textOf(flags))
  );
}

/** What a key is a key in, as far as the call says so, and last the key itself. */
function keyParts(
  ev: Evaluation,
  made: Ref<TSESTree.CallExpression | TSESTree.NewExpression>,
  place: KeyPlace,
): Ref[] {
  const given = made.node.arguments;
  if ('arguments' in place)
    return given.length < place.arguments
      ? []
      : given.slice(0, place.arguments).map((argument) => beside<Node>(made, argument));
  if ('properties' in place) {
    const [first] = given;
    const parts = place.properties.map((key) => first && propertyRef(ev, beside<Node>(made, first), key));
    return parts.every((part) => part !== undefined) ? parts : [];
  }
  const receiver = made.node.type === 'CallExpression' ? receiverOf(made.node) : undefined;
  const owner = receiver && declaredAs(made.module, receiver);
  if (owner?.type !== 'CallExpression' || !place.of.test(calleeName(owner.callee) ?? '')) return [];
  return [receiverOf(owner), owner.arguments[0]].flatMap((part) => (part ? [beside<Node>(made, part)] : []));
}

/** Whether a key is of the job's data, and the same in every run. */
function isOfJob(ev: Evaluation, key: Ref, running: FunctionNode): boolean {
  return (
    mentionsJobData(ev, key, running) &&
    !isNewInEveryRun(ev, sourceOf(ev, key)) &&
    nodesBelow(key.module, key.node).every((part) => isWrittenOnce(key.module, part))
  );
}

function isWrittenOnce(module: SourceModule, node: Node): boolean {
  const variable = node.type === 'Identifier' ? module.variableOf(node) : undefined;
  return (variable?.references.filter((use) => use.isWrite()).length ?? 0) <= 1;
}

/**
 * Whether a call surely uses what it is about: it is waited for before `at`; and of a read, the function has not made
 * what it reads, and a failure leads neither on nor to `at`.
 */
function isSure(ev: Evaluation, use: Use, call: Call, fn: FunctionNode, at?: Node): boolean {
  const wait = waitFor(call.module, call.node);
  if (!wait || (at && contains(wait, at))) return false;
  if (use.does === 'removes') return true;
  const flow = flowOf(call.module, fn);
  return (
    !isMadeBefore(ev, use.key, call, fn) &&
    guardsOf(fn, call.node).every(
      ({ node, handler }) =>
        rethrowOf(ev, beside<Node>(call, handler)) === 'always' ||
        (at !== undefined && node.type === 'TryStatement' && flow?.canFollow(handler, at) === false),
    )
  );
}

/** The node that waits for what a call begins; the call itself where that is synchronous. */
function waitFor(module: SourceModule, call: Node, isNamed = false): Node | undefined {
  if (call.type === 'CallExpression' && (calleeName(call.callee) ?? '').endsWith('Sync')) return call;
  for (let child = outermost(call), node = child.parent; node; child = outermost(node), node = child.parent)
    switch (node.type) {
      case 'AwaitExpression':
      case 'ReturnStatement':
        return node;
      case 'ForOfStatement':
        return node.await && node.right === child ? node : undefined;
      case 'VariableDeclarator': {
        if (isNamed || node.id.type !== 'Identifier') return undefined;
        const uses = module.variableOf(node.id)?.references ?? [];
        return uses.flatMap(({ identifier }) => waitFor(module, identifier as Node, true) ?? [])[0];
      }
      case 'CallExpression':
        if (calleeName(node.callee) === 'allSettled') return undefined;
        break;
      case 'MemberExpression':
        if (node.object !== child) return undefined;
        break;
      case 'ArrayExpression':
        break;
      default:
        return isFunction(node) && node.body === child ? node : undefined;
    }
  return undefined;
}

/** Whether something that the function does before it reads may have made what it reads. */
function isMadeBefore(ev: Evaluation, key: Ref, read: Call, fn: FunctionNode): boolean {
  const flow = flowOf(read.module, fn);
  return bodyOf(read.module, fn).some(
    (node) =>
      node.type === 'CallExpression' &&
      !contains(node, read.node) &&
      // `bucket.file(key)` only says what is meant.
      !contains(node, key.node) &&
      flow?.canFollow(node, read.node) !== false &&
      deedOf(read.module, node) === 'works' &&
      !isJoin(read, node.callee) &&
      isGiven(ev, beside(read, node), key),
  );
}

/** Whether something that is done after the removal may put the thing there again. */
function isPutBack(ev: Evaluation, stage: Stage, removal: Call, key: Ref): boolean {
  const flow = flowOf(stage.fn.module, stage.fn.node);
  return bodyOf(stage.fn.module, stage.fn.node).some(
    (node) =>
      node.type === 'CallExpression' &&
      PUTS.test(calleeName(node.callee) ?? '') &&
      flow?.canFollow(removal.node, node) === true &&
      isGiven(ev, beside(removal, node), key),
  );
}

const PUTS = /^(?:put|upload|write|output|save|store|copy|cp|rename|move|create|make|restore)/i;

/** Whether a call is given the key, a folder that it is in, or the job that it is of. */
function isGiven(ev: Evaluation, call: Call, key: Ref): boolean {
  return call.node.arguments.some((argument) =>
    nodesBelow(call.module, argument).some(
      (part) =>
        /^(?:Identifier|MemberExpression|TemplateLiteral|CallExpression|BinaryExpression)$/.test(part.type) &&
        (isJob(call.module, part) || isAtOrBelow(ev, key, beside(call, part), NONE)),
    ),
  );
}

const NONE: ReadonlySet<FunctionNode> = new Set();

/** `job` and `job.data`, where the whole of it is given. */
function isJob(module: SourceModule, part: Node): boolean {
  const owner = outermost(part).parent;
  return owner?.type !== 'MemberExpression' && /^job$|^\w+\.data$/.test(module.textOf(part));
}
