import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { changedLines } from '../../src/cli/check/changes.ts';
import { applySuggestions } from '../../src/cli/check/suggestions.ts';
import plugin from '../../src/plugin/index.ts';
import { lintFolder } from '../support/lint-project.ts';
import { TestProject, type Files } from '../support/project.ts';
import { command, type Outcome } from './terminal.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A handler that waits for a job through two files: one finding, whose place and cause are apart. */
const shop: Files = {
  'src/queue.ts': `
import { Queue } from 'bullmq';
export const reports: Queue<{ id: string }> = new Queue('reports', {
  connection: { host: 'localhost' },
  defaultJobOptions: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 1000 },
    removeOnComplete: true,
    removeOnFail: { age: 86_400 },
  },
});
`,
  'src/service.ts': `
import { reports } from './queue';
export async function render(id: string): Promise<unknown> {
  const job = await reports.add('render', { id });
  return job.waitUntilFinished(events);
}
`,
  'src/routes.js': `
import express from 'express';
import { render } from './service';
const app = express();
app.get('/reports/:id', async (req, res) => {
  res.json(await render(req.params.id));
});
`,
  'src/unrelated.ts': 'export const one = 1;\n',
};
const place = 'src/routes.js:6 async-tasks/no-await-job-result';

/** A call without attempts, for which there are suggestions. */
const careless = `
import { Queue } from 'bullmq';
export const mails = new Queue('mails', { connection: { host: 'localhost' } });
export const send = (id: number) => mails.add('send', { id }, { removeOnComplete: true, removeOnFail: 100 });
`;

interface Message {
  ruleId: string | null;
  line: number;
}

async function findings(cwd: string, ...args: string[]): Promise<string[]> {
  const { code, out, err } = await command(cwd, ['check', '--format', 'json', ...args]);
  if (code === 2) throw new Error(err);
  const results = JSON.parse(out) as { filePath: string; messages: Message[] }[];
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line }) => {
      const file = path.relative(cwd, filePath).split(path.sep).join('/');
      return `${file}:${line} ${ruleId ?? 'cannot be parsed'}`;
    }),
  );
}

function check(cwd: string, ...args: string[]): Promise<Outcome> {
  return command(cwd, ['check', ...args]);
}

