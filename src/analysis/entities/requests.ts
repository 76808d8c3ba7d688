/**
 * Requests, responses, contexts and sessions of HTTP frameworks, as data: by the paths of `ExternalValue`.
 */

export type RequestPart = 'request' | 'response' | 'context' | 'session' | 'body';

const ROUTE = String.raw`(?:get|post|put|patch|delete|all|use|head|options|route|param)`;
const EXPRESS = String.raw`express:(?:\(\)|\.Router\(\)|\.Router#|\.Express#|\.Application#|\.IRouter#)(?:\.\w+\(\))*\.${ROUTE}`;
const FASTIFY = String.raw`fastify:(?:(?:\.fastify|\.default)?\(\)|\.FastifyInstance#)(?:\.\w+\(\))*\.${ROUTE}`;
const WRAPPED = String.raw`(?:express-async-handler|express-asyncify|async-handler):(?:\.\w+)?`;
const CONTEXT_FIRST = String.raw`(?:koa:(?:\.default)?#|(?:@koa\/router|koa-router):(?:\.Router)?#|hono:\.Hono#|elysia:\.Elysia#)(?:\.\w+\(\))*\.${ROUTE}`;

const WHOLE: readonly (readonly [RequestPart, RegExp])[] = [
  [
    'request',
    new RegExp(
      String.raw`^(?:express(?:-serve-static-core)?:\.Request#|fastify:\.FastifyRequest#|next\/server:\.NextRequest#|next:\.NextApiRequest#|https?:\.(?:IncomingMessage|ClientRequest)#|http2:\.Http2ServerRequest#|@nestjs\/common:\.(?:Req|Request)\(\)@|global:\.Request#|global:\.Express\.Request#|@hapi\/hapi:\.Request#|(?:${EXPRESS}|${FASTIFY}|${WRAPPED})>0)$`,
    ),
  ],
  [
    'response',
    new RegExp(
      String.raw`^(?:express(?:-serve-static-core)?:\.Response#|fastify:\.FastifyReply#|next\/server:\.NextResponse#|next:\.NextApiResponse#|https?:\.ServerResponse#|http2:\.Http2ServerResponse#|@nestjs\/common:\.(?:Res|Response)\(\)@|global:\.Express\.Response#|(?:${EXPRESS}|${FASTIFY}|${WRAPPED})>1)$`,
    ),
  ],
  [
    'context',
    new RegExp(
      String.raw`^(?:koa:\.(?:\w*Context)#|(?:koa|@koa\/router|koa-router):\.RouterContext#|hono:\.Context#|elysia:\.Context#|telegraf:\.Context#|grammy:\.Context#|@sveltejs\/kit:\.RequestEvent#|@nestjs\/common:\.ExecutionContext#|@nestjs\/graphql:\.Context\(\)@|${CONTEXT_FIRST}>0)$`,
    ),
  ],
  [
    'session',
    /^(?:express-session:\.(?:Session|SessionData)#|next-auth:\.(?:Session#|getServerSession\(\))|next-auth\/next:\.getServerSession\(\)|@nestjs\/common:\.Session\(\)@|iron-session:\.getIronSession\(\))$/,
  ],
  ['body', /^@nestjs\/common:\.Body\(\)@$/],
];

/** What a path is of a request that is going on. */
export function requestPart(path: string): RequestPart | undefined {
  const whole = WHOLE.find(([, pattern]) => pattern.test(path))?.[0];
  if (whole) return whole;
  const inner = /^(.*?)(\.session|\.body|\.json\(\)|\.formData\(\)|\.request|\.req|\.response|\.res)$/s.exec(
    path,
  );
  const owner = inner && requestPart(inner[1] as string);
  if (!inner || (owner !== 'request' && owner !== 'context')) return undefined;
  switch (inner[2]) {
    case '.session':
      return 'session';
    case '.request':
    case '.req':
      return 'request';
    case '.response':
    case '.res':
      return 'response';
    default:
      // Of a context, `ctx.body` is the answer and `ctx.json()` makes one.
      return owner === 'request' ? 'body' : undefined;
  }
}
