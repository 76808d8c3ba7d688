/**
 * The ways through a function, as a graph: what runs after what, where a test decides, what a failure leads to.
 * Built from the syntax tree alone, so that the linted file and foreign ones look alike.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { runsInPlace } from '../calls/body.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  isClass,
  isFunction,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';

/** One step of a function: a call, an assignment, a test ... */
export interface Point {
  /** What is done here; absent where ways only meet. */
  readonly node: Node | undefined;
  readonly next: Point[];
  /** Where a test leads by its result; both are also in {@link next}. */
  test?: { yes: Point; no: Point };
}

export interface Graph {
  entry: Point;
  /** The points of a node; more than one where code runs on ways of their own, as `finally` does. */
  points: ReadonlyMap<Node, readonly Point[]>;
}

/** Beyond this many points a function is not looked at. */
const MAX_POINTS = 20_000;

/** Functions that run their callback once for each element, so perhaps not at all; and those that run it on failure. */
const PERHAPS =
  /^(?:map|forEach|filter|find|findIndex|findLast|some|every|flatMap|reduce|reduceRight|sort|each|eachLimit|eachSeries|mapLimit|mapSeries|pMap|catch)$/;

interface Target {
  label: string | undefined;
  /** Where `break` leads. */
  after: Point;
  /** Where `continue` leads; only loops have it. */
  again: Point | undefined;
  /** How many `finally` stood around it. */
  depth: number;
}

/** The graph of a function; `undefined` when it is too large. */
export function graphOf(module: SourceModule, fn: FunctionNode): Graph | undefined {
  const builder = new Builder(module);
  return builder.build(fn);
}

class Builder {
  readonly #module: SourceModule;
  readonly #points = new Map<Node, Point[]>();
  #count = 0;
  /** Where the code being read continues from; `undefined` after `return` and `throw`. */
  #at: Point | undefined;
  #returns: { to: Point; depth: number };
  /** Where a failure leads: the nearest `catch` or `finally`, or out of the function. */
  #failures: Point;
  #targets: Target[] = [];
  /** The `finally` blocks around, outermost first, with where their own failures lead. */
  #finalizers: readonly { block: TSESTree.BlockStatement; failures: Point }[] = [];

  constructor(module: SourceModule) {
    this.#module = module;
    const exit = meeting();
    this.#returns = { to: exit, depth: 0 };
    this.#failures = exit;
  }

  build(fn: FunctionNode): Graph | undefined {
    const entry = meeting();
    this.#at = entry;
    this.#body(fn);
    return this.#count > MAX_POINTS ? undefined : { entry, points: this.#points };
  }

