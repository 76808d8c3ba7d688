import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as typescript from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { expect, it } from 'vitest';
import * as parser from '../../src/cli/check/parser.ts';

const root = path.resolve(import.meta.dirname, '../..');
const sources = ['fixtures/unsafe-shop/src', 'src/plugin', 'src/analysis/values'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file))
    .map((file) => path.join(root, folder, file)),
);

interface Position {
  line: number;
  column: number;
}

interface Piece {
  value: string;
  range: [number, number];
  loc: { start: Position; end: Position };
}

function pieces(tokens: readonly unknown[] | undefined): string[] {
  return ((tokens ?? []) as Piece[]).map(({ value, range, loc: { start, end } }) =>
    JSON.stringify([value, range, start.line, start.column, end.line, end.column]),
  );
}

it('gives the tokens and comments of @typescript-eslint/parser', () => {
  expect(sources.length).toBeGreaterThan(60);
  for (const file of sources) {
    const text = readFileSync(file, 'utf8');
    const options = { filePath: file, sourceType: 'module' as const };
    const theirs = typescript.parseForESLint(text, options).ast;
    const { ast } = parser.parseForESLint(text, options);
    expect(pieces(ast.tokens).join('\n')).toBe(pieces(theirs.tokens).join('\n'));
    expect(pieces(ast.comments).join('\n')).toBe(pieces(theirs.comments).join('\n'));
  }
});

it.each([
  ['an expression after a word', 'const half = total / 2 / n; const word = /[/]\\/g/u.test(x) ? 1 : 2;'],
  ['a template in a template', 'const s = tag`a${`b${c}` + "d"}e`;'],
  [
    'closing brackets of types',
    'const m: Map<string, Array<Set<number>>> = new Map(); const n = a >> b >>> c;',
  ],
  ['numbers', 'const n = [1_000, .5, 0xff, 1e-3, 10n, 1..toFixed()];'],
  [
    'private names and keywords as names',
    'class A { #x = 1; delete() { return this.#x; } static default = 1 }',
  ],
  ['other letters', 'const größe = 1, $ = größe, 名 = $;'],
  ['line breaks of all kinds', 'a;\r\nb;\rc;\u2028d;'],
])('takes apart %s', (_, text) => {
  const options = { filePath: 'x.ts', sourceType: 'module' as const };
  expect(pieces(parser.parseForESLint(text, options).ast.tokens)).toEqual(
    pieces(typescript.parseForESLint(text, options).ast.tokens),
  );
});

it('takes JSX apart', () => {
  const text = 'const a = <p title="it\'s">text, {value} &amp; {/* note */}</p>;';
  const options = {
    filePath: 'x.tsx',
    sourceType: 'module' as const,
    ecmaFeatures: { jsx: true, globalReturn: false },
  };
  expect(pieces(parser.parseForESLint(text, options).ast.tokens)).toEqual(
    pieces(typescript.parseForESLint(text, options).ast.tokens),
  );
});

it('says where a text cannot be read, as ESLint expects it', () => {
  const [message] = new Linter().verify('const a = 1;\nconst b = ;\n', [{ languageOptions: { parser } }], {
    filename: 'x.js',
  });
  expect(message).toMatchObject({ fatal: true, line: 2, column: 11 });
});

it('serves rules of ESLint that work on tokens and scopes', () => {
  const messages = new Linter().verify(
    '#!/usr/bin/env node\nlet used = 1\nexport const sum = used + missing;\nconst unused = () => 1;\n',
    [
      {
        languageOptions: { parser },
        rules: { 'no-undef': 'error', 'no-unused-vars': 'error', 'prefer-const': 'error', semi: 'error' },
      },
    ],
    { filename: 'x.js' },
  );
  expect(messages.map(({ ruleId, line }) => `${line} ${ruleId ?? ''}`)).toEqual([
    '2 prefer-const',
    '2 semi',
    '3 no-undef',
    '4 no-unused-vars',
  ]);
});
