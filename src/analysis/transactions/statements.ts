/**
 * Statements of SQL that are sent as text: `pool.query('SELECT ...', [id])`, `` prisma.$queryRaw`SELECT ...` ``.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, unwrap } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { textsOf, type Text } from '../values/text.ts';
import { membersOf, type Ref } from '../values/value.ts';
import { STATEMENT_METHODS } from './tables.ts';

/**
 * Methods that send a text besides those by which transactions are begun: Prisma's, those of pg-promise, and those of a
 * project's own client, `db.queryOne()`.
 */
const SENDS = /^(?:\$queryRaw|query[A-Z]\w*|none|one|oneOrNone|any|many|manyOrNone|result)$/;
/** Properties of an object that is sent: pg's `{ text, values }`, mysql2's `{ sql, values }`. */
const TEXTS = ['text', 'sql'];

/** The statements that a call may send, with `?` for what only the running program has; none where it sends none. */
export function textsSent(ev: Evaluation, call: Ref<TSESTree.CallExpression>): string[] {
  const [first] = call.node.arguments;
  const name = calleeName(call.node.callee) ?? '';
  if (!first || !(STATEMENT_METHODS.has(name) || SENDS.test(name))) return [];
  const at = beside<TSESTree.Node>(call, first);
  const node = unwrap(first);
  // `db.execute(sql`...`)`
  if (node.type === 'TaggedTemplateExpression') return [textOfTemplate(node)];
  const value = ev.evaluate(at);
  const texts = membersOf(value).flatMap((member) =>
    member.kind === 'object'
      ? TEXTS.flatMap((key) => {
          const part = ev.lookup(member, key);
          return part.state === 'known' ? textsOf(ev, part.value) : [];
        })
      : [],
  );
  return [...texts, ...textsOf(ev, value, at)].map(written);
}

export function textOfTemplate({ quasi }: TSESTree.TaggedTemplateExpression): string {
  return quasi.quasis.map(({ value }) => value.cooked ?? '').join('?');
}

function written(text: Text): string {
  return text.map((piece) => (piece.kind === 'text' ? piece.text : '?')).join('');
}
