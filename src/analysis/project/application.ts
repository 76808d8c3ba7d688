/**
 * Whether code is run as it is, or imported by others, whose use of it cannot be seen.
 */
import path from 'node:path';
import { isInside, readManifest, type PackageManifest } from '../modules/root.ts';
import type { Project } from './project.ts';

/** Whether a file's package is run by itself: whoever imports a library can run its queues, and read its results. */
export function isApplication(project: Project, file: string): boolean {
  const manifest = manifestOf(project, file);
  return !manifest || manifest.private === true || !isImportable(manifest);
}

/** The same, with the word of a `start` script for it, since `npm init` gives a `main` to every package. */
export function isStarted(project: Project, file: string): boolean {
  const manifest = manifestOf(project, file);
  return (
    isApplication(project, file) ||
    (manifest?.exports === undefined &&
      Object.keys(manifest?.scripts ?? {}).some((script) => /^start(?![a-z])/.test(script)))
  );
}

function isImportable({ main, exports }: PackageManifest): boolean {
  return main !== undefined || exports !== undefined;
}

/** The manifest of the package that a file is of. */
function manifestOf({ root }: Project, file: string): PackageManifest | undefined {
  for (
    let folder = path.dirname(file);
    folder === root || isInside(root, folder);
    folder = path.dirname(folder)
  ) {
    const manifest = readManifest(folder);
    if (manifest?.name !== undefined || manifest?.dependencies) return manifest;
  }
  return undefined;
}
