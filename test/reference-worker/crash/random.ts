/** Mulberry32: small, and the same numbers for the same seed everywhere. */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from));
  return {
    chance: (probability: number) => next() < probability,
    between,
    pick: <T>(items: readonly T[]): T => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    /** Deals all items in random order before any of them comes again: random, and nothing is missed. */
    deck: <T>(items: readonly T[]) => {
      let left: T[] = [];
      return (): T => {
        if (left.length === 0) left = [...items];
        const [item] = left.splice(between(0, left.length), 1);
        if (item === undefined) throw new Error('nothing to deal');
        return item;
      };
    },
  };
}

export type Random = ReturnType<typeof createRandom>;
