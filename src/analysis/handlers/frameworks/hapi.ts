import type { Framework } from '../framework.ts';

const OBJECT = /^(?:@hapi\/hapi|hapi):(?:\.server\(\)|\.Server(?:#|\(\)))$/;

export const hapi: Framework = {
  name: 'Hapi',
  text: /hapi|\.route\(/,
  objects: OBJECT,
  registrations: [
    // `{ handler }`, `{ options: { handler, pre: [{ method }] } }`
    { on: OBJECT, names: ['route'], properties: ['handler', 'options', 'config', 'pre', 'method'] },
    { on: OBJECT, names: ['ext'], properties: ['method'] },
  ],
  plugins: {
    names: ['register'],
    properties: ['plugin', 'register'],
    types: /^(?:@hapi\/hapi|hapi):\.Plugin(?:Base|NameVersion|Package)?#$/,
    object: '@hapi/hapi:.Server#',
  },
  signatures: [
    { parameters: [/^(?:@hapi\/hapi|hapi):\.Request#$/, /^(?:@hapi\/hapi|hapi):\.ResponseToolkit#$/] },
  ],
  functionTypes: /^(?:@hapi\/hapi|hapi):\.(?:Lifecycle\.Method|HandlerDecorations)#$/,
};
