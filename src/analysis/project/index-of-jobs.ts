/**
 * The job system of the whole project: what no import path of the linted file leads to. Built when first asked
 * for, from the files that name a queue library alone.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { handlersIn, type Handler } from '../handlers/handlers.ts';
import { ModuleFacts } from '../jobs/facts.ts';
import { listenersIn, type Listener } from '../jobs/listeners.ts';
import {
  annotatedProcessor,
  handedOn,
  nestProcessors,
  nestWorker,
  processorFunctions,
  readWorker,
  sandboxFile,
  sandboxFunction,
  type Processor,
  type WorkerDefinition,
} from '../jobs/workers.ts';
import { enter } from '../calls/callees.ts';
import type { SourceModule } from '../source/module.ts';
import { enclosingFunction, type ClassNode, type FunctionNode, type Node } from '../source/nodes.ts';
import { argumentRefs } from '../values/calls.ts';
import { beside, here } from '../values/evaluation.ts';
import { membersOf, stringOf, type Frame, type FunctionValue, type Ref } from '../values/value.ts';
import { frameOf } from '../values/names.ts';
import { dependsOnParameter } from '../values/trace.ts';
import { NestDefaults } from './nest-defaults.ts';
import type { Project } from './project.ts';

export class ProjectIndex {
  readonly #project: Project;
  readonly #facts = new WeakMap<SourceModule, ModuleFacts>();
  #modules: readonly SourceModule[] | undefined;
  #processors: Map<string, Processor[]> | undefined;
  #listeners: Map<string, Listener[]> | undefined;
  readonly #listenersOf = new WeakMap<SourceModule, readonly Listener[]>();
  #nestDefaults: NestDefaults | undefined;
  #workers: readonly WorkerDefinition[] | undefined;
  readonly #handlers = new Map<string, readonly Handler[]>();

  constructor(project: Project) {
    this.#project = project;
  }

  /** The modules that name a queue library. */
  get modules(): readonly SourceModule[] {
    this.#modules ??= this.#project.catalog.marked('jobs').flatMap((file) => this.#project.load(file) ?? []);
    return this.#modules;
  }

  factsOf(module: SourceModule): ModuleFacts {
    let facts = this.#facts.get(module);
    if (!facts) {
      facts = new ModuleFacts(this.#project.ev, module);
      this.#facts.set(module, facts);
    }
    return facts;
  }

  get nestDefaults(): NestDefaults {
    this.#nestDefaults ??= new NestDefaults(
      this.#project.ev,
      this.modules.flatMap((module) => this.factsOf(module).registrations),
    );
    return this.#nestDefaults;
  }

  /**
   * The workers of the project, those that Nest makes as well. One that a helper such as `createWorker(name, options)`
   * makes is there as each call of the helper makes it.
   */
  get workers(): readonly WorkerDefinition[] {
    return (this.#workers ??= this.modules.flatMap((module) => {
      const { workers, processorClasses } = this.factsOf(module);
      return [
        ...workers.flatMap((worker) => this.#asCalled(worker)),
        ...processorClasses.flatMap((owner) => nestWorker(this.#project.ev, owner) ?? []),
      ];
    }));
  }

  /** Processors whose function is in a file, whichever file gives it to a worker. */
  processorsIn(file: string): readonly Processor[] {
    this.#processors ??= this.#collectProcessors();
    return this.#processors.get(file) ?? [];
  }

  /** Listeners whose function is in a file, whichever file adds it. */
  listenersIn(file: string): readonly Listener[] {
    this.#listeners ??= this.#collectListeners();
    return this.#listeners.get(file) ?? [];
  }

  /** The listeners that a module adds. */
  listenersOf(module: SourceModule): readonly Listener[] {
    let listeners = this.#listenersOf.get(module);
    if (!listeners) {
      listeners = listenersIn(this.#project.ev, module);
      this.#listenersOf.set(module, listeners);
    }
    return listeners;
  }

  #collectListeners(): Map<string, Listener[]> {
    const byFile = new Map<string, Listener[]>();
    for (const module of this.modules)
      for (const listener of this.listenersOf(module))
        for (const file of new Set(listener.functions.map((fn) => fn.at.module.path)))
          byFile.set(file, [...(byFile.get(file) ?? []), listener]);
    return byFile;
  }

  /** Handlers of a file that other files register. */
  handlersIn(file: string): readonly Handler[] {
    let handlers = this.#handlers.get(file);
    if (!handlers) {
      const { catalog } = this.#project;
      handlers = catalog
        .usersOf(file, 'reexports')
        .filter((importer) => catalog.isMarked(importer, 'handlers'))
        .flatMap((importer) => this.handlersOf(importer))
        .filter((handler) => handler.fn.at.module.path === file);
      this.#handlers.set(file, handlers);
    }
    return handlers;
  }

  readonly #registered = new Map<string, readonly Handler[]>();

  /** Handlers that a file registers, declares or exports; some are of other files. */
  handlersOf(file: string): readonly Handler[] {
    let handlers = this.#registered.get(file);
    if (!handlers) {
      const module = this.#project.load(file);
      handlers = module ? handlersIn(this.#project.ev, module, this.#project.pathOf(file)) : [];
      this.#registered.set(file, handlers);
    }
    return handlers;
  }

  #collectProcessors(): Map<string, Processor[]> {
    const byFile = new Map<string, Processor[]>();
    const add = (processor: Processor): void => {
      const file = processor.fn.at.module.path;
      const list = byFile.get(file);
      if (list) list.push(processor);
      else byFile.set(file, [processor]);
    };
    const { ev } = this.#project;
    for (const module of this.modules) {
      for (const processor of this.workerProcessors(module)) add(processor);
      for (const owner of this.factsOf(module).processorClasses)
        for (const processor of nestProcessors(ev, owner)) add(processor);
    }
    return byFile;
  }

  /** The processors in a module of another file than the linted one. */
  processorsOf(module: SourceModule): Processor[] {
    const { ev } = this.#project;
    const annotated = (
      ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'] as const
    ).flatMap((type) =>
      module
        .nodes(type)
        .flatMap((node) => (node.params.length > 0 ? (annotatedProcessor(ev, module, node) ?? []) : [])),
    );
    return [
      ...this.workerProcessors(module),
      ...this.factsOf(module).processorClasses.flatMap((owner) => nestProcessors(ev, owner)),
      ...annotated,
    ];
  }

  /** The functions that a module's workers run, through helpers such as `createWorker(name, processor)` as well. */
  workerProcessors(module: SourceModule): Processor[] {
    const { ev } = this.#project;
    const found: Processor[] = [];
    for (const worker of this.factsOf(module).workers) {
      const argument = worker.processor;
      if (!argument) continue;
      const queueName = worker.name && stringOf(worker.name);
      const add = (fn: FunctionValue): void => {
        found.push({
          fn,
          dialect: worker.dialect,
          by: 'worker',
          sandboxed: false,
          queueName,
          definition: worker.at,
        });
      };
      for (const ref of [argument, ...this.#argumentsFor(argument)])
        for (const fn of processorFunctions(ev, ref)) {
          const handed = this.#handedTo(fn);
          // What it was given is told where that is written, not once more by the function that calls it.
          add(handed.length > 0 ? { ...fn, at: { ...fn.at, frame: undefined } } : fn);
          handed.forEach(add);
        }
      const file = sandboxFile(ev, argument);
      const target = file === undefined ? undefined : this.#project.load(file);
      const fn = target && sandboxFunction(ev, target);
      if (fn)
        found.push({
          fn,
          dialect: worker.dialect,
          by: 'sandbox',
          sandboxed: true,
          queueName,
          definition: worker.at,
        });
    }
    return found;
  }

  /** The functions to which a processor hands its job, where the function around it is given them. */
  #handedTo(fn: FunctionValue): FunctionValue[] {
    const { ev } = this.#project;
    const { module, frame } = fn.at;
    const given = handedOn(fn).flatMap(({ callee, owner }) => {
      const frames = frameOf(frame, owner) ? [frame] : this.#framesOf(module, owner);
      return frames.flatMap((entered) => processorFunctions(ev, here(module, callee, entered)));
    });
    return given.filter(({ at }, index) => given.findIndex((one) => one.at.node === at.node) === index);
  }

  /** A worker as the calls of the function around it make it, when its name or options are left to them. */
  #asCalled(worker: WorkerDefinition): WorkerDefinition[] {
    const { ev } = this.#project;
    const at = worker.at as Parameters<typeof readWorker>[1];
    if (worker.dialect.processMethod) return [worker];
    const [name, , options] = at.node.arguments;
    const isLeft = [name, options].some((node) => node && dependsOnParameter(ev, beside(at, node)));
    if (!isLeft) return [worker];
    const called = this.#framesAround(at).flatMap((frame) => readWorker(ev, { ...at, frame }) ?? []);
    return called.length > 0 ? called : [worker];
  }

  /**
   * Where the processor is a parameter of the function around `new Worker`: the same expression as seen from each
   * call of that function.
   */
  #argumentsFor(argument: Ref): Ref[] {
    if (!dependsOnParameter(this.#project.ev, argument)) return [];
    return this.#framesAround(argument).map((frame) => ({ ...argument, frame }));
  }

  /** An expression that its function's parameters decide, as each call of the function sees it. */
  asCalled(ref: Ref): Ref[] {
    const called = this.#argumentsFor(ref);
    return called.length > 0 ? called : [ref];
  }

  /** A construction whose arguments are left to the calls of the function around it, as each of them makes it. */
  constructionsAsCalled(at: Ref): Ref[] {
    const given =
      at.node.type === 'NewExpression' || at.node.type === 'CallExpression' ? at.node.arguments : [];
    const { ev } = this.#project;
    return given.some((argument) => dependsOnParameter(ev, beside<Node>(at, argument)))
      ? this.#framesAround(at).map((frame) => ({ ...at, frame }))
      : [];
  }

  /** What the calls of the function around a place give to it. */
  #framesAround({ module, node }: Ref): (Frame | undefined)[] {
    const around = enclosingFunction(node);
    return around ? this.#framesOf(module, around) : [];
  }

  /** What the calls of a function give to it. */
  #framesOf({ path: origin }: SourceModule, around: FunctionNode): (Frame | undefined)[] {
    const { ev } = this.#project;
    const files = [origin, ...this.#project.usersOf(origin)];
    const frames: (Frame | undefined)[] = [];
    for (const file of files.slice(0, MAX_CALLERS)) {
      const module = this.#project.load(file);
      for (const call of [
        ...(module?.nodes('CallExpression') ?? []),
        ...(module?.nodes('NewExpression') ?? []),
      ]) {
        if (!module) continue;
        const at = here(module, call) as Ref<typeof call>;
        for (const callee of membersOf(ev.evaluate(here(module, call.callee)))) {
          const made =
            callee.kind === 'class' && call.type === 'NewExpression'
              ? callee
              : callee.kind === 'instance' && call.callee.type === 'Super'
                ? callee.class
                : undefined;
          const entered =
            callee.kind === 'function' && callee.at.module.path === origin && isSame(callee.at.node, around)
              ? callee
              : made && constructorOf(ev, made.at, around);
          if (!entered) continue;
          const { frame } = enter(entered, argumentRefs(at), at);
          frames.push(frame && { ...frame, fn: around });
        }
      }
    }
    return frames;
  }
}

const MAX_CALLERS = 60;

/** Whether two functions of a file are one: the linted file has a tree of its own, beside that which others see. */
function isSame(one: Node, other: Node): boolean {
  return one === other || (one.range[0] === other.range[0] && one.range[1] === other.range[1]);
}

/** The constructor that runs for a class, its own or inherited, where it is the function asked about. */
function constructorOf(
  ev: Project['ev'],
  owner: Ref<ClassNode>,
  around: FunctionNode,
  depth = 0,
): FunctionValue | undefined {
  const { module, node } = owner;
  const ctor = node.body.body.find(
    (member): member is TSESTree.MethodDefinition =>
      member.type === 'MethodDefinition' && member.kind === 'constructor',
  );
  if (ctor) {
    const fn = isSame(ctor.value, around) ? ev.evaluate(here(module, ctor.value)) : undefined;
    return fn?.kind === 'function' ? fn : undefined;
  }
  // Classes can extend each other in broken code.
  const base = node.superClass && depth < 8 ? ev.evaluate(here(module, node.superClass)) : undefined;
  return base?.kind === 'class' ? constructorOf(ev, base.at, around, depth + 1) : undefined;
}
