import type { JSONSchema4ObjectSchema } from '@typescript-eslint/utils/json-schema';
import { Linter, type Rule } from 'eslint';
import { afterEach, describe, expect, it, vi } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { rules } from '../../rules/index.ts';
import type { FileFacts } from '../../src/analysis/file-facts.ts';
import { Project } from '../../src/analysis/project/project.ts';
import { createRule, type RuleDefinition } from '../../src/plugin/create-rule.ts';
import plugin from '../../src/plugin/index.ts';
import { rulesOf } from '../../src/plugin/presets.ts';
import { DEFAULT_SETTINGS, readSettings } from '../../src/plugin/settings.ts';
import { lint, TestProject, type Files } from '../support/project.ts';

const QUEUE = `import { Queue } from 'bullmq'; export const queue = new Queue('mail');`;

describe('the plugin', () => {
  it('says who it is', () => {
    expect(plugin.meta).toEqual({ name: manifest.name, version: manifest.version, namespace: 'async-tasks' });
  });

  it('is itself what its presets use', () => {
    for (const config of Object.values(plugin.configs)) expect(config.plugins['async-tasks']).toBe(plugin);
  });

  it.each(Object.entries(rules))('has a complete rule %s', (name, rule) => {
    expect(rule.name).toBe(name);
    expect(rule.meta.languages).toEqual(['js/js']);
    expect(rule.meta.docs.url).toMatch(new RegExp(`/docs/rules/${name}\\.md$`));
    expect(rule.meta.docs.description).toMatch(/^(?:Disallow|Require|Enforce) .*\.$/);
    expect(rule.meta.docs.clauses.length).toBeGreaterThan(0);
    for (const [id, message] of Object.entries(rule.meta.messages)) {
      expect(message, id).toMatch(/(?:\.|\}\})$/);
      expect(message.length, id).toBeLessThan(330);
    }
    for (const schema of rule.meta.schema as readonly JSONSchema4ObjectSchema[]) {
      expect(schema.additionalProperties).toBe(false);
      const described = Object.values(schema.properties ?? {});
      for (const property of described) expect(property.description).toBeTruthy();
    }
  });
});

describe('the presets', () => {
  it('are computed from the rules, each with those before it', () => {
    const [hard, recommended, strict] = (['hard-stops', 'recommended', 'strict'] as const).map((preset) =>
      Object.keys(rulesOf(preset)),
    );
    expect(strict?.sort()).toEqual(
      Object.keys(rules)
        .map((name) => `async-tasks/${name}`)
        .sort(),
    );
    expect(recommended).toEqual(expect.arrayContaining(hard as string[]));
    expect(strict).toEqual(expect.arrayContaining(recommended as string[]));
    for (const [name, rule] of Object.entries(rules))
      expect(hard?.includes(`async-tasks/${name}`), name).toBe(rule.meta.docs.preset === 'hard-stops');
  });

  it('turn rules on as errors, in strict with the stricter options', () => {
    expect(rulesOf('recommended')['async-tasks/require-retry-policy']).toBe('error');
    expect(rulesOf('strict')['async-tasks/require-retry-policy']).toEqual([
      'error',
      { requireExponential: true, requireJitter: true, reportUnknown: true },
    ]);
  });

  it.each(Object.keys(plugin.configs))('%s is accepted by ESLint with every option it sets', (name) => {
    const linter = new Linter();
    const config = plugin.configs[name as keyof typeof plugin.configs];
    expect(linter.verify('const a = 1;', [config], { filename: 'a.js' })).toEqual([]);
  });
});

