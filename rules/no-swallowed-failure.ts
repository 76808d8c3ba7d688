import { hidesFailure } from '../src/analysis/effects/kinds/hides-failure.ts';
import { isJobHelper } from '../src/analysis/jobs/workers.ts';
import type { SourceModule } from '../src/analysis/source/module.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { createRule, type Suggestion } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

interface Options {
  reportPerItem: boolean;
}

export default createRule<Options, 'hidden' | 'perItem' | 'rethrow'>({
  name: 'no-swallowed-failure',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow processors that catch the failure of their main work and go on.',
      preset: 'recommended',
      clauses: ['D3'],
    },
    hasSuggestions: true,
    messages: {
      hidden:
        'When `{{target}}` fails the failure ends here, so the job counts as completed and is never retried ({{way}}). Throw it again after logging it.',
      perItem:
        'When `{{target}}` fails for one item the failure ends here, and the job counts as completed without it ({{way}}). Collect the failures and throw when there are any.',
      rethrow: 'Throw it again.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          reportPerItem: {
            type: 'boolean',
            description: 'Also report loops that lose the failure of a single item.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ reportPerItem: false }],
  },
  create({ facts, options, report }) {
    const { module, project } = facts;
    if (!project.leadsTo(module.path, 'catches')) return {};
    return {
      processor({ fn, by }) {
        // A helper that takes a job is judged where a processor calls it: its work may be a side step there.
        if (by === 'annotation' && isJobHelper(module, fn.at.node)) return;
        const told = new Set<unknown>();
        for (const reached of facts.effects(fn, hidesFailure)) {
          const { at, target, isPerItem } = reached.effect;
          if (told.has(at.node) || (isPerItem && !options.reportPerItem)) continue;
          told.add(at.node);
          const suggestion = at.module === module ? rethrow(module, at.node) : undefined;
          report(reached.node, {
            messageId: isPerItem ? 'perItem' : 'hidden',
            data: { target, way: describeWay(facts, reached) },
            ...(suggestion && !isPerItem ? { suggest: [suggestion] } : {}),
          });
        }
      },
    };
  },
});

/** `throw error;` at the end of a clause, where that can be reached. */
function rethrow(module: SourceModule, clause: Node): Suggestion<'rethrow'> | undefined {
  if (clause.type !== 'CatchClause') return undefined;
  const { param, body } = clause;
  const last = body.body.at(-1);
  if (param && param.type !== 'Identifier') return undefined;
  const name = param?.name ?? 'error';
  // A name of the clause's own must not hide another one.
  if (!param && module.textOf(body).includes(name)) return undefined;
  const statement = `throw ${name};`;
  return {
    messageId: 'rethrow',
    fix: (fixer) => [
      ...(param ? [] : [fixer.insertTextBefore(body, `(${name}) `)]),
      !last
        ? fixer.insertTextAfterRange([body.range[0], body.range[0] + 1], ` ${statement} `)
        : last.type === 'ReturnStatement'
          ? fixer.replaceText(last, statement)
          : fixer.insertTextAfter(last, ` ${statement}`),
    ],
  };
}
