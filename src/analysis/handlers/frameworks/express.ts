import type { Framework } from '../framework.ts';

/** Express itself, and packages that make routers of it. */
const ROUTER = [
  String.raw`(?:ultimate-)?express:(?:\.Router)?\(\)`,
  String.raw`express:\.(?:Router|IRouter|Express|Application)#`,
  String.raw`express-serve-static-core:\.(?:Router|IRouter|Express|Application)#`,
  String.raw`express-promise-router:(?:\.Router)?\(\)`,
  String.raw`express-async-router:\.AsyncRouter(?:\(\)|#)`,
  String.raw`@awaitjs/express:\.(?:Router|addAsync)\(\)`,
  String.raw`express-ws:\(\)\.app`,
  String.raw`express-ws:\.(?:Application|Router)#`,
  String.raw`router:\(\)`,
].join('|');

// `app.get('name')` is a setting: only methods that surely return the router lead on.
const CHAIN = String.raw`(?:\.(?:use|all|post|put|patch|delete|param)\(\))*`;
const ROUTE = String.raw`(?:\.route\(\)(?:\.\w+\(\))*)?`;

const REQUEST = /^express(?:-serve-static-core)?:\.Request#$/;
const RESPONSE = /^express(?:-serve-static-core)?:\.Response#$/;

export const express: Framework = {
  name: 'Express',
  text: /express|\.route\(/,
  routeCalls: true,
  objects: new RegExp(`^(?:${ROUTER})$`),
  registrations: [
    {
      on: new RegExp(`^(?:${ROUTER})${CHAIN}${ROUTE}$`),
      names: ['get', 'post', 'put', 'patch', 'delete', 'all', 'use', 'head', 'options', 'param'].flatMap(
        (name) => [name, `${name}Async`],
      ),
    },
  ],
  signatures: [{ parameters: [REQUEST, RESPONSE] }, { parameters: [undefined, REQUEST, RESPONSE] }],
  functionTypes: /^express(?:-serve-static-core)?:\.(?:RequestHandler|ErrorRequestHandler|Handler)#$/,
};
