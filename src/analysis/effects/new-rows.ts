/**
 * Records that are saved without having been there.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { asksDatabase } from '../entities/sent-queries.ts';
import { calleeName, keyName, unwrap, type Node } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';
import { receiverOf } from './tables.ts';

/** `repository.save(repository.create(...))`, `new Order(...).save()`: a row that was not there. */
export function isSaveOfNew(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  if (!asksDatabase(ev, call)) return false;
  const [first] = call.node.arguments;
  const argument = first && isOptions(first) ? undefined : first;
  const saved = argument ?? receiverOf(call.node);
  const made = saved && madeBy(call, unwrap(saved));
  if (!made) return false;
  if (made.type === 'ObjectExpression')
    return !made.properties.some((part) => part.type === 'SpreadElement' || keyName(part) === 'id');
  if (made.type === 'NewExpression') return argument === undefined || made.callee.type === 'Identifier';
  return made.type === 'CallExpression' && calleeName(made.callee) === 'create' && made !== call.node;
}

/** What a record of Mongoose or Sequelize is saved with: `order.save({ session })`. */
const SAVE_OPTION =
  /^(?:session|transaction|validateBeforeSave|validateModifiedOnly|timestamps|hooks|silent|fields|logging|w|j|wtimeout)$/;

function isOptions(argument: Node): boolean {
  const node = unwrap(argument);
  return (
    node.type === 'ObjectExpression' &&
    node.properties.length > 0 &&
    node.properties.every((part) => part.type === 'Property' && SAVE_OPTION.test(keyName(part) ?? ''))
  );
}

/** The expression that a local constant was made by. */
function madeBy({ module }: Ref, node: Node): Node | undefined {
  if (node.type !== 'Identifier') return node;
  const variable = module.variableOf(node);
  const writes = variable?.references.flatMap(({ writeExpr }) => (writeExpr ? [writeExpr] : [])) ?? [];
  const [only] = writes;
  return only && writes.length === 1 ? unwrap(only) : undefined;
}
