import type { FileFacts } from '../src/analysis/file-facts.ts';
import { isAddedAgain } from '../src/analysis/jobs/added-again.ts';
import { isHandedOut } from '../src/analysis/jobs/handles.ts';
import type { OptionValue, WrittenOptions } from '../src/analysis/jobs/options.ts';
import { isStored, isStoredFirst } from '../src/analysis/jobs/stored.ts';
import type { Evaluation } from '../src/analysis/values/evaluation.ts';
import { randomSourceIn, type RandomSource } from '../src/analysis/values/random.ts';
import { textsOf } from '../src/analysis/values/text.ts';
import { isNullish, membersOf, type Ref, type Value } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { flawedOptions, type Flaw } from '../src/plugin/option-view.ts';

interface RandomFlaw extends Flaw {
  source: string;
}

/** The options by which BullMQ tells jobs apart; `debounce` is what `deduplication` was called before version 6. */
const IDS = [['jobId'], ['deduplication', 'id'], ['debounce', 'id']] as const;

export default createRule<object, 'random'>({
  name: 'no-random-job-id',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow job ids and deduplication ids that are new each time.',
      preset: 'recommended',
      clauses: ['D1'],
    },
    messages: {
      random:
        'The `{{option}}` holds `{{source}}`, so it never equals another one, and a job that is added twice runs twice. Make it of what the job is about, such as the id of the record, or leave it out.',
    },
    schema: [],
  },
  create({ facts, report }) {
    return {
      options(options) {
        // The jobs of a scheduler get ids of their own.
        if (options.scope !== 'job' || options.enqueue?.kind === 'scheduler') return;
        for (const path of IDS)
          if (path[0] !== 'jobId' || !isDeduplicated(facts, options))
            for (const { flaw, node } of flawedOptions(facts, options, path, (given) =>
              flawOf(facts, options, given),
            ))
              report(node, { messageId: 'random', data: { option: path.join('.'), source: flaw.source } });
      },
    };
  },
});

/** Where `deduplication` tells jobs apart, the id of the job is but a name. */
function isDeduplicated({ ev }: FileFacts, { value }: WrittenOptions): boolean {
  const found = ev.lookup(value, 'deduplication');
  return found.state !== 'absent' && found.value !== undefined && !membersOf(found.value).every(isNullish);
}

function flawOf(
  { ev }: FileFacts,
  { enqueue, job }: WrittenOptions,
  { ref, value }: OptionValue,
): RandomFlaw | undefined {
  for (const source of sourcesOf(ev, value, ref)) {
    const carries = (part: Ref): boolean =>
      sourcesOf(ev, ev.evaluate(part), part).some(({ at }) => at.node === source.at.node);
    // The id of something that is stored under it is as good an id for the job.
    if (isStoredFirst(ev, source.at) || (ref && isStored(ev, ref, carries))) continue;
    // A handle has to be known before the job is there, and a job that replaces another is to run.
    if (enqueue && job && ref && isHandedOut(ev, enqueue, job, ref, carries)) continue;
    if (enqueue && job && isAddedAgain(ev, enqueue, job)) continue;
    return { cause: source.at, source: source.name };
  }
  return undefined;
}

function sourcesOf(ev: Evaluation, value: Value, ref: Ref | undefined): RandomSource[] {
  return textsOf(ev, value, ref ?? value.at).flatMap((text) => randomSourceIn(ev, text) ?? []);
}
