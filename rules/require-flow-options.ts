import type { FileFacts } from '../src/analysis/file-facts.ts';
import { contains, type Node } from '../src/analysis/source/nodes.ts';
import { membersOf, numberOf, type Lookup, type Value } from '../src/analysis/values/value.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { isUnset, jobListeners, optionNode, type JobView } from '../src/plugin/job-view.ts';
import { addToOptions } from '../src/plugin/suggest-options.ts';

type MessageId = 'noAttempts' | 'noPolicy' | 'dropped' | 'failParent';

/** What is to become of the parent when a child has failed. */
const POLICIES = [
  'failParentOnFailure',
  'ignoreDependencyOnFailure',
  'removeDependencyOnFailure',
  'continueParentOnFailure',
] as const;

export default createRule<object, MessageId>({
  name: 'require-flow-options',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Require the jobs of a flow to have attempts, and its children to say what a failure means.',
      preset: 'strict',
      clauses: ['D3'],
    },
    hasSuggestions: true,
    messages: {
      noAttempts:
        'This job of a flow is tried once: it takes no `attempts` from its queue or its parent. Set them in its `opts`, or in `queuesOptions` of the call.',
      noPolicy:
        'If this child fails, its parent waits for ever. Say what a failure means, with `failParentOnFailure` or `ignoreDependencyOnFailure`.',
      dropped:
        'A child that is removed when it fails lets its parent complete as if all were well. Set `failParentOnFailure` beside it, or `ignoreDependencyOnFailure`.',
      failParent: 'Let the parent fail with `failParentOnFailure`.',
    },
    schema: [],
  },
  create(tools) {
    return jobListeners(tools.facts, ['attempts', 'removeOnFail', ...POLICIES], (job) => {
      check(tools, job);
    });
  },
});

function check(tools: RuleTools<object, MessageId>, view: JobView): void {
  const { facts, report } = tools;
  const { enqueue, job, option, asWritten } = view;
  if (enqueue.kind !== 'flow' && enqueue.kind !== 'flows') return;
  const node = placeOf(facts, view);
  // What the function that is called leaves out, whoever calls it, is told there.
  if (isUnset(option('attempts')) && !(asWritten && isUnset(asWritten.option('attempts'))))
    report(node, { messageId: 'noAttempts' });
  if (!hasNoPolicy(view) || (asWritten && hasNoPolicy(asWritten))) return;
  const fix = addToOptions(facts, enqueue, job, 'failParentOnFailure: true');
  const isDropped = dropsFailed(option('removeOnFail'));
  report((isDropped ? optionNode(facts, view, 'removeOnFail') : undefined) ?? node, {
    messageId: isDropped ? 'dropped' : 'noPolicy',
    suggest:
      fix && POLICIES.every((key) => option(key).state === 'absent')
        ? [{ messageId: 'failParent', fix }]
        : [],
  });
}

function hasNoPolicy({ job, option }: JobView): boolean {
  return job.isChild === true && POLICIES.every((key) => isOff(option(key)));
}

function isOff(option: Lookup): boolean {
  return isUnset(option) || (option.state === 'known' && membersOf(option.value).every(isFalse));
}

function isFalse(value: Value): boolean {
  return value.kind === 'literal' && !value.value;
}

/** Whether a job that fails is removed at once. */
function dropsFailed(option: Lookup): boolean {
  return (
    option.state === 'known' &&
    membersOf(option.value).every(
      (member) => (member.kind === 'literal' && member.value === true) || numberOf(member) === 0,
    )
  );
}

/** The node of the flow where it is written in this file, else the call that adds it. */
function placeOf({ module }: FileFacts, { enqueue, job, node }: JobView): Node {
  const isHere = job.at.module === module && (enqueue.via.length === 0 || contains(node, job.at.node));
  return isHere ? job.at.node : node;
}
