/**
 * Columns of records, by the schema or by the model's class.
 */
import type { Evaluation } from '../values/evaluation.ts';
import { membersOf, type ExternalValue } from '../values/value.ts';
import { prismaSchema } from './prisma-schema.ts';
import { fieldOf } from './record.ts';

/** Whether a value is read from a column of whole numbers. */
export function isIntegerColumn(ev: Evaluation, value: ExternalValue): boolean {
  const fact = fieldOf(ev, value);
  if (!fact) return false;
  if (fact.owner)
    return membersOf(ev.member(fact.owner, fact.field, value.at)).every(
      (member) => member.kind === 'primitive' && (member.type === 'number' || member.type === 'bigint'),
    );
  if (fact.orm.name !== 'Prisma' || fact.model === undefined) return false;
  const type = prismaSchema(fact.at.module.path)?.models.get(fact.model)?.get(fact.field);
  return type === 'Int' || type === 'BigInt';
}
