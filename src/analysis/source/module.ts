/**
 * One file as a module. The linted file (parsed by whatever parser ESLint runs with) and a foreign file
 * (parsed by us) look alike to everything above this folder.
 */
import type { ScopeManager, Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Node, NodeOfType, NodeType } from './nodes.ts';
import type { TypeOracle } from './checked-type.ts';
import { readExports, type ModuleExports } from './exports.ts';
import { offsetToLine } from './lines.ts';

export interface SourceInput {
  /** Absolute path. */
  path: string;
  text: string;
  ast: TSESTree.Program;
  /** Child keys by node type; a type that is missing is walked by all its own keys. */
  visitorKeys: Readonly<Record<string, readonly string[] | undefined>>;
  /** Called at most once, when a name is first looked up. */
  scopes: () => ScopeManager;
  /** Whether this is the file a linter is reporting on: only its nodes can be reported. */
  linted: boolean;
  /** Of the linted file, when there is type information. */
  types?: TypeOracle | undefined;
}

export class SourceModule {
  readonly path: string;
  readonly text: string;
  readonly ast: TSESTree.Program;
  readonly linted: boolean;
  readonly #input: SourceInput;
  #nodes: Map<string, Node[]> | undefined;
  #variables: Map<Node, Variable> | undefined;
  #scopes: ScopeManager | undefined;
  #exports: ModuleExports | undefined;
  #lineStarts: number[] | undefined;

  constructor(input: SourceInput) {
    this.path = input.path;
    this.text = input.text;
    this.ast = input.ast;
    this.linted = input.linted;
    this.#input = input;
    // Parents are needed by everything; one walk sets them and sorts the nodes by type.
    this.#nodes = indexNodes(input.ast, input.visitorKeys);
  }

  /** All nodes of a type, in source order. */
  nodes<T extends NodeType>(type: T): readonly NodeOfType<T>[] {
    return (this.#nodes?.get(type) ?? []) as NodeOfType<T>[];
  }

  get types(): TypeOracle | undefined {
    return this.#input.types;
  }

  get scopes(): ScopeManager {
    return (this.#scopes ??= this.#input.scopes());
  }

  get exports(): ModuleExports {
    return (this.#exports ??= readExports(this));
  }

  /**
   * The variable an identifier reads, writes or declares; `undefined` when it is a global, or no variable at all
   * (a property name, a label).
   */
  variableOf(identifier: Node): Variable | undefined {
    this.#variables ??= indexVariables(this.scopes);
    return this.#variables.get(identifier);
  }

  /** Whether a variable belongs to the module itself and so lives as long as the process. */
  isModuleLevel(variable: Variable): boolean {
    const type = variable.scope.type as string;
    if (type === 'module' || type === 'global') return true;
    // CommonJS: ESLint wraps the file in a function scope whose block is the program.
    return type === 'function' && variable.scope.block.type === 'Program';
  }

  /** One-based line of a node. */
  lineOf(node: Node): number {
    this.#lineStarts ??= offsetToLine.index(this.text);
    return offsetToLine.line(this.#lineStarts, node.range[0]);
  }

  /** One-based line of a node's last character. */
  endLineOf(node: Node): number {
    this.#lineStarts ??= offsetToLine.index(this.text);
    return offsetToLine.line(this.#lineStarts, node.range[1] - 1);
  }

  textOf(node: Node): string {
    return this.text.slice(node.range[0], node.range[1]);
  }

  childrenOf(node: Node): Node[] {
    return childNodes(node, this.#input.visitorKeys);
  }
}

const NOT_CHILDREN = new Set(['parent', 'range', 'loc', 'start', 'end', 'type', 'tokens', 'comments']);

function keysOf(node: Node, visitorKeys: SourceInput['visitorKeys']): readonly string[] {
  return visitorKeys[node.type] ?? Object.keys(node).filter((key) => !NOT_CHILDREN.has(key));
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

function childNodes(node: Node, visitorKeys: SourceInput['visitorKeys']): Node[] {
  const children: Node[] = [];
  for (const key of keysOf(node, visitorKeys)) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) children.push(value);
  }
  return children;
}

/** An explicit stack: generated files nest deeper than the call stack allows. */
function indexNodes(ast: TSESTree.Program, visitorKeys: SourceInput['visitorKeys']): Map<string, Node[]> {
  const byType = new Map<string, Node[]>();
  const stack: Node[] = [ast];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const list = byType.get(node.type);
    if (list) list.push(node);
    else byType.set(node.type, [node]);
    const children = childNodes(node, visitorKeys);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i] as Node;
      (child as { parent: Node }).parent = node;
      stack.push(child);
    }
  }
  return byType;
}

function indexVariables(manager: ScopeManager): Map<Node, Variable> {
  const variables = new Map<Node, Variable>();
  for (const scope of manager.scopes) {
    for (const variable of scope.variables)
      for (const identifier of variable.identifiers)
        // A class declares its name twice, outside and for its own body: outer scopes come first.
        if (!variables.has(identifier)) variables.set(identifier, variable);
    for (const reference of scope.references)
      if (reference.resolved && reference.resolved.defs.length > 0)
        variables.set(reference.identifier, reference.resolved);
  }
  // In a script, top-level names resolve only through the global scope's own table.
  const globals = manager.globalScope;
  if (globals)
    for (const reference of globals.through) {
      const variable = globals.set.get(reference.identifier.name);
      if (variable && variable.defs.length > 0) variables.set(reference.identifier, variable);
    }
  return variables;
}
