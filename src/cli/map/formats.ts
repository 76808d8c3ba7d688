/**
 * The forms in which a map is printed.
 */
import type { JobMap } from './model.ts';

export const formats = {
  mermaid: (map: JobMap) => JSON.stringify(map),
  json: (map: JobMap) => `${JSON.stringify(map, null, 2)}\n`,
} satisfies Record<string, (map: JobMap) => string>;

export type Format = keyof typeof formats;
