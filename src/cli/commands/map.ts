import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectOf, type Project } from '../../analysis/project/project.ts';
import type { Preset } from '../../plugin/create-rule.ts';
import { presetNames } from '../../plugin/presets.ts';
import { ProjectConfig } from '../check/project-config.ts';
import { loadESLint } from '../check/host.ts';
import { EXIT, UsageError, type Command } from '../command.ts';
import { withFindings } from '../map/findings.ts';
import { formats, type Format } from '../map/formats.ts';
import { readMap } from '../map/read.ts';
import { selectPaths } from '../map/select.ts';

const help = `Draws the job system of a project: who adds jobs to which queue, with which retries, and which worker runs them.

Usage: async-tasks map [paths] [options]

With paths, only the queues that a file below them makes, feeds or runs; both ends of such a queue are shown,
wherever they are.

What the project's ESLint configuration sets under \`settings['async-tasks']\` counts here, too.

Options:
  --format FORMAT      mermaid (default), svg, html (one page, with search and details) or json
  --output-file FILE   Write there instead of to the terminal
  --preset PRESET      The rules whose findings are marked: hard-stops, recommended (default) or strict
  --no-findings        Leave the findings out
  --include-tests      Tests add and run jobs, too
`;

export const map: Command = {
  summary: 'Draws the job system: producers, queues, workers, schedules, flows.',
  help,
  options: {
    format: { type: 'string', default: 'mermaid' },
    'output-file': { type: 'string' },
    preset: { type: 'string', default: 'recommended' },
    'no-findings': { type: 'boolean', default: false },
    'include-tests': { type: 'boolean', default: false },
  },
  async run(paths, values, terminal) {
    const format = oneOf('format', values.format, Object.keys(formats) as Format[]);
    const preset = oneOf<Preset>('preset', values.preset, presetNames);
    const includeTests = values['include-tests'] === true;
    const targets = (paths.length > 0 ? paths : ['.']).map((given) => path.resolve(terminal.cwd, given));
    const project = await projectWith(targets, terminal.cwd);
    project.refresh();
    const sources = [...project.catalog.files].sort();
    const config = new ProjectConfig();
    await config.read(await loadESLint(terminal.cwd), project.root, sources);
    for (const problem of config.problems) terminal.err(`async-tasks: ${problem}\n`);
    const read = readMap(project, { ...config.settings, ...(includeTests ? { includeTests } : {}) });
    const whole =
      values['no-findings'] === true
        ? read.map
        : await withFindings(project, read, { preset, config, includeTests });
    const shown = selectPaths(
      whole,
      targets.map((target) => project.pathOf(target)),
    );
    const text = formats[format](shown);
    const file = values['output-file'];
    if (typeof file !== 'string') terminal.out(text);
    else {
      const target = path.resolve(terminal.cwd, file);
      try {
        await writeFile(target, text);
      } catch (error) {
        throw new UsageError(`Cannot write ${file}: ${(error as Error).message}`);
      }
      terminal.err(`${summary(shown)}: ${file}\n`);
    }
    return EXIT.clean;
  },
};

function oneOf<T extends string>(option: string, given: unknown, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw new UsageError(`--${option} must be one of ${allowed.join(', ')}.`);
  return found;
}

/** @throws {UsageError} when a path does not exist, or they belong to several projects. */
async function projectWith(targets: readonly string[], cwd: string): Promise<Project> {
  const projects = new Set<Project>();
  for (const target of targets) {
    const found = await stat(target).catch(() => undefined);
    if (!found) throw new UsageError(`There is no ${path.relative(cwd, target) || target}.`);
    projects.add(
      projectOf(
        found.isDirectory() ? path.join(target, 'index.js') : target,
        found.isDirectory() ? target : cwd,
      ),
    );
  }
  const [project, another] = projects;
  if (!project || another)
    throw new UsageError(
      'The paths belong to several projects. Give those of one, or the folder that holds them.',
    );
  return project;
}

function summary({
  queues,
  producers,
  workers,
}: {
  queues: unknown[];
  producers: unknown[];
  workers: unknown[];
}): string {
  const count = (list: unknown[], noun: string): string =>
    `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
  return `${count(queues, 'queue')}, ${count(producers, 'producer')}, ${count(workers, 'worker')}`;
}
