/**
 * The pages of the rules, which are shipped with the package.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The page of a rule in Markdown, without the mark that separates its generated head. */
export function rulePage(name: string): string | undefined {
  const file = path.join(packageRoot(), 'docs/rules', `${name}.md`);
  return existsSync(file) ? readFileSync(file, 'utf8').replace(/<!--[^]*?-->\n*/g, '') : undefined;
}

/** This file is in `src/cli`, or compiled in `dist/src/cli`. */
function packageRoot(): string {
  const sources = path.resolve(import.meta.dirname, '../..');
  return path.basename(sources) === 'dist' ? path.dirname(sources) : sources;
}
