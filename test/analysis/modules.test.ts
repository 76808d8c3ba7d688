import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Catalog } from '../../src/analysis/modules/catalog.ts';
import { followImport, type Definition } from '../../src/analysis/modules/follow.ts';
import { Resolver } from '../../src/analysis/modules/resolver.ts';
import { isInside, projectRoot, readManifest } from '../../src/analysis/modules/root.ts';
import { ModuleStore, parseModule } from '../../src/analysis/modules/store.ts';
import { memoryProject } from '../support/memory.ts';
import { temporaryFolder, TestProject, writeFiles, type Files } from '../support/project.ts';

const MARKS = { jobs: /['"]bullmq['"]/, waits: /waitUntilFinished/ };

/** A resolver that knows the packages of the project, as it does behind the catalog. */
function resolverFor(root: string): Resolver {
  const resolver = new Resolver(root);
  new Catalog(root, MARKS, resolver).refresh(0);
  return resolver;
}

/** The project file that a specifier means, below the project's folder. */
function resolved(files: Files, from: string, specifier: string): string | undefined {
  const { root } = new TestProject(files);
  const found = resolverFor(root).resolve(path.join(root, from), specifier);
  return found === undefined ? undefined : path.relative(root, found).split(path.sep).join('/');
}

describe('a specifier is resolved', () => {
  const json = JSON.stringify;
  it.each<[string, Files, string, string, string | undefined]>([
    ['without an extension', { 'b.ts': '' }, 'a.ts', './b', 'b.ts'],
    ['in a folder above', { 'b.ts': '' }, 'x/y/a.ts', '../../b', 'b.ts'],
    ['from .js to .ts', { 'b.ts': '' }, 'a.ts', './b.js', 'b.ts'],
    ['from .js to .tsx', { 'b.tsx': '' }, 'a.ts', './b.js', 'b.tsx'],
    ['from .js to itself', { 'b.js': '' }, 'a.js', './b.js', 'b.js'],
    ['from .mjs to .mts', { 'b.mts': '' }, 'a.ts', './b.mjs', 'b.mts'],
    ['from .cjs to .cts', { 'b.cts': '' }, 'a.ts', './b.cjs', 'b.cts'],
    ['with .ts written out', { 'b.ts': '' }, 'a.ts', './b.ts', 'b.ts'],
    ['to a name with dots', { 'mail.queue.ts': '' }, 'a.ts', './mail.queue', 'mail.queue.ts'],
    ['to a folder', { 'b/index.ts': '' }, 'a.ts', './b', 'b/index.ts'],
    ['to the folder itself', { 'b/index.ts': '' }, 'b/a.ts', '.', 'b/index.ts'],
    [
      'to a file rather than the folder of the same name',
      { 'b.ts': '', 'b/index.ts': '' },
      'a.ts',
      './b',
      'b.ts',
    ],
    [
      'through paths of a tsconfig',
      {
        'tsconfig.json': json({ compilerOptions: { baseUrl: '.', paths: { '@app/*': ['src/*'] } } }),
        'src/b.ts': '',
      },
      'src/x/a.ts',
      '@app/b',
      'src/b.ts',
    ],
    [
      'through paths without a baseUrl',
      {
        'tsconfig.json': json({ compilerOptions: { paths: { '#q': ['./src/queues.ts'] } } }),
        'src/queues.ts': '',
      },
      'src/a.ts',
      '#q',
      'src/queues.ts',
    ],
    [
      'through a baseUrl',
      { 'tsconfig.json': json({ compilerOptions: { baseUrl: 'src' } }), 'src/queues/mail.ts': '' },
      'src/a.ts',
      'queues/mail',
      'src/queues/mail.ts',
    ],
    [
      'through a tsconfig that extends another',
      {
        'tsconfig.base.json': json({ compilerOptions: { baseUrl: '.', paths: { '@app/*': ['libs/*'] } } }),
        'apps/api/tsconfig.json': json({ extends: '../../tsconfig.base.json' }),
        'libs/b.ts': '',
      },
      'apps/api/a.ts',
      '@app/b',
      'libs/b.ts',
    ],
    [
      'through a tsconfig with comments and trailing commas',
      {
        'tsconfig.json': '{ // paths\n "compilerOptions": { "paths": { "@app/*": ["./src/*"], }, }, }',
        'src/b.ts': '',
      },
      'src/a.ts',
      '@app/b',
      'src/b.ts',
    ],
    [
      'through the nearest tsconfig',
      {
        'tsconfig.json': json({ compilerOptions: { paths: { '@app/*': ['./wrong/*'] } } }),
        'apps/api/tsconfig.json': json({ compilerOptions: { paths: { '@app/*': ['./src/*'] } } }),
        'apps/api/src/b.ts': '',
        'wrong/b.ts': '',
      },
      'apps/api/src/a.ts',
      '@app/b',
      'apps/api/src/b.ts',
    ],
    [
      'through the references of a tsconfig',
      {
        'tsconfig.json': json({ files: [], references: [{ path: './tsconfig.app.json' }] }),
        'tsconfig.app.json': json({
          compilerOptions: { composite: true, paths: { '@app/*': ['./src/*'] } },
          include: ['src'],
        }),
        'src/b.ts': '',
      },
      'src/a.ts',
      '@app/b',
      'src/b.ts',
    ],
    [
      'relatively when the tsconfig is broken',
      { 'tsconfig.json': '{ "compilerOptions": ', 'b.ts': '' },
      'a.ts',
      './b',
      'b.ts',
    ],
    [
      'relatively when the tsconfig extends what is not installed',
      { 'tsconfig.json': json({ extends: '@tsconfig/node20/tsconfig.json' }), 'b.ts': '' },
      'a.ts',
      './b',
      'b.ts',
    ],
    [
      'by a conventional alias when the tsconfig is missing',
      { 'src/b.ts': '' },
      'src/x/a.ts',
      '@/b',
      'src/b.ts',
    ],
    [
      'by an alias whose configuration a framework generates',
      { 'tsconfig.json': json({ extends: './.svelte-kit/tsconfig.json' }), 'src/lib/b.ts': '' },
      'src/routes/a.ts',
      '$lib/b',
      'src/lib/b.ts',
    ],
    [
      'through the imports of its package',
      {
        'package.json': json({ name: 'shop', imports: { '#queues/*': './src/queues/*.js' } }),
        'src/queues/mail.ts': '',
      },
      'src/a.ts',
      '#queues/mail',
      'src/queues/mail.ts',
    ],
    [
      'through the name of its own package',
      {
        'package.json': json({ name: 'shop', exports: { './queues': './src/queues.ts' } }),
        'src/queues.ts': '',
      },
      'src/a.ts',
      'shop/queues',
      'src/queues.ts',
    ],
    [
      'to a workspace that is not installed',
      {
        'package.json': json({ workspaces: ['packages/*'] }),
        'packages/jobs/package.json': json({ name: '@shop/jobs' }),
        'packages/jobs/src/index.ts': '',
      },
      'packages/api/a.ts',
      '@shop/jobs',
      'packages/jobs/src/index.ts',
    ],
    [
      'to a file of such a workspace',
      {
        'package.json': json({ workspaces: ['packages/*'] }),
        'packages/jobs/package.json': json({ name: '@shop/jobs' }),
        'packages/jobs/src/mail.ts': '',
      },
      'packages/api/a.ts',
      '@shop/jobs/mail',
      'packages/jobs/src/mail.ts',
    ],
    [
      'to the exports of such a workspace',
      {
        'package.json': json({ workspaces: ['packages/*'] }),
        'packages/jobs/package.json': json({
          name: '@shop/jobs',
          exports: { './queues': { types: './dist/q.d.ts', default: './dist/q.js' } },
        }),
        'packages/jobs/src/q.ts': '',
      },
      'packages/api/a.ts',
      '@shop/jobs/queues',
      'packages/jobs/src/q.ts',
    ],
    [
      'to patterns in the exports of such a workspace',
      {
        'package.json': json({ workspaces: ['packages/*'] }),
        'packages/jobs/package.json': json({ name: 'jobs', exports: { './*': './src/*.ts' } }),
        'packages/jobs/src/q.ts': '',
      },
      'packages/api/a.ts',
      'jobs/q',
      'packages/jobs/src/q.ts',
    ],
    [
      'from built output to its source',
      {
        'package.json': json({ workspaces: ['packages/*'] }),
        'packages/jobs/package.json': json({ name: 'jobs', main: 'dist/index.js' }),
        'packages/jobs/dist/index.js': '',
        'packages/jobs/src/index.ts': '',
      },
      'packages/api/a.ts',
      'jobs',
      'packages/jobs/src/index.ts',
    ],
    [
      'from declarations to their source',
      {
        'package.json': json({ workspaces: ['packages/*'] }),
        'packages/jobs/package.json': json({ name: 'jobs', types: 'build/index.d.ts' }),
        'packages/jobs/build/index.d.ts': '',
        'packages/jobs/index.ts': '',
      },
      'packages/api/a.ts',
      'jobs',
      'packages/jobs/index.ts',
    ],
    [
      'to nothing for a package',
      {
        'node_modules/bullmq/index.js': '',
        'node_modules/bullmq/package.json': json({ name: 'bullmq', main: 'index.js' }),
      },
      'a.ts',
      'bullmq',
      undefined,
    ],
    [
      'to nothing for a file in node_modules',
      { 'node_modules/x/y.js': '' },
      'a.ts',
      './node_modules/x/y.js',
      undefined,
    ],
    ['to nothing for a built-in module', { 'fs.ts': '' }, 'a.ts', 'node:fs', undefined],
    ['to nothing for a missing file', {}, 'a.ts', './b', undefined],
    ['to nothing for a style sheet or data', { 'b.css': '', 'c.json': '{}' }, 'a.ts', './b.css', undefined],
    ['to nothing for declarations without a source', { 'b.d.ts': '' }, 'a.ts', './b', undefined],
    ['to nothing for an empty specifier', {}, 'a.ts', '', undefined],
  ])('%s', (_, files, from, specifier, expected) => {
    expect(resolved({ [from]: '', ...files }, from, specifier)).toBe(expected);
  });

  it('never outside the root', () => {
    const parent = temporaryFolder();
    writeFiles(parent, { 'outside.ts': '', 'shop/package.json': '{ "name": "shop" }', 'shop/a.ts': '' });
    const root = path.join(parent, 'shop');
    expect(resolverFor(root).resolve(path.join(root, 'a.ts'), '../outside')).toBeUndefined();
  });

  it('not through a link that leads outside', () => {
    const parent = temporaryFolder();
    writeFiles(parent, { 'outside/b.ts': '', 'shop/package.json': '{ "name": "shop" }', 'shop/a.ts': '' });
    const root = path.join(parent, 'shop');
    symlinkSync(path.join(parent, 'outside'), path.join(root, 'linked'));
    expect(resolverFor(root).resolve(path.join(root, 'a.ts'), './linked/b')).toBeUndefined();
  });

  it('to the workspace that a package manager has linked', () => {
    const { root } = new TestProject({
      'package.json': '{ "workspaces": ["packages/*"] }',
      'packages/jobs/package.json': '{ "name": "@shop/jobs", "main": "src/index.ts" }',
      'packages/jobs/src/index.ts': '',
      'packages/api/a.ts': '',
    });
    mkdirSync(path.join(root, 'node_modules/@shop'), { recursive: true });
    symlinkSync(path.join(root, 'packages/jobs'), path.join(root, 'node_modules/@shop/jobs'));
    expect(resolverFor(root).resolve(path.join(root, 'packages/api/a.ts'), '@shop/jobs')).toBe(
      path.join(root, 'packages/jobs/src/index.ts'),
    );
  });

  it('in the spelling of the linter when the root itself is reached by a link', () => {
    const { root } = new TestProject({ 'a.ts': '', 'b.ts': '' });
    const link = path.join(temporaryFolder(), 'link');
    symlinkSync(root, link);
    expect(resolverFor(link).resolve(path.join(link, 'a.ts'), './b')).toBe(path.join(link, 'b.ts'));
  });

  it('again after files have come and gone', () => {
    const project = new TestProject({ 'a.ts': '' });
    const resolver = resolverFor(project.root);
    const from = project.path('a.ts');
    expect(resolver.resolve(from, './b')).toBeUndefined();
    project.write({ 'b.ts': '' });
    resolver.forget(new Map());
    expect(resolver.resolve(from, './b')).toBe(project.path('b.ts'));
    project.remove('b.ts');
    resolver.forget(new Map());
    expect(resolver.resolve(from, './b')).toBeUndefined();
  });
});

describe('the root of a project', () => {
  const root = (files: Files, file: string, cwd = '.'): string => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, '.git'));
    writeFiles(folder, { [file]: '', ...files });
    return path.relative(folder, projectRoot(path.join(folder, file), path.join(folder, cwd))) || '.';
  };

  it.each<[string, Files, string, string, string?]>([
    ['is the package', { 'package.json': '{ "name": "shop" }' }, 'src/a.ts', '.'],
    [
      'is the nearest package',
      { 'api/package.json': '{ "name": "api" }', 'package.json': '{ "name": "shop" }' },
      'api/src/a.ts',
      'api',
    ],
    [
      'is the workspace that the package belongs to',
      {
        'package.json': '{ "workspaces": ["packages/*"] }',
        'packages/api/package.json': '{ "name": "api" }',
      },
      'packages/api/a.ts',
      '.',
    ],
    [
      'is a workspace of pnpm',
      { 'pnpm-workspace.yaml': '', 'packages/api/package.json': '{ "name": "api" }' },
      'packages/api/a.ts',
      '.',
    ],
    [
      'is a package with a lock file of its own',
      {
        'package.json': '{ "workspaces": ["x"] }',
        'api/package.json': '{ "name": "api" }',
        'api/package-lock.json': '{}',
      },
      'api/a.ts',
      'api',
    ],
    [
      'is no package.json that says its type only',
      { 'package.json': '{ "name": "shop" }', 'src/package.json': '{ "type": "module" }' },
      'src/a.ts',
      '.',
    ],
    [
      'is no package.json that is broken',
      { 'package.json': '{ "name": "shop" }', 'src/package.json': '{ "name": ' },
      'src/a.ts',
      '.',
    ],
    ['is the working directory without a package', {}, 'src/a.ts', '.'],
    ['is the folder of a file outside the working directory', {}, 'src/a.ts', 'src', 'other'],
  ])('%s', (_, files, file, expected, cwd) => {
    expect(root(files, file, cwd)).toBe(expected);
  });

  it('contains files, not itself nor its neighbours', () => {
    expect(isInside('/a', '/a/b.ts')).toBe(true);
    expect(isInside('/a', '/a')).toBe(false);
    expect(isInside('/a', '/ab/c.ts')).toBe(false);
    expect(isInside('/a', '/b.ts')).toBe(false);
    expect(isInside('/a', '/a/..b/c.ts')).toBe(true);
  });

  it('has a manifest only where it is an object', () => {
    const folder = temporaryFolder();
    for (const [text, expected] of [
      ['[]', false],
      ['null', false],
      ['"x"', false],
      ['{', false],
      ['{}', true],
    ] as const) {
      writeFiles(folder, { 'package.json': text });
      expect(readManifest(folder) !== undefined, text).toBe(expected);
    }
  });
});

