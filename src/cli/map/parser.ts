/**
 * A parser for ESLint that needs nothing installed: the one that the analysis reads foreign files with.
 */
import type { Linter } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import { analyze } from '@typescript-eslint/scope-manager';

interface Position {
  line: number;
  column: number;
}

/** Reads TypeScript and JavaScript, with JSX. What it gives has no tokens: rules on layout do not work with it. */
export async function loadParser(): Promise<Linter.Parser> {
  const { parseSync, visitorKeys } = await import('oxc-parser');
  return {
    meta: { name: 'async-tasks/map', version: '1' },
    parseForESLint(text: string, options?: { filePath?: string }) {
      const file = options?.filePath ?? 'file.ts';
      const { program, comments, errors } = parseSync(file, text, {
        astType: 'ts',
        range: true,
        preserveParens: false,
        // In a .js file JSX is common; in .ts the parser decides by the extension.
        ...(/\.[cm]?js$/.test(file) ? { lang: 'jsx' as const } : {}),
      });
      if (errors.length > 0 && program.body.length === 0) throw new SyntaxError(errors[0]?.message);
      const positionAt = positions(text);
      const place = (start: number, end: number) => ({
        range: [start, end],
        loc: { start: positionAt(start), end: positionAt(end) },
      });
      const ast = program as unknown as TSESTree.Program;
      const stack: TSESTree.Node[] = [ast];
      for (let node = stack.pop(); node; node = stack.pop()) {
        Object.assign(node, place(...node.range));
        for (const key of visitorKeys[node.type] ?? [])
          for (const child of [(node as unknown as Record<string, unknown>)[key]].flat())
            if (typeof child === 'object' && child !== null) stack.push(child as TSESTree.Node);
      }
      Object.assign(ast, {
        tokens: [],
        comments: comments.map((comment) => ({ ...comment, ...place(comment.start, comment.end) })),
      });
      const scopeManager = analyze(ast, { sourceType: 'module', childVisitorKeys: visitorKeys, lib: [] });
      return { ast, scopeManager, visitorKeys };
    },
  };
}

function positions(text: string): (offset: number) => Position {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\r\n\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) };
  };
}
