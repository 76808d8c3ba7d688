/**
 * The step that turns the preset on in oxlint's configuration, where a project uses oxlint instead of ESLint.
 */
import manifest from '../../../package.json' with { type: 'json' };
import type { Preset } from '../../plugin/create-rule.ts';
import { rulesOf } from '../../plugin/presets.ts';
import { UsageError } from '../command.ts';
import { PLUGIN } from './eslint-config.ts';
import { isObject, parseObject, pushValue, setValue, type Json } from './json.ts';
import { CONFIG_FILES, type Project } from './project.ts';

/** The configuration that oxlint reads, or would read; undefined where ESLint is in use, or neither. */
export function oxlintConfigOf(project: Project): string | undefined {
  const { draft } = project;
  if (draft.first(CONFIG_FILES)) return undefined;
  const named = Object.values(project.scripts)
    .map((script) => /\boxlint\b[^&|;]*?\s(?:-c|--config)[ =](\S+)/.exec(script)?.[1]?.replace(/^\.\//, ''))
    .find((file) => file !== undefined && draft.has(file));
  const found = named ?? draft.first(['.oxlintrc.json', '.oxlintrc.jsonc', 'oxlint.config.ts']);
  return found ?? (project.range('oxlint') === undefined ? undefined : '.oxlintrc.json');
}

export function setUpOxlint(project: Project, file: string, preset: Preset): void {
  const { draft, plan } = project;
  const rules = rulesOf(preset) as Record<string, Json>;
  const text = draft.read(file) ?? '{}\n';
  if (text.includes(PLUGIN)) plan.kept.push(`${file} has the plugin.`);
  else if (file.endsWith('.ts')) {
    plan.blocked.push(
      `${file} is not edited. Add \`${PLUGIN}\` to its \`jsPlugins\` and the rules you want to its \`rules\`.`,
    );
  } else draft.write(file, edited(file, text, rules));
  project.addDevDependency(PLUGIN, `^${manifest.version}`);
}

function edited(file: string, text: string, rules: Record<string, Json>): string {
  const { jsPlugins, rules: present } = parseObject(file, text, { comments: true });
  if ((jsPlugins !== undefined && !Array.isArray(jsPlugins)) || (present !== undefined && !isObject(present)))
    throw new UsageError(`${file} has \`jsPlugins\` or \`rules\` of a form that oxlint does not read.`);
  let result = pushValue(text, ['jsPlugins'], PLUGIN);
  for (const [name, entry] of Object.entries(rules)) result = setValue(result, ['rules', name], entry);
  return result;
}
