/**
 * What has changed since a revision, as git tells it.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../command.ts';

const run = promisify(execFile);

/** First and last line, one-based. */
type Lines = readonly [number, number];

export class Changes {
  readonly #lines: ReadonlyMap<string, readonly Lines[]>;

  /** By absolute path. */
  constructor(lines: ReadonlyMap<string, readonly Lines[]>) {
    this.#lines = lines;
  }

  /** Whether one of the lines of a file, both ends included, has changed. */
  touch(file: string, line: number, endLine: number): boolean {
    return (this.#lines.get(file) ?? []).some(([first, last]) => first <= endLine && line <= last);
  }
}

/**
 * The lines that differ between the working tree and where it left a revision. A file that git does not know yet has
 * changed as a whole.
 *
 * @throws {UsageError} when there is no git, no repository or no such revision.
 */
export async function changesSince(cwd: string, revision: string): Promise<Changes> {
  const root = await git(cwd, 'rev-parse', '--show-toplevel').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT')
      throw new UsageError('`--changed-since` needs git, which is not installed.');
    throw new UsageError('`--changed-since` needs a git repository, and this folder is in none.');
  });
  const top = root.replace(/\r?\n$/, '');
  const commit = await git(
    top,
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ).catch(() => {
    throw new UsageError(
      `Git knows no revision \`${revision}\`. In CI, fetch it first: a shallow clone has only the newest commit.`,
    );
  });
  const since = commit.trim();
  // What the revision has got in the meantime is not a change of ours. Without common history it is compared as it is.
  const base = (await git(top, 'merge-base', since, 'HEAD').catch(() => since)).trim();
  const diff = await git(
    top,
    '-c',
    'core.quotePath=false',
    'diff',
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    base,
    '--',
  );
  const lines = changedLines(diff, top);
  const untracked = await git(top, 'ls-files', '--others', '--exclude-standard', '-z');
  for (const file of untracked.split('\0')) if (file !== '') lines.set(path.join(top, file), [[1, Infinity]]);
  return new Changes(lines);
}

/** The lines that a diff without context adds or changes, by absolute path. */
export function changedLines(diff: string, top: string): Map<string, Lines[]> {
  const changed = new Map<string, Lines[]>();
  let file: string | undefined;
  // Lines of the files themselves are counted, so that none is taken for a header.
  let left = 0;
  for (const line of diff.split('\n')) {
    const hunk = left > 0 ? null : /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (left > 0) {
      if (!line.startsWith('\\')) left--;
    } else if (hunk) {
      const [, removed = '1', start = '0', added = '1'] = hunk;
      left = Number(removed) + Number(added);
      // Where lines were only removed, what has changed is what now stands around the place.
      const first = Number(start);
      const last = Number(added) === 0 ? first + 1 : first + Number(added) - 1;
      if (file !== undefined) changed.set(file, [...(changed.get(file) ?? []), [first, last]]);
    } else if (line.startsWith('+++ ')) {
      const name = unquoted(line.slice(4).replace(/\t$/, ''));
      file = name === '/dev/null' ? undefined : path.join(top, name.replace(/^b\//, ''));
    }
  }
  return changed;
}

/** A name with quotes, backslashes or control characters is written as a string of C. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  return name.slice(1, -1).replace(/\\(.)/g, (_, character: string) => {
    const known: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
    return known[character] ?? character;
  });
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, maxBuffer: 1 << 30 });
  return stdout;
}
