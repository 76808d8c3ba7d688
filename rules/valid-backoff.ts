import type { TSESLint } from '@typescript-eslint/utils';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { nameText } from '../src/analysis/jobs/recognize.ts';
import type { OptionValue, WrittenOptions } from '../src/analysis/jobs/options.ts';
import { backoffStrategy } from '../src/analysis/project/backoff-strategies.ts';
import { keyName, unwrap, type Node } from '../src/analysis/source/nodes.ts';
import { beside, here } from '../src/analysis/values/evaluation.ts';
import { isDeclared } from '../src/analysis/values/text.ts';
import { partRef } from '../src/analysis/values/trace.ts';
import {
  isNullish,
  membersOf,
  numberOf,
  stringOf,
  type Ref,
  type Value,
} from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { flawedOptions, type Flaw } from '../src/plugin/option-view.ts';

type MessageId = 'noDelay' | 'badDelay' | 'misspelled' | 'unknownType' | 'jitter' | 'addDelay' | 'rename';

interface BackoffFlaw extends Flaw {
  messageId: MessageId;
  data: Record<string, string>;
  /** Where the value stands that is wrong, when it is a part of the backoff. */
  at?: Ref | undefined;
}

const TYPES = ['fixed', 'exponential'] as const;

export default createRule<object, MessageId>({
  name: 'valid-backoff',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow a backoff that does not back off, or that BullMQ does not know.',
      preset: 'recommended',
      clauses: ['D4'],
    },
    hasSuggestions: true,
    messages: {
      noDelay:
        'A backoff of type `{{type}}` without a `delay` does not wait: all attempts are used up at once. Set `delay`, in milliseconds.',
      badDelay:
        'A backoff with a delay of {{delay}} does not wait: all attempts are used up at once. Set a positive number of milliseconds.',
      misspelled:
        'BullMQ does not know the backoff type `{{type}}`: a job that fails is neither retried nor failed, and stays active. Write `{{right}}`.',
      unknownType:
        'BullMQ does not know the backoff type {{type}}, and no worker of the queue has a `backoffStrategy`: a job that fails is neither retried nor failed, and stays active. Use `fixed` or `exponential`, or give the worker a `settings.backoffStrategy`.',
      jitter: 'BullMQ throws on a `jitter` of {{jitter}}. It is a fraction of the delay, from 0 to 1.',
      addDelay: 'Add a `delay` of one second.',
      rename: 'Write `{{right}}`.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const look = (options: WrittenOptions): void => {
      if (options.scope !== 'job' && options.scope !== 'job-defaults') return;
      for (const { flaw, node } of flawedOptions(facts, options, ['backoff'], (given) =>
        flawOf(facts, given, options),
      )) {
        const { messageId, data, at } = flaw;
        const place =
          at?.module === facts.module &&
          node.range[0] <= at.node.range[0] &&
          at.node.range[1] <= node.range[1]
            ? at.node
            : node;
        report(place, { messageId, data, suggest: suggestions(facts, flaw, place) });
      }
    };
    return { options: look, passedOptions: look };
  },
});

function flawOf(facts: FileFacts, { value }: OptionValue, options: WrittenOptions): BackoffFlaw | undefined {
  for (const member of membersOf(value)) {
    const found =
      member.kind === 'object' ? ofObject(facts, member, options) : ofShorthand(facts, member, options);
    if (found) return found;
  }
  return undefined;
}

/** `backoff: 3000` is a fixed one; a text or `true` has no type that BullMQ could know. */
function ofShorthand(facts: FileFacts, value: Value, options: WrittenOptions): BackoffFlaw | undefined {
  const number = numberOf(value);
  if (number !== undefined)
    return number > 0
      ? undefined
      : { messageId: 'badDelay', cause: value.at, data: { delay: `\`${String(number)}\`` } };
  const text = stringOf(value);
  const isTrue = value.kind === 'literal' && value.value === true;
  if ((text === undefined || text === '') && !isTrue) return undefined;
  const isBuiltIn = TYPES.some((type) => type === text);
  return isBuiltIn || isUnknownType(facts, options)
    ? { messageId: 'unknownType', cause: value.at, data: { type: '`undefined`' } }
    : undefined;
}

