/**
 * What a command of `async-tasks` is.
 */
import type { ParseArgsConfig } from 'node:util';

/** Where a command reads and writes; tests give their own. */
export interface Terminal {
  /** Absolute path that relative paths are relative to. */
  cwd: string;
  out: (text: string) => void;
  err: (text: string) => void;
  /** Whether a person watches `err`: then progress may be shown there. */
  isInteractive: boolean;
  /** Whether `out` shows colours: it is a terminal, and nobody said no to them. */
  colors?: boolean;
  /** Characters in a line of `out`, where that is known. */
  columns?: number;
  /** Asks a question that is answered by yes or no; `false` where nobody can answer. */
  confirm: (question: string) => Promise<boolean>;
}

/** Exit codes, the same for all commands. */
export const EXIT = { clean: 0, findings: 1, failed: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something the user can mend; its message is all that is printed, and the exit code is 2. */
export class UsageError extends Error {}

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface Command {
  /** One line for the list of commands. */
  summary: string;
  /** The page that `async-tasks <command> --help` prints. */
  help: string;
  /** The options that the command takes, in the form of `util.parseArgs`. */
  options: Options;
  /** @throws {UsageError} when it cannot run as it was called. */
  run(positionals: readonly string[], values: Values, terminal: Terminal): Promise<ExitCode>;
}
