/**
 * The calls of a project that add jobs, by the functions that they are in.
 */
import { enqueues as enqueueEffects } from '../../analysis/effects/kinds/enqueues.ts';
import type { FileFacts } from '../../analysis/file-facts.ts';
import type { Enqueue as EnqueueFact, JobInput } from '../../analysis/jobs/enqueues.ts';
import { isScheduled, jobOption } from '../../analysis/project/job-options.ts';
import type { Project } from '../../analysis/project/project.ts';
import { unwrap, type FunctionNode } from '../../analysis/source/nodes.ts';
import { durationOf } from '../../analysis/values/durations.ts';
import { beside } from '../../analysis/values/evaluation.ts';
import type { FunctionValue, Lookup, Ref, Value } from '../../analysis/values/value.ts';
import { factOf, retryOf, textIn } from './facts.ts';
import type { Caller, Enqueue, Job, Schedule } from './model.ts';
import { comparePlaces, functionAround, nameOfFunction, placeOf } from './places.ts';
import { queuesNamed, queuesOf, unnamed, type NamedQueue } from './queue-ids.ts';
import { nameGiven } from './read-workers.ts';

export interface ReadEnqueue {
  at: Ref;
  /** The function around; absent for the top level of the file. */
  fn: FunctionNode | undefined;
  shown: Enqueue;
  callers: { at: Ref; shown: Caller }[];
  queues: NamedQueue[];
}

/** A context that leads to an enqueue. */
export interface ReadEntry {
  role: 'handler' | 'processor';
  fn: FunctionValue;
  /** Key of the enqueue, as in `keyOf`. */
  enqueue: string;
}

/** Identifies a call over all files. */
export function keyOf({ module, node }: Ref): string {
  return `${module.path}:${node.range[0]}`;
}

export function readEnqueues(project: Project, all: readonly FileFacts[]): ReadEnqueue[] {
  const byKey = new Map<string, ReadEnqueue>();
  for (const facts of all)
    for (const enqueue of facts.own.enqueues) byKey.set(keyOf(enqueue.call), readEnqueue(project, enqueue));
  for (const { call, via, fact } of outermost(all.flatMap((facts) => facts.passedEnqueues))) {
    const inner = byKey.get(keyOf(call));
    if (!inner) continue;
    const { jobs, queues } = jobsOf(project, fact);
    const fn = functionAround(via.node);
    inner.queues.push(...queues);
    inner.callers.push({
      at: via,
      shown: {
        function: fn ? nameOfFunction(via.module, fn) : null,
        at: placeOf(project, via),
        jobs,
        findings: [],
      },
    });
  }
  for (const enqueue of byKey.values()) settle(enqueue);
  return [...byKey.values()];
}

/** Without the calls in the middle of a way: a wrapper that a wrapper calls. */
function outermost(passed: readonly EnqueueFact[]): { call: Ref; via: Ref; fact: EnqueueFact }[] {
  const inner = new Set(
    passed.flatMap(({ call, via }) => via.slice(1).map((step) => `${keyOf(step)} ${keyOf(call)}`)),
  );
  return passed.flatMap((fact) => {
    const [via] = fact.via;
    return via && !inner.has(`${keyOf(via)} ${keyOf(fact.call)}`) ? [{ call: fact.call, via, fact }] : [];
  });
}

/** Where the callers say which queue it is, the expression in the function says no more. */
function settle({ shown, callers, queues }: ReadEnqueue): void {
  shown.callers = callers.map((caller) => caller.shown).sort((a, b) => comparePlaces(a.at, b.at));
  const known = new Set(queues.filter(({ name }) => name.isKnown).map(({ id }) => id));
  const given = [...new Set(shown.callers.flatMap(({ jobs }) => jobs.flatMap((job) => job.queues)))];
  if (given.length === 0 || !given.every((id) => known.has(id))) return;
  for (const job of shown.jobs) if (!job.queues.some((id) => known.has(id))) job.queues = given;
}

