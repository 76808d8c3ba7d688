import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { givesKey } from '../src/analysis/effects/clients/keys.ts';
import { marksFailure } from '../src/analysis/effects/failure-marks.ts';
import { isLookedAt } from '../src/analysis/effects/gates.ts';
import { noticedEffects, type NoticedEffect } from '../src/analysis/effects/kinds/noticed.ts';
import { writesDatabase, type DatabaseWrite } from '../src/analysis/effects/kinds/writes-database.ts';
import { isBefore } from '../src/analysis/effects/order.ts';
import { worstPair, type Pair } from '../src/analysis/effects/pairs.ts';
import { protectionOf } from '../src/analysis/effects/protection.ts';
import { areApart, type Around } from '../src/analysis/effects/transactional.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

type Write = ReachedEffect<DatabaseWrite>;
type MessageId = 'writes' | 'unreached' | 'apart' | 'flag' | 'unseen';

const TOGETHER =
  'Lock the row, look, act and set the flag in one transaction, or claim the work in one atomic step.';

export default createRule<object, MessageId>({
  name: 'require-atomic-writes',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require writes that belong together, and an effect and its flag, to be made as one.',
      preset: 'strict',
      clauses: ['D6'],
    },
    messages: {
      writes:
        'A job that ends between this write and `{{first}}` leaves the one without the other, and its retry begins anew ({{way}}). Make both in one database transaction.',
      unreached:
        'A job that ends between `{{first}}` and this write leaves the one without the other, and its retry never gets here: it looks at what the first has changed ({{way}}). Make both in one database transaction.',
      apart:
        'A job that ends for good between `{{first}}` and this write, as by its last attempt, leaves the one without the other ({{way}}). Make both in one database transaction.',
      flag: `Two runs that look at this flag at the same time both do \`{{first}}\`, and so does the retry of one that ends before it is set ({{way}}). ${TOGETHER}`,
      unseen: `Every retry and every second run does \`{{first}}\` again: nothing looks at this flag before it ({{way}}). ${TOGETHER}`,
    },
    schema: [],
  },
  create({ facts, settings, report }) {
    const { ev } = facts;
    const noticed = noticedEffects(settings.externalCalls);
    return {
      processor({ fn }) {
        const writes = facts.effects(fn, writesDatabase);
        if (writes.length === 0) return;
        const around = new Map(writes.map((write) => [write, facts.transactionAround(write)]));
        const pair = worstPair(
          ev,
          writes.filter((write) => !around.get(write)),
        );
        const worst = pair && isMended(pair) ? undefined : (pair ?? committedApart(ev, around));
        if (worst) {
          tell(worst.harm === 'unreached' ? 'unreached' : 'writes', worst.first, worst.second);
          return;
        }
        const flagged = flaggedEffect(facts, facts.effects(fn, noticed), writes);
        if (flagged && (flagged.isSeen || pair?.harm !== 'repeatable'))
          tell(flagged.isSeen ? 'flag' : 'unseen', flagged.act, flagged.flag);
        else if (pair) tell('apart', pair.first, pair.second);
      },
    };

    function tell(messageId: MessageId, first: ReachedEffect, second: Write): void {
      const data = { first: first.effect.label, way: describeWay(facts, second) };
      report(second.node, { messageId, data });
    }
  },
});

/** Whether the retry makes both writes again, and the first adds nothing to what is there. */
function isMended({ harm }: Pair): boolean {
  return harm === 'repeatable' || harm === 'apart';
}

/** Two writes that are each safe in a transaction, and those are two: the first is committed and made again. */
function committedApart(
  ev: FileFacts['ev'],
  around: ReadonlyMap<Write, Around | undefined>,
): Pair | undefined {
  const inside = [...around.keys()].filter((write) => around.get(write));
  const pair = worstPair(ev, inside, (first, second) => {
    const [one, other] = [around.get(first), around.get(second)];
    return one !== undefined && other !== undefined && areApart(one, other);
  });
  return pair && !isMended(pair) ? pair : undefined;
}

interface Flagged {
  act: ReachedEffect<NoticedEffect>;
  flag: Write;
  /** Whether the way to the effect looks at the flag. */
  isSeen: boolean;
}

/** A mail or a payment that two runs can both get to, and the flag that tells of it; one that is looked at if any is. */
function flaggedEffect(
  facts: FileFacts,
  effects: readonly ReachedEffect<NoticedEffect>[],
  writes: readonly Write[],
): Flagged | undefined {
  const flags = writes.filter(
    (write) => write.effect.isFlag && !write.effect.isUpsert && !marksFailure(write),
  );
  if (flags.length === 0) return undefined;
  let found: Flagged | undefined;
  for (const act of effects) {
    const after = flags.filter((flag) => isBefore(act, flag));
    const [flag] = after;
    if (!flag || !isMessageOrPayment(facts, act)) continue;
    const { claim, rowLock, state } = protectionOf(facts.ev, act);
    if (claim || rowLock) continue;
    const seen = after.find((one) => isLookedAt(facts.ev, act, one));
    if (seen) return { act, flag: seen, isSeen: true };
    // A list that a function has found by its state was found by the flag.
    if (isOf(flag, act)) found ??= { act, flag, isSeen: state };
  }
  return found;
}

/**
 * Whether a flag that nothing looks at is that of the effect: it is set where the effect is made, or is called so
 * (`sentAt`, `markPaid()`).
 */
function isOf({ way, effect: { at } }: Write, act: ReachedEffect): boolean {
  if (way.at(-1)?.at.node === act.way.at(-1)?.at.node) return true;
  const called = way.map(({ name }) => name).join();
  return /sent|notif|deliver|mail|paid|charg|publish|remind|dispatch/i.test(
    called + at.module.textOf(at.node),
  );
}

/** A mail or a payment, with no key by which the provider knows it again. */
function isMessageOrPayment({ ev }: FileFacts, { effect }: ReachedEffect<NoticedEffect>): boolean {
  if (effect.deed !== 'message' && effect.deed !== 'payment') return false;
  return !(effect.client && givesKey(ev, effect.call, effect.client));
}
