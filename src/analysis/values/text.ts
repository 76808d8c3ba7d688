/**
 * Texts piece by piece: what is known of a string that is put together of literals and of values that only the
 * running program has, as in `mail:${id}`.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { keyName, unwrap, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from './evaluation.ts';
import { partsOfList, type ListPart } from './list-parts.ts';
import { isNullish, membersOf, primitive, stringOf, type Ref, type Value } from './value.ts';

export type Piece =
  | { kind: 'text'; text: string; at: Ref }
  /** Anything else: `at` is the expression, `value` what is known of it. */
  | { kind: 'hole'; value: Value; at: Ref };

export type Text = readonly Piece[];

const MAX_TEXTS = 16;
const MAX_DEPTH = 10;

/** The texts that a value can be, taken as a string. `at`: the expression that has the value. */
export function textsOf(ev: Evaluation, value: Value, at: Ref = value.at, depth = 0): Text[] {
  const members = membersOf(value);
  const given = members.length > 1 ? members.filter((member) => !isNullish(member)) : members;
  // Which of the members of a declared union it is, nobody has decided.
  if (given.length > 1 && given.every(isDeclared)) return [[{ kind: 'hole', value, at }]];
  return given.flatMap((member) => memberTexts(ev, member, at, depth)).slice(0, MAX_TEXTS);
}

/** Whether a value is known by its type alone. */
export function isDeclared(value: Value): boolean {
  return value.at.node.type.startsWith('TS') && !/^TS(?:As|NonNull|Satisfies)/.test(value.at.node.type);
}

function memberTexts(ev: Evaluation, value: Value, at: Ref, depth: number): Text[] {
  if (value.kind === 'literal') {
    const isText = !isNullish(value) && typeof value.value !== 'object';
    return [[isText ? { kind: 'text', text: String(value.value), at: value.at } : hole(value, at)]];
  }
  if (depth > MAX_DEPTH) return [[hole(value, at)]];
  return composed(ev, value, depth) ?? [[hole(value, at)]];
}

function hole(value: Value, at: Ref): Piece {
  return { kind: 'hole', value, at };
}

function composed(ev: Evaluation, value: Value, depth: number): Text[] | undefined {
  if (value.kind !== 'primitive' && value.kind !== 'unknown' && value.kind !== 'external') return undefined;
  const { at } = value;
  const { node } = at;
  switch (node.type) {
    case 'TemplateLiteral':
      return sequence(
        ev,
        node.quasis.flatMap((quasi, index) => {
          const inner = node.expressions[index];
          const text: Piece = { kind: 'text', text: quasi.value.cooked ?? '', at };
          return inner ? [text, beside(at, inner)] : [text];
        }),
        depth,
      );
    case 'BinaryExpression':
      return node.operator === '+' && (value.kind !== 'primitive' || value.type === 'string')
        ? sequence(ev, [beside(at, node.left), beside(at, node.right)], depth)
        : undefined;
    case 'CallExpression':
      return ofCall(ev, at as Ref<TSESTree.CallExpression>, depth);
    default:
      if (value.kind === 'unknown') return byDefault(ev, value.parameter, at, depth);
      return isDeclared(value) ? byDefaultOfType(ev, value, depth) : undefined;
  }
}

/** The texts of a row of pieces and expressions, one for each way to choose among the alternatives of each. */
function sequence(ev: Evaluation, parts: readonly (Piece | ListPart | Ref)[], depth: number): Text[] {
  let texts: Text[] = [[]];
  for (const part of parts) {
    const choices =
      'kind' in part
        ? [[part]]
        : 'value' in part
          ? textsOf(ev, part.value, part.at, depth + 1)
          : textsOf(ev, ev.evaluate(part), part, depth + 1);
    texts = texts.flatMap((text) => choices.map((choice) => [...text, ...choice])).slice(0, MAX_TEXTS);
  }
  return texts;
}

/** Methods that give the text they are called on, letters apart. */
const SAME_TEXT = /^(?:toString|trim\w*|normalize|to(?:Locale)?(?:Lower|Upper)Case|toWellFormed)$/;

