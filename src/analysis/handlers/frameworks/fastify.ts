import type { Framework } from '../framework.ts';

const APP = [
  String.raw`fastify:(?:\.fastify)?\(\)`,
  String.raw`fastify:\.FastifyInstance#`,
  // `fastify-plugin` hands the instance to the function that it is given.
  String.raw`fastify-plugin:(?:\.fastifyPlugin)?>0`,
].join('|');
// `app.inject().get('/')` is a request of a test.
const CHAIN = String.raw`(?:\.(?!inject\b)\w+(?:\(\)|>0))*`;

const OBJECT = new RegExp(`^(?:${APP})${CHAIN}$`);

const HOOKS = [
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'errorHandler',
];

export const fastify: Framework = {
  name: 'Fastify',
  text: /fastify|Fastify/,
  routeCalls: true,
  objects: OBJECT,
  registrations: [
    {
      on: OBJECT,
      names: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'route'],
      properties: ['handler', ...HOOKS],
    },
    { on: OBJECT, names: ['setErrorHandler', 'setNotFoundHandler'] },
    // The other hooks run when the server starts and stops.
    { on: OBJECT, names: ['addHook'], first: /^(?:pre\w+|onRequest|onSend|onResponse|onError)$/ },
  ],
  plugins: {
    names: ['register'],
    types:
      /^(?:fastify|@fastify\/type-provider-\w+|fastify-type-provider-zod):\.FastifyPlugin(?:Async|Callback)?(?:Typebox|Zod|JsonSchemaToTs)?#$/,
    object: 'fastify:.FastifyInstance#',
  },
  signatures: [
    { parameters: [/^fastify:\.FastifyRequest#$/, /^fastify:\.FastifyReply#$/] },
    { parameters: [undefined, /^fastify:\.FastifyRequest#$/, /^fastify:\.FastifyReply#$/] },
  ],
  functionTypes: /^fastify:\.(?:RouteHandler|RouteHandlerMethod|preHandler\w*Hook\w*|onRequest\w*Hook\w*)#$/,
};
