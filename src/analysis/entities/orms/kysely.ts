import type { Orm } from '../orm.ts';

const KYSELY = String.raw`kysely:\.(?:Kysely#|Transaction#)(?:\.(?:transaction|connection|startTransaction)\(\)(?:\.\w+\(\))*\.execute>0)*`;

/** Kysely: only `selectAll` and `returningAll` give whole rows. */
export const kysely: Orm = {
  name: 'Kysely',
  queries: [
    {
      on: new RegExp(
        String.raw`^${KYSELY}(?:\.with\w*\(\))*\.(?:selectFrom|insertInto|updateTable|replaceInto)\(\)(?:\.\w+\(\))*\.(?:selectAll|returningAll)\(\)(?:\.\w+\(\))*$`,
      ),
      gives: { record: ['executeTakeFirst', 'executeTakeFirstOrThrow'], records: ['execute', 'stream'] },
    },
    {
      on: new RegExp(String.raw`^${KYSELY}\.deleteFrom\(\)(?:\.\w+\(\))*$`),
      gives: { deleted: ['execute', 'executeTakeFirst', 'executeTakeFirstOrThrow'] },
    },
  ],
  lookups: [
    {
      on: new RegExp(String.raw`^${KYSELY}(?:\.with\w*\(\))*\.selectFrom\(\)(?:\.\w+\(\))*$`),
      gives: { record: ['executeTakeFirst', 'executeTakeFirstOrThrow'], records: ['execute'] },
    },
  ],
  throwing: ['executeTakeFirstOrThrow'],
  records: /^kysely:\.Selectable#$/,
  operators: /^kysely:\.sql(?:\.\w+)?\(\)$/,
};
