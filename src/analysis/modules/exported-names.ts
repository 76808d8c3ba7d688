/**
 * What a file can export, by a scan of its text. It may say too much, never too little: who asks wants to leave out
 * files, and opens the others to see.
 */

const EXPORT = /\bexports?\b/g;
/** What follows `export` in a declaration of one name: the word `default`, the kind and the name. */
const DECLARATION =
  /\s+(?:(default)\s+)?(?:(?:declare|abstract|async)\s+)*(const\s+enum|const|let|var|function\s*\*?|class|enum|interface|type|namespace|module)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/uy;
const WORD = /[\p{ID_Continue}$]+/gu;
/** `b` in `export const a = 1, b = 2`, and much else. */
const BEHIND_ANOTHER =
  /(?<=,(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*)[\p{ID_Start}$_][\p{ID_Continue}$]*(?=[ \t]*(?:[=:;,!/\r\n]|$))/gu;
const DEFAULT = /\s+default\b/y;

export class ExportedNames {
  readonly #text: string;
  readonly #names = new Set<string>();
  /** Whether something is exported by a list, a pattern, an assignment: any word of the text can be its name. */
  #isOpen = false;
  #hasVariables = false;
  #found: ReadonlySet<string> | undefined;

  constructor(text: string) {
    this.#text = text;
    for (const { index, 0: word } of text.matchAll(EXPORT)) {
      DECLARATION.lastIndex = DEFAULT.lastIndex = index + word.length;
      const declaration = word === 'export' ? DECLARATION.exec(text) : null;
      if (declaration) {
        const [, isDefault, kind, name] = declaration as unknown as [string, string?, string?, string?];
        this.#names.add(isDefault ?? (name as string));
        if (kind === 'const' || kind === 'let' || kind === 'var') this.#hasVariables = true;
      } else if (word === 'export' && DEFAULT.test(text)) this.#names.add('default');
      else this.#isOpen = true;
    }
  }

  /** Whether two texts export the same, as far as the names say. */
  equals(other: ExportedNames): boolean {
    return (
      this.#isOpen === other.#isOpen &&
      this.#hasVariables === other.#hasVariables &&
      this.#names.size === other.#names.size &&
      [...this.#names].every((name) => other.#names.has(name))
    );
  }

  /** Whether the file itself can export something of this name; what `export *` passes on is not asked for. */
  canHave(name: string): boolean {
    return this.#names.has(name) || this.#others.has(name);
  }

  /** The words that can be names besides those that are declared one by one. */
  get #others(): ReadonlySet<string> {
    if (!this.#found) {
      const words = this.#isOpen ? WORD : this.#hasVariables ? BEHIND_ANOTHER : undefined;
      this.#found = new Set(words && this.#text.match(words));
    }
    return this.#found;
  }
}
