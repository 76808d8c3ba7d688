import type { TSESLint } from '@typescript-eslint/utils';
import { rejectionOf } from '../src/analysis/effects/rejections.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Listener } from '../src/analysis/jobs/listeners.ts';
import { outlivesRejections } from '../src/analysis/project/rejection-handlers.ts';
import { calleeName, unwrap, type FunctionNode, type Node } from '../src/analysis/source/nodes.ts';
import { here } from '../src/analysis/values/evaluation.ts';
import { returnsOf } from '../src/analysis/values/functions.ts';
import type { FunctionValue, Ref } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';

export default createRule<object, 'rejects' | 'catchAll'>({
  name: 'no-throwing-listener',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow async listeners of workers and queues whose promise can be rejected.',
      preset: 'recommended',
      clauses: ['C4'],
    },
    hasSuggestions: true,
    messages: {
      rejects:
        'Nobody handles the promise of a listener: when {{what}} rejects, the process ends with every job that runs in it. Catch it in the listener.',
      catchAll: 'Catch what the body throws, and log it.',
    },
    schema: [],
  },
  create({ facts, report }) {
    return {
      listener(listener) {
        if (outlivesRejections(facts.project)) return;
        for (const fn of listener.functions) {
          const rejection = rejectionIn(facts, fn);
          const node = placeOf(facts, listener, fn);
          if (!rejection || !node) continue;
          const fix = node === fn.at.node ? catching(listener, fn.at.node) : undefined;
          report(node, {
            messageId: 'rejects',
            data: { what: describe(rejection) },
            suggest: fix ? [{ messageId: 'catchAll', fix }] : [],
          });
        }
      },
    };
  },
});

/** Where a listener can be rejected. One that only returns the promise of an enqueue drops it, which is told elsewhere. */
function rejectionIn({ ev, project }: FileFacts, fn: FunctionValue): Node | undefined {
  const { module, node, frame } = fn.at;
  if (node.async) return rejectionOf(ev, fn);
  const isEnqueue = returnsOf(module, node).some((result) => {
    const call = unwrap(result);
    return (
      call.type === 'CallExpression' &&
      project.carriers.carries(here(module, call, frame) as Ref<typeof call>)
    );
  });
  return isEnqueue ? undefined : rejectionOf(ev, fn);
}

/** The function, where it is in this file; else what is given to the call. */
function placeOf(facts: FileFacts, { at }: Listener, fn: FunctionValue): Node | undefined {
  if (fn.at.module === facts.module) return fn.at.node;
  return at.node.type === 'CallExpression' ? at.node.arguments[1] : undefined;
}

function describe(rejection: Node): string {
  const inner =
    rejection.type === 'AwaitExpression'
      ? rejection.argument
      : rejection.type === 'ReturnStatement' && rejection.argument
        ? rejection.argument
        : rejection;
  const call = unwrap(inner);
  const name = call.type === 'CallExpression' ? calleeName(call.callee) : undefined;
  return name === undefined ? 'it' : `\`${name}()\``;
}

/** Puts the body of a function that nothing else calls into `try`. */
function catching({ at }: Listener, fn: FunctionNode): TSESLint.ReportFixFunction | undefined {
  const { body } = fn;
  const isOnlyListener = at.node.type === 'MethodDefinition' || fn.parent === at.node;
  if (body.type !== 'BlockStatement' || !fn.async || !isOnlyListener) return undefined;
  return (fixer) => [
    fixer.insertTextAfterRange([body.range[0], body.range[0] + 1], ' try {'),
    fixer.insertTextBeforeRange(
      [body.range[1] - 1, body.range[1]],
      '} catch (error) { console.error(error); } ',
    ),
  ];
}
