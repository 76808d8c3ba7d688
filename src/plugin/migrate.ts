/**
 * Edits that replace what BullMQ no longer has: by its new name, by a schedule, by an error that is not retried.
 */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { RemovedMember } from '../analysis/jobs/dialects/bullmq-removed.ts';
import type { RemovedUse } from '../analysis/jobs/removed-api.ts';
import type { FileFacts } from '../analysis/file-facts.ts';
import { contains, isFunction, keyName, outermost, unwrap, type Node } from '../analysis/source/nodes.ts';
import { here } from '../analysis/values/evaluation.ts';
import { typeArgument } from '../analysis/values/members.ts';

type Fix = TSESLint.ReportFixFunction;

/** The same by its new name, where nothing else changes. */
export function rename({ module }: FileFacts, use: RemovedUse): Fix | undefined {
  const { renamed } = use.removed;
  const node = unwrap(use.node);
  if (use.name === 'utc') return zoneEdit(node);
  if (renamed === undefined) return undefined;
  switch (use.kind) {
    case 'member':
      return memberEdit(node, use.removed as RemovedMember, renamed, (inner) => module.textOf(inner));
    case 'option':
    case 'schedule': {
      const property = propertyOf(use);
      if (!property || siblingKeys(property).includes(renamed)) return undefined;
      return (fixer) =>
        property.shorthand
          ? fixer.insertTextBefore(property, `${renamed}: `)
          : fixer.replaceText(property.key, renamed);
    }
    case 'event':
      return node.type === 'Literal'
        ? (fixer) => fixer.replaceTextRange([node.range[0] + 1, node.range[1] - 1], renamed)
        : undefined;
    case 'export':
      return undefined;
  }
}

function memberEdit(
  node: Node,
  { property, keeps }: RemovedMember,
  renamed: string,
  text: (node: Node) => string,
): Fix | undefined {
  const call = node.type === 'CallExpression' ? node : undefined;
  const member = unwrap(call ? call.callee : node);
  if (member.type !== 'MemberExpression' || member.computed) return undefined;
  const name = member.property;
  if (call && property !== undefined && call.arguments.length === 0)
    return (fixer) => fixer.replaceTextRange([name.range[0], call.range[1]], property);
  if (!call || !keeps) return (fixer) => fixer.replaceText(name, renamed);
  const [kept] = keeps.flatMap((index) => call.arguments[index] ?? []);
  return kept && !call.arguments.some(({ type }) => type === 'SpreadElement')
    ? (fixer) => fixer.replaceTextRange([name.range[0], call.range[1]], `${renamed}(${text(kept)})`)
    : undefined;
}

/** `utc: true` */
function zoneEdit(node: Node): Fix | undefined {
  const property = node.parent;
  if (node.type !== 'Literal' || node.value !== true || property?.type !== 'Property') return undefined;
  return siblingKeys(property).includes('tz')
    ? undefined
    : (fixer) => fixer.replaceText(property, `tz: 'UTC'`);
}

/** The property whose value is reported. */
function propertyOf({ node, name }: RemovedUse): TSESTree.Property | undefined {
  const { parent } = outermost(node);
  return parent?.type === 'Property' && !parent.computed && keyName(parent) === name ? parent : undefined;
}

function siblingKeys(property: TSESTree.Property): (string | undefined)[] {
  return property.parent.type === 'ObjectExpression'
    ? property.parent.properties.map((other) => (other.type === 'Property' ? keyName(other) : undefined))
    : [];
}

/** Options that the template of a scheduler does not take. */
const NOT_IN_TEMPLATE = new Set(['delay', 'deduplication', 'debounce', 'parent']);
/** Options of a repetition that have neither a place nor a substitute. */
const NOT_IN_SCHEDULE = new Set(['currentDate', 'nthDayOfWeek', 'iterator']);

/**
 * `add(name, data, { repeat, ...options })` becomes `upsertJobScheduler(id, repeat, { name, data, opts })`. The id is
 * the job's, else the key of the repetition, else the job's name.
 */
