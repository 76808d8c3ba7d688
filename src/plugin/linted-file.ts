/**
 * From what a linter hands to a rule to the facts of the file: computed once a file, shared by all rules.
 */
import path from 'node:path';
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { FileFacts } from '../analysis/file-facts.ts';
import { projectOf, type Project } from '../analysis/project/project.ts';
import { SourceModule } from '../analysis/source/module.ts';
import { analyzeScopes, knowTypes } from '../analysis/source/scopes.ts';
import type { Settings } from './settings.ts';
import { typeOracleOf } from './type-oracle.ts';

export interface LintedFile {
  facts: FileFacts;
  settings: Settings;
}

/**
 * The file that was opened last: a linter runs all rules on a file before it goes to the next. Known by its syntax
 * tree, because under oxlint one `SourceCode` object serves all files. One place, and no `WeakMap`: as the key of one,
 * each tree of a run would outlive the collections of the young generation, which costs more than all else here.
 */
let opened: { ast: TSESTree.Program; file: LintedFile | undefined } | undefined;

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** The facts of the linted file; `undefined` when it cannot concern jobs, or is a test. */
export function lintedFile(
  context: Readonly<TSESLint.RuleContext<string, readonly unknown[]>>,
  settings: Settings,
): LintedFile | undefined {
  const { ast } = context.sourceCode;
  if (opened?.ast !== ast) {
    opened = undefined;
    opened = { ast, file: open(context, settings) };
  }
  return opened.file;
}

function open(
  context: Readonly<TSESLint.RuleContext<string, readonly unknown[]>>,
  settings: Settings,
): LintedFile | undefined {
  const { sourceCode } = context;
  const cwd = context.cwd;
  const name = path.resolve(cwd, context.physicalFilename);
  const project = projectOf(name, cwd);
  trust(project, settings);
  if (project.isTest(name)) return undefined;
  project.begin(name, sourceCode.text);
  if (!concernsJobs(project, name)) return undefined;
  const scopes = sourceCode.scopeManager;
  if (!scopes) return undefined;
  const module = new SourceModule({
    path: name,
    text: sourceCode.text,
    ast: sourceCode.ast,
    visitorKeys: sourceCode.visitorKeys,
    scopes: () => (knowTypes(scopes) || !TYPESCRIPT.test(name) ? scopes : analyzeScopes(sourceCode.ast)),
    linted: true,
    types: typeOracleOf(sourceCode),
  });
  return {
    facts: new FileFacts(project, module, settings.handlers, settings.transactionFunctions),
    settings,
  };
}

/** Tells a project what its user has set. */
export function trust(project: Project, { wrappers, testFiles, includeTests }: Settings): void {
  project.trust({ wrappers, tests: includeTests ? [] : testFiles });
}

/** Whether a file can concern jobs, by the words that it and the files that it imports have. */
export function concernsJobs(project: Project, file: string): boolean {
  return project.leadsTo(file, 'jobs') || project.index.processorsIn(file).length > 0;
}
