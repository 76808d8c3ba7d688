/**
 * Writes what the documentation takes from the rules: the head of each rule's page (title, description, presets,
 * options) and the table in the README. The rest is written by hand. With --check it writes nothing and fails when
 * something is missing, stale or left over.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import plugin from 'eslint-plugin-async-tasks';
import { format, resolveConfig } from 'prettier';

/**
 * @typedef {import('eslint').Rule.RuleMetaData} Meta
 * @typedef {{ type?: string, enum?: unknown[], items?: Property, description?: string }} Property
 */

const folder = 'docs/rules';
const marker = '<!-- Generated to here by `npm run docs`. -->';
const table = { start: '<!-- Generated from here by `npm run docs`. -->', end: marker };
const check = process.argv.includes('--check');

const rules = /** @type {Record<string, import('eslint').Rule.RuleModule>} */ (plugin.rules);
const configs = /** @type {NonNullable<import('eslint').ESLint.Plugin['configs']>} */ (plugin.configs);
/** @type {string[]} */
const stale = [];

mkdirSync(folder, { recursive: true });
for (const [name, rule] of Object.entries(rules)) {
  const file = `${folder}/${name}.md`;
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [, body = present] = present.split(marker);
  await update(file, present, `${header(name, rule.meta ?? {})}\n\n${marker}\n${body}`);
}

const readme = readFileSync('README.md', 'utf8');
const [before, rest = ''] = readme.split(table.start);
const [, after] = rest.split(table.end);
if (after === undefined) throw new Error('README.md has lost the markers around the table of rules.');
await update('README.md', readme, `${before}${table.start}\n\n${ruleTable()}\n\n${table.end}${after}`);

// Written by hand, so deleted by hand.
for (const page of readdirSync(folder))
  if (!(page.replace(/\.md$/, '') in rules)) stale.push(`${folder}/${page} (no such rule)`);

if (check && stale.length > 0) {
  console.error(`Run \`npm run docs\`. Not up to date with the rules:\n${stale.join('\n')}`);
  process.exitCode = 1;
}

/**
 * @param {string} file
 * @param {string} present
 * @param {string} text
 */
async function update(file, present, text) {
  const wanted = await format(text, { ...(await resolveConfig(file)), filepath: file });
  if (wanted === present) return;
  stale.push(file);
  if (!check) writeFileSync(file, wanted);
}

function ruleTable() {
  const rows = Object.entries(rules).map(([name, { meta }]) => {
    const [preset = ''] = presetsOf(name);
    const help = [meta?.fixable && '🔧', meta?.hasSuggestions && '💡'].filter(Boolean).join(' ');
    return `| [${name}](${folder}/${name}.md) | ${meta?.docs?.description ?? ''} | \`${preset}\` | ${help} |`;
  });
  return ['| Rule | Meaning | Preset | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/**
 * @param {string} name
 * @param {Meta} meta
 */
function header(name, meta) {
  const presets = presetsOf(name).map((preset) => `\`${preset}\``);
  return [
    `# async-tasks/${name}`,
    meta.docs?.description,
    presets.length > 0 ? `In the presets ${presets.join(', ')}.` : 'In no preset.',
    meta.fixable && 'Fixed by `--fix`.',
    meta.hasSuggestions && 'Editors offer suggestions.',
    optionTable(meta),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** @param {string} name */
function presetsOf(name) {
  return Object.entries(configs)
    .filter(([, config]) => [config].flat().some(({ rules }) => rules && `async-tasks/${name}` in rules))
    .map(([preset]) => preset);
}

/** @param {Meta} meta */
function optionTable(meta) {
  const schema = /** @type {{ properties?: Record<string, Property> } | undefined} */ (
    [meta.schema ?? []].flat()[0]
  );
  const defaults = /** @type {Record<string, unknown>} */ (meta.defaultOptions?.[0] ?? {});
  const rows = Object.entries(schema?.properties ?? {}).map(([option, property]) => {
    const cells = [`\`${option}\``, typeOf(property), code(defaults[option]), property.description ?? ''];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return (
    rows.length > 0 &&
    ['| Option | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
  );
}

/**
 * @param {Property} property
 * @returns {string}
 */
function typeOf(property) {
  if (property.enum) return property.enum.map(code).join(', ');
  if (property.items) return `list of ${typeOf(property.items)}`;
  return property.type ?? 'any';
}

/** @param {unknown} value */
function code(value) {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``;
}