describe('a project without configuration', () => {
  it('has its findings, with the code for them', async () => {
    const { root: cwd } = new TestProject(shop);
    const { code, out, err } = await check(cwd);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^\nsrc\/routes\.js\n {2}6:18 {2}error {2}This request waits .* async-tasks\/no-await-job-result\n/,
    );
    expect(err).toMatch(/^1 finding: 3 of 4 source files concern background jobs\./);
    expect((await check(cwd, '--max-findings', '1')).code).toBe(0);
  });

  it('is clean where there are none', async () => {
    const { root: cwd } = new TestProject({ 'a.ts': 'export const one = 1;\n' });
    expect(await check(cwd)).toMatchObject({ code: 0, out: '' });
  });

  it('has the findings of ESLint with @typescript-eslint/parser', async () => {
    const cwd = path.join(root, 'fixtures/unsafe-shop');
    const theirs = await lintFolder(cwd, { config: plugin.configs.strict, patterns: ['src'] });
    const ours = await findings(cwd, '--preset', 'strict', 'src');
    expect(ours.length).toBeGreaterThan(50);
    expect(ours.sort()).toEqual(
      theirs.map(({ file, line, rule }) => `${file}:${line} async-tasks/${rule}`).sort(),
    );
  });

  it('knows presets', async () => {
    const { root: cwd } = new TestProject({
      'src/a.ts': careless.replace('{ removeOnComplete: true, removeOnFail: 100 }', '{}'),
    });
    const attempts = 'src/a.ts:4 async-tasks/require-retry-policy';
    const retention = 'src/a.ts:4 async-tasks/require-job-retention';
    expect(await findings(cwd, '--preset', 'hard-stops')).toEqual([attempts]);
    expect((await findings(cwd)).sort()).toEqual([retention, attempts]);
    expect(await findings(cwd)).toEqual(await findings(cwd, '--preset', 'recommended'));
  });

  it('leaves out what is ignored, installed or built, and takes the paths that are given', async () => {
    const { root: cwd } = new TestProject({
      '.gitignore': 'generated/\n',
      'src/a.ts': careless,
      'lib/b.ts': careless,
      'generated/c.ts': careless,
      'node_modules/x/d.ts': careless,
      'dist/e.js': careless.replace('id: number', 'id'),
    });
    const rule = 'async-tasks/require-retry-policy';
    expect(await findings(cwd)).toEqual([`lib/b.ts:4 ${rule}`, `src/a.ts:4 ${rule}`]);
    expect(await findings(cwd, 'src')).toEqual([`src/a.ts:4 ${rule}`]);
    expect(await findings(cwd, 'lib/b.ts', 'src')).toHaveLength(2);
    expect(await findings(cwd, 'generated/c.ts')).toEqual([`generated/c.ts:4 ${rule}`]);
    expect(await findings(path.join(cwd, 'lib'), '../src')).toEqual([`../src/a.ts:4 ${rule}`]);
  });

  it('reads names with the signs of patterns', async () => {
    const { root: cwd } = new TestProject({ 'app/(shop)/[id]/a+b.ts': careless });
    expect(await findings(cwd)).toEqual(['app/(shop)/[id]/a+b.ts:4 async-tasks/require-retry-policy']);
  });

  it('honours comments about our rules, and is silent about others', async () => {
    const { root: cwd } = new TestProject({
      'src/a.ts': `/* eslint unknown/rule: "error", no-undef: "error" */
/* eslint-disable other/rule */
import { Queue } from 'bullmq';
export const mails = new Queue('mails', { connection: { host: 'localhost' } });
// eslint-disable-next-line async-tasks/require-retry-policy, another/rule -- sent by hand
mails.add('send', missing, { removeOnComplete: true, removeOnFail: 100 }).catch(console.error);
mails.add('again', {}, { removeOnComplete: true, removeOnFail: 100 }).catch(console.error);
`,
    });
    expect(await findings(cwd)).toEqual(['src/a.ts:7 async-tasks/require-retry-policy']);
  });

  it('tells of a file with jobs that cannot be parsed, and of no other', async () => {
    const { root: cwd } = new TestProject({
      'src/a.ts': "import { Queue } from 'bullmq';\nconst queue = ;\n",
      'src/b.ts': 'const = 1',
    });
    expect(await findings(cwd)).toEqual(['src/a.ts:2 cannot be parsed']);
  });

  it('shows how far it is where somebody watches, and nowhere else', async () => {
    const { root: cwd } = new TestProject(shop);
    const watched = await command(cwd, ['check'], { isInteractive: true });
    expect(watched.err).toContain('\r\u001b[K1/3 ');
    expect((await check(cwd)).err).not.toContain('\r');
  });
});

describe('the configuration of the project', () => {
  const config = (more: string): Files => ({
    ...shop,
    'src/a.ts': careless,
    'package.json':
      '{ "name": "shop", "type": "module", "devDependencies": { "eslint-plugin-async-tasks": "*" } }',
    'eslint.config.js': `export default [${more}];`,
  });

  it('gives its settings', async () => {
    const { root: cwd } = new TestProject(
      config("{ settings: { 'async-tasks': { testFiles: ['routes.*'] } } }"),
    );
    expect(await findings(cwd)).toEqual(['src/a.ts:4 async-tasks/require-retry-policy']);
  });

  it('gives levels of our rules, unless a preset is asked for', async () => {
    const { root: cwd } = new TestProject(
      config(`{
        files: ['**/*.ts'],
        plugins: { 'async-tasks': { rules: { 'require-retry-policy': { create: () => ({}) } } } },
        rules: { 'async-tasks/require-retry-policy': 'warn' },
      }`),
    );
    expect(await check(cwd)).toMatchObject({ code: 0, out: expect.stringContaining('warning') as string });
    expect(await findings(cwd)).toEqual(['src/a.ts:4 async-tasks/require-retry-policy']);
    expect(await findings(cwd, '--preset', 'recommended')).toEqual([
      'src/a.ts:4 async-tasks/require-retry-policy',
      place,
    ]);
  });

  it('is done without where it cannot be loaded', async () => {
    const { root: cwd } = new TestProject(config("...(await import('missing-package'))"));
    const { code, err } = await check(cwd);
    expect(code).toBe(1);
    expect(err).toMatch(/^async-tasks: eslint\.config\.js cannot be loaded, so .*missing-package/);
  });

  it('is not loaded where it does not name the plugin', async () => {
    const { root: cwd } = new TestProject({ ...shop, 'eslint.config.mjs': 'throw new Error("loaded");' });
    expect((await check(cwd)).err).toMatch(/^1 finding/);
  });

  it('with a wrong setting is an error', async () => {
    const { root: cwd } = new TestProject(config("{ settings: { 'async-tasks': { testFile: [] } } }"));
    expect(await check(cwd)).toMatchObject({
      code: 2,
      err: expect.stringContaining('testFile is not a setting') as string,
    });
  });
});

