/**
 * Effects: what code does that matters in a context, and how a function comes to do it.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf, isFloating } from '../calls/body.ts';
import { openBranches, testsInside } from './branches.ts';
import { enteredBy, enterUnknown, type Entered } from '../calls/callees.ts';
import { isIteration, repeats } from '../calls/rounds.ts';
import { closedOver, enterWithJob } from '../jobs/own-job.ts';
import { annotatedProcessor } from '../jobs/workers.ts';
import {
  enclosingFunction,
  enclosingThis,
  functionName,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, type Frame, type FunctionValue, type Ref, type Value } from '../values/value.ts';

export interface Effect {
  at: Ref;
  /** What is done, as a reader would write it: `job.waitUntilFinished()`. */
  label: string;
  /** What it is done to, where the kind has such a thing: a variable, a path. */
  target: string;
}

/** The calls of a function that are an effect, as effects with their own text as the label. */
export function callsWhere(
  { module, frame, body }: Running,
  isEffect: (call: Ref<TSESTree.CallExpression>) => boolean,
): Effect[] {
  return body.flatMap((node): Effect[] => {
    if (node.type !== 'CallExpression') return [];
    const at = here(module, node, frame) as Ref<TSESTree.CallExpression>;
    if (!isEffect(at)) return [];
    const label = labelOf(at);
    return [{ at, label, target: label }];
  });
}

const MAX_LABEL = 50;

/** A call as a reader would write it, without its arguments; of a long chain its end: `….values().returning()`. */
export function labelOf({ module, node }: Ref<TSESTree.CallExpression>): string {
  const text = module.textOf(unwrap(node.callee)).replace(/\s+/g, '');
  if (text.length <= MAX_LABEL) return `${text}()`;
  const end = text.slice(-MAX_LABEL);
  const dot = end.indexOf('.');
  return `…${dot < 0 ? end : end.slice(dot)}()`;
}

/** A function that runs in the context, entered with what is known of its arguments. */
export interface Running {
  fn: FunctionValue;
  module: SourceModule;
  frame: Frame | undefined;
  /** All nodes that run with the function. */
  body: readonly Node[];
  /** Whether the function is called in a loop on the way, for a kind that asks for it. */
  isRepeated: boolean;
}

export interface EffectKind<E extends Effect = Effect> {
  name: string;
  /** The words without which no file can have the effect; names a mark of the catalog. */
  mark: string | undefined;
  /** Whether a call whose promise is dropped still counts as doing what it starts. */
  throughFloating: boolean;
  /** Whether the effect depends on values that are passed, such as a path, and not only on functions. */
  readsArguments?: boolean;
  /** Functions on the longest way that is followed; a wide kind looks less far. */
  maxWay?: number;
  /** Whether a called function that takes a job itself is a context of its own. */
  endsAtProcessors?: boolean;
  /** Whether the function runs a job, or is told of one, as its first argument, and the kind asks for parts of it. */
  ofJob?: boolean;
  /** Whether a function written inside of another needs to be known with the `this` of that. */
  ofThis?: boolean;
  /** Whether it matters that a function is called again and again. */
  countsRounds?: boolean;
  /** Whether it matters at which places a function is called: each call of it is a way of its own. */
  countsCalls?: boolean;
  /** Whether what a call enters counts, by how the call is written; every call does where this is left out. */
  leads?(running: Running, call: Node): boolean;
  find(ev: Evaluation, running: Running): E[];
  /** Whether the effects of a function that is called here count, where that depends on more than the call. */
  follows?(ev: Evaluation, running: Running, call: CallNode, next: Entered): boolean;
}

export type CallNode = TSESTree.CallExpression | TSESTree.NewExpression;

/** One function on the way from a context to an effect. */
export interface Step {
  name: string;
  at: Ref<FunctionNode>;
  /** The call by which the function before it enters this one; none for the context itself. */
  call: Ref | undefined;
}

export interface ReachedEffect<E extends Effect = Effect> {
  effect: E;
  /** The functions on the way, from the context's own to the one with the effect. */
  way: readonly Step[];
  /** The node in the context's file to report: the effect, or the last call in the file that leads to it. */
  node: Node;
}

/** A function on the way to an effect, with the call in it that leads on, or the effect itself. */
export interface Stage {
  fn: Ref<FunctionNode>;
  at: Ref;
}

/** The functions on the way to an effect, each with the place where it leads on. */
export function stagesOf({ way, effect }: ReachedEffect): Stage[] {
  return way.map(({ at }, index) => ({ fn: at, at: way[index + 1]?.call ?? effect.at }));
}

export interface Reach {
  /** Whether a file can have, or lead to, something with this mark; skips what surely cannot. */
  leadsTo(file: string, mark: string): boolean;
  /** The same for what a call enters, told by the name it begins with; cheap, to be asked before evaluation. */
  mayLead(module: SourceModule, call: Node, mark: string): boolean;
}

const MAX_WAY = 8;
const MAX_FUNCTIONS = 400;

