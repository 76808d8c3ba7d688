/**
 * Where a NestJS application is made, and whether it closes its workers when the process is told to stop.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { calleeName, keyName, outermost, type Node } from '../source/nodes.ts';
import { here } from '../values/evaluation.ts';
import { membersOf } from '../values/value.ts';
import type { Project } from './project.ts';

const FACTORY = /^@nestjs\/core:\.NestFactory\.create(?:Microservice|ApplicationContext)?$/;

/** The calls of a module that make an application with processors, which nothing tells of a signal. */
export function deafBootstraps({ ev, catalog }: Project, module: SourceModule): TSESTree.CallExpression[] {
  if (!module.text.includes('NestFactory')) return [];
  const made = module.nodes('CallExpression').filter((call) => {
    if (!/^create(?:Microservice|ApplicationContext)?$/.test(calleeName(call.callee) ?? '')) return false;
    return (
      membersOf(ev.evaluate(here(module, call.callee))).some(
        (callee) => callee.kind === 'external' && FACTORY.test(callee.path),
      ) && !isClosed(module, call)
    );
  });
  if (made.length === 0 || !catalog.reaches(module.path, 'nestProcessors')) return [];
  const isTold = catalog.reaches(module.path, 'shutdownHooks') || catalog.reaches(module.path, 'signals');
  return isTold ? [] : made;
}

/** A script closes its application when it is done. */
function isClosed(module: SourceModule, call: Node): boolean {
  const waited = outermost(call).parent;
  const made = outermost(waited?.type === 'AwaitExpression' ? waited : call).parent;
  const name =
    made?.type === 'VariableDeclarator'
      ? made.id
      : made?.type === 'AssignmentExpression'
        ? made.left
        : undefined;
  return (
    name?.type === 'Identifier' &&
    (module.variableOf(name)?.references.some(({ identifier }) => {
      const { parent } = identifier as Node;
      return (
        parent?.type === 'MemberExpression' && parent.object === identifier && keyName(parent) === 'close'
      );
    }) ??
      false)
  );
}
