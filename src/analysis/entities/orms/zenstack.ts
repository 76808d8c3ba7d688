import type { Orm } from '../orm.ts';
import { MODEL_QUERIES, THROWING_QUERIES } from './prisma.ts';

/** An enhanced Prisma client (version 2), and the client of version 3; also inside its transactions. */
const CLIENT = String.raw`@zenstackhq\/(?:runtime(?:\/[\w-]+)?:\.enhance\(\)|orm:\.(?:ZenStackClient#|ClientContract#)(?:\.\$(?:use|setAuth|setOptions)\(\))*)(?:\.\$transaction>0)?`;

/** ZenStack 2 and 3, whose queries are those of Prisma. */
export const zenstack: Orm = {
  name: 'ZenStack',
  queries: [{ on: new RegExp(String.raw`^${CLIENT}\.(?!\$)\w+$`), ...MODEL_QUERIES }],
  throwing: THROWING_QUERIES,
};
