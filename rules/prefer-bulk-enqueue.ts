import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Enqueue } from '../src/analysis/jobs/enqueues.ts';
import { addedOneByOne } from '../src/analysis/jobs/one-by-one.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { lacksAll } from '../src/plugin/job-view.ts';
import { toBulk } from '../src/plugin/suggest-bulk.ts';

export default createRule<object, 'waits' | 'apart' | 'bulk'>({
  name: 'prefer-bulk-enqueue',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Enforce addBulk in place of adding many jobs one by one.',
      preset: 'strict',
      clauses: ['C1'],
    },
    hasSuggestions: true,
    messages: {
      waits:
        'Each round waits for Redis to take one job before the next is sent, so the loop lasts as many round trips as there are jobs. Make a list of them and give it to `addBulk`, which is one round trip.',
      apart:
        'This sends a command to Redis for each job, and each can be rejected by itself, when others are in the queue already. Make a list of them and give it to `addBulk`, which is one round trip and one promise.',
      bulk: 'Add the jobs with one call of `addBulk`.',
    },
    schema: [],
  },
  create({ facts, report, sourceCode }) {
    const told = new Set<Node>();
    const look = (enqueue: Enqueue): void => {
      const found = isPlain(facts, enqueue) ? addedOneByOne(facts.ev, enqueue) : undefined;
      if (!found || told.has(found.round.at)) return;
      const { call, round, waits } = found;
      told.add(round.at);
      const isDirect = enqueue.via.length === 0 && enqueue.dialect.family === 'bullmq';
      const fix = isDirect ? toBulk(sourceCode, round, call) : undefined;
      report(call, {
        messageId: waits ? 'waits' : 'apart',
        suggest: fix ? [{ messageId: 'bulk', fix }] : [],
      });
    };
    return { enqueue: look, passedEnqueue: look };
  },
});

/** Whether `addBulk` does the same for a job: not for the child of another, nor a repeated one; Bull has it since 4. */
function isPlain(facts: FileFacts, enqueue: Enqueue): boolean {
  const version = enqueue.dialect.family === 'bull' ? facts.version('bull') : undefined;
  if (version && version.major < 4) return false;
  return enqueue.jobs.every((job) => lacksAll(facts, job, ['parent', 'repeat']));
}
