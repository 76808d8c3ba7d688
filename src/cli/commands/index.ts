/**
 * The commands, each loaded when it is asked for.
 */
import type { Command } from '../command.ts';

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./check.ts')).check,
  init: async () => (await import('./init.ts')).init,
  map: async () => (await import('./map.ts')).map,
  explain: async () => (await import('./explain.ts')).explain,
};
