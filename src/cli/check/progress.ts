/**
 * One line that says how far a run is, where a person watches.
 */
import path from 'node:path';
import type { Terminal } from '../command.ts';
import { watchFiles } from './parser.ts';

/** Milliseconds between two writes. */
const INTERVAL = 100;

export interface Progress {
  /** Takes the line away. */
  end(): void;
}

export function showProgress({ cwd, err, isInteractive, columns = 80 }: Terminal, total: number): Progress {
  if (!isInteractive) return { end: () => undefined };
  let done = 0;
  let shownAt = 0;
  watchFiles((file) => {
    done++;
    const now = Date.now();
    if (now - shownAt < INTERVAL) return;
    shownAt = now;
    err(`\r\u001b[K${`${Math.min(done, total)}/${total} ${path.relative(cwd, file)}`.slice(0, columns - 1)}`);
  });
  return {
    end: () => {
      watchFiles(undefined);
      if (shownAt > 0) err('\r\u001b[K');
    },
  };
}
