/**
 * The frameworks whose request handlers are understood. Where two know the same function the first names it:
 * those that are built on others come before them.
 */
import { ROUTE_CALL, type Framework } from '../framework.ts';
import { adonis } from './adonis.ts';
import { bun } from './bun.ts';
import { elysia } from './elysia.ts';
import { express } from './express.ts';
import { fastify } from './fastify.ts';
import { graphql } from './graphql.ts';
import { hapi } from './hapi.ts';
import { hono } from './hono.ts';
import { koa } from './koa.ts';
import { lambda } from './lambda.ts';
import { nest } from './nest.ts';
import { next } from './next.ts';
import { node } from './node.ts';
import { nuxt } from './nuxt.ts';
import { remix } from './remix.ts';
import { restify } from './restify.ts';
import { sveltekit } from './sveltekit.ts';
import { trpc } from './trpc.ts';

export const frameworks: readonly Framework[] = [
  nest,
  graphql,
  trpc,
  next,
  remix,
  sveltekit,
  nuxt,
  adonis,
  hono,
  elysia,
  fastify,
  koa,
  hapi,
  restify,
  express,
  lambda,
  bun,
  node,
];

/** Matches a file that can hold a handler by what it says; see also {@link isHandlerFile}. */
export const HANDLER_WORDS = new RegExp(
  [
    ROUTE_CALL.source,
    ...frameworks.map((framework) => framework.text.source),
    // A directive may stand in any file.
    ...frameworks.flatMap(({ files = [] }) =>
      files.flatMap(({ directive }) => (directive === undefined ? [] : [`['"]${directive}['"]`])),
    ),
  ].join('|'),
);

/** Whether a file, by its path below the project's root, can hold handlers whatever it says. */
export function isHandlerFile(pathInProject: string): boolean {
  return frameworks.some((framework) => framework.files?.some(({ file }) => file?.test(pathInProject)));
}
