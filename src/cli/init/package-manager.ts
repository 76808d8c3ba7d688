/**
 * Which package manager a project uses, and its commands.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

export type PackageManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun';

export interface PackageManager {
  name: PackageManagerName;
  /** Installs what package.json names. */
  install: readonly string[];
  /** The same in CI, where the lock file is the truth. */
  ci: string;
  /** Runs a program of an installed package. */
  exec: string;
  hasLock: boolean;
}

/** In the order in which they win where a project has several. */
const LOCK_FILES: readonly (readonly [string, PackageManagerName])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['pnpm-workspace.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

const EXEC: Readonly<Record<PackageManagerName, string>> = {
  npm: 'npx',
  pnpm: 'pnpm exec',
  yarn: 'yarn',
  bun: 'bunx',
};

/** The field `packageManager` says it; else the lock file does, which may lie above in a workspace. */
export function packageManagerOf(root: string, field: unknown): PackageManager {
  const [, named, major] = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(typeof field === 'string' ? field : '') ?? [];
  const folder = lockedFolder(root);
  const locked = LOCK_FILES.find(([file]) => existsSync(path.join(folder, file)))?.[1];
  const name = (named as PackageManagerName | undefined) ?? locked ?? 'npm';
  const isYarnBerry = Number(major) >= 2 || existsSync(path.join(folder, '.yarnrc.yml'));
  const ci: Record<PackageManagerName, string> = {
    npm: locked === 'npm' ? 'npm ci' : 'npm install',
    pnpm: 'pnpm install --frozen-lockfile',
    yarn: isYarnBerry ? 'yarn install --immutable' : 'yarn install --frozen-lockfile',
    bun: 'bun install --frozen-lockfile',
  };
  return { name, install: [name, 'install'], ci: ci[name], exec: EXEC[name], hasLock: locked !== undefined };
}

/** The nearest folder with a lock file, up to the root of the repository. */
function lockedFolder(root: string): string {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (LOCK_FILES.some(([file]) => existsSync(path.join(folder, file)))) return folder;
    if (existsSync(path.join(folder, '.git')) || path.dirname(folder) === folder) return root;
  }
}
