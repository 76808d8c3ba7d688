/**
 * The step that turns the preset on in ESLint's configuration.
 */
import path from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import type { Preset } from '../../plugin/create-rule.ts';
import { addPreset, loadsPlugin, PLUGIN, textsOf, type ConfigOptions } from './eslint-config.ts';
import { CONFIG_FILES, type Project } from './project.ts';

const LEGACY_FILES = ['', '.js', '.cjs', '.json', '.yaml', '.yml'].map(
  (extension) => `.eslintrc${extension}`,
);

/** What mentions one of these may bring a parser for TypeScript along. */
const BRINGS_PARSER =
  /typescript|tseslint|babel|eslint-config-(?!prettier)|\/eslint-config|FlatCompat|next|nuxt|vue|svelte|angular|astro|@nx\/|\bxo\b|neostandard/;

/** @returns whether ESLint has, or will have, the plugin. */
export function setUpEslint(project: Project, preset: Preset): boolean {
  const { draft, plan } = project;
  const file = draft.first(CONFIG_FILES);
  const legacy =
    draft.first(LEGACY_FILES) ?? (project.manifest.eslintConfig === undefined ? undefined : 'package.json');
  if (file === undefined && legacy !== undefined) {
    plan.blocked.push(legacyText(legacy));
    return false;
  }
  const range = project.range('eslint');
  if (range !== undefined && !canBeSupported(range)) {
    plan.blocked.push(
      `package.json asks for eslint ${range}, and the plugin needs ${manifest.peerDependencies.eslint}. Raise it (${installCommand(project, `eslint@${manifest.devDependencies.eslint}`)}) and run init again.`,
    );
    return false;
  }
  const nested = project.find(
    new RegExp(`/(?:${LEGACY_FILES.map((name) => name.replaceAll('.', '\\.')).join('|')})$`),
  );
  if (file === undefined && nested.length > 0) {
    plan.blocked.push(
      `${nested.join(', ')}: a configuration for the whole project would turn these off, which are in the format that ESLint 9 gave up. Convert them first (\`npx @eslint/migrate-config\`), or run init in the folder of another package.`,
    );
    return false;
  }
  const done = file === undefined ? create(project, preset) : edit(project, file, preset);
  if (done) tellOfOthers(project);
  return done;
}

/** Nearer configurations win over that of the whole project, unless they build on it. */
function tellOfOthers(project: Project): void {
  const { draft, plan } = project;
  const others = project
    .find(/\/eslint\.config\.[cm]?[jt]s$/)
    .filter((file) => !loadsPlugin(file, draft.read(file) ?? '', loaderOf(project)));
  if (others.length === 0) return;
  const names = others.length > 4 ? [...others.slice(0, 3), `${others.length - 3} more`] : others;
  plan.advice.push(
    `${names.join(', ')}: for files there, this is the configuration. Run init in those folders, too, where jobs are concerned.`,
  );
}

function edit(project: Project, file: string, preset: Preset): boolean {
  const { draft, plan } = project;
  const text = draft.read(file) ?? '';
  const load = loaderOf(project);
  if (loadsPlugin(file, text, load)) plan.kept.push(`${file} has the plugin.`);
  else {
    const { text: edited, lines } = addPreset(file, text, { preset, load });
    if (edited === undefined) {
      plan.blocked.push(
        `${file} is not in a form that can be edited safely. Add to it:\n\n    ${lines.load}\n\nand, at the end of the list of configs:\n\n    ${lines.config},`,
      );
    } else draft.write(file, edited);
  }
  if (project.usesTypescript && !BRINGS_PARSER.test(textsOf(file, text, load)))
    plan.advice.push(parserText(project));
  project.addDevDependency(PLUGIN, `^${manifest.version}`);
  return true;
}

function loaderOf({ draft }: Project): NonNullable<ConfigOptions['load']> {
  return (specifier, from) => {
    const target = path.posix.join(path.posix.dirname(from), specifier);
    const found = draft.first(
      ['', '.js', '.mjs', '.cjs', '.ts', '.mts'].map((extension) => target + extension),
    );
    return found === undefined ? undefined : { file: found, text: draft.read(found) ?? '' };
  };
}

