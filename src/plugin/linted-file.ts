/**
 * From what a linter hands to a rule to the facts of the file: computed once a file, shared by all rules.
 */
import path from 'node:path';
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import ignore from 'ignore';
import { FileFacts } from '../analysis/file-facts.ts';
import { projectOf } from '../analysis/project/project.ts';
import { SourceModule } from '../analysis/source/module.ts';
import type { Settings } from './settings.ts';

export interface LintedFile {
  facts: FileFacts;
  settings: Settings;
}

/** By syntax tree: under oxlint one `SourceCode` object serves all files. `null` is a file without interest. */
const files = new WeakMap<TSESTree.Program, LintedFile | null>();

/** The facts of the linted file; `undefined` when it cannot concern jobs, or is a test. */
export function lintedFile(
  context: Readonly<TSESLint.RuleContext<string, readonly unknown[]>>,
  settings: Settings,
): LintedFile | undefined {
  const { ast } = context.sourceCode;
  let file = files.get(ast);
  if (file === undefined) {
    file = open(context, settings) ?? null;
    files.set(ast, file);
  }
  return file ?? undefined;
}

function open(
  context: Readonly<TSESLint.RuleContext<string, readonly unknown[]>>,
  settings: Settings,
): LintedFile | undefined {
  const { sourceCode } = context;
  const cwd = context.cwd;
  const name = path.resolve(cwd, context.physicalFilename);
  const project = projectOf(name, cwd);
  if (!settings.includeTests && isTest(settings, project.pathOf(name))) return undefined;
  project.trust(settings.wrappers);
  project.begin(name, sourceCode.text, sourceCode.ast);
  if (!project.leadsTo(name, 'jobs') && project.index.processorsIn(name).length === 0) return undefined;
  const scopes = sourceCode.scopeManager;
  if (!scopes) return undefined;
  const module = new SourceModule({
    path: name,
    text: sourceCode.text,
    ast: sourceCode.ast,
    visitorKeys: sourceCode.visitorKeys,
    scopes: () => scopes,
    linted: true,
  });
  return {
    facts: new FileFacts(project, module, settings.handlers, settings.transactionFunctions),
    settings,
  };
}

const matchers = new WeakMap<Settings, (file: string) => boolean>();

function isTest(settings: Settings, file: string): boolean {
  let matches = matchers.get(settings);
  if (!matches) {
    const rules = ignore().add(settings.testFiles.slice());
    matches = (candidate) => !candidate.startsWith('..') && candidate !== '' && rules.ignores(candidate);
    matchers.set(settings, matches);
  }
  return matches(file);
}