function ofCall(ev: Evaluation, at: Ref<TSESTree.CallExpression>, depth: number): Text[] | undefined {
  const callee = unwrap(at.node.callee);
  const [first] = at.node.arguments;
  if (callee.type === 'Identifier') {
    const fn = ev.evaluate(beside(at, callee));
    return fn.kind === 'external' && fn.path === 'global:.String' && first && first.type !== 'SpreadElement'
      ? sequence(ev, [beside(at, first)], depth)
      : undefined;
  }
  if (callee.type !== 'MemberExpression') return undefined;
  const method = keyName(callee) ?? '';
  const receiver = beside(at, callee.object);
  if (SAME_TEXT.test(method) && !first) return sequence(ev, [receiver], depth);
  if (method === 'concat' && !at.node.arguments.some((argument) => argument.type === 'SpreadElement')) {
    const isText = membersOf(ev.evaluate(receiver)).every(
      (member) => stringOf(member) !== undefined || (member.kind === 'primitive' && member.type === 'string'),
    );
    return isText
      ? sequence(ev, [receiver, ...at.node.arguments.map((argument) => beside(at, argument))], depth)
      : undefined;
  }
  if (method === 'join') return joined(ev, at, receiver, depth);
  return undefined;
}

/** `['mail', id].join(':')`, `parts.filter(Boolean).map(String).join('-')` */
function joined(
  ev: Evaluation,
  at: Ref<TSESTree.CallExpression>,
  receiver: Ref,
  depth: number,
): Text[] | undefined {
  const list = ev.evaluate(receiver);
  const [first] = at.node.arguments;
  const separator = first ? stringOf(ev.evaluate(beside(at, first))) : ',';
  if (list.kind !== 'array') return undefined;
  if (!list.items || separator === undefined) {
    const parts = partsOfList(ev, list);
    // Where items can be missing, nobody knows how many separators there are.
    const perhaps = hole(primitive(at, 'string'), first ? beside<Node>(at, first) : at);
    return (
      parts &&
      sequence(
        ev,
        parts.flatMap((part, index) => (index > 0 ? [perhaps, part] : [part])),
        depth,
      )
    );
  }
  const between: Piece = { kind: 'text', text: separator, at };
  return sequence(
    ev,
    list.items.flatMap((item, index) => [
      ...(index > 0 ? [between] : []),
      item ?? { kind: 'text' as const, text: '', at },
    ]),
    depth,
  );
}

/** A parameter is what its callers give, or else its default. */
function byDefault(
  ev: Evaluation,
  parameter: { fn: { params: readonly Node[] }; index: number } | undefined,
  at: Ref,
  depth: number,
): Text[] | undefined {
  const pattern = parameter?.fn.params[parameter.index];
  if (!parameter || pattern?.type !== 'AssignmentPattern' || pattern.left.type !== 'Identifier')
    return undefined;
  if (at.node !== pattern && at.node.type !== 'Identifier') return undefined;
  const right = beside(at, pattern.right);
  return [
    [hole({ kind: 'unknown', at, parameter: undefined }, at)],
    ...textsOf(ev, ev.evaluate(right), right, depth + 1),
  ];
}

/** The same for a parameter with a type: `jobId: string = newId()`. */
function byDefaultOfType(ev: Evaluation, value: Value, depth: number): Text[] | undefined {
  let { node } = value.at;
  while (node.parent && node.type.startsWith('TS')) node = node.parent;
  const pattern = node.parent;
  if (node.type !== 'Identifier' || pattern?.type !== 'AssignmentPattern' || pattern.left !== node)
    return undefined;
  const right = beside(value.at, pattern.right);
  return [[hole(value, beside(value.at, node))], ...textsOf(ev, ev.evaluate(right), right, depth + 1)];
}

/** A text as a reader would write it: what is not known stands as its expression. */
export function showText(text: Text): string {
  return text
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const { module, node } = piece.at;
      return `\${${node.type === 'Identifier' ? node.name : module.textOf(node)}}`;
    })
    .join('');
}
