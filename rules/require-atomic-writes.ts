import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { givesKey } from '../src/analysis/effects/clients/keys.ts';
import { isGettingName } from '../src/analysis/effects/deeds.ts';
import { noticedEffects, type NoticedEffect } from '../src/analysis/effects/kinds/noticed.ts';
import { writesDatabase, type DatabaseWrite } from '../src/analysis/effects/kinds/writes-database.ts';
import { isBefore } from '../src/analysis/effects/order.ts';
import { protectionOf } from '../src/analysis/effects/protection.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

type Write = ReachedEffect<DatabaseWrite>;

export default createRule<object, 'writes' | 'flag'>({
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
      flag: 'Two runs that look at this flag at the same time both do `{{first}}`, and so does the retry of one that ends before it is set ({{way}}). Lock the row, look, act and set the flag in one transaction, or claim the work in one atomic step.',
    },
    schema: [],
  },
  create({ facts, settings, report }) {
    const noticed = noticedEffects(settings.externalCalls);
    return {
      processor({ fn }) {
        const writes = facts.effects(fn, writesDatabase);
        if (writes.length === 0) return;
        const alone = writes.filter((write) => !facts.isInTransaction(write));
        const pair = firstPair(alone);
        if (pair) {
          tell('writes', pair[0], pair[1]);
          return;
        }
        const flags = writes.filter(({ effect }) => effect.isFlag);
        if (flags.length === 0) return;
        for (const act of facts.effects(fn, noticed).filter((reached) => isOpen(facts, reached))) {
          const flag = flags.find((write) => isBefore(act, write));
          if (!flag) continue;
          tell('flag', act, flag);
          return;
        }
      },
    };

    function tell(messageId: 'writes' | 'flag', first: ReachedEffect, second: Write): void {
      const data = { first: first.effect.label, way: describeWay(facts, second) };
      report(second.node, { messageId, data });
    }
  },
});

/**
 * The first two writes of one way that belong together: that are to different tables, or both count on what is there.
 * Where the first is one that a retry does not make good (an insert, an increment), the pair is told before others.
 */
function firstPair(writes: readonly Write[]): [Write, Write] | undefined {
  let found: [Write, Write] | undefined;
  for (const second of writes)
    for (const first of writes) {
      if (first === second || !isBefore(first, second) || isBefore(second, first)) continue;
      const belong =
        first.effect.table !== second.effect.table || (first.effect.isRelative && second.effect.isRelative);
      if (!belong) continue;
      if (first.effect.isRelative) return [first, second];
      if (!comesWithReading(first)) found ??= [first, second];
    }
  return found;
}

/** A getter that brings up to date what it reads, a client that stores its new token: no step of the job's work. */
function comesWithReading({ way }: Write): boolean {
  return way.slice(1).some(({ name }) => isGettingName(name));
}

/** A mail or a payment that two runs can both get to. */
function isOpen({ ev }: FileFacts, reached: ReachedEffect<NoticedEffect>): boolean {
  const { effect } = reached;
  if (effect.deed !== 'message' && effect.deed !== 'payment') return false;
  if (effect.client && givesKey(ev, effect.call, effect.client)) return false;
  const { claim, rowLock } = protectionOf(ev, reached);
  return !claim && !rowLock;
}
