/**
 * A summary for a job's page or a comment.
 */
import type { Finding, Format } from './format.ts';
import { ruleText } from './rules.ts';

/** GitHub refuses a summary of more than 1 MiB, and nobody reads half of that. */
const MAX_FINDINGS = 200;
const MAX_MESSAGE = 600;

export const markdown: Format = ({ findings, sources, checked }) => {
  const looked = `${checked} of ${sources} source ${sources === 1 ? 'file concerns' : 'files concern'} background jobs.`;
  if (findings.length === 0) return `## Background jobs\n\nNo findings. ${looked}\n`;
  const files = new Set(findings.map(({ path }) => path)).size;
  const shown = findings.slice(0, MAX_FINDINGS);
  const left = findings.length - shown.length;
  return [
    '## Background jobs',
    `${counted(findings.length, 'finding')} in ${counted(files, 'file')}. ${looked}`,
    table(['Rule', 'Findings'], countsByRule(findings)),
    table(['Place', 'Rule', 'Finding'], shown.map(row)),
    ...(left > 0 ? [`... and ${counted(left, 'finding')} more.`] : []),
    'What a rule is about: `npx async-tasks explain RULE`.',
  ]
    .join('\n\n')
    .concat('\n');
};

function countsByRule(findings: readonly Finding[]): string[][] {
  const counts = new Map<string | undefined, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .sort(([a = '', m], [b = '', n]) => n - m || a.localeCompare(b))
    .map(([rule, count]) => [linked(rule), String(count)]);
}

function row({ path, line, rule, message }: Finding): string[] {
  const text = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} ...` : message;
  return [code(`${path}:${line}`), linked(rule), cell(text)];
}

function linked(rule: string | undefined): string {
  if (rule === undefined) return 'cannot be parsed';
  const url = ruleText(rule)?.url;
  const name = rule.replace(/^async-tasks\//, '');
  return url ? `[${name}](${url})` : cell(name);
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Text that stays inside its cell, with its code spans, and is no HTML. */
function cell(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('|', '\\|')
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('&', '&amp;').replaceAll('<', '&lt;')))
    .join('`');
}

/** A code span, also of what holds backticks. */
function code(text: string): string {
  return cell(text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
