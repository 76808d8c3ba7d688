import { pino } from 'pino';
import { startOrderApi } from './order-api.ts';
import { readSettings } from './settings.ts';
import { onShutdown } from './shutdown.ts';

const settings = readSettings(process.env);
const log = pino({ name: 'order-api', level: settings.LOG_LEVEL });
const api = await startOrderApi(settings, log);
onShutdown(settings.SHUTDOWN_DEADLINE_MS, log, api.close);
log.info({ url: api.url }, 'ready');
