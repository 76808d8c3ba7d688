/**
 * The options a job gets in the end. The one place that knows BullMQ's precedence:
 *
 * the options of the call are laid over the queue's `defaultJobOptions` property by property, not deeply
 * (`Object.assign({}, this.jobsOpts, opts)`, bullmq `classes/queue.ts`); an explicit `undefined` wipes a default;
 * nodes of a flow inherit nothing from the queue.
 */
import { optionsValue, type Enqueue, type JobInput } from '../jobs/enqueues.ts';
import { isText } from '../jobs/constructions.ts';
import { constructionArguments, nameText, type LibraryObject } from '../jobs/recognize.ts';
import { membersOf, type Lookup } from '../values/value.ts';
import type { Project } from './project.ts';
import type { Defaults } from './nest-defaults.ts';

/** An option of a job: known with its value, absent wherever it could come from, or unknown. */
export function jobOption(project: Project, enqueue: Enqueue, job: JobInput, key: string): Lookup {
  const { ev } = project;
  const given = optionsValue(ev, job);
  if (given === 'unknown') return { state: 'unknown' };
  const own: Lookup = given === 'absent' ? { state: 'absent' } : ev.lookup(given, key);
  if (own.state !== 'absent' || enqueue.kind === 'flow' || enqueue.kind === 'flows') return own;
  return mergeAlternatives(enqueue.targets.map((target) => defaultOption(project, target, key)));
}

function defaultOption(project: Project, queue: LibraryObject, key: string): Lookup {
  const defaults = queueDefaults(project, queue);
  return defaults.state === 'known' ? project.ev.lookup(defaults.value, key) : defaults;
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

/** An option when any of several queues can be the one: only what holds for all of them is known. */
function mergeAlternatives(lookups: readonly Lookup[]): Lookup {
  const [first, ...rest] = lookups;
  if (!first) return { state: 'unknown' };
  if (rest.every((other) => other.state === first.state)) return first;
  return { state: 'unknown' };
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
