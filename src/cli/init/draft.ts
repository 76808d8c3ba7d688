/**
 * The files of a project as `init` would leave them. Nothing is written before `save`.
 */
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { UsageError } from '../command.ts';

export interface Change {
  /** Relative to the root, with forward slashes. */
  file: string;
  /** Undefined for a file that is new. */
  before: string | undefined;
  after: string;
}

export class Draft {
  readonly root: string;
  readonly #before = new Map<string, string | undefined>();
  readonly #after = new Map<string, string>();
  readonly #executable = new Set<string>();

  constructor(root: string) {
    this.root = root;
  }

  /**
   * The text of a file with the edits made so far, without a byte order mark; undefined where there is no file.
   *
   * @throws {UsageError} when it cannot be read as text.
   */
  read(file: string): string | undefined {
    return this.#after.get(file) ?? this.#original(file);
  }

  has(file: string): boolean {
    return this.#after.has(file) || isFile(path.join(this.root, file));
  }

  /** The first of these files that is there. */
  first(files: readonly string[]): string | undefined {
    return files.find((file) => this.has(file));
  }

  hasFolder(folder: string): boolean {
    return statSync(path.join(this.root, folder), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  /** Names in a folder, in order; none where there is no such folder. */
  list(folder: string): string[] {
    return this.hasFolder(folder) ? readdirSync(path.join(this.root, folder)).sort() : [];
  }

  write(file: string, text: string, { executable = false } = {}): void {
    this.#original(file);
    this.#after.set(file, text);
    if (executable) this.#executable.add(file);
  }

  changes(): Change[] {
    return [...this.#after]
      .map(([file, after]) => ({ file, before: this.#before.get(file), after }))
      .filter(({ before, after }) => before !== after);
  }

  /** @throws {UsageError} when a file cannot be written, or has changed since it was read. */
  save(): void {
    const changes = this.changes();
    for (const { file, before } of changes) {
      if (read(this.root, file) !== before)
        throw new UsageError(`${file} has changed in the meantime. Nothing was written; run init again.`);
      if (before !== undefined && !isWritable(path.join(this.root, file)))
        throw new UsageError(`${file} is read-only. Nothing was written.`);
    }
    for (const [index, { file, before, after }] of changes.entries()) {
      const target = path.join(this.root, file);
      try {
        mkdirSync(path.dirname(target), { recursive: true });
        const mark = before !== undefined && readFileSync(target, 'utf8').startsWith(BOM) ? BOM : '';
        writeFileSync(target, mark + after, { mode: this.#executable.has(file) ? 0o777 : 0o666 });
      } catch (error) {
        const written = changes.slice(0, index).map((change) => change.file);
        throw new UsageError(
          `${file} could not be written: ${(error as Error).message}.${written.length > 0 ? ` Written before it: ${written.join(', ')}.` : ''}`,
        );
      }
    }
  }

  #original(file: string): string | undefined {
    if (!this.#before.has(file)) this.#before.set(file, read(this.root, file));
    return this.#before.get(file);
  }
}

const BOM = '\uFEFF';

function read(root: string, file: string): string | undefined {
  const target = path.join(root, file);
  if (!isFile(target)) return undefined;
  try {
    // Strict, because what is not read faithfully would be written back changed.
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(target));
  } catch (error) {
    throw new UsageError(`${file} cannot be read as text: ${(error as Error).message}.`);
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    // The superuser may write everything; a file that its owner made read-only is left alone all the same.
    return (statSync(file).mode & 0o200) !== 0;
  } catch {
    return false;
  }
}
