/**
 * What statements of SQL change: `pool.query('INSERT INTO orders ...', [id])`, also through a method of the project
 * that is given the text. What is sent is told by the text alone: no other call has one.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node } from '../source/nodes.ts';
import { textsSent } from '../transactions/statements.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { isNewInEveryRun } from '../values/random.ts';
import type { Ref } from '../values/value.ts';
import { VERSION } from './relative-writes.ts';

export interface Statement {
  verb: 'insert' | 'update' | 'delete';
  table: string;
  /** With `?` for what only the running program has. */
  text: string;
}

const NAME = String.raw`([\w.$"\x60?\[\]]+)`;
const STATEMENTS: readonly [Statement['verb'], RegExp][] = [
  [
    'insert',
    new RegExp(String.raw`^INSERT\s+(?:(?:OR\s+\w+|IGNORE|LOW_PRIORITY|DELAYED)\s+)*INTO\s+${NAME}`, 'i'),
  ],
  ['update', new RegExp(String.raw`^UPDATE\s+(?:ONLY\s+)?${NAME}`, 'i')],
  ['delete', new RegExp(String.raw`^DELETE\s+FROM\s+(?:ONLY\s+)?${NAME}`, 'i')],
];

/** What a call changes in a database by a statement; `undefined` where it sends none that does. */
export function statementOf(ev: Evaluation, call: Ref<TSESTree.CallExpression>): Statement | undefined {
  for (const sent of textsSent(ev, call)) {
    const text = sent.replace(/^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)+/, '');
    for (const [verb, pattern] of STATEMENTS) {
      const table = pattern.exec(text)?.[1];
      if (table !== undefined) return { verb, table: table.replace(/[^\w.$?]/g, ''), text };
    }
  }
  return undefined;
}

/** Whether the database itself keeps a second row out, or takes it for the first. */
export function keepsOut({ text }: Statement): boolean {
  return /\bON\s+CONFLICT\b|\bON\s+DUPLICATE\s+KEY\b|^INSERT\s+(?:OR\s+)?(?:IGNORE|REPLACE)\b|\bNOT\s+EXISTS\b/i.test(
    text,
  );
}

/** What an update sets, as it is written: `balance - $1`, `'paid'`. */
export function columnsSetBy({ verb, text }: Statement): { column: string; value: string }[] {
  if (verb !== 'update') return [];
  const set = /\bSET\b([^]*?)(?:\bWHERE\b|\bRETURNING\b|$)/i.exec(text)?.[1] ?? '';
  return [...set.matchAll(ASSIGNMENT)].map(([, column = '', value = '']) => ({
    column,
    value: value.trim(),
  }));
}

/** The values that an update is sent beside its text, by the columns that they are for: `SET status = $2`. */
export function parametersSetBy(
  { node }: Ref<TSESTree.CallExpression>,
  statement: Statement,
): Map<string, Node> {
  const [, given] = node.arguments;
  const parameters = given?.type === 'ArrayExpression' ? given.elements : [];
  return new Map(
    columnsSetBy(statement).flatMap(({ column, value }): [string, Node][] => {
      const parameter = parameters[Number(/^\$(\d+)$/.exec(value)?.[1] ?? 0) - 1];
      return parameter ? [[column, parameter]] : [];
    }),
  );
}

/** `balance = COALESCE(balance, 0) + $1` */
const ASSIGNMENT = /(?:^|,)\s*["`]?(\w+)["`]?\s*=\s*((?:[^,(]|\([^)]*\))*)/g;

/**
 * The columns that an update adds to: `SET balance = balance - $1`. None where it changes what it finds its rows by, so
 * that a second one finds none: `SET stock = stock - 1, state = 'sold' WHERE state = 'open'`.
 */
export function columnsAddedBy(statement: Statement): string[] {
  const where = /\bWHERE\b([^]*)/i.exec(statement.text)?.[1] ?? '';
  const set = columnsSetBy(statement);
  const isOfItself = ({ column, value }: (typeof set)[number]): boolean => hasWord(value, column);
  if (set.some((one) => !isOfItself(one) && hasWord(where, one.column))) return [];
  return set
    .filter((one) => isOfItself(one) && /[+-]\s*(?!0\b)[\w$?:(]/.test(one.value) && !VERSION.test(one.column))
    .map(({ column }) => column);
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(String.raw`\b${word}\b`).test(text);
}

/** The columns of an inserted row whose value is the same in every run, as far as the statement tells it. */
export function columnsOfEveryRun(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression>,
  { text }: Statement,
): string[] {
  const [, columns = '', values = ''] = /\(([^()]*)\)\s*VALUES\s*\(([^]*)\)/i.exec(text) ?? [];
  const given = call.node.arguments[1];
  const parameters = given?.type === 'ArrayExpression' ? given.elements : [];
  const parts = values.split(',').map((part) => part.trim());
  // Elsewhere a `?` may be a part of the text that cannot be seen.
  const areInOrder = parts.every((part) => part === '?') && parts.length === parameters.length;
  return columns.split(',').flatMap((part, index) => {
    const column = part.replace(/\W/g, '');
    const place = areInOrder ? index : Number(/^\$(\d+)$/.exec(parts[index] ?? '')?.[1] ?? 0) - 1;
    const parameter = parameters[place];
    const isMade = /\b(?:uuid\w*|gen_\w+|random|now|nextval|default|current_\w+)\b/i.test(parts[index] ?? '');
    if (isMade || (parameter && isNewInEveryRun(ev, beside<Node>(call, parameter)))) return [];
    return column === '' ? [] : [column];
  });
}
