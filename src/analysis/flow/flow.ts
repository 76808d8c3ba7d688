/**
 * Order and dominance in one function: what has run on every way to a place, what decides whether it runs, what can
 * run after it.
 */
import { runsInPlace } from '../calls/body.ts';
import type { SourceModule } from '../source/module.ts';
import { contains, isFunction, type FunctionNode, type Node } from '../source/nodes.ts';
import { graphOf, listOf, type Graph, type Point } from './graph.ts';

/** A test that decides whether a place is reached. */
export interface Decision {
  /**
   * The expression that is tested, without `!`, `&&` and `||` around it; the `case` of a `switch`; what a `for` or a
   * callback goes through, which leads on as long as there is an element.
   */
  test: Node;
  /** The result by which the place is reached; by the other it never is. */
  when: boolean;
}

/** What a way can take; see {@link Flow.isAlwaysPast}. */
export interface Steps {
  /** It runs one of these. */
  nodes: ReadonlySet<Node>;
  /** It leaves one of these tests by this result. */
  results: ReadonlyMap<Node, boolean>;
  /** What a test asks, where another test may ask it again. */
  questionOf(test: Node): Question | undefined;
}

/** Tests with the same question come out alike, until one of the names in it is made anew. */
export interface Question {
  text: string;
  madeAt: readonly Node[];
}

export class Flow {
  readonly #graph: Graph;
  /** Asked for one place again and again: each pair of effects asks for both of its places. */
  readonly #decisions = new Map<Node, readonly Decision[]>();
  #tests: readonly Node[] | undefined;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Whether the function has this node on any way from its beginning. */
  has(node: Node): boolean {
    return this.#pointsOf(node).length > 0;
  }

