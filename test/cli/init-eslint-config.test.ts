import { describe, expect, it } from 'vitest';
import { addPreset, loadsPlugin } from '../../src/cli/init/eslint-config.ts';

interface Given {
  file?: string;
  preset?: string;
  files?: Readonly<Record<string, string>>;
}

/** What an edit gives. */
function edited(
  text: string,
  { file = 'eslint.config.mjs', preset = 'recommended', files = {} }: Given = {},
) {
  const load = (specifier: string) => {
    const name = specifier.replace(/^\.\//, '');
    const found = files[name];
    return found === undefined ? undefined : { file: name, text: found };
  };
  return addPreset(file, text, { preset, load }).text;
}

const load = `import asyncTasks from 'eslint-plugin-async-tasks';`;

describe('a list of configs', () => {
  it.each([
    [
      'an array',
      `import js from '@eslint/js';\n\nexport default [\n  js.configs.recommended,\n];\n`,
      `import js from '@eslint/js';\n${load}\n\nexport default [\n  js.configs.recommended,\n  asyncTasks.configs.recommended,\n];\n`,
    ],
    [
      'no trailing comma, no semicolons, double quotes, four spaces',
      `import js from "@eslint/js"\n\nexport default [\n    js.configs.recommended\n]\n`,
      `import js from "@eslint/js"\nimport asyncTasks from "eslint-plugin-async-tasks"\n\nexport default [\n    js.configs.recommended,\n    asyncTasks.configs.recommended\n]\n`,
    ],
    [
      'tabs and CRLF',
      `import js from '@eslint/js';\r\n\r\nexport default [\r\n\tjs.configs.recommended,\r\n];\r\n`,
      `import js from '@eslint/js';\r\n${load}\r\n\r\nexport default [\r\n\tjs.configs.recommended,\r\n\tasyncTasks.configs.recommended,\r\n];\r\n`,
    ],
    [
      'a comment behind the last item',
      `import p from 'eslint-config-prettier'; // style\nexport default [\n  p, // last\n  // the end\n];\n`,
      `import p from 'eslint-config-prettier'; // style\n${load}\nexport default [\n  p, // last\n  // the end\n  asyncTasks.configs.recommended,\n];\n`,
    ],
    [
      'a comment behind the last item, and no comma',
      `import p from 'eslint-config-prettier';\nexport default [\n  p // last, really\n];\n`,
      `import p from 'eslint-config-prettier';\n${load}\nexport default [\n  p, // last, really\n  asyncTasks.configs.recommended\n];\n`,
    ],
    [
      'one line',
      `export default [{ rules: {} }];\n`,
      `${load}\n\nexport default [{ rules: {} }, asyncTasks.configs.recommended];\n`,
    ],
    [
      'one line, with a comma and spaces',
      `export default [ {}, ];\n`,
      `${load}\n\nexport default [ {}, asyncTasks.configs.recommended, ];\n`,
    ],
    ['an empty array', `export default [];`, `${load}\n\nexport default [asyncTasks.configs.recommended];`],
    [
      'an empty array of several lines',
      `export default [\n  // nothing yet\n];\n`,
      `${load}\n\nexport default [\n  // nothing yet\n  asyncTasks.configs.recommended\n];\n`,
    ],
    [
      'an object across lines',
      `export default [{\n  rules: {},\n}];\n`,
      `${load}\n\nexport default [{\n  rules: {},\n}, asyncTasks.configs.recommended];\n`,
    ],
    [
      'a single config',
      `export default {\n  rules: {},\n};\n`,
      `${load}\n\nexport default [{\n  rules: {},\n}, asyncTasks.configs.recommended];\n`,
    ],
    [
      'defineConfig with an array',
      `import { defineConfig } from 'eslint/config';\nexport default defineConfig([\n  { rules: {} },\n]);\n`,
      `import { defineConfig } from 'eslint/config';\n${load}\nexport default defineConfig([\n  { rules: {} },\n  asyncTasks.configs.recommended,\n]);\n`,
    ],
    [
      'defineConfig with arguments, under another name',
      `import { defineConfig as d } from 'eslint/config';\nexport default d({ rules: {} }, [{}]);\n`,
      `import { defineConfig as d } from 'eslint/config';\n${load}\nexport default d({ rules: {} }, [{}], asyncTasks.configs.recommended);\n`,
    ],
    [
      'tseslint.config',
      `import tseslint from 'typescript-eslint';\nexport default tseslint.config(\n  ...tseslint.configs.recommended,\n  { rules: {} },\n);\n`,
      `import tseslint from 'typescript-eslint';\n${load}\nexport default tseslint.config(\n  ...tseslint.configs.recommended,\n  { rules: {} },\n  asyncTasks.configs.recommended,\n);\n`,
    ],
    [
      'tseslint.config, its bracket on the last line',
      `import * as tseslint from 'typescript-eslint';\nexport default tseslint.config(\n  {},\n  { rules: {} });\n`,
      `import * as tseslint from 'typescript-eslint';\n${load}\nexport default tseslint.config(\n  {},\n  { rules: {} },\n  asyncTasks.configs.recommended);\n`,
    ],
    [
      'a variable that is exported',
      `import js from '@eslint/js';\nconst config = [\n  js.configs.recommended,\n];\nexport default config;\n`,
      `import js from '@eslint/js';\n${load}\nconst config = [\n  js.configs.recommended,\n  asyncTasks.configs.recommended,\n];\nexport default config;\n`,
    ],
    [
      'a variable exported by its name',
      `const config = [{}];\nexport { config as default };\n`,
      `${load}\n\nconst config = [{}, asyncTasks.configs.recommended];\nexport { config as default };\n`,
    ],
    [
      'a list that defineConfig is given by name',
      `import { defineConfig } from 'eslint/config';\nconst list = [{}];\nexport default defineConfig(list);\n`,
      `import { defineConfig } from 'eslint/config';\n${load}\nconst list = [{}, asyncTasks.configs.recommended];\nexport default defineConfig(list);\n`,
    ],
    [
      'the factory of antfu, with its options and without',
      `import antfu from '@antfu/eslint-config'\nexport default antfu()\n`,
      `import antfu from '@antfu/eslint-config'\nimport asyncTasks from 'eslint-plugin-async-tasks'\nexport default antfu({}, asyncTasks.configs.recommended)\n`,
    ],
    [
      'a composer',
      `import withNuxt from './.nuxt/eslint.config.mjs'\nexport default withNuxt({ rules: {} }).override('a', {})\n`,
      `import withNuxt from './.nuxt/eslint.config.mjs'\nimport asyncTasks from 'eslint-plugin-async-tasks'\nexport default withNuxt({ rules: {} }, asyncTasks.configs.recommended).override('a', {})\n`,
    ],
    [
      'a comment for TypeScript above all',
      `// @ts-check\n\n/** @type {import('eslint').Linter.Config[]} */\nexport default [{}];\n`,
      `// @ts-check\n\n${load}\n\n/** @type {import('eslint').Linter.Config[]} */\nexport default [{}, asyncTasks.configs.recommended];\n`,
    ],
    [
      'a name that is taken',
      `const asyncTasks = {};\nexport default [asyncTasks];\n`,
      `import asyncTasksPlugin from 'eslint-plugin-async-tasks';\n\nconst asyncTasks = {};\nexport default [asyncTasks, asyncTasksPlugin.configs.recommended];\n`,
    ],
    [
      'text outside of the basic plane',
      `import js from '@eslint/js'; // 🎉🎉\nexport default ['🎉', js];\n`,
      `import js from '@eslint/js'; // 🎉🎉\n${load}\nexport default ['🎉', js, asyncTasks.configs.recommended];\n`,
    ],
  ])('%s', (_, before, after) => {
    expect(edited(before)).toBe(after);
  });

  it.each([
    [
      'module.exports',
      `'use strict';\nconst js = require('@eslint/js');\n\nmodule.exports = [\n    js.configs.recommended\n];\n`,
      `'use strict';\nconst js = require('@eslint/js');\nconst asyncTasks = require('eslint-plugin-async-tasks');\n\nmodule.exports = [\n    js.configs.recommended,\n    asyncTasks.configs.recommended\n];\n`,
    ],
    [
      'no require so far, behind the directive',
      `'use strict';\n\nmodule.exports = [{}];\n`,
      `'use strict';\n\nconst asyncTasks = require('eslint-plugin-async-tasks');\n\nmodule.exports = [{}, asyncTasks.configs.recommended];\n`,
    ],
    [
      'defineConfig, and a require below the list',
      `const { defineConfig } = require('eslint/config');\nmodule.exports = defineConfig([{}]);\nconst late = require('late');\n`,
      `const { defineConfig } = require('eslint/config');\nconst asyncTasks = require('eslint-plugin-async-tasks');\nmodule.exports = defineConfig([{}, asyncTasks.configs.recommended]);\nconst late = require('late');\n`,
    ],
  ])('of CommonJS: %s', (_, before, after) => {
    expect(edited(before, { file: 'eslint.config.js' })).toBe(after);
  });

  it.each([
    [
      'eslint.config.ts',
      `export default [{}] satisfies Linter.Config[];\n`,
      `${load}\n\nexport default [{}, asyncTasks.configs.recommended] satisfies Linter.Config[];\n`,
    ],
    [
      'eslint.config.mts',
      `const all: Linter.Config[] = [{}];\nexport default all as Linter.Config[];\n`,
      `${load}\n\nconst all: Linter.Config[] = [{}, asyncTasks.configs.recommended];\nexport default all as Linter.Config[];\n`,
    ],
    [
      'eslint.config.cts',
      `import js = require('@eslint/js');\nexport = [js];\n`,
      `const asyncTasks = require('eslint-plugin-async-tasks');\n\nimport js = require('@eslint/js');\nexport = [js, asyncTasks.configs.recommended];\n`,
    ],
  ])('in TypeScript: %s', (file, before, after) => {
    expect(edited(before, { file })).toBe(after);
  });

  it('of another file, which is shown to be one', () => {
    const before = `import base from './base.mjs';\nexport default base;\n`;
    expect(edited(before, { files: { 'base.mjs': 'export default [{}];' } })).toBe(
      `import base from './base.mjs';\nimport { defineConfig } from 'eslint/config';\n${load}\nexport default defineConfig([base, asyncTasks.configs.recommended]);\n`,
    );
    expect(edited(before, { files: { 'base.mjs': 'export default make();' } })).toBeUndefined();
    expect(edited(before)).toBeUndefined();
  });

  it('with another preset', () => {
    expect(edited('export default [];', { preset: 'hard-stops' })).toContain(
      `[asyncTasks.configs['hard-stops']]`,
    );
  });

  it('beside other languages, for scripts only, because ESLint refuses rules for JavaScript there', () => {
    const before = `import json from "@eslint/json";\nexport default [\n  { files: ["**/*.json"], plugins: { json }, language: "json/json" },\n];\n`;
    expect(edited(before)).toContain(
      `  { files: ["**/*.{js,mjs,cjs,jsx}"], ...asyncTasks.configs.recommended },\n`,
    );
    expect(edited(before.replace('**/*.json"]', '**/*.json"] }, { files: ["**/*.{js,ts}"]'))).toContain(
      `{ files: ["**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}"], ...asyncTasks.configs.recommended },\n`,
    );
  });
});

it.each([
  [
    'a function of a package that is not known',
    `import make from 'make-config';\nexport default make([{}]);\n`,
  ],
  [
    'a local function of a known name',
    `function defineConfig(x) { return []; }\nexport default defineConfig([{}]);\n`,
  ],
  ['a method of a list', `export default [{}].map((config) => ({ ...config }));\n`],
  ['a promise', `export default Promise.resolve([{}]);\n`],
  [
    'a variable that is assigned later',
    `let config = [{}];\nconfig = other(config);\nexport default config;\n`,
  ],
  ['no export', `const config = [{}];\n`],
  ['a syntax error', `export default [{ rules: ];\n`],
  ['an empty file', ``],
])('leaves alone %s', (_, text) => {
  const { text: result, lines } = addPreset('eslint.config.js', text, { preset: 'recommended' });
  expect(result).toBeUndefined();
  expect(lines.load).toMatch(/eslint-plugin-async-tasks/);
  expect(lines.config).toBe('asyncTasks.configs.recommended');
});

it('finds the plugin in the config and in what it imports, but not in a comment', () => {
  const files: Record<string, string> = {
    'a.js': `import b from './b.js'; export default b;`,
    'b.js': `import './a.js'; import tasks from 'eslint-plugin-async-tasks'; export default [tasks.configs.strict];`,
  };
  const load = (specifier: string) => {
    const file = specifier.slice(2);
    return { file, text: files[file] ?? '' };
  };
  expect(loadsPlugin('a.js', files['a.js'] ?? '', load)).toBe(true);
  expect(loadsPlugin('c.js', '// eslint-plugin-async-tasks\nexport default [];', load)).toBe(false);
});
