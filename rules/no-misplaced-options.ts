import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Enqueue, JobInput } from '../src/analysis/jobs/enqueues.ts';
import {
  JOB_OPTIONS,
  JOB_OPTIONS_ALONE,
  WORKER_OPTIONS,
  WORKER_SETTINGS,
} from '../src/analysis/jobs/option-names.ts';
import {
  jobOptions,
  optionPlace,
  optionRef,
  passedPlace,
  writtenOptions,
  type OptionsScope,
  type WrittenOptions,
} from '../src/analysis/jobs/options.ts';
import { Consumers } from '../src/analysis/project/consumers.ts';
import { jobOption } from '../src/analysis/project/job-options.ts';
import { enqueuesTo, modulesAround } from '../src/analysis/project/queue-by-name.ts';
import { contains, enclosingFunction, type Node } from '../src/analysis/source/nodes.ts';
import { givenRef, throughParameters } from '../src/analysis/values/trace.ts';
import { isNullish, membersOf, type Lookup, type Ref, type Value } from '../src/analysis/values/value.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { jobListeners, type JobView } from '../src/plugin/job-view.ts';

type MessageId = 'onQueue' | 'onWorker' | 'onFlow' | 'ofWorker' | 'inData' | 'noAttempts';
type Tools = RuleTools<object, MessageId>;

/** Options that have no effect in a place, with whom they are for. */
interface Misplaced {
  messageId: MessageId;
  keys: readonly string[];
  /** Scopes in which the same option of a shared object does its work. */
  taken: readonly OptionsScope[];
}

const OF_WORKER: Misplaced = { messageId: 'ofWorker', keys: WORKER_OPTIONS, taken: ['worker'] };
const OF_JOBS: readonly OptionsScope[] = ['job', 'job-defaults'];
const DEFAULTS = ['defaultJobOptions'];
const MISPLACED: Readonly<Record<OptionsScope, readonly Misplaced[]>> = {
  queue: [{ messageId: 'onQueue', keys: JOB_OPTIONS, taken: OF_JOBS }, OF_WORKER],
  worker: [
    { messageId: 'onWorker', keys: JOB_OPTIONS_ALONE, taken: OF_JOBS },
    { messageId: 'onWorker', keys: DEFAULTS, taken: ['queue'] },
  ],
  flow: [
    { messageId: 'onFlow', keys: JOB_OPTIONS, taken: OF_JOBS },
    { messageId: 'onFlow', keys: DEFAULTS, taken: ['queue'] },
    OF_WORKER,
  ],
  'queue-events': [],
  job: [OF_WORKER],
  'job-defaults': [OF_WORKER],
};

/** Names that mean nothing but options of a job. */
const NO_DATA = ['removeOnComplete', 'removeOnFail', 'backoff'];
/** Names that data can have as well, but that are options beside the others. */
const BESIDE = ['attempts', 'delay', 'priority'];

export default createRule<object, MessageId>({
  name: 'no-misplaced-options',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow options in places where BullMQ ignores them.',
      preset: 'recommended',
      clauses: ['D3', 'D4', 'C3'],
    },
    messages: {
      onQueue:
        'A queue ignores {{options}}: a job has its options from the call that adds it, or from `defaultJobOptions` of the queue. Put {{them}} there.',
      onWorker:
        'A worker ignores {{options}}: a job has its options from the call that adds it, or from `defaultJobOptions` of the queue. Put {{them}} there.',
      onFlow:
        'A flow producer ignores {{options}}: a job of a flow has its options from its own `opts`, or from `queuesOptions` of the call. Put {{them}} there.',
      ofWorker:
        '{{options}} has no effect here: it is for the worker that runs the jobs. Put {{them}} there.',
      inData:
        'Nothing reads {{options}} among the data of a job, which go to the processor as they are. Put {{them}} into the options of the job.',
      noAttempts:
        '`backoff` has no effect without `attempts`: the job is tried once. Set `attempts` beside it.',
    },
    schema: [],
  },
  create(tools) {
    const { facts } = tools;
    const jobs = jobListeners(facts, ['backoff', 'attempts'], (job) => {
      checkBackoff(tools, job);
    });
    return {
      enqueue(enqueue) {
        jobs.enqueue?.(enqueue);
        for (const job of enqueue.jobs) checkData(tools, enqueue, job);
      },
      passedEnqueue(enqueue) {
        jobs.passedEnqueue?.(enqueue);
        for (const job of enqueue.jobs) checkData(tools, enqueue, job);
      },
      options(options) {
        for (const value of membersOf(options.value)) checkPlace(tools, { ...options, value });
        if (options.scope === 'job-defaults') checkDefaults(tools, options);
      },
      passedOptions(options) {
        for (const value of membersOf(options.value)) checkPlace(tools, { ...options, value });
      },
    };
  },
});

