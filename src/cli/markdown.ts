/**
 * Markdown as the rules' pages use it, for a terminal: headings, paragraphs, lists, tables and code.
 */
import { styleText } from 'node:util';

export interface Style {
  /** Characters in a line. */
  width: number;
  colors: boolean;
}

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

export function renderMarkdown(markdown: string, { width, colors }: Style): string {
  const paint: Paint = (format, text) => (colors ? styleText(format, text, { validateStream: false }) : text);
  const rendered = blocksOf(markdown).map((block) => render(block, width, paint));
  return `${rendered.join('\n\n')}\n`;
}

/** The lines of a text, none longer than the width unless a word is. What stands in backticks stays together. */
export function wrap(text: string, width: number): string[] {
  const words = text.match(/(?:`[^`]*`|[^\s`])+/g) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line += line === '' ? word : ` ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

interface Block {
  kind: 'heading' | 'code' | 'list' | 'table' | 'text';
  lines: string[];
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let fence: Block | undefined;
  let isOpen = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (fence) {
      if (/^\s*```/.test(line)) fence = undefined;
      else fence.lines.push(line);
      isOpen = false;
    } else if (/^\s*```/.test(line)) {
      fence = { kind: 'code', lines: [] };
      blocks.push(fence);
    } else if (line.trim() === '') isOpen = false;
    else {
      const kind = kindOf(line);
      const last = blocks.at(-1);
      const goesOn = isOpen && last && (last.kind === kind || (last.kind === 'list' && kind === 'text'));
      if (goesOn && last.kind !== 'heading') last.lines.push(line);
      else blocks.push({ kind, lines: [line] });
      isOpen = true;
    }
  }
  return blocks;
}

function kindOf(line: string): Block['kind'] {
  if (/^#{1,6} /.test(line)) return 'heading';
  if (/^\s*(?:[-*]|\d+\.) /.test(line)) return 'list';
  return line.startsWith('|') ? 'table' : 'text';
}

function render({ kind, lines }: Block, width: number, paint: Paint): string {
  switch (kind) {
    case 'heading': {
      const [, level = '#', text = ''] = /^(#+) (.*)$/.exec(lines[0] ?? '') ?? [];
      const title = plain(text);
      // Without colours the lines below tell headings from text.
      if (level.length === 1) return `${paint('bold', title)}\n${'='.repeat(title.length)}`;
      return level.length === 2
        ? `${paint('bold', title)}\n${'-'.repeat(title.length)}`
        : paint('bold', title);
    }
    case 'code':
      return lines.map((line) => (line === '' ? '' : paint('cyan', `    ${line}`))).join('\n');
    case 'list':
      return itemsOf(lines)
        .flatMap(({ mark, text }) =>
          wrap(plain(text), width - mark.length - 1).map(
            (line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)} ${coded(line, paint)}`,
          ),
        )
        .join('\n');
    case 'table':
      return table(lines, width, paint);
    case 'text':
      return wrap(plain(lines.join(' ')), width)
        .map((line) => coded(line, paint))
        .join('\n');
  }
}

function itemsOf(lines: readonly string[]): { mark: string; text: string }[] {
  const items: { mark: string; text: string }[] = [];
  for (const line of lines) {
    const [, mark, text = ''] = /^(\s*(?:[-*]|\d+\.)) (.*)$/.exec(line) ?? [];
    const last = items.at(-1);
    if (mark !== undefined || !last) items.push({ mark: mark ?? '-', text });
    else last.text += ` ${line.trim()}`;
  }
  return items;
}

/** A row is a block of its own, with the head as names: cells with sentences do not fit beside each other. */
function table(lines: readonly string[], width: number, paint: Paint): string {
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .replace(/^\||\|\s*$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => plain(cell.trim().replaceAll('\\|', '|'))),
  );
  return rows
    .map((cells) =>
      cells
        .flatMap((cell, index) => {
          const name = `${head[index] ?? ''}: `;
          const [first = '', ...rest] = wrap(cell, width - name.length - 2);
          return cell === ''
            ? []
            : [
                `  ${name}${coded(first, paint)}`,
                ...rest.map((line) => `${' '.repeat(name.length + 2)}${coded(line, paint)}`),
              ];
        })
        .join('\n'),
    )
    .join('\n\n');
}

/** Without marks for emphasis; a link keeps its text, and its address where that leads out of the repository. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\((\S+?)\)/g, (_, label: string, address: string) =>
      /^https?:/.test(address) ? `${label} (${address})` : label,
    )
    .replace(/\*\*([^*]+)\*\*/g, '$1');
}

function coded(line: string, paint: Paint): string {
  return line.replace(/`([^`]+)`/g, (_, code: string) => paint('cyan', code === '' ? '``' : `\`${code}\``));
}
