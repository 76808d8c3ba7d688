/**
 * Edits of an `eslint.config.*`: the import of the plugin, and the preset at the end of the list of configs.
 */
import { bindingsOf, type Binding } from './bindings.ts';
import { parseScript, unwrap, type Node, type Program } from './syntax.ts';
import { appendToList, endOfLine, lineEnding, splice, startOfLine, type List } from './text.ts';

export const PLUGIN = 'eslint-plugin-async-tasks';
const SCRIPTS = '**/*.{js,mjs,cjs,jsx}';

/** Functions that are given configs as arguments, and from which argument on. */
const FACTORIES: Readonly<Record<string, number>> = {
  'eslint/config#defineConfig': 0,
  '@eslint/config-helpers#defineConfig': 0,
  'typescript-eslint#config': 0,
  '@vue/eslint-config-typescript#defineConfigWithVueTs': 0,
  'eslint-define-config#defineFlatConfig': 0,
  './.nuxt/eslint.config.mjs#default': 0,
  '@antfu/eslint-config#default': 1,
};

/** Those that give an object to compose further, by methods. */
const COMPOSERS = ['./.nuxt/eslint.config.mjs#default', '@antfu/eslint-config#default'];

export interface ConfigEdit {
  /** The new text, or undefined where the lines have to be added by hand. */
  text: string | undefined;
  /** The statement that imports the plugin, and the config to add. */
  lines: { load: string; config: string };
}

export interface ConfigOptions {
  preset: string;
  /** The module of the project that a relative specifier in a file leads to. */
  load?: (specifier: string, from: string) => { file: string; text: string } | undefined;
}

/** Whether a config, or what it imports by relative paths, loads the plugin. */
export function loadsPlugin(file: string, text: string, load: ConfigOptions['load']): boolean {
  return new RegExp(`(['"])${PLUGIN}\\1`).test(textsOf(file, text, load));
}

/** The texts of a config and of the modules that it imports by relative paths. */
export function textsOf(file: string, text: string, load: ConfigOptions['load'], depth = 0): string {
  const program = depth < 4 ? parseScript(file, text) : undefined;
  const others = [...(program ? bindingsOf(program).values() : [])].map(({ module }) => {
    const next = module.startsWith('.') ? load?.(module, file) : undefined;
    return next ? textsOf(next.file, next.text, load, depth + 1) : '';
  });
  return [text, ...others].join('\n');
}

export function addPreset(file: string, text: string, options: ConfigOptions): ConfigEdit {
  const program = parseScript(file, text);
  const style = styleOf(file, text, program);
  const name = program ? freeName(text) : 'asyncTasks';
  const lines = {
    load: style.load(name, PLUGIN),
    config: configText(text, name, options.preset, style.quote),
  };
  const place = program ? findList(file, program, options) : undefined;
  if (!program || !place) return { text: undefined, lines };

  const edited =
    place.kind === 'list' ? appendItem(text, place, lines.config) : wrap(text, place.node, lines.config);
  const loads =
    place.kind === 'wrap' && edited.needsDefineConfig
      ? [style.loadNamed('defineConfig', 'eslint/config'), lines.load]
      : [lines.load];
  const before = place.kind === 'list' ? place.list.open : place.node.start;
  const result = addLoads(edited.text, parseScript(file, edited.text) ?? program, loads, before);
  // What does not parse is not offered, whatever the reason.
  return { text: parseScript(file, result) ? result : undefined, lines };
}

/** A preset without `files` also meets files of other languages, for which ESLint refuses rules for JavaScript. */
function configText(text: string, name: string, preset: string, quote: string): string {
  const config = /^[a-z]+$/.test(preset)
    ? `${name}.configs.${preset}`
    : `${name}.configs[${quote}${preset}${quote}]`;
  const hasLanguages = /\blanguage\s*:|['"]@eslint\/(?:json|markdown|css)['"]|['"]@html-eslint\//.test(text);
  if (!hasLanguages) return config;
  const files = /typescript|\.(?:\{[^}]*\b)?[mc]?tsx?\b/.test(text)
    ? SCRIPTS.replace('}', ',ts,mts,cts,tsx}')
    : SCRIPTS;
  return `{ files: [${quote}${files}${quote}], ...${config} }`;
}

