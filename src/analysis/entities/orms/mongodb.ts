import type { Orm } from '../orm.ts';

/** MongoDB's own driver: its documents are plain objects, and passed as such. */
export const mongodb: Orm = {
  name: 'MongoDB',
  queries: [],
  lookups: [
    {
      on: /^mongodb:(?:.*\.collection\(\)|\.Collection#)$/,
      gives: { record: ['findOne'] },
    },
  ],
};
