import { beforeAll, describe, expect, it } from 'vitest';
import { buildProcesses } from '../support/build.ts';
import { concurrency, runCrashes, type Report } from './crash-run.ts';

/** CRASH_SEED repeats a run, CRASH_SOAK_MINUTES makes it long. */
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const soakMinutes = Number(process.env.CRASH_SOAK_MINUTES ?? 0);
const chaosMs = soakMinutes > 0 ? soakMinutes * 60_000 : 50_000;
const orders = Math.max(500, Math.round(chaosMs / 100));
const settleMs = 90_000;
const startUpMs = 30_000;

let folder = '';
beforeAll(async () => {
  folder = await buildProcesses('crash');
}, 120_000);

describe(`with seed ${seed}`, () => {
  it(
    'the reference worker confirms every order exactly once',
    async () => {
      const report = await runCrashes({
        seed,
        orders,
        chaosMs,
        settleMs,
        folder,
        workerScript: 'src/reference-worker/start-worker.js',
      });
      print(report);

      expect(missingFaults(report)).toEqual([]);
      expect(report.placed).toBe(orders);
      expect(report.stored).toBe(orders);
      expect(report).toMatchObject({ lost: 0, doubled: 0, once: orders, toUnknownOrders: 0 });
      expect(report).toMatchObject({ unconfirmed: 0, outbox: 0, jobs: 0 });
      expect(report.crashedByItself).toEqual([]);
      // The kills have hit what they aimed at, and nothing is handed in again without need: each worker that is killed
      // leaves at most what it had in hand.
      expect(report.struckAndNotHandedInAgain).toBe(0);
      expect(report.handedInAgainUnasked).toBeLessThanOrEqual(concurrency * workerKills(report));
      expect(report.exitCodes).toEqual([0, 0, 0, 0]);
    },
    startUpMs + 2 * chaosMs + settleMs,
  );

  it(
    'and the harness sees what an unsafe worker loses and doubles',
    async () => {
      const report = await runCrashes({
        seed,
        orders: 150,
        chaosMs: 20_000,
        settleMs: 40_000,
        folder,
        workerScript: 'test/reference-worker/unsafe-worker.js',
      });
      print(report);

      expect(report.stored).toBe(150);
      expect(report.lost).toBeGreaterThan(0);
      expect(report.doubled).toBeGreaterThan(0);
    },
    startUpMs + 2 * chaosMs + settleMs,
  );
});

const faults = [
  ...['worker SIGKILL', 'worker SIGKILL while sending', 'worker SIGTERM', 'api SIGKILL', 'api SIGTERM'],
  ...['redis SIGKILL', 'mail: refused', 'mail: try later', 'mail: hang', 'mail: drop'],
  ...['mail: accept, then drop', 'mail: accept, then hang', 'request repeated', 'request without an answer'],
];

/** What the run was to survive and never met. */
function missingFaults(report: Report): string[] {
  return faults.filter((fault) => !report.faults[fault]);
}

function workerKills({ faults }: Report): number {
  return (faults['worker SIGKILL'] ?? 0) + (faults['worker SIGKILL while sending'] ?? 0);
}

function print(report: Report): void {
  console.log(JSON.stringify(report, undefined, 2));
}
