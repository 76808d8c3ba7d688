import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import plugin from '../../../src/plugin/index.ts';
import { pack, type Packed } from '../packed.ts';
import {
  configWith,
  copyShop,
  npmInstalled,
  shopFindings,
  smallFindings,
  smallProject,
  typescriptConfig,
  type Installed,
} from './installed.ts';

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
});

const babelConfig = configWith(
  `{
    parser,
    parserOptions: {
      requireConfigFile: false,
      babelOptions: { configFile: false, babelrc: false, parserOpts: { plugins: ['typescript', 'decorators-legacy'] } },
    },
  }`,
  `import parser from '@babel/eslint-parser';`,
);
/** A configuration for plain JavaScript. */
const plainConfig = `
  import asyncTasks from 'eslint-plugin-async-tasks';
  export default [asyncTasks.configs['hard-stops']];`;
const babel = { '@babel/core': '^8', '@babel/eslint-parser': '^8' };

async function lintShop(host: Installed, config: string): Promise<string[]> {
  host.write({ 'shop.js': config });
  return (await host.lint('--config', 'shop.js', 'shop/src')).sort();
}

/** The shop as oxlint sees it, with every rule at its default options. */
async function oxlintShop(host: Installed): Promise<string[]> {
  const names = Object.keys(plugin.configs.strict.rules);
  host.write({
    'oxlint.json': JSON.stringify({
      categories: { correctness: 'off' },
      jsPlugins: ['eslint-plugin-async-tasks'],
      rules: Object.fromEntries(names.map((name) => [name, 'error'])),
    }),
  });
  const args = ['--config', 'oxlint.json', '--format', 'json', 'shop/src'];
  const { stdout, stderr } = await host.script('oxlint/bin/oxlint', ...args);
  if (!stdout.trimStart().startsWith('{')) throw new Error(stdout + stderr);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code?: string; message: string; filename: string; labels: { span: { line: number } }[] }[];
  };
  return diagnostics
    .map(({ code, message, filename, labels }) => {
      const rule = code?.replace(/^async-tasks\((.*)\)$/, 'async-tasks/$1') ?? message;
      return `${filename.split(path.sep).join('/')}:${String(labels[0]?.span.line)} ${rule}`;
    })
    .sort();
}

describe('TypeScript 6', () => {
  let host: Installed;
  beforeAll(async () => {
    const packages = { eslint: '^10', '@typescript-eslint/parser': '^8', typescript: '^6', oxlint: '^1' };
    host = await npmInstalled(packed, { ...packages, ...babel });
    host.write(smallProject);
    await copyShop(host.folder);
  });

  it.each([
    ['@typescript-eslint/parser', typescriptConfig],
    [
      '@typescript-eslint/parser with type information',
      configWith(
        `{ parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname + '/shop' } }`,
        `import parser from '@typescript-eslint/parser';`,
      ),
    ],
    ['@babel/eslint-parser', babelConfig],
  ])('finds in the unsafe shop what is marked with %s', async (_, config) => {
    expect(await lintShop(host, config)).toEqual(shopFindings);
  });

  it('finds the same as a plugin of oxlint', async () => {
    expect(await oxlintShop(host)).toEqual(shopFindings);
  });

  it("lints JavaScript with ESLint's own parser", async () => {
    host.write({ 'plain.js': plainConfig });
    expect(await host.lint('--config', 'plain.js', 'src')).toEqual(smallFindings);
  });

  it('goes the way of bulk suppressions: all, clean, pruned', async () => {
    host.write({ 'plain.js': plainConfig });
    const eslint = (...args: string[]): ReturnType<Installed['script']> =>
      host.script('eslint/bin/eslint.js', '--config', 'plain.js', ...args, 'src');
    const suppressions = (): unknown =>
      JSON.parse(readFileSync(path.join(host.folder, 'eslint-suppressions.json'), 'utf8'));

    expect(await eslint('--suppress-all')).toMatchObject({ code: 0 });
    expect(suppressions()).toEqual({ 'src/routes.js': { 'async-tasks/no-await-job-result': { count: 1 } } });
    expect(await eslint()).toMatchObject({ code: 0, stdout: '' });

    // The wait that was repaired is in another file than the finding.
    const { 'src/service.js': service = '' } = smallProject;
    host.write({ 'src/service.js': service.replace('job.waitUntilFinished(events)', 'job.id') });
    expect(await eslint()).toMatchObject({ code: 2 });
    expect(await eslint('--prune-suppressions')).toMatchObject({ code: 0 });
    expect(suppressions()).toEqual({});
    host.write(smallProject);
  });

  it('sees in an editor what other files have on the disk, and what the linted one has in the buffer', async () => {
    host.write({
      'plain.js': plainConfig,
      'editor.mjs': `
        import { readFileSync, writeFileSync } from 'node:fs';
        import { ESLint } from 'eslint';
        const eslint = new ESLint({ overrideConfigFile: 'plain.js' });
        const read = (file) => readFileSync(file, 'utf8');
        const routes = read('src/routes.js');
        const service = read('src/service.js');
        const lint = async (text) => {
          const [{ messages }] = await eslint.lintText(text, { filePath: 'src/routes.js' });
          return messages.map(({ line, ruleId }) => line + ' ' + ruleId);
        };
        const seen = { first: await lint(routes) };
        writeFileSync('src/service.js', service.replace('job.waitUntilFinished(events)', 'job.id'));
        seen.repaired = await lint(routes);
        seen.unsaved = await lint(routes.replace("await render(req.params.id)", "await (await render.job).waitUntilFinished()")
          .replace("import { render } from './service.js';", "import { reports } from './queue.js'; const render = { job: reports.getJob('1') };"));
        seen.saved = await lint(routes);
        writeFileSync('src/service.js', service);
        seen.back = await lint(routes);
        console.log(JSON.stringify(seen));`,
    });
    const { stdout, stderr } = await host.script('../editor.mjs');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      first: ['6 async-tasks/no-await-job-result'],
      repaired: [],
      unsaved: ['6 async-tasks/no-await-job-result'],
      saved: [],
      back: ['6 async-tasks/no-await-job-result'],
    });
  });
});

describe('TypeScript 7', () => {
  let host: Installed;
  beforeAll(async () => {
    host = await npmInstalled(packed, { eslint: '^10', typescript: '^7', oxlint: '^1', ...babel });
    await copyShop(host.folder);
  });

  it('finds in the unsafe shop what is marked with @babel/eslint-parser', async () => {
    expect(await lintShop(host, babelConfig)).toEqual(shopFindings);
  });

  it('finds the same as a plugin of oxlint', async () => {
    expect(await oxlintShop(host)).toEqual(shopFindings);
  });
});
