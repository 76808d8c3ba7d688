/**
 * Commit hooks, as `async-tasks init` sets them up in a project that has installed the packed package: git refuses a
 * commit with a finding, and takes the repaired one.
 */
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { requirePreCommit } from '../../support/pre-commit.ts';
import { temporaryFolder, writeFiles, type Files } from '../../support/project.ts';
import { pack } from '../packed.ts';

const run = promisify(execFile);

const queue = (at: string) => `import { Queue } from 'bullmq';

const mails = new Queue('mails', {
  connection: { host: 'localhost' },
  defaultJobOptions: {
    attempts: 3,
    backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: { age: 86_400 },
  },
});

export const send = (id) => mails.add('send', { id, at: ${at} });
`;

/** Packages of all set-ups, installed once. */
let base: string;
beforeAll(async () => {
  const packed = await pack();
  const stage = path.join(packed.folder, '../stage');
  const tarball = readdirSync(stage).find((name) => name.endsWith('.tgz')) ?? '';
  base = temporaryFolder();
  writeFiles(base, { 'package.json': '{ "name": "base", "private": true }' });
  const packages = ['eslint@^10', 'husky@^9', 'lint-staged@^16', 'lefthook@^2', 'simple-git-hooks@^2'];
  // Scripts would set hooks up in the folder above.
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--save-dev'];
  await run('npm', ['install', ...flags, path.join(stage, tarball), ...packages], { cwd: base });
  await requirePreCommit();
}, 600_000);

interface Commit {
  done: boolean;
  output: string;
}

/** What pre-commit has built for these repositories, and for no others. */
const preCommitHome = temporaryFolder();

class Repository {
  readonly root = temporaryFolder();

  constructor(files: Files) {
    writeFiles(this.root, { '.gitignore': 'node_modules\n', ...files });
  }

  /** Has the packages of all set-ups, as if they had been installed here. */
  install(): void {
    symlinkSync(path.join(base, 'node_modules'), path.join(this.root, 'node_modules'), 'junction');
  }

  async run(program: string, ...args: string[]): Promise<Commit> {
    // What these tests are run from may be a hook itself.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(?:GIT_|HUSKY|LEFTHOOK|CI$)/.test(name)),
    );
    const author = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b.c',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b.c',
      PRE_COMMIT_HOME: preCommitHome,
    };
    return run(program, args, { cwd: this.root, env: { ...env, ...author } }).then(
      ({ stdout, stderr }) => ({ done: true, output: stdout + stderr }),
      (error: unknown) => {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        return { done: false, output: stdout + stderr };
      },
    );
  }

  async must(program: string, ...args: string[]): Promise<void> {
    const { done, output } = await this.run(program, ...args);
    if (!done) throw new Error(`${program} ${args.join(' ')}: ${output}`);
  }

  async commit(files: Files): Promise<Commit> {
    writeFiles(this.root, files);
    await this.must('git', 'add', '--all');
    return this.run('git', 'commit', '--message', 'x');
  }
}

/** What a project has before init, and the command of the tool that sets its hooks up. */
const setUps: Record<string, { files: Files; before?: string[]; after?: string[] }> = {
  'husky and lint-staged': {
    files: { 'package.json': '{ "private": true }\n' },
    before: ['npx', 'husky'],
  },
  'simple-git-hooks and lint-staged': {
    files: { 'package.json': '{ "private": true, "simple-git-hooks": {} }\n' },
    after: ['npx', 'simple-git-hooks'],
  },
  lefthook: {
    files: { 'package.json': '{ "private": true }\n', 'lefthook.yml': '# hooks\n' },
    after: ['npx', 'lefthook', 'install'],
  },
  'pre-commit, with a local hook': {
    files: { 'package.json': '{ "private": true }\n', '.pre-commit-config.yaml': 'repos:\n' },
    after: ['pre-commit', 'install'],
  },
};

async function refusesAndTakes(repository: Repository): Promise<void> {
  const refused = await repository.commit({ 'src/mails/queue.js': queue('new Date()') });
  expect(refused.output).toContain('async-tasks/no-unserializable-payload');
  expect(refused.done).toBe(false);

  const taken = await repository.commit({ 'src/mails/queue.js': queue('new Date().toISOString()') });
  expect(taken.output).not.toContain('async-tasks/');
  expect(taken.done).toBe(true);
}

it.each(Object.entries(setUps))(
  '%s',
  async (_, { files, before, after }) => {
    const repository = new Repository(files);
    repository.install();
    await repository.must('git', 'init', '--quiet');
    if (before) await repository.must(before[0] ?? '', ...before.slice(1));
    await repository.must('npx', 'async-tasks', 'init', '--yes', '--no-install');
    if (after) await repository.must(after[0] ?? '', ...after.slice(1));

    await refusesAndTakes(repository);

    // Files that ESLint knows nothing about pass.
    expect((await repository.commit({ 'notes.md': 'x', 'data.json': '{}' })).done).toBe(true);
  },
  300_000,
);

it('pre-commit, with the hook of this package’s repository', async () => {
  const shipped = new Repository({});
  const project = path.resolve(import.meta.dirname, '../../..');
  const listed = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: project,
  });
  for (const file of listed.stdout.split('\0').filter(Boolean))
    cpSync(path.join(project, file), path.join(shipped.root, file));
  await shipped.must('git', 'init', '--quiet');
  expect((await shipped.commit({})).done).toBe(true);
  const { output: revision } = await shipped.run('git', 'rev-parse', 'HEAD');

  const repository = new Repository({
    'package.json': '{ "private": true }\n',
    '.pre-commit-config.yaml': [
      'repos:',
      `  - repo: ${shipped.root}`,
      `    rev: ${revision.trim()}`,
      '    hooks:',
      '      - id: async-tasks',
      '',
    ].join('\n'),
  });
  await repository.must('git', 'init', '--quiet');
  await repository.must('pre-commit', 'install');
  await refusesAndTakes(repository);
}, 600_000);
