/**
 * lint-staged: the linter among the commands for staged files.
 */
import type { Json } from './json.ts';
import { isObject, parseObject, setValue } from './json.ts';
import { LINTS, type Project } from './project.ts';

/** Linted by ESLint or not, as its configuration has it. */
export const SCRIPT_GLOB = '*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}';
const RANGE = '^16.1.0';

const JSON_FILES = ['.lintstagedrc', '.lintstagedrc.json'];
const OTHER_FILES = [
  '.lintstagedrc.yaml',
  '.lintstagedrc.yml',
  ...['.lintstagedrc', 'lint-staged.config'].flatMap((name) =>
    ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `${name}.${extension}`),
  ),
];

export function usesLintStaged({ manifest, draft }: Project): boolean {
  return manifest['lint-staged'] !== undefined || draft.first([...JSON_FILES, ...OTHER_FILES]) !== undefined;
}

/** @param command what lints the files that are appended to it */
export function setUpLintStaged(project: Project, command: string): void {
  const { draft, manifest, plan } = project;
  const file = draft.first([...JSON_FILES, ...OTHER_FILES]);
  const text = (file && draft.read(file)) ?? '';
  const isJson = file !== undefined && JSON_FILES.includes(file) && text.trimStart().startsWith('{');
  const config = manifest['lint-staged'] ?? (isJson ? parseObject(file, text) : undefined);
  const place = manifest['lint-staged'] === undefined && file !== undefined ? file : 'package.json';

  if (config === undefined && file === undefined) {
    project.editManifest(['lint-staged'], { [SCRIPT_GLOB]: command });
    project.addDevDependency('lint-staged', RANGE);
    return;
  }
  if (lints(project, config ?? text)) {
    plan.kept.push(`lint-staged lints staged files (${place}).`);
    return;
  }
  if (!isObject(config) || !Object.values(config).every(isCommands)) {
    plan.advice.push(
      `${place} is not edited. Add to lint-staged's configuration:\n\n    '${SCRIPT_GLOB}': '${command}',`,
    );
    return;
  }
  for (const [glob, commands] of additions(config, command)) {
    if (place === 'package.json') project.editManifest(['lint-staged', glob], commands);
    else draft.write(place, setValue(draft.read(place) ?? '', [glob], commands));
  }
}

/**
 * Behind the commands that the same files have, because lint-staged runs different entries side by side, and a
 * formatter may be writing what the linter reads.
 */
function additions(config: Readonly<Record<string, Json>>, command: string): [string, Json][] {
  const covering = Object.entries(config).filter(
    ([glob]) => extensionsOf(glob).some(isScript) || /(?:^|\/)\*{1,2}$/.test(glob),
  );
  if (covering.length === 0) return [[SCRIPT_GLOB, command]];
  return covering.map(([glob, commands]) => [glob, [...[commands].flat(), command] as Json]);
}

function isCommands(value: Json): boolean {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}

function lints(project: Project, value: Json): boolean {
  if (typeof value === 'string') return project.mentions(value, LINTS);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner) => lints(project, inner));
}

function isScript(extension: string): boolean {
  return /^[cm]?[jt]sx?$/.test(extension);
}

/** The extensions that a glob names: `ts` and `tsx` for `src/*.ts?(x)`, `*.{ts,tsx}` and the like. */
function extensionsOf(glob: string): string[] {
  const [, end = ''] = /\.([^./]*)$/.exec(glob) ?? [];
  return end.split(/[^a-z0-9]+/i).filter((part) => part !== '');
}
