/**
 * Jobs that are there already and are added once more on purpose.
 */
import { enclosingFunction, keyName, unwrap } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { ownNodes } from '../values/functions.ts';
import { membersOf, present, type Value } from '../values/value.ts';
import type { Enqueue, JobInput } from './enqueues.ts';
import { jobDialect } from './job-values.ts';

/**
 * Whether a job takes the place of another: it gets the data of a job that was fetched, as one of a dead letter queue,
 * or the function has removed the one before it.
 */
export function isAddedAgain(ev: Evaluation, enqueue: Enqueue, job: JobInput): boolean {
  return (
    (job.payload !== undefined && isOfFetchedJob(ev, ev.evaluate(job.payload))) || replacesJob(ev, enqueue)
  );
}

/** `failed.data`, `{ ...failed.data, retried: true }` of a job that a queue was asked for */
function isOfFetchedJob(ev: Evaluation, data: Value): boolean {
  return membersOf(present(data)).some((member) => {
    if (member.kind === 'object')
      return member.parts.some(
        (part) => part.kind === 'spread' && isOfFetchedJob(ev, ev.evaluate(part.value)),
      );
    return (
      member.kind === 'external' &&
      member.path.endsWith('.data') &&
      member.from !== undefined &&
      isFetched(ev, member.from, ANY)
    );
  });
}

/** Ways to a job that a queue is asked for, and to that by its id or to one of many. */
const ONE = /\.getJob\(\)$/;
const ANY = /\.get\w+\(\)(?:\[\])?$/;

/** Whether a value is a job that a queue was asked for. */
function isFetched(ev: Evaluation, value: Value, way: RegExp): boolean {
  return membersOf(present(value)).every(
    (member) =>
      member.kind === 'external' &&
      way.test(member.path) &&
      jobDialect(ev, member, () => undefined) !== undefined,
  );
}

/** `await previous.remove()` of one job by its id, before the call that adds the job. */
function replacesJob(ev: Evaluation, { call, via }: Enqueue): boolean {
  const { module, node } = via[0] ?? call;
  const fn = enclosingFunction(node);
  if (!fn) return false;
  return ownNodes(module, fn).some((inner) => {
    if (inner.type !== 'CallExpression' || inner.range[0] > node.range[0]) return false;
    const callee = unwrap(inner.callee);
    return (
      callee.type === 'MemberExpression' &&
      keyName(callee) === 'remove' &&
      isFetched(ev, ev.evaluate(beside(here(module, inner), callee.object)), ONE)
    );
  });
}
