/**
 * Projects that have installed the package as npm packs it, without a registry: dependencies are copies and links of
 * what this repository has installed.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder, writeFiles, type Files } from '../support/project.ts';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '../..');
const installed = path.join(repository, 'node_modules');

interface Manifest {
  name: string;
  files: string[];
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface Packed {
  /** The unpacked tarball ... */
  folder: string;
  /** ... and the tarball itself. */
  tarball: string;
  /** Paths in the package. */
  files: string[];
  manifest: Manifest;
}

/** Builds and packs in a folder of its own, so that `dist/` stays as it is while other tests run. */
export async function pack(): Promise<Packed> {
  const root = temporaryFolder();
  const stage = path.join(root, 'stage');
  await mkdir(stage);
  const manifest = readManifest(repository);
  for (const name of [
    'package.json',
    'LICENSE',
    'README.md',
    ...manifest.files.filter((file) => file !== 'dist'),
  ])
    await cp(path.join(repository, name), path.join(stage, name), { recursive: true });
  // Whether the types are right is another step's question.
  const build = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', path.join(root, 'build')];
  await run(process.execPath, [path.join(installed, 'typescript/bin/tsc'), ...build], { cwd: repository });
  await run(process.execPath, ['scripts/bundle.js', path.join(root, 'build'), path.join(stage, 'dist')], {
    cwd: repository,
  });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json'], { cwd: stage });
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  await run('tar', ['-xzf', path.join(stage, filename), '-C', root]);
  return {
    folder: path.join(root, 'package'),
    tarball: path.join(stage, filename),
    files: files.map((file) => file.path),
    manifest,
  };
}

export interface ProjectInput {
  files: Files;
  /** Packages beside the plugin: the name in the project, and under which name this repository has it. */
  packages?: Readonly<Record<string, string>>;
  /** Packages that do nothing but say that they were loaded, in `globalThis.loaded`; they replace real ones. */
  decoys?: readonly string[];
}

export interface Project {
  folder: string;
  /** What a program in the project prints, as JSON. */
  node(source: string): Promise<unknown>;
  /** What the project's ESLint reports: `file:line rule`. */
  lint(...args: string[]): Promise<string[]>;
}

export async function projectWith(
  packed: Packed,
  { files, packages = {}, decoys = [] }: ProjectInput,
): Promise<Project> {
  const folder = temporaryFolder();
  const modules = path.join(folder, 'node_modules');
  writeFiles(folder, {
    'package.json': JSON.stringify({ name: 'host', private: true, type: 'module' }),
    ...files,
  });

  await cp(packed.folder, path.join(modules, packed.manifest.name), { recursive: true });
  for (const name of decoys)
    writeFiles(path.join(modules, name), {
      'package.json': JSON.stringify({ name, version: '0.0.0' }),
      'index.js': `(globalThis.loaded ??= []).push('${name}');`,
    });
  // Copies, because a link would resolve its own dependencies in this repository.
  for (const name of Object.keys(packed.manifest.dependencies ?? {})) await copyPackage(name, modules);
  for (const [name, source] of Object.entries(packages)) {
    await mkdir(path.dirname(path.join(modules, name)), { recursive: true });
    await symlink(path.join(installed, source), path.join(modules, name), 'junction');
  }

  return {
    folder,
    node: async (source) => {
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], {
        cwd: folder,
      });
      return JSON.parse(stdout) as unknown;
    },
    lint: async (...args) => {
      const command = [path.join(modules, 'eslint/bin/eslint.js'), '--format', 'json', ...args];
      const { stdout, stderr } = await run(process.execPath, command, { cwd: folder }).catch(
        (error: unknown) =>
          // Findings end the command with 1.
          error as { stdout: string; stderr: string },
      );
      if (stdout === '') throw new Error(stderr);
      return reports(folder, stdout);
    },
  };
}

async function copyPackage(name: string, modules: string): Promise<void> {
  const [source, target] = [path.join(installed, name), path.join(modules, name)];
  // Native bindings are there for one platform only.
  if (existsSync(target) || !existsSync(source)) return;
  await cp(source, target, { recursive: true });
  const { dependencies, optionalDependencies } = readManifest(source);
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies }))
    await copyPackage(dependency, modules);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** `file:line rule` for each message of ESLint's own JSON. */
export function reports(folder: string, json: string): string[] {
  interface Result {
    filePath: string;
    messages: { ruleId: string | null; line?: number; message: string }[];
  }
  return (JSON.parse(json) as Result[]).flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line, message }) => {
      const file = path.relative(folder, filePath).split(path.sep).join('/');
      return `${file}:${String(line)} ${ruleId ?? message}`;
    }),
  );
}
