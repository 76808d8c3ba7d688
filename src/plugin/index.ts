/**
 * The plugin as a linter loads it. Importing it loads neither a parser nor TypeScript.
 */
import type { ESLint, Linter, Rule } from 'eslint';
import manifest from '../../package.json' with { type: 'json' };
import { rules } from '../../rules/index.ts';
import type { Preset } from './create-rule.ts';
import { presetNames, rulesOf } from './presets.ts';

export interface AsyncTasksPlugin extends ESLint.Plugin {
  meta: { name: string; version: string; namespace: string };
  rules: Record<keyof typeof rules, Rule.RuleModule>;
  configs: Record<Preset, Linter.Config>;
}

const plugin: AsyncTasksPlugin = {
  meta: { name: manifest.name, version: manifest.version, namespace: 'async-tasks' },
  rules: rules as unknown as AsyncTasksPlugin['rules'],
  configs: {} as AsyncTasksPlugin['configs'],
};

for (const preset of presetNames)
  plugin.configs[preset] = {
    name: `async-tasks/${preset}`,
    plugins: { 'async-tasks': plugin },
    rules: rulesOf(preset),
  };

export { plugin as default, plugin as 'module.exports' };
