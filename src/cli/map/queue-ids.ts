/**
 * Which queue a value names. A known name is one queue wherever it is written. A name that only the running program has
 * is one queue for each expression that gives it.
 */
import { nameOf, type LibraryObject } from '../../analysis/jobs/recognize.ts';
import { unwrap } from '../../analysis/source/nodes.ts';
import type { Evaluation } from '../../analysis/values/evaluation.ts';
import { showText, textsOf, type Text } from '../../analysis/values/text.ts';
import type { Ref, Value } from '../../analysis/values/value.ts';
import type { Name } from './model.ts';
import { sourceText } from './places.ts';

export interface NamedQueue {
  id: string;
  name: Name;
  /** The names that it can have. */
  pattern: RegExp;
  /** Whether it is always the same one: an environment variable, not a parameter that each caller gives. */
  isOne: boolean;
}

/** The queues that a value can name; `at` is the expression that has it. */
export function queuesNamed(ev: Evaluation, value: Value, at: Ref): NamedQueue[] {
  // Nest takes `{ name }` in some places.
  const given = value.kind === 'object' ? ev.lookup(value, 'name') : undefined;
  const name = given ? (given.state === 'known' ? given.value : undefined) : value;
  if (!name) return [unnamed(at)];
  const found = textsOf(ev, name, at).map((text): NamedQueue => ({
    id: idOf(text),
    name: nameOfText(text),
    pattern: patternOf(text),
    isOne: text.every((piece) => piece.kind === 'text' || piece.value.kind === 'external'),
  }));
  // `process.env.QUEUE ?? 'mail'` is called by what the code says.
  const known = found.filter((queue) => queue.name.isKnown);
  return [...new Map((known.length > 0 ? known : found).map((queue) => [queue.id, queue])).values()];
}

/** The queues that a queue object can be; `receiver` is the expression that the object was had from. */
export function queuesOf(ev: Evaluation, object: LibraryObject, receiver: Ref): NamedQueue[] {
  const name = nameOf(ev, object);
  return name ? queuesNamed(ev, name, name.at) : [unnamed(receiver, object.value.at)];
}

/** A queue of which nothing is known but the expression. */
export function unnamed(expression: Ref, at: Ref = expression): NamedQueue {
  const text = sourceText(expression.module, expression.node);
  return { id: `expression:${positionOf(at)}`, name: { text, isKnown: false }, pattern: /^/, isOne: false };
}

/** A text as a name. */
export function nameOfText(text: Text): Name {
  const [only] = text;
  const isKnown = text.every((piece) => piece.kind === 'text');
  const isBare = only?.kind === 'hole' && text.length === 1;
  return { text: isBare ? expressionText(only.at) : showText(text).slice(0, 200), isKnown };
}

/** The expression; where only its type is known, what is declared with it. */
function expressionText({ module, node }: Ref): string {
  const given = unwrap(node);
  let declared = given;
  while (declared.type.startsWith('TS') && declared.parent) declared = declared.parent;
  if (declared === given) return sourceText(module, given);
  const text = declared.type === 'Identifier' ? declared.name : sourceText(module, declared);
  return text.replace(/:.*$/, '').trim() || sourceText(module, node);
}

function patternOf(text: Text): RegExp {
  const parts = text.map((piece) =>
    piece.kind === 'text' ? piece.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : '[^]*',
  );
  return new RegExp(`^${parts.join('')}$`);
}

function idOf(text: Text): string {
  if (text.every((piece) => piece.kind === 'text'))
    return `queue:${text.map((piece) => piece.text).join('')}`;
  const key = text.map((piece) => (piece.kind === 'text' ? piece.text : `\${${holeKey(piece.value)}}`));
  return `expression:${key.join('')}`;
}

/** Something that is the same wherever it is written, such as an environment variable, or the place of its value. */
function holeKey(value: Value): string {
  return value.kind === 'external' && /^global:\.process\.env\.\w+$/.test(value.path)
    ? value.path
    : positionOf(value.at);
}

/** Replaced by a path below the root when the map is complete. */
function positionOf({ module, node }: Ref): string {
  return `${module.path}:${node.range[0]}`;
}
