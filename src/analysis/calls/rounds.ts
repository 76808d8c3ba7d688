/**
 * What runs again and again while a function runs once: the bodies of loops, and functions that run for each item of
 * a list.
 */
import { calleeName, isFunction, outermost, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { runsInPlace } from './body.ts';

export interface Round {
  /** The loop, or the call that runs a function for each item. */
  at: Node;
  /** What runs each time. */
  body: Node;
  /**
   * `list`: for each item of a list that is there; `count`: for each number; `stream`: for items that come one by one,
   * or few at a time; `condition`: until something is so.
   */
  kind: 'list' | 'count' | 'stream' | 'condition';
  /** The list, where there is one. */
  list: Node | undefined;
}

interface Iteration {
  /** Positions of the list, which is what a method belongs to where there is none, and of the function. */
  list?: number;
  fn: number;
  kind: Round['kind'];
}

/** Methods of a list. */
const METHODS: Readonly<Record<string, Iteration>> = {
  map: { fn: 0, kind: 'list' },
  forEach: { fn: 0, kind: 'list' },
  flatMap: { fn: 0, kind: 'list' },
  // `list.reduce(async (before, item) => { await before; ... })`
  reduce: { fn: 0, kind: 'stream' },
  // A cursor's of Mongoose.
  eachAsync: { fn: 0, kind: 'stream' },
};
/** Functions that are given the list: of the language, lodash, async, bluebird, p-map and their like. */
const FUNCTIONS: Readonly<Record<string, Iteration>> = {
  from: { list: 0, fn: 1, kind: 'list' },
  map: { list: 0, fn: 1, kind: 'list' },
  forEach: { list: 0, fn: 1, kind: 'list' },
  each: { list: 0, fn: 1, kind: 'stream' },
  eachSeries: { list: 0, fn: 1, kind: 'stream' },
  forEachSeries: { list: 0, fn: 1, kind: 'stream' },
  mapSeries: { list: 0, fn: 1, kind: 'stream' },
  eachLimit: { list: 0, fn: 2, kind: 'stream' },
  mapLimit: { list: 0, fn: 2, kind: 'stream' },
  pMap: { list: 0, fn: 1, kind: 'stream' },
  pMapSeries: { list: 0, fn: 1, kind: 'stream' },
  pEachSeries: { list: 0, fn: 1, kind: 'stream' },
};

/**
 * The rounds that a node runs in, the innermost first, as far as the function that holds it and the iterations it is
 * written in; with `within`, out to that function, through whatever else is written in place.
 */
export function roundsAround(node: Node, within?: FunctionNode): Round[] {
  const rounds: Round[] = [];
  for (let child: Node = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (child === within) break;
    const round = isFunction(parent) ? roundOf(parent) : loopOf(parent, child);
    if (round) rounds.push(round);
    else if (isFunction(parent) && !(within && parent !== within && runsInPlace(parent))) break;
  }
  return rounds;
}

function loopOf(loop: Node, body: Node): Round | undefined {
  switch (loop.type) {
    case 'ForOfStatement':
      return loop.body === body
        ? { at: loop, body, kind: loop.await ? 'stream' : 'list', list: loop.right }
        : undefined;
    case 'ForInStatement':
      return loop.body === body ? { at: loop, body, kind: 'list', list: loop.right } : undefined;
    case 'ForStatement':
      return loop.body === body
        ? { at: loop, body, kind: loop.test && loop.update ? 'count' : 'condition', list: undefined }
        : undefined;
    case 'WhileStatement':
    case 'DoWhileStatement':
      return loop.body === body ? { at: loop, body, kind: 'condition', list: undefined } : undefined;
    default:
      return undefined;
  }
}

/** The iteration that a function is written for. */
function roundOf(fn: FunctionNode): Round | undefined {
  const argument = outermost(fn);
  const call = argument.parent;
  const found = call?.type === 'CallExpression' ? iterationOf(call) : undefined;
  if (!call || found?.fn !== argument) return undefined;
  return { at: call, body: fn, kind: found.kind, list: found.list };
}

/** Whether a call runs a function that it is given, by name or in place, for each item of a list. */
export function isIteration(call: Node): boolean {
  return call.type === 'CallExpression' && iterationOf(call) !== undefined;
}

function iterationOf(
  call: Extract<Node, { type: 'CallExpression' }>,
): { fn: Node; list: Node; kind: Round['kind'] } | undefined {
  const callee = unwrap(call.callee);
  const name = calleeName(callee) ?? '';
  const [first] = call.arguments;
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (callee.type === 'MemberExpression' && method && first && isPlainFunction(first))
    return { fn: first, list: callee.object, kind: method.kind };
  const given = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  const fn = given && call.arguments[given.fn];
  return given && first && fn && isPlainFunction(fn) ? { fn, list: first, kind: given.kind } : undefined;
}

/** Whether an argument can be a function by its looks. */
function isPlainFunction(argument: Node): boolean {
  const node = unwrap(argument);
  return isFunction(node) || /^(?:Identifier|MemberExpression|CallExpression)$/.test(node.type);
}

/** Whether one run of a function comes to a node again and again, for each of a number of things. */
export function repeats(node: Node, within: FunctionNode): boolean {
  return roundsAround(node, within).some((round) => round.kind !== 'condition' && !endsRound(node, round));
}

/** Whether a loop ends with the node: what comes after it leaves the loop, as in the tries of one thing. */
export function endsRound(node: Node, { at, body }: Round): boolean {
  if (isFunction(body)) return false;
  for (
    let child: Node = node, parent = node.parent;
    parent && parent !== at;
    child = parent, parent = parent.parent
  ) {
    if (isFunction(parent)) continue;
    if (parent.type === 'ReturnStatement' && isOwnStatement(parent, at)) return true;
    if (parent.type !== 'BlockStatement' && parent.type !== 'SwitchCase') continue;
    const statements: readonly Node[] = parent.type === 'SwitchCase' ? parent.consequent : parent.body;
    const after = statements.slice(statements.indexOf(child) + 1);
    if (after.some((statement) => statement.type !== 'ThrowStatement' && leavesLoop(statement, at)))
      return true;
  }
  return false;
}

/** Whether a statement ends a loop that it is written in: not just a loop or a function inside of that one. */
export function leavesLoop(statement: Node, loop: Node): boolean {
  if (/^(?:Return|Throw)Statement$/.test(statement.type)) return isOwnStatement(statement, loop);
  if (statement.type !== 'BreakStatement') return false;
  if (statement.label) return true;
  let target = statement.parent as Node | undefined;
  while (target && !/^(?:Switch|For|ForIn|ForOf|While|DoWhile)Statement$/.test(target.type))
    target = target.parent;
  return target === loop;
}

/** Whether a statement is of the function that has the loop, not of one inside it. */
function isOwnStatement(statement: Node, loop: Node): boolean {
  let current = statement.parent;
  while (current && current !== loop && !isFunction(current)) current = current.parent;
  return current === loop;
}
