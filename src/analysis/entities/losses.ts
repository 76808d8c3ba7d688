/**
 * What JSON drops, changes or throws on in a payload: BullMQ carries data through `JSON.stringify`.
 */
import { isFunction, keyName, unwrap, type ClassNode, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { externalBase } from '../values/members.ts';
import {
  isNullish,
  membersOf,
  type ClassValue,
  type ExternalValue,
  type InstanceValue,
  type Ref,
  type Value,
} from '../values/value.ts';
import { FATES, fateOf, type Fate } from './json.ts';
import { orms } from './orms/index.ts';
import { findIn, type Part } from './parts.ts';
import { prismaSchema } from './prisma-schema.ts';
import { pendingOf } from './promises.ts';
import { fieldOf, recordOf } from './record.ts';
import { requestPart } from './requests.ts';

export interface FoundLoss extends Fate {
  /** What to report. */
  at: Ref;
  /** Names of the properties that lead to the value; `[]` is an element. */
  keys: readonly string[];
  /** The expression that carries the value over instead, where it is written at the place to report. */
  suggestion: { node: Node; text: string } | undefined;
}

export interface LossOptions {
  /** The types of the job's data, as the queue and the processors declare them. */
  declared?: () => readonly Value[];
  /** Whether the consumer makes a Date of the string again. */
  consumerParses?: ((keys: readonly string[]) => boolean) | undefined;
  /** Whether a promise as the whole value is awaited: what an async function returns. */
  isReturned?: boolean;
}

export function lossesIn(ev: Evaluation, payload: Ref, options: LossOptions = {}): FoundLoss[] {
  const seen = new Map<Node, Set<string>>();
  return findIn(ev, payload, (part) => judge(ev, part, options)).filter(({ at, keys }) => {
    const key = keys.join('.');
    const known = seen.get(at.node) ?? new Set();
    seen.set(at.node, known);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}

function judge(ev: Evaluation, part: Part, options: LossOptions): FoundLoss[] | undefined {
  if (part.isCopied) return [];
  // What a type allows below an optional property need not ever be given.
  if (part.isUnlikely) return [];
  const isAwaited = part.isAwaited || (options.isReturned === true && part.place === 'payload');
  const pending = isAwaited || part.isDeclared ? undefined : pendingOf(ev, part.ref);
  if (pending) return [loss(part, FATES[pending])];
  const { value } = part;
  if (value.kind === 'external' && value.path === 'global:.Promise#' && !isAwaited && !part.isOptional)
    return [loss(part, FATES.promise)];
  // A record, or a request, is one mistake: what is in it is not another.
  if (isWhole(ev, value)) return [];
  const fate = fateIn(ev, part);
  if (fate && fate.kind !== 'date' && part.isOptional) return [];
  if (fate) return fate.kind === 'date' && isExpected(ev, part, options) ? [] : [loss(part, fate)];
  if (value.kind === 'object') return symbolKeys(ev, part, value.at);
  if (value.kind === 'instance') return instanceLoss(ev, part, value);
  return undefined;
}

function loss(part: Part, fate: Fate): FoundLoss {
  const isHere = part.ref.node === part.at.node && !part.isDeclared;
  const remedy = isHere ? fate.remedy : undefined;
  const node = unwrap(part.at.node);
  const text = part.at.module.textOf(node);
  const isAwaitNeeded = remedy?.startsWith('await ') === true;
  const suggestion =
    remedy !== undefined && (!isAwaitNeeded || isInAsync(node)) && node.parent?.type !== 'SpreadElement'
      ? {
          node: part.at.node,
          text: withShorthand(part, applied(part, remedy, isAtomic(node) ? text : `(${text})`)),
        }
      : undefined;
  return { ...fate, at: part.at, keys: part.keys, suggestion };
}

/** `$.toISOString()` of a value that may be missing is `$?.toISOString()`. */
function applied(part: Part, remedy: string, text: string): string {
  const mayMiss = membersOf(part.whole).some(isNullish);
  return (mayMiss ? remedy.replace('$.', '$?.') : remedy).replace('$', () => text);
}

/** `{ at }` needs its key again when the value is no longer the name. */
function withShorthand(part: Part, text: string): string {
  const parent = part.at.node.parent;
  return parent?.type === 'Property' && parent.shorthand ? `${keyName(parent) ?? ''}: ${text}` : text;
}

function isAtomic(node: Node): boolean {
  return /^(?:Identifier|MemberExpression|CallExpression|Literal|NewExpression|ThisExpression|ArrayExpression)$/.test(
    node.type,
  );
}

function isInAsync(node: Node): boolean {
  for (let current = node.parent; current; current = current.parent)
    if (isFunction(current)) return current.async;
  return false;
}

function isWhole(ev: Evaluation, value: Value): boolean {
  if (value.kind === 'external' && requestPart(value.path) !== undefined)
    return requestPart(value.path) !== 'body';
  return value.kind !== 'array' && recordOf(ev, value) !== undefined;
}

function fateIn(ev: Evaluation, part: Part): Fate | undefined {
  const { value, whole } = part;
  switch (value.kind) {
    case 'literal':
      if (typeof value.value === 'bigint') return FATES.bigint;
      if (value.value instanceof RegExp) return FATES.regExp;
      if (typeof value.value === 'number' && !Number.isFinite(value.value))
        // A start value, as in `let max = -Infinity`, is rarely what is left at the end.
        return whole.kind === 'literal' ? FATES.notANumber : undefined;
      return value.value === undefined && isWrittenElement(part) ? FATES.undefinedElement : undefined;
    case 'primitive':
      return value.type === 'bigint' ? FATES.bigint : value.type === 'symbol' ? FATES.symbol : undefined;
    case 'function':
      return FATES.function;
    case 'class':
      return FATES.class;
    case 'external':
      return externalFate(ev, value, part);
    default:
      return undefined;
  }
}

/** `[a, undefined]`, where nothing is filtered out afterwards. */
function isWrittenElement({ ref, place, isDeclared }: Part): boolean {
  if (place !== 'element' || isDeclared) return false;
  const node = unwrap(ref.node);
  if (node.type === 'ArrayExpression') return true; // a hole
  for (let current: Node | undefined = node; current; current = current.parent) {
    if (current.type === 'ArrayExpression') {
      return current.parent.type !== 'MemberExpression';
    }
    if (isFunction(current) || current.type === 'BlockStatement') return false;
  }
  return false;
}

function externalFate(ev: Evaluation, value: ExternalValue, part: Part): Fate | undefined {
  const fate = fateOf(value.path) ?? readFileFate(value);
  if (fate) {
    // A type that allows a string as well has already settled what arrives.
    const allowsText =
      part.isDeclared &&
      membersOf(part.whole).some((member) => member.kind === 'primitive' && member.type === 'string');
    return allowsText ? undefined : fate;
  }
  if (orms.some((orm) => orm.operators?.test(value.path))) return FATES.operator;
  return columnFate(ev, value);
}

/** `readFile(path)` without an encoding gives a Buffer. */
function readFileFate(value: ExternalValue): Fate | undefined {
  if (!/^(?:fs|fs\/promises|fs-extra|graceful-fs):(?:\.promises)?\.readFile(?:Sync)?\(\)$/.test(value.path))
    return undefined;
  const site = value.site?.node;
  return site?.type === 'CallExpression' && site.arguments.length === 1 ? FATES.buffer : undefined;
}

/** A column of a record: its type is the schema's, or that of the model's class. */
function columnFate(ev: Evaluation, value: ExternalValue): Fate | undefined {
  const fact = fieldOf(ev, value);
  if (!fact) return undefined;
  if (fact.owner) {
    const field = membersOf(ev.member(fact.owner, fact.field, value.at));
    const [fate] = field.flatMap((member) => (member.kind === 'external' ? (fateOf(member.path) ?? []) : []));
    return fate;
  }
  if (fact.orm.name !== 'Prisma' || fact.model === undefined) return undefined;
  switch (prismaSchema(fact.at.module.path)?.models.get(fact.model)?.get(fact.field)) {
    case 'DateTime':
      return FATES.date;
    case 'BigInt':
      return FATES.bigint;
    case 'Bytes':
      return FATES.buffer;
    default:
      return undefined;
  }
}

/** Whether a Date becoming a string is what the consumer expects. */
function isExpected(ev: Evaluation, part: Part, { declared, consumerParses }: LossOptions): boolean {
  const saysText = (declared?.() ?? []).some((data) => {
    let type = data;
    for (const key of part.keys)
      type = key === '[]' ? ev.element(type, part.ref) : ev.member(type, key, part.ref);
    return membersOf(type).some((member) => member.kind === 'primitive' && member.type === 'string');
  });
  return saysText || consumerParses?.(part.keys) === true;
}

/** `{ [Op.gt]: 5 }` */
function symbolKeys(ev: Evaluation, part: Part, at: Ref): FoundLoss[] | undefined {
  if (at.node.type !== 'ObjectExpression') return undefined;
  const found = at.node.properties.flatMap((property): FoundLoss[] => {
    if (property.type !== 'Property' || !property.computed) return [];
    const key = ev.evaluate(beside(at, property.key));
    if (
      key.kind !== 'external' ||
      !/^(?:global:\.Symbol|@?sequelize[^:]*:(?:\.Sequelize)?\.Op\.)/.test(key.path)
    )
      return [];
    const place = at.node === unwrap(part.at.node) ? beside(at, property as Node) : part.at;
    return [{ ...FATES.symbolKey, at: place, keys: part.keys, suggestion: undefined }];
  });
  return found.length > 0 ? found : undefined;
}

function instanceLoss(ev: Evaluation, part: Part, instance: InstanceValue): FoundLoss[] | undefined {
  let owner: ClassValue = instance.class;
  let hasMethods = false;
  for (let depth = 0; depth < 6; depth++) {
    if (hasToJson(owner.at.node)) return [];
    hasMethods ||= hasBehaviour(owner.at.node);
    const base = owner.at.node.superClass && ev.evaluate(here(owner.at.module, owner.at.node.superClass));
    if (base?.kind !== 'class' || base.at.node === owner.at.node) break;
    owner = base;
  }
  const base = externalBase(ev, instance.class, instance);
  const inherited = base && fateOf(base.path);
  if (inherited) return [loss(part, inherited)];
  return hasMethods ? [loss(part, FATES.instance)] : undefined;
}

function hasToJson(node: ClassNode): boolean {
  return node.body.body.some((member) => 'key' in member && keyName(member) === 'toJSON');
}

/** Methods that the fields alone cannot stand in for. */
function hasBehaviour(node: ClassNode): boolean {
  return node.body.body.some(
    (member) =>
      (member.type === 'MethodDefinition' && !member.static && member.kind !== 'constructor') ||
      (member.type === 'PropertyDefinition' && !member.static && isFunction(member.value)),
  );
}
