import type { Framework } from '../framework.ts';

/** Remix, and React Router as a framework. A `clientLoader` runs in the browser. */
const SERVER_EXPORTS = /^(?:loader|action)$/;

export const remix: Framework = {
  name: 'Remix',
  text: /@remix-run\/|react-router/,
  functionTypes: /^(?:@remix-run\/[\w-]+|react-router):\.(?:LoaderFunction|ActionFunction)#$/,
  files: [
    { file: /(?:^|\/)app\/(?:routes\/.*|root)\.[jt]sx?$/, exports: SERVER_EXPORTS },
    // Routes may lie anywhere below app/ since they are listed in a file; those import their generated types.
    { file: /(?:^|\/)app\/.*\.[jt]sx?$/, exports: SERVER_EXPORTS, text: /['"]\.\/\+types\// },
  ],
};
