/**
 * Values of options as rules look at them: each where it is written, and each mistake where it is made.
 */
import type { FileFacts } from '../analysis/file-facts.ts';
import { readEnqueue, type Enqueue, type JobInput } from '../analysis/jobs/enqueues.ts';
import {
  optionPlace,
  optionValues,
  type OptionValue,
  type WrittenOptions,
} from '../analysis/jobs/options.ts';
import { Wrappers } from '../analysis/jobs/wrappers.ts';
import { contains, type Node } from '../analysis/source/nodes.ts';
import { throughParameters } from '../analysis/values/trace.ts';
import type { Ref, Value } from '../analysis/values/value.ts';

/** Something wrong with an option's value. */
export interface Flaw {
  /** What makes it wrong, wherever that is written. */
  cause: Ref;
}

/**
 * Looks at what an option is given (`path` names it, from the outside to the inside) and tells of each flaw with the
 * node to report: the value in the options, or the argument by which a caller decides it. What a function that passes
 * options on does wrong by itself is told in that function alone.
 */
export function flawedOptions<F extends Flaw>(
  facts: FileFacts,
  options: WrittenOptions,
  path: readonly string[],
  judge: (given: OptionValue, options: WrittenOptions) => F | undefined,
): { flaw: F; node: Node }[] {
  return optionValues(facts.ev, options.value, path).flatMap((given) => {
    const flaw = judge(given, options);
    if (!flaw || isDecidedInside(facts, options, path, judge, flaw)) return [];
    return [{ flaw, node: placeOf(facts, options, path, given, flaw) }];
  });
}

/** Whether one of the functions on the way to the enqueue makes the mistake, whoever calls it. */
function isDecidedInside<F extends Flaw>(
  facts: FileFacts,
  options: WrittenOptions,
  path: readonly string[],
  judge: (given: OptionValue, options: WrittenOptions) => F | undefined,
  flaw: F,
): boolean {
  const { enqueue, job, passed } = options;
  if (passed)
    return optionValues(facts.ev, passed.inside, path).some(
      (given) => judge(given, options)?.cause.node === flaw.cause.node,
    );
  if (!enqueue || !job || enqueue.via.length === 0) return false;
  const index = enqueue.jobs.indexOf(job);
  return insideOf(facts, enqueue).some((inside) => {
    const value = valueOf(facts, inside.jobs[index]);
    return (
      value !== undefined &&
      optionValues(facts.ev, value, path).some(
        (given) => judge(given, { ...options, value, enqueue: inside })?.cause.node === flaw.cause.node,
      )
    );
  });
}

function valueOf(facts: FileFacts, job: JobInput | undefined): Value | undefined {
  return job?.options && facts.ev.evaluate(job.options);
}

/** The enqueue as each of the functions on the way to it has it, without what its own callers pass. */
function insideOf(facts: FileFacts, enqueue: Enqueue): Enqueue[] {
  const { ev, project } = facts;
  const innermost = readEnqueue(ev, { ...enqueue.call, frame: undefined });
  const wrappers = new Wrappers(ev, (module) => project.leadsTo(module.path, 'jobs'));
  const between = enqueue.via
    .slice(1)
    .flatMap((call) =>
      call.node.type === 'CallExpression'
        ? wrappers.enqueuesAt({ module: call.module, node: call.node })
        : [],
    )
    .filter((found) => found.call.node === enqueue.call.node);
  return innermost ? [innermost, ...between] : between;
}

function placeOf(
  { ev, module }: FileFacts,
  options: WrittenOptions,
  path: readonly string[],
  { ref }: OptionValue,
  { cause }: Flaw,
): Node {
  const call = (options.passed?.call ?? options.enqueue?.via[0])?.node;
  if (!call) return ref?.module === module ? ref.node : optionPlace(module, options, path[0] ?? '');
  const given = ref && throughParameters(ev, ref);
  // Without a frame it is not of the function in between: a constant of this file.
  if (given?.module === module && (!given.frame || contains(call, given.node))) return given.node;
  const holder =
    cause.module === module ? call.arguments.find((argument) => contains(argument, cause.node)) : undefined;
  return holder ?? call;
}
