import { bull } from './bull.ts';
import type { Dialect } from './dialect.ts';

/** @nestjs/bull, whose queues are Bull's. */
export const nestjsBull: Dialect = {
  name: 'nestjs-bull',
  packages: ['@nestjs/bull'],
  classes: {},
  instances: { queue: ['InjectQueue()@'] },
  enqueues: bull.enqueues,
  nest: {
    processor: ['Processor()'],
    process: 'Process',
    injectQueue: 'InjectQueue()',
    module: 'BullModule',
  },
};
