/**
 * What `async-tasks init` would change in a project.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Preset } from '../../plugin/create-rule.ts';
import { setUpCi } from './ci.ts';
import { setUpEslint } from './eslint.ts';
import { setUpHooks } from './hooks.ts';
import { oxlintConfigOf, setUpOxlint } from './oxlint.ts';
import { Project } from './project.ts';

export { unifiedDiff } from './diff.ts';
export { rootFrom, type Project } from './project.ts';

export interface InitOptions {
  preset: Preset;
  hooks: boolean;
  ci: boolean;
}

/** @throws {UsageError} when a file that matters cannot be read. */
export function planFor(root: string, { preset, hooks, ci }: InitOptions): Project {
  const project = new Project(root);
  const oxlintConfig = oxlintConfigOf(project);
  if (oxlintConfig !== undefined) setUpOxlint(project, oxlintConfig, preset);
  else if (!setUpEslint(project, preset)) return project;

  if (!existsSync(path.join(root, '.git')) && isInRepository(root) && (hooks || ci))
    project.plan.advice.push(
      'The repository begins in a folder above; its hooks and workflows are not looked at.',
    );
  if (hooks)
    setUpHooks(
      project,
      oxlintConfig === undefined ? 'eslint --no-warn-ignored' : 'oxlint --no-error-on-unmatched-pattern',
    );
  if (ci) setUpCi(project);
  return project;
}

function isInRepository(folder: string): boolean {
  if (existsSync(path.join(folder, '.git'))) return true;
  return path.dirname(folder) !== folder && isInRepository(path.dirname(folder));
}
