import { fastify, type FastifyBaseLogger } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { currencies, type Database } from './database.ts';
import { addHealthRoute, type Checks } from './health.ts';
import { placeOrder } from './outbox.ts';

const PlaceOrder = z.object({
  headers: z.object({ 'idempotency-key': z.string().min(8).max(200) }),
  body: z.strictObject({
    email: z.email(),
    currency: z.enum(currencies),
    amountCents: z.int().positive().max(100_000_000),
  }),
});
const ReadOrder = z.object({ params: z.object({ id: z.uuid() }) });

/** Nothing here knows of jobs or waits for one: a request ends when its order is stored. */
export function createApi(db: Database, log: Logger, checks: Checks) {
  const loggerInstance: FastifyBaseLogger = log.child({}, { level: 'warn' });
  const api = fastify({ loggerInstance });
  addHealthRoute(api, checks);

  api.setErrorHandler(async (error, _request, reply) => {
    if (!(error instanceof z.ZodError)) return await reply.send(error);
    const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return await reply.code(400).send({ error: 'invalid request', problems });
  });

  api.post('/orders', async (request, reply) => {
    const { headers, body } = PlaceOrder.parse({ headers: request.headers, body: request.body });
    const order = await placeOrder(db, headers['idempotency-key'], body);
    const { email, currency, amount_cents: amountCents } = order;
    if (email !== body.email || currency !== body.currency || amountCents !== body.amountCents) {
      return await reply.code(422).send({ error: 'this Idempotency-Key belongs to a different order' });
    }
    const statusUrl = `/orders/${order.id}`;
    return await reply.code(202).header('location', statusUrl).send({ id: order.id, statusUrl });
  });

  api.get('/orders/:id', async (request, reply) => {
    const { id } = ReadOrder.parse({ params: request.params }).params;
    const order = await db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
    if (!order) return await reply.code(404).send({ error: 'no such order' });
    return { id, status: order.status, confirmedAt: order.confirmed_at?.toISOString() ?? null };
  });
  return api;
}
