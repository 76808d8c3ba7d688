/**
 * The models of a project's Prisma schema: a generated client exports models and enums alike, and only the schema
 * says which is which.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../modules/root.ts';
import type { SourceModule } from '../source/module.ts';

export interface PrismaSchema {
  /** Types of the fields by model, as they are written, without `?` and `[]`. */
  readonly models: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The fields by which the database knows a record of a model, alone or together: keys and unique constraints. */
  readonly keys: ReadonlyMap<string, readonly (readonly string[])[]>;
}

const PLACES = [
  'prisma',
  'src/prisma',
  'src/lib/prisma',
  'db',
  'src/db',
  '.',
  'schema',
  'database',
  'src/database',
];
const WORKSPACES = ['packages', 'libs', 'apps', 'services'];

const byFolder = new Map<string, readonly string[]>();
const parsed = new Map<string, { stamp: string; schema: PrismaSchema }>();

/** The schema that a file's client is generated from; `undefined` when none is found around it. */
export function prismaSchema(file: string): PrismaSchema | undefined {
  const files = schemaFiles(path.dirname(file));
  if (files.length === 0) return undefined;
  const stamp = files.map((name) => statSync(name, { throwIfNoEntry: false })?.mtimeMs).join();
  const key = files.join('\n');
  const known = parsed.get(key);
  if (known?.stamp === stamp) return known.schema;
  const text = files.map(readText).join('\n');
  const schema = { models: parseModels(text), keys: parseKeys(text) };
  parsed.set(key, { stamp, schema });
  return schema;
}

/** Names that enums have, for a client whose schema is not among the files. */
const ENUM_NAME =
  /^Enum|(?:Status|State|Type|Kind|Roles?|Level|Priority|Category|Mode|Provider|Plan|Tier|Frequency|Interval|Visibility|Permissions?|Channel|Gender|Sex|Currency|Language|Locale|Method|Reason|Source|Format|Action|Stage|Phase|Scope|Direction|Severity|Country|Units?|Size|Colou?r|Platform|Outcome|Result|Position|Period|Strategy|Code|Day|Enum)$/;

/** Whether a name that a Prisma client exports is a model. */
export function prismaModel(name: string, module: SourceModule): boolean {
  return prismaSchema(module.path)?.models.has(name) ?? !ENUM_NAME.test(name);
}

export function parseModels(text: string): Map<string, Map<string, string>> {
  const models = new Map<string, Map<string, string>>();
  for (const { name, body } of blocksIn(text)) {
    const fields = new Map<string, string>();
    for (const [, field = '', type = ''] of body.matchAll(/^[ \t]*(\w+)[ \t]+(\w+)/gm))
      fields.set(field, type);
    models.set(name, fields);
  }
  return models;
}

export function parseKeys(text: string): Map<string, string[][]> {
  const keys = new Map<string, string[][]>();
  for (const { name, body } of blocksIn(text)) {
    const single = [...body.matchAll(/^[ \t]*(\w+)[ \t]+\w+.*?@(?:id|unique)\b/gm)].map(([, field = '']) => [
      field,
    ]);
    const composed = [...body.matchAll(/@@(?:id|unique)\(\s*(?:fields:\s*)?\[([^\]]*)\]/g)].map(
      ([, list = '']) => [...list.matchAll(/(\w+)(?:\([^)]*\))?/g)].map(([, field = '']) => field),
    );
    keys.set(name, [...single, ...composed]);
  }
  return keys;
}

function blocksIn(text: string): { name: string; body: string }[] {
  const withoutComments = text.replace(/\/\/.*$/gm, '');
  return [...withoutComments.matchAll(/^[ \t]*(?:model|view)\s+(\w+)\s*\{([^}]*)\}/gm)].map(
    ([, name = '', body = '']) => ({ name, body }),
  );
}

function schemaFiles(start: string): readonly string[] {
  const known = byFolder.get(start);
  if (known) return known;
  const found = findSchema(start);
  byFolder.set(start, found);
  return found;
}

/** Upwards, the nearest first; at each level also inside the packages of a workspace. */
function findSchema(start: string): readonly string[] {
  // Nothing outside the project is read.
  const root = projectRoot(path.join(start, 'file'), start);
  for (let folder = start; ; folder = path.dirname(folder)) {
    const here = PLACES.map((place) => path.join(folder, place));
    const packages = WORKSPACES.flatMap((name) => foldersIn(path.join(folder, name)));
    for (const place of [...here, ...packages.flatMap((name) => [path.join(name, 'prisma'), name])]) {
      const files = schemaIn(place);
      if (files.length > 0) return files;
    }
    if (folder === root || path.dirname(folder) === folder) return [];
  }
}

function schemaIn(folder: string): string[] {
  const single = path.join(folder, 'schema.prisma');
  if (existsSync(single)) {
    // A schema of several files keeps the models beside it, or in a folder below.
    const more = ['models', 'schema'].flatMap((name) => prismaFiles(path.join(folder, name)));
    return [single, ...prismaFiles(folder).filter((file) => file !== single), ...more];
  }
  return prismaFiles(path.join(folder, 'schema'));
}

function prismaFiles(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'))
    .map((entry) => path.join(folder, entry.name));
}

function foldersIn(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name));
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // no such folder
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
