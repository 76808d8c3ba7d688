/**
 * One text as a module of the analysis, through each parser by which a file can get there.
 */
import path from 'node:path';
import * as typescriptParser from '@typescript-eslint/parser';
import type { TSESLint } from '@typescript-eslint/utils';
import { Linter } from 'eslint';
import { parseModule } from '../../src/analysis/modules/store.ts';
import { SourceModule } from '../../src/analysis/source/module.ts';

export type Reader = 'espree' | 'typescript' | 'foreign';

export const readers: readonly Reader[] = ['espree', 'typescript', 'foreign'];

export interface ReadOptions {
  sourceType?: 'module' | 'commonjs' | 'script';
  file?: string;
}

/** Reads a text the way a linted file is read (with ESLint's parser or TypeScript's) or a foreign one. */
export function readModule(reader: Reader, text: string, options: ReadOptions = {}): SourceModule {
  const file = options.file ?? (reader === 'espree' ? '/memory/a.js' : '/memory/a.ts');
  if (reader === 'foreign') {
    const module = parseModule(file, text);
    if (!module) throw new Error(`${file} does not parse`);
    return module;
  }
  const linter = new Linter({ cwd: path.dirname(file) });
  const [problem] = linter.verify(
    text,
    [
      {
        files: ['**/*.{js,jsx,ts,tsx,cjs,mjs}'],
        languageOptions: {
          ...(reader === 'typescript' ? { parser: typescriptParser } : {}),
          ...(options.sourceType ? { sourceType: options.sourceType } : {}),
          parserOptions: { ecmaFeatures: { jsx: true } },
        },
      },
    ],
    { filename: file },
  );
  if (problem) throw new Error(problem.message);
  const sourceCode = linter.getSourceCode() as unknown as TSESLint.SourceCode;
  const scopes = sourceCode.scopeManager;
  if (!scopes) throw new Error('no scopes');
  return new SourceModule({
    path: file,
    text,
    ast: sourceCode.ast,
    visitorKeys: sourceCode.visitorKeys,
    scopes: () => scopes,
    linted: true,
  });
}