describe('the catalog', () => {
  const make = (files: Files, limits = {}) => {
    const project = new TestProject(files);
    const catalog = new Catalog(project.root, MARKS, new Resolver(project.root), limits);
    catalog.refresh(0);
    const names = (paths: Iterable<string>): string[] =>
      [...paths].map((file) => path.relative(project.root, file).split(path.sep).join('/')).sort();
    return { project, catalog, names };
  };

  it('lists sources only', () => {
    const { catalog, names } = make({
      'a.ts': '',
      'b.js': '',
      'c.tsx': '',
      'd.mjs': '',
      'e.cjs': '',
      'f.d.ts': '',
      'g.min.js': '',
      'h.json': '{}',
      'i.md': '',
      'node_modules/x/j.js': '',
      '.next/k.js': '',
      'dist/l.js': '',
      'src/build/m.ts': '',
    });
    expect(names(catalog.files)).toEqual(['a.ts', 'b.js', 'c.tsx', 'd.mjs', 'e.cjs', 'src/build/m.ts']);
  });

  it('leaves out what ignore files name, in the folder where they lie', () => {
    const { catalog, names } = make({
      '.gitignore': 'generated/\n*.gen.ts\n',
      'a.ts': '',
      'b.gen.ts': '',
      'generated/c.ts': '',
      'x/.gitignore': '/d.ts\n',
      'x/d.ts': '',
      'd.ts': '',
      'x/y/d.ts': '',
    });
    expect(names(catalog.files)).toEqual(['a.ts', 'd.ts', 'x/y/d.ts']);
  });

  it('stops at its limit of files', () => {
    const { catalog } = make({ 'a.ts': '', 'b.ts': '', 'c.ts': '' }, { files: 2 });
    expect([...catalog.files]).toHaveLength(2);
  });

  it('does not read what is too large', () => {
    const { catalog, project } = make(
      { 'a.ts': `import 'bullmq'; // ${'x'.repeat(200)}`, 'b.ts': `import 'bullmq'` },
      { fileSize: 100 },
    );
    expect(catalog.marked('jobs')).toEqual([project.path('b.ts')]);
  });

  it('marks files by their words', () => {
    const { catalog, project } = make({
      'a.ts': `import { Queue } from 'bullmq'`,
      'b.ts': 'job.waitUntilFinished()',
      'c.ts': '',
    });
    expect(catalog.marked('jobs')).toEqual([project.path('a.ts')]);
    expect(catalog.isMarked(project.path('b.ts'), 'waits')).toBe(true);
    expect(catalog.isMarked(project.path('c.ts'), 'waits')).toBe(false);
    expect(catalog.isMarked(project.path('missing.ts'), 'waits')).toBe(false);
  });

  it('knows what reaches a mark, over barrels, require, dynamic import and cycles', () => {
    const { catalog, names } = make({
      'queue.ts': `import { Queue } from 'bullmq'; import './service'; export const q = new Queue('a')`,
      'index.ts': `export * from './queue'`,
      'service.ts': `import { q } from './index'`,
      'legacy.js': `const { q } = require('./service')`,
      'lazy.ts': `const m = await import('./index')`,
      'type.ts': `import type { Q } from "./queue"`,
      'side.ts': `import './queue'`,
      'other.ts': `import fs from 'node:fs'`,
      'alone.ts': '',
    });
    expect(names([...catalog.files].filter((file) => catalog.reaches(file, 'jobs')))).toEqual([
      'index.ts',
      'lazy.ts',
      'legacy.js',
      'queue.ts',
      'service.ts',
      'side.ts',
      'type.ts',
    ]);
  });

  it.each<[string, string, boolean]>([
    ['a name of it', `import { q } from './index'`, true],
    ['a name of it as another', `import { q as mail, a } from './index'`, true],
    ['its type', `import type { q } from "./index"`, true],
    ['everything', `import * as all from './index'`, true],
    ['everything, by require', `const { a } = require('./index')`, true],
    ['everything, in time', `const { a } = await import('./index')`, true],
    ['for what it does', `import './index'`, true],
    ['its default', `import mail from './index'`, true],
    ['its default and another name', `import mail, { a } from './index'`, true],
    ['what a list renames', `import { renamed } from './index'`, true],
    ['a namespace', `import { space } from './index'`, true],
    ['a name over two barrels', `import { deep } from './index'`, true],
    ['what a barrel imports first', `import { listed } from './index'`, true],
    ['what a barrel imports first and renames', `import { other } from './index'`, true],
    ['a name beside a comment', `import { a, /* it's */ q } from './index'`, true],
    ['another name', `import { a } from './index'`, false],
    ['another name, as its own', `import { a as b, type A } from './index'`, false],
    ['another name of a namespace', `import { plain } from './index'`, false],
    ['another name over two barrels', `import { shallow } from './index'`, false],
    ['a name that nothing has', `import { nothing } from './index'`, false],
  ])('knows whether a barrel leads to a mark when it is asked for %s', (_, text, expected) => {
    const { catalog, project } = make({
      'index.ts': `
        // What others may use.
        export * from './a'; export * from './q'; export { default } from './default-queue';
        export { inner as renamed } from './inner'; export * as space from './inner'; export * as plain from './a';
        export { deep, shallow } from './second'; export * from './third'; export * from './fourth'; export * from './index';`,
      'a.ts': 'export const a = 1; export type A = 1;',
      'q.ts': `import { Queue } from 'bullmq'; export const q = new Queue('q')`,
      'default-queue.ts': `import { Queue } from 'bullmq'; export default new Queue('b')`,
      'inner.ts': `import { Queue } from 'bullmq'; export const inner = new Queue('c')`,
      'second.ts': `import { shallow } from './a'; export * from './second'; export { shallow }; export { deep } from './d'`,
      'd.ts': `import { Queue } from 'bullmq'; export const deep = new Queue('d')`,
      'third.ts': `import { listed } from './l';\n/* both */ import { a } from './a';\nexport { listed, a };`,
      'l.ts': `import { Queue } from 'bullmq'; export const listed = new Queue('l')`,
      'fourth.ts': `import { mine } from './m'; export { mine as other };`,
      'm.ts': `import { Queue } from 'bullmq'; export const mine = new Queue('m')`,
      'user.ts': `${text}; export const user = 1;`,
    });
    expect(catalog.reaches(project.path('user.ts'), 'jobs')).toBe(expected);
    expect(catalog.reaches(project.path('index.ts'), 'jobs')).toBe(true);
  });

  it('knows who imports a file', () => {
    const { catalog, names, project } = make({
      'a.ts': '',
      'b.ts': `import './a'`,
      'c.ts': `import './b'`,
      'd.ts': '',
    });
    expect(names(catalog.importersOf(project.path('a.ts')))).toEqual(['b.ts', 'c.ts']);
  });

  it('notices an edit, a new file and a deleted one', () => {
    const { catalog, project } = make({ 'a.ts': '', 'b.ts': `import './a'` });
    const reaches = () => catalog.reaches(project.path('b.ts'), 'jobs');
    expect(catalog.refresh(10)).toBe(false);
    expect(reaches()).toBe(false);

    project.write({ 'a.ts': `import 'bullmq'` });
    expect(catalog.refresh(20)).toBe(true);
    expect(reaches()).toBe(true);

    project.remove('a.ts');
    expect(catalog.refresh(30)).toBe(true);
    expect(reaches()).toBe(false);

    project.write({ 'a/index.ts': `import "bullmq"` });
    expect(catalog.refresh(10_000)).toBe(true);
    expect(reaches()).toBe(true);
  });

  it('prefers the text that the linter has', () => {
    const { catalog, project } = make({ 'a.ts': '' });
    expect(catalog.update(project.path('a.ts'), '// another comment')).toBe(false);
    expect(catalog.update(project.path('a.ts'), `import 'bullmq'`)).toBe(true);
    expect(catalog.marked('jobs')).toEqual([project.path('a.ts')]);
    expect(catalog.update(project.path('new.ts'), `import 'bullmq'`)).toBe(true);
    expect(catalog.has(project.path('new.ts'))).toBe(true);
  });

  it('collects the packages of the project', () => {
    const { catalog, project } = make({
      'package.json': '{ "name": "shop", "workspaces": [] }',
      'a.ts': '',
      'packages/b/package.json': '{ "name": "b" }',
      'packages/c/package.json': '{ "private": true }',
    });
    expect(Object.fromEntries(catalog.packages)).toEqual({
      shop: project.root,
      b: project.path('packages/b'),
    });
  });

  it('survives a folder that is not there', () => {
    const root = path.join(temporaryFolder(), 'missing');
    const catalog = new Catalog(root, MARKS, new Resolver(root));
    expect(catalog.refresh(0)).toBe(false);
    expect([...catalog.files]).toEqual([]);
  });

  it('survives unreadable files', () => {
    const project = new TestProject({ 'a.ts': `import 'bullmq'` });
    chmodSync(project.path('a.ts'), 0);
    const catalog = new Catalog(project.root, MARKS, new Resolver(project.root));
    catalog.refresh(0);
    // Nothing is unreadable to root, in whose containers tests often run.
    expect(catalog.marked('jobs')).toEqual(process.getuid?.() === 0 ? [project.path('a.ts')] : []);
  });

  it('survives a link that leads nowhere', () => {
    const project = new TestProject({ 'a.ts': '' });
    symlinkSync(project.path('nowhere.ts'), project.path('b.ts'));
    const catalog = new Catalog(project.root, MARKS, new Resolver(project.root));
    catalog.refresh(0);
    expect([...catalog.files]).toEqual([project.path('a.ts')]);
  });
});

