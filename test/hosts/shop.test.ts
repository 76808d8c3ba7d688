import path from 'node:path';
import { expect, it } from 'vitest';
import plugin from '../../src/plugin/index.ts';
import { lintFolder } from '../support/lint-project.ts';
import { fixtures, markersIn } from '../support/markers.ts';

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

function ruleOf(marker: string): string {
  return marker.split(' ')[1] ?? '';
}

/** Rules of every preset, with their default options. */
function everyRule(): typeof plugin.configs.strict {
  const names = Object.keys(plugin.configs.strict.rules);
  return { ...plugin.configs.strict, rules: Object.fromEntries(names.map((name) => [name, 'error'])) };
}
