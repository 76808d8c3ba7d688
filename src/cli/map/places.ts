/**
 * Places in the code and the names of functions, as the map shows them.
 */
import type { Project } from '../../analysis/project/project.ts';
import type { SourceModule } from '../../analysis/source/module.ts';
import { functionName, isFunction, type FunctionNode, type Node } from '../../analysis/source/nodes.ts';
import type { Ref } from '../../analysis/values/value.ts';
import type { Place } from './model.ts';

/** Lines of a file that belong to something. */
export interface Extent {
  file: string;
  from: number;
  to: number;
}

export function placeOf(project: Project, { module, node }: Ref): Place {
  return { file: project.pathOf(module.path), line: module.lineOf(node) };
}

export function extentOf(project: Project, { module, node }: Ref): Extent {
  const from = module.lineOf(node);
  const to = from + module.textOf(node).split('\n').length - 1;
  return { file: project.pathOf(module.path), from, to };
}

/** Text of the code on one line, as long as a label can be. */
export function sourceText(module: SourceModule, node: Node): string {
  const text = module.textOf(node).replace(/\s+/g, ' ').trim();
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

const MAX_TEXT = 80;

/**
 * The function that a reader would say a node is in: the nearest with a name, else the nearest at all. `undefined` is
 * the top level of the file.
 */
export function functionAround(node: Node): FunctionNode | undefined {
  let nearest: FunctionNode | undefined;
  for (let current = node.parent; current; current = current.parent) {
    if (!isFunction(current)) continue;
    if (functionName(current) !== undefined) return current;
    nearest ??= current;
  }
  return nearest;
}

/** The name of a function; one that is given to a call is called after it: `router.post('/orders')`. */
export function nameOfFunction(module: SourceModule, fn: FunctionNode): string | null {
  const name = functionName(fn);
  if (name !== undefined) return name;
  const { parent } = fn;
  if (parent.type !== 'CallExpression') return null;
  const [first] = parent.arguments;
  const callee = sourceText(module, parent.callee);
  const isTold = first?.type === 'Literal' && typeof first.value === 'string' && /^[\w.]+$/.test(callee);
  return isTold ? `${callee}(${sourceText(module, first)})` : null;
}

export function comparePlaces(a: Place, b: Place): number {
  return compareTexts(a.file, b.file) || a.line - b.line;
}

/** The order of code units: the same on every machine, whatever its language. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
