import type { Framework } from '../framework.ts';

const OBJECT = /^(?:restify:\.(?:createServer\(\)|Server#)|restify-router:\.Router#)$/;

export const restify: Framework = {
  name: 'Restify',
  text: /restify/,
  routeCalls: true,
  objects: OBJECT,
  registrations: [
    {
      on: OBJECT,
      names: ['get', 'post', 'put', 'patch', 'del', 'delete', 'head', 'opts', 'use', 'pre', 'first'],
    },
  ],
  signatures: [
    { parameters: [/^restify:\.Request#$/, /^restify:\.Response#$/] },
    { parameters: [/^restify:\.Request#$/, /^restify:\.Response#$/, /^restify:\.Next#$/] },
  ],
  functionTypes: /^restify:\.RequestHandler#$/,
};