describe('settings', () => {
  it('have defaults', () => {
    expect(readSettings(undefined)).toBe(DEFAULT_SETTINGS);
    expect(readSettings({})).toBe(DEFAULT_SETTINGS);
    expect(readSettings({ react: { version: '19' } })).toBe(DEFAULT_SETTINGS);
  });

  it('are laid over the defaults', () => {
    expect(readSettings({ 'async-tasks': { includeTests: true, wrappers: ['withLog'] } })).toEqual({
      ...DEFAULT_SETTINGS,
      includeTests: true,
      wrappers: ['withLog'],
    });
  });

  it('are read once for all files', () => {
    const given = { 'async-tasks': { wrappers: ['withLog'] } };
    expect(readSettings(given)).toBe(readSettings(given));
  });

  it.each<[string, unknown, string]>([
    [
      'a key that is not known',
      { wrapper: ['x'] },
      `settings['async-tasks'].wrapper is not a setting. There are: testFiles, includeTests, wrappers, handlers, transactionFunctions, externalCalls.`,
    ],
    ['a name of every object', { constructor: [] }, `settings['async-tasks'].constructor is not a setting.`],
    [
      'a list that is a string',
      { wrappers: 'x' },
      `settings['async-tasks'].wrappers must be a list of strings.`,
    ],
    [
      'a list of something else',
      { wrappers: [1] },
      `settings['async-tasks'].wrappers must be a list of strings.`,
    ],
    [
      'a flag that is a string',
      { includeTests: 'yes' },
      `settings['async-tasks'].includeTests must be true or false.`,
    ],
    ['a list', [], `settings['async-tasks'] must be an object.`],
    ['null', null, `settings['async-tasks'] must be an object.`],
    ['true', true, `settings['async-tasks'] must be an object.`],
  ])('with %s are an error that says so', (_, given, message) => {
    expect(() => readSettings({ 'async-tasks': given })).toThrow(message);
  });

  it('that are wrong stop the run, also for a file without jobs', () => {
    expect(() => lint({ 'a.js': 'const a = 1' }, { settings: { wrapper: [] } })).toThrow(
      `settings['async-tasks'].wrapper is not a setting`,
    );
  });

  it('that are wrong stop the run also where our own mistakes do not', () => {
    vi.stubEnv('ASYNC_TASKS_THROW', '0');
    expect(() => lint({ 'a.js': QUEUE }, { settings: { wrapper: [] } })).toThrow('is not a setting');
    vi.unstubAllEnvs();
  });
});

/** What ESLint is given to listen to in a file, by one rule. */
function listeners(files: Files, file: string, settings: Record<string, unknown> = {}): string[] {
  const project = new TestProject(files);
  const heard: string[] = [];
  const rule = rules['require-retry-policy'] as unknown as Rule.RuleModule;
  const linter = new Linter({ cwd: project.root });
  const problems = linter.verify(
    files[file] as string,
    [
      {
        files: ['**/*.js'],
        plugins: {
          spy: {
            rules: {
              rule: {
                ...rule,
                create: (context: Rule.RuleContext) => {
                  const listening = rule.create(context);
                  heard.push(...Object.keys(listening));
                  return listening;
                },
              },
            },
          },
        },
        rules: { 'spy/rule': 'error' },
        settings: { 'async-tasks': settings },
      },
    ],
    { filename: project.path(file) },
  );
  expect(problems.filter(({ fatal }) => fatal)).toEqual([]);
  return heard;
}

