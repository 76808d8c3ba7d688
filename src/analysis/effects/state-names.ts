/**
 * What names tell: how far the work on something has come, or what the thing is, whatever a job does. And which of them a
 * job sets by itself.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { declaredAs } from '../source/declared.ts';
import type { SourceModule } from '../source/module.ts';
import { calleeName, keyName, outermost, unwrap, type Node } from '../source/nodes.ts';
import { nodesBelow } from '../values/functions.ts';
import type { Ref } from '../values/value.ts';
import { areOtherTables, tableOf } from './tables.ts';

/** Names that tell how far something has come. */
const STATE =
  /status|state|phase|stage|step|sent|process|complet|finish|done|deliver|notif(?:ied|iedAt)|paid|charg|publish|sync|handled|execut|claim|lock|attempt|version|At$|_at$|already|pending|duplicate|ed$/i;
/** What is a part of a record that no run of a job changes, or of the answer of a service. */
const NO_STATE =
  /^(?:_?id|uuid|name|type|kind|role|roles|locale|language|title|content|text|html|body|data|headers|length|size|ok|success|valid|message|amount|total|price|currency|plan|items|enabled|disabled|active|isActive|verified|isVerified|config|settings|secret|value|url|user|owner|customer|account|email|phone|isEnabled|\w*(?:emails?|phones?|phoneNumbers?|address|addresses|urls?|tokens?|keys?|ids?|steps|stages|phases|preferences?|enabled|settings|config|secret|opt(?:ed)?(?:in|out)|subscri\w*|webhook\w*|role|language|locale|names?))$/i;