  /** Whether `later` can run after `earlier` has, in one run of the function. */
  canFollow(earlier: Node, later: Node): boolean {
    const goals = new Set(this.#pointsOf(later));
    return this.#pointsOf(earlier).some((point) => reaches(point.next, goals, undefined));
  }

  /** The same for one round of the loops that both are in: not what a later round does. */
  canFollowInRound(earlier: Node, later: Node): boolean {
    const heads = headsOfShared(earlier, later);
    if (heads.length === 0) return this.canFollow(earlier, later);
    const goals = new Set(this.#pointsOf(later));
    const avoided = new Set(
      this.tests.flatMap((test) => (heads.some((head) => contains(head, test)) ? this.#pointsOf(test) : [])),
    );
    return this.#pointsOf(earlier).some((point) => reaches(point.next, goals, avoided));
  }

  /** Whether `earlier` has run on every way by which `later` is reached. */
  isAlwaysBefore(earlier: Node, later: Node): boolean {
    const goals = new Set(this.#pointsOf(later));
    const avoided = new Set(this.#pointsOf(earlier));
    if (goals.size === 0 || avoided.size === 0 || earlier === later) return false;
    return !reaches([this.#graph.entry], goals, avoided);
  }

  /**
   * Whether every way to a node takes one of the steps; not where there are too many ways to tell. What answers one
   * question in two ways is no way: `if (row && force) ... else if (row && !force) return`.
   */
  isAlwaysPast(node: Node, steps: Steps): boolean {
    const goals = new Set(this.#pointsOf(node));
    return goals.size > 0 && !reachesWithout(this.#graph.entry, goals, steps);
  }

  /**
   * The tests that keep the function from getting to a node when they turn out one way; in a loop, from getting to it
   * in the same round.
   */
  decisionsBefore(node: Node): readonly Decision[] {
    const known = this.#decisions.get(node) ?? this.#findDecisions(node);
    this.#decisions.set(node, known);
    return known;
  }

  #findDecisions(node: Node): Decision[] {
    const goals = new Set(this.#pointsOf(node));
    if (goals.size === 0) return [];
    const found: Decision[] = [];
    for (const [test, points] of this.#graph.points)
      for (const point of points) {
        if (!point.test) continue;
        const itself = new Set([point]);
        // What is only asked after the node has run decides nothing about it.
        if (!reaches([this.#graph.entry], itself, goals)) continue;
        const avoided = shareLoop(test, node) ? itself : undefined;
        const byYes = reaches([point.test.yes], goals, avoided);
        const byNo = reaches([point.test.no], goals, avoided);
        if (byYes !== byNo) found.push({ test, when: byYes });
      }
    return found;
  }

  /** What decides which way the function goes; the same nodes as in {@link Decision}. */
  get tests(): readonly Node[] {
    this.#tests ??= [...this.#graph.points].flatMap(([node, points]) =>
      points.some(({ test }) => test) ? [node] : [],
    );
    return this.#tests;
  }

  /** Whether a node is still reached where some tests always turn out one way; true of what is no part of the flow. */
  reachedWhen(answers: ReadonlyMap<Node, boolean>): (node: Node) => boolean {
    const seen = new Set<Point>();
    const stack = [this.#graph.entry];
    for (let point = stack.pop(); point; point = stack.pop()) {
      if (seen.has(point)) continue;
      seen.add(point);
      const answer = point.test && point.node ? answers.get(point.node) : undefined;
      if (point.test && answer !== undefined) stack.push(answer ? point.test.yes : point.test.no);
      else stack.push(...point.next);
    }
    return (node) => {
      const points = this.#pointsOf(node);
      return points.length === 0 || points.some((point) => seen.has(point));
    };
  }

  #pointsOf(node: Node): readonly Point[] {
    return this.#graph.points.get(node) ?? [];
  }
}

function reaches(
  starts: readonly Point[],
  goals: ReadonlySet<Point>,
  avoided: ReadonlySet<Point> | undefined,
): boolean {
  const seen = new Set<Point>();
  const stack = [...starts];
  for (let point = stack.pop(); point; point = stack.pop()) {
    if (seen.has(point) || avoided?.has(point)) continue;
    if (goals.has(point)) return true;
    seen.add(point);
    stack.push(...point.next);
  }
  return false;
}

/** Beyond this many places with other answers the ways are not told apart. */
const MAX_PLACES = 5000;

interface Place {
  point: Point;
  /** How the questions on the way were answered. */
  answers: ReadonlyMap<string, Answer>;
}

interface Answer {
  question: Question;
  result: boolean;
}

/** Whether a way that takes none of the steps may lead to a goal. */
function reachesWithout(entry: Point, goals: ReadonlySet<Point>, steps: Steps): boolean {
  const seen = new Map<Point, Set<string>>();
  const stack: Place[] = [{ point: entry, answers: new Map() }];
  for (let places = 0; places < MAX_PLACES; places++) {
    const place = stack.pop();
    if (!place) return false;
    const { point, answers } = place;
    if (goals.has(point)) return true;
    const key = [...answers].map(([text, { result }]) => `${text} ${result}`).join();
    const before = seen.get(point) ?? new Set();
    if (before.has(key)) continue;
    seen.set(point, before.add(key));
    if (!point.node || !steps.nodes.has(point.node)) stack.push(...placesAfter(place, steps));
  }
  return true;
}

function placesAfter({ point, answers: before }: Place, steps: Steps): Place[] {
  const { node, test } = point;
  if (!node) return point.next.map((next) => ({ point: next, answers: before }));
  const answers = new Map([...before].filter(([, { question }]) => !question.madeAt.includes(node)));
  if (!test) return point.next.map((next) => ({ point: next, answers }));
  const question = steps.questionOf(node);
  return [true, false].flatMap((result) => {
    const known = question && answers.get(question.text);
    if (steps.results.get(node) === result || (known && known.result !== result)) return [];
    const given = question ? new Map([...answers, [question.text, { question, result }]]) : answers;
    return [{ point: result ? test.yes : test.no, answers: given }];
  });
}

/** The loops, and the functions that run in place, that two nodes are both in. */
function shared(a: Node, b: Node): Node[] {
  const found: Node[] = [];
  for (let node = a.parent; node; node = node.parent) {
    if (isFunction(node) && !runsInPlace(node)) break;
    if ((isFunction(node) || isLoop(node)) && contains(node, b)) found.push(node);
  }
  return found;
}

/** Whether two nodes are done in the same rounds of a loop: then each round asks anew. */
function shareLoop(a: Node, b: Node): boolean {
  return shared(a, b).some(isLoop);
}

/** What decides on the next round of each loop that two nodes are in: its test, or the list that it goes through. */
function headsOfShared(a: Node, b: Node): Node[] {
  return shared(a, b).flatMap((node) => {
    const { right, test } = node as { right?: Node; test?: Node | null };
    const head = isFunction(node) ? listOf(node) : (right ?? test);
    return head ? [head] : [];
  });
}

function isLoop(node: Node): boolean {
  return /^(?:For|ForOf|ForIn|While|DoWhile)Statement$/.test(node.type);
}

const flows = new WeakMap<FunctionNode, Flow | undefined>();

/** The flow of a function; `undefined` where it is too large to be looked at. */
export function flowOf(module: SourceModule, fn: FunctionNode): Flow | undefined {
  if (!flows.has(fn)) {
    const graph = graphOf(module, fn);
    flows.set(fn, graph && new Flow(graph));
  }
  return flows.get(fn);
}
