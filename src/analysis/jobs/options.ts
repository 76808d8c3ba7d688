/**
 * Options objects: everything in a file that tells the queue library how to behave, whatever it is given to.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { isClass, type ClassNode, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { givenRef, throughParameters } from '../values/trace.ts';
import { membersOf, stringOf, unknown, type ObjectValue, type Ref, type Value } from '../values/value.ts';
import type { Construction } from './constructions.ts';
import type { Dialect } from './dialects/index.ts';
import type { Enqueue, JobInput } from './enqueues.ts';
import type { PassedConstruction } from './factories.ts';
import type { ModuleFacts } from './facts.ts';
import { registeredOptions, type NestRegistration } from './registrations.ts';
import { nestDecorator, processorQueueName } from './workers.ts';

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
  /** For a construction inside of a function: the call that passes options to it, and those without what it passes. */
  passed?: { call: Ref<TSESTree.CallExpression | TSESTree.NewExpression>; inside: Value };
  /** For the options of a Nest registration. */
  registration?: NestRegistration;
}

/** The options that the facts of a module hold. */
export function writtenOptions(
  ev: Evaluation,
  { enqueues, constructions, registrations, processorClasses }: ModuleFacts,
): WrittenOptions[] {
  return [
    ...enqueues.flatMap((enqueue) => [...jobOptions(ev, enqueue), ...flowOptions(ev, enqueue)]),
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

/** The job defaults that a flow is given for its queues: `flow.add(tree, { queuesOptions: { mail: { ... } } })`. */
export function flowOptions(ev: Evaluation, enqueue: Enqueue): WrittenOptions[] {
  const given = enqueue.kind === 'flow' ? enqueue.call.node.arguments[1] : undefined;
  if (!given || given.type === 'SpreadElement') return [];
  const queues = ev.lookup(ev.evaluate(beside(enqueue.call, given)), 'queuesOptions');
  if (queues.state !== 'known') return [];
  return membersOf(queues.value).flatMap((member) =>
    member.kind !== 'object'
      ? []
      : member.parts.flatMap((part): WrittenOptions[] => {
          if (part.kind !== 'property') return [];
          const defaults = ev.lookup(ev.evaluate(part.value), 'defaultJobOptions');
          return defaults.state === 'known'
            ? [
                {
                  ev,
                  scope: 'job-defaults',
                  value: defaults.value,
                  dialect: enqueue.dialect,
                  at: enqueue.call,
                  enqueue,
                  queueName: part.key,
                },
              ]
            : [];
        }),
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

/** The options of a construction as a call of the function around it has them, and the job defaults inside them. */
export function passedConstructionOptions(
  ev: Evaluation,
  construction: PassedConstruction,
): WrittenOptions[] {
  const { options, call } = construction;
  if (!options) return [];
  const inside = constructionOptions(ev, { ...construction, options: { ...options, frame: undefined } });
  return constructionOptions(ev, construction).map((given) => ({
    ...given,
    passed: {
      call,
      inside: inside.find(({ scope }) => scope === given.scope)?.value ?? unknown(options),
    },
  }));
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
  const queueName = processorQueueName(ev, decorator.value);
  return [{ ev, scope: 'worker', value, dialect, at: owner, queueName }];
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

/** An expression that gives an option its value, or the value alone where no object that is written out holds it. */
export interface OptionValue {
  ref: Ref | undefined;
  value: Value;
}

/**
 * What an option can be given, through spreads and the alternatives of a conditional; `path` names it from the outside
 * to the inside, as in `['deduplication', 'id']`.
 */
export function optionValues(ev: Evaluation, options: Value, path: readonly string[]): OptionValue[] {
  const [key, ...rest] = path;
  if (key === undefined) return [{ ref: undefined, value: options }];
  return membersOf(options).flatMap((member) => {
    const given = member.kind === 'object' ? givenTo(ev, member, key) : declaredOption(ev, member, key);
    return rest.length === 0 ? given : given.flatMap(({ value }) => optionValues(ev, value, rest));
  });
}

function givenTo(ev: Evaluation, object: ObjectValue, key: string): OptionValue[] {
  const given: OptionValue[] = [];
  for (let i = object.parts.length - 1; i >= 0; i--) {
    const part = object.parts[i];
    if ((part?.kind === 'property' || part?.kind === 'write') && part.key === key) {
      if (part.kind === 'property' && part.getter) return given;
      given.push({ ref: part.value, value: ev.evaluate(part.value) });
      if (part.kind === 'property') return given;
    } else if (part?.kind === 'spread') {
      const spread = ev.evaluate(part.value);
      given.push(...optionValues(ev, spread, [key]));
      if (ev.lookup(spread, key).state === 'known') return given;
    }
  }
  return given;
}

/** An option of an object of which the type alone is known. */
function declaredOption(ev: Evaluation, options: Value, key: string): OptionValue[] {
  const found = ev.lookup(options, key);
  return found.state !== 'absent' && found.value ? [{ ref: undefined, value: found.value }] : [];
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
