/**
 * Adding a job for each of many things: in a loop, for each item of a list, in a function that is called so, in bulk.
 * Where each thing is claimed before (`isClaimed`), a second run finds nothing to claim.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { endsRound, repeats, roundsAround } from '../../calls/rounds.ts';
import { readEnqueue, type Enqueue } from '../../jobs/enqueues.ts';
import { contains, unwrap, type FunctionNode, type Node } from '../../source/nodes.ts';
import type { SourceModule } from '../../source/module.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import type { Ref } from '../../values/value.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';
import { enqueues } from './enqueues.ts';
import { isDatabaseWrite } from './writes-database.ts';

export interface FanOut extends Effect {
  enqueue: Enqueue;
}

export const fansOut: EffectKind<FanOut> = {
  ...enqueues,
  name: 'fans-out',
  countsRounds: true,
  endsAtProcessors: true,
  maxWay: 3,
  find(ev, running) {
    const { module, fn, isRepeated } = running;
    return enqueues.find(ev, running).flatMap((effect): FanOut[] => {
      const call = effect.at as Ref<TSESTree.CallExpression>;
      const enqueue = readEnqueue(ev, call);
      // A schedule is known by its id; the nodes of a flow are made anew with it.
      if (enqueue?.kind !== 'job' && enqueue?.kind !== 'bulk') return [];
      const within = fn.at.node;
      const isMany =
        (isRepeated && isWrapper(ev, running)) ||
        repeats(call.node, within) ||
        addsMany(enqueue) ||
        differsByRound(module, enqueue, within);
      return isMany ? [{ ...effect, enqueue }] : [];
    });
  },
};

/** Whether the job is what a function is for, and not something that goes with what it stores. */
function isWrapper(ev: Evaluation, { module, frame, body }: Running): boolean {
  return !body.some(
    (node) =>
      node.type === 'CallExpression' &&
      isDatabaseWrite(ev, here(module, node, frame) as Ref<TSESTree.CallExpression>),
  );
}

/** Whether a list of jobs is more than one that is written out. */
function addsMany({ kind, call }: Enqueue): boolean {
  if (kind !== 'bulk') return false;
  const [list] = call.node.arguments;
  const written = list && unwrap(list);
  return !(
    written?.type === 'ArrayExpression' &&
    written.elements.length < 2 &&
    !written.elements.some((element) => element?.type === 'SpreadElement')
  );
}

/** `while (page = await next()) await queue.add('page', { ids: page.ids })`: a job of its own in each round. */
function differsByRound(module: SourceModule, { call, jobs }: Enqueue, within: FunctionNode): boolean {
  return roundsAround(call.node, within).some(
    (round) =>
      round.kind === 'condition' &&
      !endsRound(call.node, round) &&
      jobs.some(({ payload }) => payload?.module === module && uses(module, payload.node, round.body)),
  );
}

/** Whether an expression has a name that is declared in a part of the file. */
function uses(module: SourceModule, expression: Node, part: Node): boolean {
  if (expression.type === 'Identifier') {
    const declared = module.variableOf(expression)?.identifiers[0] as Node | undefined;
    return declared !== undefined && contains(part, declared);
  }
  return module.childrenOf(expression).some((child) => uses(module, child, part));
}
