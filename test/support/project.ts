/**
 * A project of several files in a temporary folder, linted by ESLint with the plugin's sources. The folders are
 * removed when the tests of the file that imports this are done.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as typescriptParser from '@typescript-eslint/parser';
import { Linter, type Rule } from 'eslint';
import { afterAll } from 'vitest';
import plugin from '../../src/plugin/index.ts';

export type Files = Readonly<Record<string, string>>;

export interface Finding {
  /** Relative to the project, with forward slashes. */
  file: string;
  line: number;
  /** Without the plugin's prefix. */
  rule: string;
  messageId: string | undefined;
  message: string;
  suggestions: { message: string; output: string }[];
}

export interface LintOptions {
  /** Only this rule, or these with their options; by default all rules. */
  rules?: string | Readonly<Record<string, Linter.RuleEntry>>;
  /** Parsers by name: `espree` is ESLint's own and reads plain JavaScript. */
  parser?: ParserName;
  settings?: Record<string, unknown>;
  sourceType?: 'module' | 'commonjs' | 'script';
  /** With type information, from the project's own `tsconfig.json`. */
  typed?: boolean;
  /** The text an editor has, which is newer than the disk. */
  texts?: Files;
}

export type ParserName = 'typescript' | 'espree';

/** `import`s and types parse with both parsers in different files only: this tells which can read a file. */
export function parsersFor(files: Files): ParserName[] {
  return Object.keys(files).every((file) => !/\.[cm]?tsx?$/.test(file))
    ? ['typescript', 'espree']
    : ['typescript'];
}

const created: string[] = [];

/** An empty temporary folder, spelled as the system itself spells it. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'async-tasks-')));
  created.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of created.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function writeFiles(root: string, files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

export class TestProject {
  readonly root: string;
  readonly #texts = new Map<string, string>();

  /** A `package.json` marks the folder as a project where the files bring none. */
  constructor(files: Files) {
    this.root = temporaryFolder();
    // The search for a project's root ends here, whatever lies above the temporary folder.
    mkdirSync(path.join(this.root, '.git'));
    this.write({ ...('package.json' in files ? {} : { 'package.json': '{ "name": "shop" }' }), ...files });
  }

  path(file: string): string {
    return path.join(this.root, file);
  }

  write(files: Files): void {
    writeFiles(this.root, files);
    for (const [file, text] of Object.entries(files)) this.#texts.set(file, text);
  }

  remove(file: string): void {
    rmSync(this.path(file));
    this.#texts.delete(file);
  }

  /** Lints files, by default all sources, as one run of ESLint does. */
  lint(files: string | readonly string[] = this.sources(), options: LintOptions = {}): Finding[] {
    const linter = new Linter({ cwd: this.root });
    return (typeof files === 'string' ? [files] : files).flatMap((file) => {
      const text = options.texts?.[file] ?? this.#texts.get(file);
      if (text === undefined) throw new Error(`no file ${file}`);
      return linter
        .verify(text, configFor(options, this.root), { filename: this.path(file) })
        .map((message): Finding => {
          if (message.fatal || !message.ruleId)
            throw new Error(`${file}:${message.line}: ${message.message}`);
          return {
            file,
            line: message.line,
            rule: message.ruleId.replace('async-tasks/', ''),
            messageId: message.messageId,
            message: message.message,
            suggestions: (message.suggestions ?? []).map(({ desc, fix }) => ({
              message: desc,
              output: applyFix(text, fix),
            })),
          };
        });
    });
  }

  sources(): string[] {
    return [...this.#texts.keys()].filter((file) => /(?<!\.d)\.[cm]?[jt]sx?$/.test(file));
  }
}

/** Lints a project made for this one time. */
export function lint(
  files: Files,
  options: LintOptions & { only?: string | readonly string[] } = {},
): Finding[] {
  return new TestProject(files).lint(options.only, options);
}

/** The whole of a finding that matters in most tests, in one line. */
export function summary(finding: Finding): string {
  return `${finding.file}:${finding.line} ${finding.messageId ?? finding.message}`;
}

function configFor(
  { rules, parser = 'typescript', settings, sourceType, typed }: LintOptions,
  root: string,
): Linter.Config[] {
  const all = Object.fromEntries(
    Object.keys(plugin.rules).map((name): [string, Linter.RuleEntry] => [name, 'error']),
  );
  const entries =
    rules === undefined ? all : typeof rules === 'string' ? { [rules]: 'error' as const } : rules;
  return [
    {
      files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'],
      plugins: { 'async-tasks': plugin },
      languageOptions: {
        ...(parser === 'typescript' ? { parser: typescriptParser } : {}),
        ...(sourceType ? { sourceType } : {}),
        parserOptions: {
          ecmaFeatures: { jsx: true },
          ...(typed ? { projectService: true, tsconfigRootDir: root } : {}),
        },
      },
      ...(settings ? { settings: { 'async-tasks': settings } } : {}),
      rules: Object.fromEntries(
        Object.entries(entries).map(([name, entry]) => [`async-tasks/${name}`, entry]),
      ),
    },
  ];
}

function applyFix(text: string, fix: Rule.Fix): string {
  return text.slice(0, fix.range[0]) + fix.text + text.slice(fix.range[1]);
}
