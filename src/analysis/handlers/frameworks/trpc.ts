import type { Framework } from '../framework.ts';

/** The object that a router is built with: `initTRPC.context<Context>().create()`, and what it gives. */
const ROOT = String.raw`@trpc/server:\.initTRPC(?:\.\w+\(\))*`;

export const trpc: Framework = {
  name: 'tRPC',
  // A file of procedures has its builder from another file of the project.
  text: /@trpc\/server|\.(?:query|mutation|subscription)\(/,
  registrations: [
    {
      on: new RegExp(`^${ROOT}\\.procedure(?:\\.\\w+\\(\\))*$`),
      names: ['query', 'mutation', 'subscription', 'use'],
    },
    { on: new RegExp(`^${ROOT}$`), names: ['middleware'] },
    // Version 9
    {
      on: /^@trpc\/server:\.router\(\)(?:\.\w+\(\))*$/,
      names: ['query', 'mutation', 'subscription', 'middleware'],
      properties: ['resolve'],
    },
  ],
};
