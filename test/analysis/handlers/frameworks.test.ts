import { describe, expect, it } from 'vitest';
import { frameworks, HANDLER_WORDS, isHandlerFile } from '../../../src/analysis/handlers/frameworks/index.ts';
import { handlersIn } from '../../../src/analysis/handlers/handlers.ts';
import { functionName } from '../../../src/analysis/source/nodes.ts';
import { memoryProject } from '../../support/memory.ts';

type Files = Record<string, string>;

/** Handlers of the first file as `name` or `line`, with the file where that is another; and their frameworks. */
function handlers(files: Files): { found: string[]; names: Set<string> } {
  const project = memoryProject(files);
  const [first = ''] = Object.keys(files);
  const found = handlersIn(project.ev, project.module(first), first);
  return {
    names: new Set(found.map(({ framework }) => framework)),
    found: found
      .map(({ fn: { at } }) => {
        const file = at.module.path.replace('/memory/', '');
        const label = functionName(at.node) ?? at.module.textOf(at.node).replace(/\s+/g, ' ');
        return file === first ? label : `${file} ${label}`;
      })
      .sort(),
  };
}

interface Case {
  framework: string;
  /** What the case shows. */
  it: string;
  files: Files;
  expected: string[];
}

const positive: Case[] = [
  {
    framework: 'Express',
    it: 'an application and a router',
    files: {
      'a.ts': `import express, { Router } from 'express';
        const app: express.Application = express(); const router = Router();
        app.get('/', function home(req, res) {}); router.post('/x', check, create); app.use('/x', router);
        function check() {} async function create() {}`,
    },
    expected: ['check', 'create', 'home'],
  },
  {
    framework: 'Express',
    it: 'CommonJS with a controller in another file',
    files: {
      'routes.js': `const express = require('express'); const { list } = require('./controller'); const users = require('./controller');
        const router = express.Router(); router.get('/', list); router.route('/:id').get(users.one).put(users.update); module.exports = router;`,
      'controller.js': `exports.list = async (req, res) => {}; exports.one = (req, res) => {}; exports.update = (req, res) => {};`,
    },
    expected: ['controller.js list', 'controller.js one', 'controller.js update'],
  },
  {
    framework: 'Express',
    it: 'methods of a controller, bound or not, and lists of middleware',
    files: {
      'a.ts': `import { Router } from 'express'; import { Users } from './users'; import { users } from './users';
        const router = Router(); const guards = [authenticate, authorize]; function authenticate() {} function authorize() {}
        const own = new Users(); router.get('/', guards, own.list.bind(own)); router.post('/', [authenticate], users.create);`,
      'users.ts': `export class Users { async list(req, res) {} create = async (req, res) => {} } export const users = new Users();`,
    },
    expected: ['authenticate', 'authorize', 'users.ts Users.list', 'users.ts create'],
  },
  {
    framework: 'Express',
    it: "a wrapper of the project's own and one of a package",
    files: {
      'a.js': `const express = require('express'); const asyncHandler = require('express-async-handler'); const catchAsync = require('./catch');
        const app = express(); const show = catchAsync(async (req, res) => { res.send(1) });
        app.get('/', show); app.post('/', asyncHandler(async function create(req, res) {})); app.put('/', catchAsync(update)); function update() {}`,
      'catch.js': `module.exports = (fn) => function wrapped(req, res, next) { return Promise.resolve(fn(req, res, next)).catch(next); };`,
    },
    expected: ['async (req, res) => { res.send(1) }', 'catch.js wrapped', 'create', 'update'],
  },
  {
    framework: 'Express',
    it: 'an application that is handed to functions and classes',
    files: {
      'a.js': `const express = require('express'); const app = express(); require('./users')(app); require('./admin').register({ app, db: {} });
        const { Pages } = require('./pages'); new Pages(app);`,
      'users.js': `module.exports = (server) => { server.get('/users', function users(req, res) {}); };`,
      'admin.js': `exports.register = ({ app }) => { app.get('/admin', function admin(req, res) {}); };`,
      'pages.js': `exports.Pages = class Pages { constructor(app) { this.app = app; this.init(); } init() { this.app.get('/', this.home); } home(req, res) {} };`,
    },
    expected: ['admin.js admin', 'pages.js Pages.home', 'users.js users'],
  },
  {
    framework: 'Express',
    it: 'a router of another file, with nothing of Express in sight',
    files: {
      'a.js': `const { router } = require('./router'); router.get('/a', (req, res) => 1); router.post('/b', check, (req, res) => 2); function check() {}`,
      'router.js': `const { Router } = require('express'); exports.router = Router();`,
    },
    expected: ['(req, res) => 1', '(req, res) => 2', 'check'],
  },
  {
    framework: 'Express',
    it: 'routers of helper packages',
    files: {
      'a.ts': `import PromiseRouter from 'express-promise-router'; import expressWs from 'express-ws'; import express from 'express';
        const router = PromiseRouter(); router.get('/', async () => 1); const { app } = expressWs(express()); app.get('/', async () => 2);`,
    },
    expected: ['async () => 1', 'async () => 2'],
  },
  {
    framework: 'Express',
    it: 'annotated functions, error handlers, and requests of a type of the project',
    files: {
      'a.ts': `import type { Request, Response, NextFunction, RequestHandler } from 'express'; import { AuthRequest } from './types';
        export async function list(req: Request, res: Response) {} export const one = async (req: AuthRequest, res: Response) => {};
        export function failed(err: Error, req: Request, res: Response, next: NextFunction) {}
        export const two: RequestHandler = async (req, res) => {}; export class C { three: RequestHandler = (req, res) => {} }
        function ipOf(req: Request) {}`,
      'types.ts': `import { Request } from 'express'; export interface AuthRequest<T = unknown> extends Request<T> { user: string }`,
    },
    expected: ['failed', 'list', 'one', 'three', 'two'],
  },
  {
    framework: 'Express',
    it: 'routes described by a table',
    files: {
      'a.js': `const router = require('express').Router(); const routes = [{ method: 'get', path: '/', handler: list }, { method: 'post', path: '/', handler: create }];
        for (const route of routes) router[route.method](route.path, route.handler); function list() {} function create() {}`,
    },
    expected: ['create', 'list'],
  },
  {
    framework: 'Fastify',
    it: 'shorthand methods, route objects and hooks',
    files: {
      'a.ts': `import Fastify, { FastifyInstance } from 'fastify'; const app: FastifyInstance = Fastify({ logger: true });
        app.get('/', async function home() {}); app.post('/', { preHandler: [check], schema: {} }, create);
        app.route({ method: 'GET', url: '/r', handler: async function route() {}, preHandler: check });
        app.addHook('onRequest', async function hook() {}); app.addHook('onClose', async function close() {}); app.setErrorHandler(failed);
        function check() {} function create() {} function failed() {}`,
    },
    expected: ['check', 'create', 'failed', 'home', 'hook', 'route'],
  },
  {
    framework: 'Fastify',
    it: 'plugins by registration, without annotations',
    files: {
      'a.js': `const fastify = require('fastify')(); fastify.register(require('./routes'), { prefix: '/x' }); fastify.register(import('./lazy.js'));
        fastify.register(async (child) => { child.get('/', async () => 1); child.register(async (inner, opts) => { inner.get('/', async () => 2); }); });`,
      'routes.js': `module.exports = async function routes(fastify, opts) { fastify.get('/a', handler); fastify.register(nested); }; function handler() {} async function nested(f) { f.post('/b', async () => 3) }`,
      'lazy.js': `export default async (f) => { f.get('/lazy', async () => 4); };`,
    },
    expected: [
      'async () => 1',
      'async () => 2',
      'lazy.js async () => 4',
      'routes.js async () => 3',
      'routes.js handler',
    ],
  },
  {
    framework: 'Fastify',
    it: 'plugins by annotation and by fastify-plugin',
    files: {
      'a.ts': `import type { FastifyInstance, FastifyPluginAsync } from 'fastify'; import { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'; import fp from 'fastify-plugin';
        export async function users(app: FastifyInstance) { app.get('/', async () => 1); }
        const posts: FastifyPluginAsync<{ a: string }> = async (app, opts) => { app.get('/', async () => 2); };
        export const zod: FastifyPluginAsyncZod = async (app) => { app.withTypeProvider().get('/', async () => 3); };
        export default fp(async (app) => { app.get('/', async () => 4); });`,
    },
    expected: ['async () => 1', 'async () => 2', 'async () => 3', 'async () => 4'],
  },
  {
    framework: 'Koa',
    it: 'middleware and routers',
    files: {
      'a.js': `const Koa = require('koa'); const Router = require('@koa/router'); const app = new Koa(); const router = new Router({ prefix: '/x' });
        app.use(async function log(ctx, next) {}); router.get('/', list).post('/', create); app.use(router.routes()); function list() {} function create() {}`,
    },
    expected: ['create', 'list', 'log'],
  },
  {
    framework: 'Koa',
    it: 'koa-router with types, and a subclass of the application',
    files: {
      'a.ts': `import Koa from 'koa'; import Router from 'koa-router'; class App extends Koa { constructor() { super(); this.use(async () => 1); } }
        const app = new App(); app.use(async () => 2); const r: Router = new Router(); r.del('/', async () => 3);
        export const m: Koa.Middleware = async (ctx, next) => {};`,
    },
    expected: ['async () => 1', 'async () => 2', 'async () => 3', 'm'],
  },
  {
    framework: 'Restify',
    it: 'routes, chains of handlers and handlers of another file',
    files: {
      'a.js': `const restify = require('restify'); const users = require('./users'); const server = restify.createServer();
        server.pre(async function trace(req, res) {}); server.get('/users', guard, users.list); server.del({ path: '/users/:id' }, async (req, res) => {}); function guard(req, res, next) {}`,
      'users.js': `exports.list = async function list(req, res) {};`,
    },
    expected: ['async (req, res) => {}', 'guard', 'trace', 'users.js list'],
  },
  {
    framework: 'Restify',
    it: 'handlers by their types',
    files: {
      'a.ts': `import { RequestHandler, Request, Response, Next } from 'restify'; export const list: RequestHandler = (req, res, next) => {}; export async function show(req: Request, res: Response) {}`,
    },
    expected: ['list', 'show'],
  },
  {
    framework: 'Hono',
    it: 'chains, base paths and OpenAPI',
    files: {
      'a.ts': `import { Hono } from 'hono'; import { OpenAPIHono, createRoute } from '@hono/zod-openapi'; import { createMiddleware } from 'hono/factory';
        const app = new Hono<Env>().basePath('/x').get('/', async (c) => 1).post('/', guard, async (c) => 2); app.on('GET', '/y', async (c) => 3);
        const api = new OpenAPIHono(); api.openapi(createRoute({}), async (c) => 4); app.route('/api', api); const guard = createMiddleware(async (c, next) => 5);`,
    },
    expected: [
      'async (c) => 1',
      'async (c) => 2',
      'async (c) => 3',
      'async (c) => 4',
      'async (c, next) => 5',
    ],
  },
  {
    framework: 'Hono',
    it: 'handlers of another file',
    files: {
      'a.ts': `import { app } from './app'; import * as users from './users'; app.get('/users', users.list);`,
      'app.ts': `import { Hono } from 'hono'; export const app = new Hono();`,
      'users.ts': `export async function list(c) {}`,
    },
    expected: ['users.ts list'],
  },
  {
    framework: 'Hapi',
    it: 'route objects, in lists and by options',
    files: {
      'a.js': `const Hapi = require('@hapi/hapi'); const users = require('./users'); async function start() { const server = Hapi.server({ port: 1 });
        server.route({ method: 'GET', path: '/', async handler(request, h) {} }); server.route([{ method: 'POST', path: '/', options: { handler: create, pre: [{ method: load, assign: 'x' }] } }]);
        await server.register([{ plugin: users }]); await server.register({ name: 'own', register: async function (server, options) { server.route({ handler: own }) } }); }
        function create() {} function load() {} function own() {}`,
      'users.js': `exports.name = 'users'; module.exports = { name: 'users', register: async (server) => { server.route({ path: '/u', handler: () => 1 }); } };`,
    },
    expected: ['create', 'handler', 'load', 'own', 'users.js handler'],
  },
  {
    framework: 'NestJS',
    it: 'controllers, message handlers, gateways, guards and composed decorators',
    files: {
      'a.ts': `import { Controller, Get, Post as HttpPost, CanActivate, NestMiddleware } from '@nestjs/common'; import { MessagePattern, EventPattern } from '@nestjs/microservices'; import { SubscribeMessage } from '@nestjs/websockets'; import { ApiGet } from './decorators';
        @Controller('x') export class C { constructor(private readonly s: S) {} @Get() list() {} @HttpPost(':id') create() {} @ApiGet('y') composed() {} helper() {}
          @MessagePattern('a') message() {} @EventPattern('b') event() {} @SubscribeMessage('c') socket() {} }
        export class G implements CanActivate { canActivate() {} other() {} } export class M implements NestMiddleware { use() {} }`,
      'decorators.ts': `import { applyDecorators, Get } from '@nestjs/common'; export const ApiGet = (path: string) => applyDecorators(Get(path), Other());`,
    },
    expected: [
      'C.composed',
      'C.create',
      'C.event',
      'C.list',
      'C.message',
      'C.socket',
      'G.canActivate',
      'M.use',
    ],
  },
  {
    framework: 'GraphQL',
    it: 'resolver methods of NestJS and TypeGraphQL',
    files: {
      'a.ts': `import { Resolver, Query, Mutation, ResolveField, Subscription } from '@nestjs/graphql'; import * as tg from 'type-graphql';
        @Resolver() export class R { @Query(() => [X]) list() {} @Mutation() create() {} @ResolveField() field() {} @Subscription() sub() {} helper() {} }
        @tg.Resolver() export class T { @tg.Query() one() {} @tg.FieldResolver() two() {} }`,
    },
    expected: ['R.create', 'R.field', 'R.list', 'R.sub', 'T.one', 'T.two'],
  },
  {
    framework: 'GraphQL',
    it: 'resolver maps given to a server or a schema',
    files: {
      'a.js': `const { ApolloServer } = require('@apollo/server'); const { makeExecutableSchema } = require('@graphql-tools/schema'); const { createSchema } = require('graphql-yoga'); const resolvers = require('./resolvers'); const { merge } = require('lodash');
        new ApolloServer({ typeDefs, resolvers, context: async () => 0 }); makeExecutableSchema({ typeDefs, resolvers: [{ Query: { b: () => 1 } }] }); createSchema({ resolvers: merge({}, { Query: { c: () => 2 } }) });`,
      'resolvers.js': `const user = { Query: { user: async () => 3 } }; module.exports = { ...user, Mutation: { async create() {} } };`,
    },
    expected: ['b', 'c', 'resolvers.js create', 'resolvers.js user'],
  },
  {
    framework: 'Next.js',
    it: 'route handlers, also wrapped',
    files: {
      'src/app/api/[id]/route.ts': `import { withAuth } from './auth'; import { withSentry } from 'x'; export async function GET(request: Request) {} export const POST = withAuth(async (request) => 1); export const PUT = withSentry(async () => 2);
        export const dynamic = 'force-dynamic'; export async function helper() {} export { DELETE } from './remove';`,
      'src/app/api/[id]/auth.ts': `export const withAuth = (fn) => async function authenticated(request) { return fn(request); };`,
      'src/app/api/[id]/remove.ts': `export async function DELETE() {}`,
    },
    expected: [
      'GET',
      'async (request) => 1',
      'async () => 2',
      'src/app/api/[id]/auth.ts authenticated',
      'src/app/api/[id]/remove.ts DELETE',
    ],
  },
  {
    framework: 'Next.js',
    it: 'the pages API in JavaScript',
    files: { 'pages/api/x.js': `const handler = async (req, res) => {}; export default handler;` },
    expected: ['handler'],
  },
  {
    framework: 'Next.js',
    it: 'the pages API in CommonJS',
    files: { 'src/pages/api/users/[id].js': `module.exports = async function handler(req, res) {};` },
    expected: ['handler'],
  },
  {
    framework: 'Next.js',
    it: 'a file of server actions, with clients of actions',
    files: {
      'actions.ts': `'use server'; import { action } from './client'; export async function save(data: FormData) {} async function inner() {}
        export const send = action.schema({}).action(async ({ parsedInput }) => 1);`,
      'client.ts': `import { createSafeActionClient } from 'next-safe-action'; export const action = createSafeActionClient();`,
    },
    expected: ['async ({ parsedInput }) => 1', 'save'],
  },
  {
    framework: 'Next.js',
    it: 'a server action in a component',
    files: {
      'page.tsx': `export default function Page() { async function save(data) { 'use server'; } return <form action={save} />; }`,
    },
    expected: ['save'],
  },
  {
    framework: 'Remix',
    it: 'loaders and actions of routes',
    files: {
      'app/routes/users.$id.tsx': `export const loader = async ({ params }) => {}; export async function action() {} export async function clientLoader() {} export default function Page() {}`,
    },
    expected: ['action', 'loader'],
  },
  {
    framework: 'Remix',
    it: 'route modules of React Router anywhere below app/',
    files: {
      'app/users/page.tsx': `import type { Route } from './+types/page'; export async function loader({ params }: Route.LoaderArgs) {} export async function clientAction() {}`,
    },
    expected: ['loader'],
  },
  {
    framework: 'SvelteKit',
    it: 'endpoints',
    files: {
      'src/routes/api/+server.ts': `import type { RequestHandler } from './$types'; export const GET: RequestHandler = async () => {}; export function POST() {} export const prerender = false;`,
    },
    expected: ['GET', 'POST'],
  },
  {
    framework: 'SvelteKit',
    it: 'load functions and form actions',
    files: {
      'src/routes/+page.server.ts': `export const load = (async () => {}) satisfies PageServerLoad; export const actions = { default: async () => {}, async remove() {} } satisfies Actions; function helper() {}`,
    },
    expected: ['default', 'load', 'remove'],
  },
  {
    framework: 'Nuxt',
    it: 'event handlers, with and without an import',
    files: {
      'server/api/x.post.ts': `export default defineEventHandler(async (event) => 1); const b = defineCachedEventHandler(() => 2);`,
    },
    expected: ['() => 2', 'async (event) => 1'],
  },
  {
    framework: 'Nuxt',
    it: 'h3 by itself',
    files: {
      'a.mjs': `import { createRouter, eventHandler, H3 } from 'h3'; const router = createRouter().get('/', eventHandler(list)); new H3().get('/x', (event) => 1); function list() {}
        const c = eventHandler({ handler: async () => 2 });`,
    },
    expected: ['(event) => 1', 'handler', 'list'],
  },
  {
    framework: 'tRPC',
    it: 'procedures built in another file',
    files: {
      'a.ts': `import { router, protectedProcedure } from './trpc'; export const users = router({ list: protectedProcedure.query(async () => 1),
        create: protectedProcedure.input(z.object({})).output(z.any()).mutation(async ({ input }) => 2), named: protectedProcedure.input(x).query(named) }); function named() {}`,
      'trpc.ts': `import { initTRPC } from '@trpc/server'; const t = initTRPC.context<typeof createContext>().create({ transformer }); export const router = t.router; export const publicProcedure = t.procedure;
        const isAuthed = t.middleware(async ({ next }) => next()); export const protectedProcedure = t.procedure.use(isAuthed).use(async ({ next }) => next());`,
    },
    expected: ['async () => 1', 'async ({ input }) => 2', 'named'],
  },
  {
    framework: 'tRPC',
    it: 'middleware, and version 9',
    files: {
      'a.ts': `import * as trpc from '@trpc/server'; export const r = trpc.router<Context>().query('a', { input: z, resolve: async () => 1 }).mutation('b', { async resolve() {} });
        const t = trpc.initTRPC.create(); t.middleware(async () => 2); t.procedure.use(async () => 3);`,
    },
    expected: ['async () => 2', 'async () => 3', 'resolve', 'resolve'],
  },
  {
    framework: 'Elysia',
    it: 'chains, groups and plugins',
    files: {
      'a.ts': `import { Elysia } from 'elysia'; new Elysia().get('/', () => 1).group('/g', (app) => app.get('/', () => 2)).use(plugin).post('/', handle, { beforeHandle: check });
        const plugin = (app) => app.get('/p', () => 3); function handle() {} function check() {}`,
    },
    expected: ['() => 1', '() => 2', '() => 3', 'check', 'handle'],
  },
  {
    framework: 'AdonisJS',
    it: 'controllers and routes',
    files: {
      'app/controllers/users_controller.ts': `import { HttpContext } from '@adonisjs/core/http'; import router from '@adonisjs/core/services/router';
        export default class UsersController { async index({ request }: HttpContext) {} async show(ctx: HttpContext) {} helper(id: string) {} }
        router.get('/x', async ({ response }) => 1); function userOf(ctx: HttpContext) {}`,
    },
    expected: ['UsersController.index', 'UsersController.show', 'async ({ response }) => 1'],
  },
  {
    framework: 'AWS Lambda',
    it: 'typed handlers and event types',
    files: {
      'a.ts': `import type { APIGatewayProxyHandler, APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'; export const create: APIGatewayProxyHandler = async (event) => {};
        export async function list(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {} export const handler = async (event) => {}; function userOf(event: APIGatewayProxyEvent) {}`,
    },
    expected: ['create', 'handler', 'list'],
  },
  {
    framework: 'AWS Lambda',
    it: 'middy',
    files: {
      'a.js': `const middy = require('@middy/core'); const lambdaHandler = async (event) => {}; exports.handler = middy(lambdaHandler).use(jsonBodyParser());`,
    },
    expected: ['lambdaHandler'],
  },
  {
    framework: 'node:http',
    it: 'servers and their request event',
    files: {
      'a.js': `const http = require('node:http'); const { createServer: create } = require('https'); http.createServer((req, res) => 1).listen(1); create({}, handle); function handle() {}
        const server = http.createServer(); server.on('request', (req, res) => 2); server.on('connection', (socket) => 3); new http.Server(app);  function app() {}`,
    },
    expected: ['(req, res) => 1', '(req, res) => 2', 'app', 'handle'],
  },
  {
    framework: 'Bun',
    it: 'Bun and Deno',
    files: {
      'a.ts': `import { serve } from 'bun'; Bun.serve({ port: 1, async fetch(request) {}, routes: { '/a': { GET: () => 1 }, '/b': (request) => 2 }, websocket: { message() {} } }); serve({ fetch: handle }); Deno.serve((request) => 3); function handle() {}`,
    },
    expected: ['(request) => 3', '/b', 'GET', 'fetch', 'handle'],
  },
];

