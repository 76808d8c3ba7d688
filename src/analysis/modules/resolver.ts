/**
 * From a specifier in a file to the file it means: tsconfig paths, package exports and imports, workspaces,
 * missing extensions, `.js` that means `.ts`. Only files inside the project's root are ever returned.
 */
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as oxcResolver from 'oxc-resolver';
import { isInside, readManifest } from './root.ts';

const require = createRequire(import.meta.url);
const EXTENSIONS: readonly string[] = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** Source files that a specifier with the extension of build output can mean. */
const ALIASES: Readonly<Record<string, string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};
const OPTIONS: oxcResolver.NapiResolveOptions = {
  extensions: [...EXTENSIONS],
  extensionAlias: ALIASES,
  conditionNames: ['source', 'development', 'import', 'require', 'node', 'types', 'default'],
  mainFields: ['source', 'module', 'main', 'types'],
};
const SCOPE_FILES = ['package.json', 'tsconfig.json', 'jsconfig.json', 'node_modules'];
const OUTPUT_FOLDER = /(^|\/)(?:dist|build|lib|out)(?=\/|$)/;
const SOURCE_FILE = /(?<!\.d)\.[cm]?[jt]sx?$/;

/** The files that a path without, or with another, extension can mean, in the order of preference. */
export function* candidates(target: string): Generator<string> {
  const extension = path.extname(target);
  const stem = target.slice(0, target.length - extension.length);
  for (const alias of ALIASES[extension] ?? [extension]) yield stem + alias;
  for (const added of EXTENSIONS) yield target + added;
  for (const added of EXTENSIONS) yield `${target}${path.sep}index${added}`;
}

