/**
 * The commands, each loaded when it is asked for.
 */
import type { Command } from '../command.ts';

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  map: async () => (await import('./map.ts')).map,
  check: async () => (await import('./check.ts')).check,
  explain: async () => (await import('./explain.ts')).explain,
};
