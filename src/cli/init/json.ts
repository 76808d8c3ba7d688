/**
 * JSON files, with comments or without: reading, and edits that leave every other character as it is.
 */
import { UsageError } from '../command.ts';
import { parseScript, unwrap, type Node } from './syntax.ts';
import { appendToList, indentUnit, insertIntoList, splice, type List } from './text.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws {UsageError} when the text is not JSON, or not an object. */
export function parseObject(file: string, text: string, { comments = false } = {}): JsonObject {
  let value: Json;
  try {
    value = comments ? evaluate(rootOf(text)) : (JSON.parse(text) as Json);
  } catch (error) {
    throw new UsageError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new UsageError(`${file} does not hold an object.`);
  return value;
}

/**
 * Sets what `keys` lead to; objects on the way that are missing are made.
 *
 * @param options.after the key of the root object that a new key of the root is put behind, where it is there
 * @param options.sorted whether the last key finds its place among the others when these are sorted
 */
export function setValue(
  text: string,
  keys: readonly string[],
  value: Json,
  options: { after?: string; sorted?: boolean } = {},
): string {
  let node = rootOf(text);
  for (const [depth, key] of keys.entries()) {
    if (node.type !== 'ObjectExpression') throw new TypeError(`${keys.join('.')} is not in an object`);
    const property = propertyOf(node, key);
    const rest = keys.slice(depth + 1);
    if (property && rest.length === 0) {
      const line = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', property.start - PREFIX - 1) + 1))?.[0];
      return splice(
        text,
        property.value.start - PREFIX,
        property.value.end - PREFIX,
        print(value, text, line),
      );
    }
    if (!property) {
      const missing = rest.reduceRight<Json>((inner, name) => ({ [name]: inner }), value);
      const item = `${JSON.stringify(key)}: ${print(missing, text)}`;
      return insertIntoList(
        text,
        listOf(node),
        item,
        placeFor(node, key, depth === 0 ? options.after : undefined, rest.length === 0 && options.sorted),
      );
    }
    node = property.value;
  }
  throw new TypeError('no key');
}

/** Adds to the array that `keys` lead to, which is made where it is missing. */
export function pushValue(text: string, keys: readonly string[], value: Json): string {
  let node: Node | undefined = rootOf(text);
  for (const key of keys) node = node?.type === 'ObjectExpression' ? propertyOf(node, key)?.value : undefined;
  if (node?.type !== 'ArrayExpression') return setValue(text, keys, [value]);
  return appendToList(text, listOf(node), print(value, text));
}

// As an expression, the text is JavaScript, with comments and trailing commas.
const PREFIX = 1;

function rootOf(text: string): Node {
  const program = parseScript('settings.js', `(${text}\n)`);
  const [statement] = program?.body ?? [];
  if (!statement || program?.body.length !== 1 || statement.type !== 'ExpressionStatement')
    throw new SyntaxError('it cannot be parsed');
  return unwrap(statement.expression);
}

type ObjectNode = Extract<Node, { type: 'ObjectExpression' }>;

function propertyOf(node: ObjectNode, key: string) {
  return node.properties.find((property) => property.type === 'Property' && nameOf(property.key) === key) as
    Extract<ObjectNode['properties'][number], { type: 'Property' }> | undefined;
}

function nameOf(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

/** Among sorted keys in their order, else behind the key `after`, else at the end. */
function placeFor(node: ObjectNode, key: string, after?: string, sorted = false): number {
  const names = node.properties.map((property) =>
    property.type === 'Property' ? (nameOf(property.key) ?? '') : '',
  );
  if (after !== undefined) return !names.includes(after) ? names.length : names.indexOf(after) + 1;
  const isSorted = sorted && names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name);
  const index = isSorted ? names.findIndex((name) => name > key) : -1;
  return index < 0 ? names.length : index;
}

function listOf(node: Extract<Node, { type: 'ObjectExpression' | 'ArrayExpression' }>): List {
  const items = node.type === 'ObjectExpression' ? node.properties : node.elements;
  return {
    open: node.start + 1 - PREFIX,
    close: node.end - 1 - PREFIX,
    items: items.flatMap((item) => (item ? [{ start: item.start - PREFIX, end: item.end - PREFIX }] : [])),
  };
}

function print(value: Json, text: string, indent = ''): string {
  return JSON.stringify(value, null, indentUnit(text)).split('\n').join(`\n${indent}`);
}

function evaluate(node: Node): Json {
  if (node.type === 'Literal' && !('regex' in node) && !('bigint' in node)) return node.value;
  if (node.type === 'UnaryExpression' && node.operator === '-') return -Number(evaluate(node.argument));
  if (node.type === 'ArrayExpression')
    return node.elements.map((element) => evaluate(element ?? failed('it has an empty element')));
  if (node.type === 'ObjectExpression')
    return Object.fromEntries(
      node.properties.map((property) =>
        property.type === 'Property'
          ? [nameOf(property.key) ?? failed('it has a computed key'), evaluate(property.value)]
          : failed('it has a spread'),
      ),
    );
  return failed(`it has a ${node.type}`);
}

function failed(problem: string): never {
  throw new SyntaxError(problem);
}
