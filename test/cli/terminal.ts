/**
 * The command as it is called, with what it prints.
 */
import type { Terminal } from '../../src/cli/command.ts';
import { main } from '../../src/cli/main.ts';

export interface Outcome {
  code: number;
  out: string;
  err: string;
}

export async function command(
  cwd: string,
  args: readonly string[],
  more: Partial<Terminal> = {},
): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await main(args, {
    cwd,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    isInteractive: false,
    confirm: () => Promise.resolve(false),
    ...more,
  });
  return { code, out, err };
}
