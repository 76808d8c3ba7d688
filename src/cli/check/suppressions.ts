/**
 * ESLint's file of bulk suppressions: how many findings of a rule a file may have. ESLint's class can write none, and
 * read it only in the newest versions, so it is read and written here, in ESLint's own form.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ESLint } from 'eslint';
import { UsageError } from '../command.ts';

/** By file below the working directory, then by rule. */
export type Suppressions = Record<string, Record<string, { count: number }>>;

export const DEFAULT_LOCATION = 'eslint-suppressions.json';

/** @throws {UsageError} when the file is there but is no such file. */
export function readSuppressions(location: string): Suppressions {
  let text: string;
  try {
    text = readFileSync(location, 'utf8');
  } catch {
    return {};
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Suppressions;
  } catch {
    // said below
  }
  throw new UsageError(`${location} is not a file of ESLint's suppressions.`);
}

/** The results without the findings that are suppressed: those of a rule, where a file has no more than it may. */
export function withoutSuppressed(
  results: readonly ESLint.LintResult[],
  suppressions: Suppressions,
  cwd: string,
): ESLint.LintResult[] {
  return results.map((result) => {
    const allowed = suppressions[nameOf(result, cwd)];
    if (!allowed) return result;
    const counts = countsOf(result);
    return withMessages(
      result,
      result.messages.filter(({ ruleId, severity }) => {
        const count = ruleId !== null && severity === 2 ? counts[ruleId]?.count : undefined;
        return count === undefined || ruleId === null || count > (allowed[ruleId]?.count ?? 0);
      }),
    );
  });
}

/** Adds what the results have to the file, and takes away what is no longer found of our rules in these files. */
export function writeSuppressions(
  location: string,
  results: readonly ESLint.LintResult[],
  suppressions: Suppressions,
  cwd: string,
): number {
  const updated: Suppressions = { ...suppressions };
  let total = 0;
  for (const result of results) {
    const name = nameOf(result, cwd);
    const counts = countsOf(result);
    for (const { count } of Object.values(counts)) total += count;
    const others = Object.entries(updated[name] ?? {}).filter(([rule]) => !rule.startsWith('async-tasks/'));
    const entry = { ...Object.fromEntries(others), ...counts };
    if (Object.keys(entry).length > 0) updated[name] = sorted(entry);
    else Reflect.deleteProperty(updated, name);
  }
  writeFileSync(location, JSON.stringify(sorted(updated), null, 2));
  return total;
}

/** A result with other messages, and the counts that go with them. */
export function withMessages(
  result: ESLint.LintResult,
  messages: ESLint.LintResult['messages'],
): ESLint.LintResult {
  const errors = messages.filter(({ severity }) => severity === 2);
  const fixable = messages.filter(({ fix }) => fix !== undefined);
  return {
    ...result,
    messages,
    errorCount: errors.length,
    fatalErrorCount: errors.filter(({ fatal }) => fatal).length,
    warningCount: messages.length - errors.length,
    fixableErrorCount: fixable.filter(({ severity }) => severity === 2).length,
    fixableWarningCount: fixable.filter(({ severity }) => severity === 1).length,
  };
}

function countsOf({ messages }: ESLint.LintResult): Record<string, { count: number }> {
  const counts: Record<string, { count: number }> = {};
  for (const { ruleId, severity } of messages)
    if (ruleId !== null && severity === 2) counts[ruleId] = { count: (counts[ruleId]?.count ?? 0) + 1 };
  return counts;
}

function nameOf({ filePath }: ESLint.LintResult, cwd: string): string {
  return path.relative(cwd, filePath).split(path.sep).join('/');
}

/** As ESLint writes it, so that its own runs make no difference to the file. */
function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
