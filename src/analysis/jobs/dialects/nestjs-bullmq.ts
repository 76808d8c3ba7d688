import { bullmq } from './bullmq.ts';
import type { Dialect } from './dialect.ts';

/** @nestjs/bullmq, whose queues and workers are BullMQ's. */
export const nestjsBullmq: Dialect = {
  name: 'nestjs-bullmq',
  family: 'bullmq',
  packages: ['@nestjs/bullmq'],
  classes: {},
  instances: { queue: ['InjectQueue()@'], flow: ['InjectFlowProducer()@'] },
  enqueues: bullmq.enqueues,
  flows: bullmq.flows ?? {},
  nest: {
    processor: ['Processor()'],
    workerHost: 'WorkerHost',
    injectQueue: 'InjectQueue()',
    module: 'BullModule',
    listeners: { OnWorkerEvent: { role: 'worker' }, OnQueueEvent: { role: 'queue-events' } },
  },
};
