/**
 * Jobs as rules on options look at them, whether the file adds them itself or through functions that pass options on.
 */
import type { FileFacts } from '../analysis/file-facts.ts';
import { optionsValue, type Enqueue, type JobInput } from '../analysis/jobs/enqueues.ts';
import { jobOption } from '../analysis/project/job-options.ts';
import { contains, type Node } from '../analysis/source/nodes.ts';
import { givenRef, throughParameters } from '../analysis/values/trace.ts';
import { isNullish, membersOf, type Lookup, type Ref } from '../analysis/values/value.ts';
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

/** Whether BullMQ takes an option as not given: it is nowhere, or undefined. */
export function isUnset(option: Lookup): boolean {
  return option.state === 'absent' || (option.state === 'known' && membersOf(option.value).every(isNullish));
}

/** Whether a job's own options surely lack all of these, which no queue has in its defaults. */
export function lacksAll({ ev }: FileFacts, job: JobInput, keys: readonly string[]): boolean {
  const given = optionsValue(ev, job);
  if (given === 'absent') return true;
  return given !== 'unknown' && keys.every((key) => isUnset(ev.lookup(given, key)));
}

/** The expression of an option, where the job's own options write it out, or spread what does. */
export function writtenOption({ ev }: FileFacts, job: JobInput, key: string): Ref | undefined {
  const given = optionsValue(ev, job);
  return typeof given === 'object' && given.kind === 'object' ? givenRef(ev, given, key) : undefined;
}

/** The node of the linted file by which the call that is looked at gives an option. */
export function optionNode(facts: FileFacts, { job, node }: JobView, key: string): Node | undefined {
  const written = writtenOption(facts, job, key);
  const places = written ? [written, throughParameters(facts.ev, written)] : [];
  return places.find((place) => place.module === facts.module && contains(node, place.node))?.node;
}

/** Whether an option's value is left to the callers, as far as can be seen. */
function isUndecided(option: Lookup): boolean {
  if (option.state === 'known') return membersOf(option.value).some((member) => member.kind === 'unknown');
  return option.state === 'unknown';
}