function checkPlace({ facts, report }: Tools, options: WrittenOptions): void {
  const { ev, scope, dialect, enqueue, value } = options;
  for (const misplaced of MISPLACED[scope]) {
    // Bull's queues are its workers, too.
    if (misplaced.messageId === 'ofWorker' && dialect.family === 'bull') continue;
    const place = (key: string): Node | undefined =>
      (options.passed ? passedPlace : optionPlace)(facts.module, options, key);
    const keys = misplaced.keys.filter((key) => isGiven(ev.lookup(value, key)) && place(key));
    const places = keys.flatMap((key) => place(key) ?? []);
    const settings = misplaced === OF_WORKER && !options.passed ? settingsOf(facts, options) : [];
    const given = [...places, ...settings.map(({ node }) => node)];
    const first = firstOf(given);
    if (!first) continue;
    // What a function that passes options on decides by itself is told there.
    if (enqueue && enqueue.via.length > 0 && first === enqueue.via[0]?.node) continue;
    if (keys.some((key) => isTaken(facts, options, key, misplaced.taken))) continue;
    const names = [...keys, ...settings.map(({ key }) => `settings.${key}`)];
    report(first, { messageId: misplaced.messageId, data: wording(names) });
  }
}

/** Worker options in `settings`, with the nodes that give them. */
function settingsOf(facts: FileFacts, options: WrittenOptions): { key: string; node: Node }[] {
  const { ev, scope, value } = options;
  const settings = scope === 'queue' ? ev.lookup(value, 'settings') : undefined;
  if (settings?.state !== 'known') return [];
  return WORKER_SETTINGS.filter((key) => isGiven(ev.lookup(settings.value, key))).map((key) => {
    const ref = givenRef(ev, settings.value, key);
    const isHere = ref?.module === facts.module;
    return { key, node: isHere ? ref.node : optionPlace(facts.module, options, 'settings') };
  });
}

/** Whether an object that several share gives the option to one that reads it, too. */
function isTaken(
  facts: FileFacts,
  options: WrittenOptions,
  key: string,
  scopes: readonly OptionsScope[],
): boolean {
  const { project, module } = facts;
  const ref = optionRef(options, key);
  if (!ref) return false;
  if (options.passed && isRead(options.at, key)) return true;
  const holder = options.passed?.call ?? options.at;
  if (ref.module === holder.module && contains(holder.node, ref.node)) return false;
  const written = facts.ev.evaluate(ref).at;
  const others = project.index.modules
    .filter((other) => other.path !== module.path)
    .map((other) => project.index.factsOf(other));
  return [facts.own, ...others]
    .flatMap((own) => writtenOptions(facts.ev, own))
    .some((other) => {
      const given = scopes.includes(other.scope) ? optionRef(other, key) : undefined;
      return given !== undefined && isSamePlace(facts.ev.evaluate(given).at, written);
    });
}

/** Whether a function that is given options takes this one out of them, besides what it constructs. */
function isRead({ module, node }: Ref, key: string): boolean {
  const around = enclosingFunction(node);
  return around !== undefined && new RegExp(`\\b${key}\\b`).test(module.textOf(around));
}

function isSamePlace(a: Ref, b: Ref): boolean {
  return a.module.path === b.module.path && a.node.range[0] === b.node.range[0];
}

