/**
 * The cases of one rule as tables, each linted with every parser that can read its files.
 */
import { describe, expect, it } from 'vitest';
import { parsersFor, TestProject, type Files, type Finding, type LintOptions } from './project.ts';

/** Files by name; a text alone is `a.js`, which both parsers read, or `a.ts` where it has types. */
type Sources = string | Files;

export interface CaseOptions extends Pick<LintOptions, 'settings' | 'sourceType'> {
  options?: object;
  /** The only files that are linted, where others cannot be. */
  only?: string[];
}

/** Named after the false positive that it guards against. */
export type ValidCase = [name: string, sources: Sources, options?: CaseOptions];

export interface Expected {
  /** `a.js` unless said otherwise. */
  file?: string;
  line: number;
  messageId: string;
  /** What the message holds of its data. */
  says?: string;
  /** The line of the finding after the suggestion, or all lines where there are several; `false` where there must be none. */
  suggest?: string | false;
}

export type InvalidCase = [
  name: string,
  sources: Sources,
  expected: Expected | Expected[],
  options?: CaseOptions,
];

const NEEDS_TYPES =
  /(?:^|\s)(?:interface|enum|declare|private|readonly|type \w+ =|import type)\s?|@\w+\(|[\w)]\??: (?:\w+[.<\w>[\]]*)\s*(?:[,)=;]|\{)|\bas (?:const|any|unknown|[A-Z])|\bsatisfies\b|!\.|abstract /;

export function filesOf(sources: Sources): Files {
  if (typeof sources !== 'string') return sources;
  return { [NEEDS_TYPES.test(sources) ? 'a.ts' : 'a.js']: sources };
}

export function testRule(
  rule: string,
  cases: { valid: readonly ValidCase[]; invalid: readonly InvalidCase[] },
): void {
  const lint = (
    files: Files,
    parser: LintOptions['parser'],
    { options, only, ...rest }: CaseOptions = {},
  ): Finding[] =>
    new TestProject(files).lint(only, {
      rules: { [rule]: options ? ['error', options] : 'error' },
      ...(parser ? { parser } : {}),
      ...rest,
    });

  describe(`${rule} is silent on`, () => {
    for (const [name, sources, options] of cases.valid)
      it(name, () => {
        const files = filesOf(sources);
        for (const parser of parsersFor(files))
          expect(lint(files, parser, options).map(outline), parser).toEqual([]);
      });
  });

  describe(`${rule} reports`, () => {
    for (const [name, sources, expectation, options] of cases.invalid)
      it(name, () => {
        const files = filesOf(sources);
        const expected = [expectation].flat();
        const main = Object.keys(files).find((file) => file.startsWith('a.')) ?? 'a.js';
        for (const parser of parsersFor(files)) {
          const findings = lint(files, parser, options);
          expect(findings.map(outline), parser).toEqual(
            expected.map(({ file = main, line, messageId }) => `${file}:${line} ${messageId}`),
          );
          for (const [index, { says, suggest }] of expected.entries()) {
            const finding = findings[index] as Finding;
            if (says !== undefined) expect(finding.message).toContain(says);
            if (suggest === false) expect(finding.suggestions).toEqual([]);
            else if (suggest !== undefined) {
              const outputs = finding.suggestions.map(({ output }) =>
                suggest.includes('\n') ? output : output.split('\n')[finding.line - 1]?.trim(),
              );
              expect(outputs).toEqual([suggest]);
            }
          }
        }
      });
  });
}

function outline({ file, line, messageId, message }: Finding): string {
  return `${file}:${line} ${messageId ?? message}`;
}
