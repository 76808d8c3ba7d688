import { beforeAll, describe, expect, it } from 'vitest';
import { pack, type Packed } from '../packed.ts';
import {
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

const byString = `
import { defineConfig } from 'eslint/config';
import asyncTasks from 'eslint-plugin-async-tasks';

export default defineConfig([
  { plugins: { 'async-tasks': asyncTasks }, extends: ['async-tasks/hard-stops'] },
]);
`;
const typed = `
import { defineConfig } from 'eslint/config';
import asyncTasks from 'eslint-plugin-async-tasks';

const name: string = asyncTasks.meta.name;
export default defineConfig([
  { name, plugins: { 'async-tasks': asyncTasks }, extends: ['async-tasks/hard-stops'] },
  { extends: [asyncTasks.configs['hard-stops']] },
  asyncTasks.configs['hard-stops'],
]);
`;
const commonJs = `
const asyncTasks = require('eslint-plugin-async-tasks');
module.exports = [asyncTasks.configs['hard-stops']];
`;
const tsconfig = JSON.stringify({
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    module: 'nodenext',
    target: 'es2022',
    types: [],
  },
  files: ['eslint.config.ts'],
});

describe.each(['9.38.0', '^9', '10.0.0', '^10'])('ESLint %s', (version) => {
  let host: Installed;
  beforeAll(async () => {
    host = await npmInstalled(packed, {
      eslint: version,
      '@typescript-eslint/parser': '^8',
      typescript: version.includes('9') ? '~5.4' : '^6',
      'typescript5.4': 'npm:typescript@~5.4',
      typescript6: 'npm:typescript@^6',
      typescript7: 'npm:typescript@^7',
      jiti: '^2',
    });
    host.write({ ...smallProject, 'eslint.config.ts': typed, 'tsconfig.json': tsconfig });
    await copyShop(host.folder);
  });

  it.each([
    ['in JavaScript, by string', 'by-string.js', byString],
    ['in TypeScript', 'eslint.config.ts', typed],
    ['in CommonJS', 'by-value.cjs', commonJs],
  ])('reads a configuration %s', async (_, file, text) => {
    host.write({ [file]: text });
    expect(await host.lint('--config', file, 'src')).toEqual(smallFindings);
  });

  it.each(['typescript5.4', 'typescript6', 'typescript7'])(
    'has types that %s compiles a strict configuration with',
    async (typescript) => {
      expect(await host.script(`${typescript}/bin/tsc`, '-p', '.')).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
    },
  );

  it.each([
    ['', []],
    [', with an empty cache', ['--cache']],
    [', from the cache', ['--cache']],
    [', in two threads', ['--concurrency', '2']],
  ])('finds in the unsafe shop what is marked%s', async (_, args) => {
    host.write({ 'shop.js': typescriptConfig });
    const found = await host.lint('--config', 'shop.js', ...args, 'shop/src');
    expect(found.sort()).toEqual(shopFindings);
  });
});
