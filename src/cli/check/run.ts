/**
 * One run of ESLint: its options, from data that can be handed to threads. As a module it is what
 * `ESLint.fromOptionsModule` loads, in this thread and in others, with the data in the query of its URL.
 */
import type { ESLint, Linter } from 'eslint';
import plugin from '../../plugin/index.ts';
import * as parser from './parser.ts';

/** What some files are linted with. */
export interface Group {
  /** Paths below the working directory, with forward slashes; all files where it is left out. */
  files?: readonly string[];
  rules: Linter.RulesRecord;
  /** Under the plugin's key. */
  settings?: unknown;
}

export interface Run {
  /** All files lie below it. */
  cwd: string;
  groups: readonly Group[];
  fix: boolean;
  /** Where the cache is kept, for a run with one. */
  cacheLocation?: string;
  concurrency: 'off' | 'auto' | number;
}

export function optionsOf({ cwd, groups, fix, cacheLocation, concurrency }: Run): ESLint.Options {
  return {
    cwd,
    fix,
    // Only what stands here: the project's own configuration has been asked for its part already.
    overrideConfigFile: true,
    overrideConfig: [
      {
        plugins: { 'async-tasks': plugin },
        linterOptions: { reportUnusedDisableDirectives: 'off', reportUnusedInlineConfigs: 'off' },
      },
      { files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'], languageOptions: { parser } },
      ...groups.map(({ files, rules, settings }) => ({
        ...(files ? { files: files.map(literally) } : {}),
        rules,
        ...(settings === undefined ? {} : { settings: { 'async-tasks': settings } }),
      })),
    ],
    ...(cacheLocation === undefined ? {} : { cache: true, cacheLocation, cacheStrategy: 'content' as const }),
    concurrency,
    warnIgnored: false,
  };
}

/** A pattern that matches this path alone. */
function literally(file: string): string {
  return file.replace(/[\\*?[\]{}()!+@#]/g, '\\$&');
}

/** The URL of this module for a run. */
export function optionsUrl(run: Run): URL {
  const url = new URL(import.meta.url);
  url.searchParams.set('run', JSON.stringify(run));
  return url;
}

const given = new URL(import.meta.url).searchParams.get('run');

/**
 * The options of the run in the URL, if there is one.
 *
 * @public ESLint's threads load it
 */
export default given === null ? undefined : optionsOf(JSON.parse(given) as Run);
