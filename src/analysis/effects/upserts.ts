/**
 * Writes that may come twice without harm: they say what is to happen with a row that is there, or take the place of
 * what was there.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { flowOf } from '../flow/flow.ts';
import { calleeName, keyName, type FunctionNode, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import { membersOf, present, type Ref, type Value } from '../values/value.ts';
import { statementOf } from './sql.ts';
import { prismaKeysOf, tableOf } from './tables.ts';

const ON_CONFLICT =
  /\b(?:onConflict\w*|onDuplicateKeyUpdate|orIgnore|orUpdate|skipDuplicates|ignoreDuplicates|updateOnDuplicate|upsert\w*|ignore\(\))/;

/** Whether a write is one, by its whole chain: what follows a call may change what it does. */
export function isUpsert({ module, node }: Ref<TSESTree.CallExpression>): boolean {
  let current: Node = node;
  for (let parent = node.parent as Node | undefined; parent; parent = current.parent) {
    const isChain =
      (parent.type === 'MemberExpression' && parent.object === current) ||
      (parent.type === 'CallExpression' && parent.callee === current);
    if (!isChain) break;
    current = parent;
  }
  const text = module.textOf(current);
  if (!ON_CONFLICT.test(text)) return false;
  return !text.includes('skipDuplicates') || canHaveDuplicates(module, node);
}

/**
 * Whether a write finds its row by what an insert has answered: `{ where: { orderId: order.id } }`. Where each run inserts
 * a row of its own, there is none to be found.
 */
export function isKeyedBy(
  ev: Evaluation,
  write: Ref<TSESTree.CallExpression>,
  insert: Ref<TSESTree.CallExpression>,
): boolean {
  const [options] = write.node.arguments;
  const where =
    options?.type === 'ObjectExpression'
      ? options.properties.find((part) => part.type === 'Property' && keyName(part) === 'where')
      : undefined;
  if (!where) return false;
  return nodesBelow(write.module, where).some(
    (part) =>
      part.type === 'Property' &&
      part.value.type !== 'ObjectExpression' &&
      membersOf(present(ev.evaluate(beside<Node>(write, part.value)))).some((value) =>
        isOfAnswer(value, insert.node),
      ),
  );
}

/** Whether a value is a part of what a call has answered. */
function isOfAnswer(value: Value, call: Node): boolean {
  let current = value.kind === 'external' ? value : undefined;
  while (current && current.site?.node !== call) current = current.from;
  return current !== undefined;
}

/** Whether the schema knows rows of a Prisma insert for the same; where it cannot be told, it does. */
function canHaveDuplicates(module: SourceModule, call: TSESTree.CallExpression): boolean {
  const keys = prismaKeysOf(module, call);
  const given = keys ? columnsGiven(module, call) : undefined;
  return !keys || !given || keys.some((key) => key.every((field) => given.has(field)));
}

/** The columns of the rows that are inserted; `undefined` where they cannot all be seen. */
function columnsGiven(module: SourceModule, call: TSESTree.CallExpression): Set<string> | undefined {
  const columns = new Set<string>();
  const visit = (node: Node): boolean => {
    if (node.type === 'SpreadElement') return false;
    if (node.type === 'Property') {
      const key = keyName(node);
      if (key === 'skipDuplicates') return true;
      if (key !== undefined) columns.add(key);
      if (key !== 'data') return true;
    }
    return module.childrenOf(node).every(visit);
  };
  const isSeen = call.arguments.every(visit);
  return isSeen && columns.size > 1 ? columns : undefined;
}

/** Whether an insert follows, on every way, a removal of the rows of its table: the second run's takes the first's place. */
export function isReplacement(
  ev: Evaluation,
  insert: Ref<TSESTree.CallExpression>,
  within: FunctionNode,
): boolean {
  const flow = flowOf(insert.module, within);
  return removalsFor(ev, insert, within).some(
    (removal) => flow?.isAlwaysBefore(removal, insert.node) === true,
  );
}

/** The calls of a function that remove rows of the table of an insert. */
export function removalsFor(
  ev: Evaluation,
  insert: Ref<TSESTree.CallExpression>,
  within: FunctionNode,
): Node[] {
  const statement = statementOf(ev, insert);
  const table = statement?.table ?? tableOf(insert);
  return bodyOf(insert.module, within).filter((other) => {
    if (other.type !== 'CallExpression') return false;
    const call = beside(insert, other);
    if (statement) {
      const removal = statementOf(ev, call);
      return removal?.verb === 'delete' && removal.table === table;
    }
    return (
      /^(?:delete\w*|remove\w*|destroy|clear)$/.test(calleeName(other.callee) ?? '') &&
      tableOf(call) === table
    );
  });
}