type Place = { kind: 'list'; list: List; empty: number } | { kind: 'wrap'; node: Node };

/** The list of configs that a file exports, or the expression that has to become part of one. */
function findList(file: string, program: Program, { load }: Pick<ConfigOptions, 'load'>): Place | undefined {
  const exported = exportedBy(program);
  const bindings = bindingsOf(program);
  return exported && placeOf(exported, 0);

  function placeOf(expression: Node, depth: number): Place | undefined {
    const node = unwrap(expression);
    if (node.type === 'ArrayExpression') return { kind: 'list', list: listOf(node, node.elements), empty: 0 };
    if (node.type === 'ObjectExpression') return { kind: 'wrap', node };
    if (node.type === 'CallExpression') return placeInCall(node);
    if (node.type !== 'Identifier' || depth > 3) return undefined;
    const init = constantOf(program, node.name);
    if (init) {
      const place = placeOf(init, depth + 1);
      // Around the name, because the object may be used elsewhere, too.
      return place?.kind === 'wrap' ? { kind: 'wrap', node } : place;
    }
    return isConfig(bindings.get(node.name)) ? { kind: 'wrap', node } : undefined;
  }

  function placeInCall(node: Extract<Node, { type: 'CallExpression' }>): Place | undefined {
    const callee = unwrap(node.callee);
    const path = pathOf(callee, bindings);
    const first = path === undefined ? undefined : FACTORIES[path];
    if (first === undefined) {
      const composed = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
      const isComposed = composed?.type === 'CallExpression' && isComposer(composed);
      return isComposed ? placeInCall(composed) : undefined;
    }
    const [only] = node.arguments;
    if (first === 0 && only && node.arguments.length === 1) {
      const inner = unwrap(only);
      const value = inner.type === 'Identifier' ? constantOf(program, inner.name) : inner;
      const list = value && unwrap(value);
      if (list?.type === 'ArrayExpression')
        return { kind: 'list', list: listOf(list, list.elements), empty: 0 };
    }
    const after = node.typeArguments?.end ?? node.callee.end;
    const open = after + 1;
    return { kind: 'list', list: { ...listOf(node, node.arguments), open }, empty: first };
  }

  function isComposer(node: Extract<Node, { type: 'CallExpression' }>): boolean {
    const callee = unwrap(node.callee);
    if (COMPOSERS.includes(pathOf(callee, bindings) ?? '')) return true;
    const composed = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
    return composed?.type === 'CallExpression' && isComposer(composed);
  }

  /** Whether an imported value is a config: it is written in the project, and exported as one. */
  function isConfig(binding: Binding | undefined): boolean {
    if (binding?.name !== 'default' || !binding.module.startsWith('.')) return false;
    const base = load?.(binding.module, file);
    const tree = base && parseScript(base.file, base.text);
    return tree ? findList(base.file, tree, {}) !== undefined : false;
  }
}

function listOf(node: Node, elements: readonly (Node | null)[]): List {
  return { open: node.start + 1, close: node.end - 1, items: elements.filter((element) => element !== null) };
}

/** What `export default`, `module.exports =` or `export =` gives. */
function exportedBy(program: Program): Node | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
    if (statement.type === 'TSExportAssignment') return statement.expression;
    if (statement.type === 'ExportNamedDeclaration') {
      const named = statement.specifiers.find(
        ({ exported }) => 'name' in exported && exported.name === 'default',
      );
      if (named && !statement.source) return named.local;
    }
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression')
      continue;
    const { left, right } = statement.expression;
    if (isModuleExports(left)) return right;
  }
  return undefined;
}

function isModuleExports(node: Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'exports'
  );
}

/** What a `const` of the file is. */
function constantOf(program: Program, name: string): Node | undefined {
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
    const found = declaration.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
    if (found) return found.init ?? undefined;
  }
  return undefined;
}

