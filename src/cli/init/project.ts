/**
 * What `init` knows of a project, and the plan that its steps fill.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../command.ts';
import { Draft } from './draft.ts';
import { isObject, parseObject, setValue, type JsonObject } from './json.ts';
import { packageManagerOf, type PackageManager } from './package-manager.ts';

export interface Plan {
  /** What is right as it is. */
  kept: string[];
  /** What to do by hand; the edits stand without it. */
  advice: string[];
  /** Why the plugin cannot be set up without a change by hand. */
  blocked: string[];
}

type SetArguments = Parameters<typeof setValue> extends [string, ...infer Rest] ? Rest : never;

export class Project {
  readonly draft: Draft;
  readonly manifest: JsonObject;
  readonly packageManager: PackageManager;
  readonly plan: Plan = { kept: [], advice: [], blocked: [] };
  #files: string[] | undefined;

  /** @throws {UsageError} when the folder has no package.json that can be read. */
  constructor(root: string) {
    this.draft = new Draft(root);
    const text = this.draft.read('package.json');
    if (text === undefined)
      throw new UsageError(`There is no package.json in ${root}. Run init in the folder of a package.`);
    this.manifest = parseObject('package.json', text);
    this.packageManager = packageManagerOf(root, this.manifest.packageManager);
  }

  get scripts(): Readonly<Record<string, string>> {
    return strings(this.manifest.scripts);
  }

  /** The version range that package.json gives for a package. */
  range(name: string): string | undefined {
    return ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
      .map((key) => strings(this.manifest[key])[name])
      .find((range) => range !== undefined);
  }

  get usesTypescript(): boolean {
    return (
      this.range('typescript') !== undefined || this.find(/(?:^|\/)tsconfig(?:\.[^/]+)?\.json$/).length > 0
    );
  }

  /** Files, a few folders deep, whose path matches. */
  find(pattern: RegExp): string[] {
    this.#files ??= filesIn(this.draft.root, '', 4);
    return this.#files.filter((file) => pattern.test(file));
  }

  addDevDependency(name: string, range: string): void {
    if (this.range(name) !== undefined) return;
    // As exact as the others are.
    const others = Object.values(strings(this.manifest.devDependencies));
    const isExact = others.length > 1 && others.every((other) => /^\d/.test(other));
    this.editManifest(['devDependencies', name], isExact ? range.replace(/^\^/, '') : range, {
      after: 'dependencies',
      sorted: true,
    });
  }

  editManifest(...[keys, value, options]: SetArguments): void {
    this.draft.write('package.json', setValue(this.draft.read('package.json') ?? '{}', keys, value, options));
  }

  /**
   * Whether a command line mentions what `pattern` finds, itself or in the scripts of package.json that it runs.
   */
  mentions(command: string, pattern: RegExp, seen = new Set<string>()): boolean {
    if (pattern.test(command)) return true;
    const runs = command.matchAll(
      /\b(?:npm|pnpm|yarn|bun)\s+(?:(?:run|run-script)\s+)?(?:-\S+\s+)*([\w:.-]+)/g,
    );
    for (const [, name = ''] of runs) {
      const script = this.scripts[name];
      if (script === undefined || seen.has(name)) continue;
      seen.add(name);
      if (this.mentions(script, pattern, seen)) return true;
    }
    return false;
  }

  /** The line that runs `command` of an installed package. */
  exec(command: string): string {
    return `${this.packageManager.exec} ${command}`;
  }
}

/** Lints, as far as a command line shows; task runners are trusted with a task that is called so. */
export const LINTS =
  /\b(?:eslint|oxlint|async-tasks)\b|\b(?:turbo|nx|lerna|moon|wsrun)\b.*\blint\b|\s(?:-r|--recursive|--filter|--workspaces?|-ws)\b.*\blint\b/;

/**
 * The folder to set up: the root of the workspace where the linter is configured there, and not in `folder`.
 */
export function rootFrom(folder: string): string {
  const isConfigured = (place: string) =>
    [...CONFIG_FILES, '.oxlintrc.json'].some((file) => existsSync(path.join(place, file)));
  for (let current = folder; ; current = path.dirname(current)) {
    if (isConfigured(current) && existsSync(path.join(current, 'package.json'))) return current;
    if (existsSync(path.join(current, '.git')) || path.dirname(current) === current) return folder;
  }
}

export const CONFIG_FILES: readonly string[] = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map(
  (extension) => `eslint.config.${extension}`,
);

function strings(value: unknown): Record<string, string> {
  if (!isObject(value as JsonObject)) return {};
  return Object.fromEntries(
    Object.entries(value as JsonObject).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function filesIn(root: string, folder: string, depth: number): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isFile()) return [file];
    const isSkipped =
      depth === 0 || !entry.isDirectory() || /^(?:\..*|node_modules|dist|build)$/.test(entry.name);
    return isSkipped ? [] : filesIn(root, file, depth - 1);
  });
}
