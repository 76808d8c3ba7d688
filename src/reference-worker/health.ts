import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

export type Checks = Record<string, () => Promise<unknown>>;

const patienceMs = 2_000;

/** 200 while everything this process needs answers, else 503, and which of it does not. */
export function addHealthRoute(server: FastifyInstance, checks: Checks): void {
  server.get('/health', async (_request, reply) => {
    const results: Record<string, string> = {};
    const look = async ([name, check]: [string, () => Promise<unknown>]) => {
      const answer = check().then(
        () => 'ok',
        (error: unknown) => String(error),
      );
      results[name] = await Promise.race([answer, sleep(patienceMs, 'no answer', { ref: false })]);
    };
    await Promise.all(Object.entries(checks).map(look));
    const healthy = Object.values(results).every((result) => result === 'ok');
    return await reply.code(healthy ? 200 : 503).send({ healthy, ...results });
  });
}
