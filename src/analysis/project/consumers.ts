/**
 * The other end of a queue: who runs its jobs, and what they make of a field that JSON has turned into a string.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { enteredBy } from '../calls/callees.ts';
import type { Enqueue } from '../jobs/enqueues.ts';
import { nameText } from '../jobs/recognize.ts';
import { annotatedProcessor, nestProcessors } from '../jobs/workers.ts';
import type { SourceModule } from '../source/module.ts';
import { calleeName, keyName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { typeArgument } from '../values/members.ts';
import { membersOf, stringOf, type FunctionValue, type Ref, type Value } from '../values/value.ts';
import type { Project } from './project.ts';

interface Consumer {
  fn: FunctionValue;
  /** Whether a worker of this queue is known to run it; else it only takes jobs of some queue. */
  isKnown: boolean;
  /** The types of its data by its annotation. */
  data: readonly Value[];
}

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'] as const;
const MAX_FUNCTIONS = 40;

export class Consumers {
  readonly #project: Project;
  readonly #enqueue: Enqueue;
  #all: readonly Consumer[] | undefined;

  constructor(project: Project, enqueue: Enqueue) {
    this.#project = project;
    this.#enqueue = enqueue;
  }

  /** What the queue's declaration and the processors' annotations say the data is. */
  get declaredData(): Value[] {
    const { ev } = this.#project;
    const ofQueue = this.#enqueue.targets.flatMap(({ value }) => typeArgument(ev, value, 0) ?? []);
    return [...ofQueue, ...this.#consumers.flatMap(({ isKnown, data }) => (isKnown ? data : []))];
  }

  /** Whether a processor, or what it calls, parses the field at this place of the data as a date. */
  parsesDate(keys: readonly string[]): boolean {
    const names = keys.filter((key) => key !== '[]');
    const last = names.at(-1);
    if (last === undefined) return false;
    return this.#consumers.some(
      (consumer) =>
        (consumer.isKnown || hasField(this.#project.ev, consumer, names[0] as string)) &&
        this.#parses(consumer.fn, last),
    );
  }

  /** Whether a processor, or what it calls, speaks of a field of the data; `undefined` where none is known. */
  mentions(key: string): boolean | undefined {
    const word = new RegExp(`\\b${key}\\b`);
    const speaks = ({ fn }: Consumer): boolean =>
      this.#reached(fn).some(({ at }) => word.test(at.module.textOf(at.node)));
    if (this.#consumers.some(speaks)) return true;
    return this.#consumers.some(({ isKnown }) => isKnown) ? false : undefined;
  }

  get #consumers(): readonly Consumer[] {
    return (this.#all ??= this.#find());
  }

  /** The processors of the queue; every processor of the project where the queue's name is not known. */
  #find(): Consumer[] {
    const { ev, index } = this.#project;
    const { targets, kind } = this.#enqueue;
    const names = targets.map((target) => nameText(ev, target));
    const isAny = names.length === 0 || names.includes(undefined) || kind === 'flow' || kind === 'flows';
    const running = index.modules.flatMap((module) => [
      ...index.workerProcessors(module),
      ...index.factsOf(module).processorClasses.flatMap((owner) => nestProcessors(ev, owner)),
    ]);
    const nodes = new Set<Node>(running.map(({ fn }) => fn.at.node));
    const consumers = running
      .filter(({ queueName }) => isAny || queueName === undefined || names.includes(queueName))
      .map(({ fn }) => ({ fn, isKnown: true, data: dataOf(ev, fn) }));
    // A function that takes a job, but which worker runs it cannot be seen: it may be this queue's.
    for (const module of index.modules)
      for (const node of FUNCTIONS.flatMap((type) => module.nodes(type))) {
        if (node.params.length === 0 || nodes.has(node)) continue;
        const processor = annotatedProcessor(ev, module, node);
        if (!processor) continue;
        const told = namesBeside(ev, module, node);
        if (isAny || told.length === 0 || told.some((name) => names.includes(name)))
          consumers.push({ fn: processor.fn, isKnown: false, data: dataOf(ev, processor.fn) });
      }
    return consumers;
  }

  #parses(start: FunctionValue, key: string): boolean {
    return this.#reached(start).some(({ at }) =>
      bodyOf(at.module, at.node).some((node) => isParse(node, key)),
    );
  }