function checkData(tools: Tools, enqueue: Enqueue, job: JobInput): void {
  const { facts, report } = tools;
  const { ev } = facts;
  if (!job.payload) return;
  const argument = throughParameters(ev, job.payload);
  if (argument.module !== facts.module) return;
  const value = ev.evaluate(job.payload);
  const has = (key: string): boolean => isGiven(ev.lookup(value, key));
  const consumers = new Consumers(facts.project, enqueue);
  const isData = (key: string): boolean =>
    declares(facts, consumers, key) || consumers.mentions(key) === true;
  const named = NO_DATA.filter((key) => has(key) && !isData(key));
  const keys = [...named, ...(has('jobId') && isJobId(named.length > 0, job) ? ['jobId'] : [])];
  if (keys.length === 0) return;
  keys.push(...BESIDE.filter((key) => has(key) && !isData(key)));
  const nodes = keys.flatMap((key) => {
    const ref = givenRef(ev, value, key);
    return ref?.module === facts.module && contains(argument.node, ref.node) ? [ref.node] : [];
  });
  report(firstOf(nodes) ?? argument.node, { messageId: 'inData', data: wording(keys) });

  /** The id of a job in a database is often called that: only what no processor of the queue reads is an option. */
  function isJobId(isBesideOptions: boolean, { options }: JobInput): boolean {
    if (declares(facts, consumers, 'jobId') || consumers.mentions('jobId') === true) return false;
    if (options && ev.lookup(ev.evaluate(options), 'jobId').state !== 'absent') return false;
    return isBesideOptions || consumers.mentions('jobId') === false;
  }
}

/** Whether the type of the data has a field, or may have. */
function declares({ ev }: FileFacts, consumers: Consumers, key: string): boolean {
  return consumers.declaredData.some((value) => ev.member(value, key, value.at).kind !== 'unknown');
}

/** A call's own `backoff`, where `attempts` are given nowhere. */
function checkBackoff({ facts, report }: Tools, { enqueue, job, node, option }: JobView): void {
  if (!job.options) return;
  const own = jobOptions(facts.ev, { ...enqueue, jobs: [job] });
  const isMeant = own.some(({ value }) => isGiven(facts.ev.lookup(value, 'backoff')));
  if (!isMeant || option('attempts').state !== 'absent') return;
  const [options] = own;
  const place = options && optionRef(options, 'backoff')?.module === facts.module;
  report(place ? optionPlace(facts.module, options, 'backoff') : node, { messageId: 'noAttempts' });
}

/** `backoff` among the defaults of a queue none of whose jobs has `attempts`. */
function checkDefaults({ facts, report }: Tools, options: WrittenOptions): void {
  const { ev, value, queueName } = options;
  const { project } = facts;
  if (!isGiven(ev.lookup(value, 'backoff')) || ev.lookup(value, 'attempts').state !== 'absent') return;
  const enqueues = enqueuesTo(project, queueName);
  const isNeverSet = enqueues.every(
    (enqueue) =>
      !enqueue.partial &&
      enqueue.jobs.every((job) => jobOption(project, enqueue, job, 'attempts').state === 'absent'),
  );
  // Where no job is seen, a file that could add some may set them.
  const isSpokenOf =
    enqueues.length === 0 &&
    modulesAround(project, queueName).some(
      ({ path, text }) => path !== facts.module.path && /\battempts\b/.test(text),
    );
  if (isNeverSet && !isSpokenOf)
    report(optionPlace(facts.module, options, 'backoff'), { messageId: 'noAttempts' });
}

function isGiven(option: Lookup): boolean {
  return option.state === 'known' && !membersOf(option.value).every(isNothing);
}

function isNothing(value: Value): boolean {
  return isNullish(value) || (value.kind === 'literal' && value.value === false);
}

function firstOf(nodes: readonly Node[]): Node | undefined {
  return nodes.reduce<Node | undefined>(
    (first, node) => (first && first.range[0] <= node.range[0] ? first : node),
    undefined,
  );
}

function wording(keys: readonly string[]): Record<string, string> {
  return {
    options: keys.map((key) => `\`${key}\``).join(', '),
    them: keys.length > 1 ? 'them' : 'it',
  };
}
