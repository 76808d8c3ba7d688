/**
 * The job facts of one module, found once: queues, workers, enqueues, Nest classes and registrations.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { isClass, keyName, type ClassNode } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import { readConstruction, type Construction } from './constructions.ts';
import { classRole, nestDialects } from './dialects/index.ts';
import { looksLikeEnqueue, readEnqueue, type Enqueue } from './enqueues.ts';
import { libraryObject, type LibraryObject } from './recognize.ts';
import type { NestRegistration } from './registrations.ts';
import { nestDecorator, readWorker, type WorkerDefinition } from './workers.ts';

export interface QueueDefinition {
  at: Ref;
  queue: LibraryObject;
}

export interface ModuleFacts {
  queues: readonly QueueDefinition[];
  enqueues: readonly Enqueue[];
  workers: readonly WorkerDefinition[];
  processorClasses: readonly Ref<ClassNode>[];
  registrations: readonly NestRegistration[];
  /** Everything constructed of a library: queues, workers, flow producers, queue events. */
  constructions: readonly Construction[];
}

export function moduleFacts(ev: Evaluation, module: SourceModule): ModuleFacts {
  const queues: QueueDefinition[] = [];
  const workers: WorkerDefinition[] = [];
  const enqueues: Enqueue[] = [];
  const registrations: NestRegistration[] = [];
  const constructions: Construction[] = [];
  for (const node of module.nodes('NewExpression')) {
    const at = here(module, node) as Ref<TSESTree.NewExpression>;
    const construction = readConstruction(ev, at);
    if (construction) constructions.push(construction);
    const queue = constructedQueue(ev, at);
    if (queue) queues.push({ at, queue });
    const worker = readWorker(ev, at);
    if (worker) workers.push(worker);
  }
  for (const node of module.nodes('CallExpression')) {
    const at = here(module, node) as Ref<TSESTree.CallExpression>;
    if (looksLikeEnqueue(node)) {
      const enqueue = readEnqueue(ev, at);
      if (enqueue) enqueues.push(enqueue);
    }
    const construction = readConstruction(ev, at);
    if (construction) constructions.push(construction);
    const queue = constructedQueue(ev, at);
    if (queue) queues.push({ at, queue });
    if (node.callee.type === 'Super' || keyName(node.callee as TSESTree.MemberExpression) === 'process') {
      const worker = readWorker(ev, at);
      if (worker) workers.push(worker);
    }
    const registration = nestRegistration(ev, at);
    if (registration) registrations.push(registration);
  }
  const classes = [...module.nodes('ClassDeclaration'), ...module.nodes('ClassExpression')];
  const processorClasses = classes
    .map((node) => here(module, node) as Ref<ClassNode>)
    .filter((owner) => isClass(owner.node) && nestDecorator(ev, owner) !== undefined);
  return { queues, enqueues, workers, processorClasses, registrations, constructions };
}

/** `new Queue(...)`, `super(...)` in a subclass, Bull's `Queue(...)` without `new`. */
function constructedQueue(
  ev: Evaluation,
  at: Ref<TSESTree.NewExpression | TSESTree.CallExpression>,
): LibraryObject | undefined {
  const callee = at.node.callee;
  if (at.node.type === 'CallExpression' && callee.type !== 'Super' && callee.type !== 'Identifier')
    return undefined;
  if (callee.type === 'Super') {
    const base = ev.evaluate({ ...at, node: callee });
    if (base.kind !== 'external') return undefined;
    const found = libraryObject(ev, base);
    return found?.role === 'queue' ? { ...found, construction: at } : undefined;
  }
  if (at.node.type === 'CallExpression') {
    const isBull = membersOf(ev.evaluate({ ...at, node: callee })).some(
      (member) => member.kind === 'external' && classRole(member.path)?.dialect.name === 'bull',
    );
    if (!isBull) return undefined;
  }
  for (const member of membersOf(present(ev.evaluate(at)))) {
    const found = libraryObject(ev, member);
    if (found?.role === 'queue' && found.construction?.node === at.node) return found;
  }
  return undefined;
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
