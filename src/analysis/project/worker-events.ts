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
import { membersOf, present, stringOf, type Ref, type Value } from '../values/value.ts';
import type { Project } from './project.ts';

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

  /** The worker's file, those that import from it, and all that know of jobs. */
  get #all(): readonly SourceModule[] {
    if (!this.#modules) {
      const { module } = this.#worker.at;
      const { catalog, index } = this.#project;
      const found = new Map([[module.path, module]]);
      for (const file of catalog.usersOf(module.path, 'reexports').slice(0, MAX_USERS)) {
        const user = found.has(file) ? undefined : this.#project.load(file);
        if (user) found.set(file, user);
      }
      for (const other of index.modules) if (!found.has(other.path)) found.set(other.path, other);
      this.#modules = [...found.values()];
    }
    return this.#modules;
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
            (listener.role === 'queue-events' || (isBull && listener.role === 'queue')) &&
            (listener.event?.replace(/^global:/, '') ?? event) === event &&
            canBe(this.#queueName, this.#nameOf(listener)),
        ),
    );
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
        this.#isWorker(this.#ev.evaluate(here(module, receiverOf(call)))),
      ),
    );
  }

  /** `instrument(worker)`, `new Monitor([worker])`: what the called function does with it. */
  #isHeardWherePassed(event: string): boolean {
    return this.#all.some((module) =>
      [...module.nodes('CallExpression'), ...module.nodes('NewExpression')].some((call) => {
        if (!call.arguments.some((argument) => this.#holdsWorker(here(module, argument)))) return false;
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
        return this.#isWorker(target) || isOpen(this.#ev, target);
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

  #holdsWorker(argument: Ref): boolean {
    const node = unwrap(argument.node);
    switch (node.type) {
      case 'Identifier':
      case 'MemberExpression':
      case 'NewExpression':
      case 'CallExpression':
        return this.#isWorker(this.#ev.evaluate(argument));
      case 'ArrayExpression':
        return node.elements.some((element) => element && this.#holdsWorker(beside(argument, element)));
      case 'ObjectExpression':
        return node.properties.some(
          (property) => property.type === 'Property' && this.#holdsWorker(beside(argument, property.value)),
        );
      default:
        return false;
    }
  }

  #isWorker(value: Value): boolean {
    const { at } = this.#worker;
    return membersOf(present(value)).some((member) => {
      if (member.kind === 'array') return this.#isWorker(member.element());
      const site = libraryObject(this.#ev, member)?.construction;
      if (site?.module.path !== at.module.path) return false;
      return (
        site.node === at.node ||
        site.module.text !== at.module.text ||
        site.node.range[0] === at.node.range[0]
      );
    });
  }
}

const MAX_USERS = 200;
const MAX_DEPTH = 4;
/** What only keeps its argument. */
const COLLECTING = /^(?:push|unshift|add|set|concat)$/;

function canBe(name: string | undefined, other: string | undefined): boolean {
  return name === undefined || other === undefined || name === other;
}

/** Whether a value can be any worker, as far as is known. */
function isOpen(ev: Evaluation, value: Value): boolean {
  return membersOf(present(value)).some((member) => {
    const object = libraryObject(ev, member);
    return object ? object.role === 'worker' && !object.construction : member.kind === 'unknown';
  });
}

/** Whether a worker gets to where it cannot be followed: an array, a property, a caller, other files. */
function leaves(module: SourceModule, at: Node): boolean {
  let node = at;
  for (let parent = node.parent; parent; node = parent, parent = node.parent)
    switch (parent.type) {
      case 'AwaitExpression':
      case 'ChainExpression':
      case 'TSNonNullExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        continue;
      case 'MemberExpression': {
        // `new Worker(...).on(...)` is the worker again.
        const call = parent.parent;
        if (call.type !== 'CallExpression' || call.callee !== parent || !looksLikeListening(call))
          return false;
        parent = call;
        continue;
      }
      case 'ExpressionStatement':
        return false;
      case 'VariableDeclarator': {
        if (parent.id.type !== 'Identifier') return true;
        if (parent.parent.parent.type === 'ExportNamedDeclaration') return true;
        const variable = module.variableOf(parent.id);
        return !variable || variable.references.some((use) => use.isRead() && leavesByUse(use.identifier));
      }
      default:
        return true;
    }
  return true;
}

function leavesByUse(identifier: Node): boolean {
  const { parent } = identifier;
  return !(parent?.type === 'MemberExpression' && parent.object === identifier);
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
