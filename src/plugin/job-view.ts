/**
 * Jobs as rules on options look at them, whether the file adds them itself or through functions that pass options on.
 */
import type { FileFacts } from '../analysis/file-facts.ts';
import type { Enqueue, JobInput } from '../analysis/jobs/enqueues.ts';
import { jobOption } from '../analysis/project/job-options.ts';
import type { Node } from '../analysis/source/nodes.ts';
import { membersOf, type Lookup } from '../analysis/values/value.ts';
import type { FactListeners } from './create-rule.ts';

export interface JobView {
  enqueue: Enqueue;
  job: JobInput;
  /** The call in the linted file that adds the job, directly or through wrappers. */
  node: Node;
  /** An option as the job gets it in the end, from wherever its options come. */
  option: (key: string) => Lookup;
  /** The same job as the function that the call enters makes it, whoever calls: what is wrong there is told there. */
  asWritten?: JobView;
}

/**
 * Listeners that look at every job once: at its enqueue, and again at a call that passes something on to it if that
 * call decides one of the options with these keys. What a wrapper decides by itself is told in the wrapper alone.
 */
export function jobListeners(
  facts: FileFacts,
  keys: readonly string[],
  look: (job: JobView) => void,
): Pick<FactListeners, 'enqueue' | 'passedEnqueue'> {
  const view = (enqueue: Enqueue, job: JobInput, node: Node): JobView => ({
    enqueue,
    job,
    node,
    option: (key) => jobOption(facts.project, enqueue, job, key),
  });
  return {
    enqueue(enqueue) {
      for (const job of enqueue.jobs) look(view(enqueue, job, enqueue.call.node));
    },
    passedEnqueue(enqueue) {
      const call = enqueue.via[0];
      const inside = facts.asWritten(enqueue);
      if (!call || !inside) return;
      for (const [index, job] of enqueue.jobs.entries()) {
        const written = inside.jobs[index];
        const asWritten = written && view(inside, written, inside.call.node);
        const isOpen = !asWritten || keys.some((key) => isUndecided(asWritten.option(key)));
        if (isOpen) look({ ...view(enqueue, job, call.node), ...(asWritten ? { asWritten } : {}) });
      }
    },
  };
}

/** Whether an option's value is left to the callers, as far as can be seen. */
function isUndecided(option: Lookup): boolean {
  if (option.state === 'known') return membersOf(option.value).some((member) => member.kind === 'unknown');
  return option.state === 'unknown';
}
