import type { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../src/plugin/index.ts';
import { lintFolder, type Finding } from '../support/lint-project.ts';
import { TestProject } from '../support/project.ts';
import { readPage, type Block } from './pages.ts';

const { recommended } = plugin.configs;

describe.each(Object.keys(plugin.rules))('%s', (name) => {
  const sections = readPage(name).sections;
  // As its smallest preset has it, for a rule that `recommended` lacks.
  const own: Linter.Config = recommended.rules[`async-tasks/${name}`]
    ? {}
    : { rules: { [`async-tasks/${name}`]: 'error' } };
  const examples = sections.filter(({ titles }) => titles[0] === 'The code' && titles.length > 1);

  it('has an incorrect and a correct example, each with a variant for NestJS', () => {
    expect(examples.map(({ titles }) => titles[1])).toEqual([
      'Incorrect',
      'Correct',
      'Incorrect, with NestJS',
      'Correct, with NestJS',
    ]);
  });

  for (const { titles, blocks } of examples) {
    const [, title = ''] = titles;
    if (title.startsWith('Incorrect'))
      it(`${title}: is reported where it says so, by this rule alone`, async () => {
        const marked = blocks.flatMap(({ file, text }) =>
          text
            .split('\n')
            .flatMap((line, index) => (line.endsWith('// reported') ? `${file}:${index + 1} ${name}` : [])),
        );
        expect(marked).not.toEqual([]);
        expect((await lint(blocks, [own])).map(shown).sort()).toEqual(marked.sort());
      });
    else
      it(`${title}: is silent under \`recommended\` and this rule`, async () => {
        expect(await lint(blocks, [own])).toEqual([]);
      });
  }

  it('configures the rule as its schema allows', async () => {
    const blocks = sections
      .filter(({ titles }) => titles[0] === 'The config')
      .flatMap((section) => section.blocks);
    for (const { file, text } of blocks) {
      expect(file).toBe('eslint.config.js');
      const { default: config } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
        default: Linter.Config[];
      };
      expect(config.map(({ rules = {} }) => Object.keys(rules))).toEqual([[`async-tasks/${name}`]]);
      await expect(lint([{ language: 'js', file: 'empty.js', text: '' }], config)).resolves.toEqual([]);
    }
  });
});

/** The blocks as the files of one project, linted with the preset and what more is configured. */
async function lint(blocks: readonly Block[], more: readonly Linter.Config[] = []): Promise<Finding[]> {
  for (const { file, language } of blocks) expect(file).toMatch(new RegExp(`\\.${language}$`));
  const { root } = new TestProject(Object.fromEntries(blocks.map(fileOf)));
  return lintFolder(root, { config: [recommended, ...more] });
}

/** JSON has no comments, and so no file with its name in the first line. */
function fileOf({ file = '', language, text }: Block): [string, string] {
  return [file, language === 'json' ? text.slice(text.indexOf('\n') + 1) : text];
}

function shown({ file, line, rule }: Finding): string {
  return `${file}:${line} ${rule}`;
}
