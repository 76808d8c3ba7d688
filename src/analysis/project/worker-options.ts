/**
 * The options of the workers that run a queue, wherever in the project they are constructed.
 */
import type { WorkerDefinition } from '../jobs/workers.ts';
import { mergeLookups } from '../values/members.ts';
import { membersOf, stringOf, type Lookup } from '../values/value.ts';
import type { Project } from './project.ts';

/**
 * An option of the workers of a queue: known or absent where that holds for all of them, and absent where the project
 * has none. A worker whose queue cannot be seen may be this queue's, and any worker that of a queue without a known name.
 */
export function workerOption(project: Project, queueName: string | undefined, key: string): Lookup {
  const own: WorkerDefinition[] = [];
  const others: WorkerDefinition[] = [];
  for (const worker of project.index.workers) {
    const names = namesOf(worker);
    if (queueName !== undefined && names.includes(queueName)) own.push(worker);
    else if (queueName === undefined || names.includes(undefined)) others.push(worker);
  }
  const [first] = own;
  const option: Lookup = first
    ? mergeLookups(
        first.at,
        own.map((worker) => optionOf(project, worker, key)),
      )
    : { state: 'absent' };
  const isOpen =
    option.state === 'absent' && others.some((worker) => optionOf(project, worker, key).state !== 'absent');
  return isOpen ? { state: 'unknown' } : option;
}

/** The names of the queues that a worker can run; `undefined` is one that cannot be seen. */
function namesOf({ name }: WorkerDefinition): (string | undefined)[] {
  return name ? membersOf(name).map(stringOf) : [undefined];
}

function optionOf({ ev }: Project, { options, isSpread }: WorkerDefinition, key: string): Lookup {
  if (isSpread) return { state: 'unknown' };
  return options ? ev.lookup(ev.evaluate(options), key) : { state: 'absent' };
}
