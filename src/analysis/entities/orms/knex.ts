import type { Orm } from '../orm.ts';

const KNEX = String.raw`knex:(?:(?:\.(?:default|knex))?\(\)|\.Knex#|\.KnexBase#|#)(?:\.transaction>0|\.transaction\(\))*`;

/** Knex: rows are plain objects, but they are rows. */
export const knex: Orm = {
  name: 'Knex',
  queries: [
    {
      on: new RegExp(
        String.raw`^(?:${KNEX}|knex:\.Knex\.Transaction#)(?:\.(?:withSchema|with|select|column|columns|distinct)\(\))*$`,
      ),
      gives: { records: ['', 'from', 'table', 'into'] },
      then: 'any',
      changes: {
        record: ['first'],
        records: ['returning'],
        deleted: ['del', 'delete', 'truncate'],
        other: [
          'insert',
          'update',
          'increment',
          'decrement',
          'count',
          'countDistinct',
          'min',
          'max',
          'sum',
          'avg',
          'pluck',
          'columnInfo',
        ],
      },
      projection: {
        methods: ['select', 'column', 'columns', 'returning', 'distinct', 'first'],
        everything: /^(?:\w+\.)?\*$/,
      },
    },
  ],
  operators: new RegExp(String.raw`^${KNEX}\.(?:raw|ref|fn\.now)\(\)$`),
};
