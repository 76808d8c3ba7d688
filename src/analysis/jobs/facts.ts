/**
 * The job facts of one module, found once: queues, workers, enqueues, Nest classes and registrations.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { keyName, type ClassNode } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import { looksLikeConstruction, readConstruction, type Construction } from './constructions.ts';
import { nestDialects } from './dialects/index.ts';
import { looksLikeEnqueue, readEnqueue, type Enqueue } from './enqueues.ts';
import { libraryObject, type LibraryObject } from './recognize.ts';
import type { NestRegistration } from './registrations.ts';
import { nestDecorator, readWorker, type WorkerDefinition } from './workers.ts';

export interface QueueDefinition {
  at: Ref;
  queue: LibraryObject;
}

/** Each kind of fact is found on first demand: the index of a project asks for few of them in most files. */
export class ModuleFacts {
  readonly #ev: Evaluation;
  readonly #module: SourceModule;
  #constructions: readonly Construction[] | undefined;
  #queues: readonly QueueDefinition[] | undefined;
  #enqueues: readonly Enqueue[] | undefined;
  #workers: readonly WorkerDefinition[] | undefined;
  #processorClasses: readonly Ref<ClassNode>[] | undefined;
  #registrations: readonly NestRegistration[] | undefined;

  constructor(ev: Evaluation, module: SourceModule) {
    this.#ev = ev;
    this.#module = module;
  }

  /** Everything constructed of a library: queues, workers, flow producers, queue events. */
  get constructions(): readonly Construction[] {
    return (this.#constructions ??= this.#candidates().flatMap((at) => readConstruction(this.#ev, at) ?? []));
  }

  get queues(): readonly QueueDefinition[] {
    return (this.#queues ??= this.constructions.flatMap(({ at, role }) => {
      const queue = role === 'queue' ? constructedQueue(this.#ev, at) : undefined;
      return queue ? [{ at, queue }] : [];
    }));
  }

  get enqueues(): readonly Enqueue[] {
    return (this.#enqueues ??= this.#calls()
      .filter(({ node }) => looksLikeEnqueue(node))
      .flatMap((at) => readEnqueue(this.#ev, at) ?? []));
  }

  get workers(): readonly WorkerDefinition[] {
    return (this.#workers ??= [
      ...this.constructions.filter(({ role }) => role === 'worker').map(({ at }) => at),
      ...this.#calls().filter(
        ({ node: { callee } }) => callee.type === 'MemberExpression' && keyName(callee) === 'process',
      ),
    ].flatMap((at) => readWorker(this.#ev, at) ?? []));
  }

  /** Classes with Nest's `@Processor(...)`. */
  get processorClasses(): readonly Ref<ClassNode>[] {
    return (this.#processorClasses ??= [
      ...this.#module.nodes('ClassDeclaration'),
      ...this.#module.nodes('ClassExpression'),
    ]
      .map((node) => here(this.#module, node) as Ref<ClassNode>)
      .filter((owner) => nestDecorator(this.#ev, owner) !== undefined));
  }

  get registrations(): readonly NestRegistration[] {
    return (this.#registrations ??= this.#calls().flatMap((at) => nestRegistration(this.#ev, at) ?? []));
  }

  #calls(): Ref<TSESTree.CallExpression>[] {
    return this.#module
      .nodes('CallExpression')
      .map((node) => here(this.#module, node) as Ref<TSESTree.CallExpression>);
  }

  /** What can be a construction by its looks. */
  #candidates(): Ref<TSESTree.NewExpression | TSESTree.CallExpression>[] {
    return [...this.#module.nodes('NewExpression'), ...this.#module.nodes('CallExpression')]
      .filter((node) => looksLikeConstruction(this.#module, node))
      .map((node) => here(this.#module, node) as Ref<TSESTree.NewExpression | TSESTree.CallExpression>);
  }
}

/** The queue that is constructed, as other places see it. */
function constructedQueue(ev: Evaluation, at: Construction['at']): LibraryObject | undefined {
  if (at.node.callee.type === 'Super') {
    const base = ev.evaluate({ ...at, node: at.node.callee });
    const found = base.kind === 'external' ? libraryObject(ev, base) : undefined;
    return found?.role === 'queue' ? { ...found, construction: at } : undefined;
  }
  return membersOf(present(ev.evaluate(at)))
    .map((member) => libraryObject(ev, member))
    .find((found) => found?.role === 'queue' && found.construction?.node === at.node);
}

const NEST_METHODS = /^(?:forRoot|registerQueue|registerFlowProducer)(?:Async)?$/;

function nestRegistration(ev: Evaluation, at: Ref<TSESTree.CallExpression>): NestRegistration | undefined {
  const callee = at.node.callee;
  if (callee.type !== 'MemberExpression') return undefined;
  const method = keyName(callee);
  if (method === undefined || !NEST_METHODS.test(method)) return undefined;
  const owner = ev.evaluate(here(at.module, callee.object));
  if (owner.kind !== 'external') return undefined;
  for (const dialect of nestDialects())
    for (const packageName of dialect.packages)
      if (owner.path === `${packageName}:.${dialect.nest?.module ?? ''}`)
        return { call: at, method, dialect };
  return undefined;
}
