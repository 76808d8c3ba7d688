/**
 * Effects: what code does that matters in a context, and how a function comes to do it.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf, isFloating } from '../calls/body.ts';
import { enteredBy, enterUnknown, type Entered } from '../calls/callees.ts';
import { annotatedProcessor } from '../jobs/workers.ts';
import { functionName, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, type Frame, type FunctionValue, type Ref } from '../values/value.ts';

export interface Effect {
  at: Ref;
  /** What is done, as a reader would write it: `job.waitUntilFinished()`. */
  label: string;
  /** What it is done to, where the kind has such a thing: a variable, a path. */
  target: string;
}

/** A function that runs in the context, entered with what is known of its arguments. */
export interface Running {
  fn: FunctionValue;
  module: SourceModule;
  frame: Frame | undefined;
  /** All nodes that run with the function. */
  body: readonly Node[];
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
  find(ev: Evaluation, running: Running): E[];
  /** Whether the effects of a function that is called here count, where that depends on more than the call. */
  follows?(ev: Evaluation, running: Running, call: CallNode, next: Entered): boolean;
}

export type CallNode = TSESTree.CallExpression | TSESTree.NewExpression;

/** One call on the way from a context to an effect. */
export interface Step {
  name: string;
  at: Ref;
}

export interface ReachedEffect<E extends Effect = Effect> {
  effect: E;
  /** The functions on the way, from the context's own to the one with the effect. */
  way: readonly Step[];
  /** The node in the context's file to report: the effect, or the last call in the file that leads to it. */
  node: Node;
}

export interface Reach {
  /** Whether a file can have, or lead to, something with this mark; skips what surely cannot. */
  leadsTo(file: string, mark: string): boolean;
  /** The same for what a call enters, told by the name it begins with; cheap, to be asked before evaluation. */
  mayLead(module: SourceModule, call: Node, mark: string): boolean;
}

const MAX_WAY = 8;
const MAX_FUNCTIONS = 400;

interface Visit extends Entered {
  way: readonly Step[];
}

/** What is known of functions of other files, so that many contexts that reach one ask once. */
export type EffectMemory = WeakMap<EffectKind, WeakMap<Node, readonly FarEffect[]>>;

interface FarEffect<E extends Effect = Effect> {
  effect: E;
  way: readonly Step[];
}

/**
 * All effects of a kind that running a function has, nearest first. What happens in other files is told once for
 * each call in the function's own file that leads there.
 */
export function effectsOf<E extends Effect>(
  ev: Evaluation,
  start: FunctionValue,
  kind: EffectKind<E>,
  reach: Reach,
  memory: EffectMemory,
): ReachedEffect<E>[] {
  const origin = start.at.module;
  const reached: ReachedEffect<E>[] = [];
  const first: Visit = { ...enterUnknown(start), way: [step(start)] };
  walk(ev, first, kind, reach, {
    effect: (effect, way) => {
      reached.push({ effect, way, node: effect.at.node });
    },
    enters: (next, call, way) => {
      if (next.fn.at.module === origin) return true;
      if (kind.mark !== undefined && !reach.leadsTo(next.fn.at.module.path, kind.mark)) return false;
      for (const far of effectsBeyond(ev, next, kind, reach, memory))
        reached.push({
          effect: far.effect,
          way: [...way, ...far.way],
          node: far.effect.at.module === origin ? far.effect.at.node : call,
        });
      return false;
    },
  });
  return reached;
}

/** The effects of a function of another file and of what it calls. */
function effectsBeyond<E extends Effect>(
  ev: Evaluation,
  entered: Entered,
  kind: EffectKind<E>,
  reach: Reach,
  memory: EffectMemory,
): readonly FarEffect<E>[] {
  const isPlain = !dependsOnCaller(ev, entered, kind);
  const ofKind = memory.get(kind) ?? new WeakMap<Node, readonly FarEffect[]>();
  memory.set(kind, ofKind);
  const known = isPlain ? ofKind.get(entered.fn.at.node) : undefined;
  if (known) return known as readonly FarEffect<E>[];
  const found: FarEffect<E>[] = [];
  walk(ev, { ...entered, way: [step(entered.fn)] }, kind, reach, {
    effect: (effect, way) => {
      found.push({ effect, way });
    },
    enters: (next) => kind.mark === undefined || reach.leadsTo(next.fn.at.module.path, kind.mark),
  });
  if (isPlain) ofKind.set(entered.fn.at.node, found);
  return found;
}

/** Whether what a function does depends on the call: on functions or paths that it is given, or on its closure. */
function dependsOnCaller(ev: Evaluation, { fn, frame }: Entered, kind: EffectKind): boolean {
  if (fn.at.frame !== undefined) return true;
  return (frame?.args ?? []).some((argument) => {
    const value = 'kind' in argument ? argument : ev.evaluate(argument);
    return membersOf(value).some((member) =>
      kind.readsArguments
        ? !/^(?:shape|enum|namespace|instance)$/.test(member.kind)
        : /^(?:function|object|array|class)$/.test(member.kind),
    );
  });
}

interface Walk<E extends Effect> {
  effect(effect: E, way: readonly Step[]): void;
  /** Whether to go into a function that is called. */
  enters(next: Entered, call: Node, way: readonly Step[]): boolean;
}

/** Breadth first, so that the shortest way to an effect is the one that is told. */
function walk<E extends Effect>(
  ev: Evaluation,
  first: Visit,
  kind: EffectKind<E>,
  reach: Reach,
  walked: Walk<E>,
): void {
  const seen = new Set<Node>([first.fn.at.node]);
  const queue: Visit[] = [first];
  for (let i = 0; i < queue.length && i < MAX_FUNCTIONS; i++) {
    const visit = queue[i] as Visit;
    const module = visit.fn.at.module;
    const body = bodyOf(module, visit.fn.at.node);
    const running: Running = { fn: visit.fn, module, frame: visit.frame, body };
    for (const effect of kind.find(ev, running)) walked.effect(effect, visit.way);
    if (visit.way.length >= (kind.maxWay ?? MAX_WAY)) continue;
    for (const call of body) {
      if (call.type !== 'CallExpression' && call.type !== 'NewExpression') continue;
      if (!kind.throughFloating && isFloating(call)) continue;
      if (kind.mark !== undefined && !reach.mayLead(module, call, kind.mark)) continue;
      for (const next of enteredBy(ev, here(module, call, visit.frame) as Ref<TSESTree.CallExpression>)) {
        const { module: target, node } = next.fn.at;
        // A function that takes the job is reported in its own file, once, and not at all of its callers.
        if (seen.has(node) || (kind.endsAtProcessors && annotatedProcessor(ev, target, node))) continue;
        if (kind.follows && !kind.follows(ev, running, call, next)) continue;
        if (!walked.enters(next, call, visit.way)) continue;
        seen.add(node);
        queue.push({ ...next, way: [...visit.way, step(next.fn)] });
      }
    }
  }
}

function step(fn: FunctionValue): Step {
  return { name: nameOfFunction(fn), at: fn.at };
}

export function nameOfFunction(fn: FunctionValue): string {
  return functionName(fn.at.node) ?? 'function';
}