function ofObject(facts: FileFacts, backoff: Value, options: WrittenOptions): BackoffFlaw | undefined {
  const { ev } = facts;
  const type = ev.lookup(backoff, 'type');
  const jitter = ev.lookup(backoff, 'jitter');
  if (jitter.state === 'known')
    for (const member of membersOf(jitter.value)) {
      const number = numberOf(member);
      if (number !== undefined && !(number >= 0 && number <= 1))
        return {
          messageId: 'jitter',
          cause: member.at,
          at: partOf(backoff, 'jitter'),
          data: { jitter: `\`${String(number)}\`` },
        };
    }
  if (type.state === 'absent')
    return isUnknownType(facts, options)
      ? { messageId: 'unknownType', cause: backoff.at, data: { type: '`undefined`' } }
      : undefined;
  if (type.state !== 'known') return undefined;
  const types = membersOf(type.value);
  for (const member of types) {
    const text = stringOf(member);
    if (text === undefined || isBuiltIn(text)) continue;
    const right = TYPES.find((builtIn) => isNear(text, builtIn));
    const at = { cause: member.at, at: partOf(backoff, 'type') };
    if (right !== undefined && !isStrategyOf(facts, text, options))
      return { messageId: 'misspelled', ...at, data: { type: text, right } };
    if (isUnknownType(facts, options))
      return { messageId: 'unknownType', ...at, data: { type: `\`${text}\`` } };
  }
  return types.every((member) => isBuiltIn(stringOf(member) ?? ''))
    ? delayFlaw(facts, backoff, types)
    : undefined;
}

function isBuiltIn(type: string): boolean {
  return TYPES.some((builtIn) => builtIn === type);
}

function delayFlaw({ ev }: FileFacts, backoff: Value, types: readonly Value[]): BackoffFlaw | undefined {
  const delay = ev.lookup(backoff, 'delay');
  if (delay.state === 'absent') {
    const type = types.map(stringOf).join('` or `');
    return { messageId: 'noDelay', cause: backoff.at, data: { type } };
  }
  if (delay.state !== 'known') return undefined;
  for (const member of membersOf(delay.value)) {
    const isBad =
      (isNullish(member) && !isDeclared(member)) ||
      (member.kind === 'literal' &&
        !isNullish(member) &&
        !(typeof member.value === 'number' && member.value > 0)) ||
      (member.kind === 'primitive' && member.type !== 'number');
    if (!isBad) continue;
    const shown =
      member.kind === 'literal' && typeof member.value === 'string'
        ? `'${member.value}'`
        : member.kind === 'literal'
          ? String(member.value)
          : member.at.module.textOf(member.at.node);
    return {
      messageId: 'badDelay',
      cause: member.at,
      at: partOf(backoff, 'delay'),
      data: { delay: `\`${shown}\`` },
    };
  }
  return undefined;
}

function partOf(backoff: Value, key: string): Ref | undefined {
  return backoff.kind === 'object' ? partRef(backoff, key) : undefined;
}

/** Whether no worker that can be the queue's has a strategy for types of its own. */
function isUnknownType(facts: FileFacts, options: WrittenOptions): boolean {
  if (options.dialect.name.endsWith('bull')) return false;
  const names = queueNames(facts, options);
  return names.every((name) => backoffStrategy(facts.project, name) === 'none');
}

/** The queues that the options can be for; `undefined` for any. */
function queueNames({ ev }: FileFacts, options: WrittenOptions): (string | undefined)[] {
  const { enqueue, job, at, queueName } = options;
  if (queueName !== undefined) return [queueName];
  if (enqueue && job) {
    if (enqueue.kind !== 'flow' && enqueue.kind !== 'flows')
      return enqueue.targets.map((target) => nameText(ev, target));
    const name = ev.lookup(ev.evaluate(job.at), 'queueName');
    return [name.state === 'known' ? stringOf(name.value) : undefined];
  }
  const name = at.node.type === 'NewExpression' ? at.node.arguments[0] : undefined;
  return [name && stringOf(ev.evaluate(beside(at, name)))];
}

/** Whether a type that looks misspelled is spelled so where the strategies are, too. */
function isStrategyOf(facts: FileFacts, type: string, options: WrittenOptions): boolean {
  if (isUnknownType(facts, options)) return false;
  return facts.project.index.modules.some(
    (module) =>
      module.text.includes('backoffStrateg') &&
      module.text.includes(type) &&
      (module.nodes('Literal').some((node) => node.value === type && !isTypeOption(node)) ||
        module.nodes('Property').some((node) => keyName(node) === type)),
  );
}

/** `'mixed'` of `{ type: 'mixed' }` */
function isTypeOption({ parent }: Node): boolean {
  return parent?.type === 'Property' && keyName(parent) === 'type';
}

/** At most two letters apart, whatever their case. */
function isNear(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  if (Math.abs(left.length - right.length) > 2) return false;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return (row[right.length] ?? Infinity) <= 2;
}

function suggestions(
  facts: FileFacts,
  { messageId, data }: BackoffFlaw,
  place: Node,
): { messageId: MessageId; data?: Record<string, string>; fix: TSESLint.ReportFixFunction }[] {
  const node = unwrap(place);
  if (messageId === 'misspelled' && node.type === 'Literal')
    return [{ messageId: 'rename', data, fix: (fixer) => fixer.replaceText(node, `'${data.right ?? ''}'`) }];
  if (messageId !== 'noDelay' || node.type !== 'ObjectExpression') return [];
  const type = node.properties.at(-1);
  return type && facts.ev.evaluate(here(facts.module, node)).kind === 'object'
    ? [{ messageId: 'addDelay', fix: (fixer) => fixer.insertTextAfter(type, ', delay: 1000') }]
    : [];
}
