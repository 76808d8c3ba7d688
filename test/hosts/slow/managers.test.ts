import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder, writeFiles } from '../../support/project.ts';
import { pack, type Packed } from '../packed.ts';
import {
  copyShop,
  ended,
  lintReports,
  must,
  npmInstalled,
  plugin,
  shopFindings,
  typescriptConfig,
  writeManifest,
  type Installed,
} from './installed.ts';

const packages = { eslint: '^10', '@typescript-eslint/parser': '^8', typescript: '^6' };
const build = `node-${process.platform}-${process.arch}`;

let packed: Packed;
/** Package managers, and Node in the oldest versions that are supported and the newest of the last line. */
let tools: Installed;
beforeAll(async () => {
  packed = await pack();
  tools = await npmInstalled(packed, {
    ...packages,
    pnpm: '^10',
    '@yarnpkg/cli-dist': '^4',
    'node20.19': `npm:${build}@20.19.0`,
    'node22.13': `npm:${build}@22.13.0`,
    node24: `npm:${build}@^24`,
  });
  tools.write({ 'eslint.config.js': typescriptConfig });
  await copyShop(tools.folder);
});

/** With a Node of these in front of the one that the tests run on. */
function environment(node?: string): NodeJS.ProcessEnv {
  const modules = path.join(tools.folder, 'node_modules');
  const folders = [...(node ? [path.join(modules, node, 'bin')] : []), path.join(modules, '.bin')];
  return { ...process.env, PATH: [...folders, process.env.PATH].join(path.delimiter) };
}

const eslint = ['eslint', '--format', 'json', 'shop/src'];

describe.each(['node20.19', 'node22.13', 'node24'])('%s', (node) => {
  it('finds in the unsafe shop what is marked', async () => {
    const run = await ended('node', ['node_modules/eslint/bin/eslint.js', ...eslint.slice(1)], {
      cwd: tools.folder,
      env: environment(node),
    });
    expect(lintReports(tools.folder, run).sort()).toEqual(shopFindings);
  });
});

describe('pnpm', () => {
  it('finds in the unsafe shop what is marked, where nothing is hoisted', async () => {
    const folder = temporaryFolder();
    writeManifest(folder, { ...plugin(packed), ...packages });
    writeFiles(folder, { 'eslint.config.js': typescriptConfig, '.npmrc': 'hoist=false\n' });
    await copyShop(folder);
    const options = { cwd: folder, env: environment() };
    await must('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile'], options);
    const run = await ended('pnpm', ['exec', ...eslint], options);
    expect(lintReports(folder, run).sort()).toEqual(shopFindings);
  });
});

describe('yarn with Plug’n’Play', () => {
  let folder: string;
  beforeAll(async () => {
    folder = temporaryFolder();
    // Node 20 cannot load an ES module out of a zip archive when it is required.
    const dependenciesMeta = { 'oxc-parser': { unplugged: true } };
    writeManifest(folder, { ...plugin(packed), ...packages }, { dependenciesMeta });
    writeFiles(folder, {
      'eslint.config.js': typescriptConfig,
      'yarn.lock': '',
      '.yarnrc.yml': 'enableTelemetry: false\nenableImmutableInstalls: false\nnodeLinker: pnp\n',
    });
    await copyShop(folder);
    await must('yarn', ['install'], { cwd: folder, env: environment() });
  });

  it.each(['node20.19', 'node24'])('finds in the unsafe shop what is marked, on %s', async (node) => {
    const run = await ended('yarn', ['run', ...eslint], { cwd: folder, env: environment(node) });
    expect(lintReports(folder, run).sort()).toEqual(shopFindings);
  });
});
