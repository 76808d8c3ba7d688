/**
 * `async-tasks explain`: the page of a rule in the terminal, or the list of rules.
 */
import plugin from '../../plugin/index.ts';
import { presetNames } from '../../plugin/presets.ts';
import type { AsyncTasksRule } from '../../plugin/create-rule.ts';
import { EXIT, UsageError, type Command } from '../command.ts';
import { renderMarkdown, wrap } from '../markdown.ts';
import { nearest } from '../nearest.ts';
import { rulePage } from '../pages.ts';

const help = `Usage: async-tasks explain [RULE]

Shows what a rule is about: the failure that it prevents, code that breaks it and code that keeps it, the options and
when not to use it. Without a rule it lists all of them.
`;

const MAX_WIDTH = 100;

export const explain: Command = {
  summary: 'Shows the page of a rule, or lists the rules.',
  help,
  options: {},

  run([given, ...more], _values, terminal) {
    if (more.length > 0) throw new UsageError('`explain` takes one rule.');
    const style = { width: Math.min(terminal.columns ?? 80, MAX_WIDTH), colors: terminal.colors === true };
    if (given === undefined) {
      terminal.out(listOfRules(style.width));
      return Promise.resolve(EXIT.clean);
    }
    const name = given.replace(/^async-tasks\//, '');
    const page = Object.hasOwn(plugin.rules, name) ? rulePage(name) : undefined;
    if (page === undefined) {
      const near = nearest(name, Object.keys(plugin.rules));
      const meant = near.length > 0 ? ` Did you mean ${near.map((rule) => `\`${rule}\``).join(' or ')}?` : '';
      throw new UsageError(`There is no rule \`${given}\`.${meant} \`async-tasks explain\` lists them.`);
    }
    terminal.out(renderMarkdown(page, style));
    return Promise.resolve(EXIT.clean);
  },
};

/** The rules by the smallest preset that has them. */
function listOfRules(width: number): string {
  const rules = Object.entries(plugin.rules as unknown as Record<string, AsyncTasksRule>);
  const indent = Math.max(...rules.map(([name]) => name.length)) + 4;
  const parts = presetNames.map((preset) => {
    const own = rules.filter(([, { meta }]) => meta.docs.preset === preset);
    const lines = own.flatMap(([name, { meta }]) => {
      const [first = '', ...rest] = wrap(meta.docs.description, Math.max(width - indent, 30));
      return [`  ${name.padEnd(indent - 2)}${first}`, ...rest.map((line) => ' '.repeat(indent) + line)];
    });
    return `${preset}\n${lines.join('\n')}\n`;
  });
  return `${parts.join('\n')}\nEach preset has the rules of those before it. \`async-tasks explain RULE\` shows a rule's page.\n`;
}
