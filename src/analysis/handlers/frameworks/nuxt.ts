import type { Framework } from '../framework.ts';

const OBJECT = /^h3:(?:\.(?:createApp|createRouter)\(\)|\.(?:H3|Router|App)#)(?:\.\w+\(\))*$/;

/** Nuxt, Nitro and h3. In a Nuxt or Nitro project the helpers are there without an import. */
export const nuxt: Framework = {
  name: 'Nuxt',
  text: /EventHandler|\bh3\b/,
  routeCalls: true,
  objects: OBJECT,
  registrations: [
    {
      on: /^(?:h3|nitropack\/runtime|nitropack\/runtime\/cache|nitro\/h3|nitro\/cache|#imports|#nitro|global):$/,
      names: [
        'defineEventHandler',
        'eventHandler',
        'defineCachedEventHandler',
        'cachedEventHandler',
        'defineHandler',
      ],
      properties: ['handler', 'onRequest', 'onBeforeResponse'],
    },
    { on: OBJECT, names: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'use', 'on'] },
  ],
};
