import type { Framework } from '../framework.ts';

const OBJECT = /^elysia:(?:\.Elysia|\.default)?#(?:\.\w+(?:\(\)|>0))*$/;

export const elysia: Framework = {
  name: 'Elysia',
  text: /elysia/,
  routeCalls: true,
  objects: OBJECT,
  registrations: [
    {
      on: OBJECT,
      names: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'route'],
      properties: ['beforeHandle', 'afterHandle', 'transform', 'error'],
    },
    {
      on: OBJECT,
      names: [
        'derive',
        'resolve',
        'onRequest',
        'onBeforeHandle',
        'onAfterHandle',
        'onTransform',
        'onError',
        'mapResponse',
      ],
    },
  ],
  plugins: { names: ['use', 'group', 'guard'], object: 'elysia:.Elysia#' },
};
