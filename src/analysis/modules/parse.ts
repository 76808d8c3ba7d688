/**
 * The native parser, as all of the package uses it: the same kind of tree as `@typescript-eslint/parser` gives, with
 * any version of TypeScript installed or none.
 */
import { createRequire } from 'node:module';
import { debuglog } from 'node:util';
import type * as scopeManager from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import type * as oxcParser from 'oxc-parser';
import { analyzeScopes } from '../source/scopes.ts';

const require = createRequire(import.meta.url);
const debug = debuglog('async-tasks');

export interface Parsed {
  /** Nodes have ranges, but neither `loc` nor parents. */
  ast: TSESTree.Program;
  comments: readonly oxcParser.Comment[];
  visitorKeys: Readonly<Record<string, string[]>>;
  /** What the file breaks the language's grammar with. The tree may be there all the same. */
  errors: readonly oxcParser.OxcError[];
}

/** Parses a text as the file of that name; `undefined` when no parser can be loaded. */
export function parseText(file: string, text: string): Parsed | undefined {
  const parser = loadParser();
  if (!parser) return undefined;
  const { program, comments, errors } = parser.parseSync(file, text, {
    astType: 'ts',
    range: true,
    preserveParens: false,
    // In a .js file JSX is common; in .ts the parser decides by the extension.
    ...(/\.[cm]?js$/.test(file) ? { lang: 'jsx' as const } : {}),
  });
  return {
    ast: program as unknown as TSESTree.Program,
    comments,
    visitorKeys: parser.visitorKeys,
    errors: errors.filter((error) => (error.severity as string) === 'Error'),
  };
}

/** Whether nothing of the file could be read. A tree with errors in it is still worth more than none. */
export function isUnreadable({ ast, errors }: Parsed): boolean {
  return errors.length > 0 && ast.body.length === 0;
}

/** The variables of a parsed file. */
export function scopesOf(
  { ast, visitorKeys }: Parsed,
  options: scopeManager.AnalyzeOptions = { sourceType: 'module' },
): scopeManager.ScopeManager {
  return analyzeScopes(ast, { ...options, childVisitorKeys: visitorKeys });
}

type Parser = typeof oxcParser;
let loaded: Parser | null | undefined;

/** Loaded on first use, so that importing the plugin does not load native code. */
function loadParser(): Parser | null {
  if (loaded !== undefined) return loaded;
  try {
    loaded = require('oxc-parser') as Parser;
  } catch (error) {
    debug('the native parser cannot be loaded, analysis stays inside each file: %s', error);
    loaded = null;
  }
  return loaded;
}
