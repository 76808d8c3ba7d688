import type { Orm } from '../orm.ts';

/** PostgreSQL's own driver: rows of any query, of which only who asks knows what they are. */
export const pg: Orm = {
  name: 'pg',
  queries: [],
  lookups: [
    {
      on: /^pg:(?:\.(?:Pool|Client|PoolClient)#)(?:\.connect\(\))?$/,
      gives: { rows: ['query'] },
    },
  ],
};
