/**
 * Edits that add properties to the options of an enqueue in the linted file.
 */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { FileFacts } from '../analysis/file-facts.ts';
import type { Enqueue, JobInput } from '../analysis/jobs/enqueues.ts';
import { unwrap } from '../analysis/source/nodes.ts';

/** An edit that gives a job more options; `undefined` where its place is not plain to see in the linted file. */
export function addToOptions(
  facts: FileFacts,
  enqueue: Enqueue,
  job: JobInput,
  properties: string,
): TSESLint.ReportFixFunction | undefined {
  if (enqueue.call.module !== facts.module || enqueue.via.length > 0) return undefined;
  const options = job.options && unwrap(job.options.node);
  if (options) {
    if (options.type !== 'ObjectExpression' || job.options?.module !== facts.module) return undefined;
    return (fixer) => insertProperties(fixer, facts, options, properties);
  }
  if (enqueue.kind === 'job') return appendArgument(enqueue.call.node, job, properties);
  const item = job.at.node;
  if (item.type !== 'ObjectExpression' || job.at.module !== facts.module) return undefined;
  return (fixer) => insertProperties(fixer, facts, item, `opts: { ${properties} }`);
}

function appendArgument(
  call: TSESTree.CallExpression,
  job: JobInput,
  properties: string,
): TSESLint.ReportFixFunction | undefined {
  const last = call.arguments.at(-1);
  if (!last || !job.withoutOptions) return undefined;
  // A job without data still needs the argument before the options.
  const data = job.payload ? '' : ', {}';
  return (fixer) => fixer.insertTextAfter(last, `${data}, { ${properties} }`);
}

function insertProperties(
  fixer: TSESLint.RuleFixer,
  facts: FileFacts,
  object: TSESTree.ObjectExpression,
  properties: string,
): TSESLint.RuleFix {
  const last = object.properties.at(-1);
  if (last) return fixer.insertTextAfter(last, `, ${properties}`);
  const isEmpty = /^\{\s*\}$/.test(facts.module.textOf(object));
  // A comment in an otherwise empty object is kept.
  return isEmpty
    ? fixer.replaceText(object, `{ ${properties} }`)
    : fixer.insertTextAfterRange([object.range[0], object.range[0] + 1], ` ${properties},`);
}
