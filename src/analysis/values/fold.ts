/**
 * Arithmetic on literals: `60 * 1000`, `'a' + 'b'`, `!x`, `1_000 / 2`.
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
