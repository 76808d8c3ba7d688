import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { nameOfFunction } from '../src/analysis/effects/effect.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Dialect } from '../src/analysis/jobs/dialects/index.ts';
import { lostSignal, takesSignal, type LostSignal } from '../src/analysis/jobs/signal.ts';
import type { Processor } from '../src/analysis/jobs/workers.ts';
import { callsByName } from '../src/analysis/project/callers.ts';
import { unwrap, type Node } from '../src/analysis/source/nodes.ts';
import { membersOf } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';

type MessageId = 'short' | 'passes' | 'optional';

export default createRule<object, MessageId>({
  name: 'require-signal-arity',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a processor that uses its AbortSignal to declare three plain parameters.',
      preset: 'strict',
      clauses: ['C2'],
    },
    hasSuggestions: true,
    messages: {
      short:
        'BullMQ makes an AbortSignal only for a processor whose `length` is 3, and a default or rest parameter makes it smaller: the job cannot be cancelled. Declare `(job, token, signal)` without defaults.',
      passes:
        'BullMQ makes an AbortSignal only for a processor whose `length` is 3, and this one is shorter than `{{inner}}`, which waits for the signal in vain. Give the worker `(job, token, signal) => ...`, and pass all three on.',
      optional: 'Leave the default out.',
    },
    schema: [],
  },
  create({ facts, report, sourceCode }) {
    const tell = ({ at, inner }: LostSignal, place: Node): void => {
      report(place, {
        messageId: inner ? 'passes' : 'short',
        data: { inner: inner ? nameOfFunction(inner) : '' },
        suggest: place === at && !inner ? withoutDefault(sourceCode, at) : [],
      });
    };
    return {
      worker({ dialect, processor }) {
        const given = processor && unwrap(processor.node);
        // What a wrapper of the project makes of a function is the wrapping's fault.
        if (!processor || given?.type !== 'CallExpression' || !hasSignals(facts, dialect)) return;
        for (const value of membersOf(facts.ev.evaluate(processor))) {
          const lost = value.kind === 'function' ? lostSignal(facts.ev, value) : undefined;
          if (lost?.inner) tell(lost, given);
        }
      },
      processor(processor) {
        const { fn, dialect, sandboxed } = processor;
        if (sandboxed || !hasSignals(facts, dialect) || isHelper(facts, processor)) return;
        const lost = lostSignal(facts.ev, fn);
        // A function that a wrapper made is told of where it is wrapped.
        if (lost && !(lost.inner && fn.at.frame)) tell(lost, lost.at);
      },
    };
  },
});

/** BullMQ hands a signal to processors since 5.64. */
function hasSignals(facts: FileFacts, dialect: Dialect): boolean {
  if (!dialect.name.includes('bullmq')) return false;
  const version = facts.version('bullmq');
  return !version || version.major > 5 || (version.major === 5 && version.newest[0] >= 64);
}

/** A function that takes a job may be called by a processor, with arguments of its own. */
function isHelper({ project }: FileFacts, { by, fn }: Processor): boolean {
  return (
    by === 'annotation' &&
    (!takesSignal(fn.at.node) || callsByName(project, fn.at.module, fn.at.node).length > 0)
  );
}

/** `signal: AbortSignal = none` as `signal?: AbortSignal`; other parameters may need their default. */
function withoutDefault(
  { text }: TSESLint.SourceCode,
  parameter: Node,
): { messageId: 'optional'; fix: TSESLint.ReportFixFunction }[] {
  const fn = parameter.parent as { params?: readonly TSESTree.Parameter[] } | undefined;
  if (parameter.type !== 'AssignmentPattern' || fn?.params?.[2] !== parameter) return [];
  const { left } = parameter;
  if (left.type !== 'Identifier') return [];
  const type = left.typeAnnotation;
  const optional = type ? `${left.name}?${text.slice(type.range[0], type.range[1])}` : left.name;
  return [{ messageId: 'optional', fix: (fixer) => fixer.replaceText(parameter, optional) }];
}
