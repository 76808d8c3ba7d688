/**
 * Values that are new each time: random ones, and the present time. A time that is cut to a day, an hour or another
 * window is not among them, nor is a time that was stored.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { keyName, outermost, unwrap } from '../source/nodes.ts';
import { argumentRefs } from './calls.ts';
import { beside, type Evaluation } from './evaluation.ts';
import { holderOf, usagesOf } from './holders.ts';
import { textsOf, type Text } from './text.ts';
import { membersOf, numberOf, stringOf, type ExternalValue, type Ref, type Value } from './value.ts';

export interface RandomSource {
  /** Where it is asked for. */
  at: Ref;
  /** The way to it, as a reader knows it: `randomUUID()`. */
  name: string;
}

/** Ways to a value that no second call gives again, whatever is made of it. */
const RANDOM: readonly RegExp[] = [
  /^global:\.(?:globalThis\.|window\.|self\.)?(?:Math\.random|crypto\.(?:randomUUID|getRandomValues))\(\)/,
  /^global:\.(?:globalThis\.|window\.|self\.)?(?:Date(?:\.now)?|performance\.now)\(\)/,
  /^global:\.process\.(?:hrtime|uptime)(?:\.bigint)?\(\)/,
  /^process:\.hrtime(?:\.bigint)?\(\)/,
  /^global:\.Bun\.(?:randomUUIDv\d|nanoseconds)\(\)/,
  /^global:\.Temporal\.Now\.instant\(\)/,
  /^crypto:\.(?:webcrypto\.)?(?:randomUUID|randomBytes|randomInt|pseudoRandomBytes|getRandomValues)\(\)/,
  /^perf_hooks:\.performance\.now\(\)/,
  /^uuid(?:\/dist\/\w+)?:(?:\.default)?\.v[1467]\(\)/,
  /^uuid:\(\)/,
  /^uuid\/v[1467]:\(\)/,
  /^(?:@lukeed\/uuid|@napi-rs\/uuid|@stablelib\/uuid|uuidv[47]|fast-uuid|uuid-random|uuid4|hyperid)(?:\/\w+)?:(?:\.\w+)?\(\)/,
  /^nanoid(?:\/[\w-]+)?:\.(?:nanoid|random|customAlphabet\(\)|customRandom\(\))\(\)/,
  /^nanoid(?:\/[\w-]+)?:\(\)/,
  /^@paralleldrive\/cuid2:\.(?:createId|init\(\))\(\)/,
  /^(?:cuid|@bugsnag\/cuid|shortid|ulid|ulidx|ksuid|xid-js|short-uuid|short-unique-id|typeid-js|uid|flake-idgen|randomstring|unique-string|crypto-random-string|random-string|uniqid):.*\(\)/,
  /^(?:bson|mongodb|mongoose):\.(?:Types\.)?ObjectI[dD](?:#|\(\))/,
  /^@nestjs\/common\/utils\/random-string-generator\.util:\.randomStringGenerator\(\)/,
  /^(?:lodash|underscore):\.uniqueId\(\)/,
];

/** Objects that stand for the present, where nothing else is given to what makes them. */
const CLOCKS: readonly RegExp[] = [
  /^global:\.Date#/,
  /^(?:dayjs|moment|moment-timezone):(?:\.(?:utc|tz|unix))?\(\)/,
  /^luxon:\.DateTime\.(?:now|local|utc)\(\)/,
];

const FORMATS = /^(?:format|toFormat)$/;
/** What a clock is asked for that tells more than the minute. */
const INSTANT =
  /\.(?:getTime|valueOf|to(?:ISOString|ISO|JSON|String|UTCString|GMTString|LocaleString|LocaleTimeString|TimeString|Millis|Seconds|UnixInteger|RFC2822|HTTP)|unix|getMilliseconds|getUTCMilliseconds|getSeconds|getUTCSeconds|ts)(?:\(\)|$)/;
const CUTS = /\.(?:startOf|endOf|set|set\w+|hour|minute|second|round)\(\)/;
const MAX_DEPTH = 8;

/** The random part of a value, where it has one. */
function randomSource(ev: Evaluation, value: Value, depth = 0): RandomSource | undefined {
  if (depth > MAX_DEPTH) return undefined;
  for (const member of membersOf(value)) {
    const found =
      member.kind === 'external'
        ? ofExternal(ev, member, depth)
        : member.kind === 'primitive' || member.kind === 'unknown'
          ? ofExpression(ev, member.at, depth)
          : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Calls whose names say that they make something new, where what they do cannot be seen. */
const MAKES_NEW =
  /random|uuid(?:v?[147])?\(|nanoid|cuid|ulid|Date\.now|new Date\(\)|\b(?:new|gen(?:erate)?|create|make)\w*\(|new (?:Types\.)?ObjectId\(\)/i;

/** Whether an expression gives another value in every run of the code, by its looks or by what is known of it. */
export function isNewInEveryRun(ev: Evaluation, ref: Ref): boolean {
  const text = ref.module.textOf(ref.node);
  if (MAKES_NEW.test(text)) return true;
  const value = ev.evaluate(ref);
  return (
    randomSource(ev, value) !== undefined ||
    // What a function of the project made, by the name of that function.
    membersOf(value).some(
      ({ at }) => at.node.type === 'CallExpression' && MAKES_NEW.test(at.module.textOf(at.node)),
    )
  );
}

/** The random part of a text. */
export function randomSourceIn(ev: Evaluation, text: Text, depth = 0): RandomSource | undefined {
  for (const piece of text) {
    const source = piece.kind === 'hole' ? randomSource(ev, piece.value, depth) : undefined;
    if (source) return source;
  }
  return undefined;
}

function ofExternal(ev: Evaluation, value: ExternalValue, depth: number): RandomSource | undefined {
  const { path } = value;
  for (const pattern of RANDOM) {
    const found = pattern.exec(path)?.[0];
    if (found === undefined) continue;
    // `new ObjectId(text)` is of the text.
    const root = found.includes('ObjectI') ? step(value, found) : undefined;
    if (root && argumentsOf(root).length > 0) return undefined;
    if (/\.(?:length|byteLength)$/.test(path)) return undefined;
    return { at: step(value, found)?.at ?? value.at, name: nameOf(found) };
  }
  for (const pattern of CLOCKS) {
    const found = pattern.exec(path)?.[0];
    if (found !== undefined) return ofClock(ev, value, found, depth);
  }
  return ofFunction(ev, value, depth);
}

/** The value on the way to this one that has this path. */
function step(value: ExternalValue, path: string): ExternalValue | undefined {
  let current: ExternalValue | undefined = value;
  while (current && current.path !== path) current = current.from;
  return current;
}

function argumentsOf(value: ExternalValue): Ref[] {
  const { site } = value;
  return site?.node.type === 'CallExpression' || site?.node.type === 'NewExpression'
    ? argumentRefs(site as Ref<TSESTree.CallExpression>)
    : [];
}

/** `randomUUID()` of `crypto:.randomUUID()`, `new Date()` of `global:.Date#`. */
function nameOf(path: string): string {
  const colon = path.indexOf(':');
  const name = path.slice(colon + 1).replace(/^\./, '');
  if (name === 'Date#') return 'new Date()';
  return name === '()' ? `${path.slice(0, colon)}()` : name.replace(/^(.*)#$/, 'new $1()');
}

function ofClock(
  ev: Evaluation,
  value: ExternalValue,
  root: string,
  depth: number,
): RandomSource | undefined {
  const clock = step(value, root);
  if (!clock || !showsNow(ev, clock, depth)) return undefined;
  const rest = value.path.slice(root.length);
  if (CUTS.test(rest) || isCutToWindow(ev, value)) return undefined;
  const source = { at: clock.at, name: nameOf(root) };
  // `${new Date()}` has the seconds.
  if (rest === '') return source;
  for (let current: ExternalValue | undefined = value; current && current !== clock; current = current.from) {
    const method = /\.(\w+)\(\)$/.exec(current.path)?.[1];
    if (method === undefined || !FORMATS.test(method)) continue;
    const [pattern] = argumentsOf(current);
    return isFine(pattern && ev.evaluate(pattern)) ? source : undefined;
  }
  return INSTANT.test(rest) ? source : undefined;
}

/** Whether a clock is made of nothing, or of the present time, and not set to something else later. */
function showsNow(ev: Evaluation, clock: ExternalValue, depth: number): boolean {
  // A type says that something is a date, not which.
  if (clock.path.endsWith('#') && clock.site?.node.type !== 'NewExpression') return false;
  const [first] = argumentsOf(clock);
  if (first && !/\.(?:now|local|utc)\(\)$/.test(clock.path)) {
    const given = ev.evaluate(first);
    if (!randomSource(ev, given, depth + 1) && !isClock(ev, given, depth + 1)) return false;
  }
  const { site } = clock;
  const holder = site && holderOf(site.module, site.node);
  if (!holder) return true;
  return !usagesOf(site.module, holder).some((usage) => {
    const member = outermost(usage).parent;
    return member?.type === 'MemberExpression' && keyName(member)?.startsWith('set');
  });
}

function isClock(ev: Evaluation, value: Value, depth: number): boolean {
  return membersOf(value).some(
    (member) =>
      member.kind === 'external' &&
      CLOCKS.some((pattern) => pattern.exec(member.path)?.[0] === member.path) &&
      showsNow(ev, member, depth + 1),
  );
}

/** `.slice(0, 10)`, `.split('T')[0]`: no more than the minute is left of an ISO date. */
function isCutToWindow(ev: Evaluation, value: ExternalValue): boolean {
  for (let current: ExternalValue | undefined = value; current; current = current.from) {
    const method = /\.(\w+)\(\)$/.exec(current.path)?.[1] ?? '';
    const args = argumentsOf(current);
    if (/^(?:slice|substring|substr)$/.test(method)) {
      const [start, end] = args.map((argument) => numberOf(ev.evaluate(argument)));
      // Without its separators the date is four signs shorter.
      const minute = current.path.includes('.replace') ? 12 : 16;
      if (start === undefined || (end ?? 0) <= minute) return args.length > 1;
    }
    if (method === 'split') {
      const separator = args[0] && stringOf(ev.evaluate(args[0]));
      return separator === undefined || separator !== '.';
    }
  }
  return false;
}

/** Whether a format shows the seconds; text in quotes or brackets is no format. */
function isFine(pattern: Value | undefined): boolean {
  if (!pattern) return true;
  const text = stringOf(pattern);
  if (text === undefined) return false;
  return /[sSxXtT]|pp/.test(text.replace(/'[^']*'|\[[^\]]*\]/g, '').replace(/(?<=[dD])T(?=[hH])/g, ''));
}

/** Functions that give their argument in another form. */
function ofFunction(ev: Evaluation, value: ExternalValue, depth: number): RandomSource | undefined {
  const call = /^(global:\.Math\.\w+\(\)|date-fns(?:\/\w+)?:(?:\.\w+)?\(\)|global:\.Object\(\))/.exec(
    value.path,
  )?.[0];
  if (call !== undefined) {
    const root = step(value, call);
    const [first, second] = root ? argumentsOf(root) : [];
    if (!first) return undefined;
    const given = ev.evaluate(first);
    if (call.startsWith('global:')) return randomSource(ev, given, depth + 1);
    const method = /(?:\.|\/)(\w+)(?::\(|\()/.exec(call)?.[1] ?? '';
    if (!randomSource(ev, given, depth + 1) && !isClock(ev, given, depth + 1)) return undefined;
    const isInstant =
      method === 'format'
        ? isFine(second && ev.evaluate(second))
        : /^(?:getTime|getUnixTime|formatISO|toDate)$/.test(method) && !second;
    return isInstant ? { at: first, name: first.module.textOf(first.node) } : undefined;
  }
  return undefined;
}

/** Arithmetic and methods of texts, on something random. */
function ofExpression(ev: Evaluation, at: Ref, depth: number): RandomSource | undefined {
  const { node } = at;
  const sub = (inner: Ref['node']): RandomSource | undefined =>
    randomSource(ev, ev.evaluate(beside(at, inner)), depth + 1);
  switch (node.type) {
    case 'BinaryExpression': {
      if (node.left.type === 'PrivateIdentifier') return undefined;
      if (/^[-+*^|]$/.test(node.operator)) return sub(node.left) ?? sub(node.right);
      // A quotient is a window of time, unless it is the seconds.
      const divisor = node.operator === '/' ? numberOf(ev.evaluate(beside(at, node.right))) : undefined;
      return divisor !== undefined && divisor <= 1000 ? sub(node.left) : undefined;
    }
    case 'UnaryExpression':
      return /^[-+~]$/.test(node.operator) ? (sub(node.argument) ?? nowAsNumber(ev, at, depth)) : undefined;
    case 'CallExpression':
      return ofCall(ev, at as Ref<TSESTree.CallExpression>, depth);
    default:
      return undefined;
  }
}

function nowAsNumber(ev: Evaluation, at: Ref, depth: number): RandomSource | undefined {
  const argument = beside(at, (at.node as TSESTree.UnaryExpression).argument);
  return isClock(ev, ev.evaluate(argument), depth) ? { at: argument, name: 'new Date()' } : undefined;
}

const REWRITES =
  /^(?:slice|substring|substr|padStart|padEnd|replace|replaceAll|toString|toFixed|at|split|join)$/;

function ofCall(ev: Evaluation, at: Ref<TSESTree.CallExpression>, depth: number): RandomSource | undefined {
  const callee = unwrap(at.node.callee);
  const [first] = argumentRefs(at);
  if (callee.type === 'Identifier')
    return first && /^(?:Number|parseInt|parseFloat)$/.test(callee.name)
      ? (randomSource(ev, ev.evaluate(first), depth + 1) ??
          (isClock(ev, ev.evaluate(first), depth) ? { at: first, name: 'new Date()' } : undefined))
      : undefined;
  if (callee.type !== 'MemberExpression' || !REWRITES.test(keyName(callee) ?? '')) return undefined;
  const receiver = beside(at, callee.object);
  for (const text of textsOf(ev, ev.evaluate(receiver), receiver, depth + 1)) {
    const source = randomSourceIn(ev, text, depth + 1);
    if (source) return source;
  }
  return undefined;
}