/** Code that looks like a registration and is none, by the framework it looks like. */
const nearMisses: [framework: string, files: Files][] = [
  [
    'Express',
    {
      'axios.ts': `import axios from 'axios'; const api = axios.create(); axios.get('/x', () => 1); api.post('/x', {}, () => 2); // express`,
    },
  ],
  [
    'Express',
    {
      'map.ts': `const router = new Map<string, () => void>(); router.get('/express'); router.delete('/x', () => 1);`,
    },
  ],
  [
    'Express',
    {
      'lodash.ts': `import _ from 'lodash'; import { cache } from './cache'; _.get('/a', () => 1); cache.get('/express', () => 2);`,
      'cache.ts': `export const cache = { get(key: string, fn: () => void) {} };`,
    },
  ],
  [
    'Express',
    {
      'test.js': `const request = require('supertest'); const express = require('express'); const app = express(); request(app).get('/').end(() => 1); request(app).post('/', () => 2);`,
    },
  ],
  [
    'Express',
    {
      'setting.js': `const app = require('express')(); app.listen(1, () => 1); app.get('cache').get('/x', () => 2); app.on('mount', () => 3);`,
    },
  ],
  [
    'Express',
    {
      'own.js': `class Router { get(path, fn) {} } const router = new Router(); router.get('/express', () => 1); function app() {} app.get = () => {}; app.get('/x', () => 2);`,
    },
  ],
  [
    'Express',
    {
      'unknown.js': `// express\nmodule.exports = function (app, router) { app.get('/x', (req, res) => 1); router.post('/y', (req, res) => 2); };`,
    },
  ],
  [
    'Express',
    { 'fetch.ts': `// express\nexport async function handle(request: Request, response: Response) {}` },
  ],
  [
    'Fastify',
    {
      'test.js': `const fastify = require('fastify'); const app = fastify(); app.inject().get('/').end(() => 1); app.ready(() => 2); app.decorate('x', () => 3); app.listen({}, () => 4);`,
    },
  ],
  [
    'Koa',
    {
      'a.js': `const Koa = require('koa'); const app = new Koa(); app.on('error', () => 1); app.listen(1, () => 2); const router = new (require('events'))(); router.on('/x', () => 3);`,
    },
  ],
  [
    'Hono',
    {
      'a.ts': `import { hc } from 'hono/client'; const client = hc('x'); client.get('/x', () => 1); new Hono().get('/y', () => 2); declare const Hono: any;`,
    },
  ],
  [
    'Restify',
    {
      'a.js': `const restify = require('restify'); const clients = require('restify-clients'); const client = clients.createJsonClient(); client.get('/x', () => 1); const server = restify.createServer(); server.listen(1, () => 2); server.on('after', () => 3);`,
    },
  ],
  [
    'Hapi',
    {
      'a.js': `const Hapi = require('@hapi/hapi'); const server = Hapi.server(); server.method('x', () => 1); server.events.on('log', () => 2); server.route({ path: '/', handler: { proxy: {} } }); page.route({ handler: () => 3 });`,
    },
  ],
  [
    'NestJS',
    {
      'a.ts': `import { Injectable, Query } from '@nestjs/common'; import { Process, Processor } from '@nestjs/bull'; import { Get } from 'lib'; @Processor('q') class P { @Process() run() {} @Get() get() {} } class Own implements Iface { use() {} canActivate() {} }`,
    },
  ],
  [
    'GraphQL',
    {
      'a.ts': `import { Query, Get } from 'lib'; const resolvers = { Query: { a: () => 1 } }; class ApolloServer { constructor(o) {} } new ApolloServer({ resolvers }); class R { @Query() a() {} } // graphql`,
    },
  ],
  [
    'GraphQL',
    {
      'b.ts': `import { Body, Query } from '@nestjs/common'; import { graphql } from 'graphql'; class C { run(@Query() query: string) {} }`,
    },
  ],
  ['Next.js', { 'src/lib/route.ts': `export async function GET() {}`, 'app.ts': '' }],
  [
    'Next.js',
    { 'src/app/page.tsx': `'use client'; export async function GET() {} export default function Page() {}` },
  ],
  [
    'Next.js',
    {
      'src/pages/index.tsx': `import Link from 'next/link'; export default function Home() { return null; } export async function getStaticProps() {}`,
    },
  ],
  ['Remix', { 'src/loader.ts': `export async function loader() {} export const action = () => {};` }],
  [
    'Remix',
    {
      'app/routes/x.tsx': `export const clientLoader = async () => {}; export default function Page() {} function loader() {}`,
    },
  ],
  ['SvelteKit', { 'src/routes/+page.ts': `export const load = async () => {};` }],
  ['SvelteKit', { 'src/routes/server.ts': `export function GET() {}` }],
  [
    'Nuxt',
    {
      'a.ts': `import { defineEventHandler } from './own'; defineEventHandler(() => 1); const eventHandler = (fn) => fn; eventHandler(() => 2);`,
      'own.ts': `export const defineEventHandler = (fn) => fn;`,
    },
  ],
  [
    'tRPC',
    {
      'a.ts': `import { pool } from './pool'; import { useMutation } from '@tanstack/react-query'; pool.query('select 1', () => 1); api.users.mutation(() => 2); pool.query(() => 3);`,
      'pool.ts': `import { Pool } from 'pg'; export const pool = new Pool();`,
    },
  ],
  [
    'tRPC',
    {
      'b.ts': `import { createTRPCClient } from '@trpc/client'; const client = createTRPCClient({}); client.users.list.query(() => 1); // @trpc/server`,
    },
  ],
  [
    'Elysia',
    {
      'a.ts': `import { treaty } from '@elysiajs/eden'; const app = treaty('x'); app.get('/x', () => 1); const elysia = { get(p, f) {} }; elysia.get('/x', () => 2);`,
    },
  ],
  [
    'AdonisJS',
    {
      'app/controllers/a.ts': `import router from './own'; // @adonisjs/core\n export default class C { index(ctx: Context) {} } router.get('/x', () => 1);`,
      'app/controllers/own.ts': `export default { get(p, f) {} };`,
    },
  ],
  [
    'AWS Lambda',
    {
      'queue.ts': `import type { SQSHandler, SQSEvent } from 'aws-lambda'; export const handler: SQSHandler = async (event: SQSEvent) => {};`,
    },
  ],
  ['AWS Lambda', { 'plain.ts': `export const handler = async (event) => {}; // lambda` }],
  [
    'node:http',
    {
      'a.js': `const http = require('http'); const { EventEmitter } = require('events'); http.get('http://x', (res) => 1); http.request({}, (res) => 2); new EventEmitter().on('request', () => 3); http.createServer().listen(1, () => 4);`,
    },
  ],
  [
    'Bun',
    {
      'a.ts': `import { serve } from './own'; serve({ fetch: () => 1 }); const Bun = { serve(o) {} }; Bun.serve({ fetch: () => 2 });`,
      'own.ts': `export function serve(o) {}`,
    },
  ],
];

