/**
 * Writes of a database.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { asksDatabase } from '../../entities/sent-queries.ts';
import { calleeName } from '../../source/nodes.ts';
import type { Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import { callsWhere, type EffectKind } from '../effect.ts';

export const writesDatabase: EffectKind = {
  name: 'writes-database',
  mark: undefined,
  throughFloating: true,
  readsArguments: true,
  maxWay: 4,
  find: (ev, running) => callsWhere(running, (call) => isDatabaseWrite(ev, call)),
};

/** Writes of a database; what only finds, and what may come twice without harm (an upsert), is none. */
const WRITES =
  /^(?:create|createMany\w*|insert|insertMany|insertOne|bulkCreate|bulkWrite|save|saveMany|update|updateMany\w*|updateOne|delete|deleteMany|deleteOne|destroy|softDelete|softRemove|increment|decrement|findOneAndUpdate|findByIdAndUpdate|values|set|execute)$/;
const WRITE_PATH = /\.(?:insert\w*|update\w*|delete\w*)\(\)/;

/** Whether a call writes to a database. */
export function isDatabaseWrite(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const name = calleeName(call.node.callee) ?? '';
  if (!WRITES.test(name) || !asksDatabase(ev, call)) return false;
  // A builder is one query, whose last method tells it.
  return /^(?:values|set|execute)$/.test(name)
    ? membersOf(present(ev.evaluate(call))).some(
        (value) => value.kind === 'external' && WRITE_PATH.test(value.path),
      )
    : true;
}