/** A function to be looked at. */
interface Next extends Entered {
  isRepeated?: boolean;
  /** What the call leaves open of the function, where that is not all of it. */
  isOpen?: ((node: Node) => boolean) | undefined;
  /** Whether it has been looked at before, and only what another call leaves open is new. */
  isAgain?: boolean;
}

interface Visit extends Next {
  way: readonly Step[];
  /** The nodes of the function that count, where that is not all of it. */
  part?: readonly Node[] | undefined;
}

/** What is known of functions of other files, so that many contexts that reach one ask once. */
export type EffectMemory = WeakMap<EffectKind, WeakMap<Node, readonly FarEffect[]>>;

interface FarEffect<E extends Effect = Effect> {
  effect: E;
  way: readonly Step[];
}

/**
 * All effects of a kind that running a function has, nearest first. What happens in other files is told once for
 * each call in the function's own file that leads there. With `part` only these nodes of the function count.
 */
export function effectsOf<E extends Effect>(
  ev: Evaluation,
  start: FunctionValue,
  kind: EffectKind<E>,
  reach: Reach,
  memory: EffectMemory,
  part?: readonly Node[],
): ReachedEffect<E>[] {
  const origin = start.at.module;
  const reached: ReachedEffect<E>[] = [];
  const first: Visit = {
    ...(kind.ofJob ? enterWithJob(start) : enterUnknown(start)),
    way: [step(start)],
    part,
  };
  walk(ev, first, kind, reach, {
    effect: (effect, way) => {
      reached.push({ effect, way, node: effect.at.node });
    },
    enters: (next, call, way) => {
      if (next.fn.at.module === origin) return true;
      for (const far of effectsBeyond(ev, next, kind, reach, memory))
        reached.push({
          effect: far.effect,
          way: [...way, ...enteredAt(far.way, call)],
          node: far.effect.at.module === origin ? far.effect.at.node : call.node,
        });
      return false;
    },
  });
  return reached;
}

/** The effects of a function of another file and of what it calls. */
function effectsBeyond<E extends Effect>(
  ev: Evaluation,
  entered: Next,
  kind: EffectKind<E>,
  reach: Reach,
  memory: EffectMemory,
): readonly FarEffect<E>[] {
  const isPlain = entered.frame === undefined && !entered.isRepeated && !entered.isOpen;
  const ofKind = memory.get(kind) ?? new WeakMap<Node, readonly FarEffect[]>();
  memory.set(kind, ofKind);
  const known = isPlain ? ofKind.get(entered.fn.at.node) : undefined;
  if (known) return known as readonly FarEffect<E>[];
  const found: FarEffect<E>[] = [];
  walk(ev, { ...entered, way: [step(entered.fn)] }, kind, reach, {
    effect: (effect, way) => {
      found.push({ effect, way });
    },
    enters: () => true,
  });
  if (isPlain) ofKind.set(entered.fn.at.node, found);
  return found;
}

/**
 * The same function without the arguments, where they cannot change what it does: then what is found out about it
 * holds for all its callers.
 */
function withoutIdleArguments(ev: Evaluation, entered: Entered, kind: EffectKind): Entered {
  const { fn, frame } = entered;
  if (frame === undefined || fn.at.frame !== undefined) return entered;
  if (fn.thisValue && !isPlainThis(fn)) return entered;
  const matters = frame.args.some((argument) => {
    const value = 'kind' in argument ? argument : ev.evaluate(argument);
    return membersOf(value).some((member) =>
      kind.readsArguments
        ? !/^(?:shape|enum|namespace|instance)$/.test(member.kind)
        : canChangeEffects(ev, member, 0),
    );
  });
  return matters ? entered : { fn, frame: undefined };
}

/** Whether `this` is what it would be taken for anyway: an instance of the method's own class, made who knows how. */
function isPlainThis({ thisValue, at }: FunctionValue): boolean {
  return (
    thisValue?.kind === 'instance' &&
    thisValue.site === undefined &&
    thisValue.class.at.node === enclosingThis(at.node.body)?.class
  );
}

/** Functions, which can be called, and what outlives the call, which can be changed; through what is made for it. */
function canChangeEffects(ev: Evaluation, value: Value, depth: number): boolean {
  switch (value.kind) {
    case 'function':
    case 'class':
      return true;
    case 'object':
      return (
        enclosingFunction(value.at.node) === undefined ||
        depth > 2 ||
        value.parts.some((part) => canChange(ev, part.value, depth))
      );
    case 'array':
      return (
        enclosingFunction(value.at.node) === undefined ||
        depth > 2 ||
        (value.items ?? []).some((item) => item !== undefined && canChange(ev, item, depth))
      );
    default:
      return false;
  }
}

function canChange(ev: Evaluation, ref: Ref, depth: number): boolean {
  if (ref.node.type === 'Literal' || ref.node.type === 'TemplateLiteral') return false;
  return membersOf(ev.evaluate(ref)).some((member) => canChangeEffects(ev, member, depth + 1));
}

