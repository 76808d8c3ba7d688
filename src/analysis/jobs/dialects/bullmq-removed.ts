/**
 * What BullMQ no longer has, or never took over from Bull, by major. Sources: the declarations of bullmq 5.81 and
 * 6.7, and the breaking changes in the changelogs of 2.0, 4.0 and 6.0. test/analysis/removed.test.ts holds the table
 * against both majors.
 */
import type { Role } from './dialect.ts';

export interface Removed {
  /** The first major without it; 0 is Bull's, which no BullMQ has had. */
  since: number;
  /** What happens where it is still used. */
  effect: string;
  remedy: string;
  /** What it is called now, where only the name has changed. */
  renamed?: string;
  /** Whether code that uses the new name can see a difference. */
  differs?: boolean;
}

export interface RemovedMember extends Removed {
  /** Whether it is a method, else a property. */
  method: boolean;
  /** The property that has taken the place of the call without arguments. */
  property?: string;
  /** Positions of the argument that the new method takes: the first of these that is given. */
  keeps?: readonly number[];
}

const THROWS = 'the call throws a TypeError';
const UNDEFINED = 'it is undefined';

function method(since: number, remedy: string, more: Partial<RemovedMember> = {}): RemovedMember {
  return { since, effect: THROWS, remedy, method: true, ...more };
}

function property(since: number, remedy: string, more: Partial<RemovedMember> = {}): RemovedMember {
  return { since, effect: UNDEFINED, remedy, method: false, ...more };
}

const BACKEND = 'Take the Redis client from `getBackend()`, or a client of your own.';
const CONNECTED: Readonly<Record<string, RemovedMember>> = {
  client: property(6, BACKEND),
  redisVersion: property(6, BACKEND),
  databaseType: property(6, BACKEND),
};

/** Members by the role of the object that had them. */
export const removedMembers: Readonly<Partial<Record<Role, Readonly<Record<string, RemovedMember>>>>> = {
  queue: {
    ...CONNECTED,
    getRepeatableJobs: method(6, 'Use `getJobSchedulers()`.', {
      renamed: 'getJobSchedulers',
      differs: true,
    }),
    removeRepeatable: method(6, "Use `removeJobScheduler()` with the scheduler's id.", {
      renamed: 'removeJobScheduler',
      differs: true,
      // (name, repeat, jobId): the id of the job, else its name, is the id of the schedule.
      keeps: [2, 0],
    }),
    removeRepeatableByKey: method(6, "Use `removeJobScheduler()` with the scheduler's id.", {
      renamed: 'removeJobScheduler',
      differs: true,
    }),
    repeat: property(6, 'Use `upsertJobScheduler()`, or the `jobScheduler` of the queue.'),
    process: method(0, 'Run the jobs in a `new Worker(name, processor)`.'),
    empty: method(0, 'Use `drain()`.', { renamed: 'drain' }),
    isReady: method(0, 'Use `waitUntilReady()`.', { renamed: 'waitUntilReady' }),
    removeJobs: method(0, 'Remove the jobs one by one, or with `clean()`.'),
    whenCurrentJobsFinished: method(0, 'Close the worker, which waits for its jobs.'),
    getRepeatableCount: method(0, 'Use `getJobSchedulersCount()`.', { renamed: 'getJobSchedulersCount' }),
  },
  worker: {
    ...CONNECTED,
    blockingClient: property(6, BACKEND),
    repeat: property(6, 'Use the `jobScheduler` of the worker.'),
  },
  flow: { client: property(6, BACKEND) },
  'queue-events': CONNECTED,
  job: {
    discard: method(6, 'Throw an `UnrecoverableError`, which is not retried.'),
    debounceId: property(6, 'Use `deduplicationId`.', { renamed: 'deduplicationId' }),
    update: method(4, 'Use `updateData()`.', { renamed: 'updateData' }),
    progress: method(0, 'Use `updateProgress()` to write it, and the property to read it.', {
      renamed: 'updateProgress',
      property: 'progress',
    }),
    isStuck: method(0, 'Use `getState()`.'),
    isPaused: method(0, 'Ask the queue with `isPaused()`.'),
    takeLock: method(0, 'Leave the lock to the worker, or use `extendLock()`.'),
    releaseLock: method(0, 'Leave the lock to the worker.'),
    lockKey: method(0, 'Leave the lock to the worker.'),
  },
};

/** Names that the package exported. */
export const removedExports: Readonly<Record<string, Removed>> = {
  QueueScheduler: {
    since: 2,
    effect: 'the import is undefined',
    remedy: 'Delete it: workers promote delayed and stalled jobs by themselves.',
  },
  Queue3: { since: 2, effect: 'the import is undefined', remedy: 'Use `Queue` and `Worker`.' },
  Repeat: { since: 6, effect: 'the import is undefined', remedy: 'Use `JobScheduler`.' },
  Scripts: { since: 6, effect: 'the import is undefined', remedy: 'Use the methods of the queue.' },
  createScripts: { since: 6, effect: 'the import is undefined', remedy: 'Use the methods of the queue.' },
};

/** Options of a job, also as the defaults of a queue. */
export const removedJobOptions: Readonly<Record<string, Removed>> = {
  repeat: {
    since: 6,
    effect: 'the job runs once and never again, without an error',
    remedy: 'Use `upsertJobScheduler()`.',
  },
  debounce: {
    since: 6,
    effect: 'adding the job throws',
    remedy: 'Use `deduplication`, which takes the same.',
    renamed: 'deduplication',
  },
  timeout: {
    since: 0,
    effect: 'it is ignored, and the job runs for as long as it likes',
    remedy: 'Cut the work off in the processor, with `AbortSignal.timeout()`.',
  },
};

/** Options of `upsertJobScheduler()`. */
export const removedScheduleOptions: Readonly<Record<string, Removed>> = {
  cron: {
    since: 0,
    effect: 'the schedule is refused',
    remedy: 'Use `pattern`, which takes the same.',
    renamed: 'pattern',
  },
  utc: {
    since: 6,
    effect: "it is ignored, and the pattern is in the machine's time zone",
    remedy: "Use `tz: 'UTC'`.",
  },
};

const OF_QUEUE: Removed = {
  since: 0,
  effect: 'the listener never runs',
  remedy: 'Listen to the worker, or to a `QueueEvents` of the queue.',
};

/** Events that are no longer emitted, by what emitted them. */
export const removedEvents: Readonly<Partial<Record<Role, Readonly<Record<string, Removed>>>>> = {
  'queue-events': {
    debounced: {
      since: 6,
      effect: 'the listener never runs',
      remedy: 'Listen to `deduplicated`.',
      renamed: 'deduplicated',
      differs: true,
    },
  },
  queue: {
    active: OF_QUEUE,
    completed: OF_QUEUE,
    failed: OF_QUEUE,
    stalled: OF_QUEUE,
    drained: OF_QUEUE,
  },
};
