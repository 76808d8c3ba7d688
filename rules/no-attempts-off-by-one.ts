import type { TSESLint } from '@typescript-eslint/utils';
import {
  comparesAttempts,
  readerOf,
  type AttemptsComparison,
} from '../src/analysis/effects/kinds/compares-attempts.ts';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import type { FileFacts, Listening } from '../src/analysis/file-facts.ts';
import type { Dialect } from '../src/analysis/jobs/dialects/index.ts';
import { unwrap, type Node } from '../src/analysis/source/nodes.ts';
import { createRule, type Problem, type RuleTools } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

type MessageId = 'processor' | 'listener' | 'early' | 'either' | 'addOne' | 'finishedOn';
type Tools = RuleTools<object, MessageId>;

export default createRule<object, MessageId>({
  name: 'no-attempts-off-by-one',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Disallow comparing `attemptsMade` with `attempts` as if it counted the attempt that is running.',
      preset: 'recommended',
      clauses: ['D3'],
    },
    hasSuggestions: true,
    messages: {
      processor:
        'While a job runs `attemptsMade` does not count the running attempt, so this comparison never sees the last one ({{way}}). Compare `attemptsMade + 1` with `attempts`.',
      listener:
        'A job can fail for good before its attempts are used up (`UnrecoverableError`, stalled too often), and this comparison misses it ({{way}}). Test whether `job.finishedOn` is set.',
      early:
        'In a `failed` listener `attemptsMade` already counts the attempt that failed, so this comparison takes the last but one for the last ({{way}}). Test whether `job.finishedOn` is set.',
      either:
        'In a processor `attemptsMade` does not count the running attempt, and in a `failed` listener this comparison misses jobs that fail early ({{way}}). Compare `attemptsMade + 1` in the one, test `job.finishedOn` in the other.',
      addOne: 'Count the running attempt.',
      finishedOn: 'Test `finishedOn`.',
    },
    schema: [],
  },
  create(tools) {
    const { facts, report } = tools;
    const listening = facts.listening.filter(({ listener }) => listener.event === 'failed');
    const told = new Set<Node>();
    const tell = (reached: ReachedEffect<AttemptsComparison>, problem: Problem<MessageId>): void => {
      if (told.has(reached.node)) return;
      told.add(reached.node);
      report(reached.node, problem);
    };
    return {
      processor({ fn, by, dialect }) {
        if (listening.some((listener) => listener.fn.at.node === fn.at.node)) return;
        if (countsRunningAttempt(facts, dialect)) return;
        for (const reached of facts.effects(fn, comparesAttempts))
          if (reached.effect.offset === 0 && !reached.effect.isFetched)
            tell(reached, {
              messageId: by === 'annotation' ? 'either' : 'processor',
              data: { way: describeWay(facts, reached) },
              suggest: by === 'annotation' ? [] : suggestOne(tools, reached),
            });
      },
      file() {
        for (const listener of listening)
          for (const reached of comparisonsOf(facts, listener))
            tell(reached, {
              messageId: reached.effect.offset === 0 ? 'listener' : 'early',
              data: { way: describeWay(facts, reached) },
              suggest: suggestFinishedOn(tools, reached),
            });
      },
    };
  },
});

/** Before version 5 an attempt was counted when it began. */
function countsRunningAttempt(facts: FileFacts, dialect: Dialect): boolean {
  return dialect.name.includes('bullmq') && (facts.version('bullmq')?.major ?? 5) < 5;
}

/** The comparisons by which a listener tells the last failure, and does so wrongly. */
function comparisonsOf(facts: FileFacts, { fn }: Listening): readonly ReachedEffect<AttemptsComparison>[] {
  return facts
    .effects(fn, comparesAttempts)
    .filter(
      ({ effect }) =>
        !effect.asksMore &&
        (effect.offset === 0 || (effect.offset === -1 && !/^(?:>|<=)$/.test(effect.operator))),
    );
}

interface Fix {
  messageId: 'addOne' | 'finishedOn';
  fix: TSESLint.ReportFixFunction;
}

function suggestOne({ facts, sourceCode }: Tools, reached: ReachedEffect<AttemptsComparison>): Fix[] {
  const { at, made } = reached.effect;
  if (at.module !== facts.module || !made) return [];
  const node = unwrap(made);
  if (!/^(?:Identifier|MemberExpression|LogicalExpression)$/.test(node.type)) return [];
  const text = sourceCode.getText(made);
  const counted = node.type === 'LogicalExpression' ? `(${text}) + 1` : `${text} + 1`;
  return [{ messageId: 'addOne', fix: (fixer) => fixer.replaceText(made, counted) }];
}

function suggestFinishedOn({ facts, sourceCode }: Tools, reached: ReachedEffect<AttemptsComparison>): Fix[] {
  const { at, made, comparison, operator } = reached.effect;
  const reader = made && at.module === facts.module ? readerOf(made) : undefined;
  if (!reader) return [];
  const read = `${sourceCode.getText(reader.object)}${reader.isOptional ? '?.' : '.'}finishedOn`;
  const test = `${read} ${/^(?:<=?|!==?)$/.test(operator) ? '===' : '!=='} undefined`;
  return [{ messageId: 'finishedOn', fix: (fixer) => fixer.replaceText(comparison, test) }];
}
