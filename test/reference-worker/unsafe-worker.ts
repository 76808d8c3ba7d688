/**
 * The worker as it is often written, for the negative control of the crash test: it waits for no lock, looks at no
 * state, sends without an idempotency key and swallows what goes wrong. Each of these is a finding of a rule.
 */
import { Worker, type Job } from 'bullmq';
import { createTransport } from 'nodemailer';
import { pino } from 'pino';
import { openDatabase } from '../../src/reference-worker/database.ts';
import { jobStore, keyPrefix, queueNames, type ConfirmOrder } from '../../src/reference-worker/queues.ts';
import { Settings } from '../../src/reference-worker/settings.ts';

const settings = Settings.parse(process.env);
const log = pino({ level: settings.LOG_LEVEL });
const db = openDatabase(settings.DATABASE_URL, log);
const store = jobStore(settings);
const transport = createTransport({ url: settings.SMTP_URL, socketTimeout: settings.SOFT_LIMIT_MS });

new Worker<ConfirmOrder>(
  queueNames.orderConfirmations,
  async (job: Job<ConfirmOrder>) => {
    try {
      const order = await db
        .selectFrom('orders')
        .selectAll()
        .where('id', '=', job.data.orderId)
        .executeTakeFirst();
      if (!order) throw new Error('no such order');
      await transport.sendMail({
        from: 'orders@shop.example',
        to: order.email,
        subject: `Your order ${order.id}`,
        text: 'Thank you.',
      });
      await db.updateTable('orders').set({ status: 'confirmed' }).where('id', '=', order.id).execute();
    } catch (err) {
      log.error({ err }, 'not confirmed');
    }
  },
  {
    connection: store.connection,
    prefix: keyPrefix,
    concurrency: settings.CONCURRENCY,
    lockDuration: settings.LOCK_MS,
    stalledInterval: settings.LOCK_MS,
  },
  store.backend,
).on('error', (err) => {
  log.error({ err }, 'worker error');
});
log.info('ready');