/** A configuration of nothing but the plugin, for a project that has none. */
function create(project: Project, preset: Preset): boolean {
  const { draft, plan } = project;
  const isModule = project.manifest.type === 'module';
  const file = isModule ? 'eslint.config.js' : 'eslint.config.mjs';
  const withTypescript = project.usesTypescript;
  const typescript = project.range('typescript');
  if (typescript !== undefined && /^[\^~>=v\s]*[7-9]\b/.test(typescript)) {
    plan.blocked.push(
      `ESLint has no parser yet that works with typescript ${typescript}. \`async-tasks check\` needs none; or install oxlint, which brings its own, and run init again.`,
    );
    return false;
  }
  const config = /^[a-z]+$/.test(preset) ? `asyncTasks.configs.${preset}` : `asyncTasks.configs['${preset}']`;
  const lines = [
    ...(withTypescript ? [`import parser from '@typescript-eslint/parser';`] : []),
    `import { defineConfig, globalIgnores } from 'eslint/config';`,
    `import asyncTasks from '${PLUGIN}';`,
    '',
    'export default defineConfig([',
    `  globalIgnores([${outputsOf(project)
      .map((folder) => `'**/${folder}/'`)
      .join(', ')}]),`,
    ...(withTypescript ? [`  { files: ['**/*.{ts,mts,cts,tsx}'], languageOptions: { parser } },`] : []),
    `  ${config},`,
    ']);',
    '',
  ];
  draft.write(file, lines.join('\n'));
  project.addDevDependency('eslint', manifest.devDependencies.eslint);
  project.addDevDependency(PLUGIN, `^${manifest.version}`);
  if (withTypescript) {
    project.addDevDependency(
      '@typescript-eslint/parser',
      manifest.devDependencies['@typescript-eslint/parser'],
    );
    project.addDevDependency('typescript', manifest.devDependencies.typescript);
  }
  return true;
}

const OUTPUTS = [
  'dist',
  'build',
  'out',
  'coverage',
  '.next',
  '.nuxt',
  '.output',
  '.turbo',
  '.svelte-kit',
  'generated',
];

/** Folders of generated code: what `.gitignore` names among the usual ones, and `dist` in any case. */
function outputsOf({ draft }: Project): string[] {
  const ignored = (draft.read('.gitignore') ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^(?:\*\*)?\/|\/\*{0,2}$/g, ''));
  return OUTPUTS.filter((name) => name === 'dist' || ignored.includes(name));
}

/**
 * Whether a range can be met by a version that the plugin supports. What is not a plain range (`workspace:`,
 * `catalog:`, a tag) is trusted.
 */
export function canBeSupported(range: string): boolean {
  return range.split('||').some((part) => {
    const [, operator = '', major, minor] = /^\s*(\^|~|>=|=|v)?\s*v?(\d+)(?:\.(\d+))?/.exec(part) ?? [];
    if (major === undefined || operator === '>=' || Number(major) >= 10) return true;
    if (Number(major) < 9) return false;
    return operator === '^' || minor === undefined || Number(minor) >= 38;
  });
}

function legacyText(file: string): string {
  const place = file === 'package.json' ? '`eslintConfig` in package.json' : file;
  return `${place} is a configuration in the format that ESLint 9 gave up, and the plugin needs ${manifest.peerDependencies.eslint}. It was not touched. \`npx @eslint/migrate-config ${file === 'package.json' ? '.eslintrc.json' : file}\` converts it; run init again when there is an eslint.config.`;
}

function parserText(project: Project): string {
  const command = installCommand(project, '@typescript-eslint/parser');
  return `The ESLint configuration names no parser for TypeScript, so .ts files are not linted. Install one (${command}), import it as \`parser\` and add before the preset:\n\n    { files: ['**/*.{ts,mts,cts,tsx}'], languageOptions: { parser } },`;
}

function installCommand({ packageManager: { name } }: Project, what: string): string {
  const add = {
    npm: 'npm install --save-dev',
    pnpm: 'pnpm add --save-dev',
    yarn: 'yarn add --dev',
    bun: 'bun add --dev',
  };
  return `${add[name]} ${what}`;
}
