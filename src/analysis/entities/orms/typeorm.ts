import type { Orm, Queries } from '../orm.ts';

const MANAGER = String.raw`typeorm:\.(?:EntityManager#|getManager\(\)|(?:DataSource|Connection|QueryRunner)#(?:\.createQueryRunner\(\))?\.manager|(?:DataSource|Connection)#(?:\.manager)?\.transaction>[01]|getConnection\(\)\.manager|EntityManager#\.transaction>[01])`;
const REPOSITORY = String.raw`(?:typeorm:\.(?:(?:Tree|Mongo)?Repository|AbstractRepository)#|typeorm:\.getRepository\(\)|(?:typeorm:\.(?:DataSource|Connection)#|${MANAGER})\.get\w*Repository\(\)|typeorm:\.(?:DataSource|Connection|Repository)#\.extend\(\)|@nestjs\/typeorm:\.InjectRepository\(\)@)`;
const SOURCE = String.raw`(?:${REPOSITORY}|${MANAGER}|typeorm:\.BaseEntity|typeorm:\.(?:DataSource|Connection)#)`;

const find: Queries = {
  on: new RegExp(`^${SOURCE}$`),
  gives: {
    record: [
      'findOne',
      'findOneBy',
      'findOneOrFail',
      'findOneByOrFail',
      'findOneById',
      'save',
      'create',
      'preload',
      'merge',
      'softRemove',
      'recover',
    ],
    records: ['find', 'findBy', 'findByIds', 'findTrees', 'findRoots'],
    'records-and-more': ['findAndCount', 'findAndCountBy'],
    deleted: ['remove', 'delete'],
    other: ['count', 'countBy', 'exists', 'existsBy', 'insert', 'update', 'upsert', 'softDelete', 'query'],
  },
  projection: { properties: ['select'] },
};

/** TypeORM 0.2 to 1. */
export const typeorm: Orm = {
  name: 'TypeORM',
  queries: [
    find,
    {
      on: new RegExp(String.raw`^${SOURCE}\.createQueryBuilder\(\)(?:\.\w+\(\))*$`),
      gives: {
        record: ['getOne', 'getOneOrFail'],
        records: ['getMany'],
        'records-and-more': ['getManyAndCount'],
        other: ['getCount', 'getRawOne', 'getRawMany', 'execute'],
      },
      // `select('user')` is every field of the alias.
      projection: { methods: ['select'], everything: /^\w+$/ },
    },
  ],
  throwing: ['findOneOrFail', 'findOneByOrFail', 'getOneOrFail'],
  classDecorators: /^typeorm:\.(?:Entity|ChildEntity|ViewEntity)\(\)$/,
  baseClasses: /^typeorm:\.BaseEntity#$/,
  same: ['save', 'reload'],
  operators:
    /^typeorm:\.(?:Raw|In|Not|IsNull|LessThan|LessThanOrEqual|MoreThan|MoreThanOrEqual|Between|Like|ILike|Equal|Any|And|Or|ArrayContains|ArrayContainedBy|ArrayOverlap|JsonContains)\(\)$/,
};
