import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import pg from 'pg';
import { createTestDatabase } from '../support/database.ts';
import { keyPrefix, queueNames } from '../../../src/reference-worker/queues.ts';
import { Child } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';
import { startGuard } from '../support/guard.ts';
import { startMailServer, type Answer } from '../support/mail-server.ts';
import { startCrashableRedis } from '../support/redis-server.ts';
import { createRandom, type Random } from './random.ts';

export interface CrashRun {
  seed: number;
  orders: number;
  /** The orders come, and the crashes happen, within this time. */
  chaosMs: number;
  /** Then everything may settle, for at most this long. */
  settleMs: number;
  folder: string;
  workerScript: string;
}

export type Report = Awaited<ReturnType<typeof runCrashes>>;

const jobStates = ['active', 'waiting', 'delayed', 'prioritized', 'waiting-children'] as const;

/** Two API processes, two workers, a Redis and a mail server; everything but the database breaks at random moments. */
export async function runCrashes(run: CrashRun) {
  const startedAt = Date.now();
  const random = createRandom(run.seed);
  const closers: (() => Promise<unknown>)[] = [];
  const kills: Record<string, number> = {};
  const logged: Record<string, number> = {};
  const crashedByItself: string[] = [];
  const count = (counts: Record<string, number>, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };

  try {
    const guard = startGuard();
    closers.push(guard.release);
    const database = await createTestDatabase();
    closers.push(database.close);
    const redis = await startCrashableRedis(guard);
    closers.push(redis.close);
    const mood = createRandom(run.seed + 1);
    let calm = false;
    const mailServer = await startMailServer(() => (calm ? 'accept' : badAnswer(mood)));
    closers.push(mailServer.close);

    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SMTP_URL: mailServer.url,
      RETRY_DELAY_MS: '200',
      SOFT_LIMIT_MS: '1500',
      HARD_LIMIT_MS: '3000',
      LOCK_MS: '2000',
      SHUTDOWN_GRACE_MS: '1000',
      SHUTDOWN_DEADLINE_MS: '4000',
      OUTBOX_INTERVAL_MS: '100',
      FORGOTTEN_AFTER_MS: '15000',
      FORGOTTEN_ORDERS_PATTERN: '*/5 * * * * *',
    };
    const onLine = ({ msg }: { msg: string }) => {
      count(logged, msg);
    };
    const start = (script: string, own: Record<string, string> = {}) =>
      new Child(join(run.folder, script), { ...env, ...own }, guard, onLine);

    const ports = [await freePort(), await freePort()];
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    const apis = ports.map((port) => start('src/reference-worker/start-api.js', { PORT: String(port) }));
    const workers = [start(run.workerScript), start(run.workerScript)];
    closers.push(() => Promise.all([...apis, ...workers].map((child) => child.kill('SIGKILL'))));
    await Promise.all([...apis, ...workers].map((child) => child.ready));

    /** Kills one of them and puts a new one in its place, as an orchestrator would. */
    const crash = async (
      kind: string,
      children: Child[],
      scripts: (index: number) => Child,
      signal: NodeJS.Signals,
    ) => {
      const index = random.between(0, children.length);
      const victim = children[index];
      if (!victim) return;
      // Only one that runs can be killed at work, so it may first finish starting.
      await victim.ready;
      // Half of the sudden deaths come at the worst moment: a mail is accepted, and its order not yet flagged.
      if (kind === 'worker' && signal === 'SIGKILL' && random.chance(0.5)) {
        const accepted = new Promise<void>((resolve) => {
          mailServer.interruptNext(async () => {
            count(kills, 'while a mail waited for its answer');
            resolve();
            await victim.exited;
          });
        });
        await Promise.race([accepted, sleep(3_000)]);
      }
      const { code } = await victim.kill(signal);
      count(kills, `${kind} ${signal}`);
      if (code === 1) count(kills, `${kind} missed its shutdown deadline`);
      if (victim.lastWords) crashedByItself.push(victim.lastWords);
      children[index] = scripts(index);
    };
    const startWorker = () => start(run.workerScript);
    const startApi = (index: number) =>
      start('src/reference-worker/start-api.js', { PORT: String(ports[index]) });

    let end = Date.now() + run.chaosMs;
    const during = async (from: number, to: number, happen: () => Promise<void>) => {
      for (;;) {
        const pause = random.between(from, to);
        if (Date.now() + pause >= end) return;
        await sleep(pause);
        await happen();
      }
    };
    const chaos = [
      during(500, 2_500, () =>
        crash('worker', workers, startWorker, random.chance(0.6) ? 'SIGKILL' : 'SIGTERM'),
      ),
      during(4_000, 9_000, () => crash('api', apis, startApi, random.chance(0.7) ? 'SIGKILL' : 'SIGTERM')),
      during(5_000, 9_000, async () => {
        await redis.kill();
        count(kills, 'redis SIGKILL');
        await sleep(random.between(100, 1_500));
        await redis.start();
      }),
      during(4_000, 9_000, async () => {
        mailServer.refuse(true);
        count(kills, 'mail server away');
        await sleep(random.between(300, 1_500));
        mailServer.refuse(false);
      }),
    ];
    const pause = run.chaosMs / run.orders;
    const placing = placeOrders(run.orders, pause, urls, createRandom(run.seed + 2));
    const ids = await Promise.all([placing, ...chaos])
      .then(([placed]) => placed)
      .finally(async () => {
        // If one fails, the others must not go on starting processes that nobody stops.
        end = 0;
        await Promise.allSettled([placing, ...chaos]);
      });
    calm = true;
    mailServer.refuse(false);
    await Promise.all([...apis, ...workers].map((child) => child.ready));

    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    closers.push(() => pool.end());
    const queue = new Queue(queueNames.orderConfirmations, {
      connection: { url: redis.url },
      prefix: keyPrefix,
    });
    closers.push(() => queue.close());
    const number = async (sql: string) =>
      Number((await pool.query<{ count: string }>(`select count(*) from ${sql}`)).rows[0]?.count);
    const state = async () => ({
      stored: await number('orders'),
      unconfirmed: await number(`orders where status <> 'confirmed'`),
      outbox: await number('outbox'),
      jobs: Object.values(await queue.getJobCounts(...jobStates)).reduce((sum, jobs) => sum + jobs, 0),
    });

    const settleBy = Date.now() + run.settleMs;
    let now = await state();
    // The unsafe worker leaves orders unconfirmed for ever, so quiet is when no work is left, not when all is well.
    const quiet = () => now.outbox === 0 && now.jobs === 0;
    const isReference = run.workerScript.endsWith('start-worker.js');
    while ((!quiet() || (isReference && now.unconfirmed > 0)) && Date.now() < settleBy) {
      await sleep(250);
      now = await state();
    }

    const stopped = await Promise.all([...apis, ...workers].map((child) => child.kill('SIGTERM')));
    crashedByItself.push(...[...apis, ...workers].map((child) => child.lastWords).filter(Boolean));
    const timesConfirmed = ids.map((id) => mailServer.confirmations.get(id)?.size ?? 0);
    const handedIn = [...mailServer.confirmations.values()].flatMap((messages) => [...messages.values()]);
    return {
      ...now,
      seed: run.seed,
      database: database.kind,
      seconds: Math.round((Date.now() - startedAt) / 1_000),
      placed: new Set(ids).size,
      once: timesConfirmed.filter((times) => times === 1).length,
      lost: timesConfirmed.filter((times) => times === 0).length,
      doubled: timesConfirmed.filter((times) => times > 1).length,
      toUnknownOrders: [...mailServer.confirmations.keys()].filter((id) => !ids.includes(id)).length,
      handedInAgain: handedIn.reduce((sum, times) => sum + times - 1, 0),
      exitCodes: stopped.map(({ code }) => code),
      crashedByItself,
      kills,
      answers: mailServer.answers,
      logged,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** About every fifth mail goes wrong, in one way or another. */
function badAnswer(random: Random): Answer {
  if (random.chance(0.05)) return 'try later';
  if (random.chance(0.05)) return 'drop';
  if (random.chance(0.02)) return 'hang';
  if (random.chance(0.06)) return 'accept, then drop';
  if (random.chance(0.02)) return 'accept, then hang';
  return 'accept';
}

/** Clients that ask again, elsewhere, when they get no answer, and some that ask again although they got one. */
async function placeOrders(
  orders: number,
  pauseMs: number,
  urls: string[],
  random: Random,
): Promise<string[]> {
  const requests: Promise<string>[] = [];
  for (let index = 0; index < orders; index++) {
    const key = randomUUID();
    const body = JSON.stringify({
      email: `customer${index}@example.com`,
      currency: 'EUR',
      amountCents: 100 + index,
    });
    requests.push(placeOrder(key, body, random.pick(urls), urls));
    if (random.chance(0.2)) {
      const again = placeOrder(key, body, random.pick(urls), urls);
      const first = requests[index];
      requests[index] = Promise.all([first, again]).then(([one, other]) => {
        if (one === undefined || one !== other)
          throw new Error(`one order became two: ${String(one)} and ${other}`);
        return one;
      });
    }
    await sleep(pauseMs);
  }
  return await Promise.all(requests);
}

async function placeOrder(key: string, body: string, url: string, urls: string[]): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const target = urls[(urls.indexOf(url) + attempt) % urls.length] ?? url;
    try {
      const response = await fetch(`${target}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body,
        signal: AbortSignal.timeout(5_000),
      });
      const answer = (await response.json()) as { id?: string };
      if (response.status === 202 && answer.id) return answer.id;
      if (response.status < 500) throw new Error(`unexpected answer ${response.status}`);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('unexpected')) throw error;
    }
    await sleep(100);
  }
  throw new Error('the API stayed away');
}
