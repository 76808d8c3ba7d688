import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { OptionValue } from '../src/analysis/jobs/options.ts';
import { isStored } from '../src/analysis/jobs/stored.ts';
import { randomPiece } from '../src/analysis/values/random.ts';
import { textsOf } from '../src/analysis/values/text.ts';
import { throughParameters } from '../src/analysis/values/trace.ts';
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
          for (const { flaw, node } of flawedOptions(facts, options, path, (given) => flawOf(facts, given)))
            report(node, { messageId: 'random', data: { option: path.join('.'), source: flaw.source } });
      },
    };
  },
});

function flawOf({ ev }: FileFacts, { ref, value }: OptionValue): RandomFlaw | undefined {
  for (const text of textsOf(ev, value, ref ?? value.at)) {
    const found = randomPiece(ev, text);
    if (!found) continue;
    const { piece, source } = found;
    const given = ref ? [ref, throughParameters(ev, ref)] : [];
    // The id of something that is stored under it is as good an id for the job.
    if ([...given, piece.at, throughParameters(ev, piece.at), source.at].some((at) => isStored(ev, at)))
      continue;
    return { cause: source.at, source: source.name };
  }
  return undefined;
}
