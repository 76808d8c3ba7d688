/**
 * Which way imports may point. Plain JavaScript because eslint.config.js reads it too, and the oldest Node
 * we support cannot load TypeScript.
 *
 * @typedef {object} Layer
 * @property {string} path A folder when it ends in a slash, else the beginning of a file's path.
 * @property {string[]} [except] Layers further down that it may not import all the same.
 * @property {boolean} [alone] It imports no other layer, and no other layer imports it.
 */

/**
 * From the bottom up: a layer imports itself and what stands before it.
 *
 * @type {readonly Layer[]}
 */
export const layers = [
  { path: 'package.json' },
  { path: 'src/analysis/source/' },
  { path: 'src/analysis/modules/' },
  { path: 'src/analysis/values/' },
  { path: 'src/analysis/calls/' },
  { path: 'src/analysis/flow/' },
  { path: 'src/analysis/jobs/' },
  { path: 'src/analysis/handlers/' },
  { path: 'src/analysis/entities/' },
  { path: 'src/analysis/transactions/' },
  { path: 'src/analysis/effects/' },
  { path: 'src/analysis/project/' },
  { path: 'src/analysis/' },
  { path: 'src/plugin/' },
  // What rules may import of the plugin: how to make one, and helpers for their messages and suggestions.
  { path: 'src/plugin/create-rule' },
  { path: 'src/plugin/way' },
  { path: 'src/plugin/job-view' },
  { path: 'src/plugin/option-view' },
  { path: 'src/plugin/suggest-options' },
  { path: 'src/plugin/suggest-await' },
  { path: 'src/plugin/suggest-bulk' },
  { path: 'src/plugin/suggest-listener' },
  { path: 'src/plugin/migrate' },
  { path: 'rules/', except: ['src/plugin/'] },
  { path: 'rules/index' },
  // The plugin object and its presets are made from the rules, so they stand above the folder they live in.
  { path: 'src/plugin/presets', except: ['rules/'] },
  { path: 'src/plugin/plugin', except: ['rules/'] },
  { path: 'src/plugin/index', except: ['rules/'] },
  { path: 'src/cli/', except: ['rules/', 'rules/index'] },
  { path: 'src/reference-worker/', alone: true },
];

/**
 * The layer that describes a file most closely.
 *
 * @param {string} file relative to the repository, with forward slashes
 */
export function layerOf(file) {
  return layers
    .filter((layer) => file.startsWith(layer.path))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/**
 * What is wrong with a file of ours importing another, if anything. Files in no layer, such as tests, import
 * what they like, and no layer imports them.
 *
 * @param {string} from
 * @param {string} to
 */
export function importProblem(from, to) {
  const importer = layerOf(from);
  const imported = layerOf(to);
  if (!importer || importer === imported) return undefined;
  if (!imported) return `${from} imports ${to}, which is not shipped`;
  const allowed =
    layers.indexOf(imported) < layers.indexOf(importer) &&
    !importer.alone &&
    !imported.alone &&
    !importer.except?.includes(imported.path);
  return allowed
    ? undefined
    : `${from} may not import ${to}: see the order of layers in test/support/layers.js`;
}
