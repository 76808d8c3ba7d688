import type { TSESLint } from '@typescript-eslint/utils';
import { endsWork } from '../src/analysis/effects/kinds/ends-work.ts';
import type { FileFacts, Listening } from '../src/analysis/file-facts.ts';
import { attemptsOf, listenedQueue } from '../src/analysis/project/retries.ts';
import { outermost, type Node } from '../src/analysis/source/nodes.ts';
import { createRule } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

interface Options {
  reportUnknown: boolean;
}

export default createRule<Options, 'early' | 'check'>({
  name: 'no-terminal-action-per-attempt',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow listeners of `failed` that act as if every attempt were the last.',
      preset: 'strict',
      clauses: ['C4'],
      strictOptions: { reportUnknown: true },
    },
    hasSuggestions: true,
    messages: {
      early:
        'A worker tells of every failed attempt, so this happens {{times}}, and also for a job whose retry succeeds ({{way}}). Do it only where {{check}}.',
      check: 'Check for the final failure.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          reportUnknown: {
            type: 'boolean',
            description: 'Also report where it cannot be seen how often the jobs are tried.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ reportUnknown: false }],
  },
  create({ facts, options, report }) {
    return {
      file() {
        const { project } = facts;
        for (const listening of facts.listening) {
          const { fn, listener } = listening;
          if (!tellsOfAttempts(listening)) continue;
          const [first] = facts.effects(fn, endsWork);
          if (!first) continue;
          const attempts = attemptsOf(project, listenedQueue(project, listener));
          if (attempts === 'unknown' ? !options.reportUnknown : attempts <= 1) continue;
          const isBull = listener.dialect.family === 'bull';
          const fix = isBull ? undefined : checking(facts, listening, first.node);
          report(first.node, {
            messageId: 'early',
            data: {
              times: attempts === 'unknown' ? 'once for each of them' : `up to ${String(attempts)} times`,
              way: describeWay(facts, first),
              check: isBull
                ? '`job.attemptsMade` has reached `job.opts.attempts`'
                : '`job.finishedOn` is set',
            },
            suggest: fix ? [{ messageId: 'check', fix }] : [],
          });
        }
      },
    };
  },
});

/** Queue events tell of the final failure alone. */
function tellsOfAttempts({ listener: { event, role, dialect } }: Listening): boolean {
  return event === 'failed' && (role === 'worker' || (role === 'queue' && dialect.family === 'bull'));
}

/** Puts `if (job?.finishedOn)` before a statement of the listener itself. */
function checking(
  { module }: FileFacts,
  { fn }: Listening,
  node: Node,
): TSESLint.ReportFixFunction | undefined {
  const [job] = fn.at.node.params;
  if (job?.type !== 'Identifier') return undefined;
  let expression = outermost(node);
  if (expression.parent?.type === 'AwaitExpression') expression = outermost(expression.parent);
  const statement = expression.parent;
  if (statement?.type !== 'ExpressionStatement' || statement.parent !== fn.at.node.body) return undefined;
  return (fixer) =>
    fixer.replaceText(statement, `if (${job.name}?.finishedOn) { ${module.textOf(statement)} }`);
}
