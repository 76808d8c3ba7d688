import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Enqueue } from '../src/analysis/jobs/enqueues.ts';
import { isStored, isStoredFirst } from '../src/analysis/jobs/stored.ts';
import { contains, outermost, unwrap, type Node } from '../src/analysis/source/nodes.ts';
import { randomSourceIn, type RandomSource } from '../src/analysis/values/random.ts';
import { isDeclared, textsOf, type Text } from '../src/analysis/values/text.ts';
import { givenRef, throughParameters } from '../src/analysis/values/trace.ts';
import { isNullish, membersOf, type Lookup, type Ref, type Value } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';

interface Options {
  requireTimezone: boolean;
}
type MessageId = 'randomId' | 'both' | 'neither' | 'cron' | 'utc' | 'ignored' | 'noTimezone';

interface Flaw {
  messageId: MessageId;
  data?: Record<string, string>;
  /** The expression to point at. */
  at: Ref;
}

/** What a scheduler sets by itself for each of its jobs, whatever the template says. */
const IGNORED = ['jobId', 'delay', 'deduplication'] as const;

export default createRule<Options, MessageId>({
  name: 'valid-scheduler-options',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Disallow schedulers that multiply, that BullMQ refuses, or that ignore what they are given.',
      preset: 'strict',
      clauses: ['D1'],
      strictOptions: { requireTimezone: true },
    },
    messages: {
      randomId:
        'The id of this scheduler holds `{{source}}`, so each start adds another scheduler and the old ones go on. Use a constant id, or one of what the schedule is about.',
      both: 'BullMQ refuses a scheduler with both `pattern` and `every`. Keep one of them.',
      neither:
        'BullMQ refuses a scheduler with neither `pattern` nor `every`. Say when its jobs are to be added.',
      cron: 'A scheduler does not read `cron`. Write `pattern`, which takes the same text.',
      utc: "BullMQ 6 ignores `utc`: the pattern is read by the clock of the machine. Write `tz: 'UTC'`.",
      ignored:
        'A scheduler ignores the `{{option}}` of its template: it sets that by itself for each job. Leave it out.',
      noTimezone:
        'Without `tz` this pattern follows the clock of whichever machine runs it, and moves with it. Set `tz`, such as `UTC` or `Europe/Berlin`.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          requireTimezone: {
            type: 'boolean',
            description: 'Also report a `pattern` without `tz`.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ requireTimezone: false }],
  },
  create({ facts, options, report }) {
    const flawsOf = (enqueue: Enqueue): Flaw[] => [
      ...idFlaws(facts, enqueue),
      ...repeatFlaws(facts, enqueue, options.requireTimezone),
      ...templateFlaws(facts, enqueue),
    ];
    return {
      enqueue(enqueue) {
        for (const { messageId, data, at } of flawsOf(enqueue))
          report(placeOf(facts, enqueue.call.node, at), { messageId, ...(data ? { data } : {}) });
      },
      passedEnqueue(enqueue) {
        const [call] = enqueue.via;
        const inside = enqueue.schedule && facts.asWritten(enqueue);
        if (!call || !inside) return;
        // What the function does wrong by itself is told there.
        const told = new Set(flawsOf(inside).map(keyOf));
        for (const flaw of flawsOf(enqueue))
          if (!told.has(keyOf(flaw)))
            report(placeOf(facts, call.node, flaw.at), {
              messageId: flaw.messageId,
              ...(flaw.data ? { data: flaw.data } : {}),
            });
      },
    };
  },
});

function keyOf({ messageId, data }: Flaw): string {
  return `${messageId} ${data?.option ?? ''}`;
}

/** The expression where it is written in this file, else the call. */
function placeOf({ ev, module }: FileFacts, call: Node, at: Ref): Node {
  if (at.module === module && (!at.frame || contains(call, at.node))) return at.node;
  const given = throughParameters(ev, at);
  return given.module === module && contains(call, given.node) ? given.node : call;
}

function idFlaws({ ev }: FileFacts, { schedule }: Enqueue): Flaw[] {
  const id = schedule?.id;
  if (!id || endsByItself(ev, schedule.repeat)) return [];
  for (const source of sourcesOf(ev, id)) {
    const carries = (part: Ref): boolean => sourcesOf(ev, part).some(({ at }) => at.node === source.at.node);
    // Whoever keeps the id can take the scheduler away again.
    if (isStoredFirst(ev, source.at) || isStored(ev, id, carries) || isGivenAway(id)) continue;
    return [{ messageId: 'randomId', data: { source: source.name }, at: id }];
  }
  return [];
}

function sourcesOf(ev: FileFacts['ev'], ref: Ref): RandomSource[] {
  return textsOf(ev, ev.evaluate(ref), ref).flatMap((text) => randomSourceIn(ev, text) ?? []);
}

