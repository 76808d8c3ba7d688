import type { Dialect } from './dialect.ts';

/** BullMQ 5 and 6, and BullMQ Pro. Sources: `classes/queue.d.ts`, `classes/flow-producer.d.ts` of bullmq 6.7. */
export const bullmq: Dialect = {
  name: 'bullmq',
  family: 'bullmq',
  packages: ['bullmq', '@taskforcesh/bullmq-pro'],
  classes: {
    queue: ['Queue', 'QueuePro', 'withBackend().Queue'],
    worker: ['Worker', 'WorkerPro', 'withBackend().Worker'],
    flow: ['FlowProducer', 'FlowProducerPro', 'withBackend().FlowProducer'],
    'queue-events': ['QueueEvents', 'QueueEventsPro', 'withBackend().QueueEvents'],
    job: ['Job', 'JobPro', 'SandboxedJob', 'MinimalJob'],
  },
  enqueues: {
    add: { kind: 'job', name: 0, payload: 1, options: 2 },
    addBulk: { kind: 'bulk', input: 0 },
    upsertJobScheduler: { kind: 'scheduler', name: 0, options: 1, input: 2 },
  },
  flows: {
    add: { kind: 'flow', input: 0, flowOptions: 1 },
    addBulk: { kind: 'flows', input: 0 },
  },
};
