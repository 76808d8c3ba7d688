/**
 * What the project's own ESLint configuration says of our rules, where it says anything.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Linter } from 'eslint';
import type { Preset } from '../../plugin/create-rule.ts';
import { rulesOf } from '../../plugin/presets.ts';
import { DEFAULT_SETTINGS, readSettings, SETTINGS_KEY, type Settings } from '../../plugin/settings.ts';
import { UsageError } from '../command.ts';
import type { ESLintClass } from './host.ts';
import type { Group } from './run.ts';

const CONFIG_FILES = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((ending) => `eslint.config.${ending}`);

export interface FileConfig {
  /** Our rules as the project has set them for the file; `undefined` when it has not. */
  rules: Linter.RulesRecord | undefined;
  /** As they are written. */
  given: unknown;
  settings: Settings;
}

const NONE: FileConfig = { rules: undefined, given: undefined, settings: DEFAULT_SETTINGS };

/** Reads the configuration of each file. A project that never names the plugin is not asked: loading takes time. */
export class ProjectConfig {
  readonly #files = new Map<string, FileConfig>();
  /** Why a configuration was left out of account. */
  readonly problems: string[] = [];

  /** @throws {UsageError} when a setting of ours is wrong. */
  async read(ESLint: ESLintClass, cwd: string, files: readonly string[]): Promise<void> {
    const named = new Map<string, boolean>();
    const eslint = new ESLint({ cwd });
    for (const file of files) {
      const config = configFor(path.dirname(file));
      if (config === undefined) continue;
      if (!named.has(config)) named.set(config, namesPlugin(config));
      if (!named.get(config)) continue;
      try {
        // Without a type: the class says `any`.
        const found = (await eslint.calculateConfigForFile(file)) as Linter.Config | undefined;
        if (found) this.#files.set(file, readConfig(found));
      } catch (error) {
        if (error instanceof UsageError) throw error;
        named.set(config, false);
        const [reason = ''] = (error as Error).message.split('\n');
        this.problems.push(
          `${path.relative(cwd, config)} cannot be loaded, so its settings do not count here: ${reason}`,
        );
      }
    }
  }

  /** Whether the project has rules of ours for any file. Then a file without them is meant to be without. */
  get hasRules(): boolean {
    return [...this.#files.values()].some(({ rules }) => rules !== undefined);
  }

  /** What is set for the project as a whole: for the first file that anything is set for. */
  get settings(): Settings {
    return [...this.#files.values()].find(({ given }) => given !== undefined)?.settings ?? DEFAULT_SETTINGS;
  }

  of(file: string): FileConfig {
    return this.#files.get(file) ?? NONE;
  }
}

/** Whether a project's own ESLint has the plugin, or could have it: its configuration or its package.json names it. */
export function namesPlugin(config: string): boolean {
  return [config, path.join(path.dirname(config), 'package.json')].some((file) => {
    try {
      return readFileSync(file, 'utf8').includes('async-tasks');
    } catch {
      return false;
    }
  });
}

const configs = new Map<string, string | undefined>();

/** The nearest configuration, from a folder upwards. */
export function configFor(folder: string): string | undefined {
  if (configs.has(folder)) return configs.get(folder);
  const own = CONFIG_FILES.map((name) => path.join(folder, name)).find((file) => existsSync(file));
  const above = path.dirname(folder);
  const found = own ?? (above === folder ? undefined : configFor(above));
  configs.set(folder, found);
  return found;
}

function readConfig({ rules = {}, settings = {} }: Linter.Config): FileConfig {
  const own = Object.entries(rules).filter(([name]) => name.startsWith('async-tasks/'));
  try {
    return {
      rules: own.length > 0 ? (Object.fromEntries(own) as Linter.RulesRecord) : undefined,
      given: settings[SETTINGS_KEY],
      settings: readSettings(settings),
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Files that are linted alike, together. `preset` overrules what the project has set. */
export function groupsOf(
  files: readonly string[],
  cwd: string,
  config: ProjectConfig,
  preset: Preset | undefined,
): Group[] {
  const rules = rulesOf(preset ?? 'recommended');
  const isOwn = preset === undefined && config.hasRules;
  const groups = new Map<string, { files: string[]; group: Group }>();
  for (const file of files) {
    const own = config.of(file);
    const group: Group = {
      rules: isOwn ? (own.rules ?? {}) : rules,
      ...(own.given === undefined ? {} : { settings: own.given }),
    };
    const key = JSON.stringify(group);
    const known = groups.get(key) ?? { files: [], group };
    known.files.push(path.relative(cwd, file).split(path.sep).join('/'));
    groups.set(key, known);
  }
  const all = [...groups.values()];
  return all.length === 1
    ? all.map(({ group }) => group)
    : all.map((entry) => ({ ...entry.group, files: entry.files }));
}
