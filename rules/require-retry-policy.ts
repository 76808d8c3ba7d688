import type { TSESLint } from '@typescript-eslint/utils';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Dialect } from '../src/analysis/jobs/dialects/index.ts';
import { inheritedOption, isScheduled } from '../src/analysis/project/job-options.ts';
import { areSetAside } from '../src/analysis/project/queue-by-name.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { membersOf, numberOf, type Lookup, type Value } from '../src/analysis/values/value.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { jobListeners, type JobView } from '../src/plugin/job-view.ts';
import { addToOptions } from '../src/plugin/suggest-options.ts';

interface Options {
  requireExponential: boolean;
  requireJitter: boolean;
  reportUnknown: boolean;
}
type MessageId =
  'noAttempts' | 'noBackoff' | 'notExponential' | 'noJitter' | 'unknown' | 'addPolicy' | 'addBackoff';
type Tools = RuleTools<Options, MessageId>;

const BACKOFF = `backoff: { type: 'exponential', delay: 1000 }`;

export default createRule<Options, MessageId>({
  name: 'require-retry-policy',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Require every enqueued job to have attempts and a backoff, from wherever its options come.',
      preset: 'hard-stops',
      clauses: ['D3', 'D4'],
      strictOptions: { requireExponential: true, requireJitter: true, reportUnknown: true },
    },
    hasSuggestions: true,
    messages: {
      noAttempts:
        'Neither this call nor the defaults of the queue set `attempts`: the job is tried once, and the first network error loses it. Set `attempts` with a `backoff`.',
      noBackoff:
        'This job is tried {{attempts}} times without a pause between the attempts, so all of them meet the same outage. Set a `backoff`.',
      notExponential:
        'A fixed backoff keeps hitting a service that is down at the same rate. Use an exponential `backoff`.',
      noJitter:
        'Without `jitter` jobs that failed together are retried together. Set `jitter` in the `backoff`.',
      unknown: 'Whether this job has `attempts` cannot be seen. State a retry policy where the job is added.',
      addPolicy: 'Add attempts with an exponential backoff.',
      addBackoff: 'Add an exponential backoff.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          requireExponential: {
            type: 'boolean',
            description: 'Also report a fixed backoff.',
          },
          requireJitter: {
            type: 'boolean',
            description: 'Also report a backoff without jitter.',
          },
          reportUnknown: {
            type: 'boolean',
            description: 'Also report an enqueue whose options cannot be seen.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ requireExponential: false, requireJitter: false, reportUnknown: false }],
  },
  create(tools) {
    const told = new Set<Node>();
    return jobListeners(tools.facts, ['attempts'], (job) => {
      check(tools, job, told);
    });
  },
});

/** @param told the backoffs that were reported already: many enqueues can share one */
function check(tools: Tools, { enqueue, job, node, option }: JobView, told: Set<Node>): void {
  const { facts, options, report } = tools;
  // The nodes of a flow have a rule of their own; a schedule makes up for a lost tick with the next.
  if (enqueue.kind === 'flow' || enqueue.kind === 'flows' || isScheduled(facts.project, enqueue, job)) return;
  if (areSetAside(facts.project, enqueue)) return;
  const attempts = option('attempts');
  if (attempts.state === 'absent') {
    const fix = addToOptions(tools.facts, enqueue, job, `attempts: 3, ${BACKOFF}`);
    report(node, { messageId: 'noAttempts', suggest: suggestion('addPolicy', fix) });
    return;
  }
  if (attempts.state === 'unknown') {
    // Options that cannot be seen may replace those of the queue, which their author then does on purpose.
    const isInherited = countsOf(inheritedOption(facts.project, enqueue, job, 'attempts')).some(isSeveral);
    if (options.reportUnknown && enqueue.via.length === 0 && !isInherited)
      report(node, { messageId: 'unknown' });
    return;
  }
  const counts = countsOf(attempts);
  const known = counts.filter((count) => count !== undefined);
  if (!counts.every(isSeveral)) return;
  const backoff = option('backoff');
  if (backoff.state === 'absent') {
    const fix = addToOptions(tools.facts, enqueue, job, BACKOFF);
    report(node, {
      messageId: 'noBackoff',
      data: { attempts: String(known[0]) },
      suggest: suggestion('addBackoff', fix),
    });
  } else if (backoff.state === 'known') checkShape(tools, enqueue.dialect, backoff.value, node, told);
}

function countsOf(attempts: Lookup): (number | undefined)[] {
  return attempts.state === 'known' ? membersOf(attempts.value).map(numberOf) : [];
}

function isSeveral(count: number | undefined): boolean {
  return count !== undefined && count > 1;
}

/** How a backoff is wrong is told once, at the backoff where the linted file has it. */
function checkShape(
  { facts, options, report }: Tools,
  dialect: Dialect,
  backoff: Value,
  enqueue: Node,
  told: Set<Node>,
): void {
  const requireJitter = options.requireJitter && hasJitter(facts, dialect);
  for (const member of membersOf(backoff)) {
    const messageId = flawOf(facts, member, { ...options, requireJitter });
    const { module, node } = member.at;
    if (!messageId || told.has(node)) continue;
    told.add(node);
    report(module === facts.module ? node : enqueue, { messageId });
    return;
  }
}

/**
 * Bull has no jitter (https://github.com/OptimalBits/bull/blob/develop/lib/backoffs.js), and BullMQ since 5.54.0
 * (https://github.com/taskforcesh/bullmq/blob/master/docs/gitbook/changelog.md).
 */
function hasJitter(facts: FileFacts, { family }: Dialect): boolean {
  if (family !== 'bullmq') return false;
  const version = facts.version('bullmq');
  return !version || version.major > 5 || (version.major === 5 && version.newest[0] >= 54);
}

function flawOf(
  { ev }: FileFacts,
  backoff: Value,
  { requireExponential, requireJitter }: Options,
): 'notExponential' | 'noJitter' | undefined {
  const type = ev.lookup(backoff, 'type');
  const name = type.state === 'known' && type.value.kind === 'literal' ? type.value.value : undefined;
  const isNumber = numberOf(backoff) !== undefined;
  if (requireExponential && (isNumber || name === 'fixed')) return 'notExponential';
  if (!requireJitter) return undefined;
  const isBuiltIn = name === 'fixed' || name === 'exponential';
  const isWithout = isBuiltIn && ev.lookup(backoff, 'jitter').state === 'absent';
  return isNumber || isWithout ? 'noJitter' : undefined;
}

function suggestion(
  messageId: 'addPolicy' | 'addBackoff',
  fix: TSESLint.ReportFixFunction | undefined,
): { messageId: MessageId; fix: TSESLint.ReportFixFunction }[] {
  return fix ? [{ messageId, fix }] : [];
}
