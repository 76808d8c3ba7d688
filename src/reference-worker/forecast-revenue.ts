import { setImmediate as breathe } from 'node:timers/promises';
import type { SandboxedJob } from 'bullmq';
import { sql } from 'kysely';
import { pino } from 'pino';
import { openDatabase, type Currency } from './database.ts';
import { withTimeLimits } from './time-limits.ts';

/** Between what amounts, in nine of ten cases, the revenue of such a day lies. */
export interface Forecast {
  currency: Currency;
  orders: number;
  low_cents: number;
  high_cents: number;
}

type ForecastRevenue = SandboxedJob<{ day: string; currency: Currency }>;

const resamples = 2_000;
const limits = { softMs: 60_000, hardMs: 90_000 };

/**
 * A sandboxed processor: BullMQ runs this file in a process of its own, where a long computation blocks neither other
 * jobs nor the renewal of their locks.
 */
export default withTimeLimits(limits, async ({ data }: ForecastRevenue, signal): Promise<Forecast> => {
  const amounts = await readAmounts(data.day, data.currency);
  return { currency: data.currency, orders: amounts.length, ...(await bootstrap(amounts, signal)) };
});

async function readAmounts(day: string, currency: Currency): Promise<number[]> {
  const db = openDatabase(process.env.DATABASE_URL ?? '', pino(pino.destination(2)), limits);
  try {
    const orders = await db
      .selectFrom('orders')
      .select('amount_cents')
      .where('currency', '=', currency)
      .where(sql<string>`(created_at at time zone 'Europe/Berlin')::date::text`, '=', day)
      .execute();
    return orders.map((order) => order.amount_cents);
  } finally {
    await db.destroy();
  }
}

/** Draws many days with as many orders from the amounts of this one, and looks at how their sums spread. */
export async function bootstrap(amounts: readonly number[], signal: AbortSignal) {
  const sums: number[] = [];
  for (let sample = 0; sample < resamples; sample++) {
    // Comes up for air now and then, so that the limits and a cancellation get through.
    if (sample % 100 === 0) await breathe();
    signal.throwIfAborted();
    const draw = () => amounts[Math.floor(Math.random() * amounts.length)] ?? 0;
    sums.push(amounts.reduce((sum) => sum + draw(), 0));
  }
  sums.sort((a, b) => a - b);
  return { low_cents: sums[resamples * 0.05] ?? 0, high_cents: sums[resamples * 0.95] ?? 0 };
}
