import type { Orm } from '../orm.ts';

const MODEL = String.raw`(?:(?:sequelize|sequelize-typescript|@sequelize\/core):\.(?:Model|ModelStatic#|ModelCtor#|ModelDefined#)|(?:sequelize|@sequelize\/core|sequelize-typescript):(?:\.Sequelize)?#?\.(?:define\(\)|models\.\w+|model\(\))|@nestjs\/sequelize:\.InjectModel\(\)@)`;

/** Sequelize 5 to 7, and sequelize-typescript. */
export const sequelize: Orm = {
  name: 'Sequelize',
  queries: [
    {
      on: new RegExp(
        String.raw`^${MODEL}(?:\.(?:scope|unscoped|schema|withScope|withoutScope|withInitialScope)\(\))*$`,
      ),
      gives: {
        record: ['findOne', 'findByPk', 'findById', 'create', 'build'],
        records: ['findAll', 'bulkCreate', 'bulkBuild'],
        'record-and-more': ['findOrCreate', 'findOrBuild', 'findCreateFind', 'upsert'],
        rows: ['findAndCountAll', 'findAndCount'],
        other: ['count', 'update', 'destroy', 'max', 'min', 'sum', 'increment', 'decrement'],
      },
      projection: { properties: ['attributes'] },
    },
  ],
  throwingOption: 'rejectOnEmpty',
  records: new RegExp(String.raw`^${MODEL}#$`),
  baseClasses: /^(?:sequelize|sequelize-typescript|@sequelize\/core):\.Model#$/,
  same: ['toJSON', 'get', 'dataValues', 'save', 'update', 'reload', 'set', 'setAttributes'],
  operators:
    /^(?:sequelize|@sequelize\/core):(?:\.Sequelize)?\.(?:Op\.\w+|(?:literal|fn|col|where|cast|json)\(\))$/,
};
