/**
 * Runs ESLint over the files, and tells what it found with what only this process knows.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ESLint, Linter } from 'eslint';
import { listenToReports, type WayStep } from '../../plugin/reports.ts';
import { fingerprints } from '../formats/fingerprints.ts';
import type { Finding } from '../formats/format.ts';
import type { ESLintClass } from './host.ts';
import { optionsOf, optionsUrl, type Run } from './run.ts';
import { applySuggestions } from './suggestions.ts';
import { withMessages } from './suppressions.ts';

export type Results = ESLint.LintResult[];
type Message = Linter.LintMessage;

/** How often the suggestions of a rule are applied, where they overlap. */
const ROUNDS = 10;

export class LintRun {
  readonly #ESLint: ESLintClass;
  readonly #run: Run;
  readonly #ways = new Map<string, readonly WayStep[]>();

  constructor(ESLint: ESLintClass, run: Run) {
    this.#ESLint = ESLint;
    this.#run = run;
  }

  /** What our rules say of the files. With `fix` they are written as fixed. */
  async lint(files: readonly string[]): Promise<Results> {
    if (files.length === 0) return [];
    // Only with threads does ESLint need the options in a module; the threads tell this one of no ways.
    const eslint =
      this.#run.concurrency === 'off'
        ? new this.#ESLint(optionsOf(this.#run))
        : await this.#ESLint.fromOptionsModule(optionsUrl(this.#run));
    listenToReports(({ file, line, column, rule, way }) => {
      this.#ways.set(keyOf(file, line, column, `async-tasks/${rule}`), way);
    });
    try {
      const results = await eslint.lintFiles(files.slice());
      if (this.#run.fix) await this.#ESLint.outputFixes(results);
      return results.map((result) => withMessages(result, result.messages.filter(isOurs)));
    } finally {
      listenToReports(undefined);
    }
  }

  /** Applies the suggestions of a rule to the findings that are chosen, and lints again. Returns how many it applied. */
  async applySuggestions(
    results: Results,
    rule: string,
    choose: (results: Results) => Results,
  ): Promise<{ results: Results; applied: number }> {
    let current = results;
    let applied = 0;
    for (let round = 0; round < ROUNDS; round++) {
      let waiting = 0;
      const changed: string[] = [];
      for (const { filePath, messages } of choose(current)) {
        const own = messages.filter(({ ruleId }) => ruleId === rule);
        const [mark, text] = withoutMark(readFileSync(filePath, 'utf8'));
        const fixed = applySuggestions(filePath, text, own);
        if (fixed.count === 0) continue;
        writeFileSync(filePath, mark + fixed.text);
        applied += fixed.count;
        waiting += fixed.waiting;
        changed.push(filePath);
      }
      if (changed.length === 0) break;
      // What is suggested in one file can settle a finding in another.
      current = await this.lint(current.map(({ filePath }) => filePath));
      if (waiting === 0) break;
    }
    return { results: current, applied };
  }

  /** The way of a finding; empty where ESLint's cache or a thread has it. */
  wayOf(file: string, { line, column, ruleId }: Message): readonly WayStep[] {
    return this.#ways.get(keyOf(file, line, column, ruleId ?? '')) ?? [];
  }

  /** The findings in the order of their places, with paths below `root`. */
  findings(results: Results, root: string): Finding[] {
    const places = results.flatMap(({ filePath, messages }) => {
      const lines =
        messages.length > 0 ? readFileSync(filePath, 'utf8').split(/\r\n|[\r\n\u2028\u2029]/) : [];
      return messages.map((message) => ({ filePath, message, text: lines[message.line - 1] ?? '' }));
    });
    const pathOf = (file: string): string => path.relative(root, file).split(path.sep).join('/');
    const names = fingerprints(
      places.map(({ filePath, message, text }) => ({
        path: pathOf(filePath),
        rule: message.ruleId ?? undefined,
        kind: message.messageId ?? '',
        text,
      })),
    );
    return places.map(({ filePath, message }, index) => {
      const { line, column, endLine = line, endColumn = column } = message;
      return {
        file: filePath,
        path: pathOf(filePath),
        rule: message.ruleId ?? undefined,
        severity: message.severity === 2 ? 'error' : 'warning',
        message: message.message,
        line,
        column,
        endLine,
        endColumn,
        way: this.wayOf(filePath, message),
        fingerprint: names[index] ?? '',
      };
    });
  }
}

/** Comments in a file can turn on rules of ESLint itself, and ESLint has things to say of its own. */
function isOurs({ ruleId, fatal }: Message): boolean {
  return fatal === true || (ruleId?.startsWith('async-tasks/') ?? false);
}

function keyOf(file: string, line: number, column: number, rule: string): string {
  return `${file}\0${line}:${column}\0${rule}`;
}

/** ESLint counts without a byte order mark. */
function withoutMark(text: string): [mark: string, text: string] {
  return text.startsWith('\uFEFF') ? ['\uFEFF', text.slice(1)] : ['', text];
}

/** The folder that reports for a code host are relative to: the repository's, else the working directory. */
export function reportRoot(cwd: string): string {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git'))) return folder;
    if (path.dirname(folder) === folder) return cwd;
  }
}
