import type { Orm } from '../orm.ts';

const MANAGER = String.raw`@mikro-orm\/[\w-]+:\.(?:\w*EntityManager#|MikroORM#\.em|MikroORM\.init\w*\(\)\.em)(?:\.fork\(\))?(?:\.(?:transactional|fork)>0)?`;
const REPOSITORY = String.raw`(?:@mikro-orm\/[\w-]+:\.\w*EntityRepository#|${MANAGER}\.getRepository\(\)|@mikro-orm\/nestjs:\.InjectRepository\(\)@)`;

/** MikroORM 5 to 7. */
export const mikroOrm: Orm = {
  name: 'MikroORM',
  queries: [
    {
      on: new RegExp(`^(?:${MANAGER}|${REPOSITORY})$`),
      gives: {
        record: ['findOne', 'findOneOrFail', 'create', 'upsert', 'assign', 'merge', 'refresh', 'map'],
        records: ['find', 'findAll', 'findByCursor', 'upsertMany'],
        'records-and-more': ['findAndCount'],
        // A reference knows its id only.
        other: ['getReference', 'count', 'insert', 'nativeInsert', 'nativeUpdate', 'nativeDelete'],
      },
      projection: { properties: ['fields'] },
    },
    {
      on: new RegExp(String.raw`^(?:${MANAGER}|${REPOSITORY})\.(?:createQueryBuilder|qb)\(\)(?:\.\w+\(\))*$`),
      gives: {
        record: ['getSingleResult'],
        records: ['getResult', 'getResultList'],
        'records-and-more': ['getResultAndCount'],
      },
      projection: { methods: ['select'], everything: /^(?:\w+\.)?\*$/ },
    },
  ],
  throwing: ['findOneOrFail', 'getSingleResultOrFail'],
  records: /^@mikro-orm\/[\w-]+:\.(?:Loaded|EntityDTO)#$/,
  classDecorators: /^@mikro-orm\/[\w-]+:\.Entity\(\)$/,
  baseClasses: /^@mikro-orm\/[\w-]+:\.BaseEntity#$/,
  same: ['toJSON', 'toObject', 'toPOJO', 'init', 'load', 'populate', 'assign'],
  operators: /^@mikro-orm\/[\w-]+:\.(?:raw|sql)\(\)$/,
};
