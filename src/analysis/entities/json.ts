/**
 * What JSON makes of values that are not plain data, as data: by the paths of `ExternalValue`. Everything said here
 * about what arrives is shown on BullMQ itself by the premise tests.
 */

export type LossKind =
  | 'date'
  | 'map'
  | 'set'
  | 'weak collection'
  | 'bigint'
  | 'function'
  | 'symbol'
  | 'regular expression'
  | 'error'
  | 'buffer'
  | 'typed array'
  | 'stream'
  | 'promise'
  | 'class instance'
  | 'operator'
  | 'response'
  | 'platform object'
  | 'undefined element'
  | 'not a number';

export interface Fate {
  kind: LossKind;
  /** The value, as a reader would call it. */
  what: string;
  /** What the consumer gets: `a string`, `{}`, `nothing`; `undefined` when `JSON.stringify` throws. */
  arrives: string | undefined;
  /** How to carry it over, with `$` for the expression; absent where that is no mechanical change. */
  remedy?: string;
}

const date: Fate = { kind: 'date', what: 'a Date', arrives: 'a string', remedy: '$.toISOString()' };
const buffer: Fate = {
  kind: 'buffer',
  what: 'a Buffer',
  arrives: "{ type: 'Buffer', data: [...] }",
  remedy: "$.toString('base64')",
};

const EMPTY = '{}';

/** Functions of date-fns and the like that give a Date. */
const DATE_FUNCTION =
  /^(?:date-fns(?:\/[\w-]+)?|date-fns-tz):(?:\.(?:add|sub|startOf|endOf|set|next|previous|lastDayOf)\w*|\.(?:parse|parseISO|toDate|fromUnixTime|min|max|roundToNearestMinutes|zonedTimeToUtc|utcToZonedTime|fromZonedTime|toZonedTime))?\(\)$/;

/** Clients of which a whole response may be passed on; `.data` and the like are plain. */
const AXIOS =
  /^axios:(?:\.default|\.axios)?(?:\.create\(\))?(?:\.(?:get|post|put|patch|delete|head|options|request|postForm|putForm|patchForm))?\(\)$/;
