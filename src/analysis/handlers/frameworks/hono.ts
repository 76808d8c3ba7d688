import type { Framework } from '../framework.ts';

const OBJECT = new RegExp(
  `^(?:${[
    String.raw`hono(?:/tiny|/quick)?:\.Hono#`,
    String.raw`@hono/zod-openapi:\.OpenAPIHono#`,
    String.raw`hono/factory:\.createFactory\(\)\.createApp\(\)`,
  ].join('|')})(?:\\.\\w+\\(\\))*$`,
);

export const hono: Framework = {
  name: 'Hono',
  text: /hono|Hono|\.openapi\(/,
  routeCalls: true,
  objects: OBJECT,
  registrations: [
    {
      on: OBJECT,
      names: [
        'get',
        'post',
        'put',
        'patch',
        'delete',
        'options',
        'all',
        'on',
        'use',
        'openapi',
        'onError',
        'notFound',
      ],
    },
    {
      on: /^hono\/factory:(?:\.createFactory\(\))?$/,
      names: ['createHandlers', 'createMiddleware'],
    },
  ],
  signatures: [{ parameters: [/^hono:\.Context#$/, /^hono:\.Next#$/] }],
  functionTypes:
    /^(?:hono|@hono\/zod-openapi):\.(?:Handler|MiddlewareHandler|ErrorHandler|NotFoundHandler|RouteHandler)#$/,
};
