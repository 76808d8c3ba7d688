/**
 * The project's source files seen from afar: which words each mentions and what it imports, by a scan of the
 * text, without parsing. It answers, for next to nothing, whether a file can concern jobs at all.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ExportedNames } from './exported-names.ts';
import { ImportGraph, type FileImport, type GraphFile } from './import-graph.ts';
import { importsIn } from './imports.ts';
import { candidates, type Resolver } from './resolver.ts';
import { walkSources } from './walk.ts';

/** Words by which a file is sorted, by mark name. */
export type Marks<M extends string> = Readonly<Record<M, RegExp>>;

interface Entry<M extends string> {
  mtimeMs: number;
  size: number;
  text: string;
  /** Looked for when first asked: most words are never asked for. */
  marks: Map<M, boolean>;
  imports: readonly FileImport[] | undefined;
  exported: ExportedNames | undefined;
}

export interface CatalogLimits {
  /** Files listed at most; what lies beyond is not known to the index. */
  files: number;
  /** Bytes of a file that is still read. */
  fileSize: number;
}

const LIMITS: CatalogLimits = { files: 20_000, fileSize: 1_000_000 };
const WALK_INTERVAL = 2_000;

export class Catalog<M extends string> {
  readonly root: string;
  /** Package folders by package name, for workspaces that are not installed. */
  readonly packages = new Map<string, string>();
  readonly #marks: Marks<M>;
  readonly #resolver: Resolver;
  readonly #limits: CatalogLimits;
  readonly #entries = new Map<string, Entry<M>>();
  #walkedAt = -Infinity;
  #reaching = new Map<string, ReadonlySet<string>>();
  #graph: ImportGraph | undefined;

  constructor(root: string, marks: Marks<M>, resolver: Resolver, limits: Partial<CatalogLimits> = {}) {
    this.root = root;
    this.#marks = marks;
    this.#resolver = resolver;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Looks at the disk again. Returns whether anything changed since the last time. */
  refresh(now: number): boolean {
    if (now - this.#walkedAt > WALK_INTERVAL) {
      this.#walkedAt = now;
      return this.#walk();
    }
    let changed = false;
    for (const [file, entry] of this.#entries) {
      const stat = statFile(file);
      if (stat?.mtimeMs === entry.mtimeMs && stat.size === entry.size) continue;
      changed = true;
      this.#read(file, stat);
    }
    if (changed) this.#forget();
    return changed;
  }

  /** Takes a file's text as the linter has it, which may be newer than the disk. Returns whether it changed. */
  update(file: string, text: string): boolean {
    const before = this.#entries.get(file);
    // The text as it was read is kept where it is the same: one copy of it is enough.
    if (before?.text === text) return false;
    if (before && this.#saysTheSame(before, text)) {
      before.text = text;
      before.exported = undefined;
      return false;
    }
    const entry: Entry<M> = {
      mtimeMs: before?.mtimeMs ?? 0,
      size: before?.size ?? -1,
      text: text.length <= this.#limits.fileSize ? text : '',
      marks: new Map(),
      imports: undefined,
      exported: undefined,
    };
    this.#entries.set(file, entry);
    this.#forget();
    return true;
  }

  has(file: string): boolean {
    return this.#entries.has(file);
  }

  get files(): IterableIterator<string> {
    return this.#entries.keys();
  }

  isMarked(file: string, mark: M): boolean {
    const entry = this.#entries.get(file);
    return entry !== undefined && this.#has(entry, mark);
  }

  /** Whether a text occurs anywhere in a file. */
  mentions(file: string, text: string): boolean {
    return this.#entries.get(file)?.text.includes(text) ?? false;
  }

  /** Whether a file itself can export something of this name. */
  canExport(file: string, name: string): boolean {
    const entry = this.#entries.get(file);
    return entry !== undefined && exportedBy(entry).canHave(name);
  }

  /** Files that mention a mark's words, sorted. */
  marked(mark: M): string[] {
    const files: string[] = [];
    for (const [file, entry] of this.#entries) if (this.#has(entry, mark)) files.push(file);
    return files.sort();
  }

  /**
   * Whether a file has a mark or imports, over any number of steps, one that has. A file the catalog does not
   * list (it is too large, ignored, or too many) is said to reach nothing. With `within` only those files with the
   * mark count that themselves reach one with the other mark.
   */
  reaches(file: string, mark: M, within?: M): boolean {
    const key = within === undefined ? mark : `${mark} ${within}`;
    let reaching = this.#reaching.get(key);
    if (!reaching) {
      const seeds = this.marked(mark);
      reaching = this.#imports.reaching(
        within === undefined ? seeds : seeds.filter((seed) => this.reaches(seed, within)),
      );
      this.#reaching.set(key, reaching);
    }
    return reaching.has(file);
  }

  /** Files that import this one, over any number of barrels and other steps. */
  importersOf(file: string): ReadonlySet<string> {
    const importers = this.#imports.importing([file]);
    importers.delete(file);
    return importers;
  }

  /** Files that import this one directly, or through files with a mark: users of what barrels pass on. */
  usersOf(file: string, through: M): string[] {
    const users = new Set<string>();
    const queue = [file];
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      for (const importer of this.#imports.importers(next)) {
        if (users.has(importer) || importer === file) continue;
        users.add(importer);
        if (this.isMarked(importer, through)) queue.push(importer);
      }
    return [...users].sort();
  }

  get #imports(): ImportGraph {
    if (!this.#graph) {
      const files = new Map<string, GraphFile>();
      for (const [file, entry] of this.#entries)
        files.set(file, {
          exported: () => exportedBy(entry),
          imports: (entry.imports ??= this.#resolveAll(file, entry.text)),
        });
      this.#graph = new ImportGraph(files);
    }
    return this.#graph;
  }

  #resolveAll(from: string, text: string): FileImport[] {
    return importsIn(text).flatMap((item) => {
      const file = this.#listed(from, item.specifier) ?? this.#resolver.resolve(from, item.specifier);
      return file === undefined ? [] : { ...item, file };
    });
  }

  /** The listed file that a relative specifier means, without asking the disk. */
  #listed(from: string, specifier: string): string | undefined {
    if (!specifier.startsWith('.')) return undefined;
    const target = path.resolve(path.dirname(from), specifier);
    for (const candidate of candidates(target)) if (this.#entries.has(candidate)) return candidate;
    return undefined;
  }

  #forget(): void {
    this.#reaching.clear();
    this.#graph = undefined;
  }

