/**
 * Additions to YAML files by lines, so that comments and style stay. Whatever is not plain block style is
 * refused; the tests compare what a parser reads before and after.
 */
import { lineEnding } from './text.ts';

/**
 * Adds an item at the end of the sequence or mapping that `keys` lead to; what is missing on the way is made.
 *
 * @param item the lines of a `key:` with its value, or of a `- ` entry
 * @returns undefined where that cannot be done safely
 */
export function addToYaml(
  text: string,
  keys: readonly string[],
  item: readonly string[],
): string | undefined {
  const lines = text.split(/\r?\n/);
  if (!isPlain(lines)) return undefined;
  let block: Block = { from: 0, to: lines.length, outer: -1 };
  for (const [depth, key] of keys.entries()) {
    const found = findKey(lines, block, key);
    if (found === 'unsafe') return undefined;
    if (!found) return insert(text, lines, block, nest(keys.slice(depth), item));
    block = found;
  }
  return insert(text, lines, block, item);
}

/** Whether `keys` lead to a block. */
export function hasYamlKey(text: string, keys: readonly string[]): boolean {
  const lines = text.split(/\r?\n/);
  let block: Block | undefined = { from: 0, to: lines.length, outer: -1 };
  for (const key of keys) {
    const found: Block | 'unsafe' | undefined = findKey(lines, block, key);
    if (found === 'unsafe') return true;
    if (!found) return false;
    block = found;
  }
  return true;
}

interface Block {
  /** Lines of the block, the last one exclusive. */
  from: number;
  to: number;
  /** Indentation of its key; -1 for the document. */
  outer: number;
}

function isPlain(lines: readonly string[]): boolean {
  const content = lines.filter(isContent);
  return (
    !content.some((line) => /^ *\t/.test(line)) &&
    // A second document, the end of one, a directive.
    !content.slice(1).some((line) => /^(?:---|\.\.\.)(?:\s|$)/.test(line)) &&
    !/^(?:%|--- *\S|[[{"'&*!|>?-](?!--))/.test(content[0] ?? '') &&
    // Trailing blank lines would belong to the text.
    !content.some((line) => /[|>]\d?\+\d?\s*(?:#.*)?$/.test(line))
  );
}

function isContent(line: string): boolean {
  return line.trim() !== '' && !/^\s*#/.test(line);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The first line of a block that says something, and is not the mark of a document. */
function firstLine(lines: readonly string[], { from, to }: Block): string | undefined {
  return lines.slice(from, to).find((line) => isContent(line) && !/^---(?:\s|$)/.test(line));
}

function findKey(lines: readonly string[], block: Block, key: string): Block | 'unsafe' | undefined {
  const first = firstLine(lines, block);
  if (first === undefined) return undefined;
  const indent = indentOf(first);
  const isKey = new RegExp(`^ {${indent}}(["']?)${key}\\1 *:(?: +(.*))?$`);
  for (let index = block.from; index < block.to; index++) {
    const [match, , value = ''] = isKey.exec(lines[index] ?? '') ?? [];
    if (match === undefined) continue;
    if (value !== '' && !value.startsWith('#')) return 'unsafe';
    return blockBehind(lines, index, block.to, indent);
  }
  return undefined;
}

function blockBehind(lines: readonly string[], keyLine: number, limit: number, outer: number): Block {
  const isItem = (line: string) => indentOf(line) === outer && /^\s*-(?:\s|$)/.test(line);
  let to = keyLine + 1;
  for (let index = to; index < limit; index++) {
    const line = lines[index] ?? '';
    // An indented comment can be a line of a text, so it stays in the block.
    if (line.trim() === '' || (!isContent(line) && indentOf(line) <= outer)) continue;
    if (indentOf(line) <= outer && !isItem(line)) break;
    to = index + 1;
  }
  return { from: keyLine + 1, to, outer };
}

function insert(
  text: string,
  lines: readonly string[],
  block: Block,
  item: readonly string[],
): string | undefined {
  const first = firstLine(lines, block);
  const isSequence = item[0]?.startsWith('- ');
  if (first !== undefined && /^\s*-(?:\s|$)/.test(first) !== isSequence) return undefined;

  const indent = ' '.repeat(first === undefined ? Math.max(block.outer + 2, 0) : indentOf(first));
  const end = lastContent(lines, block);
  const isRoot = block.outer < 0;
  const added = [
    ...(isRoot && first !== undefined ? [''] : []),
    ...item.map((line) => (line === '' ? line : indent + line)),
  ];
  const result = [...lines.slice(0, end), ...added, ...lines.slice(end)];
  const eol = lineEnding(text);
  return text.endsWith('\n') || text === '' ? ensureEnd(result.join(eol), eol) : result.join(eol);
}

/** The line behind the last that is not blank; for the document, comments at its end are lines as any. */
function lastContent(lines: readonly string[], { from, to }: Block): number {
  let end = to;
  while (end > from && (lines[end - 1] ?? '').trim() === '') end--;
  return end;
}

function ensureEnd(text: string, eol: string): string {
  return text.endsWith(eol) ? text : text + eol;
}

function nest(keys: readonly string[], item: readonly string[]): string[] {
  return keys.reduceRight<string[]>(
    (inner, key) => [`${key}:`, ...inner.map((line) => (line === '' ? line : `  ${line}`))],
    [...item],
  );
}
