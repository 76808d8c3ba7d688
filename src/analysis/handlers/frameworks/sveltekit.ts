import type { Framework } from '../framework.ts';

export const sveltekit: Framework = {
  name: 'SvelteKit',
  text: /@sveltejs\/kit/,
  functionTypes: /^@sveltejs\/kit:\.(?:RequestHandler|ServerLoad|Action|Handle)#$/,
  files: [
    {
      file: /(?:^|\/)\+server\.[jt]s$/,
      exports: /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|fallback)$/,
    },
    // `actions` is an object of them.
    { file: /(?:^|\/)\+(?:page|layout)\.server\.[jt]s$/, exports: /^(?:load|actions)$/, maps: true },
    { file: /(?:^|\/)hooks\.server\.[jt]s$/, exports: /^handle$/ },
  ],
};
