/**
 * The syntax tree of a configuration file.
 */
import { parseSync, type Node, type Program } from 'oxc-parser';

export type { Node, Program };

/** Undefined for a text with syntax errors. */
export function parseScript(file: string, text: string): Program | undefined {
  // `.cts` would not parse `export default`, which TypeScript compiles there.
  const { program, errors } = parseSync(file.replace(/\.c([jt]s)$/, '.$1'), text);
  return errors.length === 0 ? program : undefined;
}

/** An expression without the parentheses and type annotations around it. */
export function unwrap(node: Node): Node {
  let inner = node;
  while (
    inner.type === 'ParenthesizedExpression' ||
    inner.type === 'TSAsExpression' ||
    inner.type === 'TSSatisfiesExpression' ||
    inner.type === 'TSNonNullExpression'
  )
    inner = inner.expression;
  return inner;
}
