import { idParts } from '../src/analysis/jobs/id-parts.ts';
import { bringsUpToDate, comesOnce, isHandle } from '../src/analysis/jobs/id-purposes.ts';
import { holdsForCalls } from '../src/analysis/project/callers.ts';
import { isScheduled } from '../src/analysis/project/job-options.ts';
import type { Project } from '../src/analysis/project/project.ts';
import type { Evaluation } from '../src/analysis/values/evaluation.ts';
import { randomSourceIn } from '../src/analysis/values/random.ts';
import { textsOf } from '../src/analysis/values/text.ts';
import { isLeftToCallers } from '../src/analysis/values/trace.ts';
import { isNullish, membersOf, type Lookup, type Ref, type Value } from '../src/analysis/values/value.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { jobListeners, optionNode, writtenOption, type JobView } from '../src/plugin/job-view.ts';

type MessageId = 'lostId' | 'lostDeduplication' | 'keep';
type Tools = RuleTools<object, MessageId>;

export default createRule<object, MessageId>({
  name: 'no-lost-deduplication',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow removing completed jobs at once where an id is to keep them from running twice.',
      preset: 'recommended',
      clauses: ['D1'],
    },
    hasSuggestions: true,
    messages: {
      lostId:
        'This job is removed as soon as it completes, and its `jobId` is free again: whoever adds the same job once more has it run once more. Keep it for as long as a duplicate can come, as with `removeOnComplete: { age: 86400 }`.',
      lostDeduplication:
        'A `deduplication` with only an `id` ends with its job, which is removed as soon as it completes: whoever adds the same job once more has it run once more. Give it a `ttl` for as long as a duplicate can come.',
      keep: 'Keep completed jobs for a day.',
    },
    schema: [],
  },
  create(tools) {
    return jobListeners(tools.facts, ['jobId', 'deduplication', 'removeOnComplete'], (job) => {
      check(tools, job);
    });
  },
});

function check(tools: Tools, view: JobView): void {
  const { facts, report } = tools;
  const id = lostId(tools, view);
  if (!id || (view.asWritten && lostId(tools, view.asWritten))) return;
  const removal = optionNode(facts, view, 'removeOnComplete');
  const place = removal ?? optionNode(facts, view, id);
  // A deduplication without a ttl ends with the job, however long that is kept.
  const isPlain =
    id === 'jobId' && removal !== undefined && /^(?:true|0|\{.*\})$/s.test(facts.module.textOf(removal));
  report(place ?? view.node, {
    messageId: id === 'jobId' ? 'lostId' : 'lostDeduplication',
    suggest: isPlain
      ? [{ messageId: 'keep', fix: (fixer) => fixer.replaceText(removal, '{ age: 86400 }') }]
      : [],
  });
}

/** The id by which the job was to be told from a duplicate, when it is given up with the completed job. */
function lostId({ facts }: Tools, { enqueue, job, option }: JobView): 'jobId' | 'deduplication' | undefined {
  const { ev, project } = facts;
  const removal = option('removeOnComplete');
  if (removal.state !== 'known') return undefined;
  const removals = membersOf(removal.value);
  if (!removals.some((value) => removesAtOnce(ev, value))) return undefined;
  // The id of a repeated job tells its schedule.
  if (isScheduled(project, enqueue, job)) return undefined;
  const isSure = removals.every((value) => removesAtOnce(ev, value));
  const deduplication = option('deduplication');
  if (deduplication.state === 'unknown') return undefined;
  if (deduplication.state === 'known') {
    const ways = membersOf(deduplication.value).filter((value) => !isNullish(value));
    if (ways.some((value) => !hasOnlyId(ev, value))) return undefined;
    if (isGiven(deduplication, isSure)) return bringsUpToDate(ev, enqueue, job) ? undefined : 'deduplication';
  }
  const jobId = option('jobId');
  if (!isGiven(jobId, isSure)) return undefined;
  const written = writtenOption(facts, job, 'jobId');
  // An id that is new each time is not to tell anything, and an optional one is its callers' matter.
  if (!written) return 'jobId';
  if (isLeftToCallers(ev, written) || isOfThisTime(project, written)) return undefined;
  // A timer or a debounce: the id is free again because the next one may be set.
  if (isDelayed(option('delay'))) return undefined;
  return isHandle(ev, written) || bringsUpToDate(ev, enqueue, job) ? undefined : 'jobId';
}

/** Whether an option is given: on every path, or on some when what it meets there is sure. */
function isGiven(option: Lookup, onSomePath: boolean): boolean {
  if (option.state !== 'known') return false;
  const members = membersOf(option.value);
  return onSomePath ? !members.every(isNullish) : !members.some(isNullish);
}

function isDelayed(delay: Lookup): boolean {
  return (
    delay.state === 'known' &&
    membersOf(delay.value).some(
      (value) => !isNullish(value) && !(value.kind === 'literal' && value.value === 0),
    )
  );
}

/** `true`, `0`, `{ count: 0 }`, `{ age: 0 }` */
function removesAtOnce(ev: Evaluation, value: Value): boolean {
  if (value.kind === 'literal') return value.value === true || value.value === 0;
  return ['count', 'age'].some((key) => {
    const found = value.kind === 'object' ? ev.lookup(value, key) : undefined;
    return found?.state === 'known' && found.value.kind === 'literal' && found.value.value === 0;
  });
}

/** `deduplication: { id }`, which ends with the job; the other modes last on their own. */
function hasOnlyId(ev: Evaluation, value: Value): boolean {
  return (
    value.kind === 'object' &&
    ev.lookup(value, 'id').state === 'known' &&
    ['ttl', 'keepLastIfActive', 'extend', 'replace'].every((key) => {
      const found = ev.lookup(value, key);
      return found.state === 'absent' || (found.state === 'known' && isNullish(found.value));
    })
  );
}

/**
 * Whether an id says more than what the job is about: it is new each time, or has a part that comes once, here or for
 * everybody who calls the function that takes the part.
 */
function isOfThisTime(project: Project, id: Ref, depth = 0): boolean {
  const { ev } = project;
  if (isNewEachTime(ev, id) || comesOnce(ev, id)) return true;
  return (
    depth < MAX_CALLERS &&
    idParts(ev, id).some((part) =>
      holdsForCalls(project, part, (given) => isOfThisTime(project, given, depth + 1)),
    )
  );
}

const MAX_CALLERS = 3;

/** What no second call gives again. */
function isNewEachTime(ev: Evaluation, id: Ref): boolean {
  return textsOf(ev, ev.evaluate(id), id).some(
    (text) =>
      randomSourceIn(ev, text) !== undefined ||
      text.some((piece) => piece.kind === 'hole' && membersOf(piece.value).some(isInstant)),
  );
}

/** A moment, whichever it is: `dueAt.getTime()`. */
function isInstant(value: Value): boolean {
  return (
    value.kind === 'external' && /^global:\.Date#\.(?:getTime|valueOf|toISOString)\(\)$/.test(value.path)
  );
}
