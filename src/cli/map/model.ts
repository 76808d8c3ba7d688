/**
 * The picture of a job system as data: what all formats are made from, and what `--format json` prints. Everything is
 * sorted, and paths are relative to the root of the project with forward slashes, so that two runs on the same code
 * give the same text. Nothing is guessed: what cannot be known says so.
 */

export interface JobMap {
  /** Raised when a field changes its meaning or goes away; new fields may come without. */
  version: 1;
  /** The name in the project's package.json, else that of its folder. */
  project: string;
  /** The preset whose rules made the findings; `null` where none were asked for. */
  preset: string | null;
  queues: Queue[];
  producers: Producer[];
  workers: QueueWorker[];
  flows: FlowEdge[];
  findings: Finding[];
}

/** A place in the code; `line` counts from one. */
export interface Place {
  file: string;
  line: number;
}

/** A name as text, or, where only the running program has it, as the expression: `${prefix}-mail`. */
export interface Name {
  text: string;
  isKnown: boolean;
}

/**
 * What is known of an option. `values` has several where a condition decides; `at` is where the first is written.
 * `absent` is set nowhere, so that the library's default holds; the `text` of an unknown one is its expression.
 */
export type Fact<T> =
  | { state: 'known'; values: T[]; at: Place }
  | { state: 'absent' }
  | { state: 'unknown'; text: string | null };

/** Whether something is so, as far as can be known. */
export type Answer = 'yes' | 'no' | 'unknown';

export interface Queue {
  id: string;
  name: Name;
  /** Where it is made or taken from; the same name in several places is one queue. */
  places: QueuePlace[];
  /** What its defaults say of retries. */
  retry: Retry;
  /** `no`: none in this project. `unknown`: a worker whose queue cannot be known may run it. */
  hasWorker: Answer;
  /** Whether anything in this project adds jobs. */
  isFed: Answer;
  /** Indices of `findings`, as in all nodes below. */
  findings: number[];
}

export interface QueuePlace extends Place {
  /** `new Queue()`, a registration with NestJS, `@InjectQueue`. */
  by: 'construction' | 'registration' | 'injection';
}

export interface Retry {
  /** Times a job is tried at most; the library tries once where it is absent. */
  attempts: Fact<number>;
  backoff: Fact<Backoff>;
}

export interface Backoff {
  /** `null` where it cannot be known. */
  type: string | null;
  /** Milliseconds. */
  delay: number | null;
  /** A fraction of the delay. */
  jitter: number | null;
}

/** A function, or the top level of a file, that adds jobs. */
export interface Producer {
  id: string;
  /** `null` for the top level of a file, and for functions without a name. */
  function: string | null;
  at: Place;
  enqueues: Enqueue[];
  /** Request handlers and processors that lead here through calls, this function itself included. */
  reachedFrom: Entry[];
  findings: number[];
}

export interface Entry {
  role: 'handler' | 'processor';
  function: string | null;
  at: Place;
  /** Ids of the workers that run it, for a processor. */
  workers: string[];
}

/** A call that adds jobs. */
export interface Enqueue {
  at: Place;
  /** `add`, `addBulk`, `upsertJobScheduler` ... */
  method: string;
  kind: 'job' | 'bulk' | 'scheduler' | 'flow' | 'flows';
  jobs: Job[];
  /** Whether there are jobs that cannot be seen. */
  isPartial: boolean;
  /** Calls of the function around that decide what is added. */
  callers: Caller[];
  findings: number[];
}

export interface Caller {
  function: string | null;
  at: Place;
  jobs: Job[];
  findings: number[];
}

export interface Job {
  /** `null` where the job has none, as Bull allows. */
  name: Name | null;
  /** Ids of the queues that it can go to: several where a condition decides. */
  queues: string[];
  retry: Retry;
  schedule: Schedule | null;
  /** For a child in a flow: the ids of the queues of its parent. */
  parentQueues: string[];
}

export interface Schedule {
  /** Name of the job scheduler; `null` for the older `repeat` option. */
  id: Name | null;
  /** A cron expression. */
  pattern: Fact<string>;
  /** Milliseconds between two jobs. */
  every: Fact<number>;
  /** Time zone. */
  tz: Fact<string>;
}

export interface QueueWorker {
  id: string;
  /** Where the worker is made: a construction, a NestJS class, Bull's `process`. */
  at: Place;
  queues: string[];
  /** Jobs at a time. */
  concurrency: Fact<number>;
  /** Empty where the function cannot be seen. */
  processors: Processor[];
  findings: number[];
}

export interface Processor {
  function: string | null;
  at: Place;
  /** The only jobs that it runs, where Bull says so: `@Process('name')`. */
  jobName: Name | null;
  /** Whether it runs in a process or thread of its own. */
  isSandboxed: boolean;
}

/** A parent job waits for its children. */
export interface FlowEdge {
  parent: string;
  child: string;
  /** The calls that add the flow. */
  places: Place[];
}

export interface Finding extends Place {
  /** Without the plugin's prefix. */
  rule: string;
  message: string;
}