export class Resolver {
  readonly #root: string;
  readonly #realRoot: string;
  readonly #cache = new Map<string, string | undefined>();
  readonly #scopes = new Map<string, string>();
  #packages: ReadonlyMap<string, string> = new Map();
  #factory: oxcResolver.ResolverFactory | null | undefined;
  #plain: oxcResolver.ResolverFactory | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#realRoot = realPath(root);
  }

  /** The absolute path of the project file that a specifier means, or `undefined` for anything else. */
  resolve(from: string, specifier: string): string | undefined {
    const isRelative = specifier.startsWith('.');
    if (!isRelative && specifier.startsWith('node:')) return undefined;
    const folder = path.dirname(from);
    const key = `${isRelative ? folder : this.#scopeOf(folder)}\0${specifier}`;
    if (this.#cache.has(key)) return this.#cache.get(key);
    const resolved =
      this.#resolve(from, specifier) ??
      (isRelative ? undefined : (this.#workspaceFile(specifier) ?? this.#conventionalFile(from, specifier)));
    this.#cache.set(key, resolved);
    return resolved;
  }

  /** The nearest folder with a configuration of its own: below it a package's name means the same everywhere. */
  #scopeOf(folder: string): string {
    let scope = this.#scopes.get(folder);
    if (scope === undefined) {
      const parent = path.dirname(folder);
      const isScope =
        folder === this.#root ||
        parent === folder ||
        SCOPE_FILES.some((name) => existsSync(path.join(folder, name)));
      scope = isScope ? folder : this.#scopeOf(parent);
      this.#scopes.set(folder, scope);
    }
    return scope;
  }

  /** Forgets what was resolved so far, because files came or went, and takes the workspace's packages. */
  forget(packages: ReadonlyMap<string, string>): void {
    this.#cache.clear();
    this.#scopes.clear();
    this.#packages = packages;
    this.#factory?.clearCache();
    this.#plain?.clearCache();
  }

  #resolve(from: string, specifier: string): string | undefined {
    const factory = this.#load();
    if (!factory) return undefined;
    const found = factory.resolveFileSync(from, specifier).path;
    if (found !== undefined) return this.#project(found);
    // A tsconfig that is broken or extends a package that is not installed makes every look-up fail.
    const plain = this.#plain?.sync(path.dirname(from), specifier).path;
    return plain === undefined ? undefined : this.#project(plain);
  }

  #load(): oxcResolver.ResolverFactory | null {
    if (this.#factory !== undefined) return this.#factory;
    try {
      const { ResolverFactory } = require('oxc-resolver') as typeof oxcResolver;
      this.#factory = new ResolverFactory({ ...OPTIONS, tsconfig: 'auto' });
      this.#plain = new ResolverFactory(OPTIONS);
    } catch {
      this.#factory = null; // no native binding on this platform: analysis stays inside the file
    }
    return this.#factory;
  }

  /** A found file as a path below the root as the linter spells it, if that is where it lies. */
  #project(found: string): string | undefined {
    let file = found;
    if (!isInside(this.#root, file)) {
      if (!isInside(this.#realRoot, file)) return undefined;
      file = path.join(this.#root, path.relative(this.#realRoot, file));
    }
    if (file.includes(`${path.sep}node_modules${path.sep}`)) return undefined;
    if (SOURCE_FILE.test(file) && !OUTPUT_FOLDER.test(path.relative(this.#root, file))) return file;
    return sourceOf(file) ?? (SOURCE_FILE.test(file) ? file : undefined);
  }

  /** `$lib/x` or `@/x` where the tsconfig that defines the alias is generated, or is not there. */
  #conventionalFile(from: string, specifier: string): string | undefined {
    for (const { prefix, folders } of CONVENTIONS) {
      if (!specifier.startsWith(prefix)) continue;
      const packageFolder = this.#packageFolder(from);
      for (const folder of folders) {
        const found = firstExisting(path.join(packageFolder, folder, specifier.slice(prefix.length)));
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #packageFolder(file: string): string {
    for (let folder = path.dirname(file); isInside(this.#root, folder); folder = path.dirname(folder))
      if (existsSync(path.join(folder, 'package.json'))) return folder;
    return this.#root;
  }

  /** `@scope/name` or `@scope/name/sub` of a workspace package that no package manager has linked. */
  #workspaceFile(specifier: string): string | undefined {
    const parts = specifier.split('/');
    const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string);
    const folder = this.#packages.get(name);
    if (folder === undefined) return undefined;
    const subpath = parts.slice(name.split('/').length).join('/');
    const manifest = readManifest(folder);
    const targets = manifest ? entryPoints(manifest.exports, subpath ? `./${subpath}` : '.') : [];
    if (!subpath) {
      for (const field of ['source', 'module', 'main', 'types'] as const) {
        const value = (manifest as Record<string, unknown> | undefined)?.[field];
        if (typeof value === 'string') targets.push(value);
      }
      targets.push('src/index', 'index', 'src/main', 'lib/index');
    } else targets.push(subpath, `src/${subpath}`, `${subpath}/index`, `src/${subpath}/index`);
    for (const target of targets) {
      const file = path.join(folder, target);
      const source = sourceOf(file) ?? firstExisting(file);
      if (source !== undefined && isInside(this.#root, source)) return source;
    }
    return undefined;
  }
}

/** Where aliases point that a framework generates the configuration for, or that everybody uses the same way. */
const CONVENTIONS: readonly { prefix: string; folders: readonly string[] }[] = [
  { prefix: '$lib/', folders: ['src/lib'] },
  { prefix: '@/', folders: ['src', '.', 'app'] },
  { prefix: '~/', folders: ['src', '.', 'app'] },
  { prefix: '@@/', folders: ['.'] },
  { prefix: '~~/', folders: ['.'] },
];

/** All files that a package's `exports` names for a subpath, whatever the condition. */
function entryPoints(exports: unknown, subpath: string): string[] {
  if (typeof exports === 'string') return subpath === '.' ? [exports] : [];
  if (typeof exports !== 'object' || exports === null) return [];
  const map = exports as Record<string, unknown>;
  const isSubpathMap = Object.keys(map).some((key) => key.startsWith('.'));
  if (!isSubpathMap)
    return subpath === '.' ? Object.values(map).flatMap((value) => entryPoints(value, '.')) : [];
  const exact = map[subpath];
  if (exact !== undefined) return entryPoints(exact, '.');
  for (const [pattern, target] of Object.entries(map)) {
    const [prefix = '', suffix = ''] = pattern.split('*');
    if (pattern.includes('*') && subpath.startsWith(prefix) && subpath.endsWith(suffix)) {
      const rest = subpath.slice(prefix.length, subpath.length - suffix.length);
      return entryPoints(target, '.').map((file) => file.replaceAll('*', rest));
    }
  }
  return [];
}

/** The source that a file of build output was made from: `dist/a.js` or `dist/a.d.ts` from `src/a.ts` or `a.ts`. */
function sourceOf(file: string): string | undefined {
  const normal = file.split(path.sep).join('/');
  const match = [...normal.matchAll(new RegExp(OUTPUT_FOLDER, 'g'))].at(-1);
  if (!match) return undefined;
  const before = normal.slice(0, match.index) + (match[1] as string);
  const after = normal.slice(match.index + match[0].length).replace(/^\//, '');
  for (const candidate of [`${before}src/${after}`, `${before}${after}`]) {
    const found = firstExisting(candidate);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstExisting(file: string): string | undefined {
  const base = file.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
  for (const candidate of [base, `${base}/index`])
    for (const extension of EXTENSIONS) if (existsSync(candidate + extension)) return candidate + extension;
  return undefined;
}

function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
