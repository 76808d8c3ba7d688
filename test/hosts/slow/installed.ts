/**
 * Throw-away projects in which a package manager has installed the packed plugin and what goes with it.
 */
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { fixtures, markersIn } from '../../support/markers.ts';
import { temporaryFolder, writeFiles, type Files } from '../../support/project.ts';
import { reports, type Packed } from '../packed.ts';

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Installed {
  folder: string;
  write(files: Files): void;
  /** Runs a script of a package with Node: `node_modules/...`. */
  script(file: string, ...args: string[]): Promise<Ended>;
  /** What the project's ESLint reports: `file:line rule`. */
  lint(...args: string[]): Promise<string[]>;
}

/** Packages by the name in the project, with the range that a manifest gives. */
export type Packages = Readonly<Record<string, string>>;

/** Installs with npm. What its cache has is not asked for again. */
export async function npmInstalled(packed: Packed, packages: Packages): Promise<Installed> {
  const folder = temporaryFolder();
  writeManifest(folder, { ...plugin(packed), ...packages });
  await must('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  });
  return host(folder);
}

export function plugin(packed: Packed): Packages {
  return { [packed.manifest.name]: `file:${packed.tarball}` };
}

export function writeManifest(folder: string, devDependencies: Packages, more: object = {}): void {
  const manifest = { name: 'host', private: true, type: 'module', devDependencies, ...more };
  writeFiles(folder, { 'package.json': JSON.stringify(manifest) });
}

export function host(folder: string): Installed {
  const script = (file: string, ...args: string[]): Promise<Ended> =>
    ended(process.execPath, [path.join(folder, 'node_modules', file), ...args], { cwd: folder });
  return {
    folder,
    write: (files) => writeFiles(folder, files),
    script,
    lint: async (...args) =>
      lintReports(folder, await script('eslint/bin/eslint.js', '--format', 'json', ...args)),
  };
}

/** Findings that end the command with 1 are what was asked for; anything else that it says is an error. */
export function lintReports(folder: string, { code, stdout, stderr }: Ended): string[] {
  if (code > 1 || stdout === '') throw new Error(`${stdout}\n${stderr}`);
  return reports(folder, stdout);
}

interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
}

export function ended(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 100_000_000, ...options }, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(new Error(`${command} could not be run`, { cause: error }));
    });
  });
}

/** Runs a command that has to succeed. */
export async function must(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await ended(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}\n${stderr}`);
  return stdout;
}

/** The unsafe shop, in the folder `shop` of a project. */
export async function copyShop(folder: string): Promise<void> {
  await cp(path.join(fixtures, 'unsafe-shop'), path.join(folder, 'shop'), { recursive: true });
}

/** What has to be found in it, with every rule at its default options. */
export const shopFindings = markersIn('unsafe-shop')
  .map((marker) => `shop/${marker.replace(' ', ' async-tasks/')}`)
  .sort();

/** A configuration with every rule at its default options, and a parser for `.ts` files. */
export function configWith(languageOptions: string, imports = ''): string {
  return `
    import asyncTasks from 'eslint-plugin-async-tasks';
    ${imports}
    const names = Object.keys(asyncTasks.configs.strict.rules);
    export default [
      { files: ['**/*.ts'], languageOptions: ${languageOptions} },
      { plugins: { 'async-tasks': asyncTasks }, rules: Object.fromEntries(names.map((name) => [name, 'error'])) },
    ];`;
}

export const typescriptConfig = configWith('{ parser }', `import parser from '@typescript-eslint/parser';`);

/** A project of three files whose findings each need another file. */
export const smallProject: Files = {
  'src/queue.js': `
import { Queue } from 'bullmq';
export const reports = new Queue('reports', {
  connection: { host: 'localhost' },
  defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: { age: 86_400 } },
});
`,
  'src/service.js': `
import { reports } from './queue.js';
export async function render(id) {
  const job = await reports.add('render', { id });
  return job.waitUntilFinished(events);
}
`,
  'src/routes.js': `
import express from 'express';
import { render } from './service.js';
const app = express();
app.get('/reports/:id', async (req, res) => {
  res.json(await render(req.params.id));
});
`,
};
export const smallFindings = ['src/routes.js:6 async-tasks/no-await-job-result'];
