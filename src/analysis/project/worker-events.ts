/**
 * Who listens to the events of a worker: code beside it, a helper or loop that it is passed through, the methods of
 * a Nest class, queue events of its queue. What cannot be followed counts as listening.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { enteredBy, type Entered } from '../calls/callees.ts';
import { looksLikeListening, receiverOf, type Listener } from '../jobs/listeners.ts';
import { libraryObject, nameText } from '../jobs/recognize.ts';
import type { WorkerDefinition } from '../jobs/workers.ts';
import type { SourceModule } from '../source/module.ts';
import {
  decoratorsOf,
  enclosingFunction,
  isClass,
  keyName,
  unwrap,
  type ClassNode,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, stringOf, type Ref } from '../values/value.ts';
import type { Project } from './project.ts';
import { holdsWorker, isOpen, isWorker, leaves, modulesAroundWorker } from './worker-uses.ts';

export class WorkerEvents {
  readonly #project: Project;
  readonly #ev: Evaluation;
  readonly #worker: WorkerDefinition;
  readonly #queueName: string | undefined;
  #modules: readonly SourceModule[] | undefined;

  constructor(project: Project, worker: WorkerDefinition) {
    this.#project = project;
    this.#ev = project.ev;
    this.#worker = worker;
    this.#queueName = worker.name && stringOf(worker.name);
  }

  /** Whether something can listen to an event of the worker. */
  isHeard(event: string): boolean {
    const { at } = this.#worker;
    if (this.#isHeardOnQueue(event)) return true;
    if (isClass(at.node)) return this.#isHeardInClass(at as Ref<ClassNode>, event);
    return this.#isHeardOnWorker(event) || this.#isHeardWherePassed(event) || this.#isHeardUnseen(event);
  }

  get #all(): readonly SourceModule[] {
    return (this.#modules ??= modulesAroundWorker(this.#project, this.#worker));
  }

  /** Queue events tell of the jobs of every worker of the queue; errors of the worker they do not tell. */
  #isHeardOnQueue(event: string): boolean {
    const isBull = this.#worker.dialect.family === 'bull';
    if (event === 'error' && !isBull) return false;
    return this.#all.some((module) =>
      this.#project.index
        .listenersOf(module)
        .some(
          (listener) =>
            (listener.role === 'queue-events' || (isBull && this.#isOfQueue(listener))) &&
            (listener.event?.replace(/^global:/, '') ?? event) === event &&
            canBe(this.#queueName, this.#nameOf(listener)),
        ),
    );
  }

  /** Bull's listeners are a queue's: those of one Nest class hear the jobs of the others of its queue. */
  #isOfQueue(listener: Listener): boolean {
    if (listener.role === 'queue') return true;
    const isNest = listener.role === 'worker' && listener.target === undefined;
    return isNest && this.#queueName !== undefined && this.#nameOf(listener) === this.#queueName;
  }

  #nameOf({ at, target }: Listener): string | undefined {
    if (target) {
      const names = membersOf(present(target)).map((member) => {
        const object = libraryObject(this.#ev, member);
        return object && nameText(this.#ev, object);
      });
      return names.length === 1 ? names[0] : undefined;
    }
    // `@QueueEventsListener('mail') class { @OnQueueEvent('failed') ... }`
    const owner = at.node.parent?.parent;
    for (const { expression } of owner ? decoratorsOf(owner) : []) {
      const [first] = expression.type === 'CallExpression' ? expression.arguments : [];
      const name = first && stringOf(this.#ev.evaluate(here(at.module, first)));
      if (name !== undefined) return name;
    }
    return undefined;
  }

  #isHeardOnWorker(event: string): boolean {
    return this.#all.some((module) =>
      this.#listening(module, event).some((call) =>
        isWorker(this.#ev, this.#worker, this.#ev.evaluate(here(module, receiverOf(call)))),
      ),
    );
  }

  /** `instrument(worker)`, `new Monitor([worker])`: what the called function does with it. */
  #isHeardWherePassed(event: string): boolean {
    return this.#all.some((module) =>
      [...module.nodes('CallExpression'), ...module.nodes('NewExpression')].some((call) => {
        if (!call.arguments.some((argument) => holdsWorker(this.#ev, this.#worker, here(module, argument))))
          return false;
        const at = here(module, call) as Ref<typeof call>;
        const entered = enteredBy(this.#ev, at);
        if (entered.length > 0) return entered.some((callee) => this.#listensInside(callee, event, 0));
        const name = call.callee.type === 'MemberExpression' ? keyName(call.callee) : undefined;
        if (name !== undefined && COLLECTING.test(name)) return false;
        return !membersOf(this.#ev.evaluate(here(module, call.callee))).every(
          (callee) => callee.kind === 'external' && callee.path.startsWith('global:'),
        );
      }),
    );
  }

  #listensInside({ fn, frame }: Entered, event: string, depth: number): boolean {
    const { module, node } = fn.at;
    return bodyOf(module, node).some((inner) => {
      if (inner.type !== 'CallExpression') return false;
      const call = { module, node: inner, frame };
      if (looksLikeListening(inner)) {
        if (!this.#canBeEvent(call, event)) return false;
        const target = this.#ev.evaluate(beside(call, receiverOf(inner)));
        return isWorker(this.#ev, this.#worker, target) || isOpen(this.#ev, target);
      }
      return (
        depth < MAX_DEPTH &&
        inner.arguments.length > 0 &&
        enteredBy(this.#ev, call).some((entered) => this.#listensInside(entered, event, depth + 1))
      );
    });
  }

  /** A worker that is kept somewhere, and a listener on something that cannot be told apart from it. */
  #isHeardUnseen(event: string): boolean {
    const { module, node } = this.#worker.at;
    if (!leaves(module, node)) return false;
    return this.#all.some((other) =>
      this.#listening(other, event).some((call) => {
        const receiver = receiverOf(call);
        if (isParameterOfCalled(other, receiver)) return false;
        return isOpen(this.#ev, this.#ev.evaluate(here(other, receiver)));
      }),
    );
  }

  #isHeardInClass(owner: Ref<ClassNode>, event: string, depth = 0): boolean {
    const { module, node } = owner;
    const ofClass = this.#project.index
      .listenersOf(module)
      .some((listener) => listener.at.node.parent?.parent === node && (listener.event ?? event) === event);
    if (ofClass) return true;
    if (depth === 0 && this.#isHeardOfHosts(event)) return true;
    // `this.worker.on('failed', ...)`
    const onField = this.#listening(module, event).some((call) => {
      const receiver = receiverOf(call);
      return isWorkerField(receiver) && isWithin(receiver, node);
    });
    if (onField) return true;
    if (!node.superClass || depth > MAX_DEPTH) return false;
    const base = this.#ev.evaluate(here(module, node.superClass));
    if (base.kind === 'class') return this.#isHeardInClass(base.at, event, depth + 1);
    const { dialect } = this.#worker;
    return !(
      base.kind === 'external' &&
      dialect.packages.some((name) => base.path === `${name}:.${dialect.nest?.workerHost ?? ''}`)
    );
  }

  /** `host.worker.on('failed', ...)`, as code that visits all processors does. */
  #isHeardOfHosts(event: string): boolean {
    return this.#all.some((module) =>
      this.#listening(module, event).some((call) => {
        const receiver = receiverOf(call);
        return (
          isWorkerField(receiver) &&
          unwrap((receiver as TSESTree.MemberExpression).object).type !== 'ThisExpression'
        );
      }),
    );
  }

  /** The calls of a module that can add a listener for an event. */
  #listening(module: SourceModule, event: string): TSESTree.CallExpression[] {
    return module
      .nodes('CallExpression')
      .filter((call) => looksLikeListening(call) && this.#canBeEvent(here(module, call), event));
  }

  #canBeEvent(call: Ref, event: string): boolean {
    const [first] = (call.node as TSESTree.CallExpression).arguments;
    if (!first) return false;
    if (first.type === 'Literal') return first.value === event;
    return membersOf(this.#ev.evaluate(beside(call, first))).some(
      (member) => (stringOf(member) ?? event) === event,
    );
  }
}

