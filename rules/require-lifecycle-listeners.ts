import type { FileFacts } from '../src/analysis/file-facts.ts';
import {
  isRepeated,
  nestDecorator,
  nestWorker,
  runsJobs,
  type WorkerDefinition,
} from '../src/analysis/jobs/workers.ts';
import { WorkerEvents } from '../src/analysis/project/worker-events.ts';
import { isClass, type ClassNode, type Node } from '../src/analysis/source/nodes.ts';
import { membersOf, type Ref } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { failureDecorator, listeningToFailures } from '../src/plugin/suggest-listener.ts';

interface Options {
  error: boolean;
  active: boolean;
  completed: boolean;
  stalled: boolean;
}

export default createRule<Options, 'missing' | 'listen'>({
  name: 'require-lifecycle-listeners',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a `failed` listener for every worker.',
      preset: 'strict',
      clauses: ['C4'],
    },
    hasSuggestions: true,
    messages: {
      missing:
        'Nothing listens to {{events}} of this worker: what its processor does not log itself, such as a job that stalled too often or ran out of attempts, reaches no log and no alert. Add a listener{{how}}.',
      listen: 'Log jobs that fail.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          error: { type: 'boolean', description: 'Also require a listener of `error`.' },
          active: { type: 'boolean', description: 'Also require a listener of `active`.' },
          completed: { type: 'boolean', description: 'Also require a listener of `completed`.' },
          stalled: { type: 'boolean', description: 'Also require a listener of `stalled`.' },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ error: false, active: false, completed: false, stalled: false }],
  },
  create({ facts, options, report }) {
    const wanted = [
      'failed',
      ...(['error', 'active', 'completed', 'stalled'] as const).filter((event) => options[event]),
    ];
    return {
      file() {
        const classes = facts.own.processorClasses.flatMap((owner) => nestWorker(facts.ev, owner) ?? []);
        const queues = new Set<string>();
        for (const worker of [...facts.own.workers, ...classes]) {
          if (!runsJobs(facts.ev, worker) || isRepeated(worker, queues)) continue;
          const events = new WorkerEvents(facts.project, worker);
          const missing = wanted.filter((event) => !isTraced(facts, worker, event) && !events.isHeard(event));
          if (missing.length === 0) continue;
          const fix = missing[0] === 'failed' ? listeningToFailures(facts, worker) : undefined;
          const decorator = isClass(worker.at.node) ? failureDecorator(worker.dialect) : undefined;
          report(placeOf(facts, worker), {
            messageId: 'missing',
            data: {
              events: missing.map((event) => `\`${event}\``).join(', '),
              how: decorator ? `: a method with \`@${decorator.name}\`` : '',
            },
            suggest: fix ? [{ messageId: 'listen', fix }] : [],
          });
        }
      },
    };
  },
});

/** With telemetry every run of a job, and how it ended, is in the traces. */
function isTraced({ ev }: FileFacts, { options }: WorkerDefinition, event: string): boolean {
  if (!options || (event !== 'failed' && event !== 'completed')) return false;
  return membersOf(ev.evaluate(options)).some((value) => ev.lookup(value, 'telemetry').state === 'known');
}

function placeOf({ ev }: FileFacts, { at }: WorkerDefinition): Node {
  if (!isClass(at.node)) return at.node;
  return nestDecorator(ev, at as Ref<ClassNode>)?.value.site?.node ?? at.node.id ?? at.node;
}