export function scheduleEdit(facts: FileFacts, use: RemovedUse): { id: string; fix: Fix } | undefined {
  const { enqueue } = use.options ?? {};
  const repeat = propertyOf(use);
  if (!enqueue || !repeat || enqueue.kind !== 'job' || enqueue.via.length > 0) return undefined;
  const call = enqueue.call.node;
  const callee = unwrap(call.callee);
  const [name, data, given] = call.arguments;
  if (!name || !data || !given) return undefined;
  const options = unwrap(given);
  if (options.type !== 'ObjectExpression' || repeat.parent !== options) return undefined;
  if (callee.type !== 'MemberExpression' || callee.computed || call.typeArguments) return undefined;
  const { module } = facts;
  const text = (node: Node): string => module.textOf(node);
  const jobId = ownProperty(options, 'jobId');
  const schedule = scheduleText(facts, repeat.value);
  if (!schedule || !isPlain(name) || siblingKeys(repeat).some((key) => NOT_IN_TEMPLATE.has(key ?? '')))
    return undefined;
  // A queue with named jobs takes such a name for an id.
  const isNamed = enqueue.targets.some(({ value }) => typeArgument(facts.ev, value, 2) !== undefined);
  const idNode = isNamed ? name : (jobId?.value ?? schedule.key ?? name);
  const id = text(idNode);
  if (!isPlain(idNode) || isTaken(facts, call, idNode, id)) return undefined;
  // Comments between the arguments would be lost.
  if (/\/[/*]/.test(between(module.text, name, data) + between(module.text, data, given))) return undefined;
  const { node: opts, isEmpty } = without(module.text, options, [repeat, ...(jobId ? [jobId] : [])]);
  const template = [`name: ${text(name)}`, `data: ${text(data)}`, ...(isEmpty ? [] : [`opts: ${opts}`])];
  return {
    id,
    fix: (fixer) => [
      fixer.replaceText(callee.property, 'upsertJobScheduler'),
      fixer.replaceTextRange(
        [name.range[0], given.range[1]],
        `${id}, ${schedule.text}, { ${template.join(', ')} }`,
      ),
    ],
  };
}

/** The repetition as a scheduler takes it, and its key. */
function scheduleText(facts: FileFacts, node: Node): { text: string; key: Node | undefined } | undefined {
  const { module, ev } = facts;
  const written = unwrap(node);
  if (written.type !== 'ObjectExpression')
    return written.type === 'Identifier' && ev.evaluate(here(module, written)).kind === 'object'
      ? { text: written.name, key: undefined }
      : undefined;
  const keys = written.properties.map((property) =>
    property.type === 'Property' ? keyName(property) : undefined,
  );
  if (keys.some((key) => NOT_IN_SCHEDULE.has(key ?? ''))) return undefined;
  const key = ownProperty(written, 'key');
  const utc = ownProperty(written, 'utc');
  if (utc && (keys.includes('tz') || unwrap(utc.value).type !== 'Literal')) return undefined;
  const isUtc = utc !== undefined && module.textOf(utc.value) === 'true';
  const dropped = [...(key ? [key] : []), ...(utc && !isUtc ? [utc] : [])];
  const cron = ownProperty(written, 'cron');
  const edits: [Node, string][] = [];
  if (cron) edits.push(cron.shorthand ? [cron, 'pattern: cron'] : [cron.key, 'pattern']);
  if (utc && isUtc) edits.push([utc, `tz: 'UTC'`]);
  return { text: without(module.text, written, dropped, edits).node, key: key?.value };
}

function ownProperty(object: TSESTree.ObjectExpression, name: string): TSESTree.Property | undefined {
  return object.properties.find(
    (property): property is TSESTree.Property =>
      property.type === 'Property' && !property.computed && keyName(property) === name,
  );
}

/** Text that can stand twice: evaluating it does nothing. */
function isPlain(node: Node): boolean {
  const inner = unwrap(node);
  switch (inner.type) {
    case 'Literal':
      return typeof inner.value === 'string';
    case 'Identifier':
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
      return !inner.computed && isPlain(inner.object);
    case 'TemplateLiteral':
      return inner.expressions.every(isPlain);
    default:
      return false;
  }
}

/** Whether another schedule of the file has the same id, or every round of a loop would have it. */
function isTaken(facts: FileFacts, call: Node, idNode: Node, id: string): boolean {
  const others = facts.own.enqueues.filter(
    (other) => other.call.node !== call && other.kind !== 'flow' && other.kind !== 'flows',
  );
  const isOther = others.some((other) =>
    other.jobs.some((job) => {
      const options = job.options && unwrap(job.options.node);
      if (options?.type !== 'ObjectExpression' || !ownProperty(options, 'repeat')) return false;
      const ids = [ownProperty(options, 'jobId')?.value, job.name?.node];
      return ids.some((node) => node && contains(facts.module.ast, node) && facts.module.textOf(node) === id);
    }),
  );
  return isOther || (unwrap(idNode).type === 'Literal' && isRepeated(call));
}

function isRepeated(call: Node): boolean {
  for (let node = call.parent; node; node = node.parent) {
    if (/^(?:For|While|DoWhile)/.test(node.type)) return true;
    if (!isFunction(node)) continue;
    const { parent } = outermost(node);
    const callee = parent?.type === 'CallExpression' ? unwrap(parent.callee) : undefined;
    if (callee?.type !== 'MemberExpression' || !/^(?:map|forEach|flatMap)$/.test(keyName(callee) ?? ''))
      return false;
  }
  return false;
}

function between(text: string, before: Node, after: Node): string {
  return text.slice(before.range[1], after.range[0]);
}

/** An object's text without some properties and with others edited; comments stay. */
function without(
  text: string,
  object: TSESTree.ObjectExpression,
  dropped: readonly TSESTree.Property[],
  edits: readonly [Node, string][] = [],
): { node: string; isEmpty: boolean } {
  const changes: { range: readonly [number, number]; by: string }[] = edits.map(([node, by]) => ({
    range: node.range,
    by,
  }));
  for (const property of dropped) {
    const [start, end] = property.range;
    const after = /^\s*,[ \t]*/.exec(text.slice(end));
    changes.push({ range: [start, end + (after?.[0].length ?? 0)], by: '' });
  }
  let result = '';
  let position = object.range[0];
  for (const { range, by } of changes.sort((a, b) => a.range[0] - b.range[0])) {
    result += text.slice(position, range[0]) + by;
    position = range[1];
  }
  result += text.slice(position, object.range[1]);
  // Lines of which nothing is left, and a comma whose neighbour is gone.
  result = result.replace(/\n[ \t]*(?=\n)/g, '').replace(/,[ \t]*\}$/, ' }');
  return { node: result, isEmpty: /^\{\s*\}$/.test(result) };
}

/** `job.discard(); throw new Error(message);` becomes `throw new UnrecoverableError(message);` */
export function unrecoverableEdit(facts: FileFacts, use: RemovedUse): Fix | undefined {
  const { module } = facts;
  const awaited = use.node.parent?.type === 'AwaitExpression' ? use.node.parent : use.node;
  const statement = awaited.parent;
  if (statement?.type !== 'ExpressionStatement' || statement.parent.type !== 'BlockStatement')
    return undefined;
  const { body } = statement.parent;
  const next = body[body.indexOf(statement) + 1];
  if (next?.type !== 'ThrowStatement') return undefined;
  const error = unwrap(next.argument);
  if (error.type !== 'NewExpression' || error.callee.type !== 'Identifier' || error.callee.name !== 'Error')
    return undefined;
  // Its constructor takes a message and nothing else.
  if (error.arguments.length > 1 || /\/[/*]/.test(between(module.text, statement, next))) return undefined;
  const { callee } = error;
  const importing = importEdit(facts);
  return (
    importing &&
    ((fixer) => [
      ...importing(fixer),
      fixer.removeRange([statement.range[0], next.range[0]]),
      fixer.replaceText(callee, 'UnrecoverableError'),
    ])
  );
}

/** Adds `UnrecoverableError` to what is imported of BullMQ, where it is not. */
function importEdit({ module }: FileFacts): ((fixer: TSESLint.RuleFixer) => TSESLint.RuleFix[]) | undefined {
  const imports = module
    .nodes('ImportDeclaration')
    .filter(({ source, importKind }) => source.value === 'bullmq' && importKind !== 'type');
  const named = imports.flatMap(({ specifiers }) =>
    specifiers.filter((specifier) => specifier.type === 'ImportSpecifier'),
  );
  if (named.some(({ local, importKind }) => local.name === 'UnrecoverableError' && importKind !== 'type'))
    return () => [];
  const last = named.at(-1);
  return last && ((fixer) => [fixer.insertTextAfter(last, ', UnrecoverableError')]);
}