  #body(fn: FunctionNode): void {
    if (fn.body.type === 'BlockStatement') this.#statements(fn.body.body);
    else this.#expression(fn.body);
  }

  /** Goes one step on. */
  #step(node: Node, canFail = false): Point | undefined {
    const from = this.#at;
    if (!from || this.#count > MAX_POINTS) return undefined;
    const point: Point = { node, next: [] };
    this.#count++;
    const known = this.#points.get(node);
    if (known) known.push(point);
    else this.#points.set(node, [point]);
    from.next.push(point);
    this.#at = point;
    if (canFail) point.next.push(this.#failures);
    return point;
  }

  /** Goes to a place from here, through the `finally` blocks on the way; nothing follows. */
  #leave({ to, depth }: { to: Point; depth: number }): void {
    const { finalizers, failures } = { finalizers: this.#finalizers, failures: this.#failures };
    for (let i = finalizers.length - 1; i >= depth; i--) {
      const finalizer = finalizers[i];
      if (!finalizer) continue;
      this.#finalizers = finalizers.slice(0, i);
      this.#failures = finalizer.failures;
      this.#statements(finalizer.block.body);
    }
    this.#finalizers = finalizers;
    this.#failures = failures;
    this.#goTo(to);
    this.#at = undefined;
  }

  #goTo(point: Point): void {
    this.#at?.next.push(point);
  }

  #statements(statements: readonly Node[]): void {
    for (const statement of statements) this.#statement(statement, undefined);
  }

  #statement(node: Node, label: string | undefined): void {
    if (!this.#at) return;
    switch (node.type) {
      case 'BlockStatement':
        this.#statements(node.body);
        return;
      case 'ExpressionStatement':
        this.#expression(node.expression);
        return;
      case 'VariableDeclaration':
        for (const declaration of node.declarations) {
          if (declaration.init) this.#expression(declaration.init);
          this.#step(declaration);
        }
        return;
      case 'ReturnStatement':
        if (node.argument) this.#expression(node.argument);
        this.#step(node);
        this.#leave(this.#returns);
        return;
      case 'ThrowStatement':
        this.#expression(node.argument);
        this.#step(node);
        this.#goTo(this.#failures);
        this.#at = undefined;
        return;
      case 'IfStatement': {
        const yes = meeting();
        const no = meeting();
        this.#condition(node.test, yes, no);
        const after = meeting();
        this.#at = yes;
        this.#statement(node.consequent, undefined);
        this.#goTo(after);
        this.#at = no;
        if (node.alternate) this.#statement(node.alternate, undefined);
        this.#goTo(after);
        this.#at = after;
        return;
      }
      case 'SwitchStatement':
        this.#switch(node, label);
        return;
      case 'TryStatement':
        this.#try(node);
        return;
      case 'LabeledStatement':
        if (/^(?:For|While|DoWhile|Switch)/.test(node.body.type)) this.#statement(node.body, node.label.name);
        else {
          const after = meeting();
          this.#within({ label: node.label.name, after, again: undefined }, () => {
            this.#statement(node.body, undefined);
          });
          this.#goTo(after);
          this.#at = after;
        }
        return;
      case 'BreakStatement':
      case 'ContinueStatement': {
        const isBreak = node.type === 'BreakStatement';
        const target = this.#targets.findLast((one) =>
          node.label ? one.label === node.label.name : isBreak ? true : one.again !== undefined,
        );
        const to = isBreak ? target?.after : target?.again;
        if (target && to) this.#leave({ to, depth: target.depth });
        else this.#at = undefined;
        return;
      }
      case 'WhileStatement': {
        const again = meeting();
        const [body, after] = [meeting(), meeting()];
        this.#goTo(again);
        this.#at = again;
        this.#condition(node.test, body, after);
        this.#loop(node.body, { label, after, again }, body);
        this.#goTo(again);
        this.#at = after;
        return;
      }
      case 'DoWhileStatement': {
        const [body, again, after] = [meeting(), meeting(), meeting()];
        this.#goTo(body);
        this.#loop(node.body, { label, after, again }, body);
        this.#goTo(again);
        this.#at = again;
        this.#condition(node.test, body, after);
        this.#at = after;
        return;
      }
      case 'ForStatement': {
        if (node.init?.type === 'VariableDeclaration') this.#statement(node.init, undefined);
        else if (node.init) this.#expression(node.init);
        const [head, body, again, after] = [meeting(), meeting(), meeting(), meeting()];
        this.#goTo(head);
        this.#at = head;
        if (node.test) this.#condition(node.test, body, after);
        else this.#goTo(body);
        this.#loop(node.body, { label, after, again }, body);
        this.#goTo(again);
        this.#at = again;
        if (node.update) this.#expression(node.update);
        this.#goTo(head);
        this.#at = after;
        return;
      }
      case 'ForOfStatement':
      case 'ForInStatement': {
        this.#expression(node.right);
        const [again, body, after] = [meeting(), meeting(), meeting()];
        this.#goTo(again);
        this.#at = again;
        this.#test(node.right, body, after);
        this.#loop(node.body, { label, after, again }, body);
        this.#goTo(again);
        this.#at = after;
        return;
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return;
      default:
        // Declarations of types, and whatever else does nothing when it runs.
        return;
    }
  }

  #loop(body: Node, target: Omit<Target, 'depth'>, start: Point): void {
    this.#at = start;
    this.#within(target, () => {
      this.#statement(body, undefined);
    });
  }

  #within(target: Omit<Target, 'depth'>, work: () => void): void {
    this.#targets.push({ ...target, depth: this.#finalizers.length });
    work();
    this.#targets.pop();
  }

  #switch(node: TSESTree.SwitchStatement, label: string | undefined): void {
    this.#expression(node.discriminant);
    const after = meeting();
    const bodies = node.cases.map(() => meeting());
    const fallback = bodies[node.cases.findIndex(({ test }) => test === null)] ?? after;
    node.cases.forEach((one, index) => {
      if (!one.test) return;
      this.#expression(one.test);
      const otherwise = meeting();
      this.#test(one, bodies[index] ?? after, otherwise);
      this.#at = otherwise;
    });
    this.#goTo(fallback);
    this.#within({ label, after, again: undefined }, () => {
      node.cases.forEach((one, index) => {
        this.#at = bodies[index];
        this.#statements(one.consequent);
        this.#goTo(bodies[index + 1] ?? after);
      });
    });
    this.#at = after;
  }

  #try({ block, handler, finalizer }: TSESTree.TryStatement): void {
    const outer = this.#failures;
    const around = this.#finalizers;
    const failing = finalizer ? meeting() : outer;
    const caught = handler ? meeting() : undefined;
    const after = meeting();
    if (finalizer) this.#finalizers = [...around, { block: finalizer, failures: outer }];
    this.#failures = caught ?? failing;
    this.#statements(block.body);
    this.#goTo(after);
    this.#failures = failing;
    if (handler) {
      this.#at = caught;
      this.#step(handler);
      this.#statements(handler.body.body);
      this.#goTo(after);
    }
    this.#failures = outer;
    this.#finalizers = around;
    if (finalizer) {
      this.#at = failing;
      this.#statements(finalizer.body);
      this.#goTo(outer);
    }
    this.#at = after;
    if (finalizer) this.#statements(finalizer.body);
  }

  /** Reads a test and goes to where its result leads. */
  #condition(expression: Node, yes: Point, no: Point): void {
    const node = unwrap(expression);
    if (node.type === 'UnaryExpression' && node.operator === '!') {
      this.#condition(node.argument, no, yes);
      return;
    }
    if (node.type === 'LogicalExpression' && node.operator !== '??') {
      const right = meeting();
      if (node.operator === '&&') this.#condition(node.left, right, no);
      else this.#condition(node.left, yes, right);
      this.#at = right;
      this.#condition(node.right, yes, no);
      return;
    }
    this.#expression(node);
    this.#test(node, yes, no);
  }

  #test(node: Node, yes: Point, no: Point): void {
    const point = this.#step(node);
    if (!point) return;
    point.test = { yes, no };
    point.next.push(yes, no);
    this.#at = undefined;
  }

  #expression(expression: Node): void {
    if (!this.#at) return;
    const node = unwrap(expression);
    switch (node.type) {
      case 'LogicalExpression': {
        const [right, after] = [meeting(), meeting()];
        if (node.operator === '&&') this.#condition(node.left, right, after);
        else if (node.operator === '||') this.#condition(node.left, after, right);
        else {
          this.#expression(node.left);
          this.#test(node.left, after, right);
        }
        this.#at = right;
        this.#expression(node.right);
        this.#goTo(after);
        this.#at = after;
        return;
      }
      case 'ConditionalExpression': {
        const [yes, no, after] = [meeting(), meeting(), meeting()];
        this.#condition(node.test, yes, no);
        for (const [start, branch] of [
          [yes, node.consequent],
          [no, node.alternate],
        ] as const) {
          this.#at = start;
          this.#expression(branch);
          this.#goTo(after);
        }
        this.#at = after;
        return;
      }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        if (runsInPlace(node)) this.#callback(node);
        return;
      case 'CallExpression':
      case 'NewExpression': {
        // What is called is worked out first, but a function written in its place runs after its arguments.
        const callee = unwrap(node.callee);
        if (!isFunction(callee)) this.#expression(callee);
        for (const argument of node.arguments) this.#expression(argument);
        if (isFunction(callee)) this.#callback(callee);
        this.#step(node, true);
        return;
      }
      case 'TaggedTemplateExpression':
        this.#expression(node.tag);
        for (const part of node.quasi.expressions) this.#expression(part);
        this.#step(node, true);
        return;
      case 'AwaitExpression':
      case 'YieldExpression':
        if (node.argument) this.#expression(node.argument);
        this.#step(node, true);
        return;
      case 'AssignmentExpression':
        this.#expression(node.left);
        this.#expression(node.right);
        this.#step(node);
        return;
      case 'UpdateExpression':
        this.#step(node);
        return;
      default:
        if (isClass(node)) return;
        for (const child of this.#module.childrenOf(node)) this.#expression(child);
    }
  }

  /** A function written where it runs: its `return` ends only itself. */
  #callback(fn: FunctionNode): void {
    const [start, after] = [meeting(), meeting()];
    const outer = { returns: this.#returns, targets: this.#targets };
    this.#returns = { to: after, depth: this.#finalizers.length };
    this.#targets = [];
    const list = listOf(fn);
    if (list) {
      this.#test(list, start, after);
      this.#at = start;
    }
    this.#body(fn);
    this.#goTo(after);
    this.#returns = outer.returns;
    this.#targets = outer.targets;
    this.#at = after;
  }
}

/** What a function is run for each element of: `orders` of `orders.map(confirm)`; of `work().catch(tell)`, the work. */
export function listOf(fn: FunctionNode): Node | undefined {
  const { parent } = outermost(fn);
  if (parent?.type !== 'CallExpression' || unwrap(parent.callee) === fn) return undefined;
  const callee = unwrap(parent.callee);
  if (!PERHAPS.test(calleeName(callee) ?? '')) return undefined;
  if (callee.type === 'MemberExpression') return callee.object;
  const [first] = parent.arguments;
  return first && unwrap(first) !== fn ? first : undefined;
}

function meeting(): Point {
  return { node: undefined, next: [] };
}
