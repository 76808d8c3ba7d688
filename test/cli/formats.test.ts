import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { fingerprints } from '../../src/cli/formats/fingerprints.ts';
import type { Finding, Report } from '../../src/cli/formats/format.ts';
import { github } from '../../src/cli/formats/github.ts';
import { gitlab } from '../../src/cli/formats/gitlab.ts';
import { markdown } from '../../src/cli/formats/markdown.ts';
import { sarif } from '../../src/cli/formats/sarif.ts';

const root = path.resolve('/repository');

function finding(more: Partial<Finding> = {}): Finding {
  return {
    file: path.join(root, 'src/a.ts'),
    path: 'src/a.ts',
    rule: 'async-tasks/no-await-job-result',
    severity: 'error',
    message: 'This request waits for a job.',
    line: 3,
    column: 5,
    endLine: 3,
    endColumn: 9,
    way: [],
    fingerprint: 'f1',
    ...more,
  };
}

function report(...findings: Finding[]): Report {
  return { findings, root, sources: 10, checked: 4, version: '1.2.3' };
}

describe('github', () => {
  it('is a workflow command for each finding', () => {
    expect(github(report(finding(), finding({ severity: 'warning', line: 7, endLine: 9 })))).toBe(
      '::error file=src/a.ts,line=3,endLine=3,col=5,endColumn=9,title=async-tasks/no-await-job-result::This request waits for a job.\n' +
        '::warning file=src/a.ts,line=7,endLine=9,title=async-tasks/no-await-job-result::This request waits for a job.\n',
    );
  });

  it('escapes what would end a command, a property or a line', () => {
    const text = github(
      report(finding({ path: 'src/50%,a:b\n.ts', message: '100% of it: a, b\r\n::error::forged' })),
    );
    expect(text).toBe(
      '::error file=src/50%25%2Ca%3Ab%0A.ts,line=3,endLine=3,col=5,endColumn=9,title=async-tasks/no-await-job-result::' +
        '100%25 of it: a, b%0D%0A::error::forged\n',
    );
  });

  it('is empty without findings', () => {
    expect(github(report())).toBe('');
  });
});

describe('gitlab', () => {
  it('has what the Code Quality report asks for', () => {
    expect(JSON.parse(gitlab(report(finding(), finding({ rule: undefined, severity: 'warning' }))))).toEqual([
      {
        description: 'This request waits for a job.',
        check_name: 'async-tasks/no-await-job-result',
        fingerprint: 'f1',
        severity: 'major',
        location: { path: 'src/a.ts', lines: { begin: 3, end: 3 } },
      },
      expect.objectContaining({ check_name: 'parse-error', severity: 'minor' }),
    ]);
    expect(gitlab(report())).toBe('[]\n');
  });
});

