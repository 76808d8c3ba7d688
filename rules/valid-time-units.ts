import type { TSESLint } from '@typescript-eslint/utils';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { OptionsScope, OptionValue, WrittenOptions } from '../src/analysis/jobs/options.ts';
import { unwrap, type Node } from '../src/analysis/source/nodes.ts';
import { durationOf, isMilliseconds } from '../src/analysis/values/durations.ts';
import { membersOf } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { flawedOptions, type Flaw } from '../src/plugin/option-view.ts';

type MessageId = 'age' | 'drainDelay' | 'tooShort' | 'convert';

interface UnitFlaw extends Flaw {
  messageId: MessageId;
  value: string;
}

const YEAR = 365 * 24 * 60 * 60;
const LONGEST_DRAIN = 300;
const SHORTEST_LOCK = 1000;

/** Options with a duration, by what they are options of. */
const DURATIONS: readonly { scopes: readonly OptionsScope[]; path: readonly string[]; unit: 's' | 'ms' }[] = [
  { scopes: ['job', 'job-defaults', 'worker'], path: ['removeOnComplete', 'age'], unit: 's' },
  { scopes: ['job', 'job-defaults', 'worker'], path: ['removeOnFail', 'age'], unit: 's' },
  { scopes: ['worker'], path: ['drainDelay'], unit: 's' },
  { scopes: ['worker'], path: ['lockDuration'], unit: 'ms' },
  { scopes: ['worker'], path: ['stalledInterval'], unit: 'ms' },
];

export default createRule<object, MessageId>({
  name: 'valid-time-units',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Disallow seconds where BullMQ takes milliseconds, and milliseconds where it takes seconds.',
      preset: 'recommended',
      clauses: ['C1', 'C3'],
    },
    hasSuggestions: true,
    messages: {
      age: '`age` is in seconds, and {{value}} is meant as milliseconds: finished jobs stay in Redis a thousand times as long. Give the seconds.',
      drainDelay:
        '`drainDelay` is in seconds, and {{value}} is meant as milliseconds: an idle worker blocks on Redis for that long. Give the seconds.',
      tooShort:
        '`{{option}}` is in milliseconds, and {{value}} is meant as seconds: a job that keeps the event loop busy for a moment is run by another worker, too. Give the milliseconds.',
      convert: 'Write {{replacement}}.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const look = (options: WrittenOptions): void => {
      for (const { scopes, path, unit } of DURATIONS) {
        if (!scopes.includes(options.scope)) continue;
        const option = path.at(-1) ?? '';
        for (const { flaw, node } of flawedOptions(facts, options, path, (given) =>
          flawOf(facts, option, given),
        )) {
          const edit = conversion(facts, node, unit);
          report(node, {
            messageId: flaw.messageId,
            data: { option, value: flaw.value },
            suggest: edit
              ? [{ messageId: 'convert', data: { replacement: `\`${edit.text}\`` }, fix: edit.fix }]
              : [],
          });
        }
      }
    };
    return { options: look, passedOptions: look };
  },
});

function flawOf({ ev }: FileFacts, option: string, { ref, value }: OptionValue): UnitFlaw | undefined {
  for (const member of membersOf(value)) {
    const number = durationOf(ev, member);
    const messageId =
      option === 'age'
        ? (number !== undefined && number > YEAR && number !== Infinity) || isMilliseconds(ev, member)
          ? 'age'
          : undefined
        : number === undefined
          ? undefined
          : option === 'drainDelay'
            ? number > LONGEST_DRAIN
              ? 'drainDelay'
              : undefined
            : // What is not positive is no unit's mistake.
              number > 0 && number < SHORTEST_LOCK
              ? 'tooShort'
              : undefined;
    if (!messageId) continue;
    const shown = ref ?? member.at;
    return {
      messageId,
      cause: member.at,
      value: number === undefined ? `\`${shown.module.textOf(shown.node)}\`` : `\`${String(number)}\``,
    };
  }
  return undefined;
}

/** The same duration in the unit that is asked for, where it is a plain number or ends in `* 1000`. */
function conversion(
  { module }: FileFacts,
  node: Node,
  unit: 's' | 'ms',
): { text: string; fix: TSESLint.ReportFixFunction } | undefined {
  const inner = unwrap(node);
  let text: string | undefined;
  if (inner.type === 'Literal' && typeof inner.value === 'number') {
    const converted = unit === 's' ? inner.value / 1000 : inner.value * 1000;
    text = Number.isInteger(converted) ? String(converted) : undefined;
  } else if (
    unit === 's' &&
    inner.type === 'BinaryExpression' &&
    inner.operator === '*' &&
    inner.right.type === 'Literal' &&
    inner.right.value === 1000
  )
    text = module.text.slice(inner.range[0], module.text.lastIndexOf('*', inner.right.range[0])).trimEnd();
  const replacement = text;
  return replacement === undefined || replacement.includes('/*')
    ? undefined
    : { text: replacement, fix: (fixer) => fixer.replaceText(inner, replacement) };
}
