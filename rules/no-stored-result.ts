import type { TSESLint } from '@typescript-eslint/utils';
import { bulkIn, type FoundBulk } from '../src/analysis/entities/bulk.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Processor } from '../src/analysis/jobs/workers.ts';
import { isStarted } from '../src/analysis/project/application.ts';
import { callsByName } from '../src/analysis/project/callers.ts';
import { canReadResults } from '../src/analysis/project/results.ts';
import { outermost, unwrap, type Node } from '../src/analysis/source/nodes.ts';
import { here } from '../src/analysis/values/evaluation.ts';
import { returnsOf } from '../src/analysis/values/functions.ts';
import { createRule } from '../src/plugin/create-rule.ts';

export default createRule<object, 'stored' | 'drop'>({
  name: 'no-stored-result',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Disallow processors that return what is large and that nothing reads.',
      preset: 'strict',
      clauses: ['C3'],
    },
    hasSuggestions: true,
    messages: {
      stored:
        'Nothing in this project reads the result of this job, and Redis keeps it twice, in the job and in the events of the queue: {{what}} (`{{name}}`). Return nothing, or the few numbers that tell how it went.',
      drop: 'Return nothing.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const { project, module } = facts;
    return {
      processor(processor) {
        const { fn, by, queueName } = processor;
        // A function that only takes a job may be a step of the processor: its result need not be the job's.
        if (by === 'annotation' || !isStarted(project, module.path)) return;
        for (const result of returnsOf(fn.at.module, fn.at.node)) {
          const found = bulkIn(facts.ev, here(fn.at.module, result, fn.at.frame)).filter(
            ({ at }) => at.module === module,
          );
          if (found.length === 0 || canReadResults(project, queueName) || isCalled(facts, processor))
            continue;
          const [first] = found as [FoundBulk];
          report(first.at.node, {
            messageId: 'stored',
            data: { what: first.what, name: short(module.textOf(unwrap(first.at.node))) },
            suggest:
              first.isWhole && (first.at.node === result || first.at.node === awaited(result))
                ? dropping(facts, processor, result).map((fix) => ({ messageId: 'drop', fix }))
                : [],
          });
        }
      },
    };
  },
});

/** Whether code calls the function by itself, and so has its result without the queue. */
function isCalled({ project }: FileFacts, { by, fn }: Processor): boolean {
  return (
    by === 'worker' &&
    callsByName(project, fn.at.module, fn.at.node).some(
      ({ node }) => outermost(node).parent?.type !== 'ExpressionStatement',
    )
  );
}

function awaited(node: Node): Node {
  const value = unwrap(node);
  return value.type === 'AwaitExpression' ? unwrap(value.argument) : value;
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 40 ? line : `${line.slice(0, 37)}...`;
}

/** `return user` becomes `return`; `return save()` becomes `await save()`. */
function dropping({ module }: FileFacts, { fn }: Processor, result: Node): TSESLint.ReportFixFunction[] {
  const statement = result.parent;
  if (statement?.type !== 'ReturnStatement' || !fn.at.node.async) return [];
  const value = unwrap(result);
  if (value.type === 'Identifier') return [(fixer) => fixer.replaceText(statement, 'return;')];
  const call = awaited(value);
  const { body } = fn.at.node;
  const block = statement.parent;
  if (call.type !== 'CallExpression' || block.type !== 'BlockStatement') return [];
  const isLast = block === body && body.body.at(-1) === statement;
  const text = `await ${module.textOf(call)};${isLast ? '' : ' return;'}`;
  return [(fixer) => fixer.replaceText(statement, text)];
}
