/**
 * What the analysis knows of a project of files, for the tests of what needs the project as a whole.
 */
import { FileFacts } from '../../src/analysis/file-facts.ts';
import { projectOf, type Project } from '../../src/analysis/project/project.ts';
import { TestProject, type Files } from './project.ts';

/** A project as the linter has it when it is at one of its files; a text alone is that file. */
export function projectAt(code: string | Files, main = 'a.ts'): { project: Project; file: string } {
  const sources: Files = typeof code === 'string' ? { [main]: code } : code;
  const files = new TestProject(sources);
  const file = files.path(main);
  const project = projectOf(file, files.root);
  project.begin(file, sources[main] ?? '');
  return { project, file };
}

/** The facts of one file of a project. */
export function factsOf(code: string | Files, main = 'a.ts'): FileFacts {
  const { project, file } = projectAt(code, main);
  const module = project.load(file);
  if (!module) throw new Error(`no ${main}`);
  return new FileFacts(project, module);
}
