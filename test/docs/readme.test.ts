import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import plugin from '../../src/plugin/index.ts';
import { presetNames } from '../../src/plugin/presets.ts';
import { DEFAULT_SETTINGS } from '../../src/plugin/settings.ts';
import { rules } from '../../rules/index.ts';
import { lintFolder } from '../support/lint-project.ts';
import { blocksOf, root } from './pages.ts';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const rows = [...readme.matchAll(/^\|(.*)\|$/gm)].map(([, cells = '']) =>
  cells.split('|').map((cell) => cell.trim()),
);

it('has the rules in its table, as they describe themselves', () => {
  const table = rows.filter(([first = '']) => first.includes('docs/rules/'));
  expect(table).toEqual(
    Object.entries(rules).map(([name, { meta }]) => [
      `[${name}](docs/rules/${name}.md)`,
      meta.docs.description,
      `\`${meta.docs.preset}\``,
      [meta.fixable && '🔧', meta.hasSuggestions && '💡'].filter(Boolean).join(' '),
    ]),
  );
});

it('describes every preset and every setting with its default', () => {
  const described = (key: string): string[] | undefined => rows.find(([first]) => first === `\`${key}\``);
  expect(presetNames.filter((preset) => !described(preset))).toEqual([]);
  expect(Object.keys(plugin.configs)).toEqual(presetNames);
  for (const [setting, value] of Object.entries(DEFAULT_SETTINGS)) {
    const cells = described(setting) ?? [];
    const shown = setting === 'testFiles' ? 'see below' : `\`${JSON.stringify(value)}\``;
    expect([setting, cells[1]]).toEqual([setting, shown]);
  }
  for (const pattern of DEFAULT_SETTINGS.testFiles) expect(readme).toContain(`\`${pattern}\``);
});

it('shows findings as they are', async () => {
  const [sample] = blocksOf(readme).filter(({ language }) => language === 'text');
  const shown = (sample?.text ?? '').split('\n\n').flatMap((text) => {
    const [file = '', ...lines] = text.trim().split('\n');
    return lines.map((line) => {
      const [, place, message, rule] = /^ +(\d+):\d+ {2}error {2}(.+?) +async-tasks\/(\S+)$/.exec(line) ?? [];
      return {
        file: file.replace('fixtures/unsafe-shop/', ''),
        line: Number(place),
        rule,
        message: `${message}.`,
      };
    });
  });
  const found = await lintFolder(path.join(root, 'fixtures/unsafe-shop'), {
    config: plugin.configs.recommended,
    patterns: shown.map(({ file }) => file),
  });
  expect(shown).toHaveLength(3);
  expect(found).toEqual(expect.arrayContaining(shown));
});
