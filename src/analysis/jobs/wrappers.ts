/**
 * Functions that enqueue what they are given: `addEmailJob(data)`, `mails.schedule(id, options)`. The facts about
 * such an enqueue are at the calls of the function.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { enter } from '../calls/callees.ts';
import type { SourceModule } from '../source/module.ts';
import type { FunctionNode } from '../source/nodes.ts';
import { argumentRefs } from '../values/calls.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { dependsOnParameter } from '../values/trace.ts';
import { membersOf, present, type FunctionValue, type Ref } from '../values/value.ts';
import { looksLikeEnqueue, readEnqueue, type Enqueue, type JobInput } from './enqueues.ts';

/** A call inside a wrapper whose job depends on the wrapper's parameters. */
type Inner =
  { kind: 'enqueue'; call: TSESTree.CallExpression } | { kind: 'wrapper'; call: TSESTree.CallExpression };

const MAX_WRAPPERS = 3;

export class Wrappers {
  readonly #ev: Evaluation;
  readonly #canEnqueue: (module: SourceModule) => boolean;
  readonly #inner = new WeakMap<FunctionNode, readonly Inner[]>();

  /** `canEnqueue`: whether a file can have enqueues at all, directly or through its imports. */
  constructor(ev: Evaluation, canEnqueue: (module: SourceModule) => boolean) {
    this.#ev = ev;
    this.#canEnqueue = canEnqueue;
  }

  /** The enqueues that a call brings about with what it passes; none when the call passes nothing on. */
  enqueuesAt(
    call: Ref<TSESTree.CallExpression>,
    via: readonly Ref<TSESTree.CallExpression | TSESTree.NewExpression>[] = [],
  ): Enqueue[] {
    if (via.length >= MAX_WRAPPERS || looksLikeQueueCall(this.#ev, call)) return [];
    return this.#callees(call).flatMap((fn) => this.#through(fn, call, [...via, call]));
  }

  /** An enqueue through wrappers as the outermost one makes it, whoever calls it. */
  asWritten({ call, via }: Enqueue): Enqueue | undefined {
    const [, inner] = via;
    if (!inner) return readEnqueue(this.#ev, { ...call, frame: undefined });
    return this.enqueuesAt({ ...(inner as Ref<TSESTree.CallExpression>), frame: undefined }).find(
      (enqueue) => enqueue.call.node === call.node && enqueue.via.length === via.length - 1,
    );
  }

  #callees(call: Ref<TSESTree.CallExpression>): FunctionValue[] {
    return membersOf(present(this.#ev.evaluate(here(call.module, call.node.callee, call.frame)))).flatMap(
      (callee) =>
        callee.kind === 'function' && callee.at.node.params.length > 0 && this.#canEnqueue(callee.at.module)
          ? [callee]
          : [],
    );
  }

  #through(fn: FunctionValue, call: Ref<TSESTree.CallExpression>, via: Enqueue['via']): Enqueue[] {
    const inner = this.#innerOf(fn.at.module, fn.at.node);
    if (inner.length === 0) return [];
    const { frame } = enter(fn, [...fn.bound, ...argumentRefs(call)], call);
    return inner.flatMap((found) => {
      const at: Ref<TSESTree.CallExpression> = { module: fn.at.module, node: found.call, frame };
      if (found.kind === 'wrapper') return this.enqueuesAt(at, via);
      const enqueue = readEnqueue(this.#ev, at, via);
      return enqueue ? [enqueue] : [];
    });
  }

  #innerOf(module: SourceModule, fn: FunctionNode): readonly Inner[] {
    const known = this.#inner.get(fn);
    if (known) return known;
    this.#inner.set(fn, []); // a wrapper that calls itself adds nothing
    const found: Inner[] = [];
    for (const node of bodyOf(module, fn)) {
      if (node.type !== 'CallExpression') continue;
      const at = here(module, node) as Ref<TSESTree.CallExpression>;
      const enqueue = looksLikeEnqueue(node) ? readEnqueue(this.#ev, at) : undefined;
      if (enqueue) {
        const { jobs, partial, schedule } = enqueue;
        const isScheduledIn = [schedule?.id, schedule?.repeat].some(
          (ref) => ref !== undefined && dependsOnParameter(this.#ev, ref),
        );
        if (jobs.some((job) => isPassedIn(this.#ev, job)) || partial || isScheduledIn)
          found.push({ kind: 'enqueue', call: node });
      } else if (
        node.arguments.some((argument) => dependsOnParameter(this.#ev, here(module, argument))) &&
        this.#callees(at).some((callee) => this.#innerOf(callee.at.module, callee.at.node).length > 0)
      )
        found.push({ kind: 'wrapper', call: node });
    }
    this.#inner.set(fn, found);
    return found;
  }
}

/** Whether a job's payload or options come from the parameters of the function around it. */
export function isPassedIn(ev: Evaluation, job: JobInput): boolean {
  return [job.payload, job.options].some((ref) => ref !== undefined && dependsOnParameter(ev, ref));
}

function looksLikeQueueCall(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  return looksLikeEnqueue(call.node) && readEnqueue(ev, call) !== undefined;
}
