import type { Orm } from '../orm.ts';

/** Objection 2 and 3. */
export const objection: Orm = {
  name: 'Objection',
  queries: [
    {
      on: /^objection:\.(?:Model|Model#|\w+\(\)\(\))(?:\.bindKnex\(\))?$/,
      gives: { records: ['query', '$query', '$relatedQuery', 'relatedQuery'], record: ['fromJson'] },
      then: 'any',
      changes: {
        record: [
          'findById',
          'findOne',
          'first',
          'insert',
          'insertAndFetch',
          'insertGraph',
          'insertGraphAndFetch',
          'upsertGraph',
          'upsertGraphAndFetch',
          'patchAndFetch',
          'patchAndFetchById',
          'updateAndFetch',
          'updateAndFetchById',
        ],
        deleted: ['delete', 'deleteById', 'del'],
        other: [
          'patch',
          'update',
          'count',
          'resultSize',
          'min',
          'max',
          'sum',
          'avg',
          'pluck',
          'increment',
          'page',
          'range',
        ],
      },
      projection: { methods: ['select', 'column', 'columns'], everything: /^(?:\w+\.)?\*$/ },
    },
  ],
  throwing: ['throwIfNotFound'],
  records: /^objection:\.ModelObject#$/,
  baseClasses: /^objection:\.Model#$/,
  same: ['toJSON', '$toJson', '$clone', '$set', '$setJson', '$fetchGraph'],
  operators: /^objection:\.(?:raw|ref|fn|lit|val)\(\)$/,
};
