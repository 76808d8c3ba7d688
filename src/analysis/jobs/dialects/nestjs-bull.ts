import { bull } from './bull.ts';
import type { Dialect } from './dialect.ts';

const EVENTS = [
  'error',
  'waiting',
  'active',
  'stalled',
  'progress',
  'completed',
  'failed',
  'paused',
  'resumed',
  'cleaned',
  'drained',
  'removed',
];

/** `@OnQueueFailed()` for jobs of this process, `@OnGlobalQueueFailed()` for those of all. */
function listeners(): NonNullable<Dialect['nest']>['listeners'] {
  const table: Record<string, { role: 'worker' | 'queue-events'; event: string }> = {};
  for (const event of EVENTS) {
    const name = event.charAt(0).toUpperCase() + event.slice(1);
    table[`OnQueue${name}`] = { role: 'worker', event };
    table[`OnGlobalQueue${name}`] = { role: 'queue-events', event };
  }
  return table;
}

/** @nestjs/bull, whose queues are Bull's. */
export const nestjsBull: Dialect = {
  name: 'nestjs-bull',
  family: 'bull',
  packages: ['@nestjs/bull'],
  classes: {},
  instances: { queue: ['InjectQueue()@'] },
  enqueues: bull.enqueues,
  nest: {
    processor: ['Processor()'],
    process: 'Process',
    injectQueue: 'InjectQueue()',
    module: 'BullModule',
    listeners: listeners(),
  },
};
