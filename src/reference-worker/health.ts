import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

export type Checks = Record<string, () => Promise<unknown>>;

/** 200 while everything this process needs answers in time, else 503, and which of it does not. */
export function addHealthRoute(server: FastifyInstance, checks: Checks): void {
  server.get('/health', async (_request, reply) => {
    const look = async ([name, check]: [string, () => Promise<unknown>]) => {
      const answer = check().then(() => 'ok', String);
      return [name, await Promise.race([answer, sleep(2_000, 'no answer', { ref: false })])] as const;
    };
    const results = await Promise.all(Object.entries(checks).map(look));
    const healthy = results.every(([, result]) => result === 'ok');
    return await reply.code(healthy ? 200 : 503).send({ healthy, ...Object.fromEntries(results) });
  });
}
