import type { Orm } from '../orm.ts';

/** What `drizzle(...)` makes, the types of it, and `tx` in its transactions. */
const DB = String.raw`drizzle-orm\/[\w/-]+:\.(?:drizzle(?:\.mock)?\(\)|\w+(?:Database|Transaction)#|withReplicas\(\))(?:\.transaction>0)*(?:\.\$with\w*\(\)|\.with\(\))*`;

/** Drizzle. */
export const drizzle: Orm = {
  name: 'Drizzle',
  queries: [
    {
      on: new RegExp(String.raw`^${DB}\.query(?:\.\w+|\[\])$`),
      gives: { record: ['findFirst'], records: ['findMany'] },
      projection: { properties: ['columns'] },
      then: ['execute', 'prepare'],
    },
    {
      on: new RegExp(String.raw`^${DB}\.select(?:Distinct|DistinctOn)?\(\)$`),
      gives: { records: ['from'] },
      changes: { record: ['get'] },
      then: 'any',
      projection: { methods: ['select', 'selectDistinct'] },
    },
    {
      on: new RegExp(String.raw`^${DB}\.(?:insert|update)\(\)(?:\.\w+\(\))*$`),
      gives: { records: ['returning'] },
      changes: { record: ['get'] },
      then: ['execute', 'all', 'prepare'],
      projection: { argument: 0 },
    },
    {
      on: new RegExp(String.raw`^${DB}\.delete\(\)(?:\.\w+\(\))*$`),
      gives: { deleted: ['returning'] },
      then: 'any',
    },
  ],
  records:
    /^drizzle-orm(?:\/[\w-]+)*:\.(?:\w+(?:\(\))*\.(?:\w+\(\)\.)*\$inferSelect|InferSelectModel#|InferModel#)$/,
  operators:
    /^drizzle-orm:\.(?:eq|ne|gt|gte|lt|lte|and|or|not|inArray|notInArray|isNull|isNotNull|like|ilike|between|exists|sql|asc|desc)(?:\.raw)?\(\)$/,
};
