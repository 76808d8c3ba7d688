import { pino } from 'pino';
import { startOrderWorker } from './order-worker.ts';
import { readSettings } from './settings.ts';
import { onShutdown } from './shutdown.ts';

const settings = readSettings(process.env);
const log = pino({ name: 'order-worker', level: settings.LOG_LEVEL });
const worker = await startOrderWorker(settings, log);
onShutdown(settings.SHUTDOWN_DEADLINE_MS, log, worker.close);
log.info({ url: worker.url }, 'ready');
