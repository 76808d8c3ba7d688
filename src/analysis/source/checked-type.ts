/**
 * What a type checker knows of the linted file, in the few words that the analysis needs. There is one only when the
 * linter runs with type information.
 */
import type { Node } from './nodes.ts';

export interface TypeOracle {
  /** The type of an expression; `undefined` when it says nothing about what the value surely is. */
  typeOf(node: Node): CheckedType | undefined;
}

export type CheckedType =
  | { kind: 'primitive'; type: 'bigint' | 'symbol' }
  | { kind: 'function' }
  | { kind: 'promise'; of: () => CheckedType | undefined }
  | { kind: 'list'; element: () => CheckedType | undefined }
  | CheckedObject
  /** All of these at once. */
  | { kind: 'intersection'; of: readonly CheckedType[] };

export interface CheckedObject {
  kind: 'object';
  /** The type of a package or the language that it is, spelled as paths are: `global:.Date#`. */
  path: string | undefined;
  /** The class of the project that it is an instance of. */
  class: { file: string; name: string } | undefined;
  /** Whether it says by itself what JSON makes of it. */
  hasToJson: boolean;
  properties: () => readonly CheckedProperty[];
}

export interface CheckedProperty {
  name: string;
  isOptional: boolean;
  type: () => CheckedType | undefined;
}
