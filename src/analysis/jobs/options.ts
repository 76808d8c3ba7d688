/**
 * Options objects: everything in a file that tells the queue library how to behave, whatever it is given to.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { isClass, type ClassNode, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { givenRef, throughParameters } from '../values/trace.ts';
import { membersOf, stringOf, type Ref, type Value } from '../values/value.ts';
import type { Construction } from './constructions.ts';
import type { Dialect } from './dialects/index.ts';
import type { Enqueue, JobInput } from './enqueues.ts';
import type { ModuleFacts } from './facts.ts';
import { registeredOptions, type NestRegistration } from './registrations.ts';
import { decoratorName, nestDecorator } from './workers.ts';

/**
 * What options are for: one job; all jobs of a queue (`defaultJobOptions`); a queue, worker, flow producer or queue
 * events as a whole.
 */
export type OptionsScope = 'job' | 'job-defaults' | 'queue' | 'worker' | 'flow' | 'queue-events';

export interface WrittenOptions {
  ev: Evaluation;
  scope: OptionsScope;
  value: Value;
  dialect: Dialect;
  /** What is given the options: the enqueue's call, the construction, the registration, the decorated class. */
  at: Ref;
  /** The queue's name, where it is known, for the options of a queue, worker or queue events. */
  queueName?: string | undefined;
  /** For the options of a job. */
  enqueue?: Enqueue;
  job?: JobInput;
  /** The call that gives them to the function around the construction. */
  via?: Ref<TSESTree.CallExpression | TSESTree.NewExpression>;
  /** For the options of a Nest registration. */
  registration?: NestRegistration;
}

/** The options that the facts of a module hold. */
export function writtenOptions(
  ev: Evaluation,
  { enqueues, constructions, registrations, processorClasses }: ModuleFacts,
): WrittenOptions[] {
  return [
    ...enqueues.flatMap((enqueue) => jobOptions(ev, enqueue)),
    ...constructions.flatMap((construction) => constructionOptions(ev, construction)),
    ...registrations.flatMap((registration) => registrationOptions(ev, registration)),
    ...processorClasses.flatMap((owner) => processorOptions(ev, owner)),
  ];
}

/** The options of a job, where it is given any. */
export function jobOptions(ev: Evaluation, enqueue: Enqueue): WrittenOptions[] {
  return enqueue.jobs.flatMap((job): WrittenOptions[] =>
    job.options
      ? [
          {
            ev,
            scope: 'job',
            value: ev.evaluate(job.options),
            dialect: enqueue.dialect,
            at: enqueue.call,
            enqueue,
            job,
          },
        ]
      : [],
  );
}

/** The options of a construction, and the job defaults inside them. */
export function constructionOptions(ev: Evaluation, construction: Construction): WrittenOptions[] {
  const { options, role: scope, dialect, at } = construction;
  if (!options) return [];
  const [name] = at.node.arguments;
  const queueName = name && scope !== 'flow' ? stringOf(ev.evaluate(beside(at, name))) : undefined;
  return withDefaults({ ev, scope, value: ev.evaluate(options), dialect, at, queueName });
}

/** The options of `BullModule.registerQueue(...)`, `forRoot(...)` and their like, directly or from a factory. */
function registrationOptions(ev: Evaluation, registration: NestRegistration): WrittenOptions[] {
  const { call, method, dialect } = registration;
  const scope = method.startsWith('registerFlowProducer') ? 'flow' : 'queue';
  return registeredOptions(ev, registration).flatMap(({ name: queueName, value: given }) =>
    membersOf(given)
      .filter((value) => value.kind === 'object')
      .flatMap((value) => withDefaults({ ev, scope, value, dialect, at: call, queueName, registration })),
  );
}

/** The worker options of `@Processor('mail', { concurrency: 5 })`. */
export function processorOptions(ev: Evaluation, owner: Ref<ClassNode>): WrittenOptions[] {
  const decorator = nestDecorator(ev, owner);
  const site = decorator?.value.site;
  if (!decorator || site?.node.type !== 'CallExpression') return [];
  const { dialect } = decorator;
  const given = site.node.arguments[1];
  if (!given) return [];
  const value = ev.evaluate(beside(site, given));
  return [{ ev, scope: 'worker', value, dialect, at: owner, queueName: decoratorName(ev, decorator.value) }];
}

function withDefaults(options: WrittenOptions): WrittenOptions[] {
  const defaults =
    options.scope === 'queue' ? options.ev.lookup(options.value, 'defaultJobOptions') : undefined;
  return defaults?.state === 'known'
    ? [options, { ...options, scope: 'job-defaults', value: defaults.value }]
    : [options];
}

/** The expression of an option, where the object that holds it, or is spread into it, is written out. */
export function optionRef(options: WrittenOptions, key: string): Ref | undefined {
  return givenRef(options.ev, options.value, key);
}

/**
 * The node of the linted file to point at for an option: its value where that is written here, else the call or
 * construction that is given the options (the outermost, when a wrapper passes them on).
 */
export function optionPlace(module: SourceModule, options: WrittenOptions, key: string): Node {
  const ref = optionRef(options, key);
  if (ref?.module === module) return ref.node;
  const outermost = options.enqueue?.via[0] ?? options.at;
  return isClass(outermost.node) ? (outermost.node.id ?? outermost.node) : outermost.node;
}

/** Where a call gives an option that it passes on; `undefined` where the function it calls decides by itself. */
export function passedPlace(module: SourceModule, options: WrittenOptions, key: string): Node | undefined {
  const ref = optionRef(options, key);
  const given = ref && throughParameters(options.ev, ref);
  return given?.module === module ? given.node : undefined;
}
