/**
 * Foreign files as modules: parsed on demand, kept while they do not change, bounded in number.
 */
import { readFileSync, statSync } from 'node:fs';
import { debuglog } from 'node:util';
import { SourceModule } from '../source/module.ts';
import { isUnreadable, parseText, scopesOf } from './parse.ts';

const debug = debuglog('async-tasks');

interface Kept {
  mtimeMs: number;
  size: number;
  module: SourceModule | undefined;
}

export interface StoreLimits {
  /** Modules kept parsed at once; the least recently used goes first. */
  modules: number;
  /** Bytes of a file that is still parsed. */
  fileSize: number;
}

export class ModuleStore {
  readonly #kept = new Map<string, Kept>();
  readonly #limits: StoreLimits;

  constructor(limits: Partial<StoreLimits> = {}) {
    this.#limits = { modules: 1_500, fileSize: 1_000_000, ...limits };
  }

  /** Every module is compared with the disk again. Returns whether one of them changed. */
  refresh(): boolean {
    let changed = false;
    for (const [file, kept] of this.#kept) {
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat?.mtimeMs === kept.mtimeMs && stat.size === kept.size) {
        continue;
      }
      changed = true;
      this.#kept.delete(file);
    }
    return changed;
  }

  /** The file as a module; `undefined` when it cannot be read, is too large or does not parse. */
  load(file: string): SourceModule | undefined {
    const kept = this.#kept.get(file);
    if (kept) {
      this.#kept.delete(file);
      this.#kept.set(file, kept);
      return kept.module;
    }
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return undefined;
    const module = stat.size <= this.#limits.fileSize ? parseFile(file) : undefined;
    this.#kept.set(file, { mtimeMs: stat.mtimeMs, size: stat.size, module });
    if (this.#kept.size > this.#limits.modules) {
      const oldest = this.#kept.keys().next();
      if (!oldest.done) this.#kept.delete(oldest.value);
    }
    return module;
  }
}

function parseFile(file: string): SourceModule | undefined {
  try {
    return parseModule(file, readFileSync(file, 'utf8'));
  } catch (error) {
    debug('cannot read %s: %s', file, error);
    return undefined;
  }
}

/** Parses a text as the module at `file`; `undefined` when it has syntax errors or no parser can be loaded. */
export function parseModule(file: string, text: string): SourceModule | undefined {
  const parsed = parseText(file, text);
  if (!parsed || isUnreadable(parsed)) return undefined;
  return new SourceModule({
    path: file,
    text,
    ast: parsed.ast,
    visitorKeys: parsed.visitorKeys,
    linted: false,
    scopes: () => scopesOf(parsed),
  });
}
