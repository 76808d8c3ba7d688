/**
 * The source files below a folder, without what `.gitignore` excludes, what is installed and what is built.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readManifest } from './root.ts';

const SOURCE = /(?<!\.d|\.min)\.[cm]?[jt]sx?$/;
const SKIPPED = new Set(['node_modules', 'bower_components', 'jspm_packages']);
/** Build output, when it lies beside a package.json; deeper down such a name may be a source folder. */
const OUTPUT = new Set(['dist', 'build', 'out', 'coverage', 'lib-cov', 'storybook-static']);

/** Whether a file's name is that of a source: no declarations, nothing minified. */
export function isSourceName(file: string): boolean {
  return SOURCE.test(file);
}

/** What a `.gitignore` says of what lies below its folder. */
export interface IgnoreFile {
  folder: string;
  rules: Ignore;
}

export interface WalkOptions {
  /** Files found at most. */
  limit: number;
  /** Is given the folder of each package that is come across, by the package's name; the first one counts. */
  packages?: Map<string, string>;
  /** The `.gitignore` files above the folder that count. */
  ignores?: readonly IgnoreFile[];
}

/** The sources below a folder, in the order in which they are come across. */
export function walkSources(folder: string, options: WalkOptions): Set<string> {
  const found = new Set<string>();
  walk(folder, options.ignores ?? [], options, found);
  return found;
}

/** The `.gitignore` files above a folder, up to the repository it is in; none outside a repository. */
export function ignoresAbove(folder: string): IgnoreFile[] {
  const found: IgnoreFile[] = [];
  let current = folder;
  while (!existsSync(path.join(current, '.git'))) {
    const above = path.dirname(current);
    if (above === current) return [];
    current = above;
    const file = readIgnoreFile(current);
    if (file) found.unshift(file);
  }
  return found;
}

function walk(
  folder: string,
  ignores: readonly IgnoreFile[],
  options: WalkOptions,
  found: Set<string>,
): void {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return; // unreadable: as if it were not there
  }
  const own = entries.some((entry) => entry.name === '.gitignore') ? readIgnoreFile(folder) : undefined;
  const active = own ? [...ignores, own] : ignores;
  const isPackage = entries.some((entry) => entry.name === 'package.json');
  if (isPackage && options.packages) {
    const name = readManifest(folder)?.name;
    if (typeof name === 'string' && !options.packages.has(name)) options.packages.set(name, folder);
  }
  for (const entry of entries) {
    if (found.size >= options.limit) return;
    const name = entry.name;
    const file = path.join(folder, name);
    if (entry.isDirectory()) {
      if (
        (name.startsWith('.') && name !== '.well-known') ||
        SKIPPED.has(name) ||
        (isPackage && OUTPUT.has(name))
      )
        continue;
      if (!isIgnored(active, file, true)) walk(file, active, options, found);
    } else if (entry.isFile() && SOURCE.test(name) && !isIgnored(active, file, false)) found.add(file);
  }
}

function readIgnoreFile(folder: string): IgnoreFile | undefined {
  try {
    return { folder, rules: ignore().add(readFileSync(path.join(folder, '.gitignore'), 'utf8')) };
  } catch {
    return undefined;
  }
}

function isIgnored(ignores: readonly IgnoreFile[], file: string, isFolder: boolean): boolean {
  return ignores.some(({ folder, rules }) => {
    // The folder is above the file, so that cutting does what `path.relative` would.
    const below = file.slice(folder.endsWith(path.sep) ? folder.length : folder.length + 1);
    const relative = path.sep === '/' ? below : below.split(path.sep).join('/');
    return rules.ignores(isFolder ? `${relative}/` : relative);
  });
}
