import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { exits } from '../src/analysis/effects/kinds/exits.ts';
import { finishesJob, type Finish } from '../src/analysis/effects/kinds/finishes-job.ts';
import type { Processor } from '../src/analysis/jobs/workers.ts';
import { isGivenOtherJobs } from '../src/analysis/project/callers.ts';
import { enclosingFunction, outermost, type Node } from '../src/analysis/source/nodes.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

type MessageId = 'completes' | 'fails' | 'exits' | 'return' | 'throw';
type Tools = RuleTools<object, MessageId>;

export default createRule<object, MessageId>({
  name: 'no-manual-finish',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow a processor that finishes its own job, or ends the process.',
      preset: 'strict',
      clauses: ['C4'],
    },
    hasSuggestions: true,
    messages: {
      completes:
        'The worker completes the job once more and gets an error in place of the `completed` event{{next}} ({{way}}). Return the result instead.',
      fails:
        'The worker finishes the job once more and gets an error in place of the `failed` event ({{way}}). Throw the error instead, an `UnrecoverableError` where no attempt should follow.',
      exits:
        'This ends the process with every job that runs in it, and those stay active until they are found stalled ({{way}}). Throw an error, and let the worker fail this job alone.',
      return: 'Return the result.',
      throw: 'Throw the error.',
    },
    schema: [],
  },
  create(tools) {
    const { facts, report } = tools;
    // However many jobs and calls lead to it, one call is one root cause.
    const told = new Set<Node>();
    const isNew = ({ effect, node }: ReachedEffect): boolean => {
      const isFirst = !told.has(effect.at.node) && !told.has(node);
      told.add(effect.at.node).add(node);
      return isFirst;
    };
    return {
      processor(processor) {
        const { fn, sandboxed } = processor;
        const found: readonly ReachedEffect<Finish>[] = facts.effects(fn, finishesJob);
        // A process of its own ends alone.
        const ends: readonly ReachedEffect[] =
          sandboxed || isPerhapsSandboxed(processor) ? [] : facts.effects(fn, exits);
        if (found.length + ends.length === 0 || isGivenOtherJobs(facts.project, processor)) return;
        for (const reached of found)
          if (isNew(reached))
            report(reached.node, {
              messageId: reached.effect.method === 'moveToFailed' ? 'fails' : 'completes',
              data: {
                // BullMQ: `moveToCompleted(result, token, fetchNext = true)`
                next:
                  reached.effect.call.arguments.length < 3
                    ? ', and the next job is fetched and never run'
                    : '',
                way: describeWay(facts, reached),
              },
              suggest: suggestEnding(tools, processor, reached),
            });
        for (const reached of ends)
          if (isNew(reached))
            report(reached.node, { messageId: 'exits', data: { way: describeWay(facts, reached) } });
      },
    };
  },
});

/** The default export of a file that no worker is known to import may be the file of a sandboxed one. */
function isPerhapsSandboxed({ by, fn }: Processor): boolean {
  if (by !== 'annotation') return false;
  const { module, node } = fn.at;
  const { named, whole } = module.exports;
  const target = named.get('default');
  const exported = whole ?? (target?.kind === 'node' ? target.node : undefined);
  if (!exported) return false;
  return (
    exported === node ||
    (exported.type === 'Identifier' &&
      module
        .variableOf(exported)
        ?.defs.some(
          ({ node: definition }) =>
            definition === node || (definition as { init?: Node | null }).init === node,
        ) === true)
  );
}

interface Ending {
  messageId: 'return' | 'throw';
  fix: TSESLint.ReportFixFunction;
}

/** `await job.moveToFailed(error, token); return;` as `throw error;`, where the processor ends with it. */
function suggestEnding(
  { sourceCode }: Tools,
  { fn }: Processor,
  { effect, node }: ReachedEffect<Finish>,
): Ending[] {
  const [given] = effect.call.arguments;
  const waited = outermost(effect.call).parent;
  if (effect.call !== node || !given || given.type === 'SpreadElement' || waited?.type !== 'AwaitExpression')
    return [];
  const statement = outermost(waited).parent;
  const block = statement?.parent;
  if (statement?.type !== 'ExpressionStatement' || block?.type !== 'BlockStatement') return [];
  if (enclosingFunction(statement) !== fn.at.node || isInTry(statement, fn.at.node)) return [];
  const next = block.body[block.body.indexOf(statement) + 1];
  const isLast = next ? isBareReturn(next) : block === fn.at.node.body;
  if (!isLast) return [];
  const word = effect.method === 'moveToFailed' ? 'throw' : 'return';
  const end = next ?? statement;
  return [
    {
      messageId: word,
      fix: (fixer) =>
        fixer.replaceTextRange([statement.range[0], end.range[1]], `${word} ${sourceCode.getText(given)};`),
    },
  ];
}

function isBareReturn(statement: TSESTree.Statement): boolean {
  return statement.type === 'ReturnStatement' && !statement.argument;
}

function isInTry(statement: Node, fn: Node): boolean {
  for (let node = statement.parent; node && node !== fn; node = node.parent)
    if (node.type === 'TryStatement') return true;
  return false;
}
