/**
 * Functions that keep the event loop busy until they are done, as data. What is over at once on any machine is none:
 * `existsSync`, `statSync`, `mkdirSync`, `unlinkSync`, `randomBytes`, a small `writeFileSync`.
 */
export interface BlockingCall {
  /** The path of the called function. */
  callee: RegExp;
  /** What does the same without blocking, as a reader would write it. */
  instead: string;
  /** Its promise from the same object, by the name of the function: `hashSync` and `hash`. */
  twin?: (name: string) => string;
  /** Text of the arguments with which it does not block. */
  unless?: RegExp;
}

const withoutSync = (name: string): string => name.replace(/Sync$/, '');

export const blockingCalls: readonly BlockingCall[] = [
  {
    callee: /^fs:\.(?:readFileSync|readdirSync)$/,
    instead: '`fs.promises`, or a stream',
    twin: (name) => `promises.${withoutSync(name)}`,
  },
  {
    callee:
      /^(?:fs|fs-extra|graceful-fs|mz\/fs):\.(?:readFileSync|readdirSync|readSync|readvSync|readJsonSync|readJSONSync|globSync)$/,
    instead: '`fs.promises`, or a stream',
  },
  {
    callee: /^(?:glob|fast-glob|tinyglobby|globby):\.(?:sync|globSync|globbySync)$/,
    instead: 'its asynchronous form',
  },
  {
    callee: /^child_process:\.(?:execSync|spawnSync|execFileSync)$/,
    instead: '`spawn` or `execFile`, and await its end',
  },
  {
    callee:
      /^(?:execa:\.(?:execaSync|execaCommandSync|sync|commandSync)|cross-spawn:\.(?:sync|spawn\.sync))$/,
    instead: 'its asynchronous form',
  },
  { callee: /^shelljs:\.exec$/, instead: '`spawn` or `execFile`', unless: /\basync\s*:|=>|\bfunction\b/ },
  { callee: /^global:\.Bun\.spawnSync$/, instead: '`Bun.spawn`' },
  { callee: /^global:\.Deno\.Command#\.outputSync$/, instead: '`output()`' },
  {
    callee: /^global:\.Deno\.(?:readFileSync|readTextFileSync|readDirSync)$/,
    instead: 'its asynchronous form',
  },
  {
    callee:
      /^crypto:\.(?:pbkdf2Sync|scryptSync|argon2Sync|generateKeyPairSync|generatePrimeSync|checkPrimeSync)$/,
    instead: 'its form with a callback',
  },
  {
    callee: /^(?:bcrypt|bcryptjs|bcrypt-ts|bcrypt-nodejs):\.(?:hashSync|compareSync)$/,
    instead: '`hash` and `compare`',
    twin: withoutSync,
  },
  {
    callee: /^@node-rs\/(?:bcrypt|argon2):\.(?:hashSync|compareSync|verifySync)$/,
    instead: 'its asynchronous form',
    twin: withoutSync,
  },
  { callee: /^global:\.Bun\.password\.(?:hashSync|verifySync)$/, instead: 'its asynchronous form' },
  {
    callee:
      /^zlib:\.(?:gzipSync|gunzipSync|deflateSync|inflateSync|deflateRawSync|inflateRawSync|unzipSync|brotliCompressSync|brotliDecompressSync|zstdCompressSync|zstdDecompressSync)$/,
    instead: 'its form with a callback, or a stream',
  },
  { callee: /^fflate:\.\w+Sync$/, instead: 'its asynchronous form' },
  { callee: /^snappy:\.(?:compressSync|uncompressSync)$/, instead: 'its asynchronous form' },
  { callee: /^global:\.Bun\.(?:gzipSync|gunzipSync|deflateSync|inflateSync)$/, instead: 'a stream' },
  { callee: /^(?:sync-request|sync-fetch|sync-rpc):$/, instead: '`fetch`' },
  { callee: /^global:\.(?:Atomics\.wait|Bun\.sleepSync)$/, instead: 'a timer' },
  { callee: /^sleep:\.(?:sleep|msleep|usleep)$/, instead: 'a timer' },
  { callee: /^deasync:(?:\.(?:sleep|loopWhile|runLoopOnce))?$/, instead: '`await`' },
];

export function blockingCall(path: string, args: string): BlockingCall | undefined {
  return blockingCalls.find(({ callee, unless }) => callee.test(path) && !unless?.test(args));
}
