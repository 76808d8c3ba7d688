/**
 * The facts about the file being linted, each found on first demand and shared by all rules.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { effectsOf, type Effect, type EffectKind, type ReachedEffect } from './effects/effect.ts';
import { handlersIn, namedHandlers } from './handlers/handlers.ts';
import type { Enqueue } from './jobs/enqueues.ts';
import type { ModuleFacts } from './jobs/facts.ts';
import { listenersIn, type Listener } from './jobs/listeners.ts';
import { jobOptions, writtenOptions, type WrittenOptions } from './jobs/options.ts';
import { passedOptions } from './jobs/passed-options.ts';
import { annotatedProcessor, nestProcessors, type Processor } from './jobs/workers.ts';
import { Wrappers } from './jobs/wrappers.ts';
import { packageVersion, type PackageVersion } from './modules/versions.ts';
import type { Project } from './project/project.ts';
import type { SourceModule } from './source/module.ts';
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

export class FileFacts {
  readonly project: Project;
  readonly module: SourceModule;
  readonly #handlerNames: readonly string[];
  #own: ModuleFacts | undefined;
  #passed: Enqueue[] | undefined;
  #processors: Processor[] | undefined;
  #handlers: Context[] | undefined;
  #options: WrittenOptions[] | undefined;
  #passedOptions: WrittenOptions[] | undefined;
  #listeners: readonly Listener[] | undefined;
  readonly #effects = new Map<EffectKind, WeakMap<Node, ReachedEffect[]>>();

  /** `handlerNames`: functions and decorators that make a function a handler, besides those of frameworks. */
  constructor(project: Project, module: SourceModule, handlerNames: readonly string[] = []) {
    this.project = project;
    this.module = module;
    this.#handlerNames = handlerNames;
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
      const wrappers = new Wrappers(this.ev, (module) => this.project.leadsTo(module.path, 'jobs'));
      this.#passed = this.module
        .nodes('CallExpression')
        .filter((call) => call.arguments.length > 0 && this.project.mayLead(this.module, call, 'jobs'))
        .flatMap((call) => wrappers.enqueuesAt(here(this.module, call) as Ref<TSESTree.CallExpression>));
    }
    return this.#passed;
  }

  /**
   * The options objects that code of this file gives to the library: to a job, to the jobs of a queue, to a queue,
   * worker, flow producer or queue events; through functions that pass them on as well.
   */
  get options(): readonly WrittenOptions[] {
    const { own, ev } = this;
    return (this.#options ??= [
      ...writtenOptions(ev, own),
      ...this.passedEnqueues.flatMap((enqueue) => jobOptions(ev, enqueue)),
    ]);
  }

  /** The options that calls of this file hand to functions which construct something with them. */
  get passedOptions(): readonly WrittenOptions[] {
    if (!this.#passedOptions) {
      const { module, project, ev } = this;
      const calls = [...module.nodes('CallExpression'), ...module.nodes('NewExpression')];
      this.#passedOptions = calls
        .filter((call) => call.arguments.length > 0 && project.mayLead(module, call, 'jobs'))
        .flatMap((call) =>
          passedOptions(ev, here(module, call) as Ref<typeof call>, (other) =>
            project.leadsTo(other.path, 'jobs') ? project.index.factsOf(other).constructions : [],
          ),
        );
    }
    return this.#passedOptions;
  }

  /** The listeners that this file adds to workers, queues, flow producers and queue events. */
  get listeners(): readonly Listener[] {
    return (this.#listeners ??= listenersIn(this.ev, this.module));
  }

  /** The version of a package that this file works with: what is installed, else what package.json allows. */
  version(packageName: string): PackageVersion | undefined {
    return packageVersion(this.project.root, this.module.path, packageName);
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

  /** The effects of a kind that running a function of this file has. */
  effects<E extends Effect>(fn: FunctionValue, kind: EffectKind<E>): readonly ReachedEffect<E>[] {
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
