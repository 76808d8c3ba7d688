/**
 * The ESLint that the command drives.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as eslint from 'eslint';
import { UsageError } from '../command.ts';

export type ESLintClass = typeof eslint.ESLint;

const OLDEST = [9, 38] as const;
const INSTALL = 'Install it: `npm install --save-dev eslint`.';

/**
 * The class `ESLint` of the ESLint beside this package, else of the project's.
 *
 * @throws {UsageError} when there is none, or one that is too old.
 */
export async function loadESLint(cwd: string): Promise<ESLintClass> {
  const { ESLint } = (await importESLint(cwd)) as Partial<typeof eslint>;
  if (!ESLint) throw new UsageError(`What is installed as \`eslint\` is not ESLint. ${INSTALL}`);
  const [major = 0, minor = 0] = ESLint.version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    throw new UsageError(
      `ESLint ${ESLint.version} is too old: ${OLDEST.join('.')} or later is needed. ${INSTALL}`,
    );
  return ESLint;
}

async function importESLint(cwd: string): Promise<unknown> {
  try {
    return await import('eslint');
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    const file = createRequire(path.join(cwd, 'package.json')).resolve('eslint');
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UsageError(`ESLint is not installed. ${INSTALL}`);
  }
}

function isMissing(error: unknown): boolean {
  return String((error as { code?: unknown }).code).includes('MODULE_NOT_FOUND');
}
