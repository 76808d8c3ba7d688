/**
 * `async-tasks init`: shows the edits that set the plugin up in a project, and makes them on consent.
 */
import { spawnSync } from 'node:child_process';
import { presetNames } from '../../plugin/presets.ts';
import { EXIT, UsageError, type Command, type ExitCode, type Terminal, type Values } from '../command.ts';
import type { InitOptions, Project } from '../init/index.ts';

const help = `Usage: async-tasks init [options]

Looks at the project in this folder and shows, as a diff, the edits that set the plugin up: the dev dependency,
the configuration of ESLint or oxlint, the commit hooks that the project has (husky, lint-staged, lefthook,
simple-git-hooks, pre-commit), and a job for GitHub or GitLab where none lints. Makes them on consent, and then
installs. What is there stays; what cannot be edited safely is left alone and the lines to add are printed.
The diff goes to standard output, everything else to standard error.

  --preset NAME   hard-stops, recommended (default) or strict
  --dry-run       only show
  --yes, -y       make the edits without asking
  --no-install    do not run the package manager afterwards
  --no-hooks      leave commit hooks alone
  --no-ci         leave workflows alone

Exit codes: 0 done, or nothing to do; 2 something could not be done.
`;

export const init: Command = {
  summary: 'Sets the plugin up in a project, after showing the edits.',
  help,
  options: {
    preset: { type: 'string' },
    'dry-run': { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
    'no-install': { type: 'boolean' },
    'no-hooks': { type: 'boolean' },
    'no-ci': { type: 'boolean' },
  },
  async run(positionals, values, terminal) {
    if (positionals.length > 0)
      throw new UsageError('init takes no paths. Run it in the folder of the project.');
    // Loaded here, because it loads a parser.
    const { planFor, rootFrom, unifiedDiff } = await import('../init/index.ts');
    const root = rootFrom(terminal.cwd);
    const project = planFor(root, optionsOf(values));
    const changes = project.draft.changes();
    const code = project.plan.blocked.length > 0 ? EXIT.failed : EXIT.clean;

    if (root !== terminal.cwd) terminal.err(`The workspace is ${root}.\n`);
    terminal.out(changes.map(unifiedDiff).join(''));
    tell(terminal, 'Right as it is:', project.plan.kept);
    tell(terminal, 'To do by hand:', [...project.plan.blocked, ...project.plan.advice]);
    if (changes.length === 0) {
      terminal.err(code === EXIT.clean ? 'Nothing to change.\n' : 'Nothing was changed.\n');
      return code;
    }

    const installs = changes.some(({ file }) => file === 'package.json') && values['no-install'] !== true;
    const command = project.packageManager.install.join(' ');
    if (values['dry-run'] === true) return code;
    if (values.yes !== true) {
      const question = `Make these edits${installs ? ` and run \`${command}\`` : ''}?`;
      if (!(await terminal.confirm(question))) {
        terminal.err('Nothing was changed. `--yes` makes the edits without asking.\n');
        return terminal.isInteractive ? EXIT.clean : EXIT.failed;
      }
    }
    project.draft.save();
    terminal.err(`Changed ${changes.map(({ file }) => file).join(', ')}.\n`);
    if (installs) install(project, root, terminal);
    else if (changes.some(({ file }) => file === 'package.json')) terminal.err(`Now run \`${command}\`.\n`);
    return code;
  },
};

function optionsOf(values: Values): InitOptions {
  const preset = values.preset ?? 'recommended';
  const known = presetNames.find((name) => name === preset);
  if (!known) throw new UsageError(`There is no preset \`${String(preset)}\`: ${presetNames.join(', ')}.`);
  return { preset: known, hooks: values['no-hooks'] !== true, ci: values['no-ci'] !== true };
}

function tell({ err }: Terminal, title: string, texts: readonly string[]): void {
  if (texts.length === 0) return;
  err(`${title}\n${texts.map((text) => `- ${text.split('\n').join('\n  ')}\n`).join('')}`);
}

/** @throws {UsageError} when the package manager fails; the edits stand. */
function install(project: Project, root: string, { err }: Terminal): ExitCode {
  const [program = '', ...args] = project.packageManager.install;
  const command = project.packageManager.install.join(' ');
  err(`Running \`${command}\`.\n`);
  // On Windows, package managers are scripts of the shell.
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error ?? status !== 0)
    throw new UsageError(
      `\`${command}\` failed${error ? `: ${error.message}` : ''}. The edits are made; run it again when it can succeed.`,
    );
  return EXIT.clean;
}
