import { checkedRecords, failsOnMissing } from '../src/analysis/effects/kinds/fails-on-missing.ts';
import { isTriedOnce } from '../src/analysis/project/retries.ts';
import { isJobHelper } from '../src/analysis/jobs/workers.ts';
import type { SourceModule } from '../src/analysis/source/module.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { createRule, type Suggestion } from '../src/plugin/create-rule.ts';
import { describeWay } from '../src/plugin/way.ts';

export default createRule({
  name: 'no-retry-on-missing-record',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow retries of jobs whose record does not exist.',
      preset: 'recommended',
      clauses: ['D5'],
    },
    hasSuggestions: true,
    messages: {
      plain:
        'When `{{target}}` is missing this job fails with a plain error, which every further attempt runs into again, since the record will not come back ({{way}}). Log it and return, or throw an `UnrecoverableError`.',
      lookup:
        '`{{target}}` fails when the record is missing, and every further attempt of the job looks for it again in vain ({{way}}). Look for it without failing, then log and return, or throw an `UnrecoverableError`.',
      unrecoverable: 'Throw an `UnrecoverableError`: the job fails at once.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const { module, project } = facts;
    if (!project.leadsTo(module.path, 'missing')) return {};
    return {
      processor({ fn, by, dialect, queueName }) {
        // A helper that takes a job is judged where a processor calls it: that may catch what it throws.
        if (by === 'annotation' && isJobHelper(module, fn.at.node)) return;
        const told = new Set<unknown>();
        let isOnce: boolean | undefined;
        for (const reached of facts.effects(fn, failsOnMissing)) {
          const { at, target, thrown, records } = reached.effect;
          // What a function on the way has found itself is there when it is looked for again.
          const isFoundBefore = reached.way.slice(0, -1).some((step) => {
            const checked = checkedRecords(facts.ev, step.at);
            return records.some((record) => checked.has(record));
          });
          if (told.has(at.node) || isFoundBefore) continue;
          told.add(at.node);
          isOnce ??= queueName !== undefined && isTriedOnce(project, queueName);
          if (isOnce) return;
          const suggestion =
            thrown && at.module === module && !dialect.name.endsWith('bull')
              ? unrecoverable(module, thrown)
              : undefined;
          report(reached.node, {
            messageId: thrown || reached.effect.label === 'throw' ? 'plain' : 'lookup',
            data: { target, way: describeWay(facts, reached) },
            ...(suggestion ? { suggest: [suggestion] } : {}),
          });
        }
      },
    };
  },
});

/** `new Error('...')` becomes `new UnrecoverableError('...')`, where bullmq is imported by name. */
function unrecoverable(module: SourceModule, thrown: Node): Suggestion<'unrecoverable'> | undefined {
  if (thrown.type !== 'NewExpression' || thrown.callee.type !== 'Identifier') return undefined;
  const { callee } = thrown;
  if (callee.name !== 'Error' || thrown.arguments.length > 1) return undefined;
  const imported = module
    .nodes('ImportDeclaration')
    .filter(({ source, importKind }) => source.value === 'bullmq' && importKind !== 'type')
    .flatMap(({ specifiers }) => specifiers.filter((one) => one.type === 'ImportSpecifier'));
  const last = imported.at(-1);
  if (!last) return undefined;
  const own = imported.find(
    (one) => one.imported.type === 'Identifier' && one.imported.name === 'UnrecoverableError',
  );
  return {
    messageId: 'unrecoverable',
    fix: (fixer) => [
      fixer.replaceText(callee, own?.local.name ?? 'UnrecoverableError'),
      ...(own ? [] : [fixer.insertTextAfter(last, ', UnrecoverableError')]),
    ],
  };
}
