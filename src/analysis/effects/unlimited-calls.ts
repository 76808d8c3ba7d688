/**
 * Functions whose promise may stay open for as long as the other side likes, as data, with the options that limit it.
 * What has a limit by default is none: ky, SDKs such as Stripe's or OpenAI's, nodemailer, Puppeteer.
 */
export interface UnlimitedCall {
  /** The last names of what is called; cheap, asked before {@link path}. */
  method: RegExp;
  /** The path of what is called. */
  path: RegExp;
  /** The options of the call, or of what it is a method of, that limit it. */
  limits: readonly string[];
  /** Whether it takes its options in an object as one of its arguments, for a suggestion: the place of that. */
  optionsAt?: number;
  /** What can give all such calls of the project a limit at once; names marks of the catalog. */
  defaults?: readonly ('fetchDefaults' | 'axiosDefaults' | 'nestHttpDefaults')[];
}

const SIGNAL = ['signal', 'timeout', 'dispatcher', 'abortSignal'];

export const unlimitedCalls: readonly UnlimitedCall[] = [
  {
    method: /^fetch$/,
    path: /^(?:global:\.fetch|(?:node-fetch|undici|cross-fetch|isomorphic-fetch):(?:\.(?:default|fetch))?)$/,
    limits: SIGNAL,
    optionsAt: 1,
    defaults: ['fetchDefaults'],
  },
  {
    method: /^(?:axios|get|delete|head|options|post|put|patch|request|postForm|putForm)$/,
    path: /^axios:(?:\.(?:default|axios|Axios#|create\(\)))*(?:\.(?:get|delete|head|options|post|put|patch|request|postForm|putForm))?$/,
    limits: [...SIGNAL, 'cancelToken'],
    defaults: ['axiosDefaults'],
  },
  {
    method: /^(?:got|get|post|put|patch|delete|head)$/,
    path: /^got:(?:\.(?:default|got|extend\(\)))*(?:\.(?:get|post|put|patch|delete|head))?$/,
    limits: SIGNAL,
  },
  {
    method: /^(?:get|delete|head|post|put|patch|request)$/,
    path: /^@nestjs\/axios:\.HttpService#(?:\.axiosRef)?\.(?:get|delete|head|post|put|patch|request)$/,
    limits: [...SIGNAL, 'cancelToken'],
    defaults: ['axiosDefaults', 'nestHttpDefaults'],
  },
  {
    method: /^(?:exec|execFile|spawn|fork)$/,
    path: /^child_process:\.(?:exec|execFile|spawn|fork)$/,
    limits: ['timeout', 'signal'],
  },
  // What it makes can have any name.
  { method: /^/, path: /^util:\.promisify\(\)$/, limits: ['timeout', 'signal'] },
  {
    method: /^(?:execa|execaCommand|execaNode|command|execFile|spawn|\$)$/,
    path: /^(?:execa:(?:\.(?:default|execa|execaCommand|execaNode|command))?|cross-spawn:(?:\.default|\.spawn)?)$/,
    limits: ['timeout', 'signal', 'cancelSignal'],
  },
];

/** Of what `util.promisify` makes, only these are child processes. */
export const PROMISIFIED = /^child_process:\.(?:exec|execFile)$/;

/** Names of functions that give up what they are given after a time. */
export const LIMITING =
  /time(?:d|r)?out|deadline|time_?limit|limit_?time|\brace$|abort|cancel|with_?signal|raceWith/i;
