/**
 * What the example projects are marked with: `// expect: rule, rule` at the end of a line that is reported.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const fixtures = path.resolve(import.meta.dirname, '../../fixtures');

/** `src/server.ts:12 no-module-state` */
export function markersIn(shop: string): string[] {
  const folder = path.join(fixtures, shop);
  return readdirSync(path.join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file))
    .map((file) => `src/${file.split(path.sep).join('/')}`)
    .flatMap((file) =>
      readFileSync(path.join(folder, file), 'utf8')
        .split('\n')
        .flatMap((text, index) =>
          (/\/\/ expect: (.+)$/.exec(text)?.[1]?.split(', ') ?? []).map(
            (rule) => `${file}:${index + 1} ${rule}`,
          ),
        ),
    );
}