describe('a rule listens to nothing', () => {
  it.each<[string, Files, string]>([
    ['in a file without jobs', { 'a.js': 'export const a = 1;' }, 'a.js'],
    [
      'in a file whose imports have none',
      { 'a.js': `import { b } from './b.js';`, 'b.js': 'export const b = 1;', 'q.js': QUEUE },
      'a.js',
    ],
    ['in a test', { 'a.test.js': QUEUE }, 'a.test.js'],
    ['in a spec', { 'src/a.spec.js': QUEUE }, 'src/a.spec.js'],
    ['in an end-to-end test', { 'a.e2e-spec.js': QUEUE }, 'a.e2e-spec.js'],
    ['in a test folder', { 'test/a.js': QUEUE }, 'test/a.js'],
    ['in a nested test folder', { 'src/__tests__/a.js': QUEUE }, 'src/__tests__/a.js'],
    ['in a file that mentions a library in a comment', { 'a.js': '// bullmq' }, 'a.js'],
  ])('%s', (_, files, file) => {
    expect(listeners(files, file)).toEqual([]);
  });

  it.each<[string, Files, string, Record<string, unknown>?]>([
    ['in a file with a queue', { 'a.js': QUEUE }, 'a.js'],
    ['in a file that imports one', { 'a.js': `import { queue } from './q.js';`, 'q.js': QUEUE }, 'a.js'],
    [
      'in a file that imports one over barrels',
      { 'a.js': `const { queue } = require('./i.js');`, 'i.js': `export * from './q.js';`, 'q.js': QUEUE },
      'a.js',
    ],
    [
      'in a file whose function runs jobs',
      {
        'a.js': 'export const run = async (job) => {};',
        'w.js': `import { Worker } from 'bullmq'; import { run } from './a.js'; new Worker('mail', run);`,
      },
      'a.js',
    ],
    [
      'in a sandboxed processor',
      {
        'a.js': 'module.exports = async (job) => {};',
        'w.js': `import { Worker } from 'bullmq'; new Worker('mail', './a.js');`,
      },
      'a.js',
    ],
    ['in a test where tests are included', { 'a.test.js': QUEUE }, 'a.test.js', { includeTests: true }],
    ['in a file called latest.js', { 'latest.js': QUEUE }, 'latest.js'],
    ['in a folder called testing', { 'testing/a.js': QUEUE }, 'testing/a.js'],
  ])('but does %s', (_, files, file, settings) => {
    expect(listeners(files, file, settings)).toEqual(['Program:exit']);
  });

  it('below a folder called test that is not the project’s', () => {
    const project = new TestProject({
      'test/shop/package.json': '{ "name": "inner" }',
      'test/shop/a.js': `${QUEUE}\nqueue.add('a', {});`,
    });
    expect(project.lint('test/shop/a.js', { rules: 'require-retry-policy' })).toHaveLength(1);
  });
});

describe('a mistake of ours', () => {
  const broken = (where: 'create' | 'listener'): Rule.RuleModule =>
    createRule({
      name: 'broken',
      meta: {
        type: 'problem',
        docs: { description: 'Disallow nothing.', preset: 'strict', clauses: ['X'] },
        messages: { x: 'X.' },
        schema: [],
      },
      create() {
        if (where === 'create') throw new Error('our mistake');
        return {
          queue() {
            throw new Error('our mistake');
          },
        };
      },
    }) as unknown as Rule.RuleModule;

  const run = (rule: Rule.RuleModule): string[] => {
    const project = new TestProject({ 'a.js': `${QUEUE}\nqueue.add('a', {});` });
    return new Linter({ cwd: project.root })
      .verify(
        `${QUEUE}\nqueue.add('a', {});`,
        [
          {
            plugins: { ours: { rules: { broken: rule } }, 'async-tasks': plugin },
            rules: { 'ours/broken': 'error', 'async-tasks/require-retry-policy': 'error' },
          },
        ],
        { filename: project.path('a.js') },
      )
      .map(({ ruleId }) => ruleId ?? '');
  };

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each(['create', 'listener'] as const)('in its %s silences one rule and stops no run', (where) => {
    vi.stubEnv('ASYNC_TASKS_THROW', '');
    expect(run(broken(where))).toEqual(['async-tasks/require-retry-policy']);
  });

  it('in the analysis of a file silences it and stops no run', () => {
    vi.stubEnv('ASYNC_TASKS_THROW', '');
    const begin = vi.spyOn(Project.prototype, 'begin').mockImplementation(() => {
      throw new Error('our mistake');
    });
    expect(lint({ 'a.js': `${QUEUE}\nqueue.add('a', {});` })).toEqual([]);
    expect(begin).toHaveBeenCalled();
    begin.mockRestore();
  });

  it.each(['create', 'listener'] as const)('in its %s is thrown in our own tests', (where) => {
    expect(process.env.ASYNC_TASKS_THROW).toBe('1');
    expect(() => run(broken(where))).toThrow('our mistake');
  });
});

