/**
 * What a query is to.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { unwrap } from '../source/nodes.ts';
import type { Ref } from '../values/value.ts';

/** `'orders'` of `knex('orders').insert()`, `orders` of `db.update(orders).set()`, `prisma.order` of its methods. */
export function tableOf({ module, node }: Ref<TSESTree.CallExpression>): string {
  const text = module.textOf(node);
  const named =
    /\.(?:insertInto|updateTable|deleteFrom|insert|update|delete|into|from|table)\(\s*(['"`]?[\w.]+['"`]?)\s*\)/.exec(
      text,
    )?.[1] ?? /^\w*(?:knex|trx|db)\w*\(\s*(['"`][\w.]+['"`])\s*\)/.exec(text)?.[1];
  if (named !== undefined) return named;
  const callee = unwrap(node.callee);
  const owner = callee.type === 'MemberExpression' ? module.textOf(callee.object) : text;
  const [first] = node.arguments;
  // An entity manager is told the class.
  return first?.type === 'Identifier' && /manager|^em$|\.em$/i.test(owner) ? first.name : owner;
}
