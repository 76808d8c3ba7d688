/**
 * Makes what is shipped of what the compiler made: `node scripts/bundle.js [build] [dist]`.
 *
 * The plugin becomes one file, because every run of a linter loads it: as some 300 files that took 160 ms, as one it
 * takes 45. The files of the command stay as they are, so that each run loads what it needs of them.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { minifySync } from 'rolldown/utils';

const root = path.resolve(import.meta.dirname, '..');
const build = path.resolve(root, process.argv[2] ?? 'build');
const dist = path.resolve(root, process.argv[3] ?? 'dist');
const commandFolder = path.join(build, 'src/cli') + path.sep;
const page = 'src/cli/map/page';

/** Indentation and the like are a tenth of what is downloaded. Names stay as they are written, for whoever reads a stack trace. */
const minify = { compress: false, mangle: false, codegen: { removeWhitespace: true } };

rmSync(dist, { recursive: true, force: true });

const commandFiles = readdirSync(commandFolder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .map((name) => path.join(commandFolder, name));

/** What the command imports of the rest: files that pass on parts of the bundle, so that both are of one kind. */
const entries = new Set([path.join(build, 'src/plugin/index.js')]);
for (const file of commandFiles) {
  const source = readFileSync(file, 'utf8');
  for (const [, specifier = ''] of source.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]*\.js)['"]/g)) {
    const imported = path.resolve(path.dirname(file), specifier);
    if (!imported.startsWith(commandFolder)) entries.add(imported);
  }
  const { code, errors } = minifySync(file, source, { module: true, ...minify });
  if (errors.length > 0) throw new Error(`${file} cannot be minified: ${errors[0]?.message ?? ''}`);
  const shipped = path.join(dist, path.relative(build, file));
  mkdirSync(path.dirname(shipped), { recursive: true });
  writeFileSync(shipped, code);
}

const bundle = await rolldown({
  input: Object.fromEntries(
    [...entries].map((file) => [
      path.relative(build, file).replaceAll(path.sep, '/').slice(0, -'.js'.length),
      file,
    ]),
  ),
  external: /^[^./]/,
  platform: 'node',
});
await bundle.write({
  dir: dist,
  entryFileNames: '[name].js',
  chunkFileNames: 'src/plugin/[name].js',
  codeSplitting: { groups: [{ name: 'bundle' }] },
  minify,
});
await bundle.close();

// The command reads fields of package.json beside it; `exports` and the like mean something only at the package's root.
/** @type {unknown} */
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const fields = Object.entries(/** @type {Record<string, unknown>} */ (manifest)).filter(
  ([name]) => !/^(?:exports|bin|files|scripts)$/.test(name),
);
writeFileSync(path.join(dist, 'package.json'), `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`);

// The types of the plugin alone, and the page of a map: it runs in a browser as it is.
for (const name of ['index', 'plugin'])
  cpSync(path.join(build, `src/plugin/${name}.d.ts`), path.join(dist, `src/plugin/${name}.d.ts`));
cpSync(path.join(root, page), path.join(dist, page), {
  recursive: true,
  filter: (file) => !file.endsWith('.json'),
});
