/**
 * Edits that turn jobs added one by one into one call of `addBulk`.
 */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { Round } from '../analysis/calls/rounds.ts';
import { isFunction, keyName, outermost, unwrap, type Node } from '../analysis/source/nodes.ts';

/** The code that one by one adds the jobs, and what it is made of. */
interface Plain {
  /** What is replaced. */
  at: Node;
  list: Node;
  /** The parameter that an item becomes. */
  item: string;
  /** Whether the list is sure to have a `map`, for it has one now. */
  isMapped: boolean;
  awaits: boolean;
}

/** An edit for BullMQ's `add(name, data, options)` as all that there is in its round; `undefined` for other code. */
export function toBulk(
  sourceCode: TSESLint.SourceCode,
  round: Round,
  call: TSESTree.CallExpression,
): TSESLint.ReportFixFunction | undefined {
  const callee = unwrap(call.callee);
  const args = call.arguments;
  const [name, data, options] = args;
  if (callee.type !== 'MemberExpression' || callee.optional || keyName(callee) !== 'add') return undefined;
  if (!name || !data || args.length > 3 || args.some(({ type }) => type === 'SpreadElement'))
    return undefined;
  const plain = plainLoop(sourceCode, round, call) ?? plainMap(sourceCode, round, call);
  if (!plain || sourceCode.getCommentsInside(plain.at).length > 0) return undefined;
  const text = (node: Node): string => sourceCode.getText(node);
  const opts = options ? `, opts: ${text(options)}` : '';
  const job = `(${plain.item}) => ({ name: ${text(name)}, data: ${text(data)}${opts} })`;
  const jobs = plain.isMapped ? `${text(plain.list)}.map(${job})` : `Array.from(${text(plain.list)}, ${job})`;
  const added = `${text(callee.object)}.addBulk(${jobs})`;
  return (fixer) => fixer.replaceText(plain.at, plain.awaits ? `await ${added};` : added);
}

/** `for (const item of items) await queue.add(...);` */
function plainLoop(
  sourceCode: TSESLint.SourceCode,
  { at, body, list }: Round,
  call: Node,
): Plain | undefined {
  if (at.type !== 'ForOfStatement' || !list || at.left.type !== 'VariableDeclaration') return undefined;
  const [{ id }] = at.left.declarations;
  const statement = onlyStatement(body);
  if (statement?.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  if (expression.type !== 'AwaitExpression' || unwrap(expression.argument) !== call) return undefined;
  return { at, list, item: sourceCode.getText(id), isMapped: false, awaits: true };
}

/** `Promise.all(items.map((item) => queue.add(...)))` */
function plainMap(sourceCode: TSESLint.SourceCode, { at, body, list }: Round, call: Node): Plain | undefined {
  const all = outermost(at).parent;
  if (!isFunction(body) || !list || all?.type !== 'CallExpression' || all.arguments[0] !== at)
    return undefined;
  const callee = unwrap(all.callee);
  if (callee.type !== 'MemberExpression' || keyName(callee) !== 'all') return undefined;
  if (at.type !== 'CallExpression' || at.callee.type !== 'MemberExpression' || keyName(at.callee) !== 'map')
    return undefined;
  const statement = body.body.type === 'BlockStatement' ? onlyStatement(body.body) : undefined;
  const given = statement
    ? statement.type === 'ReturnStatement'
      ? statement.argument
      : statement.type === 'ExpressionStatement'
        ? statement.expression
        : undefined
    : body.body;
  if (!given) return undefined;
  const value = unwrap(given);
  if ((value.type === 'AwaitExpression' ? unwrap(value.argument) : value) !== call) return undefined;
  const item = body.params.map((parameter) => sourceCode.getText(parameter)).join(', ');
  return { at: all, list, item, isMapped: true, awaits: false };
}

function onlyStatement(body: Node): Node | undefined {
  if (body.type !== 'BlockStatement') return body;
  return body.body.length === 1 ? body.body[0] : undefined;
}
