import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, writeFiles } from '../support/project.ts';
import { pack, projectWith, type Packed, type Project, type ProjectInput } from './packed.ts';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '../..');

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
});

/** Enough files for two threads, with a finding in each. */
const files = Object.fromEntries(
  Array.from({ length: 6 }, (_, index) => [
    `src/queue${index}.ts`,
    `import { Queue } from 'bullmq';
const queue = new Queue('q${index}', { connection: { host: 'localhost' } });
export const send = (id: string) => queue.add('send', { id }, { removeOnComplete: true, removeOnFail: 9 });
`,
  ]),
);
const found = Object.keys(files).map((file) => `${file}:3 async-tasks/require-retry-policy`);

async function command(
  project: Project,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const bin = path.join(project.folder, 'node_modules', packed.manifest.name, 'dist/src/cli/bin.js');
  return run(process.execPath, [bin, ...args], { cwd: project.folder }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    },
  );
}

async function check(project: Project, ...args: string[]): Promise<string[]> {
  const { out, err } = await command(project, 'check', '--format', 'json', ...args);
  if (out === '') throw new Error(err);
  const results = JSON.parse(out) as { filePath: string; messages: { ruleId: string; line: number }[] }[];
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line }) => `${path.relative(project.folder, filePath)}:${line} ${ruleId}`),
  );
}

function project(packages: Record<string, string>, more: Partial<ProjectInput> = {}): Promise<Project> {
  return projectWith(packed, { files, packages, ...more });
}

describe.each([
  ['ESLint 10 and nothing else', { eslint: 'eslint' }],
  ['ESLint 9.38', { eslint: 'eslint9' }],
  ['TypeScript 7', { eslint: 'eslint', typescript: 'typescript7' }],
])('with %s', (_, packages) => {
  it('finds the same alone, in threads and from the cache', async () => {
    const host = await project(packages);
    expect(await check(host)).toEqual(found);
    expect(await check(host, '--concurrency', '2')).toEqual(found);
    expect(await check(host, '--cache')).toEqual(found);
    expect(await check(host, '--cache')).toEqual(found);
    expect(statSync(path.join(host.folder, 'node_modules/.cache/async-tasks')).isFile()).toBe(true);
  });
});

describe('ESLint that cannot be used', () => {
  it('is missing', async () => {
    expect(await command(await project({}), 'check')).toEqual({
      code: 2,
      out: '',
      err: 'async-tasks: ESLint is not installed. Install it: `npm install --save-dev eslint`.\n',
    });
  });

  it('is too old', async () => {
    const host = await project(
      {},
      {
        files: {
          ...files,
          'node_modules/eslint/package.json': '{ "name": "eslint", "version": "9.37.0", "main": "index.js" }',
          'node_modules/eslint/index.js': "exports.ESLint = class { static version = '9.37.0' };",
        },
      },
    );
    const { code, err } = await command(host, 'check');
    expect([code, err]).toEqual([2, expect.stringContaining('ESLint 9.37.0 is too old: 9.38 or later')]);
  });
});

describe('the package', () => {
  it('is small', async () => {
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--dry-run'], {
      cwd: packed.folder,
    });
    const [{ size }] = JSON.parse(stdout) as [{ size: number }];
    expect(size).toBeLessThan(400_000);
  });

  it('passes publint and attw', async () => {
    const folder = temporaryFolder();
    await cp(packed.folder, folder, { recursive: true });
    const bin = (name: string): string => path.join(repository, 'node_modules', name);
    const { stdout } = await run(
      process.execPath,
      [bin('publint/src/cli.js'), '--strict', '--pack', 'false'],
      {
        cwd: folder,
      },
    );
    expect(stdout).toContain('All good!');
    const { stdout: tarball } = await run('npm', ['pack', '--ignore-scripts', '--json'], { cwd: folder });
    const [{ filename }] = JSON.parse(tarball) as [{ filename: string }];
    await run(
      process.execPath,
      [bin('@arethetypeswrong/cli/dist/index.js'), path.join(folder, filename), '--profile', 'esm-only'],
      { cwd: folder },
    );
  });

  it('loads nothing of the command with the plugin', async () => {
    const host = await project({ eslint: 'eslint' });
    writeFiles(host.folder, {
      'hooks.mjs': `export async function load(url, context, next) {
        if (/src\\/cli\\//.test(url)) throw new Error('loads ' + url);
        return next(url, context);
      }`,
    });
    const register = `import { register } from 'node:module'; register('./hooks.mjs', 'file://' + process.cwd() + '/');`;
    const load = (file: string): Promise<unknown> =>
      host.node(`${register} await import('${file}'); console.log('true');`);
    expect(await load('eslint-plugin-async-tasks')).toBe(true);
    await expect(load('./node_modules/eslint-plugin-async-tasks/dist/src/cli/main.js')).rejects.toThrow(
      /loads file:/,
    );
  });

  it('installs both commands as programs', async () => {
    const folder = temporaryFolder();
    const stage = path.join(folder, 'stage');
    await cp(packed.folder, stage, { recursive: true });
    // What it depends on is not needed to ask for the version, and there may be no registry.
    const { dependencies, peerDependencies, ...manifest } = packed.manifest as unknown as Record<
      string,
      unknown
    >;
    expect([dependencies, peerDependencies]).not.toContain(undefined);
    writeFiles(folder, {
      'package.json': '{ "name": "host", "private": true }',
      'stage/package.json': JSON.stringify({ ...manifest, scripts: {}, devDependencies: {} }),
    });
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json'], { cwd: stage });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    const install = ['install', '--offline', '--no-audit', '--no-fund', path.join(stage, filename)];
    await run('npm', install, { cwd: folder });
    for (const name of ['async-tasks', packed.manifest.name]) {
      const bin = path.join(folder, 'node_modules/.bin', name);
      expect((await run(bin, ['--version'])).stdout).toBe(`${String(manifest.version)}\n`);
    }
  }, 120_000);
});
