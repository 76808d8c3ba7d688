/**
 * Calls that ask a database. The tables of the ORMs say what queries give; what is added here is which of them do not
 * ask at all, and which ask without giving a record.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { contains, keyName, unwrap } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type ExternalValue, type Ref } from '../values/value.ts';
import { queryMethodOf, recordOf } from './record.ts';

interface Asking {
  /** Queries by the ORM's table that only make an object. */
  local?: readonly string[];
  /** Methods of a record that ask the database. */
  ofRecords?: readonly string[];
  /** Paths of other calls that do. */
  statements?: RegExp;
}

const ASKING: Readonly<Record<string, Asking>> = {
  Prisma: {
    statements: /^[^:]*prisma[^:]*:\..*\.\$(?:transaction|executeRaw(?:Unsafe)?|queryRaw(?:Unsafe)?)\(\)$/i,
  },
  TypeORM: {
    local: ['create', 'merge'],
    ofRecords: ['save', 'remove', 'softRemove', 'reload'],
    statements: /^typeorm:\..*\.(?:transaction|execute|clear|restore|increment|decrement)\(\)$/,
  },
  Mongoose: {
    local: ['hydrate'],
    ofRecords: ['save', 'deleteOne', 'updateOne', 'remove'],
    statements: /^mongoose:\..*\.(?:replaceOne|bulkWrite|bulkSave)\(\)$/,
  },
  Sequelize: {
    local: ['build', 'bulkBuild'],
    ofRecords: ['save', 'update', 'destroy', 'reload', 'increment', 'decrement', 'restore'],
    statements:
      /^(?:sequelize|sequelize-typescript|@sequelize\/core):.*\.(?:transaction|query|truncate|restore)\(\)$/,
  },
  MikroORM: {
    local: ['create', 'assign', 'merge', 'map', 'getReference'],
    statements: /^@mikro-orm\/.*\.(?:flush|persistAndFlush|removeAndFlush|transactional)\(\)$/,
  },
  Drizzle: {
    statements:
      /^drizzle-orm\/.*\.(?:(?:insert|update|delete)\(\)(?:\.\w+\(\))+|execute\(\)|transaction\(\))$/,
  },
  Objection: { local: ['fromJson'] },
  Knex: { statements: /^knex:.*\.(?:transaction|raw)\(\)$/ },
  Kysely: { statements: /^kysely:.*\.execute\w*\(\)$/ },
  Lucid: { ofRecords: ['save', 'delete', 'refresh'] },
};

const STATEMENTS = Object.values(ASKING).flatMap(({ statements }) => statements ?? []);

/** Whether a call gives the promise (or the query that is one) of something that the database is asked. */
export function asksDatabase(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const value = ev.evaluate(call);
  const callee = unwrap(call.node.callee);
  const method = callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  if (method !== undefined && callee.type === 'MemberExpression' && OF_RECORDS.has(method))
    for (const receiver of membersOf(present(ev.evaluate(beside(call, callee.object))))) {
      const fact = recordOf(ev, receiver);
      if (fact && !fact.isList && ASKING[fact.orm.name]?.ofRecords?.includes(method)) return true;
    }
  return membersOf(value).some((member) => member.kind === 'external' && isSent(member, call));
}

const OF_RECORDS = new Set(Object.values(ASKING).flatMap(({ ofRecords }) => ofRecords ?? []));

function isSent(value: ExternalValue, call: Ref): boolean {
  if (value.site?.node !== call.node) return false;
  for (
    let current: ExternalValue | undefined = value;
    current?.path.endsWith(')');
    current = calledOn(current)
  ) {
    const query = queryMethodOf(current);
    const { path } = current;
    const isStatement = STATEMENTS.some((statements) => statements.test(path));
    if (!query && !isStatement) continue;
    // More is asked of a builder that a variable holds: who awaits it sends it.
    if (!current.site || !contains(call.node, current.site.node)) return false;
    if (query) return !ASKING[query.orm.name]?.local?.includes(query.method);
    return !isBegunElsewhere(current, call);
  }
  return false;
}

/** Whether a statement was begun before this call: `const query = db.update(users); query.set({})`. */
function isBegunElsewhere(value: ExternalValue, call: Ref): boolean {
  for (let before = calledOn(value); before?.path.endsWith(')'); before = calledOn(before))
    if (BEGINS.test(before.path) && !(before.site && contains(call.node, before.site.node))) return true;
  return false;
}

const BEGINS = /\.(?:insert|update|delete|select|with)\w*\(\)$/;

/** The call before this one in a chain: `knex('a').where()` of `knex('a').where().del()`. */
function calledOn(value: ExternalValue): ExternalValue | undefined {
  return value.from?.from;
}