const MAX_DEPTH = 4;
/** What only keeps its argument. */
const COLLECTING = /^(?:push|unshift|add|set|concat)$/;

function canBe(name: string | undefined, other: string | undefined): boolean {
  return name === undefined || other === undefined || name === other;
}

/** Whether a listener's target is a parameter of a function that is called by name: each call of it is looked at. */
function isParameterOfCalled(module: SourceModule, receiver: Node): boolean {
  if (receiver.type !== 'Identifier') return false;
  const [definition] = module.variableOf(receiver)?.defs ?? [];
  if ((definition?.type as string | undefined) !== 'Parameter') return false;
  const fn = definition?.node as FunctionNode;
  const name = fn.id ?? (fn.parent.type === 'VariableDeclarator' ? fn.parent.id : undefined);
  if (fn.parent.type === 'MethodDefinition')
    return !new RegExp(`\\.${keyName(fn.parent) ?? ''}\\b(?!\\s*\\()`).test(module.text);
  const uses = name ? module.variableOf(name)?.references : undefined;
  if (!uses) return false;
  return !uses.some(({ identifier }) => {
    const parent = (identifier as Node).parent;
    return parent?.type === 'CallExpression' && parent.callee !== identifier;
  });
}

/** `this.worker`, `host.worker` */
function isWorkerField(receiver: Node): boolean {
  return receiver.type === 'MemberExpression' && keyName(receiver) === 'worker';
}

function isWithin(inner: Node, outer: Node): boolean {
  return (
    enclosingFunction(inner) !== undefined &&
    inner.range[0] >= outer.range[0] &&
    inner.range[1] <= outer.range[1]
  );
}
