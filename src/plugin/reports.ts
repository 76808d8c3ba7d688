/**
 * What a linter's message has no place for: the way of a finding, step by step. A program that lints in this thread,
 * such as the command, can listen; to everybody else the message tells the way as text.
 */
import type { FileFacts } from '../analysis/file-facts.ts';

/** A function on the way, or the effect at its end. */
export interface WayStep {
  /** The function's name, or the code that is the effect. */
  label: string;
  /** Absolute path. */
  file: string;
  /** One-based, both inclusive. */
  line: number;
  endLine: number;
}

/** What a rule has reported, by its place as the linter gives it. */
export interface Report {
  /** Absolute path. */
  file: string;
  /** Without the plugin's prefix. */
  rule: string;
  /** One-based, both. */
  line: number;
  column: number;
  way: readonly WayStep[];
}

let listener: ((report: Report) => void) | undefined;

/** Is told of every report with a way; `undefined` ends it. */
export function listenToReports(given: typeof listener): void {
  listener = given;
}

/** The ways that were put into words for a file, by these words. */
const ways = new WeakMap<FileFacts, Map<string, readonly WayStep[]>>();

export function rememberWay(facts: FileFacts, text: string, steps: () => readonly WayStep[]): void {
  if (!listener) return;
  const ofFile = ways.get(facts) ?? new Map<string, readonly WayStep[]>();
  ways.set(facts, ofFile.set(text, steps()));
}

/** Tells the listener of a report, if the words of a way are among its data. */
export function tellReport(
  facts: FileFacts,
  report: Omit<Report, 'way' | 'file'>,
  data: Readonly<Record<string, string>>,
): void {
  if (!listener) return;
  for (const [text, way] of ways.get(facts) ?? [])
    if (Object.values(data).some((value) => value.includes(text))) {
      listener({ ...report, file: facts.module.path, way });
      return;
    }
}
