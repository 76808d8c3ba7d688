import type { Framework } from '../framework.ts';

/** Node's own servers. */
export const node: Framework = {
  name: 'node:http',
  text: /['"](?:node:)?https?2?['"]|\.on\(\s*['"]request['"]/,
  registrations: [
    { on: /^https?:$/, names: ['createServer', 'Server'] },
    { on: /^http2:$/, names: ['createServer', 'createSecureServer'] },
    {
      on: /^(?:https?:\.(?:createServer\(\)|Server(?:#|\(\)))|http2:\.create(?:Secure)?Server\(\))(?:\.\w+\(\))*$/,
      names: ['on', 'addListener', 'once'],
      first: /^request$/,
    },
  ],
};
