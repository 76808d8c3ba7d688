import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { isIntegerColumn } from '../src/analysis/entities/columns.ts';
import type { OptionValue, WrittenOptions } from '../src/analysis/jobs/options.ts';
import { keyName, unwrap } from '../src/analysis/source/nodes.ts';
import type { Evaluation } from '../src/analysis/values/evaluation.ts';
import { isDeclared, showText, textsOf, type Piece, type Text } from '../src/analysis/values/text.ts';
import { isNullish, membersOf, type Ref, type Value } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { flawedOptions, type Flaw } from '../src/plugin/option-view.ts';

type MessageId = 'colon' | 'integer' | 'notText' | 'reserved' | 'useDashes';

interface IdFlaw extends Flaw {
  messageId: MessageId;
  id: string;
}

export default createRule<object, MessageId>({
  name: 'valid-job-id',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow job ids that BullMQ rejects.',
      preset: 'recommended',
      clauses: ['D1'],
    },
    hasSuggestions: true,
    messages: {
      colon:
        'BullMQ throws on the job id `{{id}}`: an id has no colon, unless it has exactly three parts. Separate its parts by `-` or `_`.',
      integer:
        'BullMQ throws on the job id `{{id}}` because it is an integer, like the ids that it counts by itself. Put a word before it, such as `order-7`.',
      notText:
        'BullMQ throws on the job id `{{id}}` because it is a number: an id is a text. Put a word before it, such as `order-7`.',
      reserved: 'BullMQ throws on the job id `{{id}}`: `0` and what begins with `0:` are its own.',
      useDashes: 'Separate the parts by `-`.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const version = facts.version('bullmq');
    // Integers are refused since 5.0.0, colons since 5.58.7.
    const refusesIntegers = !version || version.major >= 5;
    if (!refusesIntegers) return {};
    const [minor, patch] = version?.newest ?? [Infinity, Infinity];
    const refusesColons = !version || version.major > 5 || minor > 58 || (minor === 58 && patch >= 7);
    return {
      options(options) {
        if (!hasCheckedId(facts, options, version?.major)) return;
        for (const { flaw, node } of flawedOptions(facts, options, ['jobId'], (given) =>
          flawOf(facts, given, refusesColons),
        )) {
          const fix = flaw.messageId === 'colon' ? useDashes(facts, flaw.cause) : undefined;
          report(node, {
            messageId: flaw.messageId,
            data: { id: flaw.id },
            suggest: fix ? [{ messageId: 'useDashes', fix }] : [],
          });
        }
      },
    };
  },
});

/** Bull takes any id; a scheduler makes the ids of its jobs itself, as `repeat` does before version 6. */
function hasCheckedId(
  { ev }: FileFacts,
  { scope, dialect, enqueue, value }: WrittenOptions,
  major: number | undefined,
): boolean {
  if (scope !== 'job' || !enqueue || dialect.name.endsWith('bull') || enqueue.kind === 'scheduler')
    return false;
  return (major ?? 6) >= 6 || ev.lookup(value, 'repeat').state === 'absent';
}

function flawOf({ ev }: FileFacts, { ref, value }: OptionValue, refusesColons: boolean): IdFlaw | undefined {
  const members = membersOf(value).filter((member) => !isNullish(member));
  if (members.length > 1 && members.every(isDeclared) && !members.every((member) => isNumber(ev, member)))
    return undefined;
  for (const member of members) {
    if (isNumber(ev, member)) {
      const shown = ref ?? member.at;
      return { messageId: 'notText', id: shown.module.textOf(shown.node), cause: member.at };
    }
    for (const text of textsOf(ev, member, ref ?? member.at)) {
      const messageId = integerFlaw(ev, text) ?? (refusesColons ? colonFlaw(text) : undefined);
      if (messageId) return { messageId, id: showText(text), cause: causeOf(text, messageId) };
    }
  }
  return undefined;
}