  #walk(): boolean {
    this.packages.clear();
    const found = walkSources(this.root, { limit: this.#limits.files, packages: this.packages });
    let changed = false;
    for (const file of this.#entries.keys())
      if (!found.has(file)) {
        this.#entries.delete(file);
        changed = true;
      }
    for (const file of found) {
      const entry = this.#entries.get(file);
      const stat = statFile(file);
      if (entry && stat?.mtimeMs === entry.mtimeMs && stat.size === entry.size) continue;
      changed = true;
      this.#read(file, stat);
    }
    if (changed) {
      // A new file can shadow the one a specifier resolved to so far.
      for (const entry of this.#entries.values()) entry.imports = undefined;
      this.#resolver.forget(this.packages);
      this.#forget();
    }
    return changed;
  }

  #read(file: string, stat: { mtimeMs: number; size: number } | undefined): void {
    if (!stat) {
      this.#entries.delete(file);
      return;
    }
    let text = '';
    if (stat.size <= this.#limits.fileSize)
      try {
        text = readFileSync(file, 'utf8');
      } catch {
        // unreadable: listed, but without words or imports
      }
    this.#entries.set(file, { ...stat, text, marks: new Map(), imports: undefined, exported: undefined });
  }

  /** Whether a new text has the words, imports and exports of the old one, as far as anybody has asked. */
  #saysTheSame(entry: Entry<M>, text: string): boolean {
    if (entry.exported && !entry.exported.equals(new ExportedNames(text))) return false;
    for (const [mark, has] of entry.marks) if (this.#marks[mark].test(text) !== has) return false;
    return JSON.stringify(importsIn(entry.text)) === JSON.stringify(importsIn(text));
  }

  #has(entry: Entry<M>, mark: M): boolean {
    let has = entry.marks.get(mark);
    if (has === undefined) {
      has = this.#marks[mark].test(entry.text);
      entry.marks.set(mark, has);
    }
    return has;
  }
}

function exportedBy(entry: { text: string; exported: ExportedNames | undefined }): ExportedNames {
  return (entry.exported ??= new ExportedNames(entry.text));
}

function statFile(file: string): { mtimeMs: number; size: number } | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && { mtimeMs: stat.mtimeMs, size: stat.size };
}