describe('the store', () => {
  it('parses a file once', () => {
    const project = new TestProject({ 'a.ts': 'const a = 1' });
    const store = new ModuleStore();
    const module = store.load(project.path('a.ts'));
    expect(module?.nodes('VariableDeclarator')).toHaveLength(1);
    expect(module?.linted).toBe(false);
    expect(store.refresh()).toBe(false);
    expect(store.load(project.path('a.ts'))).toBe(module);
  });

  it('parses it again when its size or its time has changed', () => {
    const project = new TestProject({ 'a.ts': 'const a = 1' });
    const file = project.path('a.ts');
    const store = new ModuleStore();
    const first = store.load(file);
    project.write({ 'a.ts': 'const a = 1, b = 2' });
    expect(store.load(file)).toBe(first); // within a run the file stays as it was
    expect(store.refresh()).toBe(true);
    expect(store.load(file)?.nodes('VariableDeclarator')).toHaveLength(2);

    writeFileSync(file, 'const a = 1, c = 2');
    utimesSync(file, new Date(), new Date(Date.now() + 60_000));
    expect(store.refresh()).toBe(true);
    expect(store.load(file)?.text).toContain('c = 2');
  });

  it('forgets a deleted file and learns of a new one', () => {
    const project = new TestProject({ 'a.ts': '' });
    const store = new ModuleStore();
    expect(store.load(project.path('a.ts'))).toBeDefined();
    expect(store.load(project.path('b.ts'))).toBeUndefined();
    project.remove('a.ts');
    project.write({ 'b.ts': '' });
    expect(store.refresh()).toBe(true);
    expect(store.load(project.path('a.ts'))).toBeUndefined();
    expect(store.load(project.path('b.ts'))).toBeDefined();
  });

  it('keeps the modules that were used last', () => {
    const project = new TestProject({ 'a.ts': '', 'b.ts': '', 'c.ts': '' });
    const store = new ModuleStore({ modules: 2 });
    const load = (name: string) => store.load(project.path(name));
    const [a, b] = [load('a.ts'), load('b.ts')];
    expect(load('a.ts')).toBe(a);
    load('c.ts');
    expect(load('a.ts')).toBe(a);
    expect(load('b.ts')).not.toBe(b);
  });

  it.each<[string, string]>([
    ['a file of 5 MB', `export const a = [${'"0123456789",'.repeat(400_000)}]`],
    ['text that is no code', '\u0000\u0001\uFFFD<<<<<<< HEAD'],
  ])('has no module for %s', (_, text) => {
    const project = new TestProject({ 'a.ts': text });
    expect(new ModuleStore().load(project.path('a.ts'))).toBeUndefined();
  });

  it('has no module for a folder or a missing file', () => {
    const project = new TestProject({ 'a.ts/b.ts': '' });
    expect(new ModuleStore().load(project.path('a.ts'))).toBeUndefined();
    expect(new ModuleStore().load(project.path('c.ts'))).toBeUndefined();
  });

  it('has no module for an unreadable file', () => {
    const project = new TestProject({ 'a.ts': '' });
    chmodSync(project.path('a.ts'), 0);
    expect(new ModuleStore().load(project.path('a.ts')) === undefined).toBe(process.getuid?.() !== 0);
  });

  it.each(['const a = ;', 'export const {', 'class { }', 'import from', '}}}}', '`', '/*', 'enum', '@', '<'])(
    'is not harmed by broken syntax: %s',
    (text) => {
      const module = parseModule('/memory/a.ts', `${text}\n`);
      // Either there is no module, or one that can be asked.
      expect(() => [module?.exports, module?.scopes, module?.nodes('Identifier')]).not.toThrow();
    },
  );

  it.each(['a.ts', 'a.tsx', 'a.mts', 'a.cts', 'a.js', 'a.jsx', 'a.mjs', 'a.cjs'])('reads %s', (name) => {
    const text = name.includes('ts') ? 'const a: number = 1' : 'const a = 1';
    expect(parseModule(`/memory/${name}`, text)?.nodes('VariableDeclarator')).toHaveLength(1);
  });

  it('reads JSX in a .js file', () => {
    expect(parseModule('/memory/a.js', 'const a = <B/>')?.nodes('JSXElement')).toHaveLength(1);
  });

  it('reads a script that would not be a module', () => {
    expect(parseModule('/memory/a.cjs', 'with (a) { b }; var await = 1; return;')).toBeDefined();
  });
});