interface Log {
  runs: {
    tool: { driver: { rules: { id: string; helpUri?: string; help?: { text: string } }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      partialFingerprints: Record<string, string>;
      locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
      relatedLocations?: unknown[];
      codeFlows?: { threadFlows: { locations: { location: unknown }[] }[] }[];
    }[];
  }[];
}

describe('sarif', () => {
  const validate = sarifValidator();
  const far = finding({
    path: 'src/b c.ts',
    file: path.join(root, 'src/b c.ts'),
    rule: 'async-tasks/no-module-state',
    way: [
      { label: 'run', file: path.join(root, 'src/b c.ts'), line: 1, endLine: 9 },
      { label: 'save', file: path.join(root, 'src/d.ts'), line: 4, endLine: 8 },
      { label: 'cache', file: path.join(root, 'src/d.ts'), line: 6, endLine: 6 },
    ],
  });
  const log = JSON.parse(sarif(report(finding(), far, finding({ rule: undefined })))) as Log;
  const [run] = log.runs;

  it('follows the schema of SARIF 2.1.0', () => {
    expect(validate(log)).toEqual([]);
    expect(validate(JSON.parse(sarif(report())))).toEqual([]);
    // The schema is in force.
    expect(validate({ ...log, runs: [{ ...run, results: [{ level: 'bad' }] }] })).not.toEqual([]);
  });

  it('describes each rule once, with its page', () => {
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual([
      'async-tasks/no-await-job-result',
      'async-tasks/no-module-state',
      'parse-error',
    ]);
    const [first] = run?.tool.driver.rules ?? [];
    expect(first?.helpUri).toMatch(/\/docs\/rules\/no-await-job-result\.md$/);
    expect(first?.help?.text).toContain('## Safety check');
    for (const { ruleId, ruleIndex } of run?.results ?? [])
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('tells the way step by step, and none for a finding without one', () => {
    const [near, other] = run?.results ?? [];
    expect(near).not.toHaveProperty('codeFlows');
    const step = (uri: string, startLine: number, text: string): object => ({
      physicalLocation: { artifactLocation: { uri, uriBaseId: 'ROOT' }, region: { startLine } },
      message: { text },
    });
    const steps = [step('src/b%20c.ts', 1, 'run'), step('src/d.ts', 4, 'save'), step('src/d.ts', 6, 'cache')];
    expect(other?.codeFlows?.[0]?.threadFlows[0]?.locations.map(({ location }) => location)).toEqual(steps);
    expect(other?.relatedLocations).toEqual(steps.map((location, index) => ({ id: index + 1, ...location })));
    expect(other?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('src/b%20c.ts');
  });
});

describe('markdown', () => {
  it('counts by rule and lists the findings', () => {
    const text = markdown(
      report(finding(), finding({ line: 8 }), finding({ rule: 'async-tasks/no-module-state' })),
    );
    expect(text).toContain('3 findings in 1 file. 4 of 10 source files concern background jobs.');
    expect(text).toMatch(
      /\| \[no-await-job-result\]\(https:\S+\) \| 2 \|\n\| \[no-module-state\]\(\S+\) \| 1 \|/,
    );
    expect(text).toMatch(
      /\| `src\/a\.ts:8` \| \[no-await-job-result\]\(\S+\) \| This request waits for a job\. \|/,
    );
  });

  it('keeps text inside its cell', () => {
    const text = markdown(
      report(finding({ message: 'Not `a | b`,\nnot <b>bold</b> & `<i>`', path: 'a`|b.ts' })),
    );
    expect(text).toContain('| `` a`\\|b.ts:3 `` |');
    expect(text).toContain('| Not `a \\| b`, not &lt;b>bold&lt;/b> &amp; `<i>` |');
  });

  it('is bounded', () => {
    const many = Array.from({ length: 5_000 }, (_, line) => finding({ line, message: 'x'.repeat(5_000) }));
    const text = markdown(report(...many));
    expect(text.length).toBeLessThan(300_000);
    expect(text).toContain('... and 4800 findings more.');
    expect(text).toContain('5000 findings');
  });

  it('says that there is nothing', () => {
    expect(markdown(report())).toContain('No findings. 4 of 10');
  });
});

describe('fingerprints', () => {
  const of = (text: string, more = {}): Parameters<typeof fingerprints>[0][number] => ({
    path: 'src/a.ts',
    rule: 'r',
    kind: 'k',
    text,
    ...more,
  });

  it('are the same wherever the line stands and however it is indented', () => {
    expect(fingerprints([of('  await job.x();')])).toEqual(fingerprints([of('await  job.x();')]));
  });

  it('tell apart files, rules, messages, lines and equal lines', () => {
    const all = fingerprints([
      of('a'),
      of('a'),
      of('b'),
      of('a', { path: 'src/b.ts' }),
      of('a', { rule: 's' }),
      of('a', { kind: 'm' }),
    ]);
    expect(new Set(all).size).toBe(6);
  });
});

function sarifValidator(): (log: unknown) => unknown[] {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('@microsoft/jest-sarif/package.json'));
  const read = (file: string): object => JSON.parse(readFileSync(file, 'utf8')) as object;
  const ajv = new Ajv({ schemaId: 'auto', allErrors: true, unknownFormats: 'ignore', logger: false });
  ajv.addMetaSchema(read(require.resolve('ajv/lib/refs/json-schema-draft-04.json')));
  const validate = ajv.compile(read(path.join(folder, 'lib/schemas/sarif-2.1.0-rtm.5.json')));
  return (log) => {
    const isValid = validate(log);
    return isValid === true ? [] : (validate.errors ?? []);
  };
}
