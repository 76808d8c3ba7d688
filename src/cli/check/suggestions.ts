/**
 * Applies the suggestions of a rule, of each finding the first.
 */
import type { ESLint, Linter, Rule } from 'eslint';
import { parseText } from '../../analysis/modules/parse.ts';

export interface Applied {
  text: string;
  count: number;
  /** Suggestions that were left out because they overlap with one that was not. */
  waiting: number;
}

/** The text of a file with the suggestions applied; none that would keep it from being parsed. */
export function applySuggestions(
  file: string,
  text: string,
  messages: ESLint.LintResult['messages'],
): Applied {
  const fixes = messages.flatMap(firstFix).sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
  const chosen: Rule.Fix[] = [];
  let applied = text;
  let waiting = 0;
  for (const fix of fixes) {
    const last = chosen.at(-1);
    if (last && fix.range[0] < Math.max(last.range[1], last.range[0] + 1)) {
      waiting++;
      continue;
    }
    const candidate = withFixes(text, [...chosen, fix]);
    if (candidate === applied || errorsIn(file, candidate) > errorsIn(file, applied)) continue;
    chosen.push(fix);
    applied = candidate;
  }
  return { text: applied, count: chosen.length, waiting };
}

function firstFix({ suggestions }: Linter.LintMessage): Rule.Fix[] {
  const [first] = suggestions ?? [];
  return first ? [first.fix] : [];
}

function withFixes(text: string, fixes: readonly Rule.Fix[]): string {
  let result = '';
  let at = 0;
  for (const { range, text: replacement } of fixes) {
    // The byte order mark, which ranges do not count.
    result += text.slice(at, Math.max(range[0], 0)) + replacement;
    at = range[1];
  }
  return result + text.slice(at);
}

function errorsIn(file: string, text: string): number {
  return parseText(file, text)?.errors.length ?? 0;
}
