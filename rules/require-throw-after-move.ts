import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { isMoveTold, movesJob, type Move } from '../src/analysis/effects/kinds/moves-job.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Processor } from '../src/analysis/jobs/workers.ts';
import { callsByName, isGivenOtherJobs } from '../src/analysis/project/callers.ts';
import { enclosingFunction, outermost, type Node } from '../src/analysis/source/nodes.ts';
import { createRule, type Suggestion } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

type MessageId = 'none' | 'other' | 'throw';

export default createRule<object, MessageId>({
  name: 'require-throw-after-move',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a processor that moves its own job to throw the error that tells the worker.',
      preset: 'strict',
      clauses: ['D3'],
    },
    hasSuggestions: true,
    messages: {
      none: 'The worker does not learn of `{{move}}`: it finishes a job that it no longer holds, and the next run starts beside this one ({{way}}). Throw `new {{error}}()` right after it, on every path.',
      other:
        'The error that follows `{{move}}` does not tell the worker of it ({{way}}). Throw `new {{error}}()`.',
      throw: 'Throw `{{error}}`.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const told = new Set<Node>();
    return {
      processor(processor) {
        const found = facts.effects(processor.fn, movesJob);
        if (found.length === 0 || isForCallers(facts, processor)) return;
        for (const reached of found) {
          const { at, label, error, end } = reached.effect;
          if (told.has(at.node) || told.has(reached.node)) continue;
          told.add(at.node).add(reached.node);
          report(reached.node, {
            messageId: end,
            data: { move: label, error, way: describeWay(facts, reached) },
            suggest: suggestThrow(facts, processor, reached),
          });
        }
      },
    };
  },
});

/** Whether a function that takes a job is a helper whose callers throw, or that is given other jobs. */
function isForCallers({ project }: FileFacts, processor: Processor): boolean {
  const { by, fn } = processor;
  if (by !== 'annotation') return false;
  return (
    isGivenOtherJobs(project, processor) ||
    callsByName(project, fn.at.module, fn.at.node).some(({ module, node }) =>
      isMoveTold(project.ev, module, node, enclosingFunction(node)),
    )
  );
}

/** Puts `throw` in the place of a bare `return`, or at the end, where the error is imported or can be. */
function suggestThrow(
  { module }: FileFacts,
  { fn }: Processor,
  { effect, node }: ReachedEffect<Move>,
): Suggestion<MessageId>[] {
  const { call, error } = effect;
  const waited = outermost(call).parent;
  if (call !== node || error === 'WaitingChildrenError' || waited?.type !== 'AwaitExpression') return [];
  const statement = outermost(waited).parent;
  const block = statement?.parent;
  if (statement?.type !== 'ExpressionStatement' || block?.type !== 'BlockStatement') return [];
  if (enclosingFunction(statement) !== fn.at.node || isInTry(statement, fn.at.node)) return [];
  const next = block.body[block.body.indexOf(statement) + 1];
  const isLast = next ? next.type === 'ReturnStatement' && !next.argument : block === fn.at.node.body;
  const imported = isLast ? importOf(module.ast, error) : undefined;
  if (!imported) return [];
  return [
    {
      messageId: 'throw',
      data: { error },
      fix: (fixer) => [
        ...(imported === 'there' ? [] : [fixer.insertTextAfter(imported, `, ${error}`)]),
        ...endWith(fixer, statement, next, `throw new ${error}();`),
      ],
    },
  ];
}

function endWith(
  fixer: TSESLint.RuleFixer,
  statement: Node,
  next: Node | undefined,
  text: string,
): TSESLint.RuleFix[] {
  return [next ? fixer.replaceText(next, text) : fixer.insertTextAfter(statement, ` ${text}`)];
}

/** Whether a file imports a name of BullMQ, or the last name after which it can. */
function importOf(ast: TSESTree.Program, name: string): 'there' | Node | undefined {
  let last: Node | undefined;
  for (const statement of ast.body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== 'bullmq') continue;
    if ((statement as { importKind?: string }).importKind === 'type') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ImportSpecifier') continue;
      if (specifier.local.name === name) return 'there';
      last = specifier;
    }
  }
  return last;
}

function isInTry(statement: Node, fn: Node): boolean {
  for (let node = statement.parent; node && node !== fn; node = node.parent)
    if (node.type === 'TryStatement') return true;
  return false;
}