/** Names of columns that tell how far something has come, where a query asks for them. */
const STATE_IN_QUERY =
  /['"`]?\b\w*(?:status|state|phase|stage|step|sent|processed|completed|finished|delivered|notified|paid|charged|published|synced|handled|claimed|locked|version|pending|due|expire\w*|At)\b['"`]?\s*(?::|=|,|<|>|\bIS\b|\bin\b)/i;

/** What a thing is, whatever a job does: names of columns, and a status by its value. */
const BEING =
  /(?:(?:is|is_|un)?(?:blocked|banned|deleted|archived|suspended|disabled|enabled|removed|hidden|(?:de)?activated|active|(?:un)?subscribed|(?:un)?available|verified|approved|allowed|connected|cancell?ed|created|expires?|expired|expiry|birth)|is_?locked)/i;
const BEING_NAME = new RegExp(`^(?:still|has|was|\\w*still)?_?${BEING.source}_?(?:at|by|on)?$`, 'i');
const BEING_IN_QUERY = new RegExp(
  `\\b_?${BEING.source}_?(?:at|by|on)?\\b['"\`]?\\s*(?::|=|<|>|,|\\bIS\\b)`,
  'gi',
);
const BEING_STATUS =
  /\b(?:status|state)['"`]?\s*(?::|=|,)\s*['"`\w.]*?(?:active|enabled|connected|verified|available|online)\b/gi;

/** Whether a name tells what a thing is (`isLocked`, `deletedAt`), not how far the work on it has come. */
function saysWhatIs(name: string): boolean {
  return (
    BEING_NAME.test(name) ||
    /(?:^|[a-z])(?:Still|Not)?(?:Cancell?ed|Active|Enabled|Allowed|Locked|Blocked|Available|Connected|Subscribed)$/.test(
      name,
    )
  );
}

/**
 * Whether the text of a query asks for a state. `setsStatus`: whether the job sets such a column, so that being active is
 * a state of its work, too.
 */
export function asksForStateByText(text: string, setsStatus: boolean): boolean {
  const asked = inOperators(text);
  // First the status: its value, with a comma after it, looks like a column.
  return STATE_IN_QUERY.test(
    (setsStatus ? asked : asked.replace(BEING_STATUS, '')).replace(BEING_IN_QUERY, ''),
  );
}

/** Whether a text names a column that tells how far something has come. */
export function namesState(text: string): boolean {
  return STATE_IN_QUERY.test(inOperators(text));
}

/** Whether the text of a query asks for a column: `dueAt` of `{ dueAt: seen }`, `eq(tasks.dueAt, seen)`. */
export function asksForColumn(text: string, column: string): boolean {
  return new RegExp(`\\b${column}\\b['"\`]?\\s*(?::|=|,|<|>|!|\\bIS\\b|\\bin\\b)`, 'i').test(
    inOperators(text),
  );
}

/** `orders.sentAt IS NULL` of `isNull(orders.sentAt)`: the one condition that has nothing after the column. */
function inOperators(text: string): string {
  return text.replace(/\bis(?:Not)?Null\(\s*([\w.$]+)\s*\)/g, '$1 IS NULL');
}

/** Whether the name of a property tells how far the work on a record has come, not what the record is. */
export function tellsProgress(property: string): boolean {
  if (saysWhatIs(property)) return false;
  return NO_STATE.test(property) ? /(?:sent|status|state|_?at)$/i.test(property) : STATE.test(property);
}

/** `user.status === 'active'`: what a thing is, whatever the job does. */
export function comparesWithBeing({ node }: Ref): boolean {
  return (
    node.type === 'BinaryExpression' &&
    [node.left, node.right].some(
      (side) =>
        (side.type === 'Literal' && typeof side.value === 'string' && BEING_VALUE.test(side.value)) ||
        (side.type === 'MemberExpression' && BEING_VALUE.test(keyName(side) ?? '')),
    )
  );
}

const BEING_VALUE =
  /^(?:in)?active$|^(?:en|dis)abled$|^(?:dis)?connected$|^(?:un)?verified$|^(?:un)?available$|^(?:un)?blocked$|^banned$|^suspended$|^(?:on|off)line$|^public$|^private$/i;

const written = new WeakMap<SourceModule, ReadonlyMap<string, readonly Node[]>>();

/**
 * Whether code of the file gives a property a value, as a run of the job may do: `{ externalId: charge.id }`; with
 * `isCleared`, whether it takes the value away.
 */
export function isWrittenIn(module: SourceModule, property: string, isCleared = false): boolean {
  const given = valuesGiven(module, property);
  if (isCleared ? given.some(isNothing) : given.length > 0) return true;
  return isBroughtAbout(module.text, property);
}

const VERB =
  /cancel|lock|block|\bban|delet|archiv|suspend|disabl|enabl|remov|activat|subscri|verif|approv|connect|expir|paus|revok|withdr|mute/i;

/** Whether code calls what makes a thing so, wherever that is: `cancelledAt` is changed by `markCancelled()`. */
export function isBroughtAbout(code: string, word: string): boolean {
  const [verb] = VERB.exec(word) ?? [];
  return (
    verb !== undefined && new RegExp(`\\b(?:(?:mark|set|update|save)\\w*)?${verb}\\w*\\(`, 'i').test(code)
  );
}

const partly = new WeakMap<SourceModule, ReadonlySet<string>>();

/** Whether code of the file gives a part of a column a value: `metadata: { ...order.metadata, issue }`. */
export function isPartWrittenIn(module: SourceModule, property: string): boolean {
  let keys = partly.get(module);
  if (!keys) partly.set(module, (keys = new Set(module.nodes('ObjectExpression').flatMap(partsWritten))));
  return keys.has(property);
}

/** The keys of an object that takes the place of a column, with all that was there before. */
function partsWritten(object: TSESTree.ObjectExpression): string[] {
  const { parent } = outermost(object);
  const isColumn =
    parent?.type === 'Property' && object.properties.some(({ type }) => type === 'SpreadElement');
  const within = isColumn ? outermost(parent.parent) : undefined;
  if (within?.type !== 'ObjectExpression' || !isSet(within)) return [];
  return object.properties.flatMap((one) => (one.type === 'Property' ? (keyName(one) ?? []) : []));
}

const kept = new WeakMap<SourceModule, ReadonlySet<string>>();

/** The fields of its data that a job of the file stores: `job.updateData({ ...job.data, noticeId })`. */
export function keptByJob(module: SourceModule): ReadonlySet<string> {
  let keys = kept.get(module);
  if (!keys) kept.set(module, (keys = new Set(module.nodes('CallExpression').flatMap(fieldsKept))));
  return keys;
}

function fieldsKept(call: TSESTree.CallExpression): string[] {
  const callee = unwrap(call.callee);
  const name = calleeName(callee) ?? '';
  const isOfJob =
    name === 'updateData' ||
    // Bull's name for it.
    (name === 'update' &&
      callee.type === 'MemberExpression' &&
      callee.object.type === 'Identifier' &&
      /job$/i.test(callee.object.name));
  const [data] = call.arguments;
  if (!isOfJob || data?.type !== 'ObjectExpression') return [];
  return data.properties.flatMap((one) => (one.type === 'Property' ? (keyName(one) ?? []) : []));
}

/** Whether code of the file gives a status a value; with `table`, that of a record that may be of this table. */
export function setsStatus(module: SourceModule, table?: string): boolean {
  return [...valuesGiven(module, 'status'), ...valuesGiven(module, 'state')].some((value) => {
    const given = table === undefined ? undefined : tableGiven(module, value);
    return table === undefined || given === undefined || !areOtherTables(table, given);
  });
}

/** The table whose column is given a value, as the write names it or the query that its record is from. */
function tableGiven(module: SourceModule, value: Node): string | undefined {
  const { parent } = outermost(value);
  if (parent?.type === 'AssignmentExpression') {
    const record = parent.left.type === 'MemberExpression' ? declaredAs(module, parent.left.object) : value;
    const query = record.type === 'AwaitExpression' ? unwrap(record.argument) : record;
    return query.type === 'CallExpression' ? tableOf({ module, node: query, frame: undefined }) : undefined;
  }
  let object: Node | undefined = parent?.parent;
  if (object?.parent?.type === 'Property') object = object.parent.parent;
  const call = object && outermost(object).parent;
  return call?.type === 'CallExpression' ? tableOf({ module, node: call, frame: undefined }) : undefined;
}

/** What code of the file gives a property. */
export function valuesGiven(module: SourceModule, property: string): readonly Node[] {
  let values = written.get(module);
  if (!values) written.set(module, (values = valuesWritten(module)));
  return values.get(property) ?? [];
}

/** What a file gives each property, by its name. */
function valuesWritten(module: SourceModule): Map<string, Node[]> {
  const values = new Map<string, Node[]>();
  const note = (key: string | undefined, value: Node): void => {
    if (key !== undefined) values.set(key, [...(values.get(key) ?? []), value]);
  };
  for (const object of module.nodes('ObjectExpression'))
    if (isSet(object))
      for (const one of object.properties) if (one.type === 'Property') note(keyName(one), one.value);
  for (const { left, right } of module.nodes('AssignmentExpression'))
    if (left.type === 'MemberExpression') note(keyName(left), right);
  return values;
}

/** `null`, `undefined`, `false`, `0`, `''`; what is chosen among values may be nothing. */
function isNothing(value: Node): boolean {
  const node = unwrap(value);
  if (node.type === 'Literal') return !node.value;
  if (node.type === 'ConditionalExpression') return isNothing(node.consequent) || isNothing(node.alternate);
  return (
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  );
}

const WRITES =
  /^(?:update|set|save|patch|insert|create|upsert|merge|mark|assign|findOneAndUpdate|findByIdAndUpdate)/;

/** Whether an object is what a write sets: alone in its arguments, or under such a name. */
function isSet(object: TSESTree.ObjectExpression): boolean {
  const { parent } = outermost(object);
  return parent?.type === 'Property'
    ? /^(?:data|set|\$set|\$setOnInsert|update|create|values|defaults)$/.test(keyName(parent) ?? '')
    : parent?.type === 'CallExpression' && WRITES.test(calleeName(parent.callee) ?? '');
}

/** The columns that a query gives values: of `.set({ ... })`, `data: { ... }`, `$set: { ... }`. */
export function columnsSet(module: SourceModule, query: Node): { column: string; value: Node }[] {
  return nodesBelow(module, query)
    .filter((part) => part.type === 'ObjectExpression' && isSet(part))
    .flatMap((object) => module.childrenOf(object))
    .flatMap((one) => {
      const column = one.type === 'Property' ? keyName(one) : undefined;
      // `data: { ... }` is what holds the columns.
      return one.type === 'Property' && column !== undefined && one.value.type !== 'ObjectExpression'
        ? [{ column, value: one.value }]
        : [];
    });
}
