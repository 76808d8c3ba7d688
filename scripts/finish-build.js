/**
 * What the compiler does not do for the package: `node scripts/finish-build.js [dist]`.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

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
