/**
 * How a project configures itself.
 */
import type { ProjectIndex } from './index-of-jobs.ts';
import type { Project } from './project.ts';

const CHECKS = /\b(?:validationSchema|validate|load)\b\s*[:(,}]/;
const checking = new WeakMap<ProjectIndex, boolean>();

/** Whether NestJS' configuration validates its settings, or takes them from functions: then each may have a value. */
export function checksSettings(project: Project): boolean {
  const { index, catalog } = project;
  let checks = checking.get(index);
  if (checks === undefined) {
    checks = catalog.marked('settings').some((file) => CHECKS.test(project.load(file)?.text ?? ''));
    checking.set(index, checks);
  }
  return checks;
}
