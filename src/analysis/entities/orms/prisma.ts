import type { Orm, Queries } from '../orm.ts';
import { prismaModel } from '../prisma-schema.ts';

/**
 * The client is generated, under `@prisma/client` or any path of the project's choice; where that path is a file of
 * the project, its class comes from the runtime.
 */
const CLIENT = String.raw`[^:]+:\.(?:\w*Prisma(?:Client|Service)\w*#|getPrismaClient\(\)#|Prisma\.TransactionClient#|prisma(?:Client)?)(?:\.client(?=\.))?`;
const MODEL = new RegExp(String.raw`^${CLIENT}(?:\.\$extends\(\))*(?:\.\$transaction>0)?\.(?!\$)\w+$`);

/** What the methods of a model give, also in clients that are made after Prisma's. */
export const MODEL_QUERIES = {
  gives: {
    record: [
      'findUnique',
      'findUniqueOrThrow',
      'findFirst',
      'findFirstOrThrow',
      'create',
      'update',
      'upsert',
    ],
    records: ['findMany', 'createManyAndReturn', 'updateManyAndReturn'],
    deleted: ['delete'],
    other: ['count', 'aggregate', 'groupBy', 'createMany', 'updateMany', 'deleteMany'],
  },
  projection: { properties: ['select'] },
} as const satisfies Omit<Queries, 'on'>;

export const THROWING_QUERIES = ['findUniqueOrThrow', 'findFirstOrThrow'] as const;

/** Prisma 4 to 7. */
export const prisma: Orm = {
  name: 'Prisma',
  queries: [
    {
      on: MODEL,
      ...MODEL_QUERIES,
    },
  ],
  throwing: THROWING_QUERIES,
  // `Prisma.UserGetPayload<...>`, and the types of the models themselves, which only the schema tells from enums.
  records:
    /^(?:@prisma\/client(?:\/[^:]*)?|@?[^:]*\bprisma[^:]*):\.(?:Prisma\.(?:\$)?\w+(?:Payload|Model)|Types\.Result\.DefaultSelection|(?!Prisma(?:Client|Promise)?#)[A-Z]\w*)#$/i,
  notRecords:
    /:\.(?:Prisma\.\w*(?:Input|Args|Filter|Enum)|PrismaClient\w*|Prisma|\w+(?:Service|Module|Repository|Input|Args|Dto|Enum|Error|Schema))#$/,
  isRecordName: prismaModel,
  operators: /:\.Prisma\.(?:sql|raw|join|empty|DbNull|JsonNull|AnyNull)(?:\(\))?$/,
};
