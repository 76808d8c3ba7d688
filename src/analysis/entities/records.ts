/**
 * Records in a payload: snapshots of rows that the job should load for itself when it runs.
 */
import { calleeName, enclosingFunction, keyName, unwrap, contains, type Node } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import type { Ref, Value } from '../values/value.ts';
import { findIn, type Part } from './parts.ts';
import { basesOf, recordOf, type RecordFact } from './record.ts';
import { requestPart, type RequestPart } from './requests.ts';

export interface FoundRecord {
  /** What to report. */
  at: Ref;
  kind: 'record' | RequestPart;
  /** The ORM's name, of a record. */
  orm: string | undefined;
  /** What a reader would call it: `user`, `repository.findOne()`. */
  name: string;
  /** The model's name, where the code says it. */
  model: string | undefined;
  isList: boolean;
  /** Passes the id instead. */
  suggestion: { node: Node; text: string } | undefined;
}

/** Every record, request, response and session in a payload, each place once. */
export function recordsIn(ev: Evaluation, payload: Ref): FoundRecord[] {
  const seen = new Set<Node>();
  return findIn(ev, payload, (part) => judge(ev, part)).filter(({ at }) => {
    const isNew = !seen.has(at.node);
    seen.add(at.node);
    return isNew;
  });
}

function judge(ev: Evaluation, part: Part): FoundRecord[] | undefined {
  // What may as well be left out is known where somebody gives it.
  if (part.isOptional || part.isUnlikely) return undefined;
  const request = requestIn(ev, part.value);
  if (request) return [found(part, request, undefined)];
  // Lists are judged element by element, on the way down.
  const fact = part.value.kind === 'array' ? undefined : recordOf(ev, part.value);
  if (!fact) return undefined;
  return fact.isDeleted || isDeletedAround(part, fact) ? [] : [found(part, 'record', fact)];
}

function found(part: Part, kind: FoundRecord['kind'], fact: RecordFact | undefined): FoundRecord {
  const node = unwrap(part.at.node);
  const isList = fact?.isList === true || part.keys.at(-1) === '[]';
  return {
    at: part.at,
    kind,
    orm: fact?.orm.name,
    name: nameFor(part.at.module.textOf(node)),
    model: fact?.model,
    isList,
    suggestion:
      fact && part.ref.node === part.at.node && !part.isDeclared
        ? idSuggestion(part, fact, isList)
        : undefined,
  };
}

/** A long expression is called by its end. */
function nameFor(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 40 ? line : `${line.slice(0, 37)}...`;
}

function requestIn(ev: Evaluation, value: Value, depth = 0): RequestPart | undefined {
  if (value.kind === 'external') return requestPart(value.path);
  // `interface AuthenticatedRequest extends Request { user: User }`
  if (value.kind === 'shape' && depth < 4)
    for (const base of basesOf(ev, value)) {
      const part = requestIn(ev, base, depth + 1);
      if (part) return part;
    }
  return undefined;
}

const DELETES =
  /^(?:\$?delete|remove|destroy|softDelete|softRemove|hardDelete|forceDelete|forceDestroy|purge|erase)/i;

/** Whether the function that enqueues also deletes the record: then the job cannot load it. */
function isDeletedAround(part: Part, fact: RecordFact): boolean {
  const { module } = part.at;
  const fn = enclosingFunction(part.at.node);
  const name = rootName(part.at.node);
  if (!fn) return false;
  const asked = fact.query?.module === module ? receiverText(fact.query) : undefined;
  return module.nodes('CallExpression').some((call) => {
    if (!contains(fn, call) || contains(call, part.at.node)) return false;
    const callee = unwrap(call.callee);
    const method = calleeName(callee);
    if (method === undefined || !DELETES.test(method)) return false;
    if (name !== undefined && mentions(part.at, call, name)) return true;
    return (
      asked !== undefined && callee.type === 'MemberExpression' && module.textOf(callee.object) === asked
    );
  });
}

/** `prisma.user` of `prisma.user.findUnique(...)` */
function receiverText(query: Ref): string | undefined {
  const { node } = query;
  if (node.type !== 'CallExpression') return undefined;
  const callee = unwrap(node.callee);
  return callee.type === 'MemberExpression' ? query.module.textOf(callee.object) : undefined;
}

function rootName(node: Node): Node | undefined {
  let current = unwrap(node);
  while (current.type === 'MemberExpression' || current.type === 'CallExpression')
    current = unwrap(current.type === 'MemberExpression' ? current.object : current.callee);
  return current.type === 'Identifier' ? current : undefined;
}

function mentions(at: Ref, call: Node, name: Node): boolean {
  const variable = at.module.variableOf(name);
  return variable?.references.some((reference) => contains(call, reference.identifier)) ?? false;
}

/** Names that say nothing about what they name. */
const VAGUE = new Set([
  'data',
  'payload',
  'value',
  'record',
  'entity',
  'item',
  'doc',
  'document',
  'body',
  'result',
  'object',
  'job',
]);

/** `{ user }` becomes `{ userId: user.id }`, where the record has a name and is written out here. */
function idSuggestion(part: Part, fact: RecordFact, isList: boolean): FoundRecord['suggestion'] {
  const node = unwrap(part.ref.node);
  if (node.type !== 'Identifier') return undefined;
  const parent = part.ref.node.parent;
  const id = fact.isLean ? `String(${node.name}._id)` : `${node.name}.id`;
  if (parent?.type === 'Property' && parent.value === part.ref.node) {
    const key = keyName(parent);
    const base = key === undefined || VAGUE.has(key) ? node.name : key;
    return { node: parent, text: idProperty(base, node.name, id, isList) };
  }
  if (isList) return undefined;
  if (
    part.place === 'spread' &&
    parent?.type === 'SpreadElement' &&
    parent.parent.type === 'ObjectExpression'
  )
    return { node: parent, text: idProperty(node.name, node.name, id, false) };
  return part.place === 'payload'
    ? { node: part.ref.node, text: `{ ${idProperty(node.name, node.name, id, false)} }` }
    : undefined;
}

function idProperty(base: string, name: string, id: string, isList: boolean): string {
  if (!isList) return `${base}Id: ${id}`;
  const single = base.endsWith('s') ? base.slice(0, -1) : base;
  return `${single}Ids: ${name}.map((${single}) => ${id.replace(name, single)})`;
}
