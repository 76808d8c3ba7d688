/**
 * The options a job gets in the end. The one place that knows BullMQ's precedence, which is the same in BullMQ 5 and 6:
 *
 * - the options of the call are laid over the queue's `defaultJobOptions` property by property, not deeply
 *   (`Object.assign({}, this.jobsOpts, opts)`, `classes/queue.ts`); an explicit `undefined` wipes a default. A
 *   scheduler's template and each job of `addBulk` are such options;
 * - the `jobId` is that of the call alone, and a scheduler makes its own;
 * - nodes of a flow inherit nothing from the queue, but from the `queuesOptions` of the call (`flow-producer.ts`);
 * - where a job has no `removeOnComplete` or `removeOnFail` in the end, that of its worker counts (`getKeepJobs`).
 */
import { optionsValue, type Enqueue, type JobInput } from '../jobs/enqueues.ts';
import { isText } from '../jobs/constructions.ts';
import { constructionArguments, nameText, type LibraryObject } from '../jobs/recognize.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { mergeLookups } from '../values/members.ts';
import { membersOf, stringOf, union, type Lookup, type Value } from '../values/value.ts';
import type { Project } from './project.ts';
import type { Defaults } from './nest-defaults.ts';
import { workerOption } from './worker-options.ts';

/** An option of a job: known with its value, absent wherever it could come from, or unknown. */
export function jobOption(project: Project, enqueue: Enqueue, job: JobInput, key: string): Lookup {
  const own = storedOption(project, enqueue, job, key);
  return key === 'removeOnComplete' || key === 'removeOnFail'
    ? orOfWorker(own, () => ofWorkers(project, enqueue, job, key))
    : own;
}

/** An option as it is stored with the job. */
function storedOption(project: Project, enqueue: Enqueue, job: JobInput, key: string): Lookup {
  const { ev } = project;
  if (key === 'jobId' && enqueue.kind === 'scheduler') return { state: 'absent' };
  const given = optionsValue(ev, job);
  if (given === 'unknown') return { state: 'unknown' };
  const own: Lookup = given === 'absent' ? { state: 'absent' } : ev.lookup(given, key);
  return own.state !== 'absent' || key === 'jobId' ? own : inheritedOption(project, enqueue, job, key);
}

/** An option that a job has where its own options do not say otherwise. */
export function inheritedOption(project: Project, enqueue: Enqueue, job: JobInput, key: string): Lookup {
  const { ev } = project;
  const found = isFlow(enqueue)
    ? [ofDefaults(ev, flowDefaults(project, enqueue, job), key)]
    : enqueue.targets.map((target) => defaultOption(project, target, key));
  return mergeLookups(enqueue.call, found);
}

/** An option that a queue gives its jobs; by all calls of the function that makes it, where they decide. */
function defaultOption(project: Project, queue: LibraryObject, key: string): Lookup {
  const { ev, index } = project;
  const found = ofDefaults(ev, queueDefaults(project, queue), key);
  const { construction } = queue;
  if (found.state !== 'unknown' || !construction) return found;
  const called = index.constructionsAsCalled(construction);
  return called.length === 0
    ? found
    : mergeLookups(
        construction,
        called.map((at) => ofDefaults(ev, queueDefaults(project, { ...queue, construction: at }), key)),
      );
}

function ofDefaults(ev: Evaluation, defaults: Defaults, key: string): Lookup {
  return defaults.state === 'known' ? ev.lookup(defaults.value, key) : defaults;
}

function isFlow({ kind }: Enqueue): boolean {
  return kind === 'flow' || kind === 'flows';
}

/** The default job options of a queue, from where it is constructed or registered. */
export function queueDefaults(project: Project, queue: LibraryObject): Defaults {
  const { ev } = project;
  const args = constructionArguments(queue);
  if (args) {
    // Bull takes `(name, url, options)` as well.
    const options =
      queue.dialect.name === 'bull'
        ? args.slice(1).find((argument) => !isText(ev.evaluate(argument)))
        : args[1];
    if (!options) return args[0]?.node.type === 'SpreadElement' ? { state: 'unknown' } : { state: 'absent' };
    if (options.node.type === 'SpreadElement') return { state: 'unknown' };
    const value = ev.evaluate(options);
    // `defaultJobOptions: config.jobs` whose content cannot be seen is unknown, not absent.
    return ev.lookup(value, 'defaultJobOptions');
  }
  const name = nameText(ev, queue);
  return name === undefined ? { state: 'unknown' } : project.index.nestDefaults.of(name);
}

/** The defaults that `add(flow, { queuesOptions })` gives to the nodes of a queue. */
function flowDefaults({ ev }: Project, { flowOptions }: Enqueue, job: JobInput): Defaults {
  const given: Lookup = flowOptions
    ? ev.lookup(ev.evaluate(flowOptions), 'queuesOptions')
    : { state: 'absent' };
  if (given.state !== 'known') return given;
  const queueName = job.queueName && stringOf(ev.evaluate(job.queueName));
  const ofQueue: Lookup = queueName === undefined ? { state: 'unknown' } : ev.lookup(given.value, queueName);
  return ofQueue.state === 'known' ? ev.lookup(ofQueue.value, 'defaultJobOptions') : ofQueue;
}

/** What the workers of the job's queue say, where its own option is absent or undefined. */
function orOfWorker(own: Lookup, ofWorker: () => Lookup): Lookup {
  if (own.state === 'absent') return ofWorker();
  if (own.state === 'unknown') return own;
  const given = membersOf(own.value).filter((member) => !isUndefined(member));
  if (given.length === membersOf(own.value).length) return own;
  if (given.length === 0) return ofWorker();
  const inherited = ofWorker();
  return inherited.state === 'known'
    ? { state: 'known', value: union(own.value.at, [...given, inherited.value]) }
    : { state: 'unknown' };
}

function ofWorkers(project: Project, enqueue: Enqueue, job: JobInput, key: string): Lookup {
  const { ev } = project;
  const names = isFlow(enqueue)
    ? [job.queueName && stringOf(ev.evaluate(job.queueName))]
    : enqueue.targets.map((target) => nameText(ev, target));
  return mergeLookups(
    enqueue.call,
    names.map((name) => workerOption(project, name, key)),
  );
}

function isUndefined(value: Value): boolean {
  return value.kind === 'literal' && value.value === undefined;
}

/** Whether the job is put back by a schedule, so that a lost tick is made up for by the next. */
export function isScheduled(project: Project, enqueue: Enqueue, job: JobInput): boolean {
  if (enqueue.kind === 'scheduler') return true;
  const repeat = jobOption(project, enqueue, job, 'repeat');
  return (
    repeat.state === 'known' &&
    membersOf(repeat.value).some((member) => !(member.kind === 'literal' && !member.value))
  );
}
