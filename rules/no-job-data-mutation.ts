import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { runsInPlace } from '../src/analysis/calls/body.ts';
import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { changesJob, follows, storesJob, type JobChange } from '../src/analysis/effects/kinds/changes-job.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Dialect } from '../src/analysis/jobs/dialects/index.ts';
import {
  calleeName,
  enclosingFunction,
  functionName,
  keyName,
  unwrap,
  type FunctionNode,
  type Node,
} from '../src/analysis/source/nodes.ts';
import type { FunctionValue } from '../src/analysis/values/value.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

type MessageId = 'data' | 'opts' | 'update';
type Tools = RuleTools<object, MessageId>;

export default createRule<object, MessageId>({
  name: 'no-job-data-mutation',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow changing `job.data` or `job.opts` in place, which nothing stores.',
      preset: 'recommended',
      clauses: ['D1'],
    },
    hasSuggestions: true,
    messages: {
      data: 'This changes `{{target}}` in the memory of this attempt alone, and the next one starts from the old data ({{way}}). Store it with `job.updateData()`, or work on a copy.',
      opts: 'This changes `{{target}}` in the memory of this attempt alone, and BullMQ goes on with the options that are stored ({{way}}). Set options where the job is added.',
      update: 'Store it with `updateData`.',
    },
    schema: [],
  },
  create(tools) {
    const { facts, report } = tools;
    const told = new Set<Node>();
    return {
      processor({ fn, dialect }) {
        for (const reached of facts.effects(fn, changesJob)) {
          if (told.has(reached.node) || isStored(facts, fn, reached.node)) continue;
          told.add(reached.node);
          report(reached.node, {
            messageId: reached.effect.part,
            data: { target: reached.effect.label, way: describeWay(facts, reached) },
            suggest: suggestUpdate(tools, reached, dialect),
          });
        }
      },
    };
  },
});

/** Whether the function around a change stores it afterwards, through a helper too, or one that calls the function does. */
function isStored(facts: FileFacts, processor: FunctionValue, change: Node, depth = 0): boolean {
  const around = functionAround(processor, change);
  if (!around || depth > 2) return false;
  const stores = facts.effects(processor, storesJob).flatMap(({ node }) => {
    const helper = functionAround(processor, node);
    return helper === around || !helper ? [node] : callsOf(facts, helper);
  });
  if (stores.some((store) => functionAround(processor, store) === around && follows(store, change)))
    return true;
  return callsOf(facts, around).some((call) => {
    const caller = functionAround(processor, call);
    const other = facts.processors.find(({ fn }) => fn.at.node === caller);
    return caller !== around && isStored(facts, other?.fn ?? processor, call, depth + 1);
  });
}

/** The calls of a function of the file, by its name. */
function callsOf(facts: FileFacts, fn: FunctionNode): Node[] {
  const name = functionName(fn)?.replace(/^.*\./, '');
  if (name === undefined) return [];
  return facts.module.nodes('CallExpression').filter((call) => calleeName(call.callee) === name);
}

/** The function that a node runs with: not a callback that runs in place. */
function functionAround(processor: FunctionValue, node: Node): FunctionNode | undefined {
  let fn = enclosingFunction(node);
  while (fn && fn !== processor.at.node && runsInPlace(fn)) fn = enclosingFunction(fn);
  return fn;
}

/** `job.data.step = 2;` can be stored as it is. */
function suggestUpdate(
  { facts, sourceCode }: Tools,
  { effect: { at } }: ReachedEffect<JobChange>,
  dialect: Dialect,
): { messageId: 'update'; fix: TSESLint.ReportFixFunction }[] {
  const { node, module } = at;
  if (module !== facts.module || node.type !== 'AssignmentExpression' || node.operator !== '=') return [];
  const left = unwrap(node.left);
  const data = left.type === 'MemberExpression' && !left.computed ? unwrap(left.object) : undefined;
  if (data?.type !== 'MemberExpression' || data.computed || keyName(data) !== 'data') return [];
  if (node.parent.type !== 'ExpressionStatement' || !enclosingFunction(node)?.async) return [];
  const isBull = !dialect.name.includes('bullmq');
  if (!isBull && (facts.version('bullmq')?.major ?? 5) < 4) return [];
  const job = sourceCode.getText(data.object);
  const key = keyName(left as TSESTree.MemberExpression) ?? '';
  const value = sourceCode.getText(node.right);
  const text = `await ${job}.${isBull ? 'update' : 'updateData'}({ ...${sourceCode.getText(data)}, ${key}: ${value} })`;
  return [{ messageId: 'update', fix: (fixer) => fixer.replaceText(node, text) }];
}
