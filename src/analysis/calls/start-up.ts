/**
 * Code that runs once, when the process starts, where there is nobody who could wait for it.
 */
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  enclosingFunction,
  functionName,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';

/**
 * `module`: the top level of a module, or a function that nothing else calls. `object`: a constructor, or what a
 * framework calls once an object is made.
 */
export type StartUp = 'module' | 'object';

/** Hooks of Nest's life cycle. */
const HOOKS = /^(?:onModuleInit|onApplicationBootstrap)$/;
/** Calls that run their callback once, when something is ready. */
const ONCE_READY = /^(?:then|finally|listen|connect|open|ready|initialize|bootstrap)$/;
const MAX_DEPTH = 4;

/** Whether a node runs at start-up, and in which way; `undefined` when it does not, as far as can be seen. */
export function startUpOf(module: SourceModule, node: Node, depth = 0): StartUp | undefined {
  const fn = enclosingFunction(node);
  if (!fn) return 'module';
  if (depth > MAX_DEPTH) return undefined;
  const place = outermost(fn);
  const parent = place.parent;
  if (parent?.type === 'CallExpression')
    return unwrap(parent.callee) === fn || ONCE_READY.test(calleeName(parent.callee) ?? '')
      ? startUpOf(module, parent, depth + 1)
      : undefined;
  if (parent?.type === 'MethodDefinition') {
    if (parent.kind === 'constructor') return 'object';
    if (HOOKS.test(keyName(parent) ?? '')) return 'object';
    return undefined;
  }
  return functionName(fn) === undefined ? undefined : startUpOfCallers(module, fn, depth);
}

/** A function of the module that is called from its start-up alone. */
function startUpOfCallers(module: SourceModule, fn: FunctionNode, depth: number): StartUp | undefined {
  const declarator = outermost(fn).parent;
  const name = fn.id ?? (declarator?.type === 'VariableDeclarator' ? declarator.id : undefined);
  const variable = name && module.variableOf(name);
  const declaration = fn.type === 'FunctionDeclaration' ? fn.parent : declarator?.parent?.parent;
  if (!variable || (declaration?.type ?? '').startsWith('Export')) return undefined;
  const uses = variable.references.filter((reference) => reference.isRead());
  if (uses.length === 0) return undefined;
  const ways = uses.map(({ identifier }) => {
    const call = outermost(identifier).parent;
    return call?.type === 'CallExpression' && unwrap(call.callee) === (identifier as Node)
      ? startUpOf(module, call, depth + 1)
      : undefined;
  });
  return ways.every((way) => way !== undefined) ? ways[0] : undefined;
}
