/** Offsets to line numbers, without touching the parser's `loc` (foreign files have none). */
export const offsetToLine = {
  /** Offsets at which each line starts. */
  index(text: string): number[] {
    const starts = [0];
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    return starts;
  },
  /** One-based line of an offset. */
  line(starts: readonly number[], offset: number): number {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  },
};
