/**
 * Comparing the attempts that a job has had with those that it may have.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { jobPath } from '../../jobs/own-job.ts';
import { calleeName, keyName, unwrap, type Node } from '../../source/nodes.ts';
import { beside, here, type Evaluation } from '../../values/evaluation.ts';
import { throughParameters } from '../../values/trace.ts';
import { membersOf, numberOf, present, type Ref, type Value } from '../../values/value.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';

export interface AttemptsComparison extends Effect {
  comparison: TSESTree.BinaryExpression;
  /** The side with `attemptsMade`, where each count has one for itself. */
  made: Node | undefined;
  /** What is added to `attempts`, with `attemptsMade` alone on the left: -1 for `attemptsMade + 1 >= attempts`. */
  offset: number;
  /** The operator, seen that way round. */
  operator: string;
  /** Whether the job was asked for by its id. */
  isFetched: boolean;
  /** Whether the condition around it asks for other signs of a final failure too. */
  asksMore: boolean;
}

const OPERATORS = /^(?:[<>]=?|[!=]==?)$/;

export const comparesAttempts: EffectKind<AttemptsComparison> = {
  name: 'compares-attempts',
  mark: 'attempts',
  throughFloating: true,
  endsAtProcessors: true,
  readsArguments: true,
  ofJob: true,
  find(ev, running) {
    return running.body.flatMap((node) =>
      node.type === 'BinaryExpression' && OPERATORS.test(node.operator)
        ? (comparisonAt(ev, running, node) ?? [])
        : [],
    );
  },
};

function comparisonAt(
  ev: Evaluation,
  { module, frame }: Running,
  comparison: TSESTree.BinaryExpression,
): AttemptsComparison | undefined {
  if ((comparison.left.type as string) === 'PrivateIdentifier') return undefined;
  const left = sumOf(ev, here(module, comparison.left, frame));
  const right = left && sumOf(ev, here(module, comparison.right, frame));
  if (!left || !right) return undefined;
  // Everything brought to the left: `made - attempts + plus` is compared with nothing.
  const made = left.made - right.made;
  const attempts = left.attempts - right.attempts;
  if (Math.abs(made) !== 1 || attempts !== -made) return undefined;
  const operator = made > 0 ? comparison.operator : (MIRRORED[comparison.operator] ?? comparison.operator);
  const isAlone = left.attempts === 0 ? right.made === 0 : left.made === 0 && right.attempts === 0;
  return {
    at: here(module, comparison, frame),
    label: module.textOf(comparison).replace(/\s+/g, ' '),
    target: 'attempts',
    comparison,
    made: !isAlone ? undefined : left.made !== 0 ? comparison.left : comparison.right,
    offset: (right.plus - left.plus) * made,
    operator,
    isFetched: left.isFetched || right.isFetched,
    asksMore: /finishedOn|Unrecoverable|stalled|discard/i.test(module.textOf(conditionAround(comparison))),
  };
}

const MIRRORED: Partial<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** How often each count is in a sum, and the constant in it. */
interface Sum {
  made: number;
  attempts: number;
  plus: number;
  isFetched: boolean;
}

/** `job.attemptsMade`, `(job.opts.attempts ?? 1) - 1`, and names for such expressions. */
function sumOf(ev: Evaluation, given: Ref, depth = 0): Sum | undefined {
  if (depth > 8) return undefined;
  const ref = throughParameters(ev, given);
  const node = unwrap(ref.node);
  const inner = (next: Node): Sum | undefined => sumOf(ev, beside(ref, next), depth + 1);
  const counting = (nodes: readonly Node[]): Sum | undefined => nodes.map(inner).find(isCount);
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number' ? constant(node.value) : undefined;
    case 'BinaryExpression': {
      const sign = node.operator === '+' ? 1 : node.operator === '-' ? -1 : 0;
      const left = sign === 0 ? undefined : inner(node.left);
      const right = left && inner(node.right);
      if (!right) return undefined;
      return {
        made: left.made + sign * right.made,
        attempts: left.attempts + sign * right.attempts,
        plus: left.plus + sign * right.plus,
        isFetched: left.isFetched || right.isFetched,
      };
    }
    // `job.opts.attempts ?? 3`: what stands in where nothing is set.
    case 'LogicalExpression':
      return node.operator === '&&' ? inner(node.right) : inner(node.left);
    case 'ConditionalExpression':
      return counting([node.consequent, node.alternate]);
    case 'CallExpression':
      return /^(?:Number|parseInt|max)$/.test(calleeName(node.callee) ?? '')
        ? counting(node.arguments)
        : undefined;
    case 'Identifier': {
      const init = initOf(ref, node);
      return (init && sumOf(ev, init, depth + 1)) ?? countIn(ev.evaluate(ref));
    }
    case 'MemberExpression':
      return countIn(ev.evaluate(ref));
    default:
      return undefined;
  }
}

function isCount(sum: Sum | undefined): boolean {
  return sum !== undefined && (sum.made !== 0 || sum.attempts !== 0);
}

function constant(plus: number): Sum {
  return { made: 0, attempts: 0, plus, isFetched: false };
}

/** A job that is asked for, where one is only told of: `queue.getJob(id)`, `Job.fromId(queue, id)`. */
const FETCHED = /^bull(?:mq)?:.*\.(?:getJob|fromId)\(\)(\.\w+(?:\.\w+)?)$/;

/** The count that a value is, or a number; a fallback beside it does not matter. */
function countIn(value: Value): Sum | undefined {
  const number = numberOf(value);
  if (number !== undefined) return constant(number);
  const [count, ...others] = membersOf(present(value)).filter((member) => numberOf(member) === undefined);
  if (!count || others.length > 0) return undefined;
  const fetched = count.kind === 'external' ? FETCHED.exec(count.path)?.[1] : undefined;
  const path = fetched ?? jobPath(count);
  const isFetched = fetched !== undefined;
  if (path === '.attemptsMade') return { made: 1, attempts: 0, plus: 0, isFetched };
  return path === '.opts.attempts' ? { made: 0, attempts: 1, plus: 0, isFetched } : undefined;
}

function initOf(ref: Ref, node: TSESTree.Identifier): Ref | undefined {
  const declarator = ref.module.variableOf(node)?.defs[0]?.node as Node | undefined;
  return declarator?.type === 'VariableDeclarator' &&
    declarator.parent.kind === 'const' &&
    declarator.id.type === 'Identifier' &&
    declarator.init
    ? beside(ref, declarator.init)
    : undefined;
}

/** The whole condition of which a comparison is a part. */
function conditionAround(comparison: Node): Node {
  let node = comparison;
  for (let parent = node.parent; parent; parent = parent.parent) {
    if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression')
      return parent.test === node ? node : comparison;
    if (
      !/^(?:LogicalExpression|UnaryExpression|ChainExpression|TS\w+Expression|CallExpression)$/.test(
        parent.type,
      )
    )
      break;
    node = parent;
  }
  return node;
}

/** The job of which an expression reads a property: `job` of `job?.attemptsMade ?? 0`, with its `?.`. */
export function readerOf(made: Node): { object: Node; isOptional: boolean } | undefined {
  let node = unwrap(made);
  while (node.type === 'LogicalExpression' && node.operator !== '&&') node = unwrap(node.left);
  return node.type === 'MemberExpression' && keyName(node) === 'attemptsMade' && !node.computed
    ? { object: node.object, isOptional: node.optional }
    : undefined;
}
