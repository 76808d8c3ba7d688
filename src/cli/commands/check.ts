/**
 * `async-tasks check`: lints a project with the rules of the plugin, whatever it has configured, if anything.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import manifest from '../../../package.json' with { type: 'json' };
import { isInside } from '../../analysis/modules/root.ts';
import type { Preset } from '../../plugin/create-rule.ts';
import plugin from '../../plugin/index.ts';
import { presetNames } from '../../plugin/presets.ts';
import { changesSince, type Changes } from '../check/changes.ts';
import { loadESLint, type ESLintClass } from '../check/host.ts';
import { LintRun, reportRoot, type Results } from '../check/lint.ts';
import { configFor, groupsOf, namesPlugin, ProjectConfig } from '../check/project-config.ts';
import { showProgress } from '../check/progress.ts';
import type { Run } from '../check/run.ts';
import { filesWithJobs, findSources } from '../check/sources.ts';
import {
  DEFAULT_LOCATION,
  readSuppressions,
  withMessages,
  withoutSuppressed,
  writeSuppressions,
} from '../check/suppressions.ts';
import { EXIT, UsageError, type Command, type Values } from '../command.ts';
import { formatNames, formats } from '../formats/index.ts';
import { nearest } from '../nearest.ts';

const help = `Usage: async-tasks check [paths] [options]

Lints JavaScript and TypeScript with the rules of eslint-plugin-async-tasks. Needs no configuration. Paths are files
and folders, by default the working directory; what .gitignore excludes is left out.

  --preset NAME             hard-stops, recommended (the default) or strict
  --format NAME             ${formatNames.join(', ')}; stylish is the default
  --output-file FILE        write the report there instead of on standard output
  --report NAME=FILE        write a report in another format, too; can be given several times
  --fix                     repair what can be repaired without a choice
  --fix-suggestions RULE    apply the first suggestion of each finding of a rule
  --max-findings N          how many findings are not a failure yet; 0 is the default
  --changed-since REV       only what has changed since the working tree left a git revision
  --suppress                note the present findings in ESLint's file of suppressions, and be silent about them
  --suppressions-location FILE  where that file is; ${DEFAULT_LOCATION} is the default
  --cache                   lint only files that have changed since the last run
  --cache-location FILE     where the cache is kept; node_modules/.cache/async-tasks is the default
  --concurrency N           lint in several threads: a number, or auto

Exit code: 0 without findings, 1 with findings, 2 when it could not run.
`;

interface Settled {
  preset: Preset | undefined;
  format: string;
  outputFile: string | undefined;
  reports: { format: string; file: string }[];
  fix: boolean;
  suggestionsOf: string | undefined;
  maxFindings: number;
  changedSince: string | undefined;
  suppress: boolean;
  suppressions: string;
  cacheLocation: string | undefined;
  concurrency: Run['concurrency'];
}

export const check: Command = {
  summary: 'Finds bugs in a project. Needs no configuration.',
  help,
  options: {
    preset: { type: 'string' },
    format: { type: 'string', short: 'f', default: 'stylish' },
    'output-file': { type: 'string', short: 'o' },
    report: { type: 'string', multiple: true },
    fix: { type: 'boolean' },
    'fix-suggestions': { type: 'string' },
    'max-findings': { type: 'string', default: '0' },
    'changed-since': { type: 'string' },
    suppress: { type: 'boolean' },
    'suppressions-location': { type: 'string', default: DEFAULT_LOCATION },
    cache: { type: 'boolean' },
    'cache-location': { type: 'string' },
    concurrency: { type: 'string' },
  },

  async run(paths, values, terminal) {
    const { cwd } = terminal;
    const options = settle(values, cwd);
    const startedAt = performance.now();
    const sources = findSources(cwd, paths);
    const changes =
      options.changedSince === undefined ? undefined : await changesSince(cwd, options.changedSince);
    const suppressions = readSuppressions(options.suppressions);
    const ESLint = await loadESLint(cwd);
    const config = new ProjectConfig();
    await config.read(ESLint, cwd, sources);
    for (const problem of config.problems) terminal.err(`async-tasks: ${problem}\n`);

    const files = filesWithJobs(sources, cwd, (file) => config.of(file).settings);
    const base = commonFolder(cwd, files);
    const run = new LintRun(ESLint, {
      cwd: base,
      groups: groupsOf(files, base, config, options.preset),
      fix: options.fix,
      concurrency: options.concurrency,
      ...(options.cacheLocation === undefined ? {} : { cacheLocation: options.cacheLocation }),
    });
    const progress = showProgress(terminal, files.length);
    let all: Results;
    let applied = 0;
    try {
      all = await run.lint(files);
      if (options.suggestionsOf !== undefined) {
        const choose = (results: Results): Results =>
          onlyChanged(withoutSuppressed(results, suppressions, cwd), run, changes);
        ({ results: all, applied } = await run.applySuggestions(all, options.suggestionsOf, choose));
      }
    } finally {
      progress.end();
    }
    if (options.suggestionsOf !== undefined) terminal.err(`${counted(applied, 'suggestion')} applied.\n`);

    if (options.suppress) {
      const count = writeSuppressions(options.suppressions, all, suppressions, cwd);
      const location = path.relative(cwd, options.suppressions);
      terminal.err(
        `${counted(count, 'finding')} noted in ${location}: only new ones are told from now on.\n`,
      );
      const own = configFor(cwd);
      if (count > 0 && own !== undefined && !namesPlugin(own))
        terminal.err(
          `Your own ESLint does not have these rules, and takes what is noted for leftovers: add the plugin to ` +
            `${path.relative(cwd, own)}, or name another file with --suppressions-location.\n`,
        );
      return EXIT.clean;
    }

    const results = onlyChanged(withoutSuppressed(all, suppressions, cwd), run, changes);
    const write = reporter(ESLint, run, results, {
      cwd,
      sources: sources.length,
      checked: files.length,
    });
    const report = await write(options.format);
    if (options.outputFile === undefined)
      terminal.out(terminal.colors ? report : stripVTControlCharacters(report));
    else writeFile(cwd, options.outputFile, report);
    for (const { format, file } of options.reports) writeFile(cwd, file, await write(format));

    const count = results.reduce((sum, { errorCount }) => sum + errorCount, 0);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    terminal.err(`${summary(results, sources.length, files.length)} (${seconds} s)\n`);
    return count > options.maxFindings ? EXIT.findings : EXIT.clean;
  },
};

/** @throws {UsageError} when an option has a value that it cannot have. */
function settle(values: Values, cwd: string): Settled {
  const text = (key: string): string | undefined => values[key] as string | undefined;
  const preset = text('preset');
  if (preset !== undefined) assertOneOf(preset, presetNames, 'preset');
  const format = text('format') ?? 'stylish';
  assertOneOf(format, formatNames, 'format');
  const rule = text('fix-suggestions')?.replace(/^async-tasks\//, '');
  if (rule !== undefined)
    assertOneOf(rule, Object.keys(plugin.rules), 'rule', '`async-tasks explain` lists them.');
  const reports = ((values.report ?? []) as string[]).map((given) => {
    const [, name = '', file = ''] = /^([^=]*)=(.+)$/s.exec(given) ?? [];
    if (file === '') throw new UsageError('`--report` is written as `--report sarif=results.sarif`.');
    assertOneOf(name, formatNames, 'format');
    return { format: name, file };
  });
  if (values.suppress === true && values['changed-since'] !== undefined)
    throw new UsageError('`--suppress` notes all findings, so it cannot be limited by `--changed-since`.');
  const cacheLocation = text('cache-location') ?? 'node_modules/.cache/async-tasks';
  return {
    preset: preset as Preset | undefined,
    format,
    outputFile: text('output-file'),
    reports,
    fix: values.fix === true,
    suggestionsOf: rule === undefined ? undefined : `async-tasks/${rule}`,
    maxFindings: wholeNumber(text('max-findings') ?? '0', 'max-findings', 0),
    changedSince: text('changed-since'),
    suppress: values.suppress === true,
    suppressions: path.resolve(cwd, text('suppressions-location') ?? DEFAULT_LOCATION),
    cacheLocation: values.cache === true ? path.resolve(cwd, cacheLocation) : undefined,
    concurrency: concurrencyOf(text('concurrency')),
  };
}

function concurrencyOf(given: string | undefined): Run['concurrency'] {
  if (given === undefined || given === 'off') return 'off';
  return given === 'auto' ? 'auto' : wholeNumber(given, 'concurrency', 1);
}

function wholeNumber(given: string, option: string, least: number): number {
  if (!/^\d+$/.test(given) || Number(given) < least)
    throw new UsageError(`\`--${option}\` takes a whole number from ${least}, not \`${given}\`.`);
  return Number(given);
}

function assertOneOf(given: string, known: readonly string[], what: string, where?: string): void {
  if (known.includes(given)) return;
  const [near] = nearest(given, known);
  const meant = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  throw new UsageError(
    `There is no ${what} \`${given}\`.${meant} ${where ?? `There are: ${known.join(', ')}.`}`,
  );
}

/** The working directory where it holds all files, else the folder above that does. */
function commonFolder(cwd: string, files: readonly string[]): string {
  let folder = cwd;
  while (files.some((file) => !isInside(folder, file)) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  return folder;
}

/** Findings whose own lines have changed, or a function on the way from there to the effect. */
function onlyChanged(results: Results, run: LintRun, changes: Changes | undefined): Results {
  if (!changes) return results;
  return results.map((result) =>
    withMessages(
      result,
      result.messages.filter((message) => {
        const { line, endLine = line } = message;
        const [, ...beyond] = run.wayOf(result.filePath, message);
        return (
          changes.touch(result.filePath, line, endLine) ||
          beyond.some((step) => changes.touch(step.file, step.line, step.endLine))
        );
      }),
    ),
  );
}

function reporter(
  ESLint: ESLintClass,
  run: LintRun,
  results: Results,
  { cwd, sources, checked }: { cwd: string; sources: number; checked: number },
): (format: string) => Promise<string> {
  return async (name) => {
    const format = formats[name];
    if (format) {
      const root = reportRoot(cwd);
      const findings = run.findings(results, root);
      return format({ findings, root, sources, checked, version: manifest.version });
    }
    const formatter = await new ESLint({ cwd, overrideConfigFile: true }).loadFormatter(name);
    const shown =
      name === 'stylish'
        ? results.map((result) => ({ ...result, filePath: path.relative(cwd, result.filePath) }))
        : results;
    return endingLine(await formatter.format(shown));
  };
}

function endingLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function writeFile(cwd: string, file: string, text: string): void {
  const target = path.resolve(cwd, file);
  try {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, stripVTControlCharacters(text));
  } catch (error) {
    throw new UsageError(`\`${file}\` cannot be written: ${(error as Error).message}`);
  }
}

function summary(results: Results, sources: number, checked: number): string {
  const messages = results.reduce((sum, result) => sum + result.messages.length, 0);
  if (checked === 0)
    return `No findings: none of the ${counted(sources, 'source file')} concerns jobs of BullMQ or Bull.`;
  const concern = `${checked} of ${counted(sources, 'source file')} ${checked === 1 ? 'concerns' : 'concern'} background jobs`;
  return messages === 0
    ? `No findings: ${concern}.`
    : `${counted(messages, 'finding')}: ${concern}. \`async-tasks explain RULE\` says more of a rule.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
