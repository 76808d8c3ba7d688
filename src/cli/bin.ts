#!/usr/bin/env node
/**
 * The file that the package's `bin` names: runs the command on this process.
 */
import { createInterface } from 'node:readline/promises';
import type { Terminal } from './command.ts';
import { main } from './main.ts';

const terminal: Terminal = {
  cwd: process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isInteractive: process.stderr.isTTY,
  // NO_COLOR and FORCE_COLOR are taken into account.
  colors: process.stdout.isTTY && process.stdout.hasColors(),
  ...(process.stdout.isTTY ? { columns: process.stdout.columns } : {}),
  confirm: async (question) => {
    if (!process.stdin.isTTY) return false;
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
    } finally {
      lines.close();
    }
  },
};

process.exitCode = await main(process.argv.slice(2), terminal);
