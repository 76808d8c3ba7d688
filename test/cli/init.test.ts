import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { main } from '../../src/cli/main.ts';
import { temporaryFolder, writeFiles, type Files } from '../support/project.ts';

interface Run {
  code: number;
  out: string;
  err: string;
  asked: string[];
}

class Host {
  readonly root = temporaryFolder();

  constructor(files: Files) {
    mkdirSync(path.join(this.root, '.git'));
    writeFiles(this.root, files);
  }

  async init(
    args: readonly string[] = ['--yes', '--no-install'],
    { answer = false, cwd = '.' } = {},
  ): Promise<Run> {
    const run: Run = { code: -1, out: '', err: '', asked: [] };
    run.code = await main(['init', ...args], {
      cwd: path.join(this.root, cwd),
      out: (text) => (run.out += text),
      err: (text) => (run.err += text),
      isInteractive: answer,
      confirm: (question) => {
        run.asked.push(question);
        return Promise.resolve(answer);
      },
    });
    return run;
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), 'utf8');
  }

  json(file = 'package.json') {
    return JSON.parse(this.read(file)) as Record<string, Record<string, unknown> | undefined>;
  }

  /** Every file with its text. */
  files(): Record<string, string> {
    return Object.fromEntries(
      readdirSync(this.root, { recursive: true, encoding: 'utf8' })
        .filter((file) => statSync(path.join(this.root, file)).isFile())
        .map((file) => [file, this.read(file)]),
    );
  }
}

const eslint = '"devDependencies": { "eslint": "^10.0.0" }';
const flat = { 'eslint.config.mjs': 'export default [];\n' };
const version = `^${manifest.version}`;

describe('a project without ESLint', () => {
  it('gets a configuration with a parser for its TypeScript, and the packages', async () => {
    const host = new Host({
      'package.json':
        '{\n  "name": "shop",\n  "dependencies": {\n    "bullmq": "^5.0.0"\n  },\n  "license": "MIT"\n}\n',
      'tsconfig.json': '{}',
      '.gitignore': '/dist\ncoverage/\n',
    });
    expect(await host.init()).toMatchObject({ code: 0 });
    expect(host.read('eslint.config.mjs')).toBe(
      `import parser from '@typescript-eslint/parser';
import { defineConfig, globalIgnores } from 'eslint/config';
import asyncTasks from 'eslint-plugin-async-tasks';

export default defineConfig([
  globalIgnores(['**/dist/', '**/coverage/']),
  { files: ['**/*.{ts,mts,cts,tsx}'], languageOptions: { parser } },
  asyncTasks.configs.recommended,
]);
`,
    );
    expect(Object.keys(host.json())).toEqual(['name', 'dependencies', 'devDependencies', 'license']);
    expect(Object.keys(host.json().devDependencies ?? {})).toEqual([
      '@typescript-eslint/parser',
      'eslint',
      'eslint-plugin-async-tasks',
      'typescript',
    ]);
  });

  it('gets one for JavaScript in a package of ES modules', async () => {
    const host = new Host({ 'package.json': '{ "type": "module" }' });
    await host.init(['--yes', '--no-install', '--preset', 'hard-stops']);
    expect(host.read('eslint.config.js')).toContain(`  asyncTasks.configs['hard-stops'],\n`);
    expect(host.read('eslint.config.js')).not.toContain('parser');
  });

  it('is told that TypeScript 7 has no parser', async () => {
    const host = new Host({ 'package.json': '{ "devDependencies": { "typescript": "^7.0.2" } }' });
    const before = host.files();
    expect(await host.init()).toMatchObject({ code: 2, err: expect.stringContaining('oxlint') as string });
    expect(host.files()).toEqual(before);
  });
});

