import { fastify, type FastifyBaseLogger, type FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { currencies, type Database } from './database.ts';
import { addHealthRoute, type Checks } from './health.ts';
import { findOrder, placeOrder } from './orders.ts';

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

  api.post('/orders', async (request, reply) => {
    const input = PlaceOrder.safeParse({ headers: request.headers, body: request.body });
    if (!input.success) return await refuse(reply, input.error);
    const { headers, body } = input.data;
    const order = await placeOrder(db, headers['idempotency-key'], body);
    const { email, currency, amount_cents: amountCents } = order;
    if (email !== body.email || currency !== body.currency || amountCents !== body.amountCents) {
      return await reply.code(422).send({ error: 'this Idempotency-Key belongs to a different order' });
    }
    const statusUrl = `/orders/${order.id}`;
    return await reply.code(202).header('location', statusUrl).send({ id: order.id, statusUrl });
  });

  api.get('/orders/:id', async (request, reply) => {
    const input = ReadOrder.safeParse({ params: request.params });
    if (!input.success) return await refuse(reply, input.error);
    const order = await findOrder(db, input.data.params.id);
    if (!order) return await reply.code(404).send({ error: 'no such order' });
    return { id: order.id, status: order.status, confirmedAt: order.confirmed_at?.toISOString() ?? null };
  });

  addHealthRoute(api, checks);
  return api;
}

async function refuse(reply: FastifyReply, error: z.ZodError) {
  const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return await reply.code(400).send({ error: 'invalid request', problems });
}
