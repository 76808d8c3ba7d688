/**
 * The ORMs that are understood.
 */
import type { Orm } from '../orm.ts';
import { drizzle } from './drizzle.ts';
import { knex } from './knex.ts';
import { kysely } from './kysely.ts';
import { lucid } from './lucid.ts';
import { mikroOrm } from './mikro-orm.ts';
import { mongoose } from './mongoose.ts';
import { mongodb } from './mongodb.ts';
import { objection } from './objection.ts';
import { pg } from './pg.ts';
import { prisma } from './prisma.ts';
import { sequelize } from './sequelize.ts';
import { typeorm } from './typeorm.ts';
import { zenstack } from './zenstack.ts';

export const orms: readonly Orm[] = [
  prisma,
  typeorm,
  mongoose,
  sequelize,
  mikroOrm,
  drizzle,
  objection,
  knex,
  kysely,
  lucid,
  mongodb,
  pg,
  zenstack,
];
