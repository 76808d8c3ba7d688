/**
 * The formats of `check` that are not ESLint's own.
 */
import type { Format } from './format.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { markdown } from './markdown.ts';
import { sarif } from './sarif.ts';

export const formats: Readonly<Record<string, Format>> = { github, gitlab, sarif, markdown };

/** Formats that ESLint brings along. */
export const ESLINT_FORMATS: readonly string[] = ['stylish', 'json'];

export const formatNames: readonly string[] = [...ESLINT_FORMATS, ...Object.keys(formats)];
