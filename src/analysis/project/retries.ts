/**
 * Whether the jobs of a queue are tried more than once.
 */
import type { Enqueue, JobInput } from '../jobs/enqueues.ts';
import type { Listener } from '../jobs/listeners.ts';
import { libraryObject, nameText } from '../jobs/recognize.ts';
import { nestDecorator, processorQueueName } from '../jobs/workers.ts';
import { isClass, type ClassNode } from '../source/nodes.ts';
import { here } from '../values/evaluation.ts';
import { membersOf, numberOf, present, stringOf, type Lookup, type Ref } from '../values/value.ts';
import { jobOption } from './job-options.ts';
import type { Project } from './project.ts';
import { defaultsNamed, enqueuesTo } from './queue-by-name.ts';

/** The most attempts that any job of a queue is known to have; `unknown` where that cannot be told. */
export function attemptsOf(project: Project, name: string | undefined): number | 'unknown' {
  const { ev } = project;
  const found: Lookup[] = enqueuesTo(project, name).flatMap((enqueue) =>
    enqueue.jobs.map((job) => jobOption(project, enqueue, job, 'attempts')),
  );
  if (name !== undefined)
    for (const defaults of defaultsNamed(project, name))
      if (defaults.state === 'known') found.push(ev.lookup(defaults.value, 'attempts'));
  const counts = found.flatMap((option) =>
    option.state === 'known'
      ? membersOf(option.value).map((member) => numberOf(member) ?? 'unknown')
      : [option.state === 'absent' ? 1 : ('unknown' as const)],
  );
  const most = Math.max(1, ...counts.filter((count) => count !== 'unknown'));
  if (most > 1) return most;
  return counts.length === 0 || counts.includes('unknown') ? 'unknown' : 1;
}

/**
 * Whether everybody who fills a queue says that its jobs are tried once. Who says nothing has not thought of retries yet,
 * and gets them with the first policy.
 */
export function isTriedOnce(project: Project, name: string): boolean {
  const found = producersOf(project, name).flatMap(({ enqueue, jobs }) =>
    enqueue.partial ? [undefined] : jobs.map((job) => numberIn(jobOption(project, enqueue, job, 'attempts'))),
  );
  return found.length > 0 && found.every((count) => count !== undefined && count <= 1);
}

function numberIn(option: Lookup): number | undefined {
  return option.state === 'known' ? numberOf(option.value) : undefined;
}

interface Producer {
  enqueue: Enqueue;
  /** Those of its jobs that may be for the queue. */
  jobs: readonly JobInput[];
}

/** What puts jobs into a queue, flows included, which may put them into any. */
function producersOf(project: Project, name: string | undefined): Producer[] {
  const flows = project.index.modules.flatMap((module) =>
    project.index.factsOf(module).enqueues.filter(({ kind }) => kind === 'flow' || kind === 'flows'),
  );
  return [...enqueuesTo(project, name), ...flows]
    .map((enqueue) => ({
      enqueue,
      jobs: enqueue.jobs.filter(({ queueName }) => canBe(project, queueName, name)),
    }))
    .filter(({ enqueue, jobs }) => enqueue.partial || jobs.length > 0);
}

/** Whether a node of a flow may be for the queue of this name; every other job has no queue of its own. */
function canBe({ ev }: Project, queueName: Ref | undefined, name: string | undefined): boolean {
  const told = queueName && stringOf(ev.evaluate(queueName));
  return told === undefined || name === undefined || told === name;
}

/** The name of the queue of the worker that is listened to. */
export function listenedQueue({ ev }: Project, { at, target }: Listener): string | undefined {
  if (target) {
    const names = membersOf(present(target)).map((member) => {
      const object = libraryObject(ev, member);
      return object && nameText(ev, object);
    });
    return names.length === 1 ? names[0] : undefined;
  }
  const owner = at.node.parent?.parent;
  if (!isClass(owner)) return undefined;
  const decorator = nestDecorator(ev, here(at.module, owner) as Ref<ClassNode>);
  return decorator && processorQueueName(ev, decorator.value);
}
