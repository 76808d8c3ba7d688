import type { TSESLint } from '@typescript-eslint/utils';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { skipOfOtherNames, type Skip } from '../src/analysis/jobs/other-names.ts';
import { annotatedProcessor, type Processor } from '../src/analysis/jobs/workers.ts';
import { callsByName } from '../src/analysis/project/callers.ts';
import { contains, type Node } from '../src/analysis/source/nodes.ts';
import type { SourceModule } from '../src/analysis/source/module.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';

type MessageId = Skip['kind'] | 'throwing' | 'default';
type Tools = RuleTools<object, MessageId>;

const REMEDY = 'Throw for names that it does not know.';

export default createRule<object, MessageId>({
  name: 'no-job-name-filter',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Disallow processors that ignore jobs by their name, since BullMQ completes what they skip.',
      preset: 'recommended',
      clauses: ['D3'],
    },
    hasSuggestions: true,
    messages: {
      guard: `A worker gets the jobs of every name, and one that leaves here is marked completed though nobody has done it. ${REMEDY}`,
      chain: `A worker gets the jobs of every name, and one that no branch asks for is marked completed though nobody has done it. ${REMEDY}`,
      switch: `A worker gets the jobs of every name, and one that no case asks for is marked completed though nobody has done it. Throw in \`default\`.`,
      map: `A worker gets the jobs of every name, and one without a handler is marked completed though nobody has done it. ${REMEDY}`,
      throwing: 'Throw instead of returning.',
      default: 'Add a `default` that throws.',
    },
    schema: [],
  },
  create(tools) {
    const { facts, report } = tools;
    return {
      processor(processor) {
        const skip = skipOfOtherNames(facts.ev, processor.fn);
        const node = skip && placeOf(facts, processor, skip);
        if (!skip || !node) return;
        if (processor.by === 'annotation' && !runsAlone(facts, processor)) return;
        report(node, {
          messageId: skip.kind,
          suggest: skip.at.module === facts.module ? suggest(tools, skip) : [],
        });
      },
    };
  },
});

/** Where to report: the question itself, or the call in this file that leads to it. */
function placeOf(facts: FileFacts, { fn }: Processor, skip: Skip): Node | undefined {
  if (skip.at.module === facts.module) return skip.at.node;
  // A function that takes the job by its type is reported in its own file.
  if (skip.fn.at.node !== fn.at.node && annotatedProcessor(facts.ev, skip.fn.at.module, skip.fn.at.node))
    return undefined;
  return skip.calls.filter(({ module }) => module === facts.module).at(-1)?.node;
}

/**
 * Whether a function that takes a job is all that is done for it: nobody calls it, or who does leaves it at that. A
 * step of a processor that is for some jobs only is no filter.
 */
function runsAlone(facts: FileFacts, { fn }: Processor): boolean {
  if (facts.listening.some((listening) => listening.fn.at.node === fn.at.node)) return false;
  const calls = callsByName(facts.project, facts.module, fn.at.node).filter(
    (call) => !contains(fn.at.node, call.node) || call.module !== facts.module,
  );
  if (calls.length === 0) return true;
  return calls.some((call) =>
    processorsOf(facts, call.module).some((caller) => {
      if (!contains(caller.fn.at.node, call.node)) return false;
      const skip = skipOfOtherNames(facts.ev, caller.fn);
      return (
        skip?.fn.at.module.path === facts.module.path && skip.fn.at.node.range[0] === fn.at.node.range[0]
      );
    }),
  );
}

function processorsOf(facts: FileFacts, module: SourceModule): readonly Processor[] {
  return module === facts.module ? facts.processors : facts.project.index.processorsOf(module);
}

function suggest(
  { facts, sourceCode }: Tools,
  skip: Skip,
): { messageId: 'throwing' | 'default'; fix: TSESLint.ReportFixFunction }[] {
  const { node } = skip.at;
  const error = facts.module.ast.body.some(
    (statement) =>
      statement.type === 'ImportDeclaration' &&
      statement.specifiers.some((specifier) => specifier.local.name === 'UnrecoverableError'),
  )
    ? 'UnrecoverableError'
    : 'Error';
  if (node.type === 'SwitchStatement') {
    const last = node.cases.at(-1);
    const end = last?.consequent.at(-1);
    const isEnded = end !== undefined && /^(?:Break|Return|Throw)Statement$/.test(end.type);
    if (!last || !isEnded || node.cases.some(({ test }) => test === null)) return [];
    const text = `default: throw new ${error}(\`Unknown job \${${sourceCode.getText(node.discriminant)}}\`);`;
    return [{ messageId: 'default', fix: (fixer) => fixer.insertTextAfter(last, ` ${text}`) }];
  }
  const statement = node.parent;
  if (skip.kind !== 'guard' || statement?.type !== 'IfStatement' || node.type !== 'BinaryExpression')
    return [];
  const { consequent } = statement;
  const leave = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  if (leave?.type !== 'ReturnStatement') return [];
  const name = /name$/i.test(sourceCode.getText(node.left)) ? node.left : node.right;
  const text = `throw new ${error}(\`Unknown job \${${sourceCode.getText(name)}}\`);`;
  return [{ messageId: 'throwing', fix: (fixer) => fixer.replaceText(leave, text) }];
}
