import { fansOut } from '../src/analysis/effects/kinds/fans-out.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { lacksAll } from '../src/plugin/job-view.ts';
import { describeWay } from '../src/plugin/way.ts';

/** By each of these a job can be known again; a child of another job is that job's to tell of. */
const KNOWN_BY = ['jobId', 'deduplication', 'debounce', 'repeat', 'parent'];

export default createRule({
  name: 'no-fan-out-without-job-id',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow a processor to add many jobs without ids of their own.',
      preset: 'strict',
      clauses: ['D1'],
    },
    messages: {
      unnamed:
        'Every run of a job can be repeated, after a failure or a crash, and this adds the same jobs a second time ({{way}}). Give each a `jobId` of what it is for, such as `${job.id}-${item.id}`, by which the queue knows it again.',
    },
    schema: [],
  },
  create({ facts, report }) {
    if (!facts.project.leadsTo(facts.module.path, 'enqueues')) return {};
    return {
      processor({ fn }) {
        for (const reached of facts.effects(fn, fansOut)) {
          const { enqueue } = reached.effect;
          if (enqueue.jobs.some((job) => lacksAll(facts, job, KNOWN_BY)))
            report(reached.node, { messageId: 'unnamed', data: { way: describeWay(facts, reached) } });
        }
      },
    };
  },
});
