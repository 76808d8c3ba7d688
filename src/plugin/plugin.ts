/**
 * The plugin object. Its types import nothing: a configuration in TypeScript compiles with any version of it and of ESLint,
 * also where ESLint brings two versions of its own types, as 9.38 does.
 */
import manifest from '../../package.json' with { type: 'json' };
import { rules } from '../../rules/index.ts';
import { presetNames, rulesOf } from './presets.ts';

export interface AsyncTasksPlugin {
  meta: { name: string; version: string; namespace: string };
  rules: Record<string, RuleModule>;
  configs: Record<'hard-stops' | 'recommended' | 'strict', PresetConfig>;
}

export interface RuleModule {
  meta: { type: 'problem' | 'suggestion'; docs: { description: string; url: string } };
  /* eslint-disable @typescript-eslint/no-explicit-any -- what both are is the business of the ESLint at hand */
  create(context: any): Record<string, any>;
  /* eslint-enable @typescript-eslint/no-explicit-any */
}

export interface PresetConfig {
  name: string;
  plugins: Record<'async-tasks', AsyncTasksPlugin>;
  rules: Record<string, 'error' | ['error', object]>;
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

export default plugin;
