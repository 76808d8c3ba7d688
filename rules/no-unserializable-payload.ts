import type { LossKind } from '../src/analysis/entities/json.ts';
import { lossesIn, type FoundLoss } from '../src/analysis/entities/losses.ts';
import type { Enqueue } from '../src/analysis/jobs/enqueues.ts';
import { Consumers } from '../src/analysis/project/consumers.ts';
import { canReadStoredResults } from '../src/analysis/project/results.ts';
import { here } from '../src/analysis/values/evaluation.ts';
import { returnsOf } from '../src/analysis/values/functions.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';

type MessageId = 'changes' | 'vanishes' | 'throws' | 'resultChanges' | 'resultThrows' | 'carry';
type Tools = RuleTools<object, MessageId>;

/** What to do instead, by what is lost. */
const ADVICE: Partial<Record<LossKind, string>> = {
  date: 'Pass an ISO string and parse it in the processor.',
  map: 'Pass a plain object.',
  set: 'Pass an array.',
  bigint: 'Pass a string.',
  function: 'Pass data and keep the function in the processor.',
  error: 'Pass its message, and what else is needed of it.',
  buffer: 'Store the bytes and pass the key, or pass a base64 string if they are few.',
  stream: 'Store the content and pass the key.',
  promise: 'Await it first.',
  response: 'Pass the fields of its body that are needed.',
  'undefined element': 'Leave it out, or pass null on purpose.',
  'not a number': 'Check the number first.',
};

export default createRule<object, MessageId>({
  name: 'no-unserializable-payload',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow what JSON drops, changes or throws on in the data and the result of a job.',
      preset: 'hard-stops',
      clauses: ['H4'],
    },
    hasSuggestions: true,
    messages: {
      changes: '{{where}} is {{what}}, and the processor gets {{arrives}} instead. {{advice}}',
      vanishes: '{{where}} is {{what}}, which JSON drops: the processor gets nothing. {{advice}}',
      throws: '{{where}} is {{what}}, and `JSON.stringify` throws on it: nothing is enqueued. {{advice}}',
      resultChanges:
        '{{where}} is {{what}}, and whoever reads the result gets {{arrives}} instead. {{advice}}',
      resultThrows:
        '{{where}} is {{what}}, and `JSON.stringify` throws on it: the job has done its work, fails all the same and is retried. {{advice}}',
      carry: 'Use `{{text}}`.',
    },
    schema: [],
  },
  create(tools) {
    const { facts } = tools;
    const check = (enqueue: Enqueue): void => {
      const consumers = new Consumers(facts.project, enqueue);
      for (const { payload } of enqueue.jobs) {
        if (!payload) continue;
        const losses = lossesIn(facts.ev, payload, {
          declared: () => consumers.declaredData,
          consumerParses: (keys) => consumers.parsesDate(keys),
        });
        reportAll(tools, losses, false);
      }
    };
    return {
      enqueue: check,
      passedEnqueue: check,
      processor({ fn: { at }, by, queueName }) {
        // A function that only takes a job may be a step of the processor: its result need not be the job's.
        if (by === 'annotation') return;
        const isRead = canReadStoredResults(facts.project, queueName);
        for (const result of returnsOf(at.module, at.node)) {
          const losses = lossesIn(facts.ev, here(at.module, result, at.frame), { isReturned: true });
          // That a date is stored as text harms nobody who does not read it.
          const harmful = losses.filter(({ kind }) => isRead || kind !== 'date');
          reportAll(tools, harmful, true);
        }
      },
    };
  },
});

/** One report for each place and kind, which names all that is lost there. */
function reportAll({ facts, report }: Tools, losses: readonly FoundLoss[], isResult: boolean): void {
  // What another file writes into the payload is reported there.
  const own = losses.filter(({ at }) => at.module === facts.module);
  for (const first of own) {
    const alike = own.filter(({ at, kind }) => at.node === first.at.node && kind === first.kind);
    if (alike[0] !== first) continue;
    const [name, ...others] = alike.map(({ keys }) => nameOf(keys, isResult));
    const { suggestion, arrives } = first;
    report(first.at.node, {
      messageId: messageFor(arrives, isResult),
      data: {
        where: others.length > 0 ? `${name ?? ''} (and ${others.join(', ')})` : (name ?? ''),
        what: first.what,
        arrives: arrives ?? '',
        advice: ADVICE[first.kind] ?? 'Pass what is needed of it as plain data.',
      },
      suggest: suggestion
        ? [
            {
              messageId: 'carry',
              data: { text: suggestion.text },
              fix: (fixer) => fixer.replaceText(suggestion.node, suggestion.text),
            },
          ]
        : [],
    });
  }
}

function nameOf(keys: readonly string[], isResult: boolean): string {
  if (keys.length === 0) return isResult ? 'The result' : 'The payload';
  return `\`${keys.join('.').replaceAll('.[]', '[]')}\``;
}

function messageFor(arrives: string | undefined, isResult: boolean): MessageId {
  if (arrives === undefined) return isResult ? 'resultThrows' : 'throws';
  if (isResult) return 'resultChanges';
  return arrives === 'nothing' ? 'vanishes' : 'changes';
}
