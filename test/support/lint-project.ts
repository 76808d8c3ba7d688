/**
 * Lints a folder on the disk as a host does, with the plugin's sources.
 */
import path from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { ESLint, type Linter } from 'eslint';

export interface Finding {
  /** Below the folder, with forward slashes. */
  file: string;
  line: number;
  /** The rule's name without the plugin's; of a file that cannot be parsed, what the linter says. */
  rule: string;
  message: string;
}

interface LintOptions {
  /** The plugin and the rules. */
  config: Linter.Config | Linter.Config[];
  patterns?: string[];
}

export async function lintFolder(
  folder: string,
  { config, patterns = ['.'] }: LintOptions,
): Promise<Finding[]> {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      { files: ['**/*.{js,mjs,cjs,ts,tsx}'], languageOptions: { parser } },
      ...[config].flat(),
    ],
  });
  const results = await eslint.lintFiles(patterns);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line, message }) => ({
      file: path.relative(folder, filePath).split(path.sep).join('/'),
      line,
      rule: ruleId?.replace(/^async-tasks\//, '') ?? message,
      message,
    })),
  );
}
