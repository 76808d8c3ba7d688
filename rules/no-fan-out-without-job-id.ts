import type { TSESLint } from '@typescript-eslint/utils';
import { roundsAround } from '../src/analysis/calls/rounds.ts';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { isEndedBy } from '../src/analysis/effects/gates.ts';
import { fansOut } from '../src/analysis/effects/kinds/fans-out.ts';
import { writesDatabase } from '../src/analysis/effects/kinds/writes-database.ts';
import { isAlwaysBefore } from '../src/analysis/effects/order.ts';
import { isClaimed } from '../src/analysis/effects/protection.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Enqueue, JobInput } from '../src/analysis/jobs/enqueues.ts';
import { contains, keyName, unwrap, type FunctionNode, type Node } from '../src/analysis/source/nodes.ts';
import { stringOf, type FunctionValue } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { lacksAll } from '../src/plugin/job-view.ts';
import { addToOptions } from '../src/plugin/suggest-options.ts';
import { describeWay } from '../src/plugin/way.ts';

/** By each of these a job can be known again; a child of another job is that job's to tell of. */
const KNOWN_BY = ['jobId', 'deduplication', 'debounce', 'repeat', 'parent'];

export default createRule<object, 'unnamed' | 'name'>({
  name: 'no-fan-out-without-job-id',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow a processor to add many jobs without ids of their own.',
      preset: 'strict',
      clauses: ['D1'],
    },
    hasSuggestions: true,
    messages: {
      unnamed:
        'Every run of a job can be repeated, after a failure or a crash, and this adds the same jobs a second time ({{way}}). Give each a `jobId` of what it is for, such as `${job.id}-${item.id}`, by which the queue knows it again.',
      name: 'Make an id of this job and of what the other is for.',
    },
    schema: [],
  },
  create({ facts, report }) {
    if (!facts.project.leadsTo(facts.module.path, 'enqueues')) return {};
    return {
      processor({ fn }) {
        for (const reached of facts.effects(fn, fansOut)) {
          const { enqueue } = reached.effect;
          const job = enqueue.jobs.find((input) => lacksAll(facts, input, KNOWN_BY));
          if (!job || isClaimed(facts.ev, reached) || isTakenOut(facts, fn, reached)) continue;
          const fix = naming(facts, fn.at.node, enqueue, job);
          report(reached.node, {
            messageId: 'unnamed',
            data: { way: describeWay(facts, reached) },
            suggest: fix ? [{ messageId: 'name', fix }] : [],
          });
        }
      },
    };
  },
});

/**
 * Whether the item is changed before so that no later run finds it: `updateOne({ _id }, { sentAt })` of a list by `sentAt`.
 * A row that is added is none of these: two runs can both find it missing.
 */
function isTakenOut(facts: FileFacts, fn: FunctionValue, reached: ReachedEffect): boolean {
  return facts
    .effects(fn, writesDatabase)
    .some(
      (write) =>
        !write.effect.isInsert && isAlwaysBefore(write, reached) && isEndedBy(facts.ev, reached, write),
    );
}

/** An id of the processor's job, the name of the new one and the one id in its data, where all three are plain to see. */
function naming(
  facts: FileFacts,
  processor: FunctionNode,
  enqueue: Enqueue,
  job: JobInput,
): TSESLint.ReportFixFunction | undefined {
  const { module, ev } = facts;
  const [own] = processor.params;
  const name = job.name && stringOf(ev.evaluate(job.name));
  const item = job.payload?.module === module ? idIn(facts, job.payload.node) : undefined;
  if (own?.type !== 'Identifier' || name === undefined || !/^[\w-]+$/.test(name) || !item) return undefined;
  if (enqueue.call.module !== module || !contains(processor, enqueue.call.node)) return undefined;
  return addToOptions(facts, enqueue, job, `jobId: \`${name}-\${${own.name}.id}-\${${item}}\``);
}

/** `user.id` of `{ userId: user.id, locale }`, which is another one in each round. */
function idIn({ module }: FileFacts, payload: Node): string | undefined {
  const data = unwrap(payload);
  if (data.type !== 'ObjectExpression') return undefined;
  const ids = data.properties.flatMap((property) => {
    if (property.type !== 'Property' || !/^id$|Id$/.test(keyName(property) ?? '')) return [];
    let root = unwrap(property.value);
    while (root.type === 'MemberExpression' && !root.optional) root = unwrap(root.object);
    const declared = root.type === 'Identifier' ? module.variableOf(root)?.identifiers[0] : undefined;
    const isOfRound = roundsAround(payload).some(({ at }) => declared && contains(at, declared));
    return isOfRound ? [module.textOf(property.value)] : [];
  });
  return ids.length === 1 ? ids[0] : undefined;
}