/** A scheduler with an end is none that goes on. */
function endsByItself(ev: FileFacts['ev'], repeat: Ref | undefined): boolean {
  if (!repeat) return false;
  const given = ev.evaluate(repeat);
  return ['limit', 'endDate'].some((key) => ev.lookup(given, key).state !== 'absent');
}

/** Whether the variable with the id is returned, answered, or used to remove the scheduler. */
function isGivenAway({ module, node }: Ref): boolean {
  const variable = module.variableOf(unwrap(node));
  return (variable?.references ?? []).some(({ identifier }) => {
    for (let at: Node | undefined = outermost(identifier).parent; at; at = at.parent) {
      if (at.type === 'ReturnStatement') return true;
      if (at.type === 'CallExpression')
        return (
          at.callee.type === 'MemberExpression' &&
          /remove|delete|^(?:json|send|reply)$/i.test(module.textOf(at.callee.property))
        );
      if (at.type.endsWith('Statement') || at.type === 'VariableDeclarator') return false;
    }
    return false;
  });
}

function repeatFlaws(facts: FileFacts, { schedule }: Enqueue, requireTimezone: boolean): Flaw[] {
  const { ev } = facts;
  const repeat = schedule?.repeat;
  if (!repeat) return [];
  const value = ev.evaluate(repeat);
  const flaws: Flaw[] = [];
  const option = (key: string): Lookup => ev.lookup(value, key);
  const at = (key: string): Ref => givenRef(ev, value, key) ?? repeat;
  const [pattern, every, cron] = ['pattern', 'every', 'cron'].map(option) as [Lookup, Lookup, Lookup];
  if (isSurelyGiven(pattern) && isSurelyGiven(every)) flaws.push({ messageId: 'both', at: at('every') });
  if (mayBeGiven(cron) && isLeftOut(pattern)) flaws.push({ messageId: 'cron', at: at('cron') });
  else if (isLeftOut(pattern) && isLeftOut(every)) flaws.push({ messageId: 'neither', at: repeat });
  const major = facts.version('bullmq')?.major ?? 0;
  const isUtc = major >= 6 && isSurelyGiven(option('utc'));
  if (isUtc) flaws.push({ messageId: 'utc', at: at('utc') });
  // Before version 6 `utc` is a time zone.
  const hasTimezone = !isLeftOut(option('tz')) || isSurelyGiven(option('utc'));
  if (requireTimezone && !hasTimezone && !isUtc && isByClock(ev, pattern, every))
    flaws.push({ messageId: 'noTimezone', at: at('pattern') });
  return flaws;
}

/** Whether a pattern is given whose times are not the same by every clock. */
function isByClock(ev: FileFacts['ev'], pattern: Lookup, every: Lookup): boolean {
  if (pattern.state !== 'known' || isLeftOut(pattern)) return false;
  if (!isLeftOut(every) && !isSurelyGiven(pattern)) return false;
  return membersOf(pattern.value).some(
    (member) => !isNullish(member) && !textsOf(ev, member).every((text) => isEveryHour(writtenOut(text))),
  );
}

/** A pattern with a word for each part that only the running program has: `${minute} * * * *`. */
function writtenOut(text: Text): string {
  return text.map((piece) => (piece.kind === 'text' ? piece.text : 'n')).join('');
}

/** A pattern that has each hour of each day, such as that for every five minutes. */
function isEveryHour(pattern: string): boolean {
  if (/^@(?:hourly|minutely|secondly)$/i.test(pattern.trim())) return true;
  const fields = pattern.trim().split(/\s+/);
  return (
    (fields.length === 5 || fields.length === 6) && fields.slice(-4).every((field) => /^[*?]$/.test(field))
  );
}

function templateFlaws({ ev }: FileFacts, { schedule, jobs }: Enqueue): Flaw[] {
  const options = schedule && jobs[0]?.options;
  if (!options) return [];
  const value = ev.evaluate(options);
  return IGNORED.filter((key) => isSurelyGiven(ev.lookup(value, key))).map((key) => ({
    messageId: 'ignored',
    data: { option: key },
    at: givenRef(ev, value, key) ?? options,
  }));
}

/** Nowhere, or with a value that BullMQ takes as none. */
function isLeftOut(option: Lookup): boolean {
  return option.state === 'absent' || (option.state === 'known' && membersOf(option.value).every(isNothing));
}

function mayBeGiven(option: Lookup): boolean {
  return option.state === 'known' && !isLeftOut(option);
}

/** With a value that is something in every case. */
function isSurelyGiven(option: Lookup): boolean {
  return option.state === 'known' && membersOf(option.value).every(isSomething);
}

function isNothing(value: Value): boolean {
  return value.kind === 'literal' && !value.value;
}

function isSomething(value: Value): boolean {
  switch (value.kind) {
    case 'literal':
      return !isNothing(value);
    case 'primitive':
      return !isDeclared(value);
    case 'object':
    case 'array':
      return true;
    default:
      return false;
  }
}
