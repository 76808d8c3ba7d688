/**
 * Where a project begins. Nothing above this folder is ever read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const WORKSPACE_FILES = ['pnpm-workspace.yaml', 'lerna.json', 'nx.json', 'turbo.json', 'rush.json'];
const LOCK_FILES = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];

export interface PackageManifest {
  name?: string;
  version?: string;
  private?: boolean;
  main?: unknown;
  exports?: unknown;
  workspaces?: unknown;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}

/** A package.json, or `undefined` when there is none that can be read as an object. */
export function readManifest(directory: string): PackageManifest | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Some folders hold a package.json that only says `"type"`: no package of their own. */
function isPackageManifest(manifest: PackageManifest | undefined): boolean {
  return (
    manifest !== undefined &&
    ['name', 'dependencies', 'devDependencies', 'scripts', 'workspaces'].some((key) => key in manifest)
  );
}

const roots = new Map<string, string>();

/**
 * The project's root for a file: the workspace that its package belongs to, else its package, else the working
 * directory when the file is in it, else the file's folder. A package with a lock file of its own and a `.git`
 * folder both end the search.
 */
export function projectRoot(file: string, cwd: string): string {
  const start = path.dirname(file);
  const known = roots.get(start);
  if (known !== undefined) return known;
  const root = findRoot(start) ?? (isInside(cwd, file) ? cwd : start);
  roots.set(start, root);
  return root;
}

function findRoot(start: string): string | undefined {
  let packageRoot: string | undefined;
  for (let directory = start; ; directory = path.dirname(directory)) {
    const { isWorkspace, isPackage, hasLock, hasGit } = describe(directory);
    if (isWorkspace) return directory;
    if (packageRoot === undefined && isPackage) {
      packageRoot = directory;
      if (hasLock) return packageRoot;
    }
    if (hasGit || path.dirname(directory) === directory) return packageRoot;
  }
}

interface Folder {
  isWorkspace: boolean;
  isPackage: boolean;
  hasLock: boolean;
  hasGit: boolean;
}

const folders = new Map<string, Folder>();

/** What a folder says of itself; remembered, because every file below asks again. */
function describe(directory: string): Folder {
  let folder = folders.get(directory);
  if (!folder) {
    const names = namesIn(directory);
    const manifest = names.has('package.json') ? readManifest(directory) : undefined;
    const has = (name: string): boolean => names.has(name);
    folder = {
      isWorkspace: manifest?.workspaces !== undefined || WORKSPACE_FILES.some(has),
      isPackage: isPackageManifest(manifest),
      hasLock: manifest !== undefined && LOCK_FILES.some(has),
      hasGit: has('.git'),
    };
    folders.set(directory, folder);
  }
  return folder;
}

/** One listing of a folder is cheaper than a look for each name. */
function namesIn(directory: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(directory));
  } catch {
    return new Set();
  }
}

export function isInside(directory: string, file: string): boolean {
  const relative = path.relative(directory, file);
  return relative !== '' && !/^\.\.(?:[\\/]|$)/.test(relative) && !path.isAbsolute(relative);
}
