/**
 * Options that a call hands to a function of the project which constructs something with them:
 * `createWorker('mail', send, { concurrency: 5 })`.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { enteredBy } from '../calls/callees.ts';
import type { SourceModule } from '../source/module.ts';
import { contains } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { dependsOnParameter } from '../values/trace.ts';
import type { Ref } from '../values/value.ts';
import type { Construction } from './constructions.ts';
import { constructionOptions, type WrittenOptions } from './options.ts';

/** The options of constructions as this call decides them, `constructionsIn` telling those of a file. */
export function passedOptions(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression | TSESTree.NewExpression>,
  constructionsIn: (module: SourceModule) => readonly Construction[],
): WrittenOptions[] {
  return enteredBy(ev, call).flatMap(({ fn, frame }) =>
    constructionsIn(fn.at.module)
      .filter(
        ({ at, options }) => contains(fn.at.node, at.node) && options && dependsOnParameter(ev, options),
      )
      .map((construction): Construction => ({
        ...construction,
        at: { ...construction.at, frame },
        options: construction.options && { ...construction.options, frame },
      }))
      .flatMap((construction) => constructionOptions(ev, construction))
      .map((options) => ({ ...options, via: call })),
  );
}
