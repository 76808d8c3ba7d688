/**
 * What becomes of a job whose name a processor does not ask for. The processor is gone through as such a job would
 * go: comparisons of the name fail, lookups by it find nothing. Where it comes to the end without having done
 * anything, and a question about the name is why, the job is skipped.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isRegistration } from '../calls/body.ts';
import { enteredBy, type Entered } from '../calls/callees.ts';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  isClass,
  isFunction,
  keyName,
  unwrap,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import type { Frame, FunctionValue, Ref } from '../values/value.ts';
import { closedOver, enterWithJob, jobPath } from './own-job.ts';

export interface Skip {
  /** `guard` leaves for other names, `chain` does something for some names, `switch` and `map` likewise. */
  kind: 'guard' | 'chain' | 'switch' | 'map';
  /** The question about the name: a test, a switch, a call that is made if there is a handler. */
  at: Ref;
  /** The function it is in. */
  fn: FunctionValue;
  /** The calls that lead there from the processor. */
  calls: readonly Ref[];
}

/** Where a processor skips jobs by their name; `undefined` where it surely does not, or that cannot be said. */
export function skipOfOtherNames(ev: Evaluation, fn: FunctionValue): Skip | undefined {
  const exit = new Run(ev, enterWithJob(fn), []).exit({ isDone: false, skip: undefined, leaves: false });
  if (!exit?.skip || exit.isDone) return undefined;
  // Where nothing is done for any name nothing is skipped.
  return works(exit.skip.fn.at.node.body) ? exit.skip : undefined;
}

/** How things stand at a point of the code. */
interface State {
  /** Whether something has been done for the job. */
  isDone: boolean;
  /** The first question about the name that kept the job from being worked on. */
  skip: Skip | undefined;
  /** Whether a `break` or `continue` leaves the statements around. */
  leaves: boolean;
}

const MAX_CALLS = 4;

/** One function, as the job goes through it. A state that is missing does not come to be: the code has thrown. */
class Run {
  readonly #ev: Evaluation;
  readonly #fn: FunctionValue;
  readonly #module: SourceModule;
  readonly #frame: Frame | undefined;
  readonly #calls: readonly Ref[];
  #exits: State[] = [];

  constructor(ev: Evaluation, { fn, frame }: Entered, calls: readonly Ref[]) {
    this.#ev = ev;
    this.#fn = fn;
    this.#module = fn.at.module;
    this.#frame = frame;
    this.#calls = calls;
  }

  /** The state in which the function ends; one that has skipped the job, if there is such a way through it. */
  exit(state: State, fn: FunctionNode = this.#fn.at.node): State | undefined {
    const outside = this.#exits;
    this.#exits = [];
    const last =
      fn.body.type === 'BlockStatement'
        ? this.#list(fn.body.body, state)
        : this.#expression(fn.body, state, true);
    const exits = last ? [...this.#exits, last] : this.#exits;
    this.#exits = outside;
    const [first] = exits;
    if (!first) return undefined;
    const skipped = exits.find(({ isDone, skip }) => !isDone && skip !== undefined && skip !== state.skip);
    return { ...(skipped ?? exits.reduce(merged)), leaves: false };
  }

  #list(statements: readonly Node[], state: State): State | undefined {
    let current: State | undefined = state;
    for (const statement of statements) {
      current = this.#statement(statement, current);
      if (!current || current.leaves) return current;
    }
    return current;
  }

