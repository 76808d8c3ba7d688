/**
 * What there is to know about an ORM's records, as data. Supporting another ORM is another table. Paths are those
 * of `ExternalValue`: `@prisma/client:.PrismaClient#.user.findUnique()` is what `prisma.user.findUnique(...)`
 * gives, whatever `prisma` is called and wherever it was made. `await` leaves a path as it is.
 */
import type { SourceModule } from '../source/module.ts';

/** What a query gives. */
export type Result =
  /** One record, or null. */
  | 'record'
  /** A list of records. */
  | 'records'
  /** `[record, something]` */
  | 'record-and-more'
  /** `[records, something]` */
  | 'records-and-more'
  /** `{ rows: records, ... }` */
  | 'rows'
  /** Records that are gone when the query is done. */
  | 'deleted'
  /** Nothing that is a record: a count, an id, a result object. */
  | 'other';

export interface Queries {
  /** The path of what is asked: a client's model, a repository, a builder with what was called on it. */
  on: RegExp;
  /** What its methods give; the empty name is calling it itself, as in `knex('users')`. */
  gives: Readonly<Partial<Record<Result, readonly string[]>>>;
  /** Methods that may follow without changing what is given: `exec`, `populate`; `any` for builders. */
  then?: readonly string[] | 'any';
  /** Methods that may follow and change it: `knex('users').where(...).first()` gives one. */
  changes?: Readonly<Partial<Record<Result, readonly string[]>>>;
  /** Named fields instead of whole records. */
  projection?: Projection;
}

export interface Projection {
  /** Properties of an argument of the query that name the wanted fields: `{ select: { id: true } }`. */
  properties?: readonly string[];
  /** The argument that names them itself. */
  argument?: number;
  /** Methods before or after the query whose arguments name them. */
  methods?: readonly string[];
  /** Text of an argument of those that still means every field: `*`, or only names left out. */
  everything?: RegExp;
}

export interface Orm {
  name: string;
  queries: readonly Queries[];
  /** Further queries that look for one record, where {@link queries} knows only those that give whole ones. */
  lookups?: readonly Queries[];
  /** Methods that fail when there is no such record. */
  throwing?: readonly string[];
  /** An option of a query by which it does. */
  throwingOption?: string;
  /** Paths of values, or of the types of annotations, that are records: `@prisma/client:.User#`. */
  records?: RegExp;
  /** Paths that look like {@link records} but are none: inputs, clients, enums, helpers. */
  notRecords?: RegExp;
  /** Where a path of {@link records} may as well be an enum: whether this name, used in this file, is a record. */
  isRecordName?: (name: string, module: SourceModule) => boolean;
  /** A class of the project is a record's class when it has a decorator with such a path ... */
  classDecorators?: RegExp;
  /** ... or when its instances are, in the end, of such a path. */
  baseClasses?: RegExp;
  /** Methods and properties of a record that give the record, or all of it, again: `toJSON`, `save`. */
  same?: readonly string[];
  /** Paths of operators and special values that JSON loses: `typeorm:.Raw()`. */
  operators?: RegExp;
}