describe('reports', () => {
  it('go to files, several of them in one run', async () => {
    const { root: cwd } = new TestProject(shop);
    const args = [
      '--report',
      'sarif=out/a.sarif',
      '--report=markdown=out/a.md',
      '-f',
      'gitlab',
      '-o',
      'out/a.json',
    ];
    const { code, out } = await check(cwd, ...args);
    expect([code, out]).toEqual([1, '']);
    const read = (file: string): string => readFileSync(path.join(cwd, 'out', file), 'utf8');
    expect(JSON.parse(read('a.json'))).toMatchObject([{ location: { path: 'src/routes.js' } }]);
    expect(read('a.md')).toContain('1 finding in 1 file');
    expect(JSON.parse(read('a.sarif'))).toMatchObject({
      runs: [
        {
          results: [
            {
              codeFlows: [
                {
                  threadFlows: [
                    {
                      locations: [
                        { location: { message: { text: 'function' } } },
                        { location: { message: { text: 'render' } } },
                        {
                          location: {
                            message: { text: 'job.waitUntilFinished()' },
                            physicalLocation: {
                              artifactLocation: { uri: 'src/service.ts' },
                              region: { startLine: 5 },
                            },
                          },
                        },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('have paths below the repository, wherever the command is called', async () => {
    const { root: cwd } = new TestProject(shop);
    const { out } = await check(path.join(cwd, 'src'), '--format', 'github');
    expect(out).toMatch(/^::error file=src\/routes\.js,line=6,/);
  });

  it('have fingerprints that stay when lines move', async () => {
    const project = new TestProject(shop);
    const prints = async (): Promise<unknown[]> => {
      const { out } = await check(project.root, '--format', 'gitlab');
      return (JSON.parse(out) as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint);
    };
    const before = await prints();
    project.write({ 'src/routes.js': `// A new first line.\n\n${shop['src/routes.js'] ?? ''}` });
    expect(await prints()).toEqual(before);
    expect(before).toHaveLength(1);
  });
});

describe('--changed-since', () => {
  function repository(files: Files): { project: TestProject; git: (...args: string[]) => string } {
    const project = new TestProject(files);
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
        cwd: project.root,
        encoding: 'utf8',
      });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
    return { project, git };
  }
  const extra = "mails.add('more', {}, { removeOnComplete: true, removeOnFail: 1 }).catch(console.error);\n";

  it('tells of changed lines, committed or not, and of new files', async () => {
    const { project, git } = repository({ 'src/a.ts': careless, 'src/b.ts': careless });
    const since = (revision: string): Promise<string[]> =>
      findings(project.root, '--changed-since', revision);
    expect(await since('HEAD')).toEqual([]);
    project.write({ 'src/a.ts': careless + extra });
    project.write({ 'src/ü [new].ts': careless });
    const changed = [
      'src/a.ts:5 async-tasks/require-retry-policy',
      'src/ü [new].ts:4 async-tasks/require-retry-policy',
    ];
    expect(await since('HEAD')).toEqual(changed);
    git('add', '.');
    git('commit', '--quiet', '--message', 'second');
    expect(await since('HEAD~1')).toEqual(changed);
    expect(await since('HEAD')).toEqual([]);
  });

  it('is about this branch, not about what the other one has got in the meantime', async () => {
    const { project, git } = repository({ 'src/a.ts': careless, 'src/b.ts': careless });
    git('checkout', '--quiet', '-b', 'topic');
    project.write({ 'src/b.ts': careless + extra });
    git('commit', '--quiet', '--all', '--message', 'topic');
    git('checkout', '--quiet', 'main');
    writeFileSync(project.path('src/a.ts'), careless.replace('removeOnFail: 100', 'removeOnFail: 200'));
    git('commit', '--quiet', '--all', '--message', 'main');
    git('checkout', '--quiet', 'topic');
    expect(await findings(project.root, '--changed-since', 'main')).toEqual([
      'src/b.ts:5 async-tasks/require-retry-policy',
    ]);
  });

  it('tells of a finding whose cause in another file has changed', async () => {
    const { project } = repository({
      ...shop,
      'src/service.ts': (shop['src/service.ts'] ?? '').replace('job.waitUntilFinished(events)', 'job.id'),
    });
    expect(await findings(project.root, '--changed-since', 'HEAD')).toEqual([]);
    project.write({ 'src/service.ts': shop['src/service.ts'] ?? '' });
    expect(await findings(project.root, '--changed-since', 'HEAD')).toEqual([place]);
  });

  it('needs a repository and a revision', async () => {
    const { project } = repository({ 'a.ts': careless });
    expect(await check(project.root, '--changed-since', 'nowhere')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Git knows no revision `nowhere`') as string,
    });
    expect((await check(project.root, '--changed-since=--output=x')).code).toBe(2);
    const { root: cwd } = new TestProject({ 'a.ts': careless });
    expect((await check(cwd, '--changed-since', 'HEAD')).err).toMatch(/needs a git repository/);
  });

  it('reads a diff', () => {
    const diff = `diff --git a/x b/x
--- a/x
+++ b/x
@@ -3 +3,2 @@ context
-+++ b/forged
++++ b/forged
+@@ -1 +1 @@
@@ -9,2 +10,0 @@
-gone
-gone
diff --git a/y b/y
--- a/y
+++ /dev/null
@@ -1 +0,0 @@
-y
diff --git "a/q\\"\\\\.ts" "b/q\\"\\\\.ts"
--- /dev/null
+++ "b/q\\"\\\\.ts"
@@ -0,0 +1 @@
+q
\\ No newline at end of file
`;
    expect([...changedLines(diff, '/r')]).toEqual([
      [
        path.join('/r', 'x'),
        [
          [3, 4],
          [10, 11],
        ],
      ],
      [path.join('/r', 'q"\\.ts'), [[1, 1]]],
    ]);
  });
});

describe('--suppress', () => {
  it('makes an old code base clean, until there is one more', async () => {
    const project = new TestProject({ 'src/a.ts': careless });
    const { code, err } = await check(project.root, '--suppress');
    expect(code).toBe(0);
    expect(err).toMatch(/^1 finding noted in eslint-suppressions\.json/);
    expect(await findings(project.root)).toEqual([]);
    expect((await check(project.root)).code).toBe(0);
    project.write({
      'src/a.ts': `${careless}${careless.split('\n')[3]?.replace('send =', 'again =') ?? ''}\n`,
    });
    expect(await findings(project.root)).toHaveLength(2);
  });

  it('writes what ESLint writes, and keeps what is there of other rules', async () => {
    const { root: cwd } = new TestProject({
      'src/b.ts': careless,
      'src/a.ts': careless,
      'eslint-suppressions.json': JSON.stringify({ 'src/a.ts': { 'no-undef': { count: 2 } } }),
      'eslint.config.js': `
        import plugin from 'eslint-plugin-async-tasks';`,
    });
    await check(cwd, '--suppress');
    const entry = { 'async-tasks/require-retry-policy': { count: 1 } };
    expect(readFileSync(path.join(cwd, 'eslint-suppressions.json'), 'utf8')).toBe(
      JSON.stringify({ 'src/a.ts': { ...entry, 'no-undef': { count: 2 } }, 'src/b.ts': entry }, null, 2),
    );
  });

  it('is honoured by ESLint itself', async () => {
    const { root: cwd } = new TestProject({ 'src/a.js': careless.replace('id: number', 'id') });
    const eslint = (): Promise<ESLint.LintResult[]> =>
      new ESLint({
        cwd,
        overrideConfigFile: true,
        overrideConfig: [plugin.configs.recommended],
        applySuppressions: true,
      }).lintFiles(['src']);
    const count = async (): Promise<number> =>
      (await eslint()).reduce((sum, { errorCount }) => sum + errorCount, 0);
    expect(await count()).toBe(1);
    await check(cwd, '--suppress');
    expect(await count()).toBe(0);
  });

  it('says when the own ESLint of the project would stumble over it', async () => {
    const { root: cwd } = new TestProject({ 'src/a.ts': careless, 'eslint.config.js': 'export default [];' });
    expect((await check(cwd, '--suppress')).err).toContain('add the plugin to eslint.config.js');
  });

  it('does not read any file as suppressions', async () => {
    const { root: cwd } = new TestProject({ 'src/a.ts': careless, 'eslint-suppressions.json': 'no JSON' });
    expect(await check(cwd)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not a file of') as string,
    });
  });
});

describe('repairs', () => {
  it('applies the suggestions of one rule', async () => {
    const { root: cwd } = new TestProject({ 'src/a.ts': `\uFEFF${careless}`, 'src/b.ts': careless });
    const { code, err } = await check(cwd, '--fix-suggestions', 'require-retry-policy');
    expect(err).toMatch(/^2 suggestions applied\.\n/);
    expect(code).toBe(0);
    for (const file of readdirSync(path.join(cwd, 'src'))) {
      const text = readFileSync(path.join(cwd, 'src', file), 'utf8');
      expect(text).toMatch(/removeOnFail: 100, attempts: \d/);
      expect(text.startsWith('\uFEFF')).toBe(file === 'a.ts');
    }
  });

  it('applies the fixes', async () => {
    const { root: cwd } = new TestProject({
      'node_modules/bullmq/package.json': '{ "name": "bullmq", "version": "6.1.0" }',
      'src/a.ts': careless
        .replace('{ id }', '{ id: 1 }')
        .replace('removeOnComplete', "debounce: { id: 'x' }, attempts: 3, backoff: 1000, removeOnComplete"),
    });
    const before = await findings(cwd);
    expect(before).toContain('src/a.ts:4 async-tasks/no-removed-api');
    await check(cwd, '--fix');
    expect(await findings(cwd)).not.toContain('src/a.ts:4 async-tasks/no-removed-api');
  });

  it('makes no file that cannot be parsed, and no edit over another', () => {
    const suggest = (start: number, end: number, text: string): ESLint.LintResult['messages'][number] => ({
      ruleId: 'r',
      severity: 2,
      message: 'm',
      line: 1,
      column: 1,
      suggestions: [{ desc: 'd', fix: { range: [start, end], text } }],
    });
    const text = 'a(1); b(2);';
    expect(applySuggestions('x.ts', text, [suggest(2, 3, '('), suggest(8, 9, '3')])).toEqual({
      text: 'a(1); b(3);',
      count: 1,
      waiting: 0,
    });
    expect(applySuggestions('x.ts', text, [suggest(0, 4, 'c()'), suggest(2, 3, '9')])).toEqual({
      text: 'c(); b(2);',
      count: 1,
      waiting: 1,
    });
  });
});

describe('what cannot be', () => {
  it.each([
    [['missing/'], /^async-tasks: There is no file or folder `missing\/`\.\n$/],
    [['docs'], /There are no JavaScript or TypeScript sources in `docs`\./],
    [['--preset', 'strickt'], /There is no preset `strickt`\. Did you mean `strict`\?/],
    [['--format', 'xml'], /There is no format `xml`\. There are: stylish, json, github/],
    [
      ['--fix-suggestions', 'no-await-job'],
      /There is no rule `no-await-job`\. Did you mean `no-await-job-result`/,
    ],
    [['--max-findings', 'many'], /`--max-findings` takes a whole number from 0, not `many`/],
    [['--concurrency', '0'], /`--concurrency` takes a whole number from 1/],
    [['--report', 'sarif'], /`--report sarif=results\.sarif`/],
    [['--suppress', '--changed-since', 'HEAD'], /cannot be limited by `--changed-since`/],
    [['--nonsense'], /--nonsense.*See `async-tasks check --help`/],
  ])('%j is said, with exit code 2', async (args, message) => {
    const { root: cwd } = new TestProject({ 'src/a.ts': careless, 'docs/a.md': '' });
    const { code, out, err } = await check(cwd, ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(existsSync(path.join(cwd, 'eslint-suppressions.json'))).toBe(false);
  });
});
