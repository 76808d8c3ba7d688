/**
 * Arithmetic on literals: `60 * 1000`, `'a' + 'b'`, `!x`, `1_000 / 2`, `Math.round(1.5)`.
 */
import type { LiteralContent } from './value.ts';

/** The result of an operator on two known operands; `undefined` where it is none of those that are folded. */
export function foldBinary(
  operator: string,
  left: LiteralContent,
  right: LiteralContent,
): { value: LiteralContent } | undefined {
  if (typeof left === 'string' || typeof right === 'string') {
    const isText = (value: LiteralContent) => typeof value === 'string' || typeof value === 'number';
    if (operator === '+' && isText(left) && isText(right)) return { value: String(left) + String(right) };
  }
  if (typeof left !== 'number' || typeof right !== 'number')
    return operator === '===' || operator === '=='
      ? { value: left === right }
      : operator === '!==' || operator === '!='
        ? { value: left !== right }
        : undefined;
  switch (operator) {
    case '+':
      return { value: left + right };
    case '-':
      return { value: left - right };
    case '*':
      return { value: left * right };
    case '/':
      return { value: left / right };
    case '%':
      return { value: left % right };
    case '**':
      return { value: left ** right };
    case '<<':
      return { value: left << right };
    case '===':
    case '==':
      return { value: left === right };
    case '!==':
    case '!=':
      return { value: left !== right };
    default:
      return undefined;
  }
}

const ROUNDINGS = new Map<string, (value: number) => number>([
  ['floor', Math.floor],
  ['ceil', Math.ceil],
  ['round', Math.round],
  ['trunc', Math.trunc],
  ['abs', Math.abs],
]);

/** `Math.round(1.5)`, `Math.max(1, 2)`, `Number('3')`, `parseInt('3', 10)`; `path` is below the globals. */
export function foldCall(
  path: string,
  args: readonly LiteralContent[],
): { value: LiteralContent } | undefined {
  const [first] = args;
  const numbers = args.filter((arg) => typeof arg === 'number');
  const [number] = numbers;
  if (path === 'Number' || /^(?:Number\.)?parse(?:Int|Float)$/.test(path)) {
    if (typeof first !== 'number' && typeof first !== 'string') return undefined;
    if (path === 'Number') return { value: Number(first) };
    if (path.endsWith('Float')) return { value: parseFloat(String(first)) };
    return args.length === 1 || args[1] === 10 ? { value: parseInt(String(first), 10) } : undefined;
  }
  if (!path.startsWith('Math.') || number === undefined || numbers.length < args.length) return undefined;
  const name = path.slice('Math.'.length);
  if (name === 'max') return { value: Math.max(...numbers) };
  if (name === 'min') return { value: Math.min(...numbers) };
  const rounded = args.length === 1 ? ROUNDINGS.get(name)?.(number) : undefined;
  return rounded === undefined ? undefined : { value: rounded };
}

export function foldUnary(operator: string, operand: LiteralContent): { value: LiteralContent } | undefined {
  switch (operator) {
    case '-':
      if (typeof operand === 'number') return { value: -operand };
      return typeof operand === 'bigint' ? { value: -operand } : undefined;
    case '+':
      return typeof operand === 'number' || typeof operand === 'string'
        ? { value: Number(operand) }
        : undefined;
    case '!':
      return { value: !operand };
    case 'void':
      return { value: undefined };
    default:
      return undefined;
  }
}