describe('a project with ESLint', () => {
  it.each([['.eslintrc.json'], ['.eslintrc.cjs'], ['.eslintrc'], ['packages/api/.eslintrc.js']])(
    'is not touched when it has %s',
    async (file) => {
      const host = new Host({
        'package.json': `{ ${eslint} }`,
        [file]: '{}',
        '.husky/pre-commit': 'npm test\n',
      });
      const before = host.files();
      const { code, err, out } = await host.init();
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(file);
      expect(err).toContain('npx @eslint/migrate-config');
      expect(host.files()).toEqual(before);
    },
  );

  it.each([['^8.57.0'], ['9.35.0'], ['~9.37.1'], ['8']])('is told to raise eslint %s', async (range) => {
    const host = new Host({ ...flat, 'package.json': `{ "devDependencies": { "eslint": "${range}" } }` });
    expect(await host.init()).toMatchObject({
      code: 2,
      err: expect.stringContaining(`asks for eslint ${range}`) as string,
    });
    expect(host.read('eslint.config.mjs')).toBe(flat['eslint.config.mjs']);
  });

  it.each([['^9.0.0'], ['9.x'], ['~9.38.0'], ['10.0.0'], ['>=8'], ['^8 || ^9'], ['catalog:'], ['latest']])(
    'keeps eslint %s',
    async (range) => {
      const host = new Host({ ...flat, 'package.json': `{ "devDependencies": { "eslint": "${range}" } }` });
      expect(await host.init()).toMatchObject({ code: 0 });
      expect(host.json().devDependencies).toEqual({ eslint: range, 'eslint-plugin-async-tasks': version });
    },
  );

  it('is given the lines for a configuration that cannot be edited, and the rest', async () => {
    const text = `import make from 'make-config';\nexport default make();\n`;
    const host = new Host({ 'package.json': `{ ${eslint} }`, 'eslint.config.js': text });
    const { code, err } = await host.init();
    expect(code).toBe(2);
    expect(err).toContain(`import asyncTasks from 'eslint-plugin-async-tasks';`);
    expect(err).toContain('asyncTasks.configs.recommended,');
    expect(host.read('eslint.config.js')).toBe(text);
    expect(host.json().devDependencies).toHaveProperty('eslint-plugin-async-tasks');
  });

  it('is told of a missing parser for TypeScript, unless something brings one', async () => {
    const files = { 'package.json': `{ ${eslint} }`, 'tsconfig.json': '{}' };
    const without = await new Host({ ...files, ...flat }).init();
    expect(without.err).toContain(`{ files: ['**/*.{ts,mts,cts,tsx}'], languageOptions: { parser } },`);
    const base = {
      'eslint.config.mjs': `import b from './base.mjs';\nexport default b;\n`,
      'base.mjs': `import t from 'typescript-eslint';\nexport default [...t.configs.recommended];\n`,
    };
    expect((await new Host({ ...files, ...base }).init()).err).not.toContain('parser');
  });

  it('names nearer configurations of packages, but not those that build on it', async () => {
    const host = new Host({
      'package.json': `{ "workspaces": ["packages/*"], ${eslint} }`,
      ...flat,
      'packages/own/eslint.config.mjs': 'export default [];\n',
      'packages/shared/eslint.config.mjs': `import root from '../../eslint.config.mjs';\nexport default [...root];\n`,
    });
    const { err } = await host.init();
    expect(err).toContain('packages/own/eslint.config.mjs');
    expect(err).not.toContain('packages/shared');
  });

  it('is set up at the root of the workspace, from the folder of a package', async () => {
    const host = new Host({ ...flat, 'package.json': `{ ${eslint} }`, 'packages/api/package.json': '{}' });
    const { err } = await host.init(undefined, { cwd: 'packages/api' });
    expect(err).toContain(host.root);
    expect(host.read('eslint.config.mjs')).toContain('asyncTasks');
    expect(host.read('packages/api/package.json')).toBe('{}');
  });
});

