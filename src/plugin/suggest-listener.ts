/**
 * Edits that make a worker of the linted file log the jobs that fail.
 */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { FileFacts } from '../analysis/file-facts.ts';
import type { Dialect } from '../analysis/jobs/dialects/index.ts';
import type { WorkerDefinition } from '../analysis/jobs/workers.ts';
import { decoratorsOf, isClass, keyName, unwrap, type ClassNode } from '../analysis/source/nodes.ts';

type Fix = TSESLint.ReportFixFunction;

/** An edit that adds a `failed` listener; `undefined` where its place is not plain to see. */
export function listeningToFailures(facts: FileFacts, worker: WorkerDefinition): Fix | undefined {
  const { node } = worker.at;
  return isClass(node) ? withMethod(facts, worker.dialect, node) : withCall(worker, node);
}

/** A listener after `const worker = new Worker(...)`. */
function withCall({ dialect }: WorkerDefinition, node: TSESTree.Node): Fix | undefined {
  const declarator = node.parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined;
  const declaration = declarator.parent;
  if (dialect.processMethod || declaration.declarations.length > 1) return undefined;
  const outer = declaration.parent.type === 'ExportNamedDeclaration' ? declaration.parent : declaration;
  if (!/^(?:Program|BlockStatement)$/.test(outer.parent.type)) return undefined;
  const { name } = declarator.id;
  return (fixer) =>
    fixer.insertTextAfter(
      outer,
      ` ${name}.on('failed', (job, error) => { console.error('job failed', job?.id, error); });`,
    );
}

/** The decorator that listens to failed jobs, as it is called: `OnWorkerEvent('failed')`, Bull's `OnQueueFailed()`. */
export function failureDecorator(dialect: Dialect): { name: string; call: string } | undefined {
  for (const [name, { role, event }] of Object.entries(dialect.nest?.listeners ?? {}))
    if (role === 'worker' && (event === undefined || event === 'failed'))
      return { name, call: event ? `${name}()` : `${name}('failed')` };
  return undefined;
}

/** A method at the end of a processor class, and the import of its decorator beside that of `@Processor`. */
function withMethod({ module }: FileFacts, dialect: Dialect, owner: ClassNode): Fix | undefined {
  const decorator = failureDecorator(dialect);
  const last = owner.body.body.at(-1);
  if (!decorator || !last || owner.body.body.some((member) => memberName(member) === 'onFailed'))
    return undefined;
  const declaration = decoratorsOf(owner)
    .map(({ expression }) => importOf(unwrap(expression), dialect))
    .find((found) => found !== undefined);
  const specifier = declaration?.specifiers.at(-1);
  if (specifier?.type !== 'ImportSpecifier') return undefined;

  function importOf(
    expression: TSESTree.Node,
    { packages }: Dialect,
  ): TSESTree.ImportDeclaration | undefined {
    const callee = expression.type === 'CallExpression' ? unwrap(expression.callee) : expression;
    const definition = module.variableOf(callee)?.defs[0];
    const parent = definition?.node.type === 'ImportSpecifier' ? definition.node.parent : undefined;
    return parent?.type === 'ImportDeclaration' && packages.includes(parent.source.value)
      ? parent
      : undefined;
  }

  const isImported = declaration?.specifiers.some(({ local }) => local.name === decorator.name);
  const isTyped = /\.[cm]?tsx?$/.test(module.path);
  const parameters = isTyped ? 'job: { id?: unknown } | undefined, error: Error' : 'job, error';
  const indent =
    /^[ \t]*/.exec(module.text.slice(module.text.lastIndexOf('\n', last.range[0]) + 1))?.[0] ?? '';
  const method =
    `\n\n${indent}@${decorator.call}\n${indent}onFailed(${parameters}) {\n` +
    `${indent}  console.error('job failed', job?.id, error);\n${indent}}`;
  return (fixer) => [
    ...(isImported ? [] : [fixer.insertTextAfter(specifier, `, ${decorator.name}`)]),
    fixer.insertTextAfter(last, method),
  ];
}

function memberName(member: TSESTree.ClassElement): string | undefined {
  return 'key' in member ? keyName(member) : undefined;
}
