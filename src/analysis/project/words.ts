/**
 * The words by which the catalog sorts files before anything is parsed. A word list must hold every spelling by
 * which a file can have the thing: what it misses is never looked at.
 */
import { JOB_PACKAGES } from '../jobs/dialects/index.ts';
import { HANDLER_WORDS } from '../handlers/frameworks/index.ts';

export const MARKS = {
  /** Names a queue library in an import. */
  jobs: JOB_PACKAGES,
  /** Calls what can only be waiting for a job. */
  waits: /waitUntilFinished|\.finished\(\)/,
  /** Asks for states or listens to events, which waits for a job where the file knows of jobs. */
  asks: /getState|isCompleted|isFailed|isFinished|getJob\b|getJobState|['"`](?:global:)?completed['"`]/,
  /** Can write a file. */
  files:
    /writeFile|appendFile|WriteStream|copyFile|outputFile|outputJson|writeJson|toFile|unlink|rimraf|\brm(?:dir)?(?:Sync)?\b|\bremove(?:Sync)?\b|emptyDir|\bsave\b|\boutput\b|\.write\(|writeTextFile|writeZip|extractAllTo|saveAs|screenshot|\.pdf\(|\bcp\b|\.copy\(|pipeline/,
  /** Names a serializer that runs code or is bound to a runtime. */
  serializers: /\bv8\b|serialize|funcster|cryo|serialijse|\beval\b|\bFunction\b|\bvm2?\b|js-yaml/,
  /** Passes on what other files export. */
  reexports: /\bexport\s*(?:\*|\{[^}]*\})\s*from\b|module\.exports\s*=|\bexports\.\w+\s*=\s*require/,
  /** Sets NestJS' configuration up, or reads it. */
  settings: /['"`]@nestjs\/config['"`]/,
  /** Can hold a request handler. */
  handlers: HANDLER_WORDS,
} as const satisfies Record<string, RegExp>;

export type Mark = keyof typeof MARKS;
