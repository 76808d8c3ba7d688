/**
 * What a file imports and passes on, by a scan of its text: which specifiers, and which names of each. Where
 * the scan cannot tell the names, all are meant.
 */
export interface Import {
  specifier: string;
  /** The names that are asked for in the file. */
  names: readonly string[];
  /** The names under which importers of this file ask for them, if it passes them on. */
  as: readonly string[];
  /** `named`: what the names say; `all`: the file as a whole; `star`: under the names that are asked for. */
  brings: 'named' | 'all' | 'star';
  /** The code of this file does not use it, only importers of this file do. */
  isPassedOn: boolean;
}

/** `import a, { b } from 'x'`, with the name of the default, the rest of the clause and the specifier. */
const IMPORT =
  /\bimport\s*(?:type\s+(?!from\b))?(?:([\w$]+)\s*,?\s*)?(\*\s*as\s+[\w$]+|\{[^{}'"`]*\})?\s*from\s*['"]([^'"\n]+)['"]/;
/** `export { a } from 'x'`, with the list and the specifier. */
const EXPORT = /\bexport\s*(?:type\s*)?(\*(?:\s*as\s+[\w$]+)?|\{[^{}'"`]*\})\s*from\s*['"]([^'"\n]+)['"]/;
/** Everything else that names a file, with the specifier. */
const OTHER = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"`]([^'"`\n]+)['"`]/;
const ANY = new RegExp(`${IMPORT.source}|${EXPORT.source}|${OTHER.source}`, 'g');
/** A piece of a file that only imports and passes on; a list that renames is left out, since its names differ. */
const PIECE = new RegExp(
  `\\s+|;|//[^\\n]*|/\\*[^]*?\\*/|['"]use \\w+['"]|${IMPORT.source}|${EXPORT.source}|import\\s*['"][^'"\\n]+['"]|export\\s*(?:type\\s*)?\\{(?![^{}]*\\bas\\b)[^{}'"\`]*\\}`,
  'y',
);
const COMMENT = /\/\*[^]*?\*\/|\/\/[^\n]*/g;
const ITEM = /^\s*(?:type\s+)?([^\s,]+)(?:\s+as\s+([^\s,]+))?\s*$/;

export function importsIn(text: string): Import[] {
  const imports: Import[] = [];
  let isBarrel: boolean | undefined;
  for (const match of text.matchAll(ANY)) {
    const [, defaultName, clause = '', imported, list = '', passedOn, other] = match;
    if (imported !== undefined) {
      const { names, as } = namesIn(clause);
      imports.push({
        specifier: imported,
        names: defaultName === undefined ? names : [...names, 'default'],
        as: defaultName === undefined ? as : [...as, defaultName],
        brings: clause.startsWith('*') ? 'all' : 'named',
        isPassedOn: (isBarrel ??= isBarrelText(text)),
      });
    } else if (passedOn !== undefined)
      imports.push({
        specifier: passedOn,
        ...namesIn(list),
        brings: list === '*' ? 'star' : list.startsWith('*') ? 'all' : 'named',
        isPassedOn: true,
      });
    else if (other !== undefined)
      imports.push({ specifier: other, names: [], as: [], brings: 'all', isPassedOn: false });
  }
  return imports;
}

/** The names in `{ a, type b, c as d }` or `* as e`, and what they are called from there on. */
function namesIn(clause: string): { names: string[]; as: string[] } {
  const names: string[] = [];
  const as: string[] = [];
  for (const item of clause.replace(COMMENT, '').replace(/[{}]/g, '').split(',')) {
    const match = ITEM.exec(item);
    if (!match) continue;
    names.push(match[1] as string);
    as.push(match[2] ?? (match[1] as string));
  }
  return { names, as };
}

/** Whether a file has no code of its own. Piece by piece, so that other files are left at their first statement. */
function isBarrelText(text: string): boolean {
  for (PIECE.lastIndex = 0; PIECE.lastIndex < text.length;) if (!PIECE.test(text)) return false;
  return true;
}
