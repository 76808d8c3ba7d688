/**
 * What the parts of the evaluator need of each other.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Definition, ModuleSource } from '../modules/follow.ts';
import type { SourceModule } from '../source/module.ts';
import type { ClassNode } from '../source/nodes.ts';
import type { FunctionValue, Lookup, Ref, Value } from './value.ts';

export interface Evaluation {
  readonly modules: ModuleSource;
  /** Names of functions whose result is the function they are given, by the user's word. */
  readonly wrappers: ReadonlySet<string>;
  /** Whether the instances at a path, such as `bullmq:.Queue#`, are used for their methods, and are no data. */
  readonly isService: (path: string) => boolean;
  /** The value of an expression, or of a definition's node. */
  evaluate(ref: Ref): Value;
  /** A module as a whole, as `import * as` has it. */
  namespace(specifier: string, at: Ref): Value;
  /** The value that something declared with this type has. */
  typed(ref: Ref): Value;
  /** `value.key`; without a key, `value[anything]`. */
  member(value: Value, key: string | undefined, at: Ref): Value;
  /** A property as an option of an options object: known, absent or unknown. */
  lookup(value: Value, key: string): Lookup;
  /** An element of a list, or the one at an index. */
  element(value: Value, at: Ref, index?: number): Value;
  /** What calling a function of the project returns. */
  returned(fn: FunctionValue, args: readonly (Ref | Value)[], at: Ref): Value;
  variable(variable: Variable, at: Ref): Value;
  defined(definition: Definition | undefined, at: Ref): Value;
  instance(of: Ref<ClassNode>, at: Ref, site?: Ref<TSESTree.NewExpression>): Value;
  /** Whether there are steps left: analysis is bounded, what lies beyond is unknown. */
  readonly exhausted: boolean;
}

export function here(module: SourceModule, node: Ref['node'], frame?: Ref['frame']): Ref {
  return { module, node, frame };
}

/** The same place in the code around, with another node of the same file. */
export function beside<N extends Ref['node']>(ref: Ref, node: N): Ref<N> {
  return { module: ref.module, node, frame: ref.frame };
}
