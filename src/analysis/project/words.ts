/**
 * The words by which the catalog sorts files before anything is parsed. A word list must hold every spelling by
 * which a file can have the thing: what it misses is never looked at.
 */
import { JOB_ACTORS, JOB_PACKAGES } from '../jobs/dialects/index.ts';
import { HANDLER_WORDS } from '../handlers/frameworks/index.ts';

/** Bull is a function that makes a queue; its other names are types. */
const BULL_ITSELF =
  /\bimport\s+(?!type\b)(?:\w|\*)[^;'"`]*['"`]bull['"`]|\b(?:require|import)\s*\(\s*['"`]bull['"`]/;

export const MARKS = {
  /** Names a queue library in an import. */
  jobs: JOB_PACKAGES,
  /** Can have a queue, a worker or a job of it, or lead to one. */
  actors: JOB_ACTORS,
  /** Calls what can only be waiting for a job. */
  waits: /waitUntilFinished|\.finished\(\)/,
  /** Asks for states again and again, or has a promise or `once` wait for an event: where the file knows of jobs. */
  asks: /^(?=[^]*(?:getState|isCompleted|isFailed|isFinished|getJob\b|getJobState))[^]*(?:\bwhile\s*\(|\bfor\s*\((?!\s*(?:const|let|var)\s[^;=]*\sof\b)|setInterval)|^(?=[^]*['"`](?:global:)?completed['"`])[^]*(?:\bonce\b|p-event|\bnew\s+Promise\b)/,
  /** Can write a file. */
  files:
    /writeFile|appendFile|WriteStream|copyFile|outputFile|outputJson|writeJson|toFile|unlink|rimraf|\brm(?:dir)?(?:Sync)?\b|\bremove(?:Sync)?\b|emptyDir|\bsave\b|\boutput\b|\.write\(|writeTextFile|writeZip|extractAllTo|saveAs|WorkbookWriter|screenshot|\.pdf\(|\bcp\b|\.copy\(|pipeline/,
  /** Names a client of object storage. */
  objects:
    /aws-sdk|cloud\/storage|firebase-admin|storage-blob|\bminio\b|cloudinary|supabase|vercel\/blob|ali-oss/,
  /** Can give work up after a time. */
  races: /\brace\b|p-?timeout|promise-timeout|await-timeout|bluebird|setTimeout/i,
  /** Names a serializer that runs code or is bound to a runtime. */
  serializers: /\bv8\b|serialize|funcster|cryo|serialijse|\beval\b|\bFunction\b|\bvm2?\b|js-yaml/,
  /** Asks how many attempts a job has had. */
  attempts: /attemptsMade/,
  /** Stores the data of a job. */
  stores: /\bupdate(?:Data)?\b/,
  /** Moves a job to another state. */
  moves: /\bmoveTo(?:Completed|Failed|Delayed|Wait|WaitingChildren)\b/,
  /** Can end the process. */
  exits: /\bexit\b/,
  /** Puts jobs into a queue, where the file knows of jobs. */
  enqueues: /\b(?:add|addBulk|upsertJobScheduler)\b/,
  /** Makes a queue, a worker or the like, itself or by a class that another file derives. */
  opens: new RegExp(
    `^(?=[^]*${JOB_PACKAGES.source})(?=[^]*(?:\\bnew\\s|\\bextends\\s|${BULL_ITSELF.source}))`,
  ),
  /** Runs something inside a database transaction. */
  transactions: /transaction|\bBEGIN\b|\.begin\(|\.tx(?:If)?\(/i,
  /** Can keep the event loop busy: synchronous functions, loops that look at the clock or have no body. */
  blocking:
    /\w(?:Sync|_sync)\b|\.sync\(|Atomics\.wait|deasync|sync-(?:request|fetch|rpc)|['"`]sleep['"`]|^(?=[^]*\bwhile\b)[^]*(?:\bnow\(|new Date|hrtime)|\bwhile\s*\([^\n]*\)\s*(?:;|\{\s*\})|\bfor\s*\([^\n]*(?:now\(|\de\d|\d[\d_]{6}|<=?\s*[A-Z])/,
  /** Can throw or reject with something that is no error. */
  nonErrors:
    /\bthrow\b(?!\s*(?:new\s+[\w.]*(?:Error|Exception)\b|e(?:rr(?:or)?)?\s*[;}\n]))|reject\b|new\s+Promise\b/,
  /** Can fail for a record that is not there. */
  missing:
    /\bthrow\b|OrThrow|[oO]rFail|throwIfNotFound|rejectOnEmpty|\bnew\s+\w*(?:Error|Exception)\b|\bassert|\binvariant\b/,
  /** Can catch a failure. */
  catches: /\bcatch\b/,
  /** Has multer keep uploads on the disk, in memory, or with a service whose `path` is a URL. */
  diskUploads: /\bdiskStorage\b|\bdest\s*:/,
  memoryUploads: /\bmemoryStorage\b|['"`]multer-s3/,
  remoteUploads: /['"`]multer-(?!s3|autoreap)[\w-]+['"`]|CloudinaryStorage/,
  /** Reads a `timeout` from the options of a job, and so cuts the work off by itself. */
  ownTimeout: /\bopts\??\.timeout\b|\btimeout\b[^;\n]*\}\s*=\s*[\w.]+\.opts\b/,
  /** Can wait for the network or a child process. */
  network: /\bfetch\b|axios|\bgot\b|child_process|execa|cross-spawn/,
  /** Can give all requests of one client a time limit, wherever in the project they are made. */
  fetchDefaults: /\bsetGlobalDispatcher\b/,
  axiosDefaults:
    /\bdefaults\s*\.\s*(?:timeout|signal)\b|interceptors\s*\.\s*request\s*\.\s*use\s*\([^]{0,800}?\b(?:timeout|signal)\b/,
  nestHttpDefaults:
    /\bHttpModule\s*\.\s*register|\baxiosRef\s*\.\s*defaults\b|axiosRef\s*\.\s*interceptors\s*\.\s*request/,
  /** Handles rejections that nobody else does. */
  unhandled: /['"`]unhandledRejection['"`]/,
  /** Passes on what other files export. */
  reexports: /\bexport\s*(?:\*|\{[^}]*\})\s*from\b|module\.exports\s*=|\bexports\.\w+\s*=\s*require/,
  /** Sets NestJS' configuration up, or reads it. */
  settings: /['"`]@nestjs\/config['"`]/,
  /** Reads what processors return. */
  results: /\breturnvalue\b|\bgetChildrenValues\b|\bwaitUntilFinished\b|\.finished\(/,
  /** Closes something when its process is told to stop. */
  closes:
    /^(?=[^]*\bclose\b)(?=[^]*(?:SIG(?:TERM|INT|HUP)|beforeExit|[oO]nClose\b|[sS]hut_?[dD]own|terminus|lightship|grace|exit-hook|death))/,
  /** Closes something on a signal. */
  signals: /^(?=[^]*\bclose\b)(?=[^]*SIG(?:TERM|INT))/,
  /** Has Nest call the hooks that close its workers. */
  shutdownHooks: /\benableShutdownHooks\b/,
  /** Has a class whose workers Nest makes. */
  nestProcessors: /@Processor\s*\(/,
  /** Can hold a request handler. */
  handlers: HANDLER_WORDS,
} as const satisfies Record<string, RegExp>;

export type Mark = keyof typeof MARKS;
