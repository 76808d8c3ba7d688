/**
 * Functions and classes that construct what they are given options for: `createWorker('mail', send, { lockDuration })`.
 * The options are at the calls.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { enteredBy } from '../calls/callees.ts';
import type { SourceModule } from '../source/module.ts';
import type { FunctionNode } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { dependsOnParameter } from '../values/trace.ts';
import type { Ref } from '../values/value.ts';
import { readConstruction, type Construction } from './constructions.ts';

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

/** A construction as a call of the function around it has it. */
export interface PassedConstruction extends Construction {
  call: Ref<Call>;
}

/** The constructions that a call brings about with options that it passes. */
export function passedConstructions(
  ev: Evaluation,
  call: Ref<Call>,
  canConstruct: (module: SourceModule) => boolean,
): PassedConstruction[] {
  return enteredBy(ev, call).flatMap(({ fn, frame }) =>
    frame && canConstruct(fn.at.module)
      ? openConstructions(ev, fn.at.module, fn.at.node).map((construction) => ({
          ...construction,
          at: { ...construction.at, frame },
          options: construction.options && { ...construction.options, frame },
          call,
        }))
      : [],
  );
}

const known = new WeakMap<FunctionNode, readonly Construction[]>();

/** The constructions in a function whose options depend on its parameters. */
function openConstructions(ev: Evaluation, module: SourceModule, fn: FunctionNode): readonly Construction[] {
  let found = known.get(fn);
  if (!found) {
    found = bodyOf(module, fn).flatMap((node) => {
      if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return [];
      const construction = readConstruction(ev, here(module, node) as Ref<Call>);
      const options = construction?.options;
      return options && dependsOnParameter(ev, options) ? [construction] : [];
    });
    known.set(fn, found);
  }
  return found;
}
