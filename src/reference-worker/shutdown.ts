import type { Logger } from 'pino';

/** On SIGTERM or SIGINT: closes in order, and exits at the deadline even if something does not close. */
export function onShutdown(deadlineMs: number, log: Logger, close: () => Promise<void>): void {
  let closing = false;
  const shutdown = (signal: NodeJS.Signals) => {
    if (closing) return;
    closing = true;
    log.info({ signal }, 'shutting down');
    // What is still running then stalls, and another worker runs it again.
    setTimeout(() => {
      log.error({ deadlineMs }, 'not closed in time, exiting');
      process.exit(1);
    }, deadlineMs);
    close()
      .then(() => {
        log.info('shut down');
        process.exit(0);
      })
      .catch((err: unknown) => {
        log.error({ err }, 'shutdown failed');
        process.exit(1);
      });
  };
  process.on('SIGTERM', shutdown);
  process.on('SIGINT', shutdown);
}