interface Walk<E extends Effect> {
  effect(effect: E, way: readonly Step[]): void;
  /** Whether to go into a function that is called. */
  enters(next: Next, call: Ref, way: readonly Step[]): boolean;
}

/** Breadth first, so that the shortest way to an effect is the one that is told. */
function walk<E extends Effect>(
  ev: Evaluation,
  first: Visit,
  kind: EffectKind<E>,
  reach: Reach,
  walked: Walk<E>,
): void {
  const seen = new Map<Node, Seen>([[first.fn.at.node, { isRepeated: false, isWhole: true, times: 1 }]]);
  const told = new Set<Node>();
  const { fn } = first;
  const origin = fn.at.module;
  const open = first.isOpen ?? openBranches(ev, origin, fn.at.node, first.frame);
  const queue: Visit[] = [open ? { ...first, isOpen: open } : first];
  for (let i = 0; i < queue.length && i < MAX_FUNCTIONS; i++) {
    const visit = queue[i] as Visit;
    const module = visit.fn.at.module;
    const body = visit.part ?? bodyOf(module, visit.fn.at.node);
    const { isRepeated = false, isOpen } = visit;
    const running: Running = { fn: visit.fn, module, frame: visit.frame, body, isRepeated };
    for (const effect of kind.find(ev, running)) {
      const { node } = effect.at;
      if (isOpen?.(node) === false || (visit.isAgain && told.has(node))) continue;
      told.add(node);
      walked.effect(effect, visit.way);
    }
    if (visit.way.length >= (kind.maxWay ?? MAX_WAY)) continue;
    for (const call of body) {
      if (call.type !== 'CallExpression' && call.type !== 'NewExpression') continue;
      if (!kind.throughFloating && isFloating(call)) continue;
      if (kind.mark !== undefined && !reach.mayLead(module, call, kind.mark)) continue;
      if (kind.leads?.(running, call) === false) continue;
      if (isOpen?.(call) === false) continue;
      const isInRound = kind.countsRounds === true && (isRepeated || repeats(call, visit.fn.at.node));
      for (const entered of enteredBy(ev, here(module, call, visit.frame) as Ref<TSESTree.CallExpression>)) {
        const again =
          isInRound || (kind.countsRounds === true && entered.isHanded === true && isIteration(call));
        const { module: target, node } = entered.fn.at;
        if (kind.mark !== undefined && target !== origin && !reach.leadsTo(target.path, kind.mark)) continue;
        // One way in a circle is enough.
        if (kind.countsCalls && visit.way.some((one) => one.at.node === node)) continue;
        const key = kind.countsCalls ? call : node;
        const before = seen.get(key);
        if (before && !looksAgain(before, again)) continue;
        // A function that takes the job is reported in its own file, once, and not at all of its callers.
        if (kind.endsAtProcessors && annotatedProcessor(ev, target, node)) continue;
        const closed = closedOver(entered, visit.frame);
        const open = openBranches(ev, target, node, closed.frame);
        const next = {
          ...asEntered(ev, kind, entered, closed, open !== undefined || testsInside(target, node)),
          isRepeated: again,
          isOpen: open,
          isAgain: before?.isRepeated === again,
        };
        if (kind.follows && !kind.follows(ev, running, call, next)) continue;
        const at = here(module, call, visit.frame);
        if (!walked.enters(next, at, visit.way)) continue;
        seen.set(key, {
          isRepeated: again,
          isWhole: !open,
          times: (before?.times ?? 0) + 1,
        });
        queue.push({ ...next, way: [...visit.way, step(next.fn, at)] });
      }
    }
  }
}

/** A function with as much of what it is entered with, and closes over, as a kind has to know. */
function asEntered(
  ev: Evaluation,
  kind: EffectKind,
  entered: Entered,
  closed: Entered,
  isTested: boolean,
): Entered {
  if (kind.ofJob || isTested || (kind.ofThis && closed !== entered)) return closed;
  return withoutIdleArguments(ev, entered, kind);
}

/** How a function has been looked at. */
interface Seen {
  /** As one that is called again and again. */
  isRepeated: boolean;
  /** With no branch ruled out by the call. */
  isWhole: boolean;
  times: number;
}

const MAX_TIMES = 6;

/** Whether another call of a function can bring what those before did not. */
function looksAgain({ isRepeated, isWhole, times }: Seen, again: boolean): boolean {
  return (again && !isRepeated) || (!isWhole && times < MAX_TIMES);
}

function step(fn: FunctionValue, call?: Ref): Step {
  return { name: nameOfFunction(fn), at: fn.at, call };
}

/** A way that begins in another file, as it goes on from a call. */
function enteredAt(way: readonly Step[], call: Ref): Step[] {
  return way.map((one, index) => (index === 0 ? { ...one, call } : one));
}

export function nameOfFunction(fn: FunctionValue): string {
  return functionName(fn.at.node) ?? 'function';
}
