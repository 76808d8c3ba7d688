/**
 * The command `async-tasks`: picks the subcommand, reads its options, turns errors into exit codes.
 */
import { parseArgs } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { commands } from './commands/index.ts';
import { EXIT, UsageError, type ExitCode, type Options, type Terminal, type Values } from './command.ts';

/** Runs the command line `args` (without `node` and the script). */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') {
    terminal.out(`${manifest.version}\n`);
    return EXIT.clean;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(await overview());
    return name === undefined ? EXIT.failed : EXIT.clean;
  }
  try {
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!load) throw new UsageError(`There is no command \`${name}\`. \`async-tasks --help\` lists them.`);
    const command = await load();
    const { positionals, values } = parse(name, rest, command.options);
    if (values.help === true) {
      terminal.out(command.help);
      return EXIT.clean;
    }
    return await command.run(positionals, values, terminal);
  } catch (error) {
    const isTheirs = error instanceof UsageError;
    terminal.err(`async-tasks: ${isTheirs ? error.message : describe(error)}\n`);
    return EXIT.failed;
  }
}

function parse(
  name: string,
  args: string[],
  options: Options,
): { positionals: readonly string[]; values: Values } {
  try {
    return parseArgs({
      args,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See \`async-tasks ${name} --help\`.`);
  }
}

async function overview(): Promise<string> {
  const lines: string[] = [];
  for (const [name, load] of Object.entries(commands))
    lines.push(`  ${name.padEnd(10)}${(await load()).summary}`);
  return `Finds bugs in background jobs on BullMQ.\n\nUsage: async-tasks <command> [options]\n\n${lines.join('\n')}\n\n\`async-tasks <command> --help\` says more of each.\n`;
}

/** A failure that nobody foresaw: with its stack, for a report. */
function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
