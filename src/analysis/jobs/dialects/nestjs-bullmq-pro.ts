import type { Dialect } from './dialect.ts';
import { nestjsBullmq } from './nestjs-bullmq.ts';

/** Nest's module for BullMQ Pro, with the names of `@nestjs/bullmq`. Source: docs.bullmq.io/bullmq-pro/nestjs. */
export const nestjsBullmqPro: Dialect = {
  ...nestjsBullmq,
  name: 'nestjs-bullmq-pro',
  packages: ['@taskforcesh/nestjs-bullmq-pro'],
};
