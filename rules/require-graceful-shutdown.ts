import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { libraryObjects } from '../src/analysis/jobs/recognize.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { isRepeated, runsJobs } from '../src/analysis/jobs/workers.ts';
import { isStarted } from '../src/analysis/project/application.ts';
import { deafBootstraps } from '../src/analysis/project/nest-bootstrap.ts';
import { canClose, canRun } from '../src/analysis/project/worker-closing.ts';
import {
  calleeName,
  enclosingFunction,
  keyName,
  outermost,
  unwrap,
  type Node,
} from '../src/analysis/source/nodes.ts';
import { here } from '../src/analysis/values/evaluation.ts';
import { createRule } from '../src/plugin/create-rule.ts';

type MessageId = 'open' | 'hooks' | 'hurried' | 'enable' | 'wait';

export default createRule<object, MessageId>({
  name: 'require-graceful-shutdown',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require workers to be closed when their process is told to stop.',
      preset: 'strict',
      clauses: ['C2'],
    },
    hasSuggestions: true,
    messages: {
      open: 'Nothing closes this worker, so every deploy cuts its running jobs off: they stall, and another worker runs them again from the start. On SIGTERM await `{{close}}`, then exit.',
      hooks:
        'This application has processors, and Nest closes their workers on a signal only with shutdown hooks: without them every deploy cuts running jobs off, and they run again from the start. Call `enableShutdownHooks()`.',
      hurried:
        'The process exits before this worker is closed: its running jobs are cut off, and run again from the start. Await `close()` first.',
      enable: 'Enable the shutdown hooks.',
      wait: 'Await it.',
    },
    schema: [],
  },
  create({ facts, report }) {
    return {
      file() {
        const { module, project, own } = facts;
        for (const call of module.nodes('CallExpression'))
          if (isHurriedClose(facts, call))
            report(call, {
              messageId: 'hurried',
              suggest: waiting(call).map((fix) => ({ messageId: 'wait', fix })),
            });
        if (!isStarted(project, module.path)) return;
        for (const call of deafBootstraps(project, module)) {
          const fix = enabling(call);
          report(call, { messageId: 'hooks', suggest: fix ? [{ messageId: 'enable', fix }] : [] });
        }
        const queues = new Set<string>();
        for (const worker of own.workers) {
          if (!runsJobs(facts.ev, worker) || isRepeated(worker, queues)) continue;
          // What nobody calls starts no worker.
          if (!canRun(project, module, worker.at.node) || canClose(project, worker)) continue;
          const close = worker.dialect.processMethod ? 'queue.close()' : 'worker.close()';
          report(worker.at.node, { messageId: 'open', data: { close } });
        }
      },
    };
  },
});

/** `worker.close(); process.exit(0);` */
function isHurriedClose({ ev, module }: FileFacts, call: TSESTree.CallExpression): boolean {
  const callee = unwrap(call.callee);
  const statement = outermost(call).parent;
  const block = statement?.parent;
  if (callee.type !== 'MemberExpression' || keyName(callee) !== 'close') return false;
  if (statement?.type !== 'ExpressionStatement' || block?.type !== 'BlockStatement') return false;
  const next = block.body.slice(block.body.indexOf(statement) + 1);
  if (!next.some(isExit) || next.some(isAwaiting)) return false;
  return libraryObjects(ev, ev.evaluate(here(module, callee.object)), 'worker').length > 0;
}

function isExit(statement: Node): boolean {
  return (
    statement.type === 'ExpressionStatement' &&
    statement.expression.type === 'CallExpression' &&
    statement.expression.callee.type === 'MemberExpression' &&
    calleeName(statement.expression.callee) === 'exit' &&
    statement.expression.callee.object.type === 'Identifier' &&
    statement.expression.callee.object.name === 'process'
  );
}

function isAwaiting(statement: Node): boolean {
  return statement.type === 'ExpressionStatement' && statement.expression.type === 'AwaitExpression';
}

function waiting(call: TSESTree.CallExpression): TSESLint.ReportFixFunction[] {
  return enclosingFunction(call)?.async ? [(fixer) => fixer.insertTextBefore(call, 'await ')] : [];
}

/** After `const app = await NestFactory.create(...)`. */
function enabling(call: TSESTree.CallExpression): TSESLint.ReportFixFunction | undefined {
  const waited = outermost(call).parent;
  const declarator = waited?.type === 'AwaitExpression' ? outermost(waited).parent : undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined;
  const { name } = declarator.id;
  return (fixer) => fixer.insertTextAfter(declarator.parent, ` ${name}.enableShutdownHooks();`);
}
