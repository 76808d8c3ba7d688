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

export const concurrency = 5;
const workerFaults = [
  ...(['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGTERM'] as const),
  ...(['SIGKILL while sending', 'SIGKILL while sending'] as const),
];
const apiFaults = ['SIGKILL', 'SIGKILL', 'SIGTERM'] as const;
/** About every fifth mail goes wrong, in one way or another. */
const answers: Answer[] = [
  ...Array.from({ length: 40 }, () => 'accept' as const),
  ...(['try later', 'try later', 'drop', 'drop', 'hang'] as const),
  ...(['accept, then drop', 'accept, then drop', 'accept, then drop', 'accept, then hang'] as const),
];
const jobStates = ['active', 'waiting', 'delayed', 'prioritized', 'waiting-children'] as const;

/** Two API processes, two workers, a Redis and a mail server; everything but the database breaks at random moments. */
export async function runCrashes(run: CrashRun) {
  const startedAt = Date.now();
  const closers: (() => Promise<unknown>)[] = [];
  const faults: Record<string, number> = {};
  const logged: Record<string, number> = {};
  const crashedByItself: string[] = [];
  const count = (counts: Record<string, number>, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };

  try {
    const guard = startGuard();
    closers.push(guard.release);
    const isReference = run.workerScript.endsWith('start-worker.js');
    const database = await createTestDatabase();
    closers.push(database.close);
    const redis = await startCrashableRedis(guard);
    closers.push(redis.close);
    const nextAnswer = createRandom(run.seed).deck(answers);
    let calm = false;
    let dealt = 0;
    const mailServer = await startMailServer(() => {
      // On a slow machine most mails come when the rest is calm already: each answer is given once all the same.
      if (calm && dealt >= answers.length) return 'accept';
      dealt += 1;
      return nextAnswer();
    });
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
      CONCURRENCY: String(concurrency),
      // The unsafe worker gets no safety net.
      FORGOTTEN_AFTER_MS: isReference ? '15000' : '3600000',
    };
    const onLine = ({ msg }: { msg: string }) => {
      count(logged, msg);
    };
    const start = (script: string, own: Record<string, string> = {}) =>
      new Child(join(run.folder, script), { ...env, ...own }, guard, onLine);

    const ports = [await freePort(), await freePort()];
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    const startApi = (index: number) =>
      start('src/reference-worker/start-api.js', { PORT: String(ports[index]) });
    // Each worker gives the mail server a name of its own, by which the one that is sending can be killed.
    const startWorker = (index: number) =>
      start(run.workerScript, { SMTP_URL: `${mailServer.url}/?name=worker-${index}` });
    const apis = [0, 1].map(startApi);
    const workers = [0, 1].map(startWorker);
    closers.push(() => Promise.all([...apis, ...workers].map((child) => child.kill('SIGKILL'))));
    await Promise.all([...apis, ...workers].map((child) => child.ready));

    /** Orders whose worker was killed when their mail was accepted and its answer not yet sent. */
    const struck: string[] = [];
    const bury = (victim: Child, { code }: { code: number | null }) => {
      if (code === 1) count(faults, 'shutdown deadline missed');
      if (victim.lastWords) crashedByItself.push(victim.lastWords);
    };
    /** Kills one of them and puts a new one in its place, as an orchestrator would. */
    const crash = async (
      kind: string,
      children: Child[],
      index: number,
      startNext: (index: number) => Child,
      signal: NodeJS.Signals,
    ) => {
      const victim = children[index];
      if (!victim) throw new Error(`no ${kind} ${index}`);
      // Only one that runs can be killed at work, so it may first finish starting.
      await victim.ready;
      bury(victim, await victim.kill(signal));
      count(faults, `${kind} ${signal}`);
      children[index] = startNext(index);
    };
    /** The worst moment: a mail is accepted, and its order not yet flagged. */
    const crashWhileSending = async () => {
      const index = await new Promise<number | undefined>((resolve) => {
        const givenUp = setTimeout(() => {
          mailServer.interruptNext(undefined);
          resolve(undefined);
        }, 30_000);
        mailServer.interruptNext(async (client, orderId) => {
          clearTimeout(givenUp);
          const sender = Number(/^worker-(\d)$/.exec(client)?.[1]);
          const victim = workers[sender];
          if (!victim) throw new Error(`unknown client ${client}`);
          bury(victim, await victim.kill('SIGKILL'));
          struck.push(orderId);
          resolve(sender);
        }, 'accept');
      });
      if (index === undefined) return;
      count(faults, 'worker SIGKILL while sending');
      workers[index] = startWorker(index);
    };

    const beatMs = Math.min(1_000, run.chaosMs / 50);
    const end = Date.now() + run.chaosMs;
    let failed = false;
    /** Goes on until the end, and until it has happened this often. */
    const during = async (
      seed: number,
      [from, to]: [number, number],
      atLeast: number,
      prepare: (random: Random) => () => Promise<void>,
    ) => {
      const random = createRandom(run.seed + seed);
      const happen = prepare(random);
      for (let times = 0; times < atLeast || Date.now() < end; times++) {
        await sleep(random.between(from * beatMs, to * beatMs));
        if (failed) return;
        await happen();
      }
    };
    const chaos = [
      during(1, [0.5, 2.5], workerFaults.length, (random) => {
        const nextFault = random.deck(workerFaults);
        return async () => {
          const fault = nextFault();
          if (fault === 'SIGKILL while sending') await crashWhileSending();
          else await crash('worker', workers, random.between(0, 2), startWorker, fault);
        };
      }),
      during(2, [4, 9], apiFaults.length, (random) => {
        const nextFault = random.deck(apiFaults);
        return () => crash('api', apis, random.between(0, 2), startApi, nextFault());
      }),
      during(3, [5, 9], 3, (random) => async () => {
        await redis.kill();
        count(faults, 'redis SIGKILL');
        await sleep(random.between(100, 1_500));
        await redis.start();
      }),
      during(4, [4, 9], 3, (random) => async () => {
        const before = mailServer.answers.refused;
        mailServer.refuse(true);
        await sleep(random.between(300, 1_500));
        // On a slow machine it may take a while until somebody comes.
        for (let waits = 0; mailServer.answers.refused === before && waits < 150; waits++) await sleep(100);
        mailServer.refuse(false);
      }),
    ];
    const pause = run.chaosMs / run.orders;
    const placing = placeOrders(run.orders, pause, urls, createRandom(run.seed + 5), (fault) => {
      count(faults, fault);
    });
    const ids = await Promise.all([placing, ...chaos])
      .then(([placed]) => placed)
      .finally(async () => {
        // If one fails, the others must not go on starting processes that nobody stops.
        failed = true;
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
    while ((!quiet() || (isReference && now.unconfirmed > 0)) && Date.now() < settleBy) {
      await sleep(250);
      now = await state();
    }

    const stopped = await Promise.all([...apis, ...workers].map((child) => child.kill('SIGTERM')));
    crashedByItself.push(...[...apis, ...workers].map((child) => child.lastWords).filter(Boolean));
    const timesConfirmed = ids.map((id) => mailServer.confirmations.get(id)?.size ?? 0);
    const timesHandedIn = (id: string) =>
      [...(mailServer.confirmations.get(id)?.values() ?? [])].reduce((sum, times) => sum + times, 0);
    const excuses = [...mailServer.unanswered, ...struck];
    const excusesOf = (id: string) => excuses.filter((it) => it === id).length;
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
      handedInAgain: ids.reduce((sum, id) => sum + Math.max(0, timesHandedIn(id) - 1), 0),
      /** Mails handed in again although the answer to the one before was sent: its worker died of something else. */
      handedInAgainUnasked: ids.reduce(
        (sum, id) => sum + Math.max(0, timesHandedIn(id) - 1 - excusesOf(id)),
        0,
      ),
      struckAndNotHandedInAgain: struck.filter((id) => timesHandedIn(id) < 2).length,
      exitCodes: stopped.map(({ code }) => code),
      crashedByItself,
      faults: { ...faults, ...prefixed('mail: ', mailServer.answers) },
      logged,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function prefixed(prefix: string, counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([key, times]) => [prefix + key, times]));
}

/** Clients that ask again, elsewhere, when they get no answer, and some that ask again although they got one. */
async function placeOrders(
  orders: number,
  pauseMs: number,
  urls: string[],
  random: Random,
  onFault: (fault: string) => void,
): Promise<string[]> {
  const requests: Promise<string>[] = [];
  for (let index = 0; index < orders; index++) {
    const key = randomUUID();
    const body = JSON.stringify({
      email: `customer${index}@example.com`,
      currency: 'EUR',
      amountCents: 100 + index,
    });
    requests.push(placeOrder(key, body, random.pick(urls), urls, onFault));
    if (random.chance(0.2)) {
      onFault('request repeated');
      const again = placeOrder(key, body, random.pick(urls), urls, onFault);
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

async function placeOrder(
  key: string,
  body: string,
  url: string,
  urls: string[],
  onFault: (fault: string) => void,
): Promise<string> {
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
    onFault('request without an answer');
    await sleep(100);
  }
  throw new Error('the API stayed away');
}
