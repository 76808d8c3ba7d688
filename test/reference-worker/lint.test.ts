import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import plugin from '../../src/plugin/index.ts';
import { lintFolder } from '../support/lint-project.ts';
import { TestProject } from '../support/project.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = 'src/reference-worker';
const { strict } = plugin.configs;

vi.setConfig({ testTimeout: 120_000 });

it('keeps every rule of `strict`', async () => {
  expect(Object.keys(strict.rules)).toHaveLength(Object.keys(plugin.rules).length);
  expect(await lintFolder(root, { config: strict, patterns: [folder] })).toEqual([]);
});

it('suppresses nothing', () => {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(15);
  const suppressing = sources.filter((file) =>
    /eslint-|@ts-/.test(readFileSync(path.join(root, folder, file), 'utf8')),
  );
  expect(suppressing).toEqual([]);
});

it('is understood by the rules: what is broken in it is found', async () => {
  const read = (file: string) => readFileSync(path.join(root, folder, file), 'utf8');
  const breakIt = (file: string, find: string, replacement: string) => {
    expect(read(file)).toContain(find);
    return { [file]: read(file).replace(find, replacement) };
  };
  const names = readdirSync(path.join(root, folder)).filter((file) => file.endsWith('.ts'));
  const project = new TestProject({
    ...Object.fromEntries(names.map((file) => [file, read(file)])),
    ...breakIt(
      'confirm-order.ts',
      "if (!order) return 'no longer exists';",
      "if (!order) throw new Error('none');",
    ),
    ...breakIt('queues.ts', '    attempts: 10,\n', ''),
    ...breakIt(
      'outbox.ts',
      'data: { orderId: row.order_id }',
      'data: { orderId: row.order_id, at: new Date() }',
    ),
    ...breakIt('daily-report.ts', ', failParentOnFailure: true', ''),
  });
  const found = await lintFolder(project.root, { config: strict });
  expect(found.map(({ file, rule }) => `${file} ${rule}`)).toEqual(
    expect.arrayContaining([
      'confirm-order.ts no-retry-on-missing-record',
      'outbox.ts require-retry-policy',
      'outbox.ts no-unserializable-payload',
      'daily-report.ts require-flow-options',
    ]),
  );
});

it('differs in this from the unsafe worker of the crash test', async () => {
  const patterns = ['test/reference-worker/unsafe-worker.ts'];
  // As production code, which its folder says it is not.
  const config = [strict, { settings: { 'async-tasks': { testFiles: [] } } }];
  const rules = new Set((await lintFolder(root, { config, patterns })).map(({ rule }) => rule));
  expect([...rules]).toEqual(expect.arrayContaining(['no-swallowed-failure', 'require-lifecycle-listeners']));
});

it('has a README that walks through every clause, with the file that shows it', () => {
  const readme = readFileSync(path.join(root, folder, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| ([DCH]\d) .*$/gm)];
  expect(rows.map(([, clause]) => clause).join(' ')).toBe('D1 D2 D3 D4 D5 D6 D7 C1 C2 C3 C4 H1 H2 H3 H4');
  for (const [row] of rows) expect(row).toMatch(/\]\([\w-]+\.ts\)/);
  const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => String(link));
  expect(links.filter((link) => !existsSync(path.join(root, folder, link)))).toEqual([]);
});
