import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageVersion } from '../../src/analysis/modules/versions.ts';
import { TestProject, type Files } from '../support/project.ts';

function version(files: Files, file = 'src/a.ts', root = '.'): string {
  const project = new TestProject(files);
  const found = packageVersion(project.path(root), project.path(file), 'bullmq');
  return found ? `${found.major} ${found.installed ? 'installed' : 'allowed'}` : 'unknown';
}

const json = JSON.stringify;
const installed = (version: string): string => json({ name: 'bullmq', version });
const needs = (range: string, kind = 'dependencies'): string =>
  json({ name: 'shop', [kind]: { bullmq: range } });

describe('the version of a package', () => {
  it.each<[string, Files, string]>([
    ['is what is installed', { 'node_modules/bullmq/package.json': installed('6.7.0') }, '6 installed'],
    [
      'is what is installed rather than what is allowed',
      { 'package.json': needs('^5.0.0'), 'node_modules/bullmq/package.json': installed('6.7.0') },
      '6 installed',
    ],
    [
      'is what is installed nearest',
      {
        'node_modules/bullmq/package.json': installed('6.7.0'),
        'src/node_modules/bullmq/package.json': installed('5.1.0'),
      },
      '5 installed',
    ],
    ['is what package.json allows', { 'package.json': needs('^5.71.0') }, '5 allowed'],
    ['is a development dependency', { 'package.json': needs('~6.0', 'devDependencies') }, '6 allowed'],
    [
      'is the lowest of a peer dependency',
      { 'package.json': needs('>=5 <7', 'peerDependencies') },
      '5 allowed',
    ],
    [
      'is what the nearest package.json with it allows',
      { 'package.json': needs('^5.0.0'), 'src/package.json': needs('^6.0.0') },
      '6 allowed',
    ],
    [
      'is what a package.json above allows',
      { 'package.json': needs('^5.0.0'), 'src/package.json': '{ "name": "inner" }' },
      '5 allowed',
    ],
    ['is unknown without any', {}, 'unknown'],
    ['is unknown by a broken package.json', { 'package.json': '{', 'src/a.ts': '' }, 'unknown'],
  ])('%s', (_, files, expected) => {
    expect(version(files)).toBe(expected);
  });

  it('is looked for no further up than the root, except for what is installed', () => {
    const files = { 'package.json': needs('^5.0.0'), 'app/package.json': '{ "name": "app" }' };
    expect(version(files, path.join('app', 'a.ts'), 'app')).toBe('unknown');
    const hoisted = { ...files, 'node_modules/bullmq/package.json': installed('5.2.0') };
    expect(version(hoisted, path.join('app', 'a.ts'), 'app')).toBe('5 installed');
  });

  it.each<[string, string]>([
    ['5.71.0', '5'],
    ['^5.1', '5'],
    ['~5', '5'],
    ['>= 5.0.0', '5'],
    ['=5.0.0', '5'],
    ['v5.0.0', '5'],
    ['5.x', '5'],
    ['>=5 <7', '5'],
    ['5 || 6', '5'],
    ['npm:bullmq@^5.0.0', '5'],
    ['npm:@scope/bullmq@5', '5'],
    ['workspace:^5.0.0', '5'],
    ['10.0.0', '10'],
    ['latest', 'unknown'],
    ['*', 'unknown'],
    ['workspace:*', 'unknown'],
    ['<7', 'unknown'],
    ['git+https://example.org/bullmq.git#v5', 'unknown'],
    ['file:../bullmq', 'unknown'],
    ['https://example.org/5.0.0.tgz', 'unknown'],
    ['', 'unknown'],
  ])('%s means %s', (range, expected) => {
    expect(version({ 'package.json': needs(range) }).replace(' allowed', '')).toBe(expected);
  });
});
