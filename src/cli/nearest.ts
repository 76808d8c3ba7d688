/**
 * What somebody may have meant.
 */

/** The names that are nearest to a word that is none of them, the nearest first; none where nothing is near. */
export function nearest(word: string, names: readonly string[], count = 3): string[] {
  const limit = Math.max(2, Math.ceil(word.length / 3));
  return names
    .map((name) => ({ name, far: distance(word, name) - (name.includes(word) ? name.length : 0) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ name }) => name);
}

/** The edits that make one word of the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
