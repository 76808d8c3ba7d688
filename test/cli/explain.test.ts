import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { renderMarkdown, wrap } from '../../src/cli/markdown.ts';
import { nearest } from '../../src/cli/nearest.ts';
import plugin from '../../src/plugin/index.ts';
import { command } from './terminal.ts';

const cwd = import.meta.dirname;
const names = Object.keys(plugin.rules);

it('shows the page of a rule, with the prefix or without', async () => {
  const { code, out } = await command(cwd, ['explain', 'no-await-job-result']);
  expect(code).toBe(0);
  expect(out).toMatch(/^async-tasks\/no-await-job-result\n=+\n\nDisallow waiting for a job/);
  expect(out).toContain('\nSafety check\n------------\n');
  expect(out).toContain("\n    import { Queue, QueueEvents } from 'bullmq';\n");
  expect(out).not.toMatch(/^```|^#|<!--|\]\(|\u001b/m);
  expect((await command(cwd, ['explain', 'async-tasks/no-await-job-result'])).out).toBe(out);
});

it.each(names)('has a page of %s that fits a narrow terminal, save for code and long words', async (name) => {
  const { code, out } = await command(cwd, ['explain', name], { columns: 60 });
  expect(code).toBe(0);
  const wide = out.split('\n').filter((line) => line.length > 60 && !line.startsWith('    '));
  expect(wide.filter((line) => wrap(line, 60).length > 1)).toEqual([]);
});

it('is the same in colours', async () => {
  const { out } = await command(cwd, ['explain', 'valid-job-id'], { colors: true });
  expect(out).toContain('\u001b[1m');
  expect(stripVTControlCharacters(out)).toBe((await command(cwd, ['explain', 'valid-job-id'])).out);
});

it('lists all rules without one', async () => {
  const { code, out } = await command(cwd, ['explain']);
  expect(code).toBe(0);
  expect(names.filter((name) => !out.includes(`  ${name} `))).toEqual([]);
  expect(out).toMatch(/^hard-stops\n {2}no-await-job-result {2,}Disallow waiting/);
});

it('suggests the nearest names', async () => {
  const { code, out, err } = await command(cwd, ['explain', 'no-await-job-reslt']);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('There is no rule `no-await-job-reslt`. Did you mean `no-await-job-result`?');
  expect((await command(cwd, ['explain', 'toString'])).code).toBe(2);
  expect(nearest('entity', names)).toEqual(['no-entity-payload']);
  expect(nearest('xyzzy-quux-plugh', names)).toEqual([]);
});

it('renders lists, tables and emphasis', () => {
  const page = `# T

- one **two** [three](./x.md) and [four](https://x.org)
  goes on
- \`a | b c\`

| Option | Meaning        |
| ------ | -------------- |
| \`x\`    | a \\| b          |

\`\`\`sh
# no heading

npm ci
\`\`\`
`;
  expect(renderMarkdown(page, { width: 30, colors: false })).toBe(`T
=

- one two three and four
  (https://x.org) goes on
- \`a | b c\`

  Option: \`x\`
  Meaning: a | b

    # no heading

    npm ci
`);
});