/** `module#export` of a function that comes from a package. */
function pathOf(callee: Node, bindings: ReadonlyMap<string, Binding>): string | undefined {
  if (callee.type === 'Identifier') {
    const binding = bindings.get(callee.name);
    return binding && `${binding.module}#${binding.name}`;
  }
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
  const binding = bindings.get(callee.object.name);
  if (!binding || callee.property.type !== 'Identifier' || callee.computed) return undefined;
  return binding.name === 'default' ? `${binding.module}#${callee.property.name}` : undefined;
}

function appendItem(text: string, { list, empty }: Extract<Place, { kind: 'list' }>, config: string) {
  const missing = Math.max(empty - list.items.length, 0);
  return { text: appendToList(text, list, `${'{}, '.repeat(missing)}${config}`), needsDefineConfig: false };
}

/** An object becomes an element; what a name stands for may be a list, which `defineConfig` flattens. */
function wrap(text: string, node: Node, config: string) {
  const source = text.slice(node.start, node.end);
  const isName = node.type === 'Identifier';
  const [open, close] = isName ? ['defineConfig([', '])'] : ['[', ']'];
  return {
    text: splice(text, node.start, node.end, `${open}${source}, ${config}${close}`),
    needsDefineConfig: isName && !/(?:import|const)\s*\{[^}]*\bdefineConfig\b[^}]*\}/.test(text),
  };
}

interface Style {
  quote: string;
  load: (name: string, module: string) => string;
  loadNamed: (name: string, module: string) => string;
}

function styleOf(file: string, text: string, program: Program | undefined): Style {
  const body = program?.body ?? [];
  const isModule = program
    ? body.some(
        ({ type }) =>
          type === 'ImportDeclaration' ||
          type === 'ExportDefaultDeclaration' ||
          type === 'ExportNamedDeclaration',
      )
    : !file.endsWith('.cjs');
  const sample = /\b(?:from|require\()\s*(['"])/.exec(text) ?? /(['"])/.exec(text);
  const quote = sample?.[1] ?? "'";
  const [last] = body.filter(({ type }) => type !== 'FunctionDeclaration').slice(-1);
  const semicolon = !last || text[last.end - 1] === ';' ? ';' : '';
  const quoted = (module: string) => quote + module + quote;
  const load = (name: string, module: string) =>
    isModule
      ? `import ${name} from ${quoted(module)}${semicolon}`
      : `const ${name} = require(${quoted(module)})${semicolon}`;
  return {
    quote,
    load,
    loadNamed: (name, module) => load(`{ ${name} }`, module),
  };
}

function freeName(text: string): string {
  const isTaken = (name: string) => new RegExp(`\\b${name}\\b`).test(text);
  return (
    ['asyncTasks', 'asyncTasksPlugin', 'eslintPluginAsyncTasks'].find((name) => !isTaken(name)) ??
    'asyncTasksPreset'
  );
}

/** Adds statements behind the imports of a file that stand before an offset. */
function addLoads(text: string, program: Program, loads: readonly string[], before: number): string {
  const eol = lineEnding(text);
  const last = program.body.filter((statement) => isLoad(statement) && statement.end <= before).at(-1);
  if (last) {
    const end = endOfLine(text, last.end);
    return splice(text, end, end, loads.map((load) => eol + load).join(''));
  }
  const start = startOfStatements(text, program);
  return splice(text, start, start, `${loads.join(eol)}${eol}${eol}`);
}

function isLoad(statement: Node): boolean {
  if (statement.type === 'ImportDeclaration') return true;
  return (
    statement.type === 'VariableDeclaration' &&
    statement.declarations.some(({ init }) => init && isRequire(init))
  );
}

function isRequire(node: Node): boolean {
  const inner = unwrap(node);
  if (inner.type === 'MemberExpression') return isRequire(inner.object);
  return (
    inner.type === 'CallExpression' && inner.callee.type === 'Identifier' && inner.callee.name === 'require'
  );
}

/** Before the first statement and the doc comment that belongs to it, behind directives and other comments. */
function startOfStatements(text: string, program: Program): number {
  const first = program.body.find((statement) => !('directive' in statement && statement.directive));
  if (!first) return text.length;
  const start = startOfLine(text, first.start);
  const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n[ \t]*$/.exec(text.slice(0, start));
  return comment?.index ?? start;
}
