/**
 * The compiler copies package.json beside what imports it, with fields that mean something only at the package's root.
 * This leaves what the code reads, and `type`, which Node needs. `node scripts/slim-manifest.js dist`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const file = path.join(process.argv[2] ?? 'dist', 'package.json');
const { name, version, type } = JSON.parse(readFileSync(file, 'utf8'));
writeFileSync(file, `${JSON.stringify({ name, version, type }, null, 2)}\n`);
