import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { addToYaml } from '../../src/cli/init/yaml.ts';

const commands = ['pre-commit', 'commands'];
const command = ['eslint:', `  glob: '*.{js,ts}'`, '  run: npx eslint {staged_files}'];
const commandValue = { glob: '*.{js,ts}', run: 'npx eslint {staged_files}' };
const hook = ['- repo: local', '  hooks:', '    - id: eslint', String.raw`      files: \.[cm]?[jt]sx?$`];
const hookValue = { repo: 'local', hooks: [{ id: 'eslint', files: String.raw`\.[cm]?[jt]sx?$` }] };

it.each([
  ['an empty file', ''],
  ['only comments', '# EXAMPLE\n#\n# pre-commit:\n#   commands:\n'],
  ['another key', 'pre-push:\n  commands:\n    test:\n      run: npm test\n'],
  ['no final newline', 'pre-push:\n  parallel: true'],
  ['commands', 'pre-commit:\n  parallel: true\n  commands:\n    fmt:\n      run: prettier\n'],
  [
    'commands, then other keys',
    'pre-commit:\n  commands:\n    fmt:\n      run: prettier\n\n# tests\npre-push:\n  commands: {}\n',
  ],
  ['no commands yet', 'pre-commit:\n  parallel: true\n\npre-push:\n  parallel: true\n'],
  ['an indentation of four', 'pre-commit:\n    commands:\n        fmt:\n            run: prettier\n'],
  [
    'a text with lines that look like comments',
    'pre-commit:\n  commands:\n    fmt:\n      run: |\n        echo 1\n        # the end\n\npre-push:\n  parallel: true\n',
  ],
  [
    'a document mark, quotes and CRLF',
    '---\r\n"pre-commit":\r\n  "commands":\r\n    fmt:\r\n      run: prettier\r\n',
  ],
  ['a key without a value', 'pre-commit:\n  commands:\n'],
])('adds to a mapping: %s', (_, text) => {
  const before = (parse(text) ?? {}) as Record<string, { commands?: object } | undefined>;
  const result = addToYaml(text, commands, command) ?? 'refused';
  expect(parse(result)).toEqual({
    ...before,
    'pre-commit': {
      ...before['pre-commit'],
      commands: { ...before['pre-commit']?.commands, eslint: commandValue },
    },
  });
  // Every line that was there is there, in order.
  const lines = result.split(/\r?\n/);
  let from = 0;
  for (const line of text.split(/\r?\n/).filter((part) => part !== '')) {
    const found = lines.indexOf(line, from);
    expect(found).toBeGreaterThanOrEqual(from);
    from = found + 1;
  }
  expect(result.includes('\r\n')).toBe(text.includes('\r\n'));
});

it.each([
  [
    'items below the key',
    'repos:\n  - repo: https://example.com/a\n    rev: v1\n    hooks:\n      - id: a\n',
  ],
  ['items beside the key', 'repos:\n- repo: https://example.com/a\n  rev: v1\n  hooks:\n  - id: a\n'],
  ['wide items', 'repos:\n-   repo: https://example.com/a\n    hooks:\n    -   id: a\n        args: [--x]\n'],
  [
    'keys after them',
    '# see pre-commit.com\nrepos:\n- repo: local\n  hooks: []\n\ndefault_stages: [commit]\n',
  ],
  ['none', 'default_stages: [commit]\n'],
  ['a comment at the end', 'repos:\n  - repo: local\n    hooks: []\n# the end\n'],
])('adds to a sequence: %s', (_, text) => {
  const before = parse(text) as { repos?: unknown[] };
  expect(parse(addToYaml(text, ['repos'], hook) ?? 'refused')).toEqual({
    ...before,
    repos: [...(before.repos ?? []), hookValue],
  });
});

it.each([
  ['flow style', 'repos: [{ repo: local, hooks: [] }]\n'],
  ['a document in flow style', '{ "repos": [] }\n'],
  ['an anchor', 'repos: &all\n  - repo: local\n'],
  ['two documents', 'repos:\n  - repo: local\n---\nrepos: []\n'],
  ['tabs', 'repos:\n\t- repo: local\n'],
  ['a text that keeps its blank lines', 'repos:\n  - repo: local\n    entry: |+\n      x\n\n'],
  ['a mapping where a sequence belongs', 'repos:\n  local: true\n'],
  ['a sequence at the root', '- repos\n'],
])('refuses %s', (_, text) => {
  expect(addToYaml(text, ['repos'], hook)).toBeUndefined();
});