  #statement(node: Node, state: State): State | undefined {
    switch (node.type) {
      case 'BlockStatement':
        return this.#list(node.body, state);
      case 'LabeledStatement':
        return this.#statement(node.body, state);
      case 'ExpressionStatement':
        return this.#expression(node.expression, state, false);
      case 'VariableDeclaration': {
        let current: State | undefined = state;
        for (const { init } of node.declarations)
          if (init && current)
            current = isPreparation(init)
              ? this.#step(preparingCall(init), current)
              : this.#expression(init, current, false);
        return current;
      }
      case 'ReturnStatement': {
        const last = node.argument ? this.#expression(node.argument, state, true) : state;
        if (last) this.#exits.push(last);
        return undefined;
      }
      case 'ThrowStatement':
        return undefined;
      case 'BreakStatement':
      case 'ContinueStatement':
        return { ...state, leaves: true };
      case 'IfStatement':
        return this.#branch(node.test, node.consequent, node.alternate ?? undefined, state, (inner, at) =>
          this.#statement(inner, at),
        );
      case 'SwitchStatement':
        return this.#switch(node, state);
      case 'TryStatement':
        return this.#statement(node.block, state);
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'WhileStatement':
      case 'DoWhileStatement': {
        const after = this.#statement(node.body, state);
        return after ? { ...after, leaves: false } : state;
      }
      default:
        return state;
    }
  }

  /** The ways through an `if`, a conditional expression or `&&`, as far as the name decides. */
  #branch(
    test: Node,
    consequent: Node,
    alternate: Node | undefined,
    state: State,
    go: (node: Node, state: State) => State | undefined,
  ): State | undefined {
    const answer = this.#answer(test);
    if (answer === true) {
      // What follows, or the other branch, is for the names that are asked for.
      const isGuard = alternate === undefined || works(alternate);
      return go(consequent, isGuard ? this.#skipping(state, 'guard', test) : state);
    }
    if (answer === false) {
      const next = works(consequent)
        ? this.#skipping(state, 'chain', test, this.#asksAgain(alternate))
        : state;
      return alternate ? go(alternate, next) : next;
    }
    const taken = go(consequent, state);
    const other = alternate ? go(alternate, state) : state;
    if (taken && other) return merged(taken, other);
    return taken ?? other;
  }

  #switch(node: TSESTree.SwitchStatement, state: State): State | undefined {
    const after = (end: State | undefined): State | undefined => end && { ...end, leaves: false };
    const from = (index: number, begin: State): State | undefined =>
      after(
        this.#list(
          node.cases.slice(index).flatMap(({ consequent }) => consequent),
          begin,
        ),
      );
    const byDefault = node.cases.findIndex(({ test }) => test === null);
    if (this.#isName(node.discriminant)) {
      const working = node.cases.filter((one) => one.test && works(one)).length;
      const next = working > 0 ? this.#skipping(state, 'switch', node, working > 1) : state;
      return byDefault < 0 ? next : from(byDefault, next);
    }
    const ends = node.cases.map((_, index) => from(index, state));
    if (byDefault < 0) ends.push(state);
    const known = ends.filter((end) => end !== undefined);
    return known.length > 0 ? known.reduce(merged) : undefined;
  }

  #expression(given: Node, state: State, isReturned: boolean): State | undefined {
    const node = unwrap(given);
    const go = (inner: Node, at: State): State | undefined => this.#expression(inner, at, isReturned);
    switch (node.type) {
      case 'AwaitExpression':
        return go(node.argument, state);
      case 'UnaryExpression':
        return go(node.argument, state);
      case 'AssignmentExpression':
        return go(node.right, state);
      case 'SequenceExpression':
        return this.#each(node.expressions, state, go);
      case 'ArrayExpression':
        return this.#each(node.elements, state, go);
      case 'ObjectExpression':
        return this.#each(
          node.properties.map((property) =>
            property.type === 'Property' ? property.value : property.argument,
          ),
          state,
          go,
        );
      case 'SpreadElement':
        return go(node.argument, state);
      case 'ConditionalExpression':
        return this.#branch(node.test, node.consequent, node.alternate, state, go);
      case 'LogicalExpression': {
        if (node.operator === '&&') return this.#branch(node.left, node.right, undefined, state, go);
        const left = go(node.left, state);
        return left && go(node.right, left);
      }
      case 'NewExpression':
        return { ...state, isDone: true };
      case 'CallExpression':
        return this.#call(node, state);
      case 'Identifier':
        // What was made before is given back: `const sent = await send(job); return sent;`
        return isReturned && isAwaitedResult(this.#module, node) ? { ...state, isDone: true } : state;
      default:
        return state;
    }
  }

  #each(
    nodes: readonly (Node | null)[],
    state: State,
    go: (node: Node, state: State) => State | undefined,
  ): State | undefined {
    let current: State | undefined = state;
    for (const node of nodes) if (node && current) current = go(node, current);
    return current;
  }

  #call(call: TSESTree.CallExpression, state: State): State | undefined {
    const found = this.#lookupCalled(call);
    // Without `?.` calling nothing throws.
    if (found) return found === 'optional' ? this.#skipping(state, 'map', call) : undefined;
    const name = calleeName(call.callee) ?? '';
    if (NEVER.test(name)) return undefined;
    const inner = call.arguments.map((argument) => unwrap(argument)).filter(isFunction);
    const asking = isRegistration(call) ? undefined : inner.find((fn) => this.#asksForName(fn));
    if (asking) return this.exit(state, asking);
    if (isAside(call) || this.#isOfJob(call)) return this.#step(call, state);
    return this.#entered(call, state);
  }

  /** What is no work by itself, but may throw for names that it does not know: `assertKnown(job.name)`. */
  #step(node: Node, state: State): State | undefined {
    const isAsked = node.type === 'CallExpression' && node.arguments.some((one) => this.#isJobOrName(one));
    return isAsked && !this.#entered(node, state) ? undefined : state;
  }

  /** What a function of the project does with the job that it is given. */
  #entered(call: TSESTree.CallExpression, state: State): State | undefined {
    const done = { ...state, isDone: true };
    if (this.#calls.length >= MAX_CALLS) return done;
    const at = here(this.#module, call, this.#frame) as Ref<TSESTree.CallExpression>;
    const [entered, ...others] = enteredBy(this.#ev, at);
    if (!entered || others.length > 0 || this.#calls.some((outer) => outer.node === call)) return done;
    const { fn } = entered;
    if (!works(fn.at.node.body)) return state;
    const run = new Run(this.#ev, closedOver(entered, this.#frame), [...this.#calls, at]);
    if (!run.#asksForName(fn.at.node)) return done;
    const exit = run.exit({ isDone: false, skip: undefined, leaves: false });
    if (!exit) return undefined;
    return exit.skip && !exit.isDone ? { ...state, skip: state.skip ?? exit.skip } : done;
  }

  /** `isDispatch`: several names are told apart, so that what was done for all of them before is not the job. */
  #skipping(state: State, kind: Skip['kind'], node: Node, isDispatch = false): State {
    const skip = state.skip ?? {
      kind,
      at: here(this.#module, node, this.#frame),
      fn: this.#fn,
      calls: this.#calls,
    };
    return { ...state, skip, isDone: state.isDone && !isDispatch };
  }

  /** Whether an `else` is followed by another question about the name. */
  #asksAgain(alternate: Node | undefined): boolean {
    const next =
      alternate?.type === 'BlockStatement' && alternate.body.length === 1 ? alternate.body[0] : alternate;
    return next?.type === 'IfStatement' && this.#answer(next.test) === false;
  }

  /** What a test says of another name than those it asks for; `undefined` where it asks for something else. */
  #answer(test: Node): boolean | undefined {
    const node = unwrap(test);
    switch (node.type) {
      case 'UnaryExpression': {
        const inner = node.operator === '!' ? this.#answer(node.argument) : undefined;
        return inner === undefined ? undefined : !inner;
      }
      case 'LogicalExpression': {
        const answers = [this.#answer(node.left), this.#answer(node.right)];
        if (node.operator === '??') return undefined;
        const decisive = node.operator === '||';
        if (answers.includes(decisive)) return decisive;
        return answers.includes(undefined) ? undefined : !decisive;
      }
      case 'BinaryExpression':
        return this.#compared(node);
      case 'CallExpression': {
        const callee = unwrap(node.callee);
        const method = calleeName(callee) ?? '';
        const isAsked = /^(?:includes|has|hasOwn|hasOwnProperty|test)$/.test(method)
          ? node.arguments.some((argument) => this.#isName(argument))
          : callee.type === 'MemberExpression' &&
            /^(?:startsWith|endsWith|match)$/.test(method) &&
            this.#isName(callee.object);
        return isAsked || this.#isLookup(node) ? false : undefined;
      }
      default:
        return this.#isLookup(node) ? false : undefined;
    }
  }

  #compared({ operator, left, right }: TSESTree.BinaryExpression): boolean | undefined {
    if (operator === 'in') return this.#isName(left) ? false : undefined;
    if (!/^[!=]==?$/.test(operator)) return undefined;
    const isEqual = operator.startsWith('=');
    if (this.#isName(left) || this.#isName(right)) return !isEqual;
    const [one, other] = [unwrap(left), unwrap(right)];
    if (one.type === 'UnaryExpression' && one.operator === 'typeof' && this.#isLookup(one.argument))
      return (other.type === 'Literal' && other.value === 'undefined') === isEqual;
    if (isNothing(other) && this.#isLookup(one)) return isEqual;
    return undefined;
  }

  #isName(given: Node): boolean {
    const node = unwrap(given);
    if (node.type !== 'Identifier' && !(node.type === 'MemberExpression' && keyName(node) === 'name'))
      return false;
    return jobPath(this.#ev.evaluate(here(this.#module, node, this.#frame))) === '.name';
  }

  #isJobOrName(given: Node): boolean {
    const path = jobPath(this.#ev.evaluate(here(this.#module, given, this.#frame)));
    return path === '' || path === '.name';
  }

  /** `handlers[job.name]`, `handlers.get(job.name)`, `getHandler(job.name)`, and a name for one. */
  #isLookup(given: Node, depth = 0): boolean {
    const node = unwrap(given);
    switch (node.type) {
      case 'AwaitExpression':
        return this.#isLookup(node.argument, depth);
      case 'MemberExpression':
        return node.computed && this.#isName(node.property);
      case 'CallExpression': {
        const [first, second] = node.arguments;
        return (
          first !== undefined &&
          second === undefined &&
          /^(?:get|(?:get|find|resolve)\w*(?:handler|processor|executor|runner|task|job))$/i.test(
            calleeName(node.callee) ?? '',
          ) &&
          this.#isName(first)
        );
      }
      case 'LogicalExpression':
        return node.operator !== '&&' && isNothing(unwrap(node.right)) && this.#isLookup(node.left, depth);
      case 'Identifier': {
        const declarator = this.#module.variableOf(node)?.defs[0]?.node as Node | undefined;
        return (
          depth < 3 &&
          declarator?.type === 'VariableDeclarator' &&
          declarator.id.type === 'Identifier' &&
          declarator.init !== null &&
          this.#isLookup(declarator.init, depth + 1)
        );
      }
      default:
        return false;
    }
  }

  /** Whether what is called was looked up by the name: `handlers[job.name]?.(job)`, `handler?.process(job)`. */
  #lookupCalled(call: TSESTree.CallExpression): 'optional' | 'plain' | undefined {
    const callee = unwrap(call.callee);
    if (this.#isLookup(callee)) return call.optional ? 'optional' : 'plain';
    if (callee.type !== 'MemberExpression' || !this.#isLookup(callee.object)) return undefined;
    return callee.optional ? 'optional' : 'plain';
  }

  /** `job.log(...)`, `job.updateProgress(...)`: telling about the job is not doing it. */
  #isOfJob({ callee }: TSESTree.CallExpression): boolean {
    const node = unwrap(callee);
    return (
      node.type === 'MemberExpression' &&
      /^(?:log|progress|updateProgress|extendLock|clearLogs|getState|toJSON)$/.test(keyName(node) ?? '') &&
      jobPath(this.#ev.evaluate(here(this.#module, node.object, this.#frame))) === ''
    );
  }

  #asksForName(fn: FunctionNode): boolean {
    return some(this.#module, fn.body, (node) => this.#isName(node));
  }
}

function merged(a: State, b: State): State {
  return { isDone: a.isDone || b.isDone, skip: a.skip ?? b.skip, leaves: a.leaves && b.leaves };
}

function isNothing(node: Node): boolean {
  return (
    (node.type === 'Literal' && node.value === null) ||
    (node.type === 'Identifier' && node.name === 'undefined')
  );
}

const NEVER = /never|unreachable|exhaustive/i;
/** Objects and functions that tell what happens and do nothing about it. */
const TELLS =
  /(?:^|\.)(?:console|\w*log(?:ger)?|winston|pino|debug|sentry|metrics?|tracer|\w*span|telemetry|newrelic|apm|stats|statsd|\w*counter|histogram|gauge|monitor(?:ing)?|progress)(?:\.|$|\()|\.(?:log|info|warn|debug|trace|verbose|error|captureMessage|captureException|addBreadcrumb)$/i;
/** Services of the project that count and note: `this.observabilityService.recordEvent()`; they may do work as well. */
const NOTES =
  /(?:^|\.)(?:observability|telemetry|metrics?|monitoring)(?:Service)?\.(?:record|log|track|increment|observe|capture)\w*$/i;
/** Callbacks that only end the job. */
const ENDS = /^(?:done|callback|cb|next|resolve)$/;
/** Steps before the work. */
const PREPARES =
  /^(?:connect\w*|init\w*|ensure\w*|validate\w*|assert\w*|check\w*|sleep|delay|wait|log(?![a-z])\w*|set(?:Tag|Context|User|Attribute)s?|String|Number|Boolean|Date)$/;
const ASKS =
  /^(?:find|get|load|fetch|read|query|select|parse|safeParse|validate|resolve|count|exists|ensure|connect|init|is|has|to|from|build|make|create|start|begin)(?![a-z])/;

/** Whether a call is no work by itself: it logs, counts, checks, or ends the job. */
function isAside(call: TSESTree.CallExpression): boolean {
  const callee = unwrap(call.callee);
  const name = calleeName(callee) ?? '';
  if (callee.type === 'Identifier') return ENDS.test(name) || PREPARES.test(name) || TELLS.test(name);
  const path = pathOf(callee);
  return PREPARES.test(name) || path === 'Promise.resolve' || TELLS.test(path) || NOTES.test(path);
}

/** `this.logger.warn` */
function pathOf(node: Node): string {
  const inner = unwrap(node);
  switch (inner.type) {
    case 'MemberExpression':
      return `${pathOf(inner.object)}.${keyName(inner) ?? '*'}`;
    case 'CallExpression':
      return `${pathOf(inner.callee)}()`;
    case 'Identifier':
      return inner.name;
    default:
      return '';
  }
}

/** Whether a declaration only gets what the work needs: nothing is waited for, or a query by its name. */
function isPreparation(init: Node): boolean {
  const node = unwrap(init);
  if (node.type === 'CallExpression' || node.type === 'NewExpression') return true;
  if (node.type !== 'AwaitExpression') return false;
  const call = preparingCall(node);
  return call.type === 'CallExpression' && ASKS.test(calleeName(call.callee) ?? '');
}

/** The call that gets what is declared, waited for or not. */
function preparingCall(init: Node): Node {
  const node = unwrap(init);
  return node.type === 'AwaitExpression' ? unwrap(node.argument) : node;
}

function isAwaitedResult(module: SourceModule, identifier: Node): boolean {
  const declarator = module.variableOf(identifier)?.defs[0]?.node as Node | undefined;
  return (
    declarator?.type === 'VariableDeclarator' &&
    declarator.init?.type === 'AwaitExpression' &&
    isPreparation(declarator.init)
  );
}

/** Whether a part of the code does something: a call that is more than telling. */
function works(root: Node): boolean {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'NewExpression' || node.type === 'ThrowStatement') return true;
    if (node.type === 'CallExpression' && !isAside(node)) return true;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'parent') continue;
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof (child as Partial<Node> | null)?.type === 'string') stack.push(child as Node);
    }
  }
  return false;
}

function some(module: SourceModule, root: Node, holds: (node: Node) => boolean): boolean {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (holds(node)) return true;
    if (!isClass(node)) stack.push(...module.childrenOf(node));
  }
  return false;
}
