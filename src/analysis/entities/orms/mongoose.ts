import type { Orm } from '../orm.ts';

const MODEL = String.raw`(?:mongoose:(?:\.Mongoose#|\.createConnection\(\)|\.Connection#|\.connection)?\.(?:model\(\)|models(?:\.\w+|\[\])(?!\())|mongoose:\.(?:Paginate)?Model#?|@nestjs\/mongoose:\.InjectModel\(\)@|@typegoose\/typegoose:\.(?:getModelForClass\(\)|ReturnModelType#))`;

const ON = new RegExp(String.raw`^${MODEL}(?:\.(?:where|\$where)\(\))?$`);
const CHAIN = [
  'exec',
  'lean',
  'populate',
  'select',
  'sort',
  'limit',
  'skip',
  'session',
  'where',
  'equals',
  'in',
  'gt',
  'gte',
  'lt',
  'lte',
  'ne',
  'and',
  'or',
  'orFail',
  'read',
  'hint',
  'cursor',
  'clone',
  'collation',
  'maxTimeMS',
  'setOptions',
  'cache',
  'batchSize',
];
/** `select('-password')`: a field left out, none named. */
const LEFT_OUT = /^\s*(?:[-+][\w.]+\s*)+$/;

/** Mongoose 5 to 9, also through @nestjs/mongoose and Typegoose. */
export const mongoose: Orm = {
  name: 'Mongoose',
  queries: [
    {
      on: ON,
      gives: {
        record: ['findOneAndUpdate', 'findByIdAndUpdate', 'findOneAndReplace', 'create', 'hydrate'],
        records: ['insertMany'],
        deleted: ['findOneAndDelete', 'findByIdAndDelete', 'findOneAndRemove', 'findByIdAndRemove'],
        other: [
          'countDocuments',
          'estimatedDocumentCount',
          'distinct',
          'exists',
          'aggregate',
          'updateOne',
          'updateMany',
          'deleteOne',
          'deleteMany',
        ],
      },
      then: CHAIN,
      projection: {
        methods: ['select'],
        properties: ['projection', 'fields', 'select'],
        everything: LEFT_OUT,
      },
    },
    {
      on: ON,
      gives: { record: ['findOne', 'findById'], records: ['find'] },
      then: CHAIN,
      projection: { argument: 1, methods: ['select', 'projection'], everything: LEFT_OUT },
    },
  ],
  throwing: ['orFail'],
  records: new RegExp(
    String.raw`^(?:${MODEL}#|mongoose:\.(?:Document|HydratedDocument|HydratedDocumentFromSchema|InferSchemaType|LeanDocument|Require_id|FlattenMaps)#|@typegoose\/typegoose:\.DocumentType#)$`,
  ),
  classDecorators: /^@nestjs\/mongoose:\.Schema\(\)$/,
  baseClasses: /^mongoose:\.(?:Document|Model|model\(\))#$/,
  same: ['save', 'toJSON', 'toObject', 'populate', 'execPopulate', '_doc', '$clone', 'set'],
};
