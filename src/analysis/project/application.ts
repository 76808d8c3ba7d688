/**
 * Whether code is run as it is, or imported by others, whose use of it cannot be seen.
 */
import path from 'node:path';
import { isInside, readManifest } from '../modules/root.ts';
import type { Project } from './project.ts';

/** Whether a file's package is run by itself: whoever imports a library can run its queues, and read its results. */
export function isApplication({ root }: Project, file: string): boolean {
  for (
    let folder = path.dirname(file);
    folder === root || isInside(root, folder);
    folder = path.dirname(folder)
  ) {
    const manifest = readManifest(folder);
    if (manifest?.name !== undefined || manifest?.dependencies)
      return manifest.private === true || (manifest.main === undefined && manifest.exports === undefined);
  }
  return true;
}
