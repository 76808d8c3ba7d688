/**
 * What the compiler does not do for the package: `node scripts/finish-build.js [dist]`.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { minifySync } from 'rolldown/utils';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.resolve(root, process.argv[2] ?? 'dist');

// The compiler copies package.json beside what imports it, with fields that mean something only at the package's root.
const manifest = path.join(dist, 'package.json');
/** @type {unknown} */
const copied = JSON.parse(readFileSync(manifest, 'utf8'));
const fields = Object.entries(/** @type {Record<string, unknown>} */ (copied)).filter(
  ([name]) => !/^(?:exports|bin|files|scripts)$/.test(name),
);
writeFileSync(manifest, `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`);

// The page of a map is not compiled: it runs in a browser as it is.
const page = 'src/cli/map/page';
cpSync(path.join(root, page), path.join(dist, page), {
  recursive: true,
  filter: (file) => !file.endsWith('.json'),
});

// Indentation and the like are a tenth of what is downloaded. Names stay as they are written, for whoever reads a stack trace.
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.js') || name.startsWith(path.normalize(page))) continue;
  const file = path.join(dist, name);
  const { code, errors } = minifySync(file, readFileSync(file, 'utf8'), {
    module: true,
    compress: false,
    mangle: false,
    codegen: { removeWhitespace: true },
  });
  if (errors.length > 0) throw new Error(`${name} cannot be minified: ${errors[0]?.message ?? ''}`);
  writeFileSync(file, code);
}