function integerFlaw(ev: Evaluation, text: Text): MessageId | undefined {
  const whole = knownText(text);
  if (whole !== undefined) {
    if (whole === '0' || whole.startsWith('0:')) return 'reserved';
    // BullMQ's own test, `classes/job.ts`
    return whole !== '' && String(parseInt(whole, 10)) === whole ? 'integer' : undefined;
  }
  const isDigits = text.every((piece) =>
    piece.kind === 'text'
      ? /^\d*$/.test(piece.text)
      : membersOf(piece.value).every((member) => isWholeNumber(ev, member)),
  );
  return isDigits ? 'integer' : undefined;
}

function colonFlaw(text: Text): MessageId | undefined {
  const [first] = text;
  if (first?.kind === 'text' && first.text.startsWith('0:')) return 'reserved';
  let colons = 0;
  for (const piece of text) {
    if (piece.kind === 'text') colons += piece.text.split(':').length - 1;
    else if (isIsoTime(piece)) colons += 2;
  }
  if (colons === 0 || colons === 2) return undefined;
  const canHaveMore = text.some((piece) => piece.kind === 'hole' && mayHoldColons(piece));
  return canHaveMore && colons < 2 ? undefined : 'colon';
}

function knownText(text: Text): string | undefined {
  return text.every((piece) => piece.kind === 'text') ? text.map((piece) => piece.text).join('') : undefined;
}

function causeOf(text: Text, messageId: MessageId): Ref {
  const piece =
    (messageId === 'colon'
      ? text.find((part) => part.kind === 'text' && part.text.includes(':'))
      : undefined) ??
    text.find((part) => part.kind === 'hole') ??
    text[0];
  return (piece as Piece).at;
}

const NUMBERS =
  /(?:^global:\.(?:Date\.now|Date#\.(?:getTime|valueOf)|Number|parseInt|Math\.(?:floor|round|ceil|trunc))\(\)|\.length)$/;

function isNumber(ev: Evaluation, value: Value): boolean {
  return (
    (value.kind === 'literal' && typeof value.value === 'number') ||
    (value.kind === 'primitive' && value.type === 'number') ||
    (value.kind === 'external' && (NUMBERS.test(value.path) || isIntegerColumn(ev, value)))
  );
}

/** What is divided can have a fraction, as far as can be told. */
function isWholeNumber(ev: Evaluation, value: Value): boolean {
  return (
    isNumber(ev, value) && !(value.at.node.type === 'BinaryExpression' && value.at.node.operator === '/')
  );
}

type Hole = Extract<Piece, { kind: 'hole' }>;

/** `2026-01-31T10:00:00.000Z` has two colons. */
function isIsoTime({ at, value }: Hole): boolean {
  return [at.node, value.at.node].some((part) => {
    const node = unwrap(part);
    const callee = node.type === 'CallExpression' ? unwrap(node.callee) : undefined;
    return callee?.type === 'MemberExpression' && keyName(callee) === 'toISOString';
  });
}

/** An address or a time brings colons of its own, so that their number is not known. */
function mayHoldColons({ at }: Hole): boolean {
  const node = unwrap(at.node);
  const name =
    node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? keyName(node) : undefined;
  return name !== undefined && /(?:ur[lin]|arn|href|iso|(?:mac|ip)(?:address)?)$/i.test(name);
}

/** Replaces the colons of a literal or template, not those inside of its expressions. */
function useDashes({ module }: FileFacts, cause: Ref): TSESLint.ReportFixFunction | undefined {
  const { node } = cause;
  if (cause.module !== module) return undefined;
  if (node.type !== 'TemplateLiteral' && !(node.type === 'Literal' && typeof node.value === 'string'))
    return undefined;
  const inner: readonly TSESTree.Node[] = node.type === 'TemplateLiteral' ? node.expressions : [];
  let text = '';
  let from = node.range[0];
  for (const expression of inner) {
    text += module.text.slice(from, expression.range[0]).replaceAll(':', '-') + module.textOf(expression);
    from = expression.range[1];
  }
  text += module.text.slice(from, node.range[1]).replaceAll(':', '-');
  return (fixer) => fixer.replaceText(node, text);
}
