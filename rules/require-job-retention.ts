import { optionsValue } from '../src/analysis/jobs/enqueues.ts';
import { areSetAside } from '../src/analysis/project/queue-by-name.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { isUnset, jobListeners, type JobView } from '../src/plugin/job-view.ts';
import { addToOptions } from '../src/plugin/suggest-options.ts';

type MessageId = 'neither' | 'completed' | 'failed' | 'addRetention';

/** What a job needs, and what a suggestion adds. */
const RETENTION = {
  removeOnComplete: 'removeOnComplete: { age: 3600, count: 1000 }',
  removeOnFail: 'removeOnFail: { age: 7 * 24 * 3600 }',
} as const;
type Key = keyof typeof RETENTION;
const KEYS = Object.keys(RETENTION) as Key[];

export default createRule<object, MessageId>({
  name: 'require-job-retention',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Require every enqueued job to have removeOnComplete and removeOnFail, from wherever its options come.',
      preset: 'recommended',
      clauses: ['C3'],
    },
    hasSuggestions: true,
    messages: {
      neither:
        'Neither this call, the defaults of the queue nor its worker set `removeOnComplete` and `removeOnFail`: Redis keeps every job for ever, until its memory is full. Set both, best in `defaultJobOptions`.',
      completed:
        'Nothing sets `removeOnComplete` for this job: Redis keeps every completed one for ever, until its memory is full. Set it beside `removeOnFail`.',
      failed:
        'Nothing sets `removeOnFail` for this job: Redis keeps every failed one for ever, until its memory is full. Set it beside `removeOnComplete`.',
      addRetention: 'Add how long finished jobs are kept.',
    },
    schema: [],
  },
  create(tools) {
    const reported = new Set<Node>();
    return jobListeners(tools.facts, KEYS, (job) => {
      // The jobs of one call lack one thing.
      if (!reported.has(job.node) && check(tools, job)) reported.add(job.node);
    });
  },
});

function check(
  { facts, report }: RuleTools<object, MessageId>,
  { enqueue, job, node, option }: JobView,
): boolean {
  const found = KEYS.map((key) => ({ key, option: option(key) }));
  const missing = found.filter((each) => isUnset(each.option));
  const [first, second] = missing;
  if (!first || areSetAside(facts.project, enqueue)) return false;
  const properties = missing.map(({ key }) => RETENTION[key]).join(', ');
  const given = optionsValue(facts.ev, job);
  // `removeOnFail: undefined` is to be changed, not to be followed by another.
  const isWritten =
    typeof given === 'object' && missing.some(({ key }) => facts.ev.lookup(given, key).state !== 'absent');
  const fix = isWritten ? undefined : addToOptions(facts, enqueue, job, properties);
  report(node, {
    messageId: second ? 'neither' : first.key === 'removeOnComplete' ? 'completed' : 'failed',
    suggest: fix ? [{ messageId: 'addRetention', fix }] : [],
  });
  return true;
}
