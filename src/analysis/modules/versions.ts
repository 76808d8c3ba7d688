/**
 * Which version of a package a file works with.
 */
import path from 'node:path';
import { isInside, readManifest } from './root.ts';

export interface PackageVersion {
  major: number;
  /** The newest minor version and patch that it can be: without end where a range leaves them open. */
  newest: readonly [minor: number, patch: number];
  /** Whether it is what is installed, or only what the package.json allows. */
  installed: boolean;
}

/**
 * The version that is installed nearest to a file, as Node would find it, else the lowest one that the range in the
 * nearest package.json with the package allows; `undefined` when neither says. Looks no further up than the root,
 * except for what is installed: a hoisted package can lie above it.
 */
export function packageVersion(root: string, file: string, name: string): PackageVersion | undefined {
  let range: string | undefined;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const installed = readManifest(path.join(folder, 'node_modules', name));
    const major = majorOf(installed?.version);
    if (major !== undefined) return { major, newest: newestOf(installed?.version), installed: true };
    if (range === undefined && (folder === root || isInside(root, folder))) range = rangeIn(folder, name);
    if (path.dirname(folder) === folder) break;
  }
  const major = majorOf(range);
  return major === undefined ? undefined : { major, newest: newestOf(range), installed: false };
}

function rangeIn(folder: string, name: string): string | undefined {
  const manifest = readManifest(folder);
  return [manifest?.dependencies, manifest?.devDependencies, manifest?.peerDependencies]
    .map((dependencies) => dependencies?.[name])
    .find((range) => typeof range === 'string');
}

/** `5` of `5.71.0`, `^5.1`, `>=5 <7`, `npm:bullmq@^5`, `workspace:^5`, `v5`; nothing of `latest`, `*`, `workspace:*`. */
function majorOf(range: unknown): number | undefined {
  const found =
    typeof range === 'string'
      ? /^(?:npm:.+@|workspace:)?\s*(?:[\^~=v]|>=)*\s*(\d+)(?![\d]*[:/])/.exec(range)
      : null;
  return found ? Number(found[1]) : undefined;
}

/** `[71, 0]` of `5.71.0`, `[71, Infinity]` of `~5.71.0`, `[Infinity, Infinity]` of `^5.71.0`. */
function newestOf(range: unknown): PackageVersion['newest'] {
  const found =
    typeof range === 'string'
      ? /^(?:npm:.+@)?\s*([=v~]?)\s*\d+\.(\d+)\.(\d+)(?:-\S+)?\s*$/.exec(range)
      : null;
  if (!found) return [Infinity, Infinity];
  return [Number(found[2]), found[1] === '~' ? Infinity : Number(found[3])];
}