describe('an imported name is followed', () => {
  const follow = (files: Files, imported: string, specifier = './b'): string => {
    const project = memoryProject(files);
    const found = followImport(project.ev.modules, project.module('a.ts'), specifier, imported);
    return describeDefinition(found);
  };

  it.each<[string, Files, string, string]>([
    ['to a constant', { 'b.ts': 'export const x = 1' }, 'x', 'b.ts x'],
    ['to a default export', { 'b.ts': 'export default 1' }, 'default', 'b.ts 1'],
    ['to the namespace', { 'b.ts': 'export const x = 1' }, '*', 'b.ts *'],
    [
      'through a re-export',
      { 'b.ts': `export { y as x } from './c'`, 'c.ts': 'export const y = 1' },
      'x',
      'c.ts y',
    ],
    [
      'through a default re-export',
      { 'b.ts': `export { default as x } from './c'`, 'c.ts': 'export default 1' },
      'x',
      'c.ts 1',
    ],
    [
      'through barrels',
      {
        'b.ts': `export * from './c'`,
        'c.ts': `export * from './d'; export * from './e'`,
        'd.ts': '',
        'e.ts': 'export const x = 1',
      },
      'x',
      'e.ts x',
    ],
    ['through a named barrel', { 'b.ts': `export * as x from './c'`, 'c.ts': '' }, 'x', 'c.ts *'],
    [
      'to the own export rather than that of a star',
      { 'b.ts': `export * from './c'; export const x = 1`, 'c.ts': 'export const x = 2' },
      'x',
      'b.ts x',
    ],
    ['to the package of a re-export', { 'b.ts': `export { Queue as x } from 'bullmq'` }, 'x', 'bullmq:Queue'],
    ['to module.exports', { 'b.js': 'module.exports = make()' }, 'default', 'b.js make()'],
    ['to a property of module.exports', { 'b.js': 'module.exports = { x: y }' }, 'x', 'b.js y'],
    ['to the whole of single exports', { 'b.js': 'exports.x = 1' }, 'default', 'b.js *'],
    ['to nothing when there is no default', { 'b.ts': 'export const x = 1' }, 'default', 'nothing'],
    [
      'to nothing for a default through a star',
      { 'b.ts': `export * from './c'`, 'c.ts': 'export default 1' },
      'default',
      'nothing',
    ],
    ['to nothing when it is missing', { 'b.ts': 'export const y = 1' }, 'x', 'nothing'],
    [
      'to nothing in a cycle of stars',
      { 'b.ts': `export * from './c'`, 'c.ts': `export * from './b'` },
      'x',
      'nothing',
    ],
    [
      'to nothing in a cycle of names',
      { 'b.ts': `export { x } from './c'`, 'c.ts': `export { x } from './b'` },
      'x',
      'nothing',
    ],
    [
      'through a cycle that has it all the same',
      {
        'b.ts': `export * from './c'`,
        'c.ts': `export * from './b'; export * from './d'`,
        'd.ts': 'export const x = 1',
      },
      'x',
      'd.ts x',
    ],
  ])('%s', (_, files, imported, expected) => {
    expect(follow({ 'a.ts': '', ...files }, imported)).toBe(expected);
  });

  it('to a package', () => {
    expect(follow({ 'a.ts': '' }, 'Queue', 'bullmq')).toBe('bullmq:Queue');
  });

  it.each<[string, Files, string]>([
    ['to the package that a star names', { 'b.ts': `export * from 'bullmq'` }, 'bullmq:x'],
    [
      'to a file rather than to such a package',
      {
        'b.ts': `export * from './c'; export * from './d'`,
        'c.ts': `export * from 'bullmq'`,
        'd.ts': 'export const x = 1',
      },
      'd.ts x',
    ],
    [
      'to the package that names it rather than to one of a star',
      {
        'b.ts': `export * from './c'; export * from './d'`,
        'c.ts': `export * from 'lodash'`,
        'd.ts': `export { x } from 'bullmq'`,
      },
      'bullmq:x',
    ],
    [
      'to nothing when it can be of two packages',
      { 'b.ts': `export * from 'bullmq'; export * from 'lodash'` },
      'nothing',
    ],
  ])('%s', (_, files, expected) => {
    expect(follow({ 'a.ts': '', ...files }, 'x')).toBe(expected);
  });
});

function describeDefinition(found: Definition | undefined): string {
  switch (found?.kind) {
    case undefined:
      return 'nothing';
    case 'external':
      return `${found.source}:${found.imported}`;
    case 'namespace':
      return `${path.basename(found.module.path)} *`;
    case 'node':
      return `${path.basename(found.module.path)} ${found.module.textOf(found.node)}`;
  }
}