describe('a rule hears', () => {
  const CODE = `import { Queue, Worker } from 'bullmq';
const queue = new Queue('mail');
const send = (data) => queue.add('send', data);
send({ id: 1 });
new Worker('mail', async (job) => {});`;

  const hear = (definition: Partial<RuleDefinition<{ n: number }, 'x' | 'y'>>, options: unknown[] = []) => {
    const project = new TestProject({ 'a.js': CODE });
    const rule = createRule<{ n: number }, 'x' | 'y'>({
      name: 'heard',
      meta: {
        type: 'problem',
        docs: { description: 'Disallow nothing.', preset: 'strict', clauses: ['X'] },
        messages: { x: 'X {{what}}.', y: 'Y.' },
        schema: [{ type: 'object', properties: { n: { type: 'number' } }, additionalProperties: false }],
        defaultOptions: [{ n: 1 }],
      },
      create: () => ({}),
      ...definition,
    }) as unknown as Rule.RuleModule;
    return new Linter({ cwd: project.root }).verify(
      CODE,
      [
        {
          plugins: { ours: { rules: { heard: rule } } },
          rules: { 'ours/heard': ['error', ...options] },
        },
      ],
      { filename: project.path('a.js') },
    );
  };

  it('each kind of fact', () => {
    const heard: string[] = [];
    let facts: FileFacts | undefined;
    hear({
      create: () => ({
        enqueue: ({ call }) => heard.push(`enqueue ${call.node.loc.start.line}`),
        passedEnqueue: ({ via }) => heard.push(`passed ${via[0]?.node.loc.start.line}`),
        queue: ({ at }) => heard.push(`queue ${at.node.loc.start.line}`),
        worker: ({ at }) => heard.push(`worker ${at.node.loc.start.line}`),
        processor: ({ fn }) => heard.push(`processor ${fn.at.node.loc.start.line}`),
        file: (given) => {
          facts = given;
        },
      }),
    });
    expect(heard).toEqual(['enqueue 3', 'passed 4', 'queue 2', 'worker 5', 'processor 5']);
    expect(facts?.module.linted).toBe(true);
  });

  it('and reports the same node and message once', () => {
    const problems = hear({
      create: ({ report }) => ({
        queue({ at }) {
          report(at.node, { messageId: 'x', data: { what: 'a' } });
          report(at.node, { messageId: 'x', data: { what: 'b' } });
          report(at.node, { messageId: 'y' });
        },
      }),
    });
    expect(problems.map(({ message }) => message)).toEqual(['X a.', 'Y.']);
  });

  it('and its options over the defaults', () => {
    const seen: number[] = [];
    const create: RuleDefinition<{ n: number }, 'x' | 'y'>['create'] = ({ options }) => {
      seen.push(options.n);
      return {};
    };
    hear({ create });
    hear({ create }, [{ n: 2 }]);
    hear({ create }, [{}]);
    expect(seen).toEqual([1, 2, 1]);
  });
});

it('facts of a file are computed once for all rules', () => {
  const seen = new Set<unknown>();
  const rule = (name: string) =>
    createRule({
      name,
      meta: {
        type: 'problem',
        docs: { description: 'Disallow nothing.', preset: 'strict', clauses: ['X'] },
        messages: { x: 'X.' },
        schema: [],
      },
      create: ({ facts }) => {
        seen.add(facts);
        return {};
      },
    }) as unknown as Rule.RuleModule;
  const project = new TestProject({ 'a.js': QUEUE });
  new Linter({ cwd: project.root }).verify(
    QUEUE,
    [
      {
        plugins: { ours: { rules: { a: rule('a'), b: rule('b') } } },
        rules: { 'ours/a': 'error', 'ours/b': 'error' },
      },
    ],
    { filename: project.path('a.js') },
  );
  expect(seen.size).toBe(1);
});
