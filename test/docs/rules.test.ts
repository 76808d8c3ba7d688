import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import plugin from '../../src/plugin/index.ts';
import { presetNames } from '../../src/plugin/presets.ts';
import { readPage, root } from './pages.ts';

interface OptionsSchema {
  properties?: Record<string, { description?: string }>;
  additionalProperties?: boolean;
}

const names = Object.keys(rules);

it('has a file, a page, tests and a premise for each rule, and pages and tests for no others', () => {
  const here = [...names].sort();
  expect(filesIn('rules', '.ts').filter((name) => name !== 'index')).toEqual(here);
  expect(filesIn('docs/rules', '.md')).toEqual(here);
  expect(filesIn('test/rules', '.test.ts').filter((name) => name.includes('-'))).toEqual(here);
  expect(names.filter((name) => !existsSync(path.join(root, `test/premises/${name}.test.ts`)))).toEqual([]);
});

describe.each(Object.entries(rules))('%s', (name, { name: ownName, meta }) => {
  const { docs, messages, schema, defaultOptions = [] } = meta;
  const [options] = schema as readonly OptionsSchema[];
  const properties = Object.keys(options?.properties ?? {});
  const { header, body, sections } = readPage(name);

  it('is named after what it does, in the file of its name', () => {
    expect(ownName).toBe(name);
    expect(name).toMatch(/^(?:no|require|prefer|valid)-[a-z]+(?:-[a-z]+)*$/);
    expect(docs.description).toMatch(/^(?:Disallow|Require|Prefer|Enforce) .+\.$/);
    expect(docs.clauses).not.toEqual([]);
    expect(docs.url).toMatch(new RegExp(`/docs/rules/${name}\\.md$`));
  });

  it('is in its preset and in those above, as an error', () => {
    for (const preset of presetNames) {
      const entry = plugin.configs[preset].rules[`async-tasks/${name}`];
      const isIn = presetNames.indexOf(preset) >= presetNames.indexOf(docs.preset);
      expect([preset, [entry].flat()[0]]).toEqual([preset, isIn ? 'error' : undefined]);
    }
    expect(properties).toEqual(expect.arrayContaining(Object.keys(docs.strictOptions ?? {})));
  });

  it('describes every option, gives it a default and accepts no other', () => {
    expect(schema.length).toBeLessThanOrEqual(1);
    if (options) expect(options.additionalProperties).toBe(false);
    for (const property of Object.values(options?.properties ?? {}))
      expect(property.description).toMatch(/^[A-Z].*\.$/);
    expect(Object.keys(defaultOptions[0] ?? {}).sort()).toEqual([...properties].sort());
    expect(properties.filter((option) => !body.includes(option))).toEqual([]);
  });

  it('says in a sentence what is wrong, and in another what to do', () => {
    for (const message of Object.values(messages)) {
      const sentences = message.split(/(?<=[.!?])\s+(?=[A-Z`])/);
      expect(sentences.length).toBeLessThanOrEqual(2);
      expect(message).toMatch(/^[A-Z`{].*(?:\.|\{\{\w+\}\})$/);
    }
  });

  it('has a page with the sections in their order, and the premise that proves it', () => {
    expect(header).toContain(`# async-tasks/${name}\n\n${docs.description}\n`);
    expect(sections.map(({ titles }) => titles).filter((titles) => titles.length === 1)).toEqual([
      ['Safety check'],
      ['The code'],
      ['The config'],
      ['When not to use it'],
    ]);
    expect(sections[0]?.text).toContain(`(../../test/premises/${name}.test.ts)`);
  });
});

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

describe('the prose', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'docs/command.md',
    'docs/ci.md',
    ...names.map((name) => `docs/rules/${name}.md`),
  ];

  it.each(pages)('%s links to files that exist', (page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(path.join(root, path.dirname(page), link)))).toEqual([]);
  });

  it.each(['README.md', 'ARCHITECTURE.md'])('%s names files and scripts that exist', (page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const commands = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, command = '']) => command);
    expect(commands.filter((command) => !Object.hasOwn(scripts, command))).toEqual([]);
    const files = [...text.matchAll(/`((?:src|rules|test|fixtures|scripts|docs)\/[\w./-]*)`/g)].map(
      ([, file = '']) => file,
    );
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });
});
