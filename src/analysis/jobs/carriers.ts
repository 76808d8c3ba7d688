/**
 * Functions whose promise is that of an enqueue: who drops their promise drops the enqueue's.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { fateOf } from '../calls/fate.ts';
import type { SourceModule } from '../source/module.ts';
import type { FunctionNode, Node } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type FunctionValue, type Ref } from '../values/value.ts';
import { looksLikeEnqueue, readEnqueue, type Enqueue } from './enqueues.ts';

/** The enqueue whose promise a function gives, with the functions on the way, outermost first. */
export interface Carried {
  enqueue: Enqueue;
  way: readonly FunctionValue[];
}

/** Functions around an enqueue that are followed. */
const MAX_WAY = 3;

export class Carriers {
  readonly #ev: Evaluation;
  readonly #mayEnqueue: (module: SourceModule, call: Node) => boolean;
  readonly #known = new WeakMap<FunctionNode, Carried | null>();

  /** `mayEnqueue`: whether a call can lead to an enqueue at all; cheap, to be asked before evaluation. */
  constructor(ev: Evaluation, mayEnqueue: (module: SourceModule, call: Node) => boolean) {
    this.#ev = ev;
    this.#mayEnqueue = mayEnqueue;
  }

  /** What the promise of a call carries; `undefined` for an enqueue itself, and where it carries none. */
  carriedBy(call: Ref<TSESTree.CallExpression>, depth = 0): Carried | undefined {
    if (depth >= MAX_WAY || !this.#mayEnqueue(call.module, call.node)) return undefined;
    for (const callee of membersOf(present(this.#ev.evaluate(here(call.module, call.node.callee))))) {
      const carried = callee.kind === 'function' ? this.carriedByFunction(callee, depth) : undefined;
      if (carried) return carried;
    }
    return undefined;
  }

  /** Whether the promise of a call is that of an enqueue, its own or one that it carries. */
  carries(call: Ref<TSESTree.CallExpression>): boolean {
    return (
      (looksLikeEnqueue(call.node) && readEnqueue(this.#ev, call) !== undefined) ||
      this.carriedBy(call) !== undefined
    );
  }

  carriedByFunction(fn: FunctionValue, depth = 0): Carried | undefined {
    const { node } = fn.at;
    if (node.generator) return undefined;
    const known = this.#known.get(node);
    if (known !== undefined) return known ?? undefined;
    this.#known.set(node, null); // a function that calls itself adds nothing
    const found = this.#find(fn, depth);
    // What lies beyond the bound is asked again from nearer by.
    if (found ?? depth === 0) this.#known.set(node, found ?? null);
    else this.#known.delete(node);
    return found;
  }

  #find(fn: FunctionValue, depth: number): Carried | undefined {
    const { module, node } = fn.at;
    for (const call of bodyOf(module, node)) {
      if (call.type !== 'CallExpression') continue;
      const isEnqueue = looksLikeEnqueue(call);
      if (!isEnqueue && !this.#mayEnqueue(module, call)) continue;
      const at = here(module, call) as Ref<TSESTree.CallExpression>;
      const fate = fateOf(this.#ev, at);
      if ((fate.kind !== 'awaited' && fate.kind !== 'returned') || fate.by !== node) continue;
      // Who starts a loop without end does not wait for it.
      if (isEndless(call, node)) continue;
      const enqueue = isEnqueue ? readEnqueue(this.#ev, at) : undefined;
      if (enqueue) return { enqueue, way: [fn] };
      const carried = this.carriedBy(at, depth + 1);
      if (carried) return { enqueue: carried.enqueue, way: [fn, ...carried.way] };
    }
    return undefined;
  }
}

/** Whether a node is in a `while (true)` or `for (;;)` of a function. */
function isEndless(node: Node, fn: FunctionNode): boolean {
  for (let current = node.parent; current && current !== fn; current = current.parent) {
    if (current.type === 'ForStatement' && !current.test) return true;
    if (
      (current.type === 'WhileStatement' || current.type === 'DoWhileStatement') &&
      current.test.type === 'Literal' &&
      current.test.value === true
    )
      return true;
  }
  return false;
}
