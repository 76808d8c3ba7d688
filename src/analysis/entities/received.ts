/**
 * Whether an expression of the linted file is of a job's data, by its type. What comes from there has been JSON: its
 * declared type is a wish, and a Date in it is a string.
 */
import type { Node } from '../source/nodes.ts';
import { keyName, unwrap } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';

const JOB = /^(?:bullmq|bull|@taskforcesh\/bullmq-pro):.*\bJob\w*#$/;
const MAX_DEPTH = 8;

export function isReceived(module: SourceModule, expression: Node, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  const node = unwrap(expression);
  switch (node.type) {
    case 'MemberExpression': {
      const key = keyName(node);
      if ((key === 'data' || key === 'returnvalue') && isJob(module, node.object)) return true;
      return isReceived(module, node.object, depth + 1);
    }
    case 'AwaitExpression':
      return isReceived(module, node.argument, depth + 1);
    case 'CallExpression':
      // `job.data.items.filter(...)`, `structuredClone(job.data)`, `await job.getChildrenValues()`
      return (
        (node.callee.type === 'MemberExpression' &&
          (isReceived(module, node.callee.object, depth + 1) || isJob(module, node.callee.object))) ||
        node.arguments.some((argument) => isReceived(module, argument, depth + 1))
      );
    case 'ObjectExpression':
      return node.properties.some((part) =>
        isReceived(module, part.type === 'SpreadElement' ? part.argument : part.value, depth + 1),
      );
    case 'Identifier': {
      const definition = module.variableOf(node)?.defs[0];
      const declared = definition?.node as Node | undefined;
      if (declared?.type === 'VariableDeclarator')
        // `const { data } = job`
        return (
          declared.init !== null &&
          (isReceived(module, declared.init, depth + 1) ||
            (declared.id.type === 'ObjectPattern' && isJob(module, declared.init)))
        );
      // `({ data }) => ...`
      return (
        declared !== undefined &&
        'params' in declared &&
        (declared.params as Node[]).some((parameter) => {
          const [start, end] = parameter.range;
          const name = definition?.name.range;
          return (
            parameter.type === 'ObjectPattern' &&
            name !== undefined &&
            start <= name[0] &&
            name[1] <= end &&
            isJob(module, parameter)
          );
        })
      );
    }
    default:
      return false;
  }
}

function isJob(module: SourceModule, node: Node): boolean {
  const type = module.types?.typeOf(unwrap(node));
  return type?.kind === 'object' && type.path !== undefined && JOB.test(type.path);
}
