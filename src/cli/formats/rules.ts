/**
 * What reports say of a rule, besides its findings.
 */
import { rulePage } from '../pages.ts';
import plugin from '../../plugin/index.ts';

export interface RuleText {
  /** With the plugin's prefix. */
  id: string;
  description: string;
  url: string;
  /** The page of the rule, in Markdown. */
  page: string;
}

export function ruleText(id: string): RuleText | undefined {
  const name = id.replace(/^async-tasks\//, '');
  const rule = Object.hasOwn(plugin.rules, name) ? plugin.rules[name] : undefined;
  if (!rule) return undefined;
  return {
    id,
    description: rule.meta.docs.description,
    url: rule.meta.docs.url,
    page: rulePage(name) ?? '',
  };
}
