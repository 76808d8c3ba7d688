import type { Enqueue } from '../src/analysis/jobs/enqueues.ts';
import { isOfJob, serializesUnsafely, unsafeCall } from '../src/analysis/effects/kinds/unsafe-serializer.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { returnsOf } from '../src/analysis/values/functions.ts';
import { throughParameters } from '../src/analysis/values/trace.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

type MessageId = 'payload' | 'result' | 'jobData';
type Tools = RuleTools<object, MessageId>;

export default createRule<object, MessageId>({
  name: 'no-unsafe-serializer',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow serializers for job data that run code or depend on the version of the runtime.',
      preset: 'hard-stops',
      clauses: ['H4'],
    },
    messages: {
      payload:
        '`{{call}}` makes a payload whose reader {{danger}}: who can write to Redis, or deploys another version, decides what happens. Pass plain JSON.',
      result:
        '`{{call}}` makes a result whose reader {{danger}}: who can write to Redis, or deploys another version, decides what happens. Return plain JSON.',
      jobData:
        'Job data goes into something that {{danger}}: who can add a job decides what the worker does ({{way}}). Read it as plain JSON.',
    },
    schema: [],
  },
  create(tools) {
    const { facts, report } = tools;
    return {
      enqueue: (enqueue) => {
        checkPayloads(tools, enqueue);
      },
      passedEnqueue: (enqueue) => {
        checkPayloads(tools, enqueue);
      },
      processor({ fn }) {
        for (const reached of facts.effects(fn, serializesUnsafely))
          if (!reached.effect.writes && reached.effect.inputs.some((input) => isOfJob(input, fn.at.node)))
            report(reached.node, {
              messageId: 'jobData',
              data: { danger: reached.effect.danger, way: describeWay(facts, reached) },
            });
        for (const result of returnsOf(facts.module, fn.at.node)) checkTree(tools, result, 'result');
      },
    };
  },
});

function checkPayloads(tools: Tools, enqueue: Enqueue): void {
  for (const job of enqueue.jobs) {
    const payload = job.payload && throughParameters(tools.facts.ev, job.payload);
    if (payload?.module === tools.facts.module) checkTree(tools, payload.node, 'payload');
  }
}

/**
 * Reports what serializes in an unsafe way in an expression, and in the constants that it names. What is read in an
 * unsafe way is an ordinary value afterwards.
 */
function checkTree({ facts, report }: Tools, root: Node, messageId: 'payload' | 'result'): void {
  const stack: { node: Node; at: Node | undefined }[] = [{ node: root, at: undefined }];
  for (let item = stack.pop(), steps = 0; item && steps < 500; item = stack.pop(), steps++) {
    const { node, at } = item;
    const unsafe = unsafeCall(facts.ev, facts.module, node);
    if (unsafe) {
      if (unsafe.writes)
        report(at ?? node, { messageId, data: { call: unsafe.label, danger: unsafe.danger } });
      continue;
    }
    const init = node.type === 'Identifier' ? constantInit(facts, node) : undefined;
    // What a variable holds is reported where the variable is used.
    if (init) stack.push({ node: init, at: at ?? node });
    else for (const child of facts.module.childrenOf(node)) stack.push({ node: child, at });
  }
}

function constantInit(facts: FileFacts, identifier: Node): Node | undefined {
  const declarator = facts.module.variableOf(identifier)?.defs[0]?.node as Node | undefined;
  return declarator?.type === 'VariableDeclarator' &&
    declarator.id.type === 'Identifier' &&
    declarator.parent.kind === 'const'
    ? (declarator.init ?? undefined)
    : undefined;
}
