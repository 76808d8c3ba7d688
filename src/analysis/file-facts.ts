/**
 * The facts about the file being linted, each found on first demand and shared by all rules.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { effectsOf, type Effect, type EffectKind, type ReachedEffect } from './effects/effect.ts';
import { transactionAround, type Around } from './effects/transactional.ts';
import { handlersIn, namedHandlers } from './handlers/handlers.ts';
import { recurringIn } from './handlers/recurring.ts';
import type { Enqueue } from './jobs/enqueues.ts';
import type { ModuleFacts } from './jobs/facts.ts';
import { passedConstructions } from './jobs/factories.ts';
import { listenersIn, type Listener } from './jobs/listeners.ts';
import {
  jobOptions,
  passedConstructionOptions,
  writtenOptions,
  flowOptions,
  type WrittenOptions,
} from './jobs/options.ts';
import { annotatedProcessor, nestProcessors, type Processor } from './jobs/workers.ts';
import { Wrappers } from './jobs/wrappers.ts';
import type { PackageVersion } from './modules/versions.ts';
import type { Project } from './project/project.ts';
import type { SourceModule } from './source/module.ts';
import { transactionsIn, type Transaction } from './transactions/transactions.ts';
import type { Evaluation } from './values/evaluation.ts';
import { here } from './values/evaluation.ts';
import type { FunctionValue, Ref } from './values/value.ts';
import type { FunctionNode, Node } from './source/nodes.ts';

/** A function with a role, in the linted file. */
export interface Context {
  fn: FunctionValue;
  /** `handler` answers a request, `processor` runs a job. */
  role: 'handler' | 'processor';
  /** The processor's facts, for a processor. */
  processor?: Processor;
}

/** A function that listens to an event, in the linted file. */
export interface Listening {
  fn: FunctionValue;
  listener: Listener;
}

export class FileFacts {
  readonly project: Project;
  readonly module: SourceModule;
  readonly #handlerNames: readonly string[];
  readonly #transactionNames: readonly string[];
  #own: ModuleFacts | undefined;
  #passed: Enqueue[] | undefined;
  #wrapped: Wrappers | undefined;
  #processors: Processor[] | undefined;
  #handlers: Context[] | undefined;
  #options: WrittenOptions[] | undefined;
  #passedOptions: WrittenOptions[] | undefined;
  #listeners: readonly Listener[] | undefined;
  #listening: readonly Listening[] | undefined;
  #recurring: readonly FunctionValue[] | undefined;
  #transactions: readonly Transaction[] | undefined;
  readonly #effects = new Map<EffectKind, WeakMap<Node, ReachedEffect[]>>();

  /**
   * `handlerNames`: functions and decorators that make a function a handler, besides those of frameworks;
   * `transactionNames`: those that run it inside a transaction, besides those of ORMs.
   */
  constructor(
    project: Project,
    module: SourceModule,
    handlerNames: readonly string[] = [],
    transactionNames: readonly string[] = [],
  ) {
    this.project = project;
    this.module = module;
    this.#handlerNames = handlerNames;
    this.#transactionNames = transactionNames;
  }

  get ev(): Evaluation {
    return this.project.ev;
  }

  /** Queues, workers, enqueues and registrations written in this file. */
  get own(): ModuleFacts {
    return (this.#own ??= this.project.index.factsOf(this.module));
  }

  /** Enqueues that calls in this file bring about through functions that pass their arguments on. */
  get passedEnqueues(): readonly Enqueue[] {
    if (!this.#passed) {
      const wrappers = this.#wrappers;
      this.#passed = this.module
        .nodes('CallExpression')
        .filter((call) => call.arguments.length > 0 && this.project.mayLead(this.module, call, 'jobs'))
        .flatMap((call) => wrappers.enqueuesAt(here(this.module, call) as Ref<TSESTree.CallExpression>));
    }
    return this.#passed;
  }

  /** An enqueue through wrappers as the outermost one makes it, whoever calls it. */
  asWritten(enqueue: Enqueue): Enqueue | undefined {
    return this.#wrappers.asWritten(enqueue);
  }

  get #wrappers(): Wrappers {
    return (this.#wrapped ??= new Wrappers(this.ev, (module) => this.project.leadsTo(module.path, 'jobs')));
  }

  /**
   * The options objects that code of this file gives to the library: to a job, to the jobs of a queue, to a queue,
   * worker, flow producer or queue events; through functions that pass them on as well.
   */
  get options(): readonly WrittenOptions[] {
    const { own, ev } = this;
    return (this.#options ??= [
      ...writtenOptions(ev, own),
      ...this.passedEnqueues.flatMap((enqueue) => [...jobOptions(ev, enqueue), ...flowOptions(ev, enqueue)]),
    ]);
  }

