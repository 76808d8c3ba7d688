import type { Framework } from '../framework.ts';

/** The servers of Bun and Deno. */
export const bun: Framework = {
  name: 'Bun',
  text: /\b(?:Bun|Deno)\.serve\b|['"]bun['"]/,
  registrations: [
    {
      on: /^(?:global:\.(?:Bun|Deno)|bun:)$/,
      names: ['serve'],
      properties: ['fetch', 'error', 'handler'],
      maps: ['routes'],
    },
  ],
};
