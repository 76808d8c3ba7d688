import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { startDailyReport } from '../daily-report.ts';
import { openDatabase } from '../database.ts';
import { openQueues } from '../queues.ts';
import { Settings } from '../settings.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { startMailSink } from './mail-sink.ts';

interface Line {
  msg: string;
  name: string;
  url?: string;
  queue?: string;
  jobId?: string;
  attempt?: number;
  durationMs?: number;
  orderId?: string;
  err?: { message: string };
}

/** Lines that come before their turn wait for it. */
let held: Line[] | undefined = [];

/** A log line of the service, made easy on the eye. */
function print(line: Line): void {
  if (held) {
    held.push(line);
    return;
  }
  const details = [
    line.queue,
    line.jobId && `job ${/^[0-9a-f]{8}-/.test(line.jobId) ? line.jobId.slice(0, 8) : line.jobId}`,
    line.attempt && `attempt ${line.attempt}`,
    line.durationMs !== undefined && `${line.durationMs} ms`,
    line.orderId && `order ${line.orderId.slice(0, 8)}`,
    line.err?.message,
  ].filter(Boolean);
  console.log(`  ${line.name.padEnd(14)}${line.msg.padEnd(30)}${details.join(', ')}`);
}

const embedded = process.env.DATABASE_URL ? undefined : await startEmbeddedPostgres();
const sink = await startMailSink();
const env = {
  ...process.env,
  DATABASE_URL: embedded?.url ?? process.env.DATABASE_URL,
  SMTP_URL: sink.url,
};
const settings = Settings.parse(env);

/** A process of the service, as a deployment would start it, and the address that it says it is ready at. */
async function start(name: 'start-api' | 'start-worker') {
  const script = fileURLToPath(new URL(`../${name}${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('close', reject);
    createInterface({ input: child.stdout }).on('line', (json) => {
      const line = JSON.parse(json) as Line;
      if (line.msg === 'ready') resolve(line.url ?? '');
      else print(line);
    });
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'close');
  };
  return { url, stop };
}

async function ask(method: string, url: string, body?: unknown, key: string = randomUUID()) {
  const response = await fetch(url, {
    method,
    headers: { 'idempotency-key': key, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body ? JSON.stringify(body) : null,
  });
  return { code: response.status, body: (await response.json()) as Record<string, string> };
}

console.log(`Jobs are kept in ${settings.REDIS_URL ?? 'Postgres'}, orders in ${embedded ? 'a Postgres inside this process' : 'the Postgres at DATABASE_URL'}.
Starting an API and a worker, each a process of its own ...`);
const [api, worker] = await Promise.all([start('start-api'), start('start-worker')]);
console.log(`  API on ${api.url}, health of the worker on ${worker.url}/health`);

const log = pino({ level: 'warn' });
const db = openDatabase(settings.DATABASE_URL, log);
const people = {
  ada: 'asked for twice, with the same Idempotency-Key',
  grace: 'the mail server will be busy at first',
  nobody: 'there is no such mailbox',
};
console.log('\nThree orders:');
const orders: string[] = [];
for (const [name, remark] of Object.entries(people)) {
  const order = { email: `${name}@example.com`, currency: 'EUR', amountCents: 1_999 };
  const key = randomUUID();
  const { code, body } = await ask('POST', `${api.url}/orders`, order, key);
  if (name === 'ada') await ask('POST', `${api.url}/orders`, order, key);
  orders.push(body.id ?? '');
  console.log(`  ${name.padEnd(7)} POST /orders -> ${code}, status at ${body.statusUrl ?? ''}  (${remark})`);
}
console.log('and the outbox row of a fourth, which was deleted meanwhile.');
await db.insertInto('outbox').values({ order_id: randomUUID() }).execute();

console.log('\nWhat the service logs (as JSON; shortened here):');
const early = held;
held = undefined;
early.forEach(print);
const deadline = Date.now() + 60_000;
let states: (string | undefined)[] = [];
do {
  await sleep(500);
  states = await Promise.all(
    orders.map(async (id) => (await ask('GET', `${api.url}/orders/${id}`)).body.status),
  );
} while (states.includes('placed') && Date.now() < deadline);

console.log('\nThe report of today: a flow whose children compute in processes of their own:');
const queues = openQueues(settings, log, 1);
const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
await startDailyReport(queues.flows, today, settings);
let report: unknown[] = [];
while (report.length === 0 && Date.now() < deadline) {
  await sleep(200);
  report = await db.selectFrom('daily_reports').selectAll().where('day', '=', today).execute();
}

const health = await ask('GET', `${worker.url}/health`);
console.log('\nSIGTERM to both:');
await Promise.all([api.stop(), worker.stop()]);
await queues.close();
await db.destroy();
await sink.close();
await embedded?.close();

const count = (state: string) => states.filter((it) => it === state).length;
console.log(`
Orders   ${orders.length} placed: ${count('confirmed')} confirmed, ${count('undeliverable')} undeliverable
Mails    ${sink.mails.size} accepted, one for each confirmed order
Report   ${report.length} currencies for ${today}
Health   ${JSON.stringify(health.body)}`);
const ok = count('confirmed') === 2 && count('undeliverable') === 1 && sink.mails.size === 2;
process.exit(ok && report.length === 3 ? 0 : 1);
