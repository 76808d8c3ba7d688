/**
 * The variables of a file.
 */
import { createRequire } from 'node:module';
import type * as scopeManager from '@typescript-eslint/scope-manager';
import type { AnalyzeOptions, ScopeManager } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';

const require = createRequire(import.meta.url);

/** Looks the scopes of a syntax tree up. Loads the analysis with the first file that needs one. */
export function analyzeScopes(
  ast: TSESTree.Program,
  options: AnalyzeOptions = { sourceType: 'module' },
): ScopeManager {
  const { analyze } = require('@typescript-eslint/scope-manager') as typeof scopeManager;
  return analyze(ast, { sourceType: 'module', ...options, lib: [] });
}

/**
 * Whether scopes know the names of types. Those that come with Babel's parser do not, so that no annotation leads
 * anywhere.
 */
export function knowTypes(scopes: ScopeManager): boolean {
  return 'variables' in scopes;
}
