/**
 * The parser that `check` gives to ESLint: the native one that reads all other files, too. So a project needs no
 * parser of its own, and what is found does not depend on which TypeScript it has installed, if any.
 */
import type { AST, Scope, SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import manifest from '../../../package.json' with { type: 'json' };
import { isUnreadable, parseText, scopesOf, type Parsed } from '../../analysis/modules/parse.ts';
import { tokensOf } from './tokens.ts';

/**
 * Part of the key of ESLint's cache.
 *
 * @public ESLint reads it
 */
export const meta = { name: `${manifest.name}/check-parser`, version: manifest.version };

interface ParserOptions {
  filePath?: string;
  sourceType?: string;
  ecmaFeatures?: { globalReturn?: boolean };
}

export interface ParseResult {
  ast: AST.Program;
  scopeManager: Scope.ScopeManager;
  visitorKeys: SourceCode.VisitorKeys;
}

let onFile: ((file: string) => void) | undefined;

/** Is told of each file that this thread parses; `undefined` ends it. */
export function watchFiles(listener: typeof onFile): void {
  onFile = listener;
}

/** @throws {SyntaxError} with `lineNumber` and `column`, as ESLint expects them, when the text cannot be read. */
export function parseForESLint(text: string, options: ParserOptions = {}): ParseResult {
  const file = options.filePath ?? 'input.ts';
  onFile?.(file);
  const parsed = parseText(file, text);
  if (!parsed)
    throw Object.assign(
      new Error(
        'The parser `oxc-parser` has no build for this platform; the plugin works without it in ESLint.',
      ),
      { lineNumber: 1, column: 1 },
    );
  const locate = locator(text);
  if (isUnreadable(parsed)) throw syntaxError(parsed, locate);
  const { ast, visitorKeys } = parsed;
  addLocations(ast, visitorKeys, locate);
  const comments = parsed.comments
    .filter(({ value }) => !configuresOthers(value))
    .map(({ type, value, start, end }) => ({ type, value, ...placeOf(start, end, locate) }));
  const tokens = tokensOf(text, parsed).map((token) => ({
    ...token,
    ...placeOf(token.range[0], token.range[1], locate),
  }));
  return {
    ast: { ...ast, comments, tokens } as unknown as AST.Program,
    scopeManager: scopesOf(parsed, {
      sourceType: options.sourceType === 'module' ? 'module' : 'script',
      globalReturn: options.ecmaFeatures?.globalReturn === true,
    }) as unknown as Scope.ScopeManager,
    visitorKeys,
  };
}

/**
 * A comment such as `eslint no-console: "error"` would turn a rule on that has nothing to do with us, or that does
 * not exist here. Comments that disable rules are left: of an unknown rule they say nothing.
 */
function configuresOthers(comment: string): boolean {
  return /^\s*eslint\s/.test(comment) && !comment.includes('async-tasks/');
}

type Locate = (offset: number) => { line: number; column: number };

/** Line breaks as ESLint counts them, which are those of the language. */
function locator(text: string): Locate {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\r\n\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) };
  };
}

function placeOf(
  start: number,
  end: number,
  locate: Locate,
): Pick<AST.Token, 'loc' | 'range'> & { start: number; end: number } {
  return { start, end, range: [start, end], loc: { start: locate(start), end: locate(end) } };
}

/** An explicit stack: generated files nest deeper than the call stack allows. */
function addLocations(ast: TSESTree.Program, visitorKeys: Parsed['visitorKeys'], locate: Locate): void {
  const stack: unknown[] = [ast];
  while (stack.length > 0) {
    const node = stack.pop() as Record<string, unknown> & { type: string; range: [number, number] };
    node.loc = { start: locate(node.range[0]), end: locate(node.range[1]) };
    for (const key of visitorKeys[node.type] ?? [])
      for (const child of [node[key]].flat())
        if (typeof child === 'object' && child !== null && 'range' in child) stack.push(child);
  }
}

function syntaxError({ errors: [first] }: Parsed, locate: Locate): SyntaxError {
  const { line, column } = locate(first?.labels[0]?.start ?? 0);
  return Object.assign(new SyntaxError(first?.message ?? 'The file cannot be parsed'), {
    lineNumber: line,
    column: column + 1,
  });
}
