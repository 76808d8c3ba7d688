import type { Framework } from '../framework.ts';

const OBJECT =
  /^(?:koa:#|(?:@koa\/router|koa-router|koa-joi-router):(?:\.(?:Router|default))?(?:#|\(\)))(?:\.\w+\(\))*$/;
const CONTEXT =
  /^(?:koa:\.(?:Context|ParameterizedContext|ExtendableContext)|(?:@koa\/router|koa-router):\.\w*Context)#$/;

export const koa: Framework = {
  name: 'Koa',
  text: /koa/,
  routeCalls: true,
  objects: OBJECT,
  registrations: [
    {
      on: OBJECT,
      names: [
        'use',
        'get',
        'post',
        'put',
        'patch',
        'delete',
        'del',
        'all',
        'head',
        'options',
        'param',
        'register',
        'route',
      ],
      properties: ['handler'],
    },
  ],
  signatures: [{ parameters: [CONTEXT, /^koa:\.Next#$/] }],
  functionTypes: /^(?:koa|@koa\/router|koa-router):\.(?:I?Middleware|RouterMiddleware)#$/,
};
