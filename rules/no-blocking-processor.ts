import type { ReachedEffect } from '../src/analysis/effects/effect.ts';
import { blocks, type Block } from '../src/analysis/effects/kinds/blocks.ts';
import type { SourceModule } from '../src/analysis/source/module.ts';
import { enclosingFunction, unwrap } from '../src/analysis/source/nodes.ts';
import { createRule, type Suggestion } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

interface Options {
  allow: string[];
}

export default createRule<Options, 'blocks' | 'await'>({
  name: 'no-blocking-processor',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow synchronous work that keeps a worker from renewing its locks.',
      preset: 'recommended',
      clauses: ['C1'],
    },
    hasSuggestions: true,
    messages: {
      blocks:
        'While {{target}} runs, this worker renews no lock and runs no other job, and a job that outlasts its lock is run twice ({{way}}). Use {{instead}}, or move the work into a sandboxed processor.',
      await: 'Call `{{twin}}` and await it.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          allow: {
            type: 'array',
            items: { type: 'string' },
            uniqueItems: true,
            description:
              'Names of synchronous functions that are quick enough here: `readFileSync`, or `fs.readFileSync`.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ allow: [] }],
  },
  create({ facts, options, report }) {
    // However many jobs and calls lead to it, one call is one root cause.
    const told = new Set<unknown>();
    return {
      processor({ fn, sandboxed }) {
        // It has a process or a thread of its own: the worker's own goes on.
        if (sandboxed) return;
        for (const reached of facts.effects(fn, blocks)) {
          const { at, name, target, label, instead } = reached.effect;
          if (options.allow.includes(name) || options.allow.includes(target) || told.has(at.node)) continue;
          told.add(at.node);
          report(reached.node, {
            messageId: 'blocks',
            data: { target: label, instead, way: describeWay(facts, reached) },
            suggest: awaiting(facts.module, reached),
          });
        }
      },
    };
  },
});

/** `fs.readFileSync(path)` as `await fs.promises.readFile(path)`, in a function that can await. */
function awaiting(module: SourceModule, { effect, node }: ReachedEffect<Block>): Suggestion<'await'>[] {
  const { twin } = effect;
  if (twin === undefined || effect.at.node !== node || node.type !== 'CallExpression') return [];
  const callee = unwrap(node.callee);
  if (callee !== node.callee || callee.type !== 'MemberExpression' || callee.computed || node.optional)
    return [];
  const around = enclosingFunction(node);
  if (!around?.async || around.generator) return [];
  const owner = module.textOf(callee.object);
  const call = module.text.slice(callee.range[1], node.range[1]);
  const text = `await ${owner}.${twin}${call}`;
  const isWhole =
    /^(?:VariableDeclarator|ExpressionStatement|ReturnStatement|AssignmentExpression|ArrowFunctionExpression)$/.test(
      node.parent.type,
    );
  return [
    {
      messageId: 'await',
      data: { twin: `${owner}.${twin}` },
      fix: (fixer) => fixer.replaceText(node, isWhole ? text : `(${text})`),
    },
  ];
}
