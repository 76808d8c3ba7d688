/**
 * The files that a run is about.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ignoresAbove, isSourceName, walkSources } from '../../analysis/modules/walk.ts';
import { projectOf } from '../../analysis/project/project.ts';
import { concernsJobs, trust } from '../../plugin/linted-file.ts';
import type { Settings } from '../../plugin/settings.ts';
import { UsageError } from '../command.ts';

const LIMIT = 100_000;

/**
 * The sources that paths name, sorted: a file itself, of a folder what is below it.
 *
 * @throws {UsageError} when a path does not exist, or there are no sources.
 */
export function findSources(cwd: string, paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const given of paths.length > 0 ? paths : ['.']) {
    const target = path.resolve(cwd, given);
    const stat = statSync(target, { throwIfNoEntry: false });
    if (!stat) throw new UsageError(`There is no file or folder \`${given}\`.`);
    if (stat.isDirectory())
      for (const file of walkSources(target, { limit: LIMIT, ignores: ignoresAbove(target) }))
        found.add(file);
    else if (isSourceName(target)) found.add(target);
  }
  if (found.size === 0)
    throw new UsageError(
      `There are no JavaScript or TypeScript sources in ${paths.length > 0 ? paths.map((given) => `\`${given}\``).join(', ') : 'this folder'}.`,
    );
  return [...found].sort();
}

/**
 * Those of the files in which something can be found: in the others no rule of ours ever says anything, so that they
 * need not be parsed.
 */
export function filesWithJobs(
  files: readonly string[],
  cwd: string,
  settingsOf: (file: string) => Settings,
): string[] {
  const asked = new Set<string>();
  return files.filter((file) => {
    const project = projectOf(file, cwd);
    const settings = settingsOf(file);
    trust(project, settings);
    if (!asked.has(project.root)) {
      asked.add(project.root);
      project.catalog.refresh(Date.now());
    }
    if (project.isTest(file)) return false;
    // A file that was named although it is ignored is not in the catalog.
    if (!project.catalog.has(file)) project.catalog.update(file, readFileSync(file, 'utf8'));
    return concernsJobs(project, file);
  });
}
