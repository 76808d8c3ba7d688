import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import plugin from '../../src/plugin/index.ts';
import { lintFolder } from '../support/lint-project.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures');

it('marks only what rules of the plugin can find', () => {
  const unknown = markersIn('unsafe-shop').filter((marker) => !Object.hasOwn(plugin.rules, ruleOf(marker)));
  expect(unknown).toEqual([]);
});

it('finds in the unsafe shop what is marked, and nothing else', async () => {
  const found = await findingsIn('unsafe-shop');
  const marked = markersIn('unsafe-shop');
  expect({
    missed: marked.filter((marker) => !found.includes(marker)),
    unmarked: found.filter((finding) => !marked.includes(finding)),
    // One root cause is one report.
    repeated: found.filter((finding, index) => found.indexOf(finding) !== index),
  }).toEqual({ missed: [], unmarked: [], repeated: [] });
});

it('is silent about the safe shop, also under `strict`', async () => {
  expect(markersIn('safe-shop')).toEqual([]);
  expect(await findingsIn('safe-shop', plugin.configs.strict)).toEqual([]);
});

/** `src/server.ts:12 no-module-state` */
async function findingsIn(shop: string, config = everyRule()): Promise<string[]> {
  const findings = await lintFolder(path.join(fixtures, shop), { config, patterns: ['src'] });
  return findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);
}

function markersIn(shop: string): string[] {
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

function ruleOf(marker: string): string {
  return marker.split(' ')[1] ?? '';
}

/** Rules of every preset, with their default options. */
function everyRule(): typeof plugin.configs.strict {
  const names = Object.keys(plugin.configs.strict.rules ?? {});
  return { ...plugin.configs.strict, rules: Object.fromEntries(names.map((name) => [name, 'error'])) };
}
