/**
 * Who imports whom, in two readings. By files: every step of every import. By names: a barrel leads an importer only to
 * the files that can hold the names it imports, so that one file which names a queue library does not make all users
 * of a shared package reach it.
 */
import type { ExportedNames } from './exported-names.ts';
import type { Import } from './imports.ts';

/** An import with the file that its specifier means. */
export interface FileImport extends Import {
  file: string;
}

export interface GraphFile {
  exported: () => ExportedNames;
  imports: readonly FileImport[];
}

type Edges = Map<string, string[]>;

/** What a file passes on: by the names of lists, and from files that are passed on as a whole. */
interface PassedOn {
  byName: Map<string, FileImport[]>;
  stars: string[];
}

/** The barrels at which some names were asked for. */
type Asked = Map<readonly string[], Set<string>>;

export class ImportGraph {
  readonly #files: ReadonlyMap<string, GraphFile>;
  readonly #passedOn = new Map<string, PassedOn | undefined>();
  readonly #wholes = new Map<string, ReadonlySet<string>>();
  readonly #importers: Edges = new Map();
  #users: Edges | undefined;

  constructor(files: ReadonlyMap<string, GraphFile>) {
    this.#files = files;
    for (const [importer, { imports }] of files)
      for (const file of new Set(imports.map((item) => item.file))) add(this.#importers, file, importer);
  }

  /** The files that import a file directly. */
  importers(file: string): readonly string[] {
    return this.#importers.get(file) ?? [];
  }

  /** The files, and all that import them over any number of steps. */
  importing(files: readonly string[]): Set<string> {
    return closure(this.#importers, files);
  }

  /** The files, and all that can use or pass on anything of them, over any number of steps. */
  reaching(files: readonly string[]): ReadonlySet<string> {
    const reaching = closure((this.#users ??= this.#usersByName()), files);
    const barrels: string[] = [];
    for (const file of this.#files.keys())
      if (this.#passedOnBy(file) && [...this.#whole(file)].some((part) => reaching.has(part)))
        barrels.push(file);
    for (const barrel of barrels) reaching.add(barrel);
    return reaching;
  }

  #usersByName(): Edges {
    const users: Edges = new Map();
    for (const [file, { imports }] of this.#files) {
      const brought = new Set<string>();
      for (const item of imports) if (!item.isPassedOn) this.#bring(item, brought, new Map());
      for (const from of brought) add(users, from, file);
    }
    return users;
  }

  /** Adds the files that an import can bring in. */
  #bring(item: FileImport, brought: Set<string>, asked: Asked): void {
    if (item.brings === 'all') for (const part of this.#whole(item.file)) brought.add(part);
    else {
      brought.add(item.file);
      this.#bringPassed(item.file, item.names, brought, asked);
    }
  }

  /** Adds what a file passes on under some names. */
  #bringPassed(file: string, names: readonly string[], brought: Set<string>, asked: Asked): void {
    const passedOn = this.#passedOnBy(file);
    if (!passedOn) return;
    // Barrels can pass each other on in circles.
    const files = asked.get(names) ?? new Set();
    if (files.has(file)) return;
    asked.set(names, files.add(file));
    for (const name of names)
      for (const item of passedOn.byName.get(name) ?? []) this.#bring(item, brought, asked);
    for (const star of passedOn.stars) {
      const exported = this.#files.get(star)?.exported();
      if (exported && names.some((name) => exported.canHave(name))) brought.add(star);
      this.#bringPassed(star, names, brought, asked);
    }
  }

  /** The file with all that it passes on. */
  #whole(file: string): ReadonlySet<string> {
    let whole = this.#wholes.get(file);
    if (!whole) {
      const found = new Set([file]);
      for (const part of found)
        for (const item of this.#files.get(part)?.imports ?? []) if (item.isPassedOn) found.add(item.file);
      this.#wholes.set(file, (whole = found));
    }
    return whole;
  }

  #passedOnBy(file: string): PassedOn | undefined {
    if (this.#passedOn.has(file)) return this.#passedOn.get(file);
    const passed = this.#files.get(file)?.imports.filter((item) => item.isPassedOn) ?? [];
    let passedOn: PassedOn | undefined;
    if (passed.length > 0) {
      passedOn = { byName: new Map(), stars: [] };
      for (const item of passed)
        if (item.brings === 'star') passedOn.stars.push(item.file);
        else
          for (const [index, name] of item.as.entries())
            add(passedOn.byName, name, { ...item, names: item.names.slice(index, index + 1) });
    }
    this.#passedOn.set(file, passedOn);
    return passedOn;
  }
}

function closure(edges: Edges, files: readonly string[]): Set<string> {
  const found = new Set(files);
  // A set is walked in the order of insertion, what is added meanwhile included.
  for (const file of found) for (const next of edges.get(file) ?? []) found.add(next);
  return found;
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
