/**
 * The parts of an id: the expressions of which its text is put together, by a template, `+`, a list that is joined, or
 * a function that does one of these with what it is given.
 */
import { unwrap, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { textsOf } from '../values/text.ts';
import { throughParameters } from '../values/trace.ts';
import type { Ref } from '../values/value.ts';

const MAX_DEPTH = 4;

/** The parts of an id that only the running program knows, each where the code that makes the id has it. */
export function idParts(ev: Evaluation, id: Ref): Ref[] {
  const holes: Ref[] = [];
  for (const text of textsOf(ev, ev.evaluate(id), id))
    for (const { kind, at } of text)
      if (kind === 'hole' && !holes.some(({ node, frame }) => node === at.node && frame === at.frame))
        holes.push(at);
  return holes.flatMap((hole) => withGiven(ev, hole));
}

/** An expression, and of a call whose result cannot be seen what it is given: `slug(row.updatedAt)`, `hash.update(id)`. */
function withGiven(ev: Evaluation, ref: Ref, depth = 0): Ref[] {
  const at = throughParameters(ev, ref);
  const node = unwrap(at.node);
  if (depth > MAX_DEPTH) return [];
  if (node.type === 'SpreadElement') return withGiven(ev, beside<Node>(at, node.argument), depth + 1);
  if (node.type !== 'CallExpression') return [at];
  const callee = unwrap(node.callee);
  const given = callee.type === 'MemberExpression' ? [callee.object, ...node.arguments] : node.arguments;
  return [at, ...given.flatMap((inner) => withGiven(ev, beside<Node>(at, inner), depth + 1))];
}
