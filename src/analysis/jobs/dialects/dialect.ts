/**
 * What there is to know about a queue library, as data. Supporting another library is another table.
 */

/** What a class of a library is to us. */
export type Role = 'queue' | 'worker' | 'flow' | 'queue-events' | 'job';

/** Positions of the arguments of a method that adds jobs. */
export interface EnqueueForm {
  /** `job`: one job; `bulk`: a list of `{ name, data, opts }`; `scheduler`: a repeated job; `flow`, `flows`: trees. */
  kind: 'job' | 'bulk' | 'scheduler' | 'flow' | 'flows';
  name?: number;
  payload?: number;
  options?: number;
  /** The argument that holds the job or jobs, for the other kinds. */
  input?: number;
  /** The argument whose `queuesOptions` hold defaults by the name of the queue, for flows. */
  flowOptions?: number;
}

export interface Dialect {
  name: string;
  /** The library whose options its queues and workers take. */
  family: 'bullmq' | 'bull';
  /** Module specifiers under which the library is imported. */
  packages: readonly string[];
  /**
   * Exported names by role; the empty name is what the package itself is (its default export). An instance can
   * also be had from a decorator or a function: then the name spells the way, as in `.InjectQueue()@`.
   */
  classes: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** Ways to an instance other than `new` and annotations. */
  instances?: Readonly<Partial<Record<Role, readonly string[]>>>;
  /** Methods of a queue (or flow producer) that add jobs. */
  enqueues: Readonly<Record<string, EnqueueForm | readonly EnqueueForm[]>>;
  flows?: Readonly<Record<string, EnqueueForm>>;
  /** Whether `queue.process(fn)` defines a worker, as in Bull. */
  processMethod?: boolean;
  /** NestJS: decorators and module functions. */
  nest?: {
    processor: readonly string[];
    /** The class whose `process` method runs the jobs. */
    workerHost?: string;
    /** Decorator of a method that runs jobs. */
    process?: string;
    injectQueue: string;
    module: string;
    /** Decorators of methods that listen to events; the event is the first argument where it is not given here. */
    listeners: Readonly<Record<string, { role: 'worker' | 'queue-events'; event?: string }>>;
  };
}