const AXIOS_TYPES =
  /^(?:axios:\.(?:AxiosResponse|AxiosInstance|AxiosError)#|@nestjs\/axios:\.HttpService#\.axiosRef(?:\.\w+)?\(\))$/;
const FETCH =
  /^(?:global:\.fetch\(\)|global:\.Response#|(?:undici|node-fetch|cross-fetch|isomorphic-fetch):(?:\.(?:fetch|default|Response#))?(?:\(\))?|node-fetch:\.Response#|ky:(?:\.(?:default|get|post|put|patch|delete|head|create\(\)\.\w+))?\(\))$/;
const CIRCULAR_RESPONSE =
  /^(?:got:(?:\.(?:default|got))?(?:\.(?:get|post|put|patch|delete|head))?\(\)|superagent:(?:\.\w+)?\(\)|undici:\.request\(\)|https?:\.(?:get|request)\(\)|https?:\.(?:IncomingMessage|ClientRequest|ServerResponse|Agent)#|net:\.Socket#)$/;

const TABLE: readonly (readonly [RegExp, Fate])[] = [
  [/^global:\.Date#$/, date],
  [DATE_FUNCTION, date],
  [/\.(?:toDate|toJSDate)\(\)$/, date],
  [
    /^global:\.(?:Readonly)?Map#$/,
    { kind: 'map', what: 'a Map', arrives: EMPTY, remedy: 'Object.fromEntries($)' },
  ],
  [/^global:\.(?:Readonly)?Set#$/, { kind: 'set', what: 'a Set', arrives: EMPTY, remedy: '[...$]' }],
  [/^global:\.Weak(?:Map|Set|Ref)#$/, { kind: 'weak collection', what: 'a weak collection', arrives: EMPTY }],
  [
    /^global:\.BigInt(?:\.as(?:Ui|I)ntN)?\(\)$|^global:\.process\.hrtime\.bigint\(\)$/,
    { kind: 'bigint', what: 'a BigInt', arrives: undefined, remedy: 'String($)' },
  ],
  [/^global:\.Function#$/, { kind: 'function', what: 'a function', arrives: 'nothing' }],
  [/^global:\.Symbol(?:\.\w+)?\(\)$/, { kind: 'symbol', what: 'a symbol', arrives: 'nothing' }],
  [
    /^global:\.RegExp(?:#|\(\))$/,
    { kind: 'regular expression', what: 'a RegExp', arrives: EMPTY, remedy: '$.source' },
  ],
  [
    /^global:\.(?:\w*Error)(?:#|\(\))$/,
    { kind: 'error', what: 'an Error', arrives: EMPTY, remedy: '$.message' },
  ],
  [
    /^(?:global|buffer):\.Buffer(?:#|\.(?:from|alloc|allocUnsafe|concat|copyBytesFrom)\(\))$|\.toBuffer\(\)$|^crypto:\.(?:randomBytes|scryptSync|pbkdf2Sync)\(\)$|^global:\.Express\.Multer\.File#\.buffer$/,
    buffer,
  ],
  [
    /^global:\.(?:Big)?(?:Ui|I)nt(?:8|16|32|64)(?:Clamped)?Array#$|^global:\.Float(?:16|32|64)Array#$|^global:\.DataView#$|^global:\.TextEncoder#\.encode\(\)$/,
    { kind: 'typed array', what: 'a typed array', arrives: 'an object with numbered keys', remedy: '[...$]' },
  ],
  [
    /^(?:fs|graceful-fs|fs-extra):\.create(?:Read|Write)Stream\(\)$|^stream(?:\/web)?:\.(?:Readable|Writable|Transform|PassThrough|Duplex|ReadableStream|WritableStream)(?:#|\.from\(\))$|^global:\.(?:Readable|Writable|Transform)Stream#$|^global:\.NodeJS\.(?:Readable|Writable|ReadWrite)Stream#$/,
    { kind: 'stream', what: 'a stream', arrives: 'its internals, or an exception' },
  ],
  [AXIOS, { kind: 'response', what: 'an HTTP response', arrives: undefined, remedy: '$.data' }],
  [AXIOS_TYPES, { kind: 'response', what: 'an HTTP response', arrives: undefined, remedy: '$.data' }],
  [FETCH, { kind: 'response', what: 'an HTTP response', arrives: EMPTY, remedy: 'await $.json()' }],
  [CIRCULAR_RESPONSE, { kind: 'response', what: 'an HTTP response', arrives: undefined }],
  [
    /^global:\.(?:ArrayBuffer|SharedArrayBuffer|Blob|File|FormData|Headers|AbortController|AbortSignal|MessageChannel|EventTarget|Worker)#$|\.arrayBuffer\(\)$/,
    { kind: 'platform object', what: 'an object of the platform', arrives: EMPTY },
  ],
  [
    /^(?:global|url):\.URLSearchParams#$/,
    { kind: 'platform object', what: 'a URLSearchParams', arrives: EMPTY, remedy: 'Object.fromEntries($)' },
  ],
  [
    /^global:\.Number\.(?:NaN|POSITIVE_INFINITY|NEGATIVE_INFINITY)$/,
    { kind: 'not a number', what: 'NaN or Infinity', arrives: 'null' },
  ],
];

/** Values that have been JSON on the way here: their declared type is a wish, and says nothing of dates and the like. */
const PARSED =
  /^(?:bullmq|bull|@taskforcesh\/bullmq-pro):.*#\.(?:data|returnvalue)\b|\.JSON\.parse\(\)|\.json\(\)|^(?:axios|got|ky|ofetch|superagent|@nestjs\/axios):/;

export function cameAsJson(path: string): boolean {
  return PARSED.test(path);
}

/** What becomes of a value of a package or the language; `undefined` when nothing is lost, or it is not known. */
export function fateOf(path: string): Fate | undefined {
  return TABLE.find(([pattern]) => pattern.test(path))?.[1];
}

/** Fates of values that have no path. */
export const FATES = {
  date,
  buffer,
  bigint: { kind: 'bigint', what: 'a BigInt', arrives: undefined, remedy: 'String($)' },
  symbol: { kind: 'symbol', what: 'a symbol', arrives: 'nothing' },
  symbolKey: { kind: 'symbol', what: 'a symbol as the key', arrives: 'nothing' },
  function: { kind: 'function', what: 'a function', arrives: 'nothing' },
  class: { kind: 'function', what: 'a class', arrives: 'nothing' },
  regExp: { kind: 'regular expression', what: 'a RegExp', arrives: EMPTY },
  error: { kind: 'error', what: 'an Error', arrives: EMPTY, remedy: '$.message' },
  notANumber: { kind: 'not a number', what: 'NaN or Infinity', arrives: 'null' },
  undefinedElement: { kind: 'undefined element', what: 'undefined in a list', arrives: 'null' },
  promise: { kind: 'promise', what: 'a promise', arrives: EMPTY, remedy: 'await $' },
  promises: {
    kind: 'promise',
    what: 'a list of promises',
    arrives: '[{}, ...]',
    remedy: 'await Promise.all($)',
  },
  instance: { kind: 'class instance', what: 'an instance with methods', arrives: 'its fields alone' },
  operator: {
    kind: 'operator',
    what: 'an operator of the ORM',
    arrives: 'an object that no query understands',
  },
} as const satisfies Record<string, Fate>;