  /** A function and those it calls. */
  #reached(start: FunctionValue): FunctionValue[] {
    const seen = new Map<FunctionNode, FunctionValue>();
    const queue = [start];
    for (let fn = queue.shift(); fn && seen.size < MAX_FUNCTIONS; fn = queue.shift()) {
      if (seen.has(fn.at.node)) continue;
      seen.set(fn.at.node, fn);
      const { module, frame } = fn.at;
      for (const node of bodyOf(module, fn.at.node)) {
        if (node.type !== 'CallExpression') continue;
        const call: Ref<TSESTree.CallExpression> = { module, node, frame };
        queue.push(...enteredBy(this.#project.ev, call).map((entered) => entered.fn));
      }
    }
    return [...seen.values()];
  }
}

function dataOf(ev: Evaluation, fn: FunctionValue): Value[] {
  const { module, node } = fn.at;
  const [first] = node.params;
  const annotation = (first as { typeAnnotation?: { typeAnnotation: Node } } | undefined)?.typeAnnotation
    ?.typeAnnotation;
  if (!annotation) return [];
  return membersOf(ev.typed(here(module, annotation))).flatMap((member) =>
    member.kind === 'external' ? (typeArgument(ev, member, 0) ?? []) : [],
  );
}

/** Whether a processor's data has a field, as far as its type tells. */
function hasField(ev: Evaluation, { data }: Consumer, key: string): boolean {
  if (data.length === 0) return true;
  return data.some((value) => value.kind === 'unknown' || ev.member(value, key, value.at).kind !== 'unknown');
}

/** Texts given to a call together with a function: `makeWorker('mail', sendMail)`. */
function namesBeside(ev: Evaluation, module: SourceModule, fn: FunctionNode): string[] {
  const name = fn.id ?? (fn.parent.type === 'VariableDeclarator' ? fn.parent.id : undefined);
  const variable = name && module.variableOf(name);
  return (variable?.references ?? []).flatMap(({ identifier }) => {
    const call = (identifier as Node).parent;
    if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return [];
    return call.arguments.flatMap((argument) =>
      argument === identifier ? [] : (stringOf(ev.evaluate(here(module, argument))) ?? []),
    );
  });
}

const PARSERS =
  /^(?:parseISO|toDate|dayjs|moment|utc|fromISO|fromJSDate|parse|parseDate|parseJSON|fromString)$/;

function isParse(node: Node, key: string): boolean {
  if (node.type === 'Property' && keyName(node) === key) return hasCoercion(node.value);
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
  const [argument] = node.arguments;
  if (!argument || !namesKey(argument, key)) return false;
  const name = calleeName(node.callee);
  if (name === undefined) return false;
  return node.type === 'NewExpression' ? name === 'Date' : PARSERS.test(name);
}

/** `z.coerce.date()` */
function hasCoercion(node: Node): boolean {
  let current = unwrap(node);
  while (current.type === 'CallExpression' || current.type === 'MemberExpression') {
    if (current.type === 'MemberExpression' && keyName(current) === 'coerce') return true;
    current = unwrap(current.type === 'CallExpression' ? current.callee : current.object);
  }
  return false;
}

function namesKey(node: Node, key: string): boolean {
  const inner = unwrap(node);
  switch (inner.type) {
    case 'Identifier':
      return inner.name === key;
    case 'MemberExpression':
      return keyName(inner) === key;
    case 'LogicalExpression':
      return namesKey(inner.left, key) || namesKey(inner.right, key);
    case 'ConditionalExpression':
      return namesKey(inner.consequent, key) || namesKey(inner.alternate, key);
    default:
      return false;
  }
}
