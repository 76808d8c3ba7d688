import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { map } from '../../src/cli/commands/map.ts';

const root = path.resolve(import.meta.dirname, '../..');
const file = path.join(root, 'docs/map.md');
const START = '<!-- Generated from here by the test test/cli/map-page.test.ts. -->\n\n';
const END = '\n<!-- Generated to here. -->';

it('has the picture as the command draws it today (`UPDATE=1 vitest run test/cli/map-page.test.ts` renews it)', async () => {
  const page = readFileSync(file, 'utf8');
  const [, args = ''] = /`async-tasks (map [^`]+)`:/.exec(page) ?? [];
  let picture = '';
  const code = await main(args.split(' '), {
    cwd: path.join(root, 'fixtures/unsafe-shop'),
    out: (text) => (picture += text),
    err: () => undefined,
    isInteractive: false,
    confirm: () => Promise.resolve(false),
  });
  expect(code).toBe(0);
  const [before = '', rest = ''] = page.split(START);
  const [, after = ''] = rest.split(END);
  const wanted = `${before}${START}\`\`\`mermaid\n${picture}\`\`\`\n${END}${after}`;
  if (process.env.UPDATE) writeFileSync(file, wanted);
  else expect(page).toBe(wanted);
});

it('describes every option and every format', () => {
  const page = readFileSync(file, 'utf8');
  for (const option of Object.keys(map.options)) {
    expect(page).toContain(`\`--${option}`);
    expect(map.help).toContain(`--${option}`);
  }
  for (const format of ['mermaid', 'svg', 'html', 'json']) expect(page).toContain(`| \`${format}\``);
});
