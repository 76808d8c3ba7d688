/**
 * Edits of source text that keep the style around them.
 */

/** The line ending that a text uses. */
export function lineEnding(text: string): '\r\n' | '\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** One step of indentation, as the first indented line has it. */
export function indentUnit(text: string): string {
  return /^(?:\t|(?: {2}){1,2})(?=\S)/m.exec(text)?.[0] ?? '  ';
}

export function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset behind a line's text, before its line ending. */
export function endOfLine(text: string, offset: number): number {
  const end = /\r?\n/.exec(text.slice(offset));
  return end ? offset + end.index : text.length;
}

/** The white space that a line begins with. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(startOfLine(text, offset)))?.[0] ?? '';
}

export function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** Every line of `block` but the first gets `indent`. */
export function indented(block: string, indent: string, eol = '\n'): string {
  return block.split('\n').join(`${eol}${indent}`);
}

export interface List {
  /** Offset behind the opening bracket. */
  open: number;
  /** Offset of the closing bracket. */
  close: number;
  items: readonly { start: number; end: number }[];
}

/**
 * Adds an item at the end of a list in brackets, on a line of its own where the other items are, and with a
 * trailing comma where there is one.
 */
export function appendToList(text: string, list: List, item: string): string {
  return insertIntoList(text, list, item, list.items.length);
}

/** Adds an item before the one at `index`. */
export function insertIntoList(text: string, list: List, item: string, index: number): string {
  const { open, close, items } = list;
  const eol = lineEnding(text);
  const [first, last] = [items[0], items.at(-1)];
  if (!first || !last) return insertIntoEmpty(text, list, item);

  const own = (start: number) => text.slice(startOfLine(text, start), start).trim() === '';
  const next = items[index];
  if (next) {
    const separator = own(next.start) ? `,${eol}${indentAt(text, next.start)}` : ', ';
    return splice(text, next.start, next.start, indented(item, indentAt(text, next.start), eol) + separator);
  }

  const indent = own(last.start) ? indentAt(text, last.start) : indentAt(text, open);
  const placed = indented(item, indent, eol);
  const comma = commaIn(text, last.end, close);
  const isOpen = own(close) && startOfLine(text, close) > last.end;
  if (isOpen && own(first.start)) {
    // At the end of the line before the bracket, so that comments stay with what they follow.
    const end = endOfLine(text, lastVisible(text, last.end, close));
    const added = splice(text, end, end, `${eol}${indent}${placed}${comma === undefined ? '' : ','}`);
    return comma === undefined ? splice(added, last.end, last.end, ',') : added;
  }
  if (comma !== undefined) return splice(text, comma + 1, comma + 1, ` ${placed},`);
  const separator = own(last.start) && items.length > 1 ? `,${eol}${indent}` : ', ';
  return splice(text, last.end, last.end, separator + placed);
}

function insertIntoEmpty(text: string, { open, close }: List, item: string): string {
  const eol = lineEnding(text);
  const inner = text.slice(open, close);
  if (!inner.includes('\n'))
    return splice(text, close - trailing(inner), close, `${item}${trailing(inner) > 0 ? ' ' : ''}`);
  // A comment may stand alone between the brackets.
  const indent = indentAt(text, close) + indentUnit(text);
  const end = endOfLine(text, lastVisible(text, open, close));
  return splice(text, end, end, `${eol}${indent}${indented(item, indent, eol)}`);
}

function trailing(inner: string): number {
  return inner.length - inner.trimEnd().length;
}

/** Offset of the last character between two others that can be seen, else of the first. */
function lastVisible(text: string, from: number, to: number): number {
  return from + text.slice(from, to).trimEnd().length;
}

/** Offset of a comma between two offsets that have nothing but comments and white space between them. */
function commaIn(text: string, from: number, to: number): number | undefined {
  const blank = (comment: string) => ' '.repeat(comment.length);
  const bare = text.slice(from, to).replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, blank);
  const comma = bare.indexOf(',');
  return comma < 0 ? undefined : from + comma;
}
