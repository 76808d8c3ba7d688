import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { importProblem, layerOf, layers } from './support/layers.js';

interface Import {
  from: string;
  to: string;
}

const imports = ['src', 'rules'].flatMap(sourceFiles).flatMap(importsOf);

it('sees the imports of the sources', () => {
  expect(imports.length).toBeGreaterThan(10);
  expect(imports.filter(({ to }) => !existsSync(to))).toEqual([]);
});

it('has every source file in a layer', () => {
  expect(['src', 'rules'].flatMap(sourceFiles).filter((file) => !layerOf(file))).toEqual([]);
});

it('imports only downwards', () => {
  expect(problems(imports)).toEqual([]);
});

it('has no folders that import each other', () => {
  expect(folderCycle(imports)).toBeUndefined();
});

it.each([
  ['src/analysis/source/module.ts', 'src/analysis/modules/resolve.ts'],
  ['src/analysis/effects/summary.ts', 'src/analysis/project/index.ts'],
  ['src/analysis/jobs/queue.ts', 'src/analysis/index.ts'],
  ['src/analysis/project/index.ts', 'src/plugin/settings.ts'],
  ['src/analysis/jobs/queue.ts', 'rules/no-module-state.ts'],
  ['src/plugin/create-rule.ts', 'rules/index.ts'],
  ['src/plugin/index.ts', 'rules/no-module-state.ts'],
  ['rules/no-module-state.ts', 'src/plugin/settings.ts'],
  ['rules/no-module-state.ts', 'src/plugin/index.ts'],
  ['rules/no-module-state.ts', 'rules/index.ts'],
  ['src/cli/main.ts', 'rules/index.ts'],
  ['src/plugin/index.ts', 'src/cli/main.ts'],
  ['src/plugin/index.ts', 'src/reference-worker/queue.ts'],
  ['src/reference-worker/queue.ts', 'src/analysis/source/module.ts'],
  ['src/plugin/index.ts', 'test/support/layers.js'],
])('rejects %s importing %s', (from, to) => {
  expect(problems([{ from, to }])).toHaveLength(1);
});

it.each([
  ['src/analysis/modules/resolve.ts', 'src/analysis/source/module.ts'],
  ['src/analysis/jobs/dialects/bullmq.ts', 'src/analysis/jobs/queue.ts'],
  ['src/analysis/index.ts', 'src/analysis/project/index.ts'],
  ['src/plugin/create-rule.ts', 'src/plugin/settings.ts'],
  ['rules/no-module-state.ts', 'src/plugin/create-rule.ts'],
  ['rules/no-module-state.ts', 'src/analysis/effects/summary.ts'],
  ['src/plugin/index.ts', 'rules/index.ts'],
  ['src/plugin/index.ts', 'package.json'],
  ['src/cli/main.ts', 'src/plugin/index.ts'],
  ['test/rules/no-module-state.test.ts', 'src/reference-worker/queue.ts'],
])('accepts %s importing %s', (from, to) => {
  expect(problems([{ from, to }])).toEqual([]);
});

it('finds folders that import each other, but not a folder and its subfolder', () => {
  const edges = (...pairs: [string, string][]) => pairs.map(([from, to]) => ({ from, to }));
  expect(folderCycle(edges(['a/x.ts', 'b/x.ts'], ['b/y.ts', 'c/x.ts'], ['c/y.ts', 'a/y.ts']))).toBe(
    'a -> b -> c -> a',
  );
  expect(
    folderCycle(edges(['a/x.ts', 'b/x.ts'], ['b/y.ts', 'c/x.ts'], ['a/x.ts', 'c/x.ts'])),
  ).toBeUndefined();
  expect(folderCycle(edges(['a/x.ts', 'a/b/x.ts'], ['a/b/x.ts', 'a/y.ts']))).toBeUndefined();
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => posix.join(folder, file.split(sep).join('/')));
}

function importsOf(from: string): Import[] {
  return ts
    .preProcessFile(readFileSync(from, 'utf8'))
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => ({ from, to: posix.join(posix.dirname(from), fileName) }));
}

function problems(edges: Import[]): string[] {
  return edges.flatMap(({ from, to }) => importProblem(from, to) ?? []);
}

/** A way through the folders that ends where it began. */
function folderCycle(edges: Import[]): string | undefined {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    const [a, b] = [folderOf(from), folderOf(to)];
    if (`${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`)) continue;
    graph.set(a, (graph.get(a) ?? new Set()).add(b));
  }

  const done = new Set<string>();
  const visit = (folder: string, way: string[]): string | undefined => {
    if (way.includes(folder)) return [...way.slice(way.indexOf(folder)), folder].join(' -> ');
    if (done.has(folder)) return undefined;
    for (const next of graph.get(folder) ?? []) {
      const cycle = visit(next, [...way, folder]);
      if (cycle) return cycle;
    }
    done.add(folder);
    return undefined;
  };
  for (const folder of graph.keys()) {
    const cycle = visit(folder, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** A file that is a layer of its own counts as a folder of its own. */
function folderOf(file: string): string {
  const own = layers.find(({ path }) => !path.endsWith('/') && file.startsWith(path));
  return own?.path ?? posix.dirname(file);
}
