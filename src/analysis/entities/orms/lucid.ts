import type { Orm } from '../orm.ts';

const MODEL = String.raw`(?:@adonisjs\/lucid\/orm|@ioc:Adonis\/Lucid\/Orm):\.BaseModel`;

/** Lucid of AdonisJS 5 to 7. */
export const lucid: Orm = {
  name: 'Lucid',
  queries: [
    {
      on: new RegExp(`^${MODEL}$`),
      gives: {
        record: [
          'find',
          'findOrFail',
          'findBy',
          'findByOrFail',
          'first',
          'firstOrFail',
          'create',
          'firstOrCreate',
          'firstOrNew',
          'updateOrCreate',
        ],
        records: [
          'all',
          'findMany',
          'findManyBy',
          'createMany',
          'fetchOrCreateMany',
          'updateOrCreateMany',
          'query',
        ],
      },
      then: 'any',
      changes: {
        record: ['first', 'firstOrFail'],
        deleted: ['delete', 'del'],
        other: ['update', 'count', 'min', 'max', 'sum', 'avg', 'pojo', 'increment', 'decrement'],
      },
      projection: { methods: ['select'], everything: /^(?:\w+\.)?\*$/ },
    },
  ],
  throwing: ['findOrFail', 'findByOrFail', 'firstOrFail'],
  baseClasses: new RegExp(`^${MODEL}#$`),
  same: ['serialize', 'toJSON', 'toObject', 'serializeAttributes', 'save', 'refresh', 'merge', 'fill'],
};
