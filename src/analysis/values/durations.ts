/**
 * Numbers that are durations: whether they are milliseconds, by how they are written.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { unwrap } from '../source/nodes.ts';
import { argumentRefs } from './calls.ts';
import { beside, type Evaluation } from './evaluation.ts';
import { numberOf, stringOf, type Ref, type Value } from './value.ts';

/** Functions and constants of packages that give milliseconds. */
const MILLISECONDS =
  /^(?:ms|@lukeed\/ms|parse-duration|timestring):(?:\.(?:ms|parse|default))?\(\)$|^date-fns(?:\/\w+)?:\.(?:milliseconds|\w+ToMilliseconds)\(\)$|^date-fns(?:\/constants)?:\.millisecondsIn\w+$|\.(?:toMillis|asMilliseconds)\(\)$/;

const MAX_DEPTH = 8;

/** Whether a number is surely made of milliseconds: a product with a factor 1000, or what a package gives as such. */
export function isMilliseconds(ev: Evaluation, value: Value, depth = 0): boolean {
  return thousands(ev, value, depth) > 0;
}

/** How many factors of 1000 a number has that are not divided out: `24 * 3600 * 1000` has one. */
function thousands(ev: Evaluation, value: Value, depth: number, isFactor = false): number {
  if (depth > MAX_DEPTH) return 0;
  if (value.kind === 'union')
    return Math.max(...value.members.map((member) => thousands(ev, member, depth, isFactor)));
  if (value.kind === 'external' && MILLISECONDS.test(value.path)) return 1;
  const { at } = value;
  const node = unwrap(at.node);
  const part = (inner: TSESTree.Node, asFactor: boolean): number =>
    thousands(ev, ev.evaluate(beside(at, inner)), depth + 1, asFactor);
  if (node.type === 'BinaryExpression' && node.left.type !== 'PrivateIdentifier') {
    switch (node.operator) {
      case '*':
        return part(node.left, true) + part(node.right, true);
      case '/':
        return part(node.left, isFactor) - divided(ev, beside(at, node.right));
      case '+':
      case '-':
        return Math.max(part(node.left, false), part(node.right, false));
      default:
        return 0;
    }
  }
  if (
    node.type === 'CallExpression' &&
    (value.kind !== 'external' || /^global:\.Math\.\w+\(\)$/.test(value.path))
  ) {
    // `Math.round(...)`, `Number(...)`
    const [first] = argumentRefs(beside(at, node));
    const callee = ev.evaluate(beside(at, node.callee));
    const isRounding =
      callee.kind === 'external' &&
      /^global:\.(?:Math\.(?:floor|ceil|round|trunc)|Number)$/.test(callee.path);
    return isRounding && first ? thousands(ev, ev.evaluate(first), depth + 1, isFactor) : 0;
  }
  return isFactor && numberOf(value) === 1000 ? 1 : 0;
}

/** 1 for what takes milliseconds to seconds: a divisor of 1000 or more, and any that is not known. */
function divided(ev: Evaluation, divisor: Ref): number {
  const number = numberOf(ev.evaluate(divisor));
  return number === undefined || number >= 1000 ? 1 : 0;
}

const UNITS: Readonly<Partial<Record<string, number>>> = {
  ms: 1,
  s: 1e3,
  m: 60e3,
  h: 3_600e3,
  d: 86_400e3,
  w: 604_800e3,
  y: 31_557_600e3,
};

/** The number that a value is, with the texts that the package `ms` reads: `ms('5s')` is 5000. */
export function durationOf(ev: Evaluation, value: Value): number | undefined {
  if (value.kind !== 'external' || !/^(?:ms|@lukeed\/ms):(?:\.(?:parse|default))?\(\)$/.test(value.path))
    return numberOf(value);
  const [first] =
    value.site?.node.type === 'CallExpression'
      ? argumentRefs(value.site as Ref<TSESTree.CallExpression>)
      : [];
  const text = first && stringOf(ev.evaluate(first));
  const found = text === undefined ? null : /^\s*(-?[\d.]+)\s*(ms|[smhdwy])/i.exec(text);
  const unit = found?.[2] === undefined ? undefined : UNITS[found[2].toLowerCase()];
  return found && unit !== undefined ? Number(found[1]) * unit : undefined;
}
