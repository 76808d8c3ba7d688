/**
 * What is thrown: an error to retry, an error that says not to, something that is no error at all.
 */
import { keyName, unwrap, type Node } from '../source/nodes.ts';
import { externalBase } from '../values/members.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref, type Value } from '../values/value.ts';

export type Thrown =
  /** BullMQ retries the job, as far as `attempts` allows. */
  | 'error'
  /** `UnrecoverableError` or a subclass: the job fails at once. */
  | 'unrecoverable'
  /** By which a processor tells that it has moved its job: `DelayedError`, `RateLimitError`. */
  | 'signal'
  /** A string, an object, nothing. */
  | 'no-error'
  | 'unknown';

/** BullMQ: src/classes/errors. A copy or a renamed import is told by its name. */
const UNRECOVERABLE = /\.Unrecoverable\w*Error#?$/;
const SIGNAL = /:\.(?:Delayed|RateLimit|Waiting|WaitingChildren)Error#?$/;
const ERROR_PATH = /(?:Error|Exception)#$/;

/** Everything that a thrown expression can be. */
export function thrownBy(ev: Evaluation, ref: Ref): Thrown[] {
  const node = unwrap(ref.node);
  if (node.type === 'ConditionalExpression')
    return [node.consequent, node.alternate].flatMap((branch) => thrownBy(ev, beside(ref, branch)));
  if (node.type === 'LogicalExpression' && node.operator !== '&&') {
    const sides = [node.left, node.right].flatMap((side) => thrownBy(ev, beside(ref, side)));
    // The right side is what is thrown when there is nothing on the left, which is seldom.
    return sides.every((one) => one === 'no-error') ? ['no-error'] : ['unknown'];
  }
  if (isCaughtText(ref, node)) return ['no-error'];
  const value = ev.evaluate(beside(ref, node));
  const kinds = [...new Set(membersOf(present(value)).map((member) => kindOf(ev, member)))];
  // A variable that may hold nothing is asked first: `if (failure) throw failure`.
  if (node.type === 'Identifier' && kinds.length > 1 && kinds.includes('no-error')) return ['unknown'];
  return kinds.length > 0
    ? kinds
    : node.type === 'Identifier' && ref.module.variableOf(node)
      ? ['unknown']
      : ['no-error'];
}

/** `error.message`, of what a clause has caught. */
function isCaughtText(ref: Ref, node: Node): boolean {
  if (node.type !== 'MemberExpression' || !/^(?:message|stack)$/.test(keyName(node) ?? '')) return false;
  const owner = unwrap(node.object);
  const variable = owner.type === 'Identifier' ? ref.module.variableOf(owner) : undefined;
  return (variable?.defs[0]?.type as string | undefined) === 'CatchClause';
}

function kindOf(ev: Evaluation, value: Value): Thrown {
  switch (value.kind) {
    case 'literal':
    case 'primitive':
    case 'object':
    case 'array':
    case 'function':
    case 'class':
      return 'no-error';
    case 'instance': {
      const base = externalBase(ev, value.class, value);
      if (base) return pathKind(base.path);
      const { id, superClass, implements: types } = value.class.at.node;
      if (/^Unrecoverable\w*Error$/.test(id?.name ?? '')) return 'unrecoverable';
      if (superClass && /(?:Error|Exception)$/.test(id?.name ?? '')) return 'error';
      // espree's classes implement nothing
      return superClass || (types as readonly unknown[] | undefined)?.length ? 'unknown' : 'no-error';
    }
    case 'external':
      return value.site?.node.type === 'NewExpression' && value.path.endsWith('#')
        ? pathKind(value.path)
        : /^global:\.(?:String|JSON\.stringify|Number|Boolean)\(\)$/.test(value.path)
          ? 'no-error'
          : 'unknown';
    default:
      return 'unknown';
  }
}

function pathKind(path: string): Thrown {
  if (UNRECOVERABLE.test(path)) return 'unrecoverable';
  if (SIGNAL.test(path)) return 'signal';
  // What a package makes to be thrown is an error; the language has other things that can be made.
  return !path.startsWith('global:') || ERROR_PATH.test(path) ? 'error' : 'no-error';
}
