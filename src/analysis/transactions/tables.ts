/**
 * How each ORM and driver runs code inside a database transaction, as data. Supporting another is another entry.
 * Paths are those of `ExternalValue`.
 */
export interface TransactionTable {
  name: string;
  /** Paths of functions that run a function they are given inside a transaction. */
  runs?: RegExp;
  /** Paths of functions that begin a transaction and give it: `const t = await sequelize.transaction()`. */
  begins?: RegExp;
  /** Paths of decorators that run a method inside a transaction. */
  decorators?: RegExp;
  /** Whether what is not given the transaction's client runs in the transaction all the same. */
  isAmbient?: boolean;
}

export const transactionTables: readonly TransactionTable[] = [
  // The array form runs queries, and no function.
  { name: 'Prisma', runs: /\.\$transaction$/ },
  {
    name: 'TypeORM',
    runs: /^(?:typeorm|@nestjs\/typeorm):.*\.transaction$/,
    decorators: /^typeorm:\.Transaction(?:\(\))?$/,
  },
  {
    name: 'typeorm-transactional',
    runs: /^typeorm-transactional(?:-cls-hooked)?:\.(?:runInTransaction|wrapInTransaction)$/,
    decorators: /^typeorm-transactional(?:-cls-hooked)?:\.Transactional(?:\(\))?$/,
    isAmbient: true,
  },
  {
    name: '@nestjs-cls/transactional',
    runs: /^@nestjs-cls\/transactional:.*\.withTransaction$/,
    decorators: /^@nestjs-cls\/transactional:\.Transactional(?:\(\))?$/,
    isAmbient: true,
  },
  {
    name: 'Sequelize',
    runs: /^(?:sequelize|sequelize-typescript|@sequelize\/core|@nestjs\/sequelize):.*\.transaction$/,
    begins:
      /^(?:sequelize|sequelize-typescript|@sequelize\/core|@nestjs\/sequelize):.*\.(?:transaction|startUnmanagedTransaction)$/,
  },
  {
    name: 'Knex',
    runs: /^(?:knex|nest-knexjs|nestjs-knex):.*\.transaction$/,
    begins: /^(?:knex|nest-knexjs|nestjs-knex):.*\.transaction$/,
  },
  {
    name: 'Kysely',
    runs: /^kysely:.*\.transaction\(\)(?:\.\w+\(\))*\.execute$/,
    begins: /^kysely:.*\.startTransaction\(\)(?:\.\w+\(\))*\.execute$/,
  },
  { name: 'Drizzle', runs: /^drizzle-orm\/.*\.transaction$/ },
  { name: 'Mongoose', runs: /^(?:mongoose|mongodb|@nestjs\/mongoose):.*\.(?:withTransaction|transaction)$/ },
  {
    name: 'MikroORM',
    runs: /^@mikro-orm\/[\w-]+:.*\.transactional$/,
    decorators: /^@mikro-orm\/[\w/-]+:\.Transactional(?:\(\))?$/,
    isAmbient: true,
  },
  {
    name: 'Objection',
    runs: /^objection:(?:.*)\.transaction$/,
    begins: /^objection:(?:.*)\.(?:transaction\.start|startTransaction|transaction)$/,
  },
  {
    name: 'Lucid',
    runs: /^(?:@adonisjs\/lucid(?:\/[\w/]+)?|@ioc:Adonis\/Lucid\/\w+):.*\.transaction$/,
    begins: /^(?:@adonisjs\/lucid(?:\/[\w/]+)?|@ioc:Adonis\/Lucid\/\w+):.*\.transaction$/,
  },
  { name: 'postgres', runs: /^postgres:.*\.begin$/ },
  { name: 'pg-promise', runs: /^pg-promise:.*\.tx(?:If)?$/ },
  { name: 'Slonik', runs: /^slonik:.*\.transaction$/ },
];

/** The path of what a transaction hands to its function, where the transaction's own cannot be seen. */
export const UNSEEN_CLIENT = 'transaction:>0';

/** Whether a path is of what a transaction hands to the function that runs in it: its client, its manager. */
export function isClient(path: string): boolean {
  if (!path.endsWith('>0')) return false;
  return path === UNSEEN_CLIENT || transactionTables.some(({ runs }) => runs?.test(path.slice(0, -2)));
}

/** Methods that no other library has, when a function is given: enough where the receiver cannot be seen. */
export const RUN_METHODS: Readonly<Partial<Record<string, { parameters: number; isAmbient?: boolean }>>> = {
  $transaction: { parameters: 0 },
  withTransaction: { parameters: 0 },
  // Others give no function, or one that is given nothing.
  transaction: { parameters: 1 },
  transactional: { parameters: 1, isAmbient: true },
};

/** A method that begins a transaction on its object, and the one that commits it there. */
export const SPANS: readonly { begin: string; commit: string; rollback: readonly string[] }[] = [
  // TypeORM's query runner, sessions of Mongoose and MongoDB.
  {
    begin: 'startTransaction',
    commit: 'commitTransaction',
    rollback: ['rollbackTransaction', 'abortTransaction'],
  },
  // mysql2
  { begin: 'beginTransaction', commit: 'commit', rollback: ['rollback'] },
  // MikroORM
  { begin: 'begin', commit: 'commit', rollback: ['rollback'] },
];

/** Methods that send a statement of SQL: `client.query('BEGIN')`. */
export const STATEMENT_METHODS: ReadonlySet<string> = new Set([
  'query',
  'execute',
  'raw',
  '$executeRaw',
  '$executeRawUnsafe',
  '$queryRawUnsafe',
  'unsafe',
  'exec',
  'run',
]);
export const BEGINS = /^\s*(?:BEGIN|START\s+TRANSACTION)\b/i;
export const COMMITS = /^\s*(?:COMMIT|END)\b/i;
export const ROLLS_BACK = /^\s*ROLLBACK\b(?!\s+TO\b)/i;

/** A decorator of this name runs a method inside a transaction, whichever package or file it is from. */
export const DECORATOR = 'Transactional';
/** What a decorator says that runs the method outside of any transaction. */
export const OUTSIDE = /NOT_?SUPPORTED|NEVER/i;
