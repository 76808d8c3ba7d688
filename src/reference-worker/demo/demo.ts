import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlowProducer } from 'bullmq';
import { pino } from 'pino';
import { startDailyReport } from '../daily-report.ts';
import { openDatabase } from '../database.ts';
import { startOrderApi } from '../order-api.ts';
import { startOrderWorker } from '../order-worker.ts';
import { jobStore, keyPrefix } from '../queues.ts';
import { readSettings } from '../settings.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { startMailSink } from './mail-sink.ts';

interface Line {
  msg: string;
  queue?: string;
  attempt?: number;
  durationMs?: number;
  orderId?: string;
  err?: { message: string };
}

/** The service's log lines, made easy on the eye. A real service keeps them as JSON. */
const log = pino(
  { level: process.env.LOG_LEVEL ?? 'info' },
  {
    write(json: string) {
      const { msg, queue = '', attempt, durationMs, orderId, err } = JSON.parse(json) as Line;
      const details = [
        attempt && `attempt ${attempt}`,
        durationMs !== undefined && `${durationMs} ms`,
        orderId && `order ${orderId.slice(0, 8)}`,
        err?.message,
      ].filter(Boolean);
      console.log(`  ${queue.padEnd(20)}${msg}${details.length > 0 ? ` (${details.join(', ')})` : ''}`);
    },
  },
);

console.log(
  'Starting Postgres in this process, a mail server that keeps everything, the API and a worker ...',
);
const embedded = process.env.DATABASE_URL ? undefined : await startEmbeddedPostgres();
const sink = await startMailSink();
const settings = readSettings({
  ...process.env,
  DATABASE_URL: embedded?.url ?? process.env.DATABASE_URL,
  SMTP_URL: sink.url,
});
const db = openDatabase(settings.DATABASE_URL, log);
const api = await startOrderApi(settings, log);
const worker = await startOrderWorker(settings, log);
console.log(`API on ${api.url}, health on ${worker.url}/health, jobs in ${settings.REDIS_URL ?? 'Postgres'}`);

async function request(method: string, path: string, body?: unknown, key: string = randomUUID()) {
  const response = await fetch(api.url + path, {
    method,
    headers: { 'idempotency-key': key, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body ? JSON.stringify(body) : null,
  });
  return {
    code: response.status,
    body: (await response.json()) as Record<string, string>,
  };
}

console.log(
  '\nFive orders, one of them asked for twice, one for a mailbox that does not exist, one deleted at once:',
);
const orders: string[] = [];
for (const [index, name] of ['ada', 'grace', 'nobody', 'edsger', 'barbara'].entries()) {
  const order = { email: `${name}@example.com`, currency: 'EUR', amountCents: 1_000 * (index + 1) };
  const key = randomUUID();
  const { code, body } = await request('POST', '/orders', order, key);
  if (name === 'ada') await request('POST', '/orders', order, key);
  if (name === 'barbara')
    await db
      .deleteFrom('orders')
      .where('id', '=', body.id ?? '')
      .execute();
  else orders.push(body.id ?? '');
  console.log(`  POST /orders for ${name}: ${code}, see ${body.statusUrl ?? ''}`);
}

console.log('\nMeanwhile in the worker:');
let states: (string | undefined)[] = [];
const deadline = Date.now() + 60_000;
while (Date.now() < deadline) {
  states = await Promise.all(orders.map(async (id) => (await request('GET', `/orders/${id}`)).body.status));
  if (!states.includes('placed')) break;
  await sleep(200);
}

console.log('\nThe report of today, a flow whose children compute in a process of their own:');
const store = jobStore(settings);
const flows = new FlowProducer({ connection: store.connection, prefix: keyPrefix }, store.backend);
const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
await startDailyReport(flows, today, settings);
let report: unknown[] = [];
while (report.length === 0 && Date.now() < deadline) {
  await sleep(200);
  report = await db.selectFrom('daily_reports').selectAll().where('day', '=', today).execute();
}

const health = await (await fetch(`${worker.url}/health`)).json();
console.log('\nStopping, as on SIGTERM ...');
await flows.close();
await db.destroy();
await api.close();
await worker.close();
await sink.close();
await embedded?.close();

const count = (state: string) => states.filter((it) => it === state).length;
console.log(`
Orders   ${orders.length} placed and kept, ${count('confirmed')} confirmed, ${count('undeliverable')} undeliverable
Mails    ${sink.mails.size} accepted, one for each confirmed order
Report   ${report.length} currencies for ${today}
Health   ${JSON.stringify(health)}`);
const ok =
  count('confirmed') === 3 && count('undeliverable') === 1 && sink.mails.size === 3 && report.length === 3;
process.exit(ok ? 0 : 1);
