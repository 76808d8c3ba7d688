import { type Generated, Kysely, PostgresDialect, type Selectable, sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { TimeLimits } from './time-limits.ts';

export const currencies = ['EUR', 'GBP', 'USD'] as const;
export type Currency = (typeof currencies)[number];

interface Tables {
  orders: {
    id: Generated<string>;
    /** Chosen by the client, so that a repeated request finds the order it already placed. */
    idempotency_key: string;
    email: string;
    currency: Currency;
    amount_cents: number;
    status: Generated<'placed' | 'confirmed' | 'undeliverable'>;
    created_at: Generated<Date>;
    confirmed_at: Date | null;
  };
  /** Orders whose job is still to be enqueued. */
  outbox: { id: Generated<string>; order_id: string; created_at: Generated<Date> };
  daily_reports: { day: string; currency: Currency; orders: number; low_cents: number; high_cents: number };
}

export type Database = Kysely<Tables>;
export type Order = Selectable<Tables['orders']>;

export function openDatabase(url: string, log: Logger, limits?: TimeLimits): Database {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    // Queries know nothing of a job's signal, so Postgres itself ends them: at the soft limit, waiting for a row
    // included, and at the hard limit the transaction of a worker that hangs or is cut off.
    statement_timeout: limits?.softMs,
    idle_in_transaction_session_timeout: limits?.hardMs,
  });
  // A connection that breaks emits an error, in use or idle; without a listener that would end the process.
  const report = (err: Error) => {
    log.warn({ err }, 'database connection lost');
  };
  pool.on('connect', (client) => client.on('error', report));
  pool.on('error', report);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Stands in for the migrations of a real service. Several processes may start at once, hence the lock. */
export async function createTables(db: Database): Promise<void> {
  // One query, and so one transaction.
  await sql`
    select pg_advisory_xact_lock(20260101);
    create table if not exists orders (
      id uuid primary key default gen_random_uuid(), idempotency_key text not null unique,
      email text not null, currency text not null, amount_cents integer not null,
      status text not null default 'placed', created_at timestamptz not null default now(),
      confirmed_at timestamptz);
    create table if not exists outbox (
      id uuid primary key default gen_random_uuid(), order_id uuid not null unique,
      created_at timestamptz not null default now());
    create table if not exists daily_reports (
      day text, currency text, orders integer not null, low_cents integer not null,
      high_cents integer not null, primary key (day, currency))`.execute(db);
}
