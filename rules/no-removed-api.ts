import type { FileFacts } from '../src/analysis/file-facts.ts';
import { removedUses, type RemovedUse } from '../src/analysis/jobs/removed-api.ts';
import { createRule, type Problem } from '../src/plugin/create-rule.ts';
import { rename, scheduleEdit, unrecoverableEdit } from '../src/plugin/migrate.ts';

interface Options {
  targetMajor: number;
}
type MessageId = 'removed' | 'bull' | 'rename' | 'schedule' | 'unrecoverable';

export default createRule<Options, MessageId>({
  name: 'no-removed-api',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow what the installed version of BullMQ no longer has.',
      preset: 'recommended',
      clauses: ['D3', 'C2'],
    },
    hasSuggestions: true,
    fixable: 'code',
    messages: {
      removed: 'BullMQ {{major}} no longer has `{{name}}`: {{effect}}. {{remedy}}',
      bull: '`{{name}}` is of Bull, BullMQ does not have it: {{effect}}. {{remedy}}',
      rename: 'Use `{{name}}`.',
      schedule: 'Schedule it with `upsertJobScheduler()`, under the id {{id}}.',
      unrecoverable: 'Throw an `UnrecoverableError`.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          targetMajor: {
            type: 'integer',
            minimum: 0,
            description: 'Also report what this major no longer has, to prepare for it.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ targetMajor: 0 }],
  },
  create({ facts, options, report }) {
    return {
      file() {
        const installed = facts.version('bullmq')?.major ?? 0;
        const major = Math.max(installed, options.targetMajor);
        for (const use of usesIn(facts)) {
          const { since, effect, remedy } = use.removed;
          if (since > major) continue;
          report(use.node, {
            messageId: since === 0 ? 'bull' : 'removed',
            data: { major: String(major), name: use.name, effect, remedy },
            ...edits(facts, use, installed),
          });
        }
      },
    };
  },
});

function usesIn(facts: FileFacts): RemovedUse[] {
  const enqueues = [...facts.own.enqueues, ...facts.passedEnqueues];
  const uses = removedUses(facts.ev, {
    module: facts.module,
    options: facts.options,
    enqueues,
    listeners: facts.listeners,
    processorOf: (fn) => facts.processors.find((processor) => processor.fn.at.node === fn)?.dialect,
  });
  // Whoever reads the option in a processor has made it work.
  return uses.filter(
    ({ name, kind }) =>
      name !== 'timeout' || kind !== 'option' || facts.project.catalog.marked('ownTimeout').length === 0,
  );
}

/** The new name is a fix where the old one is broken already and nothing else changes, else a suggestion. */
function edits(
  facts: FileFacts,
  use: RemovedUse,
  installed: number,
): Pick<Problem<MessageId>, 'fix' | 'suggest'> {
  const { since, renamed = '', differs } = use.removed;
  const renaming = rename(facts, use);
  if (renaming && since <= installed && !differs) return { fix: renaming };
  if (renaming) return { suggest: [{ messageId: 'rename', data: { name: renamed }, fix: renaming }] };
  if (use.name === 'repeat' && use.kind === 'option') {
    const schedule = scheduleEdit(facts, use);
    return schedule
      ? { suggest: [{ messageId: 'schedule', data: { id: schedule.id }, fix: schedule.fix }] }
      : {};
  }
  const throwing = use.name === 'job.discard()' ? unrecoverableEdit(facts, use) : undefined;
  return throwing ? { suggest: [{ messageId: 'unrecoverable', fix: throwing }] } : {};
}