function readEnqueue(project: Project, enqueue: EnqueueFact): ReadEnqueue {
  const { call, method, kind, partial } = enqueue;
  const { jobs, queues } = jobsOf(project, enqueue);
  return {
    at: call,
    fn: functionAround(call.node),
    queues,
    callers: [],
    shown: { at: placeOf(project, call), method, kind, jobs, isPartial: partial, callers: [], findings: [] },
  };
}

function jobsOf(project: Project, enqueue: EnqueueFact): { jobs: Job[]; queues: NamedQueue[] } {
  const { ev } = project;
  const isFlow = enqueue.kind === 'flow' || enqueue.kind === 'flows';
  const callee = unwrap(enqueue.call.node.callee);
  const receiver = callee.type === 'MemberExpression' ? beside(enqueue.call, callee.object) : enqueue.call;
  const targets = isFlow ? [] : enqueue.targets.flatMap((target) => queuesOf(ev, target, receiver));
  const queues: NamedQueue[] = [...targets];
  const queuesFor = (job: JobInput): NamedQueue[] => {
    if (!isFlow) return targets;
    const found = job.queueName
      ? queuesNamed(ev, ev.evaluate(job.queueName), job.queueName)
      : [unnamed(job.at)];
    queues.push(...found);
    return found;
  };
  const idsOf = (job: JobInput): string[] => [...new Set(queuesFor(job).map(({ id }) => id))].sort();
  const jobs = enqueue.jobs.map((job): Job => ({
    name: job.name ? nameGiven(project, job.name) : null,
    queues: idsOf(job),
    retry: retryOf(project, (key) => jobOption(project, enqueue, job, key)),
    schedule: scheduleOf(project, enqueue, job),
    parentQueues: job.parent ? idsOf(job.parent) : [],
  }));
  if (jobs.length === 0) {
    // Jobs that cannot be seen go to the queue all the same, those of a flow to one that nobody can name.
    const [input] = enqueue.call.node.arguments;
    if (isFlow) queues.push(unnamed(input ? beside(enqueue.call, input) : enqueue.call));
    jobs.push({
      name: null,
      queues: [...new Set(queues.map(({ id }) => id))].sort(),
      retry: { attempts: { state: 'unknown', text: null }, backoff: { state: 'unknown', text: null } },
      schedule: null,
      parentQueues: [],
    });
  }
  return { jobs: distinct(jobs), queues };
}

function distinct(jobs: readonly Job[]): Job[] {
  return [...new Map(jobs.map((job) => [JSON.stringify(job), job])).values()];
}

function scheduleOf(project: Project, enqueue: EnqueueFact, job: JobInput): Schedule | null {
  const { ev } = project;
  if (!isScheduled(project, enqueue, job)) return null;
  let repeat: Value | undefined;
  if (enqueue.kind === 'scheduler') repeat = enqueue.schedule?.repeat && ev.evaluate(enqueue.schedule.repeat);
  else {
    const option = jobOption(project, enqueue, job, 'repeat');
    repeat = option.state === 'known' ? option.value : undefined;
  }
  const option = (...keys: string[]): Lookup => {
    if (!repeat) return { state: 'unknown' };
    const found = keys.map((key) => ev.lookup(repeat, key));
    return found.find(({ state }) => state !== 'absent') ?? { state: 'absent' };
  };
  const id = enqueue.schedule?.id;
  return {
    id: id ? nameGiven(project, id) : null,
    // `cron` is the older name.
    pattern: factOf(project, option('pattern', 'cron'), textIn),
    every: factOf(project, option('every'), (value) => durationOf(ev, value)),
    tz: factOf(project, option('tz'), textIn),
  };
}

/** Which request handlers and processors of a file lead to which enqueues, through calls. */
export function readEntries(facts: FileFacts): ReadEntry[] {
  const contexts = [
    ...facts.processors.map(({ fn }) => ({ fn, role: 'processor' as const })),
    ...facts.handlers.map(({ fn }) => ({ fn, role: 'handler' as const })),
  ];
  return contexts.flatMap(({ fn, role }) =>
    facts.effects(fn, enqueueEffects).map(({ effect }) => ({ role, fn, enqueue: keyOf(effect.at) })),
  );
}
