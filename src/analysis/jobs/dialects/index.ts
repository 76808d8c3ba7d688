/**
 * The queue libraries that are understood.
 */
import { bull } from './bull.ts';
import { bullmq } from './bullmq.ts';
import type { Dialect, Role } from './dialect.ts';
import { nestjsBull } from './nestjs-bull.ts';
import { nestjsBullmq } from './nestjs-bullmq.ts';
import { nestjsBullmqPro } from './nestjs-bullmq-pro.ts';

export type { Dialect, EnqueueForm, Role } from './dialect.ts';

export const dialects: readonly Dialect[] = [bullmq, nestjsBullmq, nestjsBullmqPro, bull, nestjsBull];

/** Matches a file that names one of the libraries in an import. */
export const JOB_PACKAGES = new RegExp(
  `['"\`](?:${dialects
    .flatMap((dialect) => dialect.packages)
    .map((name) => name.replace(/[/@.-]/g, '\\$&'))
    .join('|')})['"\`]`,
);

/**
 * Matches a file that imports more of a library than types of options and states. Whoever imports a file with nothing
 * more has no queue, worker or job from there.
 */
export const JOB_ACTORS = new RegExp(
  `(?<!\\bimport\\s*(?:type\\s*)?\\{(?:[\\s,]|\\btype\\b|\\b\\w*(?:Options|Opts|Status|State|Id)\\b)*\\}\\s*from\\s*)${JOB_PACKAGES.source}`,
);

export interface Recognized {
  role: Role;
  dialect: Dialect;
}

const classPaths = new Map<string, Recognized>();
const instancePaths = new Map<string, Recognized>();
for (const dialect of dialects)
  for (const packageName of dialect.packages) {
    const enter = (paths: Map<string, Recognized>, table: Dialect['instances'], suffix: string): void => {
      for (const [role, names] of Object.entries(table ?? {}) as [Role, readonly string[]][])
        for (const name of names)
          paths.set(`${packageName}:${name === '' ? '' : `.${name}`}${suffix}`, { role, dialect });
    };
    enter(classPaths, dialect.classes, '');
    enter(instancePaths, dialect.classes, '#');
    enter(instancePaths, dialect.instances, '');
  }
// Bull's constructor may be called without `new`.
const bullCall = instancePaths.get('bull:#');
if (bullCall) instancePaths.set('bull:()', bullCall);

/** The role of a library's class, by the path of the value. */
export function classRole(path: string): Recognized | undefined {
  return classPaths.get(path);
}

/** The role of an instance of a library's class, by the path of the value. */
export function instanceRole(path: string): Recognized | undefined {
  return instancePaths.get(path);
}

export function nestDialects(): readonly Dialect[] {
  return dialects.filter((dialect) => dialect.nest !== undefined);
}
