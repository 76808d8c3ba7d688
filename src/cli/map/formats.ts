/**
 * The forms in which a map is printed.
 */
import { htmlOf } from './html.ts';
import { mermaidOf } from './mermaid.ts';
import type { JobMap } from './model.ts';
import { svgOf } from './svg.ts';

export const formats = {
  mermaid: mermaidOf,
  svg: svgOf,
  html: htmlOf,
  json: (map: JobMap) => `${JSON.stringify(map, null, 2)}\n`,
} satisfies Record<string, (map: JobMap) => string>;

export type Format = keyof typeof formats;