describe('handlers are found in', () => {
  it.each(positive)('$framework: $it', ({ framework, files, expected }) => {
    const { found, names } = handlers(files);
    expect(found).toEqual([...expected].sort());
    expect([...names]).toEqual([framework]);
  });
});

describe('no handler is', () => {
  it.each(nearMisses.map(([framework, files]) => [framework, Object.keys(files)[0], files] as const))(
    'what looks like %s in %s',
    (_, __, files) => {
      expect(handlers(files).found).toEqual([]);
    },
  );
});

describe('every framework', () => {
  it.each(frameworks.map(({ name }) => name))('%s has a case and a near miss', (name) => {
    expect(positive.filter(({ framework }) => framework === name)).not.toEqual([]);
    expect(nearMisses.filter(([framework]) => framework === name)).not.toEqual([]);
  });

  it('has the files of its cases looked at by their words or their place', () => {
    for (const { files } of positive) {
      const [[file, text] = ['', '']] = Object.entries(files);
      expect(HANDLER_WORDS.test(text) || isHandlerFile(file), file).toBe(true);
    }
  });
});

describe('a handler', () => {
  it('that is registered twice is one', () => {
    const { found } = handlers({
      'a.js': `const app = require('express')(); app.get('/a', show); app.get('/b', show); function show() {}`,
    });
    expect(found).toEqual(['show']);
  });

  it('knows the object that its method belongs to', () => {
    const project = memoryProject({
      'a.js': `const { Router } = require('express'); const { C } = require('./c'); const c = new C('mail'); Router().get('/', c.run);`,
      'c.js': `exports.C = class C { constructor(name) { this.name = name; } run() { return this.name; } };`,
    });
    const [handler] = handlersIn(project.ev, project.module('a.js'), 'a.js');
    const value = handler && project.ev.returned(handler.fn, [], handler.fn.at);
    expect(value).toMatchObject({ kind: 'literal', value: 'mail' });
  });

  it('in a wrapper leaves the wrapper without knowledge of any one handler', () => {
    const project = memoryProject({
      'a.js': `const app = require('express')(); const wrap = (fn, name) => () => [fn, name]; app.get('/', wrap(show, 'x')); function show() {}`,
    });
    const [wrapper] = handlersIn(project.ev, project.module('a.js'), 'a.js');
    const value = wrapper && project.ev.returned(wrapper.fn, [], wrapper.fn.at);
    expect(value && project.ev.element(value, value.at, 0).kind).toBe('unknown');
    expect(value && project.ev.element(value, value.at, 1)).toMatchObject({ value: 'x' });
  });
});