describe('a project with oxlint', () => {
  it('gets the plugin and the rules of the preset; comments stay', async () => {
    const host = new Host({
      'package.json': '{ "devDependencies": { "oxlint": "^1.0.0" } }',
      '.oxlintrc.json': '{\n  // ours\n  "rules": {\n    "no-var": "off", // really\n  },\n}\n',
    });
    expect(await host.init(['--yes', '--no-install', '--preset', 'strict'])).toMatchObject({ code: 0 });
    const text = host.read('.oxlintrc.json');
    expect(text).toMatch(
      /\/\/ ours[\s\S]*"no-var": "off", \/\/ really\n {4}"async-tasks\/no-await-job-result": "error",\n/,
    );
    expect(text).toMatch(/"async-tasks\/require-retry-policy": \[\n\s+"error",\n\s+\{/);
    expect(text).toContain('"jsPlugins": [\n    "eslint-plugin-async-tasks"\n  ],\n');
    expect(existsSync(path.join(host.root, 'eslint.config.mjs'))).toBe(false);
    expect((await host.init()).out).toBe('');
  });
});

describe('commit hooks', () => {
  const hosts = (files: Files, fields = '') =>
    new Host({ ...flat, 'package.json': `{\n  ${fields}${eslint}\n}\n`, ...files });

  it('puts the linter behind the commands for the same files, so that they do not run side by side', async () => {
    const host = hosts(
      { '.husky/pre-commit': 'npm run staged\n' },
      '"scripts": { "staged": "lint-staged" },\n  "lint-staged": { "src/*.ts": "prettier --write", "*": ["spell"], "*.md": "x" },\n  ',
    );
    await host.init();
    expect(host.json()['lint-staged']).toEqual({
      'src/*.ts': ['prettier --write', 'eslint --no-warn-ignored'],
      '*': ['spell', 'eslint --no-warn-ignored'],
      '*.md': 'x',
    });
    expect(host.read('.husky/pre-commit')).toBe('npm run staged\n');
  });

  it('leaves lint-staged that lints, by a script too', async () => {
    const host = hosts(
      { '.lintstagedrc.json': '{ "*.ts": "npm run fix" }' },
      '"scripts": { "fix": "eslint --fix" },\n  ',
    );
    expect((await host.init()).err).toContain('lint-staged lints staged files (.lintstagedrc.json)');
    expect(host.read('.lintstagedrc.json')).toBe('{ "*.ts": "npm run fix" }');
  });

  it('prints the line for a configuration of lint-staged that is a program', async () => {
    const host = hosts({ 'lint-staged.config.js': 'export default { "*.md": "x" };\n' });
    expect((await host.init()).err).toContain(
      `'*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}': 'eslint --no-warn-ignored',`,
    );
  });

  it('brings lint-staged to husky, and keeps what its hook does', async () => {
    const host = hosts({ '.husky/pre-commit': 'npm test', 'pnpm-lock.yaml': '' });
    await host.init();
    expect(host.read('.husky/pre-commit')).toBe('npm test\npnpm exec lint-staged\n');
    expect(host.json()['lint-staged']).toEqual({
      '*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}': 'eslint --no-warn-ignored',
    });
    expect(host.json().devDependencies).toHaveProperty('lint-staged');
  });

  it('writes a hook of husky that has none, executable for version 8', async () => {
    const host = hosts({ '.husky/_/husky.sh': '' }, '"dependencies": { "husky": "^8.0.0" },\n  ');
    await host.init();
    expect(host.read('.husky/pre-commit')).toContain('/_/husky.sh"\n\nnpx lint-staged\n');
    expect(statSync(path.join(host.root, '.husky/pre-commit')).mode & 0o100).toBe(0o100);
  });

  it.each([
    ['npm test\nexit 0\n'],
    ['cat <<END\nx\nEND\n'],
    ['#!/usr/bin/env node\nrun()\n'],
    ['npm test &&\n'],
  ])('does not append to a hook that might not get there: %j', async (text) => {
    const host = hosts({ '.husky/pre-commit': text });
    expect((await host.init()).err).toContain('npx lint-staged');
    expect(host.read('.husky/pre-commit')).toBe(text);
  });

  it('appends to the hook of simple-git-hooks', async () => {
    const host = hosts({}, '"simple-git-hooks": { "pre-commit": "npm test" },\n  ');
    expect((await host.init()).err).toContain('npx simple-git-hooks');
    expect(host.json()['simple-git-hooks']).toEqual({ 'pre-commit': 'npm test && npx lint-staged' });
    expect(host.json()['lint-staged']).toBeDefined();
  });

  it('adds a command to lefthook, or a job where it has jobs', async () => {
    const body = {
      glob: '*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}',
      run: 'npx eslint --no-warn-ignored {staged_files}',
    };
    const commands = hosts({ 'lefthook.yml': 'pre-commit:\n  commands:\n    fmt:\n      run: fmt\n' });
    await commands.init();
    expect(parse(commands.read('lefthook.yml'))).toEqual({
      'pre-commit': { commands: { fmt: { run: 'fmt' }, eslint: body } },
    });
    const jobs = hosts({ '.lefthook.yaml': 'pre-commit:\n  jobs:\n    - run: fmt\n' });
    await jobs.init();
    expect(parse(jobs.read('.lefthook.yaml'))).toEqual({
      'pre-commit': { jobs: [{ run: 'fmt' }, { name: 'eslint', ...body }] },
    });
  });

  it('adds a local hook to pre-commit', async () => {
    const host = hosts({
      '.pre-commit-config.yaml': 'repos:\n- repo: https://example.com/a\n  rev: v1\n  hooks:\n  - id: a\n',
    });
    await host.init();
    expect(parse(host.read('.pre-commit-config.yaml'))).toMatchObject({
      repos: [
        { rev: 'v1' },
        { repo: 'local', hooks: [{ entry: 'npx eslint --no-warn-ignored', language: 'system' }] },
      ],
    });
  });

  it('leaves all of them with --no-hooks', async () => {
    const files = {
      '.husky/pre-commit': 'npm test\n',
      'lefthook.yml': 'pre-push:\n',
      '.lintstagedrc.json': '{}',
    };
    const host = hosts(files);
    await host.init(['--yes', '--no-install', '--no-hooks']);
    expect(host.files()).toMatchObject(files);
  });
});

describe('CI', () => {
  const project = { 'package.json': `{ "scripts": { "lint": "eslint ." }, ${eslint} }`, ...flat };

  it('gets a workflow where none lints', async () => {
    const host = new Host({
      ...project,
      'yarn.lock': '',
      '.github/workflows/test.yml': 'jobs: {}\n# npm run lint\n',
    });
    await host.init();
    const { jobs } = parse(host.read('.github/workflows/async-tasks.yml')) as {
      jobs: { check: { steps: { run?: string }[] } };
    };
    expect(jobs.check.steps.flatMap(({ run }) => run ?? [])).toEqual([
      'corepack enable',
      'yarn install --frozen-lockfile',
      'yarn async-tasks check --format github',
    ]);
  });

  it('keeps a workflow that lints', async () => {
    const host = new Host({
      ...project,
      '.github/workflows/test.yml': 'jobs:\n  a:\n    steps:\n      - run: npm run lint\n',
    });
    expect((await host.init()).err).toContain('.github/workflows/test.yml lints.');
    expect(existsSync(path.join(host.root, '.github/workflows/async-tasks.yml'))).toBe(false);
  });

  it('gets a job for GitLab, unless its stage is not there', async () => {
    const host = new Host({ ...project, '.gitlab-ci.yml': 'stages:\n  - test\nunit:\n  script: npm test\n' });
    await host.init();
    expect(parse(host.read('.gitlab-ci.yml'))).toMatchObject({
      unit: { script: 'npm test' },
      'async-tasks': { artifacts: { reports: { codequality: 'gl-code-quality-report.json' } } },
    });
    const text = 'stages:\n  - build\nunit:\n  script: npm test\n';
    const other = new Host({ ...project, '.gitlab-ci.yml': text });
    expect((await other.init()).err).toContain('async-tasks check --format gitlab');
    expect(other.read('.gitlab-ci.yml')).toBe(text);
  });

  it('is left alone with --no-ci', async () => {
    const host = new Host({ ...project, '.github/FUNDING.yml': '' });
    await host.init(['--yes', '--no-install', '--no-ci']);
    expect(existsSync(path.join(host.root, '.github/workflows'))).toBe(false);
  });
});

describe('the command', () => {
  const everything: Files = {
    'package.json': `{\n\t"name": "shop",\n\t${eslint}\n}`,
    ...flat,
    '.husky/pre-commit': 'npm test',
    'lefthook.yml': 'pre-push:\n  parallel: true\n',
    '.pre-commit-config.yaml': 'repos: []\n',
    '.gitlab-ci.yml': 'unit:\n  script: npm test\n',
    '.github/FUNDING.yml': '',
  };

  it('shows a diff that git applies, and makes exactly these edits', async () => {
    const [shown, made] = [new Host(everything), new Host(everything)];
    const { out } = await shown.init(['--dry-run']);
    expect(shown.files()).toEqual(new Host(everything).files());
    writeFileSync(path.join(shown.root, 'init.patch'), out);
    execFileSync('git', ['init', '--quiet'], { cwd: shown.root });
    execFileSync('git', ['apply', 'init.patch'], { cwd: shown.root });
    expect((await made.init()).out).toBe(out);
    const tracked = (host: Host) =>
      Object.fromEntries(
        Object.entries(host.files()).filter(([file]) => !/^(?:\.git\/|init\.patch)/.test(file)),
      );
    expect(tracked(shown)).toEqual(tracked(made));
  });

  it('has nothing to do the second time', async () => {
    const host = new Host(everything);
    await host.init();
    const before = host.files();
    expect(await host.init()).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('Nothing to change.') as string,
    });
    expect(host.files()).toEqual(before);
  });

  it('asks, and does nothing without consent', async () => {
    const host = new Host(everything);
    const before = host.files();
    const refused = await host.init([]);
    expect(refused).toMatchObject({ code: 2, asked: ['Make these edits and run `npm install`?'] });
    expect(refused.err).toContain('--yes');
    expect(host.files()).toEqual(before);
    expect(await host.init(['--no-install'], { answer: true })).toMatchObject({
      code: 0,
      asked: ['Make these edits?'],
    });
    expect(host.read('eslint.config.mjs')).toContain('asyncTasks');
  });

  it.each([
    [0, 0, 'Running `bun install`.'],
    [1, 2, '`bun install` failed'],
  ])('runs the package manager, which ends with %i', async (status, code, said) => {
    const host = new Host({
      ...everything,
      'bun.lock': '',
      'bin/bun': `#!/bin/sh\necho "$@" > installed\nexit ${status}\n`,
    });
    chmodSync(path.join(host.root, 'bin/bun'), 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${path.join(host.root, 'bin')}${path.delimiter}${before ?? ''}`;
    const run = await host.init(['--yes']).finally(() => (process.env.PATH = before));
    expect(run).toMatchObject({ code, err: expect.stringContaining(said) as string });
    expect(host.read('installed')).toBe('install\n');
  });

  it.each<[string, Files, string]>([
    ['no package.json', {}, 'There is no package.json'],
    ['a broken package.json', { 'package.json': '{ "name": ' }, 'package.json is not valid JSON'],
    ['a package.json that is a list', { 'package.json': '[]' }, 'does not hold an object'],
    [
      'a broken .lintstagedrc.json',
      { ...everything, '.lintstagedrc.json': '{ x' },
      '.lintstagedrc.json is not valid JSON',
    ],
    [
      'a broken .oxlintrc.json',
      { 'package.json': '{}', '.oxlintrc.json': '{ "rules": ' },
      '.oxlintrc.json is not valid JSON',
    ],
  ])('says what is wrong with %s', async (_, files, message) => {
    const host = new Host(files);
    const before = host.files();
    expect(await host.init()).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(message) as string,
    });
    expect(host.files()).toEqual(before);
  });

  it('writes nothing when one of the files is read-only', async () => {
    const host = new Host(everything);
    chmodSync(path.join(host.root, 'lefthook.yml'), 0o444);
    const before = host.files();
    expect(await host.init()).toMatchObject({
      code: 2,
      err: expect.stringContaining('lefthook.yml is read-only') as string,
    });
    expect(host.files()).toEqual(before);
  });

  it('keeps a byte order mark, and refuses what is no text', async () => {
    const host = new Host({ ...everything, 'eslint.config.mjs': '\uFEFFexport default [];\n' });
    await host.init();
    expect(host.read('eslint.config.mjs')).toMatch(/^\uFEFFimport asyncTasks/);
    const other = new Host(everything);
    writeFileSync(path.join(other.root, 'eslint.config.mjs'), Buffer.from([0x2f, 0x2f, 0xff, 0xfe]));
    expect(await other.init()).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be read as text') as string,
    });
  });

  it.each([
    [['src'], 'takes no paths'],
    [['--preset', 'all'], 'There is no preset `all`'],
    [['--force'], 'init --help'],
  ])('refuses %j', async (args, message) => {
    const host = new Host(everything);
    expect(await host.init(args)).toMatchObject({ code: 2, err: expect.stringContaining(message) as string });
  });

  it('writes dependencies as exactly as the others are, in their order', async () => {
    const host = new Host({
      ...flat,
      'package.json': '{ "devDependencies": { "a": "1.0.0", "eslint": "10.1.0", "z": "2.0.0" } }\n',
    });
    await host.init();
    expect(host.read('package.json')).toBe(
      `{ "devDependencies": { "a": "1.0.0", "eslint": "10.1.0", "eslint-plugin-async-tasks": "${manifest.version}", "z": "2.0.0" } }\n`,
    );
  });
});