  /** The options that code of this file gives to constructions through functions and classes of the project. */
  get passedOptions(): readonly WrittenOptions[] {
    return (this.#passedOptions ??= [
      ...this.module.nodes('CallExpression'),
      ...this.module.nodes('NewExpression'),
    ]
      .filter((call) => call.arguments.length > 0 && this.project.mayLead(this.module, call, 'jobs'))
      .flatMap((call) =>
        passedConstructions(this.ev, here(this.module, call) as Ref<typeof call>, (module) =>
          this.project.leadsTo(module.path, 'jobs'),
        ),
      )
      .flatMap((construction) => passedConstructionOptions(this.ev, construction)));
  }

  /** The listeners that this file adds to workers, queues, flow producers and queue events. */
  get listeners(): readonly Listener[] {
    return (this.#listeners ??= listenersIn(this.ev, this.module));
  }

  /** The functions of this file that listen to events, whichever file adds them. */
  get listening(): readonly Listening[] {
    if (!this.#listening) {
      const { module, project } = this;
      const found = new Map<Node, Listening>();
      for (const listener of [...this.listeners, ...project.index.listenersIn(module.path)])
        for (const given of listener.functions) {
          const fn = this.#hereFunction(given);
          if (fn && !found.has(fn.at.node)) found.set(fn.at.node, { fn, listener });
        }
      this.#listening = [...found.values()];
    }
    return this.#listening;
  }

  /** Functions that code of this file has run again and again: on events, by timers, by a schedule. */
  get recurring(): readonly FunctionValue[] {
    return (this.#recurring ??= recurringIn(this.ev, this.module));
  }

  /** What runs inside a database transaction by code of this file. */
  get transactions(): readonly Transaction[] {
    if (!this.#transactions) {
      const names = this.#transactionNames;
      const canHave = (module: SourceModule): boolean =>
        names.length > 0 || this.project.leadsTo(module.path, 'transactions');
      this.#transactions = canHave(this.module)
        ? transactionsIn({ ev: this.ev, names, canHave }, this.module)
        : [];
    }
    return this.#transactions;
  }

  /** The database transaction that an effect happens in, or is given to happen in. */
  transactionAround(reached: ReachedEffect): Around | undefined {
    const { project, ev } = this;
    const names = this.#transactionNames;
    const canHave = (module: SourceModule): boolean =>
      names.length > 0 || project.leadsTo(module.path, 'transactions');
    return transactionAround({ ev, names, canHave }, reached);
  }

  /** The version of a package that this file works with: what is installed, else what package.json allows. */
  version(packageName: string): PackageVersion | undefined {
    return this.project.version(this.module.path, packageName);
  }

  /** The processors whose function is in this file, whoever gives it to a worker. */
  get processors(): readonly Processor[] {
    return (this.#processors ??= this.#collectProcessors());
  }

  /** The handlers whose function is in this file, whoever registers it. */
  get handlers(): readonly Context[] {
    if (!this.#handlers) {
      const { module, project, ev } = this;
      const found = new Map<Node, Context>();
      const add = (fn: FunctionValue): void => {
        if (fn.at.module === module && !found.has(fn.at.node)) found.set(fn.at.node, { fn, role: 'handler' });
      };
      for (const handler of handlersIn(ev, module, project.pathOf(module.path))) add(handler.fn);
      for (const fn of namedHandlers(ev, module, this.#handlerNames)) add(fn);
      for (const handler of project.index.handlersIn(module.path)) {
        const fn = this.#hereFunction(handler.fn);
        if (fn) add(fn);
      }
      this.#handlers = [...found.values()];
    }
    return this.#handlers;
  }

  /** The effects of a kind that running a function has, or (`part`) only these nodes of it. */
  effects<E extends Effect>(
    fn: FunctionValue,
    kind: EffectKind<E>,
    part?: readonly Node[],
  ): readonly ReachedEffect<E>[] {
    if (part) return effectsOf(this.ev, fn, kind, this.project, this.project.effects, part);
    let byFunction = this.#effects.get(kind);
    if (!byFunction) {
      byFunction = new WeakMap();
      this.#effects.set(kind, byFunction);
    }
    let effects = byFunction.get(fn.at.node);
    if (!effects) {
      const canHave = kind.mark === undefined || this.project.leadsTo(this.module.path, kind.mark);
      effects = canHave ? effectsOf(this.ev, fn, kind, this.project, this.project.effects) : [];
      byFunction.set(fn.at.node, effects);
    }
    return effects as ReachedEffect<E>[];
  }

  #collectProcessors(): Processor[] {
    const { module, project, ev } = this;
    const found = new Map<Node, Processor>();
    const add = (processor: Processor): void => {
      if (processor.fn.at.module === module && !found.has(processor.fn.at.node))
        found.set(processor.fn.at.node, processor);
    };
    for (const processor of project.index.workerProcessors(module)) add(processor);
    for (const owner of this.own.processorClasses)
      for (const processor of nestProcessors(ev, owner)) add(processor);
    for (const processor of project.index.processorsIn(module.path)) {
      const fn = this.#hereFunction(processor.fn);
      if (fn) add({ ...processor, fn });
    }
    for (const type of ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'] as const)
      for (const node of module.nodes(type)) {
        const processor = node.params.length > 0 ? annotatedProcessor(ev, module, node) : undefined;
        if (processor) add(processor);
      }
    return [...found.values()];
  }

  /** A function of this file that was found in the file as it is on the disk, as the linter sees it. */
  #hereFunction(fn: FunctionValue): FunctionValue | undefined {
    if (fn.at.module === this.module) return fn;
    if (fn.at.module.path !== this.module.path || fn.at.module.text !== this.module.text) return undefined;
    const candidates: readonly FunctionNode[] = this.module.nodes(fn.at.node.type);
    const node = candidates.find((candidate) => candidate.range[0] === fn.at.node.range[0]);
    const value = node && this.ev.evaluate(here(this.module, node));
    return value?.kind === 'function' ? { ...value, thisValue: fn.thisValue } : undefined;
  }
}
