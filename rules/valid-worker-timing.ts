import {
  optionPlace,
  optionRef,
  passedPlace,
  processorOptions,
  type WrittenOptions,
} from '../src/analysis/jobs/options.ts';
import { nameText } from '../src/analysis/jobs/recognize.ts';
import { jobOption } from '../src/analysis/project/job-options.ts';
import type { Project } from '../src/analysis/project/project.ts';
import { defaultsNamed, enqueuesTo, workersNamed } from '../src/analysis/project/queue-by-name.ts';
import { checksSettings } from '../src/analysis/project/settings.ts';
import { beside, type Evaluation } from '../src/analysis/values/evaluation.ts';
import { canBeMissing } from '../src/analysis/values/missing.ts';
import { isNullish, membersOf, numberOf, type Lookup, type Value } from '../src/analysis/values/value.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';

type MessageId =
  'renewedTooLate' | 'neverRenewed' | 'neverChecked' | 'notPositive' | 'missing' | 'failsAtOnce';

/** Milliseconds; the default of `lockDuration` in bullmq `classes/worker.ts`. */
const LOCK_DURATION = 30_000;

export default createRule<object, MessageId>({
  name: 'valid-worker-timing',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow lock settings of a worker that contradict each other.',
      preset: 'recommended',
      clauses: ['C1'],
    },
    messages: {
      renewedTooLate:
        'The lock of a job expires after {{lockDuration}} ms, before it is renewed after {{lockRenewTime}} ms, so a second worker runs the job as well. Leave `lockRenewTime` out: it is half of `lockDuration` then.',
      neverRenewed:
        'Without renewal the lock of a job expires while it runs, and a second worker runs it as well. Remove `skipLockRenewal`.',
      neverChecked:
        'No worker of this queue looks for jobs whose worker has crashed: they stay active for ever. Remove `skipStalledCheck`.',
      notPositive:
        '`{{option}}` must be a positive number of milliseconds: with {{value}} the worker cannot lock a job, or does not start. Leave it out for the default of 30 seconds.',
      missing:
        '`{{option}}` can turn out to be missing here, which replaces the default of BullMQ: the worker takes jobs without running them, or does not start. Give the value a fallback.',
      failsAtOnce:
        'With `maxStalledCount: 0` a job whose worker crashes fails at once, whatever `attempts` it has left. Leave the option out, or give the jobs a single attempt.',
    },
    schema: [],
  },
  create(tools) {
    const look = (options: WrittenOptions): void => {
      if (options.scope !== 'worker' || options.dialect.family !== 'bullmq') return;
      for (const value of membersOf(options.value)) check(tools, { ...options, value });
    };
    return { options: look, passedOptions: look };
  },
});

function check(tools: RuleTools<object, MessageId>, options: WrittenOptions): void {
  const { facts, report } = tools;
  const { ev, value } = options;
  const tell = (option: string, messageId: MessageId, data?: Record<string, string>): void => {
    const place = (options.passed ? passedPlace : optionPlace)(facts.module, options, option);
    if (place) report(place, { messageId, ...(data ? { data } : {}) });
  };

  const lockDuration = ev.lookup(value, 'lockDuration');
  const durations = lockDuration.state === 'absent' ? [LOCK_DURATION] : numbersOf(lockDuration);
  const renewals = numbersOf(ev.lookup(value, 'lockRenewTime'));
  const [longest, soonest] = [Math.max(...durations), Math.min(...renewals)];
  // Both may depend on the same condition: only what contradicts in every combination is known.
  if (durations.length > 0 && renewals.length > 0 && longest > 0 && soonest >= longest)
    tell('lockRenewTime', 'renewedTooLate', {
      lockDuration: String(longest),
      lockRenewTime: String(soonest),
    });

  for (const option of ['lockDuration', 'stalledInterval']) {
    const found = ev.lookup(value, option);
    if (found.state !== 'known') continue;
    const number = membersOf(found.value)
      .map(numberOf)
      .find((member) => member !== undefined && member <= 0);
    const ref = optionRef(options, option);
    if (number !== undefined) tell(option, 'notPositive', { option, value: String(number) });
    else if (ref && canBeMissing(ev, ref, () => checksSettings(facts.project)))
      tell(option, 'missing', { option });
  }

  if (isTrue(ev.lookup(value, 'skipLockRenewal')) && hasProcessor(ev, options))
    tell('skipLockRenewal', 'neverRenewed');
  if (isTrue(ev.lookup(value, 'skipStalledCheck')) && !isCheckedElsewhere(facts.project, options))
    tell('skipStalledCheck', 'neverChecked');

  const stalls = numbersOf(ev.lookup(value, 'maxStalledCount'));
  if (stalls.length > 0 && stalls.every((count) => count === 0) && areRetried(facts.project, options))
    tell('maxStalledCount', 'failsAtOnce');
}

/** The numbers that an option can be, where it can be nothing else. */
function numbersOf(option: Lookup): number[] {
  const members = option.state === 'known' ? membersOf(option.value).map(numberOf) : [];
  return members.includes(undefined) ? [] : (members as number[]);
}

function isTrue(option: Lookup): boolean {
  return option.state === 'known' && option.value.kind === 'literal' && option.value.value === true;
}

/** A worker without a processor fetches by hand, and its jobs are locked for as long as the code wants. */
function hasProcessor(ev: Evaluation, { at }: WrittenOptions): boolean {
  if (at.node.type !== 'NewExpression' && at.node.type !== 'CallExpression') return true;
  const processor = at.node.arguments[1];
  return processor !== undefined && !membersOf(ev.evaluate(beside(at, processor))).some(isNullish);
}

/** Whether another worker of the same queue looks for stalled jobs. */
function isCheckedElsewhere(project: Project, { ev, queueName }: WrittenOptions): boolean {
  if (queueName === undefined) return false;
  return workersNamed(project, queueName).some((worker) => {
    const options: Value | undefined =
      'role' in worker
        ? worker.options && ev.evaluate(worker.options)
        : processorOptions(ev, worker)[0]?.value;
    return !options || !isTrue(ev.lookup(options, 'skipStalledCheck'));
  });
}

/** Whether jobs of the worker's queue are known to have more than one attempt. */
function areRetried(project: Project, { ev, queueName }: WrittenOptions): boolean {
  if (queueName === undefined) return false;
  const isRetried = (attempts: Lookup): boolean => numbersOf(attempts).some((count) => count > 1);
  return (
    defaultsNamed(project, queueName).some(
      (defaults) => defaults.state === 'known' && isRetried(ev.lookup(defaults.value, 'attempts')),
    ) ||
    enqueuesTo(project, queueName).some(
      (enqueue) =>
        // A queue whose name is not known can be another one.
        enqueue.targets.every((target) => nameText(ev, target) === queueName) &&
        enqueue.jobs.some((job) => isRetried(jobOption(project, enqueue, job, 'attempts'))),
    )
  );
}
