import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import plugin from '../../src/plugin/index.ts';
import { blocksOf, root } from '../docs/pages.ts';
import { pack, projectWith, type Packed, type Project, type ProjectInput } from './packed.ts';

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
});

function project(input: ProjectInput): Promise<Project> {
  return projectWith(packed, input);
}

/** Code, the types of the plugin alone, and what the page of a map is made of. */
const SHIPPED =
  /^dist\/src\/(?:analysis|plugin|cli)\/.*\.js$|^dist\/src\/plugin\/(?:index|plugin)\.d\.ts$|^dist\/src\/cli\/map\/page\/page\.css$/;

/** A shop whose findings each need another file. */
const queue = `
import { Queue } from 'bullmq';
export const reports = new Queue('reports', {
  connection: { host: 'localhost' },
  defaultJobOptions: { removeOnComplete: true, removeOnFail: { age: 86_400 } },
});
`;
const service = `
import { reports } from './queue.js';
export async function render(id) {
  const job = await reports.add('render', { id }, { attempts: 3 });
  return job.waitUntilFinished(events);
}
`;
const routes = `
import express from 'express';
import { render } from './service.js';
const app = express();
app.get('/reports/:id', async (req, res) => {
  res.json(await render(req.params.id));
});
`;
const findings = [
  'src/routes.js:6 async-tasks/no-await-job-result',
  'src/service.js:4 async-tasks/require-retry-policy',
];
const inTypeScript = findings.map((finding) => finding.replace('.js:', '.ts:'));

/** As the README gives it. */
const [{ text: config } = { text: '' }] = blocksOf(
  readFileSync(path.join(root, 'README.md'), 'utf8').split('## Configure')[1] ?? '',
);
const configWithTypeScript = `
import { defineConfig } from 'eslint/config';
import asyncTasks from 'eslint-plugin-async-tasks';
import parser from '@typescript-eslint/parser';
export default defineConfig([
  { files: ['**/*.ts'], languageOptions: { parser } },
  { plugins: { 'async-tasks': asyncTasks }, extends: ['async-tasks/recommended'] },
]);
`;

describe('the packed package', () => {
  it('holds the plugin, its types and the pages of its rules, and nothing else', () => {
    const wanted = [
      'package.json',
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'dist/package.json',
      ...Object.keys(plugin.rules).map((name) => `docs/rules/${name}.md`),
    ];
    const others = packed.files.filter((file) => !wanted.includes(file));
    expect(wanted.filter((file) => !packed.files.includes(file))).toEqual([]);
    expect(others.filter((file) => !SHIPPED.test(file))).toEqual([]);
  });

  it.each([
    ['import', `const { default: plugin } = await import('eslint-plugin-async-tasks');`],
    [
      'require()',
      `import { createRequire } from 'node:module';
       const plugin = createRequire(process.cwd() + '/x.cjs')('eslint-plugin-async-tasks');`,
    ],
  ])('gives the plugin to %s', async (_, load) => {
    const host = await project({ files: {} });
    const seen = await host.node(`${load}
      console.log(JSON.stringify({
        name: plugin.meta.name,
        rules: Object.keys(plugin.rules),
        configs: Object.keys(plugin.configs),
        isOwn: Object.values(plugin.configs).every((config) => config.plugins['async-tasks'] === plugin),
      }));`);
    expect(seen).toEqual({
      name: 'eslint-plugin-async-tasks',
      rules: Object.keys(plugin.rules),
      configs: ['hard-stops', 'recommended', 'strict'],
      isOwn: true,
    });
  });

  it('loads neither TypeScript nor a parser, a resolver or a scope analysis when it is imported', async () => {
    const decoys = [
      'typescript',
      'oxc-parser',
      'oxc-resolver',
      ...['parser', 'scope-manager', 'types', 'typescript-estree', 'utils', 'visitor-keys'].map(
        (name) => `@typescript-eslint/${name}`,
      ),
    ];
    const host = await project({ files: {}, decoys });
    const source = (code: string): string =>
      `import 'eslint-plugin-async-tasks'; ${code} console.log(JSON.stringify(globalThis.loaded ?? []));`;

    expect(await host.node(source(''))).toEqual([]);
    // The decoys work.
    expect(await host.node(source(decoys.map((name) => `await import('${name}');`).join('')))).toEqual(
      decoys,
    );
  });
});

describe.each([
  ['ESLint 10', 'eslint'],
  ['ESLint 9.38', 'eslint9'],
])('%s', (_, eslint) => {
  it('lints JavaScript with its own parser, across files', async () => {
    const host = await project({
      files: {
        'eslint.config.js': config,
        'src/queue.js': queue,
        'src/service.js': service,
        'src/routes.js': routes,
      },
      packages: { eslint },
    });
    expect(await host.lint('src')).toEqual(findings);
  });

  it('lints TypeScript, across files', async () => {
    const host = await project({
      files: {
        'eslint.config.js': configWithTypeScript,
        'src/queue.ts': queue,
        'src/service.ts': service.replace('id)', 'id: string): Promise<unknown>'),
        'src/routes.ts': routes,
      },
      packages: { eslint, '@typescript-eslint/parser': '@typescript-eslint/parser' },
    });
    expect(await host.lint('src')).toEqual(inTypeScript);
  });

  it('reads a configuration in CommonJS', async () => {
    const host = await project({
      files: {
        'eslint.config.cjs': `
          const asyncTasks = require('eslint-plugin-async-tasks');
          module.exports = [asyncTasks.configs['hard-stops']];`,
        'src/queue.js': queue,
        'src/service.js': service,
      },
      packages: { eslint },
    });
    expect(await host.lint('src')).toEqual(findings.slice(1));
  });

  it('gives the same findings in several threads', async () => {
    const host = await project({
      files: {
        'eslint.config.js': config,
        'src/queue.js': queue,
        'src/service.js': service,
        'src/routes.js': routes,
      },
      packages: { eslint },
    });
    expect(await host.lint('--concurrency', '2', 'src')).toEqual(findings);
  });
});

describe('with TypeScript 7', () => {
  it('lints JavaScript, and follows imports into TypeScript', async () => {
    const host = await project({
      files: {
        'eslint.config.js': config,
        'src/queue.ts': queue.replace('export const reports', 'export const reports: Queue<{ id: string }>'),
        'src/service.js': service,
        'src/routes.js': routes,
      },
      packages: { eslint: 'eslint', typescript: 'typescript7' },
    });
    expect(
      await host.node(`import { version } from 'typescript'; console.log(JSON.stringify(version))`),
    ).toMatch(/^7\./);
    expect(await host.lint('src')).toEqual(findings);
  });
});
