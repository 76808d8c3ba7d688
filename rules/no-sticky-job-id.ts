import type { TSESTree } from '@typescript-eslint/utils';
import { isScheduled } from '../src/analysis/project/job-options.ts';
import { calleeName, keyName } from '../src/analysis/source/nodes.ts';
import { here } from '../src/analysis/values/evaluation.ts';
import { membersOf, stringOf } from '../src/analysis/values/value.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { isUnset, jobListeners, optionNode, type JobView } from '../src/plugin/job-view.ts';

type MessageId = 'sticky' | 'deduplicate';
type Tools = RuleTools<object, MessageId>;

export default createRule<object, MessageId>({
  name: 'no-sticky-job-id',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow a constant job id where finished jobs are never removed.',
      preset: 'strict',
      clauses: ['D1'],
    },
    hasSuggestions: true,
    messages: {
      sticky:
        'The job `{{id}}` is kept for ever once it has ended, so every later one with this id is ignored without an error. Use a `deduplication` id, which is free again when the job ends, or remove finished jobs.',
      deduplicate: 'Use a deduplication id, which is free again when the job ends.',
    },
    schema: [],
  },
  create(tools) {
    return jobListeners(tools.facts, ['jobId', 'removeOnComplete', 'removeOnFail'], (job) => {
      check(tools, job);
    });
  },
});

function check(tools: Tools, view: JobView): void {
  const id = stickyId(tools, view);
  if (id === undefined || (view.asWritten && stickyId(tools, view.asWritten) !== undefined)) return;
  if (isFreed(tools, id)) return;
  const place = optionNode(tools.facts, view, 'jobId');
  const property = place?.parent;
  const isPlain =
    view.enqueue.dialect.name !== 'bull' &&
    view.option('deduplication').state === 'absent' &&
    property?.type === 'Property' &&
    !property.shorthand &&
    property.value === place &&
    keyName(property) === 'jobId';
  tools.report(place ?? view.node, {
    messageId: 'sticky',
    data: { id },
    suggest: isPlain
      ? [
          {
            messageId: 'deduplicate',
            fix: (fixer) =>
              fixer.replaceText(property, `deduplication: { id: ${tools.facts.module.textOf(place)} }`),
          },
        ]
      : [],
  });
}

/** The constant id of a job that stays in Redis whatever becomes of it. */
function stickyId({ facts }: Tools, { enqueue, job, option }: JobView): string | undefined {
  // The nodes of a flow are made anew with it; the id of a repeated job tells its schedule.
  if (enqueue.kind === 'flow' || enqueue.kind === 'flows') return undefined;
  const jobId = option('jobId');
  if (jobId.state !== 'known') return undefined;
  const ids = membersOf(jobId.value).map(stringOf);
  const [id] = ids;
  if (id === undefined || ids.includes(undefined)) return undefined;
  const isKept = isUnset(option('removeOnComplete')) && isUnset(option('removeOnFail'));
  return isKept && !isScheduled(facts.project, enqueue, job) ? id : undefined;
}

/** Whether the file looks the job up by its id, or removes jobs itself. */
function isFreed({ facts: { module, ev } }: Tools, id: string): boolean {
  return module.nodes('CallExpression').some((call) => {
    const name = calleeName(call.callee) ?? '';
    if (/^(?:obliterate|clean)$/.test(name)) return true;
    if (!/^(?:getJob|remove|removeJob)$/.test(name)) return false;
    // `job.remove()`
    if (call.arguments.length === 0) return true;
    return call.arguments.some((argument: TSESTree.CallExpressionArgument) =>
      membersOf(ev.evaluate(here(module, argument))).some((value) => stringOf(value) === id),
    );
  });
}
