/**
 * Unified diffs, as `diff -u` prints them.
 */
import type { Change } from './draft.ts';

const CONTEXT = 3;

interface Line {
  sign: ' ' | '-' | '+';
  text: string;
}

export function unifiedDiff({ file, before, after }: Change): string {
  const lines = compare(split(before ?? ''), split(after));
  const head = `--- ${before === undefined ? '/dev/null' : `a/${file}`}\n+++ b/${file}\n`;
  return head + hunks(lines).join('');
}

/** Lines with their endings, so that a missing one at the end of the file is a difference. */
function split(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A shortest script from one text to the other, found between what both begin and end with. */
function compare(from: readonly string[], to: readonly string[]): Line[] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end++;

  const [a, b] = [from.slice(start, from.length - end), to.slice(start, to.length - end)];
  const same = (text: string): Line => ({ sign: ' ', text });
  return [
    ...from.slice(0, start).map(same),
    ...compareMiddle(a, b),
    ...from.slice(from.length - end).map(same),
  ];
}

function compareMiddle(a: readonly string[], b: readonly string[]): Line[] {
  // common[i][j]: how many lines a[i..] and b[j..] have in common, in order.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (common[i] as Uint32Array)[j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));

  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old, fresh] = [a[i], b[j]];
    if (old !== undefined && old === fresh) {
      lines.push({ sign: ' ', text: old });
      i++;
      j++;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: old });
      i++;
    } else {
      lines.push({ sign: '+', text: fresh ?? '' });
      j++;
    }
  }
  return lines;
}

function hunks(lines: readonly Line[]): string[] {
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const ranges: { from: number; to: number }[] = [];
  for (const index of changed) {
    const last = ranges.at(-1);
    if (last && index - CONTEXT <= last.to) last.to = Math.min(index + CONTEXT + 1, lines.length);
    else ranges.push({ from: Math.max(index - CONTEXT, 0), to: Math.min(index + CONTEXT + 1, lines.length) });
  }
  return ranges.map(({ from, to }) => {
    const body = lines.slice(from, to).map(({ sign, text }) => {
      const line = sign + text.replace(/\r?\n$/, '');
      return text.endsWith('\n') ? `${line}\n` : `${line}\n\\ No newline at end of file\n`;
    });
    return `@@ -${place(lines, from, to, '+')} +${place(lines, from, to, '-')} @@\n${body.join('')}`;
  });
}

/** Where a hunk stands in the text that has no lines of the sign `without`. */
function place(lines: readonly Line[], from: number, to: number, without: '+' | '-'): string {
  const count = (part: readonly Line[]) => part.filter(({ sign }) => sign !== without).length;
  const [before, length] = [count(lines.slice(0, from)), count(lines.slice(from, to))];
  return `${length === 0 ? before : before + 1},${length}`;
}
