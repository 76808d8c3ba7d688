/**
 * Functions that turn values into text (or bytes) and back in a way that runs code or depends on the runtime's
 * version, as data.
 */
export interface UnsafeSerializer {
  /** The path of the called function. */
  callee: RegExp;
  /** What is wrong with it. */
  danger: 'runs code' | 'depends on the version of V8';
  /** Text that one of the arguments must contain for the call to be unsafe. */
  argument?: RegExp;
}

export const unsafeSerializers: readonly UnsafeSerializer[] = [
  {
    callee:
      /^v8:\.(?:serialize|deserialize|Serializer#|Deserializer#|DefaultSerializer#|DefaultDeserializer#)/,
    danger: 'depends on the version of V8',
  },
  {
    callee: /^(?:node-serialize|serialize-to-js|funcster|cryo|serialijse|jaysonic):\.\w+$/,
    danger: 'runs code',
  },
  { callee: /^serialize-javascript:(?:\.default)?$/, danger: 'runs code' },
  { callee: /^global:\.(?:globalThis\.)?(?:eval|Function#?)$/, danger: 'runs code' },
  { callee: /^vm:\.(?:runIn(?:This|New)?Context|compileFunction|Script#?)$/, danger: 'runs code' },
  { callee: /^vm2:\.(?:VM|NodeVM)#\.run$/, danger: 'runs code' },
  {
    callee: /^js-yaml:\.(?:load|dump|loadAll)$/,
    danger: 'runs code',
    argument: /DEFAULT_FULL_SCHEMA|FULL_SCHEMA|js-types|yamlUnsafe/,
  },
];

/** In the paths of functions that turn values into text or bytes; the others turn these into values. */
const WRITERS =
  /^serialize-javascript:|\.(?:s|deepS)erialize|\.(?:Default)?Serializer#|\.(?:stringify|dump)\b/;

export function isWriter(path: string): boolean {
  return WRITERS.test(path);
}

export function unsafeSerializer(path: string, args: string): UnsafeSerializer | undefined {
  return unsafeSerializers.find(
    (candidate) =>
      candidate.callee.test(path) && (candidate.argument === undefined || candidate.argument.test(args)),
  );
}
